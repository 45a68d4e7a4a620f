import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { beginAs, DATABASE_ROLES } from '../../src/db/session.js';
import { askAs } from '../support/asking.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { withClient } from '../support/test-server.js';
import { world, worldId } from '../support/world.js';

let database: TestDatabase;
beforeAll(async () => { database = await createTestDatabase(); });
afterAll(() => database.drop());

const OWNER_OF_AREA = 'civil-341523';
const [CASE = ''] = Object.entries(world.cases).find(([, { origin }]) => origin === OWNER_OF_AREA) ?? [];

/** The SQLSTATE of an update by the writer as an agency, or `done`. */
const update = (agency: string, set: string): Promise<string> => withClient(database.admin, async (client) => {
  await client.query(beginAs(askAs(agency, 'RETURN'), 'READ WRITE'));
  await client.query(`SET LOCAL ROLE ${DATABASE_ROLES.writer}`);
  const done = await client.query(`UPDATE guitu.return_cases SET ${set} WHERE id = $1`, [worldId('case', CASE)]).then(({ rowCount }) => `done ${rowCount}`, (error: { code: string }) => error.code);
  await client.query('ROLLBACK');
  return done;
});

test('a party may change its case, and may not hand it to two others, though the case still lies in its area', async () => {
  expect(await update(OWNER_OF_AREA, "condition = '无碍'")).toBe('done 1');
  expect(await update(OWNER_OF_AREA, `origin_agency = '${worldId('agency', 'station-320281')}'`)).toBe('42501');
});
