import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EvidenceEvent } from '../../src/evidence/events.js';
import { startHub, type Asked, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';
import { subjectOf, world } from '../support/world.js';

/** What a request leaves in the evidence, refused or served: who, for what, how it ended; never a word of what it asked. */
let hub: TestHub;
beforeAll(async () => { hub = await startHub(); });
afterAll(() => hub.stop());

async function eventsOf(agency: string, asked: Asked, query: string, variables?: Record<string, unknown>): Promise<EvidenceEvent[]> {
  const { head } = await hub.ask(agency, asked, query, variables);
  const requestId = /x-request-id: (\S+)/u.exec(head)?.[1];
  const rows = await withClient(hub.database.admin, async (owner) => (await owner.query<{ body: string }>('SELECT body FROM guitu_evidence.events')).rows);
  return rows.map(({ body }) => JSON.parse(body) as EvidenceEvent).filter(({ request }) => request === requestId);
}

const FLOOD = `{ ${Array.from({ length: 30 }, (_, index) => `a${index}: returnCases { totalCount }`).join(' ')} }`;

describe('a refused request is recorded once, with its code', () => {
  test.each<[string, string, Asked, string]>([
    ['too much at once', 'station-320281', { purpose: 'RETURN' }, FLOOD],
    ['an operation of others', 'poverty-320281', { purpose: 'POVERTY_RELIEF' }, '{ returnCases { totalCount } }'],
    ['a filter on a hidden field', 'civil-320000', { purpose: 'SUPERVISION' }, '{ returnCases(filter: { subjectName: "某" }) { totalCount } }'],
    ['a purpose of others', 'station-320281', { purpose: 'AUDIT' }, '{ viewer { policy } }'],
    ['a mutation without a key', 'station-320281', { purpose: 'RETURN' }, 'mutation { confirmHome(input: { id: "rc_00000000-0000-4000-8000-000000000000", expectedVersion: 1 }) { returnCase { id } } }'],
  ])('%s', async (_, agency, asked, query) => {
    const { errors } = await hub.ask(agency, asked, query);
    const [event, ...more] = await eventsOf(agency, asked, query);
    expect([event?.agency, event?.outcome, more]).toEqual([agency, [errors[0]?.extensions.code], []]);
  });
});

test('a request leaves no word of its text, literals and variables, in the evidence', async () => {
  const [one] = Object.values(world.cases).filter(({ origin }) => origin === 'station-320281').map((facts) => subjectOf(world, facts));
  const { name = '', idNumber = '' } = one ?? {};
  expect([name.length > 1, idNumber.length]).toEqual([true, 18]);
  const text = `query Words($number: String) { named: returnCases(filter: { subjectName: "${name}" }) { totalCount } numbered: returnCases(filter: { subjectIdNumber: $number }) { totalCount } }`;
  const events = await eventsOf('station-320281', { purpose: 'RETURN', matter: '案由一号' }, text, { number: idNumber });
  expect(events.map(({ outcome, operations }) => [outcome, operations])).toEqual([[['served'], ['returnCases', 'returnCases']]]);
  for (const word of [name, idNumber, 'Words', 'named', 'totalCount']) expect(JSON.stringify(events)).not.toContain(word);
});
