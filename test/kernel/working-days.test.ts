import { describe, expect, test } from '@jest/globals';
import chineseDays from 'chinese-days';
import fc from 'fast-check';
import { addDays } from '../../src/kernel/dates.js';
import { addWorkingDays, buildCalendar, isWorkingDay } from '../../src/kernel/working-days.js';
import { readShippedTable } from './shipped-tables.js';

const table = readShippedTable('calendar.tsv');
const calendar = buildCalendar(table.rows.map(({ date, working }) => ({ date, working: working === 't' })), table.notes.get('known_until') ?? '');
const works = (date: string): boolean => isWorkingDay(calendar, date);

describe('the shipped calendar', () => {
  test('is known to the end of 2026', () => {
    expect(calendar.knownUntil).toBe('2026-12-31');
  });

  test('holds exceptions only, each day once, in order', () => {
    const dates = table.rows.map(({ date }) => date);
    expect(dates).toEqual([...new Set(dates)].toSorted());
    const weekends = buildCalendar([], '2026-12-31');
    expect(table.rows.filter(({ date, working }) => isWorkingDay(weekends, date) === (working === 't'))).toEqual([]);
  });

  test('Spring Festival 2026: off from 15 to 23 February; 14 and 28 February, Saturdays, are worked', () => {
    for (let date = '2026-02-15'; date <= '2026-02-23'; date = addDays(date, 1)) expect([date, works(date)]).toEqual([date, false]);
    expect(['2026-02-14', '2026-02-24', '2026-02-28'].map(works)).toEqual([true, true, true]);
  });

  test('National Day 2026: off from 1 to 7 October; 20 September (a Sunday) and 10 October (a Saturday) are worked', () => {
    for (let date = '2026-10-01'; date <= '2026-10-07'; date = addDays(date, 1)) expect([date, works(date)]).toEqual([date, false]);
    expect(['2026-09-20', '2026-10-08', '2026-10-10', '2026-10-11'].map(works)).toEqual([true, true, true, false]);
  });

  test('the Spring Festival of 2020, prolonged to 2 February, is in it', () => {
    expect(['2020-01-31', '2020-02-01', '2020-02-02', '2020-02-03'].map(works)).toEqual([false, false, false, true]);
  });

  test('says of every day from 2018 to 2026 what chinese-days says', () => {
    const differing: string[] = [];
    for (let date = '2018-01-01'; date <= '2026-12-31'; date = addDays(date, 1)) if (works(date) !== chineseDays.isWorkday(date)) differing.push(date);
    expect(differing).toEqual([]);
  });
});

describe('periods in working days', () => {
  test('the day on which a period starts is not counted', () => {
    expect(addWorkingDays(calendar, '2026-03-02', 1)).toEqual({ date: '2026-03-03', provisional: false });
    expect(addWorkingDays(calendar, '2026-03-02', 0)).toEqual({ date: '2026-03-02', provisional: false });
  });

  test('holidays are skipped and weekend days that are worked instead are counted', () => {
    expect(addWorkingDays(calendar, '2026-02-13', 2)).toEqual({ date: '2026-02-24', provisional: false });
    expect(addWorkingDays(calendar, '2026-09-30', 3)).toEqual({ date: '2026-10-10', provisional: false });
  });

  test('ten working days from 25 December 2026 end beyond the published years: provisional', () => {
    expect(addWorkingDays(calendar, '2026-12-25', 4)).toEqual({ date: '2026-12-31', provisional: false });
    expect(addWorkingDays(calendar, '2026-12-25', 10)).toEqual({ date: '2027-01-08', provisional: true });
  });

  test('of two rows for one day the later holds', () => {
    const amended = buildCalendar([{ date: '2027-01-01', working: true }, { date: '2027-01-01', working: false }], '2027-12-31');
    expect(addWorkingDays(amended, '2026-12-31', 1)).toEqual({ date: '2027-01-04', provisional: false });
  });

  test('a number of days that is none is refused', () => {
    for (const count of [-1, 1.5, Number.NaN]) expect(() => addWorkingDays(calendar, '2026-03-02', count)).toThrow(RangeError);
  });

  test('a period ends on a working day, with exactly that many working days after its start', () => {
    const start = fc.integer({ min: 0, max: 3200 }).map((days) => addDays('2018-01-01', days));
    fc.assert(fc.property(start, fc.integer({ min: 1, max: 40 }), (from, count) => {
      const { date: end } = addWorkingDays(calendar, from, count);
      let counted = 0;
      for (let date = addDays(from, 1); date <= end; date = addDays(date, 1)) counted += works(date) ? 1 : 0;
      expect([works(end), counted]).toEqual([true, count]);
    }));
  });
});
