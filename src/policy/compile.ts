import type { Purpose, Role, Viewer } from '../kernel/viewer.js';
import type { Attribute, Catalogue, RecordShape } from './catalogue.js';
import { heightOf, type Audience, type Condition, type Grant, type Policy, type RecordPolicy, type Restraint, type Rung, type Value } from './language.js';
import { allOf, anyOf, existsOf, not, type Predicate } from './predicate.js';

export { predicateSql, type Predicate } from './predicate.js';

/** What of the asking the lens depends on; `at` is its instant. Everything else of the viewer enters the statement as a parameter. */
export interface ViewerClass { kind: Viewer['kind']; level: Viewer['level']; roles: readonly Role[]; purpose: Purpose | null; areaCount: number; at: Date }

/** One rule as it bears on this viewer class. */
export interface RuleLens { name: string; rung: Rung; holds: Predicate; nameable: boolean }

/** One cell through the lens. `atLeast` has an entry for every rung of the ladder, highest first. */
export interface CellLens {
  atLeast: { rung: Rung; holds: Predicate }[];
  /** Whether the full value is held. */
  full: Predicate;
  grants: RuleLens[];
  caps: RuleLens[];
}

/** A cell by its own rules, before it is lowered to what it depends on. */
type Unlowered = Omit<CellLens, 'full'>;

/** One way of carrying out an operation: asked of the record as it was and as it then stands, and the cells that may differ. */
export interface WriteLens { before: Predicate; after: Predicate; sets: readonly string[] }

/** One record type through the lens. */
export interface RecordLens {
  shape: RecordShape;
  row: Predicate;
  cells: Map<string, CellLens>;
  /** The ways in which an operation may be carried out. Absent operation: never. */
  writes: Map<string, WriteLens[]>;
}

export interface Lens { policy: Policy; viewer: ViewerClass; records: Map<string, RecordLens> }

/** Compiles the policy for one class of viewers and one purpose. Pure; the result is cached by the caller. */
export function compileLens(policy: Policy, catalogue: Catalogue, viewer: ViewerClass): Lens {
  const records = new Map<string, RecordLens>();
  for (const [name, shape] of catalogue.records) {
    const rules = policy.records.get(name);
    if (rules) records.set(name, compileRecord(policy, rules, shape, catalogue, viewer));
  }
  return { policy, viewer, records };
}

/** Whether a rule speaks for this class at all. */
export function addresses(audience: Audience, viewer: Pick<ViewerClass, 'kind' | 'level' | 'roles' | 'purpose' | 'at'>): boolean {
  return (!audience.kind || audience.kind.includes(viewer.kind))
    && (!audience.level || audience.level.includes(viewer.level))
    && (!audience.roles || audience.roles.some((role) => viewer.roles.includes(role)))
    && (!audience.purposes || (viewer.purpose !== null && audience.purposes.includes(viewer.purpose)))
    && (audience.from === undefined || viewer.at.getTime() >= audience.from)
    && (audience.until === undefined || viewer.at.getTime() < audience.until);
}

function compileRecord(policy: Policy, rules: RecordPolicy, shape: RecordShape, catalogue: Catalogue, viewer: ViewerClass): RecordLens {
  const context: Context = { shape, catalogue, viewer };
  const relation = new Map([...rules.relations].map(([name, condition]) => [name, isTrue(condition, context)]));
  const relations = (names: readonly string[]): Predicate => anyOf(names.map((name) => relation.get(name) ?? 'NEVER'));
  const grantHolds = once((grant: Grant): Predicate => addresses(grant, viewer)
    ? allOf([grant.as ? relations(grant.as) : 'ALWAYS', grant.when ? isTrue(grant.when, context) : 'ALWAYS']) : 'NEVER');
  const restraintHolds = once((rule: Restraint): Predicate => addresses(rule, viewer) && !rule.exceptRoles.some((role) => viewer.roles.includes(role))
    ? allOf([rule.when ? isNotFalse(rule.when, context) : 'ALWAYS', not(relations(rule.exceptAs))]) : 'NEVER');

  const row = allOf([anyOf(rules.rows.grants.map(grantHolds)), not(anyOf(rules.rows.vetoes.map(restraintHolds)))]);
  const cells = new Map<string, Unlowered>();
  /** Cells of one block are granted by the same rules, and most are capped by the same. */
  const alike: { grants: readonly Grant[]; caps: readonly Restraint[]; ladder: readonly Rung[]; atLeast: CellLens['atLeast'] }[] = [];
  for (const [cell, { grants, caps }] of rules.cells) {
    const granted = grants.map((grant) => ({ name: grant.name, rung: grant.rung, holds: grantHolds(grant), nameable: false, grant }));
    const capped = caps.map((cap) => ({ name: cap.name, rung: cap.rung, holds: restraintHolds(cap), nameable: false }));
    const ladder = (policy.ladders.get(`${shape.record}.${cell}`) ?? ['FULL']).toReversed();
    const known = alike.find((one) => one.grants === grants && isSame(one.caps, caps) && isSame(one.ladder, ladder));
    const atLeast = known?.atLeast ?? ladder.map((rung) => ({
      rung,
      holds: allOf([
        anyOf(granted.filter((rule) => heightOf(rule.rung) >= heightOf(rung)).map((rule) => rule.holds)),
        not(anyOf(capped.filter((rule) => heightOf(rule.rung) < heightOf(rung)).map((rule) => rule.holds))),
      ]),
    }));
    if (!known) alike.push({ grants, caps, ladder, atLeast });
    cells.set(cell, { atLeast, grants: granted, caps: capped });
  }
  const lowered = lowerDependent(rules, cells);
  nameRules(rules, shape, lowered);
  const writes: RecordLens['writes'] = new Map();
  for (const rule of rules.writes) {
    const spoken = addresses(rule, viewer);
    const before = spoken ? allOf([rule.as.length > 0 ? relations(rule.as) : 'ALWAYS', rule.when ? isTrue(rule.when, context) : 'ALWAYS']) : 'NEVER';
    const after = spoken ? (rule.after.length > 0 ? relations(rule.after) : 'ALWAYS') : 'NEVER';
    writes.set(rule.operation, [...(writes.get(rule.operation) ?? []), { before, after, sets: rule.sets }]);
  }
  return { shape, row, cells: lowered, writes };
}

/** The function, asked once for each rule. */
function once<Rule extends object, Result>(of: (rule: Rule) => Result): (rule: Rule) => Result {
  const known = new Map<Rule, Result>();
  return (rule) => {
    const result = known.get(rule) ?? of(rule);
    known.set(rule, result);
    return result;
  };
}

const isSame = (one: readonly unknown[], other: readonly unknown[]): boolean => one.length === other.length && one.every((item, index) => item === other[index]);

/**
 * A disclosure names a rule only if its conditions read nothing that the viewer does not hold in every record it sees;
 * otherwise the name itself would tell a hidden value. Caps and vetoes are never named for that reason.
 */
function nameRules(rules: RecordPolicy, shape: RecordShape, cells: Map<string, CellLens>): void {
  const alwaysHeld = (attribute: string): boolean => {
    const shownBy = shape.attributes[attribute]?.shownBy ?? [];
    return shownBy.length > 0 && shownBy.every((cell) => cells.get(cell)?.full === 'ALWAYS');
  };
  for (const cell of cells.values()) {
    for (const rule of cell.grants as (RuleLens & { grant: Grant })[]) {
      const read = [...(rule.grant.as ?? []).flatMap((name) => attributesOf(rules.relations.get(name))), ...attributesOf(rule.grant.when)];
      rule.nameable = read.every((attribute) => attribute !== undefined && alwaysHeld(attribute));
    }
  }
}

/** Attributes that a condition reads; undefined stands for what lies behind a link, which no cell of this record shows. */
function attributesOf(condition: Condition | undefined): (string | undefined)[] {
  if (!condition) return [];
  if ('some' in condition) return [undefined];
  if ('all' in condition) return condition.all.flatMap(attributesOf);
  if ('any' in condition) return condition.any.flatMap(attributesOf);
  if ('none' in condition) return condition.none.flatMap(attributesOf);
  if ('is' in condition) return [condition.is.attribute];
  if ('in' in condition) return [condition.in.attribute];
  if ('within' in condition) return [condition.within.attribute];
  return ['before' in condition ? condition.before.attribute : condition.after.attribute];
}

/** A nested cell is shown only where its parent is held, a derived one only where the sources it is not released from are. */
function lowerDependent(rules: RecordPolicy, cells: ReadonlyMap<string, Unlowered>): Map<string, CellLens> {
  const done = new Map<string, CellLens>();
  const lower = (cell: string): CellLens => {
    const verdict = cells.get(cell);
    if (!verdict) throw new Error(`the policy has no cell ${rules.record}.${cell}`);
    const parent = cell.slice(0, Math.max(0, cell.lastIndexOf('.')));
    const needed = [...(cells.has(parent) ? [parent] : []), ...(rules.cells.get(cell)?.sources ?? [])].map((other) => (done.get(other) ?? lower(other)).full);
    const atLeast = needed.length === 0 ? verdict.atLeast : verdict.atLeast.map(({ rung, holds }) => ({ rung, holds: allOf([holds, ...needed]) }));
    const lowered = { ...verdict, atLeast, full: atLeast[0]?.holds ?? 'NEVER' };
    done.set(cell, lowered);
    return lowered;
  };
  return new Map([...cells.keys()].map((cell) => [cell, done.get(cell) ?? lower(cell)]));
}

interface Context { shape: RecordShape; catalogue: Catalogue; viewer: ViewerClass }

/** The predicate that holds where the Kleene value of the condition is TRUE. Unknown never opens. */
export function isTrue(condition: Condition, context: Context): Predicate {
  if ('all' in condition) return allOf(condition.all.map((part) => isTrue(part, context)));
  if ('any' in condition) return anyOf(condition.any.map((part) => isTrue(part, context)));
  if ('none' in condition) return not(anyOf(condition.none.map((part) => isNotFalse(part, context))));
  if ('some' in condition) return someOf(condition.some, context, isTrue);
  return comparison(condition, context, 'IS TRUE');
}

/** The predicate that holds where the Kleene value of the condition is TRUE or unknown: what vetoes and caps ask. */
export function isNotFalse(condition: Condition, context: Context): Predicate {
  if ('all' in condition) return allOf(condition.all.map((part) => isNotFalse(part, context)));
  if ('any' in condition) return anyOf(condition.any.map((part) => isNotFalse(part, context)));
  if ('none' in condition) return not(anyOf(condition.none.map((part) => isTrue(part, context))));
  if ('some' in condition) return someOf(condition.some, context, isNotFalse);
  return comparison(condition, context, 'IS NOT FALSE');
}

function someOf({ link, that }: { link: string; that: Condition }, context: Context, test: typeof isTrue): Predicate {
  const way = context.shape.links[link];
  const target = way && context.catalogue.records.get(way.record);
  if (!way || !target) return 'NEVER';
  return existsOf(way.from, test(that, { ...context, shape: target }));
}

type Comparison = Exclude<Condition, { all: unknown } | { any: unknown } | { none: unknown } | { some: unknown }>;

function comparison(condition: Comparison, context: Context, test: 'IS TRUE' | 'IS NOT FALSE'): Predicate {
  const name = ('is' in condition ? condition.is : 'in' in condition ? condition.in : 'within' in condition ? condition.within : 'before' in condition ? condition.before : condition.after).attribute;
  const attribute = context.shape.attributes[name];
  if (!attribute) return 'NEVER';
  return (alias) => {
    const text = comparisonSql(condition, attribute, alias, context.viewer.areaCount);
    return attribute.nullable || comparesMatter(condition) ? `((${text}) ${test})` : `(${text})`;
  };
}

/** The matter is unknown where a request states none, and so is every comparison with it, be the attribute ever so known. */
function comparesMatter(condition: Comparison): boolean {
  if ('within' in condition) return false;
  const values = 'in' in condition ? condition.in.values : ['is' in condition ? condition.is.value : 'before' in condition ? condition.before.value : condition.after.value];
  return values.some((value) => 'viewer' in value && value.viewer === 'matter');
}

function comparisonSql(condition: Comparison, attribute: Attribute, alias: string, areaCount: number): string {
  const column = attribute.sql(alias);
  if ('within' in condition) return withinSql(column, areaCount);
  if ('in' in condition) return `${column} IN (${condition.in.values.map((value) => valueSql(value, attribute)).join(', ')})`;
  if ('is' in condition) {
    const { value } = condition.is;
    if ('literal' in value && typeof value.literal === 'boolean') return value.literal ? `(${column})` : `(NOT (${column}))`;
    return `${column} = ${valueSql(value, attribute)}`;
  }
  return 'before' in condition ? `${column} < ${valueSql(condition.before.value, attribute)}` : `${column} > ${valueSql(condition.after.value, attribute)}`;
}

/** Containment as text ranges: `>=` and `<` are leakproof, so row-level security does not block their indexes. */
export function withinSql(column: string, areaCount: number): string {
  return Array.from({ length: areaCount }, (_, index) => `(${column} >= «from${index}» AND ${column} < «until${index}»)`).join(' OR ') || 'FALSE';
}

function valueSql(value: Value, attribute: Attribute): string {
  if ('viewer' in value) return `«${value.viewer}»`;
  if ('today' in value) {
    const shifts = [value.today.months !== 0 && `+ interval '${value.today.months} months'`, value.today.days !== 0 && `+ interval '${value.today.days} days'`].filter(Boolean).join(' ');
    return shifts ? `((«today» ${shifts})::${attribute.type === 'instant' ? 'timestamptz' : 'date'})` : '«today»';
  }
  return literalSql(value.literal);
}

/** Literals come from the policy, never from a request; they are written out so that the plan can use them. */
function literalSql(literal: string | number | boolean): string {
  if (typeof literal === 'string') return `'${literal.replaceAll("'", "''")}'`;
  return literal === true ? 'TRUE' : literal === false ? 'FALSE' : String(literal);
}
