import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { runPlan } from '../../src/disclosure/run.js';
import { DisclosureTally } from '../../src/disclosure/splice.js';
import { Arguments, prepareStatement } from '../../src/disclosure/statement.js';
import { assembleHub, type HubParts } from '../../src/server/start-hub.js';
import { askAs } from '../support/asking.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { world } from '../support/world.js';

let database: TestDatabase;
let parts: HubParts;
beforeAll(async () => {
  database = await createTestDatabase();
  parts = await assembleHub(readConfig({ GUITU_NOW: world.now }), database.keyRing, database.hub);
});
afterAll(async () => {
  await parts.pools.end();
  await database.drop();
});

test('the mark of the splice is another one in every statement, and long enough that no stored text can be made to hold it', async () => {
  const { pools, services } = parts;
  // Turned round, the mark is a text like any other, and comes back.
  const plan = { statement: prepareStatement("SELECT json_build_object('turned', reverse(«nonce»))::text AS json"), scopes: [], renderers: [], prepared: false };
  const markOf = async (): Promise<string> => {
    const json = await runPlan({ reader: pools.reader, directory: services.directory, open: (sealed) => sealed }, askAs('station-320281', 'RETURN'), plan, new Arguments(), {}, new DisclosureTally(), (position) => position);
    return (JSON.parse(json?.text ?? '{}') as { turned: string }).turned;
  };
  const marks = [await markOf(), await markOf(), await markOf()];
  expect(new Set(marks).size).toBe(3);
  for (const mark of marks) expect(mark.replaceAll('~', '').length).toBeGreaterThanOrEqual(12);
});
