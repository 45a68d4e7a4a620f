import { findDetermined, findPinned, type Sum } from './determined.js';

/**
 * A table of counts as a reader may put it together: every cell of it, in whatever answer it would stand, and every sum that ties cells to each other.
 * Cells that are zero are left out, with their terms in the sums: it is taken that everybody knows them (where there is no station, there are no notices).
 */
export interface CountTable {
  /** Whole numbers from 1. */
  values: ReadonlyMap<string, number>;
  sums: readonly Sum[];
  /** What was decided of a cell before, and stands: shown or hidden. */
  decided: ReadonlyMap<string, boolean>;
  /** Smaller counts are not shown. */
  threshold: number;
}

/**
 * Which of the cells that are not decided yet are shown. Hidden is every count below the threshold, and beside it as many others as it takes that no hidden count follows from what is shown:
 * not from one sum, not from all of them together, not by bounds. Depends on the table alone, never on who asks.
 */
export function chooseShown(table: CountTable): Set<string> {
  return new Suppression(table).run();
}

/** Trials of showing again what was hidden for others: fewer the larger the table is, so that all of them together take as long as finding out what to hide. */
const MOST_TRIALS = 120;
const CELLS_LOOKED_THROUGH = 400_000;

const nameOf = ({ total, parts }: Sum): string => `${total}=${[...parts].toSorted().join('+')}`;

class Suppression {
  readonly #hidden = new Set<string>();
  readonly #sums: Sum[];
  readonly #sumsOf = new Map<string, Sum[]>();
  /** Cells that a hidden count may not follow from: small ones, and those hidden before. */
  readonly #guarded: ReadonlySet<string>;

  constructor(private readonly table: CountTable) {
    const { values, sums, decided, threshold } = table;
    this.#sums = sums.filter(({ total }) => values.has(total)).map((sum) => ({ ...sum, parts: sum.parts.filter((part) => values.has(part)) }))
      .toSorted((one, other) => this.#value(one.total) - this.#value(other.total) || (nameOf(one) < nameOf(other) ? -1 : 1));
    for (const sum of this.#sums) for (const term of [sum.total, ...sum.parts]) this.#sumsOf.set(term, [...(this.#sumsOf.get(term) ?? []), sum]);
    for (const [cell, value] of values) if (decided.get(cell) === false || (!decided.has(cell) && value < threshold)) this.#hidden.add(cell);
    this.#guarded = new Set(this.#hidden);
  }

  run(): Set<string> {
    this.#closeSums(this.#sums);
    for (;;) {
      const leaking = this.#leaking();
      const guarded = leaking.filter((cell) => this.#guarded.has(cell));
      if (guarded.length === 0) break;
      const also = guarded.map((cell) => this.#nearestShown(cell)).filter((cell) => cell !== undefined);
      if (also.length === 0) break;
      for (const cell of new Set(also)) this.#hide(cell);
    }
    this.#giveBack(this.#hiddenForOthers(), { left: Math.min(MOST_TRIALS, Math.ceil(CELLS_LOOKED_THROUGH / this.table.values.size)) });
    // What follows from the shown ones anyway, and is no small count, is as well said.
    for (const cell of this.#leaking()) if (!this.#guarded.has(cell)) this.#hidden.delete(cell);
    return new Set([...this.table.values.keys()].filter((cell) => !this.#hidden.has(cell) && !this.table.decided.has(cell)));
  }

  /** Cells hidden for the sake of others, the largest first: totals of large places are what a supervisor needs most. */
  #hiddenForOthers(): string[] {
    return [...this.#hidden].filter((cell) => !this.#guarded.has(cell)).toSorted((one, other) => this.#value(other) - this.#value(one) || (one < other ? -1 : 1));
  }

  /** Shows again what no hidden count needs, half by half; each trial looks through the whole table, so there are only so many. */
  #giveBack(cells: readonly string[], trials: { left: number }): void {
    if (cells.length === 0 || trials.left === 0) return;
    trials.left -= 1;
    for (const cell of cells) this.#hidden.delete(cell);
    if (!cells.some((cell) => this.#sumsOf.get(cell)?.some((sum) => this.#nextOf(sum) !== undefined)) && !this.#leaking().some((cell) => this.#guarded.has(cell))) return;
    for (const cell of cells) this.#hidden.add(cell);
    if (cells.length === 1) return;
    const half = Math.ceil(cells.length / 2);
    this.#giveBack(cells.slice(0, half), trials);
    this.#giveBack(cells.slice(half), trials);
  }

  #leaking(): string[] {
    return [...new Set([...findDetermined(this.#sums, this.#hidden), ...findPinned(this.#sums, this.#hidden, this.table.values)])].toSorted();
  }

  #hide(cell: string): void {
    this.#hidden.add(cell);
    this.#closeSums(this.#sumsOf.get(cell) ?? []);
  }

  /** Hides the smallest terms of each sum until it gives none of its hidden ones away, and goes on to the sums that this touched; the smallest sums first, so that what is hidden stays low in the tree. */
  #closeSums(begin: readonly Sum[]): void {
    for (let waiting = new Set(begin); waiting.size > 0;) {
      const touched = new Set<Sum>();
      for (const sum of this.#sums) {
        if (!waiting.has(sum) && !touched.has(sum)) continue;
        touched.delete(sum);
        for (let next = this.#nextOf(sum); next !== undefined; next = this.#nextOf(sum)) {
          this.#hidden.add(next);
          for (const other of this.#sumsOf.get(next) ?? []) if (other !== sum) touched.add(other);
        }
      }
      waiting = touched;
    }
  }

  /** The term of a sum to hide next: any, where the only hidden one would follow; a part, where those that are hidden would be too few or too little. */
  #nextOf(sum: Sum): string | undefined {
    const { total, parts } = sum;
    const hidden = parts.filter((part) => this.#hidden.has(part));
    const terms = hidden.length + (this.#hidden.has(total) ? 1 : 0);
    if (terms === 0) return undefined;
    if (terms === 1) return this.#smallestShown([sum]);
    return !this.#hidden.has(total) && this.#isThin(sum, hidden.map((part) => this.#value(part))) ? this.#least(parts) : undefined;
  }

  /**
   * Whether the hidden parts of a shown total make up so little that each must be small; of places, also in the eyes of whoever keeps one of them and knows its own figure, so that three are
   * hidden where there are so many.
   */
  #isThin({ places }: Sum, hidden: readonly number[]): boolean {
    const rest = hidden.reduce((sum, value) => sum + value, 0);
    const slack = this.table.threshold - 1;
    return rest < hidden.length + slack || (places === true && (hidden.length === 2 || rest - Math.max(...hidden) < hidden.length - 1 + slack));
  }

  /** Of the cells that may still be hidden the smallest. */
  #least(cells: readonly string[]): string | undefined {
    let least: string | undefined;
    for (const cell of cells) {
      if (this.#hidden.has(cell) || this.table.decided.has(cell)) continue;
      if (least === undefined || this.#value(cell) < this.#value(least) || (this.#value(cell) === this.#value(least) && cell < least)) least = cell;
    }
    return least;
  }

  /** The smallest part that may still be hidden; a total only where no part is left. */
  #smallestShown(sums: readonly Sum[]): string | undefined {
    return this.#least(sums.flatMap(({ parts }) => parts)) ?? this.#least(sums.map(({ total }) => total));
  }

  /** The cell to hide next so that another no longer follows: in its own sums, else in those of the hidden cells around it. */
  #nearestShown(cell: string): string | undefined {
    const seen = new Set([cell]);
    for (let ring = [cell]; ring.length > 0;) {
      const sums = ring.flatMap((one) => this.#sumsOf.get(one) ?? []);
      const found = this.#smallestShown(sums);
      if (found !== undefined) return found;
      ring = [...new Set(sums.flatMap(({ total, parts }) => [total, ...parts]))].filter((one) => !seen.has(one) && seen.add(one));
    }
    return undefined;
  }

  #value(cell: string): number {
    return this.table.values.get(cell) ?? 0;
  }
}
