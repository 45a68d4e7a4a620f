import type { Seeded } from '../twins/seeded.js';
import type { WalkMachine } from './walk-machine.js';

/** The records of a walk by the state that each was last seen in, and how often each line of each table was taken. */
export class WalkPool {
  readonly #buckets = new Map<string, string[]>();
  readonly #state = new Map<string, string>();
  readonly #taken = new Map<string, number>();
  readonly #ids = new Map<string, string[]>();
  readonly #tried = new Map<string, number>();
  readonly #lines: ReturnType<WalkPool['lines']>;

  constructor(readonly machines: readonly WalkMachine[]) {
    const lines = machines.flatMap((machine) => machine.steps.flatMap(({ operation, from, to }) => from.map((state) => ({ line: lineOf(machine, operation, state, to), machine, operation, from: state, to }))));
    // Two choices of one operation may lead the same way: public security finds nobody, or has no authority to look.
    this.#lines = [...new Map(lines.map((one) => [one.line, one])).values()];
    for (const { line } of this.#lines) this.#taken.set(line, 0);
  }

  /** Lines of all tables, one for each state before. */
  lines(): readonly { line: string; machine: WalkMachine; operation: string; from: string | null; to: string }[] {
    return this.#lines;
  }

  /** @returns whether the line stands in the table */
  take(machine: WalkMachine, operation: string, from: string | null, to: string): boolean {
    const line = lineOf(machine, operation, from, to);
    const times = this.#taken.get(line);
    if (times !== undefined) this.#taken.set(line, times + 1);
    return times !== undefined;
  }

  taken(line: string): number {
    return this.#taken.get(line) ?? 0;
  }

  see(machine: WalkMachine, id: string, state: string): void {
    const former = this.#state.get(id);
    if (former === state) return;
    if (former === undefined) this.of(machine).push(id);
    else this.in(machine, former).splice(this.in(machine, former).indexOf(id), 1);
    this.in(machine, state).push(id);
    this.#state.set(id, state);
  }

  knows(id: string): boolean {
    return this.#state.has(id);
  }

  of({ name }: WalkMachine): string[] {
    return listIn(this.#ids, name);
  }

  in({ name }: WalkMachine, state: string): string[] {
    return listIn(this.#buckets, `${name} ${state}`);
  }

  /** Lines that agencies take and nobody has taken yet, but for those that only chance leads to. */
  untaken(): string[] {
    return this.#lines.filter(({ line, operation }) => !NOBODYS.includes(operation) && !BY_CHANCE.includes(line) && this.taken(line) === 0).map(({ line }) => line);
  }

  /** How many steps each state lies before one in which a line was never taken. */
  #distances(): Map<string, number> {
    const far = new Map<string, number>();
    for (const { machine, from, line } of this.#lines) if (from !== null && this.taken(line) === 0 && !BY_CHANCE.includes(line)) far.set(`${machine.name} ${from}`, 0);
    for (let steps = 1; steps < 8; steps++) {
      for (const { machine, from, to } of this.#lines) {
        const [here, there] = [`${machine.name} ${from ?? ''}`, `${machine.name} ${to}`];
        if (from !== null && far.get(there) === steps - 1 && !far.has(here)) far.set(here, steps);
      }
    }
    return far;
  }

  /** One of the lines that can be tried now, the least taken with the best chance; one that was tried in vain has less. */
  chooseLine(random: Seeded): ReturnType<WalkPool['lines']>[number] {
    const open = this.#lines.filter(({ machine, operation, from }) => !NOBODYS.includes(operation) && (machine.name === 'flags' || operation === 'importReturns' || machine.begins.includes(operation) || (from !== null && this.in(machine, from).length > 0)));
    const far = this.#distances();
    const weights = open.map(({ line, machine, operation, from, to }) => {
      const tired = 2 * this.taken(line) + 0.3 * (this.#tried.get(line) ?? 0);
      // Without beginnings there is nothing to go on with, and an end leaves nothing. An import reads the table of all divisions, and is dear.
      if (operation === 'importReturns') return 0.2 / (1 + tired);
      if (this.taken(line) === 0) return 3 / (1 + 0.03 * tired);
      const ahead = far.get(`${machine.name} ${to}`);
      if (ahead !== undefined && from !== null && from !== to) return 2 / (1 + ahead);
      return from === null ? 1 / (1 + 0.1 * tired) : (machine.finished.includes(to) ? 0.1 : 1) / (1 + tired);
    });
    let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
    const at = weights.findIndex((weight) => (left -= weight) <= 0);
    const chosen = open[at < 0 ? open.length - 1 : at];
    if (!chosen) throw new Error('no line is open');
    this.#tried.set(chosen.line, 1 + (this.#tried.get(chosen.line) ?? 0));
    return chosen;
  }
}

/**
 * A cleared household is hit anew by its office's own asking only where a member's protection has ended meanwhile, or a merge was undone; households.test.ts takes it. An ended entry comes back
 * only with another return of the same person; at-risk-steps.test.ts takes it.
 */
const BY_CHANCE: readonly string[] = ['flags: flagHouseholds CLEARED → PROPOSED', 'registry: reopenAtRiskEntry ENDED → ACTIVE'];

/** Operations whose lines no step on the record takes: time does, or what becomes of a person. */
const NOBODYS: readonly string[] = ['clock', 'protectPerson'];

const lineOf = ({ name }: WalkMachine, operation: string, from: string | null, to: string): string => `${name}: ${operation} ${from ?? '[*]'} → ${to}`;

function listIn(lists: Map<string, string[]>, key: string): string[] {
  const known = lists.get(key) ?? [];
  lists.set(key, known);
  return known;
}
