import { badInput, Refusal } from '../kernel/errors.js';
import type { RecordLens } from '../policy/compile.js';
import type { Arguments } from './statement.js';

/** One filter of a record's published filter input: the cells it reads, and its SQL. */
export interface FilterRule {
  /** The filter matches only records on which the viewer holds FULL for every one of these. */
  cells: readonly string[];
  /**
   * SQL of the filter over `alias`; values go through `bind`.
   * @throws Refusal BAD_USER_INPUT
   */
  sql: (value: unknown, alias: string, bind: Arguments, field: string) => string;
}

/** One order of a record's published order input: the cell it reads and the column it sorts by. */
export interface OrderRule { cell: string; sql: (alias: string) => string; type: string }

export interface ListRules { filters: Record<string, FilterRule>; orders: Record<string, OrderRule>; defaultOrder: { field: string; direction: 'ASC' | 'DESC' }[] }

/**
 * SQL of the whole filter, seen through the lens: each part holds only where the viewer holds the cells it reads.
 * @throws Refusal FIELD_NOT_FILTERABLE where the viewer can never hold a cell; nothing is dropped in silence
 */
export function filterSql(lens: RecordLens, rules: ListRules, filter: Record<string, unknown> | null | undefined, alias: string, bind: Arguments): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(filter ?? {})) {
    if (value === null || value === undefined) continue;
    const rule = rules.filters[name];
    if (!rule) throw badInput(`filter.${name}`, '没有这个筛选条件', 'no such filter');
    parts.push(...heldSql(lens, rule.cells, alias, `filter.${name}`), `(${rule.sql(value, alias, bind, `filter.${name}`)})`);
  }
  return parts.length > 0 ? parts.join(' AND ') : 'TRUE';
}

/** Predicates that the viewer holds FULL for all of the cells; constants that hold anyway are left out. */
function heldSql(lens: RecordLens, cells: readonly string[], alias: string, field: string): string[] {
  return cells.flatMap((cell) => {
    const full = lens.cells.get(cell)?.full ?? 'NEVER';
    if (full === 'NEVER') throw new Refusal('FIELD_NOT_FILTERABLE', { field });
    return full === 'ALWAYS' ? [] : [full(alias)];
  });
}

/** The ledger's own order, as far as the viewer can hold what it sorts by: nobody is refused for an order that it did not ask for. */
export function defaultOrder(lens: RecordLens, rules: ListRules): ListRules['defaultOrder'] {
  return rules.defaultOrder.filter(({ field }) => (lens.cells.get(rules.orders[field]?.cell ?? '')?.full ?? 'NEVER') !== 'NEVER');
}

/** A sort key through the lens: NULL where the viewer does not hold the cell, so that such records come last and none is lost. `held`: where it is held, and the key there, which an index may have in order; null where it always is. */
export interface SortKey { sql: string; type: string; descending: boolean; held: { where: string; sql: string } | null }

/** @throws Refusal BAD_USER_INPUT for a field that stands twice, FIELD_NOT_FILTERABLE for one that the viewer can never hold */
export function sortKeys(lens: RecordLens, rules: ListRules, order: readonly { field: string; direction: 'ASC' | 'DESC' }[], alias: string): SortKey[] {
  const twice = order.findIndex(({ field }, index) => order.findIndex((other) => other.field === field) !== index);
  if (twice >= 0) throw badInput(`orderBy.${twice}.field`, '同一字段只能排序一次', 'a field is sorted by once only');
  return order.map(({ field, direction }, index) => {
    const rule = rules.orders[field];
    if (!rule) throw badInput(`orderBy.${index}.field`, '不能按此字段排序', 'no such order');
    const full = lens.cells.get(rule.cell)?.full ?? 'NEVER';
    if (full === 'NEVER') throw new Refusal('FIELD_NOT_FILTERABLE', { field: `orderBy.${index}.field` });
    const held = full === 'ALWAYS' ? null : { where: full(alias), sql: rule.sql(alias) };
    return { sql: held ? `CASE WHEN ${held.where} THEN ${held.sql} END` : rule.sql(alias), type: rule.type, descending: direction === 'DESC', held };
  });
}

/**
 * SQL for "after this position" in keyset order, NULLs last; for a page read backwards, "before it", NULLs first.
 * `position` has a text (or null) per key and then the record's id.
 */
export function positionSql(keys: readonly SortKey[], position: readonly (string | null)[], alias: string, bind: Arguments, backward: boolean): string {
  const id = position.at(-1) ?? '';
  const idDescending = keys[0]?.descending ?? false;
  const less = (descending: boolean): string => (descending !== backward ? '<' : '>');
  let rest = `${alias}.id ${less(idDescending)} ${bind.bind(id, 'uuid')}`;
  for (const [index, key] of [...keys.entries()].toReversed()) {
    const value = position[index] ?? null;
    if (value === null) {
      rest = backward ? `(${key.sql} IS NOT NULL OR ${rest})` : `(${key.sql} IS NULL AND ${rest})`;
    } else {
      const bound = bind.bind(value, key.type);
      const beyond = `${key.sql} ${less(key.descending)} ${bound}`;
      rest = backward ? `(${beyond} OR (${key.sql} = ${bound} AND ${rest}))` : `(${beyond} OR (${key.sql} = ${bound} AND ${rest}) OR ${key.sql} IS NULL)`;
    }
  }
  return rest;
}

/** ORDER BY of a page; the id settles ties in the direction of the first key. */
export function orderSql(keys: readonly SortKey[], alias: string, backward: boolean): string {
  const idDescending = keys[0]?.descending ?? false;
  const parts = keys.map((key) => `${key.sql} ${key.descending !== backward ? 'DESC' : 'ASC'} NULLS ${backward ? 'FIRST' : 'LAST'}`);
  return [...parts, `${alias}.id ${idDescending !== backward ? 'DESC' : 'ASC'}`].join(', ');
}
