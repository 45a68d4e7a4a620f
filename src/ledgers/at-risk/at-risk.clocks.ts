import { beginDuty, endDuties, type DutyKeeper, type DutySubject } from '../../delivery/duties.js';
import { startOf, type CalendarDate } from '../../kernel/dates.js';
import type { DutyStep } from '../../delivery/counted-deadlines.js';

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

/** The returning station's revisit within a year of the return; null where no station returned the person. */
export async function beginRevisit(keeper: DutyKeeper, subject: DutySubject, station: string | null, returnedOn: CalendarDate): Promise<{ revisit_by: CalendarDate | null }> {
  await endDuties(keeper, subject.id, 'VOID', ['stationRevisit']);
  if (!station) return { revisit_by: null };
  const { dueOn } = await beginDuty(keeper, 'stationRevisit', subject, station, startOf(returnedOn));
  return { revisit_by: dueOn };
}

/** Alerts the home county, once for each time that the person is found to wander; nobody is to take over an entry of somebody who is away. */
export async function alertCounty(keeper: DutyKeeper, subject: DutySubject, county: string): Promise<void> {
  await endDuties(keeper, subject.id, 'VOID', ['answerWandering', 'sendRoster', 'acceptTransfer', ...TOWNSHIP_VISITS]);
  await beginDuty(keeper, 'answerWandering', subject, county);
}
