import { hashesOf, type PlantedCanary } from './planted-canaries.js';

/** Everything in a text that can be a canary, by form. */
const FORMS = [/鸦\d{5}/gu, /\d{17}[\dX]/gu, /2[01]\d\d-\d\d-\d\d/gu, /15\d{8}/gu, /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gu, /(?:GT|AR|SE)-[0-9A-Z]{5}-[0-9A-Z]{5}/gu, /[0-9a-f]{64}/gu, /[\w+/-]{43}/gu];
const SEALED = /v1\.tests\.([\w-]+)/gu;
const BASE64_RUN = /[A-Za-z0-9+/_-]{11,}/gu;
const HEX_RUN = /(?:[0-9a-fA-F]{2}){8,}/gu;

/** Finds planted canaries in what leaves the process: as they are, escaped, percent-encoded, in base64 at any alignment, in hexadecimal, in other case, or hashed without a salt. */
export class CanarySearch {
  readonly #byText = new Map<string, PlantedCanary>();

  constructor(private readonly canaries: readonly PlantedCanary[]) {
    for (const canary of canaries) for (const text of [canary.text, ...hashesOf(canary.text), ...hashesOf(`${canary.text}雀`)]) this.#byText.set(text, canary);
  }

  /** What a viewer may read: canaries whose stored value its view holds. */
  allowedBy(view: string): Set<PlantedCanary> {
    return new Set(this.canaries.filter(({ stored }) => stored !== undefined && view.includes(stored)));
  }

  /** Canaries in a text that are not allowed, each as `text (where)`. */
  forbiddenIn(text: string, allowed: ReadonlySet<PlantedCanary>): string[] {
    return [...this.find(text)].filter((canary) => !allowed.has(canary)).map((canary) => `${canary.text} (${canary.where})`);
  }

  /** Canaries in a text, in whatever form. */
  find(text: string): Set<PlantedCanary> {
    const found = new Set<PlantedCanary>();
    const look = (words: string): void => {
      for (const form of FORMS) for (const [match] of words.matchAll(form)) this.#note(found, match);
      for (const [, body = ''] of words.matchAll(SEALED)) this.#note(found, body.slice(-32));
    };
    look(text);
    look(text.toLowerCase());
    look(text.toUpperCase());
    if (text.includes('\\u')) look(text.replaceAll(/\\u([0-9a-fA-F]{4})/gu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))));
    if (text.includes('%')) look(Buffer.from(text.replaceAll(/%([0-9a-fA-F]{2})/gu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1').toString('utf8'));
    const decoded = new Set<string>();
    for (const run of new Set(text.match(BASE64_RUN))) for (let from = 0; from < 4; from += 1) decoded.add(Buffer.from(run.slice(from), 'base64').toString('utf8'));
    for (const run of new Set(text.match(HEX_RUN))) decoded.add(Buffer.from(run, 'hex').toString('utf8'));
    look([...decoded].join('\n'));
    return found;
  }

  #note(found: Set<PlantedCanary>, text: string): void {
    const canary = this.#byText.get(text);
    if (canary) found.add(canary);
  }
}
