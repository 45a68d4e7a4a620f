import type { Deadline } from '../policy/deadlines.js';
import { PolicyFault, type Policy } from '../policy/language.js';

/** The deadlines that the ledgers count, each with the unit they count it in. A policy without one of them would be found out only when the first such duty begins. */
const COUNTED = { acknowledgeReturn: 'workingDays', receiveReturnee: 'workingDays', confirmHouseholdFlag: 'workingDays', releaseHouseholdFlag: 'dayOfMonth' } as const satisfies Record<string, Deadline['unit']>;

export type CountedStep = keyof typeof COUNTED;

/** Faults of a policy whose `deadlines.yaml` lacks a deadline that the ledgers count, or counts it otherwise. */
export function checkDeadlines({ deadlines }: Policy): PolicyFault[] {
  return Object.entries(COUNTED).filter(([step, unit]) => deadlines.get(step)?.unit !== unit)
    .map(([step, unit]) => new PolicyFault({ file: 'deadlines.yaml', line: 1, column: 1 }, `there is no deadline \`${step}\` in \`${unit}\``, 'add it, or correct its unit'));
}

/** Length of a counted deadline in its unit. @throws Error where the policy was not checked for it */
export function getCounted({ deadlines }: Policy, step: CountedStep): number {
  const deadline = deadlines.get(step);
  if (deadline?.unit !== COUNTED[step]) throw new Error(`deadlines.yaml has no deadline \`${step}\` in \`${COUNTED[step]}\``);
  return deadline.amount;
}
