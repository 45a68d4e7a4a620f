import { expect, test } from '@jest/globals';
import { RETURN_STEPS } from '../../src/ledgers/returns/returns.transitions.js';
import { readConfig } from '../../src/config.js';
import { readPolicyFiles } from '../../src/server/policy-files.js';
import { startHub, type TestHub } from '../support/hub.js';
import { createPolicyFolder } from '../support/policy-folder.js';
import { withClient } from '../support/test-server.js';
import { WalkFault } from './walk-checks.js';
import { returnsMachine } from './walk-of-returns.js';
import { Walk } from './walker.js';

/** Steps within which a walk must come upon a planted fault. */
const SOON = 600;

/** The check that fails first on a walk over returns. */
async function foundBy(hub: TestHub, plant: () => Promise<void> | void): Promise<string> {
  const walk = await Walk.begin(hub, { seed: 7, machines: [returnsMachine] });
  try {
    await plant();
    await walk.run(SOON);
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

test('a duty that is not ended with its step is found: somebody owes what the state does not ask for', async () => {
  const hub = await startHub();
  const found = await foundBy(hub, () => withClient(hub.database.admin, async (client) => {
    const { rows: [was] } = await client.query<{ text: string }>("SELECT pg_get_functiondef('guitu.end_duties(uuid, text[], text, timestamptz)'::regprocedure) AS text");
    const text = was?.text.replace('WHERE ', "WHERE step <> 'acknowledgeReturn' AND ");
    expect(text).not.toBe(was?.text);
    await client.query(text ?? '');
  }));
  expect(found).toBe('nobody owes what the state does not ask for');
});
