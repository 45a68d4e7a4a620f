import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { RETURN_STATES, RETURN_STEPS, type ReturnState } from '../../src/ledgers/returns/returns.transitions.js';
import { startHub, type HubAnswer, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';

/** Who may take each step, from the table of the ledgers by hand: the origin side, the destination or either; or whoever holds the person in the state. */
const SIDE: Record<string, 'origin' | 'destination' | 'either' | 'holder' | 'neither'> = {
  acknowledgeReturn: 'origin', disputeReturn: 'origin', refuseReturn: 'origin', withdrawRefusal: 'origin', receiveReturnee: 'origin', confirmHome: 'origin', reportKinRefused: 'origin', reportNoHome: 'origin', recordHomeCheck: 'origin',
  referForAid: 'origin', sendReturnDraft: 'destination', rerouteReturn: 'destination', recallReturn: 'destination', reportRefusalUp: 'destination', reportNotArrived: 'either', reportFound: 'either', endTrace: 'either', closeReturn: 'holder',
  acceptForSettlement: 'neither',
};
const HELD_BY_DESTINATION: readonly ReturnState[] = ['DRAFT', 'SENT', 'DISPUTED', 'REFUSED', 'COORDINATING', 'ACKNOWLEDGED', 'NOT_ARRIVED'];
const HELD_BY_ORIGIN: readonly ReturnState[] = ['RECEIVED', 'AT_HOME', 'KIN_REFUSED', 'NO_HOME', 'HOME_CHECKED', 'REFERRED', 'AIDED'];
const AGENCY = { origin: 'station-320281', destination: 'station-120000' } as const;
const INPUT: Record<string, string> = {
  disputeReturn: 'ReturnReasonInput', refuseReturn: 'ReturnReasonInput', recallReturn: 'ReturnReasonInput', rerouteReturn: 'RerouteReturnInput', receiveReturnee: 'ReceiveReturneeInput', recordHomeCheck: 'RecordHomeCheckInput',
  sendReturnDraft: 'SendReturnDraftInput', reportNoHome: 'ReportNoHomeInput', referForAid: 'ReferForAidInput', closeReturn: 'CloseReturnInput',
};
const MORE: Record<string, object> = {
  disputeReturn: { code: 'OTHER' }, refuseReturn: { code: 'OTHER' }, recallReturn: { code: 'OTHER' }, rerouteReturn: { originDivision: '341523' }, receiveReturnee: { receivedOn: '2026-11-19' },
  recordHomeCheck: { checkedOn: '2026-11-20', difficulties: [] }, reportNoHome: { hukouDivision: '341523' }, referForAid: { referrals: [{ addressee: 'township-320281100', helpAsked: ['SUBSISTENCE_ALLOWANCE'] }] }, closeReturn: { outcome: 'DIED' },
};

function mayTake(operation: string, actor: 'origin' | 'destination', state: ReturnState): boolean {
  const side = SIDE[operation];
  return side === 'either' || side === actor || (side === 'holder' && (actor === 'origin' ? HELD_BY_ORIGIN : HELD_BY_DESTINATION).includes(state));
}

const SEND = 'mutation ($input: SendReturnNoticeInput!) { sendReturnNotice(input: $input) { returnCase { id version state } } }';
interface Sent { sendReturnNotice: { returnCase: { id: string; version: number; state: string } } }

const notice = (subject: object, more: object = {}): object => ({
  subject, noticeNo: `津救返字〔2026〕${randomUUID().slice(0, 8)}号`, noticeDate: '2026-11-18', entryDate: '2026-11-10', leaveDate: '2026-11-17', returnMode: 'SELF', originDivision: '320281', ...more,
});

describe('the steps of a return', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub();
  });
  afterAll(() => hub.stop());

  const send = async (subject: object, more: object = {}, agency: string = AGENCY.destination): Promise<{ id: string; version: number }> => {
    const answer = await hub.ask<Sent>(agency, { purpose: 'RETURN', key: randomUUID() }, SEND, { input: notice(subject, more) });
    expect(answer.errors).toEqual([]);
    return answer.data?.sendReturnNotice.returnCase ?? { id: '', version: 0 };
  };
  const step = (operation: string, agency: string, of: { id: string; version: number }, key: string = randomUUID(), more: object = MORE[operation] ?? {}): Promise<HubAnswer<Record<string, { returnCase: { state: string; version: number } | null }>>> =>
    hub.ask(agency, { purpose: 'RETURN', key }, `mutation ($input: ${INPUT[operation] ?? 'ReturnStepInput'}!) { ${operation}(input: $input) { returnCase { id state version } } }`, { input: { id: of.id, expectedVersion: of.version, ...more } });
  const owner = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> => withClient(hub.database.admin, async (client) => (await client.query<Row>(text, values)).rows);

  test('every step from every state by either side does what the table says, and nothing else changes anything', async () => {
    const sent = await send({ name: '步步走' });
    const uuid = sent.id.slice(3);
    const wrong: string[] = [];
    for (const state of RETURN_STATES) {
      for (const operation of Object.keys(SIDE)) {
        for (const actor of ['origin', 'destination'] as const) {
          await owner('DELETE FROM guitu.return_referrals WHERE case_id = $1', [uuid]);
          await owner(
            `UPDATE guitu.return_cases SET state = $2, origin_agency = (SELECT id FROM guitu.agencies WHERE code = 'station-320281'), trace_ended_by = NULL, hukou_agency = NULL, referred_to = '{}', coordinated_by = '{}',
               coordinator = CASE WHEN $2 = 'COORDINATING' THEN (SELECT id FROM guitu.agencies WHERE code = 'civil-120000') END WHERE id = $1`, [uuid, state]);
          const [before] = await owner<{ version: number; all: string }>('SELECT version, c::text AS all FROM guitu.return_cases c WHERE id = $1', [uuid]);
          const answer = await step(operation, AGENCY[actor], { id: sent.id, version: before?.version ?? 0 });
          const [after] = await owner<{ state: ReturnState; all: string }>('SELECT state, c::text AS all FROM guitu.return_cases c WHERE id = $1', [uuid]);
          const expected = mayTake(operation, actor, state) ? RETURN_STEPS.find((one) => one.operation === operation && one.from.includes(state))?.to : undefined;
          // A draft is nobody's but its author's.
          const refusal = state === 'DRAFT' && actor === 'origin' ? 'NOT_FOUND' : 'TRANSITION_NOT_ALLOWED';
          const done = answer.errors.length === 0 ? after?.state : answer.errors[0]?.extensions.code;
          const unchanged = expected !== undefined || before?.all === after?.all;
          if (done !== (expected ?? refusal) || !unchanged) wrong.push(`${state} ${operation} by ${actor}: ${done}, expected ${expected ?? refusal}${unchanged ? '' : ', and the case changed'}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('an agency that is no party finds nothing to act on, whatever the step', async () => {
    const sent = await send({ name: '外人看不见' });
    for (const operation of Object.keys(SIDE)) {
      for (const agency of ['station-320200', 'civil-341523', 'civil-120000']) {
        const { errors } = await step(operation, agency, sent);
        expect({ operation, agency, code: errors[0]?.extensions.code }).toEqual({ operation, agency, code: expect.stringMatching(/^(NOT_FOUND|FORBIDDEN)$/u) });
      }
    }
  });

  test('a step with a version that is no longer current is STALE_VERSION, and is not taken', async () => {
    const sent = await send({ name: '版本旧了' });
    const { errors } = await step('acknowledgeReturn', AGENCY.origin, { id: sent.id, version: sent.version === 1 ? 2 : sent.version - 1 });
    expect(errors[0]?.extensions).toMatchObject({ code: 'STALE_VERSION', field: 'input.expectedVersion' });
  });

  test('the same key again gives the same answer and one effect; another body under it is IDEMPOTENCY_MISMATCH', async () => {
    const sent = await send({ name: '重复提交' });
    const key = randomUUID();
    const first = await step('acknowledgeReturn', AGENCY.origin, sent, key);
    const again = await step('acknowledgeReturn', AGENCY.origin, sent, key);
    expect(again.data).toEqual(first.data);
    const other = await step('acknowledgeReturn', AGENCY.origin, sent, key, { note: '另一内容' });
    expect(other.errors[0]?.extensions).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH', field: 'Idempotency-Key' });
    expect(await owner('SELECT to_state FROM guitu.return_transitions WHERE case_id = $1 ORDER BY step', [sent.id.slice(3)])).toEqual([{ to_state: 'SENT' }, { to_state: 'ACKNOWLEDGED' }]);
  });

  test('a mutation without a key is BAD_USER_INPUT naming the header', async () => {
    const { errors } = await hub.ask(AGENCY.destination, { purpose: 'RETURN' }, SEND, { input: notice({ name: '没有钥匙' }) });
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'Idempotency-Key' });
  });

  test('a notice for a guessed ID number shows its sender nothing that it did not write, until the origin side acknowledges', async () => {
    const known = '990101197103080035';
    const sent = await send({ idNumber: known });
    const see = async (): Promise<Record<string, unknown> | undefined> => (await hub.ask<{ node: Record<string, unknown> }>(AGENCY.destination, { purpose: 'RETURN' },
      `{ node(id: "${sent.id}") { ... on ReturnCase { subject { name idNumber address } disclosure { field rung } } } returnCases(filter: { subjectName: "林归来" }) { nodes { id } } }`)).data ?? undefined;
    expect(await see()).toMatchObject({ node: { subject: { name: null, idNumber: known, address: null } } });
    expect((await step('acknowledgeReturn', AGENCY.origin, sent)).errors).toEqual([]);
    expect(await see()).toMatchObject({ node: { subject: { name: null, idNumber: known, address: null } } });
  });

  test('a rerouted notice closes to the former origin and starts its clocks anew', async () => {
    const sent = await send({ name: '改送他处', idNumber: '993404198705030361' });
    const disputed = await step('disputeReturn', AGENCY.origin, sent);
    const version = disputed.data?.['disputeReturn']?.returnCase?.version ?? 0;
    const rerouted = await step('rerouteReturn', AGENCY.destination, { id: sent.id, version });
    expect(rerouted.data?.['rerouteReturn']?.returnCase?.state).toBe('SENT');
    const query = `{ node(id: "${sent.id}") { ... on ReturnCase { state acknowledgeBy originAgency { code } } } }`;
    expect((await hub.ask(AGENCY.origin, { purpose: 'RETURN' }, query)).data).toEqual({ node: null });
    expect((await hub.ask('civil-341523', { purpose: 'RETURN' }, query)).data).toEqual({ node: { state: 'SENT', acknowledgeBy: '2026-11-24', originAgency: { code: 'civil-341523' } } });
  });

  test.each([
    ['input.subject.idNumber', { idNumber: '990101197103080034' }, {}],
    ['input.subject.birthDate', { idNumber: '990101197103080035', birthDate: '1971-03-09' }, {}],
    ['input.subject.sex', { idNumber: '990101197103080035', sex: 'FEMALE' }, {}],
    ['input.subject.estimatedAge', { name: '年纪不对', estimatedAge: 131 }, {}],
    ['input.subject.hukouDivision', { name: '户籍不对', hukouDivision: '329999' }, {}],
    ['input.subject', { address: '只有地址' }, {}],
    ['input.leaveDate', { name: '先走后来' }, { entryDate: '2026-11-18', leaveDate: '2026-11-17' }],
    ['input.noticeDate', { name: '明天的函' }, { noticeDate: '2026-11-21' }],
    ['input.noticeNo', { name: '没有函号' }, { noticeNo: '  ' }],
    ['input.originDivision', { name: '没有此地' }, { originDivision: '999999' }],
    ['input.originDivision', { name: '就是自己' }, { originDivision: '120101' }],
    ['input.originDivision', { name: '无人接入' }, { originDivision: '650100' }],
    ['input.guardianAssessedOn', { name: '小小孩', birthDate: '2015-01-01' }, {}],
    ['input.fitToTravel', { name: '护送中' }, { returnMode: 'ESCORTED' }],
    ['input.escortAgency', { name: '护送中' }, { returnMode: 'ESCORTED', fitToTravel: true, escortAgency: 'station-999999' }],
    ['input.escortAgency', { name: '民政护送' }, { returnMode: 'ESCORTED', fitToTravel: true, escortAgency: 'civil-320281' }],
    ['input.escortAgency', { name: '扶贫护送' }, { returnMode: 'ESCORTED', fitToTravel: true, escortAgency: 'poverty-320281' }],
    ['input.escortAgency', { name: '自己回去' }, { returnMode: 'SELF', escortAgency: 'station-320200' }],
    ['input.escortAgency', { name: '亲属接回' }, { returnMode: 'COLLECTED_BY_KIN', escortAgency: 'station-320200' }],
    ['input.subject.name', { name: '控制\u0000符' }, {}],
  ])('input at fault: %s', async (field, subject, more) => {
    const before = await owner('SELECT count(*) FROM guitu.return_cases');
    const { errors } = await hub.ask(AGENCY.destination, { purpose: 'RETURN', key: randomUUID() }, SEND, { input: notice(subject, more) });
    expect(errors.map(({ extensions }) => extensions)).toEqual([expect.objectContaining({ code: 'BAD_USER_INPUT', field })]);
    expect(await owner('SELECT count(*) FROM guitu.return_cases')).toEqual(before);
  });

  test('the same letter about the same person is one case, whatever its key', async () => {
    const input = notice({ name: '一函一案' });
    expect((await hub.ask(AGENCY.destination, { purpose: 'RETURN', key: randomUUID() }, SEND, { input })).errors).toEqual([]);
    expect((await hub.ask(AGENCY.destination, { purpose: 'RETURN', key: randomUUID() }, SEND, { input })).errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', field: 'input.noticeNo' });
  });

  test('the same letter sent ten times at once under ten keys is one case', async () => {
    const input = notice({ name: '十函并发' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => hub.ask(AGENCY.destination, { purpose: 'RETURN', key: randomUUID() }, SEND, { input })));
    expect(answers.map(({ errors }) => errors[0]?.extensions.code ?? 'done').toSorted()).toEqual([...Array.from({ length: 9 }, () => 'CONFLICT'), 'done']);
  });

  test('a disputed notice is not rerouted to the agency that disputed it', async () => {
    const sent = await send({ name: '又回原处' });
    const disputed = await step('disputeReturn', AGENCY.origin, sent);
    const { errors } = await step('rerouteReturn', AGENCY.destination, { id: sent.id, version: disputed.data?.['disputeReturn']?.returnCase?.version ?? 0 }, randomUUID(), { originDivision: '320281100' });
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.originDivision' });
  });

  test('two root mutations in one request are refused, and neither is done', async () => {
    const input = notice({ name: '两件事' });
    const { errors } = await hub.ask(AGENCY.destination, { purpose: 'RETURN', key: randomUUID() }, 'mutation ($input: SendReturnNoticeInput!) { a: sendReturnNotice(input: $input) { returnCase { id } } b: sendReturnNotice(input: $input) { returnCase { id } } }', { input });
    expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(await owner("SELECT 1 FROM guitu.return_cases WHERE subject_name = '两件事'")).toEqual([]);
  });

  test('a notice about a protected person looks to its sender like any other', async () => {
    const sender = 'station-320200';
    const protectedOne = await send({ idNumber: '990104199406120047' }, {}, sender);
    const other = await send({ idNumber: '990101197004120353' }, {}, sender);
    const query = (id: string): string => `{ node(id: "${id}") { ... on ReturnCase { state person { name } originAgency { code } transitions { to agency { code } } acknowledgeBy acknowledgedAt disclosure { field rung rule } } } }`;
    const [one, two] = await Promise.all([protectedOne, other].map(({ id }) => hub.ask(sender, { purpose: 'RETURN' }, query(id))));
    expect(one?.data).toEqual(two?.data);
    expect(one?.extensions).toEqual(two?.extensions);
    expect((await hub.ask(AGENCY.origin, { purpose: 'RETURN' }, query(protectedOne.id))).data).toEqual({ node: null });
  });
});
