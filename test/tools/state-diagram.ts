import { AT_RISK_STEPS } from '../../src/ledgers/at-risk/at-risk.transitions.js';
import { FLAG_STEPS } from '../../src/ledgers/households/households.transitions.js';
import { INQUIRY_STEPS } from '../../src/ledgers/inquiries/inquiries.transitions.js';
import type { Step } from '../../src/ledgers/machine.js';
import { MISSING_STEPS } from '../../src/ledgers/missing/missing.transitions.js';
import { RETURN_STEPS } from '../../src/ledgers/returns/returns.transitions.js';
import { SETTLEMENT_STEPS, type SettlementStep } from '../../src/ledgers/settlement/settlement.transitions.js';
import { STAY_STEPS } from '../../src/ledgers/settlement/stays.transitions.js';

const onTrack = (track: 'LONG_STAY' | 'HOMELESS_RETURNEE'): readonly SettlementStep[] => SETTLEMENT_STEPS.filter(({ tracks }) => tracks === undefined || tracks.includes(track));

/** A machine of the ledgers as README shows it. */
export interface Machine { title: string; steps: readonly Step<string>[] }

/** The state machines of the ledgers; a new one joins by one line. */
export const MACHINES = {
  returns: { title: '返乡人员信息台账 · returns', steps: RETURN_STEPS },
  atRisk: { title: '易流浪走失人员信息库 · at-risk registry', steps: AT_RISK_STEPS },
  longStay: { title: '落户安置：长期滞留 · settlement after a long stay', steps: onTrack('LONG_STAY') },
  homeless: { title: '落户安置：无家可归 · settlement of a homeless returnee', steps: onTrack('HOMELESS_RETURNEE') },
  inquiries: { title: '身份查询 · identity inquiries', steps: INQUIRY_STEPS },
  missing: { title: '走失报案 · missing reports', steps: MISSING_STEPS },
  stays: { title: '滞留 · stays', steps: STAY_STEPS },
  flags: { title: '建档立卡户标记 · household flags', steps: FLAG_STEPS },
} as const satisfies Record<string, Machine>;

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

/** Every machine as README has it: a title and its picture. */
export function printMachines(): string {
  return Object.values<Machine>(MACHINES).map(({ title, steps }) => `### ${title}\n\n\`\`\`mermaid\n${stateDiagram(steps)}\n\`\`\`\n`).join('\n');
}
