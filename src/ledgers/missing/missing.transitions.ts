import type { Step } from '../machine.js';

export const MISSING_STATES = ['OPEN', 'FOUND', 'WITHDRAWN'] as const;
export type MissingState = (typeof MISSING_STATES)[number];
export const MISSING_OUTCOMES = ['FOUND', 'WITHDRAWN'] as const;
export type MissingOutcome = (typeof MISSING_OUTCOMES)[number];

/** The state machine of a missing report. Every step is the reporting agency's own: what a station compares and answers moves nothing that would tell of it. */
export const MISSING_STEPS: readonly Step<MissingState>[] = [
  { operation: 'reportMissing', from: [null], to: 'OPEN', by: '受理走失报案的公安' },
  { operation: 'amendMissingReport', from: ['OPEN'], to: 'OPEN', by: '受理走失报案的公安' },
  { operation: 'closeMissingReport', from: ['OPEN'], to: 'FOUND', by: '受理走失报案的公安：人已找到' },
  { operation: 'closeMissingReport', from: ['OPEN'], to: 'WITHDRAWN', by: '受理走失报案的公安：撤回' },
];
