import type { NumberedSum } from './count-cells.js';

/** By cell. */
type Row = Map<number, number>;

/** Below 2^26, so that a product of two is exact. */
const PRIME = 67_108_859;

/**
 * Which hidden cells follow from the shown ones by the sums alone: those that have one value in every solution. The sums are eliminated, the shortest first, and one solution of the rest is
 * drawn at random: a cell that follows is zero in each; one that does not is zero in one of 67 million, and then but hidden better. Exact modulo a prime: the coefficients are one, and no
 * determinant that occurs is a multiple of it.
 */
export function findDetermined(sums: readonly NumberedSum[], isHidden: (cell: number) => boolean): number[] {
  const rows: Row[] = sums.map(({ total, parts }) => {
    const row: Row = new Map(parts.filter(isHidden).map((part) => [part, PRIME - 1]));
    return isHidden(total) ? row.set(total, 1) : row;
  });
  const holders = new Map<number, Set<number>>();
  for (const [index, row] of rows.entries()) for (const cell of row.keys()) (holders.get(cell) ?? holders.set(cell, new Set()).get(cell))?.add(index);
  const solved: { pivot: number; row: Row }[] = [];
  const byLength: number[][] = [];
  const wait = (index: number): void => void (byLength[rows[index]?.size ?? 0] ??= []).push(index);
  for (const index of rows.keys()) wait(index);
  for (let length = 1; length < byLength.length;) {
    const index = byLength[length]?.pop();
    const row = index === undefined ? undefined : rows[index];
    if (index === undefined || !row) length += 1;
    else if (row.size === length) {
      const pivot = rarest(row, holders);
      rows[index] = new Map();
      for (const cell of row.keys()) holders.get(cell)?.delete(index);
      const scale = inverse(row.get(pivot) ?? 1);
      for (const holder of holders.get(pivot) ?? []) {
        const other = rows[holder];
        if (!other) continue;
        subtract(other, row, ((other.get(pivot) ?? 0) * scale) % PRIME, holder, holders);
        wait(holder);
        length = Math.min(length, Math.max(1, other.size));
      }
      holders.delete(pivot);
      solved.push({ pivot, row });
    }
  }
  return zerosOf(solved, holders.keys());
}

/** The cell that is in the fewest other rows. */
function rarest(row: Row, holders: ReadonlyMap<number, ReadonlySet<number>>): number {
  let [found, fewest] = [-1, Infinity];
  for (const cell of row.keys()) {
    const many = holders.get(cell)?.size ?? 0;
    if (many < fewest || (many === fewest && cell < found)) [found, fewest] = [cell, many];
  }
  return found;
}

function subtract(from: Row, row: Row, times: number, index: number, holders: ReadonlyMap<number, Set<number>>): void {
  for (const [cell, factor] of row) {
    const held = from.get(cell);
    const left = ((held ?? 0) + (PRIME - ((factor * times) % PRIME))) % PRIME;
    if (left === 0) {
      from.delete(cell);
      holders.get(cell)?.delete(index);
    } else {
      from.set(cell, left);
      if (held === undefined) holders.get(cell)?.add(index);
    }
  }
}

/** Cells that are zero in a solution whose free cells are drawn at random. */
function zerosOf(solved: readonly { pivot: number; row: Row }[], free: Iterable<number>): number[] {
  const values = new Map<number, number>();
  for (const cell of free) values.set(cell, drawn(cell));
  for (let at = solved.length - 1; at >= 0; at -= 1) {
    const { pivot, row } = solved[at] ?? { pivot: -1, row: new Map<number, number>() };
    let rest = 0;
    for (const [cell, factor] of row) if (cell !== pivot) rest = (rest + factor * (values.get(cell) ?? 0)) % PRIME;
    values.set(pivot, ((PRIME - rest) * inverse(row.get(pivot) ?? 1)) % PRIME);
  }
  return [...values].filter(([, value]) => value === 0).map(([cell]) => cell);
}

/** The same for the same cell, so that a table is decided in one way; from 1. */
function drawn(cell: number): number {
  let mixed = Math.imul(cell + 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  mixed ^= mixed >>> 16;
  return 1 + ((mixed >>> 0) % (PRIME - 1));
}

/** By Fermat: x^(p-2). */
function inverse(value: number): number {
  if (value === 1 || value === PRIME - 1) return value;
  let [result, base] = [1, value];
  for (let power = PRIME - 2; power > 0; power = Math.floor(power / 2)) {
    if (power % 2 === 1) result = (result * base) % PRIME;
    base = (base * base) % PRIME;
  }
  return result;
}

/** Lowest and highest value that a reader can prove of each cell. */
export class Bounds {
  readonly #low: Float64Array;
  readonly #high: Float64Array;

  constructor(private readonly values: Int32Array) {
    this.#low = Float64Array.from(values);
    this.#high = Float64Array.from(values);
  }

  /** Which hidden cells have but one value left when each is known to be a whole number of at least one: bounds are drawn tighter from sum to sum until none moves. */
  findPinned(sums: readonly NumberedSum[], hidden: readonly number[]): number[] {
    for (const { terms } of sums) for (const term of terms) this.#low[term] = this.#high[term] = this.values[term] ?? 0;
    for (const cell of hidden) [this.#low[cell], this.#high[cell]] = [1, Infinity];
    for (let moved = true, round = 0; moved && round < MOST_ROUNDS; round += 1) {
      moved = false;
      for (const sum of sums) moved = this.#tightenSum(sum) || moved;
    }
    return hidden.filter((cell) => this.#low[cell] === this.#high[cell]);
  }

  #tightenSum({ total, parts }: NumberedSum): boolean {
    let [low, finiteHigh, endless] = [0, 0, 0];
    for (const part of parts) {
      low += this.#low[part] ?? 0;
      const high = this.#high[part] ?? 0;
      if (high === Infinity) endless += 1;
      else finiteHigh += high;
    }
    let moved = this.#tighten(total, low, endless > 0 ? Infinity : finiteHigh);
    const [least, most] = [this.#low[total] ?? 0, this.#high[total] ?? 0];
    for (const part of parts) {
      const own = this.#high[part] ?? 0;
      if (own === this.#low[part]) continue;
      const others = own === Infinity ? (endless > 1 ? Infinity : finiteHigh) : endless > 0 ? Infinity : finiteHigh - own;
      moved = this.#tighten(part, least - others, most - (low - (this.#low[part] ?? 0))) || moved;
    }
    return moved;
  }

  #tighten(cell: number, low: number, high: number): boolean {
    const [from, to] = [this.#low[cell] ?? 0, this.#high[cell] ?? 0];
    if (low > from) this.#low[cell] = low;
    if (high < to) this.#high[cell] = high;
    return low > from || high < to;
  }
}

/** Bounds move by whole numbers; tables of a county's size settle within ten rounds. */
const MOST_ROUNDS = 60;
