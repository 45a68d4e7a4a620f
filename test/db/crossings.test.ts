import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { withClient } from '../support/test-server.js';
import { world, worldId, WORLD_NOW } from '../support/world.js';

/** The functions that cross the boundary of rows: each does its one act, and tells its caller nothing of what it found. */
let database: TestDatabase;
beforeAll(async () => { database = await createTestDatabase(); });
afterAll(() => database.drop());

const asOwner = <Result>(run: (owner: Client) => Promise<Result>): Promise<Result> => withClient(database.admin, run);
const rowsOf = async (owner: Client, table: string): Promise<string[]> => (await owner.query<{ text: string }>(`SELECT t::text AS text FROM guitu.${table} t ORDER BY 1`)).rows.map(({ text }) => text);
const personRow = async (owner: Client, id: string): Promise<Record<string, unknown>> => (await owner.query<Record<string, unknown>>('SELECT * FROM guitu.persons WHERE id = $1', [id])).rows[0] ?? {};
const idOf = (name: string): string => worldId('person', name);
const protectedName = Object.entries(world.persons).find(([, { protection, idNumber }]) => protection && idNumber)?.[0] ?? '';
const adultName = 'lin-guilai';

describe('linking a claim to a person', () => {
  const link = async (owner: Client, hash: string): Promise<string> => (await owner.query<{ id: string }>("SELECT guitu.link_person($1, 'sealed', 'ends', '1980-01-01') AS id", [hash])).rows[0]?.id ?? '';

  test('finds a known person, protected or not, and changes nothing of it', async () => {
    await asOwner(async (owner) => {
      for (const name of [adultName, protectedName]) {
        const before = await personRow(owner, idOf(name));
        expect(await link(owner, String(before['id_number_hash']))).toBe(idOf(name));
        expect(await personRow(owner, idOf(name))).toEqual(before);
      }
    });
  });

  test('makes an unknown one once, and gives it nothing but what the claim needs', async () => {
    await asOwner(async (owner) => {
      const made = await link(owner, 'f'.repeat(64));
      expect(await link(owner, 'f'.repeat(64))).toBe(made);
      expect(await personRow(owner, made)).toMatchObject({ identity_state: 'CLAIMED', name: null, sex: null, address_sealed: null });
    });
  });
});

describe('taking over what a case says of a person', () => {
  const caseOf = (name: string): string => worldId('case', name);
  const [caseName = ''] = Object.entries(world.cases).find(([, { person }]) => person === adultName) ?? [];
  const inTransaction = (run: (owner: Client) => Promise<void>): Promise<void> => asOwner(async (owner) => {
    await owner.query('BEGIN');
    await run(owner);
    await owner.query('ROLLBACK');
  });

  test('does nothing before the case is confirmed', async () => {
    await inTransaction(async (owner) => {
      await owner.query('UPDATE guitu.return_cases SET confirmed_at = NULL WHERE id = $1', [caseOf(caseName)]);
      await owner.query('UPDATE guitu.persons SET name = NULL, sex = NULL WHERE id = $1', [idOf(adultName)]);
      const before = await personRow(owner, idOf(adultName));
      await owner.query('SELECT guitu.take_over_subject($1)', [caseOf(caseName)]);
      expect(await personRow(owner, idOf(adultName))).toEqual(before);
    });
  });

  test('fills what the person lacks, and replaces nothing that it holds', async () => {
    await inTransaction(async (owner) => {
      await owner.query("UPDATE guitu.return_cases SET confirmed_at = $2, subject_name = '另一个名字', subject_sex = 'FEMALE' WHERE id = $1", [caseOf(caseName), WORLD_NOW]);
      await owner.query('UPDATE guitu.persons SET sex = NULL WHERE id = $1', [idOf(adultName)]);
      const before = await personRow(owner, idOf(adultName));
      await owner.query('SELECT guitu.take_over_subject($1)', [caseOf(caseName)]);
      expect(await personRow(owner, idOf(adultName))).toMatchObject({ name: before['name'], sex: 'FEMALE' });
    });
  });
});

describe('matching households', () => {
  let owner: Client;
  const household = '00000000-0000-4000-8000-00000000abcd';
  const match = (): Promise<unknown> => owner.query('SELECT guitu.match_households($1::uuid[], ARRAY[]::uuid[], $2::timestamptz, $3::date, $3::date)', [[household], WORLD_NOW, world.now.slice(0, 10)]);
  const hits = async (): Promise<number> => Number((await owner.query<{ n: string }>('SELECT count(*) AS n FROM guitu.household_matches WHERE household_id = $1', [household])).rows[0]?.n);
  const stands = async (): Promise<boolean | undefined> => (await owner.query<{ stands: boolean }>('SELECT guitu.household_flag_stands($1, $2::date) AS stands', [household, world.now.slice(0, 10)])).rows[0]?.stands;

  /** A flagged household, one of whose members has the number of a person with a confirmed return to the county. */
  beforeEach(() => asOwner(async (client) => {
    await client.query('DELETE FROM guitu.household_flags WHERE household_id = $1', [household]);
    await client.query('DELETE FROM guitu.household_matches WHERE household_id = $1', [household]);
    await client.query('DELETE FROM guitu.household_members WHERE household_id = $1', [household]);
    await client.query('DELETE FROM guitu.registered_households WHERE id = $1', [household]);
    await client.query("INSERT INTO guitu.registered_households (id, office, household_no, head_name, division, kind, flag_requested_at) VALUES ($1, $2, 'T-1', '户主', '320281100', 'REGISTERED', $3)", [household, worldId('agency', 'poverty-320281'), WORLD_NOW]);
    await client.query("INSERT INTO guitu.household_members (household_id, position, name, id_number_sealed, id_number_hash, born_on) SELECT $1, 1, '某', 'v1.x.y', id_number_hash, born_on FROM guitu.persons WHERE id = $2", [household, idOf(adultName)]);
  }));

  test('hits the person, and no longer once it is protected: neither a new match, nor a flag that stood', async () => {
    await asOwner(async (client) => {
      owner = client;
      await match();
      expect([await hits(), await stands()]).toEqual([1, true]);
      await client.query("INSERT INTO guitu.protections SELECT (json_populate_record(p, json_build_object('person_id', $1::text))).* FROM guitu.protections p LIMIT 1", [idOf(adultName)]);
      expect(await stands()).toBe(false);
      await client.query('DELETE FROM guitu.household_flags WHERE household_id = $1', [household]);
      await client.query('DELETE FROM guitu.household_matches WHERE household_id = $1', [household]);
      await match();
      expect([await hits(), await stands()]).toEqual([0, false]);
      await client.query('DELETE FROM guitu.protections WHERE person_id = $1', [idOf(adultName)]);
    });
  });

  test('hits nobody whose return to the county is not confirmed, or is called into question', async () => {
    await asOwner(async (client) => {
      owner = client;
      const cases = (await client.query<{ id: string; confirmed_at: Date; state: string }>('SELECT id, confirmed_at, state FROM guitu.return_cases WHERE person_id = $1', [idOf(adultName)])).rows;
      for (const doubt of ['confirmed_at = NULL', "state = 'DISPUTED'"]) {
        await client.query(`UPDATE guitu.return_cases SET ${doubt} WHERE person_id = $1`, [idOf(adultName)]);
        await match();
        expect([doubt, await hits()]).toEqual([doubt, 0]);
        for (const { id, confirmed_at: confirmedAt, state } of cases) await client.query('UPDATE guitu.return_cases SET confirmed_at = $2, state = $3 WHERE id = $1', [id, confirmedAt, state]);
      }
      await match();
      expect(await hits()).toBe(1);
    });
  });

  test('makes no flag of a child alone', async () => {
    await asOwner(async (client) => {
      owner = client;
      const flags = async (): Promise<number> => Number((await client.query<{ n: string }>('SELECT count(*) AS n FROM guitu.household_flags WHERE household_id = $1', [household])).rows[0]?.n);
      const { born_on: bornOn } = await personRow(client, idOf(adultName));
      await client.query("UPDATE guitu.persons SET born_on = '2015-05-21' WHERE id = $1", [idOf(adultName)]);
      await match();
      expect([await hits(), await flags(), await stands()]).toEqual([1, 0, false]);
      await client.query('DELETE FROM guitu.household_matches WHERE household_id = $1', [household]);
      await client.query('UPDATE guitu.persons SET born_on = $2 WHERE id = $1', [idOf(adultName), bornOn]);
      await match();
      expect([await hits(), await flags(), await stands()]).toEqual([1, 1, true]);
    });
  });

  test('tells its caller nothing, hit or miss', async () => {
    await asOwner(async (client) => {
      owner = client;
      const before = await rowsOf(client, 'persons');
      expect((await match()) as { rows: unknown[] }).toMatchObject({ rows: [{ match_households: '' }] });
      expect(await rowsOf(client, 'persons')).toEqual(before);
    });
  });
});

describe('comparing, holding and telling of a missing report', () => {
  const STATION = 'station-320281';
  const [inquiry, report] = [worldId('inquiry', 'nameless-bridge-inquiry'), '00000000-0000-4000-8000-00000000abce'];
  const inTransaction = (run: (owner: Client) => Promise<void>): Promise<void> => asOwner(async (owner) => {
    await owner.query('BEGIN');
    await owner.query("INSERT INTO guitu.missing_reports (id, version, report_no, state, reporter, person_id, reported_at, reported_by, name, missing_since) VALUES ($1, 1, 'MR-CROSS', 'OPEN', $2, $3, $4, '某', '走失某', '2026-06-01')", [report, worldId('agency', 'police-320200'), idOf(adultName), WORLD_NOW]);
    await run(owner);
    await owner.query('ROLLBACK');
  });
  const asAgency = (owner: Client, code: string): Promise<unknown> => owner.query("SELECT set_config('guitu.agency', $1, true)", [worldId('agency', code)]);
  const compare = (owner: Client): Promise<unknown> => owner.query('SELECT guitu.compare_missing_reports($1, 10)', [inquiry]);
  const given = async (owner: Client): Promise<{ id: string; ended: boolean; name: string }[]> => (await owner.query<{ id: string; ended: boolean; name: string }>('SELECT id, ended, name FROM guitu.missing_candidates WHERE report_id = $1', [report])).rows;
  const protect = (owner: Client, person: string): Promise<unknown> => owner.query("INSERT INTO guitu.protections SELECT (json_populate_record(p, json_build_object('person_id', $1::text))).* FROM guitu.protections p LIMIT 1", [person]);
  const holds = async (owner: Client): Promise<boolean | undefined> => (await owner.query<{ held: boolean }>("SELECT guitu.hold_missing_candidate($1, 'MR-CROSS') AS held", [inquiry])).rows[0]?.held;
  const sought = worldId('person', world.inquiries['nameless-bridge-inquiry']?.person ?? '');

  test('comparing gives the report to the station of the inquiry alone', async () => {
    await inTransaction(async (owner) => {
      for (const [agency, found] of [['station-120000', 0], ['police-320200', 0], [STATION, 1], [STATION, 1]] as const) {
        await asAgency(owner, agency);
        await compare(owner);
        expect([agency, (await given(owner)).length]).toEqual([agency, found]);
      }
    });
  });

  test.each([['whom the station holds', sought], ['who bears the number', idOf(adultName)]])('comparing finds nothing where the person is protected %s, and nothing stands that was found before', async (_, person) => {
    await inTransaction(async (owner) => {
      await asAgency(owner, STATION);
      await protect(owner, person);
      await compare(owner);
      expect(await given(owner)).toEqual([]);
      await owner.query('DELETE FROM guitu.protections WHERE person_id = $1', [person]);
      await compare(owner);
      expect(await holds(owner)).toBe(true);
      await protect(owner, person);
      expect(await holds(owner)).toBe(false);
    });
  });

  test('a candidate stands for the station of its inquiry alone', async () => {
    await inTransaction(async (owner) => {
      await asAgency(owner, STATION);
      await compare(owner);
      for (const [agency, stands] of [[STATION, true], ['station-120000', false], ['police-320200', false]] as const) {
        await asAgency(owner, agency);
        expect([agency, await holds(owner)]).toEqual([agency, stands]);
      }
    });
  });

  test('renewing follows the report, for its own agency alone', async () => {
    await inTransaction(async (owner) => {
      await asAgency(owner, STATION);
      await compare(owner);
      await owner.query("UPDATE guitu.missing_reports SET name = '改名某', state = 'FOUND', closed_at = $2, closed_by = '某' WHERE id = $1", [report, WORLD_NOW]);
      for (const [agency, ended] of [[STATION, false], ['police-320281', false], ['police-320200', true]] as const) {
        await asAgency(owner, agency);
        await owner.query('SELECT guitu.renew_missing_candidates($1)', [report]);
        expect([agency, (await given(owner))[0]?.ended]).toEqual([agency, ended]);
      }
    });
  });

  test.each([
    ['the station, once two have confirmed and said to tell', STATION, "verdict = 'SAME_PERSON', first_confirmed_by = '甲', second_confirmed_by = '乙', tell = TRUE", null, 1],
    ['the station, where one said not to tell', STATION, "verdict = 'SAME_PERSON', first_confirmed_by = '甲', second_confirmed_by = '乙', tell = FALSE", null, 0],
    ['the station, with the word of one', STATION, "first_confirmed_by = '甲', tell = TRUE", null, 0],
    ['another station', 'station-120000', "verdict = 'SAME_PERSON', first_confirmed_by = '甲', second_confirmed_by = '乙', tell = TRUE", null, 0],
    ['the station, of a protected person', STATION, "verdict = 'SAME_PERSON', first_confirmed_by = '甲', second_confirmed_by = '乙', tell = TRUE", sought, 0],
    ['the station, of a protected number', STATION, "verdict = 'SAME_PERSON', first_confirmed_by = '甲', second_confirmed_by = '乙', tell = TRUE", idOf(adultName), 0],
  ])('telling by %s', async (_, agency, answered, guarded, told) => {
    await inTransaction(async (owner) => {
      await asAgency(owner, STATION);
      await compare(owner);
      await owner.query(`UPDATE guitu.missing_candidates SET ${answered} WHERE report_id = $1`, [report]);
      if (guarded) await protect(owner, guarded);
      await asAgency(owner, agency);
      const [candidate] = await given(owner);
      await owner.query("SELECT guitu.tell_missing_result($1, $2, '2026-11-20', $3)", [candidate?.id, worldId('agency', 'civil-320281'), WORLD_NOW]);
      expect((await owner.query('SELECT FROM guitu.missing_results WHERE report_id = $1', [report])).rowCount).toBe(told);
    });
  });
});
