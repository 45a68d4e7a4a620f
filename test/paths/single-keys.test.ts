import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { PolicyInForce } from '../../src/policy/store.js';
import { assembleHub, type HubParts } from '../../src/server/start-hub.js';
import { Unguarded } from '../belts/unguarded.js';
import { CATALOGUE, SHIPPED_SOURCES } from '../policy/shipped-policy.js';
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

/** The shipped policy, and one more cap: no number of a case that was only sent. */
const CAP = 'caps:\n  - { cap: number-of-sent, fields: [caseNo], rung: WITHHELD, when: { state: { is: SENT } }, basis: 试 }';
const capped = new PolicyInForce(parsePolicy(SHIPPED_SOURCES.map((source) => (source.name === 'return-case.yaml' ? { ...source, text: source.text.replace(/^caps:$/mu, CAP) } : source)), CATALOGUE), CATALOGUE);

test('a record is found by its number only by whoever holds the number: else it is as if it were not there', async () => {
  const find = async (policy: PolicyInForce, caseNo: string): Promise<unknown> => (await new Unguarded(parts, (context) => policy.lensFor(context)).ask(askAs('station-320281', 'RETURN'), `{ returnCase(caseNo: "${caseNo}") { state } }`)).data;
  const own = Object.values(world.cases).filter(({ origin }) => origin === 'station-320281');
  const sent = own.find(({ state }) => state === 'SENT');
  const other = own.find(({ state }) => state === 'ACKNOWLEDGED');
  expect([await find(parts.policy, sent?.caseNo ?? ''), await find(capped, sent?.caseNo ?? '')]).toEqual([{ returnCase: { state: 'SENT' } }, { returnCase: null }]);
  expect([await find(parts.policy, other?.caseNo ?? ''), await find(capped, other?.caseNo ?? '')]).toEqual([{ returnCase: { state: 'ACKNOWLEDGED' } }, { returnCase: { state: 'ACKNOWLEDGED' } }]);
});
