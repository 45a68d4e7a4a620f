import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.js';

/** Which room may import from which; every room may import from itself. */
const ALLOWED: Record<string, string[]> = {
  kernel: [],
  policy: ['kernel'],
  db: ['kernel'],
  evidence: ['kernel', 'policy', 'db'],
  auth: ['kernel', 'policy', 'db'],
  disclosure: ['kernel', 'policy', 'db', 'evidence', 'auth'],
  delivery: ['kernel', 'policy', 'db', 'evidence', 'auth', 'disclosure'],
  exchange: ['kernel', 'policy', 'db', 'evidence', 'auth', 'disclosure'],
  ledgers: ['kernel', 'policy', 'db', 'evidence', 'auth', 'disclosure', 'delivery', 'exchange'],
  server: ['kernel', 'policy', 'db', 'evidence', 'auth', 'disclosure', 'delivery', 'exchange', 'ledgers', 'config.ts'],
  cli: ['kernel', 'policy', 'db', 'evidence', 'auth', 'disclosure', 'delivery', 'exchange', 'ledgers', 'server', 'config.ts'],
  'config.ts': ['kernel'],
  'main.ts': ['kernel', 'policy', 'db', 'evidence', 'auth', 'disclosure', 'delivery', 'exchange', 'ledgers', 'server', 'cli', 'config.ts'],
};
/** The database's migrations are run by its door and by nobody else. */
const MIGRATIONS_FOR = 'db';

const source = join(packageRoot(), 'src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => name.split(sep).join('/'));

/** Every relative import of a file, as a path below `src` (or below the root, for migrations). */
function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/gu)].map((match) => relative(source, join(source, file, '..', match[1] ?? '')).split(sep).join('/'));
}

const roomOf = (path: string): string => path.split('/')[0] ?? '';

describe('the house', () => {
  test('imports run one way between rooms', () => {
    const wrong = files.flatMap((file) => importsOf(file)
      .filter((target) => !target.startsWith('..') && roomOf(target).replace(/\.js$/u, '.ts') !== roomOf(file))
      .filter((target) => !(ALLOWED[roomOf(file)] ?? []).includes(roomOf(target).replace(/\.js$/u, '.ts')))
      .map((target) => `src/${file} imports src/${target}; ${roomOf(file)} may import ${(ALLOWED[roomOf(file)] ?? []).join(', ') || 'nothing'}`));
    expect(wrong).toEqual([]);
  });

  test('every room has a line in the table', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => !(room in ALLOWED))).toEqual([]);
  });

  test('only the door to the database runs migrations', () => {
    const wrong = files.filter((file) => roomOf(file) !== MIGRATIONS_FOR && importsOf(file).some((target) => target.startsWith('../migrations')));
    expect(wrong).toEqual([]);
  });

  test('a ledger imports no other ledger, except the public directory of agencies and the types of the person it speaks of', () => {
    const shared = ['agencies', 'people'];
    const folderOf = (path: string): string | undefined => /^ledgers\/([^/]+)\//u.exec(path)?.[1];
    const wrong = files.flatMap((file) => importsOf(file)
      .filter((target) => folderOf(file) && folderOf(target) && folderOf(file) !== folderOf(target) && !shared.includes(folderOf(target) ?? ''))
      .map((target) => `${file} imports ${target}`));
    expect(wrong).toEqual([]);
  });

  test('only config.ts and main.ts read the environment', () => {
    expect(files.filter((file) => !['config.ts', 'main.ts'].includes(file) && /process\.env/u.test(readFileSync(join(source, file), 'utf8')))).toEqual([]);
  });

  test('resolvers are thin: no SQL of shared tables, no role', () => {
    const resolvers = files.filter((file) => file.endsWith('.resolver.ts'));
    expect(resolvers.length).toBeGreaterThan(3);
    expect(resolvers.filter((file) => /SELECT |INSERT |UPDATE |MINORS_OFFICER|RESCUE_STATION/u.test(readFileSync(join(source, file), 'utf8')))).toEqual([]);
  });

  test('no authorisation decision is written outside the policy: kinds and roles are compared nowhere else', () => {
    const comparing = /viewer\.(?:kind|level|roles)\s*(?:===|!==)|viewer\.roles\.(?:includes|some)|\[[^\]]*\]\.includes\(\s*viewer\./u;
    const deciding = ['policy', 'auth'];
    expect(files.filter((file) => !deciding.includes(roomOf(file)) && comparing.test(readFileSync(join(source, file), 'utf8')))).toEqual([]);
  });

  test('no file name stands twice in src', () => {
    const names = files.map((file) => file.split('/').at(-1) ?? '');
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('the top level holds what the design names, and nothing else', () => {
    const known = ['package.json', 'package-lock.json', 'tsconfig.json', 'README.md', 'schema', 'migrations', 'policies', 'src', 'test', '.ci', '.git', '.gitignore', 'node_modules', 'dist', '.guitu'];
    expect(readdirSync(packageRoot()).filter((name) => !known.includes(name))).toEqual([]);
  });
});
