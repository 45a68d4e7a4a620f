import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createKeyRingFile, loadKeyRing } from '../../src/auth/key-ring-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guitu-keys-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the key ring file', () => {
  test('a demo makes its own, for its owner only, and leaves no draft', async () => {
    const file = join(folder, 'deep', 'keys.json');
    const ring = await loadKeyRing({ file, mode: 'demo' });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'deep'))).toEqual(['keys.json']);
    expect((await loadKeyRing({ file, mode: 'demo' })).openValue(ring.sealValue('归途'))).toBe('归途');
  });

  test('many that start at once get one and the same', async () => {
    const file = join(folder, 'keys.json');
    const rings = await Promise.all(Array.from({ length: 12 }, () => loadKeyRing({ file, mode: 'demo' })));
    expect(new Set(rings.map((ring) => ring.keyedHash('a', 'b'))).size).toBe(1);
    expect(await readdir(folder)).toEqual(['keys.json']);
  });

  test('production never makes one and says how to', async () => {
    await expect(loadKeyRing({ file: join(folder, 'keys.json'), mode: 'production' })).rejects.toThrow(/guitu keys generate/);
    expect(await readdir(folder)).toEqual([]);
  });

  test('production refuses one that everybody on the machine can read', async () => {
    const file = join(folder, 'keys.json');
    await createKeyRingFile(file, { demoIssuer: false });
    await expect(loadKeyRing({ file, mode: 'production' })).resolves.toMatchObject({ demoSigningKey: undefined });
    await chmod(file, 0o644);
    await expect(loadKeyRing({ file, mode: 'production' })).rejects.toThrow(/chmod 600/);
  });

  test('an existing one is never overwritten, a damaged one never replaced', async () => {
    const file = join(folder, 'keys.json');
    await writeFile(file, 'damaged', { mode: 0o600 });
    expect(await createKeyRingFile(file, { demoIssuer: true })).toBe(false);
    await expect(loadKeyRing({ file, mode: 'demo' })).rejects.toThrow(/not JSON/);
    expect(await readFile(file, 'utf8')).toBe('damaged');
  });
});
