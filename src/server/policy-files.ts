import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PolicySource } from '../policy/parse-policy.js';

/** The policy files of a folder, in order of name. */
export async function readPolicyFiles(folder: string): Promise<PolicySource[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).toSorted();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
}
