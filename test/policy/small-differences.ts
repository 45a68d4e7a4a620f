import { diffPolicies } from '../../src/policy/diff.js';
import { diffText, hasEffect, type Searched } from '../../src/policy/diff-print.js';
import type { Witness } from '../../src/policy/witness.js';
import { SMALL_CATALOGUE, smallPolicy, type Change } from './small-policy.js';

const NOW = new Date('2026-03-02T09:00:00+08:00');

/** The small policy without limits of time: it differs from another at one instant only. */
export const TIMELESS: readonly Change[] = [['letter.yaml', ', from: 2026-01-01, until: 2026-06-30', ''], ['purposes.yaml', ', until: 2026-12-31', '']];

/** With restraints that bear on an adult, on a minor, on a protected person, and leave something to a role or relation. */
export const RESTRAINED: readonly Change[] = [
  ...TIMELESS, ['letter.yaml', 'when: { protected: { is: true } }, except: [writer] }', 'kind: [CIVIL_AFFAIRS], when: { protected: { is: false } }, except: [writer], exceptRoles: [ADMIN] }'], ['letter.yaml', 'except: [writer], exceptRoles: [MINORS_OFFICER]', 'except: [reader]'],
  ['resident.yaml', 'fields: [name], rung: SURNAME, when: { protected: { is: true } } }', 'fields: [name], rung: SURNAME, when: { protected: { is: false } } }'], ['resident.yaml', 'grant: sex, rung: FULL, for: [RETURN, IDENTITY]', 'grant: sex, rung: FULL, for: [IDENTITY]'],
];

/** With grants that begin and lapse. */
export const LIMITED: readonly Change[] = [
  ...TIMELESS, ['resident.yaml', 'grant: sex, rung: FULL, for: [RETURN, IDENTITY] }', 'grant: sex, rung: FULL, for: [RETURN, IDENTITY], until: 2026-04-30 }'],
  ['resident.yaml', '  - fields: [birthDate]\n    nobody: 不共享\n', '  - fields: [birthDate]\n    grants:\n      - { grant: day, rung: FULL, kind: [PUBLIC_SECURITY], for: [IDENTITY], from: 2026-05-01, until: 2026-05-31 }\n'],
];

/** Changes of every sort beside those of the cells. */
export const OTHER_DOORS: readonly Change[] = [
  ...TIMELESS,
  ['purposes.yaml', 'matter: required, matterExcept: [letters]', 'matter: optional'], ['purposes.yaml', 'AT_RISK_CARE, basis: 依据AT_RISK_CARE, matter: optional', 'AT_RISK_CARE, basis: 依据AT_RISK_CARE, matter: required, matterExcept: [residents, letters]'], ['purposes.yaml', '{ kind: [AUDIT], roles: [AUDITOR] }', '{ kind: [AUDIT], roles: [AUDITOR, ADMIN] }, { kind: [HEALTH], level: [COUNTY] }'],
  ['operations.yaml', 'limit: { items: 20, perMinutes: 5 }', 'limit: { items: 10, perMinutes: 5 }'], ['operations.yaml', '{ roles: [SHARING_OFFICER] }', '{ roles: [ADMIN] }, { kind: [HEALTH] }'], ['operations.yaml', 'title: 查询, basis: 民发一号, allow: [{ kind: [RESCUE_STATION, CIVIL_AFFAIRS], for: [RETURN] }', 'title: 查阅, basis: 民发二号, allow: [{ kind: [RESCUE_STATION], for: [RETURN] }'],
  ['letter.yaml', 'provider: CIVIL_AFFAIRS\nsharing: conditional', 'provider: RESCUE_STATION\nsharing: not-shared\nsharingBasis: 保密法'], ['letter.yaml', 'title: 本县', 'title: 辖区'], ['letter.yaml', '{ place: { within: viewer.division } }', '{ place: { within: viewer.division }, urgent: { is: true } }'],
  ['letter.yaml', 'write: writeLetter, kind: [RESCUE_STATION]', 'write: writeLetter, kind: [RESCUE_STATION], level: [COUNTY, PROVINCE]'], ['letter.yaml', 'when: { state: { is: DRAFT } }, after: [writer], sets: [state]', 'after: [writer, reader], sets: [state, text], until: 2026-04-30'],
  ['letter.yaml', 'cap: minor', 'cap: minors'], ['glossary.yaml', 'letterNo: 编号, state: 状态, writer: 写信机构, text: 正文', 'letterNo: 信函编号, state: 状态, writer: 写信机构, text: 内容'],
];

/** More of the same: purposes closed and opened, with what is seen under them; ladders, deadlines, words; rules that exist twice. */
export const MORE_DOORS: readonly Change[] = [
  ...TIMELESS, ['purposes.yaml', 'allow: [{ kind: [RESCUE_STATION, CIVIL_AFFAIRS] }]', 'allow: [{ kind: [RESCUE_STATION], level: [COUNTY] }, { kind: [RESCUE_STATION], level: [PROVINCE], roles: [APPROVER] }]'], ['purposes.yaml', 'AT_RISK_CARE, basis: 依据AT_RISK_CARE, matter: optional', 'AT_RISK_CARE, basis: 依据AT_RISK_CARE, matter: required'],
  ['operations.yaml', ', limit: { items: 20, perMinutes: 5 }', ''], ['operations.yaml', '- { operations: [letters, residents], title: 查询, basis: 民发一号, allow: [', '- { operations: [residents], title: 查询, basis: 民发一号, purposeFree: true, allow: [{ kind: [HEALTH] }] }\n- { operations: [letters], title: 查询, basis: 民发一号, allow: [{ kind: [HEALTH], for: [RETURN] }, '],
  ['ladders.yaml', 'rungs: [ENDS, FULL]', 'rungs: [FULL]'], ['resident.yaml', '{ grant: ends, rung: ENDS,', '{ grant: ends, rung: FULL,'], ['deadlines.yaml', 'amount: 2, unit: workingDays, class: DESIGN, reason: 及时', 'amount: 12, unit: hours, class: POLICY, reason: 从速'], ['glossary.yaml', 'DRAFT: 草稿', 'DRAFT: 稿'], ['glossary.yaml', 'about: 所谈的居民', 'about: 有关居民'],
  ['letter.yaml', '    releases: [text]\n', ''], ['letter.yaml', "for: [SUPERVISION], basis: 民发二号", "for: [SUPERVISION], basis: 民发七号"], ['letter.yaml', 'title: 收信的机构', 'title: 写信的机构'], ['letter.yaml', 'tests:\n', '  - { write: sendLetter, kind: [RESCUE_STATION], for: [RETURN], as: [reader], sets: [text] }\n  - { write: sendLetter, kind: [RESCUE_STATION], for: [RETURN], as: [county], sets: [pages] }\ntests:\n'],
];

/** Two relations of one title, and a rule for the one or the other. */
export const NAMESAKES: readonly Change[] = [...TIMELESS, ['letter.yaml', 'title: 收信的机构', 'title: 写信的机构']];
export const OTHER_NAMESAKE: readonly Change[] = [...NAMESAKES, ['letter.yaml', 'roles: [APPROVER], as: [writer]', 'roles: [APPROVER], as: [reader]']];

/** With an exception that only shows where the viewer stands in two relations. */
export const COMBINED: readonly Change[] = [...TIMELESS, ['letter.yaml', 'except: [writer], exceptRoles: [MINORS_OFFICER]', 'except: [writer, county], exceptRoles: [MINORS_OFFICER]']];

/** With another basis, and nothing else. */
export const NO_EFFECT: readonly Change[] = [...TIMELESS, ['letter.yaml', 'basis: 民发五号', 'basis: 民发六号'], ['letter.yaml', 'title: 本县', 'title: 辖区']];

/** How two policies differ, as the report. */
export function differences(before: readonly Change[], after: readonly Change[]): string {
  const policies = [smallPolicy(...before), smallPolicy(...after)] as const;
  const diff = diffPolicies(...policies, SMALL_CATALOGUE, NOW);
  return `${diffText(policies, SMALL_CATALOGUE, diff, null)}\n\n${hasEffect(diff, null) ? 'with effect' : 'without effect'}\n${JSON.stringify(diff.terms)}\n`;
}

const WITNESS: Witness = { agency: 'station-120000', kind: 'RESCUE_STATION', level: 'PROVINCE', roles: ['CLERK', 'APPROVER'], purpose: 'RETURN', record: 'Letter', from: 'WITHHELD', to: 'FULL', whole: true, fields: ['text', 'pages'], records: 5, ids: ['le_1', 'le_2', 'le_3'], since: null };
const SEARCHED: Searched = {
  agencies: 23, records: 120, witnesses: [
    WITNESS, { ...WITNESS, agency: 'station-320281', level: 'COUNTY', records: 1, ids: ['le_9'] }, { ...WITNESS, roles: [], fields: [], since: '2026-07-01T00:00:00.000+08:00' }, { ...WITNESS, whole: false, from: 'FULL', to: 'WITHHELD', roles: [] },
    { ...WITNESS, kind: 'CIVIL_AFFAIRS', record: 'Resident', fields: ['name'], whole: false, from: 'FULL', to: 'SURNAME' },
  ],
};

/** The report where a database was looked at, and what was found there. */
export function searchedDifferences(): string {
  const before = smallPolicy(...TIMELESS);
  return [smallPolicy(...TIMELESS, ['letter.yaml', 'when: { minor: { is: true } }', 'when: { minor: { is: true }, urgent: { is: true } }']), smallPolicy(...NO_EFFECT)].flatMap((after) => {
    const diff = diffPolicies(before, after, SMALL_CATALOGUE, NOW);
    const searches: Searched[] = [SEARCHED, { ...SEARCHED, records: null }, { agencies: 23, records: 120, witnesses: [] }, { agencies: 23, records: null, witnesses: [] }];
    return searches.map((searched) => `${diffText([before, after], SMALL_CATALOGUE, diff, searched)}\n\n${hasEffect(diff, searched) ? 'with effect' : 'without effect'}\n`);
  }).join('\n========\n\n');
}
