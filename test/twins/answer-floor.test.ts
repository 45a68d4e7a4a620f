import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { holdUntil } from '../../src/server/answer-floor.js';
import { post, startFixture, type Fixture } from '../server/http-fixture.js';

/** Only "not before" is asserted: that holds on a machine of any speed. How well the floor hides what it hides, the timing campaign measures. */
const FLOOR_MS = { read: 60, write: 120 };

let fixture: Fixture;
beforeAll(async () => { fixture = await startFixture({ answerFloorMs: FLOOR_MS }); });
afterAll(() => fixture.server.stop());

/** How long an answer took, milliseconds. */
async function tookMs(ask: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await ask();
  return performance.now() - from;
}

describe('an answer', () => {
  test('is held until its instant, and not at all after it', async () => {
    const instant = performance.now() + 20;
    await holdUntil(instant);
    expect(performance.now()).toBeGreaterThanOrEqual(instant);
    await expect(holdUntil(instant)).resolves.toBeUndefined();
  });

  test.each<[string, () => Promise<unknown>]>([
    ['with data', () => post(fixture.url, { query: '{ hello }' })],
    ['that refuses the caller', () => post(fixture.url, { query: '{ hello }' }, { authorization: '' })],
    ['that refuses the document', () => post(fixture.url, { query: '{ nothing }' })],
    ['that refuses the body', () => post(fixture.url, '{')],
    ['of a fault of ours', () => post(fixture.url, { query: '{ broken }' })],
  ])('%s leaves no sooner than the floor of reads', async (_, ask) => {
    expect(await tookMs(ask)).toBeGreaterThanOrEqual(FLOOR_MS.read);
  });

  test('to a write leaves no sooner than the floor of writes', async () => {
    expect(await tookMs(() => post(fixture.url, { query: 'mutation { register(people: []) }' }))).toBeGreaterThanOrEqual(FLOOR_MS.write);
  });

  test('to a body that comes late is held as long: a slow sender sees no more', async () => {
    const { hostname, port } = new URL(fixture.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const body = JSON.stringify({ query: '{ hello }' });
    socket.write(`POST /graphql HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer good\r\ncontent-type: application/json\r\naccept: application/json\r\ncontent-length: ${body.length}\r\n\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 2 * FLOOR_MS.read));
    const from = performance.now();
    socket.write(body);
    await once(socket, 'data');
    expect(performance.now() - from).toBeGreaterThanOrEqual(FLOOR_MS.read);
    socket.destroy();
  });
});
