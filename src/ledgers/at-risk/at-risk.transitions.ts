import type { Step } from '../machine.js';

export const AT_RISK_STATES = ['SUBMITTED', 'INCOMPLETE', 'REJECTED', 'ACTIVE', 'WANDERING', 'TRANSFERRING', 'ENDED'] as const;
export type AtRiskState = (typeof AT_RISK_STATES)[number];

/** Why an entry ended. */
export const END_REASONS = ['TERM_ENDED', 'DIED', 'MERGED', 'ERROR'] as const;
export type EndReason = (typeof END_REASONS)[number];

/** The state machine of the registry. What is not listed is refused; the end of the term is a decision, so no line of it is the clock's. */
export const AT_RISK_STEPS: readonly Step<AtRiskState>[] = [
  { operation: 'enrolAtRisk', from: [null], to: 'SUBMITTED', by: '救助站、县级民政部门' },
  { operation: 'requestCompletion', from: ['SUBMITTED'], to: 'INCOMPLETE', by: '县级民政部门' },
  { operation: 'resubmitAtRiskEntry', from: ['INCOMPLETE'], to: 'SUBMITTED', by: '提交单位' },
  { operation: 'rejectAtRiskEntry', from: ['SUBMITTED'], to: 'REJECTED', by: '县级民政部门' },
  { operation: 'approveAtRiskEntry', from: ['SUBMITTED'], to: 'ACTIVE', by: '县级民政部门' },
  { operation: 'sendRoster', from: ['ACTIVE'], to: 'ACTIVE', by: '县级民政部门' },
  { operation: 'recordVisit', from: ['ACTIVE'], to: 'ACTIVE', by: '乡镇、街道' },
  { operation: 'recordRevisit', from: ['ACTIVE'], to: 'ACTIVE', by: '救助站' },
  { operation: 'reportWandering', from: ['ACTIVE'], to: 'WANDERING', by: '乡镇、街道' },
  { operation: 'reportEntrant', from: ['ACTIVE', 'TRANSFERRING'], to: 'WANDERING', by: '救助站' },
  { operation: 'recordReturned', from: ['WANDERING'], to: 'ACTIVE', by: '县级民政部门' },
  { operation: 'recordFalseAlarm', from: ['WANDERING'], to: 'ACTIVE', by: '县级民政部门' },
  { operation: 'transferAtRiskEntry', from: ['ACTIVE'], to: 'TRANSFERRING', by: '县级民政部门' },
  { operation: 'acceptTransfer', from: ['TRANSFERRING'], to: 'ACTIVE', by: '迁入地县级民政部门' },
  { operation: 'endAtRiskEntry', from: ['ACTIVE', 'WANDERING'], to: 'ENDED', by: '县级民政部门' },
  { operation: 'reopenAtRiskEntry', from: ['ENDED'], to: 'ACTIVE', by: '县级民政部门' },
];
