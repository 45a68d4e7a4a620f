import type { Draft, DraftPolicy } from './draft-policy.js';
import { without } from './draft-policy.js';
import { LEDGER_TABLES, type PlainRow, type PlainRows } from './plain-rows.js';

/** Every line of a draft that can be struck out. */
const linesOf = ({ records }: DraftPolicy): Draft[] => records.flatMap(({ relations, rows, blocks, caps }) => [...rows, ...blocks.flatMap(({ grants }) => grants), ...caps, ...Object.values(relations)]);

/**
 * Takes parts away while `stillFails`: halves first, then smaller parts, then one by one (delta debugging).
 * @param until when to be content with what is left, milliseconds since 1970
 */
async function cut<Part>(parts: readonly Part[], stillFails: (left: readonly Part[]) => Promise<boolean>, until: number): Promise<readonly Part[]> {
  let left = parts;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < left.length && Date.now() < until;) {
      const fewer = [...left.slice(0, start), ...left.slice(start + size)];
      if (await stillFails(fewer)) left = fewer;
      else start += size;
    }
  }
  return left;
}

/** A policy without the rules that a mismatch does not need. */
export async function cutPolicy(draft: DraftPolicy, stillFails: (cut: DraftPolicy) => Promise<boolean>, until: number): Promise<DraftPolicy> {
  const lines = linesOf(draft);
  const policyOf = (left: readonly Draft[]): DraftPolicy => without(draft, new Set(lines.filter((line) => !left.includes(line))));
  return policyOf(await cut(lines, (left) => stillFails(policyOf(left)), until));
}

/** Rows without those that a mismatch does not need; what hangs on a row goes with it. */
export async function cutRows(rows: PlainRows, stillFails: (cut: PlainRows) => Promise<boolean>, until: number): Promise<PlainRows> {
  const all = LEDGER_TABLES.flatMap((table) => rows[table].map((row) => ({ table, row })));
  const rowsOf = (left: readonly { table: (typeof LEDGER_TABLES)[number]; row: PlainRow }[]): PlainRows => {
    const ids = new Set(left.map(({ row }) => row['id']));
    const hangs = (row: PlainRow): boolean => ['person_id', 'case_id', 'household_id', 'member_id'].every((column) => !(column in row) || ids.has(row[column] as string));
    let kept = left;
    for (let before = Infinity; kept.length < before;) {
      before = kept.length;
      for (const { row } of kept.filter((one) => !hangs(one.row))) ids.delete(row['id']);
      kept = kept.filter(({ row }) => hangs(row));
    }
    return Object.fromEntries(LEDGER_TABLES.map((table) => [table, kept.filter((one) => one.table === table).map(({ row }) => row)])) as PlainRows;
  };
  return rowsOf(await cut(all, (left) => stillFails(rowsOf(left)), until));
}
