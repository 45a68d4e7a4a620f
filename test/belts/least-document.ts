import { getNamedType, isEnumType, isInputObjectType, isLeafType, isListType, isNonNullType, isRequiredArgument, isRequiredInputField, type GraphQLInputType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';

const LITERALS: Record<string, string> = { Int: '1', Float: '1', Boolean: 'true', String: '"x"', ID: '"rc_00000000-0000-4000-8000-000000000000"', Date: '"2026-01-01"', DateTime: '"2026-01-01T00:00:00Z"' };

/** The least valid document of each root operation of a schema, made from the schema alone: required arguments with any fitting literal, `__typename` where something must be selected. */
export function leastDocuments(schema: GraphQLSchema): Map<string, string> {
  const documents = new Map<string, string>();
  for (const [kind, type] of [['query', schema.getQueryType()], ['mutation', schema.getMutationType()]] as const) {
    for (const name of Object.keys(type?.getFields() ?? {})) documents.set(name, `${kind} { ${selection(type as GraphQLObjectType, name)} }`);
  }
  return documents;
}

function selection(type: GraphQLObjectType, name: string): string {
  const field = type.getFields()[name];
  if (!field) throw new Error(`no field ${name}`);
  const args = field.args.filter(isRequiredArgument).map((arg) => `${arg.name}: ${literal(arg.type)}`);
  return `${name}${args.length > 0 ? `(${args.join(', ')})` : ''}${isLeafType(getNamedType(field.type)) ? '' : ' { __typename }'}`;
}

function literal(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(type.ofType as GraphQLInputType);
  if (isListType(type)) return `[${literal(type.ofType as GraphQLInputType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) return `{ ${Object.values(type.getFields()).filter(isRequiredInputField).map((field) => `${field.name}: ${literal(field.type)}`).join(', ')} }`;
  const text = LITERALS[type.name];
  if (!text) throw new Error(`no literal for ${type.name}`);
  return text;
}
