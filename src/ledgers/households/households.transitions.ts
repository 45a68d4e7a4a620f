import type { Step } from '../machine.js';

export const FLAG_STATES = ['PROPOSED', 'CONFIRMED', 'CLEARED'] as const;
export type FlagState = (typeof FLAG_STATES)[number];

/** Acts of the sides of a return by which its person is confirmed, and enters the matching. */
const CONFIRMING = ['acknowledgeReturn', 'confirmReturn', 'withdrawRefusal', 'receiveReturnee', 'confirmHome'] as const;

/**
 * The state machine of a household's flag. Proposals are the hub's, from a member found among the area's returnees, whichever of the two entered later; one that was cleared is proposed again when
 * another member is found. A change of members takes the flag away, whatever its state, and matching begins anew; so does parting two persons, where nobody
 * of the household is then known to have returned.
 */
export const FLAG_STEPS: readonly Step<FlagState>[] = [
  { operation: 'flagHouseholds', from: [null, 'CLEARED'], to: 'PROPOSED', by: '扶贫办提请比对' },
  { operation: 'registerHouseholds', from: [null], to: 'PROPOSED', by: '扶贫办变更成员' },
  ...CONFIRMING.map((operation): Step<FlagState> => ({ operation, from: [null, 'CLEARED'], to: 'PROPOSED', by: '返乡经对方确认' })),
  { operation: 'confirmFlag', from: ['PROPOSED'], to: 'CONFIRMED', by: '县级民政部门' },
  { operation: 'clearFlag', from: ['PROPOSED'], to: 'CLEARED', by: '县级民政部门' },
];
