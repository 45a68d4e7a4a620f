import { isRealDay, type CalendarDate } from '../kernel/dates.js';
import { halfWidth } from '../kernel/text.js';
import { cellFault, type CellFault } from './cell-faults.js';
import { cellText, dateOfSerial, type SheetCell } from './sheet-cell.js';

/** Four digits alone are a year that somebody typed (1900–2199), although as a serial they would be a day of 1905. */
const YEARS = { from: 1900, until: 2200 } as const;

/**
 * The day that a cell means: a date cell, a serial, `2024-01-05`, `2024/1/5`, `2024.1.5`, `2024年1月5日`, `20240105`, full-width digits, a time of
 * day after any of them (dropped). Years run from 1900 to 2199. Orders other than year-month-day are refused: 03/04/2024 is two different days.
 * @returns undefined for an empty cell
 */
export function parseSheetDate(cell: SheetCell | undefined, date1904: boolean): CalendarDate | CellFault | undefined {
  if (!cell) return undefined;
  if (cell.kind === 'date') return isYearAlone(cell.serial) ? cellFault('INCOMPLETE_DATE') : cell.date;
  if (cell.kind === 'number') return dateOfNumber(cell.number, date1904);
  const text = cellText(cell).trim();
  return text === '' ? undefined : dateOfText(text, date1904);
}

function dateOfNumber(number: number, date1904: boolean): CalendarDate | CellFault {
  if (isYearAlone(number)) return cellFault('INCOMPLETE_DATE');
  if (Number.isInteger(number) && number >= 10_000_000 && number <= 99_999_999) return dateOfText(String(number), date1904);
  return dateOfSerial(number, date1904) ?? cellFault('BAD_DATE');
}

const TIME = String.raw`(?:[T ]?(?:上午|下午)?\d{1,2}(?::\d{1,2}){1,2}(?:\.\d+)?Z?)?`;
const PARTED = new RegExp(String.raw`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?${TIME}$`);
const RUN_TOGETHER = new RegExp(String.raw`^(\d{4})(\d{2})(\d{2})${TIME}$`);

function dateOfText(raw: string, date1904: boolean): CalendarDate | CellFault {
  const text = halfWidth(raw).replace(/[\u200b\u2060\ufeff]/g, '').trim().replace(/\s+/g, ' ').replace(/[。．·、—–]/g, '-').replace(/ ?([-/.年月]) ?/g, '$1').replace(/ ?([日号])/g, '$1');
  const parts = PARTED.exec(text) ?? RUN_TOGETHER.exec(text);
  if (parts) return realDay(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  if (/^\d{4}([-/.年]\d{0,2}月?)?$/.test(text) || /^(19|20)\d{4}$/.test(text)) return cellFault('INCOMPLETE_DATE');
  // A serial that was turned into text on its way through another program; five digits reach from 1927 to 2173.
  if (/^\d{5}$/.test(text)) return dateOfSerial(Number(text), date1904) ?? cellFault('BAD_DATE');
  return cellFault('BAD_DATE');
}

function realDay(year: number, month: number, day: number): CalendarDate | CellFault {
  if (year < YEARS.from || year >= YEARS.until || !isRealDay(year, month, day)) return cellFault('NO_SUCH_DATE');
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function isYearAlone(number: number): boolean {
  return Number.isInteger(number) && number >= YEARS.from && number < YEARS.until;
}
