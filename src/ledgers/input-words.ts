import { badInput } from '../kernel/errors.js';
import { isFault } from '../kernel/fault.js';
import { parseIdNumber, type IdNumber } from '../kernel/id-number.js';
import { cleanText, codeText } from '../kernel/text.js';

/** What people write, made fit to store. Each function names the input at fault. */

/** A text, trimmed and without control characters; empty and absent are both null. */
export function textOf(value: string | null | undefined, field: string, maxChars = 200, lines = false): string | null {
  if (value === null || value === undefined) return null;
  const text = cleanText(value, { maxChars, lines });
  if (typeof text !== 'string') throw badInput(field, text.zh, text.en);
  return text === '' ? null : text;
}

export function requiredText(value: string, field: string, maxChars = 200): string {
  const text = textOf(value, field, maxChars);
  if (text === null) throw badInput(field, '不能为空', 'may not be empty');
  return text;
}

/** An ID number (GB 11643) in its 18-digit form. A production hub takes none that can belong to nobody. */
export function idNumberOf(value: string | null | undefined, field: string, acceptSynthetic: boolean): IdNumber | null {
  if (value === null || value === undefined || value.trim() === '') return null;
  if (value.length > 64) throw badInput(field, '身份证号过长', 'the ID number is too long');
  const parsed = parseIdNumber(value);
  if (isFault(parsed)) throw badInput(field, parsed.zh, parsed.en);
  if (parsed.synthetic && !acceptSynthetic) throw badInput(field, '测试用身份证号不能用于正式环境', 'a synthetic ID number is not taken in production');
  return parsed;
}

/** A phone number: digits, with the few signs people put between them. Several stand with `、` between, an extension after `转`, as sheets are read. */
export function phoneOf(value: string | null | undefined, field: string): string | null {
  if (value === null || value === undefined) return null;
  const text = codeText(value);
  if (text === '') return null;
  if (!/^[0-9()/;,、转+-]{3,100}$/u.test(text) || !/[0-9]/u.test(text)) throw badInput(field, '电话号码只能含数字和 + - ( ) /，多个号码以顿号分开', 'a phone number has digits and + - ( ) / only');
  return text;
}
