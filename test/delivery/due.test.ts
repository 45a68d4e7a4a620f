import { describe, expect, test } from '@jest/globals';
import { countDue, type Due } from '../../src/delivery/due.js';
import { dateOf, formatInstant } from '../../src/kernel/dates.js';
import { buildCalendar } from '../../src/kernel/working-days.js';
import { shippedPolicy } from '../policy/shipped-policy.js';

const calendar = buildCalendar([{ date: '2026-10-01', working: false }, { date: '2026-10-02', working: false }, { date: '2026-10-10', working: true }], '2026-12-31');
const policy = shippedPolicy();
const due = (unit: Due['unit'], amount: number, from: string): Due => countDue(calendar, policy, { unit, amount, class: 'DESIGN', reason: '试' }, new Date(from));

describe('when a duty ends', () => {
  test('two working days from a Friday afternoon end with Tuesday: late from Wednesday, 00:00 in Shanghai', () => {
    const { dueOn, dueAt, provisional } = due('workingDays', 2, '2026-11-20T15:00:00+08:00');
    expect([dueOn, formatInstant(dueAt), provisional]).toEqual(['2026-11-24', '2026-11-25T00:00:00.000+08:00', false]);
  });

  test('the owner is reminded at nine on the working day before the last', () => {
    expect(due('workingDays', 2, '2026-11-20T15:00:00+08:00').remindAt).toEqual(new Date('2026-11-23T09:00:00+08:00'));
  });

  test('nobody is reminded of what only just began', () => {
    expect(due('workingDays', 1, '2026-11-20T15:00:00+08:00').remindAt).toBeNull();
  });

  test('31 December and two months end with the last day of February', () => {
    expect(due('calendarMonths', 2, '2026-12-31T09:00:00+08:00').dueOn).toBe('2027-02-28');
    expect(due('calendarMonths', 2, '2027-12-31T09:00:00+08:00').dueOn).toBe('2028-02-29');
  });

  test('a calendar period is never provisional: it needs no calendar of working days', () => {
    expect(due('calendarYears', 1, '2026-12-31T09:00:00+08:00')).toMatchObject({ dueOn: '2027-12-31', provisional: false });
  });

  test.each([['2026-11-20', '2027-01-31', 2], ['2026-12-31', '2027-01-31', 1], ['2027-01-02', '2027-07-31', 6], ['2027-01-31', '2027-07-31', 6], ['2027-06-30', '2027-07-31', 1], ['2027-07-15', '2028-01-31', 6]])(
    'visits of January and July: after one on %s the next is due on %s', (visited, dueOn, amount) => {
      const counted = countDue(calendar, policy, { unit: 'calendarMonths', amount: 2, months: [1, 7], class: 'POLICY', reason: '试' }, new Date(`${visited}T00:00:00+08:00`));
      expect(counted).toMatchObject({ dueOn, amount, unit: 'calendarMonths', remindAt: new Date(`${dueOn.slice(0, 7)}-01T09:00:00+08:00`), provisional: false });
      expect(dateOf(new Date(counted.dueAt.getTime() - 1))).toBe(dueOn);
    });

  test('of one month a year the next is the following year\'s', () => {
    expect(countDue(calendar, policy, { unit: 'calendarMonths', amount: 2, months: [2], class: 'POLICY', reason: '试' }, new Date('2027-02-03T10:00:00+08:00'))).toMatchObject({ dueOn: '2028-02-29', amount: 12 });
  });

  test('24 hours are 24 hours, weekend or not, with a reminder four hours before', () => {
    const { dueAt, remindAt, dueOn } = due('hours', 24, '2026-11-21T22:30:00+08:00');
    expect([formatInstant(dueAt), formatInstant(remindAt ?? new Date(0)), dueOn]).toEqual(['2026-11-22T22:30:00.000+08:00', '2026-11-22T18:30:00.000+08:00', '2026-11-22']);
  });

  test('ten working days from 25 December 2026 are provisional', () => {
    expect(due('workingDays', 10, '2026-12-25T10:00:00+08:00')).toMatchObject({ dueOn: '2027-01-08', provisional: true });
  });

  test('an instant late at night in UTC counts from the day that it is in Shanghai', () => {
    expect(due('workingDays', 1, '2026-11-19T17:00:00Z').dueOn).toBe('2026-11-23');
  });
});
