import { describe, expect, test } from '@jest/globals';
import type { Catalogue } from '../../src/policy/catalogue.js';
import { parsePolicy, type PolicySource } from '../../src/policy/parse-policy.js';
import { refusalOf, SMALL_CATALOGUE, SMALL_SOURCES } from './small-policy.js';

/** What the file of statistics must say, and what it may not. */
const CATALOGUE: Catalogue = { ...SMALL_CATALOGUE, measures: ['LETTERS', 'RESIDENTS'] };
const SHIPPED = `- { measure: LETTERS, title: 已寄出的信函, counts: [Letter.state, Letter.sentOn], smallest: 5, allow: [{ kind: [CIVIL_AFFAIRS], for: [SUPERVISION] }], basis: 民发四号 }
- { measure: RESIDENTS, title: 居民, counts: [Resident.sex], smallest: 12, allow: [{ kind: [AUDIT], roles: [AUDITOR], for: [AUDIT] }, { for: [RETURN] }], basis: 民发五号 }
`;
const withStatistics = (text: string): PolicySource[] => [...SMALL_SOURCES, { name: 'statistics.yaml', text }];

test('a release says what is counted, from which cells, the smallest count shown, to whom and under which law', () => {
  expect([...parsePolicy(withStatistics(SHIPPED), CATALOGUE).statistics]).toEqual([
    ['LETTERS', { measure: 'LETTERS', title: '已寄出的信函', counts: ['Letter.state', 'Letter.sentOn'], smallest: 5, allowed: [{ kind: ['CIVIL_AFFAIRS'], purposes: ['SUPERVISION'] }], basis: '民发四号', place: { file: 'statistics.yaml', line: 1, column: 3 } }],
    ['RESIDENTS', { measure: 'RESIDENTS', title: '居民', counts: ['Resident.sex'], smallest: 12, allowed: [{ kind: ['AUDIT'], roles: ['AUDITOR'], purposes: ['AUDIT'] }, { purposes: ['RETURN'] }], basis: '民发五号', place: { file: 'statistics.yaml', line: 2, column: 3 } }],
  ]);
});

test('where nothing is counted no file is asked for, and none is read', () => {
  expect(parsePolicy(SMALL_SOURCES, SMALL_CATALOGUE).statistics).toEqual(new Map());
  expect(parsePolicy(SMALL_SOURCES, { ...SMALL_CATALOGUE, measures: [] }).statistics).toEqual(new Map());
  expect(refusalOf(SMALL_SOURCES, CATALOGUE)).toEqual(['policies:1:1: statistics.yaml is missing; add it to the folder of policies']);
});

describe('refused in the statistics:', () => {
  test.each<[rule: string, from: string | null, to: string, says: string[]]>([
    ['what is no list', null, 'measure: LETTERS\n', [
      'statistics.yaml:1:1: the list of statistics is not a list; write it as `[ … ]`', 'statistics.yaml:1:1: measure `LETTERS` has no rule; add it', 'statistics.yaml:1:1: measure `RESIDENTS` has no rule; add it',
    ]],
    ['an entry with an unknown key', 'smallest: 5', 'smallest: 5, level: [COUNTY]', ['statistics.yaml:1:90: `level` is not known in a statistic; use one of `measure`, `title`, `counts`, `smallest`, `allow`, `basis`']],
    ['an entry that lacks what it must say', ', smallest: 12, allow: [{ kind: [AUDIT], roles: [AUDITOR], for: [AUDIT] }, { for: [RETURN] }], basis: 民发五号', '', [
      'statistics.yaml:2:3: a statistic has no `smallest`; add `smallest: …`', 'statistics.yaml:2:3: a statistic has no `allow`; add `allow: …`', 'statistics.yaml:2:3: a statistic has no `basis`; add `basis: …`',
      'statistics.yaml:1:1: a count of 0 would be shown; write 5 or more',
    ]],
    ['a measure that nobody counts', 'measure: LETTERS', 'measure: PARCELS', ['statistics.yaml:1:14: measure `PARCELS` is not known; use one of `LETTERS`, `RESIDENTS`', 'statistics.yaml:1:1: measure `LETTERS` has no rule; add it']],
    ['a measure twice', 'measure: RESIDENTS', 'measure: LETTERS', ['statistics.yaml:2:3: measure `LETTERS` stands twice; keep one of the two', 'statistics.yaml:1:1: measure `RESIDENTS` has no rule; add it']],
    ['a count of four', 'smallest: 5', 'smallest: 4', ['statistics.yaml:1:87: a count of 4 would be shown; write 5 or more']],
    ['an audience without a purpose', 'kind: [CIVIL_AFFAIRS], for: [SUPERVISION]', 'kind: [CIVIL_AFFAIRS]', ['statistics.yaml:1:3: an entry of `allow` names no purpose; add `for: [ … ]`']],
    ['one audience of two without a purpose', '{ for: [RETURN] }', '{ kind: [HEALTH] }', ['statistics.yaml:2:3: an entry of `allow` names no purpose; add `for: [ … ]`']],
    ['a cell that is none', 'Letter.sentOn', 'Letter.sentAt', ['statistics.yaml:1:61: cell `Letter.sentAt` is not known; use `Letter.sentOn`']],
  ])('%s', (_, from, to, says) => {
    const text = from === null ? to : SHIPPED.replace(from, to);
    expect(text).not.toBe(SHIPPED);
    expect(refusalOf(withStatistics(text), CATALOGUE)).toEqual(says);
  });

  test('five is the smallest count that may be shown', () => {
    expect(refusalOf(withStatistics(SHIPPED), CATALOGUE)).toEqual([]);
  });
});
