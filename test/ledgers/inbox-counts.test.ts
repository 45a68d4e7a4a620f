import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tick } from '../../src/delivery/clock.js';
import { startHub, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';
import { world } from '../support/world.js';

interface Count { step: string; title: string; record: string; owed: number; raised: number; waiting: number; overdue: number; told: number; nextDueAt: string | null }
interface Item { kind: string; step: string; title: string; record: string; overdue: boolean; dueAt: string | null }

const COUNTS = '{ inboxCounts { step title record owed raised waiting overdue told nextDueAt } }';
const ITEMS = '{ inbox(first: 200) { totalCount nodes { kind step title record overdue dueAt } } }';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
  Object.assign(hub.parts, { now: () => new Date('2026-11-25T09:00:00+08:00') });
  await tick(hub.parts.pools.clock, hub.parts.policy.policy, {}, new Date('2026-11-25T09:00:00+08:00'));
  const sent = await hub.ask<{ returnCases: { nodes: { id: string; version: number }[] } }>('station-120000', { purpose: 'RETURN' }, '{ returnCases(filter: { state: [SENT] }, first: 1) { nodes { id version } } }');
  const one = sent.data?.returnCases.nodes[0];
  expect((await hub.ask('station-120000', { purpose: 'RETURN', key: 'recalled' }, `mutation { recallReturn(input: { id: "${one?.id}", expectedVersion: ${one?.version}, code: OTHER }) { returnCase { state } } }`)).errors).toEqual([]);
});
afterAll(() => hub.stop());

/** A purpose that needs no record of its kind: an inbox opens under any that the agency may state. */
const PURPOSE: Record<string, string> = { RESCUE_STATION: 'RETURN', CIVIL_AFFAIRS: 'SUPERVISION', PUBLIC_SECURITY: 'IDENTITY', HEALTH: 'MEDICAL_CARE', POVERTY_RELIEF: 'POVERTY_RELIEF', TOWNSHIP: 'AT_RISK_CARE', PARTNER: 'BENEFIT_CHECK' };
const agencies = Object.entries(world.agencies).filter(([, { kind }]) => kind in PURPOSE).map(([code, { kind }]): [string, string] => [code, PURPOSE[kind] ?? '']);

async function countsOf(agency: string, purpose: string): Promise<Count[]> {
  const answer = await hub.ask<{ inboxCounts: Count[] }>(agency, { purpose }, COUNTS);
  expect(answer.errors).toEqual([]);
  return answer.data?.inboxCounts ?? [];
}

async function recounted(agency: string, purpose: string): Promise<Count[]> {
  const answer = await hub.ask<{ inbox: { totalCount: number; nodes: Item[] } }>(agency, { purpose }, ITEMS);
  const nodes = answer.data?.inbox.nodes ?? [];
  expect(nodes.length).toBe(answer.data?.inbox.totalCount);
  const groups = new Map<string, Item[]>();
  for (const node of nodes) groups.set(`${node.step}|${node.title}|${node.record}`, [...(groups.get(`${node.step}|${node.title}|${node.record}`) ?? []), node]);
  return [...groups.values()].map((items): Count => {
    const [{ step, title, record } = { step: '', title: '', record: '' }] = items;
    const owed = items.filter(({ kind }) => kind !== 'TOLD');
    const coming = owed.filter(({ overdue }) => !overdue).map(({ dueAt }) => dueAt).toSorted();
    return { step, title, record, owed: items.filter(({ kind }) => kind === 'OWED').length, raised: items.filter(({ kind }) => kind === 'RAISED').length, waiting: owed.length, overdue: owed.length - coming.length, told: items.length - owed.length, nextDueAt: coming[0] ?? null };
  });
}

const sorted = (counts: Count[]): Count[] => counts.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));

test.each(agencies)('the counts of %s are what its inbox lists', async (agency, purpose) => {
  expect(sorted(await countsOf(agency, purpose))).toEqual(sorted(await recounted(agency, purpose)));
});

test('some wait for the agency itself, some were raised to it, some are late and some are not, and some were told', async () => {
  const all = (await Promise.all(agencies.map(([agency, purpose]) => countsOf(agency, purpose)))).flat();
  expect([all.some(({ owed }) => owed > 0), all.some(({ raised }) => raised > 0), all.some(({ overdue }) => overdue > 0), all.some(({ nextDueAt }) => nextDueAt !== null), all.some(({ told }) => told > 0)]).toEqual([true, true, true, true, true]);
});

test('what waits about a protected person is counted for nobody but the holding side', async () => {
  const before = await countsOf('civil-320000', 'SUPERVISION');
  await withClient(hub.database.admin, (owner) => owner.query(
    `INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) SELECT DISTINCT d.person_id, a.id, a.division, current_date, '测试' FROM guitu.duties d JOIN guitu.duty_notices n ON n.duty_id = d.id JOIN guitu.agencies up ON up.id = n.agency_id AND up.code = 'civil-320000', guitu.agencies a
     WHERE a.code = 'station-120000' AND d.person_id IS NOT NULL ON CONFLICT DO NOTHING`));
  const after = await countsOf('civil-320000', 'SUPERVISION');
  expect(before.reduce((sum, { waiting }) => sum + waiting, 0)).toBeGreaterThan(after.reduce((sum, { waiting }) => sum + waiting, 0));
  expect(sorted(after)).toEqual(sorted(await recounted('civil-320000', 'SUPERVISION')));
});

test('an auditor has no inbox to count', async () => {
  const answer = await hub.ask('audit-320000', { purpose: 'AUDIT' }, COUNTS);
  expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
});
