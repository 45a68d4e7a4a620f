import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, addMonths, ageBand, ageOn, dateOf, formatInstant, parseDate } from '../../src/kernel/dates.js';
import { isFault } from '../../src/kernel/fault.js';

const anyDate = fc.date({ min: new Date('1900-01-01'), max: new Date('2100-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));

const monthCount = (date: string): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));

describe('calendar dates', () => {
  test('a date is exactly YYYY-MM-DD and a day that the calendar has', () => {
    expect(parseDate('2024-02-29')).toBe('2024-02-29');
    for (const text of ['2024-2-9', '2024/02/09', '20240209', ' 2024-02-09', '2024-02-09T00:00', '２０２４-02-09', '']) expect(parseDate(text)).toMatchObject({ fault: 'FORMAT' });
    for (const text of ['2023-02-29', '1900-02-29', '2024-04-31', '2024-13-01', '2024-00-10', '2024-01-00', '0000-01-01']) expect(parseDate(text)).toMatchObject({ fault: 'NO_SUCH_DAY' });
  });

  test('every day the platform knows is a date', () => {
    fc.assert(fc.property(anyDate, (date) => { expect(isFault(parseDate(date))).toBe(false); }));
  });

  test('the date of an instant is that of Asia/Shanghai', () => {
    expect(dateOf(new Date('2026-02-28T15:59:59.999Z'))).toBe('2026-02-28');
    expect(dateOf(new Date('2026-02-28T16:00:00Z'))).toBe('2026-03-01');
  });

  test('an instant is written with milliseconds and +08:00, and means the same instant', () => {
    expect(formatInstant(new Date('2026-03-01T01:00:00Z'))).toBe('2026-03-01T09:00:00.000+08:00');
    fc.assert(fc.property(fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), (instant) => {
      expect(new Date(formatInstant(instant)).getTime()).toBe(instant.getTime());
      expect(formatInstant(instant).slice(0, 10)).toBe(dateOf(instant));
    }));
  });

  test.each([
    ['2025-12-31', 2, '2026-02-28'], ['2027-12-31', 2, '2028-02-29'], ['2026-01-31', 1, '2026-02-28'], ['2026-03-31', -1, '2026-02-28'],
    ['2026-11-15', 2, '2027-01-15'], ['2026-12-31', 12, '2027-12-31'], ['2024-02-29', 12, '2025-02-28'], ['2026-01-15', -13, '2024-12-15'], ['2026-05-05', 0, '2026-05-05'],
  ])('%s and %d months make %s', (date, months, result) => {
    expect(addMonths(date, months)).toBe(result);
  });

  test('months later: the same day of that month or its last day, never a day of the next', () => {
    fc.assert(fc.property(anyDate, fc.integer({ min: -240, max: 240 }), (date, months) => {
      const later = addMonths(date, months);
      expect(isFault(parseDate(later))).toBe(false);
      expect(monthCount(later)).toBe(monthCount(date) + months);
      expect(later.slice(8) === date.slice(8) || addDays(later, 1).endsWith('-01')).toBe(true);
    }));
  });

  test('days later and back again', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
    fc.assert(fc.property(anyDate, fc.integer({ min: -5000, max: 5000 }), (date, days) => { expect(addDays(addDays(date, days), -days)).toBe(date); }));
  });
});

describe('age', () => {
  test.each([
    ['2008-05-05', '2026-05-04', 17], ['2008-05-05', '2026-05-05', 18], ['2008-02-29', '2026-02-28', 17], ['2008-02-29', '2026-03-01', 18],
    ['2008-02-29', '2028-02-29', 20], ['2008-12-31', '2026-01-01', 17], ['2026-05-05', '2026-05-05', 0],
  ])('born %s, on %s: %d', (bornOn, on, age) => {
    expect(ageOn(bornOn, on)).toBe(age);
  });

  test('a birth date in the future makes a minor, not an adult', () => {
    expect(ageOn('2026-05-06', '2026-05-05')).toBe(-1);
    expect(ageBand(ageOn('2046-05-06', '2026-05-05'))).toBe('UNDER_14');
  });

  test('age never falls as days pass', () => {
    fc.assert(fc.property(anyDate, anyDate, fc.integer({ min: 0, max: 400 }), (bornOn, on, days) => { expect(ageOn(bornOn, addDays(on, days))).toBeGreaterThanOrEqual(ageOn(bornOn, on)); }));
  });

  test('bands begin on the birthday', () => {
    expect([13, 14, 17, 18, 59, 60].map(ageBand)).toEqual(['UNDER_14', 'FROM_14_TO_17', 'FROM_14_TO_17', 'FROM_18_TO_59', 'FROM_18_TO_59', 'FROM_60']);
  });
});
