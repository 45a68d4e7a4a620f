import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { openPools, type Pools } from '../../src/db/pools.js';
import { beginAs } from '../../src/db/session.js';
import type { Purpose } from '../../src/kernel/viewer.js';
import { askAs } from '../support/asking.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { world, worldId, type WorldCase } from '../support/world.js';

/**
 * Row-level security with nothing above it: no lens, no policy. Who is party to what, and whose area it lies in, is worked out here once more
 * from the files of the world, by the digits of the codes.
 */
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

const DIGITS = { MINISTRY: 0, PROVINCE: 2, PREFECTURE: 4, COUNTY: 6, TOWNSHIP: 9 };
const AGENCIES = Object.entries(world.agencies).map(([code, agency]) => ({
  code, ...agency, isIn: (...kinds: string[]) => kinds.includes(agency.kind), area: (division: string) => division.startsWith(agency.division.slice(0, DIGITS[agency.level])),
}));
type Agency = (typeof AGENCIES)[number];

const names = (records: Record<string, unknown>): string[] => Object.keys(records);
const personOf = (name: string): (typeof world.persons)[string] | undefined => world.persons[name];

function isCaseOf(agency: Agency, record: WorldCase, purpose: Purpose | null): boolean {
  return [record.destination, record.origin, record.escortAgency].includes(agency.code)
    || (agency.isIn('CIVIL_AFFAIRS') && (agency.area(record.originDivision) || (record.destination !== undefined && world.agencies[record.destination]?.division === agency.division)))
    || (agency.isIn('PARTNER') && purpose === 'BENEFIT_CHECK' && agency.area(record.originDivision))
    || personOf(record.person)?.protection?.namedUnit === agency.code;
}

function expectedNames(agency: Agency, purpose: Purpose | null): Record<string, string[]> {
  const cases = names(world.cases).filter((name) => isCaseOf(agency, world.cases[name] as WorldCase, purpose));
  const entries = names(world.atRisk).filter((name) => {
    const entry = world.atRisk[name];
    return entry && ([entry.enrolledBy, entry.township].includes(agency.code) || (agency.isIn('CIVIL_AFFAIRS', 'RESCUE_STATION') && agency.area(entry.division)));
  });
  const settlements = names(world.settlement).filter((name) => {
    const record = world.settlement[name];
    return record && ([record.station, record.civilAffairs, record.police].includes(agency.code) || (agency.isIn('CIVIL_AFFAIRS', 'RESCUE_STATION', 'TOWNSHIP') && agency.area(record.division)));
  });
  const households = names(world.households).filter((no) => agency.code === 'poverty-320281' || (agency.isIn('CIVIL_AFFAIRS') && agency.area(world.households[no]?.division ?? '')));
  const persons = names(world.persons).filter((name) => cases.some((one) => world.cases[one]?.person === name) || entries.some((one) => world.atRisk[one]?.person === name)
    || settlements.some((one) => world.settlement[one]?.person === name) || (agency.isIn('CIVIL_AFFAIRS') && households.some((no) => world.households[no]?.members.some((member) => member.matched && member.person === name)))
    || isProtector(agency, name));
  return { return_cases: cases, at_risk_entries: entries, settlement_cases: settlements, registered_households: households, persons };
}

function isProtector(agency: Agency, name: string): boolean {
  const protection = personOf(name)?.protection;
  return protection !== undefined && ([protection.holdingAgency, protection.namedUnit].includes(agency.code)
    || (agency.isIn('CIVIL_AFFAIRS') && world.agencies[protection.holdingAgency]?.division === agency.division));
}

const RECORDS = { return_cases: 'case', at_risk_entries: 'entry', settlement_cases: 'settlement', registered_households: 'household', persons: 'person' } as const;

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

const QUESTIONS: [string, Purpose][] = AGENCIES.flatMap(({ code, kind }): [string, Purpose][] => (kind === 'PARTNER' ? [[code, 'BENEFIT_CHECK'], [code, 'RETURN']] : [[code, 'RETURN']]));

describe.each(QUESTIONS)('%s under %s', (code, purpose) => {
  const agency = AGENCIES.find((one) => one.code === code) as Agency;
  const expected = expectedNames(agency, purpose);
  const wanted = (table: keyof typeof RECORDS): string[] => (expected[table] ?? []).map((name) => worldId(RECORDS[table], name)).toSorted();

  test('reads the rows of which it is a party or whose area is its own, and no other', async () => {
    for (const pool of [pools.reader, pools.writer]) {
      await under(pool, beginAs(askAs(code, purpose), 'READ ONLY'), async (ask) => {
        for (const table of Object.keys(RECORDS) as (keyof typeof RECORDS)[]) expect([table, ids(await ask(`SELECT id FROM ${table}`))]).toEqual([table, wanted(table)]);
        expect(new Set(ids(await ask('SELECT DISTINCT case_id AS id FROM return_transitions')))).toEqual(new Set(wanted('return_cases')));
        for (const table of ['household_members', 'household_matches', 'household_flags']) {
          const seen = ids(await ask(`SELECT DISTINCT household_id AS id FROM ${table}`));
          expect([table, seen.filter((id) => !wanted('registered_households').includes(id))]).toEqual([table, []]);
        }
      });
    }
  });

  test('changes only cases to which it is destination or origin', async () => {
    const own = names(world.cases).filter((name) => [world.cases[name]?.destination, world.cases[name]?.origin].includes(code)).map((name) => worldId('case', name)).toSorted();
    await under(pools.writer, beginAs(askAs(code, purpose), 'READ WRITE'), async (ask) => {
      expect(ids(await ask('UPDATE return_cases SET remark = remark RETURNING id'))).toEqual(own);
    });
  });

  test('changes no household but as its office, and no flag but as civil affairs of the area', async () => {
    await under(pools.writer, beginAs(askAs(code, purpose), 'READ WRITE'), async (ask) => {
      const isOffice = code === 'poverty-320281';
      expect(ids(await ask('UPDATE registered_households SET kind = kind RETURNING id'))).toEqual(isOffice ? wanted('registered_households') : []);
      const flagged = names(world.households).filter((no) => world.households[no]?.flag).map((no) => worldId('household', no)).filter((id) => wanted('registered_households').includes(id)).toSorted();
      expect(ids(await ask('UPDATE household_flags SET reason = reason RETURNING household_id'), 'household_id')).toEqual(agency.isIn('CIVIL_AFFAIRS') ? flagged : []);
    });
  });
});

test('the world has something to hide from everybody, and something for most', () => {
  const seen = QUESTIONS.map(([code, purpose]) => expectedNames(AGENCIES.find((one) => one.code === code) as Agency, purpose)['return_cases']?.length ?? 0);
  expect(seen.filter((count) => count > 0).length).toBeGreaterThanOrEqual(11);
  expect(seen.filter((count) => count < names(world.cases).length).length).toBeGreaterThanOrEqual(QUESTIONS.length - 1);
});

test('without a viewer nothing is seen', async () => {
  for (const begin of ['BEGIN', 'BEGIN READ ONLY']) {
    await under(pools.reader, begin, async (ask) => {
      for (const table of [...Object.keys(RECORDS), 'return_transitions', 'household_members', 'household_matches', 'household_flags']) expect([table, await ask(`SELECT 1 FROM ${table}`)]).toEqual([table, []]);
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
  expect([before.rowCount, after.rowCount]).toEqual([names(world.cases).length, 0]);
});

test('nobody can write a case between two others', async () => {
  await under(pools.writer, beginAs(askAs('station-320281', 'RETURN'), 'READ WRITE'), async (ask) => {
    const [from, to] = [worldId('agency', 'station-120000'), worldId('agency', 'station-320200')];
    await expect(ask(`INSERT INTO return_cases (version, case_no, state, person_id, destination_agency, destination_division, origin_agency, origin_division, author_agency, changed_at)
      VALUES (1, 'GT-00000-00000', 'SENT', '${worldId('person', 'lin-guilai')}', '${from}', '120000', '${to}', '320200', '${from}', now())`)).rejects.toMatchObject({ code: '42501' });
  });
});
