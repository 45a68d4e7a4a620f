import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CorrectionDesk, type Asking } from '../support/correction-desk.js';
import { startHub, type TestHub } from '../support/hub.js';
import { InquiryDesk, type Inquiry } from '../support/inquiry-desk.js';
import { world } from '../support/world.js';

/** What is read under IDENTITY, reported wrong under IDENTITY (政务数据共享条例 art. 26): matter included, and nothing seen that reading would not show. */

const STATION = 'station-320281';
const COUNTY = 'civil-320281';
const PREFECTURE = 'civil-320200';
const POLICE = 'police-320281';
const ABOVE = 'police-320200';
const PROTECTED = Object.values(world.persons).find(({ protection, idNumber }) => protection && idNumber)?.idNumber;

let hub: TestHub;
let desk: InquiryDesk;
let corrections: CorrectionDesk;
beforeAll(async () => {
  hub = await startHub();
  desk = new InquiryDesk(hub);
  corrections = new CorrectionDesk(hub);
});
beforeEach(() => desk.stays.at('2026-11-20T10:00:00+08:00'));
afterAll(() => hub.stop());

const under = ({ number }: Inquiry, more: Partial<Asking> = {}): Asking => ({ purpose: 'IDENTITY', matter: number, ...more });
const WITHOUT: Asking = { purpose: 'IDENTITY' };
const noHit = async (police: string, { id }: Inquiry, note: string): Promise<void> => void await desk.step('answerInquiry', police, id, { answer: 'NO_HIT', note });
/** Passed up to the prefecture after an answer of the county's police. */
const atPrefecture = async (): Promise<Inquiry> => {
  const opened = await desk.opened();
  await noHit(POLICE, opened, '本地人像库无此人');
  await desk.step('passInquiryUp', COUNTY, opened.id, { note: '请市局继续查询' });
  return desk.step('askPublicSecurity', PREFECTURE, opened.id);
};

describe('a field of an inquiry', () => {
  test('reported wrong by public security that was asked, is answered within ten working days by the station that wrote it', async () => {
    const inquiry = await atPrefecture();
    const made = await corrections.asked(ABOVE, under(inquiry), inquiry.id, 'features', { proposed: '右耳有缺口' });
    expect(made).toMatchObject({ state: 'OPEN', record: 'IdentityInquiry', number: inquiry.number, field: 'features', claim: '写错了', proposed: '右耳有缺口', askedBy: { code: ABOVE }, provider: null, sourceNumber: null, answerBy: '2026-12-04' });
    expect(await corrections.owed(STATION, 'IDENTITY')).toContainEqual([made.correctionNo, '2026-12-04']);
    expect(await corrections.seen(STATION, under(inquiry), made)).toMatchObject({ number: null, sourceNumber: inquiry.number, claim: '写错了', proposed: '右耳有缺口', askedBy: { code: ABOVE }, provider: { code: STATION } });
    expect(await corrections.answer(STATION, under(inquiry), made)).toEqual([]);
    expect(await corrections.seen(ABOVE, under(inquiry), made)).toMatchObject({ state: 'CORRECTED', answer: '已核' });
  });

  test('is reported under its own number alone, by whoever reads it then, and by nobody who reads less', async () => {
    const inquiry = await atPrefecture();
    const other = await desk.opened();
    expect(await corrections.refused(ABOVE, WITHOUT, inquiry.id, 'features')).toEqual(['MATTER_REQUIRED Guitu-Matter']);
    expect(await corrections.refused(POLICE, under(other), inquiry.id, 'features')).toEqual(['NOT_FOUND input.id']);
    for (const [agency, field] of [['police-320000', 'features'], ['station-320200', 'features'], ['civil-320000', 'features'], [ABOVE, 'answers.1.note'], [ABOVE, 'transitions.2.reason'], [COUNTY, 'photoDigest']] as const) expect([agency, field, await corrections.refused(agency, under(inquiry), inquiry.id, field)]).toEqual([agency, field, ['NOT_FOUND input.id']]);
    expect(await corrections.refused(ABOVE, { purpose: 'SETTLEMENT' }, inquiry.id, 'features')).toEqual(['NOT_FOUND input.id']);
    expect(await corrections.refused(PREFECTURE, { purpose: 'SUPERVISION' }, inquiry.id, 'features')).toEqual(['NOT_FOUND input.id']);
  });

  test('its words are read, and the asking agency is named to the provider, under the inquiry\'s number alone; number, state and clock also without one', async () => {
    const inquiry = await atPrefecture();
    const other = await desk.opened();
    const made = await corrections.asked(PREFECTURE, under(inquiry), inquiry.id, 'ownComparison');
    const blank = { correctionNo: made.correctionNo, state: 'OPEN', answerBy: '2026-12-04', claim: null, proposed: null, answer: null };
    for (const asking of [WITHOUT, under(other)]) {
      expect(await corrections.seen(PREFECTURE, asking, made)).toMatchObject({ ...blank, number: inquiry.number });
      expect(await corrections.seen(STATION, asking, made)).toMatchObject({ ...blank, sourceNumber: inquiry.number, askedBy: null });
    }
    expect(await corrections.seen(STATION, { purpose: 'SETTLEMENT' }, made)).toMatchObject({ ...blank, askedBy: null });
    expect(await corrections.answer(STATION, { purpose: 'SETTLEMENT' }, made)).toEqual(['TRANSITION_NOT_ALLOWED']);
    expect(await corrections.answer(STATION, under(other), made)).toEqual(['TRANSITION_NOT_ALLOWED']);
    for (const stranger of [COUNTY, POLICE, ABOVE, 'station-320200']) expect(await corrections.seen(stranger, under(inquiry), made)).toBeUndefined();
  });

  test('the station that wrote it changes it itself', async () => {
    const inquiry = await desk.opened();
    expect(await corrections.refused(STATION, under(inquiry), inquiry.id, 'features')).toEqual(['BAD_USER_INPUT input.field']);
  });

  test('of a child or somebody of unknown age is reported by civil affairs with a minors officer only, whose words the station reads with one', async () => {
    const inquiry = await desk.opened(STATION, { estimatedAge: 12 });
    const officer = under(inquiry, { roles: ['CLERK', 'MINORS_OFFICER'] });
    expect(await corrections.refused(COUNTY, under(inquiry), inquiry.id, 'features')).toEqual(['NOT_FOUND input.id']);
    const made = await corrections.asked(COUNTY, officer, inquiry.id, 'features');
    expect([(await corrections.seen(STATION, under(inquiry), made))?.['claim'], (await corrections.seen(STATION, officer, made))?.['claim']]).toEqual([null, '写错了']);
  });

  test('about somebody who is protected since is hidden from both, and can be reported no more', async () => {
    const inquiry = await atPrefecture();
    const made = await corrections.asked(ABOVE, under(inquiry), inquiry.id, 'calledName');
    await desk.owner("INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) SELECT i.person_id, a.id, a.division, '2026-11-20', '试' FROM guitu.identity_inquiries i, guitu.agencies a WHERE i.id = $1 AND a.code = 'station-320200'", [inquiry.id.slice(3)]);
    for (const agency of [ABOVE, STATION]) expect(await corrections.seen(agency, under(inquiry), made)).toBeUndefined();
    expect(await corrections.refused(ABOVE, under(inquiry), inquiry.id, 'features')).toEqual(['NOT_FOUND input.id']);
  });

  test('that was put right is told to every agency that was given it, and to none that was not', async () => {
    const inquiry = await atPrefecture();
    for (const agency of [POLICE, PREFECTURE]) await desk.read(agency, inquiry, 'inquiryNo features');
    await desk.read(COUNTY, inquiry, 'inquiryNo state');
    const made = await corrections.asked(ABOVE, under(inquiry), inquiry.id, 'features');
    expect(await corrections.answer(STATION, under(inquiry), made)).toEqual([]);
    expect(await desk.owner("SELECT a.code, o.told FROM guitu.outbox o JOIN guitu.agencies a ON a.id = o.addressee WHERE o.topic = 'correction.told' AND o.record_id = $1 ORDER BY a.code", [inquiry.id.slice(3)]))
      .toEqual([PREFECTURE, ABOVE, POLICE].map((code) => ({ code, told: { number: inquiry.number, field: 'features' } })));
  });
});

describe('a line of an inquiry, which names its agency', () => {
  test('a note of public security beside its answer is reported by the station, and answered by it under the number of the inquiry, without learning at which level it was asked', async () => {
    const inquiry = await atPrefecture();
    const made = await corrections.asked(STATION, under(inquiry), inquiry.id, 'answers.1.note');
    expect(await corrections.seen(POLICE, under(inquiry), made)).toMatchObject({ field: 'answers.1.note', sourceNumber: inquiry.number, claim: '写错了', askedBy: null });
    expect(await corrections.answer(POLICE, WITHOUT, made)).toEqual(['MATTER_REQUIRED']);
    expect(await corrections.answer(POLICE, under(inquiry), made, 'REFUSED')).toEqual([]);
    expect(await corrections.seen(ABOVE, under(inquiry), made)).toBeUndefined();
  });

  test('a reason is reported to the department that gave it; one\'s own, one that is empty and one that is not there are not', async () => {
    const inquiry = await atPrefecture();
    const made = await corrections.asked(STATION, under(inquiry), inquiry.id, 'transitions.3.reason');
    expect(await corrections.seen(COUNTY, under(inquiry), made)).toMatchObject({ claim: '写错了', provider: { code: COUNTY } });
    expect(await corrections.refused(COUNTY, under(inquiry), inquiry.id, 'transitions.3.reason')).toEqual(['BAD_USER_INPUT input.field']);
    for (const field of ['transitions.1.reason', 'transitions.99.reason']) expect([field, await corrections.refused(STATION, under(inquiry), inquiry.id, field)]).toEqual([field, ['CONFLICT input.field']]);
    for (const field of ['transitions.reason', 'transitions.3.to', 'transitions.3', 'transitions.0.reason', 'transitions.3.nothing', 'features.1', 'answers.1.answer', 'candidates.1.name', 'missingCandidates.1.looks']) expect([field, await corrections.refused(STATION, under(inquiry), inquiry.id, field)]).toEqual([field, ['BAD_USER_INPUT input.field']]);
  });

  test('an answer that is no hit is refused alike, whether nobody was found or somebody who is protected', async () => {
    const [plain, hidden] = [await desk.opened(), await desk.opened()];
    await desk.noHit(POLICE, plain.id);
    await desk.step('answerInquiry', POLICE, hidden.id, { answer: 'HIT', note: '疑似', candidates: [{ method: 'FACE', name: '沈安平', idNumber: PROTECTED }] });
    expect(await desk.read(STATION, hidden, 'answers { answer note }')).toMatchObject({ answers: [{ answer: 'NO_HIT', note: null }] });
    expect(await corrections.refused(STATION, under(hidden), hidden.id, 'answers.1.note')).toEqual(await corrections.refused(STATION, under(plain), plain.id, 'answers.1.note'));
    expect(await corrections.refused(STATION, under(hidden), hidden.id, 'answers.1.note')).toEqual(['CONFLICT input.field']);
  });

  test('the note of a hit speaks of the candidate, which is rejected and not corrected', async () => {
    const inquiry = await desk.opened();
    await desk.step('answerInquiry', POLICE, inquiry.id, { answer: 'HIT', note: '人像相似', candidates: [{ method: 'FACE', name: '归路明' }] });
    expect(await corrections.refused(STATION, under(inquiry), inquiry.id, 'answers.1.note')).toEqual(['CONFLICT input.field']);
  });
});

describe('a field of the person sought', () => {
  test('is reported by public security and civil affairs, under the number, to whoever wrote it in a ledger, who does not learn who asks', async () => {
    const inquiry = await atPrefecture();
    for (const agency of [ABOVE, POLICE, PREFECTURE]) {
      const made = await corrections.asked(agency, under(inquiry), `pe_${inquiry.person}`, 'sex');
      expect(made).toMatchObject({ record: 'Person', number: null, provider: null, sourceNumber: null, claim: '写错了' });
      expect(await corrections.seen(STATION, { purpose: 'SETTLEMENT' }, made)).toMatchObject({ sourceNumber: expect.stringMatching(/^ST-/u), claim: '写错了', askedBy: null });
      expect(await corrections.seen(agency, WITHOUT, made)).toMatchObject({ claim: null });
      expect(await corrections.answer(STATION, { purpose: 'SETTLEMENT' }, made)).toEqual([]);
      expect(await corrections.seen(agency, under(inquiry), made)).toMatchObject({ state: 'CORRECTED', answer: '已核' });
    }
  });

  test('that is shown to the county alone, is not there for the prefecture; and none under another number, or without one', async () => {
    const inquiry = await atPrefecture();
    expect(await corrections.refused(PREFECTURE, under(inquiry), `pe_${inquiry.person}`, 'kinPhone')).toEqual(['NOT_FOUND input.id']);
    expect(await corrections.refused('police-320000', under(inquiry), `pe_${inquiry.person}`, 'sex')).toEqual(['NOT_FOUND input.id']);
    expect(await corrections.refused(ABOVE, under(await desk.opened()), `pe_${inquiry.person}`, 'sex')).toEqual(['NOT_FOUND input.id']);
    expect(await corrections.refused(ABOVE, WITHOUT, `pe_${inquiry.person}`, 'sex')).toEqual(['MATTER_REQUIRED Guitu-Matter']);
    expect(await corrections.refused(STATION, under(inquiry), `pe_${inquiry.person}`, 'sex')).toEqual(['BAD_USER_INPUT input.field']);
  });
});
