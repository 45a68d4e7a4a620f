import { decide, type DecidingViewer, type Facts } from './decide.js';
import type { Place, Policy, PolicyTest, Rung } from './language.js';

/** An example of a policy file that the rules do not bear out. */
export interface PolicyTestFailure { place: Place; record: string; cell: string | null; expected: Rung | 'VISIBLE' | 'HIDDEN'; got: Rung | 'VISIBLE' | 'HIDDEN' }

/** What `tests:` of the policy files came to. */
export interface PolicyTestResult { run: number; failures: PolicyTestFailure[] }

/** Runs the examples that stand beside the rules, by the reference `decide`. Pure. */
export function runPolicyTests(policy: Policy): PolicyTestResult {
  const failures: PolicyTestFailure[] = [];
  let run = 0;
  for (const rules of policy.records.values()) {
    for (const test of rules.tests) {
      run += 1;
      const facts = factsOf(test, [...rules.relations.keys()]);
      const decided = (cell: string): ReturnType<typeof decide> => decide(policy, viewerOf(test), rules.record, facts, cell);
      const anyCell = [...rules.cells.keys()][0] ?? '';
      const row = decided(anyCell).rowVisible;
      if (test.row !== undefined && test.row !== row) failures.push({ place: test.place, record: rules.record, cell: null, expected: visibility(test.row), got: visibility(row) });
      for (const [cell, expected] of test.sees) {
        const got = decided(cell).rung;
        if (got !== expected) failures.push({ place: test.place, record: rules.record, cell, expected, got });
      }
    }
  }
  return { run, failures };
}

/** `file:line:column: Person.name is ENDS, expected FULL`. */
export function failureText(failure: PolicyTestFailure): string {
  const { file, line, column } = failure.place;
  return `${file}:${line}:${column}: ${failureWords(failure)}`;
}

/** The same without the place. */
export function failureWords({ record, cell, expected, got }: PolicyTestFailure): string {
  return `${cell ? `${record}.${cell}` : `the row of ${record}`} is ${got}, expected ${expected}`;
}

const visibility = (visible: boolean): 'VISIBLE' | 'HIDDEN' => (visible ? 'VISIBLE' : 'HIDDEN');

const viewerOf = ({ viewer }: PolicyTest): DecidingViewer => ({ kind: viewer.kind, level: viewer.level, roles: viewer.roles, purpose: viewer.purpose, at: viewer.at === undefined ? EXAMPLE_TIME : new Date(viewer.at) });

/** An unprotected adult's record unless the test says otherwise; exactly the named relations hold. */
function factsOf(test: PolicyTest, relations: readonly string[]): Facts {
  return {
    attributes: { protected: false, minor: false, ...test.given },
    relations: Object.fromEntries(relations.map((name) => [name, test.viewer.as.includes(name)])),
  };
}

/** Examples that name no time are read at this one, so that they mean the same whenever they are run. */
const EXAMPLE_TIME = new Date('2026-03-02T09:00:00+08:00');
