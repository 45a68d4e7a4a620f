import { perform, type WriteRequest, type WriteTransaction } from '../../disclosure/perform.js';
import { dateOf } from '../../kernel/dates.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import { documentOf, type Documented, type StepDocument } from '../documents.js';
import { newCaseNo, newVersion, uuidOf } from '../identifiers.js';
import { digestOf, requiredText, textOf } from '../input-words.js';
import { getHeldPerson } from '../links.js';
import type { LedgerServices } from '../workbench.js';
import { moveInquiryClock } from './inquiries.clocks.js';
import type { InquiryStepInput, OpenInquiryInput, ReopenInquiryInput, WithdrawInquiryInput } from './inquiries.input.js';
import { ASKED_AT, findFirstLevel, findNextLevel, type InquiryLevel } from './inquiries.levels.js';
import { findInquiryStep, type InquiryState, type InquiryStep } from './inquiries.transitions.js';

/** The writer of `identity_inquiries`, `inquiry_answers` and `inquiry_transitions`; hits and candidates have a room of their own. */

export interface InquiryOutcome extends Record<string, string> { inquiryId: string }

export interface OpenInquiry extends Record<string, unknown> { version: number; inquiry_no: string; state: InquiryState; level: InquiryLevel['level']; resume_state: InquiryState | null; person_id: string; station: string; division: string; civil_affairs: string; police: string }

const COLUMNS = 'c.version, c.inquiry_no, c.state, c.level, c.resume_state, c.person_id, c.station, c.division, c.civil_affairs, c.police';
const REASON_CHARS = 500;

/** What one act does: the line of the table that it takes, if any, and what else it stores. `document`: what is kept in place of the document that the input names. */
export interface Taken { step: InquiryStep | undefined; set?: Record<string, unknown>; reason?: string | null; document?: StepDocument; personId?: string }

/** One act: lock, version, line of the table, change, transition, clock. An act without a line changes no state. @param first what is taken before the inquiry is */
export function act(services: LedgerServices, request: WriteRequest, input: Documented & { id: string; expectedVersion: number }, change: (write: WriteTransaction, before: OpenInquiry, inquiryId: string) => Promise<Taken>, first?: (write: WriteTransaction, inquiryId: string) => Promise<void>): Promise<InquiryOutcome> {
  const inquiryId = uuidOf(input.id, 'iq', 'input.id');
  return perform(services, request, async (write) => {
    await first?.(write, inquiryId);
    // Locked by a statement of its own: what hangs on the inquiry is read once nobody changes it any more.
    await write.query('SELECT FROM guitu.identity_inquiries WHERE id = $1 FOR UPDATE', [inquiryId]);
    const before = await write.open<OpenInquiry>('IdentityInquiry', inquiryId, COLUMNS, 'input.id');
    if (before.version !== input.expectedVersion) throw new Refusal('STALE_VERSION', { field: 'input.expectedVersion' });
    const named = documentOf(input, { today: dateOf(write.at) });
    const { step, set = {}, reason = null, document = named, personId = before.person_id } = await change(write, before, inquiryId);
    const moved: Record<string, unknown> = { version: newVersion(), ...set };
    if (step && step.to !== before.state) {
      const parties = { station: before.station, civilAffairs: String(set['civil_affairs'] ?? before.civil_affairs), police: String(set['police'] ?? before.police) };
      Object.assign(moved, { state: step.to, resume_state: step.to === 'CANDIDATE' ? before.state : null }, await moveInquiryClock(write, { record: 'IdentityInquiry', id: inquiryId, number: before.inquiry_no, personId }, parties, request.operation, step.to));
      await insertTransition(write, inquiryId, { from: before.state, to: step.to, level: String(set['level'] ?? before.level), reason, document });
    }
    await write.query(`UPDATE guitu.identity_inquiries SET ${Object.keys(moved).map((name, index) => `${name} = $${index + 2}`).join(', ')} WHERE id = $1`, [inquiryId, ...Object.values(moved)]);
    await write.settle('IdentityInquiry', [inquiryId], `inquiry.${(step?.to ?? before.state).toLowerCase()}`);
    return { inquiryId };
  });
}

/** @throws Refusal TRANSITION_NOT_ALLOWED where the table has no such line */
export function lineOf(operation: string, before: OpenInquiry, choice?: InquiryStep['choice'], to?: InquiryState): InquiryStep {
  const step = findInquiryStep(operation, before.state, choice, to);
  if (!step) throw notAllowed();
  return step;
}

export const notAllowed = (): Refusal => new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.id' });

async function insertTransition(write: WriteTransaction, inquiryId: string, { from, to, level, reason, document }: { from: InquiryState | null; to: InquiryState; level: string; reason: string | null; document: StepDocument }): Promise<void> {
  const { agencyId, user } = write.context.viewer;
  await write.query(
    `INSERT INTO guitu.inquiry_transitions (inquiry_id, step, from_state, to_state, level, at, agency_id, by_user, reason, document_no, document_date)
     SELECT $1, 1 + count(*), $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM guitu.inquiry_transitions WHERE inquiry_id = $1`, [inquiryId, from, to, level, write.at, agencyId, user, reason, document.no, document.date]);
}

/** Public security of a level is asked. Whoever still owes an answer is not asked twice. */
export async function ask(write: WriteTransaction, inquiryId: string, level: string, police: string): Promise<void> {
  await write.query(
    `INSERT INTO guitu.inquiry_answers (inquiry_id, step, level, police, asked_at) SELECT $1, 1 + count(*), $2, $3, $4 FROM guitu.inquiry_answers WHERE inquiry_id = $1
     HAVING count(*) FILTER (WHERE police = $3 AND answered_at IS NULL) = 0`, [inquiryId, level, police, write.at]);
}

const askedOf = ({ level, police, civilAffairs }: InquiryLevel): Record<string, string> => ({ level, police, civil_affairs: civilAffairs, [ASKED_AT[level]]: police });

/** The station has compared by itself and asks on: public security of its own level. One inquiry of a person at a time. */
export function openInquiry(services: LedgerServices, request: WriteRequest, input: OpenInquiryInput): Promise<InquiryOutcome> {
  return perform(services, request, async (write) => {
    const { viewer } = write.context;
    const stayNo = requiredText(input.stayNo, 'input.stayNo');
    const ownComparison = longText(input.ownComparison, 'input.ownComparison');
    const methods = methodsOf(input.methods, 'input.methods');
    const photoDigest = digestOf(input.photoDigest, 'input.photoDigest');
    const document = documentOf(input, { today: dateOf(write.at) });
    const held = await getHeldPerson(write, stayNo, 'input.stayNo');
    const dnaSampleNo = textOf(input.dnaSampleNo, 'input.dnaSampleNo', 64) ?? held.dnaSampleNo;
    if (methods.includes('DNA') && dnaSampleNo === null) throw badInput('input.dnaSampleNo', '用 DNA 比对的，须填写采血编号', 'for a comparison by DNA, give the number of the sample');
    const running = await write.query("SELECT FROM guitu.identity_inquiries WHERE person_id = $1 AND station = $2 AND state NOT IN ('IDENTIFIED', 'WITHDRAWN')", [held.personId, viewer.agencyId]);
    if (running.length > 0) throw new Refusal('CONFLICT', { field: 'input.stayNo', zh: '这个人的身份查询正在进行', en: 'an inquiry about the person is under way' });
    const first = await findFirstLevel(write, held.division);
    if (!first) throw new Refusal('CONFLICT', { field: 'input.stayNo', zh: '本地及其上级尚无接入的公安机关', en: 'no public security agency of the place or above is on the hub' });
    const columns = {
      version: newVersion(), inquiry_no: newCaseNo('IQ'), state: 'OPEN', person_id: held.personId, station: viewer.agencyId, division: held.division, opened_at: write.at, own_comparison: ownComparison, methods,
      called_name: held.calledName, features: held.features, photo_digest: photoDigest, dna_sample_no: dnaSampleNo, ...askedOf(first),
    };
    const names = Object.keys(columns);
    const [opened] = await write.query<{ id: string }>(`INSERT INTO guitu.identity_inquiries (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')}) RETURNING id`, Object.values(columns));
    if (!opened) throw new Error('the inquiry is gone');
    const inquiryId = opened.id;
    await ask(write, inquiryId, first.level, first.police);
    await insertTransition(write, inquiryId, { from: null, to: 'OPEN', level: first.level, reason: null, document });
    const due = await moveInquiryClock(write, { record: 'IdentityInquiry', id: inquiryId, number: columns.inquiry_no, personId: held.personId }, { station: viewer.agencyId, ...first }, 'openInquiry', 'OPEN');
    await write.query('UPDATE guitu.identity_inquiries SET due_by = $2, provisional = $3 WHERE id = $1', [inquiryId, due.due_by, due.provisional]);
    await write.settle('IdentityInquiry', [inquiryId], 'inquiry.open');
    return { inquiryId };
  });
}

/** What this level cannot verify goes to civil affairs of the next level that can have it asked. Above the last there is nobody. */
export function passInquiryUp(services: LedgerServices, request: WriteRequest, input: InquiryStepInput): Promise<InquiryOutcome> {
  return act(services, request, input, async (write, before) => {
    const step = lineOf(request.operation, before);
    const next = await findNextLevel(write, before.police);
    if (!next) throw notAllowed();
    return { step, set: { level: next.level, civil_affairs: next.civilAffairs }, reason: textOf(input.note, 'input.note', REASON_CHARS, true) };
  });
}

/** Civil affairs of the higher level asks public security of its own level. */
export function askPublicSecurity(services: LedgerServices, request: WriteRequest, input: InquiryStepInput): Promise<InquiryOutcome> {
  return act(services, request, input, async (write, before, inquiryId) => {
    const step = lineOf(request.operation, before);
    const next = await findNextLevel(write, before.police);
    if (next?.civilAffairs !== before.civil_affairs) throw new Refusal('CONFLICT', { field: 'input.id', zh: '本级公安机关已不在平台上', en: 'public security of this level is no longer on the hub' });
    await ask(write, inquiryId, next.level, next.police);
    return { step, set: askedOf(next), reason: textOf(input.note, 'input.note', REASON_CHARS, true) };
  });
}

/** The last level has no more to ask. Not before. */
export function exhaustInquiry(services: LedgerServices, request: WriteRequest, input: InquiryStepInput): Promise<InquiryOutcome> {
  return act(services, request, input, async (write, before) => {
    const step = lineOf(request.operation, before);
    if (await findNextLevel(write, before.police)) throw notAllowed();
    return { step, reason: textOf(input.note, 'input.note', REASON_CHARS, true) };
  });
}

/** New evidence begins again at the station's own level, whose public security has not seen it. */
export function reopenInquiry(services: LedgerServices, request: WriteRequest, input: ReopenInquiryInput): Promise<InquiryOutcome> {
  return act(services, request, input, async (write, before, inquiryId) => {
    const step = lineOf(request.operation, before);
    const newEvidence = longText(input.newEvidence, 'input.newEvidence');
    const sampleNo = textOf(input.dnaSampleNo, 'input.dnaSampleNo', 64);
    const methods = input.methods && methodsOf(input.methods, 'input.methods');
    const [held] = await write.query<{ sampled: boolean }>('SELECT dna_sample_no IS NOT NULL AS sampled FROM guitu.identity_inquiries WHERE id = $1', [inquiryId]);
    if (methods?.includes('DNA') && sampleNo === null && !held?.sampled) throw badInput('input.dnaSampleNo', '用 DNA 比对的，须填写采血编号', 'for a comparison by DNA, give the number of the sample');
    const first = await findFirstLevel(write, before.division);
    if (!first) throw notAllowed();
    await ask(write, inquiryId, first.level, first.police);
    return { step, set: { ...askedOf(first), new_evidence: newEvidence, ...(methods && { methods }), ...(sampleNo && { dna_sample_no: sampleNo }) } };
  });
}

/** The person left or died, or has told who it is. Missing reports that nobody decided on are compared no more. */
export function withdrawInquiry(services: LedgerServices, request: WriteRequest, input: WithdrawInquiryInput): Promise<InquiryOutcome> {
  return act(services, request, input, async (write, before, inquiryId) => {
    const step = lineOf(request.operation, before);
    await write.query('UPDATE guitu.missing_candidates SET ended = TRUE WHERE inquiry_id = $1 AND verdict IS NULL', [inquiryId]);
    return { step, set: { outcome: input.reason }, reason: textOf(input.note, 'input.note', REASON_CHARS, true) };
  });
}

function methodsOf<Method extends string>(given: readonly Method[], field: string): Method[] {
  const methods = [...new Set(given)];
  if (methods.length === 0) throw badInput(field, '请至少写明一种比对方式', 'name at least one method');
  return methods;
}

function longText(value: string, field: string): string {
  const text = textOf(value, field, 2_000, true);
  if (text === null) throw badInput(field, '不能为空', 'may not be empty');
  return text;
}
