import type { Seeded } from './seeded.js';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** An ID number that nobody can have (prefix 99) with a right check character (GB 11643), of a grown-up. */
export function syntheticIdNumber(random: Seeded): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const body = `99${String(random.below(10_000)).padStart(4, '0')}${1950 + random.below(50)}${two(1 + random.below(12))}${two(1 + random.below(28))}${String(random.below(1_000)).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(body[index]), 0);
  return `${body}${'10X98765432'[sum % 11]}`;
}
