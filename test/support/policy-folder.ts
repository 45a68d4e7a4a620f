import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolicySource } from '../../src/policy/parse-policy.js';

/** A folder of policy files that a test may change. */
export interface PolicyFolder {
  path: string;
  /** Puts these files there, and no others. */
  write(sources: readonly PolicySource[]): Promise<void>;
  remove(): Promise<void>;
}

export async function createPolicyFolder(sources: readonly PolicySource[]): Promise<PolicyFolder> {
  const path = await mkdtemp(join(tmpdir(), 'guitu-policy-'));
  const write: PolicyFolder['write'] = async (files) => {
    const names = files.map(({ name }) => name);
    for (const name of await readdir(path)) if (!names.includes(name)) await rm(join(path, name));
    for (const { name, text } of files) await writeFile(join(path, name), text);
  };
  await write(sources);
  return { path, write, remove: () => rm(path, { recursive: true, force: true }) };
}
