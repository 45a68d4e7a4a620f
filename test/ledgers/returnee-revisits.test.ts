import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { RETURN_STATES } from '../../src/ledgers/returns/returns.transitions.js';
import { ReturnStory, type Held } from './returns-story.js';

let story: ReturnStory;
beforeAll(async () => {
  story = await ReturnStory.start();
});
afterAll(() => story.hub.stop());
beforeEach(() => story.at('2026-11-20T09:00:00+08:00'));

const STATION = 'station-320281';
const COUNTY = 'civil-320281';
const DESTINATION = 'station-120000';
const TOWNSHIP = 'township-320281104';
const MET = { visitedOn: '2026-11-20', manner: 'IN_PERSON', result: 'STABLE', note: '家里安顿好了' };
const NOBODY = { ...MET, result: 'NOBODY_THERE', note: '门锁着' };
const CELLS = 'revisits { visitedOn manner result note } revisitBy';

/** Received by the station on 2026-11-20. */
const received = async (subject: object = {}, more: object = {}): Promise<Held> => {
  const held = await story.send(subject, { originDivision: '320281104', ...more });
  await story.take('acknowledgeReturn', STATION, held);
  await story.take('receiveReturnee', STATION, held, { receivedOn: '2026-11-20' });
  return held;
};
const atHome = async (subject: object = {}, more: object = {}): Promise<Held> => {
  const held = await received(subject, more);
  await story.take('confirmHome', STATION, held);
  return held;
};
const revisit = (held: Held, more: object = MET): Promise<string> => story.take('recordReturneeRevisit', STATION, held, more);

/** All duties of a revisit that a person's returns and entries have led to: on what, until when, and how it ended. */
const dutiesOf = (held: Held): Promise<Record<string, unknown>[]> => story.owner(
  `SELECT d.record, a.code AS owner, d.due_on::text AS due, d.ended FROM guitu.duties d JOIN guitu.agencies a ON a.id = d.owner
   WHERE d.step = 'stationRevisit' AND d.person_id = (SELECT person_id FROM guitu.return_cases WHERE id = $1) ORDER BY d.started_at, d.record, d.due_on`, [held.id.slice(3)]);
const owed = (due: string, record = 'ReturnCase'): object => ({ record, owner: STATION, due, ended: null });

interface Entry { id: string; version: number }
const AT_RISK: Record<string, [input: string, agency: string, more: object]> = {
  approveAtRiskEntry: ['ApproveAtRiskEntryInput', COUNTY, { township: TOWNSHIP }], recordRevisit: ['RecordVisitInput', STATION, MET], recordVisit: ['RecordVisitInput', TOWNSHIP, MET], reportWandering: ['ReportWanderingInput', TOWNSHIP, { discoveredAt: '2026-11-20T08:00:00+08:00' }],
  recordReturned: ['RecordReturnedInput', COUNTY, {}], endAtRiskEntry: ['EndAtRiskEntryInput', COUNTY, {}], transferAtRiskEntry: ['TransferAtRiskEntryInput', COUNTY, { division: '341523102' }], acceptTransfer: ['AcceptTransferInput', 'civil-341523', {}],
};
async function inRegistry(operation: string, entry: Entry, more: object = {}): Promise<Entry & { revisitBy: string | null }> {
  const [input = '', agency = '', usual = {}] = AT_RISK[operation] ?? [];
  const { data, errors } = await story.hub.ask<Record<string, { atRiskEntry: (Entry & { revisitBy: string | null }) | null }>>(agency, { purpose: 'AT_RISK_CARE', key: randomUUID() },
    `mutation ($input: ${input}!) { ${operation}(input: $input) { atRiskEntry { id version revisitBy } } }`, { input: { id: entry.id, expectedVersion: entry.version, ...usual, ...more } });
  if (errors.length > 0) throw new Error(`${operation}: ${JSON.stringify(errors)}`);
  return data?.[operation]?.atRiskEntry ?? { ...entry, revisitBy: null };
}
/** In the registry, and on the township's roster. */
async function enrolled(held: Held): Promise<Entry & { revisitBy: string | null }> {
  const { data, errors } = await story.hub.ask<{ enrolAtRisk: { atRiskEntry: Entry } }>(STATION, { purpose: 'AT_RISK_CARE', key: randomUUID() }, 'mutation ($input: EnrolAtRiskInput!) { enrolAtRisk(input: $input) { atRiskEntry { id version } } }',
    { input: { caseNo: held.caseNo, division: '320281104', riskClasses: ['ELDERLY_LIVING_ALONE'], careCodes: ['PHONE_CALL'] } });
  if (!data) throw new Error(JSON.stringify(errors));
  return inRegistry('approveAtRiskEntry', data.enrolAtRisk.atRiskEntry);
}
const entryCells = async ({ id }: Entry): Promise<unknown> => (await story.hub.ask<{ node: unknown }>(COUNTY, { purpose: 'AT_RISK_CARE' }, `{ node(id: "${id}") { ... on AtRiskEntry { revisitBy visits { regime result } } } }`)).data?.node;

describe('the revisit of a returnee', () => {
  test('a station revisits every returnee it received, in the registry or not', async () => {
    const held = await atHome();
    expect(await dutiesOf(held)).toEqual([owed('2027-11-20')]);
    expect(await story.see(STATION, held, CELLS)).toEqual({ revisits: [], revisitBy: '2027-11-20' });
    const [before] = await story.owner('SELECT version, changed_at, (SELECT count(*) FROM guitu.return_transitions t WHERE t.case_id = c.id) AS steps FROM guitu.return_cases c WHERE id = $1', [held.id.slice(3)]);
    expect(await revisit(held)).toBe('AT_HOME');
    expect(await story.see(STATION, held, CELLS)).toEqual({ revisits: [MET], revisitBy: null });
    expect(await story.see(COUNTY, held, CELLS)).toEqual({ revisits: [MET], revisitBy: null });
    expect(await dutiesOf(held)).toEqual([{ ...owed('2027-11-20'), ended: 'DONE' }]);
    // Nothing that the other sides are shown has moved.
    expect(await story.owner('SELECT version, changed_at, (SELECT count(*) FROM guitu.return_transitions t WHERE t.case_id = c.id) AS steps FROM guitu.return_cases c WHERE id = $1', [held.id.slice(3)])).toEqual([before]);
    expect(await story.see(DESTINATION, held, CELLS)).toEqual({ revisits: null, revisitBy: null });
  });

  test('a child that is in no registry can be revisited', async () => {
    const child = await atHome({ name: '小归', birthDate: '2015-03-04' }, { guardianAssessedOn: '2026-11-16' });
    expect(await dutiesOf(child)).toEqual([owed('2027-11-20')]);
    await revisit(child);
    expect(await dutiesOf(child)).toMatchObject([{ ended: 'DONE' }]);
    expect(await story.see(STATION, child, CELLS)).toEqual({ revisits: [MET], revisitBy: null });
    expect(await story.see(COUNTY, child, CELLS)).toEqual({ revisits: null, revisitBy: null });
    expect(await story.see(COUNTY, child, CELLS, { roles: ['MINORS_OFFICER'] })).toEqual({ revisits: [MET], revisitBy: null });
  });

  test('nobody there is no revisit', async () => {
    const held = await atHome();
    await revisit(held, NOBODY);
    expect(await story.see(STATION, held, CELLS)).toEqual({ revisits: [NOBODY], revisitBy: '2027-11-20' });
    expect(await dutiesOf(held)).toEqual([owed('2027-11-20')]);
  });

  test('it may be recorded from the reception on, also of a case that is closed and after the year, not before the person came nor of a day to come', async () => {
    const held = await received();
    const states: string[] = [];
    for (const state of RETURN_STATES) {
      await story.owner('UPDATE guitu.return_cases SET state = $2, hukou_agency = origin_agency WHERE id = $1', [held.id.slice(3), state]);
      const { errors } = await story.try('recordReturneeRevisit', STATION, held, NOBODY);
      if (errors.length === 0) states.push(state);
      else expect([state, ['NOT_FOUND', 'TRANSITION_NOT_ALLOWED'].includes(errors[0]?.extensions.code ?? '')]).toEqual([state, true]);
    }
    expect(states).toEqual(['RECEIVED', 'AT_HOME', 'KIN_REFUSED', 'HOME_CHECKED', 'REFERRED', 'AIDED', 'NO_HOME', 'SETTLING', 'CLOSED']);
    await story.owner("UPDATE guitu.return_cases SET state = 'CLOSED' WHERE id = $1", [held.id.slice(3)]);
    for (const visitedOn of ['2026-11-19', '2026-11-21']) expect((await story.try('recordReturneeRevisit', STATION, held, { ...MET, visitedOn })).errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.visitedOn' });
    story.at('2028-01-10T09:00:00+08:00');
    await revisit(held, { ...MET, visitedOn: '2028-01-09' });
    expect(await dutiesOf(held)).toEqual([{ ...owed('2027-11-20'), ended: 'DONE' }]);
  });

  test('nobody but the station that received the person records it: not the destination, its county, a township, nor another station', async () => {
    const held = await atHome();
    for (const [agency, code] of [[DESTINATION, 'TRANSITION_NOT_ALLOWED'], [COUNTY, 'FORBIDDEN'], [TOWNSHIP, 'FORBIDDEN'], ['station-320200', 'NOT_FOUND']]) expect([agency, await story.refusal('recordReturneeRevisit', agency ?? '', held, MET)]).toEqual([agency, code]);
    expect((await story.hub.ask(STATION, { purpose: 'AT_RISK_CARE', key: randomUUID() }, 'mutation ($input: RecordReturneeRevisitInput!) { recordReturneeRevisit(input: $input) { returnCase { id } } }', { input: { id: held.id, expectedVersion: 1, ...MET } })).errors[0]?.extensions.code).toBe('FORBIDDEN');
    const elsewhere = await story.send({}, { originDivision: '341523' });
    for (const operation of ['acknowledgeReturn', 'confirmHome']) await story.take(operation, 'civil-341523', elsewhere);
    expect([await dutiesOf(elsewhere), await story.refusal('recordReturneeRevisit', 'civil-341523', elsewhere, MET)]).toEqual([[], 'FORBIDDEN']);
  });

  test('of a person who is protected by now the station records none, and a wrong version is refused', async () => {
    const held = await atHome();
    expect((await story.hub.ask(STATION, { purpose: 'RETURN', key: randomUUID() }, 'mutation ($input: RecordReturneeRevisitInput!) { recordReturneeRevisit(input: $input) { returnCase { id } } }', { input: { id: held.id, expectedVersion: 1, ...MET } })).errors[0]?.extensions.code).toBe('STALE_VERSION');
    await story.owner("INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) SELECT c.person_id, a.id, a.division, current_date, '人身安全保护令' FROM guitu.return_cases c, guitu.agencies a WHERE c.id = $1 AND a.code = 'station-320200'", [held.id.slice(3)]);
    expect(await story.refusal('recordReturneeRevisit', STATION, held, MET)).toBe('NOT_FOUND');
  });

  test('the revisit of one station is none of another, to which it tells nothing', async () => {
    const who = { name: '两站', idNumber: '990101195201010015', birthDate: '1952-01-01' };
    const here = await atHome(who);
    const there = await story.send(who, { originDivision: '320213' });
    for (const operation of ['acknowledgeReturn', 'confirmHome']) await story.take(operation, 'station-320200', there);
    await revisit(here);
    expect((await dutiesOf(there)).map(({ owner, ended }) => `${String(owner)} ${String(ended)}`).toSorted()).toEqual(['station-320200 null', 'station-320281 DONE']);
    expect(await story.see('station-320200', there, CELLS)).toEqual({ revisits: [], revisitBy: '2027-11-20' });
  });

  test('the year is owed once for a return: a family that refuses and takes the person back begins nothing anew', async () => {
    const held = await story.send({}, { originDivision: '320281104', handlingCodes: ['LOSES_WAY'] });
    for (const operation of ['acknowledgeReturn', 'confirmHome', 'reportKinRefused', 'confirmHome']) await story.take(operation, STATION, held);
    expect(await dutiesOf(held)).toEqual([owed('2027-11-20')]);
    expect((await story.owed(held)).filter(([step]) => step === 'enrolAtRisk')).toHaveLength(1);
  });

  test('it outlasts the case; whoever has died, was closed as another case, or is settled elsewhere is owed none', async () => {
    const closed = await atHome();
    await story.take('recordHomeCheck', STATION, closed, { checkedOn: '2026-11-20', difficulties: [] });
    await story.take('closeReturn', STATION, closed, { outcome: 'NO_DIFFICULTY' });
    expect(await dutiesOf(closed)).toEqual([owed('2027-11-20')]);
    for (const outcome of ['DIED', 'MERGED']) {
      const held = await atHome();
      await story.take('closeReturn', STATION, held, { outcome });
      expect([outcome, await dutiesOf(held), await story.see(STATION, held, 'revisitBy'), await story.refusal('recordReturneeRevisit', STATION, held, MET)]).toEqual([outcome, [{ ...owed('2027-11-20'), ended: 'VOID' }], { revisitBy: null }, 'TRANSITION_NOT_ALLOWED']);
    }
    const declined = await atHome();
    await story.take('closeReturn', STATION, declined, { outcome: 'DECLINED' });
    expect(await dutiesOf(declined)).toEqual([owed('2027-11-20')]);
    const homeless = await received();
    await story.take('reportNoHome', STATION, homeless, { hukouDivision: '341523' });
    expect(await dutiesOf(homeless)).toEqual([owed('2027-11-20')]);
    await story.take('acceptForSettlement', 'civil-341523', homeless);
    expect(await dutiesOf(homeless)).toEqual([{ ...owed('2027-11-20'), ended: 'VOID' }]);
    const own = await received();
    await story.take('reportNoHome', STATION, own, { hukouDivision: '320281104' });
    await story.take('acceptForSettlement', STATION, own);
    expect(await dutiesOf(own)).toEqual([owed('2027-11-20')]);
  });
});

describe('with the registry', () => {
  test('a revisit counts once, whichever ledger holds it', async () => {
    const held = await atHome();
    const entry = await enrolled(held);
    // One revisit, one duty: the return's stands for the entry's.
    expect([entry.revisitBy, await dutiesOf(held)]).toEqual(['2027-11-20', [owed('2027-11-20')]]);
    await revisit(held);
    expect([await dutiesOf(held), await entryCells(entry)]).toEqual([[{ ...owed('2027-11-20'), ended: 'DONE' }], { revisitBy: null, visits: [] }]);
    const other = await atHome();
    await inRegistry('recordRevisit', await enrolled(other));
    expect([await dutiesOf(other), await story.see(STATION, other, CELLS)]).toEqual([[{ ...owed('2027-11-20'), ended: 'DONE' }], { revisits: [], revisitBy: null }]);
    // Met before the county approved: nothing is owed anew.
    const early = await atHome();
    await revisit(early);
    expect([(await enrolled(early)).revisitBy, await dutiesOf(early)]).toEqual([null, [{ ...owed('2027-11-20'), ended: 'DONE' }]]);
  });

  test("a township's visit is no revisit", async () => {
    const held = await atHome();
    const entry = await enrolled(held);
    await inRegistry('recordVisit', entry);
    expect([await dutiesOf(held), await story.see(STATION, held, CELLS)]).toEqual([[owed('2027-11-20')], { revisits: [], revisitBy: '2027-11-20' }]);
    await revisit(held);
    expect(await story.owner("SELECT step FROM guitu.duties WHERE record_id = $1 AND ended_at IS NULL", [entry.id.slice(3)])).toEqual([{ step: 'recordVisit' }]);
  });

  test('an imported return begins no duty; enrolled in the registry, the entry has its own', async () => {
    const held = await atHome();
    await story.owner("DELETE FROM guitu.duty_notices n USING guitu.duties d WHERE d.id = n.duty_id AND d.record_id = $1 AND d.step = 'stationRevisit'", [held.id.slice(3)]);
    await story.owner("DELETE FROM guitu.duties WHERE record_id = $1 AND step = 'stationRevisit'", [held.id.slice(3)]);
    const entry = await enrolled(held);
    expect([entry.revisitBy, await dutiesOf(held)]).toEqual(['2027-11-20', [owed('2027-11-20', 'AtRiskEntry')]]);
    await revisit(held);
    expect([await dutiesOf(held), await entryCells(entry)]).toEqual([[{ ...owed('2027-11-20', 'AtRiskEntry'), ended: 'DONE' }], { revisitBy: null, visits: [] }]);
  });

  test('back without a return of the station, the registry begins its own year; back by one, that return\'s duty stands for both', async () => {
    const held = await atHome({ name: '又走', idNumber: '990101195001010010', birthDate: '1950-01-01' });
    const entry = await enrolled(held);
    await revisit(held);
    story.at('2026-12-20T09:00:00+08:00');
    const back = await inRegistry('recordReturned', await inRegistry('reportWandering', entry, { discoveredAt: '2026-12-20T08:00:00+08:00' }), { returnedOn: '2026-12-20' });
    expect([back.revisitBy, (await dutiesOf(held)).slice(1)]).toEqual(['2027-12-20', [owed('2027-12-20', 'AtRiskEntry')]]);
    await inRegistry('recordRevisit', back, { visitedOn: '2026-12-20' });
    story.at('2027-01-11T09:00:00+08:00');
    const away = await inRegistry('reportWandering', await seen(back), { discoveredAt: '2027-01-11T08:00:00+08:00' });
    const again = await story.send({ name: '又走', idNumber: '990101195001010010', birthDate: '1950-01-01' }, { originDivision: '320281104', entryDate: '2027-01-11', leaveDate: '2027-01-12', noticeDate: '2027-01-11' });
    await story.take('acknowledgeReturn', STATION, again);
    story.at('2027-01-13T09:00:00+08:00');
    await story.take('receiveReturnee', STATION, again, { receivedOn: '2027-01-12' });
    expect((await inRegistry('recordReturned', away, { returnedOn: '2027-01-13' })).revisitBy).toBe('2028-01-13');
    expect((await dutiesOf(again)).filter(({ ended }) => ended === null)).toEqual([owed('2028-01-12')]);
    await revisit(again, { ...MET, visitedOn: '2027-01-13' });
    expect([(await dutiesOf(again)).filter(({ ended }) => ended === null), await entryCells(entry)]).toMatchObject([[], { revisitBy: null }]);
  });

  test('the county was first to say that the person is back: the return takes the registry\'s duty over', async () => {
    const held = await atHome({ name: '先知', idNumber: '990101195101010018', birthDate: '1951-01-01' });
    const entry = await enrolled(held);
    await revisit(held);
    story.at('2026-12-20T09:00:00+08:00');
    const again = await story.send({ name: '先知', idNumber: '990101195101010018', birthDate: '1951-01-01' }, { originDivision: '320281104', entryDate: '2026-12-18', leaveDate: '2026-12-19', noticeDate: '2026-12-19' });
    await story.take('acknowledgeReturn', STATION, again);
    const back = await inRegistry('recordReturned', await inRegistry('reportWandering', entry, { discoveredAt: '2026-12-20T08:00:00+08:00' }), { returnedOn: '2026-12-20' });
    expect((await dutiesOf(again)).filter(({ ended }) => ended === null)).toEqual([owed('2027-12-20', 'AtRiskEntry')]);
    story.at('2026-12-21T09:00:00+08:00');
    await story.take('receiveReturnee', STATION, again, { receivedOn: '2026-12-20' });
    expect((await dutiesOf(again)).filter(({ ended }) => ended === null)).toEqual([owed('2027-12-20')]);
    expect(await entryCells(back)).toMatchObject({ revisitBy: '2027-12-20' });
    // Closed as another case, it leaves the registry's revisit where it was owed.
    await story.take('closeReturn', STATION, again, { outcome: 'MERGED' });
    expect((await dutiesOf(again)).filter(({ ended }) => ended === null)).toEqual([owed('2027-12-20', 'AtRiskEntry')]);
  });

  test('dead or moved away by the registry, the station owes no revisit; ended otherwise, the return\'s goes on', async () => {
    for (const [more, ended] of [[{ reason: 'DIED', diedOn: '2026-11-20' }, 'VOID'], [{ reason: 'ERROR' }, null]] as const) {
      const held = await atHome();
      await inRegistry('endAtRiskEntry', await enrolled(held), more);
      expect([more.reason, await dutiesOf(held), await story.see(STATION, held, 'revisitBy')]).toEqual([more.reason, [{ ...owed('2027-11-20'), ended }], { revisitBy: ended ? null : '2027-11-20' }]);
    }
    const moved = await atHome();
    await inRegistry('acceptTransfer', await inRegistry('transferAtRiskEntry', await enrolled(moved)));
    expect([await dutiesOf(moved), await story.see(STATION, moved, 'revisitBy')]).toEqual([[{ ...owed('2027-11-20'), ended: 'VOID' }], { revisitBy: null }]);
  });

  test('a person who died by the return is owed no revisit in the registry either', async () => {
    const held = await atHome();
    const entry = await enrolled(held);
    await story.take('closeReturn', STATION, held, { outcome: 'DIED' });
    expect([await dutiesOf(held), await entryCells(entry)]).toMatchObject([[{ ended: 'VOID' }], { revisitBy: null }]);
  });
});

/** An entry with its version of now. */
async function seen({ id }: Entry): Promise<Entry> {
  const [row] = await story.owner<{ version: number }>('SELECT version FROM guitu.at_risk_entries WHERE id = $1', [id.slice(3)]);
  return { id, version: row?.version ?? 0 };
}
