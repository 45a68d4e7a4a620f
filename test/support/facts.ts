import type { Client } from 'pg';
import { prepareStatement, viewerValues } from '../../src/disclosure/statement.js';
import type { RequestContext } from '../../src/kernel/request.js';
import type { Attribute, RecordShape } from '../../src/policy/catalogue.js';
import type { Facts } from '../../src/policy/decide.js';
import { askAs } from './asking.js';

/** Records as `decide` takes them, by record type and id (UUID); linked records are the same objects. */
export type RecordFacts = Map<string, Map<string, Facts>>;

/** Reads the raw tables as the owner, past every belt: what the reference is given. */
export async function readFacts(client: Client, shapes: readonly RecordShape[], now: Date): Promise<RecordFacts> {
  const asking = { ...askAs('civil-000000', null), now };
  const found: RecordFacts = new Map();
  for (const shape of shapes) {
    const columns = Object.entries(shape.attributes).map(([name, attribute]) => `${plainSql(attribute)} AS "${name}"`);
    const rows = await select<{ id: string } & Facts['attributes']>(client, `SELECT c.id::text AS id, ${columns.join(', ')} FROM ${shape.table} c`, asking);
    found.set(shape.record, new Map(rows.map(({ id, ...attributes }) => [id, { attributes, links: {} }])));
  }
  for (const shape of shapes) {
    for (const [name, link] of Object.entries(shape.links)) {
      const { table, on } = link.from('c', 'o');
      const pairs = await select<{ one: string; other: string }>(client, `SELECT c.id::text AS one, o.id::text AS other FROM ${shape.table} c JOIN ${table} o ON ${on}`, asking);
      for (const [id, record] of found.get(shape.record) ?? []) {
        Object.assign(record.links ?? {}, { [name]: pairs.filter(({ one }) => one === id).map(({ other }) => found.get(link.record)?.get(other)) });
      }
    }
  }
  return found;
}

function plainSql({ type, sql }: Attribute): string {
  const value = sql('c');
  if (type === 'instant') return `to_char((${value}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return type === 'boolean' || type === 'number' ? `(${value})` : `(${value})::text`;
}

/** Runs SQL that holds `«name»` values, as the asking; by name, because the same is read again and again. */
export async function select<Row extends object>(client: Client, text: string, context: RequestContext): Promise<Row[]> {
  const statement = prepareStatement(text);
  const values = viewerValues(context);
  return (await client.query<Row>({ name: statement.name, text: statement.text, values: statement.values.map((value) => values.get(value) ?? null) })).rows;
}
