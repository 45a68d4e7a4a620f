import { policyVersion } from '../policy/parse-policy.js';
import { readPolicyFiles } from './policy-files.js';
import type { PolicyStore } from './policy-store.js';

/** How often the folder of policies is looked at, milliseconds. */
const LOOK_EVERY_MS = 2_000;

/** What a look finds where the files cannot be read; no version is called so. */
const UNREADABLE = 'unreadable';

/**
 * Watches a folder of policies by its contents: names and texts, hashed. Events of the file system are not asked, for they are lost on network mounts and come in the middle of a
 * change. What two looks in a row have found is offered: a file of which an editor has written half may well parse, and lack its caps. Nothing that goes wrong here reaches the rest of the process.
 */
export class PolicyWatch {
  #found: string | undefined;
  #last: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** @param everyMs time from the end of one look to the next, milliseconds */
  constructor(private readonly folder: string, private readonly store: PolicyStore, private readonly everyMs: number = LOOK_EVERY_MS) {
    this.#lookLater();
  }

  /** One look, after those under way. */
  look(): Promise<void> {
    this.#last = this.#last.then(() => this.#look());
    return this.#last;
  }

  /** Two looks without a pause: takes at once what lies there. */
  async lookTwice(): Promise<void> {
    await this.look();
    await this.look();
  }

  /** Looks no more; resolves when a look under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#last;
  }

  #lookLater(): void {
    this.#timer = setTimeout(() => void this.look().then(() => this.#stopped || this.#lookLater()), this.everyMs);
  }

  async #look(): Promise<void> {
    try {
      const sources = await readPolicyFiles(this.folder);
      if (this.#isAsBefore(policyVersion(sources))) await this.store.offer(sources);
    } catch (error) {
      if (this.#isAsBefore(UNREADABLE)) this.store.missing(error);
    }
  }

  #isAsBefore(found: string): boolean {
    const before = this.#found;
    this.#found = found;
    return found === before;
  }
}
