import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { clientConfig } from '../../src/db/pools.js';
import { AT_RISK_STATES, AT_RISK_STEPS } from '../../src/ledgers/at-risk/at-risk.transitions.js';
import { startHub, type HubAnswer, type TestHub } from '../support/hub.js';
import { world, worldId, WORLD_NOW } from '../support/world.js';

const STATION = 'station-320281';
const COUNTY = 'civil-320281';
const TOWNSHIP = 'township-320281104';
const OTHER_TOWNSHIP = 'township-320281100';
const FAR_COUNTY = 'civil-341523';
const FAR_TOWNSHIP = 'township-341523102';

/** Who takes each step, from the table of the ledgers by hand. */
const BY: Record<string, string> = {
  requestCompletion: COUNTY, resubmitAtRiskEntry: STATION, rejectAtRiskEntry: COUNTY, approveAtRiskEntry: COUNTY, sendRoster: COUNTY, recordVisit: TOWNSHIP, recordRevisit: STATION, reportWandering: TOWNSHIP,
  recordReturned: COUNTY, recordFalseAlarm: COUNTY, transferAtRiskEntry: COUNTY, acceptTransfer: FAR_COUNTY, endAtRiskEntry: COUNTY, reopenAtRiskEntry: COUNTY,
};
const INPUT: Record<string, string> = {
  requestCompletion: 'AtRiskReasonInput', rejectAtRiskEntry: 'AtRiskReasonInput', resubmitAtRiskEntry: 'ResubmitAtRiskEntryInput', approveAtRiskEntry: 'ApproveAtRiskEntryInput', sendRoster: 'SendRosterInput', recordVisit: 'RecordVisitInput',
  recordRevisit: 'RecordVisitInput', reportWandering: 'ReportWanderingInput', recordReturned: 'RecordReturnedInput', recordFalseAlarm: 'AtRiskStepInput', transferAtRiskEntry: 'TransferAtRiskEntryInput', acceptTransfer: 'AcceptTransferInput',
  endAtRiskEntry: 'EndAtRiskEntryInput', reopenAtRiskEntry: 'ReopenAtRiskEntryInput',
};
const VISIT = { visitedOn: '2026-11-20', manner: 'IN_PERSON', result: 'STABLE' };
const MORE: Record<string, object> = {
  requestCompletion: { reason: '缺残疾证' }, rejectAtRiskEntry: { reason: '不属于' }, approveAtRiskEntry: { township: TOWNSHIP }, sendRoster: { township: OTHER_TOWNSHIP }, recordVisit: VISIT, recordRevisit: VISIT,
  reportWandering: { discoveredAt: '2026-11-20T08:00:00+08:00' }, recordReturned: { returnedOn: '2026-11-20' }, transferAtRiskEntry: { division: '341523102' }, acceptTransfer: { township: FAR_TOWNSHIP }, endAtRiskEntry: { reason: 'ERROR' },
  reopenAtRiskEntry: { caseNo: 'GT-DRYBA-6CMCV' },
};

/** A return that the station received: 吴守田, home on 2026-04-21. */
const CASE_NO = 'GT-DRYBA-6CMCV';
const ENROL = 'mutation ($input: EnrolAtRiskInput!) { enrolAtRisk(input: $input) { atRiskEntry { id version state } } }';
const OBSERVED = { division: '320281104', riskClasses: ['ELDERLY_LIVING_ALONE'], careCodes: ['PHONE_CALL'] };
interface Entry { id: string; version: number }
type Answer = HubAnswer<Record<string, { atRiskEntry: (Entry & Record<string, unknown>) | null }>>;

let hub: TestHub;
let client: Client;
beforeAll(async () => {
  hub = await startHub();
  client = new Client(clientConfig(hub.database.admin));
  await client.connect();
  await owner("INSERT INTO guitu.agencies (code, name, kind, level, division) VALUES ($1, '舒城县晓天镇人民政府', 'TOWNSHIP', 'TOWNSHIP', '341523102')", [FAR_TOWNSHIP]);
});
afterAll(async () => {
  await client.end();
  await hub.stop();
});

const owner = async <Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> => (await client.query<Row>(text, values)).rows;
const at = (instant: string): unknown => Object.assign(hub.parts, { now: () => new Date(instant) });
const codeOf = ({ errors }: HubAnswer<unknown>): string | undefined => errors[0]?.extensions.code;
const CELLS = 'id version state nextVisitBy revisitBy termFrom endedOn rosterVisits { result } visits { regime result }';

const step = (operation: string, entry: Entry, more: object = MORE[operation] ?? {}, agency: string = BY[operation] ?? ''): Promise<Answer> =>
  hub.ask(agency, { purpose: 'AT_RISK_CARE', key: randomUUID() }, `mutation ($input: ${INPUT[operation] ?? ''}!) { ${operation}(input: $input) { atRiskEntry { ${CELLS} } } }`, { input: { id: entry.id, expectedVersion: entry.version, ...more } });
const done = async (operation: string, entry: Entry, more?: object, agency?: string): Promise<Entry & Record<string, unknown>> => {
  const answer = await step(operation, entry, more, agency);
  expect({ operation, errors: answer.errors }).toEqual({ operation, errors: [] });
  return answer.data?.[operation]?.atRiskEntry ?? { ...entry };
};

/** A new entry from the return, whatever entries and visits there were. */
async function enrol(): Promise<Entry> {
  at(world.now);
  await owner("UPDATE guitu.at_risk_entries SET state = 'REJECTED', revisit_case = NULL WHERE person_id = $1", [worldId('person', 'wu-shoutian')]);
  await owner('DELETE FROM guitu.follow_up_visits v USING guitu.at_risk_entries e WHERE e.id = v.entry_id AND e.person_id = $1', [worldId('person', 'wu-shoutian')]);
  await owner("UPDATE guitu.duties SET ended = NULL, ended_at = NULL WHERE record_id = (SELECT id FROM guitu.return_cases WHERE case_no = $1) AND step = 'stationRevisit'", [CASE_NO]);
  const answer = await hub.ask<{ enrolAtRisk: { atRiskEntry: Entry } }>(STATION, { purpose: 'AT_RISK_CARE', key: randomUUID() }, ENROL, { input: { ...OBSERVED, caseNo: CASE_NO } });
  expect(answer.errors).toEqual([]);
  return answer.data?.enrolAtRisk.atRiskEntry ?? { id: '', version: 0 };
}
/** One on the roster of the township since now, whose year runs from 2026-04-21. */
const active = async (): Promise<Entry & Record<string, unknown>> => done('approveAtRiskEntry', await enrol());
/** Of the entry, and the revisit of its return where that stands for the entry's. */
const dutiesOf = (entry: Entry): Promise<{ step: string; owner: string; due: string; ended: string | null }[]> => owner(
  'SELECT d.step, a.code AS owner, d.due_on::text AS due, d.ended FROM guitu.duties d JOIN guitu.agencies a ON a.id = d.owner WHERE d.record_id IN ($1, (SELECT e.revisit_case FROM guitu.at_risk_entries e WHERE e.id = $1)) AND (d.record_id = $1 OR d.step = $2) ORDER BY d.started_at, d.step, d.due_on', [entry.id.slice(3), 'stationRevisit']);
const openDuties = async (entry: Entry): Promise<string[]> => (await dutiesOf(entry)).filter(({ ended }) => ended === null).map(({ step: name, owner: who, due }) => `${name} ${who} ${due}`).toSorted();

test('every step from every state by every agency does what the table says, and nothing else changes anything', async () => {
  const entry = await active();
  const uuid = entry.id.slice(3);
  const wrong: string[] = [];
  for (const state of AT_RISK_STATES) {
    for (const operation of Object.keys(BY)) {
      for (const agency of [STATION, COUNTY, TOWNSHIP, OTHER_TOWNSHIP, FAR_COUNTY]) {
        await owner(`UPDATE guitu.at_risk_entries SET state = $2, division = '320281104', transfer_to = CASE WHEN $2 = 'TRANSFERRING' THEN '341523102' END, ended_on = NULL, end_reason = NULL, return_case = NULL, next_visit_by = '2026-12-01', term_from = '2026-04-21',
          township = (SELECT id FROM guitu.agencies WHERE code = $3), revisit_station = enrolled_by WHERE id = $1`, [uuid, state, TOWNSHIP]);
        await owner("UPDATE guitu.duties SET ended = 'VOID', ended_at = started_at, next_at = NULL WHERE record_id = $1 AND ended IS NULL", [uuid]);
        const read = (): Promise<{ state: string; version: number; all: string }[]> => owner('SELECT state, version, e::text AS all FROM guitu.at_risk_entries e WHERE id = $1', [uuid]);
        const [before] = await read();
        const answer = await step(operation, { id: entry.id, version: before?.version ?? 0 }, MORE[operation], agency);
        const [after] = await read();
        const to = AT_RISK_STEPS.find((one) => one.operation === operation && one.from.some((from) => from === state))?.to;
        const expected = agency === BY[operation] ? to : undefined;
        const code = codeOf(answer);
        const refused = code !== undefined && ['TRANSITION_NOT_ALLOWED', 'NOT_FOUND', 'FORBIDDEN'].includes(code);
        if (expected ? after?.state !== expected || code !== undefined : !refused || before?.all !== after?.all) wrong.push(`${state} ${operation} by ${agency}: ${code ?? after?.state}, expected ${expected ?? 'a refusal'}`);
      }
    }
  }
  expect(wrong).toEqual([]);
}, 120_000);

describe('enrolling', () => {
  test('a station enrols from a return that it received, and the county owes the review within 5 working days', async () => {
    const entry = await enrol();
    expect(await openDuties(entry)).toEqual([`reviewAtRiskEntry ${COUNTY} 2026-11-27`]);
    const sentBack = await done('requestCompletion', entry);
    expect(await openDuties(entry)).toEqual([`completeAtRiskEntry ${STATION} 2026-11-27`]);
    await done('resubmitAtRiskEntry', sentBack, { riskClasses: ['PHYSICAL_DISABILITY'] });
    expect(await openDuties(entry)).toEqual([`reviewAtRiskEntry ${COUNTY} 2026-11-27`]);
  });

  test('a return that the station did not receive, one unconfirmed and one of a protected person are as absent', async () => {
    for (const caseNo of ['GT-W256F-A9A2Q', 'GT-3TXTG-V1SN7', 'GT-4AV9E-1GER3', 'GT-NONE0-00000']) {
      expect(codeOf(await hub.ask(STATION, { purpose: 'AT_RISK_CARE', key: randomUUID() }, ENROL, { input: { ...OBSERVED, caseNo } }))).toBe('NOT_FOUND');
    }
  });

  test('a survey of a guessed number opens nobody, and looks like one of an unknown number', async () => {
    const survey = async (idNumber: string): Promise<unknown> => {
      const answer = await hub.ask<{ enrolAtRisk: { atRiskEntry: Record<string, unknown> } }>(COUNTY, { purpose: 'AT_RISK_CARE', key: randomUUID() },
        'mutation ($input: EnrolAtRiskInput!) { enrolAtRisk(input: $input) { atRiskEntry { state surveyedIdNumber person { name idNumber birthDate address } disclosure { field rung rule } } } }',
        { input: { ...OBSERVED, surveyed: { name: '调查所见', idNumber } } });
      const { surveyedIdNumber, ...rest } = answer.data?.enrolAtRisk.atRiskEntry ?? {};
      expect([answer.errors, surveyedIdNumber]).toEqual([[], idNumber]);
      return rest;
    };
    const [known = '', unknown = ''] = [Object.values(world.persons).find(({ idNumber, protection }) => idNumber && protection)?.idNumber, '990101197004120353'];
    expect(await survey(known)).toEqual(await survey(unknown));
  });

  test('one person has one entry in a county, and one that has ended comes back with a new return only', async () => {
    const ended = await done('endAtRiskEntry', await active());
    expect(codeOf(await hub.ask(STATION, { purpose: 'AT_RISK_CARE', key: randomUUID() }, ENROL, { input: { ...OBSERVED, caseNo: CASE_NO } }))).toBe('CONFLICT');
    expect(codeOf(await step('reopenAtRiskEntry', ended))).toBe('BAD_USER_INPUT');
    await owner('UPDATE guitu.at_risk_entries SET return_case = NULL WHERE id = $1', [ended.id.slice(3)]);
    expect(await done('reopenAtRiskEntry', ended, { caseNo: CASE_NO, township: TOWNSHIP })).toMatchObject({ state: 'ACTIVE', termFrom: '2026-04-21', endedOn: null });
  });
});

describe('the visits of a township', () => {
  test('the first is due within 10 working days of the roster; the roster itself within 2 where approval did not send it', async () => {
    expect(await active()).toMatchObject({ state: 'ACTIVE', nextVisitBy: '2026-12-04', revisitBy: '2027-04-21', termFrom: '2026-04-21' });
    const without = await done('approveAtRiskEntry', await enrol(), {});
    expect(await openDuties(without)).toEqual([`sendRoster ${COUNTY} 2026-11-24`, `stationRevisit ${STATION} 2027-04-21`]);
    const sent = await done('sendRoster', without, { township: TOWNSHIP });
    expect(await openDuties(sent)).toEqual([`recordFirstVisit ${TOWNSHIP} 2026-12-04`, `stationRevisit ${STATION} 2027-04-21`]);
  });

  test('31 December + 2 months is the last day of February', async () => {
    const entry = await active();
    at('2026-12-31T10:00:00+08:00');
    expect(await done('recordVisit', entry, { ...VISIT, visitedOn: '2026-12-31' })).toMatchObject({ nextVisitBy: '2027-02-28' });
  });

  test('a visit with nobody there is recorded and is not done: the clock stands', async () => {
    const visited = await done('recordVisit', await active(), { ...VISIT, result: 'NOBODY_THERE' }, TOWNSHIP);
    expect(visited).toMatchObject({ nextVisitBy: '2026-12-04', rosterVisits: [{ result: 'NOBODY_THERE' }] });
    expect(await openDuties(visited)).toContain(`recordFirstVisit ${TOWNSHIP} 2026-12-04`);
  });

  test('a report on the last day is in time; one that is entered late for an earlier day counts nothing anew', async () => {
    const entry = await active();
    at('2026-12-04T23:59:59+08:00');
    const visited = await done('recordVisit', entry, { ...VISIT, visitedOn: '2026-12-04' });
    const [first] = await owner<{ in_time: boolean }>("SELECT ended_at < due_at AS in_time FROM guitu.duties WHERE record_id = $1 AND step = 'recordFirstVisit' AND ended = 'DONE'", [entry.id.slice(3)]);
    expect([first?.in_time, visited['nextVisitBy']]).toEqual([true, '2027-02-04']);
    expect(await done('recordVisit', visited, { ...VISIT, visitedOn: '2026-11-25' })).toMatchObject({ nextVisitBy: '2027-02-04' });
  });

  test('a division may set its own interval: every month instead of every two', async () => {
    await owner("INSERT INTO guitu.settings (name, division, value, reason) VALUES ('deadline.recordVisit', '320281', '1', '每月一次')");
    expect(await done('recordVisit', await active())).toMatchObject({ nextVisitBy: '2026-12-20' });
    await owner(`UPDATE guitu.settings SET value = '{"months": [1, 7]}', reason = '每年一月、七月' WHERE name = 'deadline.recordVisit'`);
    expect(await done('recordVisit', await active())).toMatchObject({ nextVisitBy: '2027-01-31' });
    await owner("DELETE FROM guitu.settings WHERE name = 'deadline.recordVisit'");
  });

  test('two regimes, never one counter: a station\'s revisit fulfils no visit of the township, nor the other way round', async () => {
    const entry = await active();
    const revisited = await done('recordRevisit', entry);
    expect(await openDuties(entry)).toEqual([`recordFirstVisit ${TOWNSHIP} 2026-12-04`]);
    expect(revisited).toMatchObject({ nextVisitBy: '2026-12-04', revisitBy: null, visits: [{ regime: 'STATION', result: 'STABLE' }], rosterVisits: [] });
    const other = await done('recordVisit', await active());
    expect(await openDuties(other)).toEqual([`recordVisit ${TOWNSHIP} 2027-01-20`, `stationRevisit ${STATION} 2027-04-21`]);
  });

  test('township abolished: the one that takes over gets the roster and its own first visit', async () => {
    const entry = await active();
    await owner('UPDATE guitu.agencies SET suspended_at = $2 WHERE code = $1', [TOWNSHIP, WORLD_NOW]);
    try {
      const moved = await done('sendRoster', entry, { township: OTHER_TOWNSHIP });
      expect(await openDuties(moved)).toEqual([`recordFirstVisit ${OTHER_TOWNSHIP} 2026-12-04`, `stationRevisit ${STATION} 2027-04-21`]);
      expect((await step('sendRoster', moved, { township: TOWNSHIP })).errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.township' });
    } finally {
      await owner('UPDATE guitu.agencies SET suspended_at = NULL WHERE code = $1', [TOWNSHIP]);
    }
  });

  test('visitsDue gives a township today, overdue and coming, by day, with care codes and neither diagnosis nor risk class', async () => {
    await active();
    const due = (agency: string, filter: string): Promise<HubAnswer<{ visitsDue: { nodes: Record<string, unknown>[] } }>> => hub.ask(agency, { purpose: 'AT_RISK_CARE' },
      `{ visitsDue(filter: ${filter}) { nodes { nextVisitBy careCodes riskClasses diagnosis person { name } } } }`);
    const namesIn = async (agency: string, filter: string): Promise<unknown[]> => ((await due(agency, filter)).data?.visitsDue.nodes ?? []).map(({ nextVisitBy, person }) => [nextVisitBy, (person as { name: string } | null)?.name]);
    expect(await namesIn(OTHER_TOWNSHIP, '{ when: [TODAY] }')).toEqual([['2026-11-20', '梅夜行']]);
    expect(await namesIn(TOWNSHIP, '{ when: [OVERDUE, COMING] }')).toEqual(expect.arrayContaining([['2026-11-03', '周两渡'], ['2026-12-04', '吴守田']]));
    expect(await namesIn(TOWNSHIP, '{ until: "2026-11-30" }')).toEqual([['2026-11-03', '周两渡']]);
    expect((await due(OTHER_TOWNSHIP, '{}')).data?.visitsDue.nodes[0]).toMatchObject({ careCodes: ['VISIT_IN_PERSON', 'LOCATION_BRACELET'], riskClasses: null, diagnosis: null });
    expect(codeOf(await due(STATION, '{}'))).toBe('FORBIDDEN');
  });
});

describe('wandering', () => {
  test('a township reports within 24 hours of finding out, which is kept; the county is alerted, and no visit is owed meanwhile', async () => {
    const entry = await active();
    expect(await done('reportWandering', entry, { discoveredAt: '2026-11-19T08:59:00+08:00' })).toMatchObject({ state: 'WANDERING', nextVisitBy: null });
    const [report] = await owner<{ in_time: boolean }>("SELECT ended_at < due_at AS in_time FROM guitu.duties WHERE record_id = $1 AND step = 'reportWandering'", [entry.id.slice(3)]);
    expect(report?.in_time).toBe(false);
    expect(await openDuties(entry)).toEqual([`answerWandering ${COUNTY} 2026-11-21`, `stationRevisit ${STATION} 2027-04-21`]);
  });

  test('the person is back: the year starts again', async () => {
    const away = await done('reportWandering', await active());
    expect(await done('recordReturned', away)).toMatchObject({ state: 'ACTIVE', termFrom: '2026-11-20', nextVisitBy: '2026-12-04', revisitBy: '2027-11-20' });
  });

  test('after a false alarm the clock goes on where it stood', async () => {
    const visited = await done('recordVisit', await active());
    at('2026-12-01T09:00:00+08:00');
    const away = await done('reportWandering', visited, { discoveredAt: '2026-12-01T08:00:00+08:00' });
    expect(await done('recordFalseAlarm', away)).toMatchObject({ state: 'ACTIVE', termFrom: '2026-04-21', nextVisitBy: '2027-01-20' });
  });

  test('entry match from another province: the home county is alerted at once, the station learns only whom to contact', async () => {
    const entry = await active();
    const report = (agency: string, idNumber: string): Promise<HubAnswer<{ reportEntrant: { contacts: unknown[] } }>> => hub.ask(agency, { purpose: 'AT_RISK_CARE', key: randomUUID() },
      'mutation ($input: ReportEntrantInput!) { reportEntrant(input: $input) { contacts { code name phone } } }', { input: { idNumber } });
    const number = world.persons['wu-shoutian']?.idNumber ?? '';
    const answer = await report('station-120000', number);
    expect([answer.errors, answer.data]).toEqual([[], { reportEntrant: { contacts: [{ code: COUNTY, name: '江阴市民政局', phone: '0000-3202812' }] } }]);
    expect(await openDuties(entry)).toContain(`answerWandering ${COUNTY} 2026-11-21`);
    const inbox = await hub.ask<{ inbox: { nodes: { state: string }[] } }>(COUNTY, { purpose: 'AT_RISK_CARE' }, '{ inbox(filter: { step: ["answerWandering"] }) { nodes { number state } } }');
    expect(inbox.data?.inbox.nodes.map(({ state }) => state)).toContain('WANDERING');
    expect((await hub.ask('station-120000', { purpose: 'AT_RISK_CARE' }, `{ node(id: "${entry.id}") { id } }`)).data).toEqual({ node: null });
    expect((await report('station-320200', number)).data).toEqual(answer.data);
    for (const nobody of ['990101197004120353', world.persons['shen-anping']?.idNumber ?? '']) expect((await report('station-120000', nobody)).data).toEqual({ reportEntrant: { contacts: [] } });
  });
});

describe('moving and ending', () => {
  test('found wandering while it is handed over: the handing over ends, and the home county answers', async () => {
    const moving = await done('transferAtRiskEntry', await active());
    const report = await hub.ask('station-120000', { purpose: 'AT_RISK_CARE', key: randomUUID() }, 'mutation ($input: ReportEntrantInput!) { reportEntrant(input: $input) { contacts { code } } }', { input: { idNumber: world.persons['wu-shoutian']?.idNumber ?? '' } });
    expect([report.errors, report.data]).toEqual([[], { reportEntrant: { contacts: [{ code: COUNTY }] } }]);
    expect(await openDuties(moving)).toEqual([`answerWandering ${COUNTY} 2026-11-21`, `stationRevisit ${STATION} 2027-04-21`]);
    const [{ version = 0 } = {}] = await owner<{ version: number }>('SELECT version FROM guitu.at_risk_entries WHERE id = $1', [moving.id.slice(3)]);
    expect(codeOf(await step('acceptTransfer', { ...moving, version }))).toBe('NOT_FOUND');
    const back = await done('recordFalseAlarm', { ...moving, version });
    expect(back).toMatchObject({ state: 'ACTIVE', termFrom: '2026-04-21' });
    expect(await done('acceptTransfer', await done('transferAtRiskEntry', back))).toMatchObject({ state: 'ACTIVE', revisitBy: null });
  });

  test('move across provinces: the year goes on, the receiving county\'s township visits, the sending one sees it no more', async () => {
    const moving = await done('transferAtRiskEntry', await active());
    expect(await openDuties(moving)).toEqual([`acceptTransfer ${FAR_COUNTY} 2026-11-27`, `stationRevisit ${STATION} 2027-04-21`]);
    expect(await done('acceptTransfer', moving)).toMatchObject({ state: 'ACTIVE', termFrom: '2026-04-21', nextVisitBy: '2026-12-04', revisitBy: null });
    expect(await openDuties(moving)).toEqual([`recordFirstVisit ${FAR_TOWNSHIP} 2026-12-04`]);
    for (const agency of [COUNTY, TOWNSHIP]) expect((await hub.ask(agency, { purpose: 'AT_RISK_CARE' }, `{ node(id: "${moving.id}") { id } }`)).data).toEqual({ node: null });
    // Whoever registered the person keeps its own observation, and learns neither where the person is now nor how.
    const { data } = await hub.ask(STATION, { purpose: 'AT_RISK_CARE' }, `{ node(id: "${moving.id}") { ... on AtRiskEntry { entryNo riskClasses state version division { code } transitions { to reason } person { id } endReason } } }`);
    expect(data).toEqual({ node: { entryNo: expect.stringMatching(/^AR-/u), riskClasses: expect.any(Array), state: null, version: null, division: null, transitions: null, person: null, endReason: null } });
  });

  test('moved to where no township is on the hub yet: the receiving county takes it over, and owes the roster', async () => {
    const moving = await done('transferAtRiskEntry', await active());
    const taken = await done('acceptTransfer', moving, { township: null });
    expect(taken).toMatchObject({ state: 'ACTIVE', termFrom: '2026-04-21', nextVisitBy: null, revisitBy: null });
    expect(await openDuties(moving)).toEqual([`sendRoster ${FAR_COUNTY} 2026-11-24`]);
  });

  test('the term ends by decision: not before a year is over, nor while a visit is overdue', async () => {
    const entry = await active();
    const term = { reason: 'TERM_ENDED' };
    expect(codeOf(await step('endAtRiskEntry', entry, term))).toBe('BAD_USER_INPUT');
    at('2027-04-21T09:00:00+08:00');
    expect((await step('endAtRiskEntry', entry, term)).errors[0]?.message).toContain('逾期');
    const visited = await done('recordVisit', entry, { ...VISIT, visitedOn: '2027-04-20' });
    expect(await done('endAtRiskEntry', visited, term)).toMatchObject({ state: 'ENDED', endedOn: '2027-04-21', nextVisitBy: null });
    expect(await openDuties(entry)).toEqual([]);
  });

  test('backdated death: entered late, it ends the entry on its day, unless somebody met the person after it', async () => {
    const visited = await done('recordVisit', await active(), { ...VISIT, visitedOn: '2026-11-18' });
    expect((await step('endAtRiskEntry', visited, { reason: 'DIED', diedOn: '2026-11-10' })).errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.diedOn' });
    const nobody = await done('recordVisit', visited, { ...VISIT, result: 'NOBODY_THERE' });
    expect(await done('endAtRiskEntry', nobody, { reason: 'DIED', diedOn: '2026-11-18' })).toMatchObject({ state: 'ENDED', endedOn: '2026-11-18' });
    expect(await openDuties(visited)).toEqual([]);
  });

  test('merge: the one entry ends and its duties with it, the other goes on', async () => {
    const entry = await active();
    const kept = `ar_${worldId('entry', 'zhou-liangdu-entry')}`;
    expect(codeOf(await step('endAtRiskEntry', entry, { reason: 'MERGED' }))).toBe('BAD_USER_INPUT');
    expect(codeOf(await step('endAtRiskEntry', entry, { reason: 'MERGED', mergedInto: `ar_${worldId('entry', 'fang-shumei-entry')}` }))).toBe('NOT_FOUND');
    expect(await done('endAtRiskEntry', entry, { reason: 'MERGED', mergedInto: kept })).toMatchObject({ state: 'ENDED' });
    expect(await openDuties(entry)).toEqual([]);
    expect(await owner('SELECT state FROM guitu.at_risk_entries WHERE id = $1', [kept.slice(3)])).toEqual([{ state: 'ACTIVE' }]);
  });
});
