import { dueOf } from '../delivery/due.js';
import { dutyColumns, endDuties } from '../delivery/duties.js';
import type { WriteTransaction } from '../disclosure/perform.js';
import { dateOf } from '../kernel/dates.js';
import { isWithin } from '../kernel/divisions.js';
import { Refusal } from '../kernel/errors.js';
import type { Purpose } from '../kernel/viewer.js';
import { findNearestAgency } from './agencies/nearest-agency.js';
import { newVersion } from './identifiers.js';
import { duesOfStates } from './inquiries/inquiries.clocks.js';
import { CAME_ON } from './revisits.js';
import { beginSettlement } from './settlement/settlement.record.js';

/** What ties the ledgers together. Each tie is one function in the database that crosses the boundary of rows and tells its caller nothing. */

/** The person a claim is about: found by keyed hash, or made. Opens nothing: the person stays closed until the other side confirms. */
export async function linkPerson(write: WriteTransaction, idNumber: { hash: string; sealed: string; ends: string } | null, bornOn: string | null): Promise<string> {
  const rows = await write.query<{ id: string }>('SELECT guitu.link_person($1, $2, $3, $4) AS id', [idNumber?.hash ?? null, idNumber?.sealed ?? null, idNumber?.ends ?? null, bornOn]);
  const row = rows[0];
  if (!row) throw new Error('link_person returned nothing');
  return row.id;
}

/** What follows when the other side has confirmed a case: the person takes over what it lacks, its earlier returns are counted, and registered households may be proposed for a flag. */
export async function openConfirmedPerson(write: WriteTransaction, caseId: string, personId: string): Promise<void> {
  await write.query('SELECT guitu.take_over_subject($1)', [caseId]);
  await write.query('SELECT guitu.count_earlier_returns($1)', [caseId]);
  await matchHouseholds(write, { persons: [personId] });
}

/** Matches registered households that were flagged, by keyed hash; hits become proposals, on each of which county civil affairs owes a decision. */
export async function matchHouseholds(write: WriteTransaction, which: { households?: readonly string[]; persons?: readonly string[] }): Promise<void> {
  const due = await dueOf(write, write.policy, 'confirmHouseholdFlag', write.at, write.context.viewer.agencyId);
  await write.query('SELECT guitu.match_households($1::uuid[], $2::uuid[], $3, $4, $5)', [which.households ?? [], which.persons ?? [], write.at, dateOf(write.at), due.dueOn]);
  await write.query('SELECT guitu.renew_flag_duties($1::uuid[], $2::uuid[], $3, $4)', [which.households ?? [], which.persons ?? [], JSON.stringify(dutyColumns(write, 'confirmHouseholdFlag', due)), write.at]);
}

/**
 * A returnee without a home, accepted at its hukou place: a settlement that begins in ACCEPTED, of a person whose identity and hukou are known (民发〔2020〕14号 二(五)).
 * Called by the station or the civil affairs department that accepts, which keeps the case; the department of the hukou place, or the nearest above, plans.
 * @throws Refusal CONFLICT where no civil affairs department of the hukou place is on the hub
 */
export async function openHomelessSettlement(write: WriteTransaction, returnee: { returnCase: string; personId: string; hukouDivision: string }): Promise<void> {
  const { agencyId, division, user } = write.context.viewer;
  const civilAffairs = await findNearestAgency(write, returnee.hukouDivision, 'CIVIL_AFFAIRS');
  if (civilAffairs === undefined) throw new Refusal('CONFLICT', { field: 'input.id', zh: '户籍地及其上级尚无接入的民政部门', en: 'no civil affairs department of the hukou place is on the hub' });
  const id = await beginSettlement(write, { agencyId, user }, 'acceptForSettlement', { ...returnee, track: 'HOMELESS_RETURNEE', state: 'ACCEPTED', station: agencyId, civilAffairs: civilAffairs.id, police: null, division, enteredOn: null });
  await write.settle('SettlementCase', [id], 'settlement.accepted');
}

/** The notice of a person whose settlement ended because it was identified: the duty to send it is done. @throws Refusal NOT_FOUND where the sender has no such settlement */
export async function endIdentifiedSettlement(write: WriteTransaction, settlementNo: string, field: string): Promise<void> {
  const [found] = await write.query<{ id: string }>(
    `SELECT c.id FROM guitu.settlement_cases c WHERE c.settlement_no = $1 AND c.station = $2 AND c.state = 'IDENTIFIED'
     AND NOT EXISTS (SELECT FROM guitu.protections p WHERE p.person_id = c.person_id AND p.holding_agency <> $2)`, [settlementNo, write.context.viewer.agencyId]);
  if (!found) throw new Refusal('NOT_FOUND', { field });
  await endDuties(write, found.id, 'DONE', ['sendReturnNotice']);
}

/** A return that another ledger may start from: its person, the station that brought the person home (null: no station did), and the day. */
export interface ReturnFor extends Record<string, unknown> { caseId: string; personId: string; station: string | null; returnedOn: string }

/**
 * The return of a number, once the other side has confirmed it and the person has come home. One that does not stand, is another's, or is about a person who is protected from the asker, is not there.
 * @param whose `received`: the asking agency received the person; `area`: it lies in the asker's area
 * @throws Refusal NOT_FOUND
 */
export async function getReturnFor(write: WriteTransaction, caseNo: string, whose: 'received' | 'area', field: string): Promise<ReturnFor> {
  const { viewer } = write.context;
  const [found] = await write.query<ReturnFor & { origin: string; division: string }>(RETURN_FOR, [caseNo, viewer.agencyId]);
  if (!found || (whose === 'received' ? found.origin !== viewer.agencyId : !isWithin(found.division, viewer.areas))) throw new Refusal('NOT_FOUND', { field });
  return found;
}

const RETURN_FOR = `
SELECT c.id AS "caseId", c.person_id AS "personId", c.origin_agency AS origin, c.origin_division AS division, CASE WHEN a.kind = 'RESCUE_STATION' THEN a.id END AS station,
  ${CAME_ON} AS "returnedOn"
FROM guitu.return_cases c JOIN guitu.agencies a ON a.id = c.origin_agency
WHERE c.case_no = $1 AND c.confirmed_at IS NOT NULL AND c.state IN ('RECEIVED', 'AT_HOME', 'KIN_REFUSED', 'HOME_CHECKED', 'REFERRED', 'AIDED', 'NO_HOME', 'SETTLING', 'CLOSED')
  AND ${CAME_ON} IS NOT NULL
  AND NOT EXISTS (SELECT FROM guitu.protections p WHERE p.person_id = c.person_id AND p.holding_agency <> $2)`;

/** Whether the settlement that a return led to has placed the person. */
export async function isSettled(write: WriteTransaction, caseId: string): Promise<boolean> {
  const [found] = await write.query<{ settled: boolean }>('SELECT guitu.is_settled($1) AS settled', [caseId]);
  return found?.settled === true;
}

/** The record in which a value was written, by whom, and the purpose of its ledger. */
export interface WrittenIn { record: string; id: string; number: string; provider: string; ledger: Purpose }

/** A cell in which the hub shows a value: whoever was given it is told when the value has been put right. */
export interface ShownPlace { record: string; id: string; cell: string; field: string; number: string | null; numberCell: string | null }

/** Cells of a person by the columns that they were taken over from and into (`guitu.take_over_subject`). */
const TAKEN_OVER: Record<string, readonly [caseColumn: string, personColumn: string]> = {
  name: ['subject_name', 'name'], idNumber: ['subject_id_number_hash', 'id_number_hash'], sex: ['subject_sex', 'sex'], birthDate: ['subject_birth_date', 'birth_date'], estimatedAge: ['subject_estimated_age', 'estimated_age'],
  birthYear: ['subject_born_on', 'born_on'], ageBand: ['subject_born_on', 'born_on'], hukouDivision: ['subject_hukou_division', 'hukou_division'], homeDivision: ['subject_home_division', 'home_division'],
  address: ['subject_address_sealed', 'address_sealed'], kinName: ['subject_kin_name', 'kin_name'], kinPhone: ['subject_kin_phone_sealed', 'kin_phone_sealed'],
};
const LEDGER_OF_SOURCE: Record<string, Purpose> = { ReturnCase: 'RETURN', Stay: 'SETTLEMENT', SettlementCase: 'SETTLEMENT', AtRiskEntry: 'AT_RISK_CARE' };

/**
 * Who else wrote what the hub shows of a person: the confirmed case that it was taken over from, or else the stay, registry entry or settlement that made the person.
 * Whether the asker wrote it itself is asked of what it sees, so that no answer depends on a record that is hidden from it.
 * @throws Refusal BAD_USER_INPUT where the asker wrote it itself
 */
export async function findPersonSource(write: WriteTransaction, personId: string, cell: string, own: () => Refusal): Promise<WrittenIn | undefined> {
  const [caseColumn = '', personColumn = ''] = TAKEN_OVER[cell] ?? [];
  const { agencyId } = write.context.viewer;
  // Sealed anew each time, the same value is never the same text.
  const same = caseColumn.endsWith('_sealed') ? `(c.${caseColumn} IS NOT NULL OR p.${personColumn} IS NULL)` : `c.${caseColumn} IS NOT DISTINCT FROM p.${personColumn}`;
  const [mine] = await write.query<{ written: boolean }>(
    `SELECT EXISTS (SELECT FROM guitu.return_cases c JOIN guitu.persons p ON p.id = c.person_id WHERE p.id = $1 AND c.author_agency = $2 AND c.confirmed_at IS NOT NULL AND ${same})
       OR NOT EXISTS (SELECT FROM guitu.return_cases c WHERE c.person_id = $1 AND c.confirmed_at IS NOT NULL)
       AND (EXISTS (SELECT FROM guitu.stays s WHERE s.person_id = $1 AND s.station = $2) OR EXISTS (SELECT FROM guitu.at_risk_entries e WHERE e.person_id = $1 AND e.enrolled_by = $2)
         OR EXISTS (SELECT FROM guitu.settlement_cases s WHERE s.person_id = $1 AND s.station = $2)) AS written`, [personId, agencyId]);
  if (mine?.written) throw own();
  const [found] = await write.query<{ record: string; id: string; number: string; provider: string }>('SELECT record, id, no AS number, author AS provider FROM guitu.source_of_person($1, $2, $3, $4)', [personId, caseColumn, personColumn, agencyId]);
  return found && { ...found, ledger: LEDGER_OF_SOURCE[found.record] ?? 'RETURN' };
}

const BIRTH_CELLS = ['birthDate', 'estimatedAge', 'birthYear', 'ageBand'];

/** Where else the hub shows a value that was reported wrong: a notice's in the person that took it over, a person's in the notice. */
export function otherPlaces(record: string, field: string, personId: string | null, source: WrittenIn): ShownPlace[] {
  const told = record === 'Person' ? field : record === 'ReturnCase' ? field.replace(/^subject\./u, '') : '';
  if (!personId || !Object.hasOwn(TAKEN_OVER, told) || (record === 'ReturnCase' && told === field)) return [];
  const ofPerson = (BIRTH_CELLS.includes(told) ? BIRTH_CELLS : [told]).map((cell): ShownPlace => ({ record: 'Person', id: personId, cell, field: cell, number: null, numberCell: null }));
  return [...ofPerson, ...(record === 'Person' && source.record === 'ReturnCase' ? [{ record: 'ReturnCase', id: source.id, cell: 'subject', field: `subject.${told}`, number: source.number, numberCell: 'caseNo' }] : [])];
}

/** A person follows a notice that was corrected as far as it had taken over what stood there. @param former the columns that changed, as they were */
export async function correctPerson(write: WriteTransaction, caseId: string, former: Record<string, unknown>): Promise<void> {
  await write.query('SELECT guitu.take_over_correction($1, $2)', [caseId, JSON.stringify(former)]);
}

/** A person of unknown identity whom the asking station holds: what its open stay says. */
export interface HeldPerson extends Record<string, unknown> { personId: string; division: string; calledName: string | null; features: string | null; dnaSampleNo: string | null }

/** The person of an open stay, kept from leaving until the write ends. A stay that has ended, is another's, or is of a person protected from the asker, is not there. @throws Refusal NOT_FOUND, CONFLICT where the person is identified */
export async function getHeldPerson(write: WriteTransaction, stayNo: string, field: string): Promise<HeldPerson> {
  const [held] = await write.query<HeldPerson & { identified: boolean }>(
    `SELECT s.person_id AS "personId", s.division, s.called_name AS "calledName", s.features, s.dna_sample_no AS "dnaSampleNo", guitu.is_identified(s.id) AS identified
     FROM guitu.stays s WHERE s.stay_no = $1 AND s.station = $2 AND s.left_on IS NULL AND NOT EXISTS (SELECT FROM guitu.protections p WHERE p.person_id = s.person_id AND p.holding_agency <> $2) FOR UPDATE OF s`,
    [stayNo, write.context.viewer.agencyId]);
  if (!held) throw new Refusal('NOT_FOUND', { field });
  if (held.identified) throw new Refusal('CONFLICT', { field, zh: '这个人的身份已经查明', en: 'the person is identified already' });
  return held;
}

/** Whoever leaves a station is no longer asked about: inquiries of its stay are withdrawn, with the missing reports that nobody decided on. */
export async function withdrawInquiriesOf(write: WriteTransaction, stayId: string, why: 'LEFT' | 'DIED'): Promise<void> {
  await write.query('SELECT guitu.withdraw_inquiries($1, $2, $3, $4, $5)', [stayId, why, newVersion(), write.context.viewer.user, write.at]);
  await write.query(`UPDATE guitu.missing_candidates c SET ended = TRUE FROM guitu.identity_inquiries i JOIN guitu.stays s ON s.person_id = i.person_id AND s.station = i.station
    WHERE s.id = $1 AND i.id = c.inquiry_id AND i.state = 'WITHDRAWN' AND c.verdict IS NULL`, [stayId]);
}

/** A person whose identity is found is no longer sought: nothing that its stay at the asking station was to have within a time is owed. */
export async function endSearchOf(write: WriteTransaction, personId: string): Promise<void> {
  const stays = await write.query<{ id: string }>('SELECT id FROM guitu.stays WHERE person_id = $1 AND station = $2 AND left_on IS NULL', [personId, write.context.viewer.agencyId]);
  for (const { id } of stays) await endDuties(write, id, 'VOID');
}

/** Keeps inquiries from being answered or decided on with these persons as candidates until the write ends: before one of them is protected. */
export async function holdHits(write: WriteTransaction, personIds: readonly string[]): Promise<void> {
  await write.query('SELECT guitu.hold_hits($1::uuid[])', [personIds]);
}

/** A person who is protected by now is nobody's candidate: what public security answered reads like no hit, and inquiries that have no other candidate go on where the hit found them. */
export async function hideHits(write: WriteTransaction, personId: string): Promise<void> {
  await write.query('SELECT guitu.hide_hits($1, $2, $3)', [personId, JSON.stringify(await duesOfStates(write)), write.at]);
}

/** Open missing reports that may be about the person of an inquiry become its candidates. @param most how many may wait for an answer at a time */
export async function compareMissingReports(write: WriteTransaction, inquiryId: string, most: number): Promise<void> {
  await write.query('SELECT guitu.compare_missing_reports($1, $2)', [inquiryId, most]);
}

/** Whether a report stands as a candidate of the asking station's inquiry. It is kept from being amended and closed until the write ends. */
export async function holdMissingCandidate(write: WriteTransaction, inquiryId: string, reportNo: string): Promise<boolean> {
  const [held] = await write.query<{ stands: boolean }>('SELECT guitu.hold_missing_candidate($1, $2) AS stands', [inquiryId, reportNo]);
  return held?.stands === true;
}

/** Public security that took the report is told whom to speak to: civil affairs over the station. @throws Refusal CONFLICT where there is none on the hub */
export async function tellMissingResult(write: WriteTransaction, candidateId: string, division: string): Promise<void> {
  const contact = await findNearestAgency(write, division, 'CIVIL_AFFAIRS');
  if (contact === undefined) throw new Refusal('CONFLICT', { field: 'input.id', zh: '本地及其上级尚无接入的民政部门', en: 'no civil affairs department of the place or above is on the hub' });
  await write.query('SELECT guitu.tell_missing_result($1, $2, $3, $4)', [candidateId, contact.id, dateOf(write.at), write.at]);
}

/** A report that was amended or closed changes what stations were given of it. */
export async function renewMissingCandidates(write: WriteTransaction, reportId: string): Promise<void> {
  await write.query('SELECT guitu.renew_missing_candidates($1)', [reportId]);
}
