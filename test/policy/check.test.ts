import { describe, expect, test } from '@jest/globals';
import { checkPolicy } from '../../src/policy/check.js';
import { parsePolicy, type PolicySource } from '../../src/policy/parse-policy.js';
import { CATALOGUE, shippedPolicy, withChange } from './shipped-policy.js';

/** Without the number that a township has of whoever is referred to it: then the roster gives it only the ends. */
const unreferred = (sources: readonly PolicySource[]): PolicySource[] => sources.map((source) => (source.name === 'person.yaml' ? { ...source, text: source.text.replace(/^.*grant: referred-id-number.*\n/mu, '') } : source));
const checked = (file: string, from: string | RegExp, to: string): string[] => checkPolicy(parsePolicy(unreferred(withChange(file, from, to)), CATALOGUE), CATALOGUE).map(({ message }) => message);
const PARTNER_GRANT = '- { grant: answer, rung: FULL, kind: [PARTNER], for: [BENEFIT_CHECK] }';

/** The shipped policy with health given a birth date and nothing else of the person. */
const WITH_HEALTH = withChange('person.yaml', "  - { veto: protected, when:", "  - { grant: hospital, kind: [HEALTH], for: [MEDICAL_CARE], basis: 精神卫生法 }\n  - { veto: protected, when:")
  .map((source) => (source.name === 'person.yaml' ? { ...source, text: source.text.replace('- { grant: matched-birth-date', '- { grant: hospital-birth-date, rung: FULL, kind: [HEALTH], for: [MEDICAL_CARE] }\n      - { grant: matched-birth-date') } : source));

describe('checks after reading', () => {
  test('no two viewers can join what each holds to a value that neither is given', () => {
    expect(checkPolicy(parsePolicy(unreferred(WITH_HEALTH), CATALOGUE), CATALOGUE).map(({ message }) => message)).toEqual([expect.stringMatching(/^person\.yaml:\d+:\d+: `(HEALTH` and `TOWNSHIP|TOWNSHIP` and `HEALTH)` can join .+ to `Person.idNumber`, which is granted to neither: /u)]);
  });

  test('the shipped policy passes', () => {
    expect(checkPolicy(shippedPolicy(), CATALOGUE)).toEqual([]);
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
    ['parts that one viewer can join to a value it is not given', 'person.yaml', 'kind: [CIVIL_AFFAIRS], level: [COUNTY], for: [POVERTY_RELIEF] }\n  # 估计年龄', 'kind: [CIVIL_AFFAIRS], level: [COUNTY], for: [POVERTY_RELIEF] }\n      - { grant: roster-birth-date, rung: FULL, kind: [TOWNSHIP], for: [AT_RISK_CARE] }\n  # 估计年龄', /`TOWNSHIP` can join `Person.idNumber@ENDS`, `Person.birthDate`, `Person.hukouDivision`, `Person.sex` to `Person.idNumber`, which is granted to it nowhere: .+; take one of the parts away, or grant the whole/],
    ['a number that holds a withheld one', 'at-risk-entry.yaml', '- { grant: card-county,', '- { grant: card-township, rung: FULL, kind: [TOWNSHIP], as: [township], for: [AT_RISK_CARE] }\n      - { grant: card-county,', /`TOWNSHIP` can join `AtRiskEntry.disabilityCardNo` to `Person.idNumber`/],
    ['a derived field for those who never hold its source', 'person.yaml', '    releases: [birthDate, estimatedAge]\n', '', /rule `roster-age-band` never shows `ageBand`, which is derived from `birthDate`: nobody it speaks for holds that; write `releases: \[birthDate\]`/],
    ['a record that is not shared, without the law', 'returnee-check.yaml', /sharing: conditional.*/u, 'sharing: not-shared', /ReturneeCheck is not shared, and names no law for it; add `sharingBasis/],
    ['a record that is not shared, granted to others', 'returnee-check.yaml', /sharing: conditional.*/u, 'sharing: not-shared\nsharingBasis: 保守国家秘密法', /rule `partner` grants rows of ReturneeCheck, which is not shared, to others than its provider/],
    ['a shared record with a law against sharing', 'returnee-check.yaml', /sharing: conditional.*/u, 'sharing: conditional\nsharingBasis: 保守国家秘密法', /ReturneeCheck is shared, and names a law against it/],
    ['one name for two rules', 'return-case.yaml', 'grant: home-check-county', 'grant: notice', /rule `notice` has the name of the one in line \d+; rename/],
  ])('%s', (_, file, from, to, says) => {
    const faults = checked(file, from, to);
    expect(faults).toContainEqual(expect.stringMatching(says));
    for (const fault of faults) expect(fault).toMatch(/^[a-z-]+\.yaml:\d+:\d+: .+; .+/u);
  });
});
