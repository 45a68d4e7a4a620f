import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DisclosureTally, spliceJson } from '../../src/disclosure/splice.js';
import { Arguments, jsonObject, prepareStatement } from '../../src/disclosure/statement.js';
import { SplicedJson } from '../../src/disclosure/run.js';
import { stringifyAnswer } from '../../src/server/hub.js';

const nonce = '~AbCdEf123456~';
const splice = (text: string, tally = new DisclosureTally()): string => spliceJson(text, {
  nonce, tally, scopes: [{ record: 'Person', varying: ['name', 'idNumber'], constant: new Map([['sex', 'FULL']]), rules: new Map([['name', new Map([['WITHHELD', 'policy']])]]) }],
  open: (sealed) => `opened ${sealed}`, cursor: (position) => `cursor ${position}`, reference: (mark) => JSON.stringify({ mark }),
});

describe('the splice', () => {
  test('whatever text the records hold comes out as it went in', () => {
    fc.assert(fc.property(fc.array(fc.record({ name: fc.string({ unit: 'grapheme' }), note: fc.oneof(fc.string(), fc.constant(null)) })), (people) => {
      const marked = JSON.stringify(people.map((person) => ({ '~': `${nonce}R0:id:33`, ...person })));
      expect(JSON.parse(splice(marked))).toEqual(people);
    }));
  });

  test('sealed values are opened and positions made into cursors, escapes and all', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      const text = JSON.stringify({ a: `${nonce}E${value}`, b: [`${nonce}C${value}`], c: value });
      expect(JSON.parse(splice(text))).toEqual({ a: `opened ${value}`, b: [`cursor ${value}`], c: value });
    }));
  });

  test('marks become the tally: ids, rungs, and what was withheld', () => {
    const tally = new DisclosureTally();
    expect(splice(`[{"~":"${nonce}R0:p1:31","name":"张"}, {"~" : "${nonce}R0:p2:02", "name" : null}]`, tally)).toBe('[{"name":"张"}, {"name" : null}]');
    expect(tally.evidence()).toEqual({ Person: { ids: ['p1', 'p2'], cells: { idNumber: ['ENDS', 'SURNAME'], name: ['FULL', 'WITHHELD'], sex: ['FULL'] } } });
    expect(tally.withheld.map(({ field, rung, rule }) => [field, rung, rule])).toEqual([['idNumber', 'SURNAME', 'policy'], ['name', 'WITHHELD', 'policy'], ['idNumber', 'ENDS', 'policy']]);
  });

  test('an answer takes planned JSON as it is, wherever it stands, and the rest is plain JSON', () => {
    const answer = { data: { a: new SplicedJson('{"x" : 1}'), b: { c: new SplicedJson('null') }, d: '~"~' }, extensions: { e: 'f' } };
    expect(JSON.parse(stringifyAnswer(answer as Parameters<typeof stringifyAnswer>[0]))).toEqual({ data: { a: { x: 1 }, b: { c: null }, d: '~"~' }, extensions: { e: 'f' } });
  });
});

describe('statements', () => {
  test('names become typed placeholders in order of first appearance', () => {
    expect(prepareStatement('SELECT «agency», «a0»::date, «agency», «nonce»')).toMatchObject({ text: 'SELECT $1::uuid, $2::text::date, $1::uuid, $3::text', values: ['agency', 'a0', 'nonce'] });
  });

  test('objects are rows, whose column names are the keys', () => {
    expect(jsonObject([['caseNo', 'c.case_no'], ['x', 'TRUE']])).toBe('(SELECT row_to_json(o) FROM (SELECT c.case_no AS "caseNo", TRUE AS "x") o)');
    expect(jsonObject([])).toBe("'{}'::json");
  });

  test('keys longer than a column name may be are written out, in pieces of at most 100 arguments that join to one', () => {
    const pairs = Array.from({ length: 120 }, (_, index) => [`k${index}`.padEnd(64, 'k'), String(index)] as const);
    const sql = jsonObject(pairs);
    const argumentCounts = [...sql.matchAll(/json_build_object\(([^)]*)\)/gu)].map((call) => (call[1] ?? '').split(',').length);
    expect(argumentCounts).toEqual([98, 98, 44]);
  });

  test('lists are bound as one array, quotes and backslashes and all', () => {
    const bind = new Arguments();
    expect(bind.bindList(['a"b', 'c\\d', 'e,f', '{g}'], 'text')).toBe('«a0»::text[]');
    expect(bind.values).toEqual(['{"a\\"b","c\\\\d","e,f","{g}"}']);
  });
});
