import type { Pool } from 'pg';
import { Refusal } from '../kernel/errors.js';
import { eventRow, INSERT_EVENTS, type EvidenceEvent } from './events.js';

interface Waiting { event: EvidenceEvent; resolve: () => void; reject: (error: unknown) => void }

/**
 * Makes events durable under the evidence role. Requests that end at about the same time share one commit: while a commit is under way
 * the next group gathers, so a lone request waits for nobody and a crowd pays for one flush.
 */
export class EvidenceRecorder {
  #waiting: Waiting[] = [];
  #running = 0;

  constructor(private readonly pool: Pool) {}

  /**
   * Resolves when the event is durable. Until then nothing may be served.
   * @throws Refusal UNAVAILABLE if it cannot be made durable
   */
  record(event: EvidenceEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ event, resolve, reject });
      if (this.#running < GROUPS_AT_ONCE) void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#running += 1;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, GROUP_AT_MOST);
      try {
        await this.pool.query({ name: 'evidence', text: INSERT_EVENTS, values: [JSON.stringify(group.map(({ event }) => eventRow(event)))] });
        for (const { resolve } of group) resolve();
      } catch {
        for (const { reject } of group) reject(new Refusal('UNAVAILABLE', { retryAfterSeconds: 2 }));
      }
    }
    this.#running -= 1;
  }
}

const GROUPS_AT_ONCE = 2;
const GROUP_AT_MOST = 200;
