import type { Purpose } from '../../src/kernel/viewer.js';
import { AT_RISK_STEPS } from '../../src/ledgers/at-risk/at-risk.transitions.js';
import { INQUIRY_STEPS } from '../../src/ledgers/inquiries/inquiries.transitions.js';
import { RETURN_STEPS } from '../../src/ledgers/returns/returns.transitions.js';
import { SETTLEMENT_STEPS } from '../../src/ledgers/settlement/settlement.transitions.js';
import type { Facts } from '../../src/policy/decide.js';
import { world, worldId } from '../support/world.js';
import { agenciesOf } from './askers.js';
import type { Ledgers } from './decided-view.js';

/** One try of a mutation: who, with what input, and for which purpose where it is not the step's. It may be refused; what it gives back is compared either way. */
export interface Attempt { agency: string; input: Record<string, unknown>; matter?: string; purpose?: Purpose }

/** How a mutation is carried out: its purpose and input type, the tables made ready for it, and tries on records of every sort. */
export interface Step {
  purpose: Purpose;
  inputType: string;
  /** SQL of the owner, so that the step can be taken from where the records stand. */
  ready: string;
  attempts: (ledgers: Ledgers) => Attempt[];
  /** Payload fields that hold no cell, as they must come back; a pattern for what is drawn at random. */
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

/** The same, saying of each who it is about. */
const claimedCases = (ledgers: Ledgers): Attempt[] => casesOfEverySort(ledgers, {}).map(({ agency, input }) => {
  const { idNumber, name } = (ledgers.raw.get('ReturnCase')?.get(text(input['id']).slice(3))?.['subject'] ?? {}) as { idNumber?: string | null; name?: string | null };
  return { agency, input: { ...input, ...(idNumber ? { idNumber } : { name }) } };
});

/** An entry of each sort, for each agency that keeps it: who registered it, its township, its station, its county, the county next door. */
function entriesOfEverySort({ facts, raw }: Ledgers, more: Record<string, unknown>): Attempt[] {
  const chosen = new Map<string, Attempt>();
  for (const [id, { attributes }] of facts.get('AtRiskEntry') ?? []) {
    const keepers = ['enrolledBy', 'township', 'revisitStation'].map((name) => CODES.get(text(attributes[name])));
    for (const agency of [...keepers, ...agenciesOf('CIVIL_AFFAIRS').filter((code) => world.agencies[code]?.level === 'COUNTY')]) {
      if (agency === undefined) continue;
      const sort = [agency, attributes['minor'], attributes['protected']].join(' ');
      if (!chosen.has(sort)) chosen.set(sort, { agency, input: { id: `ar_${id}`, expectedVersion: raw.get('AtRiskEntry')?.get(id)?.['version'], ...more } });
    }
  }
  return [...chosen.values()];
}

/** Before records are put into another state: what they owe in theirs is owed no more. */
const withoutDuties = (which: string): string => `WITH ended AS (UPDATE guitu.duties SET ended = 'VOID', ended_at = started_at, next_at = NULL WHERE ${which} AND ended IS NULL)`;

function entryStep(operation: string, inputType: string, more: Record<string, unknown> = {}, ready = 'transfer_to = NULL'): Step {
  const from = AT_RISK_STEPS.find((step) => step.operation === operation)?.from[0] ?? '';
  return { purpose: 'AT_RISK_CARE', inputType, ready: `${withoutDuties("record = 'AtRiskEntry'")} UPDATE guitu.at_risk_entries SET state = '${from}', ended_on = NULL, end_reason = NULL, ${ready}`, attempts: (ledgers) => entriesOfEverySort(ledgers, more) };
}

const OBSERVED = { riskClasses: ['ELDERLY_LIVING_ALONE'], careCodes: ['PHONE_CALL'] };
/** From returns of every sort, by whoever received them; and from a survey with numbers of persons that the county may not see. */
const enrolments = (ledgers: Ledgers): Attempt[] => [
  { agency: 'station-320281', input: { ...OBSERVED, division: '320281104', caseNo: 'GT-DRYBA-6CMCV' } },
  ...casesOfEverySort(ledgers, {}).map(({ agency, input }) => ({ agency, input: { ...OBSERVED, division: '320281104', caseNo: text(ledgers.raw.get('ReturnCase')?.get(String(input['id']).slice(3))?.['caseNo']) } })),
  ...personsOfEverySort(ledgers).map(({ idNumber }) => ({ agency: 'civil-320281', input: { ...OBSERVED, division: '320281100', surveyed: { name: '试调查', idNumber } } })),
];
/** The second return of the person of one entry, by the county that keeps it and the county next door. */
const reopenings = ({ raw }: Ledgers): Attempt[] => ['civil-320281', 'civil-341523'].map((agency) => {
  const id = worldId('entry', 'zhou-liangdu-entry');
  return { agency, input: { id: `ar_${id}`, expectedVersion: raw.get('AtRiskEntry')?.get(id)?.['version'], caseNo: 'GT-09T0A-KXZE5' } };
});
/** Numbers that nobody has: whom a match names is for a test of its own. */
const entrants = (): Attempt[] => agenciesOf('RESCUE_STATION').map((agency) => ({ agency, input: { idNumber: '990101197004120353' } }));

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

/** Every case without a home, called to 舒城, whose civil affairs receives, or to a station. */
const WITHOUT_HOME = `UPDATE guitu.return_cases SET state = 'NO_HOME', hukou_place = '341523',
  hukou_agency = (SELECT id FROM guitu.agencies WHERE code = CASE WHEN entry_date < '2026-11-01' THEN 'civil-341523' ELSE 'station-320200' END)`;
function caseStep(operation: string, inputType: string, more: Record<string, unknown> = {}): Step {
  const from = RETURN_STEPS.find((step) => step.operation === operation)?.from[0] ?? '';
  return { purpose: 'RETURN', inputType, ready: `UPDATE guitu.return_cases SET state = '${from}'`, attempts: (ledgers) => casesOfEverySort(ledgers, more) };
}

/** A settlement of each sort for each of its parties, on a track that has the step. */
function settlementStep(operation: string, party: 'station' | 'civilAffairs' | 'police', inputType: string, more: Record<string, unknown>): Step {
  const [from] = SETTLEMENT_STEPS.find((step) => step.operation === operation && !step.tracks?.includes('HOMELESS_RETURNEE'))?.from ?? [];
  return {
    purpose: 'SETTLEMENT', inputType, ready: `UPDATE guitu.settlement_cases SET track = 'LONG_STAY', state = '${from ?? ''}', police = coalesce(police, (SELECT id FROM guitu.agencies WHERE code = 'police-320281'))`,
    attempts: ({ facts, raw }) => [...(facts.get('SettlementCase') ?? [])].flatMap(([id, { attributes }]) => {
      const agency = CODES.get(text(attributes[party]));
      return agency === undefined ? [] : [{ agency, input: { id: `se_${id}`, expectedVersion: raw.get('SettlementCase')?.get(id)?.['version'], ...more } }];
    }),
  };
}

/** Every stay, opened again by the owner. */
const stayStep = (inputType: string, more: Record<string, unknown>): Step => ({
  purpose: 'SETTLEMENT', inputType, ready: "UPDATE guitu.stays SET state = 'ENTRUSTED', left_on = NULL, left_how = NULL",
  attempts: ({ facts, raw }) => [...(facts.get('Stay') ?? [])].flatMap(([id, { attributes }]) => {
    const agency = CODES.get(text(attributes['station']));
    return agency === undefined ? [] : [{ agency, input: { id: `st_${id}`, expectedVersion: raw.get('Stay')?.get(id)?.['version'], ...more } }];
  }),
});

/** What each agency of an inquiry reads under its number: what the station wrote, and the person whom it is about. */
const inquiriesReported = ({ facts, raw }: Ledgers): Attempt[] => [...(facts.get('IdentityInquiry') ?? [])].flatMap(([id, { attributes }]) => ['station', 'police', 'civilAffairs'].flatMap((party): Attempt[] => {
  const [agency, matter, personId] = [CODES.get(text(attributes[party])), text(attributes['inquiryNo']), raw.get('IdentityInquiry')?.get(id)?.['person']];
  const asking = { agency: agency ?? 'station-320200', purpose: 'IDENTITY' as const, matter };
  return [{ ...asking, input: { id: `iq_${id}`, field: 'features', claim: '试一试' } }, { ...asking, input: { id: `iq_${id}`, field: 'answers.1.note', claim: '试一试' } }, { ...asking, input: { id: `pe_${String(personId)}`, field: 'name', claim: '试一试' } }];
}));

/** Cells of every ledger, for whoever holds one: both sides and the county, a township, public security, a partner. */
const requests = (ledgers: Ledgers): Attempt[] => [
  ...casesOfEverySort(ledgers, {}).map(({ agency, input: { id } }, index): Attempt => ({ agency, input: { id, field: ['homeCheck', 'noticeNo', 'subject.name'][index % 3], claim: '试一试' } })),
  ...referredCases(ledgers).map(({ agency, input: { id } }): Attempt => ({ agency, input: { id, field: 'referrals', claim: '试一试' } })),
  ...[...(ledgers.facts.get('Person')?.keys() ?? [])].flatMap((id) => ([['station-320281', 'RETURN'], ['civil-320281', 'RETURN'], ['township-320281104', 'AT_RISK_CARE'], ['civil-320281', 'POVERTY_RELIEF']] as const).map(([agency, purpose]): Attempt => ({ agency, purpose, input: { id: `pe_${id}`, field: 'name', claim: '试一试' } }))),
  ...[...(ledgers.facts.get('SettlementCase') ?? [])].flatMap(([id, { attributes }]) => ['police', 'station'].flatMap((party): Attempt[] => [{ agency: CODES.get(text(attributes[party])) ?? 'police-320281', purpose: 'SETTLEMENT', input: { id: `se_${id}`, field: 'hukouDivision', claim: '试一试' } }])),
  ...inquiriesReported(ledgers),
  ...[...(ledgers.facts.get('RegisteredHousehold')?.keys() ?? [])].flatMap((id) => ['poverty-320281', 'civil-320281'].map((agency): Attempt => ({ agency, purpose: 'POVERTY_RELIEF', input: { id: `hh_${id}`, field: 'help.1.text', claim: '试一试' } }))),
];

/** Every correction, for its provider, its asker and an agency that is neither. */
const corrections = ({ facts, raw }: Ledgers): Attempt[] => [...(facts.get('Correction') ?? [])].flatMap(([id, { attributes }], index) => [CODES.get(text(attributes['provider'])) ?? '', CODES.get(text(attributes['askedBy'])) ?? '', 'station-320200'].map((agency): Attempt => ({
  agency, purpose: agency === CODES.get(text(attributes['provider'])) ? (text(attributes['providerLedger']) as Purpose) : 'RETURN', matter: text(attributes['sourceNumber']), input: { id: `co_${id}`, expectedVersion: raw.get('Correction')?.get(id)?.['version'], outcome: ['CORRECTED', 'REFUSED'][index % 2], answer: '试一试' },
})));
/** Each correction as it is, and once more to be answered by an agency of every other kind. */
const ALL_ASKED = `WITH opened AS (UPDATE guitu.corrections SET state = 'OPEN', answered_at = NULL, answer = NULL)
INSERT INTO guitu.corrections (version, correction_no, state, record, record_id, field, person_id, born_on, ledger, asked_by, by_user, asked_at, claim, provider, provider_ledger, source_no, shown_as, answer_by)
SELECT c.version, c.correction_no || one.code || one.ledger, 'OPEN', c.record, c.record_id, c.field || one.code || one.ledger, c.person_id, c.born_on, c.ledger, c.asked_by, '试', c.asked_at, c.claim || one.code, a.id, one.ledger, c.source_no, '[]', c.answer_by
FROM guitu.corrections c CROSS JOIN (VALUES ('civil-341523', 'RETURN'), ('township-320281100', 'AT_RISK_CARE'), ('police-320281', 'SETTLEMENT'), ('police-320281', 'IDENTITY'), ('insurance-320281', 'RETURN'), ('poverty-320281', 'POVERTY_RELIEF')) AS one(code, ledger) JOIN guitu.agencies a ON a.code = one.code`;

/** Every inquiry for each agency that has a part in it, under its own number; for an act that moves none, open. */
function inquiryStep(operation: string, parties: readonly string[], inputType: string, more: Record<string, unknown> = {}, ready = ''): Step {
  const state = INQUIRY_STEPS.find((step) => step.operation === operation)?.from[0] ?? 'OPEN';
  return {
    purpose: 'IDENTITY', inputType,
    ready: `UPDATE guitu.identity_inquiries SET state = '${state}', outcome = NULL, resume_state = ${state === 'CANDIDATE' ? "'OPEN'" : 'NULL'}${ready}`,
    attempts: ({ facts, raw }) => [...(facts.get('IdentityInquiry') ?? [])].flatMap(([id, { attributes }]) => parties.flatMap((party) => {
      const agency = CODES.get(text(attributes[party]));
      return agency === undefined ? [] : [{ agency, matter: text(attributes['inquiryNo']), input: { id: `iq_${id}`, expectedVersion: raw.get('IdentityInquiry')?.get(id)?.['version'], ...more } }];
    })),
  };
}
/** Every report, open, for its own agency under its own number, and for another. */
const reportStep = (inputType: string, more: Record<string, unknown>): Step => ({
  purpose: 'IDENTITY', inputType, ready: "UPDATE guitu.missing_reports SET state = 'OPEN', closed_at = NULL, closed_by = NULL",
  attempts: ({ facts, raw }) => [...(facts.get('MissingReport') ?? [])].flatMap(([id, { attributes }]) => [CODES.get(text(attributes['reporter'])) ?? '', 'police-000000'].map((agency) => ({
    agency, matter: text(attributes['reportNo']), input: { id: `mr_${id}`, expectedVersion: raw.get('MissingReport')?.get(id)?.['version'], ...more },
  }))),
});
const MISSING = { name: '试一试', missingSince: '2026-11-01', kinPhone: '0000-0000000' };

/** At the last level, where nobody is left to be asked. */
const AT_THE_MINISTRY = ", police = (SELECT id FROM guitu.agencies WHERE code = 'police-000000')";
const ASKED = ['police', 'askedAtCounty', 'askedAtProvince'];
/** The candidate that the world knows, of the inquiry that knows it. */
const CANDIDATE = { candidateNo: 'CA-2N6RT-8HJX5' };
const DOCUMENT = { documentNo: '试字1号', documentDate: '2026-11-20' };

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
/** Every household's flag confirmed and released; the office and both sorts of counties try to help it. */
const helpings = (ledgers: Ledgers): Attempt[] => [...flags(ledgers), ...[...(ledgers.raw.get('RegisteredHousehold') ?? [])].map(([id]) => ({ agency: 'poverty-320281', input: { householdId: `hh_${id}` } }))]
  .map(({ agency, input }) => ({ agency, input: { ...input, measures: ['CARE_VISIT'], helpedOn: '2026-11-20', text: '试一试' } }));
const ALL_RELEASED = "UPDATE guitu.household_flags SET state = 'CONFIRMED', contact_agency = (SELECT id FROM guitu.agencies WHERE code = 'civil-320281'), release_on = '2026-11-01'";
const ALL_PROPOSED = "UPDATE guitu.household_flags SET state = 'PROPOSED', contact_agency = NULL, decided_at = NULL, decided_by = NULL, reason = NULL, release_on = NULL";

/** Persons for a station and a county department in turn, so that neither finds everything done; and for two agencies from which most of them are hidden. */
const people = (more: (agency: string, id: string) => Record<string, unknown>) => ({ facts }: Ledgers): Attempt[] =>
  [...(facts.get('Person')?.keys() ?? [])].flatMap((id, index) => [['civil-320281', 'station-320281'][index % 2] ?? '', ['station-120000', 'civil-341523'][index % 2] ?? ''].map((agency) => ({ agency, input: { id: `pe_${id}`, ...more(agency, id) } })));

/** Pairs of persons whom a county received, each pair for one of its agencies; and pairs of which one is hidden. */
function pairsOfPeople({ facts }: Ledgers): Attempt[] {
  const idOf = new Map([...(facts.get('Person') ?? [])].map(([id, person]) => [person, id]));
  const received = [...new Set([...(facts.get('ReturnCase')?.values() ?? [])].filter(({ attributes }) => attributes['confirmed'] === true && text(attributes['originAgency']) === worldId('agency', 'station-320281')).flatMap(({ links }) => links?.['person'] ?? []))];
  const ids = received.filter(({ attributes }) => attributes['protected'] === false).flatMap((person) => idOf.get(person) ?? []);
  const hidden = [...idOf.values()].filter((id) => !ids.includes(id));
  return ids.flatMap((id, index) => [index % 2 === 0 && ids[index + 1] ? { mergedId: `pe_${ids[index + 1]}` } : { mergedId: `pe_${hidden[index % hidden.length]}` }].map((more) => ({ agency: ['civil-320281', 'station-320281'][(index >> 1) % 2] ?? '', input: { id: `pe_${id}`, ...more, reason: '试一试' } })));
}
/** A merge for every person, with somebody of whom no ledger speaks any more. */
const ALL_MERGED = `WITH made AS (INSERT INTO guitu.persons (id, identity_state, merged_into) SELECT md5(id::text)::uuid, 'MERGED', id FROM guitu.persons RETURNING id, merged_into)
  INSERT INTO guitu.person_merges (merge_no, kept, merged, merged_was, agency_id, by_user, reason, at) SELECT 'PM-' || merged_into, merged_into, id, 'CLAIMED', (SELECT id FROM guitu.agencies WHERE code = 'civil-320281'), '试', '试', '2026-11-20T09:00:00+08:00' FROM made`;
const ALL_HELD = "INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) SELECT p.id, a.id, a.division, '2026-11-01', '试' FROM guitu.persons p, guitu.agencies a WHERE a.code = 'station-320281' ON CONFLICT (person_id) DO UPDATE SET holding_agency = excluded.holding_agency, holding_division = excluded.holding_division";

/** Every mutation of the schema; the walker reports one that is missing here. */
export const STEPS: Readonly<Record<string, Step>> = {
  sendReturnNotice: { purpose: 'RETURN', inputType: 'SendReturnNoticeInput', ready: 'SELECT 1', attempts: notices },
  acknowledgeReturn: caseStep('acknowledgeReturn', 'ReturnStepInput', { note: '试一试', ...DOCUMENT }),
  disputeReturn: caseStep('disputeReturn', 'ReturnReasonInput', { code: 'OTHER', text: '试一试' }),
  refuseReturn: caseStep('refuseReturn', 'ReturnReasonInput', { code: 'OTHER', text: '试一试' }),
  rerouteReturn: caseStep('rerouteReturn', 'RerouteReturnInput', { originDivision: '320200' }),
  recallReturn: caseStep('recallReturn', 'ReturnReasonInput', { code: 'OTHER' }),
  // As if none of them had come yet: the revisit is owed from the reception, once.
  receiveReturnee: {
    ...caseStep('receiveReturnee', 'ReceiveReturneeInput', { receivedOn: '2026-11-20', ...DOCUMENT }),
    ready: `${withoutDuties("step = 'stationRevisit'")} UPDATE guitu.return_cases SET state = 'ACKNOWLEDGED'`,
  },
  confirmHome: caseStep('confirmHome', 'ReturnStepInput'),
  recordHomeCheck: caseStep('recordHomeCheck', 'RecordHomeCheckInput', { checkedOn: '2026-11-20', difficulties: ['LIVELIHOOD'], text: '试一试' }),
  recordReturneeRevisit: {
    purpose: 'RETURN', inputType: 'RecordReturneeRevisitInput', ready: "UPDATE guitu.return_cases SET state = 'AT_HOME', outcome = NULL, received_at = '2026-11-19T09:00:00+08:00'",
    attempts: (ledgers) => casesOfEverySort(ledgers, { visitedOn: '2026-11-20', manner: 'PHONE', result: 'NOBODY_THERE', note: '试一试' }),
  },
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
  confirmReturn: { ...caseStep('confirmReturn', 'ConfirmReturnInput'), attempts: claimedCases, ready: "UPDATE guitu.return_cases SET state = 'ACKNOWLEDGED', confirmed_at = NULL WHERE author_agency = origin_agency" },
  correctReturn: { ...caseStep('correctReturn', 'CorrectReturnInput', { helpReason: '试一试', reason: '试一试' }), ready: "UPDATE guitu.return_cases c SET state = 'SENT', author_agency = CASE a.kind WHEN 'CIVIL_AFFAIRS' THEN c.origin_agency ELSE c.author_agency END FROM guitu.agencies a WHERE a.id = c.origin_agency" },
  requestCorrection: { purpose: 'RETURN', inputType: 'RequestCorrectionInput', ready: REFERRED.replace('WITH asked', 'WITH emptied AS (DELETE FROM guitu.corrections), asked'), attempts: requests },
  answerCorrection: { purpose: 'RETURN', inputType: 'AnswerCorrectionInput', ready: ALL_ASKED, attempts: corrections },
  mergePeople: { purpose: 'RETURN', inputType: 'MergePeopleInput', ready: 'SELECT 1', attempts: pairsOfPeople, plain: () => ({ mergeNo: /^PM-[0-9A-Z]{5}-[0-9A-Z]{5}$/u }) },
  splitPeople: { purpose: 'RETURN', inputType: 'SplitPeopleInput', ready: ALL_MERGED, attempts: people((_agency, id) => ({ mergeNo: `PM-${id}`, reason: '试一试' })) },
  protectPerson: { purpose: 'RETURN', inputType: 'ProtectPersonInput', ready: 'SELECT 1', attempts: people((agency) => ({ basis: '试一试', ...(agency.startsWith('civil') && { holdingAgency: 'station-320281' }) })) },
  endProtection: { purpose: 'RETURN', inputType: 'EndProtectionInput', ready: ALL_HELD, attempts: people(() => ({ reason: '试一试' })) },
  applyForSettlement: settlementStep('applyForSettlement', 'station', 'ApplyForSettlementInput', { proofOfSearch: '试一试' }),
  returnForCompletion: settlementStep('returnForCompletion', 'civilAffairs', 'SettlementReasonInput', { reason: '试一试' }),
  submitSettlementPlan: settlementStep('submitSettlementPlan', 'civilAffairs', 'SubmitSettlementPlanInput', { plan: '试一试', guardianship: '试一试' }),
  recordGovernmentDecision: settlementStep('recordGovernmentDecision', 'civilAffairs', 'RecordGovernmentDecisionInput', { decision: 'HUKOU', documentNo: '试字1号', decidedOn: '2026-11-20' }),
  fileHukou: settlementStep('fileHukou', 'civilAffairs', 'FileHukouInput', { hukouDivision: '320281104' }),
  rejectHukouFiling: settlementStep('rejectHukouFiling', 'police', 'SettlementReasonInput', { reason: '试一试' }),
  registerHukou: settlementStep('registerHukou', 'police', 'RegisterHukouInput', { registeredOn: '2026-11-20' }),
  placeInInstitution: { ...settlementStep('placeInInstitution', 'civilAffairs', 'PlaceInInstitutionInput', { institution: '试一试', placedOn: '2026-11-20' }), ready: "UPDATE guitu.settlement_cases SET state = 'PLACEMENT_APPROVED'" },
  resumeSettlementPlan: settlementStep('resumeSettlementPlan', 'civilAffairs', 'SettlementReasonInput', { reason: '试一试' }),
  assessSupport: settlementStep('assessSupport', 'civilAffairs', 'AssessSupportInput', { assessment: 'SUPPORTED', supportKind: '试一试' }),
  recordIdentified: settlementStep('recordIdentified', 'station', 'SettlementDocumentInput', DOCUMENT),
  reverseHukou: settlementStep('reverseHukou', 'police', 'SettlementDocumentInput', DOCUMENT),
  closeSettlement: settlementStep('closeSettlement', 'civilAffairs', 'SettlementDocumentInput', DOCUMENT),
  openStay: { purpose: 'SETTLEMENT', inputType: 'OpenStayInput', ready: 'SELECT 1', attempts: () => agenciesOf('RESCUE_STATION').map((agency) => ({ agency, input: { enteredOn: '2026-11-20', calledName: '试一试' } })) },
  moveStay: stayStep('MoveStayInput', { place: 'HOSPITAL', since: '2026-11-20' }),
  updateTracing: stayStep('UpdateTracingInput', { publishedOn: '2026-11-20' }),
  endStay: stayStep('EndStayInput', { leftOn: '2026-11-20', how: 'LEFT' }),
  recordDnaRequest: { ...stayStep('RecordDnaRequestInput', { requestedOn: '2026-11-20' }), ready: "UPDATE guitu.stays SET state = 'ENTRUSTED', left_on = NULL, left_how = NULL, dna_requested_on = NULL" },
  recordDnaSample: { ...stayStep('RecordDnaSampleInput', { sampledOn: '2026-11-20', sampleNo: '试一试' }), ready: "UPDATE guitu.stays SET state = 'ENTRUSTED', left_on = NULL, left_how = NULL, dna_sampled_on = NULL, dna_sample_no = NULL" },
  openInquiry: {
    purpose: 'IDENTITY', inputType: 'OpenInquiryInput', ready: "UPDATE guitu.identity_inquiries SET state = 'WITHDRAWN', outcome = 'LEFT', resume_state = NULL",
    attempts: () => agenciesOf('RESCUE_STATION').map((agency) => ({ agency, input: { stayNo: 'ST-4H7QE-0ZD9W', ownComparison: '试一试', methods: ['FACE'] } })),
  },
  answerInquiry: inquiryStep('answerInquiry', ASKED, 'AnswerInquiryInput', { answer: 'HIT', candidates: [{ method: 'FACE', name: '试一试' }] }),
  passInquiryUp: inquiryStep('passInquiryUp', ['civilAffairs'], 'InquiryStepInput'),
  askPublicSecurity: inquiryStep('askPublicSecurity', ['civilAffairs'], 'InquiryStepInput', {}, ", police = coalesce(asked_county, police)"),
  confirmCandidate: inquiryStep('confirmCandidate', ['station'], 'ConfirmCandidateInput', CANDIDATE),
  rejectCandidate: inquiryStep('rejectCandidate', ['station'], 'RejectCandidateInput', { ...CANDIDATE, reason: '试一试' }),
  exhaustInquiry: inquiryStep('exhaustInquiry', ['civilAffairs'], 'InquiryStepInput', {}, AT_THE_MINISTRY),
  reopenInquiry: inquiryStep('reopenInquiry', ['station'], 'ReopenInquiryInput', { newEvidence: '试一试' }),
  withdrawInquiry: inquiryStep('withdrawInquiry', ['station'], 'WithdrawInquiryInput', { reason: 'TOLD_US', ...DOCUMENT }),
  enrolAtRisk: { purpose: 'AT_RISK_CARE', inputType: 'EnrolAtRiskInput', ready: "DELETE FROM guitu.follow_up_visits; DELETE FROM guitu.at_risk_entries WHERE state = 'ACTIVE'", attempts: enrolments },
  requestCompletion: entryStep('requestCompletion', 'AtRiskReasonInput', { reason: '试一试', ...DOCUMENT }),
  resubmitAtRiskEntry: entryStep('resubmitAtRiskEntry', 'ResubmitAtRiskEntryInput', OBSERVED),
  rejectAtRiskEntry: entryStep('rejectAtRiskEntry', 'AtRiskReasonInput', { reason: '试一试' }),
  approveAtRiskEntry: entryStep('approveAtRiskEntry', 'ApproveAtRiskEntryInput', { township: 'township-320281104' }),
  sendRoster: entryStep('sendRoster', 'SendRosterInput', { township: 'township-320281100' }),
  recordVisit: entryStep('recordVisit', 'RecordVisitInput', { visitedOn: '2026-11-20', manner: 'PHONE', result: 'STABLE', note: '试一试' }),
  recordRevisit: entryStep('recordRevisit', 'RecordVisitInput', { visitedOn: '2026-11-20', manner: 'PHONE', result: 'NOBODY_THERE' }),
  reportWandering: entryStep('reportWandering', 'ReportWanderingInput', { discoveredAt: '2026-11-19T20:00:00+08:00' }),
  reportEntrant: { purpose: 'AT_RISK_CARE', inputType: 'ReportEntrantInput', ready: 'SELECT 1', attempts: entrants, plain: () => ({ contacts: [] }) },
  recordReturned: entryStep('recordReturned', 'RecordReturnedInput', { returnedOn: '2026-11-19' }),
  recordFalseAlarm: entryStep('recordFalseAlarm', 'AtRiskStepInput'),
  transferAtRiskEntry: entryStep('transferAtRiskEntry', 'TransferAtRiskEntryInput', { division: '341523102' }),
  acceptTransfer: entryStep('acceptTransfer', 'AcceptTransferInput', { township: 'township-320281104' }, "transfer_to = '320281104'"),
  endAtRiskEntry: entryStep('endAtRiskEntry', 'EndAtRiskEntryInput', { reason: 'ERROR' }),
  reopenAtRiskEntry: { ...entryStep('reopenAtRiskEntry', 'ReopenAtRiskEntryInput'), attempts: reopenings },
  compareMissingReports: inquiryStep('compareMissingReports', ['station'], 'CompareMissingReportsInput'),
  answerMissingCandidate: inquiryStep('answerMissingCandidate', ['station'], 'AnswerMissingCandidateInput', { reportNo: 'MR-H5C2V-1KD8P', verdict: 'NOT_THE_SAME', reason: '试一试' }),
  reportMissing: {
    purpose: 'IDENTITY', inputType: 'ReportMissingInput', ready: 'SELECT 1',
    attempts: (ledgers) => agenciesOf('PUBLIC_SECURITY').flatMap((agency) => [{ agency, input: { details: MISSING } }, ...personsOfEverySort(ledgers).map(({ idNumber }) => ({ agency, input: { details: { ...MISSING, idNumber } } }))]),
  },
  amendMissingReport: reportStep('AmendMissingReportInput', { details: MISSING }),
  closeMissingReport: reportStep('CloseMissingReportInput', { outcome: 'WITHDRAWN', note: '试一试' }),
  registerHouseholds: { purpose: 'POVERTY_RELIEF', inputType: 'RegisterHouseholdsInput', ready: 'SELECT 1', attempts: households, plain: ({ input }) => ({ registered: (input['households'] as unknown[]).length, updated: 0, refused: [] }) },
  flagHouseholds: { purpose: 'POVERTY_RELIEF', inputType: 'FlagHouseholdsInput', ready: 'SELECT 1', attempts: () => agenciesOf('POVERTY_RELIEF').map((agency) => ({ agency, input: {} })), plain: () => ({ accepted: Object.keys(world.households).length }) },
  confirmFlag: { purpose: 'POVERTY_RELIEF', inputType: 'HouseholdFlagInput', ready: ALL_PROPOSED, attempts: flags },
  recordHouseholdHelp: { purpose: 'POVERTY_RELIEF', inputType: 'RecordHouseholdHelpInput', ready: ALL_RELEASED, attempts: helpings },
  clearFlag: { purpose: 'POVERTY_RELIEF', inputType: 'HouseholdFlagInput', ready: ALL_PROPOSED, attempts: flags },
};

