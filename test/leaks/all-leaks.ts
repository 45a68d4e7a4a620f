import type { Leak } from './leak.js';
import { LEAKS_OF_DATABASE } from './leaks-of-database.js';
import { LEAKS_OF_DISCLOSURE } from './leaks-of-disclosure.js';
import { LEAKS_OF_ENTRY } from './leaks-of-entry.js';
import { LEAKS_OF_LEDGERS } from './leaks-of-ledgers.js';
import { LEAKS_OF_POLICY } from './leaks-of-policy.js';

/** Every seeded leak. */
export const LEAKS: readonly Leak[] = [...LEAKS_OF_POLICY, ...LEAKS_OF_DISCLOSURE, ...LEAKS_OF_LEDGERS, ...LEAKS_OF_ENTRY, ...LEAKS_OF_DATABASE];
