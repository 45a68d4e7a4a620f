import { CountCells, type NumberedSum, type Sum } from './count-cells.js';
import { Bounds, findDetermined } from './determined.js';

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
  /** What is lost when a cell is hidden for the sake of others; from 1. */
  lossOf: (cell: string) => number;
}

/**
 * Which of the cells that are not decided yet are shown. Hidden is every count below the threshold, and beside it as many others as it takes that no hidden count follows from what is shown:
 * not from one sum, not from all of them together, not by bounds. Of several that would do, the one is hidden whose loss is least. Depends on the table alone, never on who asks.
 */
export function chooseShown(table: CountTable): Set<string> {
  return new Suppression(table).run();
}

/** Trials of showing again what was hidden for others look through so many cells for each of the table, and then no more. */
const LOOKS_PER_CELL = 2;

class Suppression {
  readonly #cells: CountCells;
  readonly #bounds: Bounds;
  readonly #hidden: Uint8Array;
  readonly #decided: Uint8Array;
  /** Cells that a hidden count may not follow from: small ones, and those hidden before. */
  readonly #guarded: Uint8Array;
  readonly #loss: Float64Array;

  constructor(private readonly table: CountTable) {
    const cells = (this.#cells = new CountCells(table.values, table.sums));
    this.#bounds = new Bounds(cells);
    this.#decided = Uint8Array.from(cells.names, (name) => (table.decided.has(name) ? 1 : 0));
    this.#guarded = Uint8Array.from(cells.names, (name, cell) => (table.decided.get(name) === false || (!table.decided.has(name) && (cells.values[cell] ?? 0) < table.threshold) ? 1 : 0));
    this.#hidden = Uint8Array.from(this.#guarded);
    this.#loss = Float64Array.from(cells.names, table.lossOf);
  }

  run(): Set<string> {
    this.#closeSums(this.#cells.sums.keys());
    for (let looked: readonly number[] = this.#all(this.#hidden); looked.length > 0;) looked = this.#hideBeside(looked);
    this.#giveBack();
    this.#sayWhatFollows();
    return new Set(this.#cells.names.filter((_, cell) => this.#hidden[cell] === 0 && this.#decided[cell] === 0));
  }

  #all(of: Uint8Array): number[] {
    return [...of.keys()].filter((cell) => of[cell] === 1);
  }

  /** Hides one more for each guarded cell that follows, among those tied to the given ones. @returns those hidden */
  #hideBeside(looked: readonly number[]): number[] {
    const leaking = this.#leaking(looked).filter((cell) => this.#guarded[cell] === 1);
    const also = new Set(leaking.map((cell) => this.#nearestShown(cell)).filter((cell) => cell !== undefined));
    for (const cell of also) this.#hide(cell);
    return [...also];
  }

  /** Shows again what no hidden count needs, what is lost most first. Only what is tied to it by hidden cells is looked through. */
  #giveBack(): void {
    const others = this.#all(this.#hidden).filter((cell) => this.#guarded[cell] === 0)
      .toSorted((one, other) => (this.#loss[other] ?? 0) - (this.#loss[one] ?? 0) || (this.#cells.values[other] ?? 0) - (this.#cells.values[one] ?? 0) || one - other);
    let left = LOOKS_PER_CELL * this.#cells.names.length;
    for (const cell of others) {
      if (left <= 0) return;
      this.#hidden[cell] = 0;
      const sums = this.#cells.sumsOf(cell).map((index) => this.#cells.sums[index]).filter((sum) => sum !== undefined);
      left -= 1;
      if (!sums.some((sum) => this.#nextOf(sum) !== undefined)) {
        const beside = sums.flatMap(({ terms }) => terms.filter((term) => this.#hidden[term] === 1));
        const leaking = this.#leaking(beside, (size) => void (left -= size));
        if (!leaking.some((one) => this.#guarded[one] === 1)) continue;
      }
      this.#hidden[cell] = 1;
    }
  }

  /** Shows what follows from the shown ones anyway and is no small count. Taken back where a guarded one follows then: a cell that seemed to follow did not. */
  #sayWhatFollows(): void {
    const following = this.#leaking(this.#all(this.#hidden));
    const said = following.filter((cell) => this.#guarded[cell] === 0);
    if (said.length === 0) return;
    const before = new Set(following);
    for (const cell of said) this.#hidden[cell] = 0;
    if (this.#leaking(this.#all(this.#hidden)).some((cell) => this.#guarded[cell] === 1 && !before.has(cell))) for (const cell of said) this.#hidden[cell] = 1;
  }

  /** Which hidden cells follow, of those that are tied to the given ones over hidden cells; what is not tied to each other is looked at apart. */
  #leaking(from: readonly number[], spend: (size: number) => void = () => undefined): number[] {
    const seen = new Set<number>();
    const found = new Set<number>();
    for (const begin of from) {
      if (seen.has(begin) || this.#hidden[begin] === 0) continue;
      const tied = new Set([begin]);
      const sums = new Set<number>();
      for (const cell of tied) for (const index of this.#cells.sumsOf(cell)) {
        if (sums.has(index)) continue;
        sums.add(index);
        for (const term of this.#cells.sums[index]?.terms ?? []) if (this.#hidden[term] === 1) tied.add(term);
      }
      for (const cell of tied) seen.add(cell);
      spend(tied.size);
      const asked = [...sums].toSorted((one, other) => one - other).map((index) => this.#cells.sums[index]).filter((sum) => sum !== undefined);
      for (const cell of [...findDetermined(asked, (one) => this.#hidden[one] === 1), ...this.#bounds.findPinned(sums, [...tied])]) found.add(cell);
    }
    return [...found].toSorted((one, other) => one - other);
  }

  #hide(cell: number): void {
    this.#hidden[cell] = 1;
    this.#closeSums(this.#cells.sumsOf(cell));
  }

  /** Hides terms of each sum until it gives none of its hidden ones away, and goes on to the sums that this touched; the smallest sums first, so that what is hidden stays low in the tree. */
  #closeSums(begin: Iterable<number>): void {
    for (let waiting = new Set(begin); waiting.size > 0;) {
      const touched = new Set<number>();
      for (const index of [...waiting].toSorted((one, other) => one - other)) {
        const sum = this.#cells.sums[index];
        touched.delete(index);
        if (!sum) continue;
        for (let next = this.#nextOf(sum); next !== undefined; next = this.#nextOf(sum)) {
          this.#hidden[next] = 1;
          for (const other of this.#cells.sumsOf(next)) if (other !== index) touched.add(other);
        }
      }
      waiting = touched;
    }
  }

  /** The term of a sum to hide next: any, where the only hidden one would follow; a part, where those that are hidden would be too few or too little. */
  #nextOf(sum: NumberedSum): number | undefined {
    let [rest, many, most] = [0, 0, 0];
    for (const part of sum.parts) {
      if (this.#hidden[part] === 0) continue;
      const value = this.#cells.values[part] ?? 0;
      [rest, many, most] = [rest + value, many + 1, Math.max(most, value)];
    }
    const total = this.#hidden[sum.total] === 1;
    if (many === 0 && !total) return undefined;
    if (many + (total ? 1 : 0) === 1) return this.#cheapest([sum]);
    return !total && this.#isThin(sum.places, rest, many, most) ? this.#least(sum.parts) : undefined;
  }

  /**
   * Whether the hidden parts of a shown total make up so little that each must be small; of places, also in the eyes of whoever keeps one of them and knows its own figure, so that three are
   * hidden where there are so many.
   */
  #isThin(places: boolean, rest: number, many: number, most: number): boolean {
    const slack = this.table.threshold - 1;
    return rest < many + slack || (places && (many === 2 || rest - most < many - 1 + slack));
  }

  /** Of the cells that may still be hidden the one that is lost least, and of such the smallest. */
  #least(cells: readonly number[]): number | undefined {
    let least: number | undefined;
    for (const cell of cells) {
      if (this.#hidden[cell] === 1 || this.#decided[cell] === 1) continue;
      if (least === undefined || this.#compare(cell, least) < 0) least = cell;
    }
    return least;
  }

  #compare(one: number, other: number): number {
    return (this.#loss[one] ?? 0) - (this.#loss[other] ?? 0) || (this.#cells.values[one] ?? 0) - (this.#cells.values[other] ?? 0) || one - other;
  }

  /** The part that is lost least; a total only where no part is left. */
  #cheapest(sums: readonly NumberedSum[]): number | undefined {
    return this.#least(sums.flatMap(({ parts }) => parts)) ?? this.#least(sums.map(({ total }) => total));
  }

  /** The cell to hide next so that another no longer follows: in its own sums, else in those of the hidden cells around it. */
  #nearestShown(cell: number): number | undefined {
    const seen = new Set([cell]);
    for (let ring = [cell]; ring.length > 0;) {
      const sums = ring.flatMap((one) => this.#cells.sumsOf(one)).map((index) => this.#cells.sums[index]).filter((sum) => sum !== undefined);
      const found = this.#cheapest(sums);
      if (found !== undefined) return found;
      ring = [...new Set(sums.flatMap(({ terms }) => terms))].filter((one) => this.#hidden[one] === 1 && !seen.has(one) && seen.add(one));
    }
    return undefined;
  }
}
