import type { RowSource } from '../db/row-source.js';
import type { CalendarDate } from '../kernel/dates.js';
import { getCounted, type DeadlineSource, type DutyStep } from './counted-deadlines.js';
import { dueBy, dueOf, type Due } from './due.js';

/** Inside a write, or inside an act of the clock: both change under a policy, at an instant. */
export interface DutyKeeper extends RowSource { readonly policy: DeadlineSource; readonly at: Date }

/** What a duty is about. `number` is what an inbox shows: case, entry, inquiry or household number. */
export interface DutySubject { record: string; id: string; number: string; personId: string | null }

/** Begins a duty: a row that the clock reminds of, calls overdue and raises. @param from the instant it is counted from; now by default */
export async function beginDuty(keeper: DutyKeeper, step: DutyStep, subject: DutySubject, ownerId: string, from: Date = keeper.at): Promise<{ dueOn: CalendarDate; provisional: boolean }> {
  return storeDuty(keeper, step, subject, ownerId, await dueOf(keeper, keeper.policy, step, from, ownerId));
}

/** The same, until a day that somebody entitled to has set. @param reason by whom, in Chinese */
export async function beginDutyUntil(keeper: DutyKeeper, step: DutyStep, subject: DutySubject, ownerId: string, dueOn: CalendarDate, reason: string): Promise<void> {
  await storeDuty(keeper, step, subject, ownerId, dueBy(await dueOf(keeper, keeper.policy, step, keeper.at, ownerId), dueOn, reason));
}

async function storeDuty(keeper: DutyKeeper, step: DutyStep, subject: DutySubject, ownerId: string, due: Due): Promise<Due> {
  await keeper.query('SELECT guitu.begin_duty($1)', [JSON.stringify({ ...dutyColumns(keeper, step, due), record: subject.record, record_id: subject.id, record_no: subject.number, person_id: subject.personId, owner: ownerId })]);
  return due;
}

/** Columns of a duty that its step and length give. */
export const dutyColumns = ({ policy }: DutyKeeper, step: DutyStep, due: Due): Record<string, unknown> => ({
  step, title: getCounted(policy, step).title, started_at: due.startedAt, due_on: due.dueOn, due_at: due.dueAt, provisional: due.provisional,
  amount: due.amount, unit: due.unit, class: due.class, reason: due.reason, next_at: due.remindAt ?? due.dueAt,
});

/**
 * Ends duties of a record that are still open; ending none is no fault.
 * @param steps which; all if not given
 * @param outcome DONE where the step was taken, VOID where it is no longer owed
 */
export async function endDuties(keeper: DutyKeeper, recordId: string, outcome: 'DONE' | 'VOID', steps: readonly DutyStep[] | null = null): Promise<void> {
  await keeper.query('SELECT guitu.end_duties($1, $2, $3, $4)', [recordId, steps, outcome, keeper.at]);
}

/** Ends the duty of one owner of several who owe the same step on a record. */
export async function endDutyOf(keeper: DutyKeeper, recordId: string, step: DutyStep, ownerId: string): Promise<void> {
  await keeper.query('SELECT guitu.end_duty_of($1, $2, $3, $4)', [recordId, step, ownerId, keeper.at]);
}
