import { INQUIRY_STEPS } from '../../src/ledgers/inquiries/inquiries.transitions.js';
import { AGENCIES, agencyOf, covers, type WalkAgency } from './walk-agencies.js';
import { hiddenFrom, oneNumber, refused, text, type Attempt, type Door, type Moment, type Outcome, type Row, type Sight, type Towards, type WalkMachine } from './walk-machine.js';
import { CONFIRMED } from './walk-of-people.js';
import { staysMachine } from './walk-of-stays.js';

/** Identity inquiries: the station asks, public security of a level answers, civil affairs passes on from level to level, two members of staff of the station confirm (ledgers.md, domain.md §2.4 and §5). */

const door = (kind: string, input: string): Door => ({ purpose: 'IDENTITY', kinds: [kind], input, payload: 'inquiry { id }' });
const DOORS: Record<string, Door> = {
  openInquiry: { ...door('RESCUE_STATION', 'OpenInquiryInput'), givesMatter: true }, answerInquiry: door('PUBLIC_SECURITY', 'AnswerInquiryInput'),
  passInquiryUp: door('CIVIL_AFFAIRS', 'InquiryStepInput'), askPublicSecurity: door('CIVIL_AFFAIRS', 'InquiryStepInput'), exhaustInquiry: door('CIVIL_AFFAIRS', 'InquiryStepInput'),
  confirmCandidate: door('RESCUE_STATION', 'ConfirmCandidateInput'), rejectCandidate: door('RESCUE_STATION', 'RejectCandidateInput'), reopenInquiry: door('RESCUE_STATION', 'ReopenInquiryInput'), withdrawInquiry: door('RESCUE_STATION', 'WithdrawInquiryInput'),
};

/** Members of staff; two different ones of the station confirm. */
const STAFF = ['staff-jia', 'staff-yi'] as const;
const ENDED: readonly string[] = ['IDENTIFIED', 'WITHDRAWN'];
/** The protected person of the small world. A hit on her reads like none. */
const PROTECTED = { name: '沈安平', idNumber: '990104199406120047' };

const wasAsked = ({ row, state }: Sight, { code }: WalkAgency): boolean => !ENDED.includes(state) && ['asked_county', 'asked_prefecture', 'asked_province', 'asked_ministry'].some((level) => row[level] === code);
const passes = ({ row, state }: Sight, { code }: WalkAgency): boolean => row['civil_affairs'] === code && ['OPEN', 'UNRESOLVED', 'AT_CIVIL', 'CANDIDATE'].includes(state);

function sees(sight: Sight, actor: WalkAgency, purpose: string): boolean {
  if (hiddenFrom(sight, actor)) return false;
  const { row } = sight;
  const area = actor.kind === 'CIVIL_AFFAIRS' && covers(actor, text(row['division']));
  if (purpose === 'SUPERVISION') return area && actor.level !== 'COUNTY';
  if (purpose !== 'IDENTITY') return false;
  switch (actor.kind) {
    case 'RESCUE_STATION': return row['station'] === actor.code;
    case 'PUBLIC_SECURITY': return wasAsked(sight, actor);
    default: return actor.kind === 'CIVIL_AFFAIRS' && (passes(sight, actor) || (area && actor.level === 'COUNTY'));
  }
}

function may(sight: Sight, operation: string, actor: WalkAgency, matter: string | undefined): boolean {
  if (matter !== sight.row['inquiry_no']) return false;
  switch (DOORS[operation]?.kinds[0]) {
    case 'PUBLIC_SECURITY': return wasAsked(sight, actor);
    case 'CIVIL_AFFAIRS': return passes(sight, actor);
    default: return sight.row['station'] === actor.code;
  }
}

const RANK = ['COUNTY', 'PREFECTURE', 'PROVINCE', 'MINISTRY'];
/** Whether a level above public security that was asked last has both, public security and civil affairs that asks it. */
function hasNextLevel(police: string): boolean {
  const { division, level } = agencyOf(police);
  return AGENCIES.some((above) => above.kind === 'PUBLIC_SECURITY' && RANK.indexOf(above.level) > RANK.indexOf(level) && covers(above, division) && AGENCIES.some((civil) => civil.kind === 'CIVIL_AFFAIRS' && civil.division === above.division));
}

/** Whether nobody well-meaning takes the step on this level: there is one above, or none. */
const isOfAnotherLevel = (operation: string, sight: Sight | null): boolean => sight !== null && operation !== 'askPublicSecurity' && hasNextLevel(String(sight.row['police'])) === (operation === 'exhaustInquiry');

/** Candidates that the station still has before it. */
const standing = ({ parts }: Sight): Row[] => (parts['candidates'] ?? []).filter(({ suppressed, guarded, rejected_reason: reason }) => suppressed === false && guarded === false && reason === null);

/** The table of ledgers.md by hand. */
async function leads(sight: Sight | null, { operation, actor, input, user }: Attempt, moment: Moment): Promise<Outcome> {
  if (operation === 'openInquiry') return opened(actor, String(input['stayNo']), moment);
  if (!sight) return refused('NOT_FOUND');
  const { state, row } = sight;
  const from = (...states: string[]): boolean => states.includes(state);
  switch (operation) {
    case 'answerInquiry': return answered(sight, actor, input);
    case 'passInquiryUp': return from('UNRESOLVED') && hasNextLevel(String(row['police'])) ? { to: 'AT_CIVIL' } : refused('TRANSITION_NOT_ALLOWED');
    case 'askPublicSecurity': return from('AT_CIVIL') ? { to: 'OPEN' } : refused('TRANSITION_NOT_ALLOWED');
    case 'exhaustInquiry': return from('UNRESOLVED') && !hasNextLevel(String(row['police'])) ? { to: 'EXHAUSTED' } : refused('TRANSITION_NOT_ALLOWED');
    case 'reopenInquiry': return from('EXHAUSTED') ? { to: 'OPEN' } : refused('TRANSITION_NOT_ALLOWED');
    case 'withdrawInquiry': return ENDED.includes(state) ? refused('TRANSITION_NOT_ALLOWED') : { to: 'WITHDRAWN' };
    default: return from('CANDIDATE') ? decided(sight, operation, String(input['candidateNo']), user) : refused('TRANSITION_NOT_ALLOWED');
  }
}

/** One inquiry at a time, of somebody unidentified in an open stay of the station. */
async function opened({ code }: WalkAgency, stayNo: string, { lookUp }: Moment): Promise<Outcome> {
  const [stay] = await lookUp<{ identified: boolean; running: boolean }>(
    `SELECT p.identity_state = 'VERIFIED' AS identified, EXISTS (SELECT FROM guitu.identity_inquiries i WHERE i.person_id = s.person_id AND i.station = s.station AND i.state NOT IN ('IDENTIFIED', 'WITHDRAWN')) AS running
     FROM guitu.stays s JOIN guitu.persons p ON p.id = s.person_id JOIN guitu.agencies a ON a.id = s.station LEFT JOIN guitu.protections x ON x.person_id = p.id
     WHERE s.stay_no = $1 AND a.code = $2 AND s.left_on IS NULL AND (x.holding_agency IS NULL OR x.holding_agency = a.id)`, [stayNo, code]);
  if (!stay) return refused('NOT_FOUND');
  return stay.identified || stay.running ? refused('CONFLICT') : { to: 'OPEN' };
}

/** A hit comes from whoever was asked, however late; any other answer from whom the inquiry waits for. A hit on nobody but the protected is none: to whom it waits for, no hit; else nothing moves. */
function answered({ state, row }: Sight, { code }: WalkAgency, input: Row): Outcome {
  const waitedFor = state === 'OPEN' && row['police'] === code;
  const found = (input['candidates'] as readonly Row[] | undefined ?? []).some(({ idNumber }) => idNumber !== PROTECTED.idNumber);
  if (input['answer'] === 'HIT' && found) return state === 'CANDIDATE' ? { to: state, stays: true } : { to: 'CANDIDATE' };
  if (waitedFor) return { to: 'UNRESOLVED' };
  return input['answer'] === 'HIT' ? { to: state, stays: true } : refused('TRANSITION_NOT_ALLOWED');
}

/** The word of the first is kept, another one decides; with the last candidate gone, the inquiry is where the hit found it. */
function decided(sight: Sight, operation: string, candidateNo: string, user: string | undefined): Outcome {
  const candidates = standing(sight);
  const chosen = candidates.find(({ candidate_no: number }) => number === candidateNo);
  if (!chosen) return refused('NOT_FOUND');
  if (operation === 'rejectCandidate') return candidates.length > 1 ? { to: 'CANDIDATE', stays: true } : { to: String(sight.row['resume_state']) };
  if (chosen['first_confirmed_by'] === null) return { to: 'CANDIDATE', stays: true };
  return chosen['first_confirmed_by'] === user ? refused('CONFLICT') : { to: 'IDENTIFIED' };
}

async function input(operation: string, sight: Sight | null, actor: WalkAgency, moment: Moment, to?: string): Promise<Row | null> {
  const { random } = moment;
  switch (operation) {
    case 'openInquiry': {
      const stayNo = await stayFor(actor, moment);
      return stayNo === undefined ? null : { stayNo, ownComparison: '比对无结果', ...(random.chance(0.3) ? { methods: ['FACE', 'DNA'], dnaSampleNo: `样${random.below(1e6)}` } : { methods: ['FACE'] }) };
    }
    case 'answerInquiry': return answerOf(sight, actor, moment, to);
    case 'confirmCandidate': case 'rejectCandidate': return decisionOf(operation, sight, moment, to);
    case 'reopenInquiry': return { newEvidence: '想起村名' };
    case 'withdrawInquiry': return { reason: random.pick(['LEFT', 'DIED', 'TOLD_US']) };
    default: return to !== undefined && isOfAnotherLevel(operation, sight) ? null : random.chance(0.3) ? { note: '走一步', documentNo: `走字${random.below(1e6)}号` } : {};
  }
}

/** Mostly somebody who can be asked about; at times whoever is under way, has left, or is at another station. */
async function stayFor({ code }: WalkAgency, { random, lookUp }: Moment): Promise<string | undefined> {
  const free = random.chance(0.85);
  const found = await lookUp<{ no: string }>(
    `SELECT s.stay_no AS no FROM guitu.stays s JOIN guitu.agencies a ON a.id = s.station JOIN guitu.persons p ON p.id = s.person_id
     WHERE s.features LIKE '行者%' AND ($2 = FALSE OR a.code = $1 AND s.left_on IS NULL AND p.identity_state <> 'VERIFIED' AND NOT EXISTS (SELECT FROM guitu.identity_inquiries i WHERE i.person_id = s.person_id AND i.state NOT IN ('IDENTIFIED', 'WITHDRAWN')))
     ORDER BY s.features, s.entered_on LIMIT 40`, [code, free]);
  return found.length > 0 ? random.pick(found).no : undefined;
}

async function answerOf(sight: Sight | null, { code }: WalkAgency, moment: Moment, to?: string): Promise<Row> {
  const { random } = moment;
  const waitedFor = sight?.state === 'OPEN' && sight.row['police'] === code;
  const guarded = { method: 'FACE', ...PROTECTED };
  if (to === 'UNRESOLVED' || (to === undefined && random.chance(0.5))) {
    return random.chance(0.2) || !waitedFor && to !== undefined ? { answer: 'HIT', candidates: [guarded] } : { answer: random.pick(['NO_HIT', 'BEYOND_AUTHORITY']) };
  }
  const known = random.chance(0.3) ? await numberOfSomebodyKnown(moment) : undefined;
  const one = { method: random.pick(['FACE', 'FINGERPRINT']), name: `候选${random.below(1e6)}`, ...(random.chance(0.7) && { idNumber: known ?? moment.freshIdNumber() }) };
  return { answer: 'HIT', candidates: [one, ...(random.chance(0.3) ? [{ method: 'HUKOU', name: `候选${random.below(1e6)}` }] : []), ...(random.chance(0.15) ? [guarded] : [])] };
}

/** Number of somebody who was a candidate before, or came home: then two who are asked about may be one person, and a candidate may come to be protected. */
async function numberOfSomebodyKnown(moment: Moment): Promise<string | undefined> {
  const { random, lookUp } = moment;
  const found = await lookUp<{ hash: string }>(
    `SELECT p.id_number_hash AS hash FROM guitu.persons p WHERE p.id_number_hash IS NOT NULL AND p.merged_into IS NULL AND NOT EXISTS (SELECT FROM guitu.protections x WHERE x.person_id = p.id)
       AND CASE WHEN $1 THEN EXISTS (SELECT FROM guitu.return_cases c WHERE c.person_id = p.id AND ${CONFIRMED} AND c.notice_no LIKE '走%') ELSE EXISTS (SELECT FROM guitu.inquiry_candidates c WHERE c.person_id = p.id) END ORDER BY 1`, [random.chance(0.5)]);
  return oneNumber(found, moment);
}

function decisionOf(operation: string, sight: Sight | null, { random }: Moment, to?: string): Row | null {
  const all = sight?.parts['candidates'] ?? [];
  const open = sight ? standing(sight) : [];
  const reason = operation === 'rejectCandidate' ? { reason: '身高不符' } : {};
  if (to === undefined) return { candidateNo: all.length > 0 ? random.pick(all)['candidate_no'] : 'CA-NONE0-00000', ...reason };
  if (operation === 'rejectCandidate' && to !== (open.length > 1 ? 'CANDIDATE' : sight?.row['resume_state'])) return null;
  const fit = operation === 'rejectCandidate' ? open : open.filter(({ first_confirmed_by: first }) => (first === null) === (to === 'CANDIDATE'));
  return fit.length > 0 ? { candidateNo: random.pick(fit)['candidate_no'], ...reason } : null;
}

/** Whoever leaves takes the inquiry of its stay along. */
async function by(operation: string, from: string | null, { random, lookUp }: Moment): Promise<Towards | undefined> {
  if (operation !== 'endStay') return undefined;
  const found = await lookUp<{ id: string }>(
    "SELECT s.id::text AS id FROM guitu.stays s JOIN guitu.identity_inquiries i ON i.person_id = s.person_id AND i.station = s.station WHERE s.left_on IS NULL AND s.features LIKE '行者%' AND i.state = $1 ORDER BY s.features, i.inquiry_no", [from]);
  return found.length > 0 ? { machine: staysMachine, id: random.pick(found).id, operations: ['endStay'] } : undefined;
}

const OWED: Record<string, [step: string, by: string]> = { OPEN: ['answerInquiry', 'police'], UNRESOLVED: ['passInquiryUp', 'civil_affairs'], AT_CIVIL: ['askPublicSecurity', 'civil_affairs'], CANDIDATE: ['confirmCandidate', 'station'] };

function owes({ state, row }: Sight): { must: readonly string[]; may: readonly string[] } {
  const [step, owner] = OWED[state] ?? [];
  return { must: step && owner ? [`${step} ${String(row[owner])}`] : [], may: [] };
}

export const inquiriesMachine: WalkMachine = {
  name: 'inquiries', record: 'IdentityInquiry', prefix: 'iq', steps: INQUIRY_STEPS, doors: DOORS, begins: ['openInquiry'], versioned: true, finished: ['IDENTIFIED', 'WITHDRAWN', 'EXHAUSTED'], users: STAFF,
  stateSql: 'SELECT state FROM guitu.identity_inquiries WHERE id = $1', rowSql: 'SELECT row_to_json(c) FROM guitu.identity_inquiries c WHERE c.id = $1', transitions: { table: 'guitu.inquiry_transitions', key: 'inquiry_id' },
  partsSql: {
    answers: 'SELECT json_agg(a ORDER BY a.step) FROM guitu.inquiry_answers a WHERE a.inquiry_id = $1',
    candidates: `SELECT json_agg(json_build_object('candidate_no', c.candidate_no, 'suppressed', c.suppressed, 'guarded', p.person_id IS NOT NULL, 'rejected_reason', c.rejected_reason, 'first_confirmed_by', c.first_confirmed_by, 'second_confirmed_by', c.second_confirmed_by) ORDER BY c.step)
      FROM guitu.inquiry_candidates c LEFT JOIN guitu.protections p ON p.person_id = c.person_id WHERE c.inquiry_id = $1`,
  },
  matter: ({ row }) => String(row['inquiry_no']), likely: { openInquiry: ['station-120000'] }, by, input, sees, may, leads, owes,
};
