import { createHash } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from './embedded-binaries.js';
import type { Footing } from './embedded-footing.js';

/** Where the server listens: a socket folder of mode 0700 and the number in the socket's name, or 127.0.0.1 and a free port. */
export interface Listening { host: string; port: number }

/** The kernel's limit is 108 bytes on Linux, 104 on macOS, with the closing zero. */
const SOCKET_PATH_BYTES = 103;
const SOCKET_PORT = 5432;

/**
 * A place for the server to listen, made anew if the temporary folder was cleaned. The folder's name comes from the data folder's, so that
 * connection settings survive a restart; it lies outside the data folder, whose path may be too long for a socket.
 * Anybody may make a folder of that name in /tmp: one that is not ours, or open to others, is left alone and another is made.
 */
export async function prepareListening(cluster: string, footing: Footing): Promise<Listening> {
  if (process.platform === 'win32') return { host: '127.0.0.1', port: await freePort() };
  const name = `guitu-pg-${createHash('sha256').update(cluster).digest('hex').slice(0, 16)}`;
  const fits = Buffer.byteLength(join(tmpdir(), `${name}-XXXXXX`, `.s.PGSQL.${SOCKET_PORT}`)) <= SOCKET_PATH_BYTES;
  return { host: socketFolder(join(fits ? tmpdir() : '/tmp', name), footing), port: SOCKET_PORT };
}

function socketFolder(wanted: string, { owner }: Footing): string {
  const folder = isOurs(wanted, owner?.uid) ? wanted : mkdtempSync(`${wanted}-`);
  if (owner !== undefined && lstatSync(folder).uid !== owner.uid) chownSync(folder, owner.uid, owner.gid);
  return folder;
}

function isOurs(folder: string, ownerUid: number | undefined): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const found = lstatSync(folder);
  return found.isDirectory() && (found.mode & 0o777) === 0o700 && (found.uid === process.getuid?.() || found.uid === ownerUid);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}
