interface NamedSum { total: string; parts: readonly string[] }

/** Which unknown cells have one value only, given all others: by the sums, then by bounds: whole numbers from 1, by running each unknown's interval down until nothing moves. */
export function followsExactly(unknown: readonly string[], sums: readonly NamedSum[], values: ReadonlyMap<string, number>): string[] {
  const settled = new Set([...settledBy(sums, unknown), ...pinned(unknown, sums, values)]);
  return unknown.filter((cell) => settled.has(cell));
}

/** Exact linear algebra over the rationals, written apart from the hub's own: a cell is settled where every vector of the null space of the sums is zero at it. */
export function settledBy(sums: readonly NamedSum[], unknown: readonly string[]): string[] {
  const column = new Map(unknown.map((cell, index) => [cell, index]));
  const matrix: Fraction[][] = [];
  for (const { total, parts } of sums) {
    const row = new Map<number, bigint>();
    for (const [cell, sign] of [[total, 1n] as const, ...parts.map((part) => [part, -1n] as const)]) {
      const at = column.get(cell);
      if (at !== undefined) row.set(at, (row.get(at) ?? 0n) + sign);
    }
    if (row.size > 0) matrix.push(unknown.map((_, index) => ({ n: row.get(index) ?? 0n, d: 1n })));
  }
  const alone = rowReduce(matrix, unknown.length);
  return unknown.filter((_, index) => alone.has(index));
}

interface Fraction { n: bigint; d: bigint }

function gcd(one: bigint, other: bigint): bigint {
  let [a, b] = [one < 0n ? -one : one, other];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

function fraction(n: bigint, d: bigint): Fraction {
  const common = gcd(n, d < 0n ? -d : d) || 1n;
  const sign = d < 0n ? -1n : 1n;
  return { n: (sign * n) / common, d: (sign * d) / common };
}

/** Reduced row echelon form; gives the columns that are alone in their row. */
function rowReduce(matrix: Fraction[][], width: number): Set<number> {
  let rank = 0;
  for (let at = 0; at < width && rank < matrix.length; at += 1) {
    const found = matrix.findIndex((row, index) => index >= rank && row[at]?.n !== 0n);
    if (found < 0) continue;
    const pivotRow = matrix[found] ?? [];
    matrix[found] = matrix[rank] ?? [];
    const lead = pivotRow[at] ?? { n: 1n, d: 1n };
    matrix[rank] = pivotRow.map(({ n, d }) => (n === 0n ? { n, d } : fraction(n * lead.d, d * lead.n)));
    const pivot = matrix[rank] ?? [];
    const columns = pivot.flatMap(({ n }, index) => (n === 0n ? [] : [index]));
    for (const [index, row] of matrix.entries()) {
      const factor = row[at];
      if (index === rank || !factor || factor.n === 0n) continue;
      for (const c of columns) {
        const [own, its] = [row[c], pivot[c]];
        if (own && its) row[c] = fraction(own.n * factor.d * its.d - factor.n * its.n * own.d, own.d * factor.d * its.d);
      }
    }
    rank += 1;
  }
  return new Set(matrix.slice(0, rank).flatMap((row) => {
    const held = row.flatMap(({ n }, index) => (n === 0n ? [] : [index]));
    return held.length === 1 ? held : [];
  }));
}

function pinned(unknown: readonly string[], sums: readonly NamedSum[], values: ReadonlyMap<string, number>): string[] {
  const low = new Map(unknown.map((cell) => [cell, 1]));
  const high = new Map(unknown.map((cell) => [cell, 1_000_000]));
  const lowOf = (cell: string): number => low.get(cell) ?? values.get(cell) ?? 0;
  const highOf = (cell: string): number => high.get(cell) ?? values.get(cell) ?? 0;
  for (let moved = true; moved;) {
    moved = false;
    for (const { total, parts } of sums) {
      for (const cell of [total, ...parts]) {
        if (!low.has(cell)) continue;
        const others = parts.filter((part) => part !== cell);
        const [least, most] = [others.reduce((sum, part) => sum + lowOf(part), 0), others.reduce((sum, part) => sum + highOf(part), 0)];
        const [from, to] = cell === total ? [least, most] : [lowOf(total) - most, highOf(total) - least];
        if (from > lowOf(cell)) moved = low.set(cell, from) !== undefined;
        if (to < highOf(cell)) moved = high.set(cell, to) !== undefined;
      }
    }
  }
  return unknown.filter((cell) => lowOf(cell) === highOf(cell));
}
