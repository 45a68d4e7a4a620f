import { setImmediate, setTimeout } from 'node:timers/promises';

/**
 * Soonest an answer leaves after its request was read, milliseconds. A record that is hidden takes its predicates some 50–900 µs more than one that is not there
 * (measured over loopback, by filters, ids and refused steps); behind a floor above what a small request takes, neither is seen. Pages of 100 take longer and do not wait.
 */
export const ANSWER_FLOOR_MS = { read: 10, write: 20 } as const;

/** The last stretch is not left to a timer: timers count whole milliseconds of the process, so when they end would tell when they were set. */
const WATCHED_MS = 1.5;

/** Resolves at an instant of `performance.now()`, or at once where it is past. */
export async function holdUntil(instantMs: number): Promise<void> {
  const left = instantMs - performance.now();
  if (left > WATCHED_MS) await setTimeout(left - WATCHED_MS);
  while (performance.now() < instantMs) await setImmediate();
}
