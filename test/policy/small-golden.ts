import { join } from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.js';
import { wouldNeed, type ExplainedClass } from '../../src/policy/explain.js';
import { buildMatrix, type AgencyClass } from '../../src/policy/matrix.js';
import { matrixCsv, matrixMarkdown } from '../../src/policy/matrix-print.js';
import { policySchema } from '../../src/policy/policy-schema.js';
import { SMALL_CATALOGUE, smallPolicy, type Change } from './small-policy.js';
import { allAloud, authorReadings, conditionsAloud, soundness, witnessStatements } from './small-reports.js';
import { COMBINED, differences, LIMITED, MORE_DOORS, NAMESAKES, NO_EFFECT, OTHER_DOORS, OTHER_NAMESAKE, RESTRAINED, searchedDifferences, TIMELESS } from './small-differences.js';

/** Where the texts lie that are printed of the small policy. */
export const GOLDEN_FOLDER = join(packageRoot(), 'test', 'policy', 'golden');

const NOW = new Date('2026-03-02T09:00:00+08:00');

/** The small policy with restraints that bear on an unprotected adult's record, and with rules that lapse. */
export const STRICTER: readonly Change[] = [
  ['letter.yaml', 'when: { protected: { is: true } }, except: [writer] }', 'kind: [CIVIL_AFFAIRS], when: { protected: { is: false } }, except: [writer, county], exceptRoles: [ADMIN] }'],
  ['letter.yaml', 'when: { minor: { is: true } }, except: [writer]', 'when: { minor: { is: false } }, except: [writer]'],
  ['letter.yaml', 'as: [writer, reader], for: [RETURN] }\n  - { grant: above', 'as: [writer, reader], for: [RETURN], until: 2026-09-30 }\n  - { grant: long-term, kind: [RESCUE_STATION], as: [writer], for: [RETURN], until: 2026-12-31 }\n  - { grant: above'],
  ['letter.yaml', '    releases: [text]\n', ''], ['letter.yaml', 'as: [writer, reader], for: [RETURN] }\n  - fields: [long]', 'as: [writer, reader], for: [RETURN], until: 2026-05-31 }\n  - fields: [long]'],
  ['resident.yaml', '{ grant: sex, rung: FULL, for: [RETURN, IDENTITY] }', '{ grant: sex-for-a-while, rung: FULL, for: [RETURN], until: 2026-04-30 }\n      - { grant: sex, rung: FULL, for: [RETURN, IDENTITY] }\n      - { grant: sex-in-may, rung: FULL, for: [IDENTITY], until: 2026-05-31 }'],
  ['resident.yaml', 'fields: [name], rung: SURNAME, when: { protected: { is: true } } }', 'fields: [name], rung: SURNAME, when: { protected: { is: false } } }\n  - { cap: no-number, kind: [CIVIL_AFFAIRS], fields: [idNumber, name], rung: WITHHELD, exceptRoles: [APPROVER, ADMIN] }\n  - { cap: unknown, fields: [sex], rung: WITHHELD, when: { home: { is: "320281" } } }'],
];

const CLASSES: readonly AgencyClass[] = [{ kind: 'RESCUE_STATION', level: 'COUNTY' }, { kind: 'CIVIL_AFFAIRS', level: 'COUNTY' }, { kind: 'CIVIL_AFFAIRS', level: 'PROVINCE' }, { kind: 'CIVIL_AFFAIRS', level: 'MINISTRY' }, { kind: 'PUBLIC_SECURITY', level: 'COUNTY' }, { kind: 'HEALTH', level: 'COUNTY' }];

const ASKERS: readonly (ExplainedClass | null)[] = [
  null, { kind: 'RESCUE_STATION', level: 'COUNTY' }, { kind: 'CIVIL_AFFAIRS', level: 'COUNTY' }, { kind: 'CIVIL_AFFAIRS', level: 'PROVINCE' }, { kind: 'CIVIL_AFFAIRS', level: null, purpose: 'SUPERVISION' }, { kind: 'CIVIL_AFFAIRS', level: 'PROVINCE', purpose: 'RETURN' },
  { kind: 'PUBLIC_SECURITY', level: null }, { kind: 'HEALTH', level: 'COUNTY' },
];

/** What would be needed for each cell, for each asker. */
function explained(changes: readonly Change[]): string {
  const policy = smallPolicy(...changes);
  return ASKERS.flatMap((asker) => [...policy.records].flatMap(([record, { cells }]) => [...cells.keys()].flatMap((cell) => [
    `${asker === null ? '任何人' : Object.values(asker).join(' ')} ${record}.${cell}`, ...wouldNeed(policy, asker, record, cell, NOW).map((line) => `  ${line}`),
  ]))).map((line) => `${line}\n`).join('');
}

/** Every text that is printed of the small policy, by the name of its file. */
export function printedTexts(): Record<string, () => string> {
  const matrix = (changes: readonly Change[]): string => matrixCsv(buildMatrix(smallPolicy(...changes), NOW, CLASSES));
  const table = (changes: readonly Change[]): string => matrixMarkdown(smallPolicy(...changes), buildMatrix(smallPolicy(...changes), NOW, CLASSES));
  return {
    'matrix.csv': () => matrix([]), 'matrix-stricter.csv': () => matrix(STRICTER), 'matrix.md': () => table([]), 'matrix-stricter.md': () => table(STRICTER),
    'needed.txt': () => explained([]), 'needed-stricter.txt': () => explained(STRICTER),
    'read-aloud.md': () => allAloud([]), 'read-aloud-stricter.md': () => allAloud([...STRICTER, ['letter.yaml', 'sharing: conditional', 'sharing: not-shared\nsharingBasis: 保密法'], ['letter.yaml', 'when: { state: { is: DRAFT } }, after: [writer],', '']]), 'conditions.txt': conditionsAloud, 'author.txt': authorReadings, 'soundness.txt': soundness,
    'diff-same.txt': () => differences(TIMELESS, TIMELESS), 'diff-restrained.txt': () => differences(TIMELESS, RESTRAINED), 'diff-loosened.txt': () => differences(RESTRAINED, TIMELESS), 'diff-limited.txt': () => differences(TIMELESS, LIMITED), 'diff-doors.txt': () => differences(TIMELESS, OTHER_DOORS),
    'diff-more-doors.txt': () => differences(TIMELESS, MORE_DOORS), 'diff-more-doors-back.txt': () => differences(MORE_DOORS, TIMELESS), 'diff-combined.txt': () => differences(TIMELESS, COMBINED), 'diff-no-effect.txt': () => differences(TIMELESS, NO_EFFECT), 'diff-namesakes.txt': () => differences(NAMESAKES, OTHER_NAMESAKE),
    'diff-doors-back.txt': () => differences(OTHER_DOORS, TIMELESS), 'diff-searched.txt': searchedDifferences, 'diff-layout.txt': () => differences(TIMELESS, [...TIMELESS, ['letter.yaml', 'record: Letter\n', 'record: Letter # 信函\n']]), 'witnesses.sql.txt': () => witnessStatements(STRICTER),
    'policy.schema.json': () => `${JSON.stringify(policySchema(SMALL_CATALOGUE), null, 1)}\n`,
  };
}
