import type { Role } from '../../src/kernel/viewer.js';
import { expected, type Asker } from './domain-5.js';
import { AGENCIES, CASES, HOUSEHOLDS, idOf, PERSONS, type RecordName } from './world-facts.js';
import { endsOf, NAMES, RECORDS, valuesOf } from './world-values.js';

/** A text by which one cell of the world is known wherever it turns up. */
export interface Canary { text: string; where: string }

/** Shorter texts (relations, committees' short names) are words that anybody may say. */
const SHORTEST_CHARACTERS = 3;
const isTelling = (text: string): boolean => [...text].length >= SHORTEST_CHARACTERS && !/^([A-Z][A-Z0-9_]*|\d{1,7}|\d{4}-\d\d-\d\d.*|.*: .*)$/u.test(text);

/** Texts and long numbers inside a value. Codes of agencies and divisions are public. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...(value.includes(': ') ? [value.slice(value.indexOf(': ') + 2)] : [])];
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, inner]) => (key === 'code' ? [] : textsIn(inner)));
  return [];
}

const internal = (id: string): string => id.slice(3);

/** What no asker ever reads: internal notes beside the cells. */
const NEVER: Canary[] = [
  ...Object.entries(CASES).flatMap(([name, { remark }]) => (remark ? [{ text: remark, where: `${name}.remark` }] : [])),
  ...Object.entries(HOUSEHOLDS).flatMap(([name, { flag }]) => (flag?.reason ? [{ text: flag.reason, where: `${name}.flag.reason` }] : [])),
  ...Object.entries(PERSONS).flatMap(([name, { protection }]) => (protection ? [{ text: (protection as { basis?: string }).basis ?? '', where: `${name}.protection` }] : [])),
  ...Object.keys(AGENCIES).map((agency) => ({ text: `clerk of ${agency}`, where: 'who did it' })),
];

/** Every distinctive text of the world, ids of records included. */
export const CANARIES: readonly Canary[] = [
  ...NEVER,
  ...RECORDS.flatMap((record) => NAMES[record].flatMap((name) => [
    { text: internal(idOf[record](name)), where: `${name}.id` },
    ...Object.entries(valuesOf(record, name)).flatMap(([cell, value]) => textsIn(value).filter((text) => isTelling(text) && !text.startsWith('pe_')).map((text) => ({ text, where: `${name}.${cell}` }))),
  ])),
];

/** Texts that an asker may read, by the table: every cell at its rung, and the ids of visible records. */
export function allowedTexts(asker: Asker): Set<string> {
  const allowed = new Set<string>();
  const seen = (record: RecordName, name: string): void => {
    const cells = expected(asker, record, name);
    if (!cells) return;
    allowed.add(internal(idOf[record](name)));
    const values = valuesOf(record, name);
    for (const [cell, rung] of Object.entries(cells)) {
      const value = values[cell];
      if (rung === 'FULL') for (const text of textsIn(value)) allowed.add(text);
      if (rung === 'ENDS' && typeof value === 'string') allowed.add(endsOf(value));
    }
  };
  for (const record of RECORDS) for (const name of NAMES[record]) seen(record, name);
  // ids of linked persons are allowed as those persons are, not as the cell that names them
  return new Set([...allowed].filter((text) => !text.startsWith('pe_')));
}

/** Canaries in a text that its reader may not read. Allowed texts that hold a canary's words are taken out first. */
export function findForbidden(text: string, allowed: ReadonlySet<string>, but: readonly string[] = []): string[] {
  const hits = CANARIES.filter((canary) => !allowed.has(canary.text) && text.includes(canary.text));
  if (hits.length === 0) return [];
  const holding = [...allowed, ...but].filter((word) => hits.some((hit) => word.includes(hit.text))).toSorted((one, other) => other.length - one.length);
  const rest = holding.reduce((left, word) => left.replaceAll(word, '□'), text);
  return [...new Set(hits.filter((hit) => rest.includes(hit.text)).map(({ text: found, where }) => `${found} (${where})`))];
}

/** Records that an asker may not see. */
export function hiddenFrom(asker: Asker, record: RecordName): string[] {
  return NAMES[record].filter((name) => expected(asker, record, name) === undefined);
}

export const CLERK: readonly Role[] = ['CLERK'];
