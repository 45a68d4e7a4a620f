import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import ExcelJS from 'exceljs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { divisionFinder } from '../../src/exchange/division-text.js';
import { buildErrorSheet, errorSheetPath, writeErrorSheet, type ErrorSheet } from '../../src/exchange/error-sheet.js';
import { parseReturnSheet, type ParsedReturnSheet } from '../../src/exchange/return-sheet.js';
import type { SheetCell } from '../../src/exchange/sheet-cell.js';
import { openWorkbook } from '../../src/exchange/workbook-read.js';
import { openZip } from '../../src/exchange/zip-read.js';
import { makeReturnSheet } from './make-sheet.js';
import { SHEET_DIVISIONS } from './sheet-divisions.js';

const context = { today: '2025-12-31', findDivision: divisionFinder(SHEET_DIVISIONS) };
let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'guitu-errors-')); });
afterEach(async () => rm(folder, { recursive: true }));

function errorsOf(sheet: ParsedReturnSheet): ErrorSheet {
  return { heads: sheet.heads, rows: [...sheet.faultyCells].map(([rowNo, cells]) => ({ cells, reasons: sheet.faults.filter((fault) => fault.rowNo === rowNo) })) };
}

/** Opens with another program's reader. */
async function withExcelJs(sheet: ErrorSheet): Promise<ExcelJS.Worksheet> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(buildErrorSheet(sheet) as unknown as ArrayBuffer);
  return book.worksheets[0] as ExcelJS.Worksheet;
}

const reasons = (sheet: ParsedReturnSheet) => sheet.faults.map(({ head, code }) => `${head}:${code}`);
const text = (value: string): SheetCell => ({ kind: 'text', text: value });

describe('an error sheet', () => {
  test('opens in another reader with reasons in front, frozen heads, text cells, days and marked faults', async () => {
    const sheet = await withExcelJs({
      heads: ['姓名', '身份证号', '入站日期', '年龄'],
      rows: [{ cells: [text('张三'), text('990001194912310029'), { kind: 'date', date: '2024-01-05', serial: 45296 }, { kind: 'number', number: 45, text: '45' }], reasons: [{ head: '身份证号', zh: '校验位不符' }, { head: '入站日期', zh: '晚于今天' }] }],
    });
    expect(sheet.getRow(1).values).toEqual([undefined, '错误列', '错误原因', '姓名', '身份证号', '入站日期', '年龄']);
    expect(sheet.getRow(2).values).toEqual([undefined, '身份证号、入站日期', '身份证号：校验位不符；入站日期：晚于今天', '张三', '990001194912310029', new Date('2024-01-05T00:00:00Z'), 45]);
    expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
    expect(sheet.getCell('D2').numFmt).toBe('@');
    expect(['C2', 'D2', 'E2', 'F2'].map((at) => (sheet.getCell(at).fill as ExcelJS.FillPattern | undefined)?.fgColor?.argb)).toEqual([undefined, 'FFFFC7CE', 'FFFFC7CE', undefined]);
  });

  test.each(['=1+1', '=cmd|\' /C calc\'!A0', '+8613800000000', '-1+2', '@SUM(A1)', '\tx', '\rx', '＝1'])('keeps %j as a text that cannot become a formula', async (dangerous) => {
    const errors: ErrorSheet = { heads: ['姓名'], rows: [{ cells: [text(dangerous)], reasons: [] }] };
    const cell = (await withExcelJs(errors)).getCell('C2');
    expect([cell.type, cell.formula, cell.numFmt]).toEqual([ExcelJS.ValueType.String, undefined, '@']);
    const zip = openZip(buildErrorSheet(errors));
    const xml = zip.get('xl/worksheets/sheet1.xml').toString();
    const style = Number(/<c r="C2" s="(\d+)"/.exec(xml)?.[1]);
    expect(zip.get('xl/styles.xml').toString().split('<cellXfs')[1]?.split('<xf ')[style + 1]).toContain('quotePrefix="1"');
    expect(xml).not.toContain('<f');
    const [row] = [...(await openWorkbook(buildErrorSheet(errors))).sheets[0]?.rows() ?? []].slice(1);
    expect(row?.cells[2]).toEqual(text(dangerous));
  });

  test('keeps every character that a cell can hold', async () => {
    const awkward = ['<a & "b">', ' 前后 ', '两\n行', '_x000D_', '\u0001', '𠮷'];
    const errors: ErrorSheet = { heads: awkward.map((_, at) => `列${at}`), rows: [{ cells: awkward.map(text), reasons: [] }] };
    const rows = [...(await openWorkbook(buildErrorSheet(errors))).sheets[0]?.rows() ?? []];
    expect(rows[1]?.cells.slice(2)).toEqual(awkward.map(text));
  });

  test('read again unmended is refused for the same reasons, and its own two columns are not taken over', async () => {
    const first = await parseReturnSheet((await makeReturnSheet({ rows: 280, faulty: 140 })).bytes, context);
    const again = await parseReturnSheet(buildErrorSheet(errorsOf(first)), context);
    expect(again.rows).toEqual([]);
    expect(reasons(again)).toEqual(reasons(first));
    expect(again.ignoredHeads).toEqual(first.ignoredHeads);
    const third = await withExcelJs(errorsOf(again));
    expect((third.getRow(1).values as string[]).filter((head) => head === '错误列')).toHaveLength(1);
  });

  test('mended in a spreadsheet program goes in', async () => {
    const made = await makeReturnSheet({ rows: 14, faulty: 14 });
    const errors = errorsOf(await parseReturnSheet(made.bytes, context));
    const row = errors.rows.find(({ reasons }) => reasons.some(({ zh }) => /后几位已丢失/.test(zh))) as ErrorSheet['rows'][number];
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(buildErrorSheet({ heads: errors.heads, rows: [row] }) as unknown as ArrayBuffer);
    const sheet = book.worksheets[0] as ExcelJS.Worksheet;
    const column = (sheet.getRow(1).values as string[]).findIndex((head) => /身份号码/.test(head ?? ''));
    const whole = made.rows.find(({ fault }) => fault === 'numericId') as { idNumber: string };
    sheet.getRow(2).getCell(column).value = whole.idNumber;
    const mended = await parseReturnSheet(Buffer.from(await book.xlsx.writeBuffer()), context);
    expect(mended.faults).toEqual([]);
    expect(mended.rows[0]?.values.idNumber?.number18).toBe(whole.idNumber);
  });

  test('appears whole or not at all, for its owner only, and replaces an older one', async () => {
    const path = errorSheetPath(join(folder, '台账.XLSX'));
    expect(path).toBe(join(folder, '台账.errors.xlsx'));
    await writeFile(path, 'old');
    await writeErrorSheet(path, { heads: ['姓名'], rows: [] });
    expect(await readdir(folder)).toEqual(['台账.errors.xlsx']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await openWorkbook(path)).sheets).toHaveLength(1);
    await expect(writeErrorSheet(folder, { heads: [], rows: [] })).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['台账.errors.xlsx']);
  });
});
