import type { Deadline } from '../policy/deadlines.js';
import { PolicyFault, type Policy } from '../policy/language.js';

/** What counting needs of a policy. */
export type DeadlineSource = Pick<Policy, 'deadlines'>;

/** The deadlines that the hub counts, each with the unit it is counted in. A policy without one of them would be found out only when the first such duty begins. */
const COUNTED = {
  sendReturnNotice: 'workingDays', acknowledgeReturn: 'workingDays', receiveReturnee: 'workingDays', rerouteReturn: 'workingDays', reportRefusalUp: 'workingDays', coordinateReturn: 'workingDays', coordinateReturnAtMinistry: 'workingDays',
  recordHomeCheck: 'workingDays', recordHomeCheckOfMinor: 'workingDays', referForAid: 'workingDays', answerReferral: 'workingDays', acceptForSettlement: 'workingDays',
  enrolAtRisk: 'workingDays', reviewAtRiskEntry: 'workingDays', completeAtRiskEntry: 'workingDays', sendRoster: 'workingDays', recordFirstVisit: 'workingDays', recordVisit: 'calendarMonths', visitTerm: 'calendarYears',
  reportWandering: 'hours', answerWandering: 'hours', acceptTransfer: 'workingDays', stationRevisit: 'calendarYears',
  publishTracing: 'hours', requestDna: 'workingDays', sampleDna: 'calendarMonths', updateTracing: 'calendarMonths', updateTracingAgain: 'calendarMonths', answerInquiry: 'workingDays', passInquiryUp: 'workingDays', askPublicSecurity: 'workingDays', confirmCandidate: 'workingDays',
  settlementDue: 'calendarMonths', applyForSettlement: 'workingDays', submitSettlementPlan: 'calendarMonths', recordGovernmentDecision: 'calendarMonths', fileHukou: 'workingDays', placeInInstitution: 'workingDays', registerHukou: 'workingDays', assessSupport: 'workingDays',
  confirmHouseholdFlag: 'workingDays', releaseHouseholdFlag: 'dayOfMonth', answerCorrection: 'workingDays',
  closeStatistics: 'dayOfMonth',
  remindBefore: 'workingDays', remindBeforeHours: 'hours', raiseOverdue: 'workingDays',
} as const satisfies Record<string, Deadline['unit']>;

export type CountedStep = keyof typeof COUNTED;

/** Steps that somebody owes by a day or an hour: all but the days of release and the clock's own paces. */
export type DutyStep = Exclude<CountedStep, 'releaseHouseholdFlag' | 'closeStatistics' | 'remindBefore' | 'remindBeforeHours' | 'raiseOverdue'>;

/** Overdue, of which nobody above is told: steps that wait for others than their owner, and a refusal, which rises itself. */
export const NOT_RAISED: ReadonlySet<DutyStep> = new Set<DutyStep>(['submitSettlementPlan', 'recordGovernmentDecision', 'coordinateReturn']);

/** Days that come, and that nobody is late for: the clock acts on them. */
export const MERE_DAYS: ReadonlySet<DutyStep> = new Set<DutyStep>(['settlementDue']);

/** Faults of a policy whose `deadlines.yaml` lacks a deadline that the hub counts, or counts it otherwise. */
export function checkDeadlines({ deadlines }: DeadlineSource): PolicyFault[] {
  return Object.entries(COUNTED).filter(([step, unit]) => deadlines.get(step)?.unit !== unit)
    .map(([step, unit]) => new PolicyFault({ file: 'deadlines.yaml', line: 1, column: 1 }, `there is no deadline \`${step}\` in \`${unit}\``, 'add it, or correct its unit'));
}

/** The shipped default of a counted step. @throws Error where the policy was not checked for it */
export function getCounted({ deadlines }: DeadlineSource, step: CountedStep): Deadline {
  const deadline = deadlines.get(step);
  if (deadline?.unit !== COUNTED[step]) throw new Error(`deadlines.yaml has no deadline \`${step}\` in \`${COUNTED[step]}\``);
  return deadline;
}
