import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startHub, type TestHub } from '../support/hub.js';
import { InquiryDesk, OPENING } from '../support/inquiry-desk.js';

/** Identity inquiries over HTTP: the zig-zag of 民发〔2020〕14号 二(二), and every edge case of ledgers.md. */

let hub: TestHub;
let desk: InquiryDesk;
beforeAll(async () => {
  hub = await startHub();
  desk = new InquiryDesk(hub);
});
beforeEach(() => desk.stays.at('2026-11-20T10:00:00+08:00'));
afterAll(() => hub.stop());

const STATION = 'station-320281';

describe('opening', () => {
  test('a station opens an inquiry of a person in an open stay, after its own comparison; public security of its own level has ten working days', async () => {
    const inquiry = await desk.opened();
    expect(inquiry).toMatchObject({ state: 'OPEN', level: 'COUNTY', civil: 'civil-320281', police: 'police-320281', due: '2026-12-04' });
    expect(await desk.owed(inquiry)).toEqual(['answerInquiry police-320281 2026-12-04']);
  });

  test.each([
    ['its own comparison', { ownComparison: ' ' }, 'input.ownComparison'],
    ['a method', { methods: [] }, 'input.methods'],
    ['the number of the sample, for DNA', { methods: ['DNA'] }, 'input.dnaSampleNo'],
    ['a digest that is one, for a photo', { photoDigest: 'profile' }, 'input.photoDigest'],
  ])('without %s it is refused, naming the input', async (_, more, field) => {
    const { errors } = await desk.tryOpen(await desk.enter(), STATION, more);
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });

  test('a stay of another station, or one that has ended, is not there', async () => {
    const stay = await desk.enter('station-320200');
    expect((await desk.tryOpen(stay)).errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'input.stayNo' });
    await desk.stays.stay('endStay', 'station-320200', { id: stay.id, expectedVersion: stay.version, leftOn: '2026-11-20', how: 'LEFT' });
    expect((await desk.tryOpen(stay, 'station-320200')).errors[0]?.extensions.code).toBe('NOT_FOUND');
  });

  test('a second inquiry of one person is refused while the first is under way', async () => {
    const stay = await desk.enter();
    await desk.open(stay);
    expect((await desk.tryOpen(stay)).errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', field: 'input.stayNo' });
  });

  test('opening needs no matter, and its payload gives number, state and clock alone', async () => {
    const { data } = await desk.tryOpen(await desk.enter());
    expect(data?.openInquiry?.inquiry).toEqual({ id: expect.any(String), inquiryNo: expect.stringMatching(/^IQ-/u), state: 'OPEN', dueBy: '2026-12-04', version: null });
  });

  test('the sample of the stay is the sample of the inquiry; only its number is held', async () => {
    let stay = await desk.enter();
    stay = await desk.stays.stay('recordDnaRequest', STATION, { id: stay.id, expectedVersion: stay.version, requestedOn: '2026-11-20' });
    await desk.stays.stay('recordDnaSample', STATION, { id: stay.id, expectedVersion: stay.version, sampledOn: '2026-11-20', sampleNo: '澄采-2026-101' });
    const inquiry = await desk.open(stay, STATION, { methods: ['DNA'] });
    expect(await desk.read('police-320281', inquiry, 'dnaSampleNo methods')).toMatchObject({ dnaSampleNo: '澄采-2026-101', methods: ['DNA'] });
  });
});

describe('the zig-zag', () => {
  test('county → prefecture → province → ministry, each public security asked by civil affairs of its own level', async () => {
    const { id } = await desk.opened();
    const path: unknown[] = [];
    for (const police of ['police-320281', 'police-320200', 'police-320000', 'police-000000']) {
      await desk.noHit(police, id);
      const { civil, state, level } = await desk.see(id);
      path.push([state, level, police, civil]);
      if (police !== 'police-000000') await desk.up(id);
    }
    expect(path).toEqual([
      ['UNRESOLVED', 'COUNTY', 'police-320281', 'civil-320281'], ['UNRESOLVED', 'PREFECTURE', 'police-320200', 'civil-320200'],
      ['UNRESOLVED', 'PROVINCE', 'police-320000', 'civil-320000'], ['UNRESOLVED', 'MINISTRY', 'police-000000', 'civil-000000'],
    ]);
    expect(await desk.code('passInquiryUp', 'civil-000000', id)).toBe('TRANSITION_NOT_ALLOWED');
    expect(await desk.step('exhaustInquiry', 'civil-000000', id)).toMatchObject({ state: 'EXHAUSTED', due: null });
  });

  test('levels without an agency are skipped: from Tianjin it goes to the ministry', async () => {
    const inquiry = await desk.opened('station-120000');
    expect(inquiry).toMatchObject({ level: 'PROVINCE', civil: 'civil-120000', police: 'police-120000' });
    await desk.noHit('police-120000', inquiry.id);
    expect(await desk.up(inquiry.id)).toMatchObject({ level: 'MINISTRY', civil: 'civil-000000', police: 'police-000000' });
  });

  test('nobody exhausts an inquiry while a level above is left', async () => {
    const { id } = await desk.opened();
    await desk.noHit('police-320281', id);
    expect(await desk.code('exhaustInquiry', 'civil-320281', id)).toBe('TRANSITION_NOT_ALLOWED');
  });

  test('each step has its clock: ten working days to answer, three to pass up, three to ask on', async () => {
    const { id } = await desk.opened();
    await desk.noHit('police-320281', id);
    expect(await desk.owed({ id })).toEqual(['passInquiryUp civil-320281 2026-11-25']);
    await desk.step('passInquiryUp', 'civil-320281', id);
    expect(await desk.owed({ id })).toEqual(['askPublicSecurity civil-320200 2026-11-25']);
    await desk.step('askPublicSecurity', 'civil-320200', id);
    expect(await desk.owed({ id })).toEqual(['answerInquiry police-320200 2026-12-04']);
    expect((await desk.see(id)).due).toBe('2026-12-04');
  });

  test.each([['police-320281', 0], ['police-320200', 1], ['police-320000', 2], ['police-000000', 3]])('an answer of %s flows back to the station that asked, which alone confirms', async (police, levels) => {
    const inquiry = await desk.opened();
    for (let level = 0; level < levels; level += 1) {
      await desk.noHit((await desk.see(inquiry.id)).police, inquiry.id);
      await desk.up(inquiry.id);
    }
    await desk.hit(police, inquiry.id, { method: 'FACE', name: `归路${levels}` });
    expect(await desk.owed(inquiry)).toEqual([`confirmCandidate ${STATION} 2026-11-25`]);
    expect(await desk.candidates(inquiry)).toMatchObject([{ name: `归路${levels}`, police: { code: police } }]);
    const [candidate] = await desk.candidates(inquiry);
    for (const other of ['station-320200', 'civil-320281', police]) expect(await desk.code('confirmCandidate', other, inquiry.id, { candidateNo: candidate?.['candidateNo'] })).toMatch(/^(FORBIDDEN|NOT_FOUND)$/u);
    expect(await desk.identify(inquiry)).toMatchObject({ state: 'IDENTIFIED', due: null });
    expect(await desk.owed(inquiry)).toEqual([]);
  });
});

describe('two members of staff', () => {
  test('the word of the first is kept, the same one again is refused, and another one decides', async () => {
    const inquiry = await desk.opened();
    await desk.hit('police-320281', inquiry.id);
    const [candidate] = await desk.candidates(inquiry);
    const input = { candidateNo: candidate?.['candidateNo'] };
    expect(await desk.step('confirmCandidate', STATION, inquiry.id, input, 'zhang')).toMatchObject({ state: 'CANDIDATE', person: inquiry.person });
    const again = await desk.attempt('confirmCandidate', STATION, inquiry.id, input, 'zhang');
    expect(again.errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', field: 'input.candidateNo' });
    expect(await desk.step('confirmCandidate', STATION, inquiry.id, input, 'li')).toMatchObject({ state: 'IDENTIFIED' });
    expect(await desk.candidates(inquiry)).toMatchObject([{ firstConfirmedBy: 'zhang', secondConfirmedBy: 'li' }]);
  });

  test('then the person is verified, with the name and the number of the candidate, and nothing of the stay is owed any more', async () => {
    const stay = await desk.enter();
    const inquiry = await desk.open(stay);
    await desk.hit('police-320281', inquiry.id, { method: 'FINGERPRINT', name: '程有名', idNumber: '990124195803030018' });
    expect(await desk.owed(stay)).not.toEqual([]);
    const { person } = await desk.identify(inquiry);
    expect(await desk.read(STATION, inquiry, 'person { name idNumber sex identityState }')).toMatchObject({ person: { name: '程有名', idNumber: '990124195803030018', sex: 'MALE', identityState: 'VERIFIED' } });
    expect(await desk.owner('SELECT person_id AS person FROM guitu.stays WHERE id = $1', [stay.id.slice(3)])).toEqual([{ person }]);
    expect(await desk.owed(stay)).toEqual([]);
  });

  test('a person that bears the number already is the same person from then on: the two become one, and nobody is told which it was', async () => {
    const [known] = await desk.owner<{ id: string }>("SELECT id FROM guitu.persons WHERE name = '林归来'");
    const inquiry = await desk.opened('station-320200');
    await desk.hit('police-320200', inquiry.id, { method: 'FACE', name: '林归来', idNumber: '990101197103080035' });
    expect(await desk.identify(inquiry, 'station-320200')).toMatchObject({ state: 'IDENTIFIED', person: known?.id });
    expect(await desk.owner('SELECT identity_state, merged_into FROM guitu.persons WHERE id = $1', [inquiry.person])).toEqual([{ identity_state: 'MERGED', merged_into: known?.id }]);
  });

  test('a settlement that is due goes on until its own step says that the person is identified', async () => {
    const stay = await desk.enter();
    const inquiry = await desk.open(stay);
    const put = await desk.stays.put('DUE');
    await desk.owner('UPDATE guitu.settlement_cases SET person_id = $2 WHERE id = $1', [put.id.slice(3), inquiry.person]);
    await desk.hit('police-320281', inquiry.id, { method: 'FACE', name: '明有居' });
    await desk.identify(inquiry);
    expect(await desk.owner('SELECT state FROM guitu.settlement_cases WHERE id = $1', [put.id.slice(3)])).toEqual([{ state: 'DUE' }]);
    expect(await desk.stays.settlement('recordIdentified', STATION, put, {})).toMatchObject({ state: 'IDENTIFIED' });
  });
});

describe('edge cases', () => {
  test('two levels answer: both candidates stand side by side, and the station decides', async () => {
    const inquiry = await desk.opened();
    await desk.noHit('police-320281', inquiry.id);
    await desk.up(inquiry.id);
    await desk.hit('police-320200', inquiry.id, { method: 'DNA', name: '高一层' });
    await desk.hit('police-320281', inquiry.id, { method: 'FACE', name: '低一层' });
    expect((await desk.candidates(inquiry)).map(({ name, police }) => [name, police])).toEqual([['高一层', { code: 'police-320200' }], ['低一层', { code: 'police-320281' }]]);
  });

  test('a late hit after passing up flows back all the same; rejected, the inquiry goes on where it stood', async () => {
    const inquiry = await desk.opened();
    await desk.noHit('police-320281', inquiry.id);
    await desk.step('passInquiryUp', 'civil-320281', inquiry.id);
    expect(await desk.hit('police-320281', inquiry.id, { method: 'FACE', name: '迟来者' })).toMatchObject({ state: 'CANDIDATE', level: 'PREFECTURE' });
    const [late] = await desk.candidates(inquiry);
    expect(await desk.step('rejectCandidate', STATION, inquiry.id, { candidateNo: late?.['candidateNo'], reason: '身高不符' })).toMatchObject({ state: 'AT_CIVIL', level: 'PREFECTURE', civil: 'civil-320200' });
    expect(await desk.owed(inquiry)).toEqual(['askPublicSecurity civil-320200 2026-11-25']);
    expect(await desk.step('askPublicSecurity', 'civil-320200', inquiry.id)).toMatchObject({ state: 'OPEN', police: 'police-320200' });
  });

  test('a hit years after the inquiry was exhausted is a candidate still', async () => {
    const inquiry = await desk.opened('station-120000');
    await desk.noHit('police-120000', inquiry.id);
    await desk.up(inquiry.id);
    await desk.noHit('police-000000', inquiry.id);
    await desk.step('exhaustInquiry', 'civil-000000', inquiry.id);
    expect(await desk.hit('police-120000', inquiry.id, { method: 'DNA', name: '多年后' })).toMatchObject({ state: 'CANDIDATE' });
  });

  test('two candidates: one is rejected and the other remains; the last rejected, public security of the level is asked again', async () => {
    const inquiry = await desk.opened();
    await desk.hit('police-320281', inquiry.id, { method: 'FACE', name: '甲候选' }, { method: 'FACE', name: '乙候选' });
    const [first, second] = await desk.candidates(inquiry);
    expect(await desk.step('rejectCandidate', STATION, inquiry.id, { candidateNo: first?.['candidateNo'], reason: '口音不符' })).toMatchObject({ state: 'CANDIDATE' });
    expect(await desk.code('confirmCandidate', STATION, inquiry.id, { candidateNo: first?.['candidateNo'] })).toBe('NOT_FOUND');
    expect(await desk.step('rejectCandidate', STATION, inquiry.id, { candidateNo: second?.['candidateNo'], reason: '指纹不符' })).toMatchObject({ state: 'OPEN' });
    expect(await desk.owed(inquiry)).toEqual(['answerInquiry police-320281 2026-12-04']);
    expect(await desk.read(STATION, inquiry, 'answers { answer }')).toMatchObject({ answers: [{ answer: 'HIT' }, { answer: null }] });
  });

  test('twins: two candidates whom no comparison tells apart; two members of staff must mean the same one', async () => {
    const inquiry = await desk.opened();
    await desk.hit('police-320281', inquiry.id, { method: 'DNA', name: '双大', idNumber: '990125197001010010' }, { method: 'DNA', name: '双小', idNumber: '990125197001010037' });
    const [elder, younger] = await desk.candidates(inquiry);
    await desk.step('confirmCandidate', STATION, inquiry.id, { candidateNo: elder?.['candidateNo'] }, 'one');
    expect(await desk.step('confirmCandidate', STATION, inquiry.id, { candidateNo: younger?.['candidateNo'] }, 'two')).toMatchObject({ state: 'CANDIDATE' });
    expect(await desk.step('confirmCandidate', STATION, inquiry.id, { candidateNo: younger?.['candidateNo'] }, 'one')).toMatchObject({ state: 'IDENTIFIED' });
    expect(await desk.read(STATION, inquiry, 'person { name }')).toMatchObject({ person: { name: '双小' } });
  });

  test('a protected candidate is shown to nobody: the station reads no hit, and public security reads what it would of any hit', async () => {
    const [plain, guarded] = [await desk.opened(), await desk.opened()];
    const asHit = async (id: string, candidate: object): Promise<unknown> => {
      const { data, errors } = await desk.attempt('answerInquiry', 'police-320281', id, { answer: 'HIT', candidates: [candidate], note: '人像系统比中' });
      return { errors, inquiry: { ...data?.['answerInquiry']?.inquiry, id: null, version: null, inquiryNo: null } };
    };
    const ofPlain = await asHit(plain.id, { method: 'FACE', name: '常人', idNumber: '990126198001010011' });
    const ofGuarded = await asHit(guarded.id, { method: 'FACE', name: '沈安平', idNumber: '990104199406120047' });
    expect(ofGuarded).toEqual(ofPlain);
    expect(await desk.see(guarded.id)).toMatchObject({ state: 'UNRESOLVED' });
    expect(await desk.candidates(guarded)).toEqual([]);
    const row = await desk.read(STATION, guarded, 'state answers { answer note } transitions { to reason }');
    expect(row).toMatchObject({ state: 'UNRESOLVED', answers: [{ answer: 'NO_HIT', note: null }], transitions: [{ to: 'OPEN' }, { to: 'UNRESOLVED', reason: null }] });
    for (const id of [plain.id, guarded.id]) expect(await desk.code('answerInquiry', 'police-320281', id, { answer: 'NO_HIT' })).toBe('TRANSITION_NOT_ALLOWED');
    for (const inquiry of [plain, guarded]) expect(await desk.read('police-320281', inquiry, 'state level dueBy answers { answer } candidates { name }')).toMatchObject({ state: null, level: null, dueBy: null, answers: null, candidates: null });
  });

  test('a hit that names the protected without the number reads like none as well; another of the same name, born long before, is a candidate', async () => {
    const [guarded, other] = [await desk.opened(), await desk.opened()];
    for (const candidate of [{ name: '沈安平' }, { name: '沈安平', sex: 'FEMALE', birthDate: '1993-01-01' }]) await desk.attempt('answerInquiry', 'police-320281', guarded.id, { answer: 'HIT', candidates: [{ method: 'FACE', ...candidate }] });
    expect(await desk.see(guarded.id)).toMatchObject({ state: 'UNRESOLVED' });
    expect(await desk.candidates(guarded)).toEqual([]);
    await desk.attempt('answerInquiry', 'police-320281', other.id, { answer: 'HIT', candidates: [{ method: 'FACE', name: '沈安平', birthDate: '1950-01-01' }] });
    expect(await desk.see(other.id)).toMatchObject({ state: 'CANDIDATE' });
  });

  test('a candidate who is protected after the hit is gone, and can be neither confirmed nor rejected', async () => {
    const inquiry = await desk.opened();
    await desk.hit('police-320281', inquiry.id, { method: 'FACE', name: '后来护', idNumber: '990127198501010014' });
    const [candidate] = await desk.candidates(inquiry);
    await desk.owner(`INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis)
      SELECT c.person_id, a.id, a.division, '2026-11-20', '保护令' FROM guitu.inquiry_candidates c, guitu.agencies a WHERE c.candidate_no = $1 AND a.code = 'station-120000'`, [candidate?.['candidateNo']]);
    expect(await desk.candidates(inquiry)).toEqual([]);
    expect(await desk.code('confirmCandidate', STATION, inquiry.id, { candidateNo: candidate?.['candidateNo'] })).toBe('NOT_FOUND');
    expect(await desk.code('rejectCandidate', STATION, inquiry.id, { candidateNo: candidate?.['candidateNo'], reason: '试' })).toBe('NOT_FOUND');
  });

  test.each([['LEFT', 'LEFT'], ['RETURNED', 'LEFT'], ['DIED', 'DIED']])('the person leaves (%s): the end of its stay withdraws the inquiry, and public security no longer sees it', async (how, outcome) => {
    const stay = await desk.enter();
    const inquiry = await desk.open(stay);
    await desk.stays.stay('endStay', STATION, { id: stay.id, expectedVersion: stay.version, leftOn: '2026-11-20', how });
    expect(await desk.see(inquiry.id)).toMatchObject({ state: 'WITHDRAWN', outcome, due: null });
    expect((await desk.see(inquiry.id)).version).not.toBe(inquiry.version);
    expect(await desk.owed(inquiry)).toEqual([]);
    expect(await desk.read('police-320281', inquiry, 'inquiryNo')).toBeUndefined();
    expect(await desk.read(STATION, inquiry, 'transitions { from to agency { code } }')).toMatchObject({ transitions: [{ to: 'OPEN' }, { from: 'OPEN', to: 'WITHDRAWN', agency: { code: STATION } }] });
  });

  test('a false name: what a person calls itself identifies nobody, and whoever told a wrong one is asked about again', async () => {
    const stay = await desk.enter(STATION, { calledName: '林归来' });
    const inquiry = await desk.open(stay);
    expect(await desk.step('withdrawInquiry', STATION, inquiry.id, { reason: 'TOLD_US', note: '自称林归来' })).toMatchObject({ state: 'WITHDRAWN', outcome: 'TOLD_US' });
    expect(await desk.owner('SELECT identity_state FROM guitu.persons WHERE id = $1', [inquiry.person])).toEqual([{ identity_state: 'CLAIMED' }]);
    const again = await desk.open(stay);
    await desk.hit('police-320281', again.id, { method: 'FACE', name: '真名氏' });
    await desk.identify(again);
    expect(await desk.read(STATION, again, 'calledName person { name identityState }')).toMatchObject({ calledName: '林归来', person: { name: '真名氏', identityState: 'VERIFIED' } });
  });

  test('new evidence reopens an exhausted inquiry at the station’s own level, whose public security has not seen it', async () => {
    const inquiry = await desk.opened('station-120000');
    await desk.noHit('police-120000', inquiry.id);
    await desk.up(inquiry.id);
    await desk.noHit('police-000000', inquiry.id);
    await desk.step('exhaustInquiry', 'civil-000000', inquiry.id);
    expect(await desk.step('reopenInquiry', 'station-120000', inquiry.id, { newEvidence: '想起村名' })).toMatchObject({ state: 'OPEN', level: 'PROVINCE', police: 'police-120000', civil: 'civil-120000' });
    expect(await desk.read('police-120000', inquiry, 'newEvidence state')).toMatchObject({ newEvidence: '想起村名', state: 'OPEN' });
  });

  test('an inquiry of a person who is protected by now is as absent to whoever was asked, save the named unit', async () => {
    const inquiry = await desk.opened();
    await desk.owner(`INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) SELECT $1, a.id, a.division, '2026-11-20', '保护令' FROM guitu.agencies a WHERE a.code = 'station-320281'`, [inquiry.person]);
    expect(await desk.code('answerInquiry', 'police-320281', inquiry.id, { answer: 'NO_HIT' })).toBe('NOT_FOUND');
    expect(await desk.read('police-320281', inquiry, 'inquiryNo')).toBeUndefined();
    expect(await desk.read(STATION, inquiry, 'calledName')).toMatchObject({ calledName: '老归' });
  });
});

describe('who sees what', () => {
  test('without a matter each sees number, state and clock of what is addressed to it, and nothing else', async () => {
    const inquiry = await desk.opened();
    for (const agency of [STATION, 'police-320281', 'civil-320281']) {
      expect(await desk.read(agency, inquiry, 'inquiryNo state dueBy version calledName person { id } transitions { to }', null)).toEqual({ id: inquiry.id, inquiryNo: inquiry.number, state: 'OPEN', dueBy: '2026-12-04', version: null, calledName: null, person: null, transitions: null });
    }
    for (const agency of ['police-320200', 'civil-320200', 'station-320200']) expect(await desk.read(agency, inquiry, 'inquiryNo', null)).toBeUndefined();
  });

  test('the number of another inquiry as matter opens nothing', async () => {
    const [inquiry, other] = [await desk.opened(), await desk.opened()];
    expect(await desk.read('police-320281', inquiry, 'calledName', other.number)).toEqual({ id: inquiry.id, calledName: null });
  });

  test('civil affairs above sees the person while it passes the inquiry, and afterwards nothing; address and kin never', async () => {
    const inquiry = await desk.opened();
    await desk.owner("UPDATE guitu.persons SET kin_name = '归家人' WHERE id = $1", [inquiry.person]);
    await desk.noHit('police-320281', inquiry.id);
    await desk.up(inquiry.id);
    const fields = 'calledName dnaSampleNo person { sex kinName }';
    expect(await desk.read('civil-320200', inquiry, fields)).toMatchObject({ calledName: '老归', person: { sex: 'MALE', kinName: null } });
    expect(await desk.read('civil-320281', inquiry, fields)).toMatchObject({ calledName: '老归', person: { sex: 'MALE', kinName: '归家人' } });
    await desk.noHit('police-320200', inquiry.id);
    await desk.up(inquiry.id);
    expect(await desk.read('civil-320200', inquiry, fields)).toBeUndefined();
  });

  test('whoever may be a child: civil affairs needs its officer for minors, public security and the station do not', async () => {
    const inquiry = await desk.opened(STATION, { estimatedAge: null });
    expect(await desk.read('civil-320281', inquiry, 'calledName features inquiryNo')).toMatchObject({ calledName: null, features: null, inquiryNo: inquiry.number });
    for (const agency of [STATION, 'police-320281']) expect(await desk.read(agency, inquiry, 'calledName person { sex }')).toMatchObject({ calledName: '老归', person: { sex: 'MALE' } });
  });

  test('nothing is asked without a matter but the list: a step without one is MATTER_REQUIRED', async () => {
    const inquiry = await desk.opened();
    const { errors } = await hub.ask('police-320281', { purpose: 'IDENTITY', key: 'no-matter' }, 'mutation ($input: AnswerInquiryInput!) { answerInquiry(input: $input) { inquiry { id } } }', { input: { id: inquiry.id, expectedVersion: inquiry.version, answer: 'NO_HIT' } });
    expect(errors[0]?.extensions.code).toBe('MATTER_REQUIRED');
  });
});

describe('the clocks of 民发〔2015〕158号', () => {
  test('a person of unknown identity: tracing within 24 hours, DNA asked for within 7 working days, sampled within a month', async () => {
    let stay = await desk.enter();
    expect(await desk.owed(stay)).toEqual(expect.arrayContaining([`publishTracing ${STATION} 2026-11-21`, `requestDna ${STATION} 2026-12-01`]));
    stay = await desk.stays.stay('recordDnaRequest', STATION, { id: stay.id, expectedVersion: stay.version, requestedOn: '2026-11-20' });
    expect((await desk.owed(stay)).filter((owed) => owed.includes('Dna'))).toEqual([`sampleDna ${STATION} 2026-12-20`]);
    stay = await desk.stays.stay('recordDnaSample', STATION, { id: stay.id, expectedVersion: stay.version, sampledOn: '2026-11-20', sampleNo: '澄采-2026-102' });
    expect((await desk.owed(stay)).filter((owed) => owed.includes('Dna'))).toEqual([]);
  });

  test('a sample is taken once, after it was asked for', async () => {
    const stay = await desk.enter();
    const sample = { id: stay.id, expectedVersion: stay.version, sampledOn: '2026-11-20', sampleNo: '澄采-2026-103' };
    expect((await desk.stays.tryStay('recordDnaSample', STATION, sample)).errors[0]?.extensions.code).toBe('TRANSITION_NOT_ALLOWED');
    const asked = await desk.stays.stay('recordDnaRequest', STATION, { id: stay.id, expectedVersion: stay.version, requestedOn: '2026-11-20' });
    expect((await desk.stays.tryStay('recordDnaRequest', STATION, { id: stay.id, expectedVersion: asked.version, requestedOn: '2026-11-20' })).errors[0]?.extensions.code).toBe('TRANSITION_NOT_ALLOWED');
    for (const [more, field] of [[{ sampledOn: '2026-11-19' }, 'input.sampledOn'], [{ sampledOn: '2026-11-21' }, 'input.sampledOn'], [{ sampleNo: ' ' }, 'input.sampleNo']] as const) {
      expect((await desk.stays.tryStay('recordDnaSample', STATION, { ...sample, expectedVersion: asked.version, ...more })).errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
    }
  });

  test('they end when the person leaves', async () => {
    const stay = await desk.enter();
    await desk.stays.stay('endStay', STATION, { id: stay.id, expectedVersion: stay.version, leftOn: '2026-11-20', how: 'LEFT' });
    expect(await desk.owed(stay)).toEqual([]);
  });
});

test('what is opened with is kept as it was given', async () => {
  const inquiry = await desk.opened();
  expect(await desk.read(STATION, inquiry, 'ownComparison methods')).toMatchObject(OPENING);
});
