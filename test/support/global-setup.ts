import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { loadWorld } from '../../src/cli/load-world.js';
import { startEmbedded, type ConnectionSettings } from '../../src/db/embedded.js';
import { migrate } from '../../src/db/migrate.js';
import { grantHubLogin } from '../../src/db/roles.js';
import { chooseDataRoom } from './data-room.js';
import { keepRunning } from './running-server.js';
import { testKeyRing } from './test-keys.js';
import { announceServer, TEMPLATE, withClient } from './test-server.js';
import { announceWorld, WORLD_FOLDER } from './world.js';

/**
 * Once per run: a database server in a temporary folder, the template database with the world, and the hub's login.
 * `TEST_DATABASE_URL` names another server instead (PostgreSQL 15), as its superuser.
 */
export default async function setUp(): Promise<void> {
  const admin = await findServer();
  const template = { ...admin, database: TEMPLATE };
  const hub = { user: 'guitu_hub_of_tests', password: randomBytes(16).toString('hex') };
  await withClient(admin, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${TEMPLATE} TEMPLATE template0 ENCODING 'UTF8'`);
  });
  await migrate(template);
  await withClient(template, async (client) => {
    await grantHubLogin(client, hub.user, hub.password);
    await loadWorld(client, testKeyRing, WORLD_FOLDER);
    await client.query('ANALYZE');
  });
  announceServer({ admin, hub });
  announceWorld();
}

async function findServer(): Promise<ConnectionSettings> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url) {
    const { host, port, user = '', password = '', database = 'postgres' } = new Client(url);
    return { host, port, user, password: password ?? '', database };
  }
  const folder = await mkdtemp(join(await chooseDataRoom(), `guitu-tests-${process.pid}-`));
  const server = await startEmbedded({ dataFolder: folder, durable: false });
  keepRunning({ server, folder });
  return server.admin;
}
