import fc from 'fast-check';
import { addDays, addMonths } from '../../src/kernel/dates.js';
import { HELP_MEASURES } from '../../src/ledgers/households/households.shape.js';
import { CARE_CODES, RISK_CLASSES, VISIT_MANNERS, VISIT_REGIMES, VISIT_RESULTS } from '../../src/ledgers/at-risk/at-risk.shape.js';
import { AT_RISK_STATES, END_REASONS } from '../../src/ledgers/at-risk/at-risk.transitions.js';
import { INQUIRY_ANSWERS, INQUIRY_METHODS, INQUIRY_STATES, WITHDRAWAL_REASONS } from '../../src/ledgers/inquiries/inquiries.transitions.js';
import { MISSING_STATES } from '../../src/ledgers/missing/missing.transitions.js';
import { AID_MEASURES, HANDLING_CODES, REASON_CODES, RETURN_OUTCOMES, RETURN_STATES } from '../../src/ledgers/returns/returns.transitions.js';
import { SETTLEMENT_STATES } from '../../src/ledgers/settlement/settlement.shape.js';
import { CORRECTED_LEDGERS, CORRECTED_RECORDS } from '../../src/ledgers/corrections/corrections.shape.js';
import { CORRECTION_STATES } from '../../src/ledgers/corrections/corrections.transitions.js';
import { CUSTODY_PLACES, STAY_STATES, WAYS_OF_LEAVING } from '../../src/ledgers/settlement/stays.shape.js';
import { ODD_TEXTS, ORDERED_TEXTS } from './odd-texts.js';
import type { PlainRow, PlainRows } from './plain-rows.js';
import { ROSTER, ROW_DIVISIONS, type RosterAgency } from './roster.js';

/** The day around which boundary dates lie. */
export const TODAY = '2026-11-20';

/** How many records of each ledger; each has about as many chances to be protected, of unknown age, unlinked or empty. */
const PERSONS = 48;
const CASES = 110;
const ENTRIES = 70;
const SETTLEMENTS = 60;
const STAYS = 40;
const INQUIRIES = 50;
const REPORTS = 40;
const HOUSEHOLDS = 30;
const MEMBERS = 60;
const DUTIES = 60;
const CORRECTIONS = 30;
const TELLINGS = 30;

const one = <Value>(values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values);
const maybe = <Value>(value: fc.Arbitrary<Value>, nullOneIn = 4): fc.Arbitrary<Value | null> => fc.option(value, { freq: nullOneIn });

const oddText = one(ODD_TEXTS);
const division = one(ROW_DIVISIONS);
const nearToday = fc.integer({ min: -4, max: 4 }).map((days) => addDays(TODAY, days));
/** Around the birthdays that decide: 14, 18 and 60 today, yesterday, tomorrow; a leap day; unborn. */
const birth = fc.oneof(
  fc.tuple(one([14, 18, 60]), one([-1, 0, 1])).map(([years, days]) => addDays(addMonths(TODAY, -12 * years), days)), one(['2008-02-29', '2012-02-29', '1904-02-29', addDays(TODAY, 1)]),
  fc.integer({ min: 0, max: 95 }).map((years) => addMonths('2026-03-15', -12 * years)),
);
const instantNear = (day: string): fc.Arbitrary<string> => one(['00:00:00+08:00', '00:00:00.001+08:00', '23:59:59.999999+08:00', '09:00:00+08:00', '08:59:59.5+08:00', '12:00:00Z']).map((time) => `${day}T${time}`);
const instant = fc.oneof(nearToday.chain(instantNear), one([-13, -12, -11, -1].map((months) => addMonths(TODAY, months))).chain(instantNear));
const oldInstant = fc.tuple(one([-1, 0, 1]), fc.constant(addMonths(TODAY, -12))).chain(([days, day]) => instantNear(addDays(day, days)));

const uuid = fc.uuid({ version: 4 });
const version = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const list = (words: readonly string[]): fc.Arbitrary<string[]> => fc.subarray([...words], { maxLength: 3 });
const index = (length: number): fc.Arbitrary<number> => fc.nat({ max: length - 1 });

/** A few agencies that most records name, so that most viewers stand in some relation to some record. */
const favourites = fc.shuffledSubarray([...ROSTER], { minLength: 9, maxLength: 9 });
const ofAgencies = (liked: readonly RosterAgency[]): fc.Arbitrary<RosterAgency> => fc.oneof({ weight: 4, arbitrary: one(liked) }, { weight: 1, arbitrary: one(ROSTER) });

/** `99` and six more digits of nobody's place, a birth date, a number, and the check digit (GB 11643). */
export function syntheticIdNumber(serial: number): string {
  const body = `990000${19_600_101 + (serial % 40) * 10_000}${String(serial).padStart(3, '0')}`;
  const sum = [...body].reduce((total, digit, place) => total + Number(digit) * (2 ** (17 - place) % 11), 0);
  return `${body}${'10X98765432'[sum % 11]}`;
}

const identity = (serial: number, prefix: string): fc.Arbitrary<PlainRow> => fc.record({
  name: maybe(oddText), id_number_sealed: maybe(fc.constant(syntheticIdNumber(serial))), sex: maybe(one(['UNKNOWN', 'MALE', 'FEMALE', 'UNSTATED'])), birth_date: maybe(birth),
  estimated_age: maybe(fc.integer({ min: 0, max: 130 })), born_on: maybe(birth, 3), hukou_division: maybe(division), home_division: maybe(division), address_sealed: maybe(oddText),
  kin_name: maybe(oddText), kin_phone_sealed: maybe(one(['00000000001', '12', '0000-1234567 转 8'])),
}).map((columns) => Object.fromEntries(Object.entries(columns).map(([column, value]) => [`${prefix}${column}`, value])));

const many = (count: number, row: (serial: number) => fc.Arbitrary<PlainRow>): fc.Arbitrary<PlainRow[]> => fc.tuple(...Array.from({ length: count }, (_, serial) => row(serial)));

const person = (serial: number): fc.Arbitrary<PlainRow> => fc.tuple(uuid, one(['UNKNOWN', 'CLAIMED', 'VERIFIED', 'MISTAKEN', 'MERGED']), identity(serial, '')).map(([id, identity_state, columns]) => ({ id, identity_state, ...columns }));

const caseRow = (serial: number, agencies: fc.Arbitrary<RosterAgency>, people: readonly PlainRow[]): fc.Arbitrary<PlainRow> => fc.tuple(
  fc.record({
    id: uuid, version, case_no: fc.constant(`GT-${String(serial).padStart(5, '0')}-${serial % 3 === 0 ? 'AAAAA' : 'ZZZZZ'}`), state: one(RETURN_STATES), person: index(PERSONS), destination: maybe(agencies, 6), origin: agencies, author: agencies,
    origin_division: division, destination_name: fc.constant('一个未接入的站'), escort: maybe(agencies), notice_no: maybe(oddText), notice_date: maybe(nearToday), entry_date: maybe(nearToday), leave_date: maybe(nearToday),
    return_mode: maybe(one(['SELF', 'COLLECTED_BY_KIN', 'ESCORTED', 'COLLECTED_BY_ORIGIN'])), help_reason: maybe(oddText), condition: maybe(oddText),
    handling_codes: list(HANDLING_CODES), custody_place: maybe(one(CUSTODY_PLACES)), notice_file_digest: maybe(one(['0', 'f'].map((digit) => digit.repeat(64)))), earlier_returns: maybe(fc.integer({ min: 0, max: 3 })), coordinating: maybe(agencies, 2), hukou: maybe(agencies, 3), hukouCivilAffairs: maybe(agencies, 3), hukou_place: maybe(division), outcome: maybe(one(RETURN_OUTCOMES)),
  }),
  fc.record({
    sent_at: maybe(instant), acknowledge_by: maybe(nearToday), acknowledged_at: maybe(instant), receive_by: maybe(nearToday), revisit_by: maybe(nearToday), received_at: maybe(instant), provisional: fc.boolean(), confirmed_at: maybe(instant, 3),
    home_checked_on: maybe(nearToday, 2), home_committee: maybe(oddText), home_difficulties: maybe(list(['PRODUCTION', 'LIVELIHOOD', 'BASIC_MEDICAL_SECURITY']), 2), home_text: maybe(oddText, 2), remark: maybe(oddText),
    changed_at: instant, closed_at: maybe(oldInstant, 2),
  }),
  identity(serial % PERSONS, 'subject_'), maybe(oddText),
).map(([{ person, destination, origin, author, escort, coordinating, hukou, hukouCivilAffairs, ...columns }, course, subject, features]) => ({
  ...columns, ...course, ...subject, subject_features: features, person_id: String(people[person]?.['id']), destination_agency: destination?.id ?? null, destination_division: destination?.division ?? null,
  origin_agency: origin.id, author_agency: author.id, escort_agency: escort?.id ?? null,
  coordinator: coordinating?.id ?? null, coordinated_by: coordinating ? [coordinating.id] : [], hukou_agency: hukou?.id ?? null, hukou_civil_affairs: hukouCivilAffairs?.id ?? null,
  // Nobody confirms a draft: the boundary of rows shows it to nobody else.
  ...(columns.state === 'DRAFT' && { confirmed_at: null }),
}));

/** What a step rests on. */
const document = { document_no: maybe(oddText, 2), document_date: maybe(nearToday, 2) };

const steps = (cases: readonly PlainRow[], agencies: fc.Arbitrary<RosterAgency>): fc.Arbitrary<PlainRow[]> => fc.tuple(...cases.map((record) => fc.array(
  fc.record({ id: uuid, from_state: maybe(one(RETURN_STATES)), to_state: one(RETURN_STATES), at: instant, agency: agencies, reason_code: maybe(one(REASON_CODES), 2), reason_text: maybe(oddText, 2), ...document }), { maxLength: 3 },
).map((found) => found.map(({ agency, ...columns }, step) => ({ ...columns, agency_id: agency.id, by_user: 'somebody', case_id: String(record['id']), step: 9 - step }))))).map((lists) => lists.flat());

/** Revisits of cases, by their origin and by others, on the same day too. */
const revisitsOf = (cases: readonly PlainRow[], agencies: fc.Arbitrary<RosterAgency>): fc.Arbitrary<PlainRow[]> => fc.tuple(...cases.map((record) => fc.array(
  fc.record({ id: uuid, agency: agencies, own: fc.boolean(), visited_on: nearToday, manner: one(VISIT_MANNERS), result: one(VISIT_RESULTS), note: maybe(oddText), at: instant }), { maxLength: 2 },
).map((found) => found.map(({ agency, own, ...columns }): PlainRow => ({ ...columns, case_id: String(record['id']), agency_id: own ? String(record['origin_agency']) : agency.id, by_user: 'somebody' }))))).map((lists) => lists.flat());

/** Referrals of some cases, to up to three agencies each; the cases name them, for the boundary of rows. */
const referrals = (cases: readonly PlainRow[], agencies: fc.Arbitrary<RosterAgency>): fc.Arbitrary<PlainRow[]> => fc.tuple(...cases.map((record, place) => fc.uniqueArray(agencies, { maxLength: 3, selector: ({ id }) => id }).chain((them) => fc.tuple(...them.map((agency, index) => fc.record({
  id: uuid, version, help_asked: list(AID_MEASURES), details: maybe(oddText), referred_at: instant, answer_by: nearToday, answered: maybe(fc.record({ at: instant, measures: list([...AID_MEASURES, 'NONE']), answer: maybe(oddText) }), 2),
}).map(({ answered, ...columns }): PlainRow => ({
  ...columns, case_id: String(record['id']), person_id: String(record['person_id']), addressee: agency.id, referral_no: `RF-${place}-${9 - index}`, answered_at: answered?.at ?? null, measures: answered?.measures ?? null, answer: answered?.answer ?? null,
}))))))).map((lists) => lists.flat());

/** Cases with their referrals, as both tables hold them. */
const withReferrals = (cases: readonly PlainRow[], referred: readonly PlainRow[]): PlainRow[] => cases.map((record) => ({ ...record, referred_to: referred.filter((row) => row['case_id'] === record['id']).map((row) => String(row['addressee'])) }));

const entry = (serial: number, agencies: fc.Arbitrary<RosterAgency>, people: readonly PlainRow[]): fc.Arbitrary<PlainRow> => fc.record({
  id: uuid, version, state: one(AT_RISK_STATES), person: index(PERSONS), division, enrolled: agencies, town: maybe(agencies), risk_classes: list(RISK_CLASSES), care_codes: list(CARE_CODES), repeated_wandering: maybe(fc.boolean(), 3),
  diagnosis: maybe(oddText), disability_card_sealed: maybe(oddText), enrolled_on: nearToday, term_from: maybe(nearToday), surveyed_id_number_sealed: maybe(oddText), roster_sent_at: maybe(instant), next_visit_by: maybe(nearToday),
  revisit_by: maybe(nearToday), transfer_to: maybe(division), ended_on: maybe(nearToday), end_reason: maybe(one(END_REASONS)), revisit: maybe(agencies),
}).map(({ person, enrolled, town, revisit, ...columns }) => ({ ...columns, revisit_station: revisit?.id ?? null, entry_no: `AR-${serial}`, person_id: String(people[person]?.['id']), enrolled_by: enrolled.id, township: town?.id ?? null }));

/** Visits and steps of entries: of their townships and of others, on the same day too. */
const visitsOf = (entries: readonly PlainRow[], agencies: fc.Arbitrary<RosterAgency>): fc.Arbitrary<PlainRow[]> => fc.tuple(...entries.map((row) => fc.array(
  fc.record({ id: uuid, regime: one(VISIT_REGIMES), agency: agencies, own: fc.boolean(), visited_on: nearToday, manner: one(VISIT_MANNERS), result: one(VISIT_RESULTS), note: maybe(oddText), at: instant }), { maxLength: 3 },
).map((found) => found.map(({ agency, own, ...columns }): PlainRow => ({ ...columns, entry_id: String(row['id']), agency_id: (own ? row['township'] : null) ?? agency.id, by_user: 'somebody' }))))).map((lists) => lists.flat());
const entrySteps = (entries: readonly PlainRow[], agencies: fc.Arbitrary<RosterAgency>): fc.Arbitrary<PlainRow[]> => fc.tuple(...entries.map((row) => fc.array(
  fc.record({ id: uuid, from_state: maybe(one(AT_RISK_STATES)), to_state: one(AT_RISK_STATES), at: instant, agency: agencies, reason: maybe(oddText, 2), ...document }), { maxLength: 2 },
).map((found) => found.map(({ agency, ...columns }, step): PlainRow => ({ ...columns, entry_id: String(row['id']), agency_id: agency.id, by_user: 'somebody', step: 9 - step }))))).map((lists) => lists.flat());

const settlement = (serial: number, agencies: fc.Arbitrary<RosterAgency>, people: readonly PlainRow[]): fc.Arbitrary<PlainRow> => fc.record({
  id: uuid, version, track: one(['LONG_STAY', 'HOMELESS_RETURNEE']), state: one(SETTLEMENT_STATES), person: index(PERSONS), stationAgency: agencies, civil: agencies, policeAgency: maybe(agencies), division, entered_on: maybe(nearToday),
  applied_on: maybe(nearToday), decided_on: maybe(nearToday), hukou_division: maybe(division), hukou_registered_on: maybe(nearToday), institution: maybe(oddText), placed_on: maybe(nearToday), support_kind: maybe(oddText),
  proof_of_search: maybe(oddText), plan: maybe(oddText), guardianship: maybe(oddText),
}).map(({ person, stationAgency, civil, policeAgency, track, ...columns }) => ({
  ...columns, track: columns.state.startsWith('HUKOU') ? 'LONG_STAY' : track, settlement_no: `SE-${serial}`, person_id: String(people[person]?.['id']), station: stationAgency.id, civil_affairs: civil.id, police: policeAgency?.id ?? null,
}));

const settlementSteps = (settlements: readonly PlainRow[], agencies: fc.Arbitrary<RosterAgency>): fc.Arbitrary<PlainRow[]> => fc.tuple(...settlements.map((record) => fc.array(
  fc.record({ id: uuid, from_state: maybe(one(SETTLEMENT_STATES)), to_state: one(SETTLEMENT_STATES), at: instant, agency: maybe(agencies), ...document, note: maybe(oddText, 2) }), { maxLength: 3 },
).map((found) => found.map(({ agency, ...columns }, step) => ({ ...columns, agency_id: agency?.id ?? null, by_user: 'somebody', settlement_id: String(record['id']), step: 9 - step }))))).map((lists) => lists.flat());

/** One open stay of each person at most. */
const stay = (serial: number, agencies: fc.Arbitrary<RosterAgency>, people: readonly PlainRow[]): fc.Arbitrary<PlainRow> => fc.record({
  id: uuid, version, state: one(STAY_STATES), stationAgency: agencies, division, called_name: maybe(oddText), features: maybe(oddText), entered_on: nearToday, left_how: one(WAYS_OF_LEAVING), tracing_published_on: maybe(nearToday), tracing_updated_on: maybe(nearToday),
  dna_requested_on: maybe(nearToday), sampled: maybe(fc.record({ dna_sampled_on: nearToday, dna_sample_no: oddText }), 2),
}).map(({ stationAgency, left_how, sampled, ...columns }) => ({
  ...columns, dna_sampled_on: sampled?.dna_sampled_on ?? null, dna_sample_no: sampled?.dna_sample_no ?? null, stay_no: `ST-${serial}`, person_id: String(people[serial % PERSONS]?.['id']), station: stationAgency.id, ...(columns.state === 'LEFT' ? { left_on: addDays(columns.entered_on, serial), left_how } : { left_on: null, left_how: null }),
}));

const stayMoves = (stays: readonly PlainRow[]): fc.Arbitrary<PlainRow[]> => fc.tuple(...stays.map((record) => fc.array(fc.record({ id: uuid, place: one(CUSTODY_PLACES), since: nearToday }), { maxLength: 3 })
  .map((found) => found.map((columns, step) => ({ ...columns, stay_id: String(record['id']), step: 9 - step }))))).map((lists) => lists.flat());

const INQUIRY_LEVELS = ['COUNTY', 'PREFECTURE', 'PROVINCE', 'MINISTRY'] as const;

const inquiry = (serial: number, agencies: fc.Arbitrary<RosterAgency>, people: readonly PlainRow[]): fc.Arbitrary<PlainRow> => fc.record({
  id: uuid, version, state: one(INQUIRY_STATES), level: one(INQUIRY_LEVELS), person: index(PERSONS), stationAgency: agencies, civil: agencies, policeAgency: agencies, asked: fc.tuple(maybe(agencies, 2), maybe(agencies, 2), maybe(agencies, 2), maybe(agencies, 2)), division,
  opened_at: instant, due_by: maybe(nearToday), provisional: fc.boolean(), own_comparison: oddText, methods: list(INQUIRY_METHODS), called_name: maybe(oddText), features: maybe(oddText), photo_digest: maybe(oddText), dna_sample_no: maybe(oddText),
  new_evidence: maybe(oddText), why: one(WITHDRAWAL_REASONS),
}).map(({ person, stationAgency, civil, policeAgency, asked, why, ...columns }) => ({
  ...columns, inquiry_no: `IQ-${serial}`, person_id: String(people[person]?.['id']), station: stationAgency.id, civil_affairs: civil.id, police: policeAgency.id,
  asked_county: asked[0]?.id ?? null, asked_prefecture: asked[1]?.id ?? null, asked_province: asked[2]?.id ?? null, asked_ministry: asked[3]?.id ?? null,
  resume_state: columns.state === 'CANDIDATE' ? 'OPEN' : null, outcome: columns.state === 'WITHDRAWN' ? why : null,
}));

const inquiryAnswers = (inquiries: readonly PlainRow[], agencies: fc.Arbitrary<RosterAgency>): fc.Arbitrary<PlainRow[]> => fc.tuple(...inquiries.map((record) => fc.array(
  fc.record({ id: uuid, level: one(INQUIRY_LEVELS), agency: agencies, asked_at: instant, answered: maybe(fc.record({ answered_at: instant, answer: one(INQUIRY_ANSWERS) }), 2), note: maybe(oddText, 2) }), { maxLength: 2 },
).map((found) => found.map(({ agency, answered, ...columns }, step): PlainRow => ({ ...columns, police: agency.id, answered_at: answered?.answered_at ?? null, answer: answered?.answer ?? null, inquiry_id: String(record['id']), step: 9 - step }))))).map((lists) => lists.flat());

/** Candidates who are nobody on the hub, somebody, or somebody protected. */
const inquiryCandidates = (inquiries: readonly PlainRow[], agencies: fc.Arbitrary<RosterAgency>, people: readonly PlainRow[]): fc.Arbitrary<PlainRow[]> => fc.tuple(...inquiries.map((record, serial) => fc.array(
  fc.record({
    id: uuid, agency: agencies, method: one(INQUIRY_METHODS), found_at: instant, name: oddText, person: maybe(index(PERSONS), 2), suppressed: fc.boolean(), sex: maybe(one(['MALE', 'FEMALE'])), birth_date: maybe(birth), hukou_division: maybe(division), note: maybe(oddText),
    first_confirmed_by: maybe(oddText), rejected_reason: maybe(oddText),
  }), { maxLength: 2 },
).map((found) => found.map(({ agency, person, ...columns }, step): PlainRow => ({
  ...columns, police: agency.id, name_surname: '姓', person_id: person === null ? null : String(people[person]?.['id']), candidate_no: `CA-${serial}-${step}`, inquiry_id: String(record['id']), step: 9 - step, id_number_sealed: syntheticIdNumber(700 + 2 * serial + step),
}))))).map((lists) => lists.flat());

const inquirySteps = (inquiries: readonly PlainRow[], agencies: fc.Arbitrary<RosterAgency>): fc.Arbitrary<PlainRow[]> => fc.tuple(...inquiries.map((record) => fc.array(
  fc.record({ id: uuid, from_state: maybe(one(INQUIRY_STATES)), to_state: one(INQUIRY_STATES), level: one(INQUIRY_LEVELS), at: instant, agency: agencies, reason: maybe(oddText, 2), ...document }), { maxLength: 2 },
).map((found) => found.map(({ agency, ...columns }, step): PlainRow => ({ ...columns, agency_id: agency.id, by_user: 'somebody', inquiry_id: String(record['id']), step: 9 - step }))))).map((lists) => lists.flat());

/** Reports of somebody whose number nobody bears, of somebody, or of somebody protected. */
const missingReport = (serial: number, agencies: fc.Arbitrary<RosterAgency>, people: readonly PlainRow[]): fc.Arbitrary<PlainRow> => fc.record({
  id: uuid, version, state: one(MISSING_STATES), agency: agencies, person: maybe(index(PERSONS), 2), reported_at: instant, closed_at: instant, note: maybe(oddText), name: oddText, sex: maybe(one(['UNKNOWN', 'MALE', 'FEMALE'])), birth_date: maybe(birth),
  estimated_age: maybe(fc.integer({ min: 0, max: 130 })), born_on: maybe(birth, 3), home_division: maybe(division), missing_since: nearToday, last_seen_division: maybe(division), looks: maybe(oddText), kin_name: maybe(oddText), kin_relation: maybe(oddText), kin_phone_sealed: maybe(oddText),
}).map(({ agency, person, closed_at, ...columns }) => ({
  ...columns, report_no: `MR-${serial}`, reporter: agency.id, reported_by: 'somebody', person_id: person === null ? null : String(people[person]?.['id']), id_number_sealed: person === null ? null : syntheticIdNumber(900 + serial),
  closed_at: columns.state === 'OPEN' ? null : closed_at, closed_by: columns.state === 'OPEN' ? null : 'somebody',
}));

/** What each verdict leaves behind it: nobody has said anything, one has, two have, or it is somebody else. */
const WORDS = [
  { verdict: null, first_confirmed_by: null, second_confirmed_by: null, tell: null }, { verdict: null, first_confirmed_by: '甲', second_confirmed_by: null, tell: true }, { verdict: 'SAME_PERSON', first_confirmed_by: '甲', second_confirmed_by: '乙', tell: false },
  { verdict: 'SAME_PERSON', first_confirmed_by: '甲', second_confirmed_by: '乙', tell: true }, { verdict: 'NOT_THE_SAME', first_confirmed_by: null, second_confirmed_by: null, tell: null },
];

const missingCandidates = (inquiries: readonly PlainRow[], reports: readonly PlainRow[], people: readonly PlainRow[]): fc.Arbitrary<PlainRow[]> => fc.tuple(...inquiries.map((record) => fc.subarray([...reports], { maxLength: 3 }).chain((chosen) => fc.tuple(...chosen.map((report) => fc.record({
  id: uuid, ended: fc.boolean(), words: one(WORDS), birth_year: maybe(fc.integer({ min: 1900, max: 2026 })), looks: maybe(oddText), reason: maybe(oddText), person: maybe(index(PERSONS), 2),
}).map(({ words, person, ...columns }) => ({ ...columns, ...words, person_id: person === null ? null : String(people[person]?.['id']), report: columnsOf(report) })))))
  .map((found) => found.map(({ report, ...columns }, step): PlainRow => ({ ...columns, ...report, inquiry_id: String(record['id']), step: 9 - step }))))).map((lists) => lists.flat());
const columnsOf = (report: PlainRow): PlainRow => ({ report_id: String(report['id']), report_no: String(report['report_no']), reporter: String(report['reporter']), name: String(report['name']), sex: report['sex'] ?? null, home_division: report['home_division'] ?? null, missing_since: String(report['missing_since']) });

/** Results of some candidates, whatever was said of them. */
const missingResults = (candidates: readonly PlainRow[], agencies: fc.Arbitrary<RosterAgency>, people: readonly PlainRow[]): fc.Arbitrary<PlainRow[]> => fc.tuple(...candidates.map((candidate, place) => fc.record({ id: uuid, contact: agencies, told_on: nearToday, person: index(PERSONS), told: fc.boolean() })
  .map(({ contact, person, told, ...columns }): PlainRow[] => (told ? [{ ...columns, report_id: String(candidate['report_id']), candidate_id: String(candidate['id']), step: 999 - place, contact: contact.id, person_id: String(people[person]?.['id']) }] : [])))).map((lists) => lists.flat());

const HOUSEHOLD_KINDS = ['REGISTERED', 'OUT_OF_POVERTY', 'UNSTABLE', 'MARGINAL', 'SUDDEN_HARDSHIP'];
const household = (serial: number, agencies: fc.Arbitrary<RosterAgency>): fc.Arbitrary<PlainRow> => fc.record({
  id: uuid, office: agencies, head_name: oddText, division, kind: one(HOUSEHOLD_KINDS),
}).map(({ office, ...columns }) => ({ ...columns, office: office.id, household_no: `${ORDERED_TEXTS[serial % ORDERED_TEXTS.length]}${serial < ORDERED_TEXTS.length ? '' : serial}` }));

const member = (serial: number, households: readonly PlainRow[]): fc.Arbitrary<PlainRow> => fc.record({
  id: uuid, household: index(HOUSEHOLDS), name: oddText, born_on: birth, relation: maybe(oddText), since: maybe(instant), until: maybe(instant, 2),
}).map(({ household, ...columns }) => ({ ...columns, household_id: String(households[household]?.['id']), position: MEMBERS - serial, id_number_sealed: syntheticIdNumber(500 + serial) }));

const matches = (members: readonly PlainRow[], people: readonly PlainRow[]): fc.Arbitrary<PlainRow[]> => fc.tuple(...members.map((row) => fc.subarray([...people], { maxLength: 2 }).map((found) => found.map((who) => ({
  household_id: String(row['household_id']), member_id: String(row['id']), person_id: String(who['id']),
}))))).map((lists) => lists.flat());

const flags = (households: readonly PlainRow[], agencies: fc.Arbitrary<RosterAgency>): fc.Arbitrary<PlainRow[]> => fc.tuple(...households.map((row) => maybe(
  fc.record({ state: one(['PROPOSED', 'CONFIRMED', 'CLEARED']), contact: maybe(agencies), proposed_at: instant, release_on: nearToday }), 4,
).map((flag): PlainRow[] => (flag ? [{ household_id: String(row['id']), state: flag.state, contact_agency: flag.contact?.id ?? null, proposed_at: flag.proposed_at, release_on: flag.state === 'CONFIRMED' ? flag.release_on : null }] : [])))).map((lists) => lists.flat());

/** Of each household up to three periods, the last of which may still be open. */
const periods = (households: readonly PlainRow[], agencies: fc.Arbitrary<RosterAgency>): fc.Arbitrary<PlainRow[]> => fc.tuple(...households.map((row) => fc.array(fc.record({
  id: uuid, since: maybe(instant), until: instant, open: fc.boolean(), head_name: oddText, division, kind: one(HOUSEHOLD_KINDS), agency: agencies,
}), { maxLength: 3 }).map((found) => found.map(({ agency, open, until, ...columns }, step): PlainRow => ({
  ...columns, household_id: String(row['id']), step: 9 - step, until: open && step === 0 ? null : until, agency_id: agency.id, by_user: 'somebody',
}))))).map((lists) => lists.flat());

const help = (households: readonly PlainRow[], agencies: fc.Arbitrary<RosterAgency>): fc.Arbitrary<PlainRow[]> => fc.tuple(...households.map((row) => fc.array(fc.record({
  id: uuid, measures: fc.subarray([...HELP_MEASURES], { minLength: 1 }), helped_on: nearToday, text: maybe(oddText), at: instant, agency: agencies,
}), { maxLength: 3 }).map((found) => found.map(({ agency, ...columns }): PlainRow => ({ ...columns, household_id: String(row['id']), agency_id: agency.id, by_user: 'somebody' }))))).map((lists) => lists.flat());

const protections = (people: readonly PlainRow[], agencies: fc.Arbitrary<RosterAgency>): fc.Arbitrary<PlainRow[]> => fc.subarray([...people], { minLength: 4, maxLength: 9 }).chain((chosen) => fc.tuple(...chosen.map((who) => fc.record({
  holding: agencies, unit: maybe(agencies, 2),
}).map(({ holding, unit }): PlainRow => ({ person_id: String(who['id']), holding_agency: holding.id, holding_division: holding.division, named_unit: unit?.id ?? null, since: TODAY, basis: '人身安全保护令' })))));

/** Duties on records of every ledger and on none, each waiting for one to three agencies. */
const duties = (persons: readonly PlainRow[], cases: readonly PlainRow[], households: readonly PlainRow[], agencies: fc.Arbitrary<RosterAgency>): fc.Arbitrary<{ duties: PlainRow[]; duty_notices: PlainRow[] }> => fc.array(fc.record({
  id: uuid, step: one(['acknowledgeReturn', 'recordHomeCheck', 'confirmHouseholdFlag']), title: oddText, about: one(['ReturnCase', 'RegisteredHousehold', 'AtRiskEntry']), caseIndex: index(CASES), householdIndex: index(HOUSEHOLDS), personIndex: maybe(index(PERSONS)),
  owner: agencies, started_at: instant, due_on: nearToday, due_at: instant, provisional: fc.boolean(), reminded_at: maybe(instant, 2), overdue_at: maybe(instant, 2), ended: maybe(one(['DONE', 'VOID']), 2), reason: oddText, record_no: oddText,
}), { minLength: DUTIES, maxLength: DUTIES, size: 'max' }).chain((drawn) => {
  const rows = drawn.map(({ about, caseIndex, householdIndex, personIndex, owner, ended, ...columns }): PlainRow => ({
    ...columns, record: about, record_id: String((about === 'ReturnCase' ? cases[caseIndex] : about === 'RegisteredHousehold' ? households[householdIndex] : persons[caseIndex % PERSONS])?.['id']),
    person_id: personIndex === null ? null : String(persons[personIndex]?.['id']), owner: owner.id, amount: 2, unit: 'workingDays', class: 'DESIGN', ended, ended_at: ended && columns.started_at,
  }));
  const told = fc.tuple(...rows.map(({ id }) => fc.uniqueArray(agencies, { minLength: 1, maxLength: 3, selector: (agency) => agency.id })
    .chain((them) => fc.tuple(...them.map((agency) => fc.record({ id: uuid, kind: one(['OWED', 'RAISED']), at: instant }).map((columns): PlainRow => ({ ...columns, duty_id: String(id), agency_id: agency.id })))))));
  return told.map((lists) => ({ duties: oneOpenEach(rows), duty_notices: lists.flat() }));
});

/** What agencies were told, lately and long ago, of records of every ledger, about a person or none. */
const telling = (agencies: fc.Arbitrary<RosterAgency>, people: readonly PlainRow[], households: readonly PlainRow[]): fc.Arbitrary<PlainRow> => fc.record({
  id: uuid, agency: agencies, at: instant, step: one(['recallReturn', 'answerCorrection', 'answerMissingCandidate']), title: oddText, record: one(['ReturnCase', 'Person', 'MissingReport', 'RegisteredHousehold']), record_id: uuid, household: index(HOUSEHOLDS), record_no: maybe(oddText), person: maybe(index(PERSONS)), field: maybe(oddText),
}).map(({ agency, person: who, household: which, ...columns }) => ({
  ...columns, agency_id: agency.id, person_id: who === null ? null : String(people[who]?.['id']), ...(columns.record === 'RegisteredHousehold' && { record_id: String(households[which]?.['id']) }),
}));

/** Corrections between two agencies each, about a person or none. */
const correction = (serial: number, agencies: fc.Arbitrary<RosterAgency>, people: readonly PlainRow[], households: readonly PlainRow[]): fc.Arbitrary<PlainRow> => fc.record({
  id: uuid, version, state: one(CORRECTION_STATES), record: one(CORRECTED_RECORDS), record_id: uuid, record_no: maybe(oddText), field: fc.oneof(oddText, fc.constant('help.1.text')), person: maybe(index(PERSONS)), born_on: maybe(birth), ledger: one(CORRECTED_LEDGERS), provider_ledger: one(CORRECTED_LEDGERS),
  parties: fc.uniqueArray(agencies, { minLength: 2, maxLength: 2, selector: ({ id }) => id }), asked_at: instant, claim: oddText, proposed_sealed: maybe(oddText), source_no: oddText, answer_by: nearToday, answered_at: instant, answer: oddText,
}).chain((columns) => fc.record({
  record_id: columns.record === 'RegisteredHousehold' && households.length > 0 ? one(households.map(({ id }) => String(id))) : fc.constant(columns.record_id),
  matter: columns.ledger === 'IDENTITY' ? one(['IQ-0', 'IQ-1']) : fc.constant(null), source_no: columns.provider_ledger === 'IDENTITY' ? one(['IQ-0', 'IQ-1']) : fc.constant(columns.source_no),
}).map((drawn) => ({ ...columns, ...drawn }))).map(({ person: who, parties, answered_at, answer, ...columns }) => ({
  ...columns, correction_no: `CO-${serial}`, person_id: who === null ? null : String(people[who]?.['id']), asked_by: parties[0]?.id ?? '', provider: parties[1]?.id ?? '', by_user: 'somebody', shown_as: '[]',
  ...(columns.state === 'OPEN' ? { answered_at: null, answer: null } : { answered_at, answer }),
}));

/** Of open duties of one step, record and owner there is one. */
function oneOpenEach(rows: readonly PlainRow[]): PlainRow[] {
  const open = new Set<string>();
  return rows.map((row) => {
    const key = `${String(row['record_id'])} ${String(row['step'])} ${String(row['owner'])}`;
    if (row['ended'] !== null || !open.has(key)) {
      if (row['ended'] === null) open.add(key);
      return row;
    }
    return { ...row, ended: 'VOID', ended_at: row['started_at'] ?? null };
  });
}

/** A few hundred rows of every ledger about the same few persons: unknown ages, empty lists, boundary dates, odd names, several ledgers and households for one person. */
export const rowsArbitrary: fc.Arbitrary<{ rows: PlainRows; favourites: string[] }> = fc.tuple(favourites, many(PERSONS, person)).chain(([liked, persons]) => {
  const agencies = ofAgencies(liked);
  return fc.tuple(many(CASES, (serial) => caseRow(serial, agencies, persons)), many(HOUSEHOLDS, (serial) => household(serial, agencies)), many(SETTLEMENTS, (serial) => settlement(serial, agencies, persons)), many(STAYS, (serial) => stay(serial, agencies, persons)), many(ENTRIES, (serial) => entry(serial, agencies, persons)), many(INQUIRIES, (serial) => inquiry(serial, agencies, persons)), many(REPORTS, (serial) => missingReport(serial, agencies, persons))).chain(([cases, households, settlements, stays, entries, inquiries, reports]) => fc.tuple(many(MEMBERS, (serial) => member(serial, households)), missingCandidates(inquiries, reports, persons)).chain(([members, given]) => fc.record({
    persons: fc.constant(persons), protections: protections(persons, agencies), return_cases: fc.constant(cases), return_transitions: steps(cases, agencies), return_referrals: referrals(cases, agencies), return_revisits: revisitsOf(cases, agencies),
    at_risk_entries: fc.constant(entries), follow_up_visits: visitsOf(entries, agencies), at_risk_transitions: entrySteps(entries, agencies), settlement_cases: fc.constant(settlements), settlement_transitions: settlementSteps(settlements, agencies), stays: fc.constant(stays), stay_moves: stayMoves(stays),
    identity_inquiries: fc.constant(inquiries), inquiry_answers: inquiryAnswers(inquiries, agencies), inquiry_candidates: inquiryCandidates(inquiries, agencies, persons), inquiry_transitions: inquirySteps(inquiries, agencies), missing_reports: fc.constant(reports), missing_candidates: fc.constant(given), missing_results: missingResults(given, agencies, persons), registered_households: fc.constant(households),
    household_members: fc.constant(members), household_matches: matches(members, persons), household_flags: flags(households, agencies), household_periods: periods(households, agencies), household_help: help(households, agencies), owed: duties(persons, cases, households, agencies), tellings: many(TELLINGS, () => telling(agencies, persons, households)), corrections: many(CORRECTIONS, (serial) => correction(serial, agencies, persons, households)),
  }))).map(({ owed, ...rows }) => ({ rows: { ...rows, return_cases: withReferrals(rows.return_cases, rows.return_referrals), ...owed }, favourites: liked.map(({ code }) => code) }));
});
