import type { Fault } from './fault.js';

/** Full-width ASCII (U+FF01–U+FF5E, what a Chinese input method types) to half width, and the ideographic blank to a plain one. */
export function halfWidth(text: string): string {
  return text.replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ');
}

/** A number or code as people type and paste it, ready to be parsed: half width, no blanks anywhere, nothing invisible. Case is kept. */
export function codeText(text: string): string {
  return halfWidth(text).replace(/\s/g, '').replace(INVISIBLE, '');
}

export interface TextLimits {
  /** Most characters (code points) after cleaning. */
  maxChars: number;
  /** True where a person may write several lines: line feeds and tabs stay, other line ends become line feeds. Default: false. */
  lines?: boolean;
}

export type TextFault = Fault<'CONTROL_CHARACTER' | 'LONE_SURROGATE' | 'TOO_LONG'>;

/**
 * A text from a person, fit to be stored, matched and printed: trimmed, composed (NFC, so that two spellings of one character match),
 * without invisible blanks. May be empty. Refused: control characters (PostgreSQL cannot store NUL, and none belongs on a letter),
 * overrides of the writing direction (a printed name would read differently from the stored one), halves of surrogate pairs (no UTF-8).
 */
export function cleanText(text: string, limits: TextLimits): string | TextFault {
  if (/\p{Surrogate}/u.test(text)) return { fault: 'LONE_SURROGATE', zh: '含有不完整的字符', en: 'the text holds half of a character' };
  const trimmed = text.replace(INVISIBLE, '').trim().normalize('NFC');
  const clean = limits.lines ? trimmed.replace(/\r\n?|[\u2028\u2029]/g, '\n') : trimmed;
  if (UNPRINTABLE.test(limits.lines ? clean.replace(/[\n\t]/g, '') : clean)) {
    return { fault: 'CONTROL_CHARACTER', zh: limits.lines ? '含有控制字符' : '含有控制字符或换行', en: 'the text holds a control character' };
  }
  if ([...clean].length > limits.maxChars) {
    return { fault: 'TOO_LONG', zh: `不能超过${limits.maxChars}个字符`, en: `the text is longer than ${limits.maxChars} characters` };
  }
  return clean;
}

/** Zero-width blank, word joiner, byte order mark: they come with pasted text and make equal texts unequal. Joiners of scripts stay. */
const INVISIBLE = /[\u200B\u2060\uFEFF]/g;

/** Control characters, line and paragraph separators, and embeddings, overrides and isolates of the writing direction. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;
