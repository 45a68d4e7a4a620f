import type { CountCells, NumberedSum } from './count-cells.js';

/** Whole coefficients by cell. */
type Row = Map<number, number>;

/** Below 2^26, so that a product of two, and the difference of two products, are exact. */
const PRIME = 67_108_859;

/**
 * Which hidden cells follow from the shown ones by the sums alone: those that have one value in every solution. The sums are eliminated in whole numbers, the shortest first, and one solution of
 * what is left is drawn at random modulo a prime: a cell that follows is zero in every solution, so none is missed; one that does not follow is zero in one draw of 67 million.
 * Whole numbers, because modulo a prime a multiple of it looks like nothing, and what follows would look as if it did not. A sum whose coefficients outgrow the prime is taken as if each of its
 * cells were known, which again finds too many and never too few.
 */
export function findDetermined(sums: readonly NumberedSum[], isHidden: (cell: number) => boolean): number[] {
  const elimination = new Elimination();
  for (const { total, parts } of sums) {
    const row: Row = new Map(parts.filter(isHidden).map((part) => [part, -1]));
    elimination.add(isHidden(total) ? row.set(total, 1) : row);
  }
  elimination.run();
  return elimination.zeros();
}

class Elimination {
  readonly #rows: Row[] = [];
  /** Rows that still hold a cell. */
  readonly #holders = new Map<number, Set<number>>();
  readonly #byLength: number[][] = [];
  #length = 1;
  readonly #solved: { pivot: number; row: Row }[] = [];

  add(row: Row): void {
    const index = this.#rows.push(row) - 1;
    for (const cell of row.keys()) this.#hold(cell, index);
    this.#wait(index);
  }

  run(): void {
    while (this.#length < this.#byLength.length) {
      const index = this.#byLength[this.#length]?.pop();
      const row = index === undefined ? undefined : this.#rows[index];
      if (index === undefined || !row) this.#length += 1;
      else if (row.size === this.#length) this.#solve(index, row);
    }
  }

  /** Cells that are zero in a solution whose free cells are drawn at random. */
  zeros(): number[] {
    const values = new Map<number, number>();
    for (const cell of this.#holders.keys()) values.set(cell, drawn(cell));
    for (const { pivot, row } of this.#solved.toReversed()) {
      let rest = 0;
      for (const [cell, factor] of row) if (cell !== pivot) rest = (rest + factor * (values.get(cell) ?? 0)) % PRIME;
      values.set(pivot, (residue(-rest) * inverse(residue(row.get(pivot) ?? 1))) % PRIME);
    }
    return [...values].filter(([, value]) => value === 0).map(([cell]) => cell);
  }

  #solve(index: number, row: Row): void {
    const pivot = this.#rarest(row);
    this.#drop(index, row);
    for (const holder of this.#holders.get(pivot) ?? []) {
      const other = this.#rows[holder];
      if (!other) continue;
      if (this.#subtract(other, row, pivot, holder)) this.#wait(holder);
      else {
        this.#drop(holder, other);
        for (const cell of other.keys()) this.add(new Map([[cell, 1]]));
      }
    }
    this.#holders.delete(pivot);
    this.#solved.push({ pivot, row });
  }

  /** The cell that is in the fewest other rows. */
  #rarest(row: Row): number {
    let [found, fewest] = [-1, Infinity];
    for (const cell of row.keys()) {
      const many = this.#holders.get(cell)?.size ?? 0;
      if (many < fewest || (many === fewest && cell < found)) [found, fewest] = [cell, many];
    }
    return found;
  }

  /** Takes so many times a row from another that the pivot goes. @returns whether its coefficients are small enough to go on with */
  #subtract(from: Row, row: Row, pivot: number, index: number): boolean {
    const [own, its] = [from.get(pivot) ?? 0, row.get(pivot) ?? 1];
    const common = divisorOf(own, its) * Math.sign(its);
    const [scale, times] = [its / common, own / common];
    if (scale !== 1) for (const [cell, held] of from) from.set(cell, held * scale);
    for (const [cell, factor] of row) {
      const held = from.get(cell);
      const left = (held ?? 0) - factor * times;
      if (left === 0) {
        from.delete(cell);
        this.#holders.get(cell)?.delete(index);
      } else {
        from.set(cell, left);
        if (held === undefined) this.#hold(cell, index);
      }
    }
    return isReduced(from);
  }

  #hold(cell: number, index: number): void {
    (this.#holders.get(cell) ?? this.#holders.set(cell, new Set()).get(cell))?.add(index);
  }

  #drop(index: number, row: Row): void {
    this.#rows[index] = new Map();
    for (const cell of row.keys()) this.#holders.get(cell)?.delete(index);
  }

  #wait(index: number): void {
    const length = this.#rows[index]?.size ?? 0;
    (this.#byLength[length] ??= []).push(index);
    this.#length = Math.min(this.#length, Math.max(1, length));
  }
}

/** Divides a row by what its coefficients have in common. @returns whether they are below the prime then */
function isReduced(row: Row): boolean {
  let [common, most] = [0, 0];
  for (const factor of row.values()) {
    if (common !== 1) common = divisorOf(common, factor);
    most = Math.max(most, Math.abs(factor));
  }
  if (common > 1) for (const [cell, factor] of row) row.set(cell, factor / common);
  return most < PRIME * Math.max(1, common);
}

/** The greatest common divisor, from 1; of nothing and a number, that number. */
function divisorOf(one: number, other: number): number {
  let [a, b] = [Math.abs(one), Math.abs(other)];
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

const residue = (value: number): number => ((value % PRIME) + PRIME) % PRIME;

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
  readonly #waiting = new Set<number>();

  constructor(private readonly cells: CountCells) {
    this.#low = Float64Array.from(cells.values);
    this.#high = Float64Array.from(cells.values);
  }

  /** Which hidden cells have but one value left when each is known to be a whole number of at least one: bounds are drawn tighter from sum to sum until none moves. `sums`: all that hold one of them. */
  findPinned(sums: Iterable<number>, hidden: readonly number[]): number[] {
    for (const cell of hidden) [this.#low[cell], this.#high[cell]] = [1, Infinity];
    for (const index of sums) this.#waiting.add(index);
    for (const index of this.#waiting) {
      this.#waiting.delete(index);
      const sum = this.cells.sums[index];
      if (sum) this.#tightenSum(sum);
    }
    const pinned = hidden.filter((cell) => this.#low[cell] === this.#high[cell]);
    for (const cell of hidden) this.#low[cell] = this.#high[cell] = this.cells.values[cell] ?? 0;
    return pinned;
  }

  #tightenSum({ total, parts }: NumberedSum): void {
    let [low, finiteHigh, endless] = [0, 0, 0];
    for (const part of parts) {
      low += this.#low[part] ?? 0;
      const high = this.#high[part] ?? 0;
      if (high === Infinity) endless += 1;
      else finiteHigh += high;
    }
    this.#tighten(total, low, endless > 0 ? Infinity : finiteHigh);
    const [least, most] = [this.#low[total] ?? 0, this.#high[total] ?? 0];
    for (const part of parts) {
      const own = this.#high[part] ?? 0;
      if (own === this.#low[part]) continue;
      const others = own === Infinity ? (endless > 1 ? Infinity : finiteHigh) : endless > 0 ? Infinity : finiteHigh - own;
      this.#tighten(part, least - others, most - (low - (this.#low[part] ?? 0)));
    }
  }

  #tighten(cell: number, low: number, high: number): void {
    const [from, to] = [this.#low[cell] ?? 0, this.#high[cell] ?? 0];
    if (low > from) this.#low[cell] = low;
    if (high < to) this.#high[cell] = high;
    if (low > from || high < to) for (const index of this.cells.sumsOf(cell)) this.#waiting.add(index);
  }
}
