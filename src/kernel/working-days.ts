import { addDays, type CalendarDate } from './dates.js';

/** A day on which the weekend rule does not hold: a holiday on a weekday, or a weekend day worked instead (调休). */
export interface CalendarRow {
  date: CalendarDate;
  working: boolean;
}

/** Which days are worked. Made with `buildCalendar`. */
export interface Calendar {
  /** Exceptions from "Monday to Friday are worked". */
  exceptions: ReadonlyMap<CalendarDate, boolean>;
  /** Last day for which the State Council's arrangement has been published; a later deadline is provisional. */
  knownUntil: CalendarDate;
}

export interface WorkingDeadline {
  date: CalendarDate;
  /** True where the clock ran past `knownUntil`: the date may still move when the next year is published. */
  provisional: boolean;
}

/** A calendar from the rows of the shipped or the operator's table. Of two rows for one day the later holds. */
export function buildCalendar(rows: Iterable<CalendarRow>, knownUntil: CalendarDate): Calendar {
  const exceptions = new Map<CalendarDate, boolean>();
  for (const row of rows) exceptions.set(row.date, row.working);
  return { exceptions, knownUntil };
}

export function isWorkingDay(calendar: Calendar, date: CalendarDate): boolean {
  const weekday = new Date(date).getUTCDay();
  return calendar.exceptions.get(date) ?? (weekday !== 0 && weekday !== 6);
}

/**
 * The day on which a period of so many working days ends. The day it starts is not counted (民法典 art. 201).
 * @param count whole number, 0 or more; 0 gives `from` itself
 */
export function addWorkingDays(calendar: Calendar, from: CalendarDate, count: number): WorkingDeadline {
  if (!Number.isInteger(count) || count < 0) throw new RangeError(`not a number of working days: ${count}`);
  let date = from;
  for (let left = count; left > 0;) {
    date = addDays(date, 1);
    if (isWorkingDay(calendar, date)) left -= 1;
  }
  return { date, provisional: date > calendar.knownUntil };
}

/** The working day that lies so many working days before another day. @param count whole number, 1 or more */
export function workingDaysBefore(calendar: Calendar, day: CalendarDate, count: number): CalendarDate {
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`not a number of working days: ${count}`);
  let date = day;
  for (let left = count; left > 0;) {
    date = addDays(date, -1);
    if (isWorkingDay(calendar, date)) left -= 1;
  }
  return date;
}
