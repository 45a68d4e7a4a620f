export const RETURN_STATES = ['DRAFT', 'SENT', 'DISPUTED', 'REFUSED', 'COORDINATING', 'ACKNOWLEDGED', 'NOT_ARRIVED', 'RECEIVED', 'AT_HOME', 'KIN_REFUSED', 'HOME_CHECKED', 'REFERRED', 'AIDED', 'NO_HOME', 'SETTLING', 'CLOSED', 'RECALLED'] as const;
export type ReturnState = (typeof RETURN_STATES)[number];

export const REASON_CODES = ['WRONG_DIVISION', 'WRONG_IDENTITY', 'INCOMPLETE', 'ALREADY_RETURNED', 'NOT_RESIDENT', 'NO_CAPACITY', 'OTHER'] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** One step of the state machine: which operation leads from where to where. Who may take it is said by the write rules of the policy. */
export interface ReturnStep { operation: string; from: readonly ReturnState[]; to: ReturnState; confirms?: true }

/** The state machine of returns as far as it is built. What is not listed is refused. */
export const RETURN_STEPS: readonly ReturnStep[] = [
  { operation: 'acknowledgeReturn', from: ['SENT'], to: 'ACKNOWLEDGED', confirms: true },
  { operation: 'disputeReturn', from: ['SENT', 'ACKNOWLEDGED'], to: 'DISPUTED' },
  { operation: 'refuseReturn', from: ['SENT', 'ACKNOWLEDGED'], to: 'REFUSED' },
  { operation: 'rerouteReturn', from: ['DISPUTED'], to: 'SENT' },
  { operation: 'recallReturn', from: ['SENT', 'ACKNOWLEDGED', 'DISPUTED', 'REFUSED'], to: 'RECALLED' },
  { operation: 'receiveReturnee', from: ['ACKNOWLEDGED'], to: 'RECEIVED' },
  { operation: 'confirmHome', from: ['ACKNOWLEDGED', 'RECEIVED', 'KIN_REFUSED'], to: 'AT_HOME' },
  { operation: 'recordHomeCheck', from: ['AT_HOME'], to: 'HOME_CHECKED' },
];

/** The step that an operation takes from a state, or undefined where the table has none. */
export function findStep(operation: string, from: ReturnState): ReturnStep | undefined {
  return RETURN_STEPS.find((step) => step.operation === operation && step.from.includes(from));
}

/** For `awaiting`: who acts next in each state that waits for somebody. */
export const AWAITED_SIDE: Partial<Record<ReturnState, 'origin' | 'destination'>> = {
  SENT: 'origin', ACKNOWLEDGED: 'origin', RECEIVED: 'origin', AT_HOME: 'origin', DISPUTED: 'destination', REFUSED: 'destination',
};
