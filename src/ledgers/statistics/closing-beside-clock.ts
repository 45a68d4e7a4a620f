import type { Pool } from 'pg';
import type { Policy } from '../../policy/language.js';
import { closeStatistics } from './statistics.closing.js';

/** What closing needs of a hub, as it stands when one begins. */
export interface ClosingParts { clock: Pool; policy(): Policy; now(): Date }

/** Words that an operator needs. */
export interface ClosingLog { info(what: object, message: string): void; error(what: object, message: string): void }

/**
 * Closes statistics beside the clock: a year of the whole country takes minutes, and no deadline waits for it. One that fails is logged and begun again when the clock next asks.
 */
export class ClosingBesideClock {
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(private readonly parts: ClosingParts, private readonly log: ClosingLog) {}

  /** Begins, unless one is under way. @param stuck duties that the clock has just tried to move on, and could not */
  begin(stuck: readonly string[]): void {
    if (this.#stopping.signal.aborted) return;
    this.#running ??= this.#close(stuck).finally(() => (this.#running = undefined));
  }

  /** Ends what is under way, of which nothing is stored then, and waits until it has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #close(stuck: readonly string[]): Promise<void> {
    const { signal } = this.#stopping;
    try {
      const closed = await closeStatistics(this.parts.clock, this.parts.policy(), this.parts.now(), stuck, signal);
      if (closed.length > 0) this.log.info({ closed }, 'statistics closed');
    } catch (error) {
      if (!signal.aborted) this.log.error({ error: error instanceof Error ? error.message : String(error) }, 'statistics could not be closed, and will be tried again');
    }
  }
}
