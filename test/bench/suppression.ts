import { FAMILIES, partsOf, type Family } from '../../src/ledgers/measures.js';
import { endingWith, monthAfter, monthOf, withinPeriod, type Period } from '../../src/ledgers/statistics/periods.js';
import { ownOf, type PlaceRows } from '../../src/ledgers/statistics/places.js';
import { decideFigures } from '../../src/ledgers/statistics/statistics.deciding.js';
import { cellOf, partsOfCell } from '../../src/ledgers/statistics/statistics.table.js';
import { Seeded } from '../twins/seeded.js';

/**
 * What a year of statistics takes to decide, and how much of it is shown: `node dist/test/bench/suppression.js [counties] [measure]`. Nine counties to a prefecture, twelve prefectures to a
 * province; how many cases a county has is spread over two orders of magnitude, with a median of eight in a month.
 */
export interface GeneratedYear { places: PlaceRows; countsOf(month: string): Map<string, number> }

const PER_PREFECTURE = 9;
const PER_PROVINCE = 12;
const two = (number: number): string => String(number).padStart(2, '0');

/** How often each finest part occurs. */
const SHARES: Readonly<Record<string, number>> = { IN_TIME: 0.6, LATE: 0.15, OPEN_0: 0.05, OPEN_1: 0.05, OPEN_2: 0.03, OPEN_3: 0.02, OPEN_4: 0.02, LAPSED: 0.08, ADULTS_DONE: 0.35, ADULTS_NOT_DONE: 0.45, MINORS_DONE: 0.15, MINORS_NOT_DONE: 0.05 };

export function generateYear(family: Family, counties: number, seed = 1): GeneratedYear {
  const random = new Seeded(seed);
  const divisions = [{ code: '000000', name: '全国', level: 'COUNTRY', parent: null as string | null }];
  const sizes = new Map<string, number>();
  for (let number = 0; number < counties; number += 1) {
    const prefectures = Math.floor(number / PER_PREFECTURE);
    const province = `${11 + Math.floor(prefectures / PER_PROVINCE)}0000`;
    const prefecture = `${province.slice(0, 2)}${two(1 + (prefectures % PER_PROVINCE))}00`;
    if (!divisions.some(({ code }) => code === province)) divisions.push({ code: province, name: province, level: 'PROVINCE', parent: '000000' });
    if (!divisions.some(({ code }) => code === prefecture)) {
      divisions.push({ code: prefecture, name: prefecture, level: 'PREFECTURE', parent: province });
      sizes.set(ownOf(prefecture), 12);
    }
    const county = `${prefecture.slice(0, 4)}${two(1 + (number % PER_PREFECTURE))}`;
    divisions.push({ code: county, name: county, level: 'COUNTY', parent: prefecture });
    sizes.set(county, 8 * Math.exp(1.1 * (random.next() + random.next() + random.next() + random.next() - 2) * Math.sqrt(3)));
  }
  const totals = new Set(family.sums.map(([total]) => total));
  const leaves = partsOf(family).filter((part) => !totals.has(part));
  return { places: { divisions, successors: [] }, countsOf: (month) => new Map([...sizes].flatMap(([place, size]) => leaves.flatMap((part) => {
    const count = poisson(random, size * (SHARES[part] ?? 0.05));
    return count > 0 ? [[cellOf(`${family.measure}.${part}`, place, month), count] as const] : [];
  }))) };
}

function poisson(random: Seeded, mean: number): number {
  let count = 0;
  for (let product = random.next(); product > Math.exp(-mean); product *= random.next()) count += 1;
  return count;
}

/** Cells of the headline parts (the total, and both counts of each rate) that are 5 or more, and how many of them are shown, by the length of the period in months. */
export interface Outcome { seconds: number[]; shown: Map<string, number>; truth: Map<string, number> }

export function closeYear(family: Family, { places, countsOf }: GeneratedYear, decide = decideFigures): Outcome {
  const [closed, counts, figures, seconds] = [new Set<string>(), new Map<string, number>(), new Map<string, number>(), [] as number[]];
  let month = monthOf('2026-01-01');
  for (let index = 0; index < 12; index += 1, month = monthAfter(month)) {
    for (const [cell, count] of countsOf(month.name)) counts.set(cell, count);
    const closing: Period[] = [month, ...endingWith(month)];
    const periods = [...new Map([...closing.flatMap(withinPeriod), ...closing].map((period) => [period.name, period])).values()];
    const inScope = new Map([...counts].filter(([cell]) => periods.some(({ name }) => name === partsOfCell(cell).period)));
    const began = performance.now();
    const shown = decide({ measure: family.measure, name: family.measure, periods, closed, counts: inScope, shown: new Set(figures.keys()), places, smallest: 5 });
    seconds.push((performance.now() - began) / 1_000);
    for (const [cell, figure] of shown) figures.set(cell, figure);
    for (const { name } of closing) closed.add(name);
  }
  return { seconds, shown: figures, truth: addUp(family, places, counts) };
}

function addUp(family: Family, { divisions }: PlaceRows, counts: ReadonlyMap<string, number>): Map<string, number> {
  const parents = new Map(divisions.map(({ code, parent }) => [code, parent]));
  const truth = new Map<string, number>();
  const coversOf = (part: string): string[] => [part, ...new Set(family.sums.filter(([, parts]) => parts.includes(part)).flatMap(([total]) => coversOf(total)))].filter((one, at, all) => all.indexOf(one) === at);
  for (const [cell, count] of counts) {
    const { measure, place, period } = partsOfCell(cell);
    const above: string[] = [place];
    for (let code = place.endsWith('*') ? place.slice(0, -1) : (parents.get(place) ?? null); code !== null; code = parents.get(code) ?? null) above.push(code);
    for (const where of above) for (const within of [period, `2026-Q${Math.ceil(Number(period.slice(5)) / 3)}`, '2026']) for (const part of coversOf(measure.slice(family.measure.length + 1))) {
      const covering = cellOf(`${family.measure}.${part}`, where, within);
      truth.set(covering, (truth.get(covering) ?? 0) + count);
    }
  }
  return truth;
}

/** Share of cells of at least 5 that are shown, for each kind of part, level and length of period. */
export function shareShown(family: Family, { shown, truth }: Outcome): Map<string, string> {
  const headline = new Set([partsOf(family)[0] ?? '', ...family.rates.flatMap(({ done, of }) => [done, of])]);
  const tally = new Map<string, [shown: number, all: number]>();
  const levels: Record<string, string> = { '000000': 'country' };
  for (const [cell, value] of truth) {
    if (value < 5) continue;
    const { measure, place, period } = partsOfCell(cell);
    const level = levels[place] ?? (place.endsWith('0000') ? 'province' : place.endsWith('00') ? 'prefecture' : 'county');
    const length = period.length === 4 ? 'year' : period.includes('Q') ? 'quarter' : 'month';
    const kind = headline.has(measure.slice(family.measure.length + 1)) ? 'headline' : 'other';
    for (const key of [`${kind} ${level} ${length}`, `${kind} all`]) {
      const [already = 0, all = 0] = tally.get(key) ?? [];
      tally.set(key, [already + (shown.has(cell) ? 1 : 0), all + 1]);
    }
  }
  return new Map([...tally].toSorted().map(([key, [some, all]]) => [key, `${((100 * some) / all).toFixed(1)} % of ${all}`]));
}

if (process.argv[1]?.endsWith('suppression.js')) {
  const [, , counties = '100', measure = 'NOTICES'] = process.argv;
  const family = FAMILIES.find((one) => one.measure === measure);
  if (!family) throw new Error(`no family ${measure}`);
  const outcome = closeYear(family, generateYear(family, Number(counties)));
  process.stdout.write(`${counties} counties, ${measure}, ${outcome.truth.size} cells: months ${outcome.seconds.map((one) => one.toFixed(1)).join(' ')} s, ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MB\n`);
  for (const [key, share] of shareShown(family, outcome)) process.stdout.write(`  ${key}: ${share}\n`);
}
