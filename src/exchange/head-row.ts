import { cellText, type SheetRow } from './sheet-cell.js';
import { plainWord, type SheetColumn, type SheetDefinition } from './sheet-definition.js';
import { sheetRefused } from './sheet-refusals.js';
import type { MergedArea } from './workbook-read.js';

/** The two columns that an error sheet has more than its original; passed over when the mended file comes back. */
export const ERROR_HEADS = ['错误列', '错误原因'] as const;

/** Where the heads of a sheet stand. */
export interface HeadRow {
  rowNo: number;
  /** Texts of the heads by column from 0, as written, line breaks closed up; empty where there is none. */
  heads: string[];
  /** Key → column from 0. */
  columnOf: Map<string, number>;
  /** Texts of heads that the definition does not know. */
  ignoredHeads: string[];
}

/** Heads are looked for in this many rows with content; letterheads and notes above them are shorter. */
const ROWS_SEARCHED = 30;

/**
 * Finds the row with the most known heads among the first rows. Under a group head that spans several columns (亲属: 姓名 | 电话) a head is
 * also tried together with its group. `rows`: the first rows, cells merged downwards already filled in.
 * @throws BAD_USER_INPUT if there is no head row, a head is given twice, or required heads are missing (all named at once).
 */
export function getHeadRow(rows: readonly SheetRow[], merges: readonly MergedArea[], definition: SheetDefinition): HeadRow {
  const found = findHeadRow(rows, merges, definition);
  if (!found) throw sheetRefused(`没有找到表头，应有“姓名”“身份证号”等列名`, 'no row of heads was found');
  const missing = definition.columns.filter((column) => column.required && !found.columnOf.has(column.key)).map((column) => `“${column.head}”`);
  if (missing.length > 0) throw sheetRefused(`缺少必需的列：${missing.join('、')}`, `required heads are missing: ${missing.join(', ')}`);
  return found;
}

/** The same, undefined where no row has two known heads. @throws BAD_USER_INPUT if a head is given twice. */
export function findHeadRow(rows: readonly SheetRow[], merges: readonly MergedArea[], definition: SheetDefinition): HeadRow | undefined {
  let best: { row: SheetRow; heads: string[]; known: number } | undefined;
  for (const [index, row] of rows.slice(0, ROWS_SEARCHED).entries()) {
    const heads = headsOf(row, rows[index - 1], merges, definition);
    const known = new Set(heads.map((head) => findColumn(head, definition)?.key).filter((key) => key !== undefined)).size;
    if (known >= 2 && known > (best?.known ?? 0)) best = { row, heads, known };
  }
  return best && assign(best.row.rowNo, best.heads, definition);
}

function headsOf(row: SheetRow, above: SheetRow | undefined, merges: readonly MergedArea[], definition: SheetDefinition): string[] {
  return Array.from(row.cells, (cell, column) => {
    const own = closeUp(cellText(cell));
    const group = above && own !== '' ? closeUp(cellText(above.cells[groupColumn(above.rowNo, column, merges)])) : '';
    return group !== '' && group !== own && findColumn(group + own, definition) ? group + own : own;
  });
}

/** The column in which the text of a merged group head stands. */
function groupColumn(rowNo: number, column: number, merges: readonly MergedArea[]): number {
  return merges.find((area) => area.top <= rowNo && rowNo <= area.bottom && area.left <= column && column <= area.right)?.left ?? column;
}

function assign(rowNo: number, heads: string[], definition: SheetDefinition): HeadRow {
  const columnOf = new Map<string, number>();
  const ignoredHeads: string[] = [];
  const errorHeads: readonly string[] = ERROR_HEADS;
  for (const [at, head] of heads.entries()) {
    const column = findColumn(head, definition);
    if (!column) {
      if (head !== '' && !errorHeads.includes(plainWord(head))) ignoredHeads.push(head);
      continue;
    }
    const other = columnOf.get(column.key);
    if (other !== undefined) {
      throw sheetRefused(`“${column.head}”列出现了两次：“${heads[other]}”和“${head}”，请只保留一列`, `the head \`${column.head}\` is given twice: \`${heads[other]}\` and \`${head}\``);
    }
    columnOf.set(column.key, at);
  }
  return { rowNo, heads, columnOf, ignoredHeads };
}

/** The column that a head names, itself or without a note in brackets: 身份证号（必填）. */
export function findColumn(head: string, definition: SheetDefinition): SheetColumn | undefined {
  const word = plainWord(head);
  return definition.heads.get(word) ?? definition.heads.get(plainWord(word.replace(/[([【〔].*$/, '')));
}

function closeUp(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, '').trim();
}
