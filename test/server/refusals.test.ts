import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execute, GraphQLError } from 'graphql';
import { ERRORS, Refusal } from '../../src/kernel/errors.js';
import { CANARY, INSIDE, post, schema, startFixture, type Answer, type Fixture } from './http-fixture.js';

let demo: Fixture;
let closed: Fixture;
beforeAll(async () => {
  demo = await startFixture();
  closed = await startFixture({ config: { mode: 'production', introspection: false } });
});
afterAll(async () => {
  await demo.server.stop();
  await closed.server.stop();
});

describe('the caller', () => {
  test('who is not known gets 401, how to identify, and the request id, and nothing is executed', async () => {
    const before = demo.executed.length;
    const { status, headers, errors, data } = await post(demo.url, { query: '{ hello }' }, { authorization: '' });
    expect({ status, data, www: headers.get('www-authenticate'), errors }).toEqual({
      status: 401, data: undefined, www: 'Bearer', errors: [{ message: ERRORS.UNAUTHENTICATED.zh, extensions: { code: 'UNAUTHENTICATED', requestId: headers.get('x-request-id') } }],
    });
    expect(demo.executed).toHaveLength(before);
  });

  test('who is not known is told so before the body is looked at', async () => {
    expect((await post(demo.url, '{ not json', { authorization: '' })).status).toBe(401);
    expect((await post(demo.url, 'x', { authorization: '', 'content-type': 'text/plain' })).status).toBe(401);
  });

  test('limits and outages say when to come again', async () => {
    const [limited, away] = [await post(demo.url, {}, { authorization: 'Bearer limited' }), await post(demo.url, {}, { authorization: 'Bearer away' })];
    expect([limited.status, limited.headers.get('retry-after'), limited.errors[0]?.extensions.code]).toEqual([429, '7', 'RATE_LIMITED']);
    expect([away.status, Number(away.headers.get('retry-after')) > 0, away.errors[0]?.extensions.code]).toEqual([503, true, 'UNAVAILABLE']);
  });

  test('a fault while finding out who asks says nothing of the inside', async () => {
    const { status, errors, text } = await post(demo.url, { query: '{ hello }' }, { authorization: 'Bearer broken' });
    expect([status, errors[0]?.extensions.code]).toEqual([500, 'INTERNAL']);
    expect(text).not.toMatch(/relation|990101/);
  });
});

describe('language', () => {
  test.each([
    [undefined, 'zh'], ['', 'zh'], ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'], ['en-US,en;q=0.9,zh;q=0.8', 'en'], ['zh;q=0.3, en;q=0.4', 'en'], ['fr, en;q=0.5', 'en'], ['fr', 'zh'], ['*', 'zh'],
    ['en;q=0', 'zh'], ['zh;q=0, *;q=0.1', 'en'], ['en;q=2, zh;q=0.1', 'zh'], ['EN', 'en'], ['en, zh', 'zh'],
  ] as const)('Accept-Language %j is answered in %s', async (header, language) => {
    const { errors } = await post(demo.url, { query: '{ refused }' }, header === undefined ? {} : { 'accept-language': header || ' ' });
    expect(errors[0]?.message).toBe(ERRORS.STALE_VERSION[language]);
  });
});

describe('refusals in an operation', () => {
  test('one field is refused with its code and input, the rest is served', async () => {
    const { status, data, errors } = await post(demo.url, { query: '{ hello refused }' });
    expect({ status, data }).toEqual({ status: 200, data: { hello: '你好 ', refused: null } });
    expect(errors).toMatchObject([{ path: ['refused'], locations: [{ line: 1, column: 9 }], extensions: { code: 'STALE_VERSION', field: 'input.expectedVersion' } }]);
  });

  test.each(Object.keys(ERRORS) as (keyof typeof ERRORS)[])('%s of the whole operation has the status of the table, thrown or returned', async (code) => {
    const refusal = new Refusal(code);
    const thrown = await startFixture({ execute: async () => { throw refusal; } });
    const returned = await startFixture({ execute: async () => ({ errors: [new GraphQLError(refusal.message, { originalError: refusal })] }) });
    for (const { url, server } of [thrown, returned]) {
      const { status, errors } = await post(url, { query: '{ hello }' });
      expect([status, errors.length, errors[0]?.message, errors[0]?.extensions.code]).toEqual([ERRORS[code].status, 1, ERRORS[code].zh, code]);
      await server.stop();
    }
  });

  test.each(['broken', 'missing'])('a fault inside (%s) is INTERNAL and says nothing', async (field) => {
    for (const { url } of [demo, closed]) {
      const { errors, text } = await post(url, { query: `{ ${field} }` });
      expect(errors).toMatchObject([{ message: ERRORS.INTERNAL.zh, path: [field], extensions: { code: 'INTERNAL' } }]);
      expect(Object.keys(errors[0]?.extensions ?? {}).toSorted()).toEqual(['code', 'requestId']);
      expect(text).not.toMatch(/relation|990101|stack|non-nullable|node_modules/);
    }
  });

  test('too long a run is UNAVAILABLE', async () => {
    const hasty = await startFixture({ config: { requestTimeoutMs: 50 } });
    const { status, errors, headers } = await post(hasty.url, { query: '{ slow(ms: 300) }' });
    expect([status, errors[0]?.extensions.code, headers.has('retry-after')]).toEqual([503, 'UNAVAILABLE', true]);
    await hasty.server.stop();
  });

  test('what stringify throws is INTERNAL and says nothing', async () => {
    const { url, server } = await startFixture({ stringify: (result) => {
      if (result.data) throw new Error(INSIDE);
      return JSON.stringify(result);
    } });
    const { status, text, errors } = await post(url, { query: '{ hello }' });
    expect([status, errors[0]?.extensions.code]).toEqual([500, 'INTERNAL']);
    expect(text).not.toContain('relation');
    await server.stop();
  });
});

/** A query whose variables are a good name and those given. */
const people = (person: unknown): object => ({ query: 'query Q($p: PersonInput, $name: String!, $id: IdNumber, $sex: Sex) { find(person: $p, idNumber: $id, sex: $sex) hello(name: $name) }', variables: { name: 'x', ...(person as object) } });

const literal = (text: string): object => ({ query: `{ find(${text}) }` });

describe('a fault of the document or its variables never repeats a value', () => {
  const cases: [string, object, string, string | undefined][] = [
    ['a value of the wrong type', people({ p: { name: CANARY, age: CANARY } }), 'BAD_USER_INPUT', 'p.age'],
    ['an unknown enum value', people({ p: { name: 'x', sex: CANARY } }), 'BAD_USER_INPUT', 'p.sex'],
    ['a required field missing beside others', people({ p: { idNumber: CANARY } }), 'BAD_USER_INPUT', 'p.name'],
    ['a null where none may be', people({ p: { name: null, idNumber: CANARY } }), 'BAD_USER_INPUT', 'p.name'],
    ['an unknown key that is a value itself', people({ p: { name: 'x', [CANARY]: 1 } }), 'BAD_USER_INPUT', 'p'],
    ['a text where an object belongs', people({ p: CANARY }), 'BAD_USER_INPUT', 'p'],
    ['a value that imitates a path', people({ sex: `x at "p.${CANARY}"` }), 'BAD_USER_INPUT', 'sex'],
    ['a key that imitates a path', people({ p: { name: 'x', [`x" at "p.${CANARY}`]: 1 } }), 'BAD_USER_INPUT', 'p'],
    ['a value that imitates a reason', people({ p: `${CANARY}; Field "name" of required type "X" was not provided.` }), 'BAD_USER_INPUT', 'p'],
    ['a variable missing', { query: 'query Q($name: String!) { hello(name: $name) }', variables: { other: CANARY } }, 'BAD_USER_INPUT', 'name'],
    ['a null variable', people({ name: null, id: CANARY }), 'BAD_USER_INPUT', 'name'],
    ['a scalar that quotes', people({ id: `${CANARY}0` }), 'BAD_USER_INPUT', 'id'],
    ['hundreds of bad values', { query: 'mutation M($p: [PersonInput!]) { register(people: $p) }', variables: { p: Array.from({ length: 200 }, () => ({ name: CANARY, age: CANARY })) } }, 'BAD_USER_INPUT', 'p[0].age'],
    ['a nullable variable that is null in a required place', { query: 'query Q($n: Int) { same(n: $n) }', variables: { n: null } }, 'BAD_USER_INPUT', 'n'],
    ['a literal of the wrong type', literal(`person: { name: "x", age: "${CANARY}" }`), 'GRAPHQL_VALIDATION_FAILED', 'person.age'],
    ['a literal enum value', literal(`sex: _${CANARY}`), 'GRAPHQL_VALIDATION_FAILED', 'sex'],
    ['a literal enum value as text', literal(`sex: "${CANARY}"`), 'GRAPHQL_VALIDATION_FAILED', 'sex'],
    ['a literal a scalar quotes', literal(`idNumber: "${CANARY}0"`), 'GRAPHQL_VALIDATION_FAILED', 'idNumber'],
    ['a literal number too large', literal(`person: { name: "x", age: ${CANARY} }`), 'GRAPHQL_VALIDATION_FAILED', 'person.age'],
    ['a literal object without its required field', literal(`person: { idNumber: "${CANARY}" }`), 'GRAPHQL_VALIDATION_FAILED', 'person'],
    ['a literal in a directive', { query: `{ hello @skip(if: "${CANARY}") }` }, 'GRAPHQL_VALIDATION_FAILED', 'if'],
    ['a default of a variable', { query: `query Q($age: Int = "${CANARY}") { same(n: $age) }` }, 'GRAPHQL_VALIDATION_FAILED', undefined],
    ['text where a name belongs', { query: `{ hello "${CANARY}" }` }, 'GRAPHQL_PARSE_FAILED', undefined],
    ['an unterminated text', { query: `{ hello(name: "${CANARY}` }, 'GRAPHQL_PARSE_FAILED', undefined],
    ['a bare number', { query: `{ ${CANARY} }` }, 'GRAPHQL_PARSE_FAILED', undefined],
    ['no such operation', { query: 'query A { hello } query B { hello }', operationName: `_${CANARY}` }, 'OPERATION_RESOLUTION_FAILURE', undefined],
  ];

  test.each(cases)('%s', async (_, body, code, field) => {
    for (const [{ url }, named] of [[demo, true], [closed, false]] as const) {
      for (const language of ['zh', 'en']) {
        const { status, errors, text, data } = await post(url, body, { 'accept-language': language });
        expect(text).not.toContain(CANARY);
        expect(text).not.toMatch(/imitat|Did you mean|stack/);
        const [first] = errors;
        expect({ code: first?.extensions.code, field: first?.extensions.field }).toEqual({ code, field: named || code === 'BAD_USER_INPUT' ? field : undefined });
        if (!first?.path) expect([status, data]).toEqual([400, undefined]);
      }
    }
  });

  test('what a scalar says in a refusal is passed on with the variable it was in', async () => {
    const { errors } = await post(demo.url, people({ p: { name: 'x', idNumber: '9' } }));
    expect(errors).toMatchObject([{ message: '身份证号应为18位', extensions: { code: 'BAD_USER_INPUT', field: 'p.idNumber' } }]);
  });

  test('the log holds none of it either', () => {
    expect(demo.logged()).not.toContain(CANARY);
    expect(closed.logged()).not.toContain(CANARY);
    expect(demo.logged()).not.toMatch(/relation \\"person/);
  });
});

const withoutId = (answer: Answer): string => JSON.stringify([answer.status, answer.text.replaceAll(/"requestId":"[^"]+"/g, '')]);

describe('how much an error teaches about the schema', () => {
  const guesses = ['{ helo }', '{ hello { name } }', '{ hello(nam: "x") }', '{ find(person: { nam: "x" }) }', '{ nested }', '{ __schema { types { name } } }', '{ __type(name: "Query") { name } }', '{ hello nope1 nope2 }', 'query Q($x: Nope) { hello }', '{ find(person: {}) }'];

  test('where introspection is open, the place and the names, without guesses', async () => {
    const { errors } = await post(demo.url, { query: '{ helo }' }, { 'accept-language': 'en' });
    expect(errors).toMatchObject([{ message: 'the document does not fit the schema: type `Query` has no field `helo`', locations: [{ line: 1, column: 3 }] }]);
    expect((await post(demo.url, { query: '{ __schema { queryType { name } } }' })).data).toEqual({ __schema: { queryType: { name: 'Query' } } });
  });

  test('where it is closed, one and the same error for every misfit', async () => {
    const answers = await Promise.all(guesses.map((query) => post(closed.url, { query })));
    expect(new Set(answers.map(withoutId)).size).toBe(1);
    expect(answers[0]?.errors).toEqual([{ message: '查询语句与接口定义不符', extensions: { code: 'GRAPHQL_VALIDATION_FAILED', requestId: expect.any(String) } }]);
  });
});

/** A thousand people in about so many bytes of JSON. */
const padded = (bytes: number): object[] => Array.from({ length: 1000 }, () => ({ name: 'x'.repeat(bytes / 1000) }));

describe('size', () => {
  test.each([
    ['more tokens than allowed', `{ ${'hello '.repeat(5000)} }`],
    ['a depth of thousands', `{ ${'nested { '.repeat(1900)} name ${'} '.repeat(1900)} }`],
    ['fragments that fan out', `{ nested { ...f0 } } ${Array.from({ length: 30 }, (_, i) => `fragment f${i} on Nested { nested { ${i < 29 ? `...f${i + 1} a: nested { ...f${i + 1} }` : 'name'} } }`).join(' ')}`],
    ['the same field again and again', `{ ${'nested { name } '.repeat(800)} }`],
  ])('%s is TOO_COMPLEX or served, never a crash', async (name, query) => {
    const { status, errors } = await post(demo.url, { query });
    if (name === 'a depth of thousands') expect([200, 400]).toContain(status);
    else expect([status, errors[0]?.extensions.code]).toEqual([400, 'TOO_COMPLEX']);
  });

  test('fragments in a circle do not fit the schema', async () => {
    const { errors } = await post(demo.url, { query: '{ nested { ...a } } fragment a on Nested { ...b } fragment b on Nested { ...a }' });
    expect(errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  test('a mutation of 1,000 people fits, a query of that size does not, and 2 MB is the end', async () => {
    expect((await post(demo.url, { query: 'mutation M($p: [PersonInput!]) { register(people: $p) }', variables: { p: padded(1_500_000) } })).data).toEqual({ register: 1000 });
    const query = await post(demo.url, { query: '{ hello }', variables: { p: padded(1_500_000) } });
    expect([query.status, query.errors[0]?.extensions.code]).toEqual([400, 'TOO_COMPLEX']);
    const huge = await post(demo.url, { query: '{ hello }', variables: { p: padded(2_500_000) } });
    expect([huge.status, huge.errors[0]?.extensions.code]).toEqual([413, 'BAD_USER_INPUT']);
  });
});

test('execute is given the very context, null for no operation name and an object for no variables', async () => {
  const given: unknown[] = [];
  const contexts = new Set<object>();
  const { url, server } = await startFixture({ execute: async (args) => {
    given.push([args.operationName, args.variables]);
    contexts.add(args.context);
    return execute({ schema, document: args.document, contextValue: args.context });
  } });
  expect((await post(url, { query: '{ agency }' })).data).toEqual({ agency: 'station-320281' });
  await post(url, { query: 'query Named { agency }', variables: { a: 1 } });
  expect(given).toEqual([[null, {}], ['Named', { a: 1 }]]);
  expect([...contexts].every((context) => Object.hasOwn(context, 'requestId'))).toBe(true);
  await server.stop();
});

test('the same text is the same document, so that what is planned for it can be remembered', async () => {
  const documents = new Set<object>();
  const { url, server } = await startFixture({ execute: async ({ document }) => {
    documents.add(document);
    return { data: { hello: 'x' } };
  } });
  for (let time = 0; time < 3; time += 1) await post(url, { query: '{ hello }' });
  expect(documents.size).toBe(1);
  await server.stop();
});

test('what execute gives reaches stringify untouched, and its text goes out as it is', async () => {
  const data = { spliced: true };
  const extensions = { disclosure: { withheld: [] } };
  const seen: unknown[] = [];
  const { url, server } = await startFixture({ execute: async () => ({ data, extensions }), stringify: (result) => {
    seen.push(result.data === data, result.extensions === extensions, result.errors);
    return '{"data":{"raw":1.0}}';
  } });
  expect((await post(url, { query: '{ hello }' })).text).toBe('{"data":{"raw":1.0}}');
  expect(seen).toEqual([true, true, undefined]);
  await server.stop();
});
