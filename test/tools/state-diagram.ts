import type { Step } from '../../src/ledgers/machine.js';
import { RETURN_STEPS } from '../../src/ledgers/returns/returns.transitions.js';

/** The state machines of the ledgers, by the name of their record; a new one joins by one line. */
export const MACHINES: Readonly<Record<string, readonly Step<string>[]>> = {
  ReturnCase: RETURN_STEPS,
};

/** A table of steps as a Mermaid `stateDiagram-v2`: one arrow for each pair of states, labelled with the operations that lead along it and who takes them. */
export function stateDiagram(steps: readonly Step<string>[]): string {
  const arrows = new Map<string, string[]>();
  for (const { operation, from, to, by } of steps) {
    for (const state of from) {
      const arrow = `${state ?? '[*]'} --> ${to}`;
      arrows.set(arrow, [...(arrows.get(arrow) ?? []), `${operation}（${by}）`]);
    }
  }
  const ends = [...new Set(steps.map(({ to }) => to))].filter((state) => !steps.some(({ from }) => from.includes(state)));
  return ['stateDiagram-v2', ...[...arrows].map(([arrow, labels]) => `  ${arrow}: ${labels.join(' · ')}`), ...ends.map((state) => `  ${state} --> [*]`)].join('\n');
}
