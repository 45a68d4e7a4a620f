import { describe, expect, test } from '@jest/globals';
import { failureText, failureWords, runPolicyTests } from '../../src/policy/policy-tests.js';
import { smallPolicy, type Change } from './small-policy.js';

/** The messages of the examples that the small policy, with its examples replaced by one, does not bear out. */
const failuresOf = (example: string, ...changes: Change[]): string[] => runPolicyTests(smallPolicy(...changes, ['letter.yaml', /tests:\n[^]*$/u, `tests:\n  - ${example}\n`])).failures.map(failureText);
const STATION = 'kind: RESCUE_STATION, level: COUNTY, for: RETURN';

describe('the examples beside the rules', () => {
  test('are counted, each once, over all records', () => {
    expect(runPolicyTests(smallPolicy())).toEqual({ run: 2, failures: [] });
  });

  test.each<[rule: string, example: string, failures: string[]]>([
    ['are of a record of an unprotected adult', `{ viewer: { ${STATION}, as: [reader] }, row: VISIBLE, sees: { text: FULL } }`, []],
    ['may be of a protected person', `{ viewer: { ${STATION}, as: [reader] }, given: { protected: true }, row: HIDDEN }`, []],
    ['may be of a minor, or of somebody whose age is unknown', `{ viewer: { ${STATION}, as: [reader] }, given: { minor: null }, row: VISIBLE, sees: { text: WITHHELD, letterNo: FULL } }`, []],
    ['stand in the relations that they name and in no other', `{ viewer: { ${STATION} }, row: VISIBLE }`, ['letter.yaml:37:5: the row of Letter is HIDDEN, expected VISIBLE']],
    ['tell of a row that appears', `{ viewer: { ${STATION}, as: [writer] }, row: HIDDEN }`, ['letter.yaml:37:5: the row of Letter is VISIBLE, expected HIDDEN']],
    ['tell of every cell that is otherwise', `{ viewer: { ${STATION}, as: [writer] }, sees: { text: WITHHELD, letterNo: FULL, sentOn: FULL } }`, ['letter.yaml:37:5: Letter.text is FULL, expected WITHHELD', 'letter.yaml:37:5: Letter.sentOn is WITHHELD, expected FULL']],
    ['have the role of a clerk', `{ viewer: { ${STATION}, as: [writer] }, given: { urgent: false }, sees: { steps.reason: WITHHELD } }`, []],
    ['have the roles that they name instead', `{ viewer: { ${STATION}, roles: [APPROVER], as: [writer] }, given: { urgent: false }, sees: { steps.reason: FULL } }`, []],
    ['may be of a time at which a rule has lapsed', `{ viewer: { ${STATION}, roles: [APPROVER], as: [writer], at: 2026-07-01 }, given: { urgent: false }, sees: { steps.reason: WITHHELD } }`, []],
    ['leave unknown what they do not name', `{ viewer: { ${STATION}, roles: [APPROVER], as: [writer] }, sees: { steps.reason: WITHHELD } }`, []],
    ['are of a kind, a level and a purpose', '{ viewer: { kind: CIVIL_AFFAIRS, level: PROVINCE, for: SUPERVISION, as: [county] }, row: VISIBLE, sees: { letterNo: FULL, text: WITHHELD } }', []],
  ])('%s', (_, example, failures) => {
    expect(failuresOf(example)).toEqual(failures);
  });

  test('that name no time are read at one that never changes', () => {
    const reasons = `{ viewer: { ${STATION}, roles: [APPROVER], as: [writer] }, given: { urgent: false }, sees: { steps.reason: FULL } }`;
    const from = (limit: string): string[] => failuresOf(reasons, ['letter.yaml', 'from: 2026-01-01, until: 2026-06-30', limit]);
    expect([from('from: 2026-03-02T09:00:00+08:00'), from('until: 2026-03-02T09:00:01+08:00')]).toEqual([[], []]);
    expect([from('from: 2026-03-02T09:00:01+08:00').length, from('until: 2026-03-02T09:00:00+08:00').length]).toEqual([1, 1]);
  });

  test('are told with their place, or without', () => {
    const failure = { place: { file: 'letter.yaml', line: 3, column: 4 }, record: 'Letter', cell: 'text', expected: 'FULL', got: 'WITHHELD' } as const;
    expect([failureText(failure), failureWords(failure), failureWords({ ...failure, cell: null, expected: 'HIDDEN', got: 'VISIBLE' })]).toEqual(['letter.yaml:3:4: Letter.text is WITHHELD, expected FULL', 'Letter.text is WITHHELD, expected FULL', 'the row of Letter is VISIBLE, expected HIDDEN']);
  });
});
