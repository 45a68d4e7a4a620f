import { AGENCY_KINDS, LEVELS, PURPOSES, type AgencyKind, type DivisionLevel, type Purpose, type Role } from '../kernel/viewer.js';
import { truthOf, type DecidingViewer, type Facts } from './decide.js';
import { heightOf, type Audience, type Grant, type Policy, type RecordPolicy, type Restraint, type Rung } from './language.js';

/** What the policy gives at most, of an unprotected adult's record, to a viewer that stands in exactly one relation to it. */
export interface MatrixCell {
  kind: AgencyKind;
  level: DivisionLevel;
  /** A role that is needed for this rung, beside any; null where none is. */
  role: Role | null;
  purpose: Purpose;
  record: string;
  /** Dotted name of the cell. */
  field: string;
  /** Name of the relation; null where none is needed, and for cells that nothing grants. */
  relation: string | null;
  rung: Rung;
  /** The grant, or the cap that lowers it; `default` where nothing is granted. */
  rule: string;
  basis: string;
}

/** A kind of agency at a level. */
export interface AgencyClass { kind: AgencyKind; level: DivisionLevel }

const EVERY_CLASS: readonly AgencyClass[] = AGENCY_KINDS.flatMap((kind) => LEVELS.map((level) => ({ kind, level })));

/**
 * The whole policy as a table, for each class of agencies and each purpose that it may state: a line for every rung above WITHHELD, and for every cell
 * that nothing grants one line with rule `default`. Conditions on the record other than protection and minority are taken at their best.
 */
export function buildMatrix(policy: Policy, classes: readonly AgencyClass[] = EVERY_CLASS): MatrixCell[] {
  return classes.flatMap(({ kind, level }) => PURPOSES.flatMap((purpose) => {
    const viewer: DecidingViewer = { kind, level, roles: [], purpose };
    if (!policy.purposes.get(purpose)?.allowed.some((audience) => speaksFor(audience, viewer))) return [];
    return [...policy.records.values()].flatMap((rules) => recordCells(rules, viewer, purpose));
  }));
}

function recordCells(rules: RecordPolicy, viewer: DecidingViewer, purpose: Purpose): MatrixCell[] {
  const relations = [null, ...relationsOf(rules)];
  const roles = rolesOf(rules);
  const cells: MatrixCell[] = [];
  for (const field of rules.cells.keys()) {
    const found: MatrixCell[] = [];
    for (const relation of relations) {
      const line = (given: Given, role: Role | null): MatrixCell => ({ kind: viewer.kind, level: viewer.level, role, purpose, record: rules.record, field, relation, ...given });
      const plain = bestOf(rules, field, viewer, relation);
      if (plain) found.push(line(plain, null));
      for (const role of roles) {
        const more = bestOf(rules, field, { ...viewer, roles: [role] }, relation);
        if (more && heightOf(more.rung) > heightOf(plain?.rung ?? 'WITHHELD')) found.push(line(more, role));
      }
    }
    cells.push(...(found.length > 0 ? found : [{ kind: viewer.kind, level: viewer.level, role: null, purpose, record: rules.record, field, relation: null, rung: 'WITHHELD' as const, rule: 'default', basis: rules.basis }]));
  }
  return cells;
}

interface Given { rung: Rung; rule: string; basis: string }

const ADULT: Facts = { attributes: { protected: false, minor: false } };

/** The rung of a cell to a viewer in exactly this relation (null: in none); undefined where it is withheld. */
function bestOf(rules: RecordPolicy, field: string, viewer: DecidingViewer, relation: string | null): Given | undefined {
  const parent = field.slice(0, Math.max(0, field.lastIndexOf('.')));
  if (rules.cells.has(parent) && bestOf(rules, parent, viewer, relation)?.rung !== 'FULL') return undefined;
  const mayHold = (grant: Grant): boolean => speaksFor(grant, viewer) && (!grant.as || (relation !== null && grant.as.includes(relation))) && (!grant.when || truthOf(grant.when, viewer, ADULT) !== false);
  const holds = (rule: Restraint): boolean => speaksFor(rule, viewer) && !rule.exceptRoles.some((role) => viewer.roles.includes(role))
    && !(relation !== null && rule.exceptAs.includes(relation)) && (!rule.when || truthOf(rule.when, viewer, ADULT) === true);
  if (!rules.rows.grants.some(mayHold) || rules.rows.vetoes.some(holds)) return undefined;
  const verdict = rules.cells.get(field);
  const grant = verdict?.grants.filter(mayHold).toSorted((one, other) => heightOf(other.rung) - heightOf(one.rung))[0];
  if (!grant) return undefined;
  const cap = verdict?.caps.filter(holds).toSorted((one, other) => heightOf(one.rung) - heightOf(other.rung))[0];
  const given = cap && heightOf(cap.rung) < heightOf(grant.rung) ? cap : grant;
  return given.rung === 'WITHHELD' ? undefined : { rung: given.rung, rule: given.name, basis: given.basis };
}

function speaksFor({ kind, level, roles, purposes }: Audience, viewer: DecidingViewer): boolean {
  return (!kind || kind.includes(viewer.kind)) && (!level || level.includes(viewer.level))
    && (!roles || roles.some((role) => viewer.roles.includes(role))) && (!purposes || (viewer.purpose !== null && purposes.includes(viewer.purpose)));
}

/** Relations that a grant of the record names, in the order of the file. */
function relationsOf(rules: RecordPolicy): string[] {
  const named = new Set(grantsOf(rules).flatMap((grant) => grant.as ?? []));
  return [...rules.relations.keys()].filter((name) => named.has(name));
}

/** Roles on which anything of the record depends. */
function rolesOf(rules: RecordPolicy): Role[] {
  const restraints = [...rules.rows.vetoes, ...[...rules.cells.values()].flatMap(({ caps }) => caps)];
  return [...new Set([...grantsOf(rules).flatMap((grant) => grant.roles ?? []), ...restraints.flatMap((rule) => rule.exceptRoles)])];
}

const grantsOf = (rules: RecordPolicy): Grant[] => [...rules.rows.grants, ...[...rules.cells.values()].flatMap(({ grants }) => grants)];
