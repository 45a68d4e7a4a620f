import { Kind, type DocumentNode, type FragmentDefinitionNode, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { Refusal } from '../kernel/errors.js';

/** What one operation may ask for, fragments spread out. A page of cases with everything on it is about 120 fields and 7 deep. */
const FIELDS_AT_MOST = 1_000;
const DEPTH_AT_MOST = 14;
const ROOT_FIELDS_AT_MOST = 20;

/** The operation that a request runs. The document has been validated, so there is one. */
export function getOperation(document: DocumentNode, name: string | null): OperationDefinitionNode {
  const operations = document.definitions.filter((definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION);
  const operation = name === null ? operations[0] : operations.find((candidate) => candidate.name?.value === name);
  if (!operation || (name === null && operations.length !== 1)) throw new Refusal('BAD_USER_INPUT', { field: 'operationName' });
  return operation;
}

/**
 * Counts fields and depth with fragments spread, each fragment counted once and added as often as it stands, so that counting costs no more than reading.
 * @throws Refusal TOO_COMPLEX
 */
export function refuseTooComplex(document: DocumentNode, operation: OperationDefinitionNode): void {
  const fragments = new Map(document.definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [])));
  const counted = new Map<string, { fields: number; depth: number }>();
  const count = (set: SelectionSetNode | undefined): { fields: number; depth: number } => {
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
  const countFragment = (name: string): { fields: number; depth: number } => {
    const known = counted.get(name);
    if (known) return known;
    const fragment: FragmentDefinitionNode | undefined = fragments.get(name);
    const result = count(fragment?.selectionSet);
    counted.set(name, result);
    return result;
  };
  const { fields, depth } = count(operation.selectionSet);
  if (fields > FIELDS_AT_MOST) throw new Refusal('TOO_COMPLEX', { zh: `一次至多请求 ${FIELDS_AT_MOST} 个字段`, en: `at most ${FIELDS_AT_MOST} fields a request` });
  if (depth > DEPTH_AT_MOST) throw new Refusal('TOO_COMPLEX', { zh: `查询至多 ${DEPTH_AT_MOST} 层`, en: `at most ${DEPTH_AT_MOST} levels deep` });
}

/** @throws Refusal TOO_COMPLEX for a flood of root fields, BAD_USER_INPUT for more than one root mutation */
export function refuseTooManyRoots(operation: OperationDefinitionNode, roots: readonly string[]): void {
  if (operation.operation === 'mutation' && roots.length > 1) throw new Refusal('BAD_USER_INPUT', { field: roots[1] ?? '', zh: '一次请求只能有一个写操作', en: 'one root mutation a request' });
  if (roots.length > ROOT_FIELDS_AT_MOST) throw new Refusal('TOO_COMPLEX', { zh: `一次请求至多 ${ROOT_FIELDS_AT_MOST} 项查询`, en: `at most ${ROOT_FIELDS_AT_MOST} root fields a request` });
}
