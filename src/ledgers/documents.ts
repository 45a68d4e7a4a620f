import { badInput } from '../kernel/errors.js';
import type { CalendarDate } from '../kernel/dates.js';
import { textOf } from './input-words.js';

/** The document that a step rests on: every transition keeps who, when and which document (ledgers.md). */

/** `no`: as written; `date`: its day. Null: none was named. */
export interface StepDocument { no: string | null; date: CalendarDate | null }
export const NO_DOCUMENT: StepDocument = { no: null, date: null };

/** What names a document. */
export interface Documented { documentNo?: string | undefined; documentDate?: string | undefined }

/** What a document is checked against: today, and the day before which it cannot lie, where one is known and the writer reads it. `dateField`: the input that its date stands in; `at`: the path of the input. */
export interface DocumentBounds { today: CalendarDate; enteredOn?: CalendarDate | null; dateField?: string; at?: string }

/** @throws Refusal BAD_USER_INPUT with the field */
export function documentOf(input: Documented, { today, enteredOn = null, at = 'input', dateField = `${at}.documentDate` }: DocumentBounds): StepDocument {
  return { no: textOf(input.documentNo, `${at}.documentNo`, 100), date: input.documentDate ? pastDay(input.documentDate, today, enteredOn, dateField) : null };
}

/** The document that was named, or the step's own where none was. */
export const documentOr = (named: StepDocument, own: StepDocument): StepDocument => (named.no === null && named.date === null ? own : named);

/** A day that has come, and not before the person entered. @throws Refusal BAD_USER_INPUT */
export function pastDay(day: CalendarDate, today: CalendarDate, enteredOn: CalendarDate | null, field: string): CalendarDate {
  if (day > today) throw badInput(field, '日期晚于今天', 'the date lies in the future');
  if (enteredOn && day < enteredOn) throw badInput(field, '日期早于进站日期', 'the date lies before the person entered');
  return day;
}
