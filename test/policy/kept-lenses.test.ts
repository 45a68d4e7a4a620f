import { describe, expect, test } from '@jest/globals';
import type { Asking } from '../../src/kernel/viewer.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { PolicyInForce } from '../../src/policy/store.js';
import { askAs } from '../support/asking.js';
import { CATALOGUE, shippedPolicy, withChange } from './shipped-policy.js';

/** A lens is kept for those alike in everything that it depends on, and for nobody else. */
const policy = new PolicyInForce(shippedPolicy(), CATALOGUE);
const asking: Asking = askAs('civil-320281', 'RETURN');
const other = (changes: Partial<Asking['viewer']>): Asking => ({ ...asking, viewer: { ...asking.viewer, ...changes } });

describe('lenses that are kept', () => {
  test('serve everybody of one class', () => {
    expect(policy.lensFor(other({ agencyId: '00000000-0000-4000-8000-000000000009', agencyCode: 'civil-341523', division: '341523', user: 'another' }))).toBe(policy.lensFor(asking));
  });

  test.each<[string, Asking]>([
    ['kind', other({ kind: 'RESCUE_STATION' })], ['level', other({ level: 'PROVINCE' })], ['role', other({ roles: ['CLERK', 'MINORS_OFFICER'] })],
    ['number of areas', other({ areas: [...asking.viewer.areas, ...asking.viewer.areas] })], ['purpose', { ...asking, purpose: 'SUPERVISION' }], ['purpose, none at all', { ...asking, purpose: null }],
  ])('are of one %s', (_, changed) => {
    const [first, second] = [policy.lensFor(asking), policy.lensFor(changed)];
    expect(second).not.toBe(first);
    expect(second.viewer).toMatchObject({ kind: changed.viewer.kind, level: changed.viewer.level, roles: changed.viewer.roles.toSorted(), areaCount: changed.viewer.areas.length, purpose: changed.purpose });
  });

  test('are of one version of the policy', () => {
    const changed = new PolicyInForce(parsePolicy(withChange('return-case.yaml', '  - fields: [noticeNo, noticeDate, entryDate, ', '  - fields: [entryDate]\n    nobody: 试\n  - fields: [noticeNo, noticeDate, '), CATALOGUE), CATALOGUE);
    const cellOf = (one: PolicyInForce): unknown => one.lensFor(asking).records.get('ReturnCase')?.cells.get('entryDate')?.full;
    expect([cellOf(policy), cellOf(changed), cellOf(policy)]).toEqual(['ALWAYS', 'NEVER', 'ALWAYS']);
  });

  test('end with a rule that lapses', () => {
    const lapsing = new PolicyInForce(parsePolicy(withChange('return-case.yaml', 'grant: notice, rung: FULL,', 'grant: notice, rung: FULL, until: 2026-12-01T00:00:00+08:00,'), CATALOGUE), CATALOGUE);
    const cellAt = (now: string): unknown => lapsing.lensFor({ ...asking, now: new Date(now) }).records.get('ReturnCase')?.cells.get('noticeNo')?.full;
    expect([cellAt('2026-11-30T23:59:59+08:00'), cellAt('2026-12-01T00:00:00+08:00'), cellAt('2026-11-30T23:59:59+08:00')]).toEqual(['ALWAYS', 'NEVER', 'ALWAYS']);
  });
});
