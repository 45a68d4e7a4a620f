import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AGENCY_KINDS } from '../../src/kernel/viewer.js';
import { representatives } from './askers.js';
import { checkAnswers } from './check-answers.js';
import { checkErrors } from './check-errors.js';
import { checkExplanations } from './check-explain.js';
import { checkFilters } from './check-filters.js';
import { checkOrders } from './check-orders.js';
import { checkRecords } from './check-records.js';
import { checkTraces } from './check-traces.js';
import { READ_KINDS } from './coverage.js';
import { closeHouse, openHouse } from './open-house.js';
import { Session, type House } from './session.js';

/** Every path × every cell × every kind of agency: what leaves by a path is what the reference decides, and nothing else leaves with it. */

let house: House;
let sessions: Session[];
beforeAll(async () => {
  house = await openHouse(READ_KINDS);
  sessions = representatives(house.ledgers).map((context) => new Session(house, context));
});
afterAll(() => closeHouse(house));

describe.each(AGENCY_KINDS)('to a %s', (kind) => {
  /** Runs a check for every session of the kind, several at once; for one of each purpose where that says as much. */
  const each = async (check: (session: Session) => Promise<void>, which: 'all' | 'one of each purpose' = 'all'): Promise<string[]> => {
    const own = sessions.filter(({ context }) => context.viewer.kind === kind);
    const chosen = which === 'all' ? own : own.filter(({ context }, index) => own.findIndex((other) => other.context.purpose === context.purpose) === index);
    expect(chosen.length).toBeGreaterThan(0);
    await Promise.all(chosen.map(check));
    return chosen.flatMap(({ problems }) => problems.splice(0));
  };

  test('lists, ids, numbers and links show every cell at the rung that is decided, and no other byte of it', async () => {
    expect(await each(checkRecords)).toEqual([]);
  });

  test('released answers stand for the cases that may be told of', async () => {
    expect(await each(checkAnswers)).toEqual([]);
  });

  test('filters match and count records only where every cell that they read is held, or are refused by name', async () => {
    expect(await each(checkFilters)).toEqual([]);
  });

  test('orders and cursors go by what is held, and cursors tell nothing', async () => {
    expect(await each(checkOrders)).toEqual([]);
  });

  test('explanations say the rung that is decided, and nothing of a hidden record', async () => {
    expect(await each(checkExplanations, 'one of each purpose')).toEqual([]);
  });

  test('errors repeat no cell, and a hidden record is as one that is not there', async () => {
    expect(await each(checkErrors, 'one of each purpose')).toEqual([]);
  });
});

test('the evidence tells what was shown at which rung and holds no value; the log holds nothing of a record', async () => {
  expect(sessions.reduce((sum, { traces }) => sum + traces.length, 0)).toBeGreaterThan(sessions.length);
  expect(await checkTraces(house, sessions)).toEqual([]);
  for (const session of sessions) {
    for (const [record, { cells }] of house.ledgers.policy.records) for (const cell of cells.keys()) for (const kind of ['withheld', 'log', 'evidence'] as const) session.show(kind, kind, `${record}.${cell}`);
  }
});

test('nothing is left out: every path × cell × kind that the schema and the catalogue have', () => {
  expect(house.walk.uncovered).toEqual([]);
  expect(house.coverage.missing).toEqual([]);
  expect(house.coverage.line).toBe(`${house.coverage.total} of ${house.coverage.total} (path × cell × kind) covered`);
});

test('every way shows a record to somebody, so that the comparisons were not of nothing with nothing', () => {
  const taken = new Set(sessions.flatMap((session) => [...session.taken]));
  // A coordinator is shown no referral: the policy closes these two whatever is asked. Nobody who has left a household is matched.
  expect(house.walk.ways.filter(({ kind, path }) => kind !== 'payload' && !taken.has(path) && !path.endsWith('.formerMembers.matchedPerson')).map(({ path }) => path)).toEqual(['coordinations.nodes.referrals', 'coordinations.edges.node.referrals']);
});
