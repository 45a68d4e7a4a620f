import type { DecidingViewer } from '../../src/policy/decide.js';
import { heightOf, type Audience, type Policy, type RecordPolicy, type Rung } from '../../src/policy/language.js';
import { PURPOSES, type Purpose } from '../../src/kernel/viewer.js';

/** A refusal of the reference; only its code is compared. */
export class ReferenceRefusal extends Error {
  constructor(readonly code: string) {
    super(code);
    this.name = 'ReferenceRefusal';
  }
}

/** Whether a rule speaks for this viewer at all, whatever the record. */
export function speaksTo(audience: Audience, viewer: DecidingViewer): boolean {
  const at = viewer.at?.getTime() ?? Number.NaN;
  const named = <Word>(list: readonly Word[] | undefined, ...words: readonly Word[]): boolean => list === undefined || words.some((word) => list.includes(word));
  return named(audience.kind, viewer.kind) && named(audience.level, viewer.level) && named(audience.roles, ...viewer.roles)
    && (audience.purposes === undefined || (viewer.purpose !== null && audience.purposes.includes(viewer.purpose)))
    && !(audience.from !== undefined && at < audience.from) && !(audience.until !== undefined && at >= audience.until);
}

/** Purposes that the viewer's agency may state. */
export function openPurposes(policy: Policy, viewer: DecidingViewer): Purpose[] {
  return PURPOSES.filter((purpose) => policy.purposes.get(purpose)?.allowed.some((audience) => speaksTo(audience, { ...viewer, purpose })));
}

/** @throws ReferenceRefusal where the operation is not open to the asking, in the order of the contract */
export function passGate(policy: Policy, viewer: DecidingViewer, operation: string): void {
  const rule = policy.operations.get(operation);
  const allowed = rule?.allowed.some((audience) => speaksTo(audience, viewer)) ?? false;
  if (rule?.purposeFree !== true && rule) {
    if (viewer.purpose === null) throw new ReferenceRefusal('PURPOSE_REQUIRED');
    if (!openPurposes(policy, viewer).includes(viewer.purpose)) throw new ReferenceRefusal('PURPOSE_NOT_ALLOWED');
    const { matterRequired = false, matterExcept = [] } = policy.purposes.get(viewer.purpose) ?? {};
    if (matterRequired && !viewer.matter && !matterExcept.includes(operation)) throw new ReferenceRefusal('MATTER_REQUIRED');
  }
  if (!allowed) throw new ReferenceRefusal('FORBIDDEN');
}

/**
 * Whether this viewer, as its class alone tells, can hold a cell in full on some record: a grant of FULL speaks for it, no cap that has neither condition
 * nor excepted relation does, and the same is true of what the cell depends on.
 */
export function canHoldInFull(policy: Policy, viewer: DecidingViewer, record: string, cell: string): boolean {
  const rules = policy.records.get(record);
  const verdict = rules?.cells.get(cell);
  if (!rules || !verdict) throw new Error(`the policy has no cell ${record}.${cell}`);
  const granted = verdict.grants.some((grant) => grant.rung === 'FULL' && speaksTo(grant, viewer));
  const capped = verdict.caps.some((cap) => heightOf(cap.rung) < heightOf('FULL' satisfies Rung) && !cap.when && cap.exceptAs.length === 0 && speaksTo(cap, viewer) && !cap.exceptRoles.some((role) => viewer.roles.includes(role)));
  return granted && !capped && dependsOn(rules, cell).every((other) => canHoldInFull(policy, viewer, record, other));
}

function dependsOn(rules: RecordPolicy, cell: string): string[] {
  const parent = cell.split('.').slice(0, -1).join('.');
  return [...(rules.cells.has(parent) ? [parent] : []), ...(rules.cells.get(cell)?.sources ?? [])];
}
