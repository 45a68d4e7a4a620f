import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from 'pg';
import { policyVersion, type PolicySource } from '../../src/policy/parse-policy.js';
import { SHIPPED_SOURCES, sourceText, withChange } from '../policy/shipped-policy.js';
import { askAs } from '../support/asking.js';
import { startHub, type Asked, type HubAnswer, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';

/** Another version takes over while requests run: each of them is wholly of the version under which it began. */
let hub: TestHub;
beforeAll(async () => { hub = await startHub(); });
afterAll(() => hub.stop());
afterEach(() => hub.parts.policies.offer(SHIPPED_SOURCES));

/** The shipped policy but for one cell: nobody sees the day on which a person came. */
const CLOSED = withChange('return-case.yaml', '  - fields: [noticeNo, noticeDate, entryDate, ', '  - fields: [entryDate]\n    nobody: 试行不公开\n  - fields: [noticeNo, noticeDate, ');
const [SHIPPED_VERSION, CLOSED_VERSION] = [policyVersion(SHIPPED_SOURCES), policyVersion(CLOSED)];
const inForce = (): string => hub.parts.policy.policy.hash;
const take = async (sources: readonly PolicySource[]): Promise<void> => {
  await hub.parts.policies.offer(sources);
  expect(inForce()).toBe(policyVersion(sources));
};
const versionOf = ({ extensions }: HubAnswer<unknown>): string => (extensions['disclosure'] as { policy: string } | undefined)?.policy ?? '';

const STATION = 'station-320281';
const ENTERED = '{ returnCases(first: 200) { nodes { caseNo entryDate } } }';
const RETURN: Asked = { purpose: 'RETURN' };
interface Entered { returnCases: { nodes: { caseNo: string; entryDate: string | null }[] } }
const seesEntryDates = ({ data }: HubAnswer<Entered>): boolean => {
  const dates = data?.returnCases.nodes.map(({ entryDate }) => entryDate) ?? [];
  expect(dates.length).toBeGreaterThan(3);
  return dates.some((date) => date !== null);
};

/** Holds a lock that keeps somebody waiting, does something meanwhile, and lets go. `begin` is what will wait. */
async function whileHeld<Result>(lock: string, begin: () => Promise<Result>, meanwhile: () => Promise<void>): Promise<Result> {
  return withClient(hub.database.admin, async (owner) => {
    await owner.query('BEGIN');
    await owner.query(lock);
    const begun = begin();
    while (await waiting(owner) === 0) await setImmediate();
    await meanwhile();
    await owner.query('COMMIT');
    return begun;
  });
}

const waiting = async (owner: Client): Promise<number> => Number((await owner.query('SELECT count(*) AS n FROM pg_locks WHERE NOT granted')).rows[0]?.n);

describe('a request that runs while another version takes over', () => {
  test('ends under its own: a page that waits in the database', async () => {
    const ask = (): Promise<HubAnswer<Entered>> => hub.ask<Entered>(STATION, RETURN, ENTERED);
    const answer = await whileHeld('LOCK TABLE guitu.return_cases IN ACCESS EXCLUSIVE MODE', ask, () => take(CLOSED));
    expect([versionOf(answer), seesEntryDates(answer), answer.errors]).toEqual([SHIPPED_VERSION, true, []]);
    const next = await ask();
    expect([versionOf(next), seesEntryDates(next)]).toEqual([CLOSED_VERSION, false]);
  });

  test('ends under its own from the moment it came in: who asks and what it may is one version, though the second opens the purpose to nobody of its kind', async () => {
    const without = withChange('purposes.yaml', '    - { kind: [TOWNSHIP, PARTNER], roles:', '    - { kind: [TOWNSHIP, PARTNER], from: 2030-01-01, roles:');
    const ask = (): Promise<HubAnswer> => hub.ask('township-320281100', RETURN, '{ viewer { policy purposes } returnCases { totalCount } }');
    const answer = await whileHeld('LOCK TABLE guitu.agencies IN ACCESS EXCLUSIVE MODE', ask, () => take(without));
    expect([answer.data?.['viewer'], answer.errors]).toEqual([{ policy: SHIPPED_VERSION, purposes: ['RETURN', 'AT_RISK_CARE', 'SETTLEMENT'] }, []]);
    expect((await ask()).errors[0]?.extensions.code).toBe('PURPOSE_NOT_ALLOWED');
  });

  test('writes under its own: the deadlines are those of the version, not of the moment', async () => {
    const longer = withChange('deadlines.yaml', 'deadline: acknowledgeReturn, title: 流出地确认收到反馈, from: 送出反馈, amount: 2', 'deadline: acknowledgeReturn, title: 流出地确认收到反馈, from: 送出反馈, amount: 7');
    const send = (letter: string) => (): Promise<HubAnswer> => hub.ask('station-120000', { ...RETURN, key: letter }, `mutation { sendReturnNotice(input: { subject: { name: "换版试" }, noticeNo: "${letter}", noticeDate: "2026-11-10", entryDate: "2026-11-02", leaveDate: "2026-11-12", returnMode: SELF, originDivision: "320281" }) { returnCase { acknowledgeBy } } }`);
    const due = ({ data, errors }: HubAnswer): unknown => [data?.['sendReturnNotice'], errors];
    const before = due(await send('W-1')());
    expect(due(await whileHeld('LOCK TABLE guitu.calendar_days IN ACCESS EXCLUSIVE MODE', send('W-2'), () => take(longer)))).toEqual(before);
    expect(due(await send('W-3')())).not.toEqual(before);
  });
});

const VIEWERS: [string, Asked, string][] = [
  [STATION, RETURN, '{ returnCases(first: 200) { totalCount nodes { id caseNo entryDate leaveDate person { id name } disclosure { field rung rule } } } }'],
  ['station-120000', RETURN, '{ returnCases(first: 200, orderBy: [{ field: ENTRY_DATE, direction: ASC }]) { nodes { caseNo entryDate } } }'],
  ['civil-320281', RETURN, '{ returnCases(first: 200) { nodes { entryDate noticeNo subject { name } } } }'],
  ['civil-320281', { ...RETURN, roles: ['CLERK', 'MINORS_OFFICER'] }, '{ returnCases(first: 200) { nodes { entryDate noticeNo subject { name } } } policyMatrix { field rung rule } }'],
  ['civil-320000', { purpose: 'SUPERVISION' }, '{ returnCases(first: 200) { nodes { caseNo state entryDate } } }'],
  ['station-320200', RETURN, '{ returnCases(first: 200) { nodes { entryDate } } viewer { policy } }'],
  ['township-320281100', { purpose: 'AT_RISK_CARE' }, '{ atRiskEntries { nodes { id needsVisits person { name } } } }'],
];
/** An answer without what differs from one asking to the next. */
const comparable = ({ status, data, errors, extensions }: HubAnswer): string => JSON.stringify({ status, data, errors: errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId: '' } })), extensions });

test('of many viewers during 50 take-overs, every answer is wholly one version\'s', async () => {
  const expected = new Map<string, string[]>();
  for (const sources of [SHIPPED_SOURCES, CLOSED]) {
    await take(sources);
    expected.set(inForce(), await Promise.all(VIEWERS.map(async (viewer) => comparable(await hub.ask(...viewer)))));
  }
  // Each differs at least in the version it names; some in the cell, one in that an order by it is refused.
  expect(VIEWERS.map((_, index) => expected.get(SHIPPED_VERSION)?.[index] === expected.get(CLOSED_VERSION)?.[index])).toEqual(VIEWERS.map(() => false));

  const seen = new Map<string, number>();
  let wrong = 0;
  const course = { answers: 0, ended: false };
  const askOn = async (index: number, viewer: (typeof VIEWERS)[number]): Promise<void> => {
    while (!course.ended) {
      const answer = await hub.ask(...viewer);
      course.answers += 1;
      seen.set(versionOf(answer), (seen.get(versionOf(answer)) ?? 0) + 1);
      if (comparable(answer) !== expected.get(versionOf(answer))?.[index]) wrong += 1;
    }
  };
  const asking = VIEWERS.map((viewer, index) => askOn(index, viewer));
  for (let turn = 0; turn < 50; turn += 1) {
    const before = course.answers;
    await take(turn % 2 === 0 ? SHIPPED_SOURCES : CLOSED);
    while (course.answers < before + 5) await setImmediate();
  }
  course.ended = true;
  await Promise.all(asking);
  expect([wrong, [...seen.keys()].toSorted()]).toEqual([0, [SHIPPED_VERSION, CLOSED_VERSION].toSorted()]);
  for (const count of seen.values()) expect(count).toBeGreaterThan(50);
});

describe('what was made for the former version', () => {
  test('a cursor is refused, and is good again under the very same files', async () => {
    const page = (after: string): Promise<HubAnswer<{ returnCases: { pageInfo: { endCursor: string } } }>> => hub.ask(STATION, RETURN, 'query($after: String) { returnCases(first: 1, after: $after) { pageInfo { endCursor } } }', after ? { after } : {});
    const cursor = (await page('')).data?.returnCases.pageInfo.endCursor ?? '';
    await take(CLOSED);
    const { data, errors } = await page(cursor);
    expect([data, errors.map(({ extensions }) => [extensions.code, extensions.field]), errors[0]?.message]).toEqual([null, [['BAD_USER_INPUT', 'after']], expect.stringContaining('已因策略更新而失效')]);
    await take(SHIPPED_SOURCES);
    expect((await page(cursor)).errors).toEqual([]);
  });

  test('the plan of a document is not used again', async () => {
    const lastStatement = async (): Promise<string> => {
      for (let time = 0; time < 4; time += 1) await hub.ask(STATION, RETURN, ENTERED);
      return hub.statements().at(-1) ?? '';
    };
    const open = await lastStatement();
    await take(CLOSED);
    const closed = await lastStatement();
    expect([open.includes('c0.entry_date'), closed.includes('c0.entry_date')]).toEqual([true, false]);
  });

  test('its prepared statements leave the connections, however often a version takes over', async () => {
    const names = async (): Promise<number> => {
      const clients = await Promise.all(Array.from({ length: hub.parts.pools.reader.options.max }, () => hub.parts.pools.reader.connect()));
      const counts = await Promise.all(clients.map(async (client) => Number((await client.query('SELECT count(*) AS n FROM pg_prepared_statements')).rows[0]?.['n'])));
      for (const client of clients) client.release();
      return Math.max(...counts);
    };
    for (let turn = 0; turn < 12; turn += 1) {
      await take(SHIPPED_SOURCES.map(({ name, text }) => ({ name, text: name === 'return-case.yaml' ? text.replace('\ncaps:\n', `\ncaps:\n  - { cap: turn, fields: [entryDate], rung: WITHHELD, when: { caseNo: { is: X-${turn} } }, basis: 试行 }\n`) : text })));
      for (let time = 0; time < 5; time += 1) await hub.ask(STATION, RETURN, ENTERED.replace('entryDate', 'entryDate person { name }'));
    }
    // The page of the last version, under the name that it has there; one of the version before may still be on a connection that was not used since.
    expect([await names() >= 1, await names() <= 2]).toEqual([true, true]);
  });

  test('the version itself, its lenses and plans are given back to memory', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const former = new WeakRef(hub.parts.policy);
    const lens = new WeakRef(former.deref()?.lensFor(askAs(STATION, 'RETURN')) ?? {});
    for (let time = 0; time < 4; time += 1) await hub.ask(STATION, RETURN, ENTERED);
    await take(CLOSED);
    await hub.ask(STATION, RETURN, ENTERED);
    for (let tries = 0; tries < 50 && (former.deref() ?? lens.deref()); tries += 1) {
      await setImmediate();
      collect();
    }
    expect([former.deref(), lens.deref()]).toEqual([undefined, undefined]);
  });
});

describe('rules with a time', () => {
  const LAPSES = '2026-11-20T10:00:00+08:00';
  const at = (text: string, ms = 0): void => { hub.parts.now = () => new Date(Date.parse(text) + ms); };
  let pinned: () => Date;
  beforeAll(() => { pinned = hub.parts.now; });
  afterEach(() => { hub.parts.now = pinned; });

  test('lapse to the millisecond without a reload: fields, rows, operations and purposes', async () => {
    const notice = "- { grant: notice, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], for: [RETURN] }";
    expect(sourceText('return-case.yaml')).toContain(notice);
    await take(withChange('return-case.yaml', notice, notice.replace(' }', `, until: '${LAPSES}' }`)));
    at(LAPSES, -1);
    expect(seesEntryDates(await hub.ask<Entered>(STATION, RETURN, ENTERED))).toBe(true);
    at(LAPSES);
    expect(seesEntryDates(await hub.ask<Entered>(STATION, RETURN, ENTERED))).toBe(false);
    at(LAPSES, -1);
    expect(seesEntryDates(await hub.ask<Entered>(STATION, RETURN, ENTERED))).toBe(true);

    const county = 'kind: [CIVIL_AFFAIRS], level: [COUNTY], as: [ownCounty], for: [RETURN]';
    await take(withChange('return-case.yaml', county, `${county}, until: '${LAPSES}'`));
    const count = async (): Promise<unknown> => (await hub.ask('civil-320281', RETURN, '{ returnCases { totalCount } }')).data;
    at(LAPSES, -1);
    const before = await count();
    at(LAPSES);
    expect(await count()).not.toEqual(before);

    await take(withChange('operations.yaml', '    - { kind: [RESCUE_STATION, CIVIL_AFFAIRS], for: [RETURN] }\n    - { kind: [CIVIL_AFFAIRS], for: [SUPERVISION, COORDINATION] }', `    - { kind: [RESCUE_STATION, CIVIL_AFFAIRS], for: [RETURN], until: '${LAPSES}' }\n    - { kind: [CIVIL_AFFAIRS], for: [SUPERVISION, COORDINATION] }`));
    const codes = async (): Promise<string[]> => (await hub.ask(STATION, RETURN, ENTERED)).errors.map(({ extensions }) => extensions.code);
    at(LAPSES, -1);
    expect(await codes()).toEqual([]);
    at(LAPSES);
    expect(await codes()).toEqual(['FORBIDDEN']);

    await take(withChange('purposes.yaml', '    - { kind: [TOWNSHIP, PARTNER], roles:', `    - { kind: [TOWNSHIP, PARTNER], until: '${LAPSES}', roles:`));
    const stated = async (): Promise<string[]> => (await hub.ask('township-320281100', RETURN, ENTERED)).errors.map(({ extensions }) => extensions.code);
    at(LAPSES, -1);
    expect(await stated()).toEqual([]);
    at(LAPSES);
    expect(await stated()).toEqual(['PURPOSE_NOT_ALLOWED']);
  });
});
