import { afterEach, describe, expect, test } from '@jest/globals';
import { Campaign, type Report } from './campaign.js';
import { PLANTED_LEAKS } from './planted-leaks.js';
import { textOf } from './differing-text.js';

/** Twin databases that differ only in what the reference hides from a viewer answer that viewer byte for byte the same (security.md §2). */

let campaign: Campaign | undefined;
afterEach(async () => {
  await campaign?.stop();
  campaign = undefined;
});

async function run(options: Parameters<typeof Campaign.prepare>[0]): Promise<Report> {
  campaign = await Campaign.prepare(options);
  return campaign.run();
}

describe('twin databases', () => {
  test('answer alike in a thousand pairs, whatever is hidden and whatever is asked', async () => {
    const report = await run({ pairs: 1_000, seed: 20261120, askers: 60, attacksPerAsker: 10 });
    expect(report.differing.map(textOf)).toEqual([]);
    expect(report.pairs).toBeGreaterThanOrEqual(1_000);
    // not a run of refusals, nor of changes far away
    expect(report.answered).toBeGreaterThan(report.pairs / 4);
    expect(report.inSight).toBeGreaterThan(report.pairs / 10);
    expect(report.effective).toBeGreaterThan(0);
    expect(report.refused).toBeGreaterThan(0);
  });

  test.each(Object.entries(PLANTED_LEAKS))('give away %s', async (_, planted) => {
    const report = await run({ pairs: 4_000, seed: 9, attacksPerAsker: 10, mostDiffering: 1, ...planted });
    expect(report.differing.length).toBeGreaterThan(0);
    expect(report.differing[0]?.changes).toHaveLength(1);
  });
});
