import type { ClientBase } from 'pg';
import { dateOf, type CalendarDate } from '../kernel/dates.js';
import type { KeyRing } from '../kernel/key-ring.js';
import { idNumberEnds, phoneEnds, surnameOf } from '../kernel/masks.js';
import { ID_NUMBER_HASH } from '../ledgers/id-number-hash.js';
import { ASKED_AT } from '../ledgers/inquiries/inquiries.levels.js';
import { otherPlaces } from '../ledgers/links.js';
import { beginDuties } from './world-duties.js';
import { agencyId, bornOn, getCase, getPerson, readWorld, subjectOf, worldId, type World, type WorldCase } from './world-files.js';

/** What was put in; all 0 where the database has agencies already. */
export interface LoadedWorld { agencies: number; persons: number; cases: number }

/** Values of one row by column. Arrays are PostgreSQL arrays. */
type Row = Record<string, string | number | boolean | readonly string[] | null | undefined>;
type Rows = [table: string, rows: Row[]];

/**
 * Puts the named small world of a folder into an empty directory, in one transaction; where there is any agency it does nothing.
 * Ids, numbers and versions are the same in every database; sealed values and hashes are made with the key ring.
 * @param owner a client of the tables' owner, outside a transaction
 */
export async function loadWorld(owner: ClientBase, keyRing: KeyRing, folder: string): Promise<LoadedWorld> {
  const world = readWorld(folder);
  await owner.query('BEGIN');
  try {
    // two hubs that start at once: the second waits here, and then finds agencies
    await owner.query('LOCK TABLE guitu.agencies IN SHARE ROW EXCLUSIVE MODE');
    const { rowCount } = await owner.query('SELECT FROM guitu.agencies LIMIT 1');
    const rows = rowCount === 0 ? rowsOf(world, keyRing) : [];
    for (const [table, records] of rows) for (const record of records) await insert(owner, table, record);
    if (rowCount === 0) {
      await owner.query('SELECT guitu.count_earlier_returns(id) FROM guitu.return_cases');
      await beginDuties(owner, world);
    }
    await owner.query('COMMIT');
    const count = (table: string): number => rows.find(([name]) => name === table)?.[1].length ?? 0;
    return { agencies: count('agencies'), persons: count('persons'), cases: count('return_cases') };
  } catch (error) {
    await owner.query('ROLLBACK');
    throw error;
  }
}

async function insert(owner: ClientBase, table: string, row: Row): Promise<void> {
  const columns = Object.keys(row);
  await owner.query(`INSERT INTO guitu.${table} (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})`, Object.values(row));
}

/** One of which nothing earlier is written has been as it is all along. */
const periodsOf = ({ history }: World['households'][string]): Partial<World['households'][string]['history'][number]>[] => (history.length > 0 ? history : [{}]);

/** Tables in the order in which they may be filled. */
function rowsOf(world: World, ring: KeyRing): Rows[] {
  const today = dateOf(new Date(world.now));
  const cases = Object.entries(world.cases);
  const reports = Object.entries(world.missing);
  const households = Object.entries(world.households);
  return [
    ['agencies', Object.entries(world.agencies).map(([code, agency]) => ({ id: worldId('agency', code), code, ...agency }))],
    ['settings', world.settings.map((setting) => ({ ...setting, value: JSON.stringify(setting.value) }))],
    ['persons', Object.entries(world.persons).map(([name, person]) => ({
      id: worldId('person', name), identity_state: person.identityState, ...identityColumns(person, ring, today), id_number_ends: person.idNumber && idNumberEnds(person.idNumber),
    }))],
    ['protections', Object.entries(world.persons).flatMap(([name, { protection }]) => (protection ? [{
      person_id: worldId('person', name), holding_agency: worldId('agency', protection.holdingAgency), holding_division: divisionOf(world, protection.holdingAgency),
      named_unit: agencyId(protection.namedUnit), since: protection.since, basis: protection.basis,
    }] : []))],
    ['return_cases', cases.map(([name, record]) => caseRow(world, name, record, ring))],
    ['return_transitions', cases.flatMap(([name, record]) => stepsOf(record).map((step, index, steps) => ({
      case_id: worldId('case', name), step: index + 1, from_state: steps[index - 1]?.to, to_state: step.to, at: step.at, agency_id: agencyId(step.by), by_user: `clerk of ${step.by}`,
      reason_code: step.code, reason_text: step.text, document_no: step.documentNo, document_date: step.documentDate,
    })))],
    ['return_referrals', cases.flatMap(([name, record]) => record.referrals.map((referral) => ({
      id: worldId('referral', referral.referralNo), case_id: worldId('case', name), person_id: worldId('person', record.person), referral_no: referral.referralNo, version: referral.version, addressee: agencyId(referral.addressee),
      help_asked: referral.helpAsked, details: referral.details, referred_at: referral.referredAt, answer_by: dateOf(new Date(referral.referredAt)), answered_at: referral.answeredAt, measures: referral.measures, answer: referral.answer,
    })))],
    ['return_revisits', cases.flatMap(([name, { origin, revisits }]) => revisits.map((visit) => ({
      case_id: worldId('case', name), agency_id: agencyId(origin), by_user: `clerk of ${origin}`, visited_on: visit.visitedOn, manner: visit.manner, result: visit.result, note: visit.note, at: startOf(visit.visitedOn),
    })))],
    ['at_risk_entries', Object.entries(world.atRisk).map(([name, entry]) => ({
      id: worldId('entry', name), version: entry.version, entry_no: entry.entryNo, state: entry.state, person_id: worldId('person', entry.person), division: entry.division,
      enrolled_by: agencyId(entry.enrolledBy), township: agencyId(entry.township), risk_classes: entry.riskClasses, care_codes: entry.careCodes, repeated_wandering: entry.repeatedWandering,
      diagnosis: entry.diagnosis, disability_card_sealed: seal(ring, entry.disabilityCardNo), enrolled_on: entry.enrolledOn, term_from: entry.termFrom,
      roster_sent_at: entry.rosterSentAt, revisit_station: agencyId(entry.revisitStation), revisit_by: entry.revisitBy, next_visit_by: entry.nextVisitBy,
    }))],
    ['follow_up_visits', Object.entries(world.atRisk).flatMap(([name, { visits }]) => visits.map((visit) => ({
      entry_id: worldId('entry', name), regime: visit.regime, agency_id: agencyId(visit.by), by_user: `clerk of ${visit.by}`, visited_on: visit.visitedOn, manner: visit.manner, result: visit.result, note: visit.note,
      at: startOf(visit.visitedOn),
    })))],
    ['settlement_cases', Object.entries(world.settlement).map(([name, record]) => ({
      id: worldId('settlement', name), version: record.version, settlement_no: record.settlementNo, track: record.track, state: record.state, person_id: worldId('person', record.person),
      station: agencyId(record.station), civil_affairs: agencyId(record.civilAffairs), police: agencyId(record.police), division: record.division,
      entered_on: record.enteredOn, applied_on: record.appliedOn, decided_on: record.decidedOn, hukou_division: record.hukouDivision, hukou_registered_on: record.hukouRegisteredOn,
      institution: record.institution, placed_on: record.placedOn, support_kind: record.supportKind, proof_of_search: record.proofOfSearch, plan: record.plan, guardianship: record.guardianship,
      return_case: record.returnCase && worldId('case', record.returnCase),
    }))],
    ['settlement_transitions', Object.entries(world.settlement).flatMap(([name, { transitions }]) => transitions.map((step, index) => ({
      settlement_id: worldId('settlement', name), step: index + 1, from_state: transitions[index - 1]?.to, to_state: step.to, at: step.at, agency_id: agencyId(step.by), by_user: step.by ? `clerk of ${step.by}` : 'clock',
      document_no: step.documentNo, document_date: step.documentDate, note: step.note,
    })))],
    ['stays', Object.entries(world.stays).map(([name, record]) => ({
      id: worldId('stay', name), version: record.version, stay_no: record.stayNo, state: record.leftOn ? 'LEFT' : record.moves.at(-1)?.place, person_id: worldId('person', record.person), station: agencyId(record.station),
      division: divisionOf(world, record.station), called_name: record.calledName, features: record.features, entered_on: record.moves[0]?.since, left_on: record.leftOn, left_how: record.leftHow,
      tracing_published_on: record.tracingPublishedOn, tracing_updated_on: record.tracingUpdatedOn, dna_requested_on: record.dnaRequestedOn, dna_sampled_on: record.dnaSampledOn, dna_sample_no: record.dnaSampleNo,
    }))],
    ['stay_moves', Object.entries(world.stays).flatMap(([name, { moves }]) => moves.map(({ place, since }, index) => ({ stay_id: worldId('stay', name), step: index + 1, place, since })))],
    ['identity_inquiries', Object.entries(world.inquiries).map(([name, record]) => ({
      id: worldId('inquiry', name), version: record.version, inquiry_no: record.inquiryNo, state: record.state, level: record.level, resume_state: record.resumeState, person_id: worldId('person', record.person), station: agencyId(record.station),
      division: divisionOf(world, record.station), civil_affairs: agencyId(record.civilAffairs), police: agencyId(record.police), ...Object.fromEntries(record.asked.map(({ level, police }) => [ASKED_AT[level], agencyId(police)])),
      opened_at: record.transitions[0]?.at, own_comparison: record.ownComparison, methods: record.methods, called_name: record.calledName, features: record.features, photo_digest: record.photoDigest, dna_sample_no: record.dnaSampleNo,
    }))],
    ['inquiry_answers', Object.entries(world.inquiries).flatMap(([name, { asked }]) => asked.map((one, index) => ({
      inquiry_id: worldId('inquiry', name), step: index + 1, level: one.level, police: agencyId(one.police), asked_at: one.at, answered_at: one.answeredAt, answer: one.result, note: one.note,
    })))],
    ['inquiry_candidates', Object.entries(world.inquiries).flatMap(([name, { candidates }]) => candidates.map((one, index) => ({
      inquiry_id: worldId('inquiry', name), step: index + 1, candidate_no: one.candidateNo, person_id: one.person && worldId('person', one.person), suppressed: one.suppressed === true, police: agencyId(one.police), method: one.method, found_at: one.foundAt,
      name: one.name, name_surname: surnameOf(one.name), id_number_sealed: seal(ring, one.idNumber), sex: one.sex, birth_date: one.birthDate, hukou_division: one.hukouDivision, note: one.note, first_confirmed_by: one.firstConfirmedBy, rejected_reason: one.rejectedReason,
    })))],
    ['inquiry_transitions', Object.entries(world.inquiries).flatMap(([name, { transitions }]) => transitions.map((step, index) => ({
      inquiry_id: worldId('inquiry', name), step: index + 1, from_state: transitions[index - 1]?.to, to_state: step.to, level: step.level, at: step.at, agency_id: agencyId(step.by), by_user: `clerk of ${step.by}`, reason: step.reason, document_no: step.documentNo, document_date: step.documentDate,
    })))],
    ['missing_reports', reports.map(([name, record]) => ({
      id: worldId('missing', name), version: record.version, report_no: record.reportNo, state: record.state, reporter: agencyId(record.reporter), person_id: record.person && worldId('person', record.person), reported_at: record.reportedAt, reported_by: `clerk of ${record.reporter}`,
      closed_at: record.closedAt, closed_by: record.closedAt && `clerk of ${record.reporter}`, note: record.note, name: record.name, id_number_sealed: seal(ring, record.idNumber), sex: record.sex, birth_date: record.birthDate, estimated_age: record.estimatedAge,
      born_on: bornOn(record, dateOf(new Date(record.reportedAt))), home_division: record.homeDivision, missing_since: record.missingSince, last_seen_division: record.lastSeenDivision, looks: record.looks,
      kin_name: record.kinName, kin_relation: record.kinRelation, kin_phone_sealed: seal(ring, record.kinPhone),
    }))],
    ['missing_candidates', reports.flatMap(([name, record], index) => record.given.map((given) => ({
      id: worldId('given', `${name}/${given.inquiry}`), inquiry_id: worldId('inquiry', given.inquiry), step: index + 1, report_id: worldId('missing', name), report_no: record.reportNo, person_id: record.person && worldId('person', record.person), ended: record.state !== 'OPEN',
      reporter: agencyId(record.reporter), name: record.name, sex: record.sex, birth_year: bornOn(record, dateOf(new Date(record.reportedAt)))?.slice(0, 4), home_division: record.homeDivision, missing_since: record.missingSince, looks: record.looks,
      verdict: given.verdict, first_confirmed_by: given.firstConfirmedBy, second_confirmed_by: given.secondConfirmedBy, tell: given.tell, reason: given.reason,
    })))],
    ['missing_results', reports.flatMap(([name, { given }]) => given.flatMap(({ inquiry, told }, index) => (told ? [{
      report_id: worldId('missing', name), step: index + 1, candidate_id: worldId('given', `${name}/${inquiry}`), person_id: worldId('person', getInquiry(world, inquiry).person), contact: agencyId(told.contact), told_on: told.on,
    }] : [])))],
    ['registered_households', households.map(([no, { head, division, kind, flagRequestedAt }]) => ({
      id: worldId('household', no), office: agencyId('poverty-320281'), household_no: no, head_name: head, division, kind, flag_requested_at: flagRequestedAt,
    }))],
    ['household_members', households.flatMap(([no, { members, former }]) => [...members, ...former].map((member, index) => {
      const [person, spell] = 'until' in member ? [undefined, { since: member.since, until: member.until }] : [member.person, {}];
      const idNumber = member.idNumber ?? (person && getPerson(world, person).idNumber);
      return {
        ...spell, id: worldId('member', `${no}/${index + 1}`), household_id: worldId('household', no), position: index + 1, name: member.name, relation: member.relation,
        born_on: bornOn({ idNumber }, dateOf(new Date(world.now))), ...idNumberColumns('id_number', idNumber, ring),
      };
    }))],
    ['household_matches', households.flatMap(([no, { members }]) => members.flatMap((member, index) => (member.matched && member.person ? [{
      household_id: worldId('household', no), member_id: worldId('member', `${no}/${index + 1}`), person_id: worldId('person', member.person),
    }] : [])))],
    ['household_flags', households.flatMap(([no, { flag }]) => (flag ? [{
      household_id: worldId('household', no), state: flag.state, contact_agency: agencyId(flag.contactAgency), proposed_at: flag.proposedAt,
      decided_at: flag.decidedAt, decided_by: flag.decidedAt && 'clerk of civil-320281',
      reason: flag.reason, release_on: flag.releaseOn,
    }] : []))],
    ['household_periods', households.flatMap(([no, household]) => periodsOf(household).map((period, index, periods) => ({
      household_id: worldId('household', no), step: index + 1, since: period.since, until: periods[index + 1]?.since, agency_id: agencyId('poverty-320281'),
      head_name: period.head ?? household.head, division: period.division ?? household.division, kind: period.kind ?? household.kind,
    })))],
    ['household_help', households.flatMap(([no, { help }]) => help.map(({ measures, helpedOn, text, by, at }) => ({ household_id: worldId('household', no), measures, helped_on: helpedOn, text, agency_id: agencyId(by), by_user: `clerk of ${by}`, at })))],
    ['corrections', Object.entries(world.corrections).map(([name, record]) => {
      const of = getCase(world, record.case);
      const ofCase = record.record === 'ReturnCase';
      const [caseId, personId] = [worldId('case', record.case), worldId('person', of.person)];
      const [recordId, recordNo] = ofCase ? [caseId, of.caseNo] : [personId, null];
      const shownIn = { record: record.record, id: recordId, cell: record.field.split('.')[0], field: record.field, number: recordNo, numberCell: ofCase ? 'caseNo' : null };
      return {
        id: worldId('correction', name), version: record.version, correction_no: record.correctionNo, state: record.state, record: record.record, record_id: recordId,
        record_no: recordNo, field: record.field, person_id: personId, born_on: bornOn(subjectOf(world, of), of.leaveDate), ledger: record.ledger, asked_by: agencyId(record.askedBy), by_user: `clerk of ${record.askedBy}`,
        asked_at: record.askedAt, claim: record.claim, proposed_sealed: seal(ring, record.proposed), provider: agencyId(record.provider), provider_ledger: 'RETURN', source_no: of.caseNo,
        shown_as: JSON.stringify([shownIn, ...otherPlaces(record.record, record.field, personId, { record: 'ReturnCase', id: caseId, number: of.caseNo, provider: worldId('agency', record.provider), ledger: 'RETURN' })]),
        answer_by: dateOf(new Date(record.askedAt)), answered_at: record.answeredAt, answer: record.answer,
      };
    })],
  ];
}

function caseRow(world: World, name: string, record: WorldCase, ring: KeyRing): Row {
  const steps = stepsOf(record);
  const lastOf = (state: WorldCase['state']): string | undefined => (record.author ? undefined : steps.findLast((step) => step.to === state)?.at);
  const sentAt = lastOf('SENT');
  // as an import fills them: from the dates of the sheet, and without clocks
  const noticed = record.author && startOf(record.noticeDate);
  const subject = Object.entries(identityColumns(subjectOf(world, record), ring, record.leaveDate)).map(([column, value]) => [`subject_${column}`, value]);
  return {
    id: worldId('case', name), version: record.version, case_no: record.caseNo, state: record.state, person_id: worldId('person', record.person),
    ...Object.fromEntries(subject), subject_features: record.subject.features,
    destination_agency: agencyId(record.destination), destination_name: record.destinationName, destination_division: record.destination && divisionOf(world, record.destination),
    origin_agency: agencyId(record.origin), origin_division: record.originDivision, author_agency: agencyId(record.author ?? record.destination), import_key: record.importKey,
    notice_no: record.noticeNo, notice_date: record.noticeDate, entry_date: record.entryDate, leave_date: record.leaveDate, return_mode: record.returnMode,
    escort_agency: agencyId(record.escortAgency), help_reason: record.helpReason, condition: record.condition, guardian_assessed_on: record.guardianAssessedOn, fit_to_travel: record.fitToTravel,
    sent_at: sentAt ?? noticed, acknowledged_at: lastOf('ACKNOWLEDGED') ?? noticed,
    received_at: lastOf('RECEIVED') ?? startOf(record.receivedOn), provisional: false, confirmed_at: lastOf('ACKNOWLEDGED'),
    home_checked_on: record.homeCheck?.checkedOn, home_committee: record.homeCheck?.committee, home_difficulties: record.homeCheck?.difficulties, home_text: record.homeCheck?.text,
    handling_codes: record.handlingCodes, custody_place: record.custodyPlace, notice_file_digest: record.noticeFileDigest, coordinator: record.state === 'COORDINATING' ? agencyId(record.coordinatedBy.at(-1)) : undefined, coordinated_by: record.coordinatedBy.map((code) => worldId('agency', code)),
    hukou_place: record.hukouPlace, hukou_agency: agencyId(record.hukouAgency), hukou_civil_affairs: agencyId(record.hukouCivilAffairs), outcome: record.outcome, referred_to: record.referrals.map(({ addressee }) => worldId('agency', addressee)),
    remark: record.remark, changed_at: steps.at(-1)?.at, closed_at: lastOf('RECALLED') ?? lastOf('CLOSED'),
  };
}

/** @throws Error if the world has no inquiry of that name */
function getInquiry(world: World, name: string): World['inquiries'][string] {
  const found = world.inquiries[name];
  if (!found) throw new Error(`the world has no inquiry ${name}`);
  return found;
}

interface Step { to: WorldCase['state']; at: string; by: string; code?: string | undefined; text?: string | undefined; documentNo?: string | undefined; documentDate?: string | undefined }

function stepsOf({ transitions, state, author, importedAt, noticeNo, noticeDate }: WorldCase): Step[] {
  const notice = { documentNo: noticeNo, documentDate: noticeDate };
  return author && importedAt ? [{ to: state, at: importedAt, by: author, ...notice }] : transitions.map((step) => (step.to === 'SENT' && step.documentNo === undefined ? { ...step, ...notice } : step));
}

/** The columns that `persons` has, and `return_cases` has with `subject_` before them. `asOf`: the day on which an estimated age was true. */
function identityColumns(who: WorldCase['subject'] | World['persons'][string], ring: KeyRing, asOf: CalendarDate): Row {
  return {
    name: who.name, name_surname: who.name && surnameOf(who.name), ...idNumberColumns('id_number', who.idNumber, ring), sex: who.sex,
    birth_date: who.birthDate, estimated_age: who.estimatedAge, born_on: bornOn(who, asOf), hukou_division: who.hukouDivision, home_division: who.homeDivision,
    address_sealed: seal(ring, who.address), kin_name: who.kinName, kin_phone_sealed: seal(ring, who.kinPhone), kin_phone_ends: who.kinPhone && phoneEnds(who.kinPhone),
  };
}

function idNumberColumns(column: string, number: string | undefined, ring: KeyRing): Row {
  return { [`${column}_sealed`]: seal(ring, number), [`${column}_hash`]: number && ring.keyedHash(ID_NUMBER_HASH, number) };
}

function startOf(day: CalendarDate | undefined): string | undefined {
  return day && `${day}T00:00:00+08:00`;
}

function seal(ring: KeyRing, plain: string | undefined): string | undefined {
  return plain === undefined ? undefined : ring.sealValue(plain);
}

function divisionOf(world: World, code: string): string | undefined {
  return world.agencies[code]?.division;
}
