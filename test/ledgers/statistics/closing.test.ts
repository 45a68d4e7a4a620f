import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ClosingBesideClock } from '../../../src/ledgers/statistics/closing-beside-clock.js';
import { closeStatistics } from '../../../src/ledgers/statistics/statistics.closing.js';
import { DecidingThread } from '../../../src/ledgers/statistics/statistics.deciding.js';
import { parsePeriod } from '../../../src/ledgers/statistics/periods.js';
import { fillNotices } from '../../bench/closing-rows.js';
import { startHub, type TestHub } from '../../support/hub.js';
import { withClient } from '../../support/test-server.js';

let hub: TestHub;

const owner = <Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> => withClient(hub.database.admin, async (client) => (await client.query<Row>(text, [...values])).rows);
const close = (at: string, signal?: AbortSignal): Promise<string[]> => closeStatistics(hub.parts.pools.clock, hub.parts.policy.policy, new Date(at), [], signal);
const closedPeriods = async (): Promise<string[]> => (await owner<{ period: string }>('SELECT period FROM guitu.statistics_periods ORDER BY period')).map(({ period }) => period);
/** Rows of all three tables that are of no closed period, or of none at all. */
const halfStored = async (): Promise<unknown[]> => owner('SELECT period FROM guitu.statistics_counts UNION SELECT period FROM guitu.statistics_figures EXCEPT SELECT period FROM guitu.statistics_periods');
/** Hubs that close now, each by its turn. */
const turns = async (): Promise<number> => (await owner("SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 1764000011 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")).length;
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => { setTimeout(resolve, 10); });
}

/** A closing beside a hub's clock, and what it logs. */
function besideClock(at: string): { closing: ClosingBesideClock; said: string[] } {
  const said: string[] = [];
  const say = (what: object, message: string): void => void said.push(`${message} ${JSON.stringify(what)}`);
  return { said, closing: new ClosingBesideClock({ clock: hub.parts.pools.clock, policy: () => hub.parts.policy.policy, now: () => new Date(at) }, { info: say, error: say }) };
}

beforeAll(async () => {
  hub = await startHub();
  await withClient(hub.database.admin, async (client) => {
    await client.query('DELETE FROM guitu.duty_notices; DELETE FROM guitu.duties');
    await fillNotices(client, 60);
  });
  await close('2026-12-20T00:00:00+08:00');
}, 120_000);
afterAll(() => hub.stop());

describe('the closing of a year', () => {
  test('has the quarters before it behind it', async () => {
    expect(await closedPeriods()).toEqual([...Array.from({ length: 11 }, (_, index) => `2026-${String(index + 1).padStart(2, '0')}`), '2026-Q1', '2026-Q2', '2026-Q3'].toSorted());
  });

  test('whose thread fails stores nothing and leaves the hub as it was', async () => {
    await owner("INSERT INTO guitu.statistics_counts (period, measure, place, count) VALUES ('2026-05', 'NOTICES.LATE', '999999', 7)");
    const before = await closedPeriods();
    const { closing, said } = besideClock('2027-01-20T00:00:00+08:00');
    closing.begin([]);
    await until(() => said.length > 0);
    expect(said).toEqual([expect.stringMatching(/^statistics could not be closed, and will be tried again .*no division 999999/u)]);
    expect([await closedPeriods(), await halfStored()]).toEqual([before, []]);
    await until(async () => (await turns()) === 0);
    expect((await fetch(`${hub.url}/readyz`)).status).toBe(200);
    await owner("DELETE FROM guitu.statistics_counts WHERE place = '999999'");
    await closing.stop();
  });

  test('that the hub is stopped in is ended at once, stores nothing and says nothing', async () => {
    const before = await closedPeriods();
    const { closing, said } = besideClock('2027-01-20T00:00:00+08:00');
    closing.begin([]);
    await until(async () => (await turns()) === 1);
    const began = performance.now();
    await closing.stop();
    expect(performance.now() - began).toBeLessThan(1_500);
    closing.begin([]);
    await closing.stop();
    expect([said, await closedPeriods(), await halfStored()]).toEqual([[], before, []]);
    await until(async () => (await turns()) === 0);
  });

  test('whose connection is lost stores nothing', async () => {
    const before = await closedPeriods();
    const { closing, said } = besideClock('2027-01-20T00:00:00+08:00');
    closing.begin([]);
    await until(async () => (await turns()) === 1);
    await owner("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 1764000011 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
    await until(() => said.length > 0);
    expect(said[0]).toMatch(/^statistics could not be closed, and will be tried again/u);
    expect([await closedPeriods(), await halfStored()]).toEqual([before, []]);
    await closing.stop();
  });

  test('that failed is done when the clock next asks, once for all hubs however often they are asked, and requests are answered meanwhile', async () => {
    const { closing, said } = besideClock('2027-01-20T00:00:00+08:00');
    for (let ticks = 0; ticks < 3; ticks += 1) closing.begin([]);
    const others: string[][] = [];
    const second = close('2027-01-20T00:00:00+08:00').then((names) => void others.push(names));
    let answered = 0;
    while (others.length === 0 || others.flat().length + said.length === 0) {
      const answer = await hub.ask('station-320281', { purpose: 'RETURN' }, '{ returnCases(first: 20) { nodes { caseNo state subject { name } } } }');
      expect(answer.errors).toEqual([]);
      answered += 1;
      expect(await turns()).toBeLessThan(2);
    }
    const year = ['2026-12', '2026-Q4', '2026'];
    await second;
    expect([said, ...others]).toEqual(said.length > 0 ? [[`statistics closed ${JSON.stringify({ closed: year })}`], []] : [[], year]);
    expect(await halfStored()).toEqual([]);
    expect(answered).toBeGreaterThan(10);
    await closing.stop();
  });
});

describe('the thread that decides', () => {
  const asked = { name: 'NOTICES', periods: [parsePeriod('2026-01')], closed: new Set<string>(), counts: new Map([['NOTICES.IN_TIME|320281|2026-01', 9]]), shown: new Set<string>(), smallest: 5,
    places: { divisions: [{ code: '000000', name: '全国', level: 'COUNTRY', parent: null }, { code: '320281', name: '江阴市', level: 'COUNTY', parent: '000000' }], successors: [] } };

  /** What takes far longer to decide than a thread to end. */
  const codes = Array.from({ length: 2_000 }, (_, index) => String(100_000 + index));
  const ofThousands = {
    counts: new Map(codes.map((code, index) => [`NOTICES.IN_TIME|${code}|2026-01`, index % 9])),
    places: { divisions: [{ code: '000000', name: '全国', level: 'COUNTRY', parent: null }, ...codes.map((code) => ({ code, name: code, level: 'COUNTY', parent: '000000' }))], successors: [] },
  };

  test('that is ended while it is asked says so, then and afterwards', async () => {
    const thread = new DecidingThread();
    expect([...await thread.decide({ measure: 'NOTICES', ...asked })].length).toBe(4);
    const waiting = thread.decide({ measure: 'NOTICES', ...asked, ...ofThousands });
    const ended = thread.end();
    await expect(waiting).rejects.toThrow('the thread that decides statistics ended');
    await ended;
    await expect(thread.decide({ measure: 'NOTICES', ...asked })).rejects.toThrow('the thread that decides statistics ended');
  });

  test('hands on what it threw', async () => {
    const thread = new DecidingThread();
    await expect(thread.decide({ measure: 'NOTHING', ...asked })).rejects.toThrow('nothing is counted as NOTHING');
    await thread.end();
  });
});
