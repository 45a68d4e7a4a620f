import { print, type FieldNode, type FragmentDefinitionNode, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';
import type { Field, RecordShape } from '../policy/catalogue.js';
import { predicateSql, type CellLens, type Lens, type Predicate, type RecordLens } from '../policy/compile.js';
import { heightOf, type Rung } from '../policy/language.js';
import { ReferenceRenderer, type Reference, type RenderedField } from './reference.js';
import { jsonObject } from './statement.js';

/** What of the request the planner reads: schema, fragments, variables (for `@skip` and `@include` only), lens and directory. */
export interface Planning {
  schema: GraphQLSchema;
  fragments: Record<string, FragmentDefinitionNode>;
  variables: Record<string, unknown>;
  lens: Lens;
  references: ReadonlyMap<string, Reference>;
  /** Filled while planning: one entry per record selection, in the order of the marks. */
  scopes: ScopePlan[];
  /** Likewise for directory entries, in the order of their marks. */
  renderers: ReferenceRenderer[];
}

/** What a record's mark in the JSON text means: which cells were asked for, and how each got its rung. */
export interface ScopePlan {
  record: string;
  /** Cells whose rung is told by a digit in the mark, in order. */
  varying: string[];
  /** Cells whose rung is the same on every record this viewer sees. */
  constant: Map<string, Rung>;
  /** For each cell asked for and each rung below FULL: the rule that may be named, or `policy`. */
  rules: Map<string, Map<Rung, string>>;
}

/** Key of a record's mark: no name that GraphQL allows. */
const MARK_KEY = '~';

/** One FROM item being built: look-ups and predicates computed once a row, and lateral joins for linked records. */
class Scope {
  /** SQL of what looks into other tables, and the mark that stands for it in the predicates. */
  readonly #looks = new Map<string, string>();
  readonly #flags = new Map<string, string>();
  readonly #joins: string[] = [];
  /** Linked records by cell and selection: whatever aliases ask for the same, it is read once. */
  readonly linked = new Map<string, string>();

  constructor(readonly alias: string) {}

  /** SQL of a predicate: a constant, or a column computed once a row. */
  flag(predicate: Predicate): string {
    if (typeof predicate === 'string') return predicate === 'ALWAYS' ? 'TRUE' : 'FALSE';
    const text = predicate(this.alias, (sql) => {
      const mark = this.#looks.get(sql) ?? `\u0001${this.#looks.size}\u0002`;
      this.#looks.set(sql, mark);
      return mark;
    });
    const name = this.#flags.get(text) ?? `f${this.#flags.size}`;
    this.#flags.set(text, name);
    return `${this.alias}f.${name}`;
  }

  /** Joins `(SELECT … AS v)` and returns the name of `v`. */
  join(select: string, on: string): string {
    const name = `${this.alias}j${this.#joins.length}`;
    this.#joins.push(` LEFT JOIN LATERAL (${select}) ${name} ON ${on}`);
    return `${name}.v`;
  }

  /** `OFFSET 0` keeps PostgreSQL from pulling the predicates up and computing them once a field, and what they look up once a predicate. */
  from(source: string): string {
    let flags = [...this.#flags].map(([text, name]) => `${text} AS ${name}`).join(', ');
    const looks: string[] = [];
    for (const [sql, mark] of this.#looks) {
      const often = flags.split(mark).length > 2;
      flags = flags.replaceAll(mark, () => (often ? `${this.alias}s.s${looks.length}` : sql));
      if (often) looks.push(`${sql} AS s${looks.length}`);
    }
    const lateral = (columns: string, name: string): string => (columns === '' ? '' : ` CROSS JOIN LATERAL (SELECT ${columns} OFFSET 0) ${this.alias}${name}`);
    return `${source} ${this.alias}${lateral(looks.join(', '), 's')}${lateral(flags, 'f')}${this.#joins.join('')}`;
  }
}

/** A record selection as SQL: FROM item with its joins, the row predicate, and the JSON object. */
export interface RecordPlan { from: string; where: string; object: string }

/** Plans the selections `nodes` of a field whose type is the given record. `source` is its table, or a page of it. */
export function planRecord(planning: Planning, lens: RecordLens, nodes: readonly FieldNode[], alias: string, source: string = lens.shape.table): RecordPlan {
  const scope = new Scope(alias);
  const mark: ScopePlan = { record: lens.shape.record, varying: [], constant: new Map(), rules: new Map() };
  const index = planning.scopes.push(mark) - 1;
  const digits: string[] = [];
  const object = selectionObject(planning, nodes, lens.shape.record, (name, fieldNodes) => {
    if (name === 'id') return `'${lens.shape.prefix ?? ''}_' || ${alias}.id`;
    if (name === 'disclosure') return disclosureList(planning, lens, scope, fieldNodes);
    const field = fieldOf(lens.shape, name);
    return cellValue({ planning, lens, scope, mark, digits }, name, field, fieldNodes);
  }, [[MARK_KEY, `«nonce» || 'R${index}:' || ${alias}.id || ':'${'\u0000'}`]]);
  const digitText = digits.length > 0 ? ` || ${digits.join(' || ')}` : '';
  return {
    from: scope.from(source),
    where: predicateSql(lens.row, alias),
    object: object.replace('\u0000', () => digitText),
  };
}

/** Selections that are written the same select the same. */
export const selectionText = (nodes: readonly FieldNode[]): string => nodes.map(({ selectionSet }) => (selectionSet ? print(selectionSet) : '')).join();

interface CellContext { planning: Planning; lens: RecordLens; scope: Scope; mark: ScopePlan; digits: string[] }

function fieldOf(shape: RecordShape, name: string): Field {
  const field = shape.fields[name];
  if (!field) throw new Error(`${shape.record}.${name} is in the schema but not in the catalogue`);
  return field;
}

/** Collects a selection as graphql-js would (aliases, fragments, directives, merging) and makes a JSON object of it. */
function selectionObject(planning: Planning, nodes: readonly FieldNode[], type: string, valueOf: (name: string, nodes: readonly FieldNode[]) => string, first: [string, string][] = []): string {
  const runtimeType = planning.schema.getType(type) as GraphQLObjectType;
  const collected = collectSubfields(planning.schema, planning.fragments, planning.variables, runtimeType, nodes as FieldNode[]);
  const pairs: [string, string][] = [...first];
  for (const [key, fieldNodes] of collected) {
    const name = fieldNodes[0]?.name.value ?? '';
    pairs.push([key, name === '__typename' ? `'${type}'` : valueOf(name, fieldNodes)]);
  }
  return jsonObject(pairs);
}

/** One cell: noted in the record's mark, read at the rung that the lens gives, never above it. */
function cellValue(context: CellContext, cell: string, field: Field, nodes: readonly FieldNode[]): string {
  const { lens, scope, planning } = context;
  const verdict = lens.cells.get(cell);
  if (!verdict) throw new Error(`${lens.shape.record}.${cell} has no verdict`);
  if (field.field === 'record') {
    const target = planning.lens.records.get(field.record);
    if (!target || verdict.full === 'NEVER' || target.row === 'NEVER') return withheldCell(context, cell, verdict);
    const asked = `${cell} ${selectionText(nodes)}`;
    const known = scope.linked.get(asked);
    if (known !== undefined) return known;
    const inner = planRecord(planning, target, nodes, `${scope.alias}r`);
    const key = field.key(scope.alias);
    const value = scope.join(`SELECT ${inner.object} AS v FROM ${inner.from} WHERE ${scope.alias}r.id = ${key} AND ${inner.where}`, scope.flag(verdict.full));
    noteDigit(context, cell, verdict, `CASE WHEN ${value} IS NOT NULL OR (${key} IS NULL AND ${scope.flag(verdict.full)}) THEN '3' ELSE '0' END`);
    scope.linked.set(asked, value);
    return value;
  }
  if (verdict.atLeast.every(({ holds }) => holds === 'NEVER')) return withheldCell(context, cell, verdict);
  noteRung(context, cell, verdict);
  return rungCase(scope, verdict, (rung) => valueAt(context, cell, field, rung, nodes));
}

function withheldCell(context: CellContext, cell: string, verdict: CellLens): string {
  if (!context.mark.varying.includes(cell)) context.mark.constant.set(cell, 'WITHHELD');
  noteRules(context.mark, cell, verdict);
  return 'NULL::text';
}

/** `CASE WHEN full THEN … WHEN masked THEN … END`, folded where the lens is constant. */
function rungCase(scope: Scope, verdict: CellLens, valueFor: (rung: Rung) => string): string {
  const branches: string[] = [];
  const tested = new Set<string>();
  for (const { rung, holds } of verdict.atLeast) {
    const test = scope.flag(holds);
    if (holds === 'NEVER' || tested.has(test)) continue;
    if (holds === 'ALWAYS') return branches.length > 0 ? `CASE ${branches.join(' ')} ELSE ${valueFor(rung)} END` : valueFor(rung);
    tested.add(test);
    branches.push(`WHEN ${test} THEN ${valueFor(rung)}`);
  }
  return branches.length > 0 ? `CASE ${branches.join(' ')} END` : 'NULL';
}

function valueAt(context: CellContext, cell: string, field: Field, rung: Rung, nodes: readonly FieldNode[]): string {
  const { planning, scope } = context;
  const { alias } = scope;
  switch (field.field) {
    case 'value': return leafSql(field, alias, rung);
    case 'reference': return referenceValue(planning, field.reference, field.key(alias), nodes);
    case 'object':
      return `CASE WHEN ${field.present(alias)} THEN ${selectionObject(planning, nodes, field.type, (name, inner) => nestedValue(context, `${cell}.${name}`, field.fields[name], inner, alias))} END`;
    case 'list': {
      const inner = `${alias}l`;
      const { table, on, orderBy } = field.from(alias, inner);
      const element = selectionObject(planning, nodes, field.type, (name, innerNodes) => nestedValue(context, `${cell}.${name}`, field.fields[name], innerNodes, inner));
      return `(SELECT coalesce(json_agg(${element} ORDER BY ${orderBy}), '[]'::json) FROM ${table} ${inner} WHERE ${on})`;
    }
    case 'records': {
      const target = planning.lens.records.get(field.record);
      if (!target || target.row === 'NEVER') return `'[]'::json`;
      const inner = `${alias}l`;
      const { on, orderBy } = field.from(alias, inner);
      const plan = planRecord(planning, target, nodes, inner);
      return `(SELECT coalesce(json_agg(${plan.object} ORDER BY ${orderBy}), '[]'::json) FROM ${plan.from} WHERE ${on} AND ${plan.where})`;
    }
    case 'record': throw new Error(`${cell} is planned as a join`);
  }
}

/** A field inside an object or list: it follows its parent, lowered by its own verdict where it has one. */
function nestedValue(context: CellContext, cell: string, field: Field | undefined, nodes: readonly FieldNode[], alias: string): string {
  const { lens, scope, planning } = context;
  if (!field) throw new Error(`${lens.shape.record}.${cell} is in the schema but not in the catalogue`);
  const verdict = lens.cells.get(cell);
  if (verdict && verdict.atLeast.every(({ holds }) => holds === 'NEVER')) return withheldCell(context, cell, verdict);
  if (verdict) noteRung(context, cell, verdict);
  const at = (rung: Rung): string => {
    if (field.field === 'value') return leafSql(field, alias, rung);
    if (field.field === 'reference') return referenceValue(planning, field.reference, field.key(alias), nodes);
    if (field.field === 'object') {
      return `CASE WHEN ${field.present(alias)} THEN ${selectionObject(planning, nodes, field.type, (name, inner) => nestedValue(context, `${cell}.${name}`, field.fields[name], inner, alias))} END`;
    }
    throw new Error(`${cell}: records and lists stand at the top of a record only`);
  };
  return verdict ? rungCase(scope, verdict, at) : at('FULL');
}

/** Sealed values travel as a mark that the splice opens; masks are stored columns, so the full value is not read for them. */
function leafSql(field: Extract<Field, { field: 'value' }>, alias: string, rung: Rung): string {
  if (rung !== 'FULL') {
    const mask = field.masks?.[rung];
    if (!mask) throw new Error(`no SQL for rung ${rung}`);
    return mask(alias);
  }
  return field.sealed ? `«nonce» || 'E' || ${field.sql(alias)}` : field.sql(alias);
}

/** A directory entry inside a record: the statement yields its key, the splice writes it. */
function referenceValue(planning: Planning, name: string, key: string, nodes: readonly FieldNode[]): string {
  const index = planning.renderers.push(referenceRenderer(planning, name, nodes)) - 1;
  return `«nonce» || 'D${index}:' || ${key}`;
}

/** The fields that are selected of a directory entry, as functions of the entry. */
function referenceRenderer(planning: Planning, name: string, nodes: readonly FieldNode[]): ReferenceRenderer {
  const reference = planning.references.get(name);
  if (!reference) throw new Error(`${name} is not in the directory`);
  const collected = collectSubfields(planning.schema, planning.fragments, planning.variables, planning.schema.getType(name) as GraphQLObjectType, nodes as FieldNode[]);
  return new ReferenceRenderer(name, [...collected].map(([key, fieldNodes]): RenderedField => {
    const field = fieldNodes[0]?.name.value ?? '';
    if (field === '__typename') return { key, json: () => JSON.stringify(name) };
    if (field === 'id') return { key, json: (entry) => JSON.stringify(`${reference.prefix ?? ''}_${entry['id']}`) };
    const definition = reference.fields[field];
    if (definition?.field === 'value') return { key, json: (entry) => JSON.stringify(entry[field] ?? null) };
    if (definition?.field !== 'reference') throw new Error(`${name}.${field} is in the schema but not in the directory`);
    const inner = referenceRenderer(planning, definition.reference, fieldNodes);
    return { key, json: (entry, directory) => (entry[field] == null ? 'null' : inner.render(directory, entry[field])) };
  }));
}

/** JSON object of a directory entry that is itself what was asked for. */
export function referenceObject(planning: Planning, reference: Reference, nodes: readonly FieldNode[], alias: string): string {
  return selectionObject(planning, nodes, reference.reference, (name, inner) => {
    if (name === 'id') return `'${reference.prefix ?? ''}_' || ${alias}.id`;
    const field = reference.fields[name];
    if (field?.field === 'value') return field.sql(alias);
    if (field?.field === 'reference') return referenceValue(planning, field.reference, field.key(alias), inner);
    throw new Error(`${reference.reference}.${name} is in the schema but not in the directory`);
  });
}

function noteRung(context: CellContext, cell: string, verdict: CellLens): void {
  const top = verdict.atLeast.find(({ holds }) => holds !== 'NEVER');
  if (top?.holds === 'ALWAYS') {
    context.mark.constant.set(cell, top.rung);
    noteRules(context.mark, cell, verdict);
    return;
  }
  noteDigit(context, cell, verdict, rungDigit(context.scope, verdict));
}

function noteDigit(context: CellContext, cell: string, verdict: CellLens, digit: string): void {
  if (context.mark.varying.includes(cell)) return;
  context.mark.varying.push(cell);
  context.digits.push(digit);
  noteRules(context.mark, cell, verdict);
}

/** The rung as a digit. A constant lower rung stands as `TRUE`, so the first branch that holds is the highest rung held. */
const rungDigit = (scope: Scope, verdict: CellLens): string =>
  `CASE ${verdict.atLeast.map(({ rung, holds }) => `WHEN ${scope.flag(holds)} THEN '${heightOf(rung)}'`).join(' ')} ELSE '0' END`;

function noteRules(mark: ScopePlan, cell: string, verdict: CellLens): void {
  if (mark.rules.has(cell)) return;
  const rules = new Map<Rung, string>([['WITHHELD', ruleOfWithheld(verdict)]]);
  for (const { rung } of verdict.atLeast) rules.set(rung, ruleOfRung(verdict, rung));
  mark.rules.set(cell, rules);
}

/** `default` where this class of viewers can never see the cell; anything else would tell which hidden condition failed. */
const ruleOfWithheld = (verdict: CellLens): string => (verdict.grants.every((rule) => rule.holds === 'NEVER') ? 'default' : 'policy');

/** The one grant that can have given the rung, if its name tells nothing hidden; else `policy`. */
function ruleOfRung(verdict: CellLens, rung: Rung): string {
  const able = verdict.grants.filter((rule) => rule.holds !== 'NEVER' && rule.rung === rung);
  const lowered = verdict.caps.some((cap) => cap.holds !== 'NEVER' && cap.rung === rung);
  const only = able[0];
  return only && able.length === 1 && only.nameable && !lowered ? only.name : 'policy';
}

/** `disclosure { field rung rule }`: a line for every cell of the record type, asked for or not. */
function disclosureList(planning: Planning, lens: RecordLens, scope: Scope, nodes: readonly FieldNode[]): string {
  const lines = [...lens.cells].map(([cell, verdict]) => {
    const target = cellRecord(planning, lens, cell);
    const rungs = target ? linkedRungs(scope, verdict, target) : verdict.atLeast.map(({ rung, holds }) => ({ rung, test: scope.flag(holds) }));
    const choose = (of: (rung: Rung) => string): string => `CASE ${rungs.map(({ rung, test }) => `WHEN ${test} THEN '${of(rung)}'`).join(' ')} ELSE '${of('WITHHELD')}' END`;
    return selectionObject(planning, nodes, 'FieldDisclosure', (name) => {
      if (name === 'field') return `'${cell}'`;
      if (name === 'rung') return choose((rung) => rung);
      return choose((rung) => (rung === 'WITHHELD' ? ruleOfWithheld(verdict) : ruleOfRung(verdict, rung)));
    });
  });
  return `json_build_array(${lines.join(', ')})`;
}

/** The record behind a top-level link cell: its rung also depends on whether that record's row is visible. */
function cellRecord(planning: Planning, lens: RecordLens, cell: string): { key: string; lens: RecordLens } | undefined {
  const field = lens.shape.fields[cell];
  const target = field?.field === 'record' ? planning.lens.records.get(field.record) : undefined;
  return field?.field === 'record' && target ? { key: field.key('\u0001'), lens: target } : undefined;
}

function linkedRungs(scope: Scope, verdict: CellLens, target: { key: string; lens: RecordLens }): { rung: Rung; test: string }[] {
  const { row } = target.lens;
  if (row === 'NEVER') return [{ rung: 'FULL', test: 'FALSE' }];
  const inner = `${scope.alias}v`;
  const key = target.key.replaceAll('\u0001', scope.alias);
  const visible = `(${key} IS NULL OR EXISTS (SELECT 1 FROM ${target.lens.shape.table} ${inner} WHERE ${inner}.id = ${key}${row === 'ALWAYS' ? '' : ` AND ${row(inner)}`}))`;
  return [{ rung: 'FULL', test: `(${scope.flag(verdict.full)} AND ${visible})` }];
}
