import type { Step } from '../machine.js';

export const CORRECTION_STATES = ['OPEN', 'CORRECTED', 'REFUSED'] as const;
export type CorrectionState = (typeof CORRECTION_STATES)[number];

/** The state machine of corrections. What is not listed is refused. */
export const CORRECTION_STEPS: readonly Step<CorrectionState>[] = [
  { operation: 'requestCorrection', from: [null], to: 'OPEN', by: '看得到该栏目全文的机构' },
  { operation: 'answerCorrection', from: ['OPEN'], to: 'CORRECTED', by: '写下该栏目的机构' },
  { operation: 'answerCorrection', from: ['OPEN'], to: 'REFUSED', by: '写下该栏目的机构，说明理由' },
];
