import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from 'pg';
import { beginAs, DATABASE_ROLES } from '../../src/db/session.js';
import { dateOf } from '../../src/kernel/dates.js';
import type { RequestContext } from '../../src/kernel/request.js';
import { PURPOSES, type Role } from '../../src/kernel/viewer.js';
import type { RecordShape } from '../../src/policy/catalogue.js';
import { compileLens, type Predicate, type RecordLens } from '../../src/policy/compile.js';
import { decide, type DecidingViewer, type Facts } from '../../src/policy/decide.js';
import { purposesOf } from '../../src/policy/gate.js';
import { askAs } from '../support/asking.js';
import { readFacts, select } from '../support/facts.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { withClient } from '../support/test-server.js';
import { world, WORLD_NOW } from '../support/world.js';
import { CATALOGUE, shippedPolicy } from './shipped-policy.js';

const policy = shippedPolicy();
const shapes = [...CATALOGUE.records.values()];
const ROLES_ASKED: readonly (readonly Role[])[] = [['CLERK'], ['CLERK', 'MINORS_OFFICER']];

/** Every agency of the world, for every purpose it may state and one it may not, with and without the officer's role. */
const ASKINGS: RequestContext[] = Object.keys(world.agencies).flatMap((code) => ROLES_ASKED.flatMap((roles) => {
  const { viewer } = askAs(code, null, roles);
  const open = purposesOf(policy, viewer, WORLD_NOW);
  return [...open, PURPOSES.find((purpose) => !open.includes(purpose)) ?? null].map((purpose) => askAs(code, purpose, roles));
}));

let database: TestDatabase;
let facts: Map<string, Map<string, Facts>>;

beforeAll(async () => {
  database = await createTestDatabase();
  facts = await withClient(database.admin, (client) => readFacts(client, shapes, WORLD_NOW));
});
afterAll(() => database.drop());

const predicateSql = (predicate: Predicate): string => (typeof predicate === 'string' ? (predicate === 'ALWAYS' ? 'TRUE' : 'FALSE') : predicate('c'));

/** What the compiled lens gives on every record that the client can read: `id row cell=rung …`, hidden rows left out. */
async function compiled(client: Client, shape: RecordShape, lens: RecordLens, context: RequestContext): Promise<string[]> {
  const cells = [...lens.cells].map(([cell, { atLeast }]) => `'${cell}=' || CASE ${atLeast.map(({ rung, holds }) => `WHEN ${predicateSql(holds)} THEN '${rung}'`).join(' ')} ELSE 'WITHHELD' END`);
  const rows = await select<{ line: string }>(client, `SELECT concat_ws(' ', c.id, ${cells.join(', ')}) AS line FROM ${shape.table} c WHERE ${predicateSql(lens.row)}`, context);
  return rows.map(({ line }) => line).toSorted();
}

/** The same by the reference. */
function decided(shape: RecordShape, cells: readonly string[], { viewer, purpose, matter, now }: RequestContext): string[] {
  const who: DecidingViewer = { kind: viewer.kind, level: viewer.level, roles: viewer.roles, purpose, agency: viewer.agencyId, division: viewer.division, areas: viewer.areas, matter, at: now };
  return [...(facts.get(shape.record) ?? [])].flatMap(([id, record]) => {
    const decisions = cells.map((cell) => ({ cell, ...decide(policy, who, shape.record, record, cell) }));
    return decisions.every(({ rowVisible }) => rowVisible) ? [[id, ...decisions.map(({ cell, rung }) => `${cell}=${rung}`)].join(' ')] : [];
  }).toSorted();
}

async function compareAll(client: Client, around: (context: RequestContext, run: () => Promise<void>) => Promise<void>): Promise<{ visible: number; differences: unknown[] }> {
  const differences: unknown[] = [];
  let visible = 0;
  for (const context of ASKINGS) {
    const { viewer, purpose } = context;
    const lens = compileLens(policy, CATALOGUE, { kind: viewer.kind, level: viewer.level, roles: viewer.roles, purpose, areaCount: viewer.areas.length, at: context.now });
    await around(context, async () => {
      for (const shape of shapes) {
        const record = lens.records.get(shape.record);
        if (!record) throw new Error(`no lens of ${shape.record}`);
        const fast = await compiled(client, shape, record, context);
        const slow = decided(shape, [...record.cells.keys()], context);
        visible += slow.length;
        if (fast.join('\n') !== slow.join('\n')) differences.push({ agency: viewer.agencyCode, purpose, roles: viewer.roles, record: shape.record, onlyCompiled: fast.filter((line) => !slow.includes(line)), onlyDecided: slow.filter((line) => !fast.includes(line)) });
      }
    });
  }
  return { visible, differences };
}

describe('the compiled lens and the reference', () => {
  test('give every asker of the world the same rung of every cell of every record', async () => {
    const { visible, differences } = await withClient(database.admin, (client) => compareAll(client, (_, run) => run()));
    expect(differences).toEqual([]);
    expect(visible).toBeGreaterThan(100);
    expect(dateOf(WORLD_NOW)).toMatch(/^\d{4}-/u);
  });

  test('still do so behind row-level security: it takes nothing that the policy gives', async () => {
    const { differences } = await withClient(database.admin, (client) => compareAll(client, async (context, run) => {
      await client.query(beginAs(context, 'READ ONLY'));
      await client.query(`SET LOCAL ROLE ${DATABASE_ROLES.reader}`);
      await run();
      await client.query('ROLLBACK');
    }));
    expect(differences).toEqual([]);
  });
});
