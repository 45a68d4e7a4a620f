import { AGENCY_KINDS, LEVELS, PURPOSES, ROLES, type AgencyKind, type DivisionLevel, type Purpose, type Role } from '../kernel/viewer.js';
import { heightOf, type Audience, type Grant, type Policy, type RecordPolicy, type Rung } from './language.js';

/** One imaginable asking: an agency's kind and level, a purpose open to it, and one role. */
export interface AskingClass { kind: AgencyKind; level: DivisionLevel; purpose: Purpose; role: Role }

/** Every asking that `purposes.yaml` lets through at some time. */
export function askingClasses(policy: Policy): AskingClass[] {
  const open = (one: AskingClass): boolean => policy.purposes.get(one.purpose)?.allowed.some((audience) => speaksForClass({ ...audience, purposes: undefined }, one)) ?? false;
  return AGENCY_KINDS.flatMap((kind) => LEVELS.flatMap((level) => PURPOSES.flatMap((purpose) => ROLES.map((role) => ({ kind, level, purpose, role }))))).filter(open);
}

/** Whether a rule speaks for the asking at some time. */
export function speaksForClass({ kind, level, roles, purposes }: { [Key in keyof Audience]: Audience[Key] | undefined }, one: AskingClass): boolean {
  return (!kind || kind.includes(one.kind)) && (!level || level.includes(one.level)) && (!roles || roles.includes(one.role)) && (!purposes || purposes.includes(one.purpose));
}

/** The grant by which an asking may see a cell at a rung or higher, its conditions and relations at their best; undefined where it never can. */
export function reaches(rules: RecordPolicy, cell: string, one: AskingClass, rung: Rung): Grant | undefined {
  const verdict = rules.cells.get(cell);
  if (!verdict || !rules.rows.grants.some((row) => speaksForClass(row, one))) return undefined;
  const parent = cell.slice(0, Math.max(0, cell.lastIndexOf('.')));
  const needed = [...(rules.cells.has(parent) ? [parent] : []), ...verdict.sources];
  if (needed.some((other) => reaches(rules, other, one, 'FULL') === undefined)) return undefined;
  const barred = verdict.caps.some((cap) => !cap.when && cap.exceptAs.length === 0 && speaksForClass(cap, one) && !cap.exceptRoles.includes(one.role) && heightOf(cap.rung) < heightOf(rung));
  return barred ? undefined : verdict.grants.find((grant) => speaksForClass(grant, one) && heightOf(grant.rung) >= heightOf(rung));
}
