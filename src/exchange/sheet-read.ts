import { cellText, type SheetCell, type SheetRow } from './sheet-cell.js';
import { findColumn, findHeadRow, getHeadRow, type HeadRow } from './head-row.js';
import { plainWord, type SheetDefinition } from './sheet-definition.js';
import { sheetRefused } from './sheet-refusals.js';
import { openWorkbook, type MergedArea, type Worksheet } from './workbook-read.js';

/** A sheet whose heads are found. */
export interface OpenSheet extends HeadRow {
  /** Name of the worksheet. */
  sheetName: string;
  date1904: boolean;
  /** Rows of data below the heads, with their numbers in the sheet; empty rows, footers and repeated heads left out. */
  rows(): Generator<SheetRow>;
}

export interface ReadOptions {
  /** Name of the worksheet to read. Default: the only visible one that has heads and, below them, data. */
  sheetName?: string;
}

/**
 * Opens the sheet of a workbook that follows a definition: heads in any order, under titles, by any synonym.
 * @throws BAD_USER_INPUT with one sentence about the file: not an .xlsx, too large, no heads, heads missing or twice, several sheets.
 */
export async function openSheet(source: string | Uint8Array, definition: SheetDefinition, options: ReadOptions = {}): Promise<OpenSheet> {
  const { date1904, sheets } = await openWorkbook(source);
  const sheet = chooseSheet(sheets, definition, options.sheetName);
  const { merges } = sheet;
  const head = getHeadRow(firstRows(sheet), merges, definition);
  return { ...head, sheetName: sheet.name, date1904, rows: () => dataRows(sheet, merges, head, definition) };
}

/** Guesses nothing: with the ledgers of two years in one file, reading the first alone would lose a year without a word. */
function chooseSheet(sheets: Worksheet[], definition: SheetDefinition, sheetName?: string): Worksheet {
  if (sheetName !== undefined) {
    const named = sheets.find(({ name }) => name === sheetName);
    if (!named) throw sheetRefused(`没有名为“${sheetName}”的工作表`, `there is no worksheet \`${sheetName}\``);
    return named;
  }
  const visible = sheets.filter(({ hidden }) => !hidden);
  const [first, ...others] = visible.filter((sheet) => hasData(sheet, definition));
  if (others.length > 0) {
    const names = [first, ...others].map((sheet) => `“${sheet?.name}”`).join('、');
    throw sheetRefused(`文件中有多张台账工作表：${names}，请分别保存为单独的文件后导入`, `several worksheets hold a ledger: ${names}; save each as a file of its own`);
  }
  const sheet = first ?? visible.find((sheet) => firstRows(sheet).length > 0) ?? visible[0];
  if (!sheet) throw sheetRefused('文件中没有可见的工作表', 'there is no visible worksheet');
  return sheet;
}

function hasData(sheet: Worksheet, definition: SheetDefinition): boolean {
  const { merges } = sheet;
  const head = findHeadRow(firstRows(sheet), merges, definition);
  return head !== undefined && dataRows(sheet, merges, head, definition).next().done === false;
}

/** Enough rows to find the heads in. */
function firstRows(sheet: Worksheet): SheetRow[] {
  const rows: SheetRow[] = [];
  for (const { row } of filledDown(sheet.rows(), sheet.merges)) {
    rows.push(row);
    if (rows.length === 40) break;
  }
  return rows;
}

function* dataRows(sheet: Worksheet, merges: readonly MergedArea[], head: HeadRow, definition: SheetDefinition): Generator<SheetRow> {
  const known = [...head.columnOf].filter(([key]) => !definition.columns.some((column) => column.key === key && column.numbering)).map(([, at]) => at);
  for (const { row, own } of filledDown(sheet.rows(), merges)) {
    if (row.rowNo <= head.rowNo || known.every((at) => isBlank(own[at]))) continue;
    if (isFooter(row, head, definition) || isHeadAgain(row, head, definition) || isColumnNumbers(own)) continue;
    yield row;
  }
}

/**
 * Gives every row of a block merged downwards the value of its top cell: one notice number beside five persons is the number of each.
 * `own` is the row as it was. Merged to the right, the value stays in its first column.
 */
function* filledDown(rows: Iterable<SheetRow>, merges: readonly MergedArea[]): Generator<{ row: SheetRow; own: SheetRow['cells'] }> {
  const byTop = new Map<number, MergedArea[]>();
  for (const area of merges) if (area.bottom > area.top) byTop.set(area.top, [...(byTop.get(area.top) ?? []), area]);
  const running = new Map<number, { bottom: number; cell: SheetCell | undefined }>();
  for (const row of rows) {
    const cells = [...row.cells];
    for (const [column, { bottom, cell }] of running) {
      if (row.rowNo > bottom) running.delete(column);
      else cells[column] ??= cell;
    }
    for (const { left, bottom } of byTop.get(row.rowNo) ?? []) running.set(left, { bottom, cell: cells[left] });
    yield { row: { rowNo: row.rowNo, cells }, own: row.cells };
  }
}

function isBlank(cell: SheetCell | undefined): boolean {
  return cellText(cell).trim() === '';
}

/** 合计, 填表人：张三 and the like. A row with something like an ID number is a person whatever its first cell says. */
function isFooter(row: SheetRow, head: HeadRow, definition: SheetDefinition): boolean {
  const first = plainWord(cellText(row.cells.find((cell) => !isBlank(cell))));
  const closes = definition.footers.some((word) => first === word || first.startsWith(`${word}:`) || (/^.计$/.test(word) && /^\d*[人名例次]?$/.test(first.slice(word.length)) && first.startsWith(word)));
  return closes && !/\d{15}/.test(plainWord(cellText(row.cells[head.columnOf.get('idNumber') ?? -1])));
}

/** The heads repeated at the top of each printed page. */
function isHeadAgain(row: SheetRow, head: HeadRow, definition: SheetDefinition): boolean {
  let same = 0;
  for (const [key, at] of head.columnOf) if (findColumn(cellText(row.cells[at]), definition)?.key === key) same++;
  return same >= Math.min(3, head.columnOf.size);
}

/** The line (1)(2)(3)… that numbers the columns of official forms. */
function isColumnNumbers(cells: SheetRow['cells']): boolean {
  const numbers = cells.filter((cell) => !isBlank(cell)).map((cell) => Number(plainWord(cellText(cell)).replace(/[()]/g, '')));
  return numbers.length >= 5 && numbers.every((number, index) => number === (numbers[0] ?? 0) + index);
}
