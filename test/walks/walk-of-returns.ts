import { addDays, addMonths } from '../../src/kernel/dates.js';
import { RETURN_STEPS } from '../../src/ledgers/returns/returns.transitions.js';
import { agencyOf, covers, RECEIVERS, superiorOf, type WalkAgency } from './walk-agencies.js';
import { hiddenFrom, oneNumber, refused, text, type Attempt, type Door, type Moment, type Outcome, type Row, type Sight, type WalkMachine } from './walk-machine.js';

/** Returns: the two sides, the superiors that coordinate, the hukou place and the addressees of referrals (ledgers.md, domain.md §2.1 and §5). */

const SIDES = ['RESCUE_STATION', 'CIVIL_AFFAIRS'];
const door = (input: string, kinds = SIDES, purpose: Door['purpose'] = 'RETURN'): Door => ({ purpose, kinds, input, payload: 'returnCase { id }' });
const DOORS: Record<string, Door> = {
  draftReturnNotice: door('SendReturnNoticeInput', ['RESCUE_STATION']), sendReturnNotice: door('SendReturnNoticeInput', ['RESCUE_STATION']), sendReturnDraft: door('SendReturnDraftInput', ['RESCUE_STATION']),
  rerouteReturn: door('RerouteReturnInput', ['RESCUE_STATION']), recallReturn: door('ReturnReasonInput', ['RESCUE_STATION']), reportRefusalUp: door('ReturnStepInput', ['RESCUE_STATION']), confirmReturn: door('ConfirmReturnInput', ['RESCUE_STATION']),
  acknowledgeReturn: door('ReturnStepInput'), disputeReturn: door('ReturnReasonInput'), refuseReturn: door('ReturnReasonInput'), withdrawRefusal: door('ReturnStepInput'), receiveReturnee: door('ReceiveReturneeInput'), confirmHome: door('ReturnStepInput'),
  reportKinRefused: door('ReturnStepInput'), reportNoHome: door('ReportNoHomeInput'), recordHomeCheck: door('RecordHomeCheckInput'), recordReturneeRevisit: door('RecordReturneeRevisitInput', ['RESCUE_STATION']), referForAid: door('ReferForAidInput'), acceptForSettlement: door('ReturnStepInput'),
  reportNotArrived: door('ReturnStepInput'), reportFound: door('ReturnStepInput'), endTrace: door('ReturnStepInput'), closeReturn: door('CloseReturnInput'), answerReferral: door('AnswerReferralInput', ['TOWNSHIP', 'PARTNER']),
  passRefusalUp: door('ReturnStepInput', ['CIVIL_AFFAIRS'], 'COORDINATION'), directReturn: door('DirectReturnInput', ['CIVIL_AFFAIRS'], 'COORDINATION'), upholdRefusal: door('ReturnReasonInput', ['CIVIL_AFFAIRS'], 'COORDINATION'),
};

type Side = 'origin' | 'destination' | 'either' | 'holder' | 'coordinator' | 'overBoth' | 'hukou' | 'addressee';
/** Who takes which step, from the table of the ledgers. */
const BY: Record<string, Side> = {
  sendReturnDraft: 'destination', rerouteReturn: 'destination', recallReturn: 'destination', reportRefusalUp: 'destination', confirmReturn: 'destination', acknowledgeReturn: 'origin', disputeReturn: 'origin', refuseReturn: 'origin', withdrawRefusal: 'origin',
  receiveReturnee: 'origin', confirmHome: 'origin', reportKinRefused: 'origin', reportNoHome: 'origin', recordHomeCheck: 'origin', recordReturneeRevisit: 'origin', referForAid: 'origin', reportNotArrived: 'either', reportFound: 'either', endTrace: 'either', closeReturn: 'holder',
  passRefusalUp: 'coordinator', directReturn: 'overBoth', upholdRefusal: 'overBoth', acceptForSettlement: 'hukou', answerReferral: 'addressee',
};
const WITH_DESTINATION = ['DRAFT', 'SENT', 'DISPUTED', 'REFUSED', 'COORDINATING', 'ACKNOWLEDGED', 'NOT_ARRIVED'];
/** Where a station may revisit whom it received. */
const REVISITED = ['RECEIVED', 'AT_HOME', 'KIN_REFUSED', 'HOME_CHECKED', 'REFERRED', 'AIDED', 'NO_HOME', 'SETTLING', 'CLOSED'];
const WITH_ORIGIN = ['RECEIVED', 'AT_HOME', 'KIN_REFUSED', 'NO_HOME', 'HOME_CHECKED', 'REFERRED', 'AIDED'];

/** The table of ledgers.md by hand: from which states each operation leads where; `closeReturn` from every open one. */
const LEADS: Record<string, [from: readonly string[], to: string]> = {
  sendReturnDraft: [['DRAFT'], 'SENT'], recallReturn: [['SENT', 'ACKNOWLEDGED', 'DISPUTED', 'REFUSED'], 'RECALLED'], acknowledgeReturn: [['SENT'], 'ACKNOWLEDGED'], disputeReturn: [['SENT', 'ACKNOWLEDGED'], 'DISPUTED'], rerouteReturn: [['DISPUTED'], 'SENT'],
  refuseReturn: [['SENT', 'ACKNOWLEDGED'], 'REFUSED'], reportRefusalUp: [['REFUSED', 'DISPUTED'], 'COORDINATING'], passRefusalUp: [['COORDINATING'], 'COORDINATING'], withdrawRefusal: [['COORDINATING'], 'ACKNOWLEDGED'], directReturn: [['COORDINATING'], 'ACKNOWLEDGED'],
  upholdRefusal: [['COORDINATING'], 'DISPUTED'], receiveReturnee: [['ACKNOWLEDGED'], 'RECEIVED'], confirmHome: [['ACKNOWLEDGED', 'RECEIVED', 'KIN_REFUSED'], 'AT_HOME'], reportNotArrived: [['ACKNOWLEDGED'], 'NOT_ARRIVED'], reportFound: [['NOT_ARRIVED'], 'ACKNOWLEDGED'],
  endTrace: [['NOT_ARRIVED'], 'CLOSED'], reportKinRefused: [['RECEIVED', 'AT_HOME'], 'KIN_REFUSED'], reportNoHome: [['RECEIVED', 'AT_HOME', 'KIN_REFUSED'], 'NO_HOME'], acceptForSettlement: [['NO_HOME'], 'SETTLING'], recordHomeCheck: [['AT_HOME'], 'HOME_CHECKED'],
  referForAid: [['HOME_CHECKED'], 'REFERRED'], answerReferral: [['REFERRED'], 'AIDED'], closeReturn: [[...WITH_DESTINATION, ...WITH_ORIGIN, 'SETTLING'], 'CLOSED'],
};

const addresseeOf = (sight: Sight, code: string): Row | undefined => sight.parts['referrals']?.find(({ addressee }) => addressee === code);
const referred = (sight: Sight, { kind, code }: WalkAgency): boolean => ['TOWNSHIP', 'PARTNER'].includes(kind) && ['REFERRED', 'AIDED'].includes(sight.state) && addresseeOf(sight, code) !== undefined;

function sees(sight: Sight, actor: WalkAgency, purpose: string, matter: string | undefined): boolean {
  const { row, state } = sight;
  const { code, kind, level, division } = actor;
  if (state === 'DRAFT' && row['author_agency'] !== code) return false;
  if (hiddenFrom(sight, actor, text(row['author_agency']))) return false;
  const origin = text(row['origin_division']);
  if (purpose === 'SUPERVISION') return kind === 'CIVIL_AFFAIRS' && ((level !== 'COUNTY' && covers(actor, origin)) || row['destination_division'] === division);
  if (purpose === 'COORDINATION') return kind === 'CIVIL_AFFAIRS' && row['coordinator'] === code && matter !== undefined;
  if (purpose !== 'RETURN') return false;
  // An escort knows of it from the notice until the handover.
  if (kind === 'RESCUE_STATION' && row['escort_agency'] === code && ['SENT', 'ACKNOWLEDGED', 'NOT_ARRIVED'].includes(state)) return true;
  const side = SIDES.includes(kind) && [row['destination_agency'], row['origin_agency'], row['hukou_agency'], row['hukou_civil_affairs']].includes(code);
  return side || (kind === 'CIVIL_AFFAIRS' && level === 'COUNTY' && covers(actor, origin)) || referred(sight, actor);
}

function may(sight: Sight, operation: string, actor: WalkAgency, matter: string | undefined): boolean {
  const { row, state } = sight;
  const { code } = actor;
  const [destination, origin] = [row['destination_agency'] === code, row['origin_agency'] === code];
  const coordinates = row['coordinator'] === code && matter === row['case_no'];
  switch (BY[operation]) {
    case 'destination': return destination && (operation !== 'sendReturnDraft' && operation !== 'confirmReturn' || (row['author_agency'] === code) === (operation === 'sendReturnDraft'));
    case 'origin': return origin;
    case 'either': return destination || origin;
    case 'holder': return (destination && WITH_DESTINATION.includes(state)) || (origin && WITH_ORIGIN.includes(state)) || ([row['hukou_agency'], row['hukou_civil_affairs']].includes(code) && state === 'SETTLING');
    case 'coordinator': return coordinates;
    case 'overBoth': return coordinates && covers(actor, text(row['origin_division'])) && covers(actor, text(row['destination_division']));
    case 'hukou': return row['hukou_agency'] === code || row['hukou_civil_affairs'] === code;
    case 'addressee': return referred(sight, actor);
    case undefined: return false;
  }
}

async function leads(sight: Sight | null, { operation, actor, input, wrongVersion }: Attempt, moment: Moment): Promise<Outcome> {
  if (operation === 'draftReturnNotice' || operation === 'sendReturnNotice') return RECEIVERS[String(input['originDivision'])] === actor.code ? refused('BAD_USER_INPUT') : { to: operation === 'draftReturnNotice' ? 'DRAFT' : 'SENT' };
  if (!sight) return refused('NOT_FOUND');
  const { row, state } = sight;
  if (operation === 'confirmReturn' && (row['confirmed_at'] !== null || ['RECALLED', 'DISPUTED', 'REFUSED'].includes(state))) return refused('TRANSITION_NOT_ALLOWED');
  if (operation === 'confirmReturn') return isMeant(sight, input, moment) ? { to: state, stays: true } : refused('BAD_USER_INPUT');
  if (operation === 'recordReturneeRevisit') return REVISITED.includes(state) && cameOn(sight) !== null && !['DIED', 'MERGED'].includes(String(row['outcome'])) ? { to: state, stays: true, unversioned: true } : refused('TRANSITION_NOT_ALLOWED');
  if (operation === 'answerReferral') return answered(sight, actor, wrongVersion);
  const [from, to] = LEADS[operation] ?? [[], ''];
  if (!from.includes(state)) return refused('TRANSITION_NOT_ALLOWED');
  const origin = String(row['origin_agency']);
  if (operation === 'rerouteReturn' && [origin, actor.code].includes(RECEIVERS[String(input['originDivision'])] ?? '')) return refused('BAD_USER_INPUT');
  if ((operation === 'reportRefusalUp' || operation === 'passRefusalUp') && superiorOf(actor.code, origin) === undefined) return refused('TRANSITION_NOT_ALLOWED');
  if (operation === 'directReturn') {
    const receiver = String(input['receiver']);
    if (receiver === row['destination_agency'] || (receiver !== origin && !covers(actor, agencyOf(receiver).division))) return refused('BAD_USER_INPUT');
  }
  if (operation === 'endTrace' && row['trace_ended_by'] === actor.code) return refused('CONFLICT');
  if (operation === 'endTrace' && row['trace_ended_by'] === null) return { to: 'NOT_ARRIVED' };
  if (operation === 'closeReturn') return closed(sight, String(input['outcome']), actor.code, moment);
  return { to };
}

/** The version that an answer carries is that of the referral. */
function answered(sight: Sight, { code }: WalkAgency, wrongVersion = false): Outcome {
  if (wrongVersion) return refused('STALE_VERSION');
  if (addresseeOf(sight, code)?.['answered_at'] !== null) return refused('TRANSITION_NOT_ALLOWED');
  return { to: sight.parts['referrals']?.some(({ addressee, answered_at: at }) => addressee !== code && at === null) ? 'REFERRED' : 'AIDED' };
}

async function closed({ id, state, row }: Sight, outcome: string, actor: string, { lookUp }: Moment): Promise<Outcome> {
  const only = { NO_DIFFICULTY: 'HOME_CHECKED', AIDED: 'AIDED', PLACED: 'SETTLING' }[outcome];
  if (outcome === 'NOT_FOUND') return refused('BAD_USER_INPUT');
  if (only && only !== state) return refused('TRANSITION_NOT_ALLOWED');
  if (outcome === 'NO_DIFFICULTY' && Array.isArray(row['home_difficulties']) && row['home_difficulties'].length > 0) return refused('BAD_USER_INPUT');
  if (outcome === 'PLACED' && row['hukou_civil_affairs'] !== actor) return refused('TRANSITION_NOT_ALLOWED');
  const placed = outcome === 'PLACED' ? await lookUp("SELECT FROM guitu.settlement_cases WHERE return_case = $1 AND state IN ('PLACED', 'SUPPORTED', 'NOT_ELIGIBLE')", [id]) : [];
  return outcome === 'PLACED' && placed.length === 0 ? refused('BAD_USER_INPUT') : { to: 'CLOSED' };
}

const ADDRESSEES = ['township-320281100', 'township-320281104', 'insurance-320281'];
const OUTCOMES = ['DIED', 'DIED', 'DECLINED', 'DECLINED', 'MERGED', 'NO_DIFFICULTY', 'AIDED', 'PLACED', 'NOT_FOUND'];

async function input(operation: string, sight: Sight | null, actor: WalkAgency, moment: Moment): Promise<Row | null> {
  const { random, today } = moment;
  const reason = { code: random.pick(['OTHER', 'NOT_RESIDENT', 'WRONG_DIVISION']) };
  switch (operation) {
    case 'draftReturnNotice': case 'sendReturnNotice': return { originDivision: random.pick(Object.keys(RECEIVERS)), ...await subjectOf(moment), ...datesOf(moment), noticeNo: `走〔${today}〕${random.below(1e9)}号` };
    case 'sendReturnDraft': return { guardianAssessedOn: today, fitToTravel: true };
    case 'disputeReturn': case 'refuseReturn': case 'recallReturn': case 'upholdRefusal': return reason;
    case 'rerouteReturn': return { originDivision: random.pick(Object.keys(RECEIVERS)) };
    case 'receiveReturnee': return { receivedOn: today };
    case 'reportNoHome': return { hukouDivision: random.pick(['320281104', '341523102', '320213', '120101']) };
    case 'recordHomeCheck': return { checkedOn: today, difficulties: random.chance(0.7) ? ['LIVELIHOOD'] : [] };
    case 'recordReturneeRevisit': return { visitedOn: today, manner: 'PHONE', result: random.pick(['STABLE', 'NOBODY_THERE']) };
    case 'referForAid': return { referrals: random.some(ADDRESSEES, 1 + random.below(3)).map((addressee) => ({ addressee, helpAsked: ['SUBSISTENCE_ALLOWANCE'] })) };
    case 'directReturn': return { receiver: random.pick([String(sight?.row['origin_agency']), 'station-320281', 'civil-320281', 'civil-341523', 'station-320200']), receiveBy: addDays(today, 5) };
    case 'closeReturn': return { outcome: random.pick(OUTCOMES) };
    case 'confirmReturn': return random.chance(0.2) ? { name: '另一人' } : whoIsMeant(sight, moment);
    case 'answerReferral': {
      const referral = sight && (addresseeOf(sight, actor.code) ?? sight.parts['referrals']?.[0]);
      return { referralNo: referral?.['referral_no'] ?? 'RF-NONE0-00000', expectedVersion: referral?.['version'] ?? 1, measures: ['NONE'] };
    }
    default: return random.chance(0.2) ? { note: '走一步', documentNo: `走字${random.below(1e6)}号` } : {};
  }
}

/** Who a case is about, as the destination knows it. */
function whoIsMeant(sight: Sight | null, { idNumberOf }: Moment): Row {
  const hash = text(sight?.row['subject_id_number_hash']);
  return hash === null ? { name: sight?.row['subject_name'] ?? '某' } : { idNumber: idNumberOf(hash) };
}

const isMeant = (sight: Sight, input: Row, moment: Moment): boolean => Object.entries(whoIsMeant(sight, moment)).every(([said, value]) => value !== undefined && input[said] === value);

/** Somebody: mostly an adult, at times a child, of unknown age, or of a number that households or the registry know. */
async function subjectOf(moment: Moment): Promise<Row> {
  const { random, today } = moment;
  const idNumber = random.chance(0.5) ? await knownNumber(moment) : undefined;
  if (idNumber) return { subject: { idNumber }, guardianAssessedOn: today, ...(random.chance(0.8) && { originDivision: '320281104' }) };
  const age = random.chance(0.1) ? {} : { birthDate: addMonths(today, -12 * (random.chance(0.15) ? 9 : 30 + random.below(40))) };
  return { subject: { name: `行者${random.below(1e6)}`, ...age }, guardianAssessedOn: today };
}

/** An ID number that a household asks about, or the registry holds; undefined where there is none. */
export async function knownNumber(moment: Moment): Promise<string | undefined> {
  const { random, lookUp } = moment;
  const ended = random.chance(0.4) ? await lookUp<{ hash: string }>("SELECT p.id_number_hash AS hash FROM guitu.at_risk_entries e JOIN guitu.persons p ON p.id = e.person_id WHERE e.state = 'ENDED' AND p.id_number_hash IS NOT NULL ORDER BY 1") : [];
  const asked = await hashesAskedAbout(moment, random.chance(0.6) ? {} : { flag: 'CLEARED' });
  return oneNumber(ended.length > 0 ? ended : asked, moment);
}

/** An ID number of somebody who belongs to a household with this flag (`none`: without one) and was never found; undefined where there is none. */
export const numberAskedAbout = async (flag: string, moment: Moment): Promise<string | undefined> => oneNumber(await hashesAskedAbout(moment, { flag, current: true }), moment);

/** Members of households that ask whether they returned, whom nobody has found. */
function hashesAskedAbout({ lookUp }: Moment, { flag, current = false }: { flag?: string; current?: boolean }): Promise<{ hash: string }[]> {
  return lookUp<{ hash: string }>(
    `SELECT m.id_number_hash AS hash FROM guitu.household_members m JOIN guitu.registered_households h ON h.id = m.household_id AND h.flag_requested_at IS NOT NULL LEFT JOIN guitu.household_flags f ON f.household_id = h.id
     WHERE h.household_no LIKE 'W-%' AND NOT EXISTS (SELECT FROM guitu.household_matches x WHERE x.member_id = m.id) AND ($1::text IS NULL OR coalesce(f.state, 'none') = $1) AND (NOT $2 OR m.until IS NULL) ORDER BY h.household_no, m.position`, [flag ?? null, current]);
}

function datesOf({ random, today }: Moment): Row {
  const leaveDate = addDays(today, -random.below(4));
  return { entryDate: addDays(leaveDate, -5), leaveDate, noticeDate: today, ...(random.chance(0.2) ? { returnMode: 'ESCORTED', escortAgency: 'station-320200', fitToTravel: true } : { returnMode: 'SELF' }) };
}

/** When the person came: received, or at home without that; null where it has not. */
const cameOn = ({ row, parts }: Sight): string | null => text(row['received_at']) ?? text(parts['home']?.[0]?.['at']);

/**
 * A station owes the revisit of whoever it received by a step here, until it has met the person; not of whoever has died, was another case, or is settled elsewhere. Where the person is in the
 * registry, came twice or was merged, another record may have ended it, and what the case shows is what must be owed.
 */
function owesRevisit({ row, state, parts }: Sight): boolean {
  const [lone] = parts['lone'] ?? [];
  if (lone === undefined) return row['revisit_by'] !== null;
  const elsewhere = lone['settled'] === true && row['hukou_agency'] !== row['origin_agency'];
  return lone['arrived'] === true && agencyOf(String(row['origin_agency'])).kind === 'RESCUE_STATION' && state !== 'RECALLED' && !elsewhere && lone['met'] !== true && !['DIED', 'MERGED'].includes(String(row['outcome']));
}

/** Of a case that its origin side imported no term runs until the first step, and none of receiving at all: its ledger says what was done, not what is owed. */
function owes(sight: Sight): { must: readonly string[]; may: readonly string[] } {
  const { state, row, parts, transitions } = sight;
  const [origin, destination, coordinator] = [row['origin_agency'], row['destination_agency'], row['coordinator']].map((code) => text(code) ?? '');
  const imported = row['import_key'] !== null;
  const of = (step: string, owner: string | undefined): string[] => (owner ? [`${step} ${owner}`] : []);
  if (imported && transitions?.length === 1) return { must: [], may: [] };
  const revisit = owesRevisit(sight) ? of('stationRevisit', origin) : [];
  const hasDifficulties = Array.isArray(row['home_difficulties']) && row['home_difficulties'].length > 0;
  const receive = of('receiveReturnee', origin);
  switch (state) {
    case 'DRAFT': return { must: of('sendReturnNotice', destination), may: [] };
    case 'SENT': return { must: [...of('acknowledgeReturn', origin), ...receive], may: [] };
    case 'ACKNOWLEDGED': return imported ? { must: [], may: receive } : { must: receive, may: [] };
    case 'DISPUTED': return { must: of('rerouteReturn', destination), may: [] };
    case 'REFUSED': return { must: of('reportRefusalUp', destination), may: [] };
    case 'COORDINATING': return { must: of(coordinator === 'civil-000000' ? 'coordinateReturnAtMinistry' : 'coordinateReturn', coordinator), may: [] };
    case 'AT_HOME': return { must: [...of('recordHomeCheck|recordHomeCheckOfMinor', origin), ...revisit], may: [] };
    case 'HOME_CHECKED': return { must: [...(hasDifficulties ? of('referForAid', origin) : []), ...revisit], may: [] };
    case 'NO_HOME': return { must: [...of('acceptForSettlement', text(row['hukou_agency']) ?? undefined), ...revisit], may: [] };
    case 'REFERRED': return { must: [...(parts['referrals'] ?? []).filter(({ answered_at: at }) => at === null).flatMap(({ addressee }) => of('answerReferral', String(addressee))), ...revisit], may: [] };
    default: return { must: revisit, may: [] };
  }
}

/** Of a person with one return, in no registry and never merged: whether it came by a step here once the return was confirmed, whether the station has met it, and whether it was accepted for settlement. */
const LONE = `SELECT json_agg(x) FROM (SELECT EXISTS (SELECT FROM guitu.return_transitions t WHERE t.case_id = c.id AND t.from_state IS NOT NULL AND t.to_state IN ('RECEIVED', 'AT_HOME') AND t.from_state = 'ACKNOWLEDGED' AND t.at >= c.confirmed_at) AS arrived,
    EXISTS (SELECT FROM guitu.return_revisits v WHERE v.case_id = c.id AND v.result <> 'NOBODY_THERE') AS met, EXISTS (SELECT FROM guitu.return_transitions t WHERE t.case_id = c.id AND t.to_state = 'SETTLING') AS settled
  FROM guitu.return_cases c WHERE c.id = $1 AND NOT EXISTS (SELECT FROM guitu.at_risk_entries e WHERE e.person_id = c.person_id) AND NOT EXISTS (SELECT FROM guitu.return_cases o WHERE o.person_id = c.person_id AND o.id <> c.id)
    AND NOT EXISTS (SELECT FROM guitu.person_merges m WHERE c.person_id IN (m.kept, m.merged))) x`;

export const returnsMachine: WalkMachine = {
  name: 'returns', record: 'ReturnCase', prefix: 'rc', steps: RETURN_STEPS, doors: DOORS, begins: ['draftReturnNotice', 'sendReturnNotice'], aside: ['recordReturneeRevisit'], versioned: true, finished: ['CLOSED', 'RECALLED'],
  stateSql: 'SELECT state FROM guitu.return_cases WHERE id = $1', rowSql: 'SELECT row_to_json(c) FROM guitu.return_cases c WHERE c.id = $1', transitions: { table: 'guitu.return_transitions', key: 'case_id' },
  outlasting: ['stationRevisit'],
  partsSql: {
    referrals: 'SELECT json_agg(r ORDER BY r.addressee) FROM guitu.return_referrals r WHERE r.case_id = $1', revisits: 'SELECT json_agg(v ORDER BY v.at, v.id) FROM guitu.return_revisits v WHERE v.case_id = $1',
    home: "SELECT json_agg(t ORDER BY t.step) FROM guitu.return_transitions t WHERE t.case_id = $1 AND t.to_state = 'AT_HOME'", lone: LONE,
  },
  matter: ({ row }) => String(row['case_no']), input, sees, may, leads, owes,
};
