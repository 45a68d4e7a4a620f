import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { tick } from '../../src/delivery/clock.js';
import type { Purpose, Role } from '../../src/kernel/viewer.js';
import { buildCatalogue } from '../../src/ledgers/ledger-catalogue.js';
import { CORRECTED_LEDGERS, CORRECTED_RECORDS } from '../../src/ledgers/corrections/corrections.shape.js';
import { CLOCK_ACTS } from '../../src/ledgers/clock-acts.js';
import type { HubAnswer } from '../support/hub.js';
import { world, worldId } from '../support/world.js';
import { ReturnStory, type Held } from './returns-story.js';

const ORIGIN = 'station-320281';
const DESTINATION = 'station-120000';
const COUNTY = 'civil-320281';

let story: ReturnStory;
beforeAll(async () => {
  story = await ReturnStory.start();
  await story.owner("UPDATE guitu.duties SET ended = 'VOID', ended_at = started_at, next_at = NULL WHERE ended_at IS NULL");
});
afterAll(() => story.hub.stop());
beforeEach(() => story.at('2026-11-20T09:00:00+08:00'));

interface Asking { purpose?: Purpose; matter?: string; roles?: Role[] }
interface Correction { id: string; version: number; correctionNo: string; state: string }
const SHOWN = 'id version correctionNo state record number sourceNumber field claim proposed askedBy { code } provider { code } askedAt answerBy answeredAt answer';
const request = (agency: string, input: object, asking: Asking = {}): Promise<HubAnswer<{ requestCorrection: { correction: Correction | null } }>> =>
  story.hub.ask(agency, { purpose: 'RETURN', key: randomUUID(), ...asking }, `mutation ($input: RequestCorrectionInput!) { requestCorrection(input: $input) { correction { ${SHOWN} } } }`, { input });
const answer = (agency: string, { id, version }: Pick<Correction, 'id' | 'version'>, outcome: string, text = '已更正', asking: Asking = {}): Promise<HubAnswer<{ answerCorrection: { correction: Record<string, unknown> | null } }>> =>
  story.hub.ask(agency, { purpose: 'RETURN', key: randomUUID(), ...asking }, `mutation ($input: AnswerCorrectionInput!) { answerCorrection(input: $input) { correction { ${SHOWN} } } }`, { input: { id, expectedVersion: version, outcome, answer: text } });
const listed = async (agency: string, asking: Asking = {}): Promise<Record<string, unknown>[]> =>
  (await story.hub.ask<{ corrections: { nodes: Record<string, unknown>[] } }>(agency, { purpose: 'RETURN', ...asking }, `{ corrections(first: 200) { nodes { ${SHOWN} disclosure { field rung } } } }`)).data?.corrections.nodes ?? [];
const seen = async (agency: string, { id }: Pick<Correction, 'id'>, asking: Asking = {}): Promise<Record<string, unknown> | undefined> => (await listed(agency, asking)).find((one) => one['id'] === id);
const asked = async (agency: string, input: object, asking: Asking = {}): Promise<Correction> => {
  const { data, errors } = await request(agency, input, asking);
  const made = data?.requestCorrection.correction;
  if (!made) throw new Error(JSON.stringify(errors));
  return made;
};
const refusal = ({ errors }: HubAnswer<unknown>): [string | undefined, string | undefined] => [errors[0]?.extensions.code, errors[0]?.extensions.field];
const told = async (): Promise<[agency: string, record: string, told: unknown][]> =>
  (await story.owner<{ code: string; record: string; told: unknown }>("SELECT a.code, o.record, o.told FROM guitu.outbox o JOIN guitu.agencies a ON a.id = o.addressee WHERE o.topic = 'correction.told' ORDER BY a.code")).map(({ code, record, told: what }) => [code, record, what]);
const correct = (agency: string, held: Held, input: object, version?: number): Promise<HubAnswer> => story.owner<{ version: number }>('SELECT version FROM guitu.return_cases WHERE id = $1', [held.id.slice(3)]).then(([row]) =>
  story.hub.ask(agency, { purpose: 'RETURN', key: randomUUID() }, 'mutation ($input: CorrectReturnInput!) { correctReturn(input: $input) { returnCase { id version state } } }', { input: { id: held.id, expectedVersion: version ?? row?.version, ...input } }));
const personOf = async (agency: string, held: Held): Promise<string> => {
  const { person } = ((await story.see(agency, held, 'person { id }')) ?? {}) as { person?: { id: string } };
  return person?.id ?? '';
};
const acknowledged = async (subject: object = {}): Promise<Held> => {
  const held = await story.send(subject);
  await story.take('acknowledgeReturn', ORIGIN, held);
  return held;
};

describe('a field reported wrong', () => {
  test('is answered by whoever wrote it, within ten working days, and the asking agency learns the answer', async () => {
    const held = await acknowledged({ name: '错名甲', kinPhone: '0000-1111111' });
    const made = await asked(ORIGIN, { id: held.id, field: 'subject.kinPhone', claim: '号码是空号', proposed: '0000-2222222' });
    expect(made).toMatchObject({ state: 'OPEN', record: 'ReturnCase', number: held.caseNo, field: 'subject.kinPhone', claim: '号码是空号', proposed: '0000-2222222', askedBy: { code: ORIGIN }, provider: null, sourceNumber: null, answerBy: '2026-12-04', answer: null });
    expect(await seen(DESTINATION, made)).toMatchObject({ number: null, sourceNumber: held.caseNo, claim: '号码是空号', proposed: '0000-2222222', askedBy: { code: ORIGIN }, provider: { code: DESTINATION } });
    const { data } = await story.hub.ask<{ inbox: { nodes: unknown[] } }>(DESTINATION, { purpose: 'RETURN' }, '{ inbox(filter: { step: ["answerCorrection"] }) { nodes { kind number record state dueOn deadlineClass } } }');
    expect(data?.inbox.nodes).toEqual([{ kind: 'OWED', number: made.correctionNo, record: 'Correction', state: 'OPEN', dueOn: '2026-12-04', deadlineClass: 'LAW' }]);
    expect((await answer(DESTINATION, made, 'CORRECTED', '已改为本人重报的号码')).data?.answerCorrection.correction).toMatchObject({ state: 'CORRECTED', answer: '已改为本人重报的号码' });
    expect(await seen(ORIGIN, made)).toMatchObject({ state: 'CORRECTED', answer: '已改为本人重报的号码' });
    expect(await story.owner("SELECT ended FROM guitu.duties WHERE record_id = $1", [made.id.slice(3)])).toEqual([{ ended: 'DONE' }]);
    expect(refusal(await answer(DESTINATION, { id: made.id, version: Number((await seen(DESTINATION, made))?.['version']) }, 'REFUSED'))).toEqual(['TRANSITION_NOT_ALLOWED', 'input.id']);
  });

  test('unanswered, it is called overdue and rises to the civil affairs department above its provider, which sees number, state and clocks', async () => {
    const made = await asked(ORIGIN, { id: (await acknowledged()).id, field: 'helpReason', claim: '不是这个原因' });
    await tick(story.hub.parts.pools.clock, story.hub.parts.policy.policy, CLOCK_ACTS, new Date('2026-12-05T00:00:00+08:00'));
    story.at('2026-12-05T09:00:00+08:00');
    const { data } = await story.hub.ask<{ inbox: { nodes: { number: string }[] } }>('civil-120000', { purpose: 'SUPERVISION' }, '{ inbox(filter: { step: ["answerCorrection"], overdue: true }) { nodes { kind number owner { code } } } }');
    expect(data?.inbox.nodes.filter(({ number }) => number === made.correctionNo)).toEqual([{ kind: 'RAISED', number: made.correctionNo, owner: { code: DESTINATION } }]);
    expect(await seen('civil-120000', made, { purpose: 'SUPERVISION' })).toBeUndefined();
  });

  test('is reported only by whoever holds it in full on this record under the stated purpose: to others it is as if the record were absent', async () => {
    const held = await acknowledged();
    const homeCheck = { id: held.id, field: 'homeCheck', claim: '写错了' };
    const absent = { ...homeCheck, id: `rc_${randomUUID()}` };
    for (const [agency, asking] of [[DESTINATION, {}], ['station-320200', {}], ['civil-120000', { purpose: 'RETURN' }], ['civil-320200', { purpose: 'RETURN' }]] as const) {
      const [one, other] = [await request(agency, homeCheck, asking), await request(agency, absent, asking)];
      expect([refusal(one), one.errors[0]?.message]).toEqual([['NOT_FOUND', 'input.id'], other.errors[0]?.message]);
    }
    expect(refusal(await request(COUNTY, { ...homeCheck, claim: ' ' }))).toEqual(['BAD_USER_INPUT', 'input.claim']);
    expect(refusal(await request(COUNTY, homeCheck, { purpose: 'BENEFIT_CHECK' }))[0]).toBe('PURPOSE_NOT_ALLOWED');
  });

  test('a masked field is not held in full: a township cannot report the ID number that it sees the ends of, and can report the name', async () => {
    const person = `pe_${worldId('person', 'zhou-liangdu')}`;
    const input = { id: person, field: 'idNumber', claim: '号码不对' };
    const township = 'township-320281104';
    const { data } = await story.hub.ask<{ node: { idNumber: string; name: string } | null }>(township, { purpose: 'AT_RISK_CARE' }, 'query ($id: ID!) { node(id: $id) { ... on Person { name idNumber } } }', { id: person });
    expect(data?.node?.idNumber).toContain('*');
    expect(refusal(await request(township, input, { purpose: 'AT_RISK_CARE' }))).toEqual(['NOT_FOUND', 'input.id']);
    const made = await asked(township, { ...input, field: 'kinPhone' }, { purpose: 'AT_RISK_CARE' });
    expect(made).toMatchObject({ record: 'Person', number: null, field: 'kinPhone', provider: null, sourceNumber: null });
  });

  test('a field that the hub made, one that does not exist, and one of the asker\'s own are refused by name, whether or not the record is there', async () => {
    const held = await acknowledged();
    for (const id of [held.id, `rc_${randomUUID()}`]) {
      for (const field of ['caseNo', 'transitions', 'nothing', 'constructor', 'subject.constructor', '__proto__', 'subject.']) expect([field, ...refusal(await request(ORIGIN, { id, field, claim: '错' }))]).toEqual([field, 'BAD_USER_INPUT', 'input.field']);
    }
    expect(refusal(await request(DESTINATION, { id: held.id, field: 'noticeNo', claim: '错' }))).toEqual(['BAD_USER_INPUT', 'input.field']);
    for (const id of ['co_x', `in_${randomUUID()}`, 'xx_1', '']) expect(refusal(await request(ORIGIN, { id, field: 'noticeNo', claim: '错' }))[0]).not.toBeUndefined();
  });

  test('is reported once while it waits, and anew once it is answered; another agency reports it for itself', async () => {
    const held = await acknowledged();
    const input = { id: held.id, field: 'entryDate', claim: '应为前一日' };
    const made = await asked(ORIGIN, input);
    expect(refusal(await request(ORIGIN, input))).toEqual(['CONFLICT', 'input.field']);
    await asked(COUNTY, input);
    expect((await answer(DESTINATION, made, 'REFUSED', '与登记簿一致')).errors).toEqual([]);
    await asked(ORIGIN, input);
  });

  test('is seen by the two agencies alone, and answered by its provider alone, which must say why', async () => {
    const made = await asked(ORIGIN, { id: (await acknowledged()).id, field: 'leaveDate', claim: '错' });
    for (const agency of [COUNTY, 'station-320200', 'civil-120000']) {
      expect(await seen(agency, made)).toBeUndefined();
      expect(refusal(await answer(agency, made, 'REFUSED'))).toEqual(['NOT_FOUND', 'input.id']);
    }
    expect(refusal(await answer(ORIGIN, made, 'REFUSED'))).toEqual(['TRANSITION_NOT_ALLOWED', 'input.id']);
    expect(refusal(await answer(DESTINATION, made, 'REFUSED', ' '))).toEqual(['BAD_USER_INPUT', 'input.answer']);
    expect(refusal(await answer(DESTINATION, made, 'OPEN'))).toEqual(['BAD_USER_INPUT', 'input.outcome']);
    expect(refusal(await answer(DESTINATION, { ...made, version: made.version + 1 }, 'REFUSED'))).toEqual(['STALE_VERSION', 'input.expectedVersion']);
  });

  test('of a person, goes to whoever wrote it in a ledger, who does not learn who else uses the person; the asker does not learn who wrote it', async () => {
    const held = await acknowledged({ name: '另册人', kinName: '表兄' });
    const made = await asked(ORIGIN, { id: await personOf(ORIGIN, held), field: 'kinName', claim: '是堂兄' });
    expect(await seen(ORIGIN, made)).toMatchObject({ record: 'Person', number: null, sourceNumber: null, provider: null, askedBy: { code: ORIGIN } });
    expect(await seen(DESTINATION, made)).toMatchObject({ record: 'Person', number: null, sourceNumber: held.caseNo, askedBy: null, claim: '是堂兄' });
  });

  test('what is written of a minor is read by a minors officer only, or by who wrote it', async () => {
    const held = await story.send({ birthDate: '2014-05-06' }, { guardianAssessedOn: '2026-11-17' });
    const roles: Role[] = ['CLERK', 'MINORS_OFFICER'];
    expect(refusal(await request(ORIGIN, { id: held.id, field: 'subject', claim: '错' }))).toEqual(['NOT_FOUND', 'input.id']);
    const made = await asked(ORIGIN, { id: held.id, field: 'subject', claim: '生日不对' }, { roles });
    expect((await seen(ORIGIN, made))?.['claim']).toBe('生日不对');
    expect((await seen(DESTINATION, made))?.['claim']).toBeNull();
    expect((await seen(DESTINATION, made, { roles }))?.['claim']).toBe('生日不对');
  });

  test('about a person protected since is hidden from both sides, answered by nobody, and told to nobody', async () => {
    const held = await acknowledged();
    const made = await asked(ORIGIN, { id: held.id, field: 'condition', claim: '错' });
    await story.owner("INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) SELECT c.person_id, a.id, a.division, '2026-11-20', '试' FROM guitu.return_cases c, guitu.agencies a WHERE c.id = $1 AND a.code = 'station-320200'", [held.id.slice(3)]);
    expect([await seen(ORIGIN, made), await seen(DESTINATION, made)]).toEqual([undefined, undefined]);
    expect(refusal(await answer(DESTINATION, made, 'CORRECTED'))).toEqual(['NOT_FOUND', 'input.id']);
    expect(refusal(await request(ORIGIN, { id: held.id, field: 'noticeDate', claim: '错' }))).toEqual(['NOT_FOUND', 'input.id']);
  });
});

describe('all who were given it are told', () => {
  beforeEach(() => story.owner("DELETE FROM guitu.outbox WHERE topic = 'correction.told'"));

  test('once each, also who may no longer see the record, of number and field only, the asker too; neither the provider, nor who was given another field', async () => {
    const held = await acknowledged({ name: '众人见', kinPhone: '0000-3333333' });
    for (let times = 0; times < 3; times += 1) await story.see(COUNTY, held, 'caseNo subject { kinPhone }');
    await story.see('civil-320200', held, 'caseNo state', { purpose: 'SUPERVISION' });
    const made = await asked(ORIGIN, { id: held.id, field: 'subject.kinPhone', claim: '空号', proposed: '0000-4444444' });
    await correct(DESTINATION, held, { subject: { kinPhone: '0000-4444444' }, reason: '本人重报' });
    // The county's reach has moved on: what it was given, it was given.
    await story.owner("UPDATE guitu.return_cases SET origin_division = '341523' WHERE id = $1", [held.id.slice(3)]);
    expect((await answer(DESTINATION, made, 'CORRECTED')).errors).toEqual([]);
    expect(await told()).toEqual([COUNTY, ORIGIN].map((code) => [code, 'ReturnCase', { number: held.caseNo, field: 'subject.kinPhone' }]));
  });

  test('also who was given it with the person, without a number that it was not given', async () => {
    const held = await acknowledged({ name: '两处见', kinName: '大伯' });
    const id = await personOf(COUNTY, held);
    await story.hub.ask(COUNTY, { purpose: 'RETURN' }, 'query ($id: ID!) { node(id: $id) { ... on Person { kinName } } }', { id });
    const made = await asked(ORIGIN, { id: held.id, field: 'subject.kinName', claim: '是二伯' });
    expect((await answer(DESTINATION, made, 'CORRECTED')).errors).toEqual([]);
    expect(await told()).toEqual([[COUNTY, 'Person', { number: null, field: 'kinName' }], [ORIGIN, 'ReturnCase', { number: held.caseNo, field: 'subject.kinName' }]]);
  });

  test('of a request of the small world too: whoever was given the cell, in the notice or in the person, and the asker', async () => {
    const [request] = await story.owner<Record<string, unknown> & Correction>("SELECT 'co_' || id AS id, version FROM guitu.corrections WHERE correction_no = 'CO-7RD2M-X4Q1K'");
    await story.hub.ask(ORIGIN, { purpose: 'RETURN' }, '{ returnCases(first: 200) { nodes { person { kinPhone } } } }');
    await story.hub.ask(COUNTY, { purpose: 'RETURN' }, '{ returnCases(first: 200) { nodes { caseNo subject { kinPhone } } } }');
    expect((await answer(DESTINATION, request ?? { id: '', version: 0 }, 'CORRECTED')).errors).toEqual([]);
    const number = world.cases['lin-guilai-from-tianjin']?.caseNo;
    expect(await told()).toEqual([COUNTY, ORIGIN].map((code) => [code, 'ReturnCase', { number, field: 'subject.kinPhone' }]));
  });

  test('of a refused request nobody is told', async () => {
    const held = await acknowledged();
    await story.see(COUNTY, held, 'helpReason');
    const made = await asked(ORIGIN, { id: held.id, field: 'helpReason', claim: '错' });
    await answer(DESTINATION, made, 'REFUSED', '核对无误');
    expect(await told()).toEqual([]);
  });
});

describe('a notice put right by its author', () => {
  test('changes what it wrote and nothing else; the history keeps what was, no clock moves, and the person follows what it had taken over', async () => {
    const held = await acknowledged({ name: '旧名', kinName: '旧亲', kinPhone: '0000-5555555', sex: 'MALE' });
    const owed = await story.owed(held);
    expect((await correct(DESTINATION, held, { subject: { name: '新名', kinPhone: '0000-6666666' }, helpReason: '务工不着', reason: '登记员听错' })).errors).toEqual([]);
    expect(await story.see(ORIGIN, held, 'state helpReason subject { name kinName kinPhone sex } person { name kinName kinPhone }')).toEqual({
      state: 'ACKNOWLEDGED', helpReason: '务工不着', subject: { name: '新名', kinName: '旧亲', kinPhone: '0000-6666666', sex: 'MALE' }, person: { name: '新名', kinName: '旧亲', kinPhone: '0000-6666666' },
    });
    expect(await story.owed(held)).toEqual(owed);
    expect((await story.see(ORIGIN, held, 'transitions { from to reason }'))?.['transitions']).toContainEqual({ from: 'ACKNOWLEDGED', to: 'ACKNOWLEDGED', reason: '更正：登记员听错' });
    const [kept] = await story.owner<{ replaced: Record<string, unknown> }>('SELECT replaced FROM guitu.return_transitions WHERE case_id = $1 AND replaced IS NOT NULL', [held.id.slice(3)]);
    expect(kept?.replaced).toMatchObject({ subject_name: '旧名', help_reason: null });
    expect(JSON.stringify(kept?.replaced)).not.toContain('5555555');
  });

  test('is the author\'s alone, in any state of a notice that stands', async () => {
    const held = await acknowledged();
    const input = { helpReason: '改', reason: '改' };
    expect(refusal(await correct(ORIGIN, held, input))).toEqual(['TRANSITION_NOT_ALLOWED', 'input.id']);
    expect(refusal(await correct('station-320200', held, input))).toEqual(['NOT_FOUND', 'input.id']);
    expect(refusal(await correct(DESTINATION, held, input, 1))).toEqual(['STALE_VERSION', 'input.expectedVersion']);
    expect(refusal(await correct(DESTINATION, held, { reason: '无' }))).toEqual(['BAD_USER_INPUT', 'input']);
    await story.take('closeReturn', DESTINATION, held, { outcome: 'DECLINED' });
    expect((await correct(DESTINATION, held, input)).errors).toEqual([]);
    const recalled = await story.send();
    await story.take('recallReturn', DESTINATION, recalled, { code: 'OTHER' });
    expect(refusal(await correct(DESTINATION, recalled, input))).toEqual(['TRANSITION_NOT_ALLOWED', 'input.id']);
  });

  test('must not contradict itself: dates in order, a birth date that its ID number bears, somebody to speak of', async () => {
    const held = await story.send({ name: null, birthDate: null, idNumber: '990101197004120353' });
    expect(refusal(await correct(DESTINATION, held, { subject: { birthDate: '1970-04-13' }, reason: '试' }))).toEqual(['BAD_USER_INPUT', 'input.subject.birthDate']);
    expect(refusal(await correct(DESTINATION, held, { entryDate: '2026-11-19', reason: '试' }))).toEqual(['BAD_USER_INPUT', 'input.leaveDate']);
    const named = await story.send();
    expect(refusal(await correct(DESTINATION, named, { subject: { name: null }, reason: '试' }))).toEqual(['BAD_USER_INPUT', 'input.subject']);
  });

  test('which turns out to be of a child, makes what was asked about it a child\'s as well', async () => {
    const held = await acknowledged();
    const made = await asked(ORIGIN, { id: held.id, field: 'subject.birthDate', claim: '是二〇一二年' });
    expect((await seen(DESTINATION, made))?.['claim']).toBe('是二〇一二年');
    expect((await correct(DESTINATION, held, { subject: { birthDate: '2012-01-01' }, guardianAssessedOn: '2026-11-17', reason: '户口簿' })).errors).toEqual([]);
    expect((await seen(DESTINATION, made))?.['claim']).toBeNull();
  });

  test('and was sent fulfils what sending asks for: a guardian assessed for a minor, a person fit to travel for an escort', async () => {
    const held = await story.send();
    expect(refusal(await correct(DESTINATION, held, { subject: { birthDate: '2015-01-01' }, reason: '户口簿' }))).toEqual(['BAD_USER_INPUT', 'input.guardianAssessedOn']);
    expect(refusal(await correct(DESTINATION, held, { subject: { birthDate: '2015-01-01' }, guardianAssessedOn: '2026-11-21', reason: '户口簿' }))).toEqual(['BAD_USER_INPUT', 'input.guardianAssessedOn']);
    expect((await correct(DESTINATION, held, { subject: { birthDate: '2015-01-01' }, guardianAssessedOn: '2026-11-17', reason: '户口簿' })).errors).toEqual([]);
    for (const more of [{}, { fitToTravel: false }]) expect(refusal(await correct(DESTINATION, held, { returnMode: 'ESCORTED', ...more, reason: '改为护送' }))).toEqual(['BAD_USER_INPUT', 'input.fitToTravel']);
    expect((await correct(DESTINATION, held, { returnMode: 'ESCORTED', fitToTravel: true, reason: '改为护送' })).errors).toEqual([]);
    expect(refusal(await correct(DESTINATION, held, { fitToTravel: false, reason: '病了' }))).toEqual(['BAD_USER_INPUT', 'input.fitToTravel']);
  });

  test('and is no longer escorted loses its escort, which sees the case and its person no more', async () => {
    const held = await story.send({}, { returnMode: 'ESCORTED', fitToTravel: true, escortAgency: 'station-320200' });
    await story.take('acknowledgeReturn', ORIGIN, held);
    expect(await story.see('station-320200', held, 'person { name }')).toEqual({ person: { name: '某甲' } });
    expect((await correct(DESTINATION, held, { returnMode: 'SELF', reason: '自行返乡' })).errors).toEqual([]);
    expect(await story.see(ORIGIN, held, 'returnMode escortAgency { code }')).toEqual({ returnMode: 'SELF', escortAgency: null });
    expect(await story.see('station-320200', held, 'state')).toBeNull();
  });

  test('of a ledger that the origin side imported, is asked for nothing that only sending asks for', async () => {
    const held = await story.send();
    await story.owner("UPDATE guitu.return_cases c SET author_agency = a.id, destination_agency = NULL, destination_division = NULL, destination_name = '某站', subject_born_on = '2015-01-01' FROM guitu.agencies a WHERE c.id = $1 AND a.code = 'station-320281'", [held.id.slice(3)]);
    expect((await correct(ORIGIN, held, { helpReason: '走失', reason: '补记' })).errors).toEqual([]);
  });
});

test('every provided cell names who wrote it, and each agency that may be named can be looked up', () => {
  const shapes = [...buildCatalogue([]).records.values()].filter(({ provided }) => provided);
  expect(shapes.map(({ record }) => record).toSorted()).toEqual([...CORRECTED_RECORDS].toSorted());
  for (const { record, attributes, fields, provided } of shapes) {
    for (const [cell, attribute] of Object.entries(provided?.by ?? {})) expect([record, cell, cell in fields, attribute === null || attributes[attribute]?.type]).toEqual([record, cell, true, attribute === null ? true : 'agency']);
    expect(CORRECTED_LEDGERS).toContain(provided?.purpose);
  }
});
