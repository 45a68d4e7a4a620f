import type { Step } from '../machine.js';

export const RETURN_STATES = ['DRAFT', 'SENT', 'DISPUTED', 'REFUSED', 'COORDINATING', 'ACKNOWLEDGED', 'NOT_ARRIVED', 'RECEIVED', 'AT_HOME', 'KIN_REFUSED', 'HOME_CHECKED', 'REFERRED', 'AIDED', 'NO_HOME', 'SETTLING', 'CLOSED', 'RECALLED'] as const;
export type ReturnState = (typeof RETURN_STATES)[number];

export const REASON_CODES = ['WRONG_DIVISION', 'WRONG_IDENTITY', 'INCOMPLETE', 'ALREADY_RETURNED', 'NOT_RESIDENT', 'NO_CAPACITY', 'OTHER'] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** How a return may end. NOT_FOUND: both sides have ended the trace of a person who did not arrive. */
export const RETURN_OUTCOMES = ['NO_DIFFICULTY', 'AIDED', 'PLACED', 'DIED', 'DECLINED', 'MERGED', 'NOT_FOUND'] as const;
export type ReturnOutcomeCode = (typeof RETURN_OUTCOMES)[number];

/** Where each outcome that is stated by `closeReturn` may be stated; those of the person itself in any open state. */
export const OUTCOME_STATES: Partial<Record<ReturnOutcomeCode, readonly ReturnState[]>> = { NO_DIFFICULTY: ['HOME_CHECKED'], AIDED: ['AIDED'], PLACED: ['SETTLING'] };

/** Aid measures that an addressee may take: 特困人员供养, 低保, 临时救助, 医保, 社保, disability subsidies, children's protection. */
export const AID_MEASURES = ['SPECIAL_HARDSHIP_SUPPORT', 'SUBSISTENCE_ALLOWANCE', 'TEMPORARY_ASSISTANCE', 'MEDICAL_INSURANCE', 'SOCIAL_INSURANCE', 'DISABILITY_SUBSIDY', 'CHILD_PROTECTION'] as const;
export type AidMeasure = (typeof AID_MEASURES)[number];

/** What whoever travels with the person must know, coded so that no diagnosis is written. */
export const HANDLING_CODES = ['WHEELCHAIR', 'STRETCHER', 'MEDICATION', 'LOSES_WAY', 'CONSTANT_WATCH', 'HEARING_OR_SPEECH', 'SIGHT', 'DIALECT', 'WITH_CHILD', 'SAME_SEX_ESCORT'] as const;

/** States in which the author of a notice may put right what it wrote: all of a notice that was sent and not taken back. It changes no state, so it is no line of the machine. */
export const CORRECTABLE: readonly ReturnState[] = RETURN_STATES.filter((state) => state !== 'DRAFT' && state !== 'RECALLED');

/** States in which the station that received the person may revisit it; also after the case is closed. It changes no state, so it is no line of the machine. */
export const REVISITABLE: readonly ReturnState[] = ['RECEIVED', 'AT_HOME', 'KIN_REFUSED', 'HOME_CHECKED', 'REFERRED', 'AIDED', 'NO_HOME', 'SETTLING', 'CLOSED'];

const OPEN: readonly ReturnState[] = RETURN_STATES.filter((state) => state !== 'CLOSED' && state !== 'RECALLED');

/** The state machine of returns. What is not listed is refused. */
export const RETURN_STEPS: readonly Step<ReturnState>[] = [
  { operation: 'draftReturnNotice', from: [null], to: 'DRAFT', by: '流入地' },
  { operation: 'sendReturnDraft', from: ['DRAFT'], to: 'SENT', by: '流入地' },
  { operation: 'sendReturnNotice', from: [null], to: 'SENT', by: '流入地' },
  ...(['SENT', 'ACKNOWLEDGED', 'RECEIVED', 'AT_HOME', 'HOME_CHECKED'] as const).map((to): Step<ReturnState> => ({ operation: 'importReturns', from: [null], to, by: '流出地，按其台账所载' })),
  { operation: 'recallReturn', from: ['SENT', 'ACKNOWLEDGED', 'DISPUTED', 'REFUSED'], to: 'RECALLED', by: '流入地' },
  { operation: 'acknowledgeReturn', from: ['SENT'], to: 'ACKNOWLEDGED', by: '流出地', confirms: true },
  { operation: 'disputeReturn', from: ['SENT', 'ACKNOWLEDGED'], to: 'DISPUTED', by: '流出地' },
  { operation: 'rerouteReturn', from: ['DISPUTED'], to: 'SENT', by: '流入地' },
  { operation: 'refuseReturn', from: ['SENT', 'ACKNOWLEDGED'], to: 'REFUSED', by: '流出地' },
  { operation: 'reportRefusalUp', from: ['REFUSED', 'DISPUTED'], to: 'COORDINATING', by: '流入地' },
  { operation: 'passRefusalUp', from: ['COORDINATING'], to: 'COORDINATING', by: '协调的民政部门，逾期由时钟' },
  { operation: 'withdrawRefusal', from: ['COORDINATING'], to: 'ACKNOWLEDGED', by: '流出地', confirms: true },
  { operation: 'directReturn', from: ['COORDINATING'], to: 'ACKNOWLEDGED', by: '双方共同的上级民政部门' },
  { operation: 'upholdRefusal', from: ['COORDINATING'], to: 'DISPUTED', by: '双方共同的上级民政部门' },
  { operation: 'receiveReturnee', from: ['ACKNOWLEDGED'], to: 'RECEIVED', by: '流出地', confirms: true },
  { operation: 'confirmHome', from: ['ACKNOWLEDGED', 'RECEIVED', 'KIN_REFUSED'], to: 'AT_HOME', by: '流出地', confirms: true },
  { operation: 'reportNotArrived', from: ['ACKNOWLEDGED'], to: 'NOT_ARRIVED', by: '任一方' },
  { operation: 'reportFound', from: ['NOT_ARRIVED'], to: 'ACKNOWLEDGED', by: '任一方' },
  { operation: 'endTrace', from: ['NOT_ARRIVED'], to: 'NOT_ARRIVED', by: '先提出的一方' },
  { operation: 'endTrace', from: ['NOT_ARRIVED'], to: 'CLOSED', by: '另一方同意' },
  { operation: 'reportKinRefused', from: ['RECEIVED', 'AT_HOME'], to: 'KIN_REFUSED', by: '流出地' },
  { operation: 'reportNoHome', from: ['RECEIVED', 'AT_HOME', 'KIN_REFUSED'], to: 'NO_HOME', by: '流出地' },
  { operation: 'acceptForSettlement', from: ['NO_HOME'], to: 'SETTLING', by: '户籍地救助站或民政部门' },
  { operation: 'recordHomeCheck', from: ['AT_HOME'], to: 'HOME_CHECKED', by: '流出地' },
  { operation: 'referForAid', from: ['HOME_CHECKED'], to: 'REFERRED', by: '流出地' },
  { operation: 'answerReferral', from: ['REFERRED'], to: 'REFERRED', by: '转介对象' },
  { operation: 'answerReferral', from: ['REFERRED'], to: 'AIDED', by: '最后答复的转介对象' },
  { operation: 'closeReturn', from: OPEN, to: 'CLOSED', by: '当时照料着人的一方' },
];

/** For `awaiting`: who acts next in each state that waits for one of the two sides. */
export const AWAITED_SIDE: Partial<Record<ReturnState, 'origin' | 'destination'>> = {
  DRAFT: 'destination', DISPUTED: 'destination', REFUSED: 'destination',
  SENT: 'origin', ACKNOWLEDGED: 'origin', RECEIVED: 'origin', AT_HOME: 'origin', KIN_REFUSED: 'origin', HOME_CHECKED: 'origin', AIDED: 'origin',
};
