import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectionSettings } from '../../src/db/embedded.js';
import { HubProcess, sendNotice, type Sent } from './hub-process.js';
import { readLedger, type LedgerState } from './ledger-state.js';

/** What a killed process leaves behind (security.md §4): nothing acknowledged is lost, nothing is half done, nothing is done twice. */
const WRITERS = 8;
let hub: HubProcess;
let token: string;
let owner: ConnectionSettings;
beforeAll(async () => {
  hub = await HubProcess.make();
  await hub.start();
  token = await hub.tokenOf('station-120000');
  owner = await hub.owner();
});
afterAll(() => hub.remove());

interface Load { asked: Map<string, string>; acknowledged: Map<string, string>; others: Sent[]; stop(): Promise<void> }

/** Writers that send one notice after the other, each under a key of its own, and remember what was acknowledged. */
function beginLoad(prefix: string): Load {
  const asked = new Map<string, string>();
  const acknowledged = new Map<string, string>();
  const others: Sent[] = [];
  const end = new AbortController();
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    for (let count = 0; !end.signal.aborted; count += 1) {
      const key = `${prefix}${writer}-${count}`;
      asked.set(key, key);
      const sent = await sendNotice(hub.url, token, key, key);
      if (sent?.caseId) acknowledged.set(key, sent.caseId);
      else if (sent) others.push(sent);
      if (!sent?.caseId) await pause(5);
    }
  });
  return { asked, acknowledged, others, stop: async () => { end.abort(); await Promise.all(writers); } };
}

async function untilAcknowledged(load: Load, count: number): Promise<void> {
  while (load.acknowledged.size < count) await pause(2);
}

/** A case, its first step, its announcement, its evidence and its key's outcome are all there, or none of them. */
function expectWhole(state: LedgerState): void {
  const outcomes = [...state.outcomes.values()].toSorted();
  expect(outcomes).toEqual(state.cases);
  expect(state.firstSteps).toEqual(state.cases);
  expect(state.announced).toEqual(state.cases);
  expect(state.evidenced).toEqual(state.cases);
}

function expectKept(load: Load, state: LedgerState): void {
  for (const [key, caseId] of load.acknowledged) expect([key, `rc_${state.outcomes.get(key) ?? ''}`]).toEqual([key, caseId]);
}

/** Sends every key again: what was done answers with the same case, what was not is done now, and nothing twice. */
async function replayAll(load: Load, prefix: string): Promise<void> {
  const before = await readLedger(owner, prefix);
  for (const key of load.asked.keys()) {
    const again = await sendNotice(hub.url, token, key, key);
    expect([key, again?.code, again?.caseId !== undefined]).toEqual([key, undefined, true]);
    const known = load.acknowledged.get(key) ?? (before.outcomes.get(key) && `rc_${before.outcomes.get(key) ?? ''}`);
    if (known) expect([key, again?.caseId]).toEqual([key, known]);
  }
  const after = await readLedger(owner, prefix);
  expectWhole(after);
  expect(after.cases).toHaveLength(load.asked.size);
}

describe('kill -9 of node under load', () => {
  test.each(['n1-', 'n2-'])('the next start has every acknowledged write, none half done, and a replay does none twice (round %s)', async (prefix) => {
    const load = beginLoad(prefix);
    await untilAcknowledged(load, 30);
    await hub.kill();
    await load.stop();
    await hub.start();
    owner = await hub.owner();
    const state = await readLedger(owner, prefix);
    expectKept(load, state);
    expectWhole(state);
    await replayAll(load, prefix);
  });
});

describe('kill -9 of the database server under load', () => {
  test.each(['d1-'])('the hub answers UNAVAILABLE, recovers by itself, and has every acknowledged write (round %s)', async (prefix) => {
    const load = beginLoad(prefix);
    await untilAcknowledged(load, 20);
    hub.killDatabase();
    await untilAcknowledged(load, load.acknowledged.size + 20);
    await load.stop();
    expect([...new Set(load.others.map(({ status, code }) => `${status} ${code ?? ''}`))].filter((answer) => answer !== '503 UNAVAILABLE')).toEqual([]);
    for (const { body } of load.others) expect(body).not.toMatch(/ECONN|terminat|postgres|relation/iu);
    owner = await hub.owner();
    const state = await readLedger(owner, prefix);
    expectKept(load, state);
    expectWhole(state);
    await replayAll(load, prefix);
    expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
  });
});

describe('one Idempotency-Key', () => {
  test('fifty at once have one effect and one answer', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => sendNotice(hub.url, token, 'k1-once', 'k1-once')));
    expect(new Set(answers.map((answer) => answer?.caseId)).size).toBe(1);
    expect(answers.filter((answer) => answer?.status !== 200)).toEqual([]);
    const state = await readLedger(owner, 'k1-');
    expectWhole(state);
    expect(state.cases).toEqual([answers[0]?.caseId?.slice(3)]);
  });

  test('for another body, or while the first is under way, is refused as IDEMPOTENCY_MISMATCH and does nothing', async () => {
    expect(await sendNotice(hub.url, token, 'k1-once', 'k1-once', '另一份')).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH', caseId: undefined });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => sendNotice(hub.url, token, 'k2-both', 'k2-both', index % 2 ? '一' : '二')));
    const done = answers.filter((answer) => answer?.caseId !== undefined);
    expect([done.length, new Set(done.map((answer) => answer?.caseId)).size]).toEqual([10, 1]);
    expect(new Set(answers.filter((answer) => answer?.caseId === undefined).map((answer) => answer?.code))).toEqual(new Set(['IDEMPOTENCY_MISMATCH']));
    const state = await readLedger(owner, 'k2-');
    expectWhole(state);
    expect(state.cases).toHaveLength(1);
  });
});
