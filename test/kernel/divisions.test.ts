import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { areasOf, isWithin, parseDivisionCode, rangeOf, type Succession } from '../../src/kernel/divisions.js';
import type { DivisionLevel } from '../../src/kernel/viewer.js';

describe('division codes', () => {
  test.each([
    ['320281', '320281'], ['320281100', '320281100'], ['３２０２８１', '320281'], [' 320 281 ', '320281'], ['320281000', '320281'], ['000000', '000000'],
  ])('%p is %s', (text, code) => {
    expect(parseDivisionCode(text)).toBe(code);
  });

  test.each(['', '32', '3202', '3202811', '320281100001', '32028x', '江阴市'])('%p is no division code', (text) => {
    expect(parseDivisionCode(text)).toMatchObject({ fault: 'DIVISION_CODE' });
  });
});

describe('the range of a division', () => {
  test.each<[string, DivisionLevel, string, string]>([
    ['000000', 'MINISTRY', '0', ':'], ['320000', 'PROVINCE', '320000', '330000'], ['320200', 'PREFECTURE', '320200', '320300'], ['320900', 'PREFECTURE', '320900', '321000'],
    ['320281', 'COUNTY', '320281', '320282'], ['419001', 'COUNTY', '419001', '419002'], ['441900', 'PREFECTURE', '441900', '442000'], ['320281100', 'TOWNSHIP', '320281100', '320281101'],
    ['320281109', 'TOWNSHIP', '320281109', '320281110'], ['320281999', 'TOWNSHIP', '320281999', '320281:'], ['999999', 'COUNTY', '999999', ':'], ['990000', 'PROVINCE', '990000', ':'],
  ])('%s as %s runs from %s to %s', (code, level, from, until) => {
    expect(rangeOf(code, level)).toEqual({ from, until });
  });

  test('holds the division and every code inside it, at the widths of townships and villages', () => {
    const county = [rangeOf('320281', 'COUNTY')];
    expect(['320281', '320281000', '320281100', '320281999', '320281100001'].every((code) => isWithin(code, county))).toBe(true);
    expect(['320280', '320280999', '320282', '320282100', '320200', '320000', '000000'].some((code) => isWithin(code, county))).toBe(false);
  });

  test('of a township never holds a county, the next one after the last number least of all', () => {
    fc.assert(fc.property(fc.integer({ min: 110101, max: 659999 }), fc.integer({ min: 1, max: 999 }), (county, place) => {
      const range = rangeOf(`${county}${String(place).padStart(3, '0')}`, 'TOWNSHIP');
      expect([county - 1, county, county + 1].some((code) => isWithin(String(code), [range]))).toBe(false);
    }));
  });

  test('everything lies within the whole country', () => {
    const country = [rangeOf('000000', 'MINISTRY')];
    expect(['000000', '110000', '659012', '820000', '999999', '999999999999'].every((code) => isWithin(code, country))).toBe(true);
  });

  test.each<[string, DivisionLevel]>([
    ['320281', 'PREFECTURE'], ['320200', 'PROVINCE'], ['320200', 'COUNTY'], ['320000', 'PREFECTURE'], ['320281', 'TOWNSHIP'], ['320281100', 'COUNTY'], ['320281000', 'TOWNSHIP'],
    ['320000', 'MINISTRY'], ['000000', 'PROVINCE'], ['3202', 'PREFECTURE'], ['32a200', 'PREFECTURE'], ['', 'COUNTY'],
  ])('%p cannot be of level %s', (code, level) => {
    expect(() => rangeOf(code, level)).toThrow(RangeError);
  });

  test('nothing lies within no areas', () => {
    expect(isWithin('320281', [])).toBe(false);
  });
});

describe('areas with successions', () => {
  const successions: Succession[] = [
    { abolished: '340225', level: 'COUNTY', successor: '340281', on: '2019-12-16' },
    { abolished: '341422', level: 'COUNTY', successor: '340225', on: '2011-08-22' },
    { abolished: '371202', level: 'COUNTY', successor: '370116', on: '2019-01-09' },
    { abolished: '371200', level: 'PREFECTURE', successor: '370100', on: '2019-01-09' },
  ];
  const codesOf = (code: string, level: DivisionLevel): string[] => areasOf({ code, level }, successions).map(({ from }) => from);

  test('a division has its own range first, then those it took over, through every step', () => {
    expect(areasOf({ code: '340281', level: 'COUNTY' }, successions)).toEqual([{ from: '340281', until: '340282' }, { from: '340225', until: '340226' }, { from: '341422', until: '341423' }]);
  });

  test('a prefecture has also what a county inside it took over from elsewhere', () => {
    expect(codesOf('340200', 'PREFECTURE')).toEqual(['340200', '341422']);
  });

  test('a county that took over one county of an abolished prefecture does not get the rest of it', () => {
    expect(codesOf('370116', 'COUNTY')).toEqual(['370116', '371202']);
    expect(codesOf('370100', 'PREFECTURE')).toContain('371200');
  });

  test('what already lies within the division is not repeated', () => {
    expect(codesOf('340000', 'PROVINCE')).toEqual(['340000']);
    expect(codesOf('000000', 'MINISTRY')).toEqual(['0']);
  });

  test('others get nothing', () => {
    expect(codesOf('320281', 'COUNTY')).toEqual(['320281']);
  });

  test('a code that was given back does not make it run for ever', () => {
    const backAndForth: Succession[] = [{ abolished: '990101', level: 'COUNTY', successor: '990102', on: '2000-01-01' }, { abolished: '990102', level: 'COUNTY', successor: '990101', on: '2010-01-01' }];
    expect(areasOf({ code: '990101', level: 'COUNTY' }, backAndForth).map(({ from }) => from)).toEqual(['990101', '990102']);
  });
});
