import { describe, expect, test } from '@jest/globals';
import { cellText } from '../../src/exchange/sheet-cell.js';
import { loadSheetDefinition } from '../../src/exchange/sheet-definition.js';
import { openSheet } from '../../src/exchange/sheet-read.js';
import { refusalOf, textBook, textRow, type RawOptions } from './raw-workbook.js';

const definition = loadSheetDefinition('returns');

async function read(rows: readonly (readonly string[])[], more: Partial<RawOptions> = {}, sheetName?: string) {
  const sheet = await openSheet(textBook(rows, more), definition, { sheetName });
  return { keys: [...sheet.columnOf.keys()], columnOf: Object.fromEntries(sheet.columnOf), ignored: sheet.ignoredHeads, heads: sheet.heads, rows: [...sheet.rows()].map(({ rowNo, cells }) => [rowNo, ...Array.from(cells, cellText)]) };
}

describe('heads', () => {
  test('are found below titles, in any order, by any synonym', async () => {
    const { columnOf, rows } = await read([['返乡人员信息台账'], ['填报单位：江阴'], ['公民身份号码', '受助人员姓名', '送返方式'], ['1', '甲', '自行返乡']], { merges: '<mergeCells><mergeCell ref="A1:C1"/></mergeCells>' });
    expect(columnOf).toEqual({ idNumber: 0, name: 1, returnMode: 2 });
    expect(rows).toEqual([[4, '1', '甲', '自行返乡']]);
  });
  test('may hold line breaks, blanks, full-width forms, asterisks, notes in brackets and a colon', async () => {
    expect((await read([['* 姓　名', '身份证号&#10;（必填）', '出生\n日期＊', '联系电话：', '年龄(岁)', '返乡 方式']])).columnOf).toEqual({ name: 0, idNumber: 1, birthDate: 2, kinPhone: 3, estimatedAge: 4, returnMode: 5 });
  });
  test('that nobody knows are passed over and reported; the two of an error sheet without a word', async () => {
    const { keys, ignored } = await read([['错误列', '错误原因', '姓名', '片区', '身份证号', '']]);
    expect([keys, ignored]).toEqual([['name', 'idNumber'], ['片区']]);
  });
  test('that are required and missing are named in one sentence', async () => {
    expect(await refusalOf(read([['性别', '出生日期', '备注']]))).toBe('缺少必需的列：“姓名”、“身份证号”');
  });
  test('given twice are refused, naming both', async () => {
    expect(await refusalOf(read([['姓名', '身份证号', '公民身份号码']]))).toBe('“身份证号”列出现了两次：“身份证号”和“公民身份号码”，请只保留一列');
  });
  test('that are not there at all are refused', async () => {
    expect(await refusalOf(read([['张三', '李四'], ['a', 'b']]))).toMatch(/没有找到表头/);
    expect(await refusalOf(read([]))).toMatch(/没有找到表头/);
  });
  test('in two rows, grouped, are read with their group', async () => {
    const merges = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:B2"/><mergeCell ref="C1:D1"/></mergeCells>';
    const { columnOf, rows } = await read([['姓名', '身份证号', '亲属', ''], ['', '', '姓名', '电话'], ['甲', '1', '乙', '2']], { merges });
    expect(columnOf).toEqual({ name: 0, idNumber: 1, kinName: 2, kinPhone: 3 });
    expect(rows).toEqual([[3, '甲', '1', '乙', '2']]);
  });
});

describe('rows', () => {
  const head = ['序号', '姓名', '身份证号', '反馈函号', '备注'];
  test('keep their number in the sheet; empty ones and those with a number of line only are passed over', async () => {
    expect((await read([head, ['1', '甲'], [], ['2'], ['3', '  '], ['4', '乙']])).rows).toEqual([[2, '1', '甲'], [6, '4', '乙']]);
  });
  test('of totals and signatures are passed over, a person with an ID number never', async () => {
    const { rows } = await read([head, ['合计', '3人'], ['总计3人', '甲'], ['填表人：张三', '', '审核人：李四'], ['注：以上属实', 'x'], ['合 计', '甲', '990001194912310029'], ['审核', '甲']]);
    expect(rows).toEqual([[6, '合 计', '甲', '990001194912310029']]);
  });
  test('that repeat the heads or number the columns are passed over', async () => {
    expect((await read([head, ['1', '2', '3', '4', '5'], ['1', '甲'], head, ['2', '乙']])).rows).toEqual([[3, '1', '甲'], [5, '2', '乙']]);
  });
  test('below a merged cell share its value; merged to the right it stays in the first column', async () => {
    const merges = '<mergeCells><mergeCell ref="D2:D4"/><mergeCell ref="B5:C5"/></mergeCells>';
    expect((await read([head, ['1', '甲', '', '津1号'], ['2', '乙'], ['3'], ['4', '丙'], ['5', '丁']], { merges })).rows).toEqual([[2, '1', '甲', '', '津1号'], [3, '2', '乙', '', '津1号'], [5, '4', '丙'], [6, '5', '丁']]);
  });
});

describe('worksheets', () => {
  const ledger = [['姓名', '身份证号'], ['甲', '1']] as const;
  const rows = ledger.map((texts, at) => textRow(at + 1, texts)).join('');
  test('other than the ledger, hidden or without rows are passed over', async () => {
    const extraSheets = [{ name: '说明', rows: textRow(1, ['填表说明']) }, { name: '旧', rows, hidden: true }, { name: '空表', rows: textRow(1, ledger[0]) }];
    expect((await read(ledger, { extraSheets })).rows).toEqual([[2, '甲', '1']]);
    expect((await read([['说明']], { extraSheets: [{ name: '台账2', rows }] })).rows).toEqual([[2, '甲', '1']]);
  });
  test('that both hold a ledger are refused, unless one is named', async () => {
    const extraSheets = [{ name: '2024年', rows }];
    expect(await refusalOf(read(ledger, { extraSheets }))).toMatch(/“台账”、“2024年”/);
    expect((await read([['姓名', '身份证号'], ['乙', '2']], { extraSheets }, '2024年')).rows).toEqual([[2, '甲', '1']]);
    expect(await refusalOf(read(ledger, {}, '没有'))).toMatch(/没有名为/);
  });
});
