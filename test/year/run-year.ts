import { parseArgs } from 'node:util';
import setUp from '../support/global-setup.js';
import tearDown from '../support/global-teardown.js';
import { simulateYear } from './simulate-year.js';

/** `npm run year -- --persons 2000 --seed 1`: alone, then with a second hub process and a third that is killed at random. Exit code 1 where anything differs. */

const { values } = parseArgs({ options: { persons: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' }, alone: { type: 'boolean', default: false } } });
const options = { persons: Number(values.persons), seed: Number(values.seed) };
await setUp();
try {
  const began = Date.now();
  const alone = await simulateYear({ ...options, crowd: false });
  const minutes = (since: number): string => `${((Date.now() - since) / 60_000).toFixed(1)} min`;
  process.stdout.write(`a year of ${options.persons} persons: ${alone.mutations} acts, ${alone.duties} duties, ${alone.late} late, ${alone.raised} raised, ${alone.figures} figures recounted, ${alone.faults.length} faults (${minutes(began)})\n`);
  process.stdout.write(`${[...alone.byStep].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([step, count]) => `  ${step} ${count}`).join('\n')}\n${alone.faults.slice(0, 20).join('\n')}\n`);
  process.exitCode = alone.faults.length > 0 ? 1 : 0;
  if (!values.alone) {
    const again = Date.now();
    const crowded = await simulateYear({ ...options, crowd: true });
    const differing = crowded.rows.filter((row, index) => row !== alone.rows[index]);
    process.stdout.write(`with a second hub process and a third killed ${crowded.kills} times: ${crowded.faults.length} faults, ${alone.rows.length} rows, ${crowded.digest === alone.digest ? 'the same' : `${differing.length} DIFFER`} (${minutes(again)})\n${differing.slice(0, 20).join('\n')}\n`);
    if (crowded.faults.length > 0 || crowded.digest !== alone.digest) process.exitCode = 1;
  }
} finally {
  await tearDown();
}
