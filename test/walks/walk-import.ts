import ExcelJS from 'exceljs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays } from '../../src/kernel/dates.js';
import { importReturns } from '../../src/ledgers/returns/returns.import.js';
import type { HubParts } from '../../src/server/start-hub.js';
import type { Seeded } from '../twins/seeded.js';
import { hold } from './walk-checks.js';

/** Imports a ledger of one row, whose filled columns prove a state. */
export async function importOne(parts: HubParts, state: string, random: Seeded, today: string, idNumber: string): Promise<void> {
  const row: Record<string, string> = { 姓名: `账者${random.below(1e6)}`, 身份证号: idNumber, 户籍地: '江苏省江阴市璜土镇', 救助机构: '天津市救助管理站', 入站日期: addDays(today, -20 - random.below(200)), 离站日期: addDays(today, -15), 返乡方式: '自行返乡', ...PROVEN[state]?.(today) };
  const folder = await mkdtemp(join(tmpdir(), 'guitu-walk-'));
  try {
    const book = new ExcelJS.Workbook();
    const sheet = book.addWorksheet('台账');
    sheet.addRow(['序号', ...Object.keys(row)]);
    sheet.addRow([1, ...Object.values(row)]);
    const file = join(folder, 'ledger.xlsx');
    await book.xlsx.writeFile(file);
    const report = await importReturns(parts, { file, agency: 'station-320281', send: false, allOrNothing: true, user: '行走' });
    hold('a row whose columns prove a state is imported', report.imported + report.alreadyThere === 1, () => JSON.stringify(report));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const PROVEN: Record<string, (today: string) => Record<string, string>> = {
  ACKNOWLEDGED: (today) => ({ 反馈函号: '津救A1', 反馈日期: addDays(today, -14) }),
  RECEIVED: (today) => ({ 接收日期: addDays(today, -13), 返乡方式: '护送返乡' }),
  AT_HOME: (today) => ({ 接收日期: addDays(today, -13), 返乡方式: '亲属接回' }),
  HOME_CHECKED: (today) => ({ 接收日期: addDays(today, -13), 家庭情况: '独居，有田二亩', 困难类型: '生活、基本医疗' }),
};
