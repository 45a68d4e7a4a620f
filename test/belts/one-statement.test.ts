import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { issueDemoToken } from '../../src/auth/tokens.js';
import { readConfig } from '../../src/config.js';
import type { HttpServer } from '../../src/server/http.js';
import { buildLog } from '../../src/server/request-log.js';
import { assembleHub, buildHubServer, type HubParts } from '../../src/server/start-hub.js';
import { PAGE_QUESTION } from '../bench/question.js';
import { seedCases } from '../bench/seed-cases.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { withClient } from '../support/test-server.js';
import { world, WORLD_NOW } from '../support/world.js';
import { openWire, type Wire } from './wire.js';

/** How many statements a page costs, counted twice: by the hub's own hook, and on the wire to PostgreSQL, which the hub knows nothing of. */
let database: TestDatabase;
let wire: Wire;
let parts: HubParts;
let server: HttpServer;
let url: string;
const told: string[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  await withClient(database.admin, (owner) => seedCases(owner, database.keyRing, 300));
  wire = await openWire(database.hub);
  const config = readConfig({ PORT: '0', GUITU_NOW: world.now });
  parts = await assembleHub(config, database.keyRing, wire.settings);
  server = await buildHubServer(config, database.keyRing, parts, buildLog('silent'), (text) => void told.push(text));
  url = await server.listen();
});
afterAll(async () => {
  await server.stop();
  await parts.pools.end();
  await wire.close();
  await database.drop();
});

interface Page { data: { returnCases: { nodes: { person: { idNumber: string }; originAgency: { code: string }; transitions: object[] }[] } } }

async function askPage(query: string, first: number): Promise<{ page: Page; told: string[]; heard: string[] }> {
  const token = await issueDemoToken(database.keyRing, { agency: 'station-320281', roles: ['CLERK'], now: WORLD_NOW });
  told.length = 0;
  wire.heard.length = 0;
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'guitu-purpose': 'RETURN' }, body: JSON.stringify({ query, variables: { first } }) });
  const page = (await response.json()) as Page;
  return { page, told: [...told], heard: wire.heard.filter((text) => text !== '') };
}

const KINDS: [RegExp, string][] = [
  [/^BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT set_config\(/u, 'begin as the viewer'], [/^COMMIT$/u, 'commit'],
  [/^INSERT INTO guitu_evidence\.events /u, 'evidence'], [/ FROM guitu\.agencies WHERE code = \$1$/u, 'who asks'], [/ FROM guitu\.division_changes /u, 'successions, once a process'],
];
const kindOf = (text: string): string => KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? 'data';

describe('a page of cases with person, both agencies with division, subject and transitions', () => {
  // Several times, because a statement is prepared by name from its third use on.
  test.each([1, 2, 3, 4, 5])('is one data statement, whatever the number of cases (time %i)', async () => {
    for (const first of [1, 100, 200]) {
      const { page, told: hook, heard } = await askPage(PAGE_QUESTION, first);
      const { nodes } = page.data.returnCases;
      expect([nodes.length, nodes.every(({ person, originAgency, transitions }) => person.idNumber.length === 18 && originAgency.code === 'station-320281' && transitions.length === 3)]).toEqual([first, true]);
      expect(hook).toHaveLength(1);
      expect(heard.filter((text) => kindOf(text) === 'data')).toEqual(hook);
      expect(heard.map(kindOf).filter((kind) => !kind.startsWith('successions'))).toEqual(['who asks', 'begin as the viewer', 'data', 'commit', 'evidence']);
      expect(heard.filter((text) => /guitu\.(return_cases|persons|return_transitions|protections)/u.test(text))).toHaveLength(1);
    }
  });

  test('two lists in one request are two, one each', async () => {
    const { told: hook, heard } = await askPage('query Two($first: Int!) { a: returnCases(first: $first) { nodes { id person { name } } } b: returnCases(first: $first) { totalCount nodes { id } edges { cursor node { caseNo } } } }', 50);
    expect(hook).toHaveLength(2);
    expect(heard.filter((text) => kindOf(text) === 'data').toSorted()).toEqual(hook.toSorted());
  });
});
