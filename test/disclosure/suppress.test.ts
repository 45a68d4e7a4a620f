import { describe, expect, test } from '@jest/globals';
import type { Sum } from '../../src/disclosure/count-cells.js';
import { chooseShown, type CountTable } from '../../src/disclosure/suppress.js';
import { Seeded } from '../twins/seeded.js';
import { followsExactly } from './follows-exactly.js';

const THRESHOLD = 5;

/** Tables of divisions × periods × parts of a measure, as they are released: month by month, the quarter with its third. */
interface Grown { values: Map<string, number>; sums: Sum[]; releases: string[][]; counties: string[] }

const between = (random: Seeded, from: number, to: number): number => from + random.below(to - from + 1);
const key = (part: string, place: string, period: string): string => `${part}|${place}|${period}`;

/** A random tree of two or three levels, three months and their quarter, a measure with parts that are cut in two ways. */
function growTable(random: Seeded): Grown {
  const places = new Map<string, string[]>([['top', []]]);
  const counties: string[] = [];
  for (let prefecture = 0; prefecture < between(random, 1, 3); prefecture += 1) {
    const name = `p${prefecture}`;
    const below = Array.from({ length: between(random, 1, 4) }, (_, index) => `${name}c${index}`);
    places.get('top')?.push(name);
    places.set(name, below);
    counties.push(...below);
  }
  const months = ['m1', 'm2', 'm3'];
  const leaves = ['minorsDone', 'minorsNot', 'adultsDone', 'adultsNot'];
  const partSums: [string, string[]][] = [['minors', ['minorsDone', 'minorsNot']], ['adults', ['adultsDone', 'adultsNot']], ['done', ['minorsDone', 'adultsDone']], ['not', ['minorsNot', 'adultsNot']], ['due', ['done', 'not']], ['due', ['minors', 'adults']]];
  const parts = [...leaves, 'minors', 'adults', 'done', 'not', 'due'];
  const most = random.pick([4, 9, 25]);
  const values = new Map<string, number>();
  const add = (cell: string, value: number): void => void values.set(cell, (values.get(cell) ?? 0) + value);
  const above = (county: string): string[] => [county, county.slice(0, 2), 'top'];
  const covers: Record<string, string[]> = { minorsDone: ['minorsDone', 'minors', 'done', 'due'], minorsNot: ['minorsNot', 'minors', 'not', 'due'], adultsDone: ['adultsDone', 'adults', 'done', 'due'], adultsNot: ['adultsNot', 'adults', 'not', 'due'] };
  for (const county of counties) for (const month of months) for (const leaf of leaves) {
    const value = random.chance(0.25) ? 0 : between(random, 0, most);
    for (const place of above(county)) for (const period of [month, 'q']) for (const part of covers[leaf] ?? []) add(key(part, place, period), value);
  }
  for (const [cell, value] of values) if (value === 0) values.delete(cell);
  const everyPlace = [...places.keys(), ...counties];
  const sums: Sum[] = [];
  for (const period of [...months, 'q']) {
    for (const part of parts) for (const [place, below] of places) sums.push({ total: key(part, place, period), parts: below.map((one) => key(part, one, period)), places: true });
    for (const place of everyPlace) for (const [total, of] of partSums) sums.push({ total: key(total, place, period), parts: of.map((part) => key(part, place, period)) });
  }
  for (const part of parts) for (const place of everyPlace) sums.push({ total: key(part, place, 'q'), parts: months.map((month) => key(part, place, month)) });
  const ofPeriod = (period: string): string[] => [...values.keys()].filter((cell) => cell.endsWith(`|${period}`));
  return { values, sums, counties, releases: [ofPeriod('m1'), ofPeriod('m2'), [...ofPeriod('m3'), ...ofPeriod('q')]] };
}

/** Totals, larger places and the quarter are dearer to lose. */
function lossOf(cell: string): number {
  const [part = '', place = '', period = ''] = cell.split('|');
  return ({ due: 6, done: 3, not: 3, minors: 2, adults: 2 }[part] ?? 1) * (place === 'top' ? 16 : place.length === 2 ? 4 : 1) * (period === 'q' ? 2 : 1);
}

type Choose = (table: CountTable) => Set<string>;

/** Releases a table as the clock does, what was decided before standing; gives the cells that are shown in the end. */
function releaseAll({ values, sums, releases }: Grown, choose: Choose): Set<string> {
  const decided = new Map<string, boolean>();
  const known = new Map<string, number>();
  for (const release of releases) {
    for (const cell of release) known.set(cell, values.get(cell) ?? 0);
    const shown = choose({ values: known, sums, decided, threshold: THRESHOLD, lossOf });
    for (const cell of release) decided.set(cell, shown.has(cell));
  }
  return new Set([...decided].filter(([, shown]) => shown).map(([cell]) => cell));
}

const primaryOnly: Choose = ({ values, decided, threshold }) => new Set([...values].filter(([cell, value]) => value >= threshold && !decided.has(cell)).map(([cell]) => cell));

/** Hidden cells that somebody who knows all shown ones, all zeros, and `also`, can work out exactly. */
function workedOut({ values, sums }: Grown, shown: ReadonlySet<string>, also: (cell: string) => boolean = () => false): string[] {
  const hidden = [...values.keys()].filter((cell) => !shown.has(cell) && !also(cell));
  return followsExactly(hidden, sums.map(({ total, parts }) => ({ total, parts: parts.filter((part) => values.has(part)) })), values);
}

const tables = Array.from({ length: 80 }, (_, seed) => growTable(new Seeded(seed + 1)));
const released = new Map<Grown, Set<string>>();
function shownIn(table: Grown): Set<string> {
  const known = released.get(table) ?? releaseAll(table, chooseShown);
  released.set(table, known);
  return known;
}

describe('counts that are not shown', () => {
  test('follow from no combination of those that are, over the whole tree of divisions and of periods', () => {
    let hiddenCells = 0;
    let shownCells = 0;
    for (const table of tables) {
      const shown = shownIn(table);
      hiddenCells += table.values.size - shown.size;
      shownCells += shown.size;
      expect(workedOut(table, shown)).toEqual([]);
    }
    expect(hiddenCells).toBeGreaterThan(3_000);
    expect(shownCells).toBeGreaterThan(1_500);
  });

  test('are found by the same look where only the small ones themselves are left out', () => {
    const found = tables.filter((table) => workedOut(table, releaseAll(table, primaryOnly)).length > 0);
    expect(found.length).toBeGreaterThan(60);
  });

  test('are below the threshold, or guard one that is', () => {
    for (const table of tables) {
      const shown = shownIn(table);
      expect([...shown].filter((cell) => (table.values.get(cell) ?? 0) < THRESHOLD)).toEqual([]);
    }
  });

  test('are the same whatever order the table is given in', () => {
    for (const table of tables.slice(0, 10)) {
      const turned = { ...table, values: new Map([...table.values].toReversed()), sums: table.sums.toReversed() };
      expect([...releaseAll(turned, chooseShown)].toSorted()).toEqual([...releaseAll(table, chooseShown)].toSorted());
    }
  });
});

const shownOf = (values: Record<string, number>, sums: Sum[], decided: Record<string, boolean> = {}): string[] =>
  [...chooseShown({ values: new Map(Object.entries(values)), sums, decided: new Map(Object.entries(decided)), threshold: THRESHOLD, lossOf: (cell) => (sums.some(({ total }) => total === cell) ? 4 : 1) })].toSorted();

describe('complements', () => {
  test('a small place takes two others with it, so that neither the total nor a neighbour gives it away', () => {
    expect(shownOf({ all: 40, a: 3, b: 10, c: 12, d: 15 }, [{ total: 'all', parts: ['a', 'b', 'c', 'd'], places: true }])).toEqual(['all', 'd']);
  });

  test('what was not done and is small hides what was done', () => {
    expect(shownOf({ due: 12, done: 10, not: 2 }, [{ total: 'due', parts: ['done', 'not'] }])).toEqual(['due']);
  });

  test('two hidden ones that make two together are each one: a third is hidden', () => {
    expect(shownOf({ all: 22, a: 1, b: 1, c: 20 }, [{ total: 'all', parts: ['a', 'b', 'c'] }])).toEqual(['all']);
  });

  test('a quarter is not shown that would give away its one hidden month', () => {
    expect(shownOf({ q: 23, m1: 3, m2: 10, m3: 10 }, [{ total: 'q', parts: ['m1', 'm2', 'm3'] }], { m1: false, m2: true })).toEqual(['q']);
    expect(shownOf({ q: 23, m1: 3, m2: 10, m3: 10 }, [{ total: 'q', parts: ['m1', 'm2', 'm3'] }], { m1: false, m2: true, m3: true })).toEqual([]);
  });

  test('a table without small counts is shown whole', () => {
    expect(shownOf({ all: 15, a: 5, b: 10 }, [{ total: 'all', parts: ['a', 'b'], places: true }])).toEqual(['a', 'all', 'b']);
  });
});
