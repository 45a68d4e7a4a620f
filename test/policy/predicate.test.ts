import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Client } from 'pg';
import type { SqlOf } from '../../src/policy/catalogue.js';
import { allOf, anyOf, existsOf, not, predicateSql, type Predicate } from '../../src/policy/predicate.js';
import { clientConfig } from '../../src/db/pools.js';
import { getServer } from '../support/test-server.js';

/** Predicates as they were said, beside the one form in which they are kept. */
type Said = { column: string } | { op: 'all' | 'any'; parts: Said[] } | { not: Said } | { some: Said };

const column = (name: string): SqlOf => (alias) => `${alias}.${name}`;
const way = (outer: string, inner: string): { table: string; on: string } => ({ table: 'linked', on: `${inner}.outer_id = ${outer}.id` });

function keep(said: Said): Predicate {
  if ('column' in said) return column(said.column);
  if ('not' in said) return not(keep(said.not));
  if ('some' in said) return existsOf(way, keep(said.some));
  return said.op === 'all' ? allOf(said.parts.map(keep)) : anyOf(said.parts.map(keep));
}

/** As SQL word for word, nothing left out. */
function literally(said: Said, alias: string): string {
  if ('column' in said) return `${alias}.${said.column}`;
  if ('not' in said) return `(NOT ${literally(said.not, alias)})`;
  if ('some' in said) return `EXISTS (SELECT FROM linked ${alias}x WHERE ${alias}x.outer_id = ${alias}.id AND ${literally(said.some, `${alias}x`)})`;
  return said.parts.length === 0 ? String(said.op === 'all') : `(${said.parts.map((part) => literally(part, alias)).join(said.op === 'all' ? ' AND ' : ' OR ')})`;
}

const { said: anySaid } = fc.letrec<{ said: Said; inner: Said }>((tie) => {
  const groups = (of: fc.Arbitrary<Said>): fc.Arbitrary<Said> => fc.record({ op: fc.constantFrom('all' as const, 'any' as const), parts: fc.array(of, { maxLength: 5 }) });
  const columns = fc.constantFrom('a', 'b', 'c', 'd').map((name) => ({ column: name }));
  return {
    inner: fc.oneof({ depthSize: 'small', withCrossShrink: true }, columns, groups(tie('inner')), tie('inner').map((part) => ({ not: part }))),
    said: fc.oneof({ depthSize: 'medium', withCrossShrink: true }, columns, groups(tie('said')), tie('said').map((part) => ({ not: part })), tie('inner').map((part) => ({ some: part }))),
  };
});

let client: Client;
beforeAll(async () => {
  client = new Client(clientConfig(getServer().admin));
  await client.connect();
  // Every row of four truths, each with every set of two linked rows, none, or the same: 16 rows by 137 sets of links.
  await client.query(`
    CREATE TEMPORARY TABLE truths AS SELECT n, (n & 1) > 0 AS a, (n & 2) > 0 AS b, (n & 4) > 0 AS c, (n & 8) > 0 AS d FROM generate_series(0, 15) n;
    CREATE TEMPORARY TABLE sets AS SELECT row_number() OVER () AS s, one, two FROM (SELECT NULL::integer AS one, NULL::integer AS two UNION ALL SELECT x.n, y.n FROM truths x JOIN truths y ON x.n <= y.n) pairs;
    CREATE TEMPORARY TABLE outers AS SELECT row_number() OVER () AS id, t.a, t.b, t.c, t.d, s.one, s.two FROM truths t CROSS JOIN sets s;
    CREATE TEMPORARY TABLE linked AS SELECT o.id AS outer_id, t.a, t.b, t.c, t.d FROM outers o JOIN truths t ON t.n IN (o.one, o.two);
    CREATE INDEX ON linked (outer_id); ANALYZE outers; ANALYZE linked;`);
});
afterAll(() => client.end());

const rows = async (condition: string): Promise<number> => Number((await client.query(`SELECT count(*) AS n FROM outers t WHERE ${condition}`)).rows[0]?.n);

describe('the one form of a predicate', () => {
  test('means what was said, for every record and every set of linked records', async () => {
    let constants = 0;
    await fc.assert(fc.asyncProperty(anySaid, async (said) => {
      const kept = keep(said);
      if (typeof kept === 'string') constants += 1;
      expect(await rows(`(${predicateSql(kept, 't')}) IS DISTINCT FROM (${literally(said, 't')})`)).toBe(0);
    }), { numRuns: 400 });
    expect(constants).toBeLessThan(200);
  });

  test('is the same whatever the order, and said twice or once', () => {
    fc.assert(fc.property(fc.array(anySaid, { minLength: 2, maxLength: 5 }), (parts) => {
      const text = (all: readonly Said[]): string => predicateSql(anyOf(all.map(keep)), 't');
      const [first] = parts;
      expect([text(parts.toReversed()), text(first ? [...parts, first] : parts)]).toEqual([text(parts), text(parts)]);
    }), { numRuns: 300 });
  });
});

describe('what many rules share', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(column) as [SqlOf, SqlOf, SqlOf, SqlOf];
  const dear: SqlOf = (alias) => `EXISTS (SELECT FROM elsewhere WHERE id = ${alias}.id)`;
  const text = (predicate: Predicate): string => predicateSql(predicate, 't');

  test.each<[string, Predicate, string]>([
    ['nothing, said as a disjunction, is never', anyOf([]), 'FALSE'],
    ['a narrower rule beside a wider one is not asked', anyOf([allOf([a, b]), a, allOf([a, c, d])]), 't.a'],
    ['a narrower rule beside two that together are wider is not asked', anyOf([allOf([anyOf([a, b]), c]), a, b]), '(t.a OR t.b)'],
    ['a condition of all rules is asked once', anyOf([allOf([a, b]), allOf([a, c]), allOf([a, d])]), '(t.a AND (t.b OR t.c OR t.d))'],
    ['a cap with more exceptions beside the same with fewer is not asked', not(anyOf([allOf([a, not(b)]), allOf([a, not(anyOf([b, c]))])])), '(t.b OR (NOT t.a))'],
    ['several looks through one link are one', anyOf([existsOf(way, a), existsOf(way, b), existsOf(way, allOf([b, c]))]), 'EXISTS (SELECT 1 FROM linked tx WHERE tx.outer_id = t.id AND (tx.a OR tx.b))'],
    ['so are several looks that find nothing', allOf([not(existsOf(way, a)), not(existsOf(way, b))]), '(NOT EXISTS (SELECT 1 FROM linked tx WHERE tx.outer_id = t.id AND (tx.a OR tx.b)))'],
    ['looks that each find something stay two', allOf([existsOf(way, a), existsOf(way, b)]), '(EXISTS (SELECT 1 FROM linked tx WHERE tx.outer_id = t.id AND tx.a) AND EXISTS (SELECT 1 FROM linked tx WHERE tx.outer_id = t.id AND tx.b))'],
    ['what finds nothing of what is asked needs no look', existsOf(way, 'NEVER'), 'FALSE'],
    ['a column is asked before another table', allOf([dear, a]), '(t.a AND EXISTS (SELECT FROM elsewhere WHERE id = t.id))'],
    ['a test and its opposite are never, or always', anyOf([allOf([a, not(a)]), allOf([b, not(b)])]), 'FALSE'],
    ['a rule that always holds makes the others idle', anyOf([a, 'ALWAYS', dear]), 'TRUE'],
    ['a rule that never holds is left out', anyOf(['NEVER', a]), 't.a'],
  ])('%s', (_, predicate, expected) => {
    expect(text(predicate)).toBe(expected);
  });
});
