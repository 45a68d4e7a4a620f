import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isFault } from '../../src/kernel/fault.js';
import { parseIdNumber, type IdNumber } from '../../src/kernel/id-number.js';
import { idNumberEnds } from '../../src/kernel/masks.js';

/** The sample of GB 11643 itself; nobody's number. */
const STANDARD_SAMPLE = '11010519491231002X';

function read(text: string): IdNumber {
  const parsed = parseIdNumber(text);
  if (isFault(parsed)) throw new Error(`${parsed.fault}: ${parsed.en}`);
  return parsed;
}

const faultOf = (text: string): string | undefined => {
  const parsed = parseIdNumber(text);
  return isFault(parsed) ? parsed.fault : undefined;
};

/** Fifteen digits of somebody who cannot exist: prefix 99xxxx, a real birth date of 19xx. */
const fifteenDigits = fc.tuple(fc.integer({ min: 0, max: 9999 }), fc.date({ min: new Date('1900-01-01'), max: new Date('1999-12-31T23:00Z'), noInvalidDate: true }), fc.integer({ min: 0, max: 999 }))
  .map(([prefix, born, serial]) => `99${String(prefix).padStart(4, '0')}${born.toISOString().slice(2, 10).replaceAll('-', '')}${String(serial).padStart(3, '0')}`);

describe('ID numbers', () => {
  test('the sample of the standard is read: birth date, sex, and a prefix of a real division', () => {
    expect(read(STANDARD_SAMPLE)).toEqual({ number18: STANDARD_SAMPLE, bornOn: '1949-12-31', sex: 'FEMALE', synthetic: false });
  });

  test('the old form of 15 digits gives the number of 18', () => {
    expect(read('110105491231002').number18).toBe(STANDARD_SAMPLE);
  });

  test('both spellings of one person give one number, and the prefix 99 is synthetic', () => {
    fc.assert(fc.property(fifteenDigits, (old) => {
      const fromOld = read(old);
      expect(read(fromOld.number18)).toEqual(fromOld);
      expect(fromOld.number18).toHaveLength(18);
      expect(fromOld.number18.slice(0, 17)).toBe(`${old.slice(0, 6)}19${old.slice(6)}`);
      expect(fromOld.sex).toBe(Number(old[14]) % 2 === 1 ? 'MALE' : 'FEMALE');
      expect(fromOld.synthetic).toBe(true);
    }));
  });

  test('a small x, full-width characters and blanks anywhere are taken', () => {
    expect(read('11010519491231002x').number18).toBe(STANDARD_SAMPLE);
    expect(read('１１０１０５１９４９１２３１００２Ｘ').number18).toBe(STANDARD_SAMPLE);
    expect(read('１１０１０５１９４９１２３１００２ｘ').number18).toBe(STANDARD_SAMPLE);
    expect(read(' 110105 19491231\u3000002X\n').number18).toBe(STANDARD_SAMPLE);
  });

  test('changing any one character, or swapping any two neighbours that differ, is found out', () => {
    fc.assert(fc.property(fifteenDigits, fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (old, place, step) => {
      const { number18 } = read(old);
      const digit = String((Number(number18[place]) + step) % 10);
      expect(isFault(parseIdNumber(number18.slice(0, place) + digit + number18.slice(place + 1)))).toBe(true);
      const swapped = number18.slice(0, place) + number18[place + 1] + number18[place] + number18.slice(place + 2);
      expect(swapped === number18 || isFault(parseIdNumber(swapped))).toBe(true);
    }));
  });

  test.each([
    ['', 'LENGTH'], ['无', 'LENGTH'], ['1101051949123100', 'LENGTH'], ['11010519491231002X0', 'LENGTH'],
    ['1101051949123100AX', 'CHARACTERS'], ['X1010519491231002X', 'CHARACTERS'], ['11010549123100X', 'CHARACTERS'], ['1101051949123100٢X', 'CHARACTERS'],
    ['110105194913310020', 'BIRTH_DATE'], ['110105194902290020', 'BIRTH_DATE'], ['110105490229002', 'BIRTH_DATE'], ['110105000101002000', 'BIRTH_DATE'],
    ['110105194912310020', 'CHECK_DIGIT'],
  ])('%p is refused as %s', (text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  test('29 February is a birth date in leap years only', () => {
    expect(faultOf('990000000229001')).toBe('BIRTH_DATE');
    expect(read('990000040229001').bornOn).toBe('1904-02-29');
  });

  test('a prefix that is no division of today is no fault', () => {
    expect(faultOf('000000700101001')).toBeUndefined();
    expect(faultOf('990281700101001')).toBeUndefined();
  });

  test('no sentence repeats the number', () => {
    for (const text of ['110105194912310020', '1101051949123100AX']) expect(JSON.stringify(parseIdNumber(text))).not.toContain(text.slice(0, 6));
  });

  test('ENDS shows the first and the last character in 18', () => {
    expect(idNumberEnds(STANDARD_SAMPLE)).toBe('1****************X');
    expect(idNumberEnds(STANDARD_SAMPLE)).toHaveLength(18);
  });
});
