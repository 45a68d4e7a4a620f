import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { HubAnswer } from '../support/hub.js';
import { FOUND, InquiryDesk } from '../support/inquiry-desk.js';
import { world, worldId } from '../support/world.js';
import { ReturnStory, type Held } from './returns-story.js';

/** The document that a step rests on, in the ledgers that settlement is not: every transition keeps who, when and which document. */

let story: ReturnStory;
beforeAll(async () => {
  story = await ReturnStory.start();
});
beforeEach(() => story.at('2026-11-20T10:00:00+08:00'));
afterAll(() => story.hub.stop());

const DESTINATION = 'station-120000';
const ORIGIN = 'station-320281';
const COUNTY = 'civil-320281';
const NOW = '2026-11-20T10:00:00+08:00';
const NOTICE_NO = (): string => `津救返字〔2026〕${randomUUID().slice(0, 8)}号`;
const document = (documentNo: string | null, documentDate: string | null): object => ({ documentNo, documentDate });
const NONE = document(null, null);
const FORM = document('津澄交接单第12号', '2026-11-19');

describe('returns', () => {
  const STEPS = 'transitions { from to at agency { code } reason documentNo documentDate }';
  const documents = async (agency: string, held: Held, asking: Parameters<ReturnStory['see']>[3] = {}): Promise<unknown> => (await story.see(agency, held, 'transitions { to documentNo documentDate }', asking))?.['transitions'];
  const fieldOf = ({ errors }: HubAnswer<unknown>): unknown => [errors[0]?.extensions.code, errors[0]?.extensions.field];

  test('every transition keeps who, when and which document: a notice itself, a reception its handover form; whoever supervises sees the steps and not the documents', async () => {
    const noticeNo = NOTICE_NO();
    const held = await story.send({}, { noticeNo });
    await story.take('acknowledgeReturn', ORIGIN, held, { note: '已核对', ...document('澄救复〔2026〕3号', '2026-11-20') });
    await story.take('receiveReturnee', ORIGIN, held, { receivedOn: '2026-11-19', ...FORM });
    await story.take('confirmHome', ORIGIN, held);
    const step = (from: string | null, to: string, code: string, reason: string | null = null): object => ({ from, to, at: NOW, agency: { code }, reason });
    const taken = [step(null, 'SENT', DESTINATION), step('SENT', 'ACKNOWLEDGED', ORIGIN, '已核对'), step('ACKNOWLEDGED', 'RECEIVED', ORIGIN), step('RECEIVED', 'AT_HOME', ORIGIN)];
    const kept = [document(noticeNo, '2026-11-18'), document('澄救复〔2026〕3号', '2026-11-20'), FORM, NONE];
    for (const agency of [DESTINATION, ORIGIN, COUNTY]) expect({ agency, seen: await story.see(agency, held, STEPS) }).toEqual({ agency, seen: { transitions: taken.map((one, index) => ({ ...one, ...kept[index] })) } });
    for (const agency of ['civil-320200', 'civil-120000']) expect({ agency, seen: await story.see(agency, held, STEPS, { purpose: 'SUPERVISION' }) }).toEqual({ agency, seen: { transitions: taken.map((one) => ({ ...one, reason: null, ...NONE })) } });
  });

  test('a sending rests on the notice unless another document is named: as a notice, from a draft, and rerouted', async () => {
    const [noticeNo, other] = [NOTICE_NO(), document('津民函〔2026〕5号', '2026-11-19')];
    const notice = document(noticeNo, '2026-11-18');
    expect(await documents(DESTINATION, await story.send({}, { noticeNo: NOTICE_NO(), ...other }))).toEqual([{ to: 'SENT', ...other }]);
    const drafted = await story.send({}, { noticeNo }, DESTINATION, 'draftReturnNotice');
    await story.take('sendReturnDraft', DESTINATION, drafted);
    await story.take('disputeReturn', ORIGIN, drafted, { code: 'WRONG_DIVISION', documentNo: '澄救异〔2026〕1号' });
    await story.take('rerouteReturn', DESTINATION, drafted, { originDivision: '341523' });
    expect(await documents(DESTINATION, drafted)).toEqual([{ to: 'DRAFT', ...NONE }, { to: 'SENT', ...notice }, { to: 'DISPUTED', ...document('澄救异〔2026〕1号', null) }, { to: 'SENT', ...notice }]);
    const second = await story.send({}, {}, DESTINATION, 'draftReturnNotice');
    await story.take('sendReturnDraft', DESTINATION, second, other);
    expect(await documents(DESTINATION, second)).toEqual([{ to: 'DRAFT', ...NONE }, { to: 'SENT', ...other }]);
  });

  test('a corrected notice leaves the documents of the steps as they were, and the correction has its own', async () => {
    const noticeNo = NOTICE_NO();
    const held = await story.send({}, { noticeNo });
    const input = { id: held.id, expectedVersion: held.version, noticeNo: NOTICE_NO(), reason: '函号误写', ...document('津救更〔2026〕2号', '2026-11-20') };
    const { errors } = await story.hub.ask(DESTINATION, { purpose: 'RETURN', key: randomUUID() }, 'mutation ($input: CorrectReturnInput!) { correctReturn(input: $input) { returnCase { id } } }', { input });
    expect(errors).toEqual([]);
    expect(await documents(ORIGIN, held)).toEqual([{ to: 'SENT', ...document(noticeNo, '2026-11-18') }, { to: 'SENT', ...document('津救更〔2026〕2号', '2026-11-20') }]);
  });

  test.each([
    ['a number of more than 100 characters', { documentNo: '函'.repeat(101) }, 'input.documentNo'],
    ['of tomorrow', { documentDate: '2026-11-21' }, 'input.documentDate'],
    ['of before the person entered', { documentDate: '2026-11-09' }, 'input.documentDate'],
  ])('a document %s is refused, naming the input, and nothing is kept', async (_, more, field) => {
    const held = await story.send();
    expect(fieldOf(await story.try('acknowledgeReturn', ORIGIN, held, more))).toEqual(['BAD_USER_INPUT', field]);
    expect(await story.stateOf(held)).toBe('SENT');
    const sending = story.hub.ask(DESTINATION, { purpose: 'RETURN', key: randomUUID() }, 'mutation ($input: SendReturnNoticeInput!) { sendReturnNotice(input: $input) { returnCase { id } } }', {
      input: { subject: { name: '某乙' }, noticeNo: NOTICE_NO(), noticeDate: '2026-11-18', entryDate: '2026-11-10', leaveDate: '2026-11-17', returnMode: 'SELF', originDivision: '320281', ...more },
    });
    expect(fieldOf(await sending)).toEqual(['BAD_USER_INPUT', field]);
  });

  test('whoever is referred to names its own document, reads none, and learns from no refusal when the person entered', async () => {
    const [township, answer] = ['township-320281100', document('璜政复〔2025〕1号', '2025-01-02')];
    const held = await story.send();
    for (const [operation, more] of [['acknowledgeReturn', {}], ['confirmHome', {}], ['recordHomeCheck', { checkedOn: '2026-11-19', difficulties: ['LIVELIHOOD'] }]] as const) await story.take(operation, ORIGIN, held, more);
    await story.take('referForAid', ORIGIN, held, { referrals: [{ addressee: township, helpAsked: ['SUBSISTENCE_ALLOWANCE'] }], ...document('澄救转〔2026〕1号', '2026-11-20') });
    const [referral] = await story.owner<{ no: string; version: number }>('SELECT referral_no AS no, version FROM guitu.return_referrals WHERE case_id = $1', [held.id.slice(3)]);
    await story.take('answerReferral', township, held, { referralNo: referral?.no, expectedVersion: referral?.version, measures: ['NONE'], ...answer });
    expect(await documents(township, held)).toEqual(['SENT', 'ACKNOWLEDGED', 'AT_HOME', 'HOME_CHECKED', 'REFERRED', 'AIDED'].map((to) => ({ to, ...NONE })));
    expect(await documents(ORIGIN, held)).toEqual(expect.arrayContaining([{ to: 'REFERRED', ...document('澄救转〔2026〕1号', '2026-11-20') }, { to: 'AIDED', ...answer }]));
  });

  test('whoever does not read the number of the notice does not read it as a document: an escort, and whoever coordinates under the number of another case', async () => {
    const noticeNo = NOTICE_NO();
    const escorted = await story.send({}, { noticeNo, returnMode: 'ESCORTED', escortAgency: 'station-320200', fitToTravel: true });
    expect(await story.see('station-320200', escorted, 'caseNo noticeNo transitions { to documentNo }')).toEqual({ caseNo: escorted.caseNo, noticeNo: null, transitions: null });
    const refused = await story.refused({}, { noticeNo: NOTICE_NO() });
    await story.take('reportRefusalUp', DESTINATION, refused);
    const fields = 'caseNo noticeNo transitions { to documentNo documentDate }';
    expect(await story.see('civil-120000', refused, fields, { purpose: 'COORDINATION', matter: 'GT-00000-00000' })).toEqual({ caseNo: refused.caseNo, noticeNo: null, transitions: null });
    expect(await story.see('civil-120000', refused, fields, { purpose: 'COORDINATION', matter: refused.caseNo })).toMatchObject({ transitions: [{ to: 'SENT', documentDate: '2026-11-18' }, { to: 'REFUSED' }, { to: 'COORDINATING' }] });
  });

  test('of a child, the origin reads documents through its officer for minors alone', async () => {
    const noticeNo = NOTICE_NO();
    const held = await story.send({ birthDate: '2012-05-05' }, { noticeNo, guardianAssessedOn: '2026-11-17' });
    await story.take('acknowledgeReturn', ORIGIN, held, { documentNo: '澄救复〔2026〕9号' });
    const kept = [{ to: 'SENT', ...document(noticeNo, '2026-11-18') }, { to: 'ACKNOWLEDGED', ...document('澄救复〔2026〕9号', null) }];
    expect(await documents(ORIGIN, held)).toEqual(kept.map(({ to }) => ({ to, ...NONE })));
    expect(await documents(ORIGIN, held, { roles: ['CLERK', 'MINORS_OFFICER'] })).toEqual(kept);
    expect(await documents(DESTINATION, held)).toEqual(kept);
  });

  test('of a protected person, once confirmed, the author reads neither the steps of the other side nor their documents', async () => {
    const held = await story.send();
    await story.take('acknowledgeReturn', ORIGIN, held, { documentNo: '澄救复〔2026〕8号' });
    await story.owner("INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) SELECT c.person_id, a.id, a.division, '2026-11-20', '保护令' FROM guitu.return_cases c, guitu.agencies a WHERE c.id = $1 AND a.code = $2", [held.id.slice(3), ORIGIN]);
    expect(await documents(ORIGIN, held)).toMatchObject([{ to: 'SENT' }, { to: 'ACKNOWLEDGED', documentNo: '澄救复〔2026〕8号' }]);
    expect(await story.see(DESTINATION, held, 'caseNo transitions { to documentNo documentDate }')).toEqual({ caseNo: held.caseNo, transitions: null });
  });
});

describe('the at-risk registry', () => {
  const TOWNSHIP = 'township-320281104';
  const TRANSITIONS = 'transitions { from to at agency { code } reason documentNo documentDate }';
  type Entry = { id: string; version: number } & Record<string, unknown>;
  const write = async (agency: string, operation: string, type: string, input: object): Promise<Entry> => {
    const { data, errors } = await story.hub.ask<Record<string, { atRiskEntry: Entry }>>(agency, { purpose: 'AT_RISK_CARE', key: randomUUID() }, `mutation ($input: ${type}!) { ${operation}(input: $input) { atRiskEntry { id version } } }`, { input });
    expect({ operation, errors }).toEqual({ operation, errors: [] });
    return data?.[operation]?.atRiskEntry ?? { id: '', version: 0 };
  };
  const see = async (agency: string, id: string, fields = TRANSITIONS, roles: ['CLERK', 'MINORS_OFFICER'] | ['CLERK'] = ['CLERK']): Promise<unknown> =>
    (await story.hub.ask<{ node: unknown }>(agency, { purpose: 'AT_RISK_CARE', roles }, `{ node(id: "${id}") { ... on AtRiskEntry { ${fields} } } }`)).data?.node;

  test('every transition keeps who, when and which document; the township that visits reads none of them', async () => {
    const survey = document('澄民调〔2026〕1号', '2026-11-01');
    let entry = await write(COUNTY, 'enrolAtRisk', 'EnrolAtRiskInput', { surveyed: { name: '查访到', birthDate: '1950-02-03' }, division: '320281104', riskClasses: ['ELDERLY_LIVING_ALONE'], careCodes: ['PHONE_CALL'], ...survey });
    entry = await write(COUNTY, 'approveAtRiskEntry', 'ApproveAtRiskEntryInput', { id: entry.id, expectedVersion: entry.version, township: TOWNSHIP, note: '同意', ...document('澄民册〔2026〕2号', '2026-11-20') });
    entry = await write(TOWNSHIP, 'recordVisit', 'RecordVisitInput', { id: entry.id, expectedVersion: entry.version, visitedOn: '2026-11-20', manner: 'IN_PERSON', result: 'STABLE', ...document('霞访〔2026〕3号', '2026-11-20') });
    await write(TOWNSHIP, 'reportWandering', 'ReportWanderingInput', { id: entry.id, expectedVersion: entry.version, discoveredAt: '2026-11-20T08:00:00+08:00' });
    const step = (from: string | null, to: string, code: string, reason: string | null, kept: object): object => ({ from, to, at: NOW, agency: { code }, reason, ...kept });
    expect(await see(COUNTY, entry.id)).toEqual({ transitions: [
      step(null, 'SUBMITTED', COUNTY, null, survey), step('SUBMITTED', 'ACTIVE', COUNTY, '同意', document('澄民册〔2026〕2号', '2026-11-20')), step('ACTIVE', 'ACTIVE', TOWNSHIP, null, document('霞访〔2026〕3号', '2026-11-20')), step('ACTIVE', 'WANDERING', TOWNSHIP, null, NONE),
    ] });
    expect(await see(TOWNSHIP, entry.id, `state ${TRANSITIONS}`)).toEqual({ state: 'WANDERING', transitions: null });
  });

  test('of a child, the county reads documents through its officer for minors alone, and the station that registered it its own', async () => {
    const [id, kept] = [`ar_${worldId('entry', 'he-zhiqiu-entry')}`, document('澄救补〔2026〕6号', '2026-11-20')];
    await write(ORIGIN, 'resubmitAtRiskEntry', 'ResubmitAtRiskEntryInput', { id, expectedVersion: world.atRisk['he-zhiqiu-entry']?.version, ...kept });
    const seen = { transitions: [{ to: 'SUBMITTED', ...kept }] };
    const fields = 'transitions { to documentNo documentDate }';
    expect([await see(ORIGIN, id, fields), await see(COUNTY, id, fields, ['CLERK', 'MINORS_OFFICER']), await see(COUNTY, id, fields)]).toEqual([seen, seen, { transitions: null }]);
  });

  test.each([['a number of more than 100 characters', { documentNo: '函'.repeat(101) }, 'input.documentNo'], ['a day to come', { documentDate: '2026-11-21' }, 'input.documentDate']])('%s is refused, naming the input', async (_, more, field) => {
    const { errors } = await story.hub.ask(COUNTY, { purpose: 'AT_RISK_CARE', key: randomUUID() }, 'mutation ($input: AtRiskReasonInput!) { rejectAtRiskEntry(input: $input) { atRiskEntry { id } } }', {
      input: { id: `ar_${worldId('entry', 'liu-qinghe-entry')}`, expectedVersion: world.atRisk['liu-qinghe-entry']?.version, reason: '不属于', ...more },
    });
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });
});

describe('identity inquiries', () => {
  const POLICE = 'police-120000';
  const TRANSITIONS = 'transitions { from to at agency { code } reason documentNo documentDate }';
  let desk: InquiryDesk;
  beforeAll(() => {
    desk = new InquiryDesk(story.hub);
  });

  test('every transition keeps who, when and which document; public security reads no steps, whoever supervises the steps and not the documents', async () => {
    const asked = document('津救查〔2026〕1号', '2026-11-19');
    const inquiry = await desk.open(await desk.enter(DESTINATION), DESTINATION, asked);
    await desk.step('answerInquiry', POLICE, inquiry.id, { answer: 'HIT', candidates: [FOUND], ...document('津公复〔2026〕2号', '2026-11-20') });
    const [candidate] = await desk.candidates(inquiry, DESTINATION);
    await desk.step('rejectCandidate', DESTINATION, inquiry.id, { candidateNo: candidate?.['candidateNo'], reason: '不是同一人', ...document('津救辨〔2026〕3号', '2026-11-20') });
    const step = (from: string | null, to: string, code: string, reason: string | null = null): object => ({ from, to, at: NOW, agency: { code }, reason });
    const taken = [step(null, 'OPEN', DESTINATION), step('OPEN', 'CANDIDATE', POLICE), step('CANDIDATE', 'OPEN', DESTINATION, '不是同一人')];
    const kept = [asked, document('津公复〔2026〕2号', '2026-11-20'), document('津救辨〔2026〕3号', '2026-11-20')];
    const whole = { id: inquiry.id, transitions: taken.map((one, index) => ({ ...one, ...kept[index] })) };
    expect([await desk.read(DESTINATION, inquiry, TRANSITIONS), await desk.read('civil-120000', inquiry, TRANSITIONS)]).toEqual([whole, whole]);
    expect(await desk.read(POLICE, inquiry, TRANSITIONS)).toEqual({ id: inquiry.id, transitions: null });
    const above = await story.hub.ask<{ node: unknown }>('civil-000000', { purpose: 'SUPERVISION' }, `{ node(id: "${inquiry.id}") { ... on IdentityInquiry { ${TRANSITIONS} } } }`);
    expect(above.data?.node).toEqual({ transitions: taken.map((one) => ({ ...one, reason: null, ...NONE })) });
  });

  test('the document of a hit on a protected person is not kept: it reads like no hit without one', async () => {
    const hit = { answer: 'HIT', candidates: [{ ...FOUND, idNumber: world.persons['shen-anping']?.idNumber }], ...document('津公比〔2026〕7号', '2026-11-20') };
    const [waitedFor, late] = [await desk.opened(DESTINATION), await desk.opened(DESTINATION)];
    expect(await desk.step('answerInquiry', POLICE, waitedFor.id, hit)).toMatchObject({ state: 'UNRESOLVED' });
    await desk.noHit(POLICE, late.id);
    await desk.step('answerInquiry', POLICE, late.id, hit);
    for (const inquiry of [waitedFor, late]) expect(await desk.read(DESTINATION, inquiry, 'transitions { to documentNo documentDate }')).toEqual({ id: inquiry.id, transitions: [{ to: 'OPEN', ...NONE }, { to: 'UNRESOLVED', ...NONE }] });
    expect(await desk.owner("SELECT FROM guitu.inquiry_transitions WHERE document_no = '津公比〔2026〕7号'")).toEqual([]);
  });

  test('of a child, civil affairs that passes on reads documents through its officer for minors alone', async () => {
    const inquiry = await desk.open(await desk.enter(DESTINATION, { estimatedAge: 9 }), DESTINATION, { documentNo: '津救查〔2026〕4号' });
    const read = async (agency: string, roles: ['CLERK', 'MINORS_OFFICER'] | ['CLERK']): Promise<unknown> =>
      (await story.hub.ask<{ node: unknown }>(agency, { purpose: 'IDENTITY', matter: inquiry.number, roles }, `{ node(id: "${inquiry.id}") { ... on IdentityInquiry { transitions { to documentNo } } } }`)).data?.node;
    const seen = { transitions: [{ to: 'OPEN', documentNo: '津救查〔2026〕4号' }] };
    expect([await read(DESTINATION, ['CLERK']), await read('civil-120000', ['CLERK', 'MINORS_OFFICER']), await read('civil-120000', ['CLERK'])]).toEqual([seen, seen, { transitions: [{ to: 'OPEN', documentNo: null }] }]);
  });

  test.each([['a number of more than 100 characters', { documentNo: '函'.repeat(101) }, 'input.documentNo'], ['a day to come', { documentDate: '2026-11-21' }, 'input.documentDate']])('%s is refused, naming the input, and the inquiry stays', async (_, more, field) => {
    const inquiry = await desk.opened(DESTINATION);
    const { errors } = await desk.attempt('answerInquiry', POLICE, inquiry.id, { answer: 'NO_HIT', ...more });
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
    expect(await desk.see(inquiry.id)).toEqual(inquiry);
  });
});
