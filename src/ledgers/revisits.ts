import type { WriteTransaction } from '../disclosure/perform.js';
import { dateOf, type CalendarDate } from '../kernel/dates.js';
import { badInput } from '../kernel/errors.js';

/**
 * A station's revisits of whom it received, which returns and the registry both keep (江阴2018 二(三)6): the year is owed once, and a revisit meets it whichever ledger holds it. What a township
 * does is another regime and never counts here.
 */

/** SQL of the day on which the person of a return `c` came: received, or at home without that; NULL where it has not. */
export const CAME_ON = "coalesce(c.received_at, (SELECT min(t.at) FROM guitu.return_transitions t WHERE t.case_id = c.id AND t.to_state = 'AT_HOME'))::date::text";

export const isDone = ({ result }: { result: string }): boolean => result !== 'NOBODY_THERE';

/** @throws Refusal BAD_USER_INPUT for a day that is yet to come, or lies before the person came */
export function checkVisitedOn(write: WriteTransaction, visitedOn: CalendarDate, cameOn: CalendarDate | null): void {
  if (visitedOn > dateOf(write.at)) throw badInput('input.visitedOn', '回访日期晚于今天', 'the day of the visit lies in the future');
  if (cameOn && visitedOn < cameOn) throw badInput('input.visitedOn', '回访日期早于返乡', 'the visit lies before the return');
}

/** The asking station has met the person: what it owed of that day or before is done, on returns and in the registry. */
export async function meetRevisits(write: WriteTransaction, personId: string, visitedOn: CalendarDate): Promise<void> {
  await write.query('SELECT guitu.meet_revisits($1, $2, $3)', [personId, visitedOn, write.at]);
}

/** The person has died, or is no longer near the station: it owes no revisit, neither of a return nor of the registry. */
export async function voidRevisits(write: WriteTransaction, personId: string, stationId: string): Promise<void> {
  await write.query('SELECT guitu.void_revisits($1, $2, $3)', [personId, stationId, write.at]);
}

/** Of this return no revisit is owed any more; what the registry asks of the station stands. */
export async function leaveRevisit(write: WriteTransaction, caseId: string): Promise<void> {
  await write.query('SELECT guitu.leave_revisit($1, $2)', [caseId, write.at]);
}

/** Takes the registry's entries of a return's person before the return itself is taken, in the order in which the registry's own steps take them. */
export async function holdRevisits(write: WriteTransaction, caseId: string): Promise<void> {
  await write.query('SELECT guitu.hold_revisits($1)', [caseId]);
}

/** Where the registry's revisit stands already. `caseId`: a return of `since` or later whose own duty is open; `met`: the station has met the person since it returned. */
export interface StandingRevisit extends Record<string, unknown> { caseId: string | null; met: boolean }

export async function findStandingRevisit(write: WriteTransaction, personId: string, stationId: string, since: CalendarDate, returnedOn: CalendarDate): Promise<StandingRevisit> {
  const [found] = await write.query<StandingRevisit>('SELECT case_id AS "caseId", met FROM guitu.standing_revisit($1, $2, $3, $4)', [personId, stationId, since, returnedOn]);
  return found ?? { caseId: null, met: false };
}
