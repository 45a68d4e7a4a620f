import { copyFile, cp, link, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.js';
import type { Edit } from './leak.js';

/** What the built package is made of besides `dist` and `policies`; a leak changes none of it. */
const LINKED = ['node_modules', 'schema', 'migrations', 'test', 'src', 'README.md', 'package-lock.json', 'tsconfig.json'];

/** A copy of the built package, in which files may be changed without touching the package itself. */
export class Sandbox {
  private constructor(readonly root: string) {}

  static async create(): Promise<Sandbox> {
    const root = await mkdtemp(join(tmpdir(), 'guitu-leaks-'));
    const sandbox = new Sandbox(root);
    await linkTree(join(packageRoot(), 'dist'), join(root, 'dist'));
    await cp(join(packageRoot(), 'policies'), join(root, 'policies'), { recursive: true });
    await copyFile(join(packageRoot(), 'package.json'), join(root, 'package.json'));
    for (const name of LINKED) await symlink(join(packageRoot(), name), join(root, name));
    return sandbox;
  }

  /** Makes the edits, runs, and puts the files back. @throws Error where a text does not occur exactly once */
  async withEdits<Result>(edits: readonly Edit[], run: () => Promise<Result>): Promise<Result> {
    const changed = new Map<string, string>();
    for (const { file, find, replace } of edits) changed.set(file, applyEdit(file, changed.get(file) ?? await readFile(join(packageRoot(), file), 'utf8'), find, replace));
    try {
      // A linked file is the package's own: it is taken away before the changed one is written.
      for (const [file, text] of changed) {
        await rm(join(this.root, file));
        await writeFile(join(this.root, file), text);
      }
      return await run();
    } finally {
      for (const file of changed.keys()) await copyFile(join(packageRoot(), file), join(this.root, file));
    }
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }
}

export function applyEdit(file: string, text: string, find: string, replace: string): string {
  const times = text.split(find).length - 1;
  if (times !== 1) throw new Error(`${file} holds ${times} times: ${find}`);
  return text.replace(find, () => replace);
}

/** Hard links, so that hundreds of files cost nothing; copies where the temporary folder lies on another device. */
async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath, entry.name);
    const target = join(to, source.slice(from.length));
    await mkdir(dirname(target), { recursive: true });
    await link(source, target).catch(() => copyFile(source, target));
  }
}
