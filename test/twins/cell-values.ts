import type { CalendarDate } from '../../src/kernel/dates.js';
import type { Rung } from '../../src/policy/language.js';
import type { RawRow, RawTables } from './twin-database.js';

/** What a cell shows at a rung, from the stored columns alone: written once more beside the catalogue's SQL, so that a slip there does not excuse itself. */

export interface CellSource { tables: RawTables; today: CalendarDate }
type ValueOf = (row: RawRow, source: CellSource, rung: Rung) => unknown;

const columns = (...names: string[]): ValueOf => (row) => names.map((name) => row[name] ?? null);
const masked = (full: string[], lower: string): ValueOf => (row, _, rung) => (rung === 'FULL' ? full : [lower]).map((name) => row[name] ?? null);

const SUBJECT = ['name', 'id_number_sealed', 'id_number_hash', 'sex', 'birth_date', 'estimated_age', 'hukou_division', 'home_division', 'address_sealed', 'kin_name', 'kin_phone_sealed', 'features'].map((name) => `subject_${name}`);
const HOME_CHECK = ['home_checked_on', 'home_committee', 'home_difficulties', 'home_text'];

const rowsWith = (table: string, key: string, ...names: string[]): ValueOf => ({ id }, { tables }) => (tables[table] ?? []).filter((row) => row[key] === id)
  .toSorted((one, other) => Number(one['step']) - Number(other['step'])).map((row) => names.map((name) => row[name] ?? null));

const transitionsWith = (...names: string[]): ValueOf => rowsWith('return_transitions', 'case_id', ...names);

const VISIT = ['visited_on', 'at', 'id', 'regime', 'manner', 'result', 'note', 'agency_id'];
const visitsWhere = (belongs: (visit: RawRow, entry: RawRow) => boolean): ValueOf => (entry, { tables }) => (tables['follow_up_visits'] ?? []).filter((visit) => visit['entry_id'] === entry['id'] && belongs(visit, entry))
  .map((visit) => VISIT.map((name) => visit[name] ?? null)).toSorted((one, other) => (String(one.slice(0, 3)) < String(other.slice(0, 3)) ? -1 : 1));

const REVISIT = ['visited_on', 'at', 'id', 'manner', 'result', 'note'];
const revisits: ValueOf = ({ id }, { tables }) => (tables['return_revisits'] ?? []).filter((visit) => visit['case_id'] === id)
  .map((visit) => REVISIT.map((name) => visit[name] ?? null)).toSorted((one, other) => (String(one.slice(0, 3)) < String(other.slice(0, 3)) ? -1 : 1));

const CANDIDATE = ['candidate_no', 'police', 'method', 'found_at', 'name', 'id_number_sealed', 'sex', 'birth_date', 'hukou_division', 'note', 'first_confirmed_by', 'second_confirmed_by', 'rejected_reason'];

const MISSING_CANDIDATE = ['report_no', 'reporter', 'name', 'sex', 'birth_year', 'home_division', 'missing_since', 'looks', 'verdict', 'first_confirmed_by', 'second_confirmed_by', 'tell', 'reason'];
/** Whether the person of either row is protected. */
const areProtected = (tables: RawTables, ...rows: readonly RawRow[]): boolean => (tables['protections'] ?? []).some((protection) => rows.some((row) => row['person_id'] === protection['person_id']));

const flagOf: ValueOf = ({ id }, { tables }) => {
  const flag = (tables['household_flags'] ?? []).find((row) => row['household_id'] === id);
  return flag ? [flag['state'], flag['contact_agency']] : null;
};

const dutyOf = (row: RawRow, { tables }: CellSource): RawRow => (tables['duties'] ?? []).find(({ id }) => id === row['duty_id']) ?? {};
const ofDuty = (column: string): ValueOf => (row, source) => dutyOf(row, source)[column];

const STATES_IN: Record<string, [table: string, key: string]> = { ReturnCase: ['return_cases', 'id'], AtRiskEntry: ['at_risk_entries', 'id'], SettlementCase: ['settlement_cases', 'id'], IdentityInquiry: ['identity_inquiries', 'id'], RegisteredHousehold: ['household_flags', 'household_id'], Stay: ['stays', 'id'], Correction: ['corrections', 'id'] };
function stateOf(duty: RawRow, { tables }: CellSource): unknown {
  const [table, key] = STATES_IN[String(duty['record'])] ?? ['', ''];
  return (tables[table] ?? []).find((row) => row[key] === duty['record_id'])?.['state'] ?? null;
}

/** Cells that are not simply the column of the same name. */
const VALUES: Record<string, ValueOf> = {
  'Person.name': masked(['name'], 'name_surname'),
  'Person.idNumber': masked(['id_number_sealed'], 'id_number_ends'),
  'Person.kinPhone': masked(['kin_phone_sealed'], 'kin_phone_ends'),
  'Person.address': columns('address_sealed'),
  'Person.birthYear': ({ born_on: born }) => (born === null ? null : String(born).slice(0, 4)),
  'Person.ageBand': ({ born_on: born }, { today }) => (born === null ? null : bandOf(String(born), today)),
  'ReturnCase.subject': columns(...SUBJECT),
  'ReturnCase.homeCheck': columns(...HOME_CHECK),
  'ReturnCase.revisits': revisits,
  'ReturnCase.deadlinesProvisional': columns('provisional'),
  'ReturnCase.transitions': transitionsWith('from_state', 'to_state', 'at', 'agency_id'),
  'ReturnCase.transitions.reason': transitionsWith('reason_code', 'reason_text'),
  'ReturnCase.transitions.documentNo': transitionsWith('document_no'),
  'ReturnCase.transitions.documentDate': transitionsWith('document_date'),
  'AtRiskEntry.needsVisits': ({ state }) => ['ACTIVE', 'WANDERING', 'TRANSFERRING'].includes(String(state)),
  'AtRiskEntry.disabilityCardNo': columns('disability_card_sealed'),
  'AtRiskEntry.surveyedIdNumber': columns('surveyed_id_number_sealed'),
  'AtRiskEntry.visits': visitsWhere(() => true),
  'AtRiskEntry.rosterVisits': visitsWhere((visit, entry) => visit['regime'] === 'TOWNSHIP' && visit['agency_id'] === entry['township']),
  'AtRiskEntry.transitions': ({ id }, { tables }) => (tables['at_risk_transitions'] ?? []).filter((step) => step['entry_id'] === id).toSorted((one, other) => Number(one['step']) - Number(other['step']))
    .map((step) => ['from_state', 'to_state', 'at', 'agency_id', 'reason', 'document_no', 'document_date'].map((name) => step[name] ?? null)),
  'SettlementCase.settled': ({ state }) => ['REGISTERED', 'PLACED', 'SUPPORTED', 'NOT_ELIGIBLE'].includes(String(state)),
  'SettlementCase.transitions': rowsWith('settlement_transitions', 'settlement_id', 'from_state', 'to_state', 'at', 'agency_id'),
  'SettlementCase.transitions.documentNo': rowsWith('settlement_transitions', 'settlement_id', 'document_no'),
  'SettlementCase.transitions.documentDate': rowsWith('settlement_transitions', 'settlement_id', 'document_date'),
  'SettlementCase.transitions.note': rowsWith('settlement_transitions', 'settlement_id', 'note'),
  'Stay.moves': rowsWith('stay_moves', 'stay_id', 'place', 'since'),
  'IdentityInquiry.deadlineProvisional': columns('provisional'),
  'IdentityInquiry.answers': rowsWith('inquiry_answers', 'inquiry_id', 'level', 'police', 'asked_at', 'answered_at', 'answer', 'note'),
  'IdentityInquiry.candidates': ({ id }, { tables }) => (tables['inquiry_candidates'] ?? [])
    .filter((one) => one['inquiry_id'] === id && one['suppressed'] !== true && !(tables['protections'] ?? []).some((protection) => protection['person_id'] === one['person_id']))
    .toSorted((one, other) => Number(one['step']) - Number(other['step'])).map((one) => CANDIDATE.map((name) => one[name] ?? null)),
  'IdentityInquiry.missingCandidates': (row, { tables }) => (tables['missing_candidates'] ?? [])
    .filter((one) => one['inquiry_id'] === row['id'] && one['ended'] !== true && !areProtected(tables, one, row)).toSorted((one, other) => Number(one['step']) - Number(other['step'])).map((one) => MISSING_CANDIDATE.map((name) => one[name] ?? null)),
  'MissingReport.idNumber': columns('id_number_sealed'),
  'MissingReport.kinPhone': columns('kin_phone_sealed'),
  'MissingReport.results': (row, { tables }) => (tables['missing_results'] ?? [])
    .filter((one) => one['report_id'] === row['id'] && !areProtected(tables, one, row)).toSorted((one, other) => Number(one['step']) - Number(other['step'])).map((one) => [one['contact'], one['told_on']]),
  'IdentityInquiry.transitions': rowsWith('inquiry_transitions', 'inquiry_id', 'from_state', 'to_state', 'level', 'at', 'agency_id'),
  'IdentityInquiry.transitions.reason': rowsWith('inquiry_transitions', 'inquiry_id', 'reason'),
  'IdentityInquiry.transitions.documentNo': rowsWith('inquiry_transitions', 'inquiry_id', 'document_no'),
  'IdentityInquiry.transitions.documentDate': rowsWith('inquiry_transitions', 'inquiry_id', 'document_date'),
  'RegisteredHousehold.flag': flagOf,
  'RegisteredHousehold.history': rowsWith('household_periods', 'household_id', 'since', 'until', 'kind', 'head_name', 'division', 'agency_id'),
  'RegisteredHousehold.help': ({ id }, { tables }) => (tables['household_help'] ?? []).filter((row) => row['household_id'] === id).map((row) => ['helped_on', 'at', 'id', 'measures', 'text', 'agency_id'].map((name) => row[name] ?? null))
    .toSorted((one, other) => (String(one.slice(0, 3)) < String(other.slice(0, 3)) ? -1 : 1)),
  'InboxItem.step': ofDuty('step'), 'InboxItem.title': ofDuty('title'), 'InboxItem.record': ofDuty('record'), 'InboxItem.number': ofDuty('record_no'), 'InboxItem.owner': ofDuty('owner'), 'InboxItem.since': ofDuty('started_at'),
  'InboxItem.dueOn': ofDuty('due_on'), 'InboxItem.dueAt': ofDuty('due_at'), 'InboxItem.provisional': ofDuty('provisional'), 'InboxItem.deadlineClass': ofDuty('class'), 'InboxItem.reason': ofDuty('reason'), 'InboxItem.raisedAt': columns('at'),
  'InboxItem.overdue': (row, source) => dutyOf(row, source)['overdue_at'] !== null,
  'InboxItem.state': (row, source) => (row['kind'] === 'TOLD' ? null : stateOf(dutyOf(row, source), source)),
  'Correction.number': columns('record_no'), 'Correction.sourceNumber': columns('source_no'), 'Correction.proposed': columns('proposed_sealed'),
  'HouseholdMember.idNumber': columns('id_number_sealed'),
};

/** @throws Error for a cell that is neither in the list nor a column */
export function valueOf(source: CellSource, record: string, row: RawRow, cell: string, rung: Rung): unknown {
  const known = VALUES[`${record}.${cell}`];
  if (known) return known(row, source, rung);
  const column = cell.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
  if (!(column in row)) throw new Error(`no stored column behind ${record}.${cell}`);
  return row[column];
}

function bandOf(born: string, today: CalendarDate): string {
  const age = Number(today.slice(0, 4)) - Number(born.slice(0, 4)) - (today.slice(5) < born.slice(5) ? 1 : 0);
  return age < 14 ? 'UNDER_14' : age < 18 ? 'FROM_14_TO_17' : age < 60 ? 'FROM_18_TO_59' : 'FROM_60';
}
