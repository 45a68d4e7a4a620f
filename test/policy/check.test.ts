import { describe, expect, test } from '@jest/globals';
import { checkPolicy } from '../../src/policy/check.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { CATALOGUE, shippedPolicy, withChange } from './shipped-policy.js';

const checked = (file: string, from: string | RegExp, to: string): string[] => checkPolicy(parsePolicy(withChange(file, from, to), CATALOGUE)).map(({ message }) => message);
const PARTNER_GRANT = '- { grant: answer, rung: FULL, kind: [PARTNER], for: [BENEFIT_CHECK] }';

describe('checks after reading', () => {
  test('the shipped policy passes', () => {
    expect(checkPolicy(shippedPolicy())).toEqual([]);
  });

  test.each<[string, string, string | RegExp, string, RegExp]>([
    ['a rule for a purpose that its kind may never state', 'returnee-check.yaml', '    kind: [PARTNER]\n    as: [inArea]\n    for: [BENEFIT_CHECK]', '    kind: [PARTNER]\n    as: [inArea]\n    for: [SUPERVISION]', /rule `partner` can never hold: nobody among `PARTNER` `SUPERVISION` may state these purposes; correct/],
    ['one kind of several that may never state the purpose', 'returnee-check.yaml', PARTNER_GRANT, '- { grant: answer, rung: FULL, kind: [PARTNER, HEALTH], for: [BENEFIT_CHECK] }', /rule `answer` names `HEALTH`, which may state none of its purposes; take `HEALTH` out/],
    ['a field rule for those who get no row', 'returnee-check.yaml', PARTNER_GRANT, `${PARTNER_GRANT}\n      - { grant: station-answer, rung: FULL, kind: [RESCUE_STATION], for: [RETURN] }`, /rule `station-answer` never matters: no row of ReturneeCheck/],
    ['a cap that takes a field from everybody', 'returnee-check.yaml', /$/u, '\ncaps:\n  - { cap: all, fields: [division], rung: WITHHELD }\n', /cap `all` has no condition and takes `division` from everybody; add `when`/],
    ['a cap for those to whom nothing is granted', 'returnee-check.yaml', /$/u, '\ncaps:\n  - { cap: idle, kind: [HEALTH], fields: [division], rung: WITHHELD }\n', /cap `idle` never matters/],
    ['a write rule that operations.yaml lets nobody carry out', 'return-case.yaml', '{ write: recallReturn, kind: [RESCUE_STATION]', '{ write: recallReturn, kind: [CIVIL_AFFAIRS]', /the write rule of `recallReturn` can never hold/],
    ['an operation for a purpose that its kind may never state', 'operations.yaml', '{ kind: [PARTNER], for: [BENEFIT_CHECK] }', '{ kind: [TOWNSHIP], for: [BENEFIT_CHECK] }', /operation `checkReturnees` is allowed to `TOWNSHIP` `BENEFIT_CHECK`, which may state none of these purposes/],
    ['a condition that contradicts itself', 'at-risk-entry.yaml', 'when: { state: { in: [ACTIVE, WANDERING, TRANSFERRING] } }', 'when: { all: [{ state: { in: [ACTIVE, WANDERING] } }, { state: { is: ENDED } }] }', /the condition of `township` contradicts itself: `state` cannot have these values at once/],
    ['a relation that no rule names', 'returnee-check.yaml', 'relations:\n', 'relations:\n  spare: { title: 备用, when: { originDivision: { is: viewer.division } } }\n', /relation `spare` of ReturneeCheck is named by no rule/],
    ['one name for two rules', 'return-case.yaml', 'grant: home-check-county', 'grant: notice', /rule `notice` has the name of the one in line \d+; rename/],
  ])('%s', (_, file, from, to, says) => {
    const faults = checked(file, from, to);
    expect(faults).toContainEqual(expect.stringMatching(says));
    for (const fault of faults) expect(fault).toMatch(/^[a-z-]+\.yaml:\d+:\d+: .+; .+/u);
  });
});
