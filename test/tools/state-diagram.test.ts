import { expect, test } from '@jest/globals';
import { RETURN_STATES } from '../../src/ledgers/returns/returns.transitions.js';
import { MACHINES, stateDiagram } from './state-diagram.js';

test('a table of steps is drawn with an arrow for each pair of states, its beginnings and its ends', () => {
  const drawn = stateDiagram([
    { operation: 'begin', from: [null], to: 'OPEN', by: '甲' }, { operation: 'go', from: ['OPEN'], to: 'DONE', by: '乙' }, { operation: 'tick', from: ['OPEN'], to: 'DONE', by: '时钟' },
  ]);
  expect(drawn.split('\n')).toEqual(['stateDiagram-v2', '  [*] --> OPEN: begin（甲）', '  OPEN --> DONE: go（乙） · tick（时钟）', '  DONE --> [*]']);
});

test('the machine of returns is drawn with every state, and ends where a return ends', () => {
  const drawn = stateDiagram(MACHINES['ReturnCase'] ?? []);
  expect(RETURN_STATES.filter((state) => !drawn.includes(` ${state}`))).toEqual([]);
  expect(drawn.match(/\w+ --> \[\*\]/gu)?.toSorted()).toEqual(['CLOSED --> [*]', 'RECALLED --> [*]']);
});
