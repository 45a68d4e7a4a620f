import ExcelJS from 'exceljs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openZip } from '../../src/exchange/zip-read.js';

/** A return ledger in which every row is faulty, about persons that the hub may know by their numbers. */
export async function faultySheet(idNumbers: readonly string[]): Promise<{ file: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'guitu-canaries-'));
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('台账');
  sheet.addRow(['序号', '姓名', '身份证号', '户籍地', '救助机构', '入站日期', '离站日期', '返乡方式']);
  for (const [index, idNumber] of idNumbers.entries()) sheet.addRow([index + 1, `来者${index}`, idNumber, '江苏省江阴市璜土镇', '天津市救助管理站', '2026-10-05', '2026-10-01', '自行返乡']);
  const file = join(folder, 'faulty.xlsx');
  await book.xlsx.writeFile(file);
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

const PARTS = ['[Content_Types].xml', '_rels/.rels', 'docProps/core.xml', 'docProps/app.xml', 'xl/workbook.xml', 'xl/styles.xml', 'xl/sharedStrings.xml', 'xl/worksheets/sheet1.xml', 'xl/worksheets/sheet2.xml', 'xl/comments1.xml'];

/** The text of every part of a workbook. */
export async function sheetText(file: string): Promise<string> {
  const folder = openZip(await readFile(file));
  return PARTS.filter((path) => folder.has(path)).map((path) => folder.get(path).toString('utf8')).join('\n');
}
