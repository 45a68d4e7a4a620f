import type { Client } from 'pg';
import type { RequestContext } from '../../src/kernel/request.js';
import type { KeyRing } from '../../src/kernel/key-ring.js';
import { idNumberEnds, phoneEnds, surnameOf } from '../../src/kernel/masks.js';
import { DIRECTORY } from '../../src/ledgers/agencies/agencies.reference.js';
import { cellsOf, findField, rungsOf, type Catalogue, type Field, type RecordShape } from '../../src/policy/catalogue.js';
import { select } from '../support/facts.js';

/** What a record holds, by top-level field: JSON in the form in which `selectionOf` asks for it; for a link, ids of the records it leads to. */
export type RawRecord = Readonly<Record<string, unknown>>;
export type RawRecords = ReadonlyMap<string, ReadonlyMap<string, RawRecord>>;

/** The masks of cells that have a ladder, worked out from the full value. */
const MASKS: Record<string, Record<string, (full: string) => string | null>> = {
  'Person.name': { SURNAME: surnameOf }, 'Person.idNumber': { ENDS: idNumberEnds }, 'Person.kinPhone': { ENDS: phoneEnds },
};

/** @throws Error for a cell with a mask that nobody described here */
export function maskOf(cell: string, rung: string, full: unknown): unknown {
  const mask = MASKS[cell]?.[rung];
  if (!mask) throw new Error(`${cell} has a rung ${rung}; say in raw-values.ts how it follows from the full value`);
  return full === null ? null : mask(String(full));
}

/** Fails early, and by name, where a mask is not described. */
export function requireMasks(shapes: Iterable<RecordShape>): void {
  for (const shape of shapes) {
    for (const cell of cellsOf(shape)) {
      const field = findField(shape, cell);
      for (const rung of field ? rungsOf(field) : []) if (rung !== 'FULL') maskOf(`${shape.record}.${cell}`, rung, null);
    }
  }
}

const SEALED = '~sealed';

/** Reads every record of the catalogue as the owner, past every belt, sealed values opened. Released answers have no rows of their own and are left out. */
export async function readRaw(client: Client, catalogue: Catalogue, keyRing: KeyRing, context: RequestContext, answers: readonly string[]): Promise<RawRecords> {
  const found = new Map<string, ReadonlyMap<string, RawRecord>>();
  for (const shape of catalogue.records.values()) {
    if (answers.includes(shape.record)) continue;
    const columns = Object.entries(shape.fields).map(([name, field]) => `${jsonSql(field, 'c', catalogue)} AS "${name}"`);
    const rows = await select<{ '~id': string } & Record<string, unknown>>(client, `SELECT c.id::text AS "~id", ${columns.join(', ')} FROM ${shape.table} c`, context);
    found.set(shape.record, new Map(rows.map(({ '~id': id, ...fields }) => [id, opened(fields, keyRing) as RawRecord])));
  }
  return found;
}

function jsonSql(field: Field, alias: string, catalogue: Catalogue): string {
  switch (field.field) {
    case 'value': return field.sealed ? `CASE WHEN ${field.sql(alias)} IS NOT NULL THEN json_build_object('${SEALED}', ${field.sql(alias)}) END` : `to_json(${field.sql(alias)})`;
    case 'reference': {
      const entry = DIRECTORY.get(field.reference);
      if (!entry) throw new Error(`no directory of ${field.reference}`);
      return `(SELECT json_build_object('code', entry.code) FROM ${entry.table} entry WHERE ${entry.key('entry')} = ${field.key(alias)})`;
    }
    case 'object': return `CASE WHEN ${field.present(alias)} THEN ${objectSql(field.fields, alias, catalogue)} END`;
    case 'list': {
      const { table, on, orderBy } = field.from(alias, 'item');
      return `(SELECT coalesce(json_agg(${objectSql(field.fields, 'item', catalogue)} ORDER BY ${orderBy}), '[]') FROM ${table} item WHERE ${on})`;
    }
    case 'record': return `to_json((${field.key(alias)})::text)`;
    case 'records': {
      const { on, orderBy } = field.from(alias, 'item');
      return `(SELECT coalesce(json_agg(item.id::text ORDER BY ${orderBy}), '[]') FROM ${catalogue.records.get(field.record)?.table} item WHERE ${on})`;
    }
  }
}

const objectSql = (fields: Record<string, Field>, alias: string, catalogue: Catalogue): string =>
  `json_build_object(${Object.entries(fields).map(([name, field]) => `'${name}', ${jsonSql(field, alias, catalogue)}`).join(', ')})`;

function opened(value: unknown, keyRing: KeyRing): unknown {
  if (Array.isArray(value)) return value.map((item) => opened(item, keyRing));
  if (typeof value !== 'object' || value === null) return value;
  const sealed = (value as Record<string, unknown>)[SEALED];
  if (typeof sealed === 'string') return keyRing.openValue(sealed);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, opened(inner, keyRing)]));
}
