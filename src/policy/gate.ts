import { Refusal } from '../kernel/errors.js';
import { PURPOSES, type Asking, type Purpose, type Viewer } from '../kernel/viewer.js';
import { addresses } from './compile.js';
import type { Audience, Policy } from './language.js';

/** Purposes that the viewer's agency may state at an instant, in the order of the contract. */
export function purposesOf(policy: Policy, viewer: Viewer, at: Date): Purpose[] {
  return PURPOSES.filter((purpose) => policy.purposes.get(purpose)?.allowed.some((audience) => addresses(audience, { ...viewer, purpose, at })) ?? false);
}

/**
 * Reads the purpose that a request states.
 * @throws Refusal PURPOSE_NOT_ALLOWED where the word is unknown or not open to the viewer's agency
 */
export function statePurpose(policy: Policy, viewer: Viewer, stated: string | null, at: Date): Purpose | null {
  if (stated === null) return null;
  const purpose = purposesOf(policy, viewer, at).find((candidate) => candidate === stated);
  if (!purpose) throw new Refusal('PURPOSE_NOT_ALLOWED', { field: 'Guitu-Purpose' });
  return purpose;
}

/** Whether a release speaks to whoever asks, for the purpose stated. No audience: to nobody. */
export const allows = (allowed: readonly Audience[], asking: Asking): boolean => allowed.some((audience) => addresses(audience, { ...asking.viewer, purpose: asking.purpose, at: asking.now }));

/** What one operation answers to one asking: nothing, or the refusal, in the order of the contract. An operation without a rule is forbidden. */
export function gate(policy: Policy, asking: Asking, operation: string): Refusal | undefined {
  const rule = policy.operations.get(operation);
  if (!rule) return new Refusal('FORBIDDEN', { field: operation });
  const { purpose, matter } = asking;
  const asker = { ...asking.viewer, purpose, at: asking.now };
  if (rule.purposeFree) return rule.allowed.some((audience) => addresses(audience, asker)) ? undefined : new Refusal('FORBIDDEN', { field: operation });
  if (purpose === null) return new Refusal('PURPOSE_REQUIRED', { field: 'Guitu-Purpose' });
  const stated = policy.purposes.get(purpose);
  if (!stated?.allowed.some((audience) => addresses(audience, asker))) return new Refusal('PURPOSE_NOT_ALLOWED', { field: 'Guitu-Purpose' });
  if (stated.matterRequired && !matter && !stated.matterExcept.includes(operation)) return new Refusal('MATTER_REQUIRED', { field: 'Guitu-Matter' });
  if (!rule.allowed.some((audience) => addresses(audience, asker))) return new Refusal('FORBIDDEN', { field: operation });
  return undefined;
}
