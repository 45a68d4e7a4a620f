import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CorrectionDesk, type Asking } from '../support/correction-desk.js';
import { ReturnStory, type Held } from './returns-story.js';

/** What is reported wrong under SUPERVISION and COORDINATION, and of lines that different agencies wrote. */

const ORIGIN = 'station-320281';
const DESTINATION = 'station-120000';
const COUNTY = 'civil-320281';
const RETURN: Asking = { purpose: 'RETURN' };
const SUPERVISION: Asking = { purpose: 'SUPERVISION' };

let story: ReturnStory;
let corrections: CorrectionDesk;
beforeAll(async () => {
  story = await ReturnStory.start();
  corrections = new CorrectionDesk(story.hub);
});
afterAll(() => story.hub.stop());
beforeEach(() => story.at('2026-11-20T09:00:00+08:00'));

const received = async (): Promise<Held> => {
  const held = await story.send();
  await story.take('acknowledgeReturn', ORIGIN, held);
  await story.take('receiveReturnee', ORIGIN, held, { receivedOn: '2026-11-20' });
  return held;
};

describe('under SUPERVISION', () => {
  test('a department above reports what it sees there and an agency wrote; of words and persons it sees as little as before', async () => {
    const held = await received();
    const made = await corrections.asked('civil-320200', SUPERVISION, held.id, 'receivedAt');
    expect(made).toMatchObject({ number: held.caseNo, field: 'receivedAt', claim: null, provider: null });
    expect(await corrections.seen(ORIGIN, RETURN, made)).toMatchObject({ claim: '写错了', askedBy: { code: 'civil-320200' } });
    expect(await corrections.answer(ORIGIN, RETURN, made)).toEqual([]);
    expect(await corrections.seen('civil-320200', SUPERVISION, made)).toMatchObject({ state: 'CORRECTED', answer: null });
    expect(await corrections.seen('civil-320200', RETURN, made)).toMatchObject({ claim: '写错了', answer: '已核' });
    for (const field of ['noticeNo', 'subject.name', 'homeCheck', 'transitions.1.reason']) expect([field, await corrections.refused('civil-320200', SUPERVISION, held.id, field)]).toEqual([field, ['NOT_FOUND input.id']]);
    for (const field of ['state', 'acknowledgeBy']) expect([field, await corrections.refused('civil-320200', SUPERVISION, held.id, field)]).toEqual([field, ['BAD_USER_INPUT input.field']]);
    expect(await corrections.refused('civil-341500', SUPERVISION, held.id, 'receivedAt')).toEqual(['NOT_FOUND input.id']);
  });
});

describe('under COORDINATION', () => {
  test('the coordinating department reports the case, and the person once confirmed, under the case\'s own number alone', async () => {
    const held = await story.send();
    await story.take('acknowledgeReturn', ORIGIN, held);
    const person = ((await story.see(ORIGIN, held, 'person { id }')) as { person: { id: string } }).person.id;
    await story.take('refuseReturn', ORIGIN, held, { code: 'NO_CAPACITY' });
    await story.take('reportRefusalUp', DESTINATION, held);
    const matter: Asking = { purpose: 'COORDINATION', matter: held.caseNo };
    for (const [id, field] of [[held.id, 'noticeNo'], [person, 'name']] as const) {
      expect(await corrections.seen(DESTINATION, RETURN, await corrections.asked('civil-120000', matter, id, field))).toMatchObject({ sourceNumber: held.caseNo, claim: '写错了' });
      expect(await corrections.refused('civil-120000', { purpose: 'COORDINATION', matter: 'GT-NONE' }, id, field)).toEqual(['NOT_FOUND input.id']);
      expect(await corrections.refused('civil-120000', { purpose: 'COORDINATION' }, id, field)).toEqual(['MATTER_REQUIRED Guitu-Matter']);
    }
  });
});

describe('a reason in the history of a return', () => {
  test('is reported by its line, to the agency of that line and to nobody else', async () => {
    const held = await story.send();
    await story.take('disputeReturn', ORIGIN, held, { code: 'NOT_RESIDENT', text: '户籍已迁出' });
    const made = await corrections.asked(DESTINATION, RETURN, held.id, 'transitions.2.reason', { proposed: '未迁出' });
    expect(await corrections.seen(ORIGIN, RETURN, made)).toMatchObject({ field: 'transitions.2.reason', claim: '写错了', proposed: '未迁出', askedBy: { code: DESTINATION }, provider: { code: ORIGIN } });
    expect(await corrections.owed(ORIGIN, 'RETURN')).toContainEqual([made.correctionNo, '2026-12-04']);
    expect(await corrections.refused(ORIGIN, RETURN, held.id, 'transitions.2.reason')).toEqual(['BAD_USER_INPUT input.field']);
    expect(await corrections.refused(DESTINATION, RETURN, held.id, 'transitions.reason')).toEqual(['BAD_USER_INPUT input.field']);
    // A line that gives no reason, and one that is not there.
    for (const line of [1, 3]) expect(await corrections.refused(COUNTY, RETURN, held.id, `transitions.${line}.reason`)).toEqual(['CONFLICT input.field']);
    expect(await corrections.answer(ORIGIN, RETURN, made, 'REFUSED')).toEqual([]);
  });

  test('of a child is reported with a minors officer only', async () => {
    const held = await story.send({ birthDate: '2014-05-06' }, { guardianAssessedOn: '2026-11-17' });
    await story.take('disputeReturn', ORIGIN, held, { code: 'NOT_RESIDENT' });
    expect(await corrections.refused(COUNTY, RETURN, held.id, 'transitions.2.reason')).toEqual(['NOT_FOUND input.id']);
    await corrections.asked(COUNTY, { ...RETURN, roles: ['CLERK', 'MINORS_OFFICER'] }, held.id, 'transitions.2.reason');
  });
});

test('a visit is reported by its line, to whoever made it; the township does not learn who asks, which would tell who registered the person', async () => {
  const care: Asking = { purpose: 'AT_RISK_CARE' };
  const [visited] = await story.owner<{ id: string; line: number; code: string }>(
    `SELECT 'ar_' || v.entry_id AS id, v.line::integer, a.code FROM (SELECT entry_id, agency_id, row_number() OVER (PARTITION BY entry_id ORDER BY visited_on, at, id) AS line FROM guitu.follow_up_visits) v
     JOIN guitu.agencies a ON a.id = v.agency_id JOIN guitu.at_risk_entries e ON e.id = v.entry_id WHERE a.kind = 'TOWNSHIP' AND e.division LIKE '320281%' AND NOT EXISTS (SELECT FROM guitu.protections p WHERE p.person_id = e.person_id) ORDER BY v.entry_id, v.line LIMIT 1`);
  const { id = '', line = 0, code = '' } = visited ?? {};
  const made = await corrections.asked(COUNTY, { ...care, roles: ['CLERK', 'MINORS_OFFICER'] }, id, `visits.${line}.result`);
  expect(await corrections.seen(code, { ...care, roles: ['CLERK', 'MINORS_OFFICER'] }, made)).toMatchObject({ field: `visits.${line}.result`, claim: '写错了', askedBy: null });
});
