import { Kind, parse, visit, type DirectiveNode, type FieldNode, type FragmentDefinitionNode, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import { badInput, Refusal } from '../kernel/errors.js';
import type { KeyRing } from '../kernel/key-ring.js';
import type { RequestContext } from '../kernel/request.js';
import { predicateSql, type Lens, type RecordLens } from '../policy/compile.js';
import type { Rung } from '../policy/language.js';
import type { Reference, ReferenceRenderer } from './reference.js';
import { defaultOrder, filterSql, orderSql, positionSql, sortKeys, type ListRules } from './filters.js';
import { LIST_ALIAS, planConnection } from './plan-list.js';
import { planRecord, referenceObject, type Planning, type ScopePlan } from './plan-record.js';
import { preparedNamesOf } from './prepared-names.js';
import { runPlan, SplicedJson, type Plan, type ReadServices } from './run.js';
import type { DisclosureTally } from './splice.js';
import { Arguments, prepareStatement } from './statement.js';

/** Relay's paging arguments, as they come. */
export interface PageArguments { first?: number | null; after?: string | null; last?: number | null; before?: string | null }

/** `first` and `last` at most; and what a request gets that names neither. */
export const PAGE_LIMIT = 200;
const PAGE_DEFAULT = 50;
/** Pages are cut to one of these sizes, so that few statements serve all. */
const ROOMS = [1, 10, 50, 100, PAGE_LIMIT];

export interface ReaderServices extends ReadServices { schema: GraphQLSchema; references: ReadonlyMap<string, Reference>; keyRing: KeyRing }

/** The selections of a field, as they stood before the document was rewritten for the skeleton. */
export interface Selection { nodes: readonly FieldNode[]; fragments: Record<string, FragmentDefinitionNode>; variables: Record<string, unknown> }

/** A condition over a record's alias; what varies is bound. */
export type Condition = (alias: string, bind: Arguments) => string;

const DISCLOSURE_SELECTION: Selection = { nodes: [fieldOf('{ record { disclosure { field rung rule } } }')], fragments: {}, variables: {} };

function fieldOf(text: string): FieldNode {
  const [definition] = parse(text).definitions;
  const field = definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections[0] : undefined;
  if (field?.kind !== Kind.FIELD) throw new Error('not one field');
  return field;
}

/**
 * Reads shared records for one request: every read goes selection × lens → plan → one statement → spliced JSON.
 * There is no other way to a shared record.
 */
export class RecordReader {
  constructor(readonly context: RequestContext, readonly lens: Lens, readonly services: ReaderServices, readonly tally: DisclosureTally, private readonly originalOf: (info: GraphQLResolveInfo) => Selection) {}

  /** A Relay connection of one record type. */
  async list(record: string, rules: ListRules, args: PageArguments & { filter?: Record<string, unknown> | null; orderBy?: { field: string; direction: 'ASC' | 'DESC' }[] | null }, info: GraphQLResolveInfo): Promise<SplicedJson> {
    const lens = this.#lensOf(record);
    const bind = new Arguments();
    const { size, backward, cursor } = pageOf(args);
    const order = args.orderBy?.length ? args.orderBy : defaultOrder(lens, rules);
    const keys = sortKeys(lens, rules, order, LIST_ALIAS);
    const bound = `${record}|${order.map(({ field, direction }) => `${field} ${direction}`).join(',')}`;
    const position = cursor === null ? null : this.#openCursor(cursor, bound, keys.length, backward ? 'before' : 'after');
    const page = {
      backward, keys, room: ROOMS.find((room) => room >= size) ?? PAGE_LIMIT, filter: filterSql(lens, rules, args.filter, LIST_ALIAS, bind),
      position: position && positionSql(keys, position, LIST_ALIAS, bind, backward),
    };
    const shape = `${page.filter}|${orderSql(keys, LIST_ALIAS, backward)}|${page.position ?? ''}|${page.room}`;
    const plan = this.#plan(`list ${record} ${shape}`, this.originalOf(info), (planning, nodes) => planConnection(planning, lens, nodes, `${record}Connection`, page));
    const json = await runPlan(this.services, this.context, plan, bind, { size }, this.tally, (text) => this.#sealCursor(text, bound));
    return json ?? new SplicedJson('null');
  }

  /**
   * One record by a condition over its alias, or null: absent and hidden are the same.
   * @param reads cells that the condition reads; as with a filter, it is met only where the viewer holds all of them in full
   */
  find(record: string, condition: Condition, reads: readonly string[], info: GraphQLResolveInfo): Promise<SplicedJson | null> {
    const held = reads.map((cell) => this.#lensOf(record).cells.get(cell)?.full ?? 'NEVER');
    return this.#find(record, (alias, bind) => [...held.map((full) => predicateSql(full, alias)), condition(alias, bind)].join(' AND '), this.originalOf(info));
  }

  /** What is said of every cell of one record, as `disclosure` says it; undefined where it is absent or hidden. */
  async findDisclosure(record: string, id: string): Promise<{ field: string; rung: Rung; rule: string }[] | undefined> {
    const json = await this.#find(record, (alias, bind) => `${alias}.id = ${bind.bind(id, 'uuid')}`, DISCLOSURE_SELECTION);
    return json === null ? undefined : (JSON.parse(json.text) as { disclosure: { field: string; rung: Rung; rule: string }[] }).disclosure;
  }

  async #find(record: string, condition: Condition, selection: Selection): Promise<SplicedJson | null> {
    const lens = this.#lensOf(record);
    if (lens.row === 'NEVER') return null;
    const bind = new Arguments();
    const where = condition(LIST_ALIAS, bind);
    const plan = this.#plan(`find ${record} ${where}`, selection, (planning, nodes) => {
      const { from, where: row, object } = planRecord(planning, lens, nodes, LIST_ALIAS);
      return `SELECT ${object}::text AS json FROM ${from} WHERE ${where} AND ${row} LIMIT 1`;
    });
    return (await runPlan(this.services, this.context, plan, bind, {}, this.tally, refuseCursor)) ?? null;
  }

  findById(record: string, id: string, info: GraphQLResolveInfo): Promise<SplicedJson | null> {
    return this.find(record, (alias, bind) => `${alias}.id = ${bind.bind(id, 'uuid')}`, [], info);
  }

  /**
   * A list of released answers, one for each row of `source`, which the caller has made from rows that the lens lets through;
   * the cells are still decided here. The row's own columns are those that the record's shape names.
   */
  async answer(record: string, source: string, orderBy: string, bind: Arguments, info: GraphQLResolveInfo): Promise<SplicedJson> {
    const lens = this.#lensOf(record);
    const plan = this.#plan(`answer ${record} ${source}`, this.originalOf(info), (planning, nodes) => {
      const { from, object } = planRecord(planning, lens, nodes, LIST_ALIAS, source);
      return `SELECT coalesce(json_agg(${object} ORDER BY ${LIST_ALIAS}.${orderBy}), '[]'::json)::text AS json FROM ${from}`;
    });
    return (await runPlan(this.services, this.context, plan, bind, {}, this.tally, refuseCursor)) ?? new SplicedJson('[]');
  }

  /**
   * Groups of the records that the lens lets through, with what is counted of each. As with a filter, a record is counted only where the viewer holds all cells that `columns` reads in full.
   * @param columns of the groups, over the alias; what is not aggregated stands in `groupBy`
   */
  async group<Row>(record: string, reads: readonly string[], columns: (alias: string) => string, groupBy: (alias: string) => string): Promise<Row[]> {
    const lens = this.#lensOf(record);
    const held = reads.map((cell) => predicateSql(lens.cells.get(cell)?.full ?? 'NEVER', LIST_ALIAS));
    const groups = `SELECT ${columns(LIST_ALIAS)} FROM ${lens.shape.table} ${LIST_ALIAS} WHERE ${[...held, predicateSql(lens.row, LIST_ALIAS)].join(' AND ')} GROUP BY ${groupBy(LIST_ALIAS)}`;
    const plan = this.#plan(`group ${groups}`, DISCLOSURE_SELECTION, () => `SELECT coalesce(json_agg(g), '[]'::json)::text AS json FROM (${groups}) g`);
    const json = await runPlan(this.services, this.context, plan, new Arguments(), {}, this.tally, refuseCursor);
    return JSON.parse(json?.text ?? '[]') as Row[];
  }

  /** One entry of the public directory by its key. */
  async findReference(name: string, column: 'id' | 'code', value: string, info: GraphQLResolveInfo): Promise<SplicedJson | null> {
    const reference = this.services.references.get(name);
    if (!reference) return null;
    const bind = new Arguments();
    const condition = `${LIST_ALIAS}.${column} = ${bind.bind(value, column === 'id' ? 'uuid' : 'text')}`;
    const plan = this.#plan(`reference ${name} ${column}`, this.originalOf(info), (planning, nodes) => `SELECT ${referenceObject(planning, reference, nodes, LIST_ALIAS)}::text AS json FROM ${reference.table} ${LIST_ALIAS} WHERE ${condition}`);
    return (await runPlan(this.services, this.context, plan, bind, {}, this.tally, refuseCursor)) ?? null;
  }

  /** Entries of the public directory that meet a condition, in order of code, at most as many as a page holds. */
  async listReferences(name: string, condition: Condition, info: GraphQLResolveInfo): Promise<SplicedJson> {
    const reference = this.services.references.get(name);
    if (!reference) return new SplicedJson('[]');
    const bind = new Arguments();
    const where = condition(LIST_ALIAS, bind);
    const plan = this.#plan(`references ${name} ${where}`, this.originalOf(info), (planning, nodes) => `SELECT coalesce(json_agg(${referenceObject(planning, reference, nodes, LIST_ALIAS)} ORDER BY ${LIST_ALIAS}.code), '[]'::json)::text AS json FROM (SELECT * FROM ${reference.table} ${LIST_ALIAS} WHERE ${where} ORDER BY ${LIST_ALIAS}.code LIMIT ${PAGE_LIMIT}) ${LIST_ALIAS}`);
    return (await runPlan(this.services, this.context, plan, bind, {}, this.tally, refuseCursor)) ?? new SplicedJson('[]');
  }

  #lensOf(record: string): RecordLens {
    const lens = this.lens.records.get(record);
    if (!lens) throw new Refusal('FORBIDDEN');
    return lens;
  }

  /** Plans, or takes the plan of an earlier request with the same selection nodes, lens, directive variables and shape. */
  #plan(shape: string, selection: Selection, text: (planning: Planning, nodes: readonly FieldNode[]) => string): Plan {
    const key = `${directiveKey(selection)}|${shape}`;
    const cache = plansOf(this.lens, selection.nodes[0]);
    const known = cache.get(key);
    const names = preparedNamesOf(this.services.reader);
    if (known) return { ...known, prepared: names.use(known.statement.name) };
    const scopes: ScopePlan[] = [];
    const renderers: ReferenceRenderer[] = [];
    const planning: Planning = { schema: this.services.schema, fragments: selection.fragments, variables: selection.variables, lens: this.lens, references: this.services.references, scopes, renderers };
    const statement = prepareStatement(text(planning, selection.nodes));
    const plan: Plan = { statement, scopes, renderers, prepared: names.use(statement.name) };
    if (cache.size >= PLANS_PER_SELECTION) cache.clear();
    cache.set(key, plan);
    return plan;
  }

  #sealCursor(text: string, bound: string): string {
    return this.services.keyRing.sealToken(text, this.#cursorBinding(bound));
  }

  #openCursor(cursor: string, bound: string, keyCount: number, field: string): (string | null)[] {
    const text = cursor.length <= 2_000 ? this.services.keyRing.openToken(cursor, this.#cursorBinding(bound)) : undefined;
    const position = text === undefined ? undefined : (JSON.parse(text) as (string | null)[]);
    if (position?.length !== keyCount + 1) throw badInput(field, '分页游标无效，或已因策略更新而失效，请从第一页重新读取', 'the cursor is not valid here, or ended with a policy; start from the first page');
    return position;
  }

  /** A cursor belongs to one agency, purpose, list, order and policy version. */
  #cursorBinding(bound: string): string {
    return [this.context.viewer.agencyId, this.context.purpose ?? '', this.lens.policy.hash, bound].join('|');
  }
}

const refuseCursor = (): never => {
  throw new Error('a cursor outside a list');
};

const PLANS_PER_SELECTION = 200;

type PlanCache = Map<string, Plan>;
const caches = new WeakMap<Lens, WeakMap<FieldNode, PlanCache>>();

/** Plans die with their lens (a policy version, a viewer class, a purpose) and with the parsed document that they belong to. */
function plansOf(lens: Lens, node: FieldNode | undefined): PlanCache {
  let ofLens = caches.get(lens);
  if (!ofLens) caches.set(lens, (ofLens = new WeakMap()));
  if (!node) return new Map();
  let ofNode = ofLens.get(node);
  if (!ofNode) ofLens.set(node, (ofNode = new Map()));
  return ofNode;
}

/** Only the variables that `@skip` and `@include` read change a plan. */
function directiveKey(selection: Selection): string {
  return directiveVariables(selection).map((name) => `${name}=${String(selection.variables[name])}`).join(',');
}

/** By the field where a selection is one field; merged fields are rare, and may merge otherwise under other variables. */
const directiveNames = new WeakMap<FieldNode, string[]>();

function directiveVariables({ nodes, fragments }: Selection): string[] {
  const only = nodes.length === 1 ? nodes[0] : undefined;
  const known = only && directiveNames.get(only);
  if (known) return known;
  const names = new Set<string>();
  const note = { Directive: (directive: DirectiveNode) => void directive.arguments?.forEach(({ value }) => value.kind === Kind.VARIABLE && names.add(value.name.value)) };
  for (const node of [...nodes, ...Object.values(fragments)]) visit(node, note);
  const sorted = [...names].toSorted();
  if (only) directiveNames.set(only, sorted);
  return sorted;
}

function pageOf(args: PageArguments): { size: number; backward: boolean; cursor: string | null } {
  const { first, last, after, before } = args;
  const both = (one: string, other: string): Refusal => badInput(other, `${one} 与 ${other} 不能同时使用`, `${one} and ${other} cannot be used together`);
  if (first != null && last != null) throw both('first', 'last');
  if (after != null && before != null) throw both('after', 'before');
  if (first != null && before != null) throw both('first', 'before');
  if (last != null && after != null) throw both('last', 'after');
  const backward = last != null || before != null;
  const size = (backward ? last : first) ?? PAGE_DEFAULT;
  if (size < 1 || size > PAGE_LIMIT) throw badInput(backward ? 'last' : 'first', `每页应为 1 至 ${PAGE_LIMIT} 条`, `a page has 1 to ${PAGE_LIMIT} records`);
  return { size, backward, cursor: (backward ? before : after) ?? null };
}
