import type { WriteRequest, WriteTransaction } from '../../disclosure/perform.js';
import { dateOf } from '../../kernel/dates.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import { idNumberEnds, surnameOf } from '../../kernel/masks.js';
import { NO_DOCUMENT } from '../documents.js';
import { ID_NUMBER_HASH } from '../id-number-hash.js';
import { newCaseNo } from '../identifiers.js';
import { birthOf, idNumberOf, requiredText, textOf } from '../input-words.js';
import { endSearchOf, hideHits } from '../links.js';
import type { LedgerServices } from '../workbench.js';
import { act, ask, lineOf, notAllowed, type InquiryOutcome, type OpenInquiry, type Taken } from './inquiries.commands.js';
import type { AnswerInquiryInput, ConfirmCandidateInput, InquiryCandidateInput, RejectCandidateInput } from './inquiries.input.js';
import { findInquiryStep } from './inquiries.transitions.js';

/** What public security answers, and what the station makes of it. */

const NOTE_CHARS = 500;
const MOST_CANDIDATES = 10;

/**
 * A hit may come from any level that was asked, however late; whatever else is answered comes from whom the inquiry waits for. A hit on a protected person is kept and shown to nobody: it then
 * reads like no hit, without note or document, to the station and to whoever found it alike, who is told of no state beyond its own answer.
 */
export function answerInquiry(services: LedgerServices, request: WriteRequest, input: AnswerInquiryInput): Promise<InquiryOutcome> {
  return act(services, request, input, async (write, before, inquiryId): Promise<Taken> => {
    const { agencyId } = write.context.viewer;
    const waitedFor = before.state === 'OPEN' && before.police === agencyId;
    if (!findInquiryStep(request.operation, before.state, input.answer) || (input.answer !== 'HIT' && !waitedFor)) throw notAllowed();
    const note = textOf(input.note, 'input.note', NOTE_CHARS, true);
    const candidates = await candidatesOf(write, services, input);
    let stands = false;
    for (const candidate of candidates) stands = (await recordHit(write, services, inquiryId, candidate)) || stands;
    const answer = input.answer === 'HIT' && !stands ? 'NO_HIT' : input.answer;
    if (answer === 'HIT' || waitedFor) await storeAnswer(write, inquiryId, answer, answer === input.answer ? note : null);
    return { step: answer === 'HIT' || waitedFor ? lineOf(request.operation, before, answer) : undefined, ...(answer !== input.answer && { document: NO_DOCUMENT }) };
  });
}

interface Hit { row: Record<string, unknown>; number18: string | null; bornOn: string | null }

async function candidatesOf(write: WriteTransaction, services: LedgerServices, input: AnswerInquiryInput): Promise<Hit[]> {
  const given = input.candidates ?? [];
  if (input.answer === 'HIT' && given.length === 0) throw badInput('input.candidates', '比中的，须写明是谁', 'for a hit, say who was found');
  if (input.answer !== 'HIT' && given.length > 0) throw badInput('input.candidates', '没有比中的，不填候选人', 'without a hit there is no candidate');
  if (given.length > MOST_CANDIDATES) throw badInput('input.candidates', `一次至多 ${MOST_CANDIDATES} 名候选人`, `at most ${MOST_CANDIDATES} candidates at a time`);
  return Promise.all(given.map((candidate, index) => hitOf(write, services, candidate, `input.candidates.${index}`)));
}

async function hitOf(write: WriteTransaction, { directory, acceptSynthetic }: LedgerServices, input: InquiryCandidateInput, at: string): Promise<Hit> {
  const name = requiredText(input.name, `${at}.name`, 100);
  const number = idNumberOf(input.idNumber, `${at}.idNumber`, acceptSynthetic);
  const { birthDate, sex, bornOn } = birthOf(input, number, at, dateOf(write.at));
  const hukou = input.hukouDivision ? await directory.getDivision(write, input.hukouDivision, `${at}.hukouDivision`) : null;
  return {
    row: { method: input.method, name, name_surname: surnameOf(name), sex: sex ?? number?.sex ?? null, birth_date: birthDate ?? number?.bornOn ?? null, hukou_division: hukou?.code ?? null, note: textOf(input.note, `${at}.note`, NOTE_CHARS, true) },
    number18: number?.number18 ?? null, bornOn,
  };
}

/** @returns whether the hit stands; nobody but the command learns it */
async function recordHit(write: WriteTransaction, { keyRing }: LedgerServices, inquiryId: string, { row, number18, bornOn }: Hit): Promise<boolean> {
  const number = number18 === null ? [null, null, null] : [keyRing.keyedHash(ID_NUMBER_HASH, number18), keyRing.sealValue(number18), idNumberEnds(number18)];
  const [hit] = await write.query<{ stands: boolean }>('SELECT guitu.record_hit($1, $2, $3, $4, $5) AS stands', [JSON.stringify({ ...row, inquiry_id: inquiryId, candidate_no: newCaseNo('CA'), found_at: write.at }), ...number, bornOn]);
  return hit?.stands === true;
}

/** The answer to what this agency was asked last; a later hit of whoever has answered already is a further answer. */
async function storeAnswer(write: WriteTransaction, inquiryId: string, answer: string, note: string | null): Promise<void> {
  const { agencyId } = write.context.viewer;
  const answered = await write.query('UPDATE guitu.inquiry_answers SET answered_at = $3, answer = $4, note = $5 WHERE inquiry_id = $1 AND police = $2 AND answered_at IS NULL RETURNING id', [inquiryId, agencyId, write.at, answer, note]);
  if (answered.length > 0) return;
  await write.query(
    `INSERT INTO guitu.inquiry_answers (inquiry_id, step, level, police, asked_at, answered_at, answer, note)
     SELECT $1, 1 + count(*), max(level) FILTER (WHERE police = $2), $2, max(asked_at) FILTER (WHERE police = $2), $3, $4, $5 FROM guitu.inquiry_answers WHERE inquiry_id = $1`, [inquiryId, agencyId, write.at, answer, note]);
}

interface Candidate extends Record<string, unknown> { id: string; first_confirmed_by: string | null }

/** A candidate that stands. One that was rejected, or is protected by now, is not there. */
async function getCandidate(write: WriteTransaction, inquiryId: string, candidateNo: string): Promise<Candidate> {
  const [candidate] = await write.query<Candidate>(`SELECT c.id, c.first_confirmed_by FROM guitu.inquiry_candidates c WHERE c.inquiry_id = $1 AND c.candidate_no = $2 AND ${STANDS}`, [inquiryId, candidateNo]);
  if (!candidate) throw new Refusal('NOT_FOUND', { field: 'input.candidateNo' });
  return candidate;
}

const STANDS = 'c.rejected_reason IS NULL AND NOT c.suppressed AND NOT EXISTS (SELECT FROM guitu.protections p WHERE p.person_id = c.person_id)';

/** Two different members of staff of the station: the word of the first is kept, the second decides. Then the sought person is whoever bears the number, and is no longer sought. */
export function confirmCandidate(services: LedgerServices, request: WriteRequest, input: ConfirmCandidateInput): Promise<InquiryOutcome> {
  return act(services, request, input, async (write, before, inquiryId): Promise<Taken> => {
    const { user } = write.context.viewer;
    lineOf(request.operation, before, 'FIRST');
    const candidate = await getCandidate(write, inquiryId, input.candidateNo);
    if (candidate.first_confirmed_by === user) throw new Refusal('CONFLICT', { field: 'input.candidateNo', zh: '须由另一名工作人员确认', en: 'another member of staff must confirm' });
    if (candidate.first_confirmed_by === null) {
      await write.query('UPDATE guitu.inquiry_candidates SET first_confirmed_by = $2 WHERE id = $1', [candidate.id, user]);
      return { step: lineOf(request.operation, before, 'FIRST') };
    }
    await write.query('UPDATE guitu.inquiry_candidates SET second_confirmed_by = $2 WHERE id = $1', [candidate.id, user]);
    const [done] = await write.query<{ identified: boolean }>('SELECT guitu.identify_by_candidate($1, $2, $3, $4) AS identified', [candidate.id, newCaseNo('PM'), user, write.at]);
    if (!done?.identified) throw new Refusal('NOT_FOUND', { field: 'input.candidateNo' });
    const [known] = await write.query<{ person_id: string }>('SELECT person_id FROM guitu.identity_inquiries WHERE id = $1', [inquiryId]);
    const personId = known?.person_id ?? before.person_id;
    await hideHits(write, personId);
    await endSearchOf(write, personId);
    return { step: lineOf(request.operation, before, 'SECOND'), personId, reason: textOf(input.note, 'input.note', NOTE_CHARS, true) };
  });
}

/** It is not this one. Where nobody else is left, the inquiry goes on where the hit found it. */
export function rejectCandidate(services: LedgerServices, request: WriteRequest, input: RejectCandidateInput): Promise<InquiryOutcome> {
  return act(services, request, input, async (write, before, inquiryId): Promise<Taken> => {
    lineOf(request.operation, before, 'OTHERS_REMAIN');
    const reason = requiredText(input.reason, 'input.reason', NOTE_CHARS);
    const candidate = await getCandidate(write, inquiryId, input.candidateNo);
    await write.query('UPDATE guitu.inquiry_candidates SET rejected_reason = $2 WHERE id = $1', [candidate.id, reason]);
    const others = await write.query(`SELECT FROM guitu.inquiry_candidates c WHERE c.inquiry_id = $1 AND ${STANDS}`, [inquiryId]);
    if (others.length > 0) return { step: lineOf(request.operation, before, 'OTHERS_REMAIN') };
    return { step: await goOn(write, request, before, inquiryId), reason };
  });
}

async function goOn(write: WriteTransaction, request: WriteRequest, before: OpenInquiry, inquiryId: string): Promise<Taken['step']> {
  const step = lineOf(request.operation, before, 'LAST', before.resume_state ?? undefined);
  if (step.to === 'OPEN') await ask(write, inquiryId, before.level, before.police);
  return step;
}
