import { expect, test } from '@jest/globals';
import { RETURN_STEPS } from '../../src/ledgers/returns/returns.transitions.js';
import { readConfig } from '../../src/config.js';
import { readPolicyFiles } from '../../src/server/policy-files.js';
import { startHub, type TestHub } from '../support/hub.js';
import { createPolicyFolder } from '../support/policy-folder.js';
import { withClient } from '../support/test-server.js';
import { WalkFault } from './walk-checks.js';
import type { WalkMachine } from './walk-machine.js';
import { inquiriesMachine } from './walk-of-inquiries.js';
import { returnsMachine } from './walk-of-returns.js';
import { staysMachine } from './walk-of-stays.js';
import { Walk } from './walker.js';

/** Steps within which a walk must come upon a planted fault. */
const SOON = 600;

/** The check that fails first on a walk; over returns, unless other machines are named. */
async function foundBy(hub: TestHub, plant: () => Promise<void> | void, machines: readonly WalkMachine[] = [returnsMachine], within = SOON): Promise<string> {
  const walk = await Walk.begin(hub, { seed: 7, machines });
  try {
    await plant();
    await walk.run(within);
    return 'nothing';
  } catch (error) {
    if (!(error instanceof WalkFault)) throw error;
    expect(error.message).toMatch(/at step \d+ of seed 7[\s\S]*replay: npm run walks -- --steps \d+ --seed 7$/u);
    return error.check;
  } finally {
    await walk.end();
    await hub.stop();
  }
}

test('a line that is gone from the table is found: what is due is refused', async () => {
  const steps = RETURN_STEPS as unknown as object[];
  const at = RETURN_STEPS.findIndex(({ operation }) => operation === 'acknowledgeReturn');
  const line = steps[at] ?? {};
  try {
    expect(await foundBy(await startHub(), () => void steps.splice(at, 1))).toBe('a refusal carries the code that is due, and what is due is done');
  } finally {
    steps.splice(at, 0, line);
  }
});

test('a policy that lets the sender take the steps of the receiver is found: what is to be refused is done', async () => {
  const shipped = await readPolicyFiles(readConfig({}).policiesDirectory);
  const folder = await createPolicyFolder(shipped.map(({ name, text }) => ({ name, text: name === 'return-case.yaml' ? text.replaceAll('as: [origin], after: [origin]', 'as: [origin, destination], after: [origin, destination]') : text })));
  try {
    expect(await foundBy(await startHub({ GUITU_POLICIES: folder.path }), () => undefined)).toBe('a refusal carries the code that is due, and what is due is done');
  } finally {
    await folder.remove();
  }
});

/** A function of the database as it reads with one part of it replaced. */
async function replaceIn(hub: TestHub, signature: string, part: string, by: string): Promise<void> {
  await withClient(hub.database.admin, async (client) => {
    const { rows: [was] } = await client.query<{ text: string }>('SELECT pg_get_functiondef($1::regprocedure) AS text', [signature]);
    const text = was?.text.replace(part, by);
    expect(text).not.toBe(was?.text);
    await client.query(text ?? '');
  });
}

test('a duty that is not ended with its step is found: somebody owes what the state does not ask for', async () => {
  const hub = await startHub();
  expect(await foundBy(hub, () => replaceIn(hub, 'guitu.end_duties(uuid, text[], text, timestamptz)', 'WHERE ', "WHERE step <> 'acknowledgeReturn' AND "))).toBe('nobody owes what the state does not ask for');
});

test('a revisit that leaves its duty open is found: somebody owes what the state does not ask for', async () => {
  const hub = await startHub();
  expect(await foundBy(hub, () => replaceIn(hub, 'guitu.meet_revisits(uuid, date, timestamptz)', 'd.ended_at IS NULL', 'd.ended_at IS NULL AND FALSE'), [returnsMachine], 3 * SOON)).toBe('nobody owes what the state does not ask for');
});

test('a hit on a protected person that stands like any other is found: it leads to a candidate', async () => {
  const hub = await startHub();
  expect(await foundBy(hub, () => replaceIn(hub, 'guitu.record_hit(jsonb, text, text, text, date)', 'found.suppressed := EXISTS (SELECT FROM protections p WHERE p.person_id = found.person_id)', 'found.suppressed := FALSE'), [staysMachine, inquiriesMachine])).toBe('a step leads where the ledgers say');
});

test('a stay that ends and leaves the duties of its inquiry open is found: a finished record owes nothing', async () => {
  const hub = await startHub();
  expect(await foundBy(hub, () => replaceIn(hub, 'guitu.withdraw_inquiries(uuid, text, integer, text, timestamptz)', 'end_duties(one.id, NULL', "end_duties(one.id, ARRAY['none']"), [staysMachine, inquiriesMachine])).toBe('a finished record owes nothing');
});
