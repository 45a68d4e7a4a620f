import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { tick } from '../../src/delivery/clock.js';
import { CLOCK_ACTS } from '../../src/ledgers/clock-acts.js';
import { ReturnStory, type Held } from './returns-story.js';

let story: ReturnStory;
beforeAll(async () => {
  story = await ReturnStory.start();
  // Only what the tests send is open.
  await story.owner("UPDATE guitu.duties SET ended = 'VOID', ended_at = started_at, next_at = NULL WHERE ended_at IS NULL");
});
afterAll(() => story.hub.stop());
beforeEach(() => story.at('2026-11-20T09:00:00+08:00'));

const ORIGIN = 'station-320281';
const DESTINATION = 'station-120000';
const PERSON = 'state caseNo version subject { name } person { name } noticeNo originAgency { code }';
const coordinating = (matter?: string): { purpose: 'COORDINATION'; matter?: string } => ({ purpose: 'COORDINATION', ...(matter && { matter }) });
const listed = async (agency: string, fields: string, matter?: string): Promise<unknown[]> =>
  (await story.hub.ask<{ coordinations: { nodes: unknown[] } }>(agency, coordinating(matter), `{ coordinations { nodes { ${fields} } } }`)).data?.coordinations.nodes ?? [];
const coordinatorOf = async ({ id }: Held): Promise<unknown> => (await story.owner('SELECT a.code FROM guitu.return_cases c JOIN guitu.agencies a ON a.id = c.coordinator WHERE c.id = $1', [id.slice(3)]))[0]?.['code'];

describe('a person whom the origin side refuses', () => {
  test('is owed a report up or another way within two working days', async () => {
    expect(await story.owed(await story.refused())).toEqual([['reportRefusalUp', DESTINATION, '2026-11-24']]);
  });

  test('is reported up by the destination side only, to the civil affairs department of its own place', async () => {
    const held = await story.refused();
    expect(await story.refusal('reportRefusalUp', ORIGIN, held)).toBe('TRANSITION_NOT_ALLOWED');
    expect(await story.take('reportRefusalUp', DESTINATION, held)).toBe('COORDINATING');
    expect([await coordinatorOf(held), await story.owed(held)]).toEqual(['civil-120000', [['coordinateReturn', 'civil-120000', '2026-11-25']]]);
  });

  test('passes up level by level; levels without an agency are skipped; above the ministry there is nobody', async () => {
    const held = await story.refused();
    await story.take('reportRefusalUp', DESTINATION, held);
    await story.take('passRefusalUp', 'civil-120000', held);
    expect([await coordinatorOf(held), await story.owed(held)]).toEqual(['civil-000000', [['coordinateReturnAtMinistry', 'civil-000000', '2026-11-27']]]);
    expect(await story.refusal('passRefusalUp', 'civil-000000', held)).toBe('TRANSITION_NOT_ALLOWED');
    expect(await story.refusal('passRefusalUp', 'civil-120000', held)).toBe('NOT_FOUND');
  });

  test('both counties refuse: two that lie in one province end at their common superior', async () => {
    const held = await story.send({}, { originDivision: '320281' }, 'station-320200');
    await story.take('refuseReturn', ORIGIN, held, { code: 'NO_CAPACITY' });
    await story.take('reportRefusalUp', 'station-320200', held);
    expect(await coordinatorOf(held)).toBe('civil-320200');
    expect(await story.take('directReturn', 'civil-320200', held, { receiver: ORIGIN, receiveBy: '2026-11-26' })).toBe('ACKNOWLEDGED');
  });

  test('both counties refuse: 天津 and 舒城 end at the ministry, and the ministry directs who receives by when', async () => {
    const held = await story.refused({}, { originDivision: '341523' }, 'civil-341523');
    await story.take('reportRefusalUp', DESTINATION, held);
    expect(await story.refusal('directReturn', 'civil-120000', held, { receiver: 'civil-341523', receiveBy: '2026-11-26' })).toBe('TRANSITION_NOT_ALLOWED');
    expect(await story.refusal('upholdRefusal', 'civil-120000', held, { code: 'WRONG_DIVISION' })).toBe('TRANSITION_NOT_ALLOWED');
    await story.take('passRefusalUp', 'civil-120000', held);
    expect(await coordinatorOf(held)).toBe('civil-000000');
    expect(await story.take('directReturn', 'civil-000000', held, { receiver: 'civil-341500', receiveBy: '2026-11-26', note: '由六安市民政局接收' })).toBe('ACKNOWLEDGED');
    expect(await story.owed(held)).toEqual([['receiveReturnee', 'civil-341500', '2026-11-26']]);
    expect(await story.see('civil-341500', held, 'state receiveBy originAgency { code } person { name }')).toEqual({ state: 'ACKNOWLEDGED', receiveBy: '2026-11-26', originAgency: { code: 'civil-341500' }, person: null });
    expect(await story.take('receiveReturnee', 'civil-341500', held, { receivedOn: '2026-11-20' })).toBe('RECEIVED');
    expect(await story.see('civil-341500', held, 'person { name }')).toEqual({ person: { name: '某甲' } });
  });

  test('found not to be theirs goes back into dispute, and another way', async () => {
    const held = await story.refused();
    await story.take('reportRefusalUp', DESTINATION, held);
    await story.take('passRefusalUp', 'civil-120000', held);
    expect(await story.take('upholdRefusal', 'civil-000000', held, { code: 'NOT_RESIDENT' })).toBe('DISPUTED');
    expect(await story.owed(held)).toEqual([['rerouteReturn', DESTINATION, '2026-11-24']]);
    expect(await story.take('rerouteReturn', DESTINATION, held, { originDivision: '341523' })).toBe('SENT');
  });

  test('whose refusal is withdrawn is received as if it had been acknowledged, with a clock of its own', async () => {
    const held = await story.refused();
    await story.take('reportRefusalUp', DESTINATION, held);
    expect(await story.take('withdrawRefusal', ORIGIN, held)).toBe('ACKNOWLEDGED');
    expect(await story.owed(held)).toEqual([['receiveReturnee', ORIGIN, '2026-11-27']]);
    expect(await story.see(DESTINATION, held, 'person { name } coordinator { code }')).toEqual({ person: { name: '某甲' }, coordinator: null });
  });

  test('that nobody coordinates in time passes up by the clock, and stays at the ministry', async () => {
    const held = await story.refused();
    await story.take('reportRefusalUp', DESTINATION, held);
    const { failed } = await tick(story.hub.parts.pools.clock, story.hub.parts.policy.policy, CLOCK_ACTS, new Date('2026-11-26T00:00:00+08:00'));
    expect([failed, await coordinatorOf(held)]).toEqual([[], 'civil-000000']);
    expect(await story.owed(held)).toEqual([['coordinateReturnAtMinistry', 'civil-000000', '2026-12-03']]);
    expect((await story.owner('SELECT to_state, by_user FROM guitu.return_transitions WHERE case_id = $1 ORDER BY step DESC LIMIT 1', [held.id.slice(3)]))).toEqual([{ to_state: 'COORDINATING', by_user: 'clock' }]);
    await tick(story.hub.parts.pools.clock, story.hub.parts.policy.policy, CLOCK_ACTS, new Date('2027-01-30T00:00:00+08:00'));
    expect([await coordinatorOf(held), await story.stateOf(held)]).toEqual(['civil-000000', 'COORDINATING']);
  });
});

describe('a coordinator', () => {
  test('sees the case and what was written of the person only under the case number, and only while it coordinates', async () => {
    const held = await story.refused({ name: '只在协调时' });
    await story.take('reportRefusalUp', DESTINATION, held);
    expect(await story.see('civil-120000', held, PERSON, coordinating(held.caseNo))).toMatchObject({ state: 'COORDINATING', subject: { name: '只在协调时' }, person: null, originAgency: { code: ORIGIN } });
    expect(await story.see('civil-120000', held, PERSON, coordinating('GT-00000-00000'))).toMatchObject({ state: 'COORDINATING', caseNo: held.caseNo, version: null, subject: null, noticeNo: null, originAgency: null });
    expect(await story.see('civil-120000', held, PERSON, { purpose: 'RETURN' })).toBeNull();
    expect(await story.see('civil-120000', held, 'subject { name }', { purpose: 'SUPERVISION' })).toEqual({ subject: null });
    await story.take('passRefusalUp', 'civil-120000', held);
    expect(await story.see('civil-120000', held, PERSON, coordinating(held.caseNo))).toBeNull();
    expect(await story.see('civil-000000', held, PERSON, coordinating(held.caseNo))).toMatchObject({ subject: { name: '只在协调时' } });
    await story.take('withdrawRefusal', ORIGIN, held);
    expect(await story.see('civil-000000', held, PERSON, coordinating(held.caseNo))).toBeNull();
  });

  test('sees the shared person where the origin side had confirmed it, and not for a guessed number', async () => {
    const known = await story.send({ name: undefined, birthDate: undefined, idNumber: '990101197103080035' });
    await story.take('acknowledgeReturn', ORIGIN, known);
    await story.take('refuseReturn', ORIGIN, known, { code: 'NO_CAPACITY' });
    const guessed = await story.refused({ name: undefined, birthDate: undefined, idNumber: '990101197103080035' });
    for (const held of [known, guessed]) await story.take('reportRefusalUp', DESTINATION, held);
    expect(await story.see('civil-120000', known, 'person { idNumber }', coordinating(known.caseNo))).toEqual({ person: { idNumber: '990101197103080035' } });
    expect(await story.see('civil-120000', guessed, 'person { idNumber } subject { idNumber }', coordinating(guessed.caseNo))).toEqual({ person: null, subject: { idNumber: '990101197103080035' } });
  });

  test('lists what is addressed to it; without a matter number, state and clocks only', async () => {
    const held = await story.refused({ name: '列在案头' });
    await story.take('reportRefusalUp', DESTINATION, held);
    const mine = (await listed('civil-120000', 'caseNo state receiveBy subject { name } version originAgency { code }')).find((one) => (one as { caseNo: string }).caseNo === held.caseNo);
    expect(mine).toEqual({ caseNo: held.caseNo, state: 'COORDINATING', receiveBy: '2026-11-27', subject: null, version: null, originAgency: null });
    expect(await listed('civil-120000', 'subject { name }', held.caseNo)).toContainEqual({ subject: { name: '列在案头' } });
    for (const other of ['civil-320281', 'civil-320000', 'civil-341523']) expect(await listed(other, 'caseNo')).toEqual([]);
  });

  test('without a matter may list and do nothing else', async () => {
    const { errors } = await story.hub.ask('civil-120000', coordinating(), '{ returnCases { totalCount } }');
    expect(errors[0]?.extensions.code).toBe('MATTER_REQUIRED');
  });

  test('is never the agency that refused', async () => {
    const [wuxi] = await story.owner<{ id: string }>("SELECT id FROM guitu.agencies WHERE code = 'civil-320200'");
    const held = await story.send({}, { originDivision: '341523' }, ORIGIN);
    await story.owner("UPDATE guitu.return_cases SET state = 'REFUSED', origin_agency = $2 WHERE id = $1", [held.id.slice(3), wuxi?.id]);
    await story.take('reportRefusalUp', ORIGIN, held);
    await story.take('passRefusalUp', 'civil-320281', held);
    expect(await coordinatorOf(held)).toBe('civil-320000');
  });

  test('does not name a receiver outside its area, nor a day that is past', async () => {
    const held = await story.send({}, { originDivision: '320281' }, 'station-320200');
    await story.take('refuseReturn', ORIGIN, held, { code: 'NO_CAPACITY' });
    await story.take('reportRefusalUp', 'station-320200', held);
    const faults = [{ receiver: 'civil-341523', receiveBy: '2026-11-26' }, { receiver: 'police-320281', receiveBy: '2026-11-26' }, { receiver: 'station-320200', receiveBy: '2026-11-26' }, { receiver: ORIGIN, receiveBy: '2026-11-19' }];
    for (const more of faults) expect([more, await story.refusal('directReturn', 'civil-320200', held, more)]).toEqual([more, 'BAD_USER_INPUT']);
  });

  test('learns nothing of a protected person', async () => {
    const held = await story.refused();
    await story.take('reportRefusalUp', DESTINATION, held);
    await story.owner(`INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) SELECT c.person_id, a.id, a.division, current_date, '人身安全保护令' FROM guitu.return_cases c, guitu.agencies a WHERE c.id = $1 AND a.code = 'station-320200'`, [held.id.slice(3)]);
    expect(await story.see('civil-120000', held, PERSON, coordinating(held.caseNo))).toBeNull();
    expect((await listed('civil-120000', 'caseNo')).map((one) => (one as { caseNo: string }).caseNo)).not.toContain(held.caseNo);
  });
});
