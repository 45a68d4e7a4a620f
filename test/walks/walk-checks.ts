import type { Attempt, Sight, Taken, WalkMachine } from './walk-machine.js';
import type { Reading } from './walk-sight.js';

/** What must hold after every step. Each check has a name, which a fault carries. */

export class WalkFault extends Error {
  constructor(readonly check: string, detail: string) {
    super(`${check}: ${detail}`);
  }
}

export function hold(check: string, holds: boolean, detail: () => string): void {
  if (!holds) throw new WalkFault(check, detail());
}

/** What a record must be like whoever did what. */
export function checkRecord(machine: WalkMachine, sight: Sight): void {
  const { state, transitions, owed } = sight;
  const stood = (): string => `${machine.name} ${sight.id} in ${state}, owed ${owed.map(({ step, owner }) => `${step} ${owner}`).join(', ') || 'nothing'}`;
  if (machine.transitions) {
    const chain = transitions ?? [];
    const broken = chain.findIndex(({ from_state: from }, index) => from !== (chain[index - 1]?.to_state ?? null));
    hold('the chain of transitions is unbroken', broken < 0, () => `${stood()}: ${JSON.stringify(chain)}`);
    hold('the last transition leads to where the record is', chain.at(-1)?.to_state === state, () => `${stood()}: ${JSON.stringify(chain.at(-1))}`);
  }
  hold('a finished record owes nothing', !machine.finished.includes(state) || owed.every(({ step }) => machine.outlasting?.includes(step)), stood);
  hold('nobody owes one step twice', new Set(owed.map(({ step, owner }) => `${step} ${owner}`)).size === owed.length, stood);
  const { must, may } = machine.owes(sight);
  const left = owed.map(({ step, owner }) => `${step} ${owner}`);
  for (const duty of must) {
    const [steps = '', owner = ''] = duty.split(' ');
    const at = left.findIndex((one) => steps.split('|').some((step) => one === `${step} ${owner}`));
    hold('whoever must act owes the step', at >= 0, () => `${stood()}; ${duty} is missing`);
    left.splice(at, 1);
  }
  hold('nobody owes what the state does not ask for', left.every((duty) => may.includes(duty)), () => `${stood()}; too many: ${left.join(', ')}`);
}

/** After a refusal everything is as it was. */
export function checkRefused(before: Sight | null, { sight, told }: Reading): void {
  hold('a refused step changes nothing', before?.whole === sight?.whole, () => `${before?.whole ?? 'nothing'}\n became ${sight?.whole ?? 'nothing'}`);
  hold('a refused step is told to nobody', told.length === 0, () => JSON.stringify(told));
}

/** After a step: where it led, one transition, a new version, told and on record. */
export function checkTaken({ machine, operation, actor }: Attempt, outcome: Taken, before: Sight | null, reading: Reading, after: Sight): void {
  const stood = (): string => `${operation} by ${actor.code} from ${before?.state ?? 'nothing'} to ${after.state}`;
  hold('a step leads where the ledgers say', after.state === outcome.to, () => `${stood()}, not ${outcome.to}`);
  const line = machine.steps.some((step) => step.operation === operation && step.to === after.state && step.from.some((from) => (from ?? null) === (before?.state ?? null)));
  hold('what is taken is a line of the table', outcome.stays === true || line, stood);
  if (machine.transitions) hold('a step is one transition', (after.transitions?.length ?? 0) === (before?.transitions?.length ?? 0) + (outcome.stays ? 0 : 1), stood);
  if (machine.versioned) hold('a step gives a new version', (after.row['version'] === before?.row['version']) === (outcome.unversioned === true), stood);
  hold('a step is told in the outbox', reading.told.some(({ record, record_id: id }) => record === machine.record && id === after.id), stood);
  const recorded = reading.events.some((event) => event.operations.includes(operation) && event.agency === actor.code && event.outcome.includes('done') && (operation === 'reportEntrant' || event.records[machine.record]?.ids.includes(after.id)));
  hold('a step is on record as evidence', recorded, () => `${stood()}: ${JSON.stringify(reading.events)}`);
}
