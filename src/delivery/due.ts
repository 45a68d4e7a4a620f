import type { RowSource } from '../db/row-source.js';
import { addDays, addMonths, dateOf, startOf, type CalendarDate } from '../kernel/dates.js';
import { addWorkingDays, workingDaysBefore, type Calendar } from '../kernel/working-days.js';
import type { Deadline } from '../policy/deadlines.js';
import { readCalendar } from './calendar.js';
import { getCounted, type CountedStep, type DeadlineSource, type DutyStep } from './counted-deadlines.js';

/** When a duty ends, and how that was counted. */
export interface Due {
  startedAt: Date;
  /** Last day on which it is met in time. */
  dueOn: CalendarDate;
  /** First instant at which it is late. */
  dueAt: Date;
  /** When its owner is reminded; null where that would be at once or before it began. */
  remindAt: Date | null;
  /** Counted past the last published calendar. */
  provisional: boolean;
  amount: number;
  unit: Exclude<Deadline['unit'], 'dayOfMonth'>;
  class: Deadline['class'];
  /** Why this long: the shipped reason, or that of the division that set its own. */
  reason: string;
}

/** How long a duty runs: an amount of its unit, or, where `months` (1 to 12) are given, until the end of the next of them. */
export interface Length extends Pick<Due, 'amount' | 'unit' | 'class' | 'reason'> { months?: readonly number[] }

/** What a division decided, as `guitu.settings` keeps it: an amount, or the months of the year in which the step is taken. */
export type DecidedLength = number | { months: readonly number[] };

/** Reminders go out when offices open. */
const OFFICE_OPENS_MS = 9 * 3_600_000;

/**
 * Counts a duty from an instant, by the setting of the nearest division above its owner that decided one, or else the shipped default. Working days by the hub's table, the first day not
 * counted; calendar months and years end on the corresponding day, or the last of a month that lacks it (民法典 art. 201, 202); hours exactly. A last day that is no working day stays:
 * these are duties towards a person, not procedural periods.
 */
export async function dueOf(db: RowSource, policy: DeadlineSource, step: DutyStep, from: Date, ownerId: string): Promise<Due> {
  const length = await lengthOf(db, policy, step, ownerId);
  const day = dateOf(from);
  return countDue(await readCalendar(db, addDays(day, -40), addDays(day, 2 * length.amount + 400)), policy, length, from);
}

/**
 * `dueOf` for whoever may owe the step: by each division that decided a length of its own, and by the shipped default (`division` null). For acts of the database whose caller does not learn
 * who the owner is.
 */
export async function duesByDivision(db: RowSource, policy: DeadlineSource, step: DutyStep, from: Date): Promise<{ division: string | null; due: Due }[]> {
  const shipped = shippedLength(policy, step);
  const decided = await db.query<Decided & { division: string }>('SELECT division, value, reason FROM guitu.settings WHERE name = $1', [`deadline.${step}`]);
  const lengths = [{ ...shipped, division: null }, ...decided.map(({ division, ...own }) => ({ ...decidedLength(shipped, own), division }))];
  const day = dateOf(from);
  const calendar = await readCalendar(db, addDays(day, -40), addDays(day, 2 * Math.max(...lengths.map(({ amount }) => amount)) + 400));
  return lengths.map(({ division, ...length }) => ({ division, due: countDue(calendar, policy, length, from) }));
}

/** A duty that ends on a day which was set and not counted; its owner is reminded the day before. */
export function dueBy(counted: Due, dueOn: CalendarDate, reason: string): Due {
  const remindAt = new Date(startOf(addDays(dueOn, -1)).getTime() + OFFICE_OPENS_MS);
  return { ...counted, dueOn, dueAt: startOf(addDays(dueOn, 1)), remindAt: remindAt > counted.startedAt ? remindAt : null, provisional: false, reason };
}

/** `dueOf` once the length is known: for counting again when a calendar was imported. */
export function countDue(calendar: Calendar, policy: DeadlineSource, { months, ...length }: Length, from: Date): Due {
  if (months) return dueInMonths(months, length, from);
  const { amount, unit } = length;
  const started = dateOf(from);
  if (unit === 'hours') {
    const dueAt = new Date(from.getTime() + amount * 3_600_000);
    const remindAt = new Date(dueAt.getTime() - getCounted(policy, 'remindBeforeHours').amount * 3_600_000);
    return { ...length, startedAt: from, dueOn: dateOf(dueAt), dueAt, remindAt: remindAt > from ? remindAt : null, provisional: false };
  }
  const { date: dueOn, provisional } = unit === 'workingDays' ? addWorkingDays(calendar, started, amount) : { date: addMonths(started, unit === 'calendarYears' ? 12 * amount : amount), provisional: false };
  const remindAt = new Date(startOf(workingDaysBefore(calendar, dueOn, getCounted(policy, 'remindBefore').amount)).getTime() + OFFICE_OPENS_MS);
  return { ...length, startedAt: from, dueOn, dueAt: startOf(addDays(dueOn, 1)), remindAt: remindAt > from ? remindAt : null, provisional };
}

/** Due by the end of the next of these months after the one it is counted from; its owner is reminded when that month begins. */
function dueInMonths(months: readonly number[], length: Omit<Length, 'months'>, from: Date): Due {
  const first = `${dateOf(from).slice(0, 7)}-01`;
  const next = Array.from({ length: 12 }, (_, index) => index + 1).find((ahead) => months.includes(Number(addMonths(first, ahead).slice(5, 7))));
  if (next === undefined) throw new Error('a division decided on no month of the year');
  const begins = addMonths(first, next);
  const ended = addMonths(begins, 1);
  return { ...length, amount: next, unit: 'calendarMonths', startedAt: from, dueOn: addDays(ended, -1), dueAt: startOf(ended), remindAt: new Date(startOf(begins).getTime() + OFFICE_OPENS_MS), provisional: false };
}

/** How much the nearest division above the owner decided, or the shipped amount. */
export async function amountFor(db: RowSource, policy: DeadlineSource, step: CountedStep, ownerId: string): Promise<number> {
  const [decided] = await db.query<Decided>(NEAREST_SETTING, [ownerId, `deadline.${step}`]);
  return typeof decided?.value === 'number' ? decided.value : getCounted(policy, step).amount;
}

async function lengthOf(db: RowSource, policy: DeadlineSource, step: DutyStep, ownerId: string): Promise<Length> {
  const shipped = shippedLength(policy, step);
  const [decided] = await db.query<Decided>(NEAREST_SETTING, [ownerId, `deadline.${step}`]);
  return decided ? decidedLength(shipped, decided) : shipped;
}

interface Decided extends Record<string, unknown> { value: DecidedLength; reason: string }

/** Unit and class stay those of the shipped deadline. */
const decidedLength = (shipped: Length, { value, reason }: Decided): Length => ({ ...shipped, reason, ...(typeof value === 'number' ? { amount: value } : { months: value.months }) });

function shippedLength(policy: DeadlineSource, step: DutyStep): Length {
  const { amount, unit, class: kind, reason } = getCounted(policy, step);
  return { amount, unit: unit as Due['unit'], class: kind, reason };
}

const NEAREST_SETTING = `
WITH RECURSIVE up AS (
  SELECT d.code, d.parent, 0 AS steps FROM guitu.agencies a JOIN guitu.divisions d ON d.code = a.division WHERE a.id = $1
  UNION ALL SELECT d.code, d.parent, up.steps + 1 FROM guitu.divisions d JOIN up ON d.code = up.parent
) SELECT s.value, s.reason FROM up JOIN guitu.settings s ON s.division = up.code WHERE s.name = $2 ORDER BY up.steps LIMIT 1`;
