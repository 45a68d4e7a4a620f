import { addMonths } from '../../src/kernel/dates.js';
import { AT_RISK_STEPS } from '../../src/ledgers/at-risk/at-risk.transitions.js';
import { agencyOf, civilAffairsUpFrom, covers, type WalkAgency } from './walk-agencies.js';
import { hiddenFrom, refused, text, type Attempt, type Door, type Moment, type Outcome, type Row, type Sight, type WalkMachine } from './walk-machine.js';

/** The at-risk registry: the submitter, the county that reviews, the township that visits, the station that returned the person, and the county that takes over (domain.md §2.2 and §5). */

const door = (input: string, ...kinds: string[]): Door => ({ purpose: 'AT_RISK_CARE', kinds, county: true, input, payload: 'atRiskEntry { id }' });
const DOORS: Record<string, Door> = {
  enrolAtRisk: door('EnrolAtRiskInput', 'RESCUE_STATION', 'CIVIL_AFFAIRS'), resubmitAtRiskEntry: door('ResubmitAtRiskEntryInput', 'RESCUE_STATION', 'CIVIL_AFFAIRS'),
  requestCompletion: door('AtRiskReasonInput', 'CIVIL_AFFAIRS'), rejectAtRiskEntry: door('AtRiskReasonInput', 'CIVIL_AFFAIRS'), approveAtRiskEntry: door('ApproveAtRiskEntryInput', 'CIVIL_AFFAIRS'), sendRoster: door('SendRosterInput', 'CIVIL_AFFAIRS'),
  recordReturned: door('RecordReturnedInput', 'CIVIL_AFFAIRS'), recordFalseAlarm: door('AtRiskStepInput', 'CIVIL_AFFAIRS'), transferAtRiskEntry: door('TransferAtRiskEntryInput', 'CIVIL_AFFAIRS'), acceptTransfer: door('AcceptTransferInput', 'CIVIL_AFFAIRS'),
  endAtRiskEntry: door('EndAtRiskEntryInput', 'CIVIL_AFFAIRS'), reopenAtRiskEntry: door('ReopenAtRiskEntryInput', 'CIVIL_AFFAIRS'),
  recordVisit: door('RecordVisitInput', 'TOWNSHIP'), reportWandering: door('ReportWanderingInput', 'TOWNSHIP'), recordRevisit: door('RecordVisitInput', 'RESCUE_STATION'),
  reportEntrant: { ...door('ReportEntrantInput', 'RESCUE_STATION'), payload: 'contacts { code }' },
};

/** The table of ledgers.md by hand. */
const LEADS: Record<string, [from: readonly string[], to: string]> = {
  requestCompletion: [['SUBMITTED'], 'INCOMPLETE'], resubmitAtRiskEntry: [['INCOMPLETE'], 'SUBMITTED'], rejectAtRiskEntry: [['SUBMITTED'], 'REJECTED'], approveAtRiskEntry: [['SUBMITTED'], 'ACTIVE'], sendRoster: [['ACTIVE'], 'ACTIVE'],
  recordVisit: [['ACTIVE'], 'ACTIVE'], recordRevisit: [['ACTIVE'], 'ACTIVE'], reportWandering: [['ACTIVE'], 'WANDERING'], recordReturned: [['WANDERING'], 'ACTIVE'], recordFalseAlarm: [['WANDERING'], 'ACTIVE'], transferAtRiskEntry: [['ACTIVE'], 'TRANSFERRING'],
  acceptTransfer: [['TRANSFERRING'], 'ACTIVE'], endAtRiskEntry: [['ACTIVE', 'WANDERING'], 'ENDED'], reopenAtRiskEntry: [['ENDED'], 'ACTIVE'],
};

const isCounty = ({ kind, level }: WalkAgency): boolean => kind === 'CIVIL_AFFAIRS' && level === 'COUNTY';
const takesOver = ({ row, state }: Sight, actor: WalkAgency): boolean => isCounty(actor) && state === 'TRANSFERRING' && covers(actor, text(row['transfer_to']));
/** Stations of the area know whom they received, as soon as a return of theirs stands confirmed. */
const received = ({ parts }: Sight, { code }: WalkAgency): boolean => (parts['returns'] ?? []).some(({ origin_agency: origin, stands }) => origin === code && stands === true);

function sees(sight: Sight, actor: WalkAgency, purpose: string): boolean {
  if (purpose !== 'AT_RISK_CARE' || hiddenFrom(sight, actor)) return false;
  const { row, state } = sight;
  const own = covers(actor, text(row['division']));
  if (actor.kind === 'RESCUE_STATION') return row['enrolled_by'] === actor.code || (own && received(sight, actor));
  if (actor.kind === 'TOWNSHIP') return row['township'] === actor.code && ['ACTIVE', 'WANDERING', 'TRANSFERRING'].includes(state);
  return isCounty(actor) && (own || takesOver(sight, actor));
}

function may(sight: Sight, operation: string, actor: WalkAgency): boolean {
  const { row } = sight;
  const own = covers(actor, text(row['division']));
  switch (operation) {
    case 'resubmitAtRiskEntry': return row['enrolled_by'] === actor.code && (own || actor.kind === 'RESCUE_STATION');
    case 'recordVisit': case 'reportWandering': return row['township'] === actor.code;
    case 'recordRevisit': return row['revisit_station'] === actor.code && own;
    case 'acceptTransfer': return takesOver(sight, actor);
    default: return isCounty(actor) && own;
  }
}

async function leads(sight: Sight | null, { operation, actor, input }: Attempt, moment: Moment): Promise<Outcome> {
  const { today } = moment;
  if (operation === 'enrolAtRisk') return enrolled(actor, input, moment);
  if (!sight) return operation === 'reportEntrant' ? { absent: true } : refused('NOT_FOUND');
  const { row, state } = sight;
  if (operation === 'reportEntrant') return ['ACTIVE', 'TRANSFERRING'].includes(state) && !sight.protection ? { to: 'WANDERING' } : { absent: true };
  const [from, to] = LEADS[operation] ?? [[], ''];
  if (!from.includes(state)) return refused('TRANSITION_NOT_ALLOWED');
  const township = text(input['township']);
  if (township && (agencyOf(township).kind !== 'TOWNSHIP' || !covers(actor, agencyOf(township).division))) return refused('BAD_USER_INPUT');
  if (operation === 'sendRoster' && township === row['township']) return refused('BAD_USER_INPUT');
  if (operation === 'transferAtRiskEntry' && civilAffairsUpFrom(String(input['division']))[0] === actor.code) return refused('BAD_USER_INPUT');
  if (operation === 'endAtRiskEntry' && input['reason'] === 'TERM_ENDED') {
    if (state !== 'ACTIVE') return refused('TRANSITION_NOT_ALLOWED');
    const late = row['next_visit_by'] !== null && String(row['next_visit_by']) < today;
    if (today < addMonths(String(row['term_from']), 12) || late || row['township'] === null) return refused('BAD_USER_INPUT');
  }
  if (operation === 'reopenAtRiskEntry') return reopened(sight, String(input['caseNo']), actor, moment);
  return { to };
}

const COME_HOME = "c.confirmed_at IS NOT NULL AND c.state IN ('RECEIVED', 'AT_HOME', 'KIN_REFUSED', 'HOME_CHECKED', 'REFERRED', 'AIDED', 'NO_HOME', 'SETTLING', 'CLOSED') AND (c.received_at IS NOT NULL OR EXISTS (SELECT FROM guitu.return_transitions t WHERE t.case_id = c.id AND t.to_state = 'AT_HOME'))";
const RETURN = `SELECT c.id::text AS id, c.person_id::text AS person, a.code AS origin, c.origin_division AS division, h.code AS holder, ${COME_HOME} AS home FROM guitu.return_cases c JOIN guitu.agencies a ON a.id = c.origin_agency
  LEFT JOIN guitu.protections p ON p.person_id = c.person_id LEFT JOIN guitu.agencies h ON h.id = p.holding_agency WHERE c.case_no = $1`;
interface Returned extends Row { id: string; person: string; origin: string; division: string; holder: string | null; home: boolean }

async function enrolled(actor: WalkAgency, input: Row, { lookUp }: Moment): Promise<Outcome> {
  const division = String(input['division']);
  if (!covers(actor, division)) return refused('BAD_USER_INPUT');
  const county = civilAffairsUpFrom(division)[0];
  if (input['surveyed'] !== undefined) return county === actor.code ? { to: 'SUBMITTED' } : refused('BAD_USER_INPUT');
  const [from] = await lookUp<Returned>(RETURN, [input['caseNo']]);
  if (!from?.home || from.origin !== actor.code || (from.holder !== null && from.holder !== actor.code)) return refused('NOT_FOUND');
  const others = await lookUp<{ by: string; division: string; to: string | null; township: string | null }>(
    "SELECT b.code AS by, e.division, e.transfer_to AS to, t.code AS township FROM guitu.at_risk_entries e JOIN guitu.agencies b ON b.id = e.enrolled_by LEFT JOIN guitu.agencies t ON t.id = e.township WHERE e.person_id = $1 AND e.state <> 'REJECTED'", [from.person]);
  const known = others.some((entry) => entry.by === actor.code || covers(actor, entry.division) || (actor.kind === 'CIVIL_AFFAIRS' && covers(actor, entry.to)));
  return known ? refused('CONFLICT') : { to: 'SUBMITTED' };
}

async function reopened({ row }: Sight, caseNo: string, actor: WalkAgency, { lookUp }: Moment): Promise<Outcome> {
  const [from] = await lookUp<Returned>(RETURN, [caseNo]);
  if (!from?.home || !covers(actor, from.division) || (from.holder !== null && from.holder !== actor.code)) return refused('NOT_FOUND');
  return from.person === row['person_id'] && from.id !== row['return_case'] ? { to: 'ACTIVE' } : refused('BAD_USER_INPUT');
}

const TOWNSHIPS = ['township-320281100', 'township-320281104', 'township-341523102'];

async function input(operation: string, sight: Sight | null, actor: WalkAgency, moment: Moment): Promise<Row | null> {
  const { random, today, now, lookUp } = moment;
  const township = random.pick(TOWNSHIPS.filter((code) => random.chance(0.05) || covers(actor, agencyOf(code).division)).concat(TOWNSHIPS[0] ?? ''));
  const own = TOWNSHIPS.find((code) => covers(actor, agencyOf(code).division)) ?? township;
  switch (operation) {
    case 'enrolAtRisk': {
      const observed = { division: agencyOf(random.chance(0.9) ? own : township).division, riskClasses: ['ELDERLY_LIVING_ALONE'], careCodes: ['PHONE_CALL'] };
      if (actor.kind === 'CIVIL_AFFAIRS' && random.chance(0.7)) return { ...observed, surveyed: { name: `查者${random.below(1e6)}`, ...(random.chance(0.5) ? { idNumber: moment.freshIdNumber() } : { estimatedAge: 70 }) } };
      const found = await lookUp<{ no: string }>(`SELECT c.case_no AS no FROM guitu.return_cases c JOIN guitu.agencies a ON a.id = c.origin_agency
        WHERE ${COME_HOME} AND a.code = $1 AND NOT EXISTS (SELECT FROM guitu.at_risk_entries e WHERE e.person_id = c.person_id) ORDER BY c.changed_at, c.notice_no LIMIT 20`, [actor.code]);
      return { ...observed, caseNo: found.length > 0 ? random.pick(found).no : 'GT-NONE0-00000' };
    }
    case 'requestCompletion': case 'rejectAtRiskEntry': return { reason: '再看' };
    case 'approveAtRiskEntry': return random.chance(0.8) ? { township: own } : {};
    case 'sendRoster': return { township: random.chance(0.8) && own === sight?.row['township'] ? (TOWNSHIPS.find((code) => code !== own && covers(actor, agencyOf(code).division)) ?? township) : township };
    case 'recordVisit': case 'recordRevisit': return { visitedOn: today, manner: 'IN_PERSON', result: random.pick(['STABLE', 'NOBODY_THERE']) };
    case 'reportWandering': return { discoveredAt: now.toISOString() };
    case 'recordReturned': return { returnedOn: today };
    case 'transferAtRiskEntry': return { division: random.chance(0.85) ? (covers(actor, '341523102') ? '320281104' : '341523102') : '320281104' };
    case 'acceptTransfer': return random.chance(0.8) ? { township: own } : {};
    case 'endAtRiskEntry': return random.pick<Row>([{ reason: 'ERROR' }, { reason: 'DIED', diedOn: today }, { reason: 'TERM_ENDED' }]);
    case 'reopenAtRiskEntry': {
      const found = await lookUp<{ no: string }>(`SELECT c.case_no AS no FROM guitu.return_cases c WHERE ${COME_HOME} AND c.person_id = $1 AND c.id IS DISTINCT FROM $2::uuid ORDER BY c.changed_at, c.notice_no LIMIT 10`, [sight?.row['person_id'] ?? null, sight?.row['return_case'] ?? null]);
      return { caseNo: found.length > 0 ? random.pick(found).no : 'GT-NONE0-00000', ...(random.chance(0.5) && { township: own }) };
    }
    case 'reportEntrant': {
      const hash = text(sight?.row['surveyed_id_number_hash']) ?? text(sight?.parts['persons']?.[0]?.['id_number_hash']);
      const number = hash ? moment.idNumberOf(hash) : undefined;
      return number ? { idNumber: number } : null;
    }
    default: return {};
  }
}

function owes({ state, row, parts }: Sight): { must: readonly string[]; may: readonly string[] } {
  const county = civilAffairsUpFrom(String(row['division']))[0] ?? '';
  // Where the duty of a return stands for it, the entry has none of its own.
  const stands = (parts['standing'] ?? []).some(({ owner }) => owner === row['revisit_station']);
  const revisit = row['revisit_by'] !== null && row['revisit_station'] !== null && !stands ? [`stationRevisit ${String(row['revisit_station'])}`] : [];
  switch (state) {
    case 'SUBMITTED': return { must: [`reviewAtRiskEntry ${county}`], may: [] };
    case 'INCOMPLETE': return { must: [`completeAtRiskEntry ${String(row['enrolled_by'])}`], may: [] };
    case 'ACTIVE': return { must: [...(row['township'] === null ? [`sendRoster ${county}`] : [`recordFirstVisit|recordVisit ${String(row['township'])}`]), ...revisit], may: [] };
    case 'WANDERING': return { must: [`answerWandering ${county}`, ...revisit], may: [] };
    case 'TRANSFERRING': return { must: [`acceptTransfer ${civilAffairsUpFrom(String(row['transfer_to']))[0] ?? ''}`, ...revisit], may: [] };
    default: return { must: [], may: [] };
  }
}

export const registryMachine: WalkMachine = {
  name: 'registry', record: 'AtRiskEntry', prefix: 'ar', steps: AT_RISK_STEPS, doors: DOORS, begins: ['enrolAtRisk', 'reportEntrant'], versioned: true, finished: ['REJECTED', 'ENDED'],
  stateSql: 'SELECT state FROM guitu.at_risk_entries WHERE id = $1', rowSql: 'SELECT row_to_json(c) FROM guitu.at_risk_entries c WHERE c.id = $1', transitions: { table: 'guitu.at_risk_transitions', key: 'entry_id' },
  partsSql: {
    visits: 'SELECT json_agg(v ORDER BY v.at, v.id) FROM guitu.follow_up_visits v WHERE v.entry_id = $1',
    standing: "SELECT json_agg(json_build_object('owner', d.owner)) FROM guitu.duties d JOIN guitu.at_risk_entries e ON e.revisit_case = d.record_id WHERE e.id = $1 AND d.step = 'stationRevisit' AND d.ended_at IS NULL",
    persons: 'SELECT json_agg(p) FROM guitu.persons p JOIN guitu.at_risk_entries e ON e.person_id = p.id WHERE e.id = $1',
    returns: "SELECT json_agg(json_build_object('origin_agency', c.origin_agency, 'stands', c.confirmed_at IS NOT NULL AND c.state NOT IN ('DISPUTED', 'REFUSED', 'RECALLED', 'COORDINATING')) ORDER BY c.id) FROM guitu.return_cases c JOIN guitu.at_risk_entries e ON e.person_id = c.person_id WHERE e.id = $1",
  },
  likely: { enrolAtRisk: ['station-320281', 'civil-320281', 'civil-341523'] }, input, sees, may, leads, owes,
};
