import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { readCorpus, rowsOf } from './corpus.js';
import { startDifferentialHub, type DifferentialHub } from './differential-hub.js';
import { completed } from './draft-policy.js';
import { grownTo } from './grown-policy.js';
import { runCase } from './run-case.js';
import { referenceOver } from './run-differential.js';

/** Every mismatch that was ever found, and cases that are easily got wrong: once mended, they stay so. */
describe('the hub answers what the reference answers', () => {
  const corpus = readCorpus();
  let hub: DifferentialHub;
  beforeAll(async () => {
    hub = await startDifferentialHub('off');
  });
  afterAll(() => hub.stop());

  test('there are cases to replay', () => {
    expect(corpus.length).toBeGreaterThan(0);
  });

  test.each(corpus.map(({ file, found }) => [file, found.what, found] as const))('%s: %s', async (_file, _what, found) => {
    const reference = await referenceOver(hub, rowsOf(found));
    const policy = parsePolicy(completed(grownTo(hub.parts.policy.catalogue, found.policy)), hub.parts.policy.catalogue);
    let answers = 0;
    expect(await runCase(hub, reference, policy, found.questions, () => {
      answers += 1;
    })).toBeUndefined();
    expect(answers).toBeGreaterThanOrEqual(found.questions.length);
  });
});
