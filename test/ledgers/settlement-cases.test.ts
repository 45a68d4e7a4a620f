import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startHub, type TestHub } from '../support/hub.js';
import { SettlementDesk, type Stood } from '../support/settlement-desk.js';

/** The edge cases of settlement in ledgers.md, each by its name. */

const [STATION, CIVIL, POLICE] = ['station-320281', 'civil-320281', 'police-320281'];

let hub: TestHub;
let desk: SettlementDesk;
beforeAll(async () => {
  hub = await startHub();
  desk = new SettlementDesk(hub);
});
afterAll(() => hub.stop());
beforeEach(() => desk.at('2026-11-20T10:00:00+08:00'));

const enter = (enteredOn: string, more: object = {}): Promise<Stood> => desk.stay('openStay', STATION, { enteredOn, estimatedAge: 50, ...more });
const states = async (stay: Stood): Promise<string[]> => (await desk.settlementsOf(stay)).map(({ state }) => state);

describe('edge cases of settlement', () => {
  test('days in hospital count', async () => {
    const stay = await enter('2026-08-31');
    desk.at('2026-09-02T10:00:00+08:00');
    const away = await desk.stay('moveStay', STATION, { id: stay.id, expectedVersion: stay.version, place: 'HOSPITAL', since: '2026-09-02' });
    desk.at('2026-10-08T10:00:00+08:00');
    await desk.stay('moveStay', STATION, { id: stay.id, expectedVersion: away.version, place: 'ENTRUSTED', since: '2026-10-08' });
    // 31 August and three months end on the last of November; over three months begins the day after.
    await desk.tickAt('2026-11-30T23:59:59+08:00');
    expect(await states(stay)).toEqual([]);
    await desk.tickAt('2026-12-01T00:00:00+08:00');
    const [due] = await desk.settlementsOf(stay);
    expect(due).toMatchObject({ state: 'DUE', entered: '2026-08-31' });
    expect(await desk.owed(due ?? stay)).toEqual(['applyForSettlement station-320281 2026-12-15']);
    await desk.tickAt('2026-12-01T00:00:00+08:00');
    expect(await states(stay)).toEqual(['DUE']);
    desk.at('2026-12-01T09:00:00+08:00');
    const seen = await desk.ask(STATION, `{ node(id: "${stay.id}") { ... on Stay { state enteredOn moves { place since } } } case: node(id: "${due?.id}") { ... on SettlementCase { state track transitions { from to at agency { code } } } } }`);
    expect(seen.data).toEqual({
      node: { state: 'ENTRUSTED', enteredOn: '2026-08-31', moves: [{ place: 'IN_STATION', since: '2026-08-31' }, { place: 'HOSPITAL', since: '2026-09-02' }, { place: 'ENTRUSTED', since: '2026-10-08' }] },
      case: { state: 'DUE', track: 'LONG_STAY', transitions: [{ from: null, to: 'DUE', at: '2026-12-01T00:00:00+08:00', agency: null }] },
    });
  });

  test('leaves and re-enters: the days start anew', async () => {
    const first = await enter('2026-08-25');
    await desk.stay('endStay', STATION, { id: first.id, expectedVersion: first.version, leftOn: '2026-11-10', how: 'LEFT' });
    expect(await desk.owed(first)).toEqual([]);
    const again = await enter('2026-11-12', { earlierStay: first.id });
    await desk.tickAt('2026-12-20T00:00:00+08:00');
    expect(await states(again)).toEqual([]);
    await desk.tickAt('2027-02-12T23:59:59+08:00');
    expect(await states(again)).toEqual([]);
    await desk.tickAt('2027-02-13T00:00:00+08:00');
    expect((await desk.settlementsOf(again)).map(({ state, entered }) => [state, entered])).toEqual([['DUE', '2026-11-12']]);
    const { errors } = await desk.tryStay('openStay', STATION, { enteredOn: '2026-11-13', earlierStay: first.id });
    expect(errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', field: 'input.earlierStay' });
  });

  test('somebody whose settlement is under way gets no second one when it comes back', async () => {
    const first = await enter('2026-06-01');
    await desk.tickAt('2026-11-20T10:00:00+08:00');
    await desk.stay('endStay', STATION, { id: first.id, expectedVersion: first.version, leftOn: '2026-11-19', how: 'LEFT' });
    const again = await enter('2026-11-20', { earlierStay: first.id });
    await desk.tickAt('2027-03-01T00:00:00+08:00');
    expect(await states(again)).toEqual(['DUE']);
    expect((await desk.owed(again)).filter((owed) => owed.startsWith('settlementDue'))).toEqual([]);
  });

  test('identified after the plan: the settlement ends, and the notice of the return is owed until it is sent', async () => {
    const stay = await enter('2026-07-01');
    await desk.tickAt('2026-11-20T10:00:00+08:00');
    const [due] = await desk.settlementsOf(stay);
    const applied = await desk.settlement('applyForSettlement', STATION, due ?? stay);
    const planned = await desk.settlement('submitSettlementPlan', CIVIL, applied);
    const identified = await desk.settlement('recordIdentified', STATION, planned);
    expect(identified.state).toBe('IDENTIFIED');
    expect([await desk.owed(identified), await desk.owed(stay)]).toEqual([['sendReturnNotice station-320281 2026-11-25'], []]);
    const seen = await desk.ask(STATION, `{ node(id: "${due?.id}") { ... on SettlementCase { person { identityState } } } }`);
    expect(seen.data).toEqual({ node: { person: { identityState: 'VERIFIED' } } });
    const input = { subject: { name: '查明的人' }, noticeNo: randomUUID(), noticeDate: '2026-11-20', entryDate: '2026-07-01', leaveDate: '2026-11-20', returnMode: 'SELF', originDivision: '341523', settlementNo: identified.number };
    const send = (more: object): ReturnType<typeof hub.ask> => hub.ask(STATION, { purpose: 'RETURN', key: randomUUID() }, 'mutation ($input: SendReturnNoticeInput!) { sendReturnNotice(input: $input) { returnCase { state } } }', { input: { ...input, ...more } });
    expect((await send({ settlementNo: 'SE-00000-00000' })).errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'input.settlementNo' });
    expect((await send({})).data).toEqual({ sendReturnNotice: { returnCase: { state: 'SENT' } } });
    expect(await desk.owed(identified)).toEqual([]);
  });

  test('somebody identified before three months are over does not become due', async () => {
    const stay = await enter('2026-10-01');
    await desk.owner("UPDATE guitu.persons SET identity_state = 'VERIFIED' WHERE id = (SELECT person_id FROM guitu.stays WHERE id = $1)", [stay.id.slice(3)]);
    await desk.tickAt('2027-02-01T00:00:00+08:00');
    expect(await states(stay)).toEqual([]);
  });

  test('a child\'s guardianship: no plan for a child, or for somebody of unknown age, without a guardian', async () => {
    for (const born of ['2015-03-03', null]) {
      const applied = await desk.put('APPLIED', 'LONG_STAY', born);
      const { errors } = await desk.trySettlement('submitSettlementPlan', CIVIL, applied, { plan: '儿童福利院' });
      expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.guardianship' });
      const planned = await desk.settlement('submitSettlementPlan', CIVIL, applied, { plan: '儿童福利院', guardianship: '江阴市民政局长期监护' });
      const look = `{ node(id: "${planned.id}") { ... on SettlementCase { plan guardianship } } }`;
      expect((await desk.ask(STATION, look, undefined, ['CLERK'])).data).toEqual({ node: { plan: null, guardianship: null } });
      expect((await desk.ask(STATION, look)).data).toEqual({ node: { plan: '儿童福利院', guardianship: '江阴市民政局长期监护' } });
    }
    const adult = await desk.settlement('submitSettlementPlan', CIVIL, await desk.put('APPLIED'), { guardianship: null });
    expect(adult.state).toBe('PLAN_SUBMITTED');
  });

  test('government sends back: the plan is made again, and its clock starts anew', async () => {
    const back = await desk.settlement('recordGovernmentDecision', CIVIL, await desk.put('PLAN_SUBMITTED'), { decision: 'SENT_BACK' });
    expect([back.state, await desk.owed(back)]).toEqual(['APPLIED', ['submitSettlementPlan civil-320281 2027-01-20']]);
    expect((await desk.settlement('submitSettlementPlan', CIVIL, back)).state).toBe('PLAN_SUBMITTED');
    expect(await desk.owner('SELECT decided_on FROM guitu.settlement_cases WHERE id = $1', [back.id.slice(3)])).toEqual([{ decided_on: null }]);
  });

  test('hukou, then relatives appear: public security reverses it on the notice of civil affairs', async () => {
    const registered = await desk.settlement('registerHukou', POLICE, await desk.put('HUKOU_FILED'));
    const supported = await desk.settlement('assessSupport', CIVIL, registered);
    const { errors } = await desk.trySettlement('recordIdentified', STATION, supported);
    expect(errors[0]?.extensions.code).toBe('TRANSITION_NOT_ALLOWED');
    const reversed = await desk.settlement('reverseHukou', POLICE, supported);
    const seen = await desk.ask(CIVIL, `{ node(id: "${reversed.id}") { ... on SettlementCase { state hukouRegisteredOn transitions { to documentNo } } } }`);
    expect(seen.data).toEqual({ node: { state: 'REVERSED', hukouRegisteredOn: '2026-11-20', transitions: [{ to: 'REGISTERED', documentNo: null }, { to: 'SUPPORTED', documentNo: null }, { to: 'REVERSED', documentNo: '澄民函〔2026〕9号' }] } });
  });

  test('placement registered later: when the obstacle is gone the plan is taken up again, and leads to a hukou, which is the person\'s until it is reversed', async () => {
    const placed = await desk.settlement('placeInInstitution', CIVIL, await desk.put('PLACEMENT_APPROVED'));
    const resumed = await desk.settlement('resumeSettlementPlan', CIVIL, placed);
    const approved = await desk.settlement('recordGovernmentDecision', CIVIL, resumed);
    const filed = await desk.settlement('fileHukou', CIVIL, approved);
    const registered = await desk.settlement('registerHukou', POLICE, filed);
    expect([resumed.state, approved.state, filed.state, registered.state]).toEqual(['PLAN_SUBMITTED', 'HUKOU_APPROVED', 'HUKOU_FILED', 'REGISTERED']);
    const hukou = async (): Promise<unknown> => (await desk.owner('SELECT p.hukou_division AS hukou FROM guitu.persons p JOIN guitu.settlement_cases s ON s.person_id = p.id WHERE s.id = $1', [registered.id.slice(3)]))[0]?.['hukou'];
    expect(await hukou()).toBe('320281104');
    await desk.settlement('reverseHukou', POLICE, registered);
    expect(await hukou()).toBeNull();
  });

  test('death before registration closes the settlement; public security can register nothing any more, and nothing is owed', async () => {
    const closed = await desk.settlement('closeSettlement', CIVIL, await desk.put('HUKOU_FILED'));
    expect([closed.state, await desk.owed(closed)]).toEqual(['CLOSED', []]);
    expect((await desk.trySettlement('registerHukou', POLICE, closed)).errors[0]?.extensions.code).toBe('TRANSITION_NOT_ALLOWED');
  });
});

describe('a returnee without a home', () => {
  /** A return that ended without a home, accepted at its hukou place. @returns the settlement that begins */
  async function accept(agency: string, caseNo: string): Promise<string> {
    const [homeless] = await desk.owner<{ id: string; version: number }>(
      "UPDATE guitu.return_cases SET state = 'NO_HOME', hukou_place = '320281104', hukou_agency = (SELECT id FROM guitu.agencies WHERE code = $1) WHERE case_no = $2 RETURNING id, version", [agency, caseNo]);
    const answer = await hub.ask(agency, { purpose: 'RETURN', key: randomUUID() }, 'mutation ($input: ReturnStepInput!) { acceptForSettlement(input: $input) { returnCase { state } } }', { input: { id: `rc_${homeless?.id ?? ''}`, expectedVersion: homeless?.version } });
    expect(answer).toMatchObject({ data: { acceptForSettlement: { returnCase: { state: 'SETTLING' } } } });
    const [opened] = await desk.owner<{ id: string }>("SELECT s.id FROM guitu.settlement_cases s WHERE s.return_case = $1 AND s.state = 'ACCEPTED'", [homeless?.id]);
    return `se_${opened?.id ?? ''}`;
  }

  test.each(['station-320281', 'civil-320281'])('accepted by %s at its hukou place is planned, placed and assessed, and never gets a new hukou', async (agency) => {
    const id = await accept(agency, 'GT-09T0A-KXZE5');
    const [opened] = await desk.owner<{ version: number; state: string; track: string; station: string; civil: string }>(
      'SELECT c.version, c.state, c.track, s.code AS station, a.code AS civil FROM guitu.settlement_cases c JOIN guitu.agencies s ON s.id = c.station JOIN guitu.agencies a ON a.id = c.civil_affairs WHERE c.id = $1', [id.slice(3)]);
    expect(opened).toMatchObject({ state: 'ACCEPTED', track: 'HOMELESS_RETURNEE', station: agency, civil: CIVIL });
    const accepted: Stood = { id, version: opened?.version ?? 0, state: 'ACCEPTED', number: '' };
    expect(await desk.owed(accepted)).toEqual(['submitSettlementPlan civil-320281 2027-01-20']);
    const planned = await desk.settlement('submitSettlementPlan', CIVIL, accepted);
    for (const decision of ['HUKOU', 'SENT_BACK']) expect((await desk.trySettlement('recordGovernmentDecision', CIVIL, planned, { decision, documentNo: '1号', decidedOn: '2026-11-20' })).errors[0]?.extensions.code).toBe('TRANSITION_NOT_ALLOWED');
    const placed = await desk.settlement('placeInInstitution', CIVIL, await desk.settlement('recordGovernmentDecision', CIVIL, planned, { decision: 'PLACEMENT' }));
    expect((await desk.settlement('assessSupport', CIVIL, placed)).state).toBe('SUPPORTED');
  });
});

describe('stays', () => {
  test('tracing is published within 24 hours, updated by the end of the first month, and then monthly', async () => {
    const stay = await enter('2026-11-20');
    expect(await desk.owed(stay)).toEqual(['publishTracing station-320281 2026-11-21', 'requestDna station-320281 2026-12-01', 'settlementDue station-320281 2027-02-20', 'updateTracing station-320281 2026-12-20']);
    const published = await desk.stay('updateTracing', STATION, { id: stay.id, expectedVersion: stay.version, publishedOn: '2026-11-20' });
    expect(await desk.owed(stay)).toEqual(['requestDna station-320281 2026-12-01', 'settlementDue station-320281 2027-02-20', 'updateTracing station-320281 2026-12-20']);
    desk.at('2026-12-18T10:00:00+08:00');
    await desk.stay('updateTracing', STATION, { id: stay.id, expectedVersion: published.version, publishedOn: '2026-12-18' });
    expect(await desk.owed(stay)).toEqual(['requestDna station-320281 2026-12-01', 'settlementDue station-320281 2027-02-20', 'updateTracingAgain station-320281 2027-01-18']);
  });

  test('a stay that has ended takes no further step', async () => {
    const stay = await enter('2026-11-01');
    const ended = await desk.stay('endStay', STATION, { id: stay.id, expectedVersion: stay.version, leftOn: '2026-11-05', how: 'DIED' });
    for (const [operation, more] of [['moveStay', { place: 'HOSPITAL', since: '2026-11-06' }], ['endStay', { leftOn: '2026-11-06', how: 'LEFT' }], ['updateTracing', { publishedOn: '2026-11-06' }]] as const) {
      const { errors } = await desk.tryStay(operation, STATION, { id: stay.id, expectedVersion: ended.version, ...more });
      expect([operation, errors[0]?.extensions.code]).toEqual([operation, 'TRANSITION_NOT_ALLOWED']);
    }
  });

  test('no other station and no other county sees or changes a stay', async () => {
    const stay = await enter('2026-11-01', { calledName: '阿无' });
    for (const agency of ['station-320200', 'civil-341523', 'civil-120000']) {
      expect((await desk.ask(agency, `{ node(id: "${stay.id}") { id } }`)).data).toEqual({ node: null });
      const { errors } = await desk.tryStay('moveStay', agency, { id: stay.id, expectedVersion: stay.version, place: 'HOSPITAL', since: '2026-11-20' });
      expect([agency, errors[0]?.extensions.code]).toEqual([agency, expect.stringMatching(/^(NOT_FOUND|FORBIDDEN)$/u)]);
    }
    const { errors } = await desk.tryStay('openStay', 'station-320200', { enteredOn: '2026-11-20', earlierStay: stay.id });
    expect(errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'input.earlierStay' });
  });

  test.each([
    ['an entry of tomorrow', { enteredOn: '2026-11-21' }, 'input.enteredOn'],
    ['an impossible age', { enteredOn: '2026-11-20', estimatedAge: 131 }, 'input.estimatedAge'],
  ])('%s is refused, naming the input', async (_, input, field) => {
    expect((await desk.tryStay('openStay', STATION, input)).errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });
});
