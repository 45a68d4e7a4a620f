import { parseArgs } from 'node:util';
import setUp from '../support/global-setup.js';
import tearDown from '../support/global-teardown.js';
import { Campaign, type Report } from './campaign.js';
import { textOf } from './differing-text.js';

/**
 * `npm run twins -- --pairs 20000 --seed 7`: twin databases that differ only in what the reference hides from a viewer must answer that viewer byte for byte the same.
 * Ends with 1 where a pair differs; the same seed makes the same run.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { pairs: { type: 'string', default: '20000' }, seed: { type: 'string', default: String(Date.now() % 1_000_000) } }, allowPositionals: true });
  const seed = Number(values.seed);
  const pairs = Number(values.pairs);
  await setUp();
  try {
    const campaign = await Campaign.prepare({ pairs, seed, onProgress: progress(pairs) });
    try {
      const report = await campaign.run();
      for (const differing of report.differing) process.stdout.write(textOf(differing));
      process.stdout.write(`seed ${seed}, hidden changes ${report.changes}, viewers who would have noticed ${report.refused}; of the pairs: answered with data ${report.answered}, change in a row seen in part ${report.inSight}, writes that took effect ${report.effective}\npairs ${report.pairs}, differing ${report.differing.length}\n`);
      process.exitCode = report.differing.length === 0 && report.pairs >= pairs ? 0 : 1;
    } finally {
      await campaign.stop();
    }
  } finally {
    await tearDown();
  }
}

function progress(pairs: number): (report: Report) => void {
  let told = 0;
  return ({ pairs: done, differing }) => {
    if (done - told < pairs / 10) return;
    told = done;
    process.stderr.write(`${done} of ${pairs}, differing ${differing.length}\n`);
  };
}

await main();
