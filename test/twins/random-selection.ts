import { getNamedType, isLeafType, isObjectType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import type { Seeded } from './seeded.js';

/** Fragments that a selection uses, by name, for the end of the document. */
export type Fragments = Map<string, string>;

const DEEPEST = 4;

/**
 * A selection of a type at random, made from the schema alone, so that a new field joins by itself; written in one of the ways that mean the same (security.md A1):
 * aliases, inline and named fragments, `@include` and `@skip`, fields that stand twice.
 */
export function selectionOf(random: Seeded, schema: GraphQLSchema, type: string, fragments: Fragments): string {
  return selectionAt(random, schema.getType(type) as GraphQLObjectType, fragments, 0);
}

/** The document of an operation and its fragments. */
export const withFragments = (query: string, fragments: Fragments): string => [query, ...fragments.values()].join(' ');

function selectionAt(random: Seeded, type: GraphQLObjectType, fragments: Fragments, depth: number): string {
  const fields = Object.values(type.getFields()).filter((field) => field.args.length === 0);
  const leaves = fields.filter((field) => isLeafType(getNamedType(field.type)));
  const branches = fields.filter((field) => isObjectType(getNamedType(field.type)));
  const all = random.chance(depth === 0 ? 0.3 : 0.5);
  const chosen = [...(all ? leaves : random.some(leaves, 1 + random.below(leaves.length))), ...(depth < DEEPEST ? random.some(branches, all && depth < 2 ? branches.length : random.below(3)) : [])];
  const parts = random.some(chosen, chosen.length).map((field) => {
    const inner = getNamedType(field.type);
    const alias = random.chance(0.1) ? `${field.name}${random.below(100)}: ` : '';
    return `${alias}${field.name}${directive(random)}${isObjectType(inner) ? ` { ${selectionAt(random, inner, fragments, depth + 1)} }` : ''}`;
  });
  if (parts.length === 0) parts.push('__typename');
  if (random.chance(0.1)) parts.push(parts[0] ?? '');
  return wrapped(random, type.name, parts.join(' '), fragments);
}

const directive = (random: Seeded): string => (random.chance(0.93) ? '' : random.pick([' @include(if: true)', ' @skip(if: false)', ' @skip(if: true)']));

function wrapped(random: Seeded, type: string, text: string, fragments: Fragments): string {
  const roll = random.next();
  if (roll < 0.7) return text;
  if (roll < 0.85) return `__typename ... on ${type} { ${text} }`;
  const name = `F${fragments.size}`;
  fragments.set(name, `fragment ${name} on ${type} { ${text} }`);
  return `__typename ...${name}`;
}
