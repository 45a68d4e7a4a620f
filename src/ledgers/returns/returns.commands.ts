import { perform, type WriteRequest, type WriteTransaction } from '../../disclosure/perform.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import { addMonths, dateOf } from '../../kernel/dates.js';
import { ID_NUMBER_HASH } from '../id-number-hash.js';
import { digestOf, idNumberOf, requiredText, textOf } from '../input-words.js';
import { documentOf, documentOr, NO_DOCUMENT, type StepDocument } from '../documents.js';
import { newCaseNo, newVersion, uuidOf } from '../identifiers.js';
import { endIdentifiedSettlement, isSettled, linkPerson, openConfirmedPerson } from '../links.js';
import { leaveRevisit, voidRevisits } from '../revisits.js';
import type { LedgerServices } from '../workbench.js';
import { OUTCOME_STATES, type ReturnState } from './returns.transitions.js';
import type { CloseReturnInput, ConfirmReturnInput, ReceiveReturneeInput, RecordHomeCheckInput, RerouteReturnInput, ReturnReasonInput, ReturnStepInput, SendReturnDraftInput, SendReturnNoticeInput } from './returns.input.js';
import { checkReadiness, findEscort } from './returns.conditions.js';
import { subjectColumns } from './returns.subject.js';
import { CASE_COLUMNS, insertTransition, moveClocks, notAllowed, takeStep, type OpenCase, type Reason, type ReturnOutcome } from './returns.writing.js';

/** Notices, and the steps of the two sides of a return. */

/** Keeps a notice that is not sent yet: nobody but its author sees it. What a minor or an escort asks for may still be lacking. */
export function draftReturnNotice(services: LedgerServices, request: WriteRequest, input: SendReturnNoticeInput): Promise<ReturnOutcome> {
  return perform(services, request, async (write) => {
    const caseId = await insertNotice(write, services, input, 'input', null, 'DRAFT');
    await write.settle('ReturnCase', [caseId], 'return.draft');
    return { caseId };
  });
}

/** The letter that a notice is, which its sending rests on where no other document is named. */
const letterOf = (before: OpenCase): StepDocument => ({ no: before.notice_no, date: before.notice_date });

/** Sends a draft, with what it still lacked. */
export function sendReturnDraft(services: LedgerServices, request: WriteRequest, input: SendReturnDraftInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, (write, before) => {
    const assessedOn = input.guardianAssessedOn ?? before.guardian_assessed_on;
    const fit = input.fitToTravel ?? before.fit_to_travel;
    checkReadiness({ bornOn: before.subject_born_on, returnMode: before.return_mode, guardianAssessedOn: assessedOn, fitToTravel: fit }, dateOf(write.context.now), 'input');
    return { set: { guardian_assessed_on: assessedOn, fit_to_travel: fit, sent_at: write.context.now }, reason: noteOf(input.note), document: letterOf(before) };
  });
}

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
export async function insertNotice(write: WriteTransaction, services: LedgerServices, input: SendReturnNoticeInput, at: string, importKey: string | null = null, state: 'DRAFT' | 'SENT' = 'SENT'): Promise<string> {
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
  if (state === 'SENT') checkReadiness({ bornOn: columns.subject_born_on, returnMode: input.returnMode, guardianAssessedOn: input.guardianAssessedOn ?? null, fitToTravel: input.fitToTravel ?? null }, today, at);
  const origin = await directory.getDivision(write, input.originDivision, `${at}.originDivision`);
  const receiver = await directory.getReceiver(write, origin, `${at}.originDivision`);
  if (receiver.agencyId === viewer.agencyId) throw badInput(`${at}.originDivision`, '流出地的接收单位就是贵单位，无须发函', 'the receiving agency is your own');
  const escort = await findEscort(write, directory, input, `${at}.escortAgency`);
  const noticeNo = requiredText(input.noticeNo, `${at}.noticeNo`, 100);
  await refuseRepeatedNotice(write, noticeNo, columns.subject_id_number_hash, columns.subject_name, `${at}.noticeNo`);
  const personId = await linkPerson(write, subject.idNumber && { hash: columns.subject_id_number_hash ?? '', sealed: columns.subject_id_number_sealed ?? '', ends: subject.idNumberEnds ?? '' }, columns.subject_born_on);
  return insertCase(write, {
    ...columns, state, person_id: personId, import_key: importKey,
    destination_agency: viewer.agencyId, destination_division: viewer.division, origin_agency: receiver.agencyId, origin_division: origin.code, author_agency: viewer.agencyId,
    notice_no: noticeNo, notice_date: input.noticeDate, entry_date: input.entryDate, leave_date: input.leaveDate, return_mode: input.returnMode,
    escort_agency: escort, help_reason: textOf(input.helpReason, `${at}.helpReason`, 500, true), condition: textOf(input.condition, `${at}.condition`, 500, true), custody_place: input.custodyPlace ?? null, notice_file_digest: digestOf(input.noticeFileDigest, `${at}.noticeFileDigest`),
    guardian_assessed_on: input.guardianAssessedOn ?? null, fit_to_travel: input.fitToTravel ?? null, handling_codes: [...new Set(input.handlingCodes ?? [])],
    ...(state === 'SENT' && { sent_at: now }),
  }, state, documentOr(documentOf(input, { today, enteredOn: input.entryDate, at }), state === 'SENT' ? { no: noticeNo, date: input.noticeDate } : NO_DOCUMENT));
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

/** Inserts a case with its first transition. */
async function insertCase(write: WriteTransaction, columns: Record<string, unknown>, state: ReturnState, document: StepDocument): Promise<string> {
  const { viewer, now } = write.context;
  const all: Record<string, unknown> = { version: newVersion(), case_no: newCaseNo(), changed_at: now, ...columns };
  const names = Object.keys(all);
  const rows = await write.query<{ id: string }>(`INSERT INTO guitu.return_cases (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')}) RETURNING id`, Object.values(all));
  const caseId = rows[0]?.id ?? '';
  await insertTransition(write, caseId, { from: null, to: state, agencyId: viewer.agencyId, user: viewer.user, document });
  await moveClocks(write, caseId, 'sendReturnNotice');
  return caseId;
}

export const noteOf = (note: string | null | undefined): Reason => ({ code: null, text: textOf(note, 'input.note', 500, true) });
export const reasonOf = (input: Pick<ReturnReasonInput, 'code' | 'text'>): Reason => ({ code: input.code, text: textOf(input.text, 'input.text', 500, true) });

export function acknowledgeReturn(services: LedgerServices, request: WriteRequest, input: ReturnStepInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, (write) => ({ set: { acknowledged_at: write.context.now }, reason: noteOf(input.note) }));
}

/** Disputes or refuses, with a coded reason. */
export function declineReturn(services: LedgerServices, request: WriteRequest, input: ReturnReasonInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, () => ({ reason: reasonOf(input) }));
}

/** Takes the notice back; everybody who ever had it on the table is told. */
export function recallReturn(services: LedgerServices, request: WriteRequest, input: ReturnReasonInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, (write) => ({
    set: { closed_at: write.context.now }, reason: reasonOf(input),
    follow: async ({ id }) => void (await write.query('SELECT guitu.tell_of_recall($1, $2)', [id, write.context.now])),
  }));
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
      reason: noteOf(input.note), document: letterOf(before),
    };
  });
}

/** Received, on the handover form 接收交接单: its number and day are the step's document. */
export function receiveReturnee(services: LedgerServices, request: WriteRequest, input: ReceiveReturneeInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, (write, before) => {
    const today = dateOf(write.context.now);
    if (input.receivedOn > today) throw badInput('input.receivedOn', '接收日期晚于今天', 'the day of reception lies in the future');
    if (before.leave_date && input.receivedOn < before.leave_date) throw badInput('input.receivedOn', '接收日期早于离站日期', 'the day of reception lies before the person left');
    return { set: { received_at: input.receivedOn === today ? write.context.now : `${input.receivedOn}T00:00:00+08:00` }, reason: noteOf(input.note) };
  });
}

/** A step that carries nothing but a note: at home, not arrived, found, kin refuse. */
export function noteStep(services: LedgerServices, request: WriteRequest, input: ReturnStepInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, () => ({ reason: noteOf(input.note) }));
}

/** Ends the trace of a person who did not arrive: the first side's word is kept, the other's closes. A person who is found in between begins it anew. */
export function endTrace(services: LedgerServices, request: WriteRequest, input: ReturnStepInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, (write, before) => {
    const { agencyId } = write.context.viewer;
    if (before.trace_ended_by === agencyId) throw new Refusal('CONFLICT', { field: 'input.id', zh: '贵单位已提出终止查找，须待另一方同意', en: 'your side has said so already; the other side has to agree' });
    const agreed = before.trace_ended_by !== null;
    return { set: agreed ? { outcome: 'NOT_FOUND' } : { trace_ended_by: agencyId }, reason: noteOf(input.note), to: agreed ? 'CLOSED' : 'NOT_ARRIVED' };
  });
}

export function reportFound(services: LedgerServices, request: WriteRequest, input: ReturnStepInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, () => ({ set: { trace_ended_by: null }, reason: noteOf(input.note) }));
}

/** Closes with an outcome: after the work is done, or because the person died, went its own way (381号 art. 11) or turned out to be another. */
export function closeReturn(services: LedgerServices, request: WriteRequest, input: CloseReturnInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, async (write, before) => {
    const states = OUTCOME_STATES[input.outcome];
    if (input.outcome === 'NOT_FOUND') throw badInput('input.outcome', '终止查找须由双方分别提出', 'a trace is ended by both sides');
    if (states && !states.includes(before.state)) throw notAllowed();
    if (input.outcome === 'NO_DIFFICULTY' && (before.home_difficulties ?? []).length > 0) throw badInput('input.outcome', '走访记有困难，应转介帮扶', 'the home check found difficulties: refer them');
    return {
      set: { outcome: input.outcome }, reason: noteOf(input.note),
      follow: async ({ id }) => {
        if (input.outcome === 'DIED') await voidRevisits(write, before.person_id, before.origin_agency);
        if (input.outcome === 'MERGED') await leaveRevisit(write, id);
      },
      last: async () => {
        if (input.outcome === 'PLACED' && !(await isSettled(write, uuidOf(input.id, 'rc', 'input.id')))) throw badInput('input.outcome', '落户安置尚未完成', 'the settlement has not placed the person yet');
      },
    };
  });
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

/**
 * The destination confirms a row that the origin imported, which it is not shown, by saying who it was: only from then on does the case open the person. The state stays. Whatever does not fit is
 * refused in the same words, so that nothing of the row is told.
 */
export function confirmReturn(services: LedgerServices, request: WriteRequest, input: ConfirmReturnInput): Promise<ReturnOutcome> {
  const caseId = uuidOf(input.id, 'rc', 'input.id');
  const number = idNumberOf(input.idNumber, 'input.idNumber', services.acceptSynthetic);
  const name = textOf(input.name, 'input.name', 100);
  return perform(services, request, async (write) => {
    const before = await write.open<OpenCase>('ReturnCase', caseId, CASE_COLUMNS, 'input.id');
    if (before.version !== input.expectedVersion) throw new Refusal('STALE_VERSION', { field: 'input.expectedVersion' });
    if (before.author_agency === write.context.viewer.agencyId || before.confirmed_at !== null || ['RECALLED', 'DISPUTED', 'REFUSED'].includes(before.state)) throw new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.id' });
    const said = number && services.keyRing.keyedHash(ID_NUMBER_HASH, number.number18);
    const [same] = await write.query('SELECT FROM guitu.return_cases WHERE id = $1 AND CASE WHEN subject_id_number_hash IS NULL THEN subject_name = $3 ELSE subject_id_number_hash = $2 END', [caseId, said, name]);
    if (!same) throw badInput('input.idNumber', '与对方所登记的人不符，或未写明：请按本单位自己的记录填写身份证号，没有的填姓名', 'this is not whom the row is about, or it is not said: give the ID number by your own records, or the name where there is none');
    await write.query('UPDATE guitu.return_cases SET confirmed_at = $2, version = $3 WHERE id = $1', [caseId, write.context.now, newVersion()]);
    await openConfirmedPerson(write, caseId, before.person_id);
    await write.settle('ReturnCase', [caseId], 'return.confirmed');
    return { caseId };
  });
}
