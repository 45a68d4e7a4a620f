import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { addIssuer, setAgencySuspended, suspendIssuer } from '../../src/ledgers/agencies/agencies.commands.js';
import { importReturns } from '../../src/ledgers/returns/returns.import.js';
import { assembleHub, type HubParts } from '../../src/server/start-hub.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { withClient } from '../support/test-server.js';
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

test('an issuer that is suspended is one that there is not, from the next request on, until its keys are given anew', async () => {
  const { directory } = parts.services;
  const iss = 'https://tokens.example';
  const add = (): Promise<unknown> => withClient(database.admin, (owner) => addIssuer(owner, { agency: 'station-320281', iss, jwks: { keys: [{ kty: 'OKP', kid: 'one' }] } }));
  await add();
  expect(await directory.findIssuer(iss)).toMatchObject({ iss, agencyCode: 'station-320281' });
  await withClient(database.admin, (owner) => suspendIssuer(owner, iss));
  expect(await directory.findIssuer(iss)).toBeUndefined();
  await add();
  expect(await directory.findIssuer(iss)).toMatchObject({ iss });
});

test('an agency that is suspended may not import either: to the command it is one that there is not', async () => {
  const codeOf = (): Promise<string> => importReturns(parts, { file: 'no-such-file.xlsx', agency: 'station-320200', send: false, allOrNothing: false, user: '测试' }).then(() => 'imported', (error: { code?: string }) => error.code ?? String(error));
  expect(await codeOf()).toBe('BAD_USER_INPUT');
  await withClient(database.admin, (owner) => setAgencySuspended(owner, 'station-320200', true));
  expect(await codeOf()).toBe('NOT_FOUND');
  await withClient(database.admin, (owner) => setAgencySuspended(owner, 'station-320200', false));
  expect(await codeOf()).toBe('BAD_USER_INPUT');
});
