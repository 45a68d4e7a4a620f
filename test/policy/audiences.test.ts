import { describe, expect, test } from '@jest/globals';
import { addresses } from '../../src/policy/compile.js';
import type { Audience } from '../../src/policy/language.js';
import { WORLD_NOW } from '../support/world.js';

/** For whom a rule speaks: every list that it has must hold, and the instant must lie in its span. */
const asker = { kind: 'RESCUE_STATION', level: 'COUNTY', roles: ['CLERK', 'APPROVER'], purpose: 'RETURN', at: WORLD_NOW } as const;
const speaks = (audience: Audience): boolean => addresses(audience, asker);
const at = WORLD_NOW.getTime();

describe('a rule speaks', () => {
  test('for everybody where it has no list', () => {
    expect(speaks({})).toBe(true);
  });

  test.each<[string, Audience, Audience]>([
    ['kind', { kind: ['HEALTH', 'RESCUE_STATION'] }, { kind: ['HEALTH'] }],
    ['level', { level: ['COUNTY'] }, { level: ['PROVINCE', 'MINISTRY'] }],
    ['roles, one of which is enough', { roles: ['ADMIN', 'APPROVER'] }, { roles: ['MINORS_OFFICER'] }],
    ['purposes', { purposes: ['RETURN'] }, { purposes: ['SUPERVISION'] }],
    ['its first instant', { from: at }, { from: at + 1 }],
    ['the instant at which it lapses', { until: at + 1 }, { until: at }],
  ])('for whoever meets its %s, and for no other', (_, met, unmet) => {
    expect([speaks(met), speaks(unmet), speaks({ ...met, kind: ['AUDIT'] })]).toEqual([true, false, false]);
  });

  test('for nobody without a purpose where it has purposes', () => {
    expect(addresses({ purposes: ['RETURN'] }, { ...asker, purpose: null })).toBe(false);
  });
});
