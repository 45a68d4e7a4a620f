import type { YamlFile } from './yaml-reader.js';

/** How a deadline is counted: working days of the hub's table, calendar periods (民法典 art. 201–203), hours, or a day of the month on which something is released. */
export const DEADLINE_UNITS = ['workingDays', 'calendarMonths', 'calendarYears', 'hours', 'dayOfMonth'] as const;

/** `LAW` may be shortened only, `POLICY` changed by a division with a recorded reason, `DESIGN` freely. */
export const DEADLINE_CLASSES = ['LAW', 'POLICY', 'DESIGN'] as const;

/** The shipped default of one duty. */
export interface Deadline {
  /** The duty: the operation that fulfils it, where there is one. */
  step: string;
  title: string;
  /** The event from which it is counted, in words. */
  from: string;
  /** In `unit`; the day itself, 1 to 28, for `dayOfMonth`. */
  amount: number;
  unit: (typeof DEADLINE_UNITS)[number];
  class: (typeof DEADLINE_CLASSES)[number];
  reason: string;
}

export type Deadlines = ReadonlyMap<string, Deadline>;

const KEYS = ['deadline', 'title', 'from', 'amount', 'unit', 'class', 'reason'] as const;

/** Reads `deadlines.yaml`: by step. Pure; faults are left in the file. */
export function parseDeadlines(file: YamlFile): Map<string, Deadline> {
  const deadlines = new Map<string, Deadline>();
  if (file.root === null) file.fault(null, 'the list of deadlines is empty', 'name at least one');
  for (const item of file.items(file.root, 'the list of deadlines')) {
    const entry = file.entries(item, 'a deadline', KEYS, KEYS);
    const text = (key: (typeof KEYS)[number]): string => file.text(entry.get(key), `\`${key}\``);
    const step = text('deadline');
    const unit = file.word(entry.get('unit'), 'unit', DEADLINE_UNITS) ?? 'workingDays';
    const amount = file.number(entry.get('amount'), '`amount`');
    if (unit === 'dayOfMonth' && amount > LAST_DAY_OF_EVERY_MONTH) file.fault(entry.get('amount'), `not every month has a day ${amount}`, `use a day from 1 to ${LAST_DAY_OF_EVERY_MONTH}`);
    if (deadlines.has(step)) file.fault(item, `deadline \`${step}\` stands twice`, 'keep one of the two');
    deadlines.set(step, { step, title: text('title'), from: text('from'), amount, unit, class: file.word(entry.get('class'), 'class', DEADLINE_CLASSES) ?? 'DESIGN', reason: text('reason') });
  }
  return deadlines;
}

const LAST_DAY_OF_EVERY_MONTH = 28;
