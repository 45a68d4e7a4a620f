import type { DutyStep } from '../../delivery/counted-deadlines.js';
import type { DutyKeeper, DutySubject } from '../../delivery/duties.js';
import { perform, type WriteRequest, type WriteTransaction } from '../../disclosure/perform.js';
import { addMonths, dateOf } from '../../kernel/dates.js';
import { Refusal } from '../../kernel/errors.js';
import { documentOf, documentOr, NO_DOCUMENT, type Documented, type StepDocument } from '../documents.js';
import { newVersion, uuidOf } from '../identifiers.js';
import { openConfirmedPerson } from '../links.js';
import { findStep } from '../machine.js';
import { CAME_ON, holdRevisits } from '../revisits.js';
import type { LedgerServices } from '../workbench.js';
import { moveReturnClocks } from './returns.clocks.js';
import { RETURN_STEPS, type ReasonCode, type ReturnState } from './returns.transitions.js';

/** What the commands of returns and the clock have in common: a step of an existing case, its transition, its clocks. */

export interface ReturnOutcome extends Record<string, string> { caseId: string }

/** A step's change. */
export interface Change {
  /** Columns set, beside state, version and time. */
  set?: Record<string, unknown>;
  /** Kept with the transition. */
  reason?: Reason;
  /** What the step rests on where its input names no document. */
  document?: StepDocument;
  /** Which of the states that the operation may lead to; the only one if not given. */
  to?: ReturnState;
  /** What else follows once the case has moved. */
  follow?: (subject: DutySubject) => Promise<void>;
  /** What is asked last: only whom the policy lets take the step is told the answer. */
  last?: () => Promise<void>;
}

export interface Reason { code: ReasonCode | null; text: string | null }

export interface OpenCase extends Record<string, unknown> {
  version: number; case_no: string; state: ReturnState; person_id: string; author_agency: string; destination_agency: string | null; origin_agency: string; escort_agency: string | null; coordinator: string | null; coordinated_by: string[];
  hukou_place: string | null; hukou_agency: string | null; hukou_civil_affairs: string | null; notice_no: string | null; notice_date: string | null; entry_date: string | null; leave_date: string | null; confirmed_at: Date | null; acknowledged_at: Date | null; trace_ended_by: string | null; home_difficulties: string[] | null; referred_to: string[];
  subject_born_on: string | null; return_mode: string | null; guardian_assessed_on: string | null; fit_to_travel: boolean | null; home_checked_on: string | null;
}

export const CASE_COLUMNS = `c.version, c.case_no, c.state, c.person_id, c.author_agency, c.destination_agency, c.origin_agency, c.escort_agency, c.coordinator, c.coordinated_by, c.hukou_place, c.hukou_agency, c.hukou_civil_affairs, c.notice_no, c.notice_date::text AS notice_date, c.entry_date::text AS entry_date, c.leave_date::text AS leave_date, c.confirmed_at, c.acknowledged_at,
  c.trace_ended_by, c.home_difficulties, c.referred_to, c.subject_born_on::text AS subject_born_on, c.return_mode, c.guardian_assessed_on::text AS guardian_assessed_on, c.fit_to_travel, c.home_checked_on::text AS home_checked_on`;

/** Steps that begin or end the revisit of the person, which the registry may ask for as well. */
const MOVES_REVISITS: readonly string[] = ['receiveReturnee', 'confirmHome', 'acceptForSettlement', 'closeReturn'];

/** One step of an existing case: lock, version, table of transitions, change, transition, clocks. */
export function takeStep(services: LedgerServices, request: WriteRequest, input: Documented & { id: string; expectedVersion: number }, change: (write: WriteTransaction, before: OpenCase) => Promise<Change> | Change): Promise<ReturnOutcome> {
  const caseId = uuidOf(input.id, 'rc', 'input.id');
  return perform(services, request, async (write) => {
    if (MOVES_REVISITS.includes(request.operation)) await holdRevisits(write, caseId);
    const before = await write.open<OpenCase>('ReturnCase', caseId, CASE_COLUMNS, 'input.id');
    if (before.version !== input.expectedVersion) throw new Refusal('STALE_VERSION', { field: 'input.expectedVersion' });
    await moveCase(write, caseId, before, request.operation, change, documentOf(input, { today: dateOf(write.at), enteredOn: before.entry_date }));
    return { caseId };
  });
}

/** Moves a case that was opened for change. @param named document of the input @throws Refusal TRANSITION_NOT_ALLOWED */
export async function moveCase(write: WriteTransaction, caseId: string, before: OpenCase, operation: string, change: (write: WriteTransaction, before: OpenCase) => Promise<Change> | Change, named: StepDocument): Promise<void> {
  if (!findStep(RETURN_STEPS, operation, before.state)) throw notAllowed();
  const { set = {}, reason = null, document = NO_DOCUMENT, to, follow, last } = await change(write, before);
  const step = findStep(RETURN_STEPS, operation, before.state, to);
  if (!step) throw notAllowed();
  const { viewer, now } = write.context;
  // What one side claims, only the other side's act confirms: an author that acknowledges its own row opens nothing.
  const confirms = step.confirms && before.confirmed_at === null && before.author_agency !== viewer.agencyId;
  const columns: Record<string, unknown> = { state: step.to, version: newVersion(), changed_at: now, ...(confirms && { confirmed_at: now }), ...(step.to === 'CLOSED' && { closed_at: now }), ...(set['confirmed_at'] === null && { earlier_returns: null }), ...set };
  await updateCase(write, caseId, columns);
  await insertTransition(write, caseId, { from: before.state, to: step.to, agencyId: viewer.agencyId, user: viewer.user, reason, document: documentOr(named, document) });
  const subject = await moveClocks(write, caseId, operation);
  if (confirms) await openConfirmedPerson(write, caseId, before.person_id);
  await follow?.(subject);
  await write.settle('ReturnCase', [caseId], `return.${step.to.toLowerCase()}`, notAllowed());
  await last?.();
}

export const notAllowed = (): Refusal => new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.id' });

export async function updateCase(keeper: DutyKeeper, caseId: string, columns: Record<string, unknown>): Promise<void> {
  const names = Object.keys(columns);
  await keeper.query(`UPDATE guitu.return_cases SET ${names.map((name, index) => `${name} = $${index + 2}`).join(', ')} WHERE id = $1`, [caseId, ...Object.values(columns)]);
}

/** Keeps who took a step, when, why and on which document, after those that are there. `replaced`: of a correction, the columns as they were. */
export async function insertTransition(keeper: DutyKeeper, caseId: string, { from, to, agencyId, user, reason = null, document = NO_DOCUMENT, replaced = null }: { from: ReturnState | null; to: ReturnState; agencyId: string; user: string; reason?: Reason | null; document?: StepDocument; replaced?: Record<string, unknown> | null }): Promise<void> {
  await keeper.query(
    `INSERT INTO guitu.return_transitions (case_id, step, from_state, to_state, at, agency_id, by_user, reason_code, reason_text, document_no, document_date, replaced)
     SELECT $1, (SELECT count(*)::integer + 1 FROM guitu.return_transitions WHERE case_id = $1), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11`, [caseId, from, to, keeper.at, agencyId, user, reason?.code ?? null, reason?.text ?? null, document.no, document.date, replaced && JSON.stringify(replaced)]);
}

interface ClockRow extends Record<string, unknown> {
  case_no: string; person_id: string; state: ReturnState; origin_agency: string; destination_agency: string | null; coordinator: string | null; at_ministry: boolean; hukou_agency: string | null; leave_date: string | null; escorted: boolean; born_on: string | null; difficulties: string[] | null; handling_codes: string[]; had_come: boolean; station_receives: boolean; came_on: string | null; outcome: string | null;
}

/** Moves the clocks of a case to its new state; the days that a notice shows are kept with the case as well. @returns the case as the subject of further duties */
export async function moveClocks(keeper: DutyKeeper, caseId: string, operation: string): Promise<DutySubject> {
  const [row] = await keeper.query<ClockRow>(
    `SELECT c.case_no, c.person_id, c.state, c.origin_agency, c.destination_agency, c.coordinator, coalesce((SELECT a.level = 'MINISTRY' FROM guitu.agencies a WHERE a.id = c.coordinator), false) AS at_ministry,
       c.hukou_agency, c.leave_date::text AS leave_date, c.return_mode IS NOT DISTINCT FROM 'ESCORTED' AS escorted, c.subject_born_on::text AS born_on, c.home_difficulties AS difficulties, c.handling_codes, c.outcome,
       c.received_at IS NOT NULL OR (SELECT count(*) > 1 FROM guitu.return_transitions t WHERE t.case_id = c.id AND t.to_state = 'AT_HOME') AS had_come, ${CAME_ON} AS came_on,
       c.confirmed_at IS NOT NULL AND (SELECT a.kind = 'RESCUE_STATION' FROM guitu.agencies a WHERE a.id = c.origin_agency) AS station_receives FROM guitu.return_cases c WHERE c.id = $1`, [caseId]);
  if (!row) throw new Error('the case is gone');
  const subject: DutySubject = { record: 'ReturnCase', id: caseId, number: row.case_no, personId: row.person_id };
  const begun = await moveReturnClocks(keeper, subject, {
    originAgency: row.origin_agency, destinationAgency: row.destination_agency, coordinator: row.coordinator, coordinatedAtMinistry: row.at_ministry, hukouAgency: row.hukou_agency, leaveDate: row.leave_date, escorted: row.escorted,
    minor: row.born_on === null || row.born_on > addMonths(dateOf(keeper.at), -12 * 18), difficulties: row.difficulties ?? [], handlingCodes: row.handling_codes, hadCome: row.had_come, stationReceives: row.station_receives, cameOn: row.came_on, outcome: row.outcome,
  }, operation, row.state);
  await mirrorClocks(keeper, caseId, begun);
  return subject;
}

async function mirrorClocks(keeper: DutyKeeper, caseId: string, { acknowledgeReturn: acknowledge, receiveReturnee: receive, stationRevisit: revisit }: Partial<Record<DutyStep, { dueOn: string; provisional: boolean }>>): Promise<void> {
  if (revisit) await updateCase(keeper, caseId, { revisit_by: revisit.dueOn });
  if (!receive) return;
  await updateCase(keeper, caseId, { ...(acknowledge && { acknowledge_by: acknowledge.dueOn }), receive_by: receive.dueOn, provisional: receive.provisional || (acknowledge?.provisional ?? false) });
}
