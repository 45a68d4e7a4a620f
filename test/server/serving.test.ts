import { createConnection } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CANARY, post, startFixture, type Fixture } from './http-fixture.js';

let demo: Fixture;
let production: Fixture;
beforeAll(async () => {
  demo = await startFixture();
  production = await startFixture({ config: { mode: 'production', introspection: false }, readiness: async () => ({ ok: false, checks: { database: 'away', policies: 'ok' } }) });
});
afterAll(async () => {
  await demo.server.stop();
  await production.server.stop();
});

/** What the server answers to bytes that no HTTP client would send. */
function sendRaw(url: string, bytes: string): Promise<string> {
  return new Promise((done) => {
    let text = '';
    const socket = createConnection({ host: '127.0.0.1', port: Number(new URL(url).port) }, () => void socket.write(bytes));
    socket.on('data', (chunk) => { text += chunk.toString(); }).on('close', () => done(text)).on('error', () => done(text));
  });
}

describe('every response', () => {
  test.each([['POST', '/graphql'], ['GET', '/graphql'], ['GET', '/healthz'], ['GET', '/readyz'], ['GET', '/'], ['GET', '/nowhere'], ['POST', '/nowhere'], ['GET', '/assets/x/y.js']])('%s %s carries a request id of our own and security headers', async (method, path) => {
    const { headers } = await fetch(`${demo.url}${path}`, { method, headers: { 'x-request-id': 'mine' } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-powered-by') ?? headers.get('server')).toBeNull();
  });

  test('an unknown path is refused in the form of all refusals', async () => {
    const response = await fetch(`${demo.url}/nowhere`);
    expect([response.status, await response.json()]).toEqual([404, { errors: [{ message: '没有这个地址', extensions: { code: 'NOT_FOUND', requestId: response.headers.get('x-request-id') } }] }]);
  });

  test.each(['GARBAGE\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'])('what is not HTTP is refused with an id too: %#', async (bytes) => {
    expect(await sendRaw(demo.url, bytes)).toMatch(/^HTTP\/1\.1 4\d\d .*\r\nX-Request-Id: [0-9a-f-]{36}\r\n/);
  });

  test.each(['', '[', 'a b', '::'])('a malformed host %j is the caller\'s fault', async (host) => {
    expect(await sendRaw(demo.url, `POST /graphql HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nAuthorization: Bearer good\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`)).toMatch(/^HTTP\/1\.1 400 .*"BAD_USER_INPUT"/s);
  });

  test('answers of the hub are never cached', async () => {
    expect((await post(demo.url, { query: '{ hello }' })).headers.get('cache-control')).toBe('no-store');
  });
});

describe('health', () => {
  test('the process is alive', async () => {
    const response = await fetch(`${production.url}/healthz`);
    expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
  });

  test('readiness says which check fails', async () => {
    const [ready, not] = [await fetch(`${demo.url}/readyz`), await fetch(`${production.url}/readyz`)];
    expect([ready.status, await ready.json()]).toEqual([200, { ok: true, checks: { database: 'ok' } }]);
    expect([not.status, await not.json()]).toEqual([503, { ok: false, checks: { database: 'away', policies: 'ok' } }]);
  });
});

describe('the explorer', () => {
  test('is served in a demo with everything it needs, from this server only', async () => {
    const response = await fetch(`${demo.url}/`);
    const page = await response.text();
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page).toMatch(/lang="zh-CN"/);
    const assets = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link).filter((link) => !link.startsWith('data:'));
    expect(assets).toHaveLength(6);
    for (const link of assets) {
      const asset = await fetch(`${demo.url}${link}`);
      expect([link, asset.status, asset.headers.get('cache-control')]).toEqual([link, 200, 'public, max-age=31536000, immutable']);
      expect((await asset.text()).length).toBeGreaterThan(1000);
    }
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    expect(policy).toContain("script-src 'self';");
  });

  test.each(['/assets/0000000000000000/react.js', '/assets/x/__proto__', '/assets/x/..%2f..%2fpackage.json', '/assets/react.js'])('%s is not there', async (path) => {
    expect((await fetch(`${demo.url}${path}`)).status).toBe(404);
  });

  test('is not there in production', async () => {
    expect((await fetch(`${production.url}/`)).status).toBe(404);
    expect((await fetch(`${production.url}/assets/x/react.js`)).status).toBe(404);
  });
});

describe('the log', () => {
  test('has one line per request that says who asked for what kind of thing and how it ended', async () => {
    const { url, server, logged } = await startFixture();
    const { headers } = await post(url, { query: `query Q { a: hello(name: "${CANARY}") ...f refused } fragment f on Query { agency }`, operationName: 'Q' });
    await server.stop();
    const lines = logged().trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toEqual([{
      level: 'info', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/), msg: 'request', requestId: headers.get('x-request-id'), method: 'POST', route: '/graphql', status: 200, ms: expect.any(Number),
      agency: 'station-320281', purpose: 'RETURN', operation: 'query', fields: ['hello', 'agency', 'refused'], codes: ['STALE_VERSION'],
    }]);
  });

  test('holds no canary from any place a caller can write to, nor from the inside', async () => {
    const { url, server, logged } = await startFixture();
    const bodies: unknown[] = [
      { query: `{ hello(name: "${CANARY}") }` }, { query: `query _${CANARY} { _${CANARY}: hello }`, operationName: `_${CANARY}` }, { query: `{ _${CANARY} }` }, { query: `{ ...f } fragment f on Query { hello } # ${CANARY}` },
      { query: 'query Q($x: String) { hello(name: $x) }', variables: { x: CANARY, [CANARY]: CANARY } }, { query: '{ broken }' }, { query: `{ hello "${CANARY}` }, `{"${CANARY}`, { query: '{ hello }', extensions: { [CANARY]: CANARY } }, CANARY,
    ];
    for (const body of bodies) await post(url, body);
    const written: Record<string, string>[] = [{ authorization: `Bearer ${CANARY}` }, { 'guitu-matter': CANARY }, { 'idempotency-key': CANARY }, { 'user-agent': CANARY }, { cookie: CANARY }, { 'x-request-id': CANARY }, { authorization: 'Bearer broken' }, { accept: CANARY }, { 'content-type': CANARY }, { 'accept-language': CANARY }];
    for (const headers of written) await post(url, { query: '{ hello }' }, headers);
    for (const path of [`/${CANARY}`, `/graphql?query=${CANARY}`, `/graphql/${CANARY}`, `/assets/${CANARY}/${CANARY}`, `/%ff${CANARY}`, `/${'x'.repeat(300)}${CANARY}`]) await fetch(`${url}${path}`);
    await fetch(`${url}/graphql`, { method: 'DELETE', headers: { referer: `http://x/${CANARY}` } });
    await server.stop();
    expect(logged().trim().split('\n').filter((line) => line.includes('"msg":"request"'))).toHaveLength(bodies.length + 17);
    expect(logged()).toContain('42P01');
    expect(logged()).not.toMatch(/990101|relation \\?"|Bearer/);
  });
});

describe('stopping', () => {
  test('lets a running request end, takes no new one, and can be asked twice', async () => {
    const { url, server, executed } = await startFixture();
    const running = post(url, { query: '{ slow(ms: 400) }' });
    while (executed.length === 0) await wait(5);
    const stopped = Promise.all([server.stop(), server.stop()]);
    await wait(50);
    await expect(fetch(`${url}/healthz`, { headers: { connection: 'close' } })).rejects.toThrow();
    expect((await running).data).toEqual({ slow: 'done' });
    await stopped;
  });

  test('an idle connection does not hold it up', async () => {
    const { url, server } = await startFixture();
    await post(url, { query: '{ hello }' });
    const closed = sendRaw(url, '');
    await wait(50);
    await server.stop();
    expect(await closed).toBe('');
  });
});
