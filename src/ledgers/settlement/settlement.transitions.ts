import type { Step } from '../machine.js';
import type { SettlementState } from './settlement.shape.js';

export const SETTLEMENT_TRACKS = ['LONG_STAY', 'HOMELESS_RETURNEE'] as const;
export type SettlementTrack = (typeof SETTLEMENT_TRACKS)[number];
export const GOVERNMENT_DECISIONS = ['HUKOU', 'PLACEMENT', 'SENT_BACK'] as const;
export type GovernmentDecision = (typeof GOVERNMENT_DECISIONS)[number];
export const SUPPORT_ASSESSMENTS = ['SUPPORTED', 'NOT_ELIGIBLE'] as const;
export type SupportAssessment = (typeof SUPPORT_ASSESSMENTS)[number];

/** `tracks`: both, if not given. `choice`: the word of the input that picks this line among those of the operation. */
export interface SettlementStep extends Step<SettlementState> { tracks?: readonly SettlementTrack[]; choice?: GovernmentDecision | SupportAssessment }

const LONG_STAY = ['LONG_STAY'] as const;
const HOMELESS = ['HOMELESS_RETURNEE'] as const;
const UNREGISTERED: readonly SettlementState[] = ['DUE', 'APPLIED', 'PLAN_SUBMITTED', 'HUKOU_APPROVED', 'HUKOU_FILED', 'PLACEMENT_APPROVED', 'PLACED'];

/** The state machine of settlement on both tracks (ledgers.md). What is not listed is refused; no line leads a homeless returnee, whose hukou is known, to a new one. */
export const SETTLEMENT_STEPS: readonly SettlementStep[] = [
  { operation: 'clock', from: [null], to: 'DUE', by: '时钟：滞留超过三个月、身份不明', tracks: LONG_STAY },
  { operation: 'applyForSettlement', from: ['DUE'], to: 'APPLIED', by: '救助站', tracks: LONG_STAY },
  { operation: 'returnForCompletion', from: ['APPLIED'], to: 'DUE', by: '民政', tracks: LONG_STAY },
  { operation: 'submitSettlementPlan', from: ['APPLIED'], to: 'PLAN_SUBMITTED', by: '同级民政', tracks: LONG_STAY },
  { operation: 'recordGovernmentDecision', choice: 'HUKOU', from: ['PLAN_SUBMITTED'], to: 'HUKOU_APPROVED', by: '民政记录政府决定', tracks: LONG_STAY },
  { operation: 'recordGovernmentDecision', choice: 'PLACEMENT', from: ['PLAN_SUBMITTED'], to: 'PLACEMENT_APPROVED', by: '民政记录政府决定' },
  { operation: 'recordGovernmentDecision', choice: 'SENT_BACK', from: ['PLAN_SUBMITTED'], to: 'APPLIED', by: '民政记录政府决定', tracks: LONG_STAY },
  { operation: 'fileHukou', from: ['HUKOU_APPROVED'], to: 'HUKOU_FILED', by: '民政', tracks: LONG_STAY },
  { operation: 'rejectHukouFiling', from: ['HUKOU_FILED'], to: 'HUKOU_APPROVED', by: '公安：材料不齐', tracks: LONG_STAY },
  { operation: 'registerHukou', from: ['HUKOU_FILED'], to: 'REGISTERED', by: '公安', tracks: LONG_STAY },
  { operation: 'placeInInstitution', from: ['PLACEMENT_APPROVED'], to: 'PLACED', by: '民政' },
  { operation: 'resumeSettlementPlan', from: ['PLACED'], to: 'PLAN_SUBMITTED', by: '民政：障碍消除', tracks: LONG_STAY },
  { operation: 'assessSupport', choice: 'SUPPORTED', from: ['REGISTERED'], to: 'SUPPORTED', by: '民政', tracks: LONG_STAY },
  { operation: 'assessSupport', choice: 'NOT_ELIGIBLE', from: ['REGISTERED'], to: 'NOT_ELIGIBLE', by: '民政', tracks: LONG_STAY },
  { operation: 'recordIdentified', from: UNREGISTERED, to: 'IDENTIFIED', by: '救助站', tracks: LONG_STAY },
  { operation: 'reverseHukou', from: ['REGISTERED', 'SUPPORTED', 'NOT_ELIGIBLE'], to: 'REVERSED', by: '公安，凭民政通知', tracks: LONG_STAY },
  { operation: 'acceptForSettlement', from: [null], to: 'ACCEPTED', by: '户籍地救助站或民政', tracks: HOMELESS },
  { operation: 'submitSettlementPlan', from: ['ACCEPTED'], to: 'PLAN_SUBMITTED', by: '民政', tracks: HOMELESS },
  { operation: 'assessSupport', choice: 'SUPPORTED', from: ['PLACED'], to: 'SUPPORTED', by: '民政', tracks: HOMELESS },
  { operation: 'assessSupport', choice: 'NOT_ELIGIBLE', from: ['PLACED'], to: 'NOT_ELIGIBLE', by: '民政', tracks: HOMELESS },
  { operation: 'closeSettlement', from: [...UNREGISTERED, 'REGISTERED'], to: 'CLOSED', by: '民政：死亡', tracks: LONG_STAY },
  { operation: 'closeSettlement', from: ['ACCEPTED', 'PLAN_SUBMITTED', 'PLACEMENT_APPROVED', 'PLACED'], to: 'CLOSED', by: '民政：死亡', tracks: HOMELESS },
];

/** The line that an operation, with the choice of its input, takes from a state on a track; undefined where the table has none. */
export function findSettlementStep(operation: string, from: SettlementState, track: SettlementTrack, choice?: SettlementStep['choice']): SettlementStep | undefined {
  return SETTLEMENT_STEPS.find((step) => step.operation === operation && step.from.includes(from) && step.choice === choice && (step.tracks ?? SETTLEMENT_TRACKS).includes(track));
}
