import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EmbeddedBinaries } from './embedded-binaries.js';

/**
 * On what footing the server's programs run: as which user, and through which starter.
 * PostgreSQL refuses to run as root, so root has to step down, and may still have to reach folders closed to the user it steps down to.
 */
export interface Footing {
  /** One line for the log. */
  name: string;
  /** The user whom the server's files are given to; undefined: they stay with the user of this process. */
  owner?: Account;
  /** Program and arguments put before the server's. */
  starter: string[];
  /** Set if node itself changes the user, for want of a starter. */
  stepDown?: Account;
  /** The loader's path and nothing of our own environment: it may hold secrets, and the server's user can read its environment. */
  env: Record<string, string>;
}

interface Account { uid: number; gid: number }

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const NOBODY = 65534;

/** The server gets SIGINT (fast shutdown) when node dies of whatever cause. Set after the change of user, which would clear it. */
const WITH_PARENT = ['setpriv', '--pdeathsig', 'INT'];
/** In a user namespace of its own the server sees itself as `nobody` and to the outside stays who we are. */
const NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, ...WITH_PARENT];

/**
 * The first footing on which the server's programs run: tried, not deduced, since containers differ in what they allow. The trial is
 * `initdb --show` (about 15 ms), which checks the user and finds all programs and changes nothing.
 * - An ordinary user: as itself.
 * - root: the owner of an existing cluster, else `postgres`, else `nobody`. Where that user cannot pass through a parent folder of the
 *   programs or the data (a checkout under /root), with the one capability DAC_READ_SEARCH, or DAC_OVERRIDE where only that is to be had
 *   (containers) or the programs are not executable for others. Capability and pdeathsig survive setpriv's change of user (util-linux 2.38).
 * - root that may not change its user (a namespace that maps root only), and a user unknown to /etc/passwd (initdb refuses): a user namespace.
 * Throws an Error naming the remedies if none runs. Nothing is copied to a temporary folder: a ledger must not lie where it is cleaned away.
 */
export function chooseFooting(binaries: EmbeddedBinaries, cluster: string): Footing {
  const tried: string[] = [];
  for (const footing of candidates(binaries, cluster)) {
    const trial = spawnSync(...commandOf(footing, binaries.initdb, ['--show', '-D', cluster]), { ...spawnOptions(footing), encoding: 'utf8' });
    if (trial.status === 0) return footing;
    tried.push(`${footing.name}: ${trial.error?.message ?? trial.stderr.trim()}`);
  }
  throw new Error('内嵌的 PostgreSQL 无法在本机启动，请改用普通用户运行，或设置 DATABASE_URL 使用已有的 PostgreSQL。 '
    + `the embedded PostgreSQL cannot be started here: run as an ordinary user, or set DATABASE_URL (${tried.join('; ')})`);
}

/** Starts one of the server's programs on a footing. Detached, so that Ctrl-C in a terminal reaches node alone, which then stops the server in order. */
export function spawnOn(footing: Footing, program: string, args: string[], output: number | 'pipe'): ChildProcess {
  return spawn(...commandOf(footing, program, args), { ...spawnOptions(footing), detached: process.platform !== 'win32', stdio: ['ignore', output, output] });
}

function commandOf(footing: Footing, program: string, args: string[]): [string, string[]] {
  const [first = program, ...rest] = [...footing.starter, program, ...args];
  return [first, rest];
}

function spawnOptions(footing: Footing): { cwd: string; env: Record<string, string>; uid?: number; gid?: number; windowsHide: boolean } {
  return { cwd: '/', env: footing.env, windowsHide: true, ...footing.stepDown };
}

function candidates(binaries: EmbeddedBinaries, cluster: string): Footing[] {
  const env = environment(binaries);
  const namespace = { name: 'this user, in a user namespace', starter: NAMESPACE, env };
  const clusterOwner = ownerOf(cluster);
  const uid = process.getuid?.();
  if (uid !== 0) {
    if (clusterOwner !== undefined && uid !== undefined && clusterOwner.uid !== uid) throw foreignCluster(cluster, clusterOwner.uid);
    return [{ name: 'this user', starter: WITH_PARENT, env }, { name: 'this user, without setpriv', starter: [], env }, namespace];
  }
  if (clusterOwner?.uid === 0) return [namespace];
  const owner = clusterOwner ?? unprivilegedAccount();
  const steps = rootSteps(owner, [binaries.postgres, dirname(cluster)].every((path) => reachable(path, owner)), env);
  return clusterOwner === undefined ? [...steps, namespace] : steps;
}

function rootSteps(owner: Account, open: boolean, env: Record<string, string>): Footing[] {
  const drop = [...WITH_PARENT, `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'];
  const name = `root stepping down to user ${owner.uid}`;
  // access(2), by which initdb looks for its programs, forgets the capabilities of a user other than root unless no_setuid_fixup is set
  const holding = (capability: string): Footing =>
    ({ name: `${name} with ${capability}`, owner, starter: [...drop, '--securebits=+no_setuid_fixup', `--inh-caps=+${capability}`, `--ambient-caps=+${capability}`], env });
  const plain = [{ name, owner, starter: drop, env }, { name: `${name}, without setpriv`, owner, starter: [], stepDown: owner, env }];
  return [...(open ? plain : []), holding('dac_read_search'), holding('dac_override')];
}

function environment({ libraryPath }: EmbeddedBinaries): Record<string, string> {
  const loaderPath = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
  return { PATH, LC_ALL: 'C', ...(libraryPath.length === 0 ? {} : { [loaderPath]: libraryPath.join(':') }) };
}

function ownerOf(path: string): Account | undefined {
  const { uid, gid } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** `postgres`, else `nobody`, else any user that is not root: initdb needs one that has a name. */
function unprivilegedAccount(): Account {
  const users = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 })).filter(({ uid }) => uid !== 0);
  const found = users.find(({ name }) => name === 'postgres') ?? users.find(({ name }) => name === 'nobody') ?? users[0];
  return found === undefined ? { uid: NOBODY, gid: NOBODY } : { uid: found.uid, gid: found.gid };
}

/** Whether the account may use this file and pass through all folders above it, by their mode bits. */
function reachable(path: string, { uid, gid }: Account): boolean {
  const { mode, uid: owner, gid: group } = statSync(path);
  const allowed = owner === uid ? mode & 0o100 : group === gid ? mode & 0o010 : mode & 0o001;
  return allowed !== 0 && (path === dirname(path) || reachable(dirname(path), { uid, gid }));
}

function foreignCluster(cluster: string, uid: number): Error {
  return new Error(`内嵌数据库 ${cluster} 属于另一用户（uid ${uid}），请以该用户运行，或用 GUITU_DATA 指定别的数据目录。 `
    + `the embedded database in ${cluster} belongs to another user (uid ${uid}): run as that user, or choose another GUITU_DATA`);
}
