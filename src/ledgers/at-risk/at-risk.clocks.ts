import { dueOf } from '../../delivery/due.js';
import { beginDuty, endDuties, type DutyKeeper, type DutySubject } from '../../delivery/duties.js';
import type { DutyStep } from '../../delivery/counted-deadlines.js';
import type { WriteTransaction } from '../../disclosure/perform.js';
import { startOf, type CalendarDate } from '../../kernel/dates.js';
import { findStandingRevisit } from '../revisits.js';

/** The clocks of one entry. Townships' visits and the station's revisit are two regimes: neither fulfils the other's duty. */

const TOWNSHIP_VISITS: readonly DutyStep[] = ['recordFirstVisit', 'recordVisit'];

export const subjectOf = (entry: { id: string; entry_no: string; person_id: string }): DutySubject => ({ record: 'AtRiskEntry', id: entry.id, number: entry.entry_no, personId: entry.person_id });

/** Columns that go with a roster: its township, when it went, and the day of the first visit, which is counted from it. */
export async function beginRoster(keeper: DutyKeeper, subject: DutySubject, township: string): Promise<{ township: string; roster_sent_at: Date; next_visit_by: CalendarDate }> {
  await endDuties(keeper, subject.id, 'DONE', ['sendRoster']);
  await voidVisits(keeper, subject.id);
  const { dueOn } = await beginDuty(keeper, 'recordFirstVisit', subject, township);
  return { township, roster_sent_at: keeper.at, next_visit_by: dueOn };
}

/** Nobody is owed a visit until a roster is sent; that is owed by the county. */
export async function oweRoster(keeper: DutyKeeper, subject: DutySubject, county: string): Promise<{ township: null; roster_sent_at: null; next_visit_by: null }> {
  await voidVisits(keeper, subject.id);
  await beginDuty(keeper, 'sendRoster', subject, county);
  return { township: null, roster_sent_at: null, next_visit_by: null };
}

export const voidVisits = (keeper: DutyKeeper, id: string): Promise<void> => endDuties(keeper, id, 'VOID', TOWNSHIP_VISITS);

/** A township visit was done: the next is counted from it. */
export async function beginNextVisit(keeper: DutyKeeper, subject: DutySubject, township: string, visitedOn: CalendarDate): Promise<{ next_visit_by: CalendarDate }> {
  await endDuties(keeper, subject.id, 'DONE', TOWNSHIP_VISITS);
  const { dueOn } = await beginDuty(keeper, 'recordVisit', subject, township, startOf(visitedOn));
  return { next_visit_by: dueOn };
}

/** Goes on where the clock stood: from the last visit that this township has done, else from the roster. */
export async function resumeVisits(keeper: DutyKeeper, subject: DutySubject, township: string, rosterSentAt: Date, lastDone: CalendarDate | null): Promise<{ next_visit_by: CalendarDate }> {
  if (lastDone) return beginNextVisit(keeper, subject, township, lastDone);
  const { dueOn } = await beginDuty(keeper, 'recordFirstVisit', subject, township, rosterSentAt);
  return { next_visit_by: dueOn };
}

/** What an entry keeps of the station's revisit that is owed: its last day, and the return whose duty stands for it. */
export interface OwedRevisit extends Record<string, unknown> { revisit_by: CalendarDate | null; revisit_case: string | null }

/**
 * The returning station's revisit within a year of the return: nothing where no station returned the person or the station has met it since. Where the duty of a return stands for it, the entry
 * begins none of its own, and shows its day all the same, so that the day tells nothing of the return.
 * @param since returns of this day or later are the one by which the person came back
 */
export async function beginRevisit(write: WriteTransaction, subject: DutySubject, station: string | null, returnedOn: CalendarDate, since: CalendarDate = returnedOn): Promise<OwedRevisit> {
  await endDuties(write, subject.id, 'VOID', ['stationRevisit']);
  if (!station || subject.personId === null) return NO_REVISIT;
  await write.query('UPDATE guitu.at_risk_entries SET revisit_case = NULL WHERE id = $1', [subject.id]);
  const { caseId, met } = await findStandingRevisit(write, subject.personId, station, since, returnedOn);
  if (met) return NO_REVISIT;
  if (caseId !== null) return { revisit_by: (await dueOf(write, write.policy, 'stationRevisit', startOf(returnedOn), station)).dueOn, revisit_case: caseId };
  const { dueOn } = await beginDuty(write, 'stationRevisit', subject, station, startOf(returnedOn));
  return { revisit_by: dueOn, revisit_case: null };
}

export const NO_REVISIT: OwedRevisit = { revisit_by: null, revisit_case: null };

/** Alerts the home county, once for each time that the person is found to wander; nobody is to take over an entry of somebody who is away. */
export async function alertCounty(keeper: DutyKeeper, subject: DutySubject, county: string): Promise<void> {
  await endDuties(keeper, subject.id, 'VOID', ['answerWandering', 'sendRoster', 'acceptTransfer', ...TOWNSHIP_VISITS]);
  await beginDuty(keeper, 'answerWandering', subject, county);
}
