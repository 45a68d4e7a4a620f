import type { WalkMachine } from './walk-machine.js';
import { flagsMachine } from './walk-of-flags.js';
import { inquiriesMachine } from './walk-of-inquiries.js';
import { missingMachine } from './walk-of-missing.js';
import { registryMachine } from './walk-of-registry.js';
import { returnsMachine } from './walk-of-returns.js';
import { settlementMachine } from './walk-of-settlement.js';
import { staysMachine } from './walk-of-stays.js';

/** The machines that a walk goes over; a new one joins by its file and one line here. */
export const MACHINES: readonly WalkMachine[] = [returnsMachine, registryMachine, settlementMachine, staysMachine, inquiriesMachine, missingMachine, flagsMachine];
