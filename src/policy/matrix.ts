import { formatInstant } from '../kernel/dates.js';
import { AGENCY_KINDS, LEVELS, PURPOSES, type AgencyKind, type DivisionLevel, type Purpose, type Role } from '../kernel/viewer.js';
import { speaksFor, truthOf, type DecidingViewer, type Facts } from './decide.js';
import { heightOf, PLAIN_ROLES, type Grant, type Policy, type RecordPolicy, type Restraint, type Rung } from './language.js';

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
  /** Instant at which the grant lapses; null where it does not. */
  until: string | null;
}

/** A kind of agency at a level. */
export interface AgencyClass { kind: AgencyKind; level: DivisionLevel }

const EVERY_CLASS: readonly AgencyClass[] = AGENCY_KINDS.flatMap((kind) => LEVELS.map((level) => ({ kind, level })));

/**
 * The whole policy as a table, for each class of agencies and each purpose that it may state: a line for every rung above WITHHELD, and for every cell
 * that nothing grants one line with rule `default`. Conditions on the record other than protection and minority are taken at their best.
 */
export function buildMatrix(policy: Policy, at: Date, classes: readonly AgencyClass[] = EVERY_CLASS): MatrixCell[] {
  return classes.flatMap(({ kind, level }) => PURPOSES.flatMap((purpose) => {
    const viewer: DecidingViewer = { kind, level, roles: PLAIN_ROLES, purpose, at };
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
      const standing = relation === null ? [] : [relation];
      const plain = bestOf(rules, field, viewer, standing);
      if (plain) found.push(line(plain, null));
      for (const role of roles) {
        const more = bestOf(rules, field, { ...viewer, roles: [role] }, standing);
        if (more && heightOf(more.rung) > heightOf(plain?.rung ?? 'WITHHELD')) found.push(line(more, role));
      }
    }
    cells.push(...(found.length > 0 ? found : [{ kind: viewer.kind, level: viewer.level, role: null, purpose, record: rules.record, field, relation: null, rung: 'WITHHELD' as const, rule: 'default', basis: rules.basis, until: null }]));
  }
  return cells;
}

/** What the rules give of a cell: the rung, and the grant or cap that decides it. */
export interface Given { rung: Rung; rule: string; basis: string; until: string | null }

/** The record that the matrix speaks of: an unprotected adult's, nothing else known of it. */
export const ADULT: Facts = { attributes: { protected: false, minor: false } };

/** The rung of a cell of such a record to a viewer in exactly these relations; undefined where it is withheld. What is unknown of the record counts at its best. */
export function bestOf(rules: RecordPolicy, field: string, viewer: DecidingViewer, relations: readonly string[], facts = ADULT): Given | undefined {
  const needed = neededFor(rules, field).map((other) => bestOf(rules, other, viewer, relations, facts));
  if (needed.some((other) => other?.rung !== 'FULL')) return undefined;
  const mayHold = (grant: Grant): boolean => mayBear(grant, viewer, facts) && (!grant.as || grant.as.some((name) => relations.includes(name)));
  const holds = (rule: Restraint): boolean => bears(rule, viewer, facts) && !rule.exceptAs.some((name) => relations.includes(name));
  const rows = rules.rows.grants.filter(mayHold);
  if (rows.length === 0 || rules.rows.vetoes.some(holds)) return undefined;
  const verdict = rules.cells.get(field);
  const grant = verdict?.grants.filter(mayHold).toSorted((one, other) => heightOf(other.rung) - heightOf(one.rung) || lapseAt(other) - lapseAt(one))[0];
  if (!grant) return undefined;
  const cap = verdict?.caps.filter(holds).toSorted((one, other) => heightOf(one.rung) - heightOf(other.rung))[0];
  const given = cap && heightOf(cap.rung) < heightOf(grant.rung) ? cap : grant;
  return given.rung === 'WITHHELD' ? undefined : { rung: given.rung, rule: given.name, basis: given.basis, until: lapseOf(rows, grant, needed) };
}

/** Relations on which it depends what such a record shows of a cell to a viewer: those of the grants and exceptions that bear on it. */
export function relationsThatMatter(rules: RecordPolicy, field: string, viewer: DecidingViewer, facts: Facts): string[] {
  const { grants = [], caps = [] } = rules.cells.get(field) ?? {};
  return [
    ...[...rules.rows.grants, ...grants].filter((grant) => mayBear(grant, viewer, facts)).flatMap((grant) => grant.as ?? []),
    ...[...rules.rows.vetoes, ...caps].filter((rule) => bears(rule, viewer, facts)).flatMap(({ exceptAs }) => exceptAs),
    ...neededFor(rules, field).flatMap((other) => relationsThatMatter(rules, other, viewer, facts)),
  ];
}

/** Cells without which a cell is not shown: its parent, and the sources that it is not released from. */
export function neededFor(rules: RecordPolicy, field: string): string[] {
  const parent = field.slice(0, Math.max(0, field.lastIndexOf('.')));
  return [...(rules.cells.has(parent) ? [parent] : []), ...(rules.cells.get(field)?.sources ?? [])];
}

/** Whether a grant may hold for a viewer in one of its relations. */
const mayBear = (grant: Grant, viewer: DecidingViewer, facts: Facts): boolean => speaksFor(grant, viewer) && (!grant.when || truthOf(grant.when, viewer, facts) !== false);

/** Whether a cap or veto holds for a viewer in none of its exceptions. */
const bears = (rule: Restraint, viewer: DecidingViewer, facts: Facts): boolean =>
  speaksFor(rule, viewer) && !rule.exceptRoles.some((role) => viewer.roles.includes(role)) && (!rule.when || truthOf(rule.when, viewer, facts) === true);

const lapseAt = ({ until = Number.MAX_SAFE_INTEGER }: Grant): number => until;

/** When the last way to the cell lapses: its grant, the longest of the rows' grants, or a cell without which it is not shown. */
function lapseOf(rows: readonly Grant[], grant: Grant, needed: readonly (Given | undefined)[]): string | null {
  const until = Math.min(grant.until ?? Infinity, Math.max(...rows.map((row) => row.until ?? Infinity)), ...needed.map((other) => Date.parse(other?.until ?? '') || Infinity));
  return until === Infinity ? null : formatInstant(new Date(until));
}

/** Relations that a grant of the record names, in the order of the file. */
function relationsOf(rules: RecordPolicy): string[] {
  const named = new Set(grantsOf(rules).flatMap((grant) => grant.as ?? []));
  return [...rules.relations.keys()].filter((name) => named.has(name));
}

/** Roles on which anything of the record depends. */
export const rolesOf = (rules: RecordPolicy): Role[] => [...new Set(roleListsOf(rules).flat())];

/** The lists of roles in which the rules of a record name them. */
export function roleListsOf(rules: RecordPolicy): Role[][] {
  const restraints = [...rules.rows.vetoes, ...[...rules.cells.values()].flatMap(({ caps }) => caps)];
  return [...grantsOf(rules).flatMap(({ roles }) => (roles ? [roles] : [])), ...restraints.map(({ exceptRoles }) => exceptRoles)];
}

const grantsOf = (rules: RecordPolicy): Grant[] => [...rules.rows.grants, ...[...rules.cells.values()].flatMap(({ grants }) => grants)];
