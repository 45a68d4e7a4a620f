import { join } from 'node:path';
import { Client } from 'pg';
import { loadKeyRing } from '../auth/key-ring-file.js';
import type { Config } from '../config.js';
import { startEmbedded, type EmbeddedServer } from '../db/embedded.js';
import { listPendingMigrations, migrate } from '../db/migrate.js';
import { clientConfig, type Connection } from '../db/pools.js';
import { grantHubLogin } from '../db/roles.js';
import type { KeyRing } from '../kernel/key-ring.js';
import { packageRoot } from '../kernel/package-root.js';
import { loadWorld } from './load-world.js';
import { CommandRefused } from './shell.js';
import { standIn } from './stand-in.js';

/** A database that is ready for use: how the owner reaches it, and how the hub does. */
export interface OpenDatabase {
  /** For migrations and the directory. With `DATABASE_URL` it is the same login, which may then not be the owner. */
  owner: Connection;
  hub: Connection;
  embedded: boolean;
  stop(): Promise<void>;
}

export interface OpenOptions {
  log?: (line: string) => void;
  /** Whether to start the embedded server again if another process, which had started it, ends. Default false: a short command does not outlive it. */
  standIn?: boolean;
}

/** Database and login of the embedded server. */
export const DATABASE = 'guitu';
const HUB_LOGIN = 'guitu_hub';

/**
 * Opens the database: `DATABASE_URL` as it is, or the embedded server, which is started (or adopted), migrated, and given a hub login whose
 * password follows from the key ring, so that it lies in no file of its own. A demo's empty embedded database is given the named small world,
 * whichever command comes first.
 */
export async function openDatabase(config: Config, keyRing: KeyRing, { log = () => undefined, standIn: stays = false }: OpenOptions = {}): Promise<OpenDatabase> {
  if (config.databaseUrl) return { owner: config.databaseUrl, hub: config.databaseUrl, embedded: false, stop: () => Promise.resolve() };
  const start = (): Promise<EmbeddedServer> => startEmbedded({ dataFolder: config.dataDirectory, log });
  const first = await start();
  const server = stays && first.adopted ? standIn(first, start, log) : first;
  try {
    const owner = { ...server.admin, database: DATABASE };
    await withClient(server.admin, async (admin) => {
      const found = await admin.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
      if (found.rowCount === 0) await admin.query(`CREATE DATABASE ${DATABASE}`).catch(ignoreExisting);
    });
    await migrate(owner);
    const password = keyRing.keyedHash('database-login', HUB_LOGIN);
    await withClient(owner, async (client) => {
      // one at a time: two that alter one role at once fail with `tuple concurrently updated`
      await client.query('SELECT pg_advisory_lock($1)', [LOGIN_LOCK]);
      await grantHubLogin(client, HUB_LOGIN, password);
      if (config.mode === 'demo') await loadWorld(client, keyRing, join(packageRoot(), 'test', 'world'));
    });
    return { owner, hub: { ...owner, user: HUB_LOGIN, password }, embedded: true, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Any number that `migrate` does not take. */
const LOGIN_LOCK = 1_764_000_001;

/** Two hubs that start together on one folder both find no database; the later `CREATE` then finds one (42P04, or 23505 in a tight race). */
function ignoreExisting(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code !== '42P04' && code !== '23505') throw error;
}

/** Runs `use` with one connection of its own. */
export async function withClient<Result>(connection: Connection, use: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ ...clientConfig(connection), connectionTimeoutMillis: 10_000 });
  // a connection that breaks while it rests would end the process; the next query tells of it
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/**
 * Runs `use` as the owner of the tables: of the embedded database, whether or not a hub runs on it, or of `DATABASE_URL`.
 * @throws CommandRefused where `DATABASE_URL` was never migrated, or is behind
 */
export async function withOwner<Result>(config: Config, use: (owner: Client) => Promise<Result>): Promise<Result> {
  if (config.databaseUrl) {
    return withClient(config.databaseUrl, async (client) => {
      const pending = await listPendingMigrations(client);
      if (pending.length > 0) throw new CommandRefused(`数据库尚有 ${pending.length} 个迁移未执行：请先运行 guitu migrate`, `the database lacks ${pending.length} migrations: run guitu migrate first`);
      return use(client);
    });
  }
  const keyRing = await loadKeyRing({ file: config.keysFile, mode: config.mode });
  const database = await openDatabase(config, keyRing);
  try {
    return await withClient(database.owner, use);
  } finally {
    await database.stop();
  }
}
