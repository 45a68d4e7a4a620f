import { parseArgs } from 'node:util';
import setUp from '../support/global-setup.js';
import tearDown from '../support/global-teardown.js';
import { startDifferentialHub } from './differential-hub.js';
import { runDifferential, type DifferentialResult } from './run-differential.js';
import { mixText, requireMix } from './verdict-mix.js';

/**
 * The long run: `npm run campaign -- --cells 1000000 --seed 7`. It starts a server of its own, says how far it has come, and closes with one line: cells, disclosures,
 * wrongful denials, seed, policies, requests, mix, seconds. Exit code 1 for any difference, or for a run of mostly default denials.
 */
const { values } = parseArgs({ options: { cells: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } } });
const cells = Number(values.cells);
const seed = Number(values.seed);
if (!Number.isSafeInteger(cells) || cells < 1 || !Number.isSafeInteger(seed)) {
  process.stderr.write('usage: campaign [--cells N] [--seed S], whole numbers\n');
  process.exit(2);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const startedAtMs = Date.now();
await setUp();
try {
  const hub = await startDifferentialHub('off');
  try {
    const result = await runDifferential(hub, { seed, cells, policies: 200, tell: say });
    for (const file of result.kept) say(`kept ${file}`);
    say(closingLine(result));
    if (result.kept.length > 0) process.exitCode = 1;
    else requireMix(result.mix);
  } finally {
    await hub.stop();
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await tearDown();
}

function closingLine({ mix, policies, checked, requests, disclosures, denials, others }: DifferentialResult): string {
  const seconds = Math.round((Date.now() - startedAtMs) / 1_000);
  return `cells ${mix.cells}, disclosures ${disclosures}, wrongful denials ${denials}${others > 0 ? `, other differences ${others}` : ''} (seed ${seed}, policies ${policies}, of them fully checked ${checked}, requests ${requests}; ${mixText(mix)}; ${seconds} s)`;
}
