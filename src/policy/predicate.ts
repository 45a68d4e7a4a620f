import type { SqlOf } from './catalogue.js';

/**
 * A two-valued predicate over one record: never, always, or SQL. Absence of a rule is `NEVER`; nothing in this file turns an empty disjunction into `ALWAYS`.
 *
 * Many rules that say nearly the same must not cost as many tests of every record, so predicates are kept in one form in which what is equal looks equal: negations stand at the
 * tests alone, what another part implies is left out, what several parts share is asked once, cheap tests come before those that look into other tables, and the order of the rules leaves no trace.
 */
export type Predicate = 'NEVER' | 'ALWAYS' | TestSql;

/** SQL of a predicate over an alias: for a WHERE, or with `share` for a column that is computed of a few records. */
export type TestSql = (alias: string, share?: Share) => string;

/** Takes the SQL of a test that looks into other tables and gives what is written in its place, so that a test that several columns make of one record can be made once. */
export type Share = (sql: string) => string;

/** A predicate as SQL over an alias, for a WHERE or a column. */
export function predicateSql(predicate: Predicate, alias: string): string {
  if (typeof predicate === 'string') return predicate === 'ALWAYS' ? 'TRUE' : 'FALSE';
  return predicate(alias);
}

/** Conjunction of predicates; of none, ALWAYS: callers pass fixed parts, each of which is NEVER where a rule is absent. */
export const allOf = (parts: readonly Predicate[]): Predicate => toPredicate(combine('all', parts.map(toFormula)));

/** Disjunction of predicates; of none, NEVER. */
export const anyOf = (parts: readonly Predicate[]): Predicate => toPredicate(combine('any', parts.map(toFormula)));

export const not = (part: Predicate): Predicate => toPredicate(negate(toFormula(part)));

/** Where a link leads, and how the linked row hangs on the outer one. */
type Way = (outer: string, inner: string) => { table: string; on: string };

/** Whether one of the linked records meets `that`. */
export const existsOf = (way: Way, that: Predicate): Predicate => toPredicate(exists(way, toFormula(that), true));

type Formula = 'NEVER' | 'ALWAYS' | Test;
type Test = Literal | Group;
type Op = 'all' | 'any';
/** `key` tells equal tests; `cost` is in comparisons of a column, roughly. */
interface Known { key: string; cost: number }
interface Literal extends Known { op: 'test'; holds: boolean; atom: Atom }
interface Group extends Known { op: Op; parts: readonly Test[] }
/** What is asked, of the record's own columns (`sql`) or of the records behind a link. Its key is that of the literal that holds. */
type Atom = { key: string; sql: SqlOf } | { key: string; way: Way; wayKey: string; that: Formula };

/** What looking into another table costs, in comparisons: 2 µs and more against 0.05 µs. */
const LOOK_UP_COST = 40;
const KEY_ALIAS = 't';
const other = (op: Op): Op => (op === 'all' ? 'any' : 'all');

const testOf = new WeakMap<TestSql, Test>();

function toFormula(predicate: Predicate): Formula {
  if (typeof predicate === 'string') return predicate;
  const known = testOf.get(predicate);
  if (known) return known;
  const key = predicate(KEY_ALIAS);
  const lookUps = key.split(/SELECT|JOIN/u).length - 1;
  return { op: 'test', holds: true, atom: { key, sql: predicate }, key, cost: 1 + lookUps * LOOK_UP_COST };
}

function toPredicate(formula: Formula): Predicate {
  if (typeof formula === 'string') return formula;
  const sql: TestSql = (alias, share) => render(formula, alias, share);
  testOf.set(sql, formula);
  return sql;
}

function render(test: Test, alias: string, share?: Share): string {
  if (test.op !== 'test') return `(${test.parts.map((part) => render(part, alias, share)).join(test.op === 'all' ? ' AND ' : ' OR ')})`;
  const { atom, holds, cost } = test;
  const sql = 'sql' in atom ? atom.sql(alias) : existsSql(atom.way, atom.that, alias, share !== undefined);
  const text = share && cost >= LOOK_UP_COST ? share(sql) : sql;
  return holds ? text : `(NOT ${text})`;
}

/**
 * Inner aliases grow out of the outer one, so that equal rules give equal text and are computed once a row.
 * PostgreSQL plans an EXISTS twice, to be looked up for each row and to be read once for all, and one inside another four times; `OFFSET 0` leaves the first, which fits a few records.
 */
function existsSql(way: Way, that: Formula, alias: string, ofFew: boolean): string {
  const inner = `${alias}x`;
  const { table, on } = way(alias, inner);
  const meets = typeof that === 'string' ? '' : ` AND ${render(that, inner, ofFew ? (sql) => sql : undefined)}`;
  return `EXISTS (SELECT 1 FROM ${table} ${inner} WHERE ${on}${meets}${ofFew ? ' OFFSET 0' : ''})`;
}

function exists(way: Way, that: Formula, holds: boolean): Formula {
  if (that === 'NEVER') return holds ? 'NEVER' : 'ALWAYS';
  const { table, on } = way(KEY_ALIAS, `${KEY_ALIAS}x`);
  const wayKey = `${table} WHERE ${on}`;
  const atom = { key: `EXISTS (${wayKey} AND ${keyOf(that)})`, way, wayKey, that };
  return literal(atom, holds, LOOK_UP_COST + (typeof that === 'string' ? 0 : that.cost));
}

const literal = (atom: Atom, holds: boolean, cost: number): Literal => ({ op: 'test', holds, atom, key: holds ? atom.key : oppositeOf(atom), cost });
const oppositeOf = (atom: Atom): string => `(NOT ${atom.key})`;
const keyOf = (formula: Formula): string => (typeof formula === 'string' ? formula : formula.key);

function negate(formula: Formula): Formula {
  if (typeof formula === 'string') return formula === 'NEVER' ? 'ALWAYS' : 'NEVER';
  return formula.op === 'test' ? literal(formula.atom, !formula.holds, formula.cost) : combine(other(formula.op), formula.parts.map(negate));
}

/** A conjunction or disjunction in the one form. What is said below of one holds of the other with the two words exchanged. */
function combine(op: Op, parts: readonly Formula[]): Formula {
  const [nothing, everything] = op === 'all' ? (['NEVER', 'ALWAYS'] as const) : (['ALWAYS', 'NEVER'] as const);
  if (parts.includes(nothing)) return nothing;
  const flat = parts.flatMap((part) => (typeof part === 'string' ? [] : part.op === op ? part.parts : [part]));
  const needed = mergeLinks(op, absorb(op, distinct(flat)));
  const kept = factor(op, needed);
  if (contradict(kept)) return nothing;
  if (kept.length <= 1) return kept[0] ?? everything;
  return group(op, kept);
}

function group(op: Op, parts: readonly Test[]): Group {
  const sorted = parts.toSorted((one, two) => one.cost - two.cost || one.key.length - two.key.length || (one.key < two.key ? -1 : 1));
  return { op, parts: sorted, key: `(${sorted.map(({ key }) => key).join(op === 'all' ? ' AND ' : ' OR ')})`, cost: sorted.reduce((sum, { cost }) => sum + cost, 0) };
}

/** Each once, in an order of their own: what comes of them does not depend on the order in which they were said. */
const distinct = (parts: readonly Test[]): Test[] => [...new Map(parts.map((part) => [part.key, part])).values()].toSorted((one, two) => (one.key < two.key ? -1 : 1));

/** Leaves out each part that adds nothing beside the others: one that implies the rest of a disjunction, or follows from the rest of a conjunction. The dearest go first. */
function absorb(op: Op, parts: readonly Test[]): Test[] {
  let kept = parts;
  for (const part of parts.toSorted((one, two) => two.cost - one.cost)) {
    const rest: Group = { op, parts: kept.filter((one) => one !== part), key: '', cost: 0 };
    if (rest.parts.length > 0 && (op === 'any' ? implies(part, rest) : implies(rest, part))) kept = rest.parts;
  }
  return [...kept];
}

/** Whether one test holding means that another does, as far as their form tells. */
function implies(one: Test, two: Test): boolean {
  if (one.key === two.key) return true;
  if (one.op === 'any') return one.parts.every((part) => implies(part, two));
  if (two.op === 'all') return two.parts.every((part) => implies(one, part));
  if (one.op === 'all' && one.parts.some((part) => implies(part, two))) return true;
  if (two.op === 'any') return two.parts.some((part) => implies(one, part));
  if (one.op !== 'test' || two.op !== 'test' || one.holds !== two.holds || !('way' in one.atom) || !('way' in two.atom) || one.atom.wayKey !== two.atom.wayKey) return false;
  const [few, many] = one.holds ? [one.atom.that, two.atom.that] : [two.atom.that, one.atom.that];
  return many === 'ALWAYS' || (typeof few !== 'string' && typeof many !== 'string' && implies(few, many));
}

/** No linked record meets P, and none meets Q: none meets P or Q. Several looks through one link become one. */
function mergeLinks(op: Op, parts: readonly Test[]): Test[] {
  const looks = new Map<string, { way: Way; those: Formula[] }>();
  const rest: Test[] = [];
  for (const part of parts) {
    if (part.op !== 'test' || !('way' in part.atom) || part.holds !== (op === 'any')) {
      rest.push(part);
      continue;
    }
    const { way, wayKey, that } = part.atom;
    looks.set(wayKey, { way, those: [...(looks.get(wayKey)?.those ?? []), that] });
  }
  const merged = [...looks.values()].map(({ way, those }) => exists(way, combine('any', those), op === 'any'));
  return [...rest, ...merged.filter((look): look is Test => typeof look !== 'string')];
}

/** Whether a test and its opposite are both there. */
function contradict(parts: readonly Test[]): boolean {
  const keys = new Set(parts.map(({ key }) => key));
  return parts.some((part) => part.op === 'test' && part.holds && keys.has(oppositeOf(part.atom)));
}

const sidesOf = (op: Op, part: Test): readonly Test[] => (part.op === other(op) ? part.parts : [part]);

/** Asks once what several parts share: (A or B) and (A or C) is A or (B and C). What most parts share goes first. */
function factor(op: Op, parts: readonly Test[]): Test[] {
  const counts = new Map<string, { test: Test; count: number }>();
  for (const part of parts) for (const test of sidesOf(op, part)) counts.set(test.key, { test, count: (counts.get(test.key)?.count ?? 0) + 1 });
  const [best] = [...counts.values()].filter(({ count }) => count > 1).toSorted((one, two) => two.count - one.count || two.test.cost - one.test.cost || (one.test.key < two.test.key ? -1 : 1));
  if (!best) return [...parts];
  const shares = (part: Test): boolean => sidesOf(op, part).some(({ key }) => key === best.test.key);
  const without = parts.filter(shares).map((part) => combine(other(op), sidesOf(op, part).filter(({ key }) => key !== best.test.key)));
  const shared = combine(other(op), [best.test, combine(op, without)]);
  return factor(op, [...parts.filter((part) => !shares(part)), ...(typeof shared === 'string' ? [] : [shared])]);
}
