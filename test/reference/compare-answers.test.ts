import { describe, expect, test } from '@jest/globals';
import { compareAnswers, type Difference, type ServedAnswer } from './compare-answers.js';
import { RULE_AMONG, type ReferenceAnswer } from './reference-executor.js';
import { CURSOR } from './reference-lists.js';

const served = (data: ServedAnswer['data'], codes: string[] = []): ServedAnswer => ({ data, errors: codes.map((code) => ({ path: ['list'], extensions: { code } })), extensions: {} });
const expected = (data: ReferenceAnswer['data'], codes: string[] = []): ReferenceAnswer => ({ data, errors: codes.map((code) => ({ code, path: 'list' })), verdicts: [], view: {} as ReferenceAnswer['view'] });
const kinds = (hub: ServedAnswer, reference: ReferenceAnswer): Difference['kind'][] => compareAnswers(hub, reference).map(({ kind }) => kind);

describe('two answers are compared', () => {
  test('by every value: more is a disclosure, less a denial', () => {
    expect(kinds(served({ a: 1, b: [null] }), expected({ a: 1, b: [null] }))).toEqual([]);
    expect(kinds(served({ name: '张三' }), expected({ name: null }))).toEqual(['disclosure']);
    expect(kinds(served({ name: '张三' }), expected({ name: '张**' }))).toEqual(['disclosure']);
    expect(kinds(served({ name: null }), expected({ name: '张**' }))).toEqual(['denial']);
    expect(kinds(served({ list: [{}, {}] }), expected({ list: [{}] }))).toEqual(['disclosure']);
    expect(kinds(served({ totalCount: 3 }), expected({ totalCount: 4 }))).toEqual(['denial']);
    expect(kinds(served({ rung: 'FULL' }), expected({ rung: 'ENDS' }))).toEqual(['disclosure']);
    expect(kinds(served({ name: '张三' }), expected({ name: '李四' }))).toEqual(['other']);
  });

  test('in the order of keys and of records', () => {
    expect(kinds(served({ a: 1, b: 2 }), expected({ b: 2, a: 1 }))).toEqual(['other']);
    expect(kinds(served({ list: [{ id: 'x' }, { id: 'y' }] }), expected({ list: [{ id: 'y' }, { id: 'x' }] }))).toEqual(['other', 'other']);
  });

  test('by the codes and places of refusals', () => {
    expect(kinds(served(null, ['FORBIDDEN']), expected(null, ['FORBIDDEN']))).toEqual([]);
    expect(kinds(served(null, ['FORBIDDEN']), expected(null, ['PURPOSE_REQUIRED']))).toEqual(['other']);
    expect(kinds(served({ list: {} }), expected(null, ['FORBIDDEN']))).toEqual(['disclosure']);
    expect(kinds(served(null, ['INTERNAL']), expected({ list: {} }))).toEqual(['denial']);
  });

  test('with opaque cursors, each of which stands for one place', () => {
    const cursors = new Map<string, string>();
    expect(compareAnswers(served({ cursor: 'x1' }), expected({ cursor: `${CURSOR}one` }), cursors)).toEqual([]);
    expect(compareAnswers(served({ cursor: 'x1' }), expected({ cursor: `${CURSOR}two` }), cursors).map(({ kind }) => kind)).toEqual(['other']);
  });

  test('with a rule that is one of those that may be named', () => {
    expect(kinds(served({ rule: 'policy' }), expected({ rule: `${RULE_AMONG}["policy","own-notice"]` }))).toEqual([]);
    expect(kinds(served({ rule: 'hidden' }), expected({ rule: `${RULE_AMONG}["policy"]` }))).toEqual(['disclosure']);
  });

  test('by what is said to be withheld', () => {
    const withheld = { ...served({}), extensions: { disclosure: { withheld: [{ type: 'Person', field: 'name', rung: 'WITHHELD', rule: 'policy' }] } } };
    expect(kinds(withheld, expected({}))).toEqual(['other']);
  });
});
