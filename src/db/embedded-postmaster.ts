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
  /** The process that started it; undefined if that cannot be told. */
  ownerPid?: number;
}

/** What `postmaster.pid` says: `stale` is the pid in it if no server of this cluster runs under that number. */
export interface PostmasterFile { alive?: Postmaster; stale?: number }

/** The server's own setting `cluster_name` tells who started it, to whoever looks at its command line. */
export function clusterNameOf(ownerPid: number): string {
  return `guitu-${ownerPid}`;
}

/** Reads who holds the cluster now. A number in the file counts only if that process is a server on this very folder: after a reboot numbers come again. */
export function readPostmaster(cluster: string): PostmasterFile {
  const lines = linesOf(join(cluster, 'postmaster.pid'));
  const pid = Math.abs(Number(lines[0]));
  if (!Number.isInteger(pid) || pid === 0) return {};
  const command = isAlive(pid) ? commandLine(pid) : undefined;
  if (command === undefined || (process.platform !== 'win32' && !command.includes(` -D ${cluster} `))) return { stale: pid };
  const [, , , port, socketFolder, address, , status] = lines.map((line) => line.trim());
  const owner = /cluster_name=guitu-(\d+)/.exec(command)?.[1];
  return {
    alive: {
      pid,
      port: Number(port),
      host: socketFolder === undefined || socketFolder === '' ? address ?? '' : socketFolder,
      status: status === 'ready' || status === 'stopping' ? status : 'starting',
      ...(owner === undefined ? {} : { ownerPid: Number(owner) }),
    },
  };
}

/** Whether a process of this number exists, of whatever user. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** Empty for a zombie, undefined for a process that has just gone. Windows has no cheap way to ask: there, alive is taken as ours. */
function commandLine(pid: number): string | undefined {
  try {
    if (process.platform === 'win32') return '';
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return undefined;
  }
}
