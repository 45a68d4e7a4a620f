import type { Purpose } from '../../src/kernel/viewer.js';
import { RETURN_STEPS } from '../../src/ledgers/returns/returns.transitions.js';
import type { Facts } from '../../src/policy/decide.js';
import { world, worldId } from '../support/world.js';
import { agenciesOf } from './askers.js';
import type { Ledgers } from './decided-view.js';

/** One try of a mutation: who, with what input. It may be refused; what it gives back is compared either way. */
export interface Attempt { agency: string; input: Record<string, unknown>; matter?: string }

/** How a mutation is carried out: its purpose and input type, the tables made ready for it, and tries on records of every sort. */
export interface Step {
  purpose: Purpose;
  inputType: string;
  /** SQL of the owner, so that the step can be taken from where the records stand. */
  ready: string;
  attempts: (ledgers: Ledgers) => Attempt[];
  /** Payload fields that hold no cell, as they must come back. */
  plain?: (attempt: Attempt) => Record<string, unknown>;
}

const CODES = new Map(Object.keys(world.agencies).map((code) => [worldId('agency', code), code]));
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A case of each sort: minor or not or unknown, protected or not, confirmed or not, written by the destination or by the origin; for each kind of party. */
function casesOfEverySort({ facts, raw }: Ledgers, more: Record<string, unknown>): Attempt[] {
  const chosen = new Map<string, Attempt>();
  for (const [id, { attributes }] of facts.get('ReturnCase') ?? []) {
    for (const party of ['originAgency', 'destinationAgency', 'hukouAgency']) {
      const agency = CODES.get(text(attributes[party]));
      if (agency === undefined) continue;
      const sort = [party, world.agencies[agency]?.kind, attributes['minor'], attributes['protected'], attributes['confirmed'], attributes['authorAgency'] === attributes['destinationAgency']].join(' ');
      if (!chosen.has(sort)) chosen.set(sort, { agency, input: { id: `rc_${id}`, expectedVersion: raw.get('ReturnCase')?.get(id)?.['version'], ...more } });
    }
  }
  return [...chosen.values()];
}

/** Cases of each sort as their coordinator tries a step on them, under the case's own number. */
function coordinatedCases({ facts, raw }: Ledgers, more: Record<string, unknown>): Attempt[] {
  const chosen = new Map<string, Attempt>();
  for (const [id, { attributes }] of facts.get('ReturnCase') ?? []) {
    const sort = [attributes['minor'], attributes['protected'], attributes['onceConfirmed']].join(' ');
    if (!chosen.has(sort)) chosen.set(sort, { agency: 'civil-000000', matter: text(attributes['caseNo']), input: { id: `rc_${id}`, expectedVersion: raw.get('ReturnCase')?.get(id)?.['version'], ...more } });
  }
  return [...chosen.values()];
}

/** Every case coordinated by the ministry, which stands over both sides of each. */
const COORDINATED = "UPDATE guitu.return_cases SET state = 'COORDINATING', coordinator = (SELECT id FROM guitu.agencies WHERE code = 'civil-000000'), coordinated_by = ARRAY[(SELECT id FROM guitu.agencies WHERE code = 'civil-000000')]";
const coordinationStep = (inputType: string, more: Record<string, unknown> = {}): Step => ({ purpose: 'COORDINATION', inputType, ready: COORDINATED, attempts: (ledgers) => coordinatedCases(ledgers, more) });

/** Every case referred to a township and a partner, neither of which has answered. */
const REFERRED = `
WITH asked AS (SELECT id FROM guitu.agencies WHERE code IN ('township-320281100', 'insurance-320281')), moved AS (UPDATE guitu.return_cases SET state = 'REFERRED', referred_to = ARRAY(SELECT id FROM asked))
INSERT INTO guitu.return_referrals (case_id, person_id, referral_no, version, addressee, help_asked, referred_at, answer_by)
SELECT c.id, c.person_id, 'RF-' || c.case_no || a.id, 7, a.id, '{MEDICAL_INSURANCE}', now(), '2026-12-04' FROM guitu.return_cases c CROSS JOIN asked a
ON CONFLICT (case_id, addressee) DO UPDATE SET answered_at = NULL, measures = NULL, answer = NULL, version = 7, referral_no = excluded.referral_no`;

/** Cases of each sort as an addressee answers on them. */
function referredCases({ facts }: Ledgers): Attempt[] {
  const chosen = new Map<string, Attempt>();
  for (const [id, { attributes }] of facts.get('ReturnCase') ?? []) {
    for (const agency of ['township-320281100', 'insurance-320281']) {
      const sort = [agency, attributes['minor'], attributes['protected'], attributes['confirmed']].join(' ');
      if (!chosen.has(sort)) chosen.set(sort, { agency, input: { id: `rc_${id}`, referralNo: `RF-${text(attributes['caseNo'])}${worldId('agency', agency)}`, expectedVersion: 7, measures: ['MEDICAL_INSURANCE'], text: '试一试' } });
    }
  }
  return [...chosen.values()];
}

/** Every case without a home, called to 舒城. */
const WITHOUT_HOME = "UPDATE guitu.return_cases SET state = 'NO_HOME', hukou_place = '341523', hukou_agency = (SELECT id FROM guitu.agencies WHERE code = 'civil-341523')";

function caseStep(operation: string, inputType: string, more: Record<string, unknown> = {}): Step {
  const from = RETURN_STEPS.find((step) => step.operation === operation)?.from[0] ?? '';
  return { purpose: 'RETURN', inputType, ready: `UPDATE guitu.return_cases SET state = '${from}'`, attempts: (ledgers) => casesOfEverySort(ledgers, more) };
}

/** A person of each sort: minor or not, protected or not, with a number or without. */
function personsOfEverySort({ facts, raw }: Ledgers): { facts: Facts; idNumber: string }[] {
  const chosen = new Map<string, { facts: Facts; idNumber: string }>();
  for (const [id, one] of facts.get('Person') ?? []) {
    const idNumber = raw.get('Person')?.get(id)?.['idNumber'];
    if (typeof idNumber === 'string') chosen.set(`${one.attributes['minor']} ${one.attributes['protected']}`, { facts: one, idNumber });
  }
  return [...chosen.values()];
}

const NOTICE = { noticeDate: '2026-11-19', entryDate: '2026-11-18', leaveDate: '2026-11-19', returnMode: 'SELF', guardianAssessedOn: '2026-11-19', originDivision: '341523' };
const notices = (ledgers: Ledgers): Attempt[] => agenciesOf('RESCUE_STATION').slice(0, 2).flatMap((agency) => personsOfEverySort(ledgers).map(({ idNumber }, index) => ({ agency, input: { ...NOTICE, noticeNo: `试-${index}`, subject: { idNumber } } })));

/** Households with the numbers of persons that the office may not see. */
const households = (ledgers: Ledgers): Attempt[] => agenciesOf('POVERTY_RELIEF').map((agency) => ({
  agency, input: { households: personsOfEverySort(ledgers).map(({ idNumber }, index) => ({ householdNo: `TRY-${index}`, headName: '试户', division: '320281100', kind: 'REGISTERED', members: [{ name: '试户', idNumber }] })) },
}));
const flags = (ledgers: Ledgers): Attempt[] => [...(ledgers.raw.get('RegisteredHousehold') ?? [])].flatMap(([id]) => agenciesOf('CIVIL_AFFAIRS').filter((agency) => world.agencies[agency]?.level === 'COUNTY').map((agency) => ({ agency, input: { householdId: `hh_${id}` } })));
const ALL_PROPOSED = "UPDATE guitu.household_flags SET state = 'PROPOSED', contact_agency = NULL, decided_at = NULL, decided_by = NULL, reason = NULL, release_on = NULL";

/** Every mutation of the schema; the walker reports one that is missing here. */
export const STEPS: Readonly<Record<string, Step>> = {
  sendReturnNotice: { purpose: 'RETURN', inputType: 'SendReturnNoticeInput', ready: 'SELECT 1', attempts: notices },
  acknowledgeReturn: caseStep('acknowledgeReturn', 'ReturnStepInput', { note: '试一试' }),
  disputeReturn: caseStep('disputeReturn', 'ReturnReasonInput', { code: 'OTHER', text: '试一试' }),
  refuseReturn: caseStep('refuseReturn', 'ReturnReasonInput', { code: 'OTHER', text: '试一试' }),
  rerouteReturn: caseStep('rerouteReturn', 'RerouteReturnInput', { originDivision: '320200' }),
  recallReturn: caseStep('recallReturn', 'ReturnReasonInput', { code: 'OTHER' }),
  receiveReturnee: caseStep('receiveReturnee', 'ReceiveReturneeInput', { receivedOn: '2026-11-20' }),
  confirmHome: caseStep('confirmHome', 'ReturnStepInput'),
  recordHomeCheck: caseStep('recordHomeCheck', 'RecordHomeCheckInput', { checkedOn: '2026-11-20', difficulties: ['LIVELIHOOD'], text: '试一试' }),
  draftReturnNotice: { purpose: 'RETURN', inputType: 'SendReturnNoticeInput', ready: 'SELECT 1', attempts: notices },
  sendReturnDraft: caseStep('sendReturnDraft', 'SendReturnDraftInput', { guardianAssessedOn: '2026-11-19', fitToTravel: true }),
  reportRefusalUp: caseStep('reportRefusalUp', 'ReturnStepInput', { note: '试一试' }),
  passRefusalUp: { ...coordinationStep('ReturnStepInput'), ready: COORDINATED.replaceAll('civil-000000', 'civil-320000'), attempts: (ledgers) => coordinatedCases(ledgers, {}).map((attempt) => ({ ...attempt, agency: 'civil-320000' })) },
  withdrawRefusal: { ...caseStep('withdrawRefusal', 'ReturnStepInput'), ready: COORDINATED },
  directReturn: coordinationStep('DirectReturnInput', { receiver: 'station-320281', receiveBy: '2026-11-27' }),
  upholdRefusal: coordinationStep('ReturnReasonInput', { code: 'NOT_RESIDENT' }),
  reportNotArrived: caseStep('reportNotArrived', 'ReturnStepInput'),
  reportFound: caseStep('reportFound', 'ReturnStepInput'),
  endTrace: caseStep('endTrace', 'ReturnStepInput'),
  reportKinRefused: caseStep('reportKinRefused', 'ReturnStepInput'),
  reportNoHome: caseStep('reportNoHome', 'ReportNoHomeInput', { hukouDivision: '341523' }),
  acceptForSettlement: { ...caseStep('acceptForSettlement', 'ReturnStepInput'), ready: WITHOUT_HOME },
  referForAid: { ...caseStep('referForAid', 'ReferForAidInput', { referrals: [{ addressee: 'township-320281100', helpAsked: ['SUBSISTENCE_ALLOWANCE'], details: '试一试' }] }), ready: "WITH emptied AS (DELETE FROM guitu.return_referrals) UPDATE guitu.return_cases SET state = 'HOME_CHECKED', referred_to = '{}'" },
  answerReferral: { purpose: 'RETURN', inputType: 'AnswerReferralInput', ready: REFERRED, attempts: referredCases },
  closeReturn: { ...caseStep('closeReturn', 'CloseReturnInput', { outcome: 'DIED' }), ready: "UPDATE guitu.return_cases SET state = 'AT_HOME'" },
  confirmReturn: { ...caseStep('confirmReturn', 'ReturnStepInput'), ready: "UPDATE guitu.return_cases SET state = 'ACKNOWLEDGED', confirmed_at = NULL WHERE author_agency = origin_agency" },
  registerHouseholds: { purpose: 'POVERTY_RELIEF', inputType: 'RegisterHouseholdsInput', ready: 'SELECT 1', attempts: households, plain: ({ input }) => ({ registered: (input['households'] as unknown[]).length, updated: 0, refused: [] }) },
  flagHouseholds: { purpose: 'POVERTY_RELIEF', inputType: 'FlagHouseholdsInput', ready: 'SELECT 1', attempts: () => agenciesOf('POVERTY_RELIEF').map((agency) => ({ agency, input: {} })), plain: () => ({ accepted: Object.keys(world.households).length }) },
  confirmFlag: { purpose: 'POVERTY_RELIEF', inputType: 'HouseholdFlagInput', ready: ALL_PROPOSED, attempts: flags },
  clearFlag: { purpose: 'POVERTY_RELIEF', inputType: 'HouseholdFlagInput', ready: ALL_PROPOSED, attempts: flags },
};

