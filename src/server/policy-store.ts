import type { Logger } from 'pino';
import { policyEvent } from '../evidence/events.js';
import type { EvidenceRecorder } from '../evidence/recorder.js';
import { PolicyRefused } from '../policy/language.js';
import { policyVersion, type PolicySource } from '../policy/parse-policy.js';
import type { PolicyInForce } from '../policy/store.js';

/** What the hub says of its policy in `/readyz`. Public, so the faults themselves are in the log only. */
export type PolicyWord = 'ok' | 'a newer version was refused, the old one stays in force' | 'the policy files cannot be read, the old version stays in force';

interface PolicyStoreDeps {
  /** Reads and checks a whole policy. Throws PolicyRefused, or anything. */
  read: (sources: readonly PolicySource[]) => PolicyInForce;
  recorder: EvidenceRecorder;
  now: () => Date;
  log?: Logger | undefined;
}

/**
 * The policy in force. Another version takes over in one assignment, once it has passed every check that a hub makes at its start and the take-over is on record;
 * a request holds the object with which it began and never comes back for another. What fails a check is refused loudly and changes nothing.
 */
export class PolicyStore {
  #current: PolicyInForce;
  /** Version that was refused last, until files of another version are offered. */
  #refused: string | undefined;
  #unreadable = false;
  #last: Promise<void> = Promise.resolve();

  constructor(first: PolicyInForce, private readonly deps: PolicyStoreDeps) {
    this.#current = first;
  }

  get current(): PolicyInForce {
    return this.#current;
  }

  get word(): PolicyWord {
    if (this.#unreadable) return 'the policy files cannot be read, the old version stays in force';
    return this.#refused === undefined ? 'ok' : 'a newer version was refused, the old one stays in force';
  }

  /** Offers the files as they now are; one offer after the other. Never rejects: what cannot be put in force is logged. A version that was refused is not read again. */
  offer(sources: readonly PolicySource[]): Promise<void> {
    this.#last = this.#last.then(() => this.#consider(sources));
    return this.#last;
  }

  /** Says that there are no files to offer: the folder is gone or may not be read. Told once, until there are files again. */
  missing(error: unknown): void {
    if (!this.#unreadable) this.deps.log?.error({ code: codeOf(error), policy: this.#current.policy.hash }, 'the policy files cannot be read; the old version stays in force');
    this.#unreadable = true;
  }

  async #consider(sources: readonly PolicySource[]): Promise<void> {
    const { log } = this.deps;
    if (this.#unreadable) log?.info('the policy files can be read again');
    this.#unreadable = false;
    const version = policyVersion(sources);
    const former = this.#current.policy.hash;
    if (version === former && this.#refused !== undefined) log?.info({ policy: former }, 'the policy files are those in force again');
    if (version === former) this.#refused = undefined;
    if (version === former || version === this.#refused) return;
    const candidate = this.#read(sources, version);
    if (!candidate) return;
    try {
      // On record first: no request may run under a version whose beginning is in no evidence.
      await this.deps.recorder.record(policyEvent(this.deps.now(), version, former));
    } catch {
      log?.error({ policy: former, refused: version }, 'the take-over of a policy cannot be put on record; the old version stays in force until it can');
      return;
    }
    this.#current = candidate;
    this.#refused = undefined;
    log?.info({ policy: version, former }, 'a new version of the policy is in force');
  }

  #read(sources: readonly PolicySource[], version: string): PolicyInForce | undefined {
    try {
      return this.deps.read(sources);
    } catch (error) {
      this.#refused = version;
      const faults = error instanceof PolicyRefused ? error.faults.map(({ message }) => message) : [String(error)];
      this.deps.log?.error({ policy: this.#current.policy.hash, refused: version, faults }, 'a newer version of the policy is refused; the old one stays in force');
      return undefined;
    }
  }
}

const codeOf = (error: unknown): string => (typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown');
