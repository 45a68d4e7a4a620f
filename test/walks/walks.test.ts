import { expect, test } from '@jest/globals';
import { startHub } from '../support/hub.js';
import { MACHINES } from './all-machines.js';
import { Walk } from './walker.js';

/** Change it to go other ways; `npm run walks` goes further. */
const SEED = 20_261_120;
const STEPS = 5_000;
/** How many more steps a walk may go for lines that it has not come to. */
const MORE = 3_000;
/** Share of the lines that a walk of this length may leave untaken. */
const MOST_UNTAKEN = 0.1;

test('every operation of every table stands in the model of a machine, or is the clock, the import of a ledger or an act on a person', () => {
  const modelled = MACHINES.flatMap(({ doors }) => Object.keys(doors));
  expect(MACHINES.flatMap(({ steps }) => steps.map(({ operation }) => operation)).filter((operation) => !modelled.includes(operation) && !['clock', 'importReturns', 'protectPerson'].includes(operation))).toEqual([]);
});

test('5,000 random steps over every machine: what the tables give is done, all else is refused and changes nothing, and nine lines of ten are taken', async () => {
  const hub = await startHub();
  const walk = await Walk.begin(hub, { seed: SEED, machines: MACHINES });
  try {
    let report = await walk.run(STEPS);
    while (walk.pool.untaken().length > MOST_UNTAKEN * report.lines.length && report.steps < STEPS + MORE) report = await walk.run(250, 0);
    process.stdout.write(`walks: seed ${SEED}, ${report.steps} steps, ${report.taken} taken, ${report.looks} looks, ${report.ticks} ticks; ${Object.entries(report.codes).map(([code, times]) => `${code} ${times}`).join(', ')}\n${report.lines.map(({ line, taken }) => `${String(taken).padStart(5)}  ${line}`).join('\n')}\n`);
    expect(walk.pool.untaken().length).toBeLessThanOrEqual(MOST_UNTAKEN * report.lines.length);
    for (const code of ['TRANSITION_NOT_ALLOWED', 'NOT_FOUND', 'FORBIDDEN', 'STALE_VERSION', 'BAD_USER_INPUT', 'PURPOSE_NOT_ALLOWED']) expect([code, (report.codes[code] ?? 0) > 20]).toEqual([code, true]);
    expect(report.taken).toBeGreaterThan(STEPS / 4);
  } finally {
    await walk.end();
    await hub.stop();
  }
}, 1_200_000);
