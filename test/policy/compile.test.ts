import { describe, expect, test } from '@jest/globals';
import { AGENCY_KINDS, LEVELS, PURPOSES, type Purpose } from '../../src/kernel/viewer.js';
import { compileLens, isNotFalse, isTrue, withinSql, type CellLens, type Predicate, type RecordLens, type ViewerClass } from '../../src/policy/compile.js';
import type { RecordShape } from '../../src/policy/catalogue.js';
import type { Condition } from '../../src/policy/language.js';
import { buildMatrix } from '../../src/policy/matrix.js';
import { WORLD_NOW } from '../support/world.js';
import { CATALOGUE, shippedPolicy } from './shipped-policy.js';

const policy = shippedPolicy();
const station: ViewerClass = { kind: 'RESCUE_STATION', level: 'COUNTY', roles: ['CLERK'], purpose: 'RETURN', areaCount: 1, at: WORLD_NOW };

function lensOf(record: string, viewer: Partial<ViewerClass> = {}): RecordLens {
  const lens = compileLens(policy, CATALOGUE, { ...station, ...viewer }).records.get(record);
  if (!lens) throw new Error(`no lens for ${record}`);
  return lens;
}
function cellOf(lens: RecordLens, cell: string): CellLens {
  const found = lens.cells.get(cell);
  if (!found) throw new Error(`no cell ${cell}`);
  return found;
}
const nameable = (cell: string, viewer: Partial<ViewerClass> = {}): Record<string, boolean> => Object.fromEntries(cellOf(lensOf('ReturnCase', viewer), cell).grants.map((rule) => [rule.name, rule.nameable]));
const sqlOf = (predicate: Predicate): string => (typeof predicate === 'string' ? predicate : predicate('t'));

const shape: RecordShape = {
  record: 'Thing', table: 'things',
  attributes: {
    owner: { type: 'agency', sql: (t) => `${t}.owner`, nullable: false, shownBy: [] },
    word: { type: 'text', sql: (t) => `${t}.word`, nullable: true, shownBy: [] },
  },
  links: { others: { record: 'Thing', from: (outer, inner) => ({ table: 'things', on: `${inner}.id = ${outer}.other` }) } },
  fields: {}, nestedCells: [],
};
const context = { shape, catalogue: { records: new Map([['Thing', shape]]), operations: [] }, viewer: station };
const word = (literal: string): Condition => ({ is: { attribute: 'word', value: { literal } } });

describe('absence', () => {
  test('without a purpose no row of any record is seen', () => {
    for (const lens of compileLens(policy, CATALOGUE, { ...station, purpose: null }).records.values()) expect(lens.row).toBe('NEVER');
  });

  test('nobody sees a row for which its kind has no grant', () => {
    for (const record of CATALOGUE.records.keys()) expect(lensOf(record, { kind: 'AUDIT', purpose: 'AUDIT' }).row).toBe('NEVER');
  });

  test('an empty `any` never holds, and `none` of nothing that holds does not open', () => {
    expect(sqlOf(isTrue({ any: [] }, context))).toBe('NEVER');
    expect(sqlOf(isNotFalse({ any: [] }, context))).toBe('NEVER');
  });

  test('a policy without the record gives no lens of it', () => {
    const without = { ...policy, records: new Map([...policy.records].filter(([name]) => name !== 'Person')) };
    expect(compileLens(without, CATALOGUE, station).records.has('Person')).toBe(false);
  });

  test('a write that no rule names is not among the writes, and one for another kind never holds', () => {
    expect(lensOf('ReturnCase').writes.get('confirmFlag')).toBeUndefined();
    expect(lensOf('ReturnCase', { kind: 'CIVIL_AFFAIRS' }).writes.get('sendReturnNotice')).toEqual([expect.objectContaining({ before: 'NEVER', after: 'NEVER' })]);
  });

  test('a viewer without an area is within nothing', () => {
    expect(withinSql('t.division', 0)).toBe('FALSE');
  });
});

describe('Kleene logic in SQL', () => {
  test('a grant asks IS TRUE, a veto IS NOT FALSE', () => {
    expect(sqlOf(isTrue(word('a'), context))).toBe("((t.word = 'a') IS TRUE)");
    expect(sqlOf(isNotFalse(word('a'), context))).toBe("((t.word = 'a') IS NOT FALSE)");
  });

  test('what cannot be NULL is asked plainly', () => {
    expect(sqlOf(isTrue({ is: { attribute: 'owner', value: { viewer: 'agency' } } }, context))).toBe('(t.owner = «agency»)');
  });

  test('`none` turns the question round', () => {
    expect(sqlOf(isTrue({ none: [word('a')] }, context))).toBe("(NOT ((t.word = 'a') IS NOT FALSE))");
    expect(sqlOf(isNotFalse({ none: [word('a')] }, context))).toBe("(NOT ((t.word = 'a') IS TRUE))");
  });

  test('inside `some` the question stays the same', () => {
    expect(sqlOf(isTrue({ some: { link: 'others', that: word('a') } }, context))).toBe("EXISTS (SELECT 1 FROM things tx WHERE tx.id = t.other AND ((tx.word = 'a') IS TRUE))");
    expect(sqlOf(isNotFalse({ some: { link: 'others', that: word('a') } }, context))).toBe("EXISTS (SELECT 1 FROM things tx WHERE tx.id = t.other AND ((tx.word = 'a') IS NOT FALSE))");
  });

  test('a literal of the policy cannot end its quotes', () => {
    expect(sqlOf(isTrue(word("a' OR TRUE --"), context))).toBe("((t.word = 'a'' OR TRUE --') IS TRUE)");
  });
});

describe('cells', () => {
  test('a nested cell is lowered to the one it stands in', () => {
    const full = (purpose: 'SUPERVISION' | 'IDENTITY', cell: string): unknown => cellOf(lensOf('ReturnCase', { kind: 'CIVIL_AFFAIRS', level: 'PROVINCE', purpose }), cell).full;
    expect(full('SUPERVISION', 'transitions.reason')).toBe('NEVER');
    expect([full('IDENTITY', 'transitions'), full('IDENTITY', 'transitions.reason')]).toEqual(['NEVER', 'NEVER']);
  });

  test('a masked rung is held wherever a higher one is', () => {
    const lens = lensOf('Person', { kind: 'TOWNSHIP', level: 'TOWNSHIP', purpose: 'AT_RISK_CARE' });
    const [full, ends] = cellOf(lens, 'idNumber').atLeast;
    expect(full).toEqual({ rung: 'FULL', holds: 'NEVER' });
    expect(ends?.rung).toBe('ENDS');
    expect(ends?.holds).not.toBe('NEVER');
  });

  test('a role that a cap excepts takes the cap away', () => {
    const caps = (roles: ViewerClass['roles']): Predicate[] => cellOf(lensOf('Person', { roles }), 'name').caps.map(({ holds }) => holds);
    expect(caps(['MINORS_OFFICER'])).toEqual(['NEVER']);
    expect(caps(['CLERK'])).not.toContain('NEVER');
    expect(cellOf(lensOf('Person', { roles: ['CLERK', 'MINORS_OFFICER'] }), 'name').full).toBe('ALWAYS');
  });

  test('a rule is named only where everything it reads is held in every record seen', () => {
    expect(nameable('homeCheck')).toEqual({ 'home-check-origin': true, 'home-check-county': false, 'home-check-hukou': false, 'home-check-referred': false });
    expect(nameable('person')).toEqual({ 'confirmed-person': false, 'coordinated-person': false, 'referred-person': false });
    expect(nameable('caseNo')).toEqual({ 'case-course': true, 'coordination-clocks': true, 'referred-course': true });
  });

  test('caps are never named', () => {
    for (const lens of compileLens(policy, CATALOGUE, station).records.values()) for (const { caps } of lens.cells.values()) for (const cap of caps) expect(cap.nameable).toBe(false);
  });
});

describe('the lens and the matrix say the same', () => {
  const classes = AGENCY_KINDS.flatMap((kind) => LEVELS.flatMap((level) => PURPOSES.map((purpose: Purpose) => ({ kind, level, purpose }))));
  const granted = new Set(buildMatrix(policy, WORLD_NOW).filter(({ rung, role }) => rung !== 'WITHHELD' && role === null).map((cell) => [cell.kind, cell.level, cell.purpose, cell.record, cell.field, cell.rung].join(' ')));

  test('of what each class may ever see', () => {
    const seen = new Set<string>();
    for (const { kind, level, purpose } of classes) {
      if (!policy.purposes.get(purpose)?.allowed.some((audience) => (!audience.kind || audience.kind.includes(kind)) && (!audience.level || audience.level.includes(level)))) continue;
      for (const [record, lens] of compileLens(policy, CATALOGUE, { kind, level, purpose, roles: [], areaCount: 1, at: WORLD_NOW }).records) {
        if (lens.row === 'NEVER') continue;
        for (const [cell, { atLeast }] of lens.cells) {
          const top = atLeast.find(({ holds }) => holds !== 'NEVER');
          if (top) seen.add([kind, level, purpose, record, cell, top.rung].join(' '));
        }
      }
    }
    expect([...seen].toSorted()).toEqual([...granted].toSorted());
  });
});
