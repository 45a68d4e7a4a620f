import { RUNGS, type Rung } from '../policy/language.js';
import type { ScopePlan } from './plan-record.js';

/** What left the hub in one record type: which records, and at which rungs each cell was shown. */
export interface DisclosedRecords { record: string; ids: Set<string>; cells: Map<string, Set<Rung>> }

/** What was asked for and not shown in full. */
export interface Withheld { type: string; field: string; rung: Rung; rule: string }

/** Collects, over all statements of a request, what is disclosed and what is withheld. */
export class DisclosureTally {
  readonly records = new Map<string, DisclosedRecords>();
  readonly counts: Record<string, number> = {};
  readonly #withheld = new Map<string, Withheld>();

  /** A count that the evidence keeps beside the records. */
  count(name: string, amount: number): void {
    this.counts[name] = (this.counts[name] ?? 0) + amount;
  }

  note(scope: ScopePlan, id: string, digits: string): void {
    let disclosed = this.records.get(scope.record);
    if (!disclosed) this.records.set(scope.record, (disclosed = { record: scope.record, ids: new Set(), cells: new Map() }));
    if (id !== '') disclosed.ids.add(id);
    for (const [cell, rung] of scope.constant) this.#cell(disclosed, scope, cell, rung);
    for (const [index, cell] of scope.varying.entries()) this.#cell(disclosed, scope, cell, RUNGS[Number(digits[index])] ?? 'WITHHELD');
  }

  #cell(disclosed: DisclosedRecords, scope: ScopePlan, cell: string, rung: Rung): void {
    let rungs = disclosed.cells.get(cell);
    if (!rungs) disclosed.cells.set(cell, (rungs = new Set()));
    if (rungs.has(rung)) return;
    rungs.add(rung);
    if (rung !== 'FULL') this.#withheld.set(`${scope.record}.${cell}.${rung}`, { type: scope.record, field: cell, rung, rule: scope.rules.get(cell)?.get(rung) ?? 'policy' });
  }

  /** What the evidence keeps: ids by record type, and the rungs at which each cell was shown. */
  evidence(): Record<string, { ids: string[]; cells: Record<string, Rung[]> }> {
    return Object.fromEntries([...this.records.values()].map(({ record, ids, cells }) => [record, { ids: [...ids].toSorted(), cells: Object.fromEntries([...cells].map(([cell, rungs]) => [cell, [...rungs].toSorted()])) }]));
  }

  get withheld(): Withheld[] {
    return [...this.#withheld.values()];
  }
}

export interface SpliceOptions {
  nonce: string;
  scopes: readonly ScopePlan[];
  tally: DisclosureTally;
  /** Opens a sealed value; called only where the lens gave FULL. */
  open: (sealed: string) => string;
  /** JSON of a directory entry, from `<renderer>:<key>`. @throws UnknownEntry */
  reference: (mark: string) => string;
  /** Makes an opaque cursor of a position. */
  cursor: (position: string) => string;
}

/**
 * Turns the JSON text of a statement into the JSON text of the response, in one pass over its marks and without parsing it:
 * record marks are taken out and tallied, sealed values opened, positions made into cursors. The nonce is random for each statement,
 * so no stored text can pass for a mark.
 */
export function spliceJson(text: string, options: SpliceOptions): string {
  const { nonce } = options;
  const parts: string[] = [];
  // A confirmed person takes over what its case says, ciphertext and all, and the same agencies come again and again: each is written once a page.
  const opened = new Map<string, string>();
  let done = 0;
  for (let at = text.indexOf(nonce); at >= 0; at = text.indexOf(nonce, done)) {
    const after = at + nonce.length;
    if (text[after] === 'R') {
      // `"~":"<nonce>R<scope>:<id>:<digits>",` is the first pair of a record.
      const close = text.indexOf('"', after);
      const [scope = '', id = '', digits = ''] = text.slice(after + 1, close).split(':');
      const plan = options.scopes[Number(scope)];
      if (plan) options.tally.note(plan, id, digits);
      parts.push(text.slice(done, text.lastIndexOf('{', at) + 1));
      done = close + 1;
      if (text[done] === ',') done += text[done + 1] === ' ' ? 2 : 1;
    } else {
      const close = endOfString(text, after);
      const marked = text.slice(after, close);
      let written = opened.get(marked);
      if (written === undefined) {
        opened.set(marked, (written = writtenFor(marked, options)));
      }
      parts.push(text.slice(done, at - 1), written);
      done = close + 1;
    }
  }
  parts.push(text.slice(done));
  return parts.join('');
}

/** JSON for a mark: `D` a directory entry, `E` a sealed value, `C` a position. */
function writtenFor(marked: string, options: SpliceOptions): string {
  if (marked.startsWith('D')) return options.reference(marked.slice(1));
  const value = JSON.parse(`"${marked.slice(1)}"`) as string;
  return JSON.stringify(marked.startsWith('E') ? options.open(value) : options.cursor(value));
}

/** Index of the quote that ends the JSON string whose inside is at `from`. */
function endOfString(text: string, from: number): number {
  let at = from;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
