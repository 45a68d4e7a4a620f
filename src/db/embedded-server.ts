import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { codeOf, type EmbeddedBinaries } from './embedded-binaries.js';
import { SUPERUSER } from './embedded-cluster.js';
import { spawnOn, type Footing } from './embedded-footing.js';
import { clusterNameOf, isAlive, readPostmaster, type Postmaster } from './embedded-postmaster.js';
import { prepareListening, type Listening } from './embedded-socket.js';

/** Everything that is settled before a server runs on the cluster. */
export interface Installation {
  dataFolder: string;
  cluster: string;
  binaries: EmbeddedBinaries;
  footing: Footing;
  password: string;
  durable: boolean;
  log: (line: string) => void;
}

/** Enough for crash recovery over a full `max_wal_size` (1 GB) on a slow disk. */
const START_LIMIT_MS = 120_000;
/** A server that says it is ready and cannot be reached for this long has lost its socket. */
const UNREACHABLE_LIMIT_MS = 5_000;
const STOP_LIMIT_MS = 60_000;
const POLL_MS = 20;
const LOG_LIMIT_BYTES = 1_000_000;
/** One lost race against another starter, one more against its end; what fails three times fails. */
const SPAWN_LIMIT = 3;

/** A server that answers: started by us, then `child` is set, or found running. */
export interface Running { postmaster: Postmaster; child?: ChildProcess }

/**
 * Brings the cluster to a server that answers, whoever starts it. There is no lock of ours: the postmaster's own decides between two starters,
 * and the one that loses finds its process gone and waits for the other's. A server that is starting, recovering or stopping is waited for.
 */
export async function bringUp(installation: Installation): Promise<Running> {
  const started: { child?: ChildProcess } = {};
  try {
    return await untilAnswers(installation, started);
  } catch (error) {
    started.child?.kill('SIGINT');
    throw error;
  }
}

async function untilAnswers(installation: Installation, started: { child?: ChildProcess }): Promise<Running> {
  const giveUpAt = Date.now() + START_LIMIT_MS;
  let spawns = 0;
  let unreachableSince: number | undefined;
  for (; Date.now() < giveUpAt; await pause(POLL_MS)) {
    if (started.child && hasEnded(started.child)) delete started.child;
    const { alive, stale } = readPostmaster(installation.cluster);
    if (alive === undefined) {
      if (started.child !== undefined) continue;
      if (spawns++ === SPAWN_LIMIT) break;
      started.child = spawnServer(installation, await prepareListening(installation.cluster, installation.footing), stale);
    } else if (alive.status === 'ready' && (started.child === undefined || started.child.pid === alive.pid)) {
      if (await answers(settingsOf(alive, installation.password))) return { postmaster: alive, ...started };
      unreachableSince ??= Date.now();
      if (Date.now() - unreachableSince > UNREACHABLE_LIMIT_MS) await endUnreachable(alive);
    }
  }
  throw notStarted(installation.dataFolder);
}

/** Fast shutdown: sessions are ended, what is committed is on disk. Immediate shutdown if that takes too long; the next start then recovers. */
export async function takeDown({ postmaster: { pid }, child }: Running, { binaries, cluster, footing }: Installation): Promise<void> {
  child?.ref();
  const gone = (): boolean => (child ? hasEnded(child) : readPostmaster(cluster).alive?.pid !== pid);
  for (const [signal, mode] of [['SIGINT', 'fast'], ['SIGQUIT', 'immediate']] as const) {
    if (gone()) return;
    if (process.platform === 'win32') spawnOn(footing, binaries.pgCtl, ['stop', '-D', cluster, '-m', mode, '-W'], 'pipe');
    else if (isAlive(pid)) process.kill(pid, signal);
    const until = Date.now() + STOP_LIMIT_MS;
    while (Date.now() < until && !gone()) await pause(POLL_MS);
  }
  if (gone()) return;
  throw new Error(`内嵌数据库（进程 ${pid}）没有停止。 the embedded database (process ${pid}) did not stop`);
}

/** Connection settings of the superuser; `host` is a socket folder, or 127.0.0.1 on Windows. */
export interface ConnectionSettings { host: string; port: number; user: string; password: string; database: string }

/** How the superuser reaches this server. */
export function settingsOf({ host, port }: Postmaster, password: string): ConnectionSettings {
  return { host, port, user: SUPERUSER, password, database: 'postgres' };
}

function spawnServer({ dataFolder, cluster, binaries, footing, durable, log }: Installation, listening: Listening, stale: number | undefined): ChildProcess {
  const output = openSync(rotatedLog(join(dataFolder, 'postgres.log')), 'a', 0o600);
  // the postmaster takes a live process of the number in postmaster.pid for itself come again, unless told that it is no other server; its shared memory check stays
  const env = stale === undefined ? footing.env : { ...footing.env, PG_GRANDPARENT_PID: String(stale) };
  const settings = Object.entries(serverSettings(listening, durable)).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawnOn({ ...footing, env }, binaries.postgres, ['-D', cluster, ...settings], output);
  closeSync(output);
  child.on('error', (error) => log(`embedded PostgreSQL: ${error.message}`));
  child.unref();
  return child;
}

/**
 * Given on the command line, so that they hold whatever the cluster's files say. The log takes nothing of what sessions do, since
 * the text of a statement or of an error may name a person: `log_min_messages=log` leaves out errors and warnings, which go to the session alone.
 */
function serverSettings({ host, port }: Listening, durable: boolean): Record<string, string | number> {
  const local: Record<string, string> = process.platform === 'win32' ? { listen_addresses: host } : { listen_addresses: '', unix_socket_directories: host, unix_socket_permissions: '0700' };
  return {
    ...local,
    port,
    cluster_name: clusterNameOf(process.pid),
    max_connections: 60,
    shared_buffers: durable ? '128MB' : '32MB',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    password_encryption: 'scram-sha-256',
    logging_collector: 'off',
    log_destination: 'stderr',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_statement: 'none',
    log_min_duration_statement: -1,
    log_parameter_max_length: 0,
    log_parameter_max_length_on_error: 0,
    log_checkpoints: 'off',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
}

function rotatedLog(file: string): string {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`);
  return file;
}

async function answers(settings: ConnectionSettings): Promise<boolean> {
  const client = new Client({ ...settings, ssl: false, connectionTimeoutMillis: UNREACHABLE_LIMIT_MS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (codeOf(error) === TOO_MANY_CONNECTIONS) return true;
    if (codeOf(error) === INVALID_PASSWORD) {
      throw new Error('内嵌数据库的口令与 postgres.password 不符。 the embedded database does not accept the password in postgres.password', { cause: error });
    }
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const TOO_MANY_CONNECTIONS = '53300';
const INVALID_PASSWORD = '28P01';

/** The socket folder was cleaned away under a running server: without an owner it may be ended, and is started again. */
async function endUnreachable({ pid, orphaned, host }: Postmaster): Promise<void> {
  if (!orphaned) {
    throw new Error(`内嵌数据库正在运行（进程 ${pid}），但 ${host} 中的套接字已不可用；请停止该进程后重试。 `
      + `the embedded database is running (process ${pid}) and cannot be reached in ${host}: stop that process and start again`);
  }
  process.kill(pid, 'SIGINT');
  await pause(UNREACHABLE_LIMIT_MS / 10);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

function notStarted(dataFolder: string): Error {
  const file = join(dataFolder, 'postgres.log');
  const tail = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
  return new Error(`内嵌数据库未能启动，见 ${file}；也可设置 DATABASE_URL 使用已有的 PostgreSQL。 `
    + `the embedded database did not start, see ${file}; DATABASE_URL may name another PostgreSQL\n${tail}`);
}
