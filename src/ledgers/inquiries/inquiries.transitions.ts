import type { Step } from '../machine.js';

export const INQUIRY_STATES = ['OPEN', 'UNRESOLVED', 'AT_CIVIL', 'CANDIDATE', 'IDENTIFIED', 'EXHAUSTED', 'WITHDRAWN'] as const;
export type InquiryState = (typeof INQUIRY_STATES)[number];
export const INQUIRY_METHODS = ['FACE', 'DNA', 'FINGERPRINT', 'HUKOU', 'MISSING_BASE'] as const;
export const INQUIRY_ANSWERS = ['HIT', 'NO_HIT', 'BEYOND_AUTHORITY'] as const;
export type InquiryAnswer = (typeof INQUIRY_ANSWERS)[number];
export const WITHDRAWAL_REASONS = ['LEFT', 'DIED', 'TOLD_US'] as const;
export type WithdrawalReason = (typeof WITHDRAWAL_REASONS)[number];
export const MISSING_VERDICTS = ['SAME_PERSON', 'NOT_THE_SAME'] as const;
export type MissingVerdict = (typeof MISSING_VERDICTS)[number];

/** `choice` picks the line where an operation has several: the answer given, the first or the second member of staff, whether other candidates remain. */
export interface InquiryStep extends Step<InquiryState> { choice?: InquiryAnswer | 'FIRST' | 'SECOND' | 'LAST' | 'OTHERS_REMAIN' }

/** States in which an inquiry has not ended. A hit may come in each of them: an answer of any level flows back to the station that asked. */
export const UNENDED: readonly InquiryState[] = ['OPEN', 'UNRESOLVED', 'AT_CIVIL', 'CANDIDATE', 'EXHAUSTED'];

/** The state machine of an identity inquiry (ledgers.md); the level is a field of its own. What is not listed is refused. */
export const INQUIRY_STEPS: readonly InquiryStep[] = [
  { operation: 'openInquiry', from: [null], to: 'OPEN', by: '救助站：先自行比对' },
  { operation: 'answerInquiry', choice: 'HIT', from: UNENDED, to: 'CANDIDATE', by: '被查询过的任何一级公安：比中' },
  { operation: 'answerInquiry', choice: 'NO_HIT', from: ['OPEN'], to: 'UNRESOLVED', by: '本级公安：未比中' },
  { operation: 'answerInquiry', choice: 'BEYOND_AUTHORITY', from: ['OPEN'], to: 'UNRESOLVED', by: '本级公安：超出权限' },
  { operation: 'passInquiryUp', from: ['UNRESOLVED'], to: 'AT_CIVIL', by: '本级民政' },
  { operation: 'askPublicSecurity', from: ['AT_CIVIL'], to: 'OPEN', by: '上一级民政，向同级公安' },
  { operation: 'confirmCandidate', choice: 'FIRST', from: ['CANDIDATE'], to: 'CANDIDATE', by: '救助站：第一名工作人员' },
  { operation: 'confirmCandidate', choice: 'SECOND', from: ['CANDIDATE'], to: 'IDENTIFIED', by: '救助站：另一名工作人员' },
  { operation: 'rejectCandidate', choice: 'OTHERS_REMAIN', from: ['CANDIDATE'], to: 'CANDIDATE', by: '救助站：还有其他候选人' },
  // Where the hit came late, the inquiry goes on where it stood.
  ...(['OPEN', 'UNRESOLVED', 'AT_CIVIL', 'EXHAUSTED'] as const).map((to): InquiryStep => ({ operation: 'rejectCandidate', choice: 'LAST', from: ['CANDIDATE'], to, by: '救助站：没有其他候选人，回到比中之前' })),
  ...(['OPEN', 'UNRESOLVED', 'AT_CIVIL', 'EXHAUSTED'] as const).map((to): InquiryStep => ({ operation: 'protectPerson', from: ['CANDIDATE'], to, by: '平台：已没有可确认的候选人，回到比中之前' })),
  { operation: 'exhaustInquiry', from: ['UNRESOLVED'], to: 'EXHAUSTED', by: '最高一级民政' },
  { operation: 'reopenInquiry', from: ['EXHAUSTED'], to: 'OPEN', by: '救助站：有新线索' },
  { operation: 'withdrawInquiry', from: UNENDED, to: 'WITHDRAWN', by: '救助站：离站、死亡、本人说明' },
  { operation: 'endStay', from: UNENDED, to: 'WITHDRAWN', by: '救助站：人员离站' },
];

/** The line that an operation takes from a state; undefined where the table has none. @param to where it is to lead, for the rejection of the last candidate */
export function findInquiryStep(operation: string, from: InquiryState, choice?: InquiryStep['choice'], to?: InquiryState): InquiryStep | undefined {
  return INQUIRY_STEPS.find((step) => step.operation === operation && step.from.includes(from) && step.choice === choice && (to === undefined || step.to === to));
}
