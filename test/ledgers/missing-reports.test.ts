import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { MISSING_STATES } from '../../src/ledgers/missing/missing.transitions.js';
import { startHub, type TestHub } from '../support/hub.js';
import { DETAILS, MissingDesk, POLICE, type Given, type Report } from '../support/missing-desk.js';
import type { Inquiry } from '../support/inquiry-desk.js';

/** Relatives' missing reports over HTTP: compared with whom a station holds, judged by its staff, and what that shows goes back to public security. */

let hub: TestHub;
let desk: MissingDesk;
beforeAll(async () => {
  hub = await startHub();
  desk = new MissingDesk(hub);
});
beforeEach(async () => {
  desk.inquiries.stays.at('2026-11-20T10:00:00+08:00');
  await desk.owner("UPDATE guitu.missing_reports SET state = 'WITHDRAWN', closed_at = now(), closed_by = 'test' WHERE state = 'OPEN'");
});
afterAll(async () => {
  await hub.stop();
});

const STATION = 'station-320281';
const NUMBER = '990131196103040010';

const givenOf = async (inquiry: Inquiry, report: Report): Promise<Given | undefined> => (await desk.given(inquiry)).find(({ reportNo }) => reportNo === report.number);

/** A report, and an inquiry that has been compared with it. */
async function met(details: object = {}, entering: object = {}): Promise<{ report: Report; inquiry: Inquiry }> {
  const report = await desk.report(details);
  const inquiry = await desk.inquiries.opened(STATION, entering);
  expect(await desk.compared(inquiry, report)).toEqual([report.number]);
  return { report, inquiry };
}

describe('reporting', () => {
  test('public security writes down what relatives say; without a matter it reads number and state alone', async () => {
    const answer = await desk.tryReport({ idNumber: NUMBER });
    expect(answer.data?.reportMissing?.report).toEqual({ id: expect.stringMatching(/^mr_/u), reportNo: expect.stringMatching(/^MR-/u), state: 'OPEN', version: null, name: null });
    const report = await desk.see(answer.data?.reportMissing?.report?.id ?? '');
    expect(await desk.read(report, 'name idNumber sex birthDate homeDivision { code } missingSince lastSeenDivision { code } looks kinName kinRelation kinPhone results { toldOn }')).toEqual({
      id: report.id, name: '归来去', idNumber: NUMBER, sex: 'MALE', birthDate: '1961-03-04', homeDivision: { code: '120101' }, missingSince: '2026-11-01', lastSeenDivision: { code: '120102' }, looks: '左耳有缺口，灰棉袄',
      kinName: '归小妹', kinRelation: '妹妹', kinPhone: '13900000017', results: [],
    });
  });

  test.each([
    ['a name', { name: ' ' }, 'name'], ['a day that has come', { missingSince: '2026-11-21' }, 'missingSince'], ['an age that people reach', { birthDate: null, estimatedAge: 131 }, 'estimatedAge'],
    ['the birth date of the number', { idNumber: NUMBER, birthDate: '1961-03-05' }, 'birthDate'], ['the sex of the number', { idNumber: NUMBER, sex: 'FEMALE' }, 'sex'], ['a division that exists', { homeDivision: '999999' }, 'homeDivision'],
    ['a telephone number', { kinPhone: '打不通' }, 'kinPhone'],
  ])('without %s it is refused, naming the input', async (_, more, field) => {
    expect((await desk.tryReport(more)).errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: `input.details.${field}` });
  });

  test('a report is its own agency\'s: no other public security, no station, no civil affairs department has heard of it', async () => {
    const report = await desk.report();
    for (const police of ['police-320281', 'police-320000', 'police-120000']) expect(await desk.read(report, 'reportNo', police)).toBeUndefined();
    for (const agency of [STATION, 'civil-320200']) {
      expect((await hub.ask(agency, { purpose: 'IDENTITY', matter: report.number }, '{ missingReports(first: 5) { totalCount } }')).errors[0]?.extensions.code).toBe('FORBIDDEN');
      expect((await hub.ask(agency, { purpose: 'IDENTITY', matter: report.number }, `{ node(id: "${report.id}") { id } }`)).data).toEqual({ node: null });
    }
    expect((await desk.attempt('closeMissingReport', report.id, { outcome: 'FOUND' }, 'police-320281')).errors[0]?.extensions.code).toBe('NOT_FOUND');
  });
});

describe('the steps of a report', () => {
  test.each(MISSING_STATES)('from %s every act does what the table says, and nothing else changes anything', async (state) => {
    for (const [operation, more, to] of [['amendMissingReport', { details: DETAILS }, 'OPEN'], ['closeMissingReport', { outcome: 'FOUND' }, 'FOUND'], ['closeMissingReport', { outcome: 'WITHDRAWN' }, 'WITHDRAWN']] as const) {
      const report = await desk.report();
      if (state !== 'OPEN') await desk.close(report.id, state);
      const before = await desk.see(report.id);
      const { errors } = await desk.attempt(operation, report.id, more);
      const after = await desk.see(report.id);
      if (state === 'OPEN') expect([errors, after.state]).toEqual([[], to]);
      else expect([errors[0]?.extensions.code, after]).toEqual(['TRANSITION_NOT_ALLOWED', before]);
    }
  });

  test('a version that has passed is STALE_VERSION, and a step without the report\'s number as matter is MATTER_REQUIRED', async () => {
    const report = await desk.report();
    await desk.amend(report.id, { looks: '改' });
    const stale = await hub.ask(POLICE, { purpose: 'IDENTITY', matter: report.number, key: 'stale-report' }, 'mutation ($input: CloseMissingReportInput!) { closeMissingReport(input: $input) { report { id } } }', { input: { id: report.id, expectedVersion: report.version, outcome: 'FOUND' } });
    expect(stale.errors[0]?.extensions.code).toBe('STALE_VERSION');
    const bare = await hub.ask(POLICE, { purpose: 'IDENTITY', key: 'bare-report' }, 'mutation ($input: CloseMissingReportInput!) { closeMissingReport(input: $input) { report { id } } }', { input: { id: report.id, expectedVersion: 1, outcome: 'FOUND' } });
    expect(bare.errors[0]?.extensions.code).toBe('MATTER_REQUIRED');
  });
});

describe('comparing', () => {
  test('nothing is automatic: a report becomes a candidate when a station compares, and moves neither the inquiry nor the report', async () => {
    const inquiry = await desk.inquiries.opened();
    const report = await desk.report();
    expect(await desk.given(inquiry)).toEqual([]);
    const before = await desk.bytes(report);
    expect(await desk.compared(inquiry, report)).toEqual([report.number]);
    expect(await desk.inquiries.see(inquiry.id)).toEqual({ ...inquiry, version: expect.any(Number) });
    expect(await desk.bytes(report)).toBe(before);
  });

  test('the station is given number, name, sex, birth year, home, day, looks and whom to contact; of the relative nothing', async () => {
    const { report, inquiry } = await met({ idNumber: NUMBER });
    expect(await givenOf(inquiry, report)).toEqual({
      reportNo: report.number, reporter: { code: POLICE }, name: '归来去', sex: 'MALE', birthYear: 1961, homeDivision: { code: '120101' }, missingSince: '2026-11-01', looks: '左耳有缺口，灰棉袄',
      verdict: null, firstConfirmedBy: null, secondConfirmedBy: null, tell: null, reason: null,
    });
    const { text } = await hub.ask(STATION, { purpose: 'IDENTITY', matter: inquiry.number }, '{ identityInquiries(first: 200) { nodes { missingCandidates { reportNo name looks } } } }');
    for (const kept of ['归小妹', '妹妹', '13900000017', NUMBER, '120102']) expect(text).not.toContain(kept);
  });

  test.each([
    ['of the other sex', false, { sex: 'FEMALE' }], ['of unknown sex', true, { sex: null }], ['six years older', false, { birthDate: '1954-11-01' }], ['of unknown age', true, { birthDate: null }],
    ['four years younger, by estimate', true, { birthDate: null, estimatedAge: 62 }], ['missing on the day of entering', true, { missingSince: '2026-11-20' }], ['missing since later', false, { missingSince: '2026-11-21' }],
  ])('a report of somebody %s is a candidate: %p', async (_, fits, more) => {
    const inquiry = await desk.inquiries.opened();
    desk.inquiries.stays.at('2026-11-23T10:00:00+08:00');
    const report = await desk.report(more);
    expect(await desk.compared(inquiry, report)).toEqual(fits ? [report.number] : []);
  });

  test('the same name stands before a nearer age, and the number of whom public security found before either, whatever sex and age say', async () => {
    const inquiry = await desk.inquiries.opened(STATION, { calledName: '同名氏', estimatedAge: 40 });
    await desk.inquiries.hit('police-320281', inquiry.id, { method: 'HUKOU', name: '有号氏', idNumber: '990132195001010015' });
    const near = await desk.report({ name: '年近氏', birthDate: '1986-11-20' });
    const named = await desk.report({ name: '同名氏', birthDate: '1984-01-01' });
    const numbered = await desk.report({ name: '有号氏', idNumber: '990132195001010015', birthDate: '1950-01-01' });
    expect(await desk.compared(inquiry, near, named, numbered)).toEqual([numbered.number, named.number, near.number]);
  });

  test('at most ten wait for an answer at a time: whoever answers one is given another', async () => {
    const entering = { sex: 'FEMALE', estimatedAge: 99 };
    const reports: Report[] = [];
    for (let index = 0; index < 12; index += 1) reports.push(await desk.report({ name: `多报${index}`, sex: 'FEMALE', birthDate: '1927-01-01' }));
    const inquiry = await desk.inquiries.opened(STATION, entering);
    expect(await desk.compare(inquiry)).toHaveLength(10);
    expect(await desk.compare(inquiry)).toHaveLength(10);
    const [first] = await desk.given(inquiry);
    const answered = reports.find(({ number }) => number === first?.reportNo);
    if (answered) await desk.answer(inquiry, answered, { verdict: 'NOT_THE_SAME' });
    expect(await desk.compare(inquiry)).toHaveLength(11);
  });

  test('no other station, and nobody but the station itself, is given it', async () => {
    const { inquiry } = await met();
    for (const agency of ['police-320281', 'civil-320281']) expect(await desk.inquiries.read(agency, inquiry, 'missingCandidates { name }')).toMatchObject({ missingCandidates: null });
    for (const agency of ['station-320200', 'police-320281', 'civil-320281']) expect(await desk.inquiries.code('compareMissingReports', agency, inquiry.id)).toMatch(/^(FORBIDDEN|NOT_FOUND)$/u);
  });

  test.each(['FOUND', 'WITHDRAWN'])('a report that is closed (%s) is nobody\'s candidate: not compared, shown no more, and its answer refused', async (outcome) => {
    const { report, inquiry } = await met();
    await desk.close(report.id, outcome);
    expect(await givenOf(inquiry, report)).toBeUndefined();
    expect((await desk.answer(inquiry, report, { verdict: 'NOT_THE_SAME' })).errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'input.reportNo' });
    expect(await desk.compared(await desk.inquiries.opened(), report)).toEqual([]);
  });

  test('a report that is amended is seen as it now is, and a first word about what it said before counts no more', async () => {
    const { report, inquiry } = await met();
    await desk.answer(inquiry, report, { verdict: 'SAME_PERSON', tell: true }, 'one');
    await desk.amend(report.id, { name: '归去来', looks: '右耳有缺口' });
    expect(await givenOf(inquiry, report)).toMatchObject({ name: '归去来', looks: '右耳有缺口', firstConfirmedBy: null, tell: null });
    await desk.answer(inquiry, report, { verdict: 'SAME_PERSON', tell: true }, 'two');
    expect(await desk.results(report)).toEqual([]);
  });
});

describe('answering', () => {
  test('two different members of staff say that it is the same person; then public security learns whom to speak to and since when, and neither where nor under which number', async () => {
    const { report, inquiry } = await met();
    const same = { verdict: 'SAME_PERSON', tell: true };
    const before = await desk.bytes(report);
    expect((await desk.answer(inquiry, report, same, 'zhang')).errors).toEqual([]);
    expect((await desk.answer(inquiry, report, same, 'zhang')).errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', field: 'input.reportNo' });
    expect(await desk.bytes(report)).toBe(before);
    expect((await desk.answer(inquiry, report, same, 'li')).errors).toEqual([]);
    expect(await givenOf(inquiry, report)).toMatchObject({ verdict: 'SAME_PERSON', firstConfirmedBy: 'zhang', secondConfirmedBy: 'li', tell: true });
    expect(await desk.results(report)).toEqual([{ contact: { code: 'civil-320281' }, toldOn: '2026-11-20' }]);
    const after = await desk.bytes(report);
    for (const kept of [inquiry.number, STATION, '老归', 'zhang']) expect(after).not.toContain(kept);
    expect(await desk.see(report.id)).toEqual(report);
    expect(await desk.inquiries.see(inquiry.id)).toMatchObject({ state: 'OPEN', person: inquiry.person });
  });

  test.each([
    ['SAME_PERSON without a word on telling', { verdict: 'SAME_PERSON' }, 'input.tell'], ['somebody else, with one', { verdict: 'NOT_THE_SAME', tell: true }, 'input.tell'], ['not to be told, without a reason', { verdict: 'SAME_PERSON', tell: false }, 'input.reason'],
  ])('%s is refused, naming the input', async (_, more, field) => {
    const { report, inquiry } = await met();
    expect((await desk.answer(inquiry, report, more)).errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
  });

  test('that it is somebody else one says; that answer, like any that was not told, may be given anew', async () => {
    const { report, inquiry } = await met();
    await desk.answer(inquiry, report, { verdict: 'NOT_THE_SAME', reason: '无耳伤' }, 'one');
    expect(await givenOf(inquiry, report)).toMatchObject({ verdict: 'NOT_THE_SAME', reason: '无耳伤', firstConfirmedBy: null });
    await desk.same(inquiry, report, { tell: false, reason: '待本人同意' });
    expect(await givenOf(inquiry, report)).toMatchObject({ verdict: 'SAME_PERSON', tell: false, reason: '待本人同意' });
    expect(await desk.results(report)).toEqual([]);
    await desk.same(inquiry, report);
    expect(await desk.results(report)).toHaveLength(1);
    for (const verdict of [{ verdict: 'NOT_THE_SAME' }, { verdict: 'SAME_PERSON', tell: false, reason: '反悔' }]) expect((await desk.answer(inquiry, report, verdict)).errors[0]?.extensions.code).toBe('TRANSITION_NOT_ALLOWED');
  });

  test('a report that was never a candidate of the inquiry, and one that nobody made, are refused alike', async () => {
    const { inquiry } = await met();
    const stranger = await desk.report({ sex: 'FEMALE' });
    const answers = await Promise.all([stranger, { ...stranger, number: 'MR-00000-00000' }].map((report) => desk.answer(inquiry, report, { verdict: 'NOT_THE_SAME' })));
    expect(answers.map(({ errors }) => errors[0]?.extensions.code)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });

  test.each(['the end of the stay', 'the station itself'])('an inquiry withdrawn by %s ends what nobody has decided on, and keeps what two have', async (by) => {
    const [decided, open] = [await desk.report(), await desk.report({ name: '未决者' })];
    const stay = await desk.inquiries.enter();
    const inquiry = await desk.inquiries.open(stay);
    expect(await desk.compared(inquiry, decided, open)).toHaveLength(2);
    await desk.same(inquiry, decided);
    if (by === 'the station itself') await desk.inquiries.step('withdrawInquiry', STATION, inquiry.id, { reason: 'TOLD_US' });
    else await desk.inquiries.stays.stay('endStay', STATION, { id: stay.id, expectedVersion: stay.version, leftOn: '2026-11-20', how: 'LEFT' });
    await desk.amend(open.id, { name: '改名者' });
    expect((await desk.given(inquiry)).map(({ reportNo }) => reportNo)).toEqual([decided.number]);
    expect(await desk.results(decided)).toHaveLength(1);
  });

  test('once the person has left there is nothing to compare and nothing to answer', async () => {
    const report = await desk.report();
    const stay = await desk.inquiries.enter();
    const inquiry = await desk.inquiries.open(stay);
    await desk.compare(inquiry);
    await desk.inquiries.stays.stay('endStay', STATION, { id: stay.id, expectedVersion: stay.version, leftOn: '2026-11-20', how: 'LEFT' });
    expect(await desk.inquiries.code('compareMissingReports', STATION, inquiry.id)).toBe('TRANSITION_NOT_ALLOWED');
    expect((await desk.answer(inquiry, report, { verdict: 'NOT_THE_SAME' })).errors[0]?.extensions.code).toBe('TRANSITION_NOT_ALLOWED');
  });

  test('a report closed while its candidate is being answered: either comes first, and nobody waits for the other in vain', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { report, inquiry } = await met();
      await desk.answer(inquiry, report, { verdict: 'SAME_PERSON', tell: true }, 'one');
      const [closed, answered] = await Promise.all([desk.attempt('closeMissingReport', report.id, { outcome: 'FOUND' }), desk.answer(inquiry, report, { verdict: 'SAME_PERSON', tell: true }, 'two')]);
      expect(closed.errors).toEqual([]);
      expect(['NOT_FOUND', undefined]).toContain(answered.errors[0]?.extensions.code);
      expect(await desk.results(report)).toHaveLength(answered.errors.length === 0 ? 1 : 0);
    }
  });

  test('a report amended while others act on an inquiry that was given it: each does its act, and no refusal tells of the other', async () => {
    const { report, inquiry } = await met();
    for (let round = 0; round < 5; round += 1) {
      const [amended, asked, given] = await Promise.all([
        desk.attempt('amendMissingReport', report.id, { details: { ...DETAILS, looks: `改${round}` } }), desk.inquiries.attempt('answerInquiry', 'police-320281', inquiry.id, { answer: 'HIT', candidates: [{ method: 'FACE', name: `候选${round}` }] }),
        desk.answer(inquiry, report, { verdict: 'NOT_THE_SAME' }),
      ]);
      expect(amended.errors).toEqual([]);
      for (const { errors } of [asked, given]) expect(['STALE_VERSION', undefined]).toContain(errors[0]?.extensions.code);
    }
  });

  test('whoever has been identified meanwhile may still be told of', async () => {
    const { report, inquiry } = await met();
    await desk.inquiries.hit('police-320281', inquiry.id, { method: 'FACE', name: '归来去', idNumber: '990133196103040013' });
    await desk.inquiries.identify(inquiry);
    await desk.same(inquiry, report);
    expect(await desk.results(report)).toEqual([{ contact: { code: 'civil-320281' }, toldOn: '2026-11-20' }]);
  });

  test('of a child, or of whom nobody knows the age, the result is for the officer for minors', async () => {
    const { report, inquiry } = await met({ birthDate: null });
    await desk.same(inquiry, report);
    expect(await desk.results(report)).toBeNull();
    expect(await desk.results(report, ['CLERK', 'MINORS_OFFICER'])).toHaveLength(1);
  });
});

describe('a protected person is never a candidate', () => {
  test('the person held: its comparison finds nothing, as if nobody had been reported', async () => {
    const report = await desk.report();
    const inquiry = await desk.inquiries.opened();
    await desk.protect('identity_inquiries', inquiry.id);
    expect(await desk.compare(inquiry)).toEqual([]);
    expect((await desk.answer(inquiry, report, { verdict: 'SAME_PERSON', tell: true })).errors[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'input.reportNo' });
  });

  test('the person reported, by its number: no station is given the report, before or since', async () => {
    const report = await desk.report({ name: '保护中', idNumber: '99013419610304001X' });
    const [before, inquiry] = [await desk.inquiries.opened(), await desk.inquiries.opened()];
    expect(await desk.compared(before, report)).toEqual([report.number]);
    await desk.protect('missing_reports', report.id, 'station-120000');
    expect(await givenOf(before, report)).toBeUndefined();
    expect(await desk.compared(inquiry, report)).toEqual([]);
    expect((await desk.answer(before, report, { verdict: 'SAME_PERSON', tell: true })).errors[0]?.extensions.code).toBe('NOT_FOUND');
  });

  test('the person reported, by its bare name: a report that may be about it is given to nobody, one that cannot be is', async () => {
    const [inquiry] = [await desk.inquiries.opened()];
    const reports = [{ name: '护名甲' }, { name: '护名甲', birthDate: '1994-06-12', sex: 'FEMALE' }, { name: '护名乙' }];
    const [bare, dated, other] = [await desk.report(reports[0]), await desk.report(reports[1]), await desk.report(reports[2])];
    const before = await desk.inquiries.opened();
    expect(await desk.compared(before, bare)).toEqual([bare.number]);
    await desk.protectNamed('护名甲');
    for (const report of [bare, dated]) expect(await desk.compared(inquiry, report)).toEqual([]);
    expect(await desk.compared(inquiry, other)).toEqual([other.number]);
  });

  test.each([['whom the station holds', 'identity_inquiries'], ['who bears the number of the report', 'missing_reports']] as const)('protected after it was told (%s): the report reads as if nobody had answered', async (_, table) => {
    const { report, inquiry } = await met({ idNumber: table === 'identity_inquiries' ? '990135196103040016' : '990136196103040012' });
    const before = await desk.bytes(report);
    await desk.same(inquiry, report);
    expect(await desk.bytes(report)).not.toBe(before);
    expect(await desk.tellings(report)).toEqual([{ kind: 'TOLD', step: 'answerMissingCandidate', record: 'MissingReport', number: report.number }]);
    await desk.protect(table, table === 'identity_inquiries' ? inquiry.id : report.id);
    expect(await desk.bytes(report)).toBe(before);
    expect(await desk.tellings(report)).toEqual([]);
    expect(await desk.given(inquiry)).toEqual([]);
  });

  test('the reporting relative is the abuser: told by nobody, the report reads byte for byte as if nobody had answered, and a protection registered afterwards changes nothing of that', async () => {
    const { report, inquiry } = await met({ kinRelation: '丈夫' });
    const before = await desk.bytes(report);
    await desk.same(inquiry, report, { tell: false, reason: '本人称遭家暴，不愿告知' });
    expect(await desk.bytes(report)).toBe(before);
    expect(await desk.results(report)).toEqual([]);
    await desk.protect('identity_inquiries', inquiry.id);
    expect(await desk.bytes(report)).toBe(before);
    await desk.amend(report.id, { kinRelation: '丈夫' });
    await desk.close(report.id);
    expect(await desk.results(report)).toEqual([]);
  });

  test('one of two members of staff says not to tell: it is not told', async () => {
    const { report, inquiry } = await met();
    await desk.answer(inquiry, report, { verdict: 'SAME_PERSON', tell: false, reason: '本人害怕' }, 'one');
    await desk.answer(inquiry, report, { verdict: 'SAME_PERSON', tell: true }, 'two');
    expect(await givenOf(inquiry, report)).toMatchObject({ verdict: 'SAME_PERSON', tell: false, reason: '本人害怕' });
    expect(await desk.results(report)).toEqual([]);
  });
});
