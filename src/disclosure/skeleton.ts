import {
  GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLList, GraphQLNonNull, GraphQLObjectType, GraphQLScalarType, GraphQLSchema, GraphQLUnionType, TypeInfo,
  getNamedType, isListType, isNonNullType, Kind, visit, visitWithTypeInfo,
  type DocumentNode, type FieldNode, type GraphQLFieldConfigMap, type GraphQLOutputType, type GraphQLResolveInfo,
} from 'graphql';
import type { Selection } from './reader.js';
import { SplicedJson } from './run.js';

/**
 * The execution schema: the published one in which every field outside a record whose type is a shared record, a connection of one, or a directory
 * entry is an opaque scalar. Plain graphql-js runs it and so gives arguments, variables, directives, merging and errors; the planner gives the rest.
 */
export class Skeleton {
  readonly schema: GraphQLSchema;
  readonly #opaqueTypes: ReadonlySet<string>;
  readonly #published: GraphQLSchema;
  readonly #documents = new WeakMap<DocumentNode, Rewritten>();

  /** @param opaqueTypes names of record, connection, directory and `Node` types */
  constructor(published: GraphQLSchema, opaqueTypes: ReadonlySet<string>) {
    this.#published = published;
    this.#opaqueTypes = opaqueTypes;
    this.schema = executionSchema(published, opaqueTypes);
  }

  /** The document without the selections of opaque fields. Kept by document: Apollo hands out one parsed document for one text. */
  rewrite(document: DocumentNode): DocumentNode {
    const known = this.#documents.get(document);
    if (known) return known.document;
    const originals = new WeakMap<FieldNode, FieldNode>();
    const typeInfo = new TypeInfo(this.#published);
    const rewritten = visit(document, visitWithTypeInfo(typeInfo, {
      Field: (node) => {
        const parent = typeInfo.getParentType()?.name ?? '';
        const type = typeInfo.getType();
        if (!type || this.#opaqueTypes.has(parent) || !this.#opaqueTypes.has(getNamedType(type).name)) return undefined;
        const { selectionSet: _dropped, ...leaf } = node;
        originals.set(leaf, node);
        return leaf;
      },
    })) as DocumentNode;
    const fragments = Object.fromEntries(document.definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [])));
    const entry: Rewritten = { document: rewritten, originals, fragments };
    this.#documents.set(document, entry);
    rewrittenBy.set(rewritten, entry);
    return rewritten;
  }

  /** The selections that the rewritten nodes of a resolver's `info` stood for. */
  selectionOf(rewritten: DocumentNode, info: GraphQLResolveInfo): Selection {
    const entry = rewrittenBy.get(rewritten);
    if (!entry) throw new Error('the document was not rewritten');
    const nodes = info.fieldNodes.map((node) => entry.originals.get(node) ?? node);
    return { nodes, fragments: entry.fragments, variables: info.variableValues };
  }
}

interface Rewritten { document: DocumentNode; originals: WeakMap<FieldNode, FieldNode>; fragments: Selection['fragments'] }
const rewrittenBy = new WeakMap<DocumentNode, Rewritten>();

const opaque = new GraphQLScalarType({
  name: 'SplicedJson',
  serialize: (value) => {
    if (value instanceof SplicedJson) return value;
    throw new Error('only planned JSON may stand for a shared record');
  },
});

function executionSchema(published: GraphQLSchema, opaqueTypes: ReadonlySet<string>): GraphQLSchema {
  const made = new Map<string, GraphQLObjectType>();
  const swap = (type: GraphQLOutputType): GraphQLOutputType => {
    if (isNonNullType(type)) return new GraphQLNonNull(swap(type.ofType) as GraphQLScalarType);
    // A list of records is one opaque value: the statement makes the whole array.
    if (isListType(type)) return opaqueTypes.has(getNamedType(type).name) ? opaque : new GraphQLList(swap(type.ofType));
    if (opaqueTypes.has(type.toString())) return opaque;
    if (type instanceof GraphQLObjectType) return objectOf(type);
    if (type instanceof GraphQLInterfaceType || type instanceof GraphQLUnionType) throw new Error(`${type.name} is abstract and not opaque`);
    return type;
  };
  const objectOf = (type: GraphQLObjectType): GraphQLObjectType => {
    const known = made.get(type.name);
    if (known) return known;
    const copy = new GraphQLObjectType({
      name: type.name,
      fields: () => Object.fromEntries(Object.entries(type.toConfig().fields).map(([name, field]) => [name, { ...field, type: swap(field.type) }])) as GraphQLFieldConfigMap<unknown, unknown>,
    });
    made.set(type.name, copy);
    return copy;
  };
  const query = published.getQueryType();
  const mutation = published.getMutationType();
  return new GraphQLSchema({
    query: query ? objectOf(query) : null, mutation: mutation ? objectOf(mutation) : null, directives: published.getDirectives(),
    types: Object.values(published.getTypeMap()).filter((type) => (type instanceof GraphQLInputObjectType || type instanceof GraphQLEnumType) && !type.name.startsWith('__')),
    assumeValid: true,
  });
}
