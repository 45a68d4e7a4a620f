import { ageBand, ageOn } from '../../src/kernel/dates.js';
import type { Rung } from '../../src/policy/language.js';
import type { RawRow, RawTable, RawValue } from './raw-tables.js';
import { isProtected } from './record-facts.js';
import type { RecordType, ReferenceRecord, ReferenceRecords } from './reference-records.js';

/** An entry of the public directory. */
export interface DirectoryValue { entry: 'Agency' | 'Division'; key: string }
/** What a field is in full: a scalar, a directory entry, an object or list of objects of the same record, another record or several (or none: null), each decided by its own policy. */
export type FullValue = RawValue | DirectoryValue | ObjectValue | readonly ObjectValue[] | { record: ReferenceRecord | null } | { records: ReferenceRecord[] };
/** Values of the fields of an object that belongs to a record; `transitions.reason` and its like are looked up under `cellPath`. */
export interface ObjectValue { of: ReferenceRecord; cellPath: string; fields: Readonly<Record<string, RawValue | DirectoryValue>> }

type ValueOf = (record: ReferenceRecord, records: ReferenceRecords) => FullValue;

/** Every field of each record in full, worked out by hand from its row. */
export function fullValue(record: ReferenceRecord, cell: string, records: ReferenceRecords): FullValue {
  const valueOf = VALUES[record.type][cell];
  if (!valueOf) throw new Error(`the reference does not know ${record.type}.${cell}`);
  return valueOf(record, records);
}

/** Names of the fields that the reference knows of a record type. */
export const fieldsOf = (type: RecordType): string[] => Object.keys(VALUES[type]);

/** What a masked rung shows: a column of its own, which the full value is not needed for. */
export function maskedValue({ type, row }: ReferenceRecord, cell: string, rung: Rung): RawValue {
  const column = MASKS[`${type}.${cell}@${rung}`];
  if (!column) throw new Error(`the reference knows no rung ${rung} of ${type}.${cell}`);
  return row[column] ?? null;
}

const MASKS: Record<string, string> = { 'Person.name@SURNAME': 'name_surname', 'Person.idNumber@ENDS': 'id_number_ends', 'Person.kinPhone@ENDS': 'kin_phone_ends' };

const scalar = (column: string): ValueOf => ({ row }) => row[column] ?? null;
const agencyOf = (key: RawValue | undefined): DirectoryValue | null => (typeof key === 'string' ? { entry: 'Agency', key } : null);
const divisionOf = (key: RawValue | undefined): DirectoryValue | null => (typeof key === 'string' ? { entry: 'Division', key } : null);
const agency = (column: string): ValueOf => ({ row }) => agencyOf(row[column]);
const division = (column: string): ValueOf => ({ row }) => divisionOf(row[column]);
/** Instants leave in Asia/Shanghai; fractions of a second are written only where there are any. */
const instant = (column: string): ValueOf => ({ row }) => instantText(row[column]);
const person: ValueOf = ({ row }, records) => ({ record: records.find('Person', row['person_id'] as string | null) ?? null });

function instantText(value: RawValue | undefined): string | null {
  if (typeof value !== 'string') return null;
  const seconds = new Date(Date.parse(`${value.slice(0, 19)}Z`) + 8 * 3_600_000).toISOString().slice(0, 19);
  const fraction = value.slice(20, 26).replace(/0+$/u, '');
  return `${seconds}${fraction === '' ? '' : `.${fraction}`}+08:00`;
}

const subject: ValueOf = (record) => {
  const { row } = record;
  return {
    of: record, cellPath: 'subject',
    fields: {
      name: row['subject_name'] ?? null, idNumber: row['subject_id_number_sealed'] ?? null, sex: row['subject_sex'] ?? null, birthDate: row['subject_birth_date'] ?? null,
      estimatedAge: row['subject_estimated_age'] ?? null, hukouDivision: divisionOf(row['subject_hukou_division']), homeDivision: divisionOf(row['subject_home_division']),
      address: row['subject_address_sealed'] ?? null, kinName: row['subject_kin_name'] ?? null, kinPhone: row['subject_kin_phone_sealed'] ?? null, features: row['subject_features'] ?? null,
    },
  };
};

const homeCheck: ValueOf = (record) => {
  const { home_checked_on: checkedOn = null, home_committee: entrustedCommittee = null, home_difficulties: difficulties = null, home_text: text = null } = record.row;
  return checkedOn === null && difficulties === null && text === null ? null : { of: record, cellPath: 'homeCheck', fields: { checkedOn, entrustedCommittee, difficulties, text } };
};

const transitions: ValueOf = (record, records) => records.rows('return_transitions', 'case_id', record.id).toSorted((one, other) => Number(one['step']) - Number(other['step'])).map((step) => ({
  of: record, cellPath: 'transitions',
  fields: { from: step['from_state'] ?? null, to: step['to_state'] ?? null, at: instantText(step['at']), agency: agencyOf(step['agency_id']), reason: reasonOf(step), ...documentOf(step) },
}));

const settlementTransitions: ValueOf = (record, records) => records.rows('settlement_transitions', 'settlement_id', record.id).toSorted((one, other) => Number(one['step']) - Number(other['step'])).map((step) => ({
  of: record, cellPath: 'transitions',
  fields: {
    from: step['from_state'] ?? null, to: step['to_state'] ?? null, at: instantText(step['at']), agency: agencyOf(step['agency_id']),
    ...documentOf(step), note: step['note'] ?? null,
  },
}));

const byStep = (rows: readonly RawRow[]): RawRow[] => rows.toSorted((one, other) => Number(one['step']) - Number(other['step']));

const inquiryTransitions: ValueOf = (record, records) => byStep(records.rows('inquiry_transitions', 'inquiry_id', record.id)).map((step) => ({
  of: record, cellPath: 'transitions',
  fields: { from: step['from_state'] ?? null, to: step['to_state'] ?? null, level: step['level'] ?? null, at: instantText(step['at']), agency: agencyOf(step['agency_id']), reason: step['reason'] ?? null, ...documentOf(step) },
}));

const answers: ValueOf = (record, records) => byStep(records.rows('inquiry_answers', 'inquiry_id', record.id)).map((one) => ({
  of: record, cellPath: 'answers',
  fields: { level: one['level'] ?? null, police: agencyOf(one['police']), askedAt: instantText(one['asked_at']), answeredAt: instantText(one['answered_at']), answer: one['answer'] ?? null, note: one['note'] ?? null },
}));

/** A hit on somebody who is protected, when it came or today, is no candidate. */
const candidates: ValueOf = (record, records) => byStep(records.rows('inquiry_candidates', 'inquiry_id', record.id)).filter((one) => one['suppressed'] !== true && !isProtected(one['person_id'], records)).map((one) => ({
  of: record, cellPath: 'candidates',
  fields: {
    candidateNo: one['candidate_no'] ?? null, police: agencyOf(one['police']), method: one['method'] ?? null, foundAt: instantText(one['found_at']), name: one['name'] ?? null, idNumber: one['id_number_sealed'] ?? null, sex: one['sex'] ?? null,
    birthDate: one['birth_date'] ?? null, hukouDivision: divisionOf(one['hukou_division']), note: one['note'] ?? null, firstConfirmedBy: one['first_confirmed_by'] ?? null, secondConfirmedBy: one['second_confirmed_by'] ?? null,
    rejectedReason: one['rejected_reason'] ?? null,
  },
}));

/** Reports that are still open; none where the report's own number or the person held is protected. */
const missingCandidates: ValueOf = (record, records) => byStep(records.rows('missing_candidates', 'inquiry_id', record.id)).filter((one) => one['ended'] !== true && ![one['person_id'], record.row['person_id']].some((id) => isProtected(id, records))).map((one) => ({
  of: record, cellPath: 'missingCandidates',
  fields: {
    reportNo: one['report_no'] ?? null, reporter: agencyOf(one['reporter']), name: one['name'] ?? null, sex: one['sex'] ?? null, birthYear: one['birth_year'] ?? null, homeDivision: divisionOf(one['home_division']), missingSince: one['missing_since'] ?? null,
    looks: one['looks'] ?? null, verdict: one['verdict'] ?? null, firstConfirmedBy: one['first_confirmed_by'] ?? null, secondConfirmedBy: one['second_confirmed_by'] ?? null, tell: one['tell'] ?? null, reason: one['reason'] ?? null,
  },
}));

const missingResults: ValueOf = (record, records) => byStep(records.rows('missing_results', 'report_id', record.id)).filter((one) => ![one['person_id'], record.row['person_id']].some((id) => isProtected(id, records))).map((one) => ({
  of: record, cellPath: 'results', fields: { contact: agencyOf(one['contact']), toldOn: one['told_on'] ?? null },
}));

const moves: ValueOf = (record, records) => records.rows('stay_moves', 'stay_id', record.id).toSorted((one, other) => Number(one['step']) - Number(other['step'])).map((move) => ({
  of: record, cellPath: 'moves', fields: { place: move['place'] ?? null, since: move['since'] ?? null },
}));

/** Visits by day, then by when they were entered. */
const byDay = (rows: readonly RawRow[]): RawRow[] => rows.toSorted((one, other) => (['visited_on', 'at', 'id'].map((name) => String(one[name])).join(' ') < ['visited_on', 'at', 'id'].map((name) => String(other[name])).join(' ') ? -1 : 1));

const revisits: ValueOf = (record, records) => byDay(records.rows('return_revisits', 'case_id', record.id)).map((visit) => ({
  of: record, cellPath: 'revisits', fields: { visitedOn: visit['visited_on'] ?? null, manner: visit['manner'] ?? null, result: visit['result'] ?? null, note: visit['note'] ?? null },
}));

const visits = (cellPath: string, belongs: (visit: RawRow, entry: RawRow) => boolean): ValueOf => (record, records) => byDay(records.rows('follow_up_visits', 'entry_id', record.id).filter((visit) => belongs(visit, record.row)))
  .map((visit) => ({ of: record, cellPath, fields: { regime: visit['regime'] ?? null, visitedOn: visit['visited_on'] ?? null, manner: visit['manner'] ?? null, result: visit['result'] ?? null, note: visit['note'] ?? null, agency: agencyOf(visit['agency_id']) } }));

const entryTransitions: ValueOf = (record, records) => records.rows('at_risk_transitions', 'entry_id', record.id).toSorted((one, other) => Number(one['step']) - Number(other['step'])).map((step) => ({
  of: record, cellPath: 'transitions', fields: { from: step['from_state'] ?? null, to: step['to_state'] ?? null, at: instantText(step['at']), agency: agencyOf(step['agency_id']), reason: step['reason'] ?? null, ...documentOf(step) },
}));
const documentOf = (step: RawRow): Record<string, unknown> => ({ documentNo: step['document_no'] ?? null, documentDate: step['document_date'] ?? null });
const reasonOf = (step: RawRow): string | null => [step['reason_code'], step['reason_text']].filter((part) => part !== null).join(': ') || null;

const referrals: ValueOf = (record, records) => ({
  records: records.rows('return_referrals', 'case_id', record.id).toSorted((one, other) => (String(one['referral_no']) < String(other['referral_no']) ? -1 : 1)).map((row) => records.of('AidReferral', row)),
});

const flag: ValueOf = (record, records) => {
  const row = records.row('household_flags', 'household_id', record.id);
  return row ? { of: record, cellPath: 'flag', fields: { state: row['state'] ?? null, contactAgency: agencyOf(row['contact_agency']) } } : null;
};

/** Somebody protected after the match is to the member as if there had been none. */
const matchedPerson: ValueOf = (member, records) => {
  const people = records.rows('household_matches', 'member_id', member.id).map((match) => String(match['person_id'])).filter((id) => !isProtected(id, records));
  return { record: records.find('Person', people.toSorted()[0] ?? null) ?? null };
};

const membersWho = (belong: boolean, order: (member: RawRow) => string): ValueOf => (household, records) => ({
  records: records.rows('household_members', 'household_id', household.id).filter((row) => ((row['until'] ?? null) === null) === belong).toSorted((one, other) => (order(one) < order(other) ? -1 : 1)).map((row) => records.of('HouseholdMember', row)),
});
const inPlace = (member: RawRow): string => String(member['position']).padStart(9, '0');
const members = membersWho(true, inPlace);
/** In the order in which they left. */
const formerMembers = membersWho(false, (member) => [instantText(member['until']), inPlace(member), member['id']].join(' '));

const history: ValueOf = (household, records) => records.rows('household_periods', 'household_id', household.id).toSorted((one, other) => Number(one['step']) - Number(other['step'])).map((period) => ({
  of: household, cellPath: 'history',
  fields: { since: instantText(period['since']), until: instantText(period['until']), kind: period['kind'] ?? null, headName: period['head_name'] ?? null, division: divisionOf(period['division']), agency: agencyOf(period['agency_id']) },
}));

const help: ValueOf = (household, records) => records.rows('household_help', 'household_id', household.id)
  .toSorted((one, other) => (['helped_on', 'at', 'id'].map((name) => String(one[name])).join(' ') < ['helped_on', 'at', 'id'].map((name) => String(other[name])).join(' ') ? -1 : 1))
  .map((row) => ({ of: household, cellPath: 'help', fields: { measures: row['measures'] ?? null, helpedOn: row['helped_on'] ?? null, text: row['text'] ?? null, agency: agencyOf(row['agency_id']) } }));

const band: ValueOf = ({ row }, { today }) => (typeof row['born_on'] === 'string' ? ageBand(ageOn(row['born_on'], today)) : null);
const birthYear: ValueOf = ({ row }) => (typeof row['born_on'] === 'string' ? Number(row['born_on'].slice(0, 4)) : null);
const stateIsOneOf = (...states: string[]): ValueOf => ({ row }) => states.includes(String(row['state']));

/** What an inbox shows of the duty behind an item. */
const ofDuty = (read: (duty: RawRow, records: ReferenceRecords) => FullValue): ValueOf => ({ row }, records) => read(records.row('duties', 'id', row['duty_id']) ?? {}, records);
const dutyColumn = (column: string): ValueOf => ofDuty((duty) => duty[column] ?? null);
const dutyInstant = (column: string): ValueOf => ofDuty((duty) => instantText(duty[column]));

/** Where the state of a record stands, and by which column it is found. */
const STATE_TABLES: Record<string, readonly [RawTable, string]> = {
  ReturnCase: ['return_cases', 'id'], AtRiskEntry: ['at_risk_entries', 'id'], SettlementCase: ['settlement_cases', 'id'], Stay: ['stays', 'id'], IdentityInquiry: ['identity_inquiries', 'id'], RegisteredHousehold: ['household_flags', 'household_id'], Correction: ['corrections', 'id'],
};
const stateOfRecord = ofDuty((duty, records) => {
  const place = duty['told'] === true ? undefined : STATE_TABLES[String(duty['record'])];
  return (place && records.row(place[0], place[1], duty['record_id'])?.['state']) ?? null;
});

const VALUES: Record<RecordType, Record<string, ValueOf>> = {
  Person: {
    name: scalar('name'), idNumber: scalar('id_number_sealed'), sex: scalar('sex'), birthDate: scalar('birth_date'), estimatedAge: scalar('estimated_age'), birthYear, ageBand: band,
    identityState: scalar('identity_state'), hukouDivision: division('hukou_division'), homeDivision: division('home_division'), address: scalar('address_sealed'),
    kinName: scalar('kin_name'), kinPhone: scalar('kin_phone_sealed'),
  },
  ReturnCase: {
    version: scalar('version'), caseNo: scalar('case_no'), state: scalar('state'), subject, person, destinationAgency: agency('destination_agency'), originAgency: agency('origin_agency'),
    destinationName: scalar('destination_name'), noticeNo: scalar('notice_no'), noticeDate: scalar('notice_date'), entryDate: scalar('entry_date'), leaveDate: scalar('leave_date'),
    returnMode: scalar('return_mode'), escortAgency: agency('escort_agency'), helpReason: scalar('help_reason'), condition: scalar('condition'), sentAt: instant('sent_at'),
    acknowledgeBy: scalar('acknowledge_by'), acknowledgedAt: instant('acknowledged_at'), receiveBy: scalar('receive_by'), receivedAt: instant('received_at'),
    deadlinesProvisional: scalar('provisional'), homeCheck, transitions, handlingCodes: scalar('handling_codes'), custodyPlace: scalar('custody_place'), noticeFileDigest: scalar('notice_file_digest'), earlierReturns: scalar('earlier_returns'), coordinator: agency('coordinator'), hukouPlace: division('hukou_place'), hukouAgency: agency('hukou_agency'),
    outcome: scalar('outcome'), referrals, revisits, revisitBy: scalar('revisit_by'),
  },
  AidReferral: {
    referralNo: scalar('referral_no'), version: scalar('version'), addressee: agency('addressee'), helpAsked: scalar('help_asked'), details: scalar('details'), referredAt: instant('referred_at'), answerBy: scalar('answer_by'),
    answeredAt: instant('answered_at'), measures: scalar('measures'), answer: scalar('answer'),
  },
  // Of a case that was found; the number asked about is put in by the operation.
  ReturneeCheck: { idNumber: () => null, current: () => true, division: ({ row }) => divisionOf(String(row['origin_division']).slice(0, 6)), contactAgency: agency('origin_agency') },
  AtRiskEntry: {
    version: scalar('version'), entryNo: scalar('entry_no'), state: scalar('state'), person, division: division('division'), enrolledBy: agency('enrolled_by'), township: agency('township'),
    enrolledOn: scalar('enrolled_on'), termFrom: scalar('term_from'), riskClasses: scalar('risk_classes'), careCodes: scalar('care_codes'),
    needsVisits: stateIsOneOf('ACTIVE', 'WANDERING', 'TRANSFERRING'), repeatedWandering: scalar('repeated_wandering'), diagnosis: scalar('diagnosis'), disabilityCardNo: scalar('disability_card_sealed'),
    surveyedIdNumber: scalar('surveyed_id_number_sealed'), rosterSentAt: instant('roster_sent_at'), nextVisitBy: scalar('next_visit_by'), revisitBy: scalar('revisit_by'), transferTo: division('transfer_to'),
    endedOn: scalar('ended_on'), endReason: scalar('end_reason'), visits: visits('visits', () => true),
    rosterVisits: visits('rosterVisits', (visit, entry) => visit['regime'] === 'TOWNSHIP' && visit['agency_id'] === entry['township']), transitions: entryTransitions,
  },
  SettlementCase: {
    version: scalar('version'), settlementNo: scalar('settlement_no'), track: scalar('track'), state: scalar('state'), person, station: agency('station'), civilAffairs: agency('civil_affairs'),
    enteredOn: scalar('entered_on'), appliedOn: scalar('applied_on'), decidedOn: scalar('decided_on'), hukouDivision: division('hukou_division'), hukouRegisteredOn: scalar('hukou_registered_on'),
    institution: scalar('institution'), placedOn: scalar('placed_on'), supportKind: scalar('support_kind'), proofOfSearch: scalar('proof_of_search'), plan: scalar('plan'), guardianship: scalar('guardianship'),
    transitions: settlementTransitions, settled: stateIsOneOf('REGISTERED', 'PLACED', 'SUPPORTED', 'NOT_ELIGIBLE'),
  },
  Stay: {
    version: scalar('version'), stayNo: scalar('stay_no'), state: scalar('state'), station: agency('station'), enteredOn: scalar('entered_on'), leftOn: scalar('left_on'), leftHow: scalar('left_how'), moves,
    tracingPublishedOn: scalar('tracing_published_on'), tracingUpdatedOn: scalar('tracing_updated_on'), dnaRequestedOn: scalar('dna_requested_on'), dnaSampledOn: scalar('dna_sampled_on'), dnaSampleNo: scalar('dna_sample_no'), calledName: scalar('called_name'), features: scalar('features'),
  },
  IdentityInquiry: {
    version: scalar('version'), inquiryNo: scalar('inquiry_no'), state: scalar('state'), level: scalar('level'), dueBy: scalar('due_by'), deadlineProvisional: scalar('provisional'), station: agency('station'), civilAffairs: agency('civil_affairs'),
    police: agency('police'), openedAt: instant('opened_at'), methods: scalar('methods'), person, ownComparison: scalar('own_comparison'), calledName: scalar('called_name'), features: scalar('features'), photoDigest: scalar('photo_digest'),
    dnaSampleNo: scalar('dna_sample_no'), newEvidence: scalar('new_evidence'), answers, candidates, missingCandidates, outcome: scalar('outcome'), transitions: inquiryTransitions,
  },
  MissingReport: {
    version: scalar('version'), reportNo: scalar('report_no'), state: scalar('state'), reporter: agency('reporter'), reportedAt: instant('reported_at'), closedAt: instant('closed_at'), note: scalar('note'), name: scalar('name'), idNumber: scalar('id_number_sealed'),
    sex: scalar('sex'), birthDate: scalar('birth_date'), estimatedAge: scalar('estimated_age'), homeDivision: division('home_division'), missingSince: scalar('missing_since'), lastSeenDivision: division('last_seen_division'), looks: scalar('looks'),
    kinName: scalar('kin_name'), kinRelation: scalar('kin_relation'), kinPhone: scalar('kin_phone_sealed'), results: missingResults,
  },
  RegisteredHousehold: { householdNo: scalar('household_no'), headName: scalar('head_name'), division: division('division'), kind: scalar('kind'), members, formerMembers, history, flag, help },
  InboxItem: {
    kind: scalar('kind'), step: dutyColumn('step'), title: dutyColumn('title'), record: dutyColumn('record'), number: dutyColumn('record_no'), state: stateOfRecord, owner: ofDuty((duty) => agencyOf(duty['owner'])),
    since: dutyInstant('started_at'), dueOn: dutyColumn('due_on'), dueAt: dutyInstant('due_at'), overdue: ofDuty((duty) => (duty['overdue_at'] ?? null) !== null), provisional: dutyColumn('provisional'),
    deadlineClass: dutyColumn('class'), reason: dutyColumn('reason'), raisedAt: instant('at'),
  },
  Correction: {
    version: scalar('version'), correctionNo: scalar('correction_no'), state: scalar('state'), record: scalar('record'), number: scalar('record_no'), sourceNumber: scalar('source_no'), field: scalar('field'), claim: scalar('claim'),
    proposed: scalar('proposed_sealed'), askedBy: agency('asked_by'), provider: agency('provider'), askedAt: instant('asked_at'), answerBy: scalar('answer_by'), answeredAt: instant('answered_at'), answer: scalar('answer'),
  },
  HouseholdMember: { name: scalar('name'), idNumber: scalar('id_number_sealed'), relation: scalar('relation'), since: instant('since'), until: instant('until'), matchedPerson },
};
