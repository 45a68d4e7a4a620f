import { parseArgs } from 'node:util';
import setUp from '../support/global-setup.js';
import tearDown from '../support/global-teardown.js';
import { startHub } from '../support/hub.js';
import { MACHINES } from './all-machines.js';
import { Walk, type WalkReport } from './walker.js';

/**
 * The long walk: `npm run walks -- --steps 50000 --seed 1`. It starts a server of its own, says how far it has come, and closes with how often every line of every table was taken.
 * Exit code 1 for a fault, which is told with what led there, or for a line that was never taken.
 */
const { values } = parseArgs({ options: { steps: { type: 'string', default: '50000' }, seed: { type: 'string', default: '1' } } });
const [steps, seed] = [Number(values.steps), Number(values.seed)];
if (!Number.isSafeInteger(steps) || steps < 1 || !Number.isSafeInteger(seed)) {
  process.stderr.write('usage: walks [--steps N] [--seed S], whole numbers\n');
  process.exit(2);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const startedAtMs = Date.now();
await setUp();
try {
  const hub = await startHub();
  const walk = await Walk.begin(hub, { seed, machines: MACHINES, tell: say });
  try {
    close(await walk.run(steps), walk.pool.untaken().length);
  } finally {
    await walk.end();
    await hub.stop();
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await tearDown();
}

function close({ steps: walked, taken, codes, looks, ticks, lines }: WalkReport, never: number): void {
  for (const { line, taken: times } of lines) say(`${String(times).padStart(6)}  ${line}`);
  say(`steps ${walked}, taken ${taken}, faults 0, lines never taken ${never} (seed ${seed}; ${Object.entries(codes).map(([code, times]) => `${code} ${times}`).join(', ')}; looks ${looks}, ticks ${ticks}; ${Math.round((Date.now() - startedAtMs) / 1_000)} s)`);
  if (never > 0) process.exitCode = 1;
}
