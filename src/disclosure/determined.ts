/** One sum of a table: the total is the sum of its parts, and everybody knows it. */
export interface Sum {
  total: string;
  parts: readonly string[];
  /** The parts are places: whoever keeps one of them knows its own figure. */
  places?: boolean;
}

/** Lowest and highest value that a reader can prove of a cell. */
interface Bounds { low: number; high: number }

const termsOf = ({ total, parts }: Sum): string[] => [total, ...parts];

/**
 * Which hidden cells follow from the shown ones by the sums alone: those that have one value in every solution. Gauss–Jordan elimination, exact modulo a prime: the sums have
 * coefficients of one, and no determinant that occurs is a multiple of it.
 */
export function findDetermined(sums: readonly Sum[], hidden: ReadonlySet<string>): Set<string> {
  const rows = new Map<string, Row>();
  const holders = new Map<string, Set<string>>();
  const hold = (cell: string, pivot: string): void => void (holders.get(cell) ?? holders.set(cell, new Set()).get(cell))?.add(pivot);
  for (const { total, parts } of sums) {
    const row: Row = new Map(parts.filter((part) => hidden.has(part)).map((part) => [part, PRIME - 1]));
    if (hidden.has(total)) row.set(total, 1);
    for (const cell of row.keys()) {
      const pivotal = rows.get(cell);
      if (pivotal) subtract(row, pivotal, row.get(cell) ?? 0);
    }
    const pivot = [...row.keys()].toSorted((one, other) => (holders.get(one)?.size ?? 0) - (holders.get(other)?.size ?? 0))[0];
    if (pivot === undefined) continue;
    const scale = inverse(row.get(pivot) ?? 1);
    for (const [cell, factor] of row) row.set(cell, (factor * scale) % PRIME);
    for (const holder of holders.get(pivot) ?? []) {
      const other = rows.get(holder);
      if (!other) continue;
      subtract(other, row, other.get(pivot) ?? 0);
      for (const cell of row.keys()) {
        if (other.has(cell)) hold(cell, holder);
        else holders.get(cell)?.delete(holder);
      }
    }
    rows.set(pivot, row);
    for (const cell of row.keys()) hold(cell, pivot);
    holders.delete(pivot);
  }
  return new Set([...rows].filter(([, row]) => row.size === 1).map(([pivot]) => pivot));
}

type Row = Map<string, number>;

/** Below 2^26, so that a product of two is exact. */
const PRIME = 67_108_859;

function subtract(from: Row, row: Row, times: number): void {
  if (times === 0) return;
  for (const [cell, factor] of row) {
    const left = ((from.get(cell) ?? 0) + (PRIME - ((factor * times) % PRIME))) % PRIME;
    if (left === 0) from.delete(cell);
    else from.set(cell, left);
  }
}

/** By Fermat: x^(p-2). */
function inverse(value: number): number {
  let [result, base] = [1, value];
  for (let power = PRIME - 2; power > 0; power = Math.floor(power / 2)) {
    if (power % 2 === 1) result = (result * base) % PRIME;
    base = (base * base) % PRIME;
  }
  return result;
}

/** Which hidden cells have but one value left when each is known to be a whole number of at least one: bounds are drawn tighter from sum to sum until none moves. */
export function findPinned(sums: readonly Sum[], hidden: ReadonlySet<string>, values: ReadonlyMap<string, number>): Set<string> {
  const bounds = new Map<string, Bounds>([...hidden].map((cell) => [cell, { low: 1, high: Infinity }]));
  const of = (cell: string): Bounds => bounds.get(cell) ?? { low: values.get(cell) ?? 0, high: values.get(cell) ?? 0 };
  const asked = sums.filter((sum) => termsOf(sum).some((term) => hidden.has(term)));
  const tighten = (cell: string, low: number, high: number): boolean => {
    const held = bounds.get(cell);
    if (!held || (low <= held.low && high >= held.high)) return false;
    bounds.set(cell, { low: Math.max(low, held.low), high: Math.min(high, held.high) });
    return true;
  };
  for (let moved = true, round = 0; moved && round < MOST_ROUNDS; round += 1) {
    moved = false;
    for (const { total, parts } of asked) {
      const low = parts.reduce((sum, part) => sum + of(part).low, 0);
      const high = parts.reduce((sum, part) => sum + of(part).high, 0);
      moved = tighten(total, low, high) || moved;
      const whole = of(total);
      for (const part of parts) {
        const own = of(part);
        const othersHigh = Number.isFinite(own.high) ? high - own.high : parts.reduce((sum, other) => sum + (other === part ? 0 : of(other).high), 0);
        moved = tighten(part, whole.low - othersHigh, whole.high - (low - own.low)) || moved;
      }
    }
  }
  return new Set([...bounds].filter(([, { low, high }]) => low === high).map(([cell]) => cell));
}

/** Bounds move by whole numbers; tables of a county's size settle within ten rounds. */
const MOST_ROUNDS = 60;
