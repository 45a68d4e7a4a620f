import { getNamedType, isObjectType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import type { Catalogue, Field } from '../../src/policy/catalogue.js';

/** Every field of a record, links with every field of theirs, to so many fields from the root. Directory entries are asked for by code. */
export function selectionOf(schema: GraphQLSchema, catalogue: Catalogue, record: string, levels: number): string {
  const shape = catalogue.records.get(record);
  const type = schema.getType(record);
  if (!shape || !isObjectType(type)) throw new Error(`${record} is no record of the schema`);
  const parts = Object.keys(type.getFields()).map((name) => {
    const field = shape.fields[name];
    if (name === 'disclosure') return 'disclosure { field rung rule }';
    if (!field) return name;
    if (field.field === 'record' || field.field === 'records') return levels > 1 ? `${name} { ${selectionOf(schema, catalogue, field.record, levels - 1)} }` : '';
    return `${name}${fieldSelection(type, name, field)}`;
  });
  return ['__typename', ...parts].filter((part) => part !== '').join(' ');
}

function fieldSelection(parent: GraphQLObjectType, name: string, field: Field): string {
  if (field.field === 'reference') return ' { code }';
  if (!('fields' in field)) return '';
  const type = getNamedType(parent.getFields()[name]?.type);
  return ` { ${Object.entries(field.fields).map(([inner, definition]) => `${inner}${fieldSelection(type as GraphQLObjectType, inner, definition)}`).join(' ')} }`;
}

/** Fields that a selection asks for, as the hub counts them. */
export const fieldCount = (selection: string): number => selection.split(/[\s{}]+/u).filter((word) => word !== '').length;
