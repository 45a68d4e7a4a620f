import fc from 'fast-check';
import { getNamedType, GraphQLObjectType, isLeafType, type GraphQLSchema } from 'graphql';
import { RECORDS } from '../reference/reference-records.js';

/** A selection as a tree, so that it can be cut; `print` turns it into a document. */
export type Selected =
  | { field: string; alias: string | null; directive: Directive; inner: Selected[] | null }
  | { fragment: 'inline' | 'named'; on: string | null; directive: Directive; inner: Selected[] };
type Directive = '' | '@include(if: true)' | '@skip(if: false)' | '@include(if: false)' | '@include(if: $yes)' | '@skip(if: $yes)' | '@skip(if: $no)' | '@include(if: $no)';

const one = <Value>(values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values);
const directive: fc.Arbitrary<Directive> = fc.oneof(
  { weight: 14, arbitrary: fc.constant<Directive>('') }, { weight: 2, arbitrary: one<Directive>(['@include(if: true)', '@skip(if: false)', '@include(if: $yes)', '@skip(if: $no)']) },
  { weight: 1, arbitrary: one<Directive>(['@include(if: false)', '@skip(if: $yes)', '@include(if: $no)']) },
);
/** One alias for each field: two fields of one response name would conflict. A long one makes the planner write its objects in another way; an odd one looks like a mark. */
const aliasOf = (field: string): fc.Arbitrary<string | null> => fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: one([`a_${field}`, `__${field}_R0`, `${'long_'.repeat(14)}${field}`]) });

const isRecord = (type: string): boolean => type in RECORDS;

/** Selections of an object type of the schema: any fields in any order, some of them twice, under aliases, in fragments, under directives. Deep enough for every cell. */
export function selectionArbitrary(schema: GraphQLSchema, typeName: string, depth: number): fc.Arbitrary<Selected[]> {
  const type = schema.getType(typeName) as GraphQLObjectType;
  const names = Object.entries(type.getFields()).filter(([name, field]) => name === 'disclosure' || depth > 0 || isLeafType(getNamedType(field.type))).map(([name]) => name);
  const field = (name: string): fc.Arbitrary<Selected> => {
    const target = getNamedType(type.getFields()[name]?.type ?? type);
    const inner = isLeafType(target) ? fc.constant(null) : name === 'disclosure' ? fc.constant(TELLING) : selectionArbitrary(schema, target.name, depth - 1);
    return fc.tuple(aliasOf(name), directive, inner).map(([alias, said, selected]) => ({ field: name, alias, directive: said, inner: selected }));
  };
  const typename: Selected = { field: '__typename', alias: null, directive: '', inner: null };
  const item = fc.oneof({ weight: 24, arbitrary: one(names).chain(field) }, { weight: 1, arbitrary: fc.constant(typename) });
  const fragment = fc.record({ fragment: one(['inline', 'named'] as const), on: isRecord(typeName) && type.getInterfaces().length > 0 ? one([null, typeName, 'Node']) : one([null, typeName]), directive, inner: fc.array(item, { minLength: 1, maxLength: 4 }) })
    .map(({ fragment: kind, on, inner, directive: said }): Selected => (on === 'Node' ? { fragment: kind, on, directive: said, inner: [{ field: 'id', alias: null, directive: '', inner: null }] } : { fragment: kind, on: kind === 'named' ? typeName : on, directive: said, inner }));
  // Of a record as many cells as can be, since each is a verdict; of anything else a few.
  const [minLength, maxLength] = isRecord(typeName) ? (depth > 1 ? [8, 20] : [4, 10]) : [1, 3];
  const selection = fc.array(fc.oneof({ weight: 8, arbitrary: item }, { weight: 1, arbitrary: fragment }), { minLength, maxLength, size: 'max' });
  if (!names.includes('disclosure')) return selection;
  const leaves = names.filter((name) => isLeafType(getNamedType(type.getFields()[name]?.type ?? type)));
  return fc.tuple(selection, fc.integer({ min: 0, max: 99 })).map(([selected, drawn]) => [
    ...selected, ...(drawn < 60 ? [{ field: 'disclosure', alias: null, directive: '', inner: TELLING } as const] : []), ...(drawn < 2 && depth > 1 ? flood(leaves) : []),
  ]);
}

/** More long names than one row of a statement has arguments for. */
const flood = (fields: readonly string[]): Selected[] => Array.from({ length: 110 }, (_, index) => {
  const field = fields[index % fields.length] ?? 'id';
  return { field, alias: `${'long_'.repeat(12)}${field}_${index}`, directive: '', inner: null };
});

const leaf = (field: string): Selected => ({ field, alias: null, directive: '', inner: null });
const TELLING: Selected[] = [leaf('field'), leaf('rung'), leaf('rule')];

/** The text of a selection; named fragments that it spreads are put into `fragments`, one text each. */
export function printSelection(selected: readonly Selected[], fragments: string[]): string {
  if (selected.length === 0) return '{ __typename }';
  return `{ ${selected.map((item) => printItem(item, fragments)).join(' ')} }`;
}

function printItem(item: Selected, fragments: string[]): string {
  if ('field' in item) return `${item.alias === null ? '' : `${item.alias}: `}${item.field} ${item.directive} ${item.inner ? printSelection(item.inner, fragments) : ''}`;
  const inner = printSelection(item.inner, fragments);
  if (item.fragment === 'inline') return `... ${item.on === null ? '' : `on ${item.on}`} ${item.directive} ${inner}`;
  const name = `Part${fragments.length}`;
  fragments.push(`fragment ${name} on ${item.on} ${inner}`);
  return `...${name} ${item.directive}`;
}
