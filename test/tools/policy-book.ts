import { readAloud } from '../../src/policy/read-aloud.js';
import { CATALOGUE, shippedPolicy } from '../policy/shipped-policy.js';

/** The shipped policy read aloud, as committed in `schema/policy.md`. */
export function policyBook(): string {
  const policy = shippedPolicy();
  return `${[...policy.records.values()].map((rules) => readAloud(policy, CATALOGUE, rules)).join('\n\n')}\n`;
}
