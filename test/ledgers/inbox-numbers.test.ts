import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tick } from '../../src/delivery/clock.js';
import { startHub, type TestHub } from '../support/hub.js';

interface Item { number: string | null; record: string; step: string; state: string | null; kind: string; owner: { code: string } }

const ITEMS = '{ inbox(first: 200) { nodes { number record step state kind owner { code } } } }';
/** Long after every term of the small world. */
const AT = new Date('2027-01-15T09:00:00+08:00');

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
  Object.assign(hub.parts, { now: () => AT });
  await tick(hub.parts.pools.clock, hub.parts.policy.policy, {}, AT);
});
afterAll(() => hub.stop());

async function itemsOf(agency: string, purpose: string): Promise<Item[]> {
  const answer = await hub.ask<{ inbox: { nodes: Item[] } }>(agency, { purpose }, ITEMS);
  expect(answer.errors).toEqual([]);
  return answer.data?.inbox.nodes ?? [];
}

test.each(['civil-320200', 'civil-320000', 'civil-000000'])('%s learns that a county is late with a household or a station with a draft, and not with which', async (agency) => {
  for (const purpose of ['SUPERVISION', 'RETURN']) {
    const raised = (await itemsOf(agency, purpose)).filter(({ kind }) => kind === 'RAISED');
    const [households, drafts] = [raised.filter(({ record }) => record === 'RegisteredHousehold'), raised.filter(({ state }) => state === 'DRAFT')];
    expect(new Set(households.map(({ number, step, owner }) => `${number} ${step} ${owner.code}`))).toEqual(new Set(['null confirmHouseholdFlag civil-320281']));
    expect(new Set(drafts.map(({ number, owner }) => `${number} ${owner.code}`))).toEqual(new Set(['null station-320200']));
    expect(raised.some(({ number, record, state }) => number !== null && record === 'ReturnCase' && state !== 'DRAFT')).toBe(true);
  }
});

test('whoever owes the step reads the number', async () => {
  const [households, drafts] = [await itemsOf('civil-320281', 'POVERTY_RELIEF'), await itemsOf('station-320200', 'RETURN')];
  expect(households.find(({ record, kind }) => record === 'RegisteredHousehold' && kind === 'OWED')?.number).toMatch(/^JY-/u);
  expect(drafts.find(({ state, kind }) => state === 'DRAFT' && kind === 'OWED')?.number).toMatch(/^GT-/u);
});
