import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ERROR_HEADS } from './head-row.js';
import type { SheetCell } from './sheet-cell.js';
import { buildWorkbook, type WrittenCell, type WrittenRow } from './workbook-write.js';

/** The rows that did not go in, as they were, each with what is wrong and in which column. */
export interface ErrorSheet {
  /** Heads of the original sheet in their order; empty text for a column without one. */
  heads: readonly string[];
  rows: readonly { cells: readonly (SheetCell | undefined)[]; reasons: readonly { head: string; zh: string }[] }[];
}

/** `台账.xlsx` → `台账.errors.xlsx`, beside it. */
export function errorSheetPath(path: string): string {
  return join(dirname(path), `${basename(path).replace(/\.xlsx$/i, '')}.errors.xlsx`);
}

/**
 * Writes an error sheet: 错误列 and 错误原因 in front, then the original columns with every cell as it was and the faulty ones marked. Mended, the
 * file is imported as it is: the reader passes over the two columns in front. Texts are text cells, so an ID number keeps its digits,
 * and one that starts like a formula cannot become one. The file appears whole or not at all, readable by its owner only.
 * @throws the error of the file system if the folder cannot be written
 */
export async function writeErrorSheet(path: string, sheet: ErrorSheet): Promise<void> {
  const bytes = buildErrorSheet(sheet);
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The bytes of an error sheet. Pure. */
export function buildErrorSheet({ heads, rows }: ErrorSheet): Buffer {
  const errorHeads: readonly string[] = ERROR_HEADS;
  const kept = [...heads.keys()].filter((at) => !errorHeads.includes(heads[at] ?? ''));
  const head: WrittenRow = [...ERROR_HEADS, ...kept.map((at) => heads[at] ?? '')].map((text) => ({ cell: { kind: 'text', text }, style: 'head' }));
  const body = rows.map(({ cells, reasons }): WrittenRow => {
    const blamed = new Set(reasons.map((reason) => reason.head));
    const columns: WrittenCell = { cell: { kind: 'text', text: [...blamed].join('、') }, style: 'reason' };
    const sentences: WrittenCell = { cell: { kind: 'text', text: reasons.map((reason) => `${reason.head}：${reason.zh}`).join('；') }, style: 'reason' };
    return [columns, sentences, ...kept.map((at): WrittenCell => ({ cell: cells[at], style: blamed.has(heads[at] ?? '') ? 'faulty' : 'plain' }))];
  });
  return buildWorkbook({ sheetName: '错误行', rows: [head, ...body], frozen: { rows: 1, columns: 2 }, widths: [16, 48, ...kept.map(() => 16)] });
}
