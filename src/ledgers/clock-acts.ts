import type { ClockActs } from '../delivery/clock.js';
import { passOverdueRefusalUp } from './returns/returns.coordination.js';
import { settlementDue } from './settlement/settlement.clock-acts.js';

/** What overdue duties set going in the ledgers, beyond being told of. */
export const CLOCK_ACTS: ClockActs = { coordinateReturn: passOverdueRefusalUp, settlementDue };
