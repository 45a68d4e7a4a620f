import type { DutyStep } from '../../delivery/counted-deadlines.js';
import { duesByDivision } from '../../delivery/due.js';
import { beginDuty, dutyColumns, endDuties, type DutyKeeper, type DutySubject } from '../../delivery/duties.js';
import type { InquiryState } from './inquiries.transitions.js';

/** Who may owe a step of an inquiry. */
export interface InquiryParties { station: string; civilAffairs: string; police: string }

/** What each state asks for, and of whom. */
const OWED: Partial<Record<InquiryState, { step: DutyStep; owner: keyof InquiryParties }>> = {
  OPEN: { step: 'answerInquiry', owner: 'police' },
  UNRESOLVED: { step: 'passInquiryUp', owner: 'civilAffairs' },
  AT_CIVIL: { step: 'askPublicSecurity', owner: 'civilAffairs' },
  CANDIDATE: { step: 'confirmCandidate', owner: 'station' },
};

const DONE_BY: Partial<Record<string, DutyStep>> = {
  answerInquiry: 'answerInquiry', passInquiryUp: 'passInquiryUp', exhaustInquiry: 'passInquiryUp', askPublicSecurity: 'askPublicSecurity', confirmCandidate: 'confirmCandidate', rejectCandidate: 'confirmCandidate',
};

/** Moves the clock of an inquiry with its state. @returns columns that mirror it: the last day in time of what is owed now */
export async function moveInquiryClock(keeper: DutyKeeper, subject: DutySubject, parties: InquiryParties, operation: string, to: InquiryState): Promise<{ due_by: string | null; provisional: boolean }> {
  const done = DONE_BY[operation];
  if (done) await endDuties(keeper, subject.id, 'DONE', [done]);
  await endDuties(keeper, subject.id, 'VOID');
  const owed = OWED[to];
  if (!owed) return { due_by: null, provisional: false };
  const { dueOn, provisional } = await beginDuty(keeper, owed.step, subject, parties[owed.owner]);
  return { due_by: dueOn, provisional };
}

const COLUMN_OF: Record<keyof InquiryParties, string> = { station: 'station', civilAffairs: 'civil_affairs', police: 'police' };

/** What every state asks for, by the column of its owner and the length that each division decided: for `guitu.hide_hits`, which moves inquiries that its caller does not see. */
export async function duesOfStates(keeper: DutyKeeper): Promise<Record<string, unknown>> {
  const dues: Record<string, unknown> = {};
  for (const [state, { step, owner }] of Object.entries(OWED)) {
    const lengths = await duesByDivision(keeper, keeper.policy, step, keeper.at);
    dues[state] = { owner: COLUMN_OF[owner], lengths: lengths.map(({ division, due }) => ({ division, duty: dutyColumns(keeper, step, due) })) };
  }
  return dues;
}
