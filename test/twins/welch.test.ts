import { describe, expect, test } from '@jest/globals';
import { Seeded } from './seeded.js';
import { croppedT, welchT } from './welch.js';

describe('Welch\'s t', () => {
  test('is that of the textbook: unequal variances, unequal sizes', () => {
    const one = [27.5, 21, 19, 23.6, 17, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19, 21.7, 21.4];
    const other = [27.1, 22, 20.8, 23.4, 23.4, 23.5, 25.8, 22, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4];
    expect(welchT(one, other).t).toBeCloseTo(-2.46, 2);
  });

  test('finds 50 µs under a tail of milliseconds once the tails are cropped, and nothing where there is nothing', () => {
    const random = new Seeded(3);
    const sample = (more: number): number[] => Array.from({ length: 5_000 }, () => 1_500 + more + 300 * (random.next() + random.next() - 1) + (random.chance(0.03) ? 20_000 * random.next() : 0));
    expect(croppedT(sample(50), sample(0)).t).toBeGreaterThan(4.5);
    expect(Math.abs(croppedT(sample(0), sample(0)).t)).toBeLessThan(4.5);
  });

  test('of samples that are alike is spread as it should be, cropped or not: one in twenty beyond 1.96', () => {
    const random = new Seeded(9);
    const sample = (): number[] => Array.from({ length: 300 }, () => 1_000 + 200 * random.next() + (random.chance(0.3) ? 5_000 * random.next() ** 3 : 0));
    const beyond = Array.from({ length: 1_000 }, () => Math.abs(croppedT(sample(), sample()).t)).filter((t) => t > 1.96).length;
    expect(beyond).toBeGreaterThan(20);
    expect(beyond).toBeLessThan(90);
  });

  test('needs two measurements', () => {
    expect(() => welchT([1], [1, 2])).toThrow(RangeError);
  });
});
