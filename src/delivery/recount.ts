import type { RowSource } from '../db/row-source.js';
import { addDays, dateOf } from '../kernel/dates.js';
import { readCalendar } from './calendar.js';
import type { DeadlineSource } from './counted-deadlines.js';
import { countDue, type Due } from './due.js';

interface ProvisionalDuty extends Record<string, unknown>, Pick<Due, 'amount' | 'unit' | 'class' | 'reason'> { id: string; startedAt: Date; dueOn: string; reminded: boolean; overdue: boolean }

/**
 * Counts the open provisional duties again by the calendar as it now is. One that was called overdue stays so: what was told is not taken back, only its day is corrected.
 * @param owner the tables' owner, inside a transaction
 * @returns how many were counted again, and of how many the day moved
 */
export async function recountProvisional(owner: RowSource, policy: DeadlineSource): Promise<{ counted: number; moved: number }> {
  const duties = await owner.query<ProvisionalDuty>(
    `SELECT id, started_at AS "startedAt", due_on::text AS "dueOn", amount, unit, class, reason, reminded_at IS NOT NULL AS reminded, overdue_at IS NOT NULL AS overdue
     FROM guitu.duties WHERE provisional AND ended_at IS NULL ORDER BY id FOR UPDATE`);
  let moved = 0;
  for (const duty of duties) {
    const day = dateOf(duty.startedAt);
    const due = countDue(await readCalendar(owner, addDays(day, -40), addDays(day, 2 * duty.amount + 400)), policy, duty, duty.startedAt);
    if (due.dueOn !== duty.dueOn) moved += 1;
    const nextAt = duty.reminded ? due.dueAt : (due.remindAt ?? due.dueAt);
    await owner.query('UPDATE guitu.duties SET due_on = $2, due_at = $3, provisional = $4, next_at = CASE WHEN $5 THEN next_at ELSE $6 END WHERE id = $1', [duty.id, due.dueOn, due.dueAt, due.provisional, duty.overdue, nextAt]);
  }
  return { counted: duties.length, moved };
}
