import { Client } from 'pg';
import type { ConnectionSettings } from '../../src/db/embedded.js';
import { clientConfig } from '../../src/db/pools.js';

/** The database server of a test run, as `global-setup` hands it to the tests. */
export interface TestServer {
  /** The owner of everything, on the maintenance database. */
  admin: ConnectionSettings;
  /** Login of the hub. */
  hub: { user: string; password: string };
}

/** Migrated, with the named small world in it; nobody may stay connected to it. */
export const TEMPLATE = 'guitu_template';

const VARIABLE = 'TEST_DATABASE_SERVER';

export function announceServer(server: TestServer): void {
  process.env[VARIABLE] = JSON.stringify(server);
}

/** @throws Error where jest was started without `globalSetup` */
export function getServer(): TestServer {
  const text = process.env[VARIABLE];
  if (!text) throw new Error('no test database: run jest with --config test/jest.config.json, or with "globalSetup": "<rootDir>/test/support/global-setup.js" and the same for globalTeardown');
  return JSON.parse(text) as TestServer;
}

/** Runs with a connection of its own, which is closed afterwards. */
export async function withClient<Result>(settings: ConnectionSettings, run: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client(clientConfig(settings));
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}
