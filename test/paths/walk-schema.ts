import { getNamedType, isInputObjectType, isInterfaceType, isLeafType, isListType, isNonNullType, isObjectType, isUnionType, type GraphQLArgument, type GraphQLField, type GraphQLInputType, type GraphQLObjectType, type GraphQLOutputType, type GraphQLSchema } from 'graphql';
import type { ListRules } from '../../src/disclosure/filters.js';
import { cellsOf, findField, type Field, type RecordShape } from '../../src/policy/catalogue.js';
import type { KnownPositions } from './known-positions.js';
import type { PathKind } from './path-kinds.js';

/** One way to the cells of a record: `returnCases.nodes.person` leads to Person. */
export interface Way { kind: Extract<PathKind, 'list' | 'single' | 'node' | 'answer' | 'payload' | 'nested'>; root: string; path: string; record: string }

/** A filter or an order of a list, and the cells it reads. */
export interface Reading { kind: Extract<PathKind, 'filter' | 'order'>; root: string; record: string; name: string; cells: readonly string[] }

/** Everything of a schema through which a cell could leave; `uncovered` says what no handler knows, and what to add. */
export interface Walk { ways: Way[]; readings: Reading[]; lists: Map<string, string>; uncovered: string[] }

/** Fields from the root to a record, at most (security.md §2, A3). */
export const LONGEST_WAY = 5;
const PAGE_ARGUMENTS = ['first', 'last', 'after', 'before'];
const CONNECTION = ['edges', 'nodes', 'pageInfo', 'totalCount'];
const EDGE = ['cursor', 'node'];

/**
 * Walks a schema from its roots and classifies every position: fields, arguments, input fields, words of orders, payloads. Pure.
 * @param operations names of the operations of the policy
 */
export function walkSchema(schema: GraphQLSchema, known: KnownPositions, operations: Iterable<string>): Walk {
  return new Walker(schema, known).walk(operations);
}

class Walker implements Walk {
  readonly ways: Way[] = [];
  readonly readings: Reading[] = [];
  readonly lists = new Map<string, string>();
  readonly uncovered: string[] = [];
  readonly #seen = new Set<string>();

  constructor(private readonly schema: GraphQLSchema, private readonly known: KnownPositions) {}

  walk(operations: Iterable<string>): Walk {
    const { schema, known } = this;
    const query = Object.values(schema.getQueryType()?.getFields() ?? {});
    const mutation = Object.values(schema.getMutationType()?.getFields() ?? {});
    for (const field of query) this.#query(field);
    for (const field of mutation) this.#mutation(field);
    for (const name of Object.keys(schema.getSubscriptionType()?.getFields() ?? {})) this.#report(`Subscription.${name}`, 'a path of kind `subscription` has no handler; add one to path-kinds.ts, with its re-check of every event');
    const roots = new Set([...query, ...mutation].map(({ name }) => name));
    for (const name of operations) if (!roots.has(name) && !(name in known.commands)) this.#report(`operation ${name}`, 'it is no root field; give it a handler, or say in known-positions.ts why no cell leaves through it');
    for (const shape of known.catalogue.records.values()) if (!this.ways.some(({ record }) => record === shape.record)) this.#report(shape.record, 'no path of the schema leads to this record of the catalogue');
    return this;
  }

  #report(position: string, what: string): void {
    const line = `${position}: ${what}`;
    if (!this.uncovered.includes(line)) this.uncovered.push(line);
  }

  #query(field: GraphQLField<unknown, unknown>): void {
    const { known } = this;
    const type = getNamedType(field.type);
    const position = `Query.${field.name}`;
    const connected = known.catalogue.records.get(/^(.+)Connection$/u.exec(type.name)?.[1] ?? '');
    if (connected) return this.#list(field, connected, type as GraphQLObjectType);
    const shape = known.catalogue.records.get(type.name);
    if (shape) {
      const isList = isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
      const argument = isList ? known.answers[field.name] : known.singles[field.name]?.argument;
      if (argument === undefined || field.args.map(({ name }) => name).join() !== argument) return this.#report(signature(position, field.args), `it gives ${type.name}, and no handler knows how to ask it; add it to \`singles\` or \`answers\` of known-positions.ts`);
      return this.#record({ kind: isList ? 'answer' : 'single', root: field.name, path: field.name, record: shape.record }, 1);
    }
    if (isInterfaceType(type) && type.name === 'Node' && field.args.map(({ name }) => name).join() === 'id') return this.#node(field.name, type.name);
    if (isInterfaceType(type) || isUnionType(type)) return this.#report(position, `${type.name} is abstract; only \`node\` is walked as such`);
    this.#plainField('Query', field);
  }

  #node(root: string, name: string): void {
    for (const type of this.schema.getPossibleTypes(this.schema.getType(name) as Parameters<GraphQLSchema['getPossibleTypes']>[0])) {
      if (this.known.catalogue.records.has(type.name)) this.#record({ kind: 'node', root, path: `${root}(${type.name})`, record: type.name }, 1);
      else this.#plainType(type.name, `Query.${root}`);
    }
  }

  #list(field: GraphQLField<unknown, unknown>, shape: RecordShape, connection: GraphQLObjectType): void {
    const rules = this.known.lists[field.name];
    if (!rules) return this.#report(`Query.${field.name}`, 'a list without rules; add its filters and orders to LIST_RULES of known-positions.ts');
    this.lists.set(field.name, shape.record);
    for (const argument of field.args) this.#listArgument(field.name, argument, shape, rules);
    if (rules.defaultOrder.length > 0) this.readings.push({ kind: 'order', root: field.name, record: shape.record, name: 'default', cells: rules.defaultOrder.map((order) => rules.orders[order.field]?.cell ?? '') });
    for (const name of Object.keys(connection.getFields())) if (!CONNECTION.includes(name)) this.#report(`${connection.name}.${name}`, 'a connection has edges, nodes, pageInfo and totalCount; whatever groups or sums needs a path of kind `group`');
    const edge = getNamedType(connection.getFields()['edges']?.type) as GraphQLObjectType | undefined;
    for (const name of Object.keys(edge?.getFields() ?? {})) if (!EDGE.includes(name)) this.#report(`${edge?.name}.${name}`, 'an edge has a cursor and a node');
    this.#plainType('PageInfo', connection.name);
    this.#record({ kind: 'list', root: field.name, path: `${field.name}.nodes`, record: shape.record }, 2);
    this.#record({ kind: 'list', root: field.name, path: `${field.name}.edges.node`, record: shape.record }, 3);
  }

  #listArgument(root: string, argument: GraphQLArgument, shape: RecordShape, rules: ListRules): void {
    const type = getNamedType(argument.type);
    const reading = (kind: Reading['kind'], input: string, name: string, cells: readonly string[] | undefined): void => {
      const unknown = cells?.find((cell) => !findField(shape, cell));
      if (!cells || cells.length === 0 || unknown !== undefined) this.#report(`${input}.${name}`, `${unknown ? `it reads \`${unknown}\`, which is no cell of ${shape.record}` : 'it has no rule that says which cells it reads'}; add it to the ledger's filters and orders`);
      else this.readings.push({ kind, root, record: shape.record, name, cells });
    };
    if (PAGE_ARGUMENTS.includes(argument.name)) return;
    if (argument.name === 'filter' && isInputObjectType(type)) {
      for (const name of Object.keys(type.getFields())) reading('filter', type.name, name, rules.filters[name]?.cells);
      return;
    }
    const words = isInputObjectType(type) ? getNamedType(type.getFields()['field']?.type) : undefined;
    if (argument.name !== 'orderBy' || !isInputObjectType(type) || Object.keys(type.getFields()).toSorted().join() !== 'direction,field' || !words || !('getValues' in words)) return this.#report(`Query.${root}(${argument.name})`, 'an argument that no handler knows; a list takes a page, a filter and an order');
    for (const { name } of words.getValues()) reading('order', words.name, name, rules.orders[name] && [rules.orders[name].cell]);
  }

  #mutation(field: GraphQLField<unknown, unknown>): void {
    if (!this.known.steps.has(field.name)) return this.#report(`Mutation.${field.name}`, 'nobody carries it out here; add a step to steps.ts');
    for (const argument of field.args) this.#input(argument.type, `Mutation.${field.name}`);
    const payload = getNamedType(field.type);
    if (!isObjectType(payload)) return this.#report(`Mutation.${field.name}`, `${payload.name} is no payload`);
    for (const given of Object.values(payload.getFields())) {
      const type = getNamedType(given.type);
      if (this.known.catalogue.records.has(type.name)) this.#record({ kind: 'payload', root: field.name, path: `${field.name}.${given.name}`, record: type.name }, 2);
      else this.#plainField(payload.name, given);
    }
  }

  #input(given: GraphQLInputType, position: string): void {
    const type = getNamedType(given);
    if (!isInputObjectType(type)) return isLeafType(type) ? undefined : this.#report(position, 'an argument that no handler knows');
    const fields = this.known.plain[type.name];
    if (!fields) return this.#report(type.name, 'an input type that no handler knows; say in known-positions.ts what it is compared with');
    for (const field of Object.values(type.getFields())) {
      if (!fields.includes(field.name)) this.#report(`${type.name}.${field.name}`, 'an input that no handler knows; say in known-positions.ts what it is compared with');
      else if (type !== getNamedType(field.type)) this.#input(field.type, `${type.name}.${field.name}`);
    }
  }

  /** A way to a record, and the ways on from it. */
  #record(way: Way, length: number): void {
    this.ways.push(way);
    const shape = this.known.catalogue.records.get(way.record);
    const type = this.schema.getType(way.record);
    if (!shape || !isObjectType(type)) return this.#report(way.record, 'it is not in the catalogue, or no object type');
    this.#recordType(type, shape);
    for (const [name, field] of Object.entries(shape.fields)) {
      if ((field.field === 'record' || field.field === 'records') && length < LONGEST_WAY && name in type.getFields()) this.#record({ kind: way.kind === 'payload' ? 'payload' : 'nested', root: way.root, path: `${way.path}.${name}`, record: field.record }, length + 1);
    }
  }

  #recordType(type: GraphQLObjectType, shape: RecordShape): void {
    if (this.#seen.has(type.name)) return;
    this.#seen.add(type.name);
    const { id, disclosure, ...cells } = type.getFields();
    if (disclosure) this.#plainType('FieldDisclosure', type.name);
    if (Boolean(id) !== (shape.prefix !== undefined)) this.#report(type.name, 'a record with a global id has a prefix in the catalogue, and no other has');
    for (const field of Object.values(cells)) this.#cell(`${type.name}.${field.name}`, field, shape.fields[field.name]);
    for (const cell of cellsOf(shape)) if (!(cell.split('.')[0] as string in cells)) this.#report(`${type.name}.${cell}`, 'it is in the catalogue and not in the schema: no path can be checked');
  }

  #cell(position: string, { type: given, args }: Pick<GraphQLField<unknown, unknown>, 'type' | 'args'>, field: Field | undefined): void {
    if (!field) return this.#report(position, 'it is in the schema and not in the catalogue; add it to the shape of its ledger, and to the policy');
    if (args.length > 0) this.#report(signature(position, args), 'a cell takes no arguments');
    const type = getNamedType(given as GraphQLOutputType);
    const inner = 'fields' in field ? field.fields : undefined;
    const wanted = field.field === 'record' || field.field === 'records' ? field.record : field.field === 'reference' ? field.reference : inner && 'type' in field ? field.type : undefined;
    if (wanted === undefined ? !isLeafType(type) : type.name !== wanted) this.#report(position, `the schema says ${type.name}, the catalogue ${wanted ?? 'a value'}`);
    else if (field.field === 'reference') this.#plainType(field.reference, position);
    else if (inner && isObjectType(type)) for (const nested of Object.values(type.getFields())) this.#cell(`${position}.${nested.name}`, nested, inner[nested.name]);
  }

  /** A field that holds no cell: it must be known as such, and so must what it leads to. */
  #plainField(parent: string, field: GraphQLField<unknown, unknown>): void {
    const position = signature(`${parent}.${field.name}`, field.args);
    if (!this.known.plain[parent]?.includes(signature(field.name, field.args))) return this.#report(position, 'no handler knows it; if it holds no cell, say so in known-positions.ts');
    const type = getNamedType(field.type);
    if (!isLeafType(type)) this.#plainType(type.name, position);
  }

  #plainType(name: string, position: string): void {
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    const type = this.schema.getType(name);
    if (!this.known.plain[name] || !isObjectType(type)) return this.#report(position, `it leads to ${name}, which is neither a record of the catalogue nor known to hold no cell`);
    for (const field of Object.values(type.getFields())) this.#plainField(name, field);
  }
}

const signature = (name: string, args: readonly GraphQLArgument[]): string => (args.length > 0 ? `${name}(${args.map((argument) => argument.name).toSorted().join(', ')})` : name);
