import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.js';
import { AT_RISK_STATES } from '../../src/ledgers/at-risk/at-risk.transitions.js';
import { FLAG_STATES } from '../../src/ledgers/households/households.transitions.js';
import { RETURN_STATES } from '../../src/ledgers/returns/returns.transitions.js';
import { buildPublishedSchema } from '../../src/ledgers/schema.js';
import { SETTLEMENT_STATES } from '../../src/ledgers/settlement/settlement.shape.js';
import { STAY_STATES } from '../../src/ledgers/settlement/stays.shape.js';
import { MACHINES, printMachines, stateDiagram, type Machine } from './state-diagram.js';

test('a table of steps is drawn with an arrow for each pair of states, its beginnings and its ends', () => {
  const drawn = stateDiagram([
    { operation: 'begin', from: [null], to: 'OPEN', by: '甲' }, { operation: 'go', from: ['OPEN'], to: 'DONE', by: '乙' }, { operation: 'tick', from: ['OPEN'], to: 'DONE', by: '时钟' },
  ]);
  expect(drawn.split('\n')).toEqual(['stateDiagram-v2', '  [*] --> OPEN: begin（甲）', '  OPEN --> DONE: go（乙） · tick（时钟）', '  DONE --> [*]']);
});

test.each<[string, readonly string[], (keyof typeof MACHINES)[], string[]]>([
  ['returns', RETURN_STATES, ['returns'], ['CLOSED', 'RECALLED']],
  ['the registry', AT_RISK_STATES, ['atRisk'], ['REJECTED']],
  ['settlement', SETTLEMENT_STATES, ['longStay', 'homeless'], ['CLOSED', 'IDENTIFIED', 'NOT_ELIGIBLE', 'REVERSED', 'SUPPORTED']],
  ['stays', STAY_STATES, ['stays'], ['LEFT']],
  ['flags', FLAG_STATES, ['flags'], ['CONFIRMED']],
])('the machine of %s is drawn with every state, each reached from the beginning, and ends where it ends', (_, states, names, ends) => {
  const drawn = names.map((name) => stateDiagram(MACHINES[name].steps));
  expect(states.filter((state) => !drawn.some((one) => one.includes(` ${state}`)))).toEqual([]);
  expect([...new Set(drawn.flatMap((one) => [...one.matchAll(/(\w+) --> \[\*\]/gu)].map((match) => match[1])))].toSorted()).toEqual(ends);
  for (const name of names) {
    const steps: Machine['steps'] = MACHINES[name].steps;
    expect({ name, lost: steps.flatMap(({ from }) => from).filter((state) => state !== null && !steps.some(({ to }) => to === state)) }).toEqual({ name, lost: [] });
  }
});

test('every operation of every table is a mutation that partners can send, the import of a ledger, or the clock', () => {
  const mutations = buildPublishedSchema().getMutationType()?.getFields() ?? {};
  const unknown = Object.values<Machine>(MACHINES).flatMap(({ steps }) => steps.map(({ operation }) => operation)).filter((operation) => !(operation in mutations) && operation !== 'importReturns' && operation !== 'clock');
  expect(unknown).toEqual([]);
});

test('README holds the pictures between its markers exactly as the tables print them (renew: node dist/test/tools/print-machines.js)', () => {
  const section = /<!-- machines -->\n([\s\S]*?)<!-- \/machines -->/u.exec(readFileSync(join(packageRoot(), 'README.md'), 'utf8'))?.[1];
  expect(section?.trim()).toBe(printMachines().trim());
});
