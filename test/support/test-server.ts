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

/** What `pg` has and its types lack: whether the process waits for the connection, and which statements it takes for prepared. */
type Countable = Client & { ref(): void; unref(): void; connection: { parsedStatements: Record<string, string> } };

/** Connections that nobody uses, by the database that they are to: opening one costs more than most questions. */
const idle = new Map<string, Client[]>();

/** Runs with a connection of its own, as if it were new. */
export async function withClient<Result>(settings: ConnectionSettings, run: (client: Client) => Promise<Result>): Promise<Result> {
  const kept = idle.get(settings.database ?? '') ?? [];
  const known = kept.findIndex(({ user }) => user === settings.user);
  const [client = await connect(settings)] = known < 0 ? [] : kept.splice(known, 1);
  (client as Countable).ref();
  let clean = false;
  try {
    const result = await run(client);
    clean = true;
    return result;
  } finally {
    await giveBack(client, settings, clean);
  }
}

async function connect(settings: ConnectionSettings): Promise<Client> {
  const client = new Client(clientConfig(settings));
  await client.connect();
  // Its database may be dropped under it while it is idle.
  client.on('error', () => undefined);
  return client;
}

/** A test's own database goes with the test; to any other nobody stays connected. */
async function giveBack(client: Client, { database = '' }: ConnectionSettings, clean: boolean): Promise<void> {
  const fresh = clean && database.startsWith('t_') && (await client.query('DISCARD ALL').then(() => true, () => false));
  // No process waits for an idle one, and nothing is prepared on it any more.
  if (fresh) {
    (client as Countable).unref();
    (client as Countable).connection.parsedStatements = {};
  }
  if (fresh) idle.set(database, [...(idle.get(database) ?? []), client]);
  else await client.end();
}

/** Before a database is dropped. */
export async function endIdle(database: string): Promise<void> {
  const clients = idle.get(database) ?? [];
  idle.delete(database);
  for (const client of clients) (client as Countable).ref();
  await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
}
