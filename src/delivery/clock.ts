import type { Pool, PoolClient } from 'pg';
import { clockEvent, eventRow, INSERT_EVENTS } from '../evidence/events.js';
import { addDays, dateOf, startOf } from '../kernel/dates.js';
import { addWorkingDays } from '../kernel/working-days.js';
import type { Policy } from '../policy/language.js';
import { readCalendar } from './calendar.js';
import { MERE_DAYS, NOT_RAISED, type DutyStep } from './counted-deadlines.js';
import { amountFor } from './due.js';
import type { DutyKeeper } from './duties.js';
import { findSuperior } from './superiors.js';

/** A duty that the clock has come to. `due` is the instant at which the clock was to act, however late it acts. */
export interface DueDuty { id: string; step: DutyStep; record: string; recordId: string; recordNo: string; personId: string | null; owner: string; dueAt: Date; reminded: boolean; overdue: boolean; raised: number; due: Date }

/** What an overdue duty sets going in its ledger, beyond being told: a refused person passes up, a stay becomes due for settlement. */
export type ClockAct = (clock: ClockTransaction, duty: DueDuty) => Promise<void>;
export type ClockActs = Partial<Record<DutyStep, ClockAct>>;

/** How many duties one transaction takes: a crash undoes at most these, and the next tick does them. */
const BATCH = 50;

/** What one run of the clock did. `failed`: duties whose act threw; they stay as they were, for the next run. */
export interface TickReport { reminded: number; overdue: number; raised: number; failed: { duty: DueDuty; error: unknown }[] }

/**
 * Does what is due by an instant, each thing exactly once: reminds, calls overdue, raises level by level. Any number of processes may tick at once, and one that is killed leaves
 * nothing half done: a duty is moved on in the transaction that tells of it, under a lock that others skip. Whatever it does is dated when it was due, so that a clock which was
 * down for a week leaves the same rows behind as one that was not.
 */
export async function tick(pool: Pool, policy: Policy, acts: ClockActs, at: Date): Promise<TickReport> {
  const report: TickReport = { reminded: 0, overdue: 0, raised: 0, failed: [] };
  while (await tickBatch(pool, policy, acts, at, report) > 0);
  return report;
}

async function tickBatch(pool: Pool, policy: Policy, acts: ClockActs, at: Date, report: TickReport): Promise<number> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<DueDuty>(NEXT, [at, BATCH, report.failed.map(({ duty }) => duty.id)]);
    for (const duty of rows) {
      await client.query('SAVEPOINT duty');
      try {
        await moveOn(new ClockTransaction(client, policy, duty.due), acts, duty, report);
      } catch (error) {
        // One duty that cannot be moved on must not hold up those of everybody else.
        await client.query('ROLLBACK TO SAVEPOINT duty');
        report.failed.push({ duty, error });
      }
    }
    await client.query('COMMIT');
    return rows.length;
  } catch (error) {
    await client.query('ROLLBACK').catch((lost: Error) => (broken = lost));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The earliest first, so that what one sets going comes after it. */
const NEXT = `
SELECT id, step, record, record_id AS "recordId", record_no AS "recordNo", person_id AS "personId", owner, due_at AS "dueAt", reminded_at IS NOT NULL AS reminded, overdue_at IS NOT NULL AS overdue, raised, next_at AS due
FROM guitu.duties WHERE next_at <= $1 AND id <> ALL ($3::uuid[]) ORDER BY next_at, id LIMIT $2 FOR UPDATE SKIP LOCKED`;

/** The inside of one act of the clock. Ledgers' acts change their own tables through it. */
export class ClockTransaction implements DutyKeeper {
  /** @param at the instant that the act is dated */
  constructor(private readonly client: PoolClient, readonly policy: Policy, readonly at: Date) {}

  async query<Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(text, [...values])).rows;
  }

  /** Announces what an act changed, and leaves evidence of it. */
  async settle(record: string, ids: readonly string[], topic: string): Promise<void> {
    await this.query('INSERT INTO guitu.outbox (at, topic, record, record_id) SELECT $1, $2, $3, unnest($4::uuid[])', [this.at, topic, record, ids]);
    await this.query(INSERT_EVENTS, [JSON.stringify([eventRow(clockEvent(this.at, this.policy.hash, topic, record, ids))])]);
  }
}

/** One thing at a time: the reminder, then the end of the term, then level after level. */
async function moveOn(clock: ClockTransaction, acts: ClockActs, duty: DueDuty, report: TickReport): Promise<void> {
  if (!duty.overdue && duty.due < duty.dueAt) {
    await clock.query('UPDATE guitu.duties SET reminded_at = $2, next_at = due_at WHERE id = $1', [duty.id, duty.due]);
    await announce(clock, duty, 'reminded');
    report.reminded += 1;
    return;
  }
  if (MERE_DAYS.has(duty.step)) {
    await clock.query("UPDATE guitu.duties SET ended = 'DONE', ended_at = $2, next_at = NULL WHERE id = $1", [duty.id, duty.due]);
    await acts[duty.step]?.(clock, duty);
    return;
  }
  if (!duty.overdue) {
    await clock.query('UPDATE guitu.duties SET overdue_at = $2 WHERE id = $1', [duty.id, duty.due]);
    await announce(clock, duty, 'overdue');
    report.overdue += 1;
  }
  if (await raise(clock, duty)) report.raised += 1;
  if (!duty.overdue) await acts[duty.step]?.(clock, duty);
}

/** Tells the next civil affairs department above; where none is left, the clock is done with this duty. */
async function raise(clock: ClockTransaction, duty: DueDuty): Promise<boolean> {
  const superior = NOT_RAISED.has(duty.step) ? undefined : await findSuperior(clock, duty.owner, duty.raised);
  if (!superior) {
    await clock.query('UPDATE guitu.duties SET next_at = NULL WHERE id = $1', [duty.id]);
    return false;
  }
  await clock.query("INSERT INTO guitu.duty_notices (duty_id, agency_id, kind, at) VALUES ($1, $2, 'RAISED', $3)", [duty.id, superior.id, duty.due]);
  await clock.query('UPDATE guitu.duties SET raised = raised + 1, next_at = $2 WHERE id = $1', [duty.id, await paceFrom(clock, duty)]);
  await announce(clock, duty, 'raised');
  return true;
}

async function announce(clock: ClockTransaction, duty: DueDuty, what: 'reminded' | 'overdue' | 'raised'): Promise<void> {
  await clock.query('INSERT INTO guitu.outbox (at, topic, record, record_id) VALUES ($1, $2, $3, $4)', [clock.at, `duty.${what}`, duty.record, duty.recordId]);
}

/** When an overdue duty rises to the next level, at the pace of the division that owes it. */
async function paceFrom(clock: ClockTransaction, { due, owner }: DueDuty): Promise<Date> {
  // The last day before: what is late from midnight was due that day.
  const day = dateOf(new Date(due.getTime() - 1));
  const amount = await amountFor(clock, clock.policy, 'raiseOverdue', owner);
  return startOf(addDays(addWorkingDays(await readCalendar(clock, day, addDays(day, 2 * amount + 40)), day, amount).date, 1));
}
