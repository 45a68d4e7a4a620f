import { ageOn } from '../../src/kernel/dates.js';
import type { Facts } from '../../src/policy/decide.js';
import type { RawRow, RawValue } from './raw-tables.js';
import type { RecordType, ReferenceRecord, ReferenceRecords } from './reference-records.js';

/**
 * What conditions may read of each record, worked out from raw rows by hand: the attributes and links of the catalogue, and none of its SQL.
 * A test holds that the names are the same.
 */
export function attributesOf(type: RecordType, row: RawRow, records: ReferenceRecords): Facts['attributes'] {
  return ATTRIBUTES[type](row, records);
}

export function linksOf(type: RecordType, row: RawRow, records: ReferenceRecords): Record<string, ReferenceRecord[]> {
  return LINKS[type](row, records);
}

type Scalar = string | number | boolean | null;
const column = (row: RawRow, name: string): Scalar => (row[name] ?? null) as Scalar;

/** Columns that are attributes under a name of their own. */
const columns = (row: RawRow, names: Record<string, string>): Record<string, Scalar> => Object.fromEntries(Object.entries(names).map(([attribute, name]) => [attribute, column(row, name)]));

/** Under 18 completed years today; unknown where nothing tells the age. */
export function isMinor(bornOn: RawValue | undefined, records: ReferenceRecords): boolean | null {
  return typeof bornOn === 'string' ? ageOn(bornOn, records.today) < 18 : null;
}

const bornOnOf = (personId: RawValue | undefined, records: ReferenceRecords): RawValue => records.row('persons', 'id', personId)?.['born_on'] ?? null;

export const isProtected = (personId: RawValue | undefined, records: ReferenceRecords): boolean => records.row('protections', 'person_id', personId) !== undefined;

function protectionOf(personId: RawValue | undefined, records: ReferenceRecords): Record<string, Scalar> {
  const protection = records.row('protections', 'person_id', personId);
  const departments = records.rows('agencies', 'division', protection?.['holding_division']).filter(({ kind }) => kind === 'CIVIL_AFFAIRS');
  const [department] = departments.toSorted((one, other) => (String(one['code']) < String(other['code']) ? -1 : 1));
  return {
    protected: protection !== undefined, protectionUnit: column(protection ?? {}, 'named_unit'), holdingAgency: column(protection ?? {}, 'holding_agency'), holdingCivilAffairs: column(department ?? {}, 'id'),
  };
}

/** The other side has confirmed, and nothing since has called it into question. */
const isConfirmed = (row: RawRow): boolean => row['confirmed_at'] !== null && !['DISPUTED', 'REFUSED', 'RECALLED', 'COORDINATING'].includes(String(row['state']));

const matchesOf = (household: RawRow, records: ReferenceRecords): readonly RawRow[] => records.rows('household_matches', 'household_id', household['id']);

/** At least one match is an unprotected adult today. */
const flagStands = (household: RawRow, records: ReferenceRecords): boolean =>
  matchesOf(household, records).some((match) => isMinor(bornOnOf(match['person_id'], records), records) === false && !isProtected(match['person_id'], records));

/** Told within the last thirty days, in Shanghai. */
const isLately = (at: string, today: string): boolean => (Date.parse(today) - Date.parse(new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 10))) / 86_400_000 < 30;

/** What was asked about a household whose flag is not shown to the office, or no longer. */
function isOfFallenFlag(correction: RawRow, records: ReferenceRecords): boolean {
  if (correction['record'] !== 'RegisteredHousehold') return false;
  const flag = records.row('household_flags', 'household_id', correction['record_id']);
  return flag?.['state'] !== 'CONFIRMED' || typeof flag['release_on'] !== 'string' || flag['release_on'] > records.today || !flagStands({ id: correction['record_id'] ?? null }, records);
}

function itemStands(duty: RawRow, records: ReferenceRecords): boolean {
  if (duty['record'] === 'RegisteredHousehold') return flagStands({ id: duty['record_id'] ?? null }, records);
  const correction = duty['record'] === 'Correction' ? records.row('corrections', 'id', duty['record_id']) : undefined;
  return correction === undefined || !isOfFallenFlag(correction, records);
}

const ATTRIBUTES: Record<RecordType, (row: RawRow, records: ReferenceRecords) => Facts['attributes']> = {
  Person: (row, records) => ({ ...protectionOf(row['id'], records), minor: isMinor(row['born_on'], records) }),
  ReturnCase: (row, records) => ({
    ...columns(row, {
      caseNo: 'case_no', destinationAgency: 'destination_agency', originAgency: 'origin_agency', authorAgency: 'author_agency', escortAgency: 'escort_agency',
      destinationDivision: 'destination_division', originDivision: 'origin_division', state: 'state', coordinator: 'coordinator', hukouAgency: 'hukou_agency', hukouCivilAffairs: 'hukou_civil_affairs', outcome: 'outcome',
    }),
    confirmed: isConfirmed(row), onceConfirmed: row['confirmed_at'] !== null, minor: isMinor(row['subject_born_on'], records), ...protectionOf(row['person_id'], records),
  }),
  AidReferral: (row, records) => ({
    addressee: column(row, 'addressee'), minor: isMinor(records.row('return_cases', 'id', row['case_id'])?.['subject_born_on'], records), ...protectionOf(row['person_id'], records),
  }),
  ReturneeCheck: (row, records) => ({
    ...columns(row, { originDivision: 'origin_division', state: 'state', closedAt: 'closed_at' }),
    confirmed: isConfirmed(row), open: row['closed_at'] === null, minor: isMinor(bornOnOf(row['person_id'], records), records), ...protectionOf(row['person_id'], records),
  }),
  AtRiskEntry: (row, records) => ({
    ...columns(row, { entryNo: 'entry_no', enrolledBy: 'enrolled_by', township: 'township', division: 'division', transferTo: 'transfer_to', revisitStation: 'revisit_station', state: 'state' }),
    minor: isMinor(bornOnOf(row['person_id'], records), records), ...protectionOf(row['person_id'], records),
  }),
  SettlementCase: (row, records) => ({
    ...columns(row, { settlementNo: 'settlement_no', station: 'station', civilAffairs: 'civil_affairs', police: 'police', division: 'division', hukouDivision: 'hukou_division', state: 'state' }),
    minor: isMinor(bornOnOf(row['person_id'], records), records), ...protectionOf(row['person_id'], records),
  }),
  Stay: (row, records) => ({
    ...columns(row, { stayNo: 'stay_no', station: 'station', division: 'division', state: 'state' }),
    minor: isMinor(bornOnOf(row['person_id'], records), records), ...protectionOf(row['person_id'], records),
  }),
  IdentityInquiry: (row, records) => ({
    ...columns(row, {
      inquiryNo: 'inquiry_no', station: 'station', civilAffairs: 'civil_affairs', police: 'police', division: 'division', state: 'state',
      askedAtCounty: 'asked_county', askedAtPrefecture: 'asked_prefecture', askedAtProvince: 'asked_province', askedAtMinistry: 'asked_ministry',
    }),
    minor: isMinor(bornOnOf(row['person_id'], records), records), ...protectionOf(row['person_id'], records),
  }),
  MissingReport: (row, records) => ({ ...columns(row, { reportNo: 'report_no', reporter: 'reporter', state: 'state' }), minor: isMinor(row['born_on'], records) }),
  RegisteredHousehold: (row, records) => {
    const flag = records.row('household_flags', 'household_id', row['id']) ?? {};
    return { ...columns(row, { householdNo: 'household_no', office: 'office', division: 'division' }), flagState: column(flag, 'state'), flagReleaseOn: column(flag, 'release_on'), flagStands: flagStands(row, records) };
  },
  HouseholdMember: (row, records) => ({ minor: isMinor(row['born_on'], records) }),
  InboxItem: (row, records) => {
    const duty = records.row('duties', 'id', row['duty_id']) ?? {};
    return { ...columns(row, { agency: 'agency_id', kind: 'kind' }), number: column(duty, 'record_no'), open: (duty['ended_at'] ?? null) === null, stands: (duty['told'] !== true || isLately(String(row['at']), records.today)) && itemStands(duty, records),
      ownersOnly: duty['record'] === 'RegisteredHousehold' || (duty['told'] !== true && duty['record'] === 'ReturnCase' && records.row('return_cases', 'id', duty['record_id'])?.['state'] === 'DRAFT'), ...protectionOf(duty['person_id'], records) };
  },
  Correction: (row, records) => ({
    ...columns(row, { askedBy: 'asked_by', provider: 'provider', record: 'record', correctionNo: 'correction_no', state: 'state', ledger: 'ledger', providerLedger: 'provider_ledger', matter: 'matter', sourceNumber: 'source_no' }), stands: !isOfFallenFlag(row, records),
    minor: isMinor(row['born_on'], records), ...protectionOf(row['person_id'], records),
  }),
};

const one = (record: ReferenceRecord | undefined): ReferenceRecord[] => (record ? [record] : []);
const personOf = (row: RawRow, records: ReferenceRecords): Record<string, ReferenceRecord[]> => ({ person: one(records.find('Person', row['person_id'] as string | null)) });
/** Each record once, however many rows lead to it. */
const distinct = (found: readonly ReferenceRecord[]): ReferenceRecord[] => [...new Set(found)];

const LINKS: Record<RecordType, (row: RawRow, records: ReferenceRecords) => Record<string, ReferenceRecord[]>> = {
  Person: (row, records) => ({
    cases: records.rows('return_cases', 'person_id', row['id']).map((other) => records.of('ReturnCase', other)),
    entries: records.rows('at_risk_entries', 'person_id', row['id']).map((other) => records.of('AtRiskEntry', other)),
    settlements: records.rows('settlement_cases', 'person_id', row['id']).map((other) => records.of('SettlementCase', other)),
    inquiries: records.rows('identity_inquiries', 'person_id', row['id']).map((other) => records.of('IdentityInquiry', other)),
    stays: records.rows('stays', 'person_id', row['id']).map((other) => records.of('Stay', other)),
    households: distinct(records.rows('household_matches', 'person_id', row['id']).flatMap((match) => one(records.find('RegisteredHousehold', match['household_id'] as string)))),
  }),
  ReturnCase: (row, records) => ({ ...personOf(row, records), referrals: records.rows('return_referrals', 'case_id', row['id']).map((other) => records.of('AidReferral', other)) }),
  AidReferral: (row, records) => ({ case: one(records.find('ReturnCase', row['case_id'] as string)) }),
  ReturneeCheck: () => ({}),
  AtRiskEntry: personOf,
  SettlementCase: personOf,
  Stay: () => ({}),
  IdentityInquiry: personOf,
  MissingReport: () => ({}),
  RegisteredHousehold: (row, records) => ({ matches: distinct(matchesOf(row, records).flatMap((match) => one(records.find('Person', match['person_id'] as string)))) }),
  InboxItem: () => ({}),
  Correction: () => ({}),
  HouseholdMember: (row, records) => ({ household: one(records.find('RegisteredHousehold', row['household_id'] as string)) }),
};
