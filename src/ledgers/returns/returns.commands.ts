import { perform, type WriteRequest, type WriteTransaction } from '../../disclosure/perform.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import { addMonths, dateOf } from '../../kernel/dates.js';
import { requiredText, textOf } from '../input-words.js';
import { newCaseNo, newVersion, uuidOf } from '../identifiers.js';
import { endIdentifiedSettlement, linkPerson, openConfirmedPerson } from '../links.js';
import type { LedgerServices } from '../workbench.js';
import { findStep } from '../machine.js';
import { RETURN_STEPS, type ReasonCode, type ReturnState } from './returns.transitions.js';
import type { ReceiveReturneeInput, RecordHomeCheckInput, RerouteReturnInput, ReturnReasonInput, ReturnStepInput, SendReturnNoticeInput } from './returns.input.js';
import { moveReturnClocks } from './returns.clocks.js';
import { subjectColumns } from './returns.subject.js';

/** The only writer of `return_cases` and `return_transitions`, beside the import of sheets, which uses its parts. */

export interface ReturnOutcome extends Record<string, string> { caseId: string }

/** A step's change: columns set, beside state, version and time; and the reason that is kept with the transition. */
interface Change { set?: Record<string, unknown>; reason?: { code: ReasonCode | null; text: string | null } }

interface OpenCase extends Record<string, unknown> { version: number; case_no: string; state: ReturnState; person_id: string; author_agency: string; origin_agency: string; leave_date: string | null; confirmed_at: Date | null }

const CASE_COLUMNS = 'c.version, c.case_no, c.state, c.person_id, c.author_agency, c.origin_agency, c.leave_date::text AS leave_date, c.confirmed_at';

/** Sends a notice: a case in SENT, addressed to the origin's station or civil affairs department. */
export function sendReturnNotice(services: LedgerServices, request: WriteRequest, input: SendReturnNoticeInput): Promise<ReturnOutcome> {
  return perform(services, request, async (write) => {
    const caseId = await insertNotice(write, services, input, 'input');
    if (input.settlementNo) await endIdentifiedSettlement(write, input.settlementNo, 'input.settlementNo');
    await write.settle('ReturnCase', [caseId], 'return.sent');
    return { caseId };
  });
}

/** Checks one notice and stores it; `at` is the path of the input for messages. Also used, row by row, by the import of notices. */
export async function insertNotice(write: WriteTransaction, services: LedgerServices, input: SendReturnNoticeInput, at: string, importKey: string | null = null): Promise<string> {
  const { viewer, now } = write.context;
  const today = dateOf(now);
  const { directory } = services;
  if (input.entryDate > input.leaveDate) throw badInput(`${at}.leaveDate`, '离站日期早于入站日期', 'the person left before it entered');
  if (input.leaveDate > addMonths(today, 1)) throw badInput(`${at}.leaveDate`, '离站日期过于遥远', 'the leave date lies too far in the future');
  if (input.entryDate > today) throw badInput(`${at}.entryDate`, '入站日期晚于今天', 'the entry date lies in the future');
  if (input.noticeDate < input.entryDate) throw badInput(`${at}.noticeDate`, '反馈日期早于入站日期', 'the notice lies before the entry');
  if (input.noticeDate > today) throw badInput(`${at}.noticeDate`, '反馈日期晚于今天', 'the notice date lies in the future');
  const hukou = input.subject.hukouDivision ? (await directory.getDivision(write, input.subject.hukouDivision, `${at}.subject.hukouDivision`)).code : null;
  const home = input.subject.homeDivision ? (await directory.getDivision(write, input.subject.homeDivision, `${at}.subject.homeDivision`)).code : null;
  const subject = subjectColumns(input.subject, { hukou, home }, services.keyRing, today, services.acceptSynthetic, `${at}.subject`);
  const { columns } = subject;
  if (!columns.subject_name && !subject.idNumber && !columns.subject_features) throw badInput(`${at}.subject`, '姓名、身份证号、特征至少填写一项', 'give at least a name, an ID number or features');
  if (columns.subject_born_on && columns.subject_born_on > addMonths(today, -12 * 18) && !input.guardianAssessedOn) throw badInput(`${at}.guardianAssessedOn`, '未成年人返乡须先评估监护情况，请填写评估日期', 'a minor is sent home only after the guardian was assessed; give the date');
  if (input.guardianAssessedOn && input.guardianAssessedOn > today) throw badInput(`${at}.guardianAssessedOn`, '评估日期晚于今天', 'the assessment lies in the future');
  if (input.returnMode === 'ESCORTED' && input.fitToTravel !== true) throw badInput(`${at}.fitToTravel`, '护送返乡须确认身体条件允许', 'an escorted return needs a person fit to travel');
  const origin = await directory.getDivision(write, input.originDivision, `${at}.originDivision`);
  const receiver = await directory.getReceiver(write, origin, `${at}.originDivision`);
  if (receiver.agencyId === viewer.agencyId) throw badInput(`${at}.originDivision`, '流出地的接收单位就是贵单位，无须发函', 'the receiving agency is your own');
  const escort = input.escortAgency ? await directory.getAgency(write, input.escortAgency, `${at}.escortAgency`) : null;
  const noticeNo = requiredText(input.noticeNo, `${at}.noticeNo`, 100);
  await refuseRepeatedNotice(write, noticeNo, columns.subject_id_number_hash, columns.subject_name, `${at}.noticeNo`);
  const personId = await linkPerson(write, subject.idNumber && { hash: columns.subject_id_number_hash ?? '', sealed: columns.subject_id_number_sealed ?? '', ends: subject.idNumberEnds ?? '' }, columns.subject_born_on);
  return insertCase(write, {
    ...columns, state: 'SENT', person_id: personId, import_key: importKey,
    destination_agency: viewer.agencyId, destination_division: viewer.division, origin_agency: receiver.agencyId, origin_division: origin.code, author_agency: viewer.agencyId,
    notice_no: noticeNo, notice_date: input.noticeDate, entry_date: input.entryDate, leave_date: input.leaveDate, return_mode: input.returnMode,
    escort_agency: escort?.agencyId ?? null, help_reason: textOf(input.helpReason, `${at}.helpReason`, 500, true), condition: textOf(input.condition, `${at}.condition`, 500, true),
    guardian_assessed_on: input.guardianAssessedOn ?? null, fit_to_travel: input.fitToTravel ?? null, sent_at: now,
  }, [{ from: null, to: 'SENT' }]);
}

/** Moves the clocks of a case to its new state; the days that a notice shows are kept with the case as well. */
async function moveClocks(write: WriteTransaction, caseId: string, operation: string): Promise<void> {
  const [row] = await write.query<{ case_no: string; person_id: string; state: ReturnState; origin_agency: string; destination_agency: string | null }>('SELECT case_no, person_id, state, origin_agency, destination_agency FROM guitu.return_cases WHERE id = $1', [caseId]);
  if (!row) throw new Error('the case is gone');
  const begun = await moveReturnClocks(write, { record: 'ReturnCase', id: caseId, number: row.case_no, personId: row.person_id }, { originAgency: row.origin_agency, destinationAgency: row.destination_agency }, operation, row.state);
  const { acknowledgeReturn: acknowledge, receiveReturnee: receive } = begun;
  if (acknowledge && receive) await write.query('UPDATE guitu.return_cases SET acknowledge_by = $2, receive_by = $3, provisional = $4 WHERE id = $1', [caseId, acknowledge.dueOn, receive.dueOn, acknowledge.provisional || receive.provisional]);
}

/** One letter about one person is one case, whatever key it was sent under. */
async function refuseRepeatedNotice(write: WriteTransaction, noticeNo: string, hash: string | null, name: string | null, field: string): Promise<void> {
  // Two at once would both find none: the later waits here for the earlier.
  await write.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [JSON.stringify([write.context.viewer.agencyId, noticeNo, hash, name])]);
  const rows = await write.query(
    `SELECT 1 FROM guitu.return_cases WHERE destination_agency = $1 AND author_agency = $1 AND notice_no = $2 AND state <> 'RECALLED'
     AND subject_id_number_hash IS NOT DISTINCT FROM $3 AND subject_name IS NOT DISTINCT FROM $4 LIMIT 1`, [write.context.viewer.agencyId, noticeNo, hash, name]);
  if (rows.length > 0) throw new Refusal('CONFLICT', { field, zh: '贵单位已就此人发出同号的反馈函', en: 'your agency has already sent this notice about this person' });
}

/** Inserts a case with its transitions, the last of which led to its state. */
export async function insertCase(write: WriteTransaction, columns: Record<string, unknown>, steps: readonly { from: ReturnState | null; to: ReturnState }[]): Promise<string> {
  const all: Record<string, unknown> = { version: newVersion(), case_no: newCaseNo(), changed_at: write.context.now, ...columns };
  const names = Object.keys(all);
  const rows = await write.query<{ id: string }>(`INSERT INTO guitu.return_cases (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')}) RETURNING id`, Object.values(all));
  const caseId = rows[0]?.id ?? '';
  for (const [index, step] of steps.entries()) await insertTransition(write, caseId, index + 1, step.from, step.to, null);
  await moveClocks(write, caseId, 'sendReturnNotice');
  return caseId;
}

async function insertTransition(write: WriteTransaction, caseId: string, step: number, from: ReturnState | null, to: ReturnState, reason: Change['reason'] | null): Promise<void> {
  const { viewer, now } = write.context;
  await write.query('INSERT INTO guitu.return_transitions (case_id, step, from_state, to_state, at, agency_id, by_user, reason_code, reason_text) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [caseId, step, from, to, now, viewer.agencyId, viewer.user, reason?.code ?? null, reason?.text ?? null]);
}

/** One step of an existing case: lock, version, table of transitions, change, transition. */
function takeStep(services: LedgerServices, request: WriteRequest, input: { id: string; expectedVersion: number }, change: (write: WriteTransaction, before: OpenCase) => Promise<Change> | Change): Promise<ReturnOutcome> {
  const caseId = uuidOf(input.id, 'rc', 'input.id');
  return perform(services, request, async (write) => {
    const before = await write.open<OpenCase>('ReturnCase', caseId, CASE_COLUMNS, 'input.id');
    if (before.version !== input.expectedVersion) throw new Refusal('STALE_VERSION', { field: 'input.expectedVersion' });
    const step = findStep(RETURN_STEPS, request.operation, before.state);
    if (!step) throw new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.id' });
    const { set = {}, reason = null } = await change(write, before);
    const { viewer, now } = write.context;
    // What one side claims, only the other side's act confirms: an author that acknowledges its own row opens nothing.
    const confirms = step.confirms && before.author_agency !== viewer.agencyId;
    const columns: Record<string, unknown> = { state: step.to, version: newVersion(), changed_at: now, ...(confirms && { confirmed_at: now }), ...set };
    const names = Object.keys(columns);
    await write.query(`UPDATE guitu.return_cases SET ${names.map((name, index) => `${name} = $${index + 2}`).join(', ')} WHERE id = $1`, [caseId, ...Object.values(columns)]);
    const count = await write.query<{ steps: number }>('SELECT count(*)::integer AS steps FROM guitu.return_transitions WHERE case_id = $1', [caseId]);
    await insertTransition(write, caseId, (count[0]?.steps ?? 0) + 1, before.state, step.to, reason);
    await moveClocks(write, caseId, request.operation);
    if (confirms) await openConfirmedPerson(write, caseId, before.person_id);
    await write.settle('ReturnCase', [caseId], `return.${step.to.toLowerCase()}`);
    return { caseId };
  });
}

const noteOf = (note: string | null | undefined): Change['reason'] => ({ code: null, text: textOf(note, 'input.note', 500, true) });
const reasonOf = (input: ReturnReasonInput): Change['reason'] => ({ code: input.code, text: textOf(input.text, 'input.text', 500, true) });

export function acknowledgeReturn(services: LedgerServices, request: WriteRequest, input: ReturnStepInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, (write) => ({ set: { acknowledged_at: write.context.now }, reason: noteOf(input.note) }));
}

/** Disputes or refuses, with a coded reason. */
export function declineReturn(services: LedgerServices, request: WriteRequest, input: ReturnReasonInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, () => ({ reason: reasonOf(input) }));
}

export function recallReturn(services: LedgerServices, request: WriteRequest, input: ReturnReasonInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, (write) => ({ set: { closed_at: write.context.now }, reason: reasonOf(input) }));
}

/** Addresses a disputed notice to another origin. Clocks start anew; what the former origin acknowledged no longer opens anything. */
export function rerouteReturn(services: LedgerServices, request: WriteRequest, input: RerouteReturnInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, async (write, before) => {
    const origin = await services.directory.getDivision(write, input.originDivision, 'input.originDivision');
    const receiver = await services.directory.getReceiver(write, origin, 'input.originDivision');
    if (receiver.agencyId === before.origin_agency) throw badInput('input.originDivision', '这仍是提出异议的单位，请改送其他流出地', 'this is the agency that disputed; name another origin');
    if (receiver.agencyId === write.context.viewer.agencyId) throw badInput('input.originDivision', '流出地的接收单位就是贵单位，无须发函', 'the receiving agency is your own');
    return {
      set: { origin_agency: receiver.agencyId, origin_division: origin.code, sent_at: write.context.now, acknowledged_at: null, confirmed_at: null },
      reason: noteOf(input.note),
    };
  });
}

export function receiveReturnee(services: LedgerServices, request: WriteRequest, input: ReceiveReturneeInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, (write, before) => {
    const today = dateOf(write.context.now);
    if (input.receivedOn > today) throw badInput('input.receivedOn', '接收日期晚于今天', 'the day of reception lies in the future');
    if (before.leave_date && input.receivedOn < before.leave_date) throw badInput('input.receivedOn', '接收日期早于离站日期', 'the day of reception lies before the person left');
    return { set: { received_at: input.receivedOn === today ? write.context.now : `${input.receivedOn}T00:00:00+08:00` }, reason: noteOf(input.note) };
  });
}

export function confirmHome(services: LedgerServices, request: WriteRequest, input: ReturnStepInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, () => ({ reason: noteOf(input.note) }));
}

export function recordHomeCheck(services: LedgerServices, request: WriteRequest, input: RecordHomeCheckInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, (write, before) => {
    if (input.checkedOn > dateOf(write.context.now)) throw badInput('input.checkedOn', '走访日期晚于今天', 'the day of the home check lies in the future');
    if (before.leave_date && input.checkedOn < before.leave_date) throw badInput('input.checkedOn', '走访日期早于离站日期', 'the home check lies before the person left');
    return {
      set: {
        home_checked_on: input.checkedOn, home_committee: textOf(input.entrustedCommittee, 'input.entrustedCommittee', 100),
        home_difficulties: [...new Set(input.difficulties)], home_text: textOf(input.text, 'input.text', 2_000, true),
      },
    };
  });
}

/** The destination confirms a row that the origin imported: only from then on does the case open the person. The state stays. */
export function confirmReturn(services: LedgerServices, request: WriteRequest, input: ReturnStepInput): Promise<ReturnOutcome> {
  const caseId = uuidOf(input.id, 'rc', 'input.id');
  return perform(services, request, async (write) => {
    const before = await write.open<OpenCase>('ReturnCase', caseId, CASE_COLUMNS, 'input.id');
    if (before.version !== input.expectedVersion) throw new Refusal('STALE_VERSION', { field: 'input.expectedVersion' });
    if (before.author_agency === write.context.viewer.agencyId || before.confirmed_at !== null || ['RECALLED', 'DISPUTED', 'REFUSED'].includes(before.state)) throw new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.id' });
    await write.query('UPDATE guitu.return_cases SET confirmed_at = $2, version = $3 WHERE id = $1', [caseId, write.context.now, newVersion()]);
    await openConfirmedPerson(write, caseId, before.person_id);
    await write.settle('ReturnCase', [caseId], 'return.confirmed');
    return { caseId };
  });
}
