import type { Catalogue } from '../../src/policy/catalogue.js';
import { findField, type RecordShape } from '../../src/policy/catalogue.js';
import type { RawRecords } from './raw-values.js';
import type { DecidedView, ShownRecord } from './decided-view.js';

/** Texts by which single cells of the ledgers are known wherever they turn up, and what of them an asker may read. */
export class TellingTexts {
  /** Text → the cell it stands in. */
  readonly #where = new Map<string, string>();
  /** First three characters → the texts that begin with them: a body is read once, whatever the number of texts. */
  readonly #begins = new Map<string, string[]>();

  constructor(private readonly catalogue: Catalogue, raw: RawRecords) {
    for (const [record, records] of raw) {
      for (const [id, fields] of records) {
        for (const [name, value] of Object.entries(fields)) for (const text of textsOf(this.#shape(record), name, value)) this.#where.set(text, `${record}.${name} of ${id}`);
        this.#where.set(id, `id of ${record}`);
      }
    }
    for (const text of this.#where.keys()) this.#begins.set(text.slice(0, SHORTEST_CHARACTERS), [...(this.#begins.get(text.slice(0, SHORTEST_CHARACTERS)) ?? []), text]);
  }

  /** Every telling text of what an asker is shown. */
  allowedTo(view: DecidedView): Set<string> {
    const allowed = new Set<string>();
    const add = ({ record, id, values, links }: ShownRecord): void => {
      allowed.add(id);
      for (const [name, value] of Object.entries(values)) for (const text of textsOf(this.#shape(record), name, value)) allowed.add(text);
      for (const linked of Object.values(links).flat()) if (linked) add(linked);
    };
    for (const { record, prefix } of this.catalogue.records.values()) if (prefix !== undefined) for (const shown of view.visible(record)) add(shown);
    return allowed;
  }

  /** Texts in `text` that are not allowed. Allowed ones that hold such a text are taken out first, and so are words that the request itself held. */
  findIn(text: string, allowed: ReadonlySet<string>, asked: readonly string[] = []): string[] {
    const hits = [...this.#standingIn(text)].filter((one) => !allowed.has(one));
    if (hits.length === 0) return [];
    const holding = [...allowed, ...asked].filter((word) => hits.some((hit) => word.includes(hit))).toSorted((one, other) => other.length - one.length);
    const rest = holding.reduce((left, word) => left.replaceAll(word, '□'), text);
    return hits.filter((hit) => rest.includes(hit)).map((hit) => `${hit} (${this.#where.get(hit)})`);
  }

  #standingIn(text: string): Set<string> {
    const found = new Set<string>();
    for (let at = 0; at + SHORTEST_CHARACTERS <= text.length; at += 1) {
      for (const one of this.#begins.get(text.slice(at, at + SHORTEST_CHARACTERS)) ?? []) if (text.startsWith(one, at)) found.add(one);
    }
    return found;
  }

  #shape(record: string): RecordShape {
    const shape = this.catalogue.records.get(record);
    if (!shape) throw new Error(`no ${record} in the catalogue`);
    return shape;
  }
}

const SHORTEST_CHARACTERS = 3;
/** Words of enums, dates, small numbers and masked texts stand in many cells at once. */
const isTelling = (text: string): boolean => [...text].length >= SHORTEST_CHARACTERS && !/^([A-Z][A-Z0-9_]*|\d{1,7}|\d{4}-\d\d-\d\d.*|\*+\d*)$/u.test(text);

/** Cells whose words are those of the published deadlines and of the schema, the same for everybody. */
const VOCABULARY: Record<string, readonly string[]> = { InboxItem: ['step', 'title', 'record', 'reason'], Correction: ['record', 'field'] };

/** Telling texts inside the value of a field. The directory is public, and ids of linked records are told by those records. */
function textsOf(shape: RecordShape, name: string, value: unknown): string[] {
  const field = findField(shape, name);
  if (field?.field === 'reference' || field?.field === 'record' || field?.field === 'records' || VOCABULARY[shape.record]?.includes(name)) return [];
  return texts(value).filter(isTelling);
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...(value.includes(': ') ? [value.slice(value.indexOf(': ') + 2)] : [])];
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, inner]) => (key === 'code' ? [] : texts(inner)));
  return [];
}
