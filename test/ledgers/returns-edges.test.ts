import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { tick } from '../../src/delivery/clock.js';
import { CLOCK_ACTS } from '../../src/ledgers/clock-acts.js';
import { ReturnStory, type Held } from './returns-story.js';

let story: ReturnStory;
beforeAll(async () => {
  story = await ReturnStory.start();
});
afterAll(() => story.hub.stop());
beforeEach(() => story.at('2026-11-20T09:00:00+08:00'));

const ORIGIN = 'station-320281';
const DESTINATION = 'station-120000';
const TOWNSHIP = 'township-320281100';
const PARTNER = 'insurance-320281';

const acknowledged = async (subject: object = {}, more: object = {}): Promise<Held> => {
  const held = await story.send(subject, more);
  await story.take('acknowledgeReturn', ORIGIN, held);
  return held;
};
const atHome = async (subject: object = {}, more: object = {}): Promise<Held> => {
  const held = await acknowledged(subject, more);
  await story.take('confirmHome', ORIGIN, held);
  return held;
};
const referredTo = async (addressees: string[], subject: object = {}, more: object = {}): Promise<Held> => {
  const held = await atHome(subject, more);
  await story.take('recordHomeCheck', ORIGIN, held, { checkedOn: '2026-11-20', difficulties: ['LIVELIHOOD', 'BASIC_MEDICAL_SECURITY'], text: '缺粮少药' });
  await story.take('referForAid', ORIGIN, held, { referrals: addressees.map((addressee) => ({ addressee, helpAsked: ['TEMPORARY_ASSISTANCE', 'MEDICAL_INSURANCE'], details: `请 ${addressee} 相助` })) });
  return held;
};
interface Referral { referralNo: string; version: number; details: string | null; measures: string[] | null; addressee: { code: string } }
const REFERRALS = 'referrals { referralNo version details measures addressee { code } }';
const referralsAt = async (agency: string, held: Held): Promise<Referral[]> => ((await story.see(agency, held, REFERRALS))?.['referrals'] ?? []) as Referral[];
const answer = async (agency: string, held: Held, measures: string[]): Promise<string> => {
  const [mine] = await referralsAt(agency, held);
  const { errors } = await story.hub.ask(agency, { purpose: 'RETURN', key: `${agency}-${held.id}` }, 'mutation ($input: AnswerReferralInput!) { answerReferral(input: $input) { returnCase { id } } }', { input: { id: held.id, referralNo: mine?.referralNo, expectedVersion: mine?.version, measures } });
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return story.stateOf(held);
};
const protect = (held: Held): Promise<unknown> => story.owner(
  `INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) SELECT c.person_id, a.id, a.division, current_date, '人身安全保护令' FROM guitu.return_cases c, guitu.agencies a WHERE c.id = $1 AND a.code = 'station-320200'`, [held.id.slice(3)]);
const told = async (held: Held): Promise<unknown[]> => (await story.owner("SELECT a.code FROM guitu.outbox o JOIN guitu.agencies a ON a.id = o.addressee WHERE o.record_id = $1 AND o.topic = 'return.recalled' ORDER BY a.code", [held.id.slice(3)])).map(({ code }) => code);

const toldTo = async (agency: string, held: Held): Promise<unknown[]> => {
  const { data } = await story.hub.ask<{ inbox: { nodes: { number: string }[] } }>(agency, { purpose: 'RETURN' }, '{ inbox(first: 200, filter: { kind: TOLD }) { nodes { kind step record number state dueOn overdue } } }');
  return (data?.inbox.nodes ?? []).filter(({ number }) => number === held.caseNo);
};

describe('a draft', () => {
  const draft = (subject: object = {}, more: object = {}): Promise<Held> => story.send(subject, more, DESTINATION, 'draftReturnNotice');

  test('is seen by its author only, at no other agency or county', async () => {
    const held = await draft({ name: '还没送出' });
    expect(await story.see(DESTINATION, held, 'state subject { name }')).toEqual({ state: 'DRAFT', subject: { name: '还没送出' } });
    for (const agency of [ORIGIN, 'civil-320281', 'civil-341523']) expect([agency, await story.see(agency, held, 'state')]).toEqual([agency, null]);
    for (const agency of ['civil-320000', 'civil-120000', 'civil-000000']) expect([agency, await story.see(agency, held, 'state', { purpose: 'SUPERVISION' })]).toEqual([agency, null]);
    expect(await story.refusal('acknowledgeReturn', ORIGIN, held)).toBe('NOT_FOUND');
  });

  test('is owed within three working days after leaving, and begins the clocks of the origin side when it is sent', async () => {
    const held = await draft();
    expect(await story.owed(held)).toEqual([['sendReturnNotice', DESTINATION, '2026-11-20']]);
    expect(await story.take('sendReturnDraft', DESTINATION, held)).toBe('SENT');
    expect(await story.owed(held)).toEqual([['acknowledgeReturn', ORIGIN, '2026-11-24'], ['receiveReturnee', ORIGIN, '2026-11-27']]);
  });

  test('of an escorted return is owed before the departure, not after it', async () => {
    const escorted = await draft({}, { returnMode: 'ESCORTED', leaveDate: '2026-12-04', fitToTravel: true });
    expect(await story.owed(escorted)).toEqual([['sendReturnNotice', DESTINATION, '2026-12-03']]);
    const late = await draft({}, { returnMode: 'ESCORTED', fitToTravel: true });
    expect(await story.owed(late)).toEqual([['sendReturnNotice', DESTINATION, '2026-11-20']]);
  });

  test('of a minor is sent only once the guardian was assessed, of an escorted person only if it is fit to travel', async () => {
    const minor = await draft({ birthDate: '2015-01-01' });
    expect(await story.refusal('sendReturnDraft', DESTINATION, minor)).toBe('BAD_USER_INPUT');
    expect(await story.take('sendReturnDraft', DESTINATION, minor, { guardianAssessedOn: '2026-11-19' })).toBe('SENT');
    const escorted = await draft({}, { returnMode: 'ESCORTED' });
    expect(await story.refusal('sendReturnDraft', DESTINATION, escorted)).toBe('BAD_USER_INPUT');
    expect(await story.take('sendReturnDraft', DESTINATION, escorted, { fitToTravel: true })).toBe('SENT');
  });

  test('names an escort only if the return is escorted, and only a rescue station', async () => {
    for (const more of [{ escortAgency: 'station-320200' }, { returnMode: 'ESCORTED', escortAgency: 'civil-320281' }]) await expect(draft({}, more)).rejects.toThrow('"field":"input.escortAgency"');
  });
});

describe('a recall', () => {
  test('is told to everybody who had the notice addressed: former origin, origin and coordinator', async () => {
    const held = await story.send();
    await story.take('disputeReturn', ORIGIN, held, { code: 'WRONG_DIVISION' });
    await story.take('rerouteReturn', DESTINATION, held, { originDivision: '341523' });
    await story.take('refuseReturn', 'civil-341523', held, { code: 'NOT_RESIDENT' });
    await story.take('reportRefusalUp', DESTINATION, held);
    await story.take('withdrawRefusal', 'civil-341523', held);
    await story.take('recallReturn', DESTINATION, held, { code: 'OTHER' });
    expect(await told(held)).toEqual(['civil-120000', 'civil-341523', ORIGIN]);
  });

  test('all who saw the notice find it in their inbox, with its number, for thirty days; who never saw it does not', async () => {
    const held = await acknowledged({}, { returnMode: 'ESCORTED', escortAgency: 'station-320200', fitToTravel: true });
    expect(await story.see('civil-320281', held, 'state')).toEqual({ state: 'ACKNOWLEDGED' });
    await story.take('recallReturn', DESTINATION, held, { code: 'OTHER' });
    for (const agency of [ORIGIN, 'civil-320281', 'station-320200']) expect([agency, await toldTo(agency, held)]).toEqual([agency, [{ kind: 'TOLD', step: 'recallReturn', record: 'ReturnCase', number: held.caseNo, state: null, dueOn: null, overdue: false }]]);
    for (const agency of [DESTINATION, 'civil-341523', 'civil-320200']) expect([agency, await toldTo(agency, held)]).toEqual([agency, []]);
    story.at('2026-12-20T09:00:00+08:00');
    expect(await toldTo(ORIGIN, held)).toEqual([]);
  });

  test('of a person who is protected since is in no inbox but that of whoever holds it', async () => {
    const held = await acknowledged();
    await story.take('recallReturn', DESTINATION, held, { code: 'OTHER' });
    await protect(held);
    expect(await toldTo(ORIGIN, held)).toEqual([]);
  });

  test('dispute crosses a recall: the later of the two is refused, and both see the recall', async () => {
    const held = await story.send();
    const dispute = { input: { id: held.id, expectedVersion: held.version, code: 'WRONG_IDENTITY' } };
    await story.take('recallReturn', DESTINATION, held, { code: 'OTHER' });
    const crossed = await story.hub.ask(ORIGIN, { purpose: 'RETURN', key: `crossed-${held.id}` }, 'mutation ($input: ReturnReasonInput!) { disputeReturn(input: $input) { returnCase { state } } }', dispute);
    expect(crossed.errors[0]?.extensions.code).toBe('STALE_VERSION');
    expect(await story.refusal('disputeReturn', ORIGIN, held, { code: 'WRONG_IDENTITY' })).toBe('TRANSITION_NOT_ALLOWED');
    for (const agency of [ORIGIN, DESTINATION]) expect(await story.see(agency, held, 'state')).toEqual({ state: 'RECALLED' });
    expect(await story.owed(held)).toEqual([]);
  });
});

describe('a person who does not arrive', () => {
  test('is traced until both sides end it: the first keeps the state, the second closes', async () => {
    const held = await acknowledged();
    expect(await story.take('reportNotArrived', ORIGIN, held)).toBe('NOT_ARRIVED');
    expect(await story.take('endTrace', DESTINATION, held)).toBe('NOT_ARRIVED');
    expect(await story.refusal('endTrace', DESTINATION, held)).toBe('CONFLICT');
    expect(await story.take('endTrace', ORIGIN, held)).toBe('CLOSED');
    expect(await story.see(ORIGIN, held, 'state outcome')).toEqual({ state: 'CLOSED', outcome: 'NOT_FOUND' });
  });

  test('and is found in between is traced anew by both, with a new clock to be received', async () => {
    const held = await acknowledged();
    await story.take('reportNotArrived', DESTINATION, held);
    await story.take('endTrace', ORIGIN, held);
    expect(await story.take('reportFound', DESTINATION, held)).toBe('ACKNOWLEDGED');
    expect(await story.owed(held)).toEqual([['receiveReturnee', ORIGIN, '2026-11-27']]);
    await story.take('reportNotArrived', ORIGIN, held);
    expect(await story.take('endTrace', ORIGIN, held)).toBe('NOT_ARRIVED');
  });

  test('escort loses the person: the sending side reports it, and the person is received when found', async () => {
    const held = await acknowledged({}, { returnMode: 'ESCORTED', fitToTravel: true, escortAgency: 'station-320200', handlingCodes: ['LOSES_WAY', 'CONSTANT_WATCH'] });
    expect(await story.see(ORIGIN, held, 'handlingCodes')).toEqual({ handlingCodes: ['LOSES_WAY', 'CONSTANT_WATCH'] });
    expect(await story.refusal('reportNotArrived', 'station-320200', held)).toBe('NOT_FOUND');
    expect(await story.take('reportNotArrived', DESTINATION, held, { note: '护送途中走失' })).toBe('NOT_ARRIVED');
    await story.take('reportFound', DESTINATION, held);
    expect(await story.take('receiveReturnee', ORIGIN, held, { receivedOn: '2026-11-20' })).toBe('RECEIVED');
  });
});

describe('a person without a home', () => {
  test('hukou place ≠ family\'s place: the hukou place sees what the origin side sees from then on, accepts, and its settlement begins', async () => {
    const held = await acknowledged({ name: '家在江阴户在舒城' });
    await story.take('receiveReturnee', ORIGIN, held, { receivedOn: '2026-11-20' });
    await story.take('reportKinRefused', ORIGIN, held);
    expect(await story.see('civil-341523', held, 'state')).toBeNull();
    expect(await story.take('reportNoHome', ORIGIN, held, { hukouDivision: '341523' })).toBe('NO_HOME');
    expect(await story.see('civil-341523', held, 'state noticeNo subject { name } person { name } hukouPlace { code } hukouAgency { code }')).toMatchObject({
      state: 'NO_HOME', subject: { name: '家在江阴户在舒城' }, person: { name: '家在江阴户在舒城' }, hukouPlace: { code: '341523' }, hukouAgency: { code: 'civil-341523' },
    });
    for (const agency of [ORIGIN, DESTINATION]) expect(await story.refusal('acceptForSettlement', agency, held)).toBe('TRANSITION_NOT_ALLOWED');
    expect(await story.take('acceptForSettlement', 'civil-341523', held)).toBe('SETTLING');
    const opened = await story.owner("SELECT s.track, s.state, s.division, a.code AS civil, s.hukou_division FROM guitu.settlement_cases s JOIN guitu.agencies a ON a.id = s.civil_affairs WHERE s.return_case = $1", [held.id.slice(3)]);
    expect(opened).toEqual([{ track: 'HOMELESS_RETURNEE', state: 'ACCEPTED', division: '341523', civil: 'civil-341523', hukou_division: '341523' }]);
  });

  test('the hukou place owes the acceptance within five working days; not taken in time, it rises, and the step ends it', async () => {
    const held = await atHome();
    await story.take('reportNoHome', ORIGIN, held, { hukouDivision: '341523' });
    expect(await story.owed(held)).toEqual([['acceptForSettlement', 'civil-341523', '2026-11-27']]);
    const waiting = (agency: string): Promise<unknown> => story.owner("SELECT n.kind FROM guitu.duty_notices n JOIN guitu.duties d ON d.id = n.duty_id JOIN guitu.agencies a ON a.id = n.agency_id WHERE d.record_id = $1 AND d.step = 'acceptForSettlement' AND a.code = $2", [held.id.slice(3), agency]);
    await tick(story.hub.parts.pools.clock, story.hub.parts.policy.policy, CLOCK_ACTS, new Date('2026-11-28T00:00:00+08:00'));
    expect([await waiting('civil-341523'), await waiting('civil-341500')]).toEqual([[{ kind: 'OWED' }], [{ kind: 'RAISED' }]]);
    await story.take('acceptForSettlement', 'civil-341523', held);
    expect(await story.owed(held)).toEqual([]);
  });

  test('civil affairs of the hukou place accepts and closes as well where a station was called upon; that the person has been placed is not the station\'s to say', async () => {
    const homeless = await story.send({ name: '户在江阴' }, { originDivision: '341523' });
    await story.take('acknowledgeReturn', 'civil-341523', homeless);
    await story.take('receiveReturnee', 'civil-341523', homeless, { receivedOn: '2026-11-20' });
    expect(await story.see('civil-320281', homeless, 'state')).toBeNull();
    await story.take('reportNoHome', 'civil-341523', homeless, { hukouDivision: '320281104' });
    for (const agency of [ORIGIN, 'civil-320281']) expect(await story.see(agency, homeless, 'state subject { name } person { name }')).toEqual({ state: 'NO_HOME', subject: { name: '户在江阴' }, person: { name: '户在江阴' } });
    for (const agency of ['civil-320200', 'civil-341500']) expect(await story.see(agency, homeless, 'state')).toBeNull();
    expect(await story.take('acceptForSettlement', 'civil-320281', homeless)).toBe('SETTLING');
    expect(await story.owed(homeless)).toEqual([]);
    // nor does the refusal tell it how the settlement stands
    expect([await story.refusal('closeReturn', ORIGIN, homeless, { outcome: 'PLACED' }), await story.refusal('closeReturn', 'civil-320281', homeless, { outcome: 'PLACED' })]).toEqual(['TRANSITION_NOT_ALLOWED', 'BAD_USER_INPUT']);
    await story.owner("UPDATE guitu.settlement_cases SET state = 'PLACED' WHERE return_case = $1", [homeless.id.slice(3)]);
    expect(await story.refusal('closeReturn', ORIGIN, homeless, { outcome: 'PLACED' })).toBe('TRANSITION_NOT_ALLOWED');
    expect(await story.take('closeReturn', 'civil-320281', homeless, { outcome: 'PLACED' })).toBe('CLOSED');
  });

  test('is closed by the hukou place once the settlement has placed it, and not before', async () => {
    const held = await atHome();
    await story.take('reportNoHome', ORIGIN, held, { hukouDivision: '341523' });
    await story.take('acceptForSettlement', 'civil-341523', held);
    expect(await story.refusal('closeReturn', 'civil-341523', held, { outcome: 'PLACED' })).toBe('BAD_USER_INPUT');
    expect(await story.refusal('closeReturn', ORIGIN, held, { outcome: 'DIED' })).toBe('TRANSITION_NOT_ALLOWED');
    await story.owner("UPDATE guitu.settlement_cases SET state = 'PLACED' WHERE return_case = $1", [held.id.slice(3)]);
    expect(await story.take('closeReturn', 'civil-341523', held, { outcome: 'PLACED' })).toBe('CLOSED');
  });
});

describe('a person at home in difficulty', () => {
  test('is referred within three working days, and each addressee answers within ten', async () => {
    const held = await atHome();
    expect(await story.owed(held)).toEqual([['recordHomeCheck', ORIGIN, '2026-12-04']]);
    await story.take('recordHomeCheck', ORIGIN, held, { checkedOn: '2026-11-20', difficulties: ['LIVELIHOOD'] });
    expect(await story.owed(held)).toEqual([['referForAid', ORIGIN, '2026-11-25']]);
    await story.take('referForAid', ORIGIN, held, { referrals: [TOWNSHIP, PARTNER].map((addressee) => ({ addressee, helpAsked: ['SUBSISTENCE_ALLOWANCE'] })) });
    expect(await story.owed(held)).toEqual([['answerReferral', PARTNER, '2026-12-04'], ['answerReferral', TOWNSHIP, '2026-12-04']]);
  });

  test('is aided when the last addressee has answered; until then the others still owe theirs', async () => {
    const held = await referredTo([TOWNSHIP, PARTNER]);
    expect(await answer(PARTNER, held, ['MEDICAL_INSURANCE'])).toBe('REFERRED');
    expect(await story.owed(held)).toEqual([['answerReferral', TOWNSHIP, '2026-12-04']]);
    expect(await answer(TOWNSHIP, held, ['NONE'])).toBe('AIDED');
    expect((await referralsAt(ORIGIN, held)).map(({ addressee, measures }) => [addressee.code, measures]).toSorted()).toEqual([[PARTNER, ['MEDICAL_INSURANCE']], [TOWNSHIP, ['NONE']]]);
    expect(await story.take('closeReturn', ORIGIN, held, { outcome: 'AIDED' })).toBe('CLOSED');
  });

  test('each addressee sees its own referral and the person as far as its kind may; no other, and nothing once the case is closed', async () => {
    const held = await referredTo([TOWNSHIP, PARTNER], { name: '转给两家', address: '某镇某村', kinPhone: '0000-7999999', idNumber: '990101197004120353', birthDate: undefined });
    expect(await referralsAt(TOWNSHIP, held)).toMatchObject([{ details: `请 ${TOWNSHIP} 相助` }]);
    expect(await referralsAt(PARTNER, held)).toMatchObject([{ details: `请 ${PARTNER} 相助` }]);
    const seen = 'state noticeNo subject { name } homeCheck { text } person { name idNumber birthDate sex address kinPhone }';
    expect(await story.see(TOWNSHIP, held, seen)).toMatchObject({ state: 'REFERRED', noticeNo: null, subject: null, homeCheck: { text: '缺粮少药' }, person: { name: '转给两家', idNumber: '990101197004120353', birthDate: null, address: '某镇某村', kinPhone: '0000-7999999' } });
    expect(await story.see(PARTNER, held, seen)).toEqual({ state: null, noticeNo: null, subject: null, homeCheck: null, person: { name: '转给两家', idNumber: '990101197004120353', birthDate: null, sex: null, address: '某镇某村', kinPhone: null } });
    expect(await story.see('township-320281104', held, 'state')).toBeNull();
    expect(await story.see(DESTINATION, held, `state ${REFERRALS}`)).toEqual({ state: 'REFERRED', referrals: null });
    for (const agency of [TOWNSHIP, PARTNER]) await answer(agency, held, ['TEMPORARY_ASSISTANCE']);
    await story.take('closeReturn', ORIGIN, held, { outcome: 'AIDED' });
    expect(await story.see(TOWNSHIP, held, 'state')).toBeNull();
  });

  test('an addressee answers its own referral once, and nobody else\'s', async () => {
    const held = await referredTo([TOWNSHIP, PARTNER]);
    const [mine] = await referralsAt(TOWNSHIP, held);
    const input = { id: held.id, referralNo: mine?.referralNo, expectedVersion: mine?.version, measures: ['NONE'] };
    const tryAs = async (agency: string, key: string, more: object = {}): Promise<unknown> =>
      (await story.hub.ask(agency, { purpose: 'RETURN', key }, 'mutation ($input: AnswerReferralInput!) { answerReferral(input: $input) { returnCase { id } } }', { input: { ...input, ...more } })).errors[0]?.extensions.code;
    expect(await tryAs(PARTNER, 'other-answer')).toBe('NOT_FOUND');
    expect(await tryAs('township-320281104', 'stranger-answer')).toBe('NOT_FOUND');
    expect(await tryAs(TOWNSHIP, 'two-measures', { measures: ['NONE', 'SOCIAL_INSURANCE'] })).toBe('BAD_USER_INPUT');
    expect(await tryAs(TOWNSHIP, 'stale-answer', { expectedVersion: (mine?.version ?? 0) === 1 ? 2 : (mine?.version ?? 0) - 1 })).toBe('STALE_VERSION');
    expect(await tryAs(TOWNSHIP, 'first-answer')).toBeUndefined();
    const [answered] = await referralsAt(TOWNSHIP, held);
    expect(await tryAs(TOWNSHIP, 'second-answer', { expectedVersion: answered?.version })).toBe('TRANSITION_NOT_ALLOWED');
  });

  test.each(['township-999999', 'poverty-320281', 'health-320281'])('is not referred to %s', async (addressee) => {
    const held = await atHome();
    await story.take('recordHomeCheck', ORIGIN, held, { checkedOn: '2026-11-20', difficulties: ['LIVELIHOOD'] });
    expect(await story.refusal('referForAid', ORIGIN, held, { referrals: [{ addressee, helpAsked: ['SUBSISTENCE_ALLOWANCE'] }] })).toBe('BAD_USER_INPUT');
  });

  test('without difficulty is closed after the home check; with difficulty it is not', async () => {
    const held = await atHome();
    await story.take('recordHomeCheck', ORIGIN, held, { checkedOn: '2026-11-20', difficulties: [] });
    expect(await story.owed(held)).toEqual([]);
    expect(await story.refusal('closeReturn', ORIGIN, held, { outcome: 'AIDED' })).toBe('TRANSITION_NOT_ALLOWED');
    expect(await story.take('closeReturn', ORIGIN, held, { outcome: 'NO_DIFFICULTY' })).toBe('CLOSED');
    const other = await atHome();
    await story.take('recordHomeCheck', ORIGIN, other, { checkedOn: '2026-11-20', difficulties: ['PRODUCTION'] });
    expect(await story.refusal('closeReturn', ORIGIN, other, { outcome: 'NO_DIFFICULTY' })).toBe('BAD_USER_INPUT');
  });
});

describe('edge cases', () => {
  test('station founded in mid-case: the case stays with whom it was addressed to, the next notice goes to the station', async () => {
    const before = await story.send({}, { originDivision: '341523' });
    await story.owner("INSERT INTO guitu.agencies (code, name, kind, level, division) VALUES ('station-341523', '舒城县救助管理站', 'RESCUE_STATION', 'COUNTY', '341523')");
    expect(await story.take('acknowledgeReturn', 'civil-341523', before)).toBe('ACKNOWLEDGED');
    const after = await story.send({}, { originDivision: '341523' });
    expect(await story.see(DESTINATION, after, 'originAgency { code }')).toEqual({ originAgency: { code: 'station-341523' } });
    await story.owner("UPDATE guitu.agencies SET suspended_at = now() WHERE code = 'station-341523'");
  });

  test('a person returned before: the receiving side and its county learn how often, from the confirmation on, and not where or when; the destination does not', async () => {
    const subject = { name: '三度归来', birthDate: undefined, idNumber: '990101197103080051' };
    const dates = (day: string): object => ({ entryDate: day, leaveDate: day, noticeDate: '2026-11-18' });
    const elsewhere = await story.send(subject, { ...dates('2026-11-02'), originDivision: '341523' }, 'station-320200');
    await story.take('acknowledgeReturn', 'civil-341523', elsewhere);
    const disputed = await story.send(subject, dates('2026-11-03'), 'station-320200');
    await story.take('acknowledgeReturn', ORIGIN, disputed);
    await story.take('disputeReturn', ORIGIN, disputed, { code: 'NOT_RESIDENT' });
    await story.send(subject, dates('2026-11-04'), 'station-320200');
    const held = await story.send(subject, dates('2026-11-10'));
    for (const agency of [ORIGIN, 'civil-320281', DESTINATION]) expect(await story.see(agency, held, 'earlierReturns')).toEqual({ earlierReturns: null });
    await story.take('acknowledgeReturn', ORIGIN, held);
    for (const agency of [ORIGIN, 'civil-320281']) expect(await story.see(agency, held, 'earlierReturns')).toEqual({ earlierReturns: 1 });
    expect(await story.see(DESTINATION, held, 'earlierReturns disclosure { field rung }')).toMatchObject({ earlierReturns: null, disclosure: expect.arrayContaining([{ field: 'earlierReturns', rung: 'WITHHELD' }]) });
    expect(await story.see('civil-341523', elsewhere, 'earlierReturns')).toEqual({ earlierReturns: 0 });
    const again = await story.send(subject, dates('2026-11-12'), 'station-320200');
    await story.take('acknowledgeReturn', ORIGIN, again);
    expect(await story.see(ORIGIN, again, 'earlierReturns')).toEqual({ earlierReturns: 2 });
    expect(await story.see(ORIGIN, held, 'earlierReturns')).toEqual({ earlierReturns: 1 });
    // counted again from what is stored, as a migration does: what was confirmed later stays out; without the day of leaving the day of entering counts, without any day nothing is said
    const recounted = async (change = ''): Promise<unknown> => {
      if (change) await story.owner(`UPDATE guitu.return_cases SET ${change} WHERE id = $1`, [held.id.slice(3)]);
      await story.owner('SELECT guitu.count_earlier_returns($1)', [held.id.slice(3)]);
      return (await story.see(ORIGIN, held, 'earlierReturns'))?.['earlierReturns'];
    };
    await story.owner("UPDATE guitu.return_cases SET entry_date = '2026-11-01', leave_date = '2026-11-01' WHERE id = $1", [again.id.slice(3)]);
    await story.owner("UPDATE guitu.return_cases SET confirmed_at = confirmed_at + interval '1 hour' WHERE id = $1", [again.id.slice(3)]);
    expect([await recounted(), await recounted('leave_date = NULL'), await recounted('entry_date = NULL, leave_date = NULL')]).toEqual([1, 1, null]);
  });

  test('a notice that goes to another origin is counted anew by the one that confirms it', async () => {
    const subject = { birthDate: undefined, idNumber: '990101197103080078' };
    const sent = await acknowledged(subject);
    expect(await story.see(ORIGIN, sent, 'earlierReturns')).toEqual({ earlierReturns: 0 });
    await story.take('disputeReturn', ORIGIN, sent, { code: 'NOT_RESIDENT' });
    await story.take('rerouteReturn', DESTINATION, sent, { originDivision: '341523' });
    expect(await story.owner('SELECT earlier_returns FROM guitu.return_cases WHERE id = $1', [sent.id.slice(3)])).toEqual([{ earlier_returns: null }]);
    await story.take('acknowledgeReturn', 'civil-341523', sent);
    expect(await story.see('civil-341523', sent, 'earlierReturns')).toEqual({ earlierReturns: 0 });
  });

  test('a notice says where the person is kept and which file it is: the file to the two sides only, and both may be put right', async () => {
    const digest = 'ab'.repeat(32);
    const held = await story.send({}, { custodyPlace: 'HOSPITAL', noticeFileDigest: digest.toUpperCase() });
    for (const agency of [DESTINATION, ORIGIN]) expect(await story.see(agency, held, 'custodyPlace noticeFileDigest')).toEqual({ custodyPlace: 'HOSPITAL', noticeFileDigest: digest });
    expect(await story.see('civil-320281', held, 'custodyPlace noticeFileDigest')).toEqual({ custodyPlace: 'HOSPITAL', noticeFileDigest: null });
    const { errors } = await story.hub.ask(DESTINATION, { purpose: 'RETURN', key: `correct-${held.id}` }, 'mutation ($input: CorrectReturnInput!) { correctReturn(input: $input) { returnCase { id } } }', { input: { id: held.id, expectedVersion: held.version, custodyPlace: 'IN_STATION', noticeFileDigest: '0'.repeat(64), reason: '已出院' } });
    expect(errors).toEqual([]);
    expect(await story.see(ORIGIN, held, 'custodyPlace noticeFileDigest')).toEqual({ custodyPlace: 'IN_STATION', noticeFileDigest: '0'.repeat(64) });
    await expect(story.send({}, { noticeFileDigest: 'not a digest' })).rejects.toThrow(/BAD_USER_INPUT.*noticeFileDigest/u);
  });

  test('two destination stations, one person: two cases, neither station sees the other\'s', async () => {
    const subject = { name: undefined, birthDate: undefined, idNumber: '990101197103080035' };
    const [one, other] = [await story.send(subject), await story.send(subject, {}, 'station-320200')];
    for (const held of [one, other]) await story.take('acknowledgeReturn', ORIGIN, held);
    expect(await story.see(DESTINATION, other, 'state')).toBeNull();
    expect(await story.see('station-320200', one, 'state')).toBeNull();
    const people = await Promise.all([one, other].map(async (held) => (await story.see(ORIGIN, held, 'person { id }'))?.['person']));
    expect(people[0]).toEqual(people[1]);
    await story.take('closeReturn', 'station-320200', other, { outcome: 'MERGED' });
    expect(await story.stateOf(one)).toBe('ACKNOWLEDGED');
  });

  test('marked protected after SENT: the origin side, the addressees and the hukou place find nothing any more, the sender keeps what it wrote', async () => {
    const sent = await story.send({ name: '后来受保护' });
    await protect(sent);
    expect(await story.see(ORIGIN, sent, 'state')).toBeNull();
    expect(await story.refusal('acknowledgeReturn', ORIGIN, sent)).toBe('NOT_FOUND');
    expect(await story.see(DESTINATION, sent, 'subject { name }')).toEqual({ subject: { name: '后来受保护' } });
    const referred = await referredTo([TOWNSHIP]);
    await protect(referred);
    expect(await story.see(TOWNSHIP, referred, 'state')).toBeNull();
    const homeless = await atHome();
    await story.take('reportNoHome', ORIGIN, homeless, { hukouDivision: '341523' });
    await protect(homeless);
    expect(await story.see('civil-341523', homeless, 'state')).toBeNull();
  });

  test('a child that was handed over: its former station keeps what it wrote, and reads nothing of what others write since without the officer for minors', async () => {
    const held = await acknowledged({ name: '小还', birthDate: '2016-05-05', kinName: '旧监护人' }, { guardianAssessedOn: '2026-11-19' });
    expect(await story.see(DESTINATION, held, 'person { name kinName } subject { name }')).toEqual({ person: { name: '小还', kinName: '旧监护人' }, subject: { name: '小还' } });
    await story.take('receiveReturnee', ORIGIN, held, { receivedOn: '2026-11-20' });
    await story.take('reportKinRefused', ORIGIN, held, { note: '家中另有隐情' });
    expect(await story.see(DESTINATION, held, 'state person { name kinName address } subject { name } transitions { to reason }')).toEqual({
      state: 'KIN_REFUSED', person: { name: null, kinName: null, address: null }, subject: { name: '小还' }, transitions: ['SENT', 'ACKNOWLEDGED', 'RECEIVED', 'KIN_REFUSED'].map((to) => ({ to, reason: null })),
    });
    expect(await story.see(DESTINATION, held, 'person { name }', { roles: ['CLERK', 'MINORS_OFFICER'] })).toEqual({ person: { name: '小还' } });
  });

  test('minor turns 18: the home check is owed in five working days to a minor, and the caps fall on the birthday', async () => {
    const held = await atHome({ name: '快要成年', birthDate: '2008-11-25' }, { guardianAssessedOn: '2026-11-16' });
    expect(await story.owed(held)).toEqual([['recordHomeCheckOfMinor', ORIGIN, '2026-11-27']]);
    expect(await story.see(ORIGIN, held, 'subject { name } person { name }')).toEqual({ subject: null, person: { name: null } });
    story.at('2026-11-25T09:00:00+08:00');
    expect(await story.see(ORIGIN, held, 'subject { name } person { name }')).toEqual({ subject: { name: '快要成年' }, person: { name: '快要成年' } });
    expect(await story.owed(held)).toEqual([['recordHomeCheckOfMinor', ORIGIN, '2026-11-27']]);
  });

  test('who needs watching is registered as at risk within five working days of coming home, owed once; death ends that too', async () => {
    const held = await acknowledged({}, { handlingCodes: ['LOSES_WAY'] });
    await story.take('receiveReturnee', ORIGIN, held, { receivedOn: '2026-11-20' });
    expect(await story.owed(held)).toEqual([['enrolAtRisk', ORIGIN, '2026-11-27']]);
    await story.take('confirmHome', ORIGIN, held);
    expect((await story.owed(held)).filter(([step]) => step === 'enrolAtRisk')).toEqual([['enrolAtRisk', ORIGIN, '2026-11-27']]);
    await story.take('recordHomeCheck', ORIGIN, held, { checkedOn: '2026-11-20', difficulties: [] });
    await story.take('closeReturn', ORIGIN, held, { outcome: 'NO_DIFFICULTY' });
    expect(await story.owed(held)).toEqual([['enrolAtRisk', ORIGIN, '2026-11-27']]);
    const dead = await atHome({}, { handlingCodes: ['CONSTANT_WATCH'] });
    expect((await story.owed(dead)).map(([step]) => step)).toContain('enrolAtRisk');
    await story.take('closeReturn', ORIGIN, dead, { outcome: 'DIED' });
    expect(await story.owed(dead)).toEqual([]);
    expect((await story.owed(await atHome({}, { handlingCodes: ['WHEELCHAIR'] }))).map(([step]) => step)).not.toContain('enrolAtRisk');
  });

  test('a person who declines or leaves: whoever holds it closes, at any time; whoever does not is refused', async () => {
    const sent = await story.send();
    expect(await story.refusal('closeReturn', ORIGIN, sent, { outcome: 'DECLINED' })).toBe('TRANSITION_NOT_ALLOWED');
    expect(await story.take('closeReturn', DESTINATION, sent, { outcome: 'DECLINED' })).toBe('CLOSED');
    const received = await acknowledged();
    await story.take('receiveReturnee', ORIGIN, received, { receivedOn: '2026-11-20' });
    expect(await story.refusal('closeReturn', DESTINATION, received, { outcome: 'DIED' })).toBe('TRANSITION_NOT_ALLOWED');
    expect(await story.take('closeReturn', ORIGIN, received, { outcome: 'DIED' })).toBe('CLOSED');
    expect(await story.refusal('closeReturn', ORIGIN, received, { outcome: 'DIED' })).toBe('TRANSITION_NOT_ALLOWED');
    expect(await story.owed(received)).toEqual([]);
  });
});
