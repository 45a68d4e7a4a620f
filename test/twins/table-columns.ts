import type { TwinDatabase } from './twin-database.js';

/** A stored column, as far as a change of it needs to be known. */
export interface Column {
  table: string;
  name: string;
  type: string;
  nullable: boolean;
  /** Words that a check allows; empty where there is none. */
  words: readonly string[];
  /** `table.column` that a foreign key leads to, without the schema. */
  target: string | undefined;
}

const COLUMNS = `
SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type, NOT a.attnotnull AS nullable,
  coalesce((SELECT array_agg(DISTINCT word[1]) FROM pg_constraint k, regexp_matches(pg_get_constraintdef(k.oid), '''([A-Z][A-Z0-9_]*)''::text', 'g') AS word
    WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum]), '{}') AS words,
  (SELECT f.relname || '.' || fa.attname FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid JOIN pg_attribute fa ON fa.attrelid = f.oid AND fa.attnum = k.confkey[1]
    WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum] LIMIT 1) AS target
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'guitu'::regnamespace AND c.relname = ANY ($1) ORDER BY c.relname, a.attnum`;

/** Every column of the tables that are not public; a new one joins by itself. */
export function readColumns(twin: TwinDatabase): Promise<Column[]> {
  return twin.query<Column>(COLUMNS, [twin.tables]);
}
