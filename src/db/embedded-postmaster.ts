import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A server process that holds a cluster, as its `postmaster.pid` and its command line tell. */
export interface Postmaster {
  pid: number;
  port: number;
  /** Socket folder, or the address it listens on. */
  host: string;
  status: 'starting' | 'ready' | 'stopping';
  /** The process that started it is gone, so that nobody will stop it. Not told on Windows: false there. */
  orphaned: boolean;
}

/** What `postmaster.pid` says: `stale` is the pid in it if no server of this cluster runs under that number. */
export interface PostmasterFile { alive?: Postmaster; stale?: number }

/** The server's own setting `cluster_name` tells on its command line who started it. */
export function clusterNameOf(ownerPid: number): string {
  return `guitu-${ownerPid}`;
}

/** Reads who holds the cluster now. A number in the file counts only if that process is a server on this very folder: after a reboot numbers come again. */
export function readPostmaster(cluster: string): PostmasterFile {
  const lines = linesOf(join(cluster, 'postmaster.pid'));
  const pid = Math.abs(Number(lines[0]));
  if (!Number.isInteger(pid) || pid === 0) return {};
  const seen = lookAt(pid);
  if (seen === undefined || (process.platform !== 'win32' && !seen.command.includes(` -D ${cluster} `))) return { stale: pid };
  const [, , , port, socketFolder, address, , status] = lines.map((line) => line.trim());
  const owner = /cluster_name=guitu-(\d+)/.exec(seen.command)?.[1];
  return {
    alive: {
      pid,
      port: Number(port),
      host: socketFolder === undefined || socketFolder === '' ? address ?? '' : socketFolder,
      status: status === 'ready' || status === 'stopping' ? status : 'starting',
      orphaned: owner !== undefined && Number(owner) !== seen.parent,
    },
  };
}

/** Whether a process of this number runs. One that has ended and that nobody waits for does not: in a container, node as process 1 waits for no orphan. */
export function isAlive(pid: number): boolean {
  return lookAt(pid) !== undefined;
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** Windows has no cheap way to ask more: there, alive is taken as ours, and as owned. */
function lookAt(pid: number): { parent: number; command: string } | undefined {
  try {
    if (process.platform === 'win32') return process.kill(pid, 0) ? { parent: 0, command: '' } : undefined;
    const [state, parent, command] = process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
    return state?.startsWith('Z') ? undefined : { parent: Number(parent), command: command ?? '' };
  } catch {
    return undefined;
  }
}

/** State, parent, command line with spaces between the arguments. The name in `stat` is in parentheses and may hold anything. */
function fromProc(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [state, parent, readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
}

function fromPs(pid: number): string[] {
  const line = execFileSync('ps', ['-ww', '-o', 'stat=,ppid=,command=', '-p', String(pid)], { encoding: 'utf8' });
  return /^\s*(\S+)\s+(\d+)\s+(.*)/.exec(line)?.slice(1) ?? [];
}
