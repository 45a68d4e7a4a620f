import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, fsyncSync, closeSync, linkSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf, type EmbeddedBinaries } from './embedded-binaries.js';
import { spawnOn, type Footing } from './embedded-footing.js';
import { isAlive } from './embedded-postmaster.js';

/** The name of the cluster's superuser. */
export const SUPERUSER = 'postgres';

/** What this very process is making: in a container, a killed predecessor often had the same process number. */
const inUse = new Set<string>();

/**
 * Makes the cluster if there is none, and returns its superuser's password.
 * Made in `<dataFolder>/postgres.new-<pid>` and renamed when complete: a cluster that has its name is whole, a killed initdb leaves only
 * a folder that the next start removes, and of two processes that make one at the same time the second rename fails and the first cluster counts.
 */
export async function ensureCluster(cluster: string, binaries: EmbeddedBinaries, footing: Footing, durable: boolean): Promise<string> {
  const dataFolder = dirname(cluster);
  const passwordFile = join(dataFolder, 'postgres.password');
  if (existsSync(cluster)) {
    removeLeftovers(dataFolder);
    return existingPassword(passwordFile, cluster);
  }
  const password = sharedPassword(passwordFile);
  const staging = join(dataFolder, `postgres.new-${process.pid}-${randomBytes(4).toString('hex')}`);
  inUse.add(staging);
  try {
    mkdirSync(staging, { mode: 0o700 });
    writeFileSync(join(staging, 'password'), password, { mode: 0o600 });
    if (footing.owner) for (const path of [join(staging, 'password'), staging]) chownSync(path, footing.owner.uid, footing.owner.gid);
    await runInitdb(staging, binaries, footing, durable);
    adoptName(join(staging, 'cluster'), cluster);
  } finally {
    rmSync(staging, { recursive: true, force: true });
    inUse.delete(staging);
  }
  removeLeftovers(dataFolder);
  return password;
}

/** LC_CTYPE C.UTF-8 where the machine has it: under plain C, pg_trgm finds no letters in Chinese and indexes nothing. The order of text is that of C either way. */
async function runInitdb(staging: string, binaries: EmbeddedBinaries, footing: Footing, durable: boolean): Promise<void> {
  const args = ['-D', join(staging, 'cluster'), `--username=${SUPERUSER}`, `--pwfile=${join(staging, 'password')}`, '--auth=scram-sha-256',
    '--encoding=UTF8', '--locale=C', '--no-instructions', ...(durable ? [] : ['--no-sync'])];
  const first = await output(footing, binaries.initdb, [...args, '--lc-ctype=C.UTF-8']);
  if (first.code === 0) return;
  const second = /invalid locale/.test(first.text) ? await output(footing, binaries.initdb, args) : first;
  if (second.code !== 0) {
    throw new Error(`内嵌数据库初始化失败，可设置 DATABASE_URL 使用已有的 PostgreSQL。 initdb failed; DATABASE_URL may name another PostgreSQL: ${second.text.trim()}`);
  }
}

function output(footing: Footing, program: string, args: string[]): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawnOn(footing, program, args, 'pipe');
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    child.stderr?.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text }));
  });
}

function adoptName(made: string, cluster: string): void {
  try {
    renameSync(made, cluster);
    if (process.platform !== 'win32') syncFolder(dirname(cluster));
  } catch (error) {
    if (!existsSync(cluster)) throw error;
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/** What a start that was killed left. Its initdb may be winding down and still write there: what cannot be removed now, a later start removes. */
function removeLeftovers(dataFolder: string): void {
  for (const name of readdirSync(dataFolder)) {
    const path = join(dataFolder, name);
    const pid = Number(/^postgres\.(?:new|password)-(\d+)/.exec(name)?.[1]);
    if (pid === process.pid ? inUse.has(path) : !(pid > 0) || isAlive(pid)) continue;
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    } catch (error) {
      if (codeOf(error) === '') throw error;
    }
  }
}

/** Written under another name and linked, so that two processes making the cluster at once agree on one password and none reads half of it. */
function sharedPassword(file: string): string {
  const draft = `${file}-${process.pid}-${randomBytes(4).toString('hex')}`;
  inUse.add(draft);
  writeFileSync(draft, randomBytes(32).toString('base64url'), { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
    inUse.delete(draft);
  }
  return readFileSync(file, 'utf8');
}

function existingPassword(file: string, cluster: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8');
  throw new Error(`找不到内嵌数据库的口令文件 ${file}，请从备份恢复该文件，或移走 ${cluster} 重新开始。 `
    + `the password file ${file} of the embedded database is missing: restore it from a backup, or move ${cluster} away to begin anew`);
}
