import { getNamedType, isInterfaceType, isObjectType, Kind, Lexer, Source, TokenKind, visit, type DocumentNode, type FieldNode, type FragmentDefinitionNode, type GraphQLNamedType, type GraphQLOutputType, type GraphQLSchema, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { Refusal } from '../kernel/errors.js';

/** What one operation may ask for, fragments spread out. A page of cases with everything on it is about 120 fields and 7 deep. */
const FIELDS_AT_MOST = 1_000;
const DEPTH_AT_MOST = 14;
/** Introspection is deeper by its nature: the query that GraphiQL and code generators send goes 15 levels down. */
const INTROSPECTION_DEPTH_AT_MOST = 18;
const ROOT_FIELDS_AT_MOST = 20;
/** Selections of a record inside of what one root field gives, and all: each is planned and read by itself. 20 persons that differ in their selection cost 0.8 s a page of 100, 30 cost 1.7 s. */
const READS_AT_MOST = { rootField: 30, request: 60 };

/** How deep brackets may stand in a request, of JSON and of the document. Everything behind the door walks them by recursion, whose stack ends after some thousand. */
const NESTING_AT_MOST = 100;

const tooNested = (): Refusal => new Refusal('TOO_COMPLEX', { zh: `请求的嵌套至多 ${NESTING_AT_MOST} 层`, en: `a request is nested at most ${NESTING_AT_MOST} levels deep` });

/**
 * Looks through a request's body, variables and extensions and query text alike, without recursion.
 * @throws Refusal TOO_COMPLEX
 */
export function refuseTooNested(body: unknown): void {
  let level: object[] = isNesting(body) ? [body] : [];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > NESTING_AT_MOST) throw tooNested();
    level = level.flatMap((value) => (Object.values(value) as unknown[]).filter(isNesting));
  }
  const query: unknown = isNesting(body) && 'query' in body ? body.query : undefined;
  // Documents of ordinary size are too small for it, and their brackets need not be told from those in texts.
  if (typeof query === 'string' && (query.match(/[[({]/gu)?.length ?? 0) > NESTING_AT_MOST) refuseNestedText(query);
}

const isNesting = (value: unknown): value is object => typeof value === 'object' && value !== null;

function refuseNestedText(query: string): void {
  const lexer = new Lexer(new Source(query));
  let depth = 0;
  try {
    for (let { kind } = lexer.advance(); kind !== TokenKind.EOF && depth <= NESTING_AT_MOST; { kind } = lexer.advance()) depth += OPENING.has(kind) ? 1 : CLOSING.has(kind) ? -1 : 0;
  } catch {
    // What is no GraphQL is refused by the parser, which gets no further than this did.
  }
  if (depth > NESTING_AT_MOST) throw tooNested();
}

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.PAREN_L, TokenKind.BRACKET_L, TokenKind.BRACE_L]);
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.PAREN_R, TokenKind.BRACKET_R, TokenKind.BRACE_R]);

/** The operation that a request runs. The document has been validated, so there is one. */
export function getOperation(document: DocumentNode, name: string | null): OperationDefinitionNode {
  const operations = document.definitions.filter((definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION);
  const operation = name === null ? operations[0] : operations.find((candidate) => candidate.name?.value === name);
  if (!operation || (name === null && operations.length !== 1)) throw new Refusal('BAD_USER_INPUT', { field: 'operationName' });
  return operation;
}

interface Count { fields: number; depth: number }

/**
 * Counts fields, depth and reads with fragments spread. Of fields and depth each fragment is counted once and added as often as it stands, so that counting costs no more than reading;
 * reads are then counted of what is known to be small.
 * @throws Refusal TOO_COMPLEX
 */
export function refuseTooComplex(schema: GraphQLSchema, records: ReadonlySet<string>, document: DocumentNode, operation: OperationDefinitionNode, introspection: boolean): void {
  const deepest = introspection ? INTROSPECTION_DEPTH_AT_MOST : DEPTH_AT_MOST;
  const fragments = new Map(document.definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [])));
  const counted = new Map<string, Count>();
  const count = (set: SelectionSetNode | undefined): Count => {
    let fields = 0;
    let depth = 0;
    for (const selection of set?.selections ?? []) {
      const inner = selection.kind === Kind.FRAGMENT_SPREAD ? countFragment(selection.name.value) : count(selection.selectionSet);
      const own = selection.kind === Kind.FIELD ? 1 : 0;
      fields += inner.fields + own;
      depth = Math.max(depth, inner.depth + own);
    }
    return { fields, depth };
  };
  const countFragment = (name: string): Count => {
    const known = counted.get(name);
    if (known) return known;
    const fragment: FragmentDefinitionNode | undefined = fragments.get(name);
    const result = count(fragment?.selectionSet);
    counted.set(name, result);
    return result;
  };
  const { fields, depth } = count(operation.selectionSet);
  if (fields > FIELDS_AT_MOST) throw new Refusal('TOO_COMPLEX', { zh: `一次至多请求 ${FIELDS_AT_MOST} 个字段`, en: `at most ${FIELDS_AT_MOST} fields a request` });
  if (depth > deepest) throw new Refusal('TOO_COMPLEX', { zh: `查询至多 ${deepest} 层`, en: `at most ${deepest} levels deep` });
  const merged = (selected: readonly Selected[]): Merged[] => {
    const fieldsOf = new Map<string, Merged>();
    for (const one of selected) mergeInto(fieldsOf, one, schema, fragments);
    return [...fieldsOf.values()];
  };
  const reads = (selected: readonly Selected[]): number => merged(selected).reduce((sum, { type, inner }) => sum + (records.has(getNamedType(type).name) ? 1 : 0) + reads(inner), 0);
  const perRoot = merged([{ set: operation.selectionSet, parent: schema.getRootType(operation.operation) ?? undefined }]).map(({ inner }) => reads(inner));
  if (Math.max(0, ...perRoot) > READS_AT_MOST.rootField || perRoot.reduce((sum, one) => sum + one, 0) > READS_AT_MOST.request) {
    throw new Refusal('TOO_COMPLEX', { zh: `每项查询至多选取 ${READS_AT_MOST.rootField} 处下级记录，一次请求至多 ${READS_AT_MOST.request} 处`, en: `at most ${READS_AT_MOST.rootField} nested records a root field, ${READS_AT_MOST.request} a request` });
  }
}

interface Selected { set: SelectionSetNode; parent: GraphQLNamedType | undefined }
interface Merged { type: GraphQLOutputType; inner: Selected[] }

/** Fields of one name in the answer are one, as in execution; `__typename` and what introspection asks are left out. */
function mergeInto(fieldsOf: Map<string, Merged>, { set, parent }: Selected, schema: GraphQLSchema, fragments: ReadonlyMap<string, FragmentDefinitionNode>): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const type = typeOf(selection, parent);
      if (!type) continue;
      const key = `${parent?.name} ${(selection.alias ?? selection.name).value}`;
      const known = fieldsOf.get(key) ?? { type, inner: [] };
      fieldsOf.set(key, known);
      if (selection.selectionSet) known.inner.push({ set: selection.selectionSet, parent: getNamedType(type) });
      continue;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (fragment) mergeInto(fieldsOf, { set: fragment.selectionSet, parent: fragment.typeCondition ? schema.getType(fragment.typeCondition.name.value) : parent }, schema, fragments);
  }
}

/** The type of a field that its parent has. */
const typeOf = ({ name }: FieldNode, parent: GraphQLNamedType | undefined): GraphQLOutputType | undefined =>
  (isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name.value]?.type : undefined);

/** @throws Refusal TOO_COMPLEX for a flood of root fields, BAD_USER_INPUT for more than one root mutation */
export function refuseTooManyRoots(operation: OperationDefinitionNode, roots: readonly string[]): void {
  if (operation.operation === 'mutation' && roots.length > 1) throw new Refusal('BAD_USER_INPUT', { field: roots[1] ?? '', zh: '一次请求只能有一个写操作', en: 'one root mutation a request' });
  if (roots.length > ROOT_FIELDS_AT_MOST) throw new Refusal('TOO_COMPLEX', { zh: `一次请求至多 ${ROOT_FIELDS_AT_MOST} 项查询`, en: `at most ${ROOT_FIELDS_AT_MOST} root fields a request` });
}

/** NUL and lone surrogates: PostgreSQL stores neither, and no person writes them. */
// oxlint-disable-next-line no-control-regex -- NUL is what is looked for
const UNSTORABLE = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Documents whose literals have been looked through. */
const storable = new WeakSet<DocumentNode>();

/** @throws Refusal BAD_USER_INPUT with the path of the input that no database can hold, in variables or literals */
export function refuseUnstorableText(document: DocumentNode, variables: Record<string, unknown>): void {
  const refuse = (field: string): never => {
    throw new Refusal('BAD_USER_INPUT', { field, zh: '含有不能保存的控制字符', en: 'it holds a character that cannot be stored' });
  };
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'string' && UNSTORABLE.test(value)) refuse(path);
    if (value !== null && typeof value === 'object') for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`);
  };
  walk(variables, '');
  if (storable.has(document)) return;
  visit(document, {
    StringValue: (node, _key, parent, _path, ancestors) => {
      if (!UNSTORABLE.test(node.value)) return;
      refuse([...ancestors, parent].flatMap((ancestor) => (ancestor && !Array.isArray(ancestor) && 'kind' in ancestor && (ancestor.kind === Kind.ARGUMENT || ancestor.kind === Kind.OBJECT_FIELD) ? [ancestor.name.value] : [])).join('.'));
    },
  });
  storable.add(document);
}
