import type { Client } from 'pg';
import { getNamedType, isEnumType, isInputObjectType, isListType, isNonNullType, type GraphQLInputType, type GraphQLSchema } from 'graphql';
import type { FilterRule } from '../../src/disclosure/filters.js';
import { Arguments, prepareStatement, viewerValues } from '../../src/disclosure/statement.js';
import { Refusal } from '../../src/kernel/errors.js';
import type { RequestContext } from '../../src/kernel/request.js';
import type { RawRecords } from './raw-values.js';
import type { Reading } from './walk-schema.js';

/** Values worth filtering by, from what the cells of a filter really hold, whoever may see it. */
export function filterValues(schema: GraphQLSchema, reading: Reading, raw: RawRecords): unknown[] {
  const given = filterType(schema, reading);
  const type = getNamedType(given);
  const isList = isListType(isNonNullType(given) ? given.ofType : given);
  const held = [...new Set([...(raw.get(reading.record)?.values() ?? [])].flatMap((record) => reading.cells.flatMap((cell) => scalars(record[cell.split('.')[0] ?? '']))))];
  const instants = held.filter((text) => /^\d{4}-\d\d-\d\dT/u.test(text)).map((text) => new Date(text).toISOString()).toSorted();
  const values: unknown[] = isEnumType(type) ? type.getValues().map(({ name }) => name)
    : type.name === 'Boolean' ? [true, false]
      : type.name === 'DateTime' ? [instants[0], instants[Math.floor(instants.length / 2)], instants.at(-1)].filter((instant) => instant !== undefined)
        : type.name === 'Date' ? held.filter((text) => /^\d{4}-\d\d-\d\d$/u.test(text)).toSorted().filter((_, index, days) => [0, Math.floor(days.length / 2), days.length - 1].includes(index))
        : type.name === 'String' ? [...new Set(held.flatMap((text) => [text, ...(/^[a-z]+-(\d+)$/u.exec(text)?.slice(1) ?? [])]))] : [];
  if (values.length === 0) throw new Error(`no values of ${type.name} for ${reading.root}.${reading.name}; say in filter-values.ts how they are found`);
  return isList ? values.map((value) => [value]) : values;
}

function filterType(schema: GraphQLSchema, { root, name }: Reading): GraphQLInputType {
  const filter = getNamedType(schema.getQueryType()?.getFields()[root]?.args.find((argument) => argument.name === 'filter')?.type);
  const field = isInputObjectType(filter) ? filter.getFields()[name] : undefined;
  if (!field) throw new Error(`${root} has no filter ${name}`);
  return field.type;
}

function scalars(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(scalars);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(scalars);
  return typeof value === 'string' ? [value] : [];
}

/** Ids of the records that meet a filter, as the owner of the tables finds them; undefined for a value that the filter does not take. */
export async function rawMatches(owner: Client, context: RequestContext, rule: FilterRule, table: string, value: unknown): Promise<Set<string> | undefined> {
  const bind = new Arguments();
  try {
    const statement = prepareStatement(`SELECT c.id::text AS id FROM ${table} c WHERE ${rule.sql(value, 'c', bind, 'filter')}`);
    const values = viewerValues(context);
    for (const [index, bound] of bind.values.entries()) values.set(`a${index}`, bound);
    const { rows } = await owner.query<{ id: string }>(statement.text, statement.values.map((name) => values.get(name) ?? null));
    return new Set(rows.map(({ id }) => id));
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}
