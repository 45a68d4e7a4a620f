import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { INQUIRY_STATES, INQUIRY_STEPS, type InquiryState } from '../../src/ledgers/inquiries/inquiries.transitions.js';
import { startHub, type TestHub } from '../support/hub.js';
import { FOUND, InquiryDesk, type Inquiry } from '../support/inquiry-desk.js';

/** An inquiry at the prefecture: county public security was asked before. */
const AGENCY = { station: 'station-320281', police: 'police-320200', policeBefore: 'police-320281', civil: 'civil-320200', civilBefore: 'civil-320281', civilAbove: 'civil-320000', stranger: 'police-120000', otherStation: 'station-120000' } as const;
type Actor = keyof typeof AGENCY;

const UNENDED: InquiryState[] = ['OPEN', 'UNRESOLVED', 'AT_CIVIL', 'CANDIDATE', 'EXHAUSTED'];
/** Each operation with each of its choices, and how the candidates stand when it is tried. */
const TRIED = {
  hit: ['answerInquiry', { answer: 'HIT', candidates: [FOUND] }], noHit: ['answerInquiry', { answer: 'NO_HIT' }], beyond: ['answerInquiry', { answer: 'BEYOND_AUTHORITY' }],
  passUp: ['passInquiryUp', {}], ask: ['askPublicSecurity', {}], exhaust: ['exhaustInquiry', {}],
  confirmFirst: ['confirmCandidate', { candidateNo: 'CA-1' }], confirmSecond: ['confirmCandidate', { candidateNo: 'CA-1' }],
  rejectLast: ['rejectCandidate', { candidateNo: 'CA-1', reason: '不是' }], rejectOne: ['rejectCandidate', { candidateNo: 'CA-1', reason: '不是' }],
  reopen: ['reopenInquiry', { newEvidence: '新线索' }], withdraw: ['withdrawInquiry', { reason: 'TOLD_US' }],
} as const;
type Try = keyof typeof TRIED;

/** The table of ledgers.md by hand; the inquiry is not at the last level, so nobody exhausts it. */
const TABLE: [tried: Try, by: Actor, from: InquiryState, to: InquiryState][] = [
  ...UNENDED.flatMap((from): typeof TABLE => [['hit', 'police', from, 'CANDIDATE'], ['hit', 'policeBefore', from, 'CANDIDATE'], ['withdraw', 'station', from, 'WITHDRAWN']]),
  ['noHit', 'police', 'OPEN', 'UNRESOLVED'], ['beyond', 'police', 'OPEN', 'UNRESOLVED'], ['passUp', 'civil', 'UNRESOLVED', 'AT_CIVIL'], ['ask', 'civil', 'AT_CIVIL', 'OPEN'],
  ['confirmFirst', 'station', 'CANDIDATE', 'CANDIDATE'], ['confirmSecond', 'station', 'CANDIDATE', 'IDENTIFIED'], ['rejectLast', 'station', 'CANDIDATE', 'OPEN'], ['rejectOne', 'station', 'CANDIDATE', 'CANDIDATE'],
  ['reopen', 'station', 'EXHAUSTED', 'OPEN'],
];

let hub: TestHub;
let desk: InquiryDesk;
let inquiry: Inquiry;
beforeAll(async () => {
  hub = await startHub();
  desk = new InquiryDesk(hub);
  inquiry = await desk.opened();
  await desk.noHit('police-320281', inquiry.id);
  inquiry = await desk.up(inquiry.id);
});
afterAll(() => hub.stop());

/** Puts the inquiry back to a state at the prefecture, with candidates as the attempt needs them. */
async function prepare(tried: Try, state: InquiryState): Promise<string> {
  const id = inquiry.id.slice(3);
  await desk.owner('DELETE FROM guitu.inquiry_candidates WHERE inquiry_id = $1', [id]);
  await desk.owner(`UPDATE guitu.identity_inquiries i SET state = $2, level = 'PREFECTURE', police = p.id, civil_affairs = c.id, asked_province = NULL, resume_state = CASE WHEN $2 = 'CANDIDATE' THEN 'OPEN' END, outcome = CASE WHEN $2 = 'WITHDRAWN' THEN 'LEFT' END
    FROM guitu.agencies p, guitu.agencies c WHERE i.id = $1 AND p.code = $3 AND c.code = 'civil-320200'`, [id, state, state === 'AT_CIVIL' ? 'police-320281' : 'police-320200']);
  const candidates = tried === 'rejectOne' ? ['CA-1', 'CA-2'] : ['CA-1'];
  for (const [index, no] of candidates.entries()) {
    await desk.owner(`INSERT INTO guitu.inquiry_candidates (inquiry_id, step, candidate_no, suppressed, police, method, found_at, name, name_surname, first_confirmed_by) SELECT $1, $2, $3, FALSE, id, 'FACE', now(), '候选', '候', $4 FROM guitu.agencies WHERE code = 'police-320200'`,
      [id, index + 1, no, tried === 'confirmSecond' ? 'zero' : null]);
  }
  return asStored();
}

/** The inquiry and all that hangs on it. */
async function asStored(): Promise<string> {
  const [row] = await desk.owner<{ all: string }>(`SELECT concat(i::text, (SELECT string_agg(a::text, '' ORDER BY step) FROM guitu.inquiry_answers a WHERE a.inquiry_id = i.id), (SELECT string_agg(c::text, '' ORDER BY step) FROM guitu.inquiry_candidates c WHERE c.inquiry_id = i.id),
    (SELECT count(*) FROM guitu.inquiry_transitions t WHERE t.inquiry_id = i.id), (SELECT string_agg(d::text, '' ORDER BY id) FROM guitu.duties d WHERE d.record_id = i.id)) AS all FROM guitu.identity_inquiries i WHERE i.id = $1`, [inquiry.id.slice(3)]);
  return row?.all ?? '';
}

describe('the steps of an inquiry', () => {
  test.each(INQUIRY_STATES)('from %s every act of every party does what the table says, and nothing else changes anything', async (state) => {
    const wrong: string[] = [];
    for (const tried of Object.keys(TRIED) as Try[]) {
      for (const actor of Object.keys(AGENCY) as Actor[]) {
        // A kind that may not is tried once.
        if (state !== 'OPEN' && !TABLE.some(([name, by]) => name === tried && AGENCY[by].split('-')[0] === AGENCY[actor].split('-')[0])) continue;
        const before = await prepare(tried, state);
        const [operation, more] = TRIED[tried];
        const answer = await desk.attempt(operation, AGENCY[actor], inquiry.id, more);
        const line = TABLE.find(([name, by, from]) => name === tried && by === actor && from === state);
        const code = answer.errors[0]?.extensions.code;
        const done = code ?? (await desk.see(inquiry.id)).state;
        const right = line ? done === line[3] : ['TRANSITION_NOT_ALLOWED', 'NOT_FOUND', 'FORBIDDEN'].includes(String(code)) && (await asStored()) === before;
        if (!right) wrong.push(`${state} ${tried} by ${actor}: ${done}, expected ${line?.[3] ?? 'a refusal that changes nothing'}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  test('AT_CIVIL belongs to the department that it was passed to: that one asks its own public security, and no other', async () => {
    await prepare('ask', 'UNRESOLVED');
    await desk.step('passInquiryUp', AGENCY.civil, inquiry.id);
    for (const other of [AGENCY.civil, AGENCY.civilBefore, 'civil-000000', 'civil-120000']) expect(await desk.code('askPublicSecurity', other, inquiry.id)).toMatch(/^(NOT_FOUND|TRANSITION_NOT_ALLOWED)$/u);
    expect(await desk.step('askPublicSecurity', AGENCY.civilAbove, inquiry.id)).toMatchObject({ state: 'OPEN', level: 'PROVINCE', police: 'police-320000' });
  });

  test('an act with a version that is no longer current is STALE_VERSION, and is not taken', async () => {
    await prepare('hit', 'OPEN');
    const before = await asStored();
    const answer = await desk.attempt('withdrawInquiry', AGENCY.station, inquiry.id, { reason: 'LEFT', expectedVersion: 1 });
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'STALE_VERSION', field: 'input.expectedVersion' });
    expect(await asStored()).toBe(before);
  });

  test.each([
    ['a hit without anybody', 'answerInquiry', 'police', 'OPEN', { answer: 'HIT' }, 'input.candidates'],
    ['no hit with somebody', 'answerInquiry', 'police', 'OPEN', { answer: 'NO_HIT', candidates: [FOUND] }, 'input.candidates'],
    ['a candidate without a name', 'answerInquiry', 'police', 'OPEN', { answer: 'HIT', candidates: [{ method: 'FACE', name: ' ' }] }, 'input.candidates.0.name'],
    ['a number that is none', 'answerInquiry', 'police', 'OPEN', { answer: 'HIT', candidates: [{ method: 'FACE', name: '某', idNumber: '11010519491231002Y' }] }, 'input.candidates.0.idNumber'],
    ['a birth date that contradicts the number', 'answerInquiry', 'police', 'OPEN', { answer: 'HIT', candidates: [{ ...FOUND, birthDate: '1960-05-07' }] }, 'input.candidates.0.birthDate'],
    ['a rejection without its reason', 'rejectCandidate', 'station', 'CANDIDATE', { candidateNo: 'CA-1', reason: ' ' }, 'input.reason'],
    ['new evidence that is none', 'reopenInquiry', 'station', 'EXHAUSTED', { newEvidence: '' }, 'input.newEvidence'],
  ] as const)('%s is refused, naming the input, and loses nothing', async (_, operation, actor, state, more, field) => {
    const before = await prepare('rejectLast', state);
    const answer = await desk.attempt(operation, AGENCY[actor], inquiry.id, more);
    expect(answer.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
    expect(await asStored()).toBe(before);
  });

  test('the table of the code and that of the database know the same states', async () => {
    const [check] = await desk.owner<{ words: string }>("SELECT pg_get_constraintdef(oid) AS words FROM pg_constraint WHERE conname = 'identity_inquiries_state_check'");
    expect(INQUIRY_STATES.every((state) => check?.words.includes(`'${state}'`))).toBe(true);
    expect(new Set(INQUIRY_STEPS.map(({ to }) => to))).toEqual(new Set(INQUIRY_STATES));
  });
});
