import { describe, expect, test } from '@jest/globals';
import { CountCells, type Sum } from '../../src/disclosure/count-cells.js';
import { Bounds, findDetermined } from '../../src/disclosure/determined.js';
import { Seeded } from '../twins/seeded.js';
import { followsExactly, settledBy } from './follows-exactly.js';

const cellsOf = (sums: readonly Sum[], values: ReadonlyMap<string, number> = new Map()): CountCells => new CountCells(new Map(sums.flatMap(({ total, parts }) => [total, ...parts]).map((name) => [name, values.get(name) ?? 1])), sums);

function determined(sums: readonly Sum[], unknown: ReadonlySet<string>): string[] {
  const cells = cellsOf(sums);
  return findDetermined(cells.sums, (cell) => unknown.has(cells.names[cell] ?? '')).map((cell) => cells.names[cell] ?? '').toSorted();
}

/** Cells `d0` to `dN`, each twice the one before. */
const doubling = (times: number): Sum[] => Array.from({ length: times }, (_, k) => [{ total: `e${k}`, parts: [`d${k}`] }, { total: `d${k + 1}`, parts: [`d${k}`, `e${k}`] }]).flat();

const hiddenOf = (sums: readonly Sum[], ...shown: string[]): Set<string> => new Set(sums.flatMap(({ total, parts }) => [total, ...parts]).filter((name) => !shown.includes(name)));

describe('what follows from the sums', () => {
  test('is what every solution over the rationals has in common, in tables that are no tree', () => {
    const random = new Seeded(7);
    let some = 0;
    for (let round = 0; round < 400; round += 1) {
      const names = Array.from({ length: 4 + random.below(9) }, (_, index) => `c${index}`);
      const sums = Array.from({ length: 2 + random.below(names.length) }, () => {
        const [total = '', ...parts] = names.filter(() => random.chance(0.4)).toSorted(() => random.next() - 0.5);
        return { total, parts };
      }).filter(({ parts }) => parts.length > 0);
      const unknown = names.filter((name) => random.chance(0.8) && sums.some(({ total, parts }) => [total, ...parts].includes(name)));
      const settled = settledBy(sums, unknown).toSorted();
      expect(determined(sums, new Set(unknown))).toEqual(settled);
      if (settled.length > 0 && settled.length < unknown.length) some += 1;
    }
    expect(some).toBeGreaterThan(40);
  });

  test.each([67_108_859, 67_108_837, 33_554_393])('is found where it is known %i times over, which modulo that number looks like nothing', (prime) => {
    const bits = [...prime.toString(2)].toReversed().flatMap((bit, k) => (bit === '1' ? [`d${k}`] : []));
    const sums = [...doubling(25), { total: 'known', parts: bits }];
    const hidden = hiddenOf(sums, 'known');
    expect(determined(sums, hidden)).toEqual(settledBy(sums, [...hidden]).toSorted());
    expect(determined(sums, hidden)).toContain('d0');
  });

  test('is taken for more, never for less, where coefficients outgrow the arithmetic', () => {
    const sums = [...doubling(70), { total: 'all', parts: ['d0', 'd35', 'd69'] }];
    const [free, fixed] = [hiddenOf(sums), hiddenOf(sums, 'all')];
    expect(settledBy(sums, [...free])).toEqual([]);
    expect(determined(sums, free)).toEqual(expect.arrayContaining(['d0', 'd35', 'd69']));
    expect(settledBy(sums, [...fixed])).toEqual([...fixed]);
    expect(determined(sums, fixed)).toEqual([...fixed].toSorted());
  });
});

describe('bounds', () => {
  test('are drawn until none moves, however many sums one hangs on the other', () => {
    const length = 200;
    const sums: Sum[] = Array.from({ length }, (_, k) => ({ total: `t${k}`, parts: [`a${k}`, `a${k + 1}`] })).toReversed();
    const values = new Map([...Array.from({ length: length + 1 }, (_, k) => [`a${k}`, k % 2 === 0 ? 1 : 7] as const), ...Array.from({ length }, (_, k) => [`t${k}`, 8] as const), ['end', 2] as const, ['one', 1] as const]);
    sums.push({ total: 'end', parts: ['a0', 'one'] });
    const cells = cellsOf(sums, values);
    const unknown = [...cells.names].filter((name) => !name.startsWith('t') && name !== 'end');
    const numbers = unknown.map((name) => cells.names.indexOf(name));
    expect(new Bounds(cells).findPinned(cells.sums.keys(), numbers).map((cell) => cells.names[cell])).toEqual(followsExactly(unknown, sums, values));
    expect(followsExactly(unknown, sums, values)).toHaveLength(unknown.length);
  });
});
