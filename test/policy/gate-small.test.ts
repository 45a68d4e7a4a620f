import { describe, expect, test } from '@jest/globals';
import type { AgencyKind, Asking, DivisionLevel, Purpose, Role, Viewer } from '../../src/kernel/viewer.js';
import { gate, purposesOf, statePurpose } from '../../src/policy/gate.js';
import { smallPolicy } from './small-policy.js';

const NOW = new Date('2026-03-02T09:00:00+08:00');
const viewerOf = (kind: AgencyKind, level: DivisionLevel = 'COUNTY', roles: readonly Role[] = ['CLERK']): Viewer => ({ agencyId: 'a1', agencyCode: 'some-320281', kind, level, division: '320281', areas: [], roles, user: 'u' });
const asking = (viewer: Viewer, purpose: Purpose | null, matter: string | null = null, now = NOW): Asking => ({ viewer, purpose, matter, now });
/** The refusal as code and field; `open` for none. */
const told = (given: Asking, operation: string): string => {
  const refusal = gate(smallPolicy(), given, operation);
  return refusal ? `${refusal.code} ${String(refusal.detail.field)}` : 'open';
};

describe('a refusal names what is at fault', () => {
  test.each<[rule: string, asking: Asking, operation: string, refusal: string]>([
    ['an operation that the policy does not know', asking(viewerOf('RESCUE_STATION'), 'RETURN'), 'burnLetters', 'FORBIDDEN burnLetters'],
    ['no purpose where one is needed', asking(viewerOf('RESCUE_STATION'), null), 'letters', 'PURPOSE_REQUIRED Guitu-Purpose'],
    ['a purpose that is not the asker\'s', asking(viewerOf('RESCUE_STATION'), 'IDENTITY'), 'letters', 'PURPOSE_NOT_ALLOWED Guitu-Purpose'],
    ['a purpose that has lapsed', asking(viewerOf('CIVIL_AFFAIRS'), 'COORDINATION', null, new Date('2027-01-01T00:00:00+08:00')), 'letters', 'PURPOSE_NOT_ALLOWED Guitu-Purpose'],
    ['a purpose in its last instant, which opens no operation', asking(viewerOf('CIVIL_AFFAIRS'), 'COORDINATION', null, new Date('2026-12-31T23:59:59.999+08:00')), 'letters', 'FORBIDDEN letters'],
    ['a purpose that needs another role', asking(viewerOf('AUDIT'), 'AUDIT'), 'letters', 'PURPOSE_NOT_ALLOWED Guitu-Purpose'],
    ['no matter where one is needed', asking(viewerOf('PUBLIC_SECURITY'), 'IDENTITY'), 'residents', 'MATTER_REQUIRED Guitu-Matter'],
    ['an empty matter where one is needed', asking(viewerOf('PUBLIC_SECURITY'), 'IDENTITY', ''), 'residents', 'MATTER_REQUIRED Guitu-Matter'],
    ['a matter where one is needed', asking(viewerOf('PUBLIC_SECURITY'), 'IDENTITY', 'L-1'), 'residents', 'open'],
    ['no matter for an operation that is excepted', asking(viewerOf('PUBLIC_SECURITY'), 'IDENTITY'), 'letters', 'open'],
    ['an operation of another kind', asking(viewerOf('CIVIL_AFFAIRS'), 'RETURN'), 'sendLetter', 'FORBIDDEN sendLetter'],
    ['an operation for one purpose asked for under another', asking(viewerOf('CIVIL_AFFAIRS', 'PROVINCE'), 'SUPERVISION'), 'sendLetter', 'FORBIDDEN sendLetter'],
    ['one of several audiences', asking(viewerOf('CIVIL_AFFAIRS', 'PROVINCE'), 'SUPERVISION'), 'letters', 'open'],
    ['an operation that needs no purpose, by kind', asking(viewerOf('CIVIL_AFFAIRS'), null), 'whoAmI', 'open'],
    ['an operation that needs no purpose, by role', asking(viewerOf('HEALTH', 'COUNTY', ['CLERK', 'SHARING_OFFICER']), null), 'whoAmI', 'open'],
    ['an operation that needs no purpose, to somebody else', asking(viewerOf('HEALTH'), null), 'whoAmI', 'FORBIDDEN whoAmI'],
    ['an operation that needs no purpose, with one that is not the asker\'s', asking(viewerOf('CIVIL_AFFAIRS'), 'IDENTITY'), 'whoAmI', 'open'],
  ])('%s', (_, given, operation, refusal) => {
    expect(told(given, operation)).toBe(refusal);
  });

  test('one of the audiences of a purpose is enough', () => {
    const policy = smallPolicy(['purposes.yaml', 'allow: [{ kind: [RESCUE_STATION, CIVIL_AFFAIRS] }]', 'allow: [{ kind: [RESCUE_STATION] }, { kind: [CIVIL_AFFAIRS] }]']);
    expect(purposesOf(policy, viewerOf('CIVIL_AFFAIRS'), NOW)).toContain('RETURN');
    expect(gate(policy, asking(viewerOf('CIVIL_AFFAIRS'), 'RETURN'), 'letters')).toBeUndefined();
  });

  test('a purpose that the policy does not have is refused like one that is not the asker\'s', () => {
    const { purposes, ...rest } = smallPolicy();
    const without = { ...rest, purposes: new Map([...purposes].filter(([purpose]) => purpose !== 'RETURN')) };
    expect(gate(without, asking(viewerOf('RESCUE_STATION'), 'RETURN'), 'letters')).toMatchObject({ code: 'PURPOSE_NOT_ALLOWED' });
    expect(purposesOf(without, viewerOf('RESCUE_STATION'), NOW)).toEqual([]);
  });
});

describe('the purposes that an agency may state', () => {
  test('follow kind, level, role and time, in the order of the contract', () => {
    const policy = smallPolicy();
    expect(purposesOf(policy, viewerOf('CIVIL_AFFAIRS', 'PROVINCE'), NOW)).toEqual(['RETURN', 'SUPERVISION', 'COORDINATION']);
    expect(purposesOf(policy, viewerOf('CIVIL_AFFAIRS', 'COUNTY'), new Date('2027-01-01T00:00:00+08:00'))).toEqual(['RETURN']);
    expect([purposesOf(policy, viewerOf('AUDIT'), NOW), purposesOf(policy, viewerOf('AUDIT', 'COUNTY', ['CLERK', 'AUDITOR']), NOW)]).toEqual([[], ['AUDIT']]);
  });

  test('are read off the request: none, one of them, or a refusal that names the header', () => {
    const state = (stated: string | null): unknown => statePurpose(smallPolicy(), viewerOf('RESCUE_STATION'), stated, NOW);
    expect([state(null), state('RETURN')]).toEqual([null, 'RETURN']);
    for (const stated of ['IDENTITY', 'RETURNS', '']) expect(() => state(stated)).toThrow(expect.objectContaining({ code: 'PURPOSE_NOT_ALLOWED', detail: { field: 'Guitu-Purpose' } }));
  });
});
