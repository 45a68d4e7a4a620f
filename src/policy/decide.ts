import { addDays, addMonths, dateOf, type CalendarDate } from '../kernel/dates.js';
import { isWithin, type DivisionRange } from '../kernel/divisions.js';
import type { AgencyKind, DivisionLevel, Purpose, Role } from '../kernel/viewer.js';
import { heightOf, type Audience, type Condition, type Grant, type Policy, type RecordPolicy, type Restraint, type Rung, type Value } from './language.js';

/**
 * The reference: what the policy means, told as slowly and plainly as can be, and sharing no line with `compile`, which is tested against it.
 * Nothing that serves requests calls it.
 */

/** One of Kleene's three values; null is unknown. */
export type Truth = boolean | null;

/** A record as it is: its attributes, and the records its links lead to. An attribute or link that is not named is unknown; an empty link leads to nothing. */
export interface Facts {
  attributes: Record<string, string | number | boolean | null>;
  links?: Record<string, readonly Facts[]>;
  /** Relations known beforehand, for examples; the others are worked out from their conditions. */
  relations?: Record<string, Truth>;
}

/** Who asks, for what, when. Agency, division, areas and matter are needed only where relations are worked out; what is not given is unknown. */
export interface DecidingViewer {
  kind: AgencyKind;
  level: DivisionLevel;
  roles: readonly Role[];
  purpose: Purpose | null;
  agency?: string;
  division?: string;
  areas?: readonly DivisionRange[];
  matter?: string | null;
  at?: Date;
}

/** What is decided of one cell; `rules` names every rule that held: row grants and vetoes, then grants and caps of the cell. */
export interface Decision { rowVisible: boolean; rung: Rung; rules: string[] }

/**
 * Decides one cell of one record: rows are granted and not vetoed; the highest rung granted is lowered to every cap; a nested cell is shown only with its
 * parent, a derived one only with the sources it is not released from. For a cell that leads to another record, that record's own row is a decision of its own.
 * @throws Error where the policy has no such record or cell
 */
export function decide(policy: Policy, viewer: DecidingViewer, record: string, facts: Facts, cell: string): Decision {
  const rules = policy.records.get(record);
  const verdict = rules?.cells.get(cell);
  if (!rules || !verdict) throw new Error(`the policy has no cell ${record}.${cell}`);
  const rowGrants = rules.rows.grants.filter((grant) => grantHolds(grant, rules, viewer, facts));
  const vetoes = rules.rows.vetoes.filter((veto) => restraintHolds(veto, rules, viewer, facts));
  const grants = verdict.grants.filter((grant) => grantHolds(grant, rules, viewer, facts));
  const caps = verdict.caps.filter((cap) => restraintHolds(cap, rules, viewer, facts));
  const rowVisible = rowGrants.length > 0 && vetoes.length === 0;
  const parent = cell.slice(0, Math.max(0, cell.lastIndexOf('.')));
  const needed = [...(rules.cells.has(parent) ? [parent] : []), ...verdict.sources];
  const needsHeld = needed.every((other) => decide(policy, viewer, record, facts, other).rung === 'FULL');
  const highest = grants.map(({ rung }) => rung).reduce(higher, 'WITHHELD');
  const rung = rowVisible && needsHeld ? caps.map((cap) => cap.rung).reduce(lower, highest) : 'WITHHELD';
  return { rowVisible, rung, rules: [...rowGrants, ...vetoes, ...grants, ...caps].map(({ name }) => name) };
}

const higher = (one: Rung, other: Rung): Rung => (heightOf(one) >= heightOf(other) ? one : other);
const lower = (one: Rung, other: Rung): Rung => (heightOf(one) <= heightOf(other) ? one : other);

/** A grant holds if it speaks for the viewer, and one of its relations and its condition are TRUE. Unknown never opens. */
function grantHolds(grant: Grant, rules: RecordPolicy, viewer: DecidingViewer, facts: Facts): boolean {
  return speaksFor(grant, viewer)
    && (grant.as === undefined || grant.as.some((name) => relationHolds(name, rules, viewer, facts)))
    && (grant.when === undefined || truthOf(grant.when, viewer, facts) === true);
}

/** A veto or cap holds if it speaks for the viewer, no exception does, and its condition is NOT FALSE. */
function restraintHolds(rule: Restraint, rules: RecordPolicy, viewer: DecidingViewer, facts: Facts): boolean {
  return speaksFor(rule, viewer)
    && !rule.exceptRoles.some((role) => viewer.roles.includes(role))
    && !rule.exceptAs.some((name) => relationHolds(name, rules, viewer, facts))
    && (rule.when === undefined || truthOf(rule.when, viewer, facts) !== false);
}

function relationHolds(name: string, rules: RecordPolicy, viewer: DecidingViewer, facts: Facts): boolean {
  const known = facts.relations?.[name];
  if (known !== undefined) return known === true;
  const condition = rules.relations.get(name);
  return condition !== undefined && truthOf(condition, viewer, facts) === true;
}

/** Whether a rule speaks for the viewer at all. */
export function speaksFor({ kind, level, roles, purposes, from, until }: Audience, viewer: DecidingViewer): boolean {
  if (kind && !kind.includes(viewer.kind)) return false;
  if (level && !level.includes(viewer.level)) return false;
  if (roles && !roles.some((role) => viewer.roles.includes(role))) return false;
  if (from !== undefined && !(viewer.at !== undefined && viewer.at.getTime() >= from)) return false;
  if (until !== undefined && !(viewer.at !== undefined && viewer.at.getTime() < until)) return false;
  return !purposes || (viewer.purpose !== null && purposes.includes(viewer.purpose));
}

/** The Kleene value of a condition. */
export function truthOf(condition: Condition, viewer: DecidingViewer, facts: Facts): Truth {
  const valueOf = (part: Condition): Truth => truthOf(part, viewer, facts);
  if ('all' in condition) return allOf(condition.all.map(valueOf));
  if ('any' in condition) return anyOf(condition.any.map(valueOf));
  if ('none' in condition) return notOf(anyOf(condition.none.map(valueOf)));
  if ('some' in condition) {
    const linked = facts.links?.[condition.some.link];
    return linked === undefined ? null : anyOf(linked.map((other) => truthOf(condition.some.that, viewer, other)));
  }
  if ('within' in condition) {
    const code = facts.attributes[condition.within.attribute] ?? null;
    return code === null ? null : isWithin(String(code), viewer.areas ?? []);
  }
  if ('in' in condition) return anyOf(condition.in.values.map((value) => compare(condition.in.attribute, value, viewer, facts, (order) => order === 0)));
  if ('is' in condition) return compare(condition.is.attribute, condition.is.value, viewer, facts, (order) => order === 0);
  if ('before' in condition) return compare(condition.before.attribute, condition.before.value, viewer, facts, (order) => order < 0);
  return compare(condition.after.attribute, condition.after.value, viewer, facts, (order) => order > 0);
}

/** TRUE if all are; FALSE if one is; else unknown. */
export const allOf = (parts: readonly Truth[]): Truth => (parts.includes(false) ? false : parts.includes(null) ? null : true);
/** TRUE if one is; FALSE if all are, or there is none; else unknown. */
export const anyOf = (parts: readonly Truth[]): Truth => (parts.includes(true) ? true : parts.includes(null) ? null : false);
export const notOf = (part: Truth): Truth => (part === null ? null : !part);

/** Compares an attribute with a value; unknown if either is. */
function compare(attribute: string, value: Value, viewer: DecidingViewer, facts: Facts, test: (order: number) => boolean): Truth {
  const left = facts.attributes[attribute] ?? null;
  const right = 'literal' in value ? value.literal : 'viewer' in value ? (viewer[value.viewer] ?? null) : dayOf(value.today, viewer);
  if (left === null || right === null) return null;
  const [one, other] = 'today' in value && String(left).includes('T') ? [Date.parse(String(left)), Date.parse(`${right}T00:00:00+08:00`)] : [left, right];
  return test(one === other ? 0 : one < other ? -1 : 1);
}

function dayOf({ days, months }: { days: number; months: number }, viewer: DecidingViewer): CalendarDate | null {
  return viewer.at === undefined ? null : addDays(addMonths(dateOf(viewer.at), months), days);
}
