import type { Sum } from '../../disclosure/count-cells.js';
import { partsOf, type Family } from '../measures.js';
import { withinPeriod, type Period } from './periods.js';
import type { Places } from './places.js';

/** A cell is one figure: `REVISITS.DONE|320281|2026-10`. */
export const cellOf = (measure: string, place: string, period: string): string => `${measure}|${place}|${period}`;
export const periodOf = (cell: string): string => cell.slice(cell.lastIndexOf('|') + 1);
export function partsOfCell(cell: string): { measure: string; place: string; period: string } {
  const [measure = '', place = '', period = ''] = cell.split('|');
  return { measure, place, period };
}

export function add(totals: Map<string, number>, cell: string, amount: number): void {
  totals.set(cell, (totals.get(cell) ?? 0) + amount);
}

/** Every figure of one family over the tree of places, of its parts and of periods, and every sum between them. */
export function buildTable({ sums: partSums, flow }: Family, name: string, periods: readonly Period[], places: Places, counts: ReadonlyMap<string, number>): { values: Map<string, number>; sums: Sum[] } {
  const values = new Map<string, number>();
  const leaves = new Map<string, Map<string, string[]>>();
  const below = new Map<string, Set<string>>();
  for (const [cell, count] of counts) {
    const { measure, place, period } = partsOfCell(cell);
    const month = periods.find((one) => one.name === period);
    if (!month || measure.slice(0, measure.lastIndexOf('.')) !== name) continue;
    for (const part of coveringOf(partSums, measure.slice(name.length + 1))) {
      const covering: readonly Period[] = periods.filter((one) => one.first <= month.first && month.end <= one.end);
      for (const within of covering) {
        const counted = within === month ? place : places.countFor(place);
        const path = places.pathOf(counted);
        for (const [index, where] of path.entries()) {
          add(values, cellOf(`${name}.${part}`, where, within.name), count);
          if (index > 0) below.set(where, (below.get(where) ?? new Set()).add(path[index - 1] ?? ''));
        }
        if (within !== month) noteLeaf(leaves, cellOf(`${name}.${part}`, counted, within.name), month.name, cellOf(`${name}.${part}`, place, month.name));
      }
    }
  }
  const sums: Sum[] = [];
  const everywhere = [...new Set([...below.keys(), ...[...below.values()].flatMap((inside) => [...inside])])];
  const parts = [...new Set(partSums.flatMap(([total, of]) => [total, ...of]))];
  for (const { name: period } of periods) {
    for (const part of parts) for (const [where, inside] of below) sums.push({ total: cellOf(`${name}.${part}`, where, period), parts: [...inside].map((one) => cellOf(`${name}.${part}`, one, period)), places: true });
    for (const where of everywhere) for (const [total, of] of partSums) if (of.length > 0) sums.push({ total: cellOf(`${name}.${total}`, where, period), parts: of.map((part) => cellOf(`${name}.${part}`, where, period)) });
  }
  for (const larger of flow ? periods.filter(({ length }) => length > 1) : []) {
    for (const part of parts) for (const where of everywhere) sums.push(...timeSums(larger, cellOf(`${name}.${part}`, where, ''), values, leaves));
  }
  return { values, sums };
}

/** What a larger period is added up from: of each length its pieces, and where a place took another one over in the meantime also that one's months. */
function timeSums(larger: Period, bare: string, values: ReadonlyMap<string, number>, leaves: ReadonlyMap<string, Map<string, string[]>>): Sum[] {
  const total = `${bare}${larger.name}`;
  const pieces = withinPeriod(larger);
  const lengths = [...new Set(pieces.map(({ length }) => length))];
  const straight = lengths.map((length) => pieces.filter((piece) => piece.length === length).map(({ name }) => `${bare}${name}`))
    // A place that grew or moved in the meantime is no sum of its own pieces.
    .filter((parts) => parts.reduce((sum, part) => sum + (values.get(part) ?? 0), 0) === (values.get(total) ?? 0));
  const merged = leaves.get(total);
  return [...straight.map((parts) => ({ total, parts })), ...(merged ? [{ total, parts: [...new Set([...merged.values()].flat())] }] : [])];
}

function noteLeaf(leaves: Map<string, Map<string, string[]>>, total: string, month: string, cell: string): void {
  const ofTotal = leaves.get(total) ?? new Map<string, string[]>();
  ofTotal.set(month, [...(ofTotal.get(month) ?? []), cell]);
  leaves.set(total, ofTotal);
}

/** A part and every total that it enters, each once. */
function coveringOf(sums: Family['sums'], part: string): string[] {
  const found = new Set([part]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [total, parts] of sums) if (!found.has(total) && parts.some((one) => found.has(one))) grown = found.add(total).size > 0;
  }
  return [...found];
}

/**
 * What is lost when a figure is hidden for the sake of another: a total or either count of a rate weighs as much as eight finest parts, a place of the next level as four, a quarter as two months.
 * @returns by the cell's name, from 1
 */
export function weighLoss(family: Family, name: string, places: Places, periods: readonly Period[]): (cell: string) => number {
  const inRates = new Set(family.rates.flatMap(({ done, of }) => [done, of]));
  const totals = new Set(family.sums.map(([total]) => total));
  const ofPart = new Map(partsOf(family).map((part, index) => [`${name}.${part}`, index === 0 || inRates.has(part) ? 8 : totals.has(part) ? 3 : 1]));
  const ofPeriod = new Map(periods.map(({ name: period, length }) => [period, length === 1 ? 1 : length === 3 ? 2 : 4]));
  const ofPlace = new Map<string, number>();
  const weighPlace = (place: string): number => {
    const known = ofPlace.get(place) ?? 4 ** Math.max(0, 4 - places.pathOf(place).length);
    ofPlace.set(place, known);
    return known;
  };
  return (cell) => {
    const { measure, place, period } = partsOfCell(cell);
    return (ofPart.get(measure) ?? 1) * weighPlace(place) * (ofPeriod.get(period) ?? 1);
  };
}
