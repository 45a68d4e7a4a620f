import { describe, expect, test } from '@jest/globals';
import { diffPolicies, instantsFrom } from '../../src/policy/diff.js';
import { TIMELESS } from './small-differences.js';
import { SMALL_CATALOGUE, smallPolicy } from './small-policy.js';

const at = (instant: string): number => Date.parse(instant);

describe('two policies are compared', () => {
  test('now, and at each later instant at which a rule of either begins or lapses, in their order', () => {
    const other = smallPolicy(...TIMELESS, ['resident.yaml', '{ grant: sex, rung: FULL, for: [RETURN, IDENTITY] }', '{ grant: sex, rung: FULL, for: [RETURN, IDENTITY], from: 2026-03-02T09:00:00+08:00, until: 2026-09-30 }']);
    const turns = ['2026-03-02T09:00:00+08:00', '2026-07-01T00:00:00+08:00', '2026-10-01T00:00:00+08:00', '2027-01-01T00:00:00+08:00'].map(at);
    expect(instantsFrom(smallPolicy(), other, new Date(turns[0] ?? 0))).toEqual(turns);
    expect(instantsFrom(other, smallPolicy(), new Date(turns[0] ?? 0))).toEqual(turns);
    expect(instantsFrom(other, other, new Date(turns[2] ?? 0))).toEqual([turns[2]]);
  });

  test('and what is gained for a while is told once, with when it begins', () => {
    const limited = smallPolicy(...TIMELESS, ['resident.yaml', '  - fields: [birthDate]\n    nobody: 不共享\n', '  - fields: [birthDate]\n    grants:\n      - { grant: day, rung: FULL, kind: [PUBLIC_SECURITY], level: [COUNTY], for: [IDENTITY], from: 2026-05-01, until: 2026-05-31 }\n      - { grant: again, rung: FULL, kind: [PUBLIC_SECURITY], level: [COUNTY], for: [IDENTITY], from: 2026-08-01 }\n']);
    const { cells } = diffPolicies(smallPolicy(...TIMELESS), limited, SMALL_CATALOGUE, new Date('2026-03-02T09:00:00+08:00'));
    expect(cells.map(({ field, from, to, since, until, rule }) => [field, from, to, since, until, rule])).toEqual([
      ['birthDate', 'WITHHELD', 'FULL', '2026-05-01T00:00:00.000+08:00', '2026-06-01T00:00:00.000+08:00', 'day'], ['birthDate', 'WITHHELD', 'FULL', '2026-08-01T00:00:00.000+08:00', null, 'again'],
    ]);
  });
});
