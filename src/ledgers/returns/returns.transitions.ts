import type { Step } from '../machine.js';

export const RETURN_STATES = ['DRAFT', 'SENT', 'DISPUTED', 'REFUSED', 'COORDINATING', 'ACKNOWLEDGED', 'NOT_ARRIVED', 'RECEIVED', 'AT_HOME', 'KIN_REFUSED', 'HOME_CHECKED', 'REFERRED', 'AIDED', 'NO_HOME', 'SETTLING', 'CLOSED', 'RECALLED'] as const;
export type ReturnState = (typeof RETURN_STATES)[number];

export const REASON_CODES = ['WRONG_DIVISION', 'WRONG_IDENTITY', 'INCOMPLETE', 'ALREADY_RETURNED', 'NOT_RESIDENT', 'NO_CAPACITY', 'OTHER'] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** The state machine of returns as far as it is built. What is not listed is refused. */
export const RETURN_STEPS: readonly Step<ReturnState>[] = [
  { operation: 'sendReturnNotice', from: [null], to: 'SENT', by: '流入地' },
  { operation: 'acknowledgeReturn', from: ['SENT'], to: 'ACKNOWLEDGED', by: '流出地', confirms: true },
  { operation: 'disputeReturn', from: ['SENT', 'ACKNOWLEDGED'], to: 'DISPUTED', by: '流出地' },
  { operation: 'refuseReturn', from: ['SENT', 'ACKNOWLEDGED'], to: 'REFUSED', by: '流出地' },
  { operation: 'rerouteReturn', from: ['DISPUTED'], to: 'SENT', by: '流入地' },
  { operation: 'recallReturn', from: ['SENT', 'ACKNOWLEDGED', 'DISPUTED', 'REFUSED'], to: 'RECALLED', by: '流入地' },
  { operation: 'receiveReturnee', from: ['ACKNOWLEDGED'], to: 'RECEIVED', by: '流出地' },
  { operation: 'confirmHome', from: ['ACKNOWLEDGED', 'RECEIVED', 'KIN_REFUSED'], to: 'AT_HOME', by: '流出地' },
  { operation: 'recordHomeCheck', from: ['AT_HOME'], to: 'HOME_CHECKED', by: '流出地' },
];

/** For `awaiting`: who acts next in each state that waits for somebody. */
export const AWAITED_SIDE: Partial<Record<ReturnState, 'origin' | 'destination'>> = {
  SENT: 'origin', ACKNOWLEDGED: 'origin', RECEIVED: 'origin', AT_HOME: 'origin', DISPUTED: 'destination', REFUSED: 'destination',
};
