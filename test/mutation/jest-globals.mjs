import { format } from 'node:util';
import { expect } from 'expect';

/**
 * What the tests under `test/policy` use of `@jest/globals`, as a plain collector: a mutant is run in milliseconds, where jest would start an environment
 * for it. Whatever else a test may want of jest is absent here, and importing it fails loudly. `expect` is jest's own.
 */

/** Tests collected since `startCollecting`, in order: `{ name, hooks, body }`. */
let collected = [];
let path = [];
let hooks = [];

/** Forgets what was collected. */
export function startCollecting() {
  collected = [];
  path = [];
  hooks = [];
}

/** The tests of the file that was imported since `startCollecting`. */
export const collectedTests = () => collected;

export function describe(name, body) {
  const outer = { path, hooks };
  path = [...path, name];
  hooks = [...hooks];
  body();
  ({ path, hooks } = outer);
}

export function test(name, body) {
  const at = hooks;
  collected.push({ name: [...path, name].join(' › '), body, hooks: at });
}
test.each = (table) => (name, body) => {
  for (const row of table) {
    const values = Array.isArray(row) ? row : [row];
    const wanted = name.match(/%[sdifjoO]/gu)?.length ?? 0;
    test(format(name, ...values.slice(0, wanted)), () => body(...values));
  }
};
export const it = test;

/** Every test of the block runs it before itself, so that a test can be run alone. */
export function beforeAll(body) {
  hooks.push(body);
}
export const beforeEach = beforeAll;

export { expect };
