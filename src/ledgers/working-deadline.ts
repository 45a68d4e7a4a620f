import type { WriteTransaction } from '../disclosure/perform.js';
import { dateOf } from '../kernel/dates.js';
import { addWorkingDays, buildCalendar, type Calendar, type WorkingDeadline } from '../kernel/working-days.js';
import { getCounted, type CountedStep } from './counted-deadlines.js';

/** The day on which a duty of the policy's `deadlines.yaml` ends, counted from today in the working days that the hub's table now holds. */
export async function workingDeadline(write: WriteTransaction, step: Exclude<CountedStep, 'releaseHouseholdFlag'>): Promise<WorkingDeadline> {
  const today = dateOf(write.context.now);
  return addWorkingDays(await calendarOf(write, today), today, getCounted(write.policy, step));
}

/** One reading of the table serves a whole write, however many notices it sends. */
const calendars = new WeakMap<WriteTransaction, Calendar>();

async function calendarOf(write: WriteTransaction, today: string): Promise<Calendar> {
  const read = calendars.get(write);
  if (read) return read;
  const rows = await write.query<{ day: string; working: boolean }>('SELECT day::text AS day, working FROM guitu.calendar_days WHERE day BETWEEN $1::date AND $1::date + 400', [today]);
  const known = await write.query<{ until: string }>("SELECT value #>> '{}' AS until FROM guitu.settings WHERE name = 'calendar.knownUntil' AND division = '000000'");
  const calendar = buildCalendar(rows.map(({ day, working }) => ({ date: day, working })), known[0]?.until ?? today);
  calendars.set(write, calendar);
  return calendar;
}
