import { Client } from 'pg';
import type { Config } from '../config.js';
import { startEmbedded } from '../db/embedded.js';
import { migrate } from '../db/migrate.js';
import { clientConfig, type Connection } from '../db/pools.js';
import { grantHubLogin } from '../db/roles.js';
import type { KeyRing } from '../kernel/key-ring.js';

/** A database that is ready for use: how the owner reaches it, and how the hub does. */
export interface OpenDatabase {
  /** For migrations and the directory. With `DATABASE_URL` it is the same login, which may then not be the owner. */
  owner: Connection;
  hub: Connection;
  embedded: boolean;
  /** What to tell about the start of the embedded server. */
  startedInMs?: number;
  stop(): Promise<void>;
}

/** Database and login of the embedded server. */
const DATABASE = 'guitu';
const HUB_LOGIN = 'guitu_hub';

/**
 * Opens the database: `DATABASE_URL` as it is, or the embedded server, which is started (or adopted), migrated, and given a hub login whose
 * password follows from the key ring, so that it lies in no file of its own.
 */
export async function openDatabase(config: Config, keyRing: KeyRing, log: (line: string) => void): Promise<OpenDatabase> {
  if (config.databaseUrl) return { owner: config.databaseUrl, hub: config.databaseUrl, embedded: false, stop: () => Promise.resolve() };
  const server = await startEmbedded({ dataFolder: config.dataDirectory, log });
  try {
    const owner = { ...server.admin, database: DATABASE };
    await withClient(server.admin, async (admin) => {
      const found = await admin.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
      if (found.rowCount === 0) await admin.query(`CREATE DATABASE ${DATABASE}`).catch(ignoreExisting);
    });
    await migrate(owner);
    const password = keyRing.keyedHash('database-login', HUB_LOGIN);
    await withClient(owner, (client) => grantHubLogin(client, HUB_LOGIN, password));
    return { owner, hub: { ...owner, user: HUB_LOGIN, password }, embedded: true, startedInMs: server.startedInMs, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Two hubs that start together on one folder both find no database; the later `CREATE` then finds one (42P04, or 23505 in a tight race). */
function ignoreExisting(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code !== '42P04' && code !== '23505') throw error;
}

/** Runs `use` with one connection of its own. */
export async function withClient<Result>(connection: Connection, use: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client(clientConfig(connection));
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
