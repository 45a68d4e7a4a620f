import { expect, test } from '@jest/globals';
import { isCellFault } from '../../src/exchange/cell-faults.js';
import { serialOfDate, type SheetCell } from '../../src/exchange/sheet-cell.js';
import { parseSheetDate } from '../../src/exchange/sheet-date.js';

function read(cell: string | number | SheetCell | undefined, date1904 = false): string | undefined {
  const given: SheetCell | undefined = typeof cell === 'string' ? { kind: 'text', text: cell } : typeof cell === 'number' ? { kind: 'number', number: cell, text: String(cell) } : cell;
  const found = parseSheetDate(given, date1904);
  return isCellFault(found) ? found.code : found;
}

test.each([
  '2024-01-05', '2024-1-5', '2024/1/5', '2024.1.5', '2024．1．5', '2024年1月5日', '2024 年 1 月 5 日', '2024年01月05号', '２０２４年１月５日', '２０２４－０１－０５', '20240105', ' 2024-01-05 ',
  '2024-01-05 00:00:00', '2024/1/5 10:30', '2024-01-05T08:00:00.000Z', '2024—1—5', '2024。1。5', '45296',
])('the text %s is 2024-01-05', (text) => {
  expect(read(text)).toBe('2024-01-05');
});

test('a serial is a day, with its time of day dropped, in both date systems', () => {
  expect([read(45296), read(45296.75), read(43834, true), read({ kind: 'date', date: '2024-01-05', serial: 45296 })]).toEqual(Array.from({ length: 4 }, () => '2024-01-05'));
});

test('the 1900 system has no 1900-02-29, and days before it are counted from 1', () => {
  expect([read(1), read(59), read(60), read(61)]).toEqual(['1900-01-01', '1900-02-28', 'BAD_DATE', '1900-03-01']);
  expect(serialOfDate('2024-01-05')).toBe(45296);
});

test('eight digits in a numeric cell are year, month and day', () => {
  expect([read(20240105), read(20240230), read(12345678)]).toEqual(['2024-01-05', 'NO_SUCH_DATE', 'NO_SUCH_DATE']);
});

test('a year or a month alone is incomplete, not a day of 1905', () => {
  expect(['2024', '2024年', '2024年1月', '2024-01', '2024.1', '202401', 2024, { kind: 'date', date: '1905-07-16', serial: 2024 } as const].map((text) => read(text))).toEqual(Array.from({ length: 8 }, () => 'INCOMPLETE_DATE'));
});

test('a day that the calendar does not have is refused', () => {
  expect(['2023-02-29', '2024-13-01', '2024-04-31', '1850-01-01', '2300-01-01'].map((text) => read(text))).toEqual(Array.from({ length: 5 }, () => 'NO_SUCH_DATE'));
});

test('other orders, short years, spans and words are refused', () => {
  expect(['01/05/2024', '5.1.2024', '24-1-5', '2024.1.5-2024.1.7', '一月五日', '去年', -3, 9e9].map((text) => read(text))).toEqual(Array.from({ length: 8 }, () => 'BAD_DATE'));
});

test('an empty cell is no date', () => {
  expect([read(undefined), read('  ')]).toEqual([undefined, undefined]);
});
