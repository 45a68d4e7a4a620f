import { addDays, addMonths, type CalendarDate } from '../../kernel/dates.js';
import { badInput } from '../../kernel/errors.js';

/** A closed calendar unit: `2026-10`, `2026-Q4`, `2026`. */
export interface Period {
  name: string;
  first: CalendarDate;
  /** First day after it. */
  end: CalendarDate;
  /** How many months it has: 1, 3 or 12. */
  length: number;
}

const LENGTHS = { month: 1, quarter: 3, year: 12 } as const;

/** @throws Refusal BAD_USER_INPUT `period` */
export function parsePeriod(text: string): Period {
  const match = /^(20\d\d)(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?$/u.exec(text);
  if (!match) throw badInput('period', '期间应写作月 2026-10、季 2026-Q4 或年 2026', 'a period is a month such as 2026-10, a quarter such as 2026-Q4 or a year such as 2026');
  const [, year = '', month, quarter] = match;
  if (month !== undefined) return periodFrom(`${year}-${month}-01`, 'month');
  return quarter === undefined ? periodFrom(`${year}-01-01`, 'year') : periodFrom(`${year}-${String(3 * Number(quarter) - 2).padStart(2, '0')}-01`, 'quarter');
}

function periodFrom(first: CalendarDate, unit: keyof typeof LENGTHS): Period {
  const [year, month] = [first.slice(0, 4), Number(first.slice(5, 7))];
  const name = unit === 'month' ? first.slice(0, 7) : unit === 'quarter' ? `${year}-Q${Math.ceil(month / 3)}` : year;
  return { name, first, end: addMonths(first, LENGTHS[unit]), length: LENGTHS[unit] };
}

export const monthOf = (day: CalendarDate): Period => periodFrom(`${day.slice(0, 7)}-01`, 'month');
export const monthAfter = ({ end }: Period): Period => monthOf(end);

/** The month in which a period ends: what stood at its end stood at the end of that month. */
export const lastMonthOf = ({ end }: Period): Period => monthOf(addDays(end, -1));

/** The quarter and the year that end with a month, if one does. */
export function endingWith(month: Period): Period[] {
  const number = Number(month.first.slice(5, 7));
  const year = month.first.slice(0, 4);
  return [...(number % 3 === 0 ? [periodFrom(`${year}-${String(number - 2).padStart(2, '0')}-01`, 'quarter')] : []), ...(number === 12 ? [periodFrom(`${year}-01-01`, 'year')] : [])];
}

/** The periods that a quarter or a year is added up from, and their months. */
export function withinPeriod({ first, length }: Period): Period[] {
  const months = Array.from({ length }, (_, index) => monthOf(addMonths(first, index)));
  return length === LENGTHS.year ? [...months, ...[0, 3, 6, 9].map((index) => periodFrom(addMonths(first, index), 'quarter'))] : length === LENGTHS.quarter ? months : [];
}
