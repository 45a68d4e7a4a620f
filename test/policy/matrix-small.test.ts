import { describe, expect, test } from '@jest/globals';
import { findAttribute, findField, findLink, rungsOf, type Catalogue, type Field, type RecordShape } from '../../src/policy/catalogue.js';
import { ADULT, buildMatrix, neededFor, relationsThatMatter, rolesOf, type MatrixCell } from '../../src/policy/matrix.js';
import { matrixCsv, matrixMarkdown } from '../../src/policy/matrix-print.js';
import { fieldText } from '../../src/policy/phrases.js';
import { policySchema } from '../../src/policy/policy-schema.js';
import { rulesOf, SMALL_CATALOGUE, smallPolicy, type Change } from './small-policy.js';

const NOW = new Date('2026-03-02T09:00:00+08:00');
const STATION = [{ kind: 'RESCUE_STATION', level: 'COUNTY' }] as const;
const clerk = { kind: 'RESCUE_STATION', level: 'COUNTY', roles: [], purpose: 'RETURN', at: NOW } as const;
const LETTER = SMALL_CATALOGUE.records.get('Letter') as RecordShape;
/** Lines of one field for a station: `relation role rung rule`. */
const linesOf = (field: string, ...changes: Change[]): string[] => buildMatrix(smallPolicy(...changes), NOW, STATION).filter((cell) => cell.field === field).map(({ relation, role, rung, rule }) => [relation, role, rung, rule].join(' '));

describe('the matrix', () => {
  test('has every kind and level that may state a purpose, unless it is asked of some only', () => {
    const classes = new Set(buildMatrix(smallPolicy(), NOW).map(({ kind, level }) => `${kind} ${level}`));
    expect(classes.size).toBe(7 * 5);
    expect(classes).toContain('PARTNER MINISTRY');
    expect([...classes].some((one) => one.startsWith('AUDIT'))).toBe(false);
  });

  test('has a purpose that one of several audiences may state, none that the policy lacks', () => {
    expect(buildMatrix(smallPolicy(['purposes.yaml', 'allow: [{ kind: [RESCUE_STATION, CIVIL_AFFAIRS] }]', 'allow: [{ kind: [RESCUE_STATION] }, { kind: [CIVIL_AFFAIRS] }]']), NOW, STATION).length).toBeGreaterThan(0);
    const { purposes: _, ...rest } = smallPolicy();
    expect(buildMatrix({ ...rest, purposes: new Map() }, NOW)).toEqual([]);
  });

  test('names the cap only where it lowers', () => {
    const cap: Change = ['resident.yaml', 'kind: [CIVIL_AFFAIRS], fields: [name], rung: SURNAME, when: { protected: { is: true } } }', 'fields: [name], rung: SURNAME }'];
    expect(linesOf('name', cap)).toEqual(['wroteAbout  SURNAME surname']);
  });

  test('takes what is unknown of the record at its best, and what is not so as not so', () => {
    const body = (condition: string): string[] => linesOf('text', ['letter.yaml', '{ grant: body, rung: FULL,', `{ grant: body, rung: FULL, when: ${condition},`]);
    expect([body('{ urgent: { is: true } }'), body('{ protected: { is: true } }')]).toEqual([['writer  FULL body', 'reader  FULL body'], ['  WITHHELD default']]);
  });

  test('asks of no relation that no grant names', () => {
    const spare: Change[] = [['letter.yaml', 'relations:\n', 'relations:\n  spare: { title: 备用, when: { state: { is: SENT } } }\n'], ['letter.yaml', 'as: [writer, reader], for: [RETURN] }\n  - { grant: above', 'for: [RETURN] }\n  - { grant: above'], ['letter.yaml', 'except: [writer], exceptRoles', 'except: [spare], exceptRoles']];
    expect(linesOf('letterNo', ...spare)).toEqual(['  FULL course', 'writer  FULL course', 'reader  FULL course', 'county  FULL course']);
  });

  test('knows the relations and roles on which a cell depends', () => {
    const rules = rulesOf(smallPolicy(), 'Letter');
    const matter = (field: string, facts = ADULT): string[] => [...new Set(relationsThatMatter(rules, field, clerk, facts))].toSorted();
    expect([matter('letterNo'), matter('text'), matter('steps.reason'), matter('long')]).toEqual([['reader', 'writer'], ['reader', 'writer'], ['reader', 'writer'], ['reader', 'writer']]);
    const resident = rulesOf(smallPolicy(['resident.yaml', 'rung: SURNAME, when: { protected: { is: true } } }', 'rung: SURNAME, when: { protected: { is: true } }, except: [wroteAbout] }'], ['resident.yaml', '{ grant: correspondent, as: [wroteAbout],', '{ grant: correspondent,']), 'Resident');
    const protectedOne = { attributes: { protected: true } };
    const department = { ...clerk, kind: 'CIVIL_AFFAIRS' } as const;
    expect([relationsThatMatter(resident, 'name', department, ADULT), relationsThatMatter(resident, 'name', department, protectedOne), relationsThatMatter(resident, 'name', clerk, protectedOne), relationsThatMatter(resident, 'weather', department, protectedOne)]).toEqual([[], ['wroteAbout'], [], []]);
    expect([rolesOf(rules), rolesOf(resident), neededFor(rules, 'steps.reason'), neededFor(rules, 'long'), neededFor(rules, 'weather')]).toEqual([['APPROVER', 'MINORS_OFFICER'], [], ['steps'], ['pages'], []]);
  });

  test('knows the relations of a row, of an exception to its veto, and of the cells that another needs', () => {
    const rules = rulesOf(smallPolicy(['letter.yaml', 'as: [writer, reader], for: [RETURN] }\n  - { grant: above', 'as: [reader], for: [RETURN] }\n  - { grant: above'], ['letter.yaml', '{ grant: body, rung: FULL, as: [writer, reader]', '{ grant: body, rung: FULL, as: [county]']), 'Letter');
    const matter = (field: string, facts = ADULT): string[] => [...new Set(relationsThatMatter(rules, field, clerk, facts))];
    expect([matter('letterNo'), matter('letterNo', { attributes: { protected: true, minor: false } }), matter('long'), matter('text', { attributes: { protected: false, minor: true } })]).toEqual([['reader'], ['reader', 'writer'], ['reader', 'county'], ['reader', 'county', 'writer']]);
  });
});

describe('the printed matrix', () => {
  const [cell] = buildMatrix(smallPolicy(), NOW, STATION) as [MatrixCell];

  test('as CSV quotes what holds a comma, a quote or a line end, and nothing else', () => {
    const csv = (basis: string): string => matrixCsv([{ ...cell, basis }]).split('\r\n').slice(1).join('\r\n');
    const line = (basis: string): string => `RESCUE_STATION,COUNTY,,RETURN,Letter,letterNo,writer,FULL,course,${basis},\r\n`;
    expect(['民发 一号', 'a,b', 'a"b"', 'a\nb', 'a\rb'].map(csv)).toEqual(['民发 一号', '"a,b"', '"a""b"""', '"a\nb"', '"a\rb"'].map(line));
  });

  test('as Markdown has the records that were asked about, and keeps a bar inside a cell', () => {
    const text = matrixMarkdown(smallPolicy(), [{ ...cell, basis: 'a|b' }]);
    expect(text).toContain('| course | a\\|b |');
    expect(text).not.toContain('Resident');
  });

  test('as Markdown says by which law a record is not shared, and where nothing of it is granted', () => {
    const policy = smallPolicy(['letter.yaml', 'sharing: conditional', 'sharing: not-shared\nsharingBasis: 保密法']);
    expect(matrixMarkdown(policy, [{ ...cell, rung: 'WITHHELD' }])).toBe('## 信函（Letter）\n\n提供方：民政部门。共享属性：不予共享（保密法）。依据：民发一号。下表所列是普通成年人的记录，记录上的其他条件按满足计；未列的一律不给看。\n\n对这里列出的机构，没有任何栏目。\n');
  });
});

describe('the catalogue', () => {
  test('finds fields, nested ones too, attributes and links by their names, and nothing by another', () => {
    expect([findField(LETTER, 'steps.reason')?.field, findField(LETTER, 'steps')?.field]).toEqual(['value', 'list']);
    expect([findField(LETTER, 'weather'), findField(LETTER, 'steps.weather'), findField(LETTER, 'weather.wind'), findField(LETTER, 'text.reason')]).toEqual([undefined, undefined, undefined, undefined]);
    expect([findAttribute(LETTER, 'state')?.type, findAttribute(LETTER, 'constructor'), findLink(LETTER, 'about')?.record, findLink(LETTER, 'constructor')]).toEqual(['text', undefined, 'Resident', undefined]);
  });

  test('shows a masked value at its masks and in full, everything else in full only', () => {
    const rungs = (record: string, cell: string): string[] => rungsOf(findField(SMALL_CATALOGUE.records.get(record) as RecordShape, cell) as Field);
    expect([rungs('Resident', 'name'), rungs('Resident', 'sex'), rungs('Letter', 'steps'), rungs('Letter', 'resident')]).toEqual([['SURNAME', 'FULL'], ['FULL'], ['FULL'], ['FULL']]);
  });

  test('gives a cell without a word by its name', () => {
    expect([fieldText(smallPolicy(), 'Letter', 'text'), fieldText(smallPolicy(), 'Letter', 'weather'), fieldText(smallPolicy(), 'Weather', 'wind')]).toEqual(['正文（text）', 'weather', 'wind']);
  });

  test('of a record without links asks for no word of one, in the schema of the glossary', () => {
    const linkless: Catalogue = { ...SMALL_CATALOGUE, records: new Map([['Letter', { ...LETTER, links: {} }]]) };
    const { definitions } = policySchema(linkless) as { definitions: { glossary: { items: { anyOf: { required: string[]; properties: object }[] } } } };
    expect(definitions.glossary.items.anyOf.map(({ required, properties }) => [required, Object.keys(properties)])).toEqual([[['record', 'fields', 'facts', 'values'], ['record', 'fields', 'facts', 'values']]]);
  });
});
