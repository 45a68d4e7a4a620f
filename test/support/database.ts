import { randomBytes } from 'node:crypto';
import type { ConnectionSettings } from '../../src/db/embedded.js';
import type { KeyRing } from '../../src/kernel/key-ring.js';
import { testKeyRing } from './test-keys.js';
import { endIdle, getServer, TEMPLATE, withClient } from './test-server.js';

/** A database of its own for one test file: migrated, with the named small world. */
export interface TestDatabase {
  /** As the owner: to look behind the boundary, or to put a state that no operation makes. */
  admin: ConnectionSettings;
  /** As the hub logs in: what code under test is given. */
  hub: ConnectionSettings;
  keyRing: KeyRing;
  drop(): Promise<void>;
}

/** Makes one in about 0.1 s: a copy of the template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { admin, hub } = getServer();
  const database = `t_${randomBytes(6).toString('hex')}`;
  await withClient(admin, (client) => client.query(`CREATE DATABASE ${database} TEMPLATE ${TEMPLATE}`));
  return {
    admin: { ...admin, database },
    hub: { ...admin, ...hub, database },
    keyRing: testKeyRing,
    drop: () => endIdle(database).then(() => withClient(admin, async (client) => { await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`); })),
  };
}

/** The same without tables: for migrations themselves. */
export async function createEmptyDatabase(): Promise<{ admin: ConnectionSettings; drop(): Promise<void> }> {
  const { admin } = getServer();
  const database = `t_${randomBytes(6).toString('hex')}`;
  await withClient(admin, (client) => client.query(`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8'`));
  return { admin: { ...admin, database }, drop: () => endIdle(database).then(() => withClient(admin, async (client) => { await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`); })) };
}
