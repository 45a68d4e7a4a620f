import { Pool, types, type ClientBase, type ClientConfig } from 'pg';
import type { ConnectionSettings } from './embedded.js';
import { DATABASE_ROLES, type DatabaseRole } from './session.js';

/** How to reach a database: settings (of the embedded server), or a URL as in `DATABASE_URL`. */
export type Connection = ConnectionSettings | string;

/** The ways into the database, each under the role that may do no more than its name says. */
export interface Pools {
  reader: Pool;
  writer: Pool;
  evidence: Pool;
  /** For the clock alone, which acts for nobody and in every place; no request is ever answered through it. */
  clock: Pool;
  /** For the job queue alone. */
  jobs: Pool;
  /** Waits for the connections that are in use, then closes all. May be called again. */
  end(): Promise<void>;
}

/** Most connections of each pool, and what else may be set. */
export interface PoolOptions {
  reader: number;
  writer: number;
  evidence: number;
  /** Default 2: one that ticks, and one beside it. */
  clock?: number;
  /** Default 3: one that listens, one that works, one beside it. */
  jobs?: number;
  /** Longest statement, and longest pause inside a transaction, milliseconds. Default 30,000. */
  statementTimeoutMs?: number;
  /** Longest wait for a connection, milliseconds; then the pool rejects. Default 5,000. */
  connectionTimeoutMs?: number;
  /** Told of connections that the server or the network ended; the pool makes new ones by itself. Default: nobody. */
  onError?: (role: DatabaseRole, error: Error) => void;
}

/**
 * Opens the pools; connects only when first asked. Every connection starts in its role (`RESET ROLE` leads back to it, never to the login), with
 * search path `guitu` and time zone Asia/Shanghai. These are start-up options: a pooler between must pass them on, or hold sessions.
 * Dates come as `YYYY-MM-DD`, bigints as numbers; this holds for these pools, not for pg as a whole.
 */
export function openPools(connection: Connection, options: PoolOptions): Pools {
  const open = (role: DatabaseRole): Pool => openPool(connection, role, options);
  const pools = { reader: open('reader'), writer: open('writer'), evidence: open('evidence'), clock: open('clock'), jobs: open('jobs') };
  let ended: Promise<void> | undefined;
  return { ...pools, end: () => (ended ??= Promise.all(Object.values(pools).map((pool) => pool.end())).then(() => undefined)) };
}

function openPool(connection: Connection, role: DatabaseRole, { statementTimeoutMs = 30_000, connectionTimeoutMs = 5_000, onError, ...sizes }: PoolOptions): Pool {
  const settings = {
    role: DATABASE_ROLES[role], search_path: 'guitu', timezone: 'Asia/Shanghai',
    statement_timeout: statementTimeoutMs, idle_in_transaction_session_timeout: statementTimeoutMs,
  };
  const pool = new Pool({
    ...clientConfig(connection, settings),
    max: sizes[role] ?? (role === 'jobs' ? 3 : 2),
    connectionTimeoutMillis: connectionTimeoutMs,
    application_name: `guitu ${role}`,
    keepAlive: true,
    types: { getTypeParser: typeParser },
  });
  const tell = (error: Error): void => onError?.(role, error);
  pool.on('error', tell);
  // pg-pool listens to idle connections only: one that breaks while it is checked out and at rest would end the process
  pool.on('connect', (client: ClientBase) => client.on('error', tell));
  return pool;
}

/**
 * The connection as `pg` takes it, with start-up settings. Those of the URL's own `options` come first, so that ours hold:
 * `pg` lets the URL replace what is given beside it, and a role that is lost there would leave the login's own rights.
 */
export function clientConfig(connection: Connection, settings: Readonly<Record<string, string | number>> = {}): ClientConfig {
  const ours = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  if (typeof connection !== 'string') return { ...connection, ssl: false, options: ours.join(' ') };
  const { url, options } = takeOptions(connection);
  return { connectionString: url, options: [...options, ...ours].join(' ') };
}

/** By the query string alone: URLs of sockets (`postgresql://me@/base?host=/run/postgresql`) are none to the WHATWG parser. */
function takeOptions(url: string): { url: string; options: string[] } {
  const [base = '', query = ''] = url.split(/\?(.*)/su);
  const parameters = new URLSearchParams(query);
  const options = parameters.getAll('options');
  if (options.length === 0) return { url, options };
  parameters.delete('options');
  return { url: parameters.size > 0 ? `${base}?${parameters}` : base, options };
}

const { DATE, INT8 } = types.builtins;

function typeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === DATE) return (text) => text;
  if (oid === INT8) return safeInteger;
  return format === 'binary' ? types.getTypeParser(oid, 'binary') : types.getTypeParser(oid, 'text');
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint does not fit a number');
  return value;
}
