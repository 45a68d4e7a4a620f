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
  readonly #gone = new Promise<never>((_, reject) => void this.#worker.once('error', reject).once('exit', () => reject(new Error('the thread that decides statistics ended'))));
  readonly #stop = (): void => void this.#worker.terminate();

  /** @param signal ends the thread, whatever it is at */
  constructor(private readonly signal?: AbortSignal) {
    // Whoever asks is told; a thread that fails while nobody asks must not end the hub.
    this.#gone.catch(() => undefined);
    signal?.addEventListener('abort', this.#stop, { once: true });
  }

  /** @throws what the thread threw, or the reason of the signal */
  async decide(undecided: Undecided): Promise<Map<string, number>> {
    this.signal?.throwIfAborted();
    const answer = new Promise<Map<string, number>>((resolve) => void this.#worker.once('message', resolve));
    this.#worker.postMessage(undecided, []);
    try {
      return await Promise.race([answer, this.#gone]);
    } catch (error) {
      this.signal?.throwIfAborted();
      throw error;
    }
  }

  async end(): Promise<void> {
    this.signal?.removeEventListener('abort', this.#stop);
    await this.#worker.terminate();
  }
}
