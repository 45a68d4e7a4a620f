import { sheetDamaged } from './sheet-refusals.js';

export type XmlToken = 'open' | 'close' | 'text';

/**
 * Steps through the XML of an Office part, token by token, without building a tree. Names come without their prefix (some writers say `x:row`).
 * A document type is refused: Office parts have none (ECMA-376 part 2 §6.1.4), and it is how entities are made to explode.
 */
export class XmlReader {
  /** Local name of the element just opened or closed. */
  name = '';
  /** True for `<a/>`, which is opened and never closed. */
  empty = false;
  /** Raw text of the token `text`; `text()` decodes it. */
  private raw = '';
  private rawAttributes = '';
  private literal = false;

  constructor(private readonly xml: string, private at = 0) {}

  /** Moves to the next token; undefined at the end. @throws BAD_USER_INPUT if the XML is cut short or has a document type. */
  next(): XmlToken | undefined {
    for (;;) {
      if (this.at >= this.xml.length) return undefined;
      const open = this.xml.indexOf('<', this.at);
      if (open !== this.at) return this.takeText(open < 0 ? this.xml.length : open);
      const mark = this.xml[open + 1];
      if (mark === '?') this.at = this.after('?>', open);
      else if (mark !== '!') return this.takeTag(open);
      else if (this.xml.startsWith('<!--', open)) this.at = this.after('-->', open);
      else if (this.xml.startsWith('<![CDATA[', open)) return this.takeLiteral(open);
      else throw sheetDamaged('含有不允许的 XML 声明', 'a document type is not allowed');
    }
  }

  /** The decoded text of the present token. */
  text(): string {
    return this.literal ? this.raw : decodeEntities(this.raw);
  }

  /** Attributes of the element just opened, by local name, decoded. */
  attributes(): Record<string, string> {
    const found: Record<string, string> = {};
    if (this.rawAttributes === '') return found;
    for (const [, name, double, single] of this.rawAttributes.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
      found[localName(name ?? '')] = decodeEntities(double ?? single ?? '');
    }
    return found;
  }

  private takeText(end: number): XmlToken {
    this.raw = this.xml.slice(this.at, end);
    this.literal = false;
    this.at = end;
    return 'text';
  }

  private takeLiteral(open: number): XmlToken {
    this.at = this.after(']]>', open);
    this.raw = this.xml.slice(open + 9, this.at - 3);
    this.literal = true;
    return 'text';
  }

  private takeTag(open: number): XmlToken {
    const end = this.endOfTag(open + 1);
    this.at = end + 1;
    if (this.xml[open + 1] === '/') {
      this.name = localName(this.xml.slice(open + 2, end).trimEnd());
      return 'close';
    }
    this.empty = this.xml[end - 1] === '/';
    const inside = this.xml.slice(open + 1, this.empty ? end - 1 : end);
    const blank = inside.search(/\s/);
    this.name = localName(blank < 0 ? inside : inside.slice(0, blank));
    this.rawAttributes = blank < 0 ? '' : inside.slice(blank);
    return 'open';
  }

  /** The `>` that ends the tag: one inside quotes does not. */
  private endOfTag(from: number): number {
    let quote = '';
    for (let at = from; at < this.xml.length; at++) {
      const char = this.xml[at] as string;
      if (quote !== '') quote = char === quote ? '' : quote;
      else if (char === '>') return at;
      else if (char === '"' || char === "'") quote = char;
    }
    throw sheetDamaged('XML 不完整', 'XML cut short');
  }

  private after(mark: string, from: number): number {
    const found = this.xml.indexOf(mark, from);
    if (found < 0) throw sheetDamaged('XML 不完整', 'XML cut short');
    return found + mark.length;
  }
}

/** XML text of a part: UTF-8, or UTF-16 where its byte order mark says so. */
export function decodeXml(part: Buffer): string {
  const encoding = part[0] === 0xff && part[1] === 0xfe ? 'utf-16le' : part[0] === 0xfe && part[1] === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(part);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-z]{2,4});/g, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
