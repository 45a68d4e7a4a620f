import { isRealDay, type CalendarDate } from './dates.js';
import type { Fault } from './fault.js';
import { codeText } from './text.js';

/** What a citizen's ID number (公民身份号码, GB 11643) says. */
export interface IdNumber {
  /** Always 18 characters, the last a digit or a capital X: one person, one number, however it was written. */
  number18: string;
  bornOn: CalendarDate;
  sex: 'MALE' | 'FEMALE';
  /** Prefix 99xxxx: belongs to no division, so to no living person. A production configuration refuses such numbers. */
  synthetic: boolean;
}

export type IdNumberFault = Fault<'LENGTH' | 'CHARACTERS' | 'BIRTH_DATE' | 'CHECK_DIGIT'>;

/**
 * Reads an ID number of 18 characters, or of 15 digits (issued until 1999; the births are of 19xx, and the check digit is computed).
 * Full-width characters, a small x and blanks anywhere are taken. The first six digits are never checked: divisions abolished since
 * stay in the numbers they gave.
 */
export function parseIdNumber(text: string): IdNumber | IdNumberFault {
  const code = codeText(text).toUpperCase();
  if (code.length !== 18 && code.length !== 15) return FAULTS.LENGTH;
  if (!/^(\d{15}|\d{17}[\dX])$/.test(code)) return FAULTS.CHARACTERS;

  const body = code.length === 18 ? code.slice(0, 17) : `${code.slice(0, 6)}19${code.slice(6)}`;
  const [year, month, day] = [body.slice(6, 10), body.slice(10, 12), body.slice(12, 14)];
  if (Number(year) < EARLIEST_YEAR || !isRealDay(Number(year), Number(month), Number(day))) return FAULTS.BIRTH_DATE;

  const number18 = body + checkDigitOf(body);
  if (code.length === 18 && code !== number18) return FAULTS.CHECK_DIGIT;
  return { number18, bornOn: `${year}-${month}-${day}`, sex: Number(body[16]) % 2 === 1 ? 'MALE' : 'FEMALE', synthetic: body.startsWith('99') };
}

function checkDigitOf(body: string): string {
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(body[place]), 0);
  return '10X98765432'[sum % 11];
}

/** GB 11643: 2^(17 - place) mod 11. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Nobody alive when numbers were first given (1984) was born before. */
const EARLIEST_YEAR = 1850;

const FAULTS = {
  LENGTH: { fault: 'LENGTH', zh: '身份证号码应为18位（或旧式15位）', en: 'an ID number has 18 characters, or 15 in the old form' },
  CHARACTERS: { fault: 'CHARACTERS', zh: '身份证号码只能由数字组成，第18位可以是X', en: 'an ID number consists of digits; only the 18th may be X' },
  BIRTH_DATE: { fault: 'BIRTH_DATE', zh: '身份证号码中的出生日期不存在', en: 'the birth date in the ID number does not exist' },
  CHECK_DIGIT: { fault: 'CHECK_DIGIT', zh: '身份证号码校验位不符，请核对', en: 'the check digit of the ID number does not fit; compare it with the card' },
} as const satisfies Record<string, IdNumberFault>;
