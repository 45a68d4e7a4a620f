import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../kernel/package-root.js';
import { halfWidth } from '../kernel/text.js';

const column = z.strictObject({
  key: z.string().regex(/^[a-z][A-Za-z]*$/),
  head: z.string().min(1),
  type: z.enum(['text', 'lines', 'name', 'date', 'idNumber', 'phone', 'integer', 'division', 'choice', 'choices']),
  max: z.int().positive().default(200),
  required: z.boolean().default(false),
  /** Holds the number of the line and says nothing about a person: a row with nothing else is empty. */
  numbering: z.boolean().default(false),
  synonyms: z.array(z.string().min(1)).default([]),
  /** Codes with the words that people write for them. */
  values: z.record(z.string(), z.array(z.string().min(1))).optional(),
  /** Words of a `choices` column that mean "none of them", which is not the same as an empty cell. */
  none: z.array(z.string().min(1)).default([]),
});

const definition = z.strictObject({
  sheet: z.string(),
  title: z.string(),
  blanks: z.array(z.string().min(1)),
  footers: z.array(z.string().min(1)),
  columns: z.array(column).min(1),
});

/** One column of a published sheet, as `schema/sheets/*.yaml` describes it. `max`: characters, or the largest number of an integer. */
export type SheetColumn = z.infer<typeof column>;

/** A published sheet with its words made ready for matching; every word in the form that `plainWord` gives. */
export interface SheetDefinition {
  sheet: string;
  columns: readonly SheetColumn[];
  /** Head or synonym → column. */
  heads: ReadonlyMap<string, SheetColumn>;
  blanks: ReadonlySet<string>;
  footers: readonly string[];
  /** Key of a column → word → code. */
  words: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Reads `schema/sheets/<name>.yaml`. @throws Error if the file is missing, malformed, or gives one word two meanings. */
export function loadSheetDefinition(name: string): SheetDefinition {
  return parseSheetDefinition(readFileSync(join(packageRoot(), 'schema', 'sheets', `${name}.yaml`), 'utf8'));
}

/** The same from the text of the file. Pure. */
export function parseSheetDefinition(yaml: string): SheetDefinition {
  const { sheet, columns, blanks, footers } = definition.parse(parse(yaml));
  const heads = new Map<string, SheetColumn>();
  const words = new Map<string, Map<string, string>>();
  for (const column of columns) {
    for (const head of [column.head, ...column.synonyms]) addOnce(heads, plainWord(head), column, `head \`${head}\``);
    const codes = new Map<string, string>();
    for (const [code, texts] of Object.entries(column.values ?? {})) for (const text of texts) addOnce(codes, plainWord(text), code, `value \`${text}\``);
    words.set(column.key, codes);
  }
  if (new Set(columns.map(({ key }) => key)).size < columns.length) throw new Error(`sheet \`${sheet}\` gives one key to two columns`);
  return { sheet, columns, heads, blanks: new Set(blanks.map(plainWord)), footers: footers.map(plainWord), words };
}

function addOnce<Value>(map: Map<string, Value>, word: string, value: Value, what: string): void {
  if (map.has(word)) throw new Error(`${what} has two meanings in one sheet`);
  map.set(word, value);
}

/** A head or value as it is compared: half width, without blanks, line breaks, asterisks, invisible characters and a closing colon. */
export function plainWord(text: string): string {
  return halfWidth(text.normalize('NFC')).replace(/[\s*\u00a0\u200b\u2060\ufeff]/g, '').replace(/:$/, '').toUpperCase();
}
