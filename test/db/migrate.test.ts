import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../../src/db/migrate.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { createEmptyDatabase } from '../support/database.js';
import { withClient } from '../support/test-server.js';
import { dumpTables, RENEWAL } from '../tools/table-dump.js';

let empty: Awaited<ReturnType<typeof createEmptyDatabase>>;
let first: { applied: string[] }[];

beforeAll(async () => {
  empty = await createEmptyDatabase();
  first = await Promise.all([migrate(empty.admin), migrate(empty.admin)]);
});
afterAll(() => empty.drop());

test('of two hubs that migrate at once, one applies every migration and the other none', () => {
  expect(first.map(({ applied }) => applied.length > 0).toSorted()).toEqual([false, true]);
  expect(first.flatMap(({ applied }) => applied)).toEqual(['House1764000000001', 'Boundaries1764000000002', 'Reference1764000000003', 'Clocks1764000000004', 'Returns1764000000005', 'Registry1764000000006', 'Settlement1764000000007', 'People1764000000008', 'FlagDuties1764000000009', 'Inquiries1764000000010', 'Statistics1764000000011', 'Corrections1764000000012', 'Households1764000000013', 'CountInquiries1764000000014', 'HouseholdHelp1764000000016', 'MissingReports1764000000017', 'LookUps1764000000018', 'HiddenHits1764000000019', 'YoungerOfTwo1764000000020', 'FoundWhileMoving1764000000021', 'WithItsRecord1764000000022', 'Told1764000000023', 'Namesakes1764000000024', 'Documents1764000000025', 'IdentityCorrections1764000000026', 'ReturneeRevisits1764000000027', 'OfThePlace1764000000028', 'ToldByTopic1764000000029', 'OfTheNotice1764000000030', 'AskersAreTold1764000000031']);
});

test('a second run changes nothing', async () => {
  const state = (): Promise<unknown> => withClient(empty.admin, async (client) => [
    await dumpTables(client), (await client.query('SELECT count(*), max(xmin::text::bigint) FROM guitu.divisions')).rows, (await client.query('SELECT * FROM guitu_meta.migrations ORDER BY id')).rows,
  ]);
  const before = await state();
  expect(await migrate(empty.admin)).toEqual({ applied: [] });
  expect(await state()).toEqual(before);
});

test('the tables are those of schema/tables.sql', async () => {
  const found = await withClient(empty.admin, dumpTables);
  const committed = readFileSync(join(packageRoot(), 'schema', 'tables.sql'), 'utf8');
  if (found !== committed) throw new Error(`the tables have moved from schema/tables.sql; if that is meant: ${RENEWAL}\n${firstDifference(committed, found)}`);
});

function firstDifference(committed: string, found: string): string {
  const [was, is] = [committed.split('\n'), found.split('\n')];
  const line = is.findIndex((text, index) => text !== was[index]);
  return `line ${line + 1}\n- ${was[line] ?? '(end)'}\n+ ${is[line] ?? '(end)'}`;
}
