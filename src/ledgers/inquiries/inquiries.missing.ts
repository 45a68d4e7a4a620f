import type { WriteRequest, WriteTransaction } from '../../disclosure/perform.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import { requiredText, textOf } from '../input-words.js';
import { compareMissingReports as compare, holdMissingCandidate, tellMissingResult } from '../links.js';
import type { LedgerServices } from '../workbench.js';
import { act, notAllowed, type InquiryOutcome, type OpenInquiry } from './inquiries.commands.js';
import type { AnswerMissingCandidateInput, CompareMissingReportsInput } from './inquiries.input.js';

/** Relatives' missing reports, compared by a station with whom it holds. Nothing here moves an inquiry: who the person is, public security and two members of staff say. */

const REASON_CHARS = 500;
const MOST_UNANSWERED = 10;

/** Reports that may be about the person become candidates for staff to judge. A protected person has none, which nobody can tell from there being none. */
export function compareMissingReports(services: LedgerServices, request: WriteRequest, input: CompareMissingReportsInput): Promise<InquiryOutcome> {
  return act(services, request, input, async (write, before, inquiryId) => {
    notWithdrawn(before);
    await compare(write, inquiryId, MOST_UNANSWERED);
    return { step: undefined };
  });
}

interface MissingCandidate extends Record<string, unknown> { id: string; verdict: string | null; first_confirmed_by: string | null; tell: boolean | null; told: boolean }

/**
 * One member of staff says that it is somebody else; that it is the same person, two. Public security that took the report learns of it only where both say to tell: the relative who reported may be
 * whom the person fled from. An answer that was not told may be given anew.
 */
export function answerMissingCandidate(services: LedgerServices, request: WriteRequest, input: AnswerMissingCandidateInput): Promise<InquiryOutcome> {
  const reportNo = requiredText(input.reportNo, 'input.reportNo');
  let stands = false;
  return act(services, request, input, async (write, before, inquiryId) => {
    notWithdrawn(before);
    const reason = textOf(input.reason, 'input.reason', REASON_CHARS, true);
    const same = input.verdict === 'SAME_PERSON';
    if (same !== (typeof input.tell === 'boolean')) throw badInput('input.tell', '认为是同一人的，须写明是否告知报案地公安；不是的，不填', 'say whether to tell public security for the same person, and only then');
    if (input.tell === false && reason === null) throw badInput('input.reason', '不告知的，须写明理由', 'say why it is not to be told');
    const candidate = await getCandidate(write, inquiryId, reportNo, stands);
    if (candidate.told) throw notAllowed();
    if (same) await confirm(write, before, candidate, input.tell === true, reason);
    else await decide(write, candidate, { verdict: 'NOT_THE_SAME', first: null, second: null, tell: null, reason });
    return { step: undefined };
  }, async (write, inquiryId) => {
    stands = await holdMissingCandidate(write, inquiryId, reportNo);
  });
}

function notWithdrawn({ state }: OpenInquiry): void {
  if (state === 'WITHDRAWN') throw notAllowed();
}

/** A report that stands as a candidate. @throws Refusal NOT_FOUND */
async function getCandidate(write: WriteTransaction, inquiryId: string, reportNo: string, stands: boolean): Promise<MissingCandidate> {
  const [candidate] = stands
    ? await write.query<MissingCandidate>("SELECT c.id, c.verdict, c.first_confirmed_by, c.tell, coalesce(c.verdict = 'SAME_PERSON' AND c.tell, FALSE) AS told FROM guitu.missing_candidates c WHERE c.inquiry_id = $1 AND c.report_no = $2", [inquiryId, reportNo])
    : [];
  if (!candidate) throw new Refusal('NOT_FOUND', { field: 'input.reportNo' });
  return candidate;
}

async function confirm(write: WriteTransaction, { division }: OpenInquiry, candidate: MissingCandidate, wantsTold: boolean, reason: string | null): Promise<void> {
  const { user } = write.context.viewer;
  const first = candidate.verdict === null ? candidate.first_confirmed_by : null;
  if (first === user) throw new Refusal('CONFLICT', { field: 'input.reportNo', zh: '须由另一名工作人员确认', en: 'another member of staff must confirm' });
  if (first === null) return decide(write, candidate, { verdict: null, first: user, second: null, tell: wantsTold, reason });
  const tell = wantsTold && candidate.tell === true;
  await decide(write, candidate, { verdict: 'SAME_PERSON', first, second: user, tell, reason });
  if (tell) await tellMissingResult(write, candidate.id, division);
}

/** A reason that the first member of staff gave stands until the second gives one. */
async function decide(write: WriteTransaction, { id }: MissingCandidate, decided: { verdict: string | null; first: string | null; second: string | null; tell: boolean | null; reason: string | null }): Promise<void> {
  await write.query('UPDATE guitu.missing_candidates SET verdict = $2, first_confirmed_by = $3, second_confirmed_by = $4, tell = $5, reason = CASE WHEN $4::text IS NULL THEN $6 ELSE coalesce($6, reason) END WHERE id = $1',
    [id, decided.verdict, decided.first, decided.second, decided.tell, decided.reason]);
}
