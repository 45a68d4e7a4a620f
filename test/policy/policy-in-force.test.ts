import { describe, expect, test } from '@jest/globals';
import { PURPOSES, ROLES, type AgencyKind, type Asking, type DivisionLevel, type Role } from '../../src/kernel/viewer.js';
import { PolicyInForce, turnsOf } from '../../src/policy/store.js';
import { SMALL_CATALOGUE, smallPolicy } from './small-policy.js';

const at = (instant: string): Date => new Date(instant);
const IN_MARCH = at('2026-03-02T09:00:00+08:00');
const asking = (kind: AgencyKind, level: DivisionLevel, roles: readonly Role[] = ['CLERK'], now = IN_MARCH): Asking => ({ viewer: { agencyId: 'a1', agencyCode: 'c', kind, level, division: '320281', areas: [], roles, user: 'u' }, purpose: 'RETURN', matter: null, now });
const inForce = (): PolicyInForce => new PolicyInForce(smallPolicy(), SMALL_CATALOGUE);

describe('the instants at which a rule begins or lapses', () => {
  test('are those of rows, fields, writes, purposes and operations, each once, the earliest first', () => {
    const policy = smallPolicy(
      ['letter.yaml', 'as: [county], for: [SUPERVISION]', 'as: [county], for: [SUPERVISION], until: 2026-09-30'], ['letter.yaml', 'sets: [letterNo, text] }', 'sets: [letterNo, text], from: 2025-01-01 }'],
      ['operations.yaml', 'allow: [{ kind: [RESCUE_STATION], for: [RETURN] }], limit', 'allow: [{ kind: [RESCUE_STATION], for: [RETURN], until: 2026-06-30 }], limit'],
    );
    expect(turnsOf(policy)).toStrictEqual(['2025-01-01', '2026-01-01', '2026-07-01', '2026-10-01', '2027-01-01'].map((day) => Date.parse(`${day}T00:00:00+08:00`)));
  });

  test('are none where nothing is limited', () => {
    expect(turnsOf(smallPolicy(['letter.yaml', ', from: 2026-01-01, until: 2026-06-30', ''], ['purposes.yaml', ', until: 2026-12-31', '']))).toStrictEqual([]);
  });
});

describe('a lens', () => {
  test('is compiled once for those alike, whatever the order of their roles, and between two turns of the rules', () => {
    const policy = inForce();
    const first = policy.lensFor(asking('RESCUE_STATION', 'COUNTY', ['CLERK', 'APPROVER']));
    expect(policy.lensFor(asking('RESCUE_STATION', 'COUNTY', ['APPROVER', 'CLERK'], at('2026-06-30T23:59:59.999+08:00')))).toBe(first);
    expect(first.viewer).toEqual({ kind: 'RESCUE_STATION', level: 'COUNTY', roles: ['APPROVER', 'CLERK'], areaCount: 0, purpose: 'RETURN', at: IN_MARCH });
  });

  test('is another one in the very instant in which a rule lapses', () => {
    const policy = inForce();
    const reasons = (now: Date): unknown => policy.lensFor(asking('RESCUE_STATION', 'COUNTY', ['APPROVER'], now)).records.get('Letter')?.cells.get('steps.reason')?.full;
    expect(reasons(IN_MARCH)).not.toBe('NEVER');
    expect(reasons(at('2026-07-01T00:00:00+08:00'))).toBe('NEVER');
    expect(reasons(IN_MARCH)).not.toBe('NEVER');
  });

  test('is compiled anew once five hundred others were asked for: the oldest is let go, the newest is kept', () => {
    const policy = new PolicyInForce(smallPolicy(), { records: new Map(), operations: [] });
    const others = Array.from({ length: 500 }, (_, index): Asking => ({ ...asking('RESCUE_STATION', 'COUNTY', ROLES.filter((__, bit) => ((index >> bit) & 1) > 0)), purpose: PURPOSES[Math.floor(index / 64)] ?? null }));
    const lenses = others.map((one) => policy.lensFor(one));
    expect(new Set(lenses).size).toBe(500);
    expect(others.every((one, index) => policy.lensFor(one) === lenses[index])).toBe(true);
    const newest = policy.lensFor(asking('PARTNER', 'COUNTY'));
    expect(policy.lensFor(asking('PARTNER', 'COUNTY'))).toBe(newest);
    expect(others.slice(1).every((one, index) => policy.lensFor(one) === lenses[index + 1])).toBe(true);
    expect(policy.lensFor(others[0] as Asking)).not.toBe(lenses[0]);
  });
});

describe('the matrix in force', () => {
  const fieldsOf = (cells: readonly { field: string; rung: string; level: string }[]): string[] => cells.filter(({ rung }) => rung !== 'WITHHELD').map(({ level, field }) => `${level} ${field}`);

  test('concerns a viewer: its kind and level, and what its roles add', () => {
    const policy = inForce();
    const clerk = fieldsOf(policy.matrixFor(asking('RESCUE_STATION', 'COUNTY')));
    expect(clerk).not.toContain('COUNTY steps.reason');
    expect(fieldsOf(policy.matrixFor(asking('RESCUE_STATION', 'COUNTY', ['APPROVER', 'CLERK'])))).toEqual(expect.arrayContaining([...clerk, 'COUNTY steps.reason']));
    expect(fieldsOf(policy.matrixFor(asking('HEALTH', 'COUNTY')))).toEqual([]);
    expect(new Set(policy.matrixFor(asking('CIVIL_AFFAIRS', 'PROVINCE')).map(({ kind, level }) => `${kind} ${level}`))).toEqual(new Set(['CIVIL_AFFAIRS PROVINCE']));
  });

  test('can be had of one kind at every level', () => {
    const policy = inForce();
    expect([...new Set(policy.matrixOf('CIVIL_AFFAIRS', IN_MARCH).map(({ kind, level }) => `${kind} ${level}`))]).toEqual(['MINISTRY', 'PROVINCE', 'PREFECTURE', 'COUNTY', 'TOWNSHIP'].map((level) => `CIVIL_AFFAIRS ${level}`));
  });

  test('is worked out once between two turns of the rules, and anew after each', () => {
    const policy = inForce();
    const first = policy.matrixOf('RESCUE_STATION', IN_MARCH);
    expect(policy.matrixOf('RESCUE_STATION', at('2026-06-30T23:59:59.999+08:00'))[0]).toBe(first[0]);
    const later = policy.matrixOf('RESCUE_STATION', at('2026-07-01T00:00:00+08:00'));
    expect(later[0]).not.toBe(first[0]);
    expect([fieldsOf(first), fieldsOf(later)].map((fields) => fields.includes('COUNTY steps.reason'))).toEqual([true, false]);
    expect(policy.matrixOf('CIVIL_AFFAIRS', IN_MARCH)[0]).not.toBe(first[0]);
  });
});
