import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generateKeyRing, KeyRingError, parseKeyRing, type KeyRing } from '../kernel/key-ring.js';
import type { Mode } from '../kernel/mode.js';

/**
 * The key ring of `GUITU_KEYS`. A demo without one makes one; of two processes that start at once, both get the same.
 * @throws KeyRingError in production without the file, or with one that others on the machine can read; and for a damaged file
 */
export async function loadKeyRing(where: { file: string; mode: Mode }): Promise<KeyRing> {
  const found = await findText(where.file);
  if (found === undefined && where.mode === 'production') throw new KeyRingError(`no key ring at ${where.file}: make one with \`guitu keys generate\`, keep a copy safe, and name it in GUITU_KEYS`);
  if (found === undefined) await createKeyRingFile(where.file, { demoIssuer: true });
  if (where.mode === 'production' && ((await stat(where.file)).mode & 0o007) !== 0) throw new KeyRingError(`the key ring ${where.file} can be read by everybody on this machine: chmod 600 it`);
  return parseKeyRing(found ?? await readFile(where.file, 'utf8'));
}

/**
 * Writes a new key ring, readable by its owner only, unless there is one already: a key ring is never overwritten, for with it go all sealed values.
 * The file appears whole or not at all (`link` from a finished temporary file; it fails if the name is taken).
 * @returns whether this call made it
 */
export async function createKeyRingFile(file: string, options: { demoIssuer: boolean }): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(generateKeyRing(options), null, 2)}\n`);
    await handle.sync();
    await link(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await handle.close();
    await unlink(draft);
  }
}

async function findText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
