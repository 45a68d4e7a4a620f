import type { FieldNode, GraphQLObjectType } from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';
import { predicateSql, type RecordLens } from '../policy/compile.js';
import { orderSql, type SortKey } from './filters.js';
import { planRecord, selectionText, type Planning } from './plan-record.js';
import { jsonObject } from './statement.js';

/** A page as asked for: its filter, and the position it goes on from (null: from the end of the list), as SQL over `LIST_ALIAS`. */
export interface PageRequest { backward: boolean; position: string | null; filter: string; keys: readonly SortKey[]; room: number }

/** Alias of the listed record in every statement; filters and keys are written over it. */
export const LIST_ALIAS = 'c';

/**
 * One statement for a Relay connection: the page is cut first (row predicate, filter, keyset), and only its records are turned into JSON.
 * The value `«size»` is bound by the caller; `room`, at least as large, stands in the text, because the planner takes a LIMIT it cannot read for a tenth of the table.
 */
export function planConnection(planning: Planning, lens: RecordLens, nodes: readonly FieldNode[], connectionType: string, page: PageRequest): string {
  const alias = LIST_ALIAS;
  const rowSql = predicateSql(lens.row, alias);
  const position = page.position ? ` AND ${page.position}` : '';
  const columns: string[] = [];
  const columnOf = new Map<string, string>();
  let from = 'page c';
  /** Each selection of `node` or `nodes` becomes one column of the page; where both select the same, the same one. */
  const nodeColumn = (selected: readonly FieldNode[]): string => {
    const selection = selectionText(selected);
    const known = columnOf.get(selection);
    if (known) return known;
    const name = `v${columns.length}`;
    const inner = `${alias}${columns.length}`;
    const plan = planRecord(planning, lens, selected, inner, '(SELECT c.*)');
    columns.push(name);
    columnOf.set(selection, name);
    from += ` JOIN LATERAL (SELECT ${plan.object} AS ${name} FROM ${plan.from}) o${name} ON TRUE`;
    return name;
  };
  const cursor = `«nonce» || 'C' || json_build_array(${[...page.keys.map((_, index) => `c.k${index}::text`), 'c.id::text'].join(', ')})::text`;
  const direction = page.backward ? ' DESC' : '';
  const connection = fields(planning, connectionType, nodes, (name, selected) => {
    switch (name) {
      case 'nodes': return `(SELECT coalesce(json_agg(${nodeColumn(selected)} ORDER BY n${direction}), '[]'::json) FROM listed)`;
      case 'edges': {
        const edge = fields(planning, edgeType(planning, connectionType), selected, (edgeField, inner) => (edgeField === 'cursor' ? 'cursor' : nodeColumn(inner)));
        return `(SELECT coalesce(json_agg(${edge} ORDER BY n${direction}), '[]'::json) FROM listed)`;
      }
      case 'pageInfo': return fields(planning, 'PageInfo', selected, (info) => pageInfo(info, page));
      case 'totalCount': return `(SELECT count(*) FROM ${lens.shape.table} ${alias} WHERE ${rowSql} AND ${page.filter})`;
      default: throw new Error(`${connectionType}.${name} is in the schema but not planned`);
    }
  });
  return `WITH ${cutPage(lens.shape.table, `${rowSql} AND ${page.filter}${position}`, page)}, `
    + `listed AS MATERIALIZED (SELECT c.n, ${cursor} AS cursor${columns.map((name) => `, ${name}`).join('')} FROM ${from} WHERE c.n <= «size») SELECT ${connection}::text AS json`;
}

/**
 * The page, cut from the records that meet `where`. Where the key is held on some of them only, those come first, in the order of an index if there is one;
 * the others, whose key is NULL and last, are looked for only if those do not fill the page.
 */
function cutPage(table: string, where: string, { keys, room, backward }: PageRequest): string {
  const alias = LIST_ALIAS;
  const most = room + 1;
  const [key] = keys;
  const cut = (records: string): string => `page AS MATERIALIZED (SELECT c.*, row_number() OVER () AS n FROM (${records}) c)`;
  if (!key?.held || keys.length > 1 || backward) {
    const columns = keys.map(({ sql }, index) => `, ${sql} AS k${index}`).join('');
    return cut(`SELECT c.*${columns} FROM ${table} ${alias} WHERE ${where} ORDER BY ${orderSql(keys, alias, backward)} LIMIT ${most}`);
  }
  const { where: holds, sql } = key.held;
  const order = (by: string): string => orderSql([{ ...key, sql: by }], alias, false);
  const held = `SELECT c.*, ${sql} AS k0 FROM ${table} ${alias} WHERE ${where} AND (${holds}) ORDER BY ${order(sql)} LIMIT ${most}`;
  const others = `SELECT c.*, NULL AS k0 FROM ${table} ${alias} WHERE (SELECT count(k0) FROM held) < ${most} AND ${where} AND (${holds}) IS NOT TRUE ORDER BY ${alias}.id ${key.descending ? 'DESC' : 'ASC'} LIMIT ${most}`;
  return `held AS MATERIALIZED (${held}), ${cut(`SELECT c.* FROM (SELECT * FROM held UNION ALL (${others})) c ORDER BY ${order('c.k0')} LIMIT ${most}`)}`;
}

function pageInfo(field: string, page: PageRequest): string {
  const more = '((SELECT count(*) FROM page) > «size»)';
  const edge = (first: boolean): string => `(SELECT cursor FROM listed ORDER BY n ${first === page.backward ? 'DESC' : 'ASC'} LIMIT 1)`;
  switch (field) {
    case 'hasNextPage': return page.backward ? (page.position ? 'TRUE' : 'FALSE') : more;
    case 'hasPreviousPage': return page.backward ? more : page.position ? 'TRUE' : 'FALSE';
    case 'startCursor': return edge(true);
    case 'endCursor': return edge(false);
    default: throw new Error(`PageInfo.${field} is in the schema but not planned`);
  }
}

function edgeType(planning: Planning, connectionType: string): string {
  const connection = planning.schema.getType(connectionType) as GraphQLObjectType;
  const text = connection.getFields()['edges']?.type.toString() ?? '';
  return text.replaceAll(/[[\]!]/gu, '');
}

function fields(planning: Planning, type: string, nodes: readonly FieldNode[], valueOf: (name: string, nodes: readonly FieldNode[]) => string): string {
  const runtimeType = planning.schema.getType(type) as GraphQLObjectType;
  const collected = collectSubfields(planning.schema, planning.fragments, planning.variables, runtimeType, nodes as FieldNode[]);
  return jsonObject([...collected].map(([key, fieldNodes]) => {
    const name = fieldNodes[0]?.name.value ?? '';
    return [key, name === '__typename' ? `'${type}'` : valueOf(name, fieldNodes)] as const;
  }));
}
