/** One sum of a table: the total is the sum of its parts, and everybody knows it. */
export interface Sum {
  total: string;
  parts: readonly string[];
  /** The parts are places: whoever keeps one of them knows its own figure. */
  places?: boolean;
}

export interface NumberedSum { total: number; parts: readonly number[]; terms: readonly number[]; places: boolean }

/** The cells of a table by number, in the order of their names, and its sums, the smallest first, whatever order both came in. Zeros are left out, with their terms in the sums. */
export class CountCells {
  readonly names: readonly string[];
  readonly values: Int32Array;
  readonly sums: readonly NumberedSum[];
  readonly #sumsOf: number[][];

  constructor(values: ReadonlyMap<string, number>, sums: readonly Sum[]) {
    this.names = [...values.keys()].toSorted();
    const numbers = new Map(this.names.map((name, number) => [name, number]));
    this.values = Int32Array.from(this.names, (name) => values.get(name) ?? 0);
    this.#sumsOf = this.names.map(() => []);
    const numbered: NumberedSum[] = [];
    for (const { total: name, parts: names, places } of sums) {
      const total = numbers.get(name);
      if (total === undefined) continue;
      const parts = names.map((part) => numbers.get(part) ?? -1).filter((part) => part >= 0).toSorted((one, other) => one - other);
      numbered.push({ total, parts, terms: [total, ...parts], places: places === true });
    }
    const valueOf = ({ total }: NumberedSum): number => this.values[total] ?? 0;
    this.sums = numbered.toSorted((one, other) => valueOf(one) - valueOf(other) || one.total - other.total || one.parts.length - other.parts.length || (one.parts[0] ?? 0) - (other.parts[0] ?? 0));
    for (const [index, { terms }] of this.sums.entries()) for (const term of terms) this.#sumsOf[term]?.push(index);
  }

  sumsOf(cell: number): readonly number[] {
    return this.#sumsOf[cell] ?? [];
  }
}
