import { Kind, parse, print, validate, visit, type DocumentNode, type GraphQLSchema, type SelectionNode } from 'graphql';
import type { Asked } from './generated-asking.js';

/**
 * A question without the selections that a mismatch does not need, each tried once from the outside in. Documents that would no longer fit the schema are not asked.
 * @param until when to be content with what is left, milliseconds since 1970
 */
export async function cutQuestion(schema: GraphQLSchema, asked: Asked, stillFails: (cut: Asked) => Promise<boolean>, until: number): Promise<Asked> {
  let left = asked;
  for (let place = 0; Date.now() < until;) {
    const fewer = withoutSelection(schema, left, place);
    if (fewer === 'no such place') return left;
    if (fewer !== 'not valid' && await stillFails(fewer)) left = fewer;
    else place += 1;
  }
  return left;
}

/** The question without the selection at a place, counted through the document; fragments and variables that nothing uses go with it. */
function withoutSelection(schema: GraphQLSchema, asked: Asked, place: number): Asked | 'no such place' | 'not valid' {
  let at = -1;
  let found = false;
  const take = (_node: SelectionNode): null | undefined => {
    at += 1;
    if (at !== place) return undefined;
    found = true;
    return null;
  };
  const cut = visit(parse(asked.query), { Field: take, InlineFragment: take, FragmentSpread: take });
  if (!found) return 'no such place';
  const { document, names } = withoutUnused(cut);
  if (document.definitions.length === 0 || hasEmptySelection(document) || validate(schema, document).length > 0) return 'not valid';
  return { ...asked, query: print(document), variables: Object.fromEntries(Object.entries(asked.variables).filter(([name]) => names.has(name))), walk: names.has('cursor') ? asked.walk : null };
}

function hasEmptySelection(document: DocumentNode): boolean {
  let empty = false;
  visit(document, { SelectionSet: ({ selections }) => void (empty ||= selections.length === 0) });
  return empty;
}

function withoutUnused(document: DocumentNode): { document: DocumentNode; names: Set<string> } {
  const spread = new Set<string>();
  visit(document, { FragmentSpread: ({ name }) => void spread.add(name.value) });
  const used: DocumentNode = { ...document, definitions: document.definitions.filter((definition) => definition.kind !== Kind.FRAGMENT_DEFINITION || spread.has(definition.name.value)) };
  const names = new Set<string>();
  visit(used, { VariableDefinition: () => false, Variable: ({ name }) => void names.add(name.value) });
  return { names, document: visit(used, { VariableDefinition: ({ variable }) => (names.has(variable.name.value) ? undefined : null) }) };
}
