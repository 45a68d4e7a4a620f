import { addMonths, type CalendarDate } from '../kernel/dates.js';
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

/** A SHA-256 digest as 64 hexadecimal digits, kept in lower case. */
export function digestOf(value: string | null | undefined, field: string): string | null {
  const digest = textOf(value, field, 64)?.toLowerCase() ?? null;
  if (digest !== null && !/^[0-9a-f]{64}$/u.test(digest)) throw badInput(field, '摘要应为 64 位十六进制数', 'a digest has 64 hexadecimal digits');
  return digest;
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

/** When somebody was born and of which sex: as was written, and `bornOn` by the best of it (the birth date, the ID number, the age today in whole years). */
export interface Birth { birthDate: CalendarDate | null; sex: string | null; estimatedAge: number | null; bornOn: CalendarDate | null }

/** @throws Refusal BAD_USER_INPUT where one of them cannot be, or contradicts the ID number; `at` is the input that holds them */
export function birthOf(written: { birthDate?: string | null; sex?: string | null; estimatedAge?: number | null }, number: IdNumber | null, at: string, today: CalendarDate): Birth {
  const [birthDate, sex, age] = [written.birthDate ?? null, written.sex ?? null, written.estimatedAge ?? null];
  if (birthDate && birthDate > today) throw badInput(`${at}.birthDate`, '出生日期晚于今天', 'the birth date lies in the future');
  if (birthDate && birthDate < '1850-01-01') throw badInput(`${at}.birthDate`, '出生日期过早', 'the birth date lies too far back');
  if (number && number.bornOn > today) throw badInput(`${at}.idNumber`, '身份证号中的出生日期晚于今天', 'the birth date in the ID number lies in the future');
  if (number && birthDate && number.bornOn !== birthDate) throw badInput(`${at}.birthDate`, '出生日期与身份证号不符', 'the birth date contradicts the ID number');
  if (number && (sex === 'MALE' || sex === 'FEMALE') && number.sex !== sex) throw badInput(`${at}.sex`, '性别与身份证号不符', 'the sex contradicts the ID number');
  if (age !== null && (age < 0 || age > 130)) throw badInput(`${at}.estimatedAge`, '估计年龄应在 0 至 130 岁之间', 'an estimated age lies between 0 and 130');
  return { birthDate, sex, estimatedAge: age, bornOn: birthDate ?? number?.bornOn ?? (age === null ? null : addMonths(today, -12 * age)) };
}

/** A phone number: digits, with the few signs people put between them. Several stand with `、` between, an extension after `转`, as sheets are read. */
export function phoneOf(value: string | null | undefined, field: string): string | null {
  if (value === null || value === undefined) return null;
  const text = codeText(value);
  if (text === '') return null;
  if (!/^[0-9()/;,、转+-]{3,100}$/u.test(text) || !/[0-9]/u.test(text)) throw badInput(field, '电话号码只能含数字和 + - ( ) /，多个号码以顿号分开', 'a phone number has digits and + - ( ) / only');
  return text;
}
