import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { readConfig } from '../../src/config.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { PURPOSES, type Purpose, type Role } from '../../src/kernel/viewer.js';
import { assembleHub, type HubParts } from '../../src/server/start-hub.js';
import { askAs } from '../support/asking.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { withClient } from '../support/test-server.js';
import { world } from '../support/world.js';
import { askForAllRows, type AllRows } from './all-rows.js';
import { openLens, Unguarded } from './unguarded.js';
import { boundaryOf, globalId, type RowRecord } from '../support/world-boundary.js';

/** Two belts, each alone with the rows: row-level security under a lens that hides nothing, and the lens with row-level security off. No shield in either. */
const AGENCIES = Object.keys(world.agencies);
const RECORDS: readonly RowRecord[] = ['ReturnCase', 'AtRiskEntry', 'SettlementCase', 'Stay', 'IdentityInquiry', 'MissingReport', 'RegisteredHousehold', 'Person'];
const CONFIG = readConfig({ GUITU_NOW: world.now, GUITU_READ_POOL: '3' });

let database: TestDatabase;
let parts: HubParts;
beforeAll(async () => {
  database = await createTestDatabase();
  parts = await assembleHub(CONFIG, database.keyRing, database.hub);
});
afterAll(async () => {
  await parts.pools.end();
  await database.drop();
});

const namesOf = (record: RowRecord): string[] => Object.keys({ ReturnCase: world.cases, AtRiskEntry: world.atRisk, SettlementCase: world.settlement, Stay: world.stays, IdentityInquiry: world.inquiries, MissingReport: world.missing, RegisteredHousehold: world.households, Person: world.persons }[record]);
const idsOf = (record: RowRecord, names: readonly string[]): string[] => names.map((name) => globalId(record, name)).toSorted();

describe('row-level security alone, every row and cell predicate of the lens replaced by ALWAYS', () => {
  describe.each(AGENCIES)('%s', (agency) => {
    test.each(['RETURN', 'BENEFIT_CHECK', 'SUPERVISION', null] as const)('under %s every row of other areas stays, in every record type and by every path', async (purpose) => {
      const unguarded = new Unguarded(parts, (context) => openLens(parts.policy.lensFor(context)));
      const { ids, checked, codes } = await askForAllRows(unguarded, askAs(agency, purpose));
      const boundary = boundaryOf(agency, purpose);
      expect(codes).toEqual([]);
      for (const record of RECORDS) expect([record, ids[record]]).toEqual([record, idsOf(record, boundary[record])]);
      const holders = new Set(boundary.ReturnCase.map((name) => world.persons[world.cases[name]?.person ?? '']?.idNumber));
      expect(checked).toEqual(Object.values(world.persons).flatMap(({ idNumber }) => (idNumber && holders.has(idNumber) ? [idNumber] : [])).toSorted());
    });
  });

  test('nobody but the ministry is inside everything, so that the belt had something to keep', () => {
    // A draft is inside nobody's boundary but its author's.
    const sent = Object.values(world.cases).filter(({ state }) => state !== 'DRAFT').length;
    const kept = AGENCIES.filter((agency) => boundaryOf(agency, 'RETURN').ReturnCase.length < sent);
    expect(AGENCIES.filter((agency) => !kept.includes(agency))).toEqual(['civil-000000']);
  });
});

const QUESTIONS: [string, Purpose | null, Role[]][] = AGENCIES.flatMap((agency) => [null, ...PURPOSES].flatMap((purpose): [string, Purpose | null, Role[]][] => [[agency, purpose, ['CLERK']], [agency, purpose, ['CLERK', 'MINORS_OFFICER']]]));
const keyOf = (agency: string, purpose: Purpose | null, roles: readonly Role[]): string => `${agency} ${purpose ?? '-'} ${roles.join('+')}`;

describe('the lens alone, row-level security off', () => {
  const before = new Map<string, AllRows>();
  beforeAll(async () => {
    const unguarded = new Unguarded(parts);
    for (const [agency, purpose, roles] of QUESTIONS) before.set(keyOf(agency, purpose, roles), await askForAllRows(unguarded, askAs(agency, purpose, roles)));
    await withClient(database.admin, async (owner) => {
      const { rows } = await owner.query<{ name: string }>("SELECT relname AS name FROM pg_class WHERE relnamespace = 'guitu'::regnamespace AND relrowsecurity");
      for (const { name } of rows) await owner.query(`ALTER TABLE guitu.${name} DISABLE ROW LEVEL SECURITY`);
    });
  });

  test('a hub does not start on such a database, and says which tables', async () => {
    await expect(assembleHub(CONFIG, database.keyRing, database.hub)).rejects.toThrow(/row-level security is off on .*persons.*return_cases/u);
  });

  test('and a lens that hides nothing would now show every row: the third belt is really off', async () => {
    const { ids } = await askForAllRows(new Unguarded(parts, (context) => openLens(parts.policy.lensFor(context))), askAs('township-320281100', 'RETURN'));
    for (const record of RECORDS) expect([record, ids[record]]).toEqual([record, idsOf(record, namesOf(record))]);
  });

  describe.each(AGENCIES)('%s', (agency) => {
    test('for each purpose and role the answer is byte for byte what it was with row-level security, and lies inside the boundary', async () => {
      const unguarded = new Unguarded(parts);
      for (const [, purpose, roles] of QUESTIONS.filter(([one]) => one === agency)) {
        const key = keyOf(agency, purpose, roles);
        const now = await askForAllRows(unguarded, askAs(agency, purpose, roles));
        expect([key, now.text]).toEqual([key, before.get(key)?.text]);
        const boundary = boundaryOf(agency, purpose);
        for (const record of RECORDS) expect([key, record, now.ids[record].filter((id) => !idsOf(record, boundary[record]).includes(id))]).toEqual([key, record, []]);
      }
    });

    test('with the shield off as well, a kind of agency that no row grant names gets no row', async () => {
      const { kind, level } = world.agencies[agency] as { kind: string; level: string };
      for (const [, purpose, roles] of QUESTIONS.filter(([one]) => one === agency)) {
        const { ids, checked } = before.get(keyOf(agency, purpose, roles)) as AllRows;
        for (const record of RECORDS) if (!isGrantedRows(record, kind, level, purpose, roles)) expect([keyOf(agency, purpose, roles), record, ids[record]]).toEqual([keyOf(agency, purpose, roles), record, []]);
        if (!isGrantedRows('ReturneeCheck', kind, level, purpose, roles)) expect([keyOf(agency, purpose, roles), checked]).toEqual([keyOf(agency, purpose, roles), []]);
      }
    });
  });

  test('the lens shows rows to some and none to others, so that the belt had something to give and to keep', () => {
    const counts = RECORDS.map((record) => [...before.values()].filter(({ ids }) => ids[record].length > 0).length);
    for (const count of counts) expect([count > 0, count < before.size / 2]).toEqual([true, true]);
  });
});

interface Written { grant?: string; kind?: string[]; level?: string[]; roles?: string[]; for?: string[] }

/** Row grants as the policy files write them: read here as plain YAML, so that the compiler's own reading is not asked. */
const ROW_GRANTS = new Map(['person', 'return-case', 'returnee-check', 'at-risk-entry', 'settlement-case', 'stay', 'identity-inquiry', 'missing-report', 'registered-household'].map((file) => {
  const { record, rows } = parseYaml(readFileSync(join(packageRoot(), 'policies', `${file}.yaml`), 'utf8')) as { record: string; rows: Written[] };
  return [record, rows.filter(({ grant }) => grant !== undefined)];
}));

function isGrantedRows(record: string, kind: string, level: string, purpose: string | null, roles: readonly string[]): boolean {
  const grants = ROW_GRANTS.get(record);
  if (!grants) throw new Error(`no policy file of ${record}`);
  return grants.some((grant) => (!grant.kind || grant.kind.includes(kind)) && (!grant.level || grant.level.includes(level)) && (!grant.roles || grant.roles.some((role) => roles.includes(role))) && (!grant.for || (purpose !== null && grant.for.includes(purpose))));
}
