import { describe, expect, test } from '@jest/globals';
import { Refusal } from '../../src/kernel/errors.js';
import { birthOf, idNumberOf } from '../../src/ledgers/input-words.js';

const TODAY = '2026-03-01';
const ENTRY = 'input.subject';
const numberOf = (text: string) => idNumberOf(text, `${ENTRY}.idNumber`, true);

/** Born 1994-06-12, a woman. */
const WOMAN = '990104199406120047';
const UNBORN = '990104202606120046';

function fieldRefused(written: Parameters<typeof birthOf>[0], number: string | null): string | undefined {
  try {
    birthOf(written, number === null ? null : numberOf(number), ENTRY, TODAY);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'BAD_USER_INPUT') return error.detail.field;
    throw error;
  }
  return undefined;
}

describe('when somebody was born', () => {
  test.each([
    ['the birth date decides', { birthDate: '1994-06-12', estimatedAge: 40 }, null, '1994-06-12'],
    ['the number decides where no date was written, whatever the guess', { estimatedAge: 40 }, WOMAN, '1994-06-12'],
    ['a guessed age counts from today', { estimatedAge: 40 }, null, '1986-03-01'],
    ['an age of nought is an infant of today', { estimatedAge: 0 }, null, '2026-03-01'],
    ['nothing written is nothing known', {}, null, null],
    ['born today', { birthDate: TODAY }, null, TODAY],
  ])('%s', (_, written, number, bornOn) => {
    expect(birthOf(written, number === null ? null : numberOf(number), ENTRY, TODAY).bornOn).toBe(bornOn);
  });

  test('what was written stays as written, beside the number', () => {
    expect(birthOf({ estimatedAge: 40, sex: 'UNKNOWN' }, numberOf(WOMAN), ENTRY, TODAY)).toEqual({ birthDate: null, sex: 'UNKNOWN', estimatedAge: 40, bornOn: '1994-06-12' });
  });

  test.each([
    ['a birth date to come', { birthDate: '2026-03-02' }, null, 'birthDate'],
    ['a birth date of another age of the world', { birthDate: '1849-12-31' }, null, 'birthDate'],
    ['a birth date that the number contradicts', { birthDate: '1994-06-13' }, WOMAN, 'birthDate'],
    ['a sex that the number contradicts', { sex: 'MALE' }, WOMAN, 'sex'],
    ['a number of somebody not yet born', {}, UNBORN, 'idNumber'],
    ['an age below nought', { estimatedAge: -1 }, null, 'estimatedAge'],
    ['an age nobody reaches', { estimatedAge: 131 }, null, 'estimatedAge'],
  ])('%s is refused, naming the input', (_, written, number, field) => {
    expect(fieldRefused(written, number)).toBe(`${ENTRY}.${field}`);
  });
});
