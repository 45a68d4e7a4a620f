import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { HubAnswer } from '../support/hub.js';
import { ActorsDesk, type Asker, type Hidden } from './actors-desk.js';
import { CHILD, REFUSED, SHELTERED, TEA, textsOf, YAN, type Returnee } from './actors-cast.js';

/** One story of every actor (domain.md §1), told in order over HTTP: each does its whole part, and asks at every point for what it must not see. */

let desk: ActorsDesk;
beforeAll(async () => { desk = await ActorsDesk.start(); });
afterAll(() => desk.hub.stop());

const as = (agency: string, purpose: Asker['purpose'] = 'RETURN', more: Partial<Asker> = {}): Asker => ({ agency, purpose, ...more });
const OFFICER = { roles: ['CLERK', 'MINORS_OFFICER'] } as const;
const TIANJIN = as('station-120000');
const WUXI = as('station-320200');
const JIANGYIN = as('station-320281');
const SHUCHENG = as('civil-341523');
const COUNTY = as('civil-320281');
const TOWNSHIP = as('township-320281104');
const OTHER_TOWNSHIP = as('township-320281100');
const INSURANCE = as('insurance-320281');
const CARE = { station: as('station-320281', 'AT_RISK_CARE'), county: as('civil-320281', 'AT_RISK_CARE'), township: as('township-320281104', 'AT_RISK_CARE'), other: as('township-320281100', 'AT_RISK_CARE') };
const RELIEF = as('poverty-320281', 'POVERTY_RELIEF');
const COUNTY_RELIEF = as('civil-320281', 'POVERTY_RELIEF');

/** A return of the story: what it is known by. */
interface Told { id: string; caseNo: string; notice: object; noticeNo: string; helpReason: string; condition: string; entryDate: string; hidden: Hidden }

let letters = 0;
/** Days on which nothing else happened in the world. */
const DAYS = ['2026-05-10', '2026-05-16', '2026-05-17', '2026-05-23', '2026-05-24', '2026-05-30', '2026-05-31', '2026-06-06', '2026-06-07', '2026-06-13'];
/** A notice as its sender writes it. */
function letter(of: Returnee, more: object = {}): Omit<Told, 'id' | 'caseNo' | 'hidden'> {
  letters += 1;
  const [noticeNo, helpReason, condition] = [`行者救返字〔2026〕Y${letters}号`, `${of.name.slice(1)}求助缘由${letters}`, `${of.name.slice(1)}体况${letters}`];
  const entryDate = DAYS[letters] ?? '';
  return { noticeNo, helpReason, condition, entryDate, notice: {
    subject: { ...of }, noticeNo, helpReason, condition, noticeDate: '2026-11-18', entryDate, leaveDate: '2026-11-19', returnMode: 'SELF', originDivision: of.homeDivision, handlingCodes: ['MEDICATION'], ...more,
  } };
}

async function send(asker: Asker, of: Returnee, more: object = {}): Promise<Told> {
  const written = letter(of, more);
  const { id, caseNo } = await desk.does<{ id: string; caseNo: string }>('sendReturnNotice', asker, written.notice, 'returnCase { id caseNo }');
  return { ...written, id, caseNo, hidden: { ids: [id], texts: [...textsOf(of), caseNo, written.noticeNo, written.helpReason, written.condition, written.entryDate], name: of.name, idNumber: of.idNumber, caseNo } };
}

const step = (operation: string, asker: Asker, { id }: { id: string }, more: object = {}): Promise<{ state: string }> => desk.does(operation, asker, { id, ...more }, 'returnCase { id state }');
const personOf = async (asker: Asker, { id }: Told): Promise<string> => {
  const found = await desk.node<{ person: { id: string } }>(asker, id, 'ReturnCase', 'person { id }');
  if (!found) throw new Error(`no person for ${asker.agency}`);
  return found.person.id;
};
/** Nobody of these is told anything, by any door. */
async function nobodyIsTold(askers: readonly Asker[], hidden: Hidden): Promise<void> {
  const told = await Promise.all(askers.map(async (asker) => ({ asker, told: await desk.told(asker, hidden) })));
  expect(told).toEqual(askers.map((asker) => ({ asker, told: [] })));
}
/** Under a purpose that opens nothing of it, a party is told no more than that something waits for it: number, state and clocks in its inbox (design.md §4). */
async function onlyTheInboxTells(askers: readonly Asker[], hidden: Hidden, number: string): Promise<void> {
  const silent = { ...hidden, texts: hidden.texts.filter((text) => text !== number) };
  await nobodyIsTold(askers, silent);
  for (const asker of askers) expect((await desk.told(asker, { ids: [], texts: [number] })).filter((door) => door !== `inbox: told ${number}`)).toEqual([]);
}

let yan: Told;
let yanPerson: string;

describe('RESCUE_STATION as destination', () => {
  test('a station that sends a notice is shown what it wrote, and nothing of somebody whose number it guessed', async () => {
    const guessed = { name: '惠梁溪', idNumber: '990201199204180283' };
    const { id } = await desk.does<{ id: string }>('sendReturnNotice', TIANJIN, { ...letter(YAN).notice, subject: guessed, noticeNo: '行者救返字〔2026〕猜号' }, 'returnCase { id person { id } }');
    expect(await desk.node(TIANJIN, id, 'ReturnCase', 'subject { name idNumber kinName } person { kinName }')).toEqual({ subject: { ...guessed, kinName: null }, person: null });
    expect(await desk.withheld(TIANJIN, id, 'ReturnCase', 'person { kinName }')).toEqual(['ReturnCase.person WITHHELD']);
    expect(await desk.told(TIANJIN, { ids: [], texts: ['惠伯渎', '0000-7301313', '1992-04-18', '清名桥'] })).toEqual([]);
    await step('recallReturn', TIANJIN, { id }, { code: 'WRONG_IDENTITY' });
  });

  test('a notice that went to the wrong county is rerouted, and that county keeps nothing of it', async () => {
    yan = await send(TIANJIN, YAN, { originDivision: '341523', returnMode: 'ESCORTED', fitToTravel: true, escortAgency: 'station-320200', handlingCodes: ['LOSES_WAY'] });
    await nobodyIsTold([JIANGYIN, COUNTY, as('civil-320000', 'SUPERVISION')], yan.hidden);
    expect(await desk.doors(SHUCHENG, yan.hidden)).toEqual(expect.arrayContaining(['node ReturnCase', 'explain ReturnCase', 'returnCases', 'returnCase', 'returnCases by name', 'inbox']));
    await step('disputeReturn', SHUCHENG, yan, { code: 'WRONG_DIVISION', text: '此人户籍在江阴' });
    expect((await step('rerouteReturn', TIANJIN, yan, { originDivision: YAN.homeDivision })).state).toBe('SENT');
    await nobodyIsTold([SHUCHENG, as('civil-341523', 'SUPERVISION'), as('civil-341500', 'SUPERVISION')], yan.hidden);
    expect(await desk.refusal('acknowledgeReturn', SHUCHENG, { id: yan.id })).toBe('NOT_FOUND');
    expect(await desk.doors(JIANGYIN, yan.hidden)).toEqual(expect.arrayContaining(['node ReturnCase', 'inbox']));
  });

  test('a notice that is taken back is shown as taken back to whoever had it on the table, and opens no person to either', async () => {
    const again = await send(TIANJIN, YAN);
    expect(await desk.refusal('recallReturn', WUXI, { id: again.id, code: 'OTHER', text: '不归本站' })).toBe('NOT_FOUND');
    expect(await desk.refusal('recallReturn', JIANGYIN, { id: again.id, code: 'OTHER', text: '不归本站' })).toBe('TRANSITION_NOT_ALLOWED');
    await step('recallReturn', TIANJIN, again, { code: 'ALREADY_RETURNED' });
    expect(await desk.node(JIANGYIN, again.id, 'ReturnCase', 'state person { id }')).toEqual({ state: 'RECALLED', person: null });
    expect(await desk.node(TIANJIN, again.id, 'ReturnCase', 'person { id }')).toEqual({ person: null });
    expect(await desk.refusal('acknowledgeReturn', JIANGYIN, { id: again.id })).toBe('TRANSITION_NOT_ALLOWED');
  });
});

describe('RESCUE_STATION as origin', () => {
  test('a station that acknowledges opens the shared person to both sides, and to no other station of the province', async () => {
    expect((await step('acknowledgeReturn', JIANGYIN, yan)).state).toBe('ACKNOWLEDGED');
    yanPerson = await personOf(JIANGYIN, yan);
    yan.hidden = { ...yan.hidden, ids: [yan.id, yanPerson] };
    expect(await personOf(TIANJIN, yan)).toBe(yanPerson);
    expect(await desk.doors(JIANGYIN, yan.hidden)).toEqual(expect.arrayContaining(['node Person', 'people', 'people by name', 'people by number', 'returnCases by number']));
    await nobodyIsTold([as('civil-341523'), CARE.county], yan.hidden);
    await onlyTheInboxTells([CARE.station, as('station-320281', 'SETTLEMENT')], yan.hidden, yan.caseNo);
  });

  test('a third station that escorts is told name, address, kin phone and how to handle, and nothing else, until the handover', async () => {
    expect(await desk.node(WUXI, yan.id, 'ReturnCase', 'handlingCodes returnMode person { name address kinPhone }')).toEqual({ handlingCodes: ['LOSES_WAY'], returnMode: 'ESCORTED', person: { name: YAN.name, address: YAN.address, kinPhone: YAN.kinPhone } });
    const beyond: Hidden = { ids: [], texts: [YAN.idNumber, YAN.birthDate, YAN.kinName, YAN.features, yan.noticeNo, yan.helpReason, yan.condition, yan.entryDate], idNumber: YAN.idNumber };
    expect(await desk.told(WUXI, beyond)).toEqual([]);
    const byNumber = await desk.read<{ returnCases: { nodes: unknown[] } }>(WUXI, 'query ($no: String) { returnCases(filter: { subjectIdNumber: $no }) { nodes { id } } }', { no: YAN.idNumber });
    expect(byNumber.data?.returnCases.nodes ?? []).toEqual([]);
    expect(await desk.withheld(WUXI, yan.id, 'ReturnCase', 'noticeNo helpReason condition person { idNumber birthDate kinName }')).toEqual(
      ['Person.birthDate WITHHELD', 'Person.idNumber WITHHELD', 'Person.kinName WITHHELD', 'ReturnCase.condition WITHHELD', 'ReturnCase.helpReason WITHHELD', 'ReturnCase.noticeNo WITHHELD']);
    await step('receiveReturnee', JIANGYIN, yan, { receivedOn: '2026-11-20' });
    await nobodyIsTold([WUXI], yan.hidden);
  });

  test('the destination does not learn what the origin finds at home', async () => {
    await step('confirmHome', JIANGYIN, yan);
    await step('recordHomeCheck', JIANGYIN, yan, { checkedOn: '2026-11-20', difficulties: ['LIVELIHOOD', 'BASIC_MEDICAL_SECURITY'], entrustedCommittee: '雁栖村村民委员会', text: '雁家断药三月，屋漏未修' });
    const check: Hidden = { ids: [], texts: ['雁家断药三月', '雁栖村村民委员会'] };
    expect(await desk.doors(JIANGYIN, check)).toEqual(['returnCases']);
    expect(await desk.told(TIANJIN, check)).toEqual([]);
    expect(await desk.withheld(TIANJIN, yan.id, 'ReturnCase', 'homeCheck { text }')).toEqual(['ReturnCase.homeCheck WITHHELD']);
    expect(await desk.refusal('recordHomeCheck', TIANJIN, { id: yan.id, checkedOn: '2026-11-20', difficulties: [] })).toBe('TRANSITION_NOT_ALLOWED');
  });

  test('a correction goes to whoever wrote the field, and nobody else hears that it was asked', async () => {
    const co = await desk.does<{ id: string; correctionNo: string }>('requestCorrection', JIANGYIN, { id: yan.id, field: 'subject.kinPhone', claim: '此号打不通（雁）', proposed: '0000-7610199' }, 'correction { id correctionNo }');
    const hidden: Hidden = { ids: [co.id], texts: [co.correctionNo, '此号打不通（雁）', '0000-7610199'] };
    expect(await desk.doors(TIANJIN, hidden)).toEqual(expect.arrayContaining(['node Correction', 'corrections', 'inbox']));
    await nobodyIsTold([COUNTY, WUXI, SHUCHENG, as('civil-320000', 'SUPERVISION'), TOWNSHIP, INSURANCE], hidden);
    expect(await desk.told(CARE.station, { ids: [], texts: ['此号打不通（雁）', '0000-7610199'] })).toEqual([]);
    expect(await desk.refusal('answerCorrection', WUXI, { id: co.id, outcome: 'REFUSED', answer: '不' })).toBe('NOT_FOUND');
    await step('correctReturn', TIANJIN, yan, { subject: { kinPhone: '0000-7610199' }, reason: '原号抄错' });
    await desk.does('answerCorrection', TIANJIN, { id: co.id, outcome: 'CORRECTED', answer: '已改正' }, 'correction { state }');
    expect(await desk.node(JIANGYIN, yanPerson, 'Person', 'kinPhone')).toEqual({ kinPhone: '0000-7610199' });
  });
});

describe('TOWNSHIP and PARTNER under a referral', () => {
  let mine: { referralNo: string; version: number };
  let theirs: { referralNo: string; version: number };

  test('before it is referred to them, a township and a partner know of no return', async () => {
    await nobodyIsTold([TOWNSHIP, OTHER_TOWNSHIP, INSURANCE], yan.hidden);
  });

  test('a partner sees the referral addressed to it, whom it is about and where, and neither the home check nor what others were asked', async () => {
    await step('referForAid', JIANGYIN, yan, { referrals: [
      { addressee: 'township-320281104', helpAsked: ['TEMPORARY_ASSISTANCE'], details: '请先行救急（雁给镇）' }, { addressee: 'insurance-320281', helpAsked: ['MEDICAL_INSURANCE'], details: '医保断缴（雁给医保）' } ] });
    const referrals = 'referrals { referralNo version addressee { code } details } person { name idNumber address }';
    const partner = await desk.node<{ referrals: { referralNo: string; version: number }[] }>(INSURANCE, yan.id, 'ReturnCase', referrals);
    expect(partner).toMatchObject({ referrals: [{ addressee: { code: 'insurance-320281' }, details: '医保断缴（雁给医保）' }], person: { name: YAN.name, idNumber: YAN.idNumber, address: YAN.address } });
    expect(await desk.told(INSURANCE, { ids: [], texts: ['雁家断药三月', '雁给镇', '0000-7610199', YAN.kinName, YAN.birthDate, YAN.features, yan.noticeNo, yan.helpReason, yan.condition, yan.entryDate, '雁栖村村民委员会'] })).toEqual([]);
    await onlyTheInboxTells([INSURANCE], { ids: [], texts: [yan.caseNo] }, yan.caseNo);
    expect(await desk.withheld(INSURANCE, yan.id, 'ReturnCase', 'state homeCheck { text } subject { name } person { kinPhone birthDate }')).toEqual(
      ['Person.birthDate WITHHELD', 'Person.kinPhone WITHHELD', 'ReturnCase.homeCheck WITHHELD', 'ReturnCase.state WITHHELD', 'ReturnCase.subject WITHHELD']);
    [mine, theirs] = [partner?.referrals[0] ?? { referralNo: '', version: 0 }, (await desk.node<{ referrals: { referralNo: string; version: number }[] }>(TOWNSHIP, yan.id, 'ReturnCase', referrals))?.referrals[0] ?? { referralNo: '', version: 0 }];
  });

  test('a township sees the home check with its own referral, and neither the notice nor what was asked of the partner', async () => {
    expect(await desk.node(TOWNSHIP, yan.id, 'ReturnCase', 'homeCheck { text } referrals { details } person { name kinPhone }')).toEqual({ homeCheck: { text: '雁家断药三月，屋漏未修' }, referrals: [{ details: '请先行救急（雁给镇）' }], person: { name: YAN.name, kinPhone: '0000-7610199' } });
    expect(await desk.told(TOWNSHIP, { ids: [], texts: ['雁给医保', yan.noticeNo, yan.helpReason, yan.condition, YAN.birthDate, YAN.features, yan.entryDate, mine.referralNo] })).toEqual([]);
    await nobodyIsTold([OTHER_TOWNSHIP], yan.hidden);
  });

  test('each answers its own referral and no other', async () => {
    expect(await desk.refusal('answerReferral', INSURANCE, { id: yan.id, expectedVersion: theirs.version, referralNo: theirs.referralNo, measures: ['NONE'] })).toBe('NOT_FOUND');
    expect(await desk.refusal('answerReferral', OTHER_TOWNSHIP, { id: yan.id, expectedVersion: theirs.version, referralNo: theirs.referralNo, measures: ['NONE'] })).toBe('NOT_FOUND');
    expect((await desk.try('answerReferral', INSURANCE, { id: yan.id, expectedVersion: mine.version, referralNo: mine.referralNo, measures: ['MEDICAL_INSURANCE'], text: '已恢复待遇' }, 'returnCase { id }')).errors).toEqual([]);
    expect((await desk.try('answerReferral', TOWNSHIP, { id: yan.id, expectedVersion: theirs.version, referralNo: theirs.referralNo, measures: ['TEMPORARY_ASSISTANCE'], text: '救助金已发' }, 'returnCase { id }')).errors).toEqual([]);
    expect(await desk.node(JIANGYIN, yan.id, 'ReturnCase', 'state')).toEqual({ state: 'AIDED' });
    expect(await desk.told(INSURANCE, { ids: [], texts: ['救助金已发'] })).toEqual([]);
  });

  test('a partner asks yes or no about numbers it holds, and a child, a protected person and nobody at all are answered alike', async () => {
    const asker = as('insurance-320281', 'BENEFIT_CHECK', { matter: 'YB-2026-0077' });
    const numbers = [YAN.idNumber, '990102201505210029', '990104199406120047', '990102199601200373'];
    const { data, text } = await desk.read<{ checkReturnees: { idNumber: string; current: boolean }[] }>(asker, 'query ($numbers: [String!]!) { checkReturnees(idNumbers: $numbers) { idNumber current division { code } contactAgency { code } } }', { numbers });
    expect(data?.checkReturnees).toEqual([{ idNumber: YAN.idNumber, current: true, division: { code: '320281' }, contactAgency: { code: 'station-320281' } }, ...numbers.slice(1).map((idNumber) => ({ idNumber, current: false, division: null, contactAgency: null }))]);
    for (const told of [YAN.name, yan.caseNo, '2026-11-', '120000', '陶小满', '沈安平']) expect(text).not.toContain(told);
    await nobodyIsTold([asker], yan.hidden);
    expect((await desk.read(as('insurance-320281', 'BENEFIT_CHECK'), '{ checkReturnees(idNumbers: []) { current } }')).errors[0]?.extensions.code).toBe('MATTER_REQUIRED');
  });
});

describe('the registry: station, county civil affairs and TOWNSHIP', () => {
  let entry: { id: string; entryNo: string };
  const CLASSES = ['MENTAL_DISORDER', '99030119680517001'];

  test('a station enrols whom it received; the township hears nothing of it before the county has reviewed it', async () => {
    entry = await desk.does('enrolAtRisk', CARE.station, { caseNo: yan.caseNo, division: '320281104', riskClasses: ['MENTAL_DISORDER'], careCodes: ['MEDICATION', 'VISIT_IN_PERSON'], disabilityCardNo: `${YAN.idNumber}61` }, 'atRiskEntry { id entryNo }');
    const hidden: Hidden = { ids: [entry.id, yanPerson], texts: [entry.entryNo, YAN.name, YAN.idNumber] };
    await nobodyIsTold([CARE.township, CARE.other, as('station-120000', 'AT_RISK_CARE'), as('station-320200', 'AT_RISK_CARE'), as('civil-341523', 'AT_RISK_CARE'), as('civil-320200', 'SUPERVISION'), as('civil-320000', 'AT_RISK_CARE')], hidden);
    expect(await desk.refusal('approveAtRiskEntry', CARE.station, { id: entry.id })).toBe('FORBIDDEN');
    expect(await desk.refusal('approveAtRiskEntry', as('civil-341523', 'AT_RISK_CARE'), { id: entry.id })).toBe('NOT_FOUND');
  });

  test('the county reviews, asks for completion, approves and sends the roster; it is told the risk class and never a diagnosis', async () => {
    await desk.does('requestCompletion', CARE.county, { id: entry.id, reason: '缺门诊材料' }, 'atRiskEntry { state }');
    await desk.does('resubmitAtRiskEntry', CARE.station, { id: entry.id, note: '已附' }, 'atRiskEntry { state }');
    expect(await desk.does('approveAtRiskEntry', CARE.county, { id: entry.id, township: 'township-320281104' }, 'atRiskEntry { state riskClasses diagnosis }')).toEqual({ state: 'ACTIVE', riskClasses: ['MENTAL_DISORDER'], diagnosis: null });
    expect(await desk.withheld(CARE.county, entry.id, 'AtRiskEntry', 'diagnosis')).toEqual(['AtRiskEntry.diagnosis WITHHELD']);
  });

  test('a township visits whom the roster names, and is told care codes and never a diagnosis, a risk class or a whole number', async () => {
    const roster = await desk.read<{ visitsDue: { nodes: Record<string, unknown>[] } }>(CARE.township, '{ visitsDue(first: 50) { nodes { id entryNo needsVisits careCodes nextVisitBy person { name idNumber address kinPhone ageBand } } } }');
    expect(roster.data?.visitsDue.nodes).toContainEqual(expect.objectContaining({ id: entry.id, needsVisits: true, careCodes: ['MEDICATION', 'VISIT_IN_PERSON'], person: { name: YAN.name, idNumber: expect.stringMatching(/^9\*{16}.$/u), address: YAN.address, kinPhone: '0000-7610199', ageBand: expect.any(String) } }));
    expect(await desk.told(CARE.township, { ids: [], texts: [...CLASSES, 'REPEATED_VAGRANCY', '双相', '阿尔茨海默', YAN.birthDate, YAN.birthDate.slice(0, 4) + '"', yan.caseNo, 'station-120000'] })).toEqual([]);
    expect(await desk.withheld(CARE.township, entry.id, 'AtRiskEntry', 'diagnosis riskClasses disabilityCardNo person { birthDate birthYear idNumber }')).toEqual(
      ['AtRiskEntry.diagnosis WITHHELD', 'AtRiskEntry.disabilityCardNo WITHHELD', 'AtRiskEntry.riskClasses WITHHELD', 'Person.birthDate WITHHELD', 'Person.birthYear WITHHELD', 'Person.idNumber ENDS']);
    await nobodyIsTold([CARE.other], { ids: [entry.id, yanPerson], texts: [entry.entryNo, YAN.name] });
    expect(await desk.refusal('recordVisit', CARE.other, { id: entry.id, visitedOn: '2026-11-20', manner: 'PHONE', result: 'STABLE' })).toBe('NOT_FOUND');
    await desk.does('recordVisit', CARE.township, { id: entry.id, visitedOn: '2026-11-20', manner: 'IN_PERSON', result: 'STABLE', note: '雁家药已续' }, 'atRiskEntry { rosterVisits { note } }');
  });

  test('the station revisits by its own schedule, and the township does not see it', async () => {
    await desk.does('recordRevisit', CARE.station, { id: entry.id, visitedOn: '2026-11-20', manner: 'PHONE', result: 'STABLE', note: '雁家电话回访' }, 'atRiskEntry { visits { regime note } }');
    expect(await desk.doors(CARE.station, { ids: [], texts: ['雁家药已续', '雁家电话回访'] })).toEqual(['atRiskEntries']);
    expect(await desk.told(CARE.township, { ids: [], texts: ['雁家电话回访'] })).toEqual([]);
    expect(await desk.refusal('recordRevisit', CARE.township, { id: entry.id, visitedOn: '2026-11-20', manner: 'PHONE', result: 'STABLE' })).toBe('FORBIDDEN');
  });

  test('a township reports renewed wandering, and the county ends the alarm', async () => {
    await desk.does('reportWandering', CARE.township, { id: entry.id, discoveredAt: '2026-11-20T08:10:00+08:00', note: '清晨不在家' }, 'atRiskEntry { state }');
    expect(await desk.node(CARE.county, entry.id, 'AtRiskEntry', 'state')).toEqual({ state: 'WANDERING' });
    await desk.does('recordFalseAlarm', CARE.county, { id: entry.id, note: '在邻居家' }, 'atRiskEntry { state }');
  });

  test('a station that finds an entrant in the registry learns whom to contact, and nothing else; one who is in no registry is answered as quietly', async () => {
    const asker = as('station-120000', 'AT_RISK_CARE');
    const { data, text } = await desk.try('reportEntrant', asker, { idNumber: YAN.idNumber }, 'contacts { code }');
    expect(data).toEqual({ reportEntrant: { contacts: [{ code: 'civil-320281' }] } });
    for (const told of [YAN.name, entry.entryNo, entry.id.slice(3), 'MENTAL_DISORDER', '320281104']) expect(text).not.toContain(told);
    expect((await desk.try('reportEntrant', asker, { idNumber: '990102199601200373' }, 'contacts { code }')).data).toEqual({ reportEntrant: { contacts: [] } });
    await nobodyIsTold([asker], { ids: [entry.id], texts: [entry.entryNo, YAN.name, YAN.idNumber] });
    expect(await desk.node(CARE.county, entry.id, 'AtRiskEntry', 'state')).toEqual({ state: 'WANDERING' });
    await desk.does('recordReturned', CARE.county, { id: entry.id, returnedOn: '2026-11-20' }, 'atRiskEntry { state }');
  });

  test('HEALTH is referred nobody yet: neither an entry nor a person, a count or a duty is there for it', async () => {
    const health = as('health-320281', 'MEDICAL_CARE', { matter: entry.entryNo });
    const knocked = await desk.knock(health, { ids: [entry.id, yanPerson, yan.id], texts: [entry.entryNo, YAN.name, YAN.idNumber, yan.caseNo], name: YAN.name, idNumber: YAN.idNumber, caseNo: yan.caseNo });
    expect(Object.fromEntries(knocked)).toMatchObject({ 'node AtRiskEntry': 'nothing', 'node Person': 'nothing', 'explain AtRiskEntry': 'nothing', atRiskEntries: 'nothing', returnCases: 'FORBIDDEN', returnCase: 'FORBIDDEN', people: 'FORBIDDEN', stays: 'FORBIDDEN', inbox: 'nothing' });
    expect((await desk.read(health, '{ atRiskEntries { totalCount } inbox { totalCount } inboxCounts { step } }')).data).toEqual({ atRiskEntries: { totalCount: 0 }, inbox: { totalCount: 0 }, inboxCounts: [] });
    expect((await desk.read(as('health-320281', 'AT_RISK_CARE'), '{ atRiskEntries { totalCount } }')).errors[0]?.extensions.code).toBe('PURPOSE_NOT_ALLOWED');
    expect((await desk.read(as('health-320281', 'MEDICAL_CARE'), '{ atRiskEntries { totalCount } }')).errors[0]?.extensions.code).toBe('MATTER_REQUIRED');
  });
});

describe('a child', () => {
  let child: Told;
  test('is on the table of an origin clerk as a case without a person, and in full before the officer for minors', async () => {
    child = await send(TIANJIN, CHILD, { guardianAssessedOn: '2026-11-18' });
    await step('acknowledgeReturn', JIANGYIN, child);
    child.hidden = { ...child.hidden, ids: [child.id, await personOf(JIANGYIN, child)] };
    expect(await desk.told(JIANGYIN, { ids: [], texts: [...textsOf(CHILD), child.helpReason, child.condition], name: CHILD.name, idNumber: CHILD.idNumber })).toEqual([]);
    expect(await desk.node(JIANGYIN, child.id, 'ReturnCase', 'caseNo subject { name } person { name }')).toEqual({ caseNo: child.caseNo, subject: null, person: { name: null } });
    expect(await desk.withheld(JIANGYIN, child.id, 'ReturnCase', 'subject { name } person { name }')).toEqual(['Person.name WITHHELD', 'ReturnCase.subject WITHHELD']);
    expect(await desk.node({ ...JIANGYIN, ...OFFICER }, child.id, 'ReturnCase', 'subject { name } person { name }')).toEqual({ subject: { name: CHILD.name }, person: { name: CHILD.name } });
    expect(await desk.node(TIANJIN, child.id, 'ReturnCase', 'subject { name } person { name }')).toEqual({ subject: { name: CHILD.name }, person: { name: CHILD.name } });
  });

  test('is not named to a township or a partner that is asked to help, save to their officers for minors', async () => {
    const [station, township, partner] = [JIANGYIN, TOWNSHIP, INSURANCE].map((asker) => ({ ...asker, ...OFFICER }));
    for (const [operation, more] of [['receiveReturnee', { receivedOn: '2026-11-20' }], ['confirmHome', {}], ['recordHomeCheck', { checkedOn: '2026-11-20', difficulties: ['LIVELIHOOD'], text: '燕家祖孙二人' }],
      ['referForAid', { referrals: [{ addressee: 'township-320281104', helpAsked: ['CHILD_PROTECTION'], details: '燕家请镇儿童主任' }, { addressee: 'insurance-320281', helpAsked: ['MEDICAL_INSURANCE'], details: '燕家请续医保' }] }]] as const) await step(operation, station ?? JIANGYIN, child, more);
    const secret: Hidden = { ids: [], texts: [...textsOf(CHILD), '燕家祖孙二人', '燕家请镇儿童主任', '燕家请续医保', child.noticeNo] };
    for (const asker of [TOWNSHIP, INSURANCE]) expect(await desk.told(asker, secret)).toEqual([]);
    expect(await desk.node(township ?? TOWNSHIP, child.id, 'ReturnCase', 'homeCheck { text } person { name }')).toEqual({ homeCheck: { text: '燕家祖孙二人' }, person: { name: CHILD.name } });
    expect(await desk.node(partner ?? INSURANCE, child.id, 'ReturnCase', 'homeCheck { text } person { name }')).toEqual({ homeCheck: null, person: { name: CHILD.name } });
    expect(await desk.told(OTHER_TOWNSHIP, child.hidden)).toEqual([]);
  });
});

describe('a protected person', () => {
  let sheltered: Told;
  let before: string[];
  const origin = [JIANGYIN, COUNTY, CARE.station, as('civil-320200', 'SUPERVISION'), as('civil-320000', 'SUPERVISION'), as('civil-000000', 'SUPERVISION')];

  test('disappears from the side she fled from, with every count, as if the notice had never come', async () => {
    before = await Promise.all(origin.map((asker) => desk.counts(asker)));
    sheltered = await send(TIANJIN, SHELTERED);
    await step('acknowledgeReturn', JIANGYIN, sheltered);
    const person = await personOf(TIANJIN, sheltered);
    sheltered.hidden = { ...sheltered.hidden, ids: [sheltered.id, person] };
    expect((await desk.doors(JIANGYIN, sheltered.hidden)).length).toBeGreaterThan(8);
    await desk.does('protectPerson', TIANJIN, { id: person, basis: '人身安全保护令（鹿）', namedUnit: 'police-120000' }, 'person { id }');
    sheltered.hidden = { ...sheltered.hidden, texts: [...sheltered.hidden.texts, '人身安全保护令（鹿）'] };
    await nobodyIsTold([...origin, { ...JIANGYIN, ...OFFICER }, TOWNSHIP, INSURANCE, SHUCHENG], sheltered.hidden);
    expect(await Promise.all(origin.map((asker) => desk.counts(asker)))).toEqual(before);
    for (const [operation, more] of [['receiveReturnee', { receivedOn: '2026-11-20' }], ['confirmHome', {}]] as const) expect(await desk.refusal(operation, JIANGYIN, { id: sheltered.id, ...more })).toBe('NOT_FOUND');
    expect(await desk.refusal('endProtection', JIANGYIN, { id: person, reason: '家属来问' })).toBe('NOT_FOUND');
  });

  test('is seen by the station that holds her and its civil affairs; the named unit is told under no purpose that it may not state', async () => {
    expect(await desk.node(TIANJIN, sheltered.id, 'ReturnCase', 'state person { name }')).toEqual({ state: 'ACKNOWLEDGED', person: { name: SHELTERED.name } });
    expect(await desk.node(as('civil-120000', 'SUPERVISION'), sheltered.id, 'ReturnCase', 'state subject { name }')).toEqual({ state: 'ACKNOWLEDGED', subject: null });
    expect([...new Set((await desk.knock(as('police-120000', 'RETURN'), sheltered.hidden)).values())]).toEqual(['PURPOSE_NOT_ALLOWED']);
  });

  test('is not hit by a registered household, and no partner, station or inbox learns that she is known', async () => {
    const waiting = await desk.counts(COUNTY_RELIEF);
    const registered = await desk.try('registerHouseholds', RELIEF, { households: [{ householdNo: 'XZ-LU', headName: '鹿氏', division: '320281100', kind: 'REGISTERED', members: [{ name: '鹿氏女', idNumber: SHELTERED.idNumber }] }] }, 'registered');
    expect(registered.data).toEqual({ registerHouseholds: { registered: 1 } });
    expect((await desk.try('flagHouseholds', RELIEF, { householdNos: ['XZ-LU'] }, 'accepted')).data).toEqual({ flagHouseholds: { accepted: 1 } });
    expect(await desk.counts(COUNTY_RELIEF)).toBe(waiting);
    expect((await desk.try('reportEntrant', as('station-320200', 'AT_RISK_CARE'), { idNumber: SHELTERED.idNumber }, 'contacts { code }')).data).toEqual({ reportEntrant: { contacts: [] } });
    const check = await desk.read<{ checkReturnees: { current: boolean }[] }>(as('insurance-320281', 'BENEFIT_CHECK', { matter: 'YB-2026-0078' }), `{ checkReturnees(idNumbers: ["${SHELTERED.idNumber}"]) { current } }`);
    expect(check.data?.checkReturnees).toEqual([{ current: false }]);
  });
});

describe('POVERTY_RELIEF', () => {
  const OFFICE_SEES = '{ registeredHouseholds(first: 200) { nodes { id householdNo flag { state contactAgency { code } } } } }';
  const flagOf = async (no: string): Promise<unknown> => (await desk.read<{ registeredHouseholds: { nodes: { householdNo: string; flag: unknown }[] } }>(RELIEF, OFFICE_SEES)).data?.registeredHouseholds.nodes.find(({ householdNo }) => householdNo === no)?.flag ?? null;
  let household: string;

  test('registers and flags its households; county civil affairs is told of the hit, and the office of nothing until it is confirmed', async () => {
    const member = (name: string, idNumber: string): object => ({ division: '320281104', kind: 'REGISTERED', headName: `${name}户`, householdNo: `XZ-${name}`, members: [{ name, idNumber, relation: '户主' }] });
    const { data } = await desk.try('registerHouseholds', RELIEF, { households: [member('雁户', YAN.idNumber), member('燕户', CHILD.idNumber), member('闲户', '990102199601200373')] }, 'registered refused { code }');
    expect(data).toEqual({ registerHouseholds: { registered: 3, refused: [] } });
    const untold = await desk.counts(RELIEF);
    await desk.try('flagHouseholds', RELIEF, { householdNos: ['XZ-雁户', 'XZ-燕户', 'XZ-闲户'] }, 'accepted');
    expect([await flagOf('XZ-雁户'), await flagOf('XZ-燕户'), await flagOf('XZ-闲户'), await flagOf('XZ-LU')]).toEqual([null, null, null, null]);
    expect(await desk.counts(RELIEF)).toBe(untold);
    const { data: matched } = await desk.read<{ registeredHouseholds: { nodes: { id: string; householdNo: string; flag: { state: string } | null; members: unknown[] }[] } }>(COUNTY_RELIEF, '{ registeredHouseholds(first: 200) { nodes { id householdNo flag { state } members { matchedPerson { name } } } } }');
    const hit = matched?.registeredHouseholds.nodes.find(({ householdNo }) => householdNo === 'XZ-雁户');
    expect(hit).toMatchObject({ flag: { state: 'PROPOSED' }, members: [{ matchedPerson: { name: YAN.name } }] });
    expect(matched?.registeredHouseholds.nodes.map(({ householdNo }) => householdNo)).not.toContain('XZ-LU');
    household = hit?.id ?? '';
  });

  test('once county civil affairs has confirmed, learns that a household is flagged and whom to contact; not who, when, where or why', async () => {
    expect(await desk.refusal('confirmFlag', RELIEF, { householdId: household })).toBe('FORBIDDEN');
    await desk.does('confirmFlag', COUNTY_RELIEF, { householdId: household, reason: '雁户与台账相符' }, 'household { flag { state } }');
    expect(await flagOf('XZ-雁户')).toEqual({ state: 'CONFIRMED', contactAgency: { code: 'civil-320281' } });
    expect([await flagOf('XZ-燕户'), await flagOf('XZ-闲户'), await flagOf('XZ-LU')]).toEqual([null, null, null]);
    const { ids, name, idNumber, caseNo } = yan.hidden;
    const told = await desk.told(RELIEF, { ids, name, idNumber, caseNo, texts: [YAN.name, YAN.address, YAN.kinName, YAN.birthDate, yan.caseNo, yan.noticeNo, yan.helpReason, '雁户与台账相符', 'station-120000', 'station-320281', 'MENTAL_DISORDER', '2026-11-20'] });
    expect(told).toEqual([]);
    expect(await desk.withheld(RELIEF, household, 'RegisteredHousehold', 'members { matchedPerson { name } }')).toEqual(['HouseholdMember.matchedPerson WITHHELD']);
    expect([...new Set((await desk.knock(as('poverty-320281', 'RETURN'), yan.hidden)).values())]).toEqual(['PURPOSE_NOT_ALLOWED']);
  });

  test('county civil affairs of another county sees no household of it', async () => {
    await nobodyIsTold([as('civil-341523', 'POVERTY_RELIEF'), as('civil-320281', 'AT_RISK_CARE')], { ids: [household], texts: ['XZ-雁户', '雁户户'] });
    expect((await desk.read(as('civil-320000', 'POVERTY_RELIEF'), OFFICE_SEES)).errors[0]?.extensions.code).toBe('PURPOSE_NOT_ALLOWED');
  });
});

describe('CIVIL_AFFAIRS', () => {
  test('receives where there is no station, as a station would, and the stations of other places know nothing of it', async () => {
    const tea = await send(TIANJIN, TEA);
    await nobodyIsTold([JIANGYIN, WUXI, COUNTY, as('civil-340000', 'RETURN')], tea.hidden);
    await onlyTheInboxTells([as('civil-341523', 'AT_RISK_CARE')], tea.hidden, tea.caseNo);
    for (const [operation, more] of [['acknowledgeReturn', {}], ['receiveReturnee', { receivedOn: '2026-11-20' }], ['confirmHome', {}], ['recordHomeCheck', { checkedOn: '2026-11-20', difficulties: [], text: '舒家安稳' }], ['closeReturn', { outcome: 'NO_DIFFICULTY' }]] as const) await step(operation, SHUCHENG, tea, more);
    expect(await desk.node(SHUCHENG, tea.id, 'ReturnCase', 'state homeCheck { text }')).toEqual({ state: 'CLOSED', homeCheck: { text: '舒家安稳' } });
  });

  test('supervises number, state and clocks of its area, and no person, no notice and no other area', async () => {
    for (const agency of ['civil-320200', 'civil-320000', 'civil-000000']) {
      const asker = as(agency, 'SUPERVISION');
      expect(await desk.node(asker, yan.id, 'ReturnCase', 'caseNo state person { name } subject { name } noticeNo')).toEqual({ caseNo: yan.caseNo, state: 'AIDED', person: null, subject: null, noticeNo: null });
      const knocked = await desk.knock(asker, { ids: [yanPerson], texts: [...textsOf(YAN), yan.noticeNo, yan.helpReason, yan.condition, yan.entryDate, '雁家'], name: YAN.name, idNumber: YAN.idNumber });
      expect([...knocked].filter(([, outcome]) => outcome.startsWith('told'))).toEqual([]);
      expect([knocked.get('people'), knocked.get('returnCases by name'), knocked.get('returnCases by number')]).toEqual(['FORBIDDEN', 'FIELD_NOT_FILTERABLE', 'FIELD_NOT_FILTERABLE']);
    }
    await nobodyIsTold([as('civil-340000', 'SUPERVISION'), as('civil-341500', 'SUPERVISION')], yan.hidden);
  });

  test('coordinates a refused person level by level up to the ministry, each seeing the person only while it coordinates', async () => {
    const refused = await send(JIANGYIN, REFUSED);
    await step('acknowledgeReturn', SHUCHENG, refused);
    const person = await personOf(SHUCHENG, refused);
    await step('refuseReturn', SHUCHENG, refused, { code: 'NOT_RESIDENT', text: '悬氏不在本县' });
    const levels = ['civil-320281', 'civil-320200', 'civil-320000', 'civil-000000'].map((agency) => as(agency, 'COORDINATION', { matter: refused.caseNo }));
    const secret: Hidden = { ...refused.hidden, ids: [person], texts: [...textsOf(REFUSED), refused.noticeNo, refused.entryDate, refused.helpReason, refused.condition, '悬氏不在本县'] };
    await nobodyIsTold(levels, { ...secret, ids: [refused.id, person], texts: [...secret.texts, refused.caseNo] });
    await step('reportRefusalUp', JIANGYIN, refused);
    for (const [index, level] of levels.entries()) {
      expect({ level: level.agency, seen: await desk.node(level, refused.id, 'ReturnCase', 'state subject { name } person { name }') }).toEqual({ level: level.agency, seen: { state: 'COORDINATING', subject: { name: REFUSED.name }, person: { name: REFUSED.name } } });
      if (index === 0) expect(await desk.told({ ...level, matter: yan.caseNo }, { ...secret, caseNo: undefined })).toEqual([]);
      await nobodyIsTold(levels.filter((_, other) => other !== index), { ...secret, ids: [person], caseNo: undefined });
      if (index < levels.length - 1) {
        expect(await desk.refusal('directReturn', level, { id: refused.id, receiver: 'civil-341523', receiveBy: '2026-11-27' })).toBe('TRANSITION_NOT_ALLOWED');
        await desk.try('passRefusalUp', level, { id: refused.id, note: '本级不能指定' }, 'returnCase { id }');
      }
    }
    const ministry = levels.at(-1) ?? JIANGYIN;
    expect((await desk.try('directReturn', ministry, { id: refused.id, receiver: 'civil-341523', receiveBy: '2026-11-27' }, 'returnCase { id }')).errors).toEqual([]);
    await nobodyIsTold(levels, secret);
    expect(await desk.node(SHUCHENG, refused.id, 'ReturnCase', 'state')).toEqual({ state: 'ACKNOWLEDGED' });
  });
});

describe('a person whose identity stays unknown', () => {
  const [STATION, CIVIL, POLICE, SUPPORT] = ['station-320281', 'civil-320281', 'police-320281', 'township-320281104'].map((agency) => as(agency, 'SETTLEMENT')) as [Asker, Asker, Asker, Asker];
  const RECORD = 'settlementCase { id state }';
  let stay: { id: string; stayNo: string };
  let settlement: { id: string; settlementNo: string; person: { id: string } };
  let hidden: Hidden;

  test('stays at a station, which publishes tracing and is told when the three months are over', async () => {
    stay = await desk.does('openStay', STATION, { enteredOn: '2026-08-17', sex: 'MALE', estimatedAge: 57, calledName: '自称桥夫', features: '背有七星痣（桥夫）' }, 'stay { id stayNo }');
    await nobodyIsTold([SUPPORT, POLICE, as('station-320200', 'SETTLEMENT'), as('civil-341523', 'SETTLEMENT')], { ids: [stay.id], texts: [stay.stayNo, '自称桥夫', '七星痣', '2026-08-17'] });
    expect(await desk.node(as('civil-320200', 'SUPERVISION'), stay.id, 'Stay', 'stayNo calledName enteredOn')).toEqual({ stayNo: stay.stayNo, calledName: null, enteredOn: null });
    await desk.does('updateTracing', STATION, { id: stay.id, publishedOn: '2026-08-18' }, 'stay { id }');
    await desk.tickAt('2026-12-02T11:00:00+08:00');
    const { data } = await desk.read<{ settlementCases: { nodes: (typeof settlement & { state: string; enteredOn: string })[] } }>(STATION, '{ settlementCases(first: 50) { nodes { id settlementNo state enteredOn person { id } } } }');
    const due = data?.settlementCases.nodes.find(({ enteredOn }) => enteredOn === '2026-08-17');
    if (!due) throw new Error('no settlement is due');
    expect(due.state).toBe('DUE');
    settlement = due;
    hidden = { ids: [settlement.id, settlement.person.id], texts: [settlement.settlementNo, '2026-08-17', '桥夫'] };
  });

  test('the station applies with proof of its search, and civil affairs plans; public security sees no plan, no proof and no person', async () => {
    expect(await desk.refusal('applyForSettlement', as('station-320200', 'SETTLEMENT'), { id: settlement.id, proofOfSearch: '无' })).toBe('NOT_FOUND');
    await desk.does('applyForSettlement', STATION, { id: settlement.id, proofOfSearch: '八月登报寻亲（桥夫）' }, RECORD);
    expect(await desk.refusal('submitSettlementPlan', STATION, { id: settlement.id, plan: '自拟' })).toBe('FORBIDDEN');
    await desk.does('submitSettlementPlan', CIVIL, { id: settlement.id, plan: '落集体户（桥夫）' }, RECORD);
    await desk.does('recordGovernmentDecision', CIVIL, { id: settlement.id, decision: 'HUKOU', documentNo: '澄政复桥夫1号', decidedOn: '2026-12-01' }, RECORD);
    await desk.does('fileHukou', CIVIL, { id: settlement.id, hukouDivision: '320281104' }, RECORD);
    expect(await desk.told(POLICE, { ids: [settlement.person.id], texts: ['桥夫', '2026-08-17'] })).toEqual([]);
    expect(await desk.withheld(POLICE, settlement.id, 'SettlementCase', 'plan proofOfSearch person { id } enteredOn')).toEqual(['SettlementCase.enteredOn WITHHELD', 'SettlementCase.person WITHHELD', 'SettlementCase.plan WITHHELD', 'SettlementCase.proofOfSearch WITHHELD']);
    expect(await desk.told(as('civil-320000', 'SUPERVISION'), { ids: [settlement.person.id], texts: ['桥夫', '七星痣', '桥夫1号'] })).toEqual([]);
    expect(await desk.withheld(as('civil-320000', 'SUPERVISION'), settlement.id, 'SettlementCase', 'enteredOn plan person { id }')).toEqual(['SettlementCase.enteredOn WITHHELD', 'SettlementCase.person WITHHELD', 'SettlementCase.plan WITHHELD']);
    await nobodyIsTold([as('police-120000', 'SETTLEMENT'), as('police-320200', 'SETTLEMENT'), as('civil-341523', 'SETTLEMENT'), as('station-120000', 'SETTLEMENT'), as('township-320281100', 'SETTLEMENT')], hidden);
  });

  test('PUBLIC_SECURITY that is the named unit of a protected person still registers the hukou, and superiors and others see no case any more', async () => {
    const above = as('civil-320000', 'SUPERVISION');
    expect(await desk.doors(above, { ids: [settlement.id], texts: [settlement.settlementNo] })).toContain('settlementCases');
    const protect = (namedUnit: string): Promise<unknown> => desk.does('protectPerson', STATION, { id: settlement.person.id, basis: '疑似被拐（桥夫）', namedUnit }, 'person { id }');
    await protect('police-120000');
    await nobodyIsTold([POLICE, SUPPORT, as('civil-320000', 'SUPERVISION')], hidden);
    expect(await desk.refusal('registerHukou', POLICE, { id: settlement.id, registeredOn: '2026-12-02' })).toBe('NOT_FOUND');
    await protect('police-320281');
    await nobodyIsTold([SUPPORT, as('civil-320000', 'SUPERVISION'), as('police-120000', 'SETTLEMENT')], hidden);
    expect(await desk.told(POLICE, { ids: [settlement.person.id], texts: ['桥夫', '2026-08-17'] })).toEqual([]);
    expect(await desk.does('registerHukou', POLICE, { id: settlement.id, registeredOn: '2026-12-02' }, 'settlementCase { state hukouRegisteredOn }')).toEqual({ state: 'REGISTERED', hukouRegisteredOn: '2026-12-02' });
  });

  test('civil affairs assesses support; once protection has ended, superiors are told the state again, the township of the hukou its support, and neither ever who has it', async () => {
    await desk.does('assessSupport', CIVIL, { id: settlement.id, assessment: 'SUPPORTED', supportKind: '集中供养（桥头镇）' }, RECORD);
    await desk.does('endProtection', STATION, { id: settlement.person.id, reason: '查无拐卖' }, 'person { id }');
    const above = as('civil-320000', 'SUPERVISION');
    expect(await desk.node(above, settlement.id, 'SettlementCase', 'state supportKind person { id } hukouRegisteredOn')).toEqual({ state: 'SUPPORTED', supportKind: null, person: null, hukouRegisteredOn: null });
    expect(await desk.told(above, { ids: [settlement.person.id], texts: ['桥夫', '七星痣', '集中供养（桥头镇）'] })).toEqual([]);
    expect(await desk.node(SUPPORT, settlement.id, 'SettlementCase', 'settlementNo state supportKind person { id } plan institution enteredOn hukouDivision { code }')).toEqual({ settlementNo: settlement.settlementNo, state: 'SUPPORTED', supportKind: '集中供养（桥头镇）', person: null, plan: null, institution: null, enteredOn: null, hukouDivision: null });
    expect(await desk.told(SUPPORT, { ids: [settlement.person.id], texts: ['桥夫', '七星痣', '2026-08-17'] })).toEqual([]);
    await nobodyIsTold([as('township-320281100', 'SETTLEMENT')], hidden);
  });
});

describe('PUBLIC_SECURITY answers at its own level', () => {
  const LEVELS = [['police-320281', 'civil-320281'], ['police-320200', 'civil-320200'], ['police-320000', 'civil-320000'], ['police-000000', 'civil-000000']] as const;
  const RECORD = 'inquiry { id }';
  let inquiry: { id: string; inquiryNo: string };
  let sought: Hidden;
  const of = (agency: string, more: Partial<Asker> = {}): Asker => as(agency, 'IDENTITY', { matter: inquiry.inquiryNo, ...more });

  test('a station asks public security of its own level, and no other level has heard of it', async () => {
    const stay = await desk.does<{ id: string; stayNo: string }>('openStay', as('station-320281', 'SETTLEMENT'), { enteredOn: '2026-12-01', sex: 'FEMALE', estimatedAge: 44, calledName: '自称渡娘', features: '耳后青记（渡娘）' }, 'stay { id stayNo }');
    inquiry = await desk.does('openInquiry', as('station-320281', 'IDENTITY'), { stayNo: stay.stayNo, methods: ['FACE'], ownComparison: '系统比对无果（渡娘）' }, 'inquiry { id inquiryNo }');
    sought = { ids: [inquiry.id], texts: [inquiry.inquiryNo, '自称渡娘', '青记', '系统比对无果'] };
    expect(await desk.doors(of('police-320281'), sought)).toEqual(['explain IdentityInquiry', 'identityInquiries', 'inbox', 'node IdentityInquiry']);
    await nobodyIsTold([...LEVELS.slice(1).flat().map((agency) => of(agency)), of('police-120000'), of('station-120000')], sought);
  });

  test('without its number as matter, whoever is asked is told number, state and clock alone', async () => {
    expect(await desk.told(as('police-320281', 'IDENTITY'), { ids: [], texts: ['渡娘', '青记'] })).toEqual([]);
    expect((await desk.read(as('police-320281', 'IDENTITY'), '{ node(id: "x") { id } }')).errors[0]?.extensions.code).toBe('MATTER_REQUIRED');
    await nobodyIsTold([as('police-320281', 'IDENTITY', { matter: 'IQ-8K2TD-5RW3V' })], { ids: [], texts: ['渡娘', '青记'] });
  });

  test('county, prefecture, province, ministry: each is asked by civil affairs of its own level, and sees no other level\'s answer', async () => {
    for (const [index, [police, civil]] of LEVELS.entries()) {
      if (index > 0) await desk.does('askPublicSecurity', of(civil), { id: inquiry.id }, RECORD);
      expect(await desk.node(of(police), inquiry.id, 'IdentityInquiry', 'features answers { note } candidates { name } transitions { to } level')).toEqual({ features: '耳后青记（渡娘）', answers: null, candidates: null, transitions: null, level: null });
      for (const [other] of LEVELS.filter(([one]) => one !== police)) expect(await desk.refusal('askPublicSecurity', of(other), { id: inquiry.id })).toBe('FORBIDDEN');
      await nobodyIsTold(LEVELS.slice(index + 1).flat().map((agency) => of(agency)), sought);
      if (index === LEVELS.length - 1) break;
      expect((await desk.try('answerInquiry', of(police), { id: inquiry.id, answer: index === 2 ? 'BEYOND_AUTHORITY' : 'NO_HIT', note: `第${index}级查无（渡娘）` }, RECORD)).errors).toEqual([]);
      expect(await desk.refusal('passInquiryUp', of(LEVELS[index + 1]?.[1] ?? ''), { id: inquiry.id })).toBe('NOT_FOUND');
      expect((await desk.try('passInquiryUp', of(civil), { id: inquiry.id }, RECORD)).errors).toEqual([]);
      if (index > 0) await nobodyIsTold([of(civil)], sought);
    }
    for (const [police] of LEVELS) expect(await desk.told(of(police), { ids: [], texts: ['第0级查无', '第1级查无', '第2级查无'] })).toEqual([]);
  });

  test('what the ministry finds flows back to the station that asked, and to nobody on the way; two members of staff decide', async () => {
    expect((await desk.try('answerInquiry', of('police-000000'), { id: inquiry.id, answer: 'HIT', candidates: [{ method: 'FACE', name: '渡江来', birthDate: '1982-12-21', note: '失联于渡口' }] }, RECORD)).errors).toEqual([]);
    const found = await desk.node<{ answers: { note: string | null }[]; candidates: { candidateNo: string; name: string }[] }>(of('station-320281'), inquiry.id, 'IdentityInquiry', 'answers { note } candidates { candidateNo name }');
    expect(found?.candidates).toEqual([{ candidateNo: expect.any(String), name: '渡江来' }]);
    expect(found?.answers.map(({ note }) => note)).toEqual(['第0级查无（渡娘）', '第1级查无（渡娘）', '第2级查无（渡娘）', null]);
    await nobodyIsTold([...LEVELS.flat().map((agency) => of(agency)), of('police-120000'), as('civil-320000', 'SUPERVISION')], { ids: [], texts: ['渡江来', '1982-12-21', '失联于渡口'] });
    const candidateNo = found?.candidates[0]?.candidateNo;
    for (const [user, state] of [['甲', 'CANDIDATE'], ['乙', 'IDENTIFIED']] as const) {
      await desk.does('confirmCandidate', of('station-320281', { user }), { id: inquiry.id, candidateNo }, RECORD);
      expect(await desk.node(of('station-320281'), inquiry.id, 'IdentityInquiry', 'state')).toEqual({ state });
    }
    await nobodyIsTold(LEVELS.map(([police]) => of(police)), { ...sought, texts: [...sought.texts, '渡江来'] });
  });
});

describe('PUBLIC_SECURITY is told of somebody missing', () => {
  const DETAILS = { name: '渡口失人', sex: 'MALE', estimatedAge: 52, missingSince: '2026-11-20', looks: '缺一颗门牙（渡口）', kinName: '渡口报案人', kinRelation: '丈人（渡口）', kinPhone: '0000-7660606' };
  const TAKEN = 'police-320200';
  let report: { id: string; reportNo: string };
  let inquiry: { id: string; inquiryNo: string };
  const ofReport = (agency: string): Asker => as(agency, 'IDENTITY', { matter: report.reportNo });
  const ofInquiry = (agency: string, more: Partial<Asker> = {}): Asker => as(agency, 'IDENTITY', { matter: inquiry.inquiryNo, ...more });
  const theirs = (): Hidden => ({ ids: [report.id], texts: [report.reportNo, DETAILS.name, '缺一颗门牙（渡口）', DETAILS.kinName, '丈人（渡口）', DETAILS.kinPhone] });

  test('what relatives say is its own: no other public security, no station and no civil affairs department is told', async () => {
    report = await desk.does('reportMissing', as(TAKEN, 'IDENTITY'), { details: DETAILS }, 'report { id reportNo }');
    expect(await desk.doors(ofReport(TAKEN), theirs())).toEqual(['explain MissingReport', 'missingReports', 'node MissingReport']);
    await nobodyIsTold([...['police-320281', 'police-320000', 'station-320281', 'civil-320281', 'civil-320200'].map(ofReport), as('civil-320000', 'SUPERVISION')], theirs());
  });

  test('a station that compares is told of the missing person, and of the relative nothing; public security is not told that it compared', async () => {
    const stay = await desk.does<{ id: string; stayNo: string }>('openStay', as('station-320281', 'SETTLEMENT'), { enteredOn: '2026-12-01', sex: 'MALE', estimatedAge: 50, calledName: '渡口来客', features: '门牙缺（站内渡口）' }, 'stay { id stayNo }');
    inquiry = await desk.does('openInquiry', as('station-320281', 'IDENTITY'), { stayNo: stay.stayNo, methods: ['FACE'], ownComparison: '比对无果（渡口）' }, 'inquiry { id inquiryNo }');
    const before = await desk.read(ofReport(TAKEN), '{ missingReports { totalCount nodes { id version state results { toldOn } } } }');
    await desk.does('compareMissingReports', ofInquiry('station-320281'), { id: inquiry.id }, 'inquiry { id }');
    expect(await desk.node(ofInquiry('station-320281'), inquiry.id, 'IdentityInquiry', 'missingCandidates { name looks reporter { code } }')).toMatchObject({ missingCandidates: expect.arrayContaining([{ name: DETAILS.name, looks: DETAILS.looks, reporter: { code: TAKEN } }]) });
    expect(await desk.told(ofInquiry('station-320281'), { ids: [report.id], texts: [DETAILS.kinName, '丈人（渡口）', DETAILS.kinPhone] })).toEqual([]);
    await nobodyIsTold(['police-320281', 'civil-320281', 'station-320200'].map((agency) => ofInquiry(agency)), { ids: [], texts: [report.reportNo, DETAILS.name, '缺一颗门牙（渡口）'] });
    expect((await desk.read(ofReport(TAKEN), '{ missingReports { totalCount nodes { id version state results { toldOn } } } }')).data).toEqual(before.data);
  });

  test('not told, it learns nothing by any door; told by two members of staff, it learns whom to speak to, and neither where the person is nor by which number', async () => {
    const answer = async (more: object): Promise<void> => {
      for (const user of ['甲', '乙']) await desk.does('answerMissingCandidate', ofInquiry('station-320281', { user }), { id: inquiry.id, reportNo: report.reportNo, verdict: 'SAME_PERSON', ...more }, 'inquiry { id }');
    };
    const held: Hidden = { ids: [inquiry.id], texts: [inquiry.inquiryNo, '渡口来客', '站内渡口', '比对无果（渡口）', '本人不愿（渡口）', 'station-320281'] };
    await answer({ tell: false, reason: '本人不愿（渡口）' });
    await nobodyIsTold([ofReport(TAKEN)], { ...held, texts: [...held.texts, 'civil-320281'] });
    await answer({ tell: true });
    expect(await desk.node(ofReport(TAKEN), report.id, 'MissingReport', 'state results { contact { code } }')).toEqual({ state: 'OPEN', results: [{ contact: { code: 'civil-320281' } }] });
    await nobodyIsTold([ofReport(TAKEN)], held);
    await nobodyIsTold([ofReport('police-320281'), as('civil-320000', 'SUPERVISION')], theirs());
  });
});

describe('CIVIL_AFFAIRS counts', () => {
  test('asks for statistics of its own area, under SUPERVISION alone, and small counts are shown to nobody', async () => {
    await desk.tickAt('2026-12-12T08:00:00+08:00');
    await desk.closeStatisticsAt('2026-12-12T09:00:00+08:00');
    const ask = (asker: Asker, division: string): Promise<HubAnswer> => desk.read(asker, 'query ($division: String!) { statistics(division: $division, period: "2026-11") { total { division figures { measure parts { part count } } } children { division figures { parts { count } } } } }', { division });
    const { data, text, errors } = await ask(as('civil-320000', 'SUPERVISION'), '320000');
    expect(errors).toEqual([]);
    expect(data).toMatchObject({ statistics: { total: { division: '320000' } } });
    expect([...text.matchAll(/"count":(\d+)/gu)].filter(([, count]) => Number(count) < 5)).toEqual([]);
    expect((await ask(as('civil-320000', 'SUPERVISION'), '340000')).errors[0]?.extensions.code).toBe('FORBIDDEN');
    for (const asker of [as('civil-320000'), JIANGYIN, as('township-320281104')]) expect((await ask(asker, '320281')).errors[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('DATA_AUTHORITY and AUDIT', () => {
  test.each(['data-320200', 'audit-320000'])('%s sees no person, no row, no count and no id, by any door', async (agency) => {
    const asker = as(agency, 'AUDIT');
    const knocked = [...(await desk.knock(asker, yan.hidden))].filter(([door, outcome]) => outcome !== (door.startsWith('explain') ? 'nothing' : 'FORBIDDEN'));
    expect(knocked).toEqual([]);
    expect(await desk.counts(asker)).not.toMatch(/\d/u);
    for (const purpose of ['RETURN', 'SUPERVISION', 'AT_RISK_CARE'] as const) expect([...new Set((await desk.knock(as(agency, purpose), yan.hidden)).values())]).toEqual(['PURPOSE_NOT_ALLOWED']);
  });

  test('DATA_AUTHORITY reads what the policy gives every kind; AUDIT reads what it gives AUDIT, which is nothing', async () => {
    const matrix = (agency: string, kind?: string): Promise<HubAnswer<{ policyMatrix: { record: string; field: string; rung: string }[] }>> => desk.read(as(agency, 'AUDIT'), 'query ($kind: AgencyKind) { policyMatrix(kind: $kind) { record field kind rung rule } }', { kind });
    const { data } = await matrix('data-320200', 'TOWNSHIP');
    const cells = data?.policyMatrix ?? [];
    expect(cells).toContainEqual(expect.objectContaining({ record: 'AtRiskEntry', field: 'careCodes', rung: 'FULL' }));
    expect(cells.filter(({ field, rung }) => (field === 'riskClasses' || field === 'diagnosis') && rung !== 'WITHHELD')).toEqual([]);
    expect((await matrix('audit-320000', 'TOWNSHIP')).errors[0]?.extensions.code).toBe('FORBIDDEN');
    expect((await matrix('audit-320000')).data?.policyMatrix.filter(({ rung }) => rung !== 'WITHHELD')).toEqual([]);
  });

  test('what is logged and what is kept as evidence name nobody whom the story was about', async () => {
    const evidence = await desk.evidence();
    for (const agency of ['station-120000', 'civil-000000', 'police-000000', 'township-320281104', 'poverty-320281', 'insurance-320281', 'health-320281', 'data-320200', 'audit-320000']) expect(evidence.some((body) => body.includes(`"${agency}"`))).toBe(true);
    const kept = `${desk.hub.logged()}\n${evidence.join('\n')}`;
    const texts = [YAN, CHILD, SHELTERED, TEA, REFUSED].flatMap(textsOf);
    for (const text of [...texts, '桥夫', '雁家', '燕家', '渡娘', '渡江来', '人身安全保护令（鹿）']) expect({ text, kept: kept.includes(text) }).toEqual({ text, kept: false });
  });
});
