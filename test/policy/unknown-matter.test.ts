import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { PolicyInForce } from '../../src/policy/store.js';
import { assembleHub, type HubParts } from '../../src/server/start-hub.js';
import { Unguarded } from '../belts/unguarded.js';
import { askAs } from '../support/asking.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { world } from '../support/world.js';
import { CATALOGUE, SHIPPED_SOURCES } from './shipped-policy.js';

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

/** The shipped policy, and one more veto: nobody sees the person of the case that the request is made for. */
const VETO = 'rows:\n  - { veto: own-matter, when: { cases: { some: { caseNo: { is: viewer.matter } } } }, basis: 试 }';
const vetoing = new PolicyInForce(parsePolicy(SHIPPED_SOURCES.map((source) => (source.name === 'person.yaml' ? { ...source, text: source.text.replace(/^rows:$/mu, VETO) } : source)), CATALOGUE), CATALOGUE);

test('a matter that is not stated is unknown, through a link and beside a known attribute too: a veto that asks for it holds', async () => {
  const personsSeen = async (policy: PolicyInForce, matter: string | null): Promise<string[]> => {
    const { data } = await new Unguarded(parts, (context) => policy.lensFor(context)).ask({ ...askAs('station-320281', 'RETURN'), matter }, '{ returnCases(first: 200) { nodes { caseNo person { id } } } }');
    return (data['returnCases'] as { nodes: { caseNo: string; person: object | null }[] }).nodes.filter(({ person }) => person !== null).map(({ caseNo }) => caseNo);
  };
  const shown = await personsSeen(parts.policy, null);
  const [first = ''] = shown.filter((caseNo) => Object.values(world.cases).filter(({ person }) => person === Object.values(world.cases).find((one) => one.caseNo === caseNo)?.person).length === 1);
  expect(shown.length).toBeGreaterThan(1);
  expect(await personsSeen(vetoing, null)).toEqual([]);
  expect(await personsSeen(vetoing, first)).toEqual(shown.filter((caseNo) => caseNo !== first));
});
