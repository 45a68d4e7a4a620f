import { describe, expect, test } from '@jest/globals';
import { parsePolicy, type PolicySource } from '../../src/policy/parse-policy.js';
import { CATALOGUE, faultsOf, SHIPPED_SOURCES, shippedPolicy, withChange } from './shipped-policy.js';

/** `file:line:column` of a text in a source, one-based. */
function placeOf(sources: readonly PolicySource[], name: string, needle: string): string {
  const text = sources.find((source) => source.name === name)?.text ?? '';
  const before = text.slice(0, text.indexOf(needle)).split('\n');
  return `${name}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
}

/** A change of one file, the text at which the fault must be placed, and what the message must say: problem; mend. */
type Fault = [rule: string, file: string, from: string | RegExp, to: string, at: string, says: RegExp];

const PARTY = "{ grant: party, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [destination, origin], for: [RETURN]";

describe('a policy is refused, with place and mend', () => {
  test.each<Fault>([
    ['a field of the catalogue that is left out', 'return-case.yaml', 'noticeNo, noticeDate,', 'noticeDate,', '- fields: [caseNo', /field `noticeNo` of ReturnCase has no verdict; add it to a block of `fields`/],
    ['a field that stands in two blocks', 'return-case.yaml', 'fields: [homeCheck]', 'fields: [homeCheck, subject]', 'subject]\n    basis: 民发〔2020〕14号 二(五)：对已', /field `subject` stands in two blocks; keep it in one of the two/],
    ['an unknown field', 'return-case.yaml', 'fields: [homeCheck]', 'fields: [homeCheque]', 'homeCheque', /field of ReturnCase `homeCheque` is not known; use `homeCheck`/],
    ['a misspelt relation', 'return-case.yaml', 'as: [destination, origin], for', 'as: [destination, orign], for', 'orign', /relation `orign` is not named in `relations`; use `origin`/],
    ['a misspelt relation of an exception', 'return-case.yaml', 'except: [author, holdingStation, holdingCivilAffairs, namedUnit]', 'except: [autor, holdingStation, holdingCivilAffairs, namedUnit]', 'autor,', /relation `autor` is not named/],
    ['a relation that stands twice in one rule', 'return-case.yaml', 'as: [destination, origin], for', 'as: [origin, origin], for', 'origin], for: [RETURN], basis', /relation `origin` stands twice; keep one/],
    ['a duplicate rule of rows', 'return-case.yaml', '{ grant: county, kind', '{ grant: party, kind', '{ grant: party, kind: [CIVIL_AFFAIRS], level', /rule `party` stands twice; rename or remove one/],
    ['two rules that say the same', 'return-case.yaml', `  - ${PARTY}`, `  - { grant: parties, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [destination, origin], for: [RETURN], basis: 民发 }\n  - ${PARTY}`, PARTY, /rule `party` says the same as `parties` in line \d+; remove one/],
    ['an empty list of rows', 'returnee-check.yaml', /rows:\n[\s\S]*?\nfields:/u, 'rows: []\n\nfields:', '[]\n\nfields:', /rows is empty; name at least one/],
    ['rows that hold vetoes only', 'returnee-check.yaml', /  - grant: partner\n[\s\S]*?第二十条\n/u, '', '- { veto: protected', /no row is granted to anybody; add at least one `grant`/],
    ['an empty list of relations', 'return-case.yaml', 'as: [destination, origin], for', 'as: [], for', '[], for', /the list of relations is empty/],
    ['an empty list of kinds', 'return-case.yaml', PARTY, "{ grant: party, kind: [], as: [destination, origin], for: [RETURN]", '[], as', /kind is empty/],
    ['an unknown kind', 'return-case.yaml', PARTY, "{ grant: party, kind: [RESCUE_STATIONS, CIVIL_AFFAIRS], as: [destination, origin], for: [RETURN]", 'RESCUE_STATIONS', /kind `RESCUE_STATIONS` is not known; use `RESCUE_STATION`/],
    ['an unknown purpose', 'return-case.yaml', 'as: [destination, origin], for: [RETURN]', 'as: [destination, origin], for: [RETURNS]', 'RETURNS', /purpose `RETURNS` is not known; use `RETURN`/],
    ['an unknown key', 'return-case.yaml', '{ grant: party, kind:', '{ grant: party, kinds:', 'kinds:', /`kinds` is not known in a grant; use one of/],
    ['a key without a value', 'return-case.yaml', 'title: 返乡人员信息台账', 'title:', 'title:', /`title` has no value/],
    ['a rung that the ladder lacks', 'person.yaml', 'rung: ENDS, kind: [TOWNSHIP]', 'rung: SURNAME, kind: [TOWNSHIP]', 'idNumber]', /`idNumber` has no rung `SURNAME`; use `ENDS` or `FULL`/],
    ['an unknown attribute', 'return-case.yaml', 'when: { destinationAgency: { is: viewer.agency } } }', 'when: { destinationAgent: { is: viewer.agency } } }', 'destinationAgent:', /`destinationAgent` is neither an attribute nor a link of ReturnCase; use `destinationAgency`/],
    ['an unknown attribute behind a link', 'person.yaml', 'destinationAgency: { is: viewer.agency }, confirmed', 'destinationAgent: { is: viewer.agency }, confirmed', 'destinationAgent', /neither an attribute nor a link of ReturnCase/],
    ['a condition that compiles to nothing', 'return-case.yaml', 'when: { destinationAgency: { is: viewer.agency } } }', 'when: {} }', '{} }', /the condition compiles to nothing; name at least one attribute/],
    ['a condition behind a link that compiles to nothing', 'person.yaml', '{ some: { station: { is: viewer.agency } } }', '{ some: {} }', '{} }', /the condition compiles to nothing/],
    ['an empty `any`', 'returnee-check.yaml', /any: \[.*\]\n/u, 'any: []\n', '[]\n', /`any` is empty/],
    ['two comparisons in one', 'returnee-check.yaml', 'confirmed: { is: true }\n', 'confirmed: { is: true, in: [true] }\n', '{ is: true, in: [true] }', /the comparison of `confirmed` is not exactly one of/],
    ['a comparison of the wrong type', 'returnee-check.yaml', 'confirmed: { is: true }\n', 'confirmed: { is: yes }\n', 'yes }', /`yes` does not fit `confirmed`, which is of type boolean/],
    ['a comparison that its type does not know', 'returnee-check.yaml', 'confirmed: { is: true }\n', 'confirmed: { before: today }\n', 'before:', /`before` does not fit `confirmed`/],
    ['a value that the attribute never has', 'returnee-check.yaml', 'in: [DISPUTED,', 'in: [DISPUTE,', 'DISPUTE,', /`state` never has the value `DISPUTE`; use `DISPUTED`/],
    ['an agency compared with a division', 'return-case.yaml', 'when: { destinationAgency: { is: viewer.agency } } }', 'when: { destinationAgency: { is: viewer.division } } }', 'viewer.division } } }', /`destinationAgency` \(agency\) cannot be compared with `viewer.division`; use `viewer.agency`/],
    ['a link compared like an attribute', 'person.yaml', '{ settlements: { some: { station: { is: viewer.agency } } } }', '{ settlements: { is: viewer.agency } }', '{ settlements: { is: viewer.agency', /`settlements` leads to other records; write `settlements: \{ some:/],
    ['a veto without a condition', 'returnee-check.yaml', '{ veto: protected, when: { protected: { is: true } },', '{ veto: protected,', '{ veto: protected,', /a veto has no `when`; add `when: …`/],
    ['a relation without a title', 'returnee-check.yaml', '{ title: 流出地在询问部门的辖区内, when', '{ when', '{ when: { originDivision', /relation `inArea` has no `title`/],
    ['a block with both grants and nobody', 'at-risk-entry.yaml', /    nobody: .*/u, '    nobody: 无\n    grants: [{ grant: g, rung: FULL }]', 'fields: [diagnosis]', /exactly one of `grants` and `nobody`/],
    ['a block with neither', 'at-risk-entry.yaml', /    nobody: .*/u, '    basis: 无', 'fields: [diagnosis]', /exactly one of `grants` and `nobody`/],
    ['a write rule of an unknown operation', 'return-case.yaml', 'write: recallReturn', 'write: recallReturns', 'recallReturns', /operation `recallReturns` is not known; use `recallReturn`/],
    ['a write rule that names no relation', 'return-case.yaml', /, after: \[sender\], sets: (.*), basis: 民发〔2020〕14号 二\(五\)：流入地书面反馈 \}/u, ', sets: $1, basis: 民发 }', '{ write: sendReturnNotice', /a write rule names no relation/],
    ['a field without a name in the glossary', 'glossary.yaml', '    helpReason: 求助原因\n', '', '    version: 版本号', /`helpReason`, of the fields of ReturnCase, has no name; add `helpReason: …`/],
    ['a fact without a name', 'glossary.yaml', ', minor: 未满十八周岁 }', ' }', '{ protected: 受保护, protectionUnit', /`minor`, of the facts of Person, has no name/],
    ['a link without a name', 'glossary.yaml', '  links: { household: 所在的户 }\n', '', '- record: HouseholdMember', /`household`, of the links of HouseholdMember, has no name/],
    ['a value without a name', 'glossary.yaml', 'PROPOSED: 待确认, ', '', '{ CONFIRMED', /`PROPOSED`, of the values of RegisteredHousehold.flagState, has no name/],
    ['a word for what does not exist', 'glossary.yaml', '    caseNo: 案号\n    state: 状态\n    subject', '    caseNumber: 案号\n    state: 状态\n    subject', 'caseNumber', /`caseNumber` is not known in fields of ReturnCase/],
    ['a record without words', 'glossary.yaml', /- record: HouseholdMember\n(?:  .*\n)*/u, '', '- record: ReturnCase', /the words of `HouseholdMember` are missing/],
    ['a write rule that sets nothing it names', 'return-case.yaml', /, sets: \[version, earlierReturns\]/u, ', sets: []', '[], basis', /stored field of ReturnCase is empty/],
    ['a write rule without `sets`', 'return-case.yaml', /, sets: \[version, earlierReturns\]/u, '', '{ write: confirmReturn', /a write rule has no `sets`/],
    ['a write rule that sets a derived field', 'registered-household.yaml', 'after: [office], sets: [flag]', 'after: [office], sets: [flags]', 'flags]', /stored field of RegisteredHousehold `flags` is not known; use `flag`/],
    ['a grant without a purpose', 'person.yaml', 'kind: [RESCUE_STATION], as: [registryStation], for: [AT_RISK_CARE]', 'kind: [RESCUE_STATION], as: [registryStation]', '{ grant: registry-station', /a grant has no `for`; add `for: …`/],
    ['a field grant without a purpose', 'person.yaml', 'rung: FULL, kind: [TOWNSHIP], for: [AT_RISK_CARE] }', 'rung: FULL, kind: [TOWNSHIP] }', '{ grant: roster-name', /a grant has no `for`/],
    ['a day that does not exist', 'person.yaml', 'as: [registryStation], for: [AT_RISK_CARE]', 'as: [registryStation], for: [AT_RISK_CARE], until: 2026-02-30', '2026-02-30', /the end `2026-02-30` is neither a day nor an instant; write it as `2026-12-31`/],
    ['a rule that lapses before it begins', 'person.yaml', 'as: [registryStation], for: [AT_RISK_CARE]', 'as: [registryStation], for: [AT_RISK_CARE], from: 2026-07-01T00:00:00+08:00, until: 2026-06-30', '{ grant: registry-station', /the rule lapses before it begins; correct `from` or `until`/],
    ['a cap that lapses', 'person.yaml', '    exceptRoles: [MINORS_OFFICER]\n', '    exceptRoles: [MINORS_OFFICER]\n    until: 2027-01-01\n', 'until: 2027', /`until` is not known in a cap/],
    ['a field released from what it is not derived from', 'person.yaml', 'releases: [birthDate, estimatedAge]', 'releases: [birthDate, address]', 'ageBand]', /`ageBand` is not derived from `address`; release it from `birthDate`, `estimatedAge`/],
    ['a field released that is derived from nothing', 'person.yaml', '- fields: [birthDate]\n', '- fields: [birthDate]\n    releases: [name]\n', 'birthDate]\n    releases', /`birthDate` is not derived from `name`; put it into a block without `releases`/],
    ['a matter compared with an agency', 'return-case.yaml', 'when: { destinationAgency: { is: viewer.agency } } }', 'when: { destinationAgency: { is: viewer.matter } } }', 'viewer.matter', /`destinationAgency` \(agency\) cannot be compared with `viewer.matter`; use `viewer.agency`/],
    ['a viewer\'s value that does not exist', 'return-case.yaml', 'when: { destinationAgency: { is: viewer.agency } } }', 'when: { caseNo: { is: viewer.user } } }', 'viewer.user', /`caseNo` \(text\) cannot be compared with `viewer.user`; use `viewer.kind` or `viewer.matter`/],
    ['a test that expects nothing', 'registered-household.yaml', 'as: [matchedArea] }, row: HIDDEN }', 'as: [matchedArea] } }', '{ viewer: { kind: CIVIL_AFFAIRS, level: PREFECTURE', /the test expects nothing/],
    ['a test of an unknown field', 'return-case.yaml', 'sees: { caseNo: FULL, state: FULL, subject', 'sees: { caseNr: FULL, state: FULL, subject', 'caseNr', /`caseNr` is no field of ReturnCase; use `caseNo`/],
    ['a test with an unknown attribute', 'return-case.yaml', 'given: { confirmed: false }', 'given: { confirm: false }', 'confirm: false', /`confirm` is no attribute of ReturnCase; use `confirmed`/],
    ['a duplicate YAML key', 'return-case.yaml', 'provider: CIVIL_AFFAIRS', 'provider: CIVIL_AFFAIRS\nprovider: AUDIT', 'provider: AUDIT', /Map keys must be unique; keep one of the two entries/],
    ['text that is no YAML', 'ladders.yaml', 'rungs: [SURNAME, FULL]', 'rungs: [SURNAME, FULL', 'basis: 个人信息保护法 第三十四条：只见姓氏', /correct the YAML at this place/],
    ['a ladder that falls', 'ladders.yaml', 'rungs: [SURNAME, FULL]', 'rungs: [FULL, SURNAME]', '[FULL, SURNAME]', /a ladder rises to FULL/],
    ['a ladder of a cell that has no such mask', 'ladders.yaml', 'cells: [Person.name]', 'cells: [Person.kinName]', 'cells: [Person.kinName]', /`Person.kinName` cannot be shown at `SURNAME`/],
    ['a missing purpose', 'purposes.yaml', /- purpose: AUDIT\n[\s\S]*?(?=- purpose: BENEFIT)/u, '', '- purpose: RETURN', /purpose `AUDIT` is missing; add it/],
    ['an operation without a rule', 'operations.yaml', '[returnCases, returnCase]', '[returnCases]', '- operations: [viewer', /operation `returnCase` has no rule; add it/],
    ['an operation with two rules', 'operations.yaml', '[returnCases, returnCase]', '[returnCases, returnCase, node]', 'operations: [returnCases, returnCase, node]', /operation `node` has two rules/],
    ['an operation allowed for no purpose', 'operations.yaml', '{ kind: [PARTNER], for: [BENEFIT_CHECK] }', '{ kind: [PARTNER] }', 'operations: [checkReturnees]', /an entry of `allow` names no purpose; add `for/],
    ['an entry of `allow` that compiles to nothing', 'operations.yaml', '{ kind: [PARTNER], for: [BENEFIT_CHECK] }', '{}', '{}', /compiles to nothing/],
  ])('%s', (_, file, from, to, at, says) => {
    const sources = withChange(file, from, to);
    const faults = faultsOf(sources, CATALOGUE);
    const found = faults.find((message) => says.test(message));
    expect(faults).toContainEqual(expect.stringMatching(says));
    expect(found).toMatch(/^[a-z-]+\.yaml:\d+:\d+: .+; .+/u);
    expect(found?.split(':')[0]).toBe(file);
    expect(Number(found?.split(':')[1])).toBe(Number(placeOf(sources, file, at).split(':')[1]));
  });

  test('a column is told as well as a line', () => {
    const sources = withChange('return-case.yaml', 'as: [destination, origin], for', 'as: [destination, orign], for');
    expect(faultsOf(sources)[0]).toMatch(new RegExp(`^${placeOf(sources, 'return-case.yaml', 'orign')}: `, 'u'));
  });

  test('an empty folder', () => {
    const faults = faultsOf([]);
    for (const missing of ['ladders.yaml', 'purposes.yaml', 'operations.yaml', 'a file for `ReturnCase`', 'a file for `Person`']) expect(faults.join('\n')).toContain(`${missing} is missing`);
  });

  test.each(SHIPPED_SOURCES.map(({ name }) => name).filter((name) => name !== 'deadlines.yaml'))('a folder in which %s is missing', (name) => {
    expect(faultsOf(SHIPPED_SOURCES.filter((source) => source.name !== name)).join('\n')).toMatch(/is missing; add it to the folder of policies/u);
  });

  test.each(SHIPPED_SOURCES.map(({ name }) => name).filter((name) => name !== 'deadlines.yaml'))('a folder in which %s is empty', (name) => {
    expect(faultsOf(SHIPPED_SOURCES.map((source) => (source.name === name ? { name, text: '' } : source)))).not.toEqual([]);
  });

  test('a record with two files', () => {
    const twice = SHIPPED_SOURCES.filter(({ name }) => name === 'person.yaml').map(({ text }) => ({ name: 'person-again.yaml', text }));
    expect(faultsOf([...SHIPPED_SOURCES, ...twice]).join('\n')).toMatch(/record `Person` has two files/u);
  });

  test('every fault of a file is told at once', () => {
    const once = withChange('return-case.yaml', 'fields: [homeCheck]', 'fields: [homeCheque]');
    const twice = once.map((source) => (source.name === 'person.yaml' ? { ...source, text: source.text.replace('as: [returnCounty]', 'as: [returnCountry]') } : source));
    expect(faultsOf(twice).join('\n')).toMatch(/returnCountry[\s\S]*homeCheque|homeCheque[\s\S]*returnCountry/u);
  });
});

describe('a policy that is taken', () => {
  test('has a version that changes with every byte of every file, and not with the order of the files', () => {
    const { hash } = shippedPolicy();
    expect(hash).toMatch(/^[0-9a-f]{64}$/u);
    expect(parsePolicy(SHIPPED_SOURCES.toReversed(), CATALOGUE).hash).toBe(hash);
    expect(parsePolicy(withChange('deadlines.yaml', 'amount: 3,', 'amount: 4,'), CATALOGUE).hash).not.toBe(hash);
  });

  test('rules every record and every operation of the catalogue', () => {
    const policy = shippedPolicy();
    expect([...policy.records.keys()].toSorted()).toEqual([...CATALOGUE.records.keys()].toSorted());
    expect([...policy.operations.keys()].toSorted()).toEqual(CATALOGUE.operations.toSorted());
  });

  test('keeps the entries of one condition together: all of them hold', () => {
    expect(shippedPolicy().records.get('ReturnCase')?.relations.get('sender')).toEqual({ all: [
      { is: { attribute: 'destinationAgency', value: { viewer: 'agency' } } }, { is: { attribute: 'authorAgency', value: { viewer: 'agency' } } },
    ] });
  });

  test('reads days counted from today', () => {
    const partner = shippedPolicy().records.get('ReturneeCheck')?.rows.grants[0]?.when;
    expect(JSON.stringify(partner)).toContain(JSON.stringify({ after: { attribute: 'closedAt', value: { today: { days: 0, months: -12 } } } }));
  });
});
