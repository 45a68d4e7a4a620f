import { describe, expect, test } from '@jest/globals';
import type { RecordShape } from '../../src/policy/catalogue.js';
import { compileLens, isNotFalse, isTrue, predicateSql, type Predicate } from '../../src/policy/compile.js';
import { decide, truthOf, type DecidingViewer, type Facts } from '../../src/policy/decide.js';
import type { Condition } from '../../src/policy/language.js';
import { SMALL_CATALOGUE, smallPolicy, type Change } from './small-policy.js';
import { factsOf, readSql, type Row, type SqlWorld } from './sql-truth.js';

/** A row for every so-manieth way of filling the columns that rules look at, unknown values among them; the same ones each time. */
function pick(count: number, columns: Readonly<Record<string, readonly Row[string][]>>): Row[] {
  let seed = 20_260_302;
  const next = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  return Array.from({ length: count }, (_, index) => Object.fromEntries([['id', `row-${index}`], ...Object.entries(columns).map(([name, values]) => [name, values[next(values.length)] ?? null] as const)]));
}

const RESIDENTS = pick(4, { home: ['320281', '320282'], protected: [true, false] });
const LETTERS = pick(90, {
  letter_no: ['L-1', 'L-2'], state: ['DRAFT', 'SENT', 'READ'], writer: ['a1', 'a2'], reader: ['a1', 'a2', null], place: ['320281', '320281100', '320282', '330000', null], urgent: [true, false, null], protected: [true, false, false],
  minor: [true, false, null], sent_on: ['2026-03-01', '2026-03-02', '2025-12-02', '2026-03-03', '2028-03-02', null], read_at: ['2026-03-01T15:59:59.000Z', '2026-03-01T16:00:00.000Z', '2026-03-01T16:00:01.000Z', null], pages: [2, 9, 10, null], resident: ['row-0', 'row-1', 'row-2', null],
});

const asker: DecidingViewer = { kind: 'RESCUE_STATION', level: 'COUNTY', roles: ['CLERK'], purpose: 'RETURN', agency: 'a1', division: '320281', areas: [{ from: '320281', until: '320282' }], matter: null, at: new Date('2026-03-02T09:00:00+08:00') };

/** The tables, and what the hub binds for an asker. */
function worldOf({ agency, division, kind, matter, areas = [] }: DecidingViewer): SqlWorld {
  const bounds = areas.flatMap(({ from, until }, index) => [[`from${index}`, from], [`until${index}`, until]] as const);
  return { tables: { letters: LETTERS, residents: RESIDENTS }, parameters: { agency: agency ?? null, division: division ?? null, kind, matter: matter ?? null, today: '2026-03-02', ...Object.fromEntries(bounds) } };
}

const classOf = ({ kind, level, roles, purpose, areas = [], at }: DecidingViewer): Parameters<typeof compileLens>[2] => ({ kind, level, roles, purpose, areaCount: areas.length, at: at ?? new Date(0) });

/** Each record as SQL and as the reference know it. */
const recordsOf = (record: string, rows: readonly Row[]): { row: Row; facts: Facts }[] => rows.map((row) => ({ row, facts: factsOf(record, row, SMALL_CATALOGUE, worldOf(asker)) }));
const RECORDS: Record<string, { row: Row; facts: Facts }[]> = { Letter: recordsOf('Letter', LETTERS), Resident: recordsOf('Resident', RESIDENTS) };

describe('a condition means the same in SQL as in the reference', () => {
  const literal = (attribute: string, value: string | number | boolean): Condition => ({ is: { attribute, value: { literal: value } } });
  const day = (days: number, months: number): { today: { days: number; months: number } } => ({ today: { days, months } });
  const letter = SMALL_CATALOGUE.records.get('Letter') as RecordShape;

  test.each<[says: string, condition: Condition]>([
    ['a text', literal('state', 'SENT')], ['a truth', literal('urgent', true)], ['an untruth', literal('urgent', false)], ['a number', literal('pages', 9)], ['an agency', { is: { attribute: 'reader', value: { viewer: 'agency' } } }],
    ['the matter', { is: { attribute: 'letterNo', value: { viewer: 'matter' } } }], ['the matter among others', { in: { attribute: 'letterNo', values: [{ literal: 'L-2' }, { viewer: 'matter' }] } }],
    ['the division itself', { is: { attribute: 'place', value: { viewer: 'division' } } }], ['somewhere in the area', { within: { attribute: 'place' } }], ['some words', { in: { attribute: 'state', values: [{ literal: 'SENT' }, { literal: 'READ' }] } }],
    ['today', { is: { attribute: 'sentOn', value: day(0, 0) } }], ['before a number', { before: { attribute: 'pages', value: { literal: 9 } } }], ['after a number', { after: { attribute: 'pages', value: { literal: 9 } } }],
    ['before a shifted day', { before: { attribute: 'sentOn', value: day(-1, 0) } }], ['after a day months ago', { after: { attribute: 'sentOn', value: day(0, -3) } }], ['a day both ways shifted', { before: { attribute: 'sentOn', value: day(1, 24) } }],
    ['an instant after midnight', { after: { attribute: 'readAt', value: day(0, 0) } }], ['an instant before a day', { before: { attribute: 'readAt', value: day(-1, 1) } }],
    ['all', { all: [literal('urgent', true), literal('state', 'SENT'), literal('minor', true)] }], ['any', { any: [literal('urgent', true), literal('minor', true)] }], ['none', { none: [literal('urgent', true), literal('minor', true)] }],
    ['none of all', { none: [{ all: [literal('urgent', true), literal('minor', false)] }] }], ['all of nothing', { all: [] }], ['any of nothing', { any: [] }], ['none of nothing', { none: [] }],
    ['some linked', { some: { link: 'about', that: literal('protected', true) } }], ['none linked', { none: [{ some: { link: 'about', that: literal('protected', false) } }] }],
    ['some linked of the linked', { some: { link: 'about', that: { some: { link: 'letters', that: { all: [literal('urgent', true), literal('minor', true)] } } } } }],
    ['any linked at all', { some: { link: 'about', that: { all: [] } } }], ['some linked of the impossible', { some: { link: 'about', that: { any: [] } } }],
  ])('%s', (_, condition) => {
    for (const matter of [null, 'L-1']) {
      const viewer = { ...asker, matter };
      const world = worldOf(viewer);
      const context = { shape: letter, catalogue: SMALL_CATALOGUE, viewer: classOf(viewer) };
      const [holds, mayHold] = [isTrue(condition, context), isNotFalse(condition, context)].map((predicate) => readSql(predicateSql(predicate, 'c')));
      const inSql = RECORDS['Letter']?.map(({ row }) => [holds?.({ c: row }, world), mayHold?.({ c: row }, world)].join(' '));
      expect(inSql).toEqual(RECORDS['Letter']?.map(({ facts }) => truthOf(condition, viewer, facts)).map((truth) => [truth === true, truth !== false].join(' ')));
    }
  });
});

describe('the lens shows each asker what the reference decides', () => {
  const OTHERS = {
    'a clerk of a station': {}, 'an approver for minors': { roles: ['APPROVER', 'MINORS_OFFICER'] }, 'a station after a rule has lapsed': { roles: ['APPROVER'], at: new Date('2026-07-01T00:00:00+08:00') }, 'a station in the last instant of a rule': { roles: ['APPROVER'], at: new Date('2026-06-30T23:59:59.999+08:00') },
    'a station before a rule begins': { roles: ['APPROVER'], at: new Date('2025-12-31T23:59:59.999+08:00') }, 'a station in the first instant of a rule': { roles: ['APPROVER'], at: new Date('2026-01-01T00:00:00+08:00') },
    'a department above': { kind: 'CIVIL_AFFAIRS', level: 'PROVINCE', purpose: 'SUPERVISION', areas: [{ from: '320000', until: '330000' }, { from: '330000', until: '340000' }] }, 'a department below': { kind: 'CIVIL_AFFAIRS', level: 'COUNTY', purpose: 'SUPERVISION' }, 'a department for returns': { kind: 'CIVIL_AFFAIRS', agency: 'a2' },
    'a registrar': { kind: 'PUBLIC_SECURITY', purpose: 'IDENTITY', matter: 'L-1' }, 'somebody without a purpose': { purpose: null }, 'an agency without an area': { kind: 'CIVIL_AFFAIRS', level: 'MINISTRY', purpose: 'SUPERVISION', areas: [] },
  } as const satisfies Record<string, Partial<DecidingViewer>>;

  const POLICIES: Record<string, Change[]> = {
    'the small policy': [],
    'one with a nested condition in a veto': [['letter.yaml', '{ veto: protected, when: { protected: { is: true } }', '{ veto: protected, when: { any: [{ minor: { is: true } }, { about: { some: { protected: { is: true } } } }] }']],
    'one with a veto for one level': [['letter.yaml', '{ veto: protected, when', '{ veto: protected, level: [COUNTY], exceptRoles: [APPROVER], when']],
    'one with a cap of a parent and of a source': [['letter.yaml', 'fields: [text, pages], rung: WITHHELD, when: { minor: { is: true } }, except: [writer], exceptRoles: [MINORS_OFFICER]', 'fields: [steps, pages], rung: WITHHELD, when: { minor: { is: true } }']],
    'one with a cap that always holds': [['resident.yaml', 'caps:\n', 'caps:\n  - { cap: no-sex, fields: [sex], rung: WITHHELD, exceptRoles: [APPROVER] }\n'], ['resident.yaml', '      - { grant: surname, rung: SURNAME, for: [RETURN] }\n', ''], ['resident.yaml', 'for: [RETURN, IDENTITY] }\n  - fields: [idNumber]', 'for: [RETURN, IDENTITY] }\n      - { grant: surname, rung: SURNAME, for: [RETURN] }\n  - fields: [idNumber]']],
    'one in which nothing is released': [['letter.yaml', '    releases: [text]\n', '']],
    'one with a cap between two rungs': [['resident.yaml', 'kind: [CIVIL_AFFAIRS], fields: [name], rung: SURNAME', 'for: [RETURN], fields: [name, idNumber], rung: WITHHELD']],
    'one with two ways': [['letter.yaml', 'as: [writer], for: [RETURN], when: { urgent: { is: false } }', 'as: [reader, county], for: [RETURN], when: { none: [{ urgent: { is: true } }, { state: { is: READ } }] }']],
  };

  test.each(Object.keys(POLICIES).flatMap((policy) => Object.keys(OTHERS).map((who) => [policy, who] as const)))('%s: %s', (name, who) => {
    const policy = smallPolicy(...(POLICIES[name] ?? []));
    const viewer: DecidingViewer = { ...asker, ...OTHERS[who as keyof typeof OTHERS] };
    const world = worldOf(viewer);
    const read = (predicate: Predicate): ((row: Row) => boolean) => {
      const evaluate = readSql(predicateSql(predicate, 'c'));
      return (row) => evaluate({ c: row }, world) === true;
    };
    for (const [record, lens] of compileLens(policy, SMALL_CATALOGUE, classOf(viewer)).records) {
      const visible = read(lens.row);
      const cells = [...lens.cells].map(([cell, { atLeast, full }]) => ({ cell, full: read(full), steps: atLeast.map(({ rung, holds }) => ({ rung, holds: read(holds) })) }));
      const told = (RECORDS[record] ?? []).map(({ row }) => (visible(row) ? cells.map(({ cell, steps, full }) => `${cell} ${steps.find(({ holds }) => holds(row))?.rung ?? 'WITHHELD'} ${full(row)}`).join(', ') : 'hidden'));
      expect(told).toEqual((RECORDS[record] ?? []).map(({ facts }) => {
        const decisions = cells.map(({ cell }) => ({ cell, ...decide(policy, viewer, record, facts, cell) }));
        return decisions.every(({ rowVisible }) => rowVisible) ? decisions.map(({ cell, rung }) => `${cell} ${rung} ${rung === 'FULL'}`).join(', ') : 'hidden';
      }));
    }
  });

  test('a write is open where the reference finds its relations and conditions to hold, before and after', () => {
    const world = worldOf(asker);
    const lens = compileLens(smallPolicy(), SMALL_CATALOGUE, classOf(asker)).records.get('Letter');
    const [way, ...others] = lens?.writes.get('sendLetter') ?? [];
    if (!way) throw new Error('no way to send a letter');
    expect([others, way.sets]).toEqual([[], ['state']]);
    for (const row of LETTERS) {
      const mine = row['writer'] === 'a1';
      expect([way.before, way.after].map((predicate) => readSql(predicateSql(predicate, 'c'))({ c: row }, world))).toEqual([mine && row['state'] === 'DRAFT', mine]);
    }
  });

  test('the rows are of every kind: seen and not, with unknown values and without', () => {
    const policy = smallPolicy();
    const decisions = RECORDS['Letter']?.map(({ facts }) => decide(policy, asker, 'Letter', facts, 'text')) ?? [];
    expect(decisions.filter(({ rowVisible }) => rowVisible).length).toBeGreaterThan(10);
    expect(decisions.filter(({ rowVisible }) => !rowVisible).length).toBeGreaterThan(10);
    expect(decisions.filter(({ rowVisible, rung }) => rowVisible && rung === 'WITHHELD').length).toBeGreaterThan(0);
  });
});
