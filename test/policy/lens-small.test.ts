import { describe, expect, test } from '@jest/globals';
import type { Catalogue, RecordShape } from '../../src/policy/catalogue.js';
import { compileLens, isNotFalse, isTrue, predicateSql, withinSql, type RecordLens, type ViewerClass } from '../../src/policy/compile.js';
import type { Condition, Policy } from '../../src/policy/language.js';
import { SMALL_CATALOGUE, smallPolicy, type Change } from './small-policy.js';

const CLERK: ViewerClass = { kind: 'RESCUE_STATION', level: 'COUNTY', roles: ['CLERK'], purpose: 'RETURN', areaCount: 1, at: new Date('2026-03-02T09:00:00+08:00') };
const LETTER = SMALL_CATALOGUE.records.get('Letter') as RecordShape;

function lensOf(policy: Policy, viewer: Partial<ViewerClass> = {}, record = 'Letter'): RecordLens {
  const lens = compileLens(policy, SMALL_CATALOGUE, { ...CLERK, ...viewer }).records.get(record);
  if (!lens) throw new Error(`no lens of ${record}`);
  return lens;
}

describe('a condition is written', () => {
  const sqlOf = (condition: Condition): string[] => [isTrue, isNotFalse].map((asked) => predicateSql(asked(condition, { shape: LETTER, catalogue: SMALL_CATALOGUE, viewer: { ...CLERK, areaCount: 2 } }), 'c'));
  const known = (sql: string): string[] => [sql, sql];
  const unknown = (sql: string): string[] => [`((${sql}) IS TRUE)`, `((${sql}) IS NOT FALSE)`];
  test.each<[how: string, condition: Condition, sql: string[]]>([
    ['plainly where nothing is unknown', { is: { attribute: 'state', value: { literal: 'SENT' } } }, known("(c.state = 'SENT')")],
    ['with its quotes doubled', { is: { attribute: 'state', value: { literal: "it's 'so'" } } }, known("(c.state = 'it''s ''so''')")],
    ['with what the request binds, never with its text', { is: { attribute: 'writer', value: { viewer: 'agency' } } }, known('(c.writer = «agency»)')],
    ['with the matter, which may be unknown', { is: { attribute: 'letterNo', value: { viewer: 'matter' } } }, unknown('c.letter_no = «matter»')],
    ['with the matter among others', { in: { attribute: 'letterNo', values: [{ literal: '7' }, { viewer: 'matter' }] } }, unknown("c.letter_no IN ('7', «matter»)")],
    ['with a truth', { is: { attribute: 'urgent', value: { literal: true } } }, unknown('(c.urgent)')], ['with an untruth', { is: { attribute: 'urgent', value: { literal: false } } }, unknown('(NOT (c.urgent))')],
    ['with truths in a list', { in: { attribute: 'urgent', values: [{ literal: true }, { literal: false }] } }, unknown('c.urgent IN (TRUE, FALSE)')], ['with a number', { before: { attribute: 'pages', value: { literal: 9 } } }, unknown('c.pages < 9')],
    ['with today', { after: { attribute: 'sentOn', value: { today: { days: 0, months: 0 } } } }, unknown('c.sent_on > «today»')],
    ['with a day some days off', { before: { attribute: 'sentOn', value: { today: { days: -3, months: 0 } } } }, unknown("c.sent_on < ((«today» + interval '-3 days')::date)")],
    ['with a day months and days off', { before: { attribute: 'sentOn', value: { today: { days: 1, months: 12 } } } }, unknown("c.sent_on < ((«today» + interval '12 months' + interval '1 days')::date)")],
    ['with an instant some months off', { after: { attribute: 'readAt', value: { today: { days: 0, months: -1 } } } }, unknown("c.read_at > ((«today» + interval '-1 months')::timestamptz)")],
    ['with the area as ranges of text', { within: { attribute: 'place' } }, unknown('(c.place >= «from0» AND c.place < «until0») OR (c.place >= «from1» AND c.place < «until1»)')],
  ])('%s', (_, condition, sql) => {
    expect(sqlOf(condition)).toEqual(sql);
  });

  test('a viewer without an area is within nothing', () => {
    expect([withinSql('c.place', 0), withinSql('c.place', 1)]).toEqual(['FALSE', '(c.place >= «from0» AND c.place < «until0»)']);
  });

  test.each<[what: string, condition: Condition]>([['an attribute', { is: { attribute: 'weather', value: { literal: 'fine' } } }], ['a link', { some: { link: 'friends', that: { all: [] } } }]])('%s that the catalogue lacks opens nothing', (_, condition) => {
    expect([isTrue, isNotFalse].map((asked) => asked(condition, { shape: LETTER, catalogue: SMALL_CATALOGUE, viewer: CLERK }))).toEqual(['NEVER', 'NEVER']);
  });

  test('plainly where an area or an amount is never unknown', () => {
    const shape: RecordShape = { ...LETTER, attributes: { home: { type: 'division', sql: (alias) => `${alias}.home`, nullable: false, shownBy: [] }, weight: { type: 'number', sql: (alias) => `${alias}.weight`, nullable: false, shownBy: [] } } };
    const said: Condition[] = [{ within: { attribute: 'home' } }, { before: { attribute: 'weight', value: { literal: 9 } } }, { after: { attribute: 'weight', value: { literal: 9 } } }];
    expect(said.map((condition) => predicateSql(isTrue(condition, { shape, catalogue: SMALL_CATALOGUE, viewer: CLERK }), 'c'))).toEqual(['((c.home >= «from0» AND c.home < «until0»))', '(c.weight < 9)', '(c.weight > 9)']);
  });

  test('a link to a record that the catalogue lacks opens nothing', () => {
    const catalogue: Catalogue = { records: new Map([['Letter', LETTER]]), operations: [] };
    expect(isTrue({ some: { link: 'about', that: { all: [] } } }, { shape: LETTER, catalogue, viewer: CLERK })).toBe('NEVER');
  });
});

describe('a lens', () => {
  test('has every record that the policy rules, each with its shape, cells and rungs from the highest down', () => {
    const policy = smallPolicy();
    const lens = compileLens(policy, SMALL_CATALOGUE, CLERK);
    expect([lens.policy, lens.viewer, [...lens.records.keys()]]).toEqual([policy, CLERK, ['Letter', 'Resident']]);
    expect([...(lens.records.get('Resident')?.cells ?? [])].map(([cell, { atLeast }]) => [cell, atLeast.map(({ rung }) => rung)])).toEqual([['name', ['FULL', 'SURNAME']], ['idNumber', ['FULL', 'ENDS']], ['birthDate', ['FULL']], ['sex', ['FULL']]]);
    expect(lens.records.get('Letter')?.shape).toBe(LETTER);
  });

  test('of a policy whose rules name a relation that it does not have opens nothing by it', () => {
    const policy = smallPolicy();
    policy.records.get('Letter')?.relations.clear();
    expect(lensOf(policy).row).toBe('NEVER');
  });

  test('is none of a record without rules', () => {
    const { records, ...rest } = smallPolicy();
    expect([...compileLens({ ...rest, records: new Map([...records].filter(([name]) => name === 'Letter')) }, SMALL_CATALOGUE, CLERK).records.keys()]).toEqual(['Letter']);
  });

  test('of a policy that follows a cell which it does not have is an error of the program', () => {
    const policy = smallPolicy();
    policy.records.get('Letter')?.cells.delete('pages');
    expect(() => compileLens(policy, SMALL_CATALOGUE, CLERK)).toThrow('the policy has no cell Letter.pages');
  });

  test('says of each grant and cap what it gives and whether it speaks', () => {
    const { grants, caps } = lensOf(smallPolicy(), {}, 'Resident').cells.get('name') ?? {};
    expect(grants).toMatchObject([{ name: 'surname', rung: 'SURNAME', holds: 'ALWAYS' }, { name: 'whole-name', rung: 'FULL', holds: 'NEVER' }]);
    expect(caps).toEqual([{ name: 'surname-only', rung: 'SURNAME', holds: 'NEVER', nameable: false }]);
  });

  test('has each way of carrying out an operation, in the order of the file', () => {
    const policy = smallPolicy(['letter.yaml', 'tests:\n', '  - { write: sendLetter, kind: [RESCUE_STATION], level: [PROVINCE], for: [RETURN], as: [reader], sets: [pages] }\n  - { write: sendLetter, kind: [RESCUE_STATION], for: [RETURN], after: [county], sets: [text] }\ntests:\n']);
    const ways = lensOf(policy).writes.get('sendLetter') ?? [];
    expect(ways.map(({ after, sets }) => [predicateSql(after, 'c'), sets.join(' ')])).toEqual([['(c.writer = «agency»)', 'state'], ['FALSE', 'pages'], ['(((c.place >= «from0» AND c.place < «until0»)) IS TRUE)', 'text']]);
    expect(ways.slice(1).map(({ before }) => before)).toEqual(['NEVER', 'ALWAYS']);
    expect(lensOf(policy, { level: 'PROVINCE' }).writes.get('sendLetter')?.[1]).toMatchObject({ before: expect.any(Function), after: 'ALWAYS' });
    expect(lensOf(policy, { purpose: null }).writes.get('sendLetter')?.map(({ before, after }) => [before, after])).toEqual([['NEVER', 'NEVER'], ['NEVER', 'NEVER'], ['NEVER', 'NEVER']]);
  });
});

describe('a rule is named to a viewer only where all that it reads is held in every record seen:', () => {
  /** Everything but the reader, the protection and the minority is shown to all who see a letter. */
  const OPEN: Change[] = [
    ['letter.yaml', 'fields: [letterNo, state, writer]', 'fields: [letterNo, state, writer, text, pages, sentOn]'], ['letter.yaml', 'fields: [text, pages, steps, resident]', 'fields: [steps, resident]'],
    ['letter.yaml', '  - fields: [sentOn]\n    nobody: 无须共享\n', ''], ['letter.yaml', 'fields: [text, pages], rung', 'fields: [steps], rung'],
  ];
  const nameable = (condition: string, changes: readonly Change[]): unknown => lensOf(smallPolicy(...changes, ['letter.yaml', '{ grant: length, rung: FULL,', `{ grant: length, rung: FULL, ${condition},`])).cells.get('long')?.grants.map(({ name, nameable: named }) => `${name} ${String(named)}`);

  test.each<[what: string, condition: string, whereOpen: boolean, otherwise: boolean]>([
    ['a cell that is always shown', 'when: { state: { is: SENT } }', true, true], ['one in a list of words', 'when: { letterNo: { in: ["7"] } }', true, true], ['two of them', 'when: { all: [{ state: { is: SENT } }, { letterNo: { is: "7" } }] }', true, true],
    ['one in a list that is not', 'when: { minor: { in: [true] } }', false, false], ['a cell that is not always shown', 'when: { urgent: { is: true } }', true, false], ['one of two cells that is not', 'when: { place: { within: viewer.division } }', true, false], ['a day', 'when: { sentOn: { before: today } }', true, false], ['a number', 'when: { pages: { after: 9 } }', true, false],
    ['one of several that is not', 'when: { all: [{ state: { is: SENT } }, { minor: { is: true } }] }', false, false], ['in a choice', 'when: { any: [{ state: { is: SENT } }, { minor: { is: true } }] }', false, false], ['in a denial', 'when: { none: [{ state: { is: SENT } }, { minor: { is: true } }] }', false, false],
    ['a choice of cells that are', 'when: { any: [{ state: { is: SENT } }, { letterNo: { is: "7" } }] }', true, true], ['a denial of one that is', 'when: { none: [{ state: { is: SENT } }] }', true, true],
    ['another record', 'when: { about: { some: { protected: { is: true } } } }', false, false], ['a relation to what is shown', 'as: [writer]', true, true], ['a relation to what is not', 'as: [reader]', false, false], ['one relation of two to what is not', 'as: [writer, reader]', false, false],
    ['a relation and a condition', 'as: [writer], when: { minor: { is: true } }', false, false],
  ])('%s', (_, condition, whereOpen, otherwise) => {
    expect([nameable(condition, OPEN), nameable(condition, [])]).toEqual([[`length ${String(whereOpen)}`], [`length ${String(otherwise)}`]]);
  });
});
