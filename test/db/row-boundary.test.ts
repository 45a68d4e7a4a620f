import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { openPools, type Pools } from '../../src/db/pools.js';
import { beginAs } from '../../src/db/session.js';
import type { Purpose } from '../../src/kernel/viewer.js';
import { askAs } from '../support/asking.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { withClient } from '../support/test-server.js';
import { world, worldId } from '../support/world.js';
import { boundaryOf } from '../support/world-boundary.js';

/** Row-level security with nothing above it: no lens, no policy. */
let database: TestDatabase;
let pools: Pools;
beforeAll(async () => {
  database = await createTestDatabase();
  pools = openPools(database.hub, { reader: 2, writer: 2, evidence: 1 });
});
afterAll(async () => {
  await pools.end();
  await database.drop();
});

const names = (records: Record<string, unknown>): string[] => Object.keys(records);

/** Table by table: the record type, and the kind under which the world names its records. */
const RECORDS = {
  return_cases: ['ReturnCase', 'case'], at_risk_entries: ['AtRiskEntry', 'entry'], settlement_cases: ['SettlementCase', 'settlement'], stays: ['Stay', 'stay'], identity_inquiries: ['IdentityInquiry', 'inquiry'], missing_reports: ['MissingReport', 'missing'], registered_households: ['RegisteredHousehold', 'household'], persons: ['Person', 'person'],
} as const;

async function under<Result>(pool: Pool, begin: string, run: (ask: (sql: string) => Promise<Record<string, unknown>[]>) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query(begin);
    return await run(async (sql) => (await client.query(sql)).rows as Record<string, unknown>[]);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

const ids = (rows: Record<string, unknown>[], column = 'id'): string[] => rows.map((row) => String(row[column])).toSorted();

const QUESTIONS: [string, Purpose][] = Object.entries(world.agencies).flatMap(([code, { kind }]): [string, Purpose][] => (kind === 'PARTNER' ? [[code, 'BENEFIT_CHECK'], [code, 'RETURN']] : [[code, 'RETURN']]));

/** Returns with revisits, of a station that made them or of civil affairs over the place. */
function revisited(code: string): string[] {
  const agency = world.agencies[code];
  const width = { MINISTRY: 0, PROVINCE: 2, PREFECTURE: 4, COUNTY: 6, TOWNSHIP: 9 }[agency?.level ?? 'TOWNSHIP'];
  return names(world.cases).filter((name) => {
    const { origin = '', originDivision = '', revisits = [] } = world.cases[name] ?? {};
    return revisits.length > 0 && (origin === code || (agency?.kind === 'CIVIL_AFFAIRS' && originDivision.startsWith(agency.division.slice(0, width))));
  });
}

describe.each(QUESTIONS)('%s under %s', (code, purpose) => {
  const expected = boundaryOf(code, purpose);
  const wanted = (table: keyof typeof RECORDS): string[] => expected[RECORDS[table][0]].map((name) => worldId(RECORDS[table][1], name)).toSorted();

  test('reads the rows of which it is a party or whose area is its own, and no other', async () => {
    for (const pool of [pools.reader, pools.writer]) {
      await under(pool, beginAs(askAs(code, purpose), 'READ ONLY'), async (ask) => {
        for (const table of Object.keys(RECORDS) as (keyof typeof RECORDS)[]) expect([table, ids(await ask(`SELECT id FROM ${table}`))]).toEqual([table, wanted(table)]);
        expect(new Set(ids(await ask('SELECT DISTINCT case_id AS id FROM return_transitions')))).toEqual(new Set(wanted('return_cases')));
        // Revisits are the station's own and those of civil affairs of the place; no other side reads one.
        expect(new Set(ids(await ask('SELECT DISTINCT case_id AS id FROM return_revisits')))).toEqual(new Set(revisited(code).map((name) => worldId('case', name))));
        expect(new Set(ids(await ask('SELECT DISTINCT settlement_id AS id FROM settlement_transitions')))).toEqual(new Set(wanted('settlement_cases')));
        expect(new Set(ids(await ask('SELECT DISTINCT stay_id AS id FROM stay_moves')))).toEqual(new Set(wanted('stays')));
        expect(new Set(ids(await ask('SELECT DISTINCT inquiry_id AS id FROM inquiry_transitions')))).toEqual(new Set(wanted('identity_inquiries')));
        expect(new Set(ids(await ask('SELECT DISTINCT inquiry_id AS id FROM inquiry_answers')))).toEqual(new Set(wanted('identity_inquiries')));
        const candidates = names(world.inquiries).filter((name) => world.inquiries[name]?.station === code).flatMap((name) => world.inquiries[name]?.candidates ?? []).flatMap(({ candidateNo, suppressed }) => (suppressed ? [] : [candidateNo]));
        expect(ids(await ask('SELECT candidate_no FROM inquiry_candidates'), 'candidate_no')).toEqual(candidates.toSorted());
        const given = Object.values(world.missing).flatMap(({ reportNo, given: all }) => all.flatMap(({ inquiry }) => (world.inquiries[inquiry]?.station === code ? [reportNo] : [])));
        expect(ids(await ask('SELECT report_no FROM missing_candidates'), 'report_no')).toEqual(given.toSorted());
        const told = names(world.missing).filter((name) => world.missing[name]?.reporter === code && world.missing[name]?.given.some(({ told: one }) => one));
        expect(ids(await ask('SELECT DISTINCT report_id AS id FROM missing_results'))).toEqual(told.map((name) => worldId('missing', name)).toSorted());
        for (const table of ['household_members', 'household_matches', 'household_flags', 'household_periods', 'household_help']) {
          const seen = ids(await ask(`SELECT DISTINCT household_id AS id FROM ${table}`));
          expect([table, seen.filter((id) => !wanted('registered_households').includes(id))]).toEqual([table, []]);
        }
      });
    }
  });

  test('changes only cases to which it is destination or origin, or that it is called upon to coordinate, receive or help in', async () => {
    const partiesOf = (name: string): (string | undefined)[] => (world.cases[name]?.state === 'DRAFT' ? [world.cases[name]?.destination] : [world.cases[name]?.destination, world.cases[name]?.origin, world.cases[name]?.hukouAgency, world.cases[name]?.hukouCivilAffairs, ...(world.cases[name]?.coordinatedBy ?? []), ...(world.cases[name]?.referrals ?? []).map(({ addressee }) => addressee)]);
    const own = names(world.cases).filter((name) => partiesOf(name).includes(code)).map((name) => worldId('case', name)).toSorted();
    await under(pools.writer, beginAs(askAs(code, purpose), 'READ WRITE'), async (ask) => {
      expect(ids(await ask('UPDATE return_cases SET remark = remark RETURNING id'))).toEqual(own);
    });
  });

  test('changes no household but as its office, and no flag but as civil affairs of the area', async () => {
    await under(pools.writer, beginAs(askAs(code, purpose), 'READ WRITE'), async (ask) => {
      const isOffice = code === 'poverty-320281';
      expect(ids(await ask('UPDATE registered_households SET kind = kind RETURNING id'))).toEqual(isOffice ? wanted('registered_households') : []);
      const flagged = names(world.households).filter((no) => world.households[no]?.flag).map((no) => worldId('household', no)).filter((id) => wanted('registered_households').includes(id)).toSorted();
      expect(ids(await ask('UPDATE household_flags SET reason = reason RETURNING household_id'), 'household_id')).toEqual(world.agencies[code]?.kind === 'CIVIL_AFFAIRS' ? flagged : []);
    });
  });
});

test('the world has something to hide from everybody, and something for most', () => {
  const seen = QUESTIONS.map(([code, purpose]) => boundaryOf(code, purpose).ReturnCase.length);
  expect(seen.filter((count) => count > 0).length).toBeGreaterThanOrEqual(11);
  expect(seen.filter((count) => count < names(world.cases).length).length).toBeGreaterThanOrEqual(QUESTIONS.length - 1);
});

test('without a viewer nothing is seen', async () => {
  for (const begin of ['BEGIN', 'BEGIN READ ONLY']) {
    await under(pools.reader, begin, async (ask) => {
      for (const table of [...Object.keys(RECORDS), 'return_transitions', 'household_members', 'household_matches', 'household_flags', 'household_periods', 'household_help']) expect([table, await ask(`SELECT 1 FROM ${table}`)]).toEqual([table, []]);
    });
  }
});

test('a viewer ends with its transaction', async () => {
  const client = await pools.reader.connect();
  await client.query(beginAs(askAs('civil-000000', 'SUPERVISION'), 'READ ONLY'));
  const before = await client.query('SELECT 1 FROM return_cases');
  await client.query('COMMIT');
  const after = await client.query('SELECT 1 FROM return_cases');
  client.release();
  expect([before.rowCount, after.rowCount]).toEqual([Object.values(world.cases).filter(({ state }) => state !== 'DRAFT').length, 0]);
});

test('nobody can write a case between two others', async () => {
  await under(pools.writer, beginAs(askAs('station-320281', 'RETURN'), 'READ WRITE'), async (ask) => {
    const [from, to] = [worldId('agency', 'station-120000'), worldId('agency', 'station-320200')];
    await expect(ask(`INSERT INTO return_cases (version, case_no, state, person_id, destination_agency, destination_division, origin_agency, origin_division, author_agency, changed_at)
      VALUES (1, 'GT-00000-00000', 'SENT', '${worldId('person', 'lin-guilai')}', '${from}', '120000', '${to}', '320200', '${from}', now())`)).rejects.toMatchObject({ code: '42501' });
  });
});

test('what an agency was told is its own alone', async () => {
  await withClient(database.admin, (owner) => owner.query("INSERT INTO guitu.tellings (agency_id, at, step, title, record, record_id) SELECT id, now(), 'recallReturn', '反馈已撤回', 'ReturnCase', gen_random_uuid() FROM guitu.agencies"));
  for (const [code, purpose] of QUESTIONS) {
    await under(pools.reader, beginAs(askAs(code, purpose), 'READ ONLY'), async (ask) => {
      expect([code, ids(await ask('SELECT agency_id FROM tellings'), 'agency_id')]).toEqual([code, [worldId('agency', code)]]);
    });
  }
});
