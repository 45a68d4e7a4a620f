import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cellsOf } from '../../src/policy/catalogue.js';
import { referenceSchema } from '../reference/reference-executor.js';
import type { RecordType } from '../reference/reference-records.js';
import { startDifferentialHub, type DifferentialHub } from './differential-hub.js';
import { askingArbitrary } from './generated-asking.js';
import { rowsArbitrary } from './generated-rows.js';
import { countingInto, runCase } from './run-case.js';
import { referenceOver, runDifferential } from './run-differential.js';
import { emptyMix, mixText, requireMix } from './verdict-mix.js';

/** Change it to see other cases; `npm run campaign` goes further. */
const SEED = 20_261_120;

describe('generated policies over generated records', () => {
  let hub: DifferentialHub;
  beforeAll(async () => {
    hub = await startDifferentialHub('off');
  });
  afterAll(() => hub.stop());

  test('the hub answers over HTTP what the reference answers, cell by cell, and explains it so', async () => {
    const { mix, policies, checked, disclosures, denials, others, kept } = await runDifferential(hub, { seed: SEED, cells: 100_000, policies: 200 });
    expect({ disclosures, denials, others, kept }).toEqual({ disclosures: 0, denials: 0, others: 0, kept: [] });
    expect(mix.cells).toBeGreaterThanOrEqual(100_000);
    expect(policies).toBeGreaterThanOrEqual(200);
    expect(checked).toBeGreaterThanOrEqual(10);
    expect(mixText(mix)).toMatch(/^WITHHELD /u);
    requireMix(mix);
  }, 600_000);
});

describe('the shipped policy over generated records', () => {
  let hub: DifferentialHub;
  beforeAll(async () => {
    hub = await startDifferentialHub('on');
  });
  afterAll(() => hub.stop());

  test('behind row-level security the hub still answers what the reference answers', async () => {
    const { catalogue, policy } = hub.parts.policy;
    const cells = new Map([...catalogue.records].map(([type, shape]) => [type as RecordType, cellsOf(shape)]));
    const mix = emptyMix();
    for (const seed of [SEED, SEED + 1]) {
      const [drawn] = fc.sample(rowsArbitrary, { seed, numRuns: 1 });
      if (!drawn) throw new Error('no rows were drawn');
      const reference = await referenceOver(hub, drawn.rows);
      for (const asked of fc.sample(askingArbitrary(referenceSchema(), drawn.rows, drawn.favourites, cells), { seed, numRuns: 100 })) {
        expect(await runCase(hub, reference, policy, asked, countingInto(mix, policy))).toBeUndefined();
      }
    }
    expect(mix.rungs.FULL).toBeGreaterThan(500);
  }, 300_000);
});
