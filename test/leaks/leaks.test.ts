import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.js';
import { LEAKS } from './all-leaks.js';
import { applyEdit } from './sandbox.js';

/** The seeded leaks are run by `npm run leaks`; here only that each can still be seeded, and by whom it is to be noticed. */

describe('seeded leaks', () => {
  test('are forty at least, each with a name of its own', () => {
    expect(LEAKS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(LEAKS.map(({ name }) => name)).size).toBe(LEAKS.length);
  });

  test.each(LEAKS.map((leak) => [leak.name, leak] as const))('%s: its texts stand exactly once in the files that it changes', (_, leak) => {
    const texts = new Map<string, string>();
    for (const { file, find, replace } of leak.edits) texts.set(file, applyEdit(file, texts.get(file) ?? readFileSync(join(packageRoot(), file), 'utf8'), find, replace));
    for (const [file, text] of texts) expect([file, text === readFileSync(join(packageRoot(), file), 'utf8')]).toEqual([file, false]);
  });

  test('name tests that there are', () => {
    const missing = LEAKS.flatMap(({ name, caughtBy }) => caughtBy.filter(({ file }) => !existsSync(join(packageRoot(), `${file}.ts`))).map(({ file }) => `${name}: ${file}`));
    expect(missing).toEqual([]);
    expect(LEAKS.filter(({ caughtBy }) => caughtBy.length === 0).map(({ name }) => name)).toEqual([]);
  });

  test('cover the seven ways in which the stack fails open', () => {
    for (const way of ['L1', 'L3', 'L4', 'L5', 'L6', 'L7']) expect([way, LEAKS.some(({ name }) => name.includes(way))]).toEqual([way, true]);
  });
});
