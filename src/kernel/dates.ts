import type { Fault } from './fault.js';

/** A calendar date in Asia/Shanghai, `YYYY-MM-DD`. Comparing the texts compares the dates. */
export type CalendarDate = string;

/** Asia/Shanghai is UTC+8 and has had no summer time since 1991. */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** A date as the contract and the sheets write it: exactly `YYYY-MM-DD`, a day that the calendar has (GB/T 7408). */
export function parseDate(text: string): CalendarDate | Fault<'FORMAT' | 'NO_SUCH_DAY'> {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return { fault: 'FORMAT', zh: '日期应写作 YYYY-MM-DD', en: 'a date is written YYYY-MM-DD' };
  if (!isRealDay(Number(match[1]), Number(match[2]), Number(match[3]))) return { fault: 'NO_SUCH_DAY', zh: '没有这一天', en: 'there is no such day' };
  return text;
}

/** Whether the Gregorian calendar has this day, in the years 1 to 9999. */
export function isRealDay(year: number, month: number, day: number): boolean {
  return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** The date in Asia/Shanghai at an instant. */
export function dateOf(instant: Date): CalendarDate {
  return new Date(instant.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);
}

/** The first instant of a day in Asia/Shanghai. */
export function startOf(date: CalendarDate): Date {
  return new Date(Date.parse(date) - SHANGHAI_OFFSET_MS);
}

/** An instant as every answer, event and sheet writes it: `2026-03-01T09:00:00.000+08:00`, milliseconds always. */
export function formatInstant(instant: Date): string {
  return new Date(instant.getTime() + SHANGHAI_OFFSET_MS).toISOString().replace('Z', '+08:00');
}

/** The date so many days later; earlier if negative. */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * The corresponding day so many months later (earlier if negative), or the last day of a month that lacks it
 * (民法典 art. 202: 31 December and two months make the last day of February).
 */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const [year, month, day] = partsOf(date);
  const count = year * 12 + (month - 1) + months;
  const newYear = Math.floor(count / 12);
  const newMonth = count - newYear * 12 + 1;
  return writeDate(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)));
}

/**
 * Completed years of age (周岁) on a day; one more from each birthday on. Born on 29 February: in other years from 1 March, so that a
 * child stays a child to the end of February. Negative before birth, so an impossible birth date never makes an adult.
 */
export function ageOn(bornOn: CalendarDate, on: CalendarDate): number {
  const years = Number(on.slice(0, 4)) - Number(bornOn.slice(0, 4));
  return on.slice(5) >= bornOn.slice(5) ? years : years - 1;
}

export const AGE_BANDS = ['UNDER_14', 'FROM_14_TO_17', 'FROM_18_TO_59', 'FROM_60'] as const;
export type AgeBand = (typeof AGE_BANDS)[number];

/** The band of an age in completed years: 14 (个人信息保护法 art. 28), 18 (未成年人保护法 art. 2), 60 (老年人权益保障法 art. 2). */
export function ageBand(age: number): AgeBand {
  if (age < 14) return 'UNDER_14';
  if (age < 18) return 'FROM_14_TO_17';
  return age < 60 ? 'FROM_18_TO_59' : 'FROM_60';
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function partsOf(date: CalendarDate): [number, number, number] {
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
}

function writeDate(year: number, month: number, day: number): CalendarDate {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
