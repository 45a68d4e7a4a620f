import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { tick, type TickReport } from '../../src/delivery/clock.js';
import { parseCalendar, storeCalendar } from '../../src/delivery/calendar-import.js';
import { recountProvisional } from '../../src/delivery/recount.js';
import { dueOf } from '../../src/delivery/due.js';
import { listDeadlines, setDeadline, unsetDeadline } from '../../src/delivery/settings.js';
import type { RowSource } from '../../src/db/row-source.js';
import { renewMirroredDeadlines } from '../../src/ledgers/mirrored-deadlines.js';
import { startHub, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';

const SEND = 'mutation ($input: SendReturnNoticeInput!) { sendReturnNotice(input: $input) { returnCase { id version caseNo acknowledgeBy receiveBy deadlinesProvisional } } }';
interface Sent { id: string; version: number; caseNo: string; acknowledgeBy: string; receiveBy: string; deadlinesProvisional: boolean }

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
  // Only what the tests send is open.
  await owner("UPDATE guitu.duties SET ended = 'VOID', ended_at = started_at, next_at = NULL WHERE ended_at IS NULL");
});
afterAll(() => hub.stop());

const owner = <Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> => withClient(hub.database.admin, async (client) => (await client.query<Row>(text, [...values])).rows);
const ownerSource: RowSource = { query: owner };
const at = (instant: string): void => void Object.assign(hub.parts, { now: () => new Date(instant) });
const tickAt = (instant: string): Promise<TickReport> => tick(hub.parts.pools.clock, hub.parts.policy.policy, {}, new Date(instant));

async function send(more: object = {}): Promise<Sent> {
  const input = { subject: { name: '钟' }, noticeNo: randomUUID(), noticeDate: '2026-11-18', entryDate: '2026-11-10', leaveDate: '2026-11-17', returnMode: 'SELF', originDivision: '320281', ...more };
  const answer = await hub.ask<{ sendReturnNotice: { returnCase: Sent } }>('station-120000', { purpose: 'RETURN', key: randomUUID() }, SEND, { input });
  expect(answer.errors).toEqual([]);
  return answer.data?.sendReturnNotice.returnCase ?? { id: '', version: 0, caseNo: '', acknowledgeBy: '', receiveBy: '', deadlinesProvisional: false };
}

interface Item { step: string; kind: string; number: string; state: string; dueOn: string; overdue: boolean; provisional: boolean; owner: { code: string }; title: string }
async function inboxOf(agency: string, number: string, purpose = 'RETURN'): Promise<Item[]> {
  const answer = await hub.ask<{ inbox: { nodes: Item[] } }>(agency, { purpose }, '{ inbox(first: 200) { nodes { step kind number state dueOn overdue provisional owner { code } title } } }');
  expect(answer.errors).toEqual([]);
  return (answer.data?.inbox.nodes ?? []).filter((item) => item.number === number);
}

describe('the clock', () => {
  test('what a notice asks of the origin waits in its inbox, and in nobody else\'s, until it is done', async () => {
    at('2026-11-20T09:00:00+08:00');
    const sent = await send();
    expect((await inboxOf('station-320281', sent.caseNo)).map(({ step, kind, state, dueOn }) => [step, kind, state, dueOn])).toEqual([['acknowledgeReturn', 'OWED', 'SENT', '2026-11-24'], ['receiveReturnee', 'OWED', 'SENT', '2026-11-27']]);
    for (const agency of ['station-120000', 'civil-320281', 'civil-120000']) expect(await inboxOf(agency, sent.caseNo)).toEqual([]);
    await hub.ask('station-320281', { purpose: 'RETURN', key: randomUUID() }, 'mutation ($input: ReturnStepInput!) { acknowledgeReturn(input: $input) { returnCase { state } } }', { input: { id: sent.id, expectedVersion: sent.version } });
    expect((await inboxOf('station-320281', sent.caseNo)).map(({ step, state }) => [step, state])).toEqual([['receiveReturnee', 'ACKNOWLEDGED']]);
  });

  test('reminds once, calls overdue once, and raises level by level, each at its time', async () => {
    at('2026-11-20T09:00:00+08:00');
    const sent = await send();
    const none = { reminded: 0, overdue: 0, raised: 0, failed: [] };
    const ofIt = (): Promise<{ reminded: string | null; overdue: string | null; raised: number }[]> => owner("SELECT reminded_at::text AS reminded, overdue_at::text AS overdue, raised FROM guitu.duties WHERE record_no = $1 AND step = 'acknowledgeReturn'", [sent.caseNo]);
    expect(await tickAt('2026-11-23T08:59:59+08:00')).toEqual(none);
    expect(await tickAt('2026-11-23T09:00:00+08:00')).toEqual({ ...none, reminded: 1 });
    expect(await tickAt('2026-11-23T09:00:00+08:00')).toEqual(none);
    expect(await ofIt()).toMatchObject([{ reminded: expect.stringMatching(/^2026-11-23/u), overdue: null, raised: 0 }]);
    expect(await inboxOf('civil-320281', sent.caseNo)).toEqual([]);
    await tickAt('2026-11-24T23:59:59+08:00');
    expect(await ofIt()).toMatchObject([{ overdue: null, raised: 0 }]);
    await tickAt('2026-11-25T00:00:00+08:00');
    expect(await ofIt()).toMatchObject([{ raised: 1 }]);
    expect(await inboxOf('station-320281', sent.caseNo)).toMatchObject([{ step: 'acknowledgeReturn', overdue: true }, { step: 'receiveReturnee', overdue: false }]);
    expect(await inboxOf('civil-320281', sent.caseNo)).toMatchObject([{ step: 'acknowledgeReturn', kind: 'RAISED', overdue: true, owner: { code: 'station-320281' } }]);
    expect(await inboxOf('civil-320200', sent.caseNo, 'SUPERVISION')).toEqual([]);
    await tickAt('2026-11-28T00:00:00+08:00');
    expect((await inboxOf('civil-320200', sent.caseNo, 'SUPERVISION')).map(({ step }) => step)).toEqual(['acknowledgeReturn']);
    await tickAt('2026-12-31T00:00:00+08:00');
    expect((await inboxOf('civil-320000', sent.caseNo, 'SUPERVISION')).map(({ step }) => step)).toEqual(['acknowledgeReturn', 'receiveReturnee']);
    expect((await inboxOf('civil-000000', sent.caseNo, 'SUPERVISION')).map(({ step }) => step)).toEqual(['acknowledgeReturn', 'receiveReturnee']);
    // Above the ministry there is nobody.
    expect(await ofIt()).toMatchObject([{ raised: 4 }]);
    expect(await tickAt('2027-12-31T00:00:00+08:00')).toEqual(none);
  });

  test('what was raised leaves every inbox once the step is taken', async () => {
    at('2026-11-20T09:00:00+08:00');
    const sent = await send();
    await tickAt('2026-12-31T00:00:00+08:00');
    expect((await inboxOf('civil-320281', sent.caseNo)).length).toBe(2);
    await hub.ask('station-120000', { purpose: 'RETURN', key: randomUUID() }, 'mutation ($input: ReturnReasonInput!) { recallReturn(input: $input) { returnCase { state } } }', { input: { id: sent.id, expectedVersion: sent.version, code: 'OTHER' } });
    for (const agency of ['station-320281', 'civil-320281', 'civil-320200']) expect((await inboxOf(agency, sent.caseNo, agency.startsWith('civil-3202') ? 'SUPERVISION' : 'RETURN')).filter(({ kind }) => kind !== 'TOLD')).toEqual([]);
  });

  test('a clock that was down leaves the same rows behind as one that ticked every day', async () => {
    at('2026-11-20T09:00:00+08:00');
    const [daily, once] = [await send(), await send()];
    const told = (sent: Sent): Promise<unknown[]> => owner(
      `SELECT d.step, d.reminded_at, d.overdue_at, d.raised, d.next_at, n.kind, n.at, a.code FROM guitu.duties d JOIN guitu.duty_notices n ON n.duty_id = d.id JOIN guitu.agencies a ON a.id = n.agency_id WHERE d.record_no = $1 ORDER BY d.step, n.at, a.code`, [sent.caseNo]);
    await owner("UPDATE guitu.duties SET next_at = next_at + interval '1 year' WHERE record_no = $1", [once.caseNo]);
    for (let day = 21; day <= 30; day += 1) await tickAt(`2026-11-${day}T12:00:00+08:00`);
    await owner("UPDATE guitu.duties SET next_at = next_at - interval '1 year' WHERE record_no = $1", [once.caseNo]);
    await tickAt('2026-11-30T12:00:00+08:00');
    expect(await told(once)).toEqual(await told(daily));
  });

  test('two clocks at once do each thing once', async () => {
    at('2026-11-20T09:00:00+08:00');
    const sent = await Promise.all(Array.from({ length: 12 }, () => send()));
    const reports = await Promise.all(Array.from({ length: 4 }, () => tickAt('2026-11-25T00:00:00+08:00')));
    expect(reports.flatMap(({ failed }) => failed)).toEqual([]);
    const [counted] = await owner<{ overdue: number; notices: number }>(
      `SELECT count(*) FILTER (WHERE d.overdue_at IS NOT NULL)::integer AS overdue, (SELECT count(*)::integer FROM guitu.duty_notices n JOIN guitu.duties x ON x.id = n.duty_id WHERE x.record_no = ANY ($1)) AS notices FROM guitu.duties d WHERE d.record_no = ANY ($1)`, [sent.map(({ caseNo }) => caseNo)]);
    expect(counted).toEqual({ overdue: 12, notices: 12 * 3 });
    expect(reports.reduce((sum, { overdue }) => sum + overdue, 0)).toBe(12);
  });

  test('an act that fails undoes its own duty only, and is tried again', async () => {
    at('2026-11-20T09:00:00+08:00');
    const [one, other] = [await send(), await send()];
    const acts = { acknowledgeReturn: async (_clock: unknown, duty: { recordNo: string }) => { if (duty.recordNo === one.caseNo) throw new Error('试一试'); } };
    const report = await tick(hub.parts.pools.clock, hub.parts.policy.policy, acts, new Date('2026-11-25T00:00:00+08:00'));
    expect(report.failed.map(({ duty }) => duty.recordNo)).toEqual([one.caseNo]);
    const late = (sent: Sent): Promise<unknown[]> => owner("SELECT overdue_at IS NOT NULL AS late FROM guitu.duties WHERE record_no = $1 AND step = 'acknowledgeReturn'", [sent.caseNo]);
    expect([await late(one), await late(other)]).toEqual([[{ late: false }], [{ late: true }]]);
    expect((await tickAt('2026-11-25T00:00:00+08:00')).overdue).toBe(1);
    expect(await late(one)).toEqual([{ late: true }]);
  });

  test('a division that decided its own length is counted by it, from then on and with its reason', async () => {
    at('2026-11-20T09:00:00+08:00');
    await setDeadline(ownerSource, hub.parts.policy.policy, { step: 'acknowledgeReturn', division: '320281', amount: 1, reason: '本市一日内确认' });
    const sent = await send();
    expect([sent.acknowledgeBy, (await inboxOf('station-320281', sent.caseNo))[0]?.dueOn]).toEqual(['2026-11-23', '2026-11-23']);
    await unsetDeadline(ownerSource, hub.parts.policy.policy, { step: 'acknowledgeReturn', division: '320281' });
    expect((await send()).acknowledgeBy).toBe('2026-11-24');
    await expect(unsetDeadline(ownerSource, hub.parts.policy.policy, { step: 'acknowledgeReturn', division: '320281' })).rejects.toMatchObject({ detail: { field: 'division' } });
    await expect(unsetDeadline(ownerSource, hub.parts.policy.policy, { step: 'remindBefore', division: '320281' })).rejects.toMatchObject({ detail: { field: 'step' } });
  });

  test('a place that visits in January and July says so by the months; no other step may', async () => {
    const { policy } = hub.parts.policy;
    const change = { step: 'recordVisit', division: '320281', reason: '每年一月、七月回访' };
    await setDeadline(ownerSource, policy, { ...change, months: [7, 1, 7] });
    expect((await listDeadlines(ownerSource, policy)).filter(({ step, division }) => step === change.step && division !== null)).toEqual([expect.objectContaining({ division: '320281', amount: null, months: [1, 7], reason: change.reason })]);
    const [township] = await owner<{ id: string }>("SELECT id FROM guitu.agencies WHERE code = 'township-320281100'");
    expect(await dueOf(ownerSource, policy, 'recordVisit', new Date('2026-11-20T00:00:00+08:00'), township?.id ?? '')).toMatchObject({ dueOn: '2027-01-31', class: 'POLICY', reason: change.reason });
    await unsetDeadline(ownerSource, policy, change);
    expect(await dueOf(ownerSource, policy, 'recordVisit', new Date('2026-11-20T00:00:00+08:00'), township?.id ?? '')).toMatchObject({ dueOn: '2027-01-20' });
    for (const [fault, field] of [[{ months: [] }, 'months'], [{ months: [0] }, 'months'], [{ months: [1.5] }, 'months'], [{ months: [1, 13] }, 'months'], [{ months: [1], amount: 2 }, 'amount'], [{}, 'amount'], [{ step: 'acknowledgeReturn', months: [1] }, 'months']] as const) {
      await expect(setDeadline(ownerSource, policy, { ...change, ...fault })).rejects.toMatchObject({ detail: { field } });
    }
  });

  test('what is late rises at the pace that its own division decided', async () => {
    at('2026-11-20T09:00:00+08:00');
    await setDeadline(ownerSource, hub.parts.policy.policy, { step: 'raiseOverdue', division: '320281', amount: 1, reason: '次日即报' });
    const sent = await send();
    const raised = async (): Promise<unknown> => (await owner<{ raised: number }>("SELECT raised FROM guitu.duties WHERE record_no = $1 AND step = 'acknowledgeReturn'", [sent.caseNo]))[0]?.raised;
    await tickAt('2026-11-25T00:00:00+08:00');
    expect(await raised()).toBe(1);
    await tickAt('2026-11-26T00:00:00+08:00');
    expect(await raised()).toBe(2);
    await owner("DELETE FROM guitu.settings WHERE name = 'deadline.raiseOverdue'");
  });

  test('a division sets its own day of release, of the days that every month has; the hub\'s own paces are the same for all', async () => {
    const { policy } = hub.parts.policy;
    const change = { step: 'releaseHouseholdFlag', division: '341523', amount: 15, reason: '每月十五日' };
    await setDeadline(ownerSource, policy, change);
    expect((await listDeadlines(ownerSource, policy)).filter(({ step, division }) => step === change.step && division !== null)).toContainEqual(expect.objectContaining({ division: '341523', amount: 15, reason: '每月十五日' }));
    await expect(setDeadline(ownerSource, policy, { ...change, amount: 29 })).rejects.toMatchObject({ detail: { field: 'amount' } });
    for (const step of ['remindBefore', 'remindBeforeHours', 'closeStatistics']) await expect(setDeadline(ownerSource, policy, { ...change, step })).rejects.toMatchObject({ detail: { field: 'step' } });
    await owner("DELETE FROM guitu.settings WHERE name = 'households.releaseDay' AND division = '341523'");
  });

  test('a deadline of the law may be shortened only; a reason must be given', async () => {
    const change = { step: 'answerCorrection', division: '320281', amount: 11, reason: '试' };
    await expect(setDeadline(ownerSource, hub.parts.policy.policy, change)).rejects.toMatchObject({ detail: { field: 'amount' } });
    await expect(setDeadline(ownerSource, hub.parts.policy.policy, { ...change, amount: 5, reason: ' ' })).rejects.toMatchObject({ detail: { field: 'reason' } });
    await expect(setDeadline(ownerSource, hub.parts.policy.policy, { ...change, step: 'nothing' })).rejects.toMatchObject({ detail: { field: 'step' } });
    await expect(setDeadline(ownerSource, hub.parts.policy.policy, { ...change, division: '999999', amount: 5 })).rejects.toMatchObject({ detail: { field: 'division' } });
  });
});

describe('a calendar that is published later', () => {
  const NEXT_YEAR = ['2027-01-01', '2027-02-05', '2027-02-08', '2027-02-09', '2027-02-10', '2027-02-11', '2027-04-05', '2027-05-03', '2027-10-01'].map((day) => `${day},false,节`).join('\n');

  test('a clock of ten working days from 25 December 2026 is provisional, and counted again when the calendar of 2027 is in', async () => {
    at('2026-12-25T09:00:00+08:00');
    await setDeadline(ownerSource, hub.parts.policy.policy, { step: 'receiveReturnee', division: '320281', amount: 10, reason: '路远' });
    const sent = await send({ noticeDate: '2026-12-25', entryDate: '2026-12-20', leaveDate: '2026-12-25' });
    expect([sent.receiveBy, sent.deadlinesProvisional]).toEqual(['2027-01-08', true]);
    expect(await inboxOf('station-320281', sent.caseNo)).toMatchObject([{ provisional: false }, { step: 'receiveReturnee', dueOn: '2027-01-08', provisional: true }]);
    await storeCalendar(ownerSource, parseCalendar(NEXT_YEAR), 'test');
    expect(await recountProvisional(ownerSource, hub.parts.policy.policy)).toEqual({ counted: 1, moved: 1 });
    await renewMirroredDeadlines(ownerSource);
    expect((await inboxOf('station-320281', sent.caseNo))[1]).toMatchObject({ dueOn: '2027-01-11', provisional: false });
    const again = await hub.ask('station-320281', { purpose: 'RETURN' }, 'query ($no: String!) { returnCase(caseNo: $no) { receiveBy deadlinesProvisional } }', { no: sent.caseNo });
    expect(again.data).toEqual({ returnCase: { receiveBy: '2027-01-11', deadlinesProvisional: false } });
    expect(await recountProvisional(ownerSource, hub.parts.policy.policy)).toEqual({ counted: 0, moved: 0 });
  });

  test('a year may not be left out between', async () => {
    await expect(storeCalendar(ownerSource, parseCalendar(NEXT_YEAR.replaceAll('2027', '2030')), 'test')).rejects.toMatchObject({ detail: { field: 'file' } });
  });
});
