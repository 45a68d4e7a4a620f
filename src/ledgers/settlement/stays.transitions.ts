import type { Step } from '../machine.js';
import { CUSTODY_PLACES, type StayState } from './stays.shape.js';

/** The state machine of stays: its states are where the person is cared for. What is not listed is refused; nothing leads on from a stay that has ended. */
export const STAY_STEPS: readonly Step<StayState>[] = [
  ...CUSTODY_PLACES.map((to): Step<StayState> => ({ operation: 'openStay', from: [null], to, by: '救助站' })),
  ...CUSTODY_PLACES.map((to): Step<StayState> => ({ operation: 'moveStay', from: CUSTODY_PLACES.filter((place) => place !== to), to, by: '救助站' })),
  ...CUSTODY_PLACES.map((to): Step<StayState> => ({ operation: 'updateTracing', from: [to], to, by: '救助站' })),
  ...CUSTODY_PLACES.map((to): Step<StayState> => ({ operation: 'recordDnaRequest', from: [to], to, by: '救助站' })),
  ...CUSTODY_PLACES.map((to): Step<StayState> => ({ operation: 'recordDnaSample', from: [to], to, by: '救助站' })),
  { operation: 'endStay', from: CUSTODY_PLACES, to: 'LEFT', by: '救助站' },
];
