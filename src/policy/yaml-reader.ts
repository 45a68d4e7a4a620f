import { isMap, isScalar, isSeq, LineCounter, parseDocument, Scalar, type Document, type Node, type YAMLMap } from 'yaml';
import { addDays, parseDate } from '../kernel/dates.js';
import { PolicyFault, type Place } from './language.js';

/** One policy file, open for reading: YAML nodes with places, and the faults found so far. */
export class YamlFile {
  readonly faults: PolicyFault[] = [];
  readonly root: Node | null;
  readonly #lines: LineCounter;

  constructor(readonly name: string, text: string) {
    const { document, lines } = parsed(text);
    this.#lines = lines;
    this.root = document.contents;
    for (const error of [...document.errors, ...document.warnings]) {
      const at = this.#lines.linePos(error.pos[0]);
      const said = error.message.split('\n')[0];
      const mend = error.code === 'DUPLICATE_KEY' ? 'keep one of the two entries' : 'correct the YAML at this place';
      this.faults.push(new PolicyFault({ file: name, line: at.line, column: at.col }, said.replace(/ at line .*$/u, ''), mend));
    }
  }

  placeOf(node: Node | null | undefined): Place {
    const at = this.#lines.linePos(node?.range?.[0] ?? 0);
    return { file: this.name, line: at.line, column: at.col };
  }

  fault(node: Node | null | undefined, problem: string, mend: string): void {
    this.faults.push(new PolicyFault(this.placeOf(node), problem, mend));
  }

  /** The entries of a mapping, checked against the keys it may and must have. Unknown keys are faults: a misspelt key never silently means nothing. */
  entries(node: Node | null | undefined, what: string, allowed: readonly string[], required: readonly string[] = []): Map<string, Node> {
    const found = new Map<string, Node>();
    if (!isMap(node)) {
      this.fault(node, `${what} is not a mapping`, `write it as \`${required[0] ?? allowed[0]}: …\``);
      return found;
    }
    for (const { key, value } of pairsOf(node)) {
      if (!allowed.includes(key.text)) this.fault(key.node, `\`${key.text}\` is not known in ${what}`, `use one of ${allowed.map((name) => `\`${name}\``).join(', ')}`);
      else if (isScalar(value) && value.value === null) this.fault(key.node, `\`${key.text}\` has no value`, 'give it a value or take it out');
      else found.set(key.text, value);
    }
    for (const name of required) if (!found.has(name)) this.fault(node, `${what} has no \`${name}\``, `add \`${name}: …\``);
    return found;
  }

  /** The pairs of a mapping whose keys are free (names of relations, attributes). */
  pairs(node: Node | null | undefined, what: string): { key: string; keyNode: Node; value: Node }[] {
    if (!isMap(node)) {
      if (node) this.fault(node, `${what} is not a mapping`, 'write it as `name: …`');
      return [];
    }
    return pairsOf(node).map(({ key, value }) => ({ key: key.text, keyNode: key.node, value }));
  }

  /** The items of a list; an empty list is a fault, because a list that is empty by mistake must never mean `nobody` or `everybody`. */
  items(node: Node | null | undefined, what: string): Node[] {
    if (!isSeq(node)) {
      if (node) this.fault(node, `${what} is not a list`, 'write it as `[ … ]`');
      return [];
    }
    if (node.items.length === 0) this.fault(node, `${what} is empty`, 'name at least one, or take the key out');
    return node.items as Node[];
  }

  text(node: Node | null | undefined, what: string): string {
    if (isScalar(node) && typeof node.value === 'string' && node.value.trim() !== '') return node.value;
    if (isScalar(node) && typeof node.value === 'number') return String(node.source ?? node.value);
    if (node) this.fault(node, `${what} is not a text`, 'write a word or a sentence');
    return '';
  }

  boolean(node: Node | null | undefined, what: string): boolean {
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    if (node) this.fault(node, `${what} is neither true nor false`, 'write `true` or `false`');
    return false;
  }

  /**
   * An instant, in milliseconds since 1970: `2026-07-01T08:00:00+08:00`, or a day in China, of which its first instant, or, as an `end`, the first
   * instant after it: `until: 2026-12-31` holds the whole of that day, as a letter that names a last day would be read.
   */
  instant(node: Node | null | undefined, what: string, end: boolean): number | undefined {
    const text = this.text(node, what);
    const day = parseDate(text);
    if (typeof day === 'string') return Date.parse(`${end ? addDays(day, 1) : day}T00:00:00+08:00`);
    const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/u.test(text) && typeof parseDate(text.slice(0, 10)) === 'string' ? Date.parse(text) : Number.NaN;
    if (!Number.isNaN(at)) return at;
    if (text) this.fault(node, `${what} \`${text}\` is neither a day nor an instant`, 'write it as `2026-12-31` or `2026-12-31T18:00:00+08:00`');
    return undefined;
  }

  number(node: Node | null | undefined, what: string): number {
    if (isScalar(node) && typeof node.value === 'number' && Number.isInteger(node.value) && node.value > 0) return node.value;
    if (node) this.fault(node, `${what} is not a positive whole number`, 'write a number such as `5`');
    return 0;
  }

  /** A word out of a closed set; the nearest one is offered where it is misspelt. */
  word<Word extends string>(node: Node | null | undefined, what: string, words: readonly Word[]): Word | undefined {
    const text = this.text(node, what);
    if ((words as readonly string[]).includes(text)) return text as Word;
    if (text) this.fault(node, `${what} \`${text}\` is not known`, `use ${nearest(text, words)}`);
    return undefined;
  }

  /** A list of words out of a closed set, without repetition. */
  words<Word extends string>(node: Node | null | undefined, what: string, words: readonly Word[]): Word[] {
    const found: Word[] = [];
    for (const item of this.items(node, what)) {
      const word = this.word(item, what, words);
      if (word && found.includes(word)) this.fault(item, `${what} names \`${word}\` twice`, 'keep one of the two');
      else if (word) found.push(word);
    }
    return found;
  }
}

interface Parsed { document: Document.Parsed; lines: LineCounter }

/** Files read lately, by their text: of a policy that is read again most files are as they were. */
const readLately = new Map<string, Parsed>();
const KEPT_AT_MOST = 40;

/** Nobody changes a tree. */
function parsed(text: string): Parsed {
  let known = readLately.get(text);
  if (known) {
    readLately.delete(text);
  } else {
    const lines = new LineCounter();
    known = { lines, document: parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true }) };
  }
  readLately.set(text, known);
  const [oldest] = readLately.keys();
  if (readLately.size > KEPT_AT_MOST && oldest !== undefined) readLately.delete(oldest);
  return known;
}

/** A key without a value, as in `{ all }`, is read like `all:`, whose value is null and has a place; an absent list would pass for one without entries. */
function pairsOf(node: YAMLMap): { key: { text: string; node: Node }; value: Node }[] {
  return node.items.map((pair) => {
    const key = pair.key as Node;
    return { key: { text: isScalar(key) ? String(key.value) : '', node: key }, value: (pair.value as Node | null) ?? Object.assign(new Scalar(null), { range: key.range }) };
  });
}

/** The word nearest to a misspelt one, then the others, for the mend of a message. */
export function nearest(text: string, words: readonly string[]): string {
  const sorted = [...words].toSorted((one, other) => distance(text, one) - distance(text, other));
  const first = sorted[0];
  if (first !== undefined && distance(text, first) <= Math.max(2, text.length / 3)) return `\`${first}\``;
  return `one of ${words.map((word) => `\`${word}\``).join(', ')}`;
}

function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (one[i - 1].toLowerCase() === other[j - 1].toLowerCase() ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, swap));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
