import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SqlOf } from '../../src/policy/catalogue.js';
import { allOf, anyOf, existsOf, not, predicateSql, type Predicate } from '../../src/policy/predicate.js';
import { readSql, type Row, type SqlWorld } from './sql-truth.js';

const column = (name: string): SqlOf => (alias) => `${alias}.${name}`;
const way = (outer: string, inner: string): { table: string; on: string } => ({ table: 'linked', on: `${inner}.outer_id = ${outer}.id` });
const wayBack = (outer: string, inner: string): { table: string; on: string } => ({ table: 'linked', on: `${inner}.id = ${outer}.outer_id` });
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(column) as [SqlOf, SqlOf, SqlOf, SqlOf];
const text = (predicate: Predicate, alias = 't'): string => predicateSql(predicate, alias);
const linked = (inner: string): string => `EXISTS (SELECT 1 FROM linked tx WHERE tx.outer_id = t.id${inner && ` AND ${inner}`})`;

describe('the one form of a predicate', () => {
  test.each<[rule: string, predicate: Predicate, sql: string]>([
    ['always', 'ALWAYS', 'TRUE'], ['never', 'NEVER', 'FALSE'], ['all of nothing is always', allOf([]), 'TRUE'], ['any of nothing is never', anyOf([]), 'FALSE'], ['not never is always', not('NEVER'), 'TRUE'], ['not always is never', not('ALWAYS'), 'FALSE'],
    ['one test stands alone', allOf([a]), 't.a'], ['one that is not met stands alone', anyOf([not(a)]), '(NOT t.a)'], ['not not is the test', not(not(a)), 't.a'],
    ['what always holds adds nothing to all', allOf([a, 'ALWAYS']), 't.a'], ['what never holds adds nothing to any', anyOf([a, 'NEVER']), 't.a'], ['what never holds spoils all', allOf([a, 'NEVER']), 'FALSE'], ['what always holds settles any', anyOf(['ALWAYS', a]), 'TRUE'],
    ['said twice is said once', allOf([a, b, a]), '(t.a AND t.b)'], ['all of all is all', allOf([a, allOf([b, c])]), '(t.a AND t.b AND t.c)'], ['any of any is any', anyOf([anyOf([a, b]), c]), '(t.a OR t.b OR t.c)'],
    ['not all is any not', not(allOf([a, b])), '((NOT t.a) OR (NOT t.b))'], ['not any is all not', not(anyOf([a, not(b)])), '(t.b AND (NOT t.a))'],
    ['a test and its opposite are never', allOf([a, not(a), b]), 'FALSE'], ['a test or its opposite is always', anyOf([b, not(a), a]), 'TRUE'], ['some linked and none are never', allOf([existsOf(way, a), not(existsOf(way, a))]), 'FALSE'],
    ['short tests come before long ones, then in the order of letters', allOf([column('z'), column('long'), column('b'), a]), '(t.a AND t.b AND t.z AND t.long)'],
    ['few comparisons come before many', anyOf([allOf([a, b]), column('longer_than_both')]), '(t.longer_than_both OR (t.a AND t.b))'],
    ['a column comes before another table', allOf([(alias) => `EXISTS (SELECT FROM q WHERE i = ${alias}.i)`, existsOf(way, b), column('a_column_with_so_long_a_name_that_its_text_is_by_far_longer_than_the_look')]), `(t.a_column_with_so_long_a_name_that_its_text_is_by_far_longer_than_the_look AND EXISTS (SELECT FROM q WHERE i = t.i) AND ${linked('tx.b')})`],
    ['two joined tables come after one', allOf([(alias) => `EXISTS (SELECT FROM q JOIN r WHERE i = ${alias}.i)`, (alias) => `EXISTS (SELECT FROM another_table WHERE another_column = ${alias}.i)`]), '(EXISTS (SELECT FROM another_table WHERE another_column = t.i) AND EXISTS (SELECT FROM q JOIN r WHERE i = t.i))'],
    ['a link with a dear condition comes after one with a cheap one', allOf([existsOf(way, allOf([a, b])), existsOf(wayBack, c)]), '(EXISTS (SELECT 1 FROM linked tx WHERE tx.id = t.outer_id AND tx.c) AND EXISTS (SELECT 1 FROM linked tx WHERE tx.outer_id = t.id AND (tx.a AND tx.b)))'],
    ['a narrower rule adds nothing beside a wider one', anyOf([allOf([a, b]), a, allOf([a, c])]), 't.a'], ['a wider condition adds nothing beside a narrower one', allOf([anyOf([a, b]), a]), 't.a'],
    ['nor does one that two others cover', anyOf([allOf([anyOf([a, b]), c]), a, b]), '(t.a OR t.b)'], ['nor one that follows from a disjunction', allOf([anyOf([a, b]), anyOf([a, b, c])]), '(t.a OR t.b)'],
    ['what several rules share is asked once', anyOf([allOf([a, b]), allOf([a, c]), allOf([d, b])]), '((t.b AND t.d) OR (t.a AND (t.b OR t.c)))'],
    ['what several conditions share is asked once', allOf([anyOf([a, b]), anyOf([a, c])]), '(t.a OR (t.b AND t.c))'],
    ['what most rules share goes first', anyOf([allOf([a, b]), allOf([b, c]), allOf([b, d]), allOf([a, column('e')])]), '((t.a AND t.e) OR (t.b AND (t.a OR t.c OR t.d)))'],
    ['of two things shared alike, the dearer is asked once', anyOf([allOf([a, existsOf(way, b)]), allOf([a, existsOf(wayBack, c)]), allOf([d, existsOf(way, b)])]), `((t.a AND EXISTS (SELECT 1 FROM linked tx WHERE tx.id = t.outer_id AND tx.c)) OR ((t.a OR t.d) AND ${linked('tx.b')}))`],
    ['nothing shared, nothing done', anyOf([allOf([a, b]), allOf([c, d])]), '((t.a AND t.b) OR (t.c AND t.d))'],
    ['any record behind a link', existsOf(way, 'ALWAYS'), linked('')], ['no record behind a link can meet the impossible', existsOf(way, 'NEVER'), 'FALSE'], ['a look through a link', existsOf(way, a), linked('tx.a')],
    ['no look finds anything', not(existsOf(way, a)), `(NOT ${linked('tx.a')})`], ['looks of which one suffices are one', anyOf([existsOf(way, a), existsOf(way, b)]), linked('(tx.a OR tx.b)')], ['looks that all find nothing are one', allOf([not(existsOf(way, a)), not(existsOf(way, b))]), `(NOT ${linked('(tx.a OR tx.b)')})`],
    ['looks that must each find something stay two', allOf([existsOf(way, a), existsOf(way, b)]), `(${linked('tx.a')} AND ${linked('tx.b')})`], ['looks of which one may find nothing stay two', anyOf([not(existsOf(way, a)), not(existsOf(way, b))]), `((NOT ${linked('tx.a')}) OR (NOT ${linked('tx.b')}))`],
    ['looks through two links stay two', anyOf([existsOf(way, a), existsOf(wayBack, a)]), `(EXISTS (SELECT 1 FROM linked tx WHERE tx.id = t.outer_id AND tx.a) OR ${linked('tx.a')})`],
    ['a look for more adds nothing beside one for less', anyOf([existsOf(way, a), existsOf(way, allOf([a, b]))]), linked('tx.a')], ['a look for anything covers every look', allOf([existsOf(way, 'ALWAYS'), existsOf(way, a)]), linked('tx.a')],
    ['finding nothing of a wider kind covers finding nothing of a narrower', allOf([not(existsOf(way, a)), not(existsOf(way, allOf([a, b])))]), `(NOT ${linked('tx.a')})`], ['finding nothing at all covers finding nothing of a kind', anyOf([not(existsOf(way, 'ALWAYS')), not(existsOf(way, a))]), `(NOT ${linked('tx.a')})`],
    ['a look for more covers one for less, of which all must find something', allOf([existsOf(way, allOf([a, b, c])), existsOf(way, allOf([a, b]))]), linked('(tx.a AND tx.b AND tx.c)')],
    ['a look for both covers one for either', allOf([existsOf(way, anyOf([a, b])), existsOf(way, allOf([a, b]))]), linked('(tx.a AND tx.b)')], ['a look for either covers one for both', anyOf([existsOf(way, allOf([a, b])), existsOf(way, anyOf([a, b]))]), linked('(tx.a OR tx.b)')],
    ['looks of which one suffices are flat', anyOf([existsOf(way, anyOf([a, b])), existsOf(way, c)]), linked('(tx.a OR tx.b OR tx.c)')],
    ['many comparisons come before another table', allOf([(alias) => `EXISTS (SELECT FROM q WHERE i = ${alias}.i)`, anyOf([a, b, column('c'), column('a_column_with_a_long_name')])]), '((t.a OR t.b OR t.c OR t.a_column_with_a_long_name) AND EXISTS (SELECT FROM q WHERE i = t.i))'],
    ['a look for anything comes before one for something', allOf([existsOf(wayBack, c), existsOf(way, 'ALWAYS')]), `(${linked('')} AND EXISTS (SELECT 1 FROM linked tx WHERE tx.id = t.outer_id AND tx.c))`],
    ['one look that finds something does not cover one that finds nothing', allOf([existsOf(way, a), not(existsOf(way, allOf([a, b])))]), `(${linked('tx.a')} AND (NOT ${linked('(tx.a AND tx.b)')}))`],
  ])('%s', (_, predicate, sql) => {
    expect(text(predicate)).toBe(sql);
  });

  test('grows inner aliases out of the outer one', () => {
    expect(text(existsOf(way, existsOf(way, a)), 'c')).toBe('EXISTS (SELECT 1 FROM linked cx WHERE cx.outer_id = c.id AND EXISTS (SELECT 1 FROM linked cxx WHERE cxx.outer_id = cx.id AND cxx.a))');
  });
});

/** Predicates as they were said, beside the one form in which they are kept. */
type Said = { column: string } | { op: 'all' | 'any'; parts: Said[] } | { not: Said } | { some: Said };

const TRUTHS: Row[] = Array.from({ length: 16 }, (_, n) => ({ a: (n & 1) > 0, b: (n & 2) > 0, c: (n & 4) > 0, d: (n & 8) > 0 }));
const LINKS: number[][] = [[], [0], [1], [2], [5, 10], [3, 12], [15], [4, 8]];
const OUTERS: { row: Row; others: Row[] }[] = TRUTHS.flatMap((truth, n) => LINKS.map((link, index) => ({ row: { ...truth, id: n * 100 + index }, others: link.map((other) => ({ ...TRUTHS[other], outer_id: n * 100 + index }) as Row) })));
const WORLD: SqlWorld = { tables: { linked: OUTERS.flatMap(({ others }) => others) }, parameters: {} };

function keep(said: Said): Predicate {
  if ('column' in said) return column(said.column);
  if ('not' in said) return not(keep(said.not));
  if ('some' in said) return existsOf(way, keep(said.some));
  return said.op === 'all' ? allOf(said.parts.map(keep)) : anyOf(said.parts.map(keep));
}

function meant(said: Said, row: Row, others: readonly Row[]): boolean {
  if ('column' in said) return row[said.column] === true;
  if ('not' in said) return !meant(said.not, row, others);
  if ('some' in said) return others.some((other) => meant(said.some, other, []));
  return said.op === 'all' ? said.parts.every((part) => meant(part, row, others)) : said.parts.some((part) => meant(part, row, others));
}

const { said: anySaid } = fc.letrec<{ said: Said; inner: Said }>((tie) => {
  const groups = (of: fc.Arbitrary<Said>): fc.Arbitrary<Said> => fc.record({ op: fc.constantFrom('all' as const, 'any' as const), parts: fc.array(of, { maxLength: 4 }) });
  const columns = fc.constantFrom('a', 'b', 'c', 'd').map((name) => ({ column: name }));
  return {
    inner: fc.oneof({ depthSize: 'small' }, columns, groups(tie('inner')), tie('inner').map((part) => ({ not: part }))),
    said: fc.oneof({ depthSize: 'medium' }, columns, groups(tie('said')), tie('said').map((part) => ({ not: part })), tie('inner').map((part) => ({ some: part }))),
  };
});

describe('whatever is said', () => {
  test('is meant for every record, whatever hangs on it', () => {
    fc.assert(fc.property(anySaid, (said) => {
      const holds = readSql(text(keep(said)));
      expect(OUTERS.map(({ row }) => holds({ t: row }, WORLD))).toEqual(OUTERS.map(({ row, others }) => meant(said, row, others)));
    }), { seed: 20_260_302, numRuns: 80, endOnFailure: true });
  });

  test('is the same in any order, said twice or once', () => {
    fc.assert(fc.property(fc.array(anySaid, { minLength: 2, maxLength: 4 }), (parts) => {
      const said = (all: readonly Said[]): string => text(anyOf(all.map(keep)));
      expect([said(parts.toReversed()), said([...parts, ...parts])]).toEqual([said(parts), said(parts)]);
    }), { seed: 20_260_302, numRuns: 100, endOnFailure: true });
  });
});
