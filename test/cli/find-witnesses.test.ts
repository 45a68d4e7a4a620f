import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findWitnesses } from '../../src/cli/find-witnesses.js';
import { openPools, type Pools } from '../../src/db/pools.js';
import { readAs } from '../../src/disclosure/run.js';
import { PURPOSES, type Purpose, type Role } from '../../src/kernel/viewer.js';
import { decide, type DecidingViewer } from '../../src/policy/decide.js';
import { purposesOf } from '../../src/policy/gate.js';
import type { Policy } from '../../src/policy/language.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { CATALOGUE, shippedPolicy, withChange } from '../policy/shipped-policy.js';
import { askAs } from '../support/asking.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { readFacts, type RecordFacts } from '../support/facts.js';
import { withClient } from '../support/test-server.js';
import { world, worldId, WORLD_NOW } from '../support/world.js';

const shipped = shippedPolicy();
const changed = (name: string, from: string | RegExp, to: string): Policy => parsePolicy(withChange(name, from, to), CATALOGUE);
const ROLE_SETS: Role[][] = [['CLERK'], ['MINORS_OFFICER'], ['ADMIN']];

let database: TestDatabase;
let pools: Pools;
let facts: RecordFacts;

beforeAll(async () => {
  database = await createTestDatabase();
  pools = openPools(database.hub, { reader: 4, writer: 1, evidence: 1 });
  facts = await withClient(database.admin, (client) => readFacts(client, [...CATALOGUE.records.values()], WORLD_NOW));
});
afterAll(async () => {
  await pools.end();
  await database.drop();
});

const search = async (after: Policy, only?: string[]) => (await findWitnesses(pools, [shipped, after], CATALOGUE, WORLD_NOW, only)).witnesses;

/** `agency roles purpose Record.cell from > to: count`, of every difference that the reference finds among the records inside the boundary of rows. */
async function byReference(after: Policy): Promise<string[]> {
  const counts = new Map<string, number>();
  for (const code of Object.keys(world.agencies)) {
    for (const purpose of PURPOSES) {
      if (![shipped, after].some((policy) => purposesOf(policy, askAs(code, purpose).viewer, WORLD_NOW).includes(purpose))) continue;
      const inside = await insideBoundary(code, purpose);
      for (const roles of ROLE_SETS) {
        const { viewer, now } = askAs(code, purpose, roles);
        const open = [shipped, after].map((policy) => purposesOf(policy, viewer, now).includes(purpose));
        if (!open.includes(true)) continue;
        const asker: DecidingViewer = { kind: viewer.kind, level: viewer.level, roles, purpose, agency: viewer.agencyId, division: viewer.division, areas: viewer.areas, matter: null, at: now };
        for (const [record, { cells }] of shipped.records) {
          for (const [id, known] of facts.get(record) ?? []) {
            if (!inside.get(record)?.has(id)) continue;
            for (const cell of cells.keys()) {
              const [was, is] = [shipped, after].map((policy, index) => (open[index] ? decide(policy, asker, record, known, cell).rung : 'WITHHELD'));
              if (was === is) continue;
              const line = `${code} ${roles.filter((role) => role !== 'CLERK').join('+')} ${purpose} ${record}.${cell} ${was} > ${is}`;
              counts.set(line, (counts.get(line) ?? 0) + 1);
            }
          }
        }
      }
    }
  }
  return [...counts].map(([line, count]) => `${line}: ${count}`).toSorted();
}

/** Ids of the rows that row-level security leaves an agency, by record type; read once for each agency and purpose. */
const boundaries = new Map<string, Promise<Map<string, Set<string>>>>();
function insideBoundary(code: string, purpose: Purpose): Promise<Map<string, Set<string>>> {
  const key = `${code} ${purpose}`;
  const known = boundaries.get(key) ?? Promise.all([...CATALOGUE.records].map(async ([record, { table }]) => {
    const rows = await readAs(pools.reader, askAs(code, purpose), { text: `SELECT id::text AS id FROM ${table}`, values: [] });
    return [record, new Set(rows.map(({ id }) => String(id)))] as const;
  })).then((entries) => new Map(entries));
  boundaries.set(key, known);
  return known;
}

const CHANGES: [what: string, name: string, from: string | RegExp, to: string][] = [
  ['a rule widened to another relation', 'return-case.yaml', 'home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [origin]', 'home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [origin, destination]'],
  ['a rule narrowed to a level', 'return-case.yaml', 'notice, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], for', 'notice, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], level: [COUNTY], for'],
  ['the condition that a person opens after confirmation taken away', 'return-case.yaml', 'for: [RETURN], when: { confirmed: { is: true } }', 'for: [RETURN]'],
  ['the condition of a relation alone', 'person.yaml', 'returnOrigin: { title: 已确认的返乡的流出地机构, when: { cases: { some: { originAgency: { is: viewer.agency }, confirmed: { is: true } } } } }', 'returnOrigin: { title: 已确认的返乡的流出地机构, when: { cases: { some: { originAgency: { is: viewer.agency } } } } }'],
  ['an exception to a cap', 'return-case.yaml', 'except: [author, caringDestination, holdingStation, holdingCivilAffairs]', 'except: [author, caringDestination, origin, holdingStation, holdingCivilAffairs]'],
  ['the condition of a cap', 'return-case.yaml', 'when: { minor: { is: true } }\n    except: [author', 'when: { minor: { is: true }, confirmed: { is: true } }\n    except: [author'],
  ['an exception to a veto', 'return-case.yaml', 'except: [author, holdingStation, holdingCivilAffairs, namedUnit]', 'except: [author, origin, holdingStation, holdingCivilAffairs, namedUnit]'],
  ['a purpose closed to a kind', 'purposes.yaml', '{ kind: [RESCUE_STATION, CIVIL_AFFAIRS, TOWNSHIP], roles', '{ kind: [RESCUE_STATION, CIVIL_AFFAIRS], roles'],
];

describe('the witnesses of a changed policy', () => {
  test.each(CHANGES)('%s: are those that the reference finds, of each agency, purpose, role and cell', async (_, name, from, to) => {
    const after = changed(name, from, to);
    const found = (await search(after)).flatMap(({ agency, roles, purpose, record, fields, from: was, to: is, records }) => fields.map((field) => `${agency} ${roles.join('+')} ${purpose} ${record}.${field} ${was} > ${is}: ${records}`));
    const expected = await byReference(after);
    const bare = new Set(expected);
    // what is so without a role is not said again with one
    expect(found.toSorted()).toEqual(expected.filter((line) => !line.includes(' MINORS_OFFICER ') || !bare.has(line.replace(' MINORS_OFFICER ', '  '))));
    expect(found.length).toBeGreaterThan(0);
  });

  test('name records by their ids, at most three, each of which shows the difference', async () => {
    const after = changed('return-case.yaml', 'for: [RETURN], when: { confirmed: { is: true } }', 'for: [RETURN]');
    const witnesses = await search(after, ['station-120000']);
    const party = Object.entries(world.cases).filter(([, { destination, origin }]) => [destination, origin].includes('station-120000')).map(([name]) => `rc_${worldId('case', name)}`);
    expect(witnesses).toHaveLength(1);
    expect(witnesses[0]?.ids).toHaveLength(3);
    expect(party).toEqual(expect.arrayContaining(witnesses[0]?.ids ?? ['none']));
  });

  test('do not reach past row-level security: a rule that gives more than the boundary shows nothing more', async () => {
    const after = changed('return-case.yaml', '{ grant: party, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [destination, origin], for: [RETURN]', '{ grant: party, kind: [RESCUE_STATION, CIVIL_AFFAIRS], for: [RETURN]');
    const witnesses = await search(after, ['station-320281']);
    expect(witnesses).toEqual([]);
    expect((await search(after, ['civil-320000'])).some(({ whole, from, to }) => whole && from === 'WITHHELD' && to === 'FULL')).toBe(true);
  });

  test('of a rule that asks for the matter are found by the number that the record bears', async () => {
    const grant = '{ grant: destination-civil-affairs, kind: [CIVIL_AFFAIRS], as: [destinationCivilAffairs]';
    const row = `{ grant: by-number, kind: [CIVIL_AFFAIRS], as: [above], for: [COORDINATION], when: { caseNo: { is: viewer.matter } }, basis: 民发〔2020〕14号 二(二) }`;
    const after = parsePolicy(withChange('return-case.yaml', `  - ${grant}`, `  - ${row}\n  - ${grant}`), CATALOGUE);
    const witnesses = await search(after, ['civil-320000']);
    expect(witnesses.map(({ purpose, record, whole, from, to }) => ({ purpose, record, whole, from, to }))).toEqual([{ purpose: 'COORDINATION', record: 'ReturnCase', whole: true, from: 'WITHHELD', to: 'FULL' }]);
    expect(witnesses[0]?.records).toBe(Object.values(world.cases).filter(({ state, originDivision, person }) => state !== 'DRAFT' && originDivision.startsWith('32') && !world.persons[person]?.protection).length);
  });

  test('of a grant that begins later say from when', async () => {
    const grant = 'grant: home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [origin], for: [RETURN] }';
    const after = changed('return-case.yaml', grant, `${grant}\n      - { grant: trial, rung: FULL, kind: [RESCUE_STATION], as: [destination], for: [RETURN], from: 2027-07-01, until: 2027-12-31 }`);
    expect(new Set((await search(after, ['station-120000'])).map(({ since, fields }) => `${since} ${fields.join()}`))).toEqual(new Set(['2027-07-01T00:00:00.000+08:00 homeCheck']));
  });
});
