import type { CalendarDate } from '../kernel/dates.js';
import { isFault } from '../kernel/fault.js';
import { cellFault, isCellFault, type SheetFaultCode } from './cell-faults.js';
import { parseCell, type CellContext, type CellValue } from './cell-values.js';
import type { FindDivision } from './division-text.js';
import { checkReturnRow, RETURN_DATES } from './return-row-checks.js';
import type { ReturnRowValues, RowFault } from './return-row.js';
import type { SheetCell, SheetRow } from './sheet-cell.js';
import { loadSheetDefinition, type SheetDefinition } from './sheet-definition.js';
import { openSheet, type ReadOptions } from './sheet-read.js';

/** A row without faults. */
export interface ParsedReturnRow {
  /** Number of the row in the sheet, from 1. */
  rowNo: number;
  values: ReturnRowValues;
  /** The cells as they were, one for each of `heads`, for an error sheet if the row is refused later. */
  cells: (SheetCell | undefined)[];
}

/** One fault of one row; a row may have several. `head` is the head as the sheet writes it, or the definition's where the sheet has no such column. */
export interface SheetFault { rowNo: number; head: string; code: SheetFaultCode; zh: string }

export interface ParsedReturnSheet {
  sheetName: string;
  /** Heads in their original order; empty text for a column without one. */
  heads: string[];
  /** Heads that the definition does not know; their cells are not read. */
  ignoredHeads: string[];
  rows: ParsedReturnRow[];
  faults: SheetFault[];
  /** The cells of every row that has faults, by `rowNo`, one for each of `heads`. */
  faultyCells: Map<number, (SheetCell | undefined)[]>;
}

export interface ReturnSheetContext extends ReadOptions {
  /** The day that no date may pass, `YYYY-MM-DD` in Asia/Shanghai. */
  today: CalendarDate;
  findDivision: FindDivision;
}

/**
 * Reads a 返乡人员信息台账 (民发〔2020〕14号 二(五)) from a path or from bytes. Which state a row proves, and whether a column is missing for it, is for the ledger.
 * @throws BAD_USER_INPUT with one sentence if the file as a whole cannot be read (see `openSheet`)
 */
export async function parseReturnSheet(source: string | Uint8Array, context: ReturnSheetContext): Promise<ParsedReturnSheet> {
  const definition = loadSheetDefinition('returns');
  const sheet = await openSheet(source, definition, context);
  const cellContext: CellContext = { definition, date1904: sheet.date1904, findDivision: context.findDivision };
  const { sheetName, heads, ignoredHeads } = sheet;
  const result: ParsedReturnSheet = { sheetName, heads, ignoredHeads, rows: [], faults: [], faultyCells: new Map() };
  for (const row of sheet.rows()) {
    const { values, faults } = parseReturnRow(row, sheet.columnOf, cellContext, context.today);
    const cells = heads.map((_, at) => row.cells[at]);
    if (faults.length === 0) result.rows.push({ rowNo: row.rowNo, values, cells });
    else result.faultyCells.set(row.rowNo, cells);
    for (const { key, code, zh } of faults) result.faults.push({ rowNo: row.rowNo, head: headOf(key, sheet, definition), code, zh });
  }
  return result;
}

function parseReturnRow(row: SheetRow, columnOf: ReadonlyMap<string, number>, context: CellContext, today: CalendarDate): { values: ReturnRowValues; faults: RowFault[] } {
  const read: Record<string, CellValue> = {};
  const faults: RowFault[] = [];
  for (const column of context.definition.columns) {
    if (column.numbering) continue;
    const at = columnOf.get(column.key);
    const value = at === undefined ? undefined : parseCell(row.cells[at], column, context);
    if (isCellFault(value)) faults.push({ key: column.key as keyof ReturnRowValues, ...value });
    else if (value !== undefined) read[column.key] = value;
  }
  // The definition says which type each key has; a test compares the two.
  const values = read as ReturnRowValues;
  const unread = new Set(faults.map(({ key }) => key));
  if (values.address !== undefined) values.homeDivision = homeDivisionOf(values.address, context.findDivision);
  if (!hasSubject(values, unread)) faults.push({ key: 'name', ...cellFault('NOBODY') });
  faults.push(...checkReturnRow(values, today));
  return { values, faults };
}

/** All identity fields are optional (domain §6), but a row without name, ID number and any date is about nobody. A cell that could not be read is not empty. */
function hasSubject(values: ReturnRowValues, unread: ReadonlySet<string>): boolean {
  return (['name', 'idNumber', ...RETURN_DATES] as const).some((key) => values[key] !== undefined || unread.has(key));
}

function homeDivisionOf(address: string, findDivision: FindDivision): string | undefined {
  const found = findDivision(address);
  return found && !isFault(found) ? found.code : undefined;
}

function headOf(key: string, sheet: { heads: string[]; columnOf: ReadonlyMap<string, number> }, definition: SheetDefinition): string {
  const at = sheet.columnOf.get(key);
  return (at === undefined ? definition.columns.find((column) => column.key === key)?.head : sheet.heads[at]) ?? key;
}
