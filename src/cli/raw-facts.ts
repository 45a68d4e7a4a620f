import type { Catalogue, Attribute, RecordShape } from '../policy/catalogue.js';
import type { Facts } from '../policy/decide.js';
import type { LinkTree } from '../policy/explain-author.js';

/** Runs SQL that may hold `«name»` values of an asking, and of `values`. */
export type Select = <Row extends object>(sql: string, values: Readonly<Record<string, string>>) => Promise<Row[]>;

/** Attributes by which people name a record. */
const NUMBERS = ['caseNo', 'entryNo', 'settlementNo', 'stayNo', 'inquiryNo', 'householdNo'];

/** Records of whatever type that bear a number: global ids, in the order of the catalogue. */
export async function findByNumber(select: Select, catalogue: Catalogue, number: string): Promise<string[]> {
  const found: string[] = [];
  for (const { prefix, table, attributes } of catalogue.records.values()) {
    for (const [name, { sql }] of Object.entries(attributes)) {
      if (!prefix || !NUMBERS.includes(name)) continue;
      const rows = await select<{ id: string }>(`SELECT c.id::text AS id FROM ${table} c WHERE ${sql('c')} = «number»::text`, { number });
      found.push(...rows.map(({ id }) => `${prefix}_${id}`));
    }
  }
  return found;
}

/** A record as the reference takes it, with the linked records that the rules follow; undefined where there is none. */
export async function findFacts(select: Select, catalogue: Catalogue, record: string, id: string, links: LinkTree): Promise<Facts | undefined> {
  const shape = catalogue.records.get(record);
  const rows = shape ? await select<FactsRow>(`SELECT ${columnsOf(shape, 'c')} FROM ${shape.table} c WHERE c.id = «id»::uuid`, { id }) : [];
  return rows[0] && shape ? withLinks(select, catalogue, shape, rows[0], links) : undefined;
}

type FactsRow = { id: string } & Facts['attributes'];

async function withLinks(select: Select, catalogue: Catalogue, shape: RecordShape, { id, ...attributes }: FactsRow, tree: LinkTree): Promise<Facts> {
  const links: Record<string, Facts[]> = {};
  for (const [name, deeper] of Object.entries(tree)) {
    const link = shape.links[name];
    const target = link && catalogue.records.get(link.record);
    if (!target) continue;
    const { table, on } = link.from('c', 'o');
    const rows = await select<FactsRow>(`SELECT ${columnsOf(target, 'o')} FROM ${shape.table} c JOIN ${table} o ON ${on} WHERE c.id = «id»::uuid`, { id });
    links[name] = await Promise.all(rows.map((row) => withLinks(select, catalogue, target, row, deeper)));
  }
  return { attributes, links };
}

const columnsOf = ({ attributes }: RecordShape, alias: string): string => [`${alias}.id::text AS id`, ...Object.entries(attributes).map(([name, attribute]) => `${plainSql(attribute, alias)} AS "${name}"`)].join(', ');

/** The value as JavaScript compares it: text, number or boolean; an instant in UTC. */
function plainSql({ type, sql }: Attribute, alias: string): string {
  const value = sql(alias);
  if (type === 'instant') return `to_char((${value}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  if (type === 'number') return `(${value})::double precision`;
  return type === 'boolean' ? `(${value})` : `(${value})::text`;
}
