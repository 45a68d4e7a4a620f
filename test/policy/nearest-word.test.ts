import { describe, expect, test } from '@jest/globals';
import { nearest } from '../../src/policy/yaml-reader.js';

describe('a misspelt word', () => {
  test.each<[what: string, text: string, words: string[], offered: string]>([
    ['with a letter left out', 'SEN', ['SENT', 'READ'], '`SENT`'],
    ['with a letter too many', 'SENTT', ['READ', 'SENT'], '`SENT`'],
    ['with a letter changed', 'REED', ['SENT', 'READ'], '`READ`'],
    ['with two letters exchanged', 'SETN', ['READ', 'SENT'], '`SENT`'],
    ['in small letters', 'sent', ['READ', 'SENT'], '`SENT`'],
    ['of many letters, with a third of them wrong', 'CIVIL_AFFAIRSxxxxxx', ['PARTNER', 'CIVIL_AFFAIRS'], '`CIVIL_AFFAIRS`'],
    ['that is near to two is taken for the first', 'RAD', ['RED', 'ROD'], '`RED`'],
    ['that is near to none is shown all', 'abcxyz', ['abc', 'def'], 'one of `abc`, `def`'],
    ['of the same letters in another order is shown all', 'dcba', ['abcd'], 'one of `abcd`'],
    ['that has letters too many before it', 'xyzabc', ['abc'], 'one of `abc`'],
    ['that lacks its beginning', 'FFAIRS', ['AFFAIRS', 'PARTNER'], '`AFFAIRS`'],
    ['that lacks more than two letters', 'A', ['ABCD'], 'one of `ABCD`'],
  ])('%s', (_, text, words, offered) => {
    expect(nearest(text, words)).toBe(offered);
  });
});
