import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { serverAudits } from 'graphql-http';
import { post, startFixture, type Fixture } from './http-fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.server.stop());

/** We serve POST alone: a query in an address would stand in every log on the way (RFC 9110 §17.9). */
const OF_GET = ['5A70', 'D6D5', '6A70'];

describe('the audits of graphql-http', () => {
  const audits = serverAudits({ url: () => `${fixture.url}/graphql`, fetchFn: (input: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', 'Bearer good');
    return fetch(input, { ...init, headers });
  } });

  test('are all there', () => expect(audits).toHaveLength(61));

  test.each(audits.map((audit): [string, string, typeof audit] => [audit.id, audit.name, audit]))('%s %s', async (id, _, audit) => {
    const result = await audit.fn();
    const got = result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`;
    if (OF_GET.includes(id)) expect(got).toBe('notice: Response status code is not 200');
    else expect(got).toBe('ok');
  });
});

describe('media types', () => {
  test.each([
    ['application/graphql-response+json, application/json;q=0.9', 'graphql-response+json'],
    ['application/json, application/graphql-response+json', 'application/json'],
    ['application/json;q=0.5, application/graphql-response+json', 'graphql-response+json'],
    ['*/*', 'application/json'],
    ['application/*;q=0.4, text/html', 'application/json'],
  ])('accepting %s is answered with %s', async (accept, type) => {
    expect((await post(fixture.url, { query: '{ hello }' }, { accept })).headers.get('content-type')).toContain(type);
  });

  test('who accepts neither is refused before anything is executed', async () => {
    const before = fixture.executed.length;
    const answer = await post(fixture.url, { query: 'mutation { register(people: []) }' }, { accept: 'text/html, application/json;q=0' });
    expect([answer.status, answer.errors[0]?.extensions.code, fixture.executed.length]).toEqual([406, 'BAD_USER_INPUT', before]);
  });

  test('a whole refusal keeps its status under application/json too', async () => {
    expect((await post(fixture.url, { query: '{ hello }' }, { accept: 'application/json', authorization: '' })).status).toBe(401);
  });
});

describe('only POST with JSON', () => {
  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is not allowed', async (method) => {
    const response = await fetch(`${fixture.url}/graphql?query={hello}`, { method, headers: { authorization: 'Bearer good' } });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/graphql', 'application/json; charset=gbk', 'application/jsonp', ''])('content type %j is refused, as a form of another site is', async (type) => {
    const response = await fetch(`${fixture.url}/graphql`, { method: 'POST', headers: { authorization: 'Bearer good', ...(type && { 'content-type': type }) }, body: new TextEncoder().encode('{"query":"{ hello }"}') });
    expect(response.status).toBe(415);
  });

  test('no origin is told that it may read', async () => {
    const answer = await post(fixture.url, { query: '{ hello }' }, { origin: 'https://elsewhere.example' });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('a batch is refused', async () => {
    const answer = await post(fixture.url, [{ query: '{ hello }' }, { query: '{ hello }' }]);
    expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
  });

  test.each(['{"query":"{ hello }","__proto__":{"a":1}}', '{"query":"{ hello }","variables":{"__proto__":{"a":1}}}', '{"query":"{ hello }","constructor":{"prototype":{"a":1}}}', 'null', '[]', '"x"', '', '{"query":""}', '{"query":"{ hello }"'])('a body like %s is refused', async (body) => {
    const answer = await post(fixture.url, body);
    expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
  });

  test('a hash in place of a document is answered as clients expect', async () => {
    const answer = await post(fixture.url, { extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } });
    expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([200, 'PERSISTED_QUERY_NOT_SUPPORTED']);
  });
});
