import { SETTLEMENT_STEPS } from '../../src/ledgers/settlement/settlement.transitions.js';
import { covers, type WalkAgency } from './walk-agencies.js';
import { hiddenFrom, refused, text, type Attempt, type Door, type Moment, type Outcome, type Row, type Sight, type WalkMachine } from './walk-machine.js';

/** Settlement on both tracks: station, civil affairs of the same level, public security (ledgers.md, domain.md §2.3 and §5). */

const door = (kind: string, input: string): Door => ({ purpose: 'SETTLEMENT', kinds: [kind], input, payload: 'settlementCase { id }' });
const DOORS: Record<string, Door> = {
  applyForSettlement: door('RESCUE_STATION', 'ApplyForSettlementInput'), recordIdentified: door('RESCUE_STATION', 'SettlementDocumentInput'), returnForCompletion: door('CIVIL_AFFAIRS', 'SettlementReasonInput'),
  submitSettlementPlan: door('CIVIL_AFFAIRS', 'SubmitSettlementPlanInput'), recordGovernmentDecision: door('CIVIL_AFFAIRS', 'RecordGovernmentDecisionInput'), fileHukou: door('CIVIL_AFFAIRS', 'FileHukouInput'),
  placeInInstitution: door('CIVIL_AFFAIRS', 'PlaceInInstitutionInput'), resumeSettlementPlan: door('CIVIL_AFFAIRS', 'SettlementReasonInput'), assessSupport: door('CIVIL_AFFAIRS', 'AssessSupportInput'), closeSettlement: door('CIVIL_AFFAIRS', 'SettlementDocumentInput'),
  rejectHukouFiling: door('PUBLIC_SECURITY', 'SettlementReasonInput'), registerHukou: door('PUBLIC_SECURITY', 'RegisterHukouInput'), reverseHukou: door('PUBLIC_SECURITY', 'SettlementDocumentInput'),
};
const PARTY: Record<string, string> = { RESCUE_STATION: 'station', CIVIL_AFFAIRS: 'civil_affairs', PUBLIC_SECURITY: 'police' };

/** The table of ledgers.md by hand, by track: operation (with the choice of its input), states before, state after. */
const LONG_STAY: Record<string, [from: readonly string[], to: string]> = {
  applyForSettlement: [['DUE'], 'APPLIED'], returnForCompletion: [['APPLIED'], 'DUE'], submitSettlementPlan: [['APPLIED'], 'PLAN_SUBMITTED'], 'recordGovernmentDecision HUKOU': [['PLAN_SUBMITTED'], 'HUKOU_APPROVED'],
  'recordGovernmentDecision PLACEMENT': [['PLAN_SUBMITTED'], 'PLACEMENT_APPROVED'], 'recordGovernmentDecision SENT_BACK': [['PLAN_SUBMITTED'], 'APPLIED'], fileHukou: [['HUKOU_APPROVED'], 'HUKOU_FILED'], rejectHukouFiling: [['HUKOU_FILED'], 'HUKOU_APPROVED'],
  registerHukou: [['HUKOU_FILED'], 'REGISTERED'], placeInInstitution: [['PLACEMENT_APPROVED'], 'PLACED'], resumeSettlementPlan: [['PLACED'], 'PLAN_SUBMITTED'], 'assessSupport SUPPORTED': [['REGISTERED'], 'SUPPORTED'], 'assessSupport NOT_ELIGIBLE': [['REGISTERED'], 'NOT_ELIGIBLE'],
  recordIdentified: [['DUE', 'APPLIED', 'PLAN_SUBMITTED', 'HUKOU_APPROVED', 'HUKOU_FILED', 'PLACEMENT_APPROVED', 'PLACED'], 'IDENTIFIED'], reverseHukou: [['REGISTERED', 'SUPPORTED', 'NOT_ELIGIBLE'], 'REVERSED'],
  closeSettlement: [['DUE', 'APPLIED', 'PLAN_SUBMITTED', 'HUKOU_APPROVED', 'HUKOU_FILED', 'PLACEMENT_APPROVED', 'PLACED', 'REGISTERED'], 'CLOSED'],
};
const HOMELESS: Record<string, [from: readonly string[], to: string]> = {
  submitSettlementPlan: [['ACCEPTED'], 'PLAN_SUBMITTED'], 'recordGovernmentDecision PLACEMENT': [['PLAN_SUBMITTED'], 'PLACEMENT_APPROVED'], placeInInstitution: [['PLACEMENT_APPROVED'], 'PLACED'], 'assessSupport SUPPORTED': [['PLACED'], 'SUPPORTED'],
  'assessSupport NOT_ELIGIBLE': [['PLACED'], 'NOT_ELIGIBLE'], closeSettlement: [['ACCEPTED', 'PLAN_SUBMITTED', 'PLACEMENT_APPROVED', 'PLACED'], 'CLOSED'],
};

function sees(sight: Sight, actor: WalkAgency, purpose: string): boolean {
  if (hiddenFrom(sight, actor)) return false;
  const { row, parts } = sight;
  const own = covers(actor, text(row['division']));
  if (purpose === 'SUPERVISION') return actor.kind === 'CIVIL_AFFAIRS' && actor.level !== 'COUNTY' && own;
  if (purpose !== 'SETTLEMENT') return false;
  const received = actor.kind === 'RESCUE_STATION' && (parts['returns'] ?? []).some(({ origin_agency: origin, stands }) => origin === actor.code && stands === true);
  const area = own && (actor.kind === 'TOWNSHIP' || (actor.kind === 'CIVIL_AFFAIRS' && actor.level === 'COUNTY'));
  const support = actor.kind === 'TOWNSHIP' && ['REGISTERED', 'PLACED', 'SUPPORTED', 'NOT_ELIGIBLE'].includes(sight.state) && covers(actor, text(row['hukou_division']));
  return row[PARTY[actor.kind] ?? ''] === actor.code || received || area || support;
}

const may = ({ row }: Sight, operation: string, { code }: WalkAgency): boolean => row[PARTY[DOORS[operation]?.kinds[0] ?? ''] ?? ''] === code;

async function leads(sight: Sight | null, { operation, input }: Attempt): Promise<Outcome> {
  const choice = text(input['decision']) ?? text(input['assessment']);
  const [from, to] = (sight?.row['track'] === 'LONG_STAY' ? LONG_STAY : HOMELESS)[choice ? `${operation} ${choice}` : operation] ?? [[], ''];
  return sight && from.includes(sight.state) ? { to } : refused('TRANSITION_NOT_ALLOWED');
}

async function input(operation: string, _sight: Sight | null, _actor: WalkAgency, { random, today }: Moment, to?: string): Promise<Row> {
  const document = { documentNo: `走字${random.below(1e6)}号`, documentDate: today };
  switch (operation) {
    case 'applyForSettlement': return { proofOfSearch: '公告、比对均无结果' };
    case 'returnForCompletion': case 'rejectHukouFiling': case 'resumeSettlementPlan': return { reason: '再办' };
    case 'submitSettlementPlan': return { plan: '安置', guardianship: '民政部门' };
    case 'recordGovernmentDecision': return { documentNo: document.documentNo, decidedOn: today, decision: { HUKOU_APPROVED: 'HUKOU', PLACEMENT_APPROVED: 'PLACEMENT', APPLIED: 'SENT_BACK' }[to ?? ''] ?? random.pick(['HUKOU', 'PLACEMENT', 'SENT_BACK']) };
    case 'fileHukou': return { hukouDivision: '320281104' };
    case 'registerHukou': return { registeredOn: today };
    case 'placeInInstitution': return { institution: '福利中心', placedOn: today };
    case 'assessSupport': return to === 'NOT_ELIGIBLE' || (to === undefined && random.chance(0.5)) ? { assessment: 'NOT_ELIGIBLE' } : { assessment: 'SUPPORTED', supportKind: '集中供养' };
    default: return document;
  }
}

const OWED: Record<string, [step: string, by: string]> = {
  DUE: ['applyForSettlement', 'station'], APPLIED: ['submitSettlementPlan', 'civil_affairs'], ACCEPTED: ['submitSettlementPlan', 'civil_affairs'], PLAN_SUBMITTED: ['recordGovernmentDecision', 'civil_affairs'], HUKOU_APPROVED: ['fileHukou', 'civil_affairs'],
  HUKOU_FILED: ['registerHukou', 'police'], REGISTERED: ['assessSupport', 'civil_affairs'], PLACEMENT_APPROVED: ['placeInInstitution', 'civil_affairs'],
};

/** Whoever is identified goes home with a notice, which is owed until it is sent. */
function owes({ state, row }: Sight): { must: readonly string[]; may: readonly string[] } {
  if (state === 'IDENTIFIED') return { must: [], may: [`sendReturnNotice ${String(row['station'])}`] };
  const [step, by] = state === 'PLACED' && row['track'] === 'HOMELESS_RETURNEE' ? ['assessSupport', 'civil_affairs'] : (OWED[state] ?? []);
  return { must: step && by ? [`${step} ${String(row[by])}`] : [], may: [] };
}

export const settlementMachine: WalkMachine = {
  name: 'settlement', record: 'SettlementCase', prefix: 'se', steps: SETTLEMENT_STEPS, doors: DOORS, begins: [], versioned: true, finished: ['SUPPORTED', 'NOT_ELIGIBLE', 'REVERSED', 'CLOSED'],
  stateSql: 'SELECT state FROM guitu.settlement_cases WHERE id = $1', rowSql: 'SELECT row_to_json(c) FROM guitu.settlement_cases c WHERE c.id = $1', transitions: { table: 'guitu.settlement_transitions', key: 'settlement_id' },
  partsSql: {
    returns: "SELECT json_agg(json_build_object('origin_agency', c.origin_agency, 'stands', c.confirmed_at IS NOT NULL AND c.state NOT IN ('DISPUTED', 'REFUSED', 'RECALLED', 'COORDINATING')) ORDER BY c.id) FROM guitu.return_cases c JOIN guitu.settlement_cases e ON e.person_id = c.person_id WHERE e.id = $1",
  },
  input, sees, may, leads, owes,
};
