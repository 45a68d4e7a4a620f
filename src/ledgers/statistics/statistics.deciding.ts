import { Worker } from 'node:worker_threads';
import { chooseShown } from '../../disclosure/suppress.js';
import { FAMILIES } from '../measures.js';
import type { Period } from './periods.js';
import { Places, type PlaceRows } from './places.js';
import { buildTable, periodOf, weighLoss } from './statistics.table.js';

/** What is known of one family of counts when periods are closed; plain data, so that another thread can be asked. */
export interface Undecided {
  measure: string;
  /** What stands before the part in the names of its counts: `NOTICES`, `DUTY.recordHomeCheck`. */
  name: string;
  /** Periods over which it is added up. */
  periods: readonly Period[];
  /** Those of them that were closed before, whose figures stand. */
  closed: ReadonlySet<string>;
  /** Counts by cell, of each month. */
  counts: ReadonlyMap<string, number>;
  /** Cells shown in closed periods. */
  shown: ReadonlySet<string>;
  places: PlaceRows;
  /** The smallest count that is shown. */
  smallest: number;
}

/** The figures to show of the periods that are closed now, by cell. */
export function decideFigures({ measure, name, periods, closed, counts, shown, places: rows, smallest }: Undecided): Map<string, number> {
  const family = FAMILIES.find((one) => one.measure === measure);
  if (!family) throw new Error(`nothing is counted as ${measure}`);
  const places = new Places(rows);
  const { values, sums } = buildTable(family, name, periods, places, counts);
  const decided = new Map([...values.keys()].filter((cell) => closed.has(periodOf(cell))).map((cell) => [cell, shown.has(cell)]));
  const chosen = chooseShown({ values, sums, decided, threshold: smallest, lossOf: weighLoss(family, name, places, periods) });
  return new Map([...chosen].map((cell) => [cell, values.get(cell) ?? 0]));
}

/** Decides in a thread of its own, one family after the other: a year of the whole country takes minutes, and requests go on meanwhile. The thread ends with the process. */
export class DecidingThread {
  readonly #worker = new Worker(new URL('deciding-thread.js', import.meta.url));

  /** @throws what the thread threw, or the reason of the signal */
  decide(undecided: Undecided, signal?: AbortSignal): Promise<Map<string, number>> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const stop = (): void => void this.#worker.terminate();
      const answer = (figures: Map<string, number>): void => settle(() => resolve(figures));
      const fail = (error: unknown): void => settle(() => reject(error));
      const ended = (): void => fail(signal?.aborted ? signal.reason : new Error('the thread that decides statistics ended'));
      const settle = (act: () => void): void => {
        this.#worker.off('message', answer).off('error', fail).off('exit', ended);
        signal?.removeEventListener('abort', stop);
        act();
      };
      signal?.addEventListener('abort', stop, { once: true });
      this.#worker.on('message', answer).on('error', fail).on('exit', ended);
      this.#worker.postMessage(undecided, []);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}
