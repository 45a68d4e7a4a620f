import { dueOf } from '../../delivery/due.js';
import { beginDuty, endDuties, type DutySubject } from '../../delivery/duties.js';
import { perform, type WriteRequest, type WriteTransaction } from '../../disclosure/perform.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import { dateOf, startOf } from '../../kernel/dates.js';
import { isWithin } from '../../kernel/divisions.js';
import { findNearestAgency } from '../agencies/nearest-agency.js';
import { documentOf, type Documented, type StepDocument } from '../documents.js';
import { ID_NUMBER_HASH } from '../id-number-hash.js';
import { newCaseNo, newVersion, uuidOf } from '../identifiers.js';
import { idNumberOf, requiredText, textOf } from '../input-words.js';
import { getReturnFor } from '../links.js';
import { findStep } from '../machine.js';
import { checkVisitedOn, isDone, meetRevisits, voidRevisits } from '../revisits.js';
import type { LedgerServices } from '../workbench.js';
import { alertCounty, beginNextVisit, beginRevisit, beginRoster, NO_REVISIT, oweRoster, resumeVisits, subjectOf, voidVisits } from './at-risk.clocks.js';
import type {
  AcceptTransferInput, ApproveAtRiskEntryInput, AtRiskReasonInput, AtRiskStepInput, EndAtRiskEntryInput, EnrolAtRiskInput, RecordReturnedInput, RecordVisitInput, ReopenAtRiskEntryInput, ReportEntrantInput, ReportWanderingInput,
  ResubmitAtRiskEntryInput, SendRosterInput, TransferAtRiskEntryInput,
} from './at-risk.input.js';
import { surveyedPerson } from './at-risk.survey.js';
import { AT_RISK_STEPS, type AtRiskState } from './at-risk.transitions.js';

/** The only writer of `at_risk_entries`, `follow_up_visits` and `at_risk_transitions`. */

export interface AtRiskOutcome extends Record<string, string> { entryId: string }
export interface EntrantOutcome extends Record<string, readonly string[]> { contacts: readonly string[] }

/** A step's change: columns set, beside state and version; and the text that is kept with the transition. */
interface Change { set?: Record<string, unknown>; reason?: string | null }

interface OpenEntry extends Record<string, unknown> {
  id: string; version: number; entry_no: string; state: AtRiskState; person_id: string; division: string; enrolled_by: string; township: string | null; revisit_station: string | null;
  term_from: string | null; roster_sent_at: Date | null; next_visit_by: string | null; transfer_to: string | null; return_case: string | null;
}

const ENTRY_COLUMNS = `c.version, c.entry_no, c.state, c.person_id, c.division, c.enrolled_by, c.township, c.revisit_station, c.term_from::text AS term_from, c.roster_sent_at, c.next_visit_by::text AS next_visit_by,
  c.transfer_to, c.return_case`;

/** A new entry, to be reviewed by its county: from a return that the agency received, or from the county's own survey. */
export function enrolAtRisk(services: LedgerServices, request: WriteRequest, input: EnrolAtRiskInput): Promise<AtRiskOutcome> {
  return perform(services, request, async (write) => {
    const { viewer, now } = write.context;
    if ((input.caseNo == null) === (input.surveyed == null)) throw badInput('input.caseNo', '请写明来自哪一次返乡，或者调查到的个人，二者取一', 'give the return that it comes from or the person that was surveyed, one of the two');
    const division = await placeOf(services, write, input.division, 'input.division');
    if (!isWithin(division, viewer.areas)) throw badInput('input.division', '不在本单位的辖区内', 'it does not lie in your area');
    const county = await countyOf(write, division, 'input.division');
    if (input.surveyed && county.id !== viewer.agencyId) throw badInput('input.surveyed', '调查登记由县级民政部门办理，请写明来自哪一次返乡', 'surveys are the county\'s; give the return that it comes from');
    const from = input.caseNo == null ? null : await getReturnFor(write, input.caseNo, 'received', 'input.caseNo');
    const surveyed = input.surveyed ? surveyedPerson(services, input.surveyed, division, dateOf(now)) : null;
    const personId = from ? from.personId : await makePerson(write, surveyed?.person ?? {});
    await refuseSecondEntry(write, personId);
    const entryId = await insertEntry(write, {
      entry_no: newCaseNo('AR'), version: newVersion(), state: 'SUBMITTED', person_id: personId, division, enrolled_by: viewer.agencyId, enrolled_on: dateOf(now), ...observed(services, input),
      return_case: from?.caseId ?? null, revisit_station: from?.station ?? null, term_from: from?.returnedOn ?? null, ...surveyed?.claimed,
    }, documentOf(input, { today: dateOf(now) }));
    if (from) await endDuties(write, from.caseId, 'DONE', ['enrolAtRisk']);
    await beginDuty(write, 'reviewAtRiskEntry', await subjectById(write, entryId), county.id);
    await write.settle('AtRiskEntry', [entryId], 'atRisk.submitted');
    return { entryId };
  });
}

/** What the submitter has seen of the person. */
function observed(services: LedgerServices, { riskClasses, careCodes, disabilityCardNo }: Pick<EnrolAtRiskInput, 'riskClasses' | 'careCodes' | 'disabilityCardNo'>): Record<string, unknown> {
  if (riskClasses.length === 0) throw badInput('input.riskClasses', '至少选择一类风险', 'name at least one risk class');
  const card = textOf(disabilityCardNo, 'input.disabilityCardNo', 20);
  return {
    risk_classes: [...new Set(riskClasses)], care_codes: [...new Set(careCodes)], repeated_wandering: riskClasses.includes('REPEATED_VAGRANCY'), disability_card_sealed: card && services.keyRing.sealValue(card),
  };
}

async function makePerson(write: WriteTransaction, person: object): Promise<string> {
  const [made] = await write.query<{ id: string }>('SELECT guitu.make_surveyed_person($1) AS id', [JSON.stringify(person)]);
  if (!made) throw new Error('make_surveyed_person returned nothing');
  return made.id;
}

/** One person has one open entry in a county, whoever enters it. */
async function refuseSecondEntry(write: WriteTransaction, personId: string): Promise<void> {
  // Two at once would both find none: the later waits here for the earlier.
  await write.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`at-risk ${personId}`]);
  const rows = await write.query("SELECT FROM guitu.at_risk_entries WHERE person_id = $1 AND state <> 'REJECTED'", [personId]);
  if (rows.length > 0) throw new Refusal('CONFLICT', { field: 'input.caseNo', zh: '此人在本辖区已有条目；已结束的，由县级民政部门凭新的返乡恢复', en: 'this person has an entry in your area; one that has ended is reopened by county civil affairs' });
}

async function insertEntry(write: WriteTransaction, columns: Record<string, unknown>, document: StepDocument): Promise<string> {
  const names = Object.keys(columns);
  const [row] = await write.query<{ id: string }>(`INSERT INTO guitu.at_risk_entries (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')}) RETURNING id`, Object.values(columns));
  if (!row) throw new Error('the entry was not stored');
  await insertTransition(write, row.id, { from: null, to: 'SUBMITTED', reason: null, document });
  return row.id;
}

async function insertTransition(write: WriteTransaction, entryId: string, { from, to, reason, document }: { from: AtRiskState | null; to: AtRiskState; reason: string | null; document: StepDocument }): Promise<void> {
  const { viewer, now } = write.context;
  await write.query(
    `INSERT INTO guitu.at_risk_transitions (entry_id, step, from_state, to_state, at, agency_id, by_user, reason, document_no, document_date)
     SELECT $1, 1 + coalesce(max(step), 0), $2, $3, $4, $5, $6, $7, $8, $9 FROM guitu.at_risk_transitions WHERE entry_id = $1`, [entryId, from, to, now, viewer.agencyId, viewer.user, reason, document.no, document.date]);
}

async function subjectById(write: WriteTransaction, entryId: string): Promise<DutySubject> {
  const [row] = await write.query<{ id: string; entry_no: string; person_id: string }>('SELECT id, entry_no, person_id FROM guitu.at_risk_entries WHERE id = $1', [entryId]);
  if (!row) throw new Error('the entry is gone');
  return subjectOf(row);
}

/** One step of an existing entry: lock, version, table of transitions, change, transition. */
function takeStep(services: LedgerServices, request: WriteRequest, input: Documented & { id: string; expectedVersion: number }, change: (write: WriteTransaction, entry: OpenEntry, subject: DutySubject) => Promise<Change>): Promise<AtRiskOutcome> {
  const entryId = uuidOf(input.id, 'ar', 'input.id');
  return perform(services, request, async (write) => {
    const entry = await write.open<OpenEntry>('AtRiskEntry', entryId, ENTRY_COLUMNS, 'input.id');
    if (entry.version !== input.expectedVersion) throw new Refusal('STALE_VERSION', { field: 'input.expectedVersion' });
    const step = findStep(AT_RISK_STEPS, request.operation, entry.state);
    if (!step) throw new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.id' });
    const { set = {}, reason = null } = await change(write, entry, subjectOf(entry));
    const columns: Record<string, unknown> = { state: step.to, version: newVersion(), ...set };
    const names = Object.keys(columns);
    await insertTransition(write, entryId, { from: entry.state, to: step.to, reason, document: documentOf(input, { today: dateOf(write.at) }) });
    await write.query(`UPDATE guitu.at_risk_entries SET ${names.map((name, index) => `${name} = $${index + 2}`).join(', ')} WHERE id = $1`, [entryId, ...Object.values(columns)]);
    await write.settle('AtRiskEntry', [entryId], `atRisk.${step.to.toLowerCase()}`);
    return { entryId };
  });
}

const noteOf = (note: string | null | undefined): string | null => textOf(note, 'input.note', 500, true);

/** The code of a division in force. */
async function placeOf(services: LedgerServices, write: WriteTransaction, text: string, field: string): Promise<string> {
  const division = await services.directory.getDivision(write, text, field);
  if (division.abolished) throw badInput(field, '该区划代码已撤销，请填写现行代码', 'the division was abolished; give its successor');
  return division.code;
}

async function countyOf(write: WriteTransaction, division: string, field: string): Promise<{ id: string; division: string }> {
  const keeper = await findNearestAgency(write, division, 'CIVIL_AFFAIRS');
  if (keeper?.level !== 'COUNTY') throw badInput(field, '该地尚无接入的县级民政部门', 'no county civil affairs department of that place is on the hub');
  return keeper;
}

/** A township that is in office, in the asking county. */
async function townshipOf(write: WriteTransaction, code: string, field: string): Promise<string> {
  const [agency] = await write.query<{ id: string; kind: string; division: string; closed: boolean }>(
    'SELECT a.id, a.kind, a.division, a.suspended_at IS NOT NULL OR d.valid_until IS NOT NULL AS closed FROM guitu.agencies a JOIN guitu.divisions d ON d.code = a.division WHERE a.code = $1', [code]);
  if (agency?.kind !== 'TOWNSHIP' || !isWithin(agency.division, write.context.viewer.areas)) throw badInput(field, '本县没有这个乡镇、街道', 'your county has no such township');
  if (agency.closed) throw badInput(field, '该乡镇、街道已撤销或停用，请填写承接的单位', 'the township was abolished or suspended; give its successor');
  return agency.id;
}

/** Sends the roster to a township, or owes it. */
async function rosterOf(write: WriteTransaction, subject: DutySubject, township: string | null | undefined): Promise<Record<string, unknown>> {
  return township == null ? oweRoster(write, subject, write.context.viewer.agencyId) : beginRoster(write, subject, await townshipOf(write, township, 'input.township'));
}

/** Sends an entry back, or refuses it, with the reason in words. */
export function sendBack(services: LedgerServices, request: WriteRequest, input: AtRiskReasonInput): Promise<AtRiskOutcome> {
  return takeStep(services, request, input, async (write, entry, subject) => {
    await endDuties(write, entry.id, 'DONE', ['reviewAtRiskEntry']);
    if (request.operation === 'requestCompletion') await beginDuty(write, 'completeAtRiskEntry', subject, entry.enrolled_by);
    return { reason: requiredText(input.reason, 'input.reason', 500) };
  });
}

export function resubmitAtRiskEntry(services: LedgerServices, request: WriteRequest, input: ResubmitAtRiskEntryInput): Promise<AtRiskOutcome> {
  return takeStep(services, request, input, async (write, entry, subject) => {
    const division = input.division == null ? entry.division : await placeOf(services, write, input.division, 'input.division');
    if (!isWithin(division, write.context.viewer.areas)) throw badInput('input.division', '不在本单位的辖区内', 'it does not lie in your area');
    const county = await countyOf(write, division, 'input.division');
    const { riskClasses, careCodes, disabilityCardNo } = input;
    const { risk_classes, care_codes, repeated_wandering, disability_card_sealed } = observed(services, { riskClasses: riskClasses ?? ['REPEATED_VAGRANCY'], careCodes: careCodes ?? [], ...(disabilityCardNo != null && { disabilityCardNo }) });
    await endDuties(write, entry.id, 'DONE', ['completeAtRiskEntry']);
    await beginDuty(write, 'reviewAtRiskEntry', subject, county.id);
    return { set: { division, ...(riskClasses && { risk_classes, repeated_wandering }), ...(careCodes && { care_codes }), ...(disabilityCardNo != null && { disability_card_sealed }) }, reason: noteOf(input.note) };
  });
}

/** Takes an entry into the registry. The year of visits runs from the return; of a person found in a survey, from today. */
export function approveAtRiskEntry(services: LedgerServices, request: WriteRequest, input: ApproveAtRiskEntryInput): Promise<AtRiskOutcome> {
  return takeStep(services, request, input, async (write, entry, subject) => {
    const termFrom = entry.term_from ?? dateOf(write.at);
    await endDuties(write, entry.id, 'DONE', ['reviewAtRiskEntry']);
    return { set: { term_from: termFrom, ...(await rosterOf(write, subject, input.township)), ...(await beginRevisit(write, subject, entry.revisit_station, termFrom)) }, reason: noteOf(input.note) };
  });
}

/** Sends the roster where none was sent, or to the township that takes over from an abolished one. */
export function sendRoster(services: LedgerServices, request: WriteRequest, input: SendRosterInput): Promise<AtRiskOutcome> {
  return takeStep(services, request, input, async (write, entry, subject) => {
    const township = await townshipOf(write, input.township, 'input.township');
    if (township === entry.township) throw badInput('input.township', '花名册已通报到该乡镇、街道', 'this township has the roster');
    return { set: await beginRoster(write, subject, township), reason: noteOf(input.note) };
  });
}

async function insertVisit(write: WriteTransaction, entry: OpenEntry, regime: 'TOWNSHIP' | 'STATION', input: RecordVisitInput): Promise<void> {
  checkVisitedOn(write, input.visitedOn, entry.term_from);
  const { viewer } = write.context;
  await write.query('INSERT INTO guitu.follow_up_visits (entry_id, regime, agency_id, by_user, visited_on, manner, result, note, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [entry.id, regime, viewer.agencyId, viewer.user, input.visitedOn, input.manner, input.result, noteOf(input.note), write.at]);
}

/** A township's visit. One with nobody there is kept and leaves the clock as it is. */
export function recordVisit(services: LedgerServices, request: WriteRequest, input: RecordVisitInput): Promise<AtRiskOutcome> {
  return takeStep(services, request, input, async (write, entry, subject) => {
    const township = write.context.viewer.agencyId;
    const before = await lastVisit(write, entry.id, township);
    await insertVisit(write, entry, 'TOWNSHIP', input);
    // One that is entered late counts nothing anew where a later one is known.
    if (!isDone(input) || (before !== null && before >= input.visitedOn)) return {};
    return { set: await beginNextVisit(write, subject, township, input.visitedOn) };
  });
}

/** The station's own revisit of a person whom it returned. */
export function recordRevisit(services: LedgerServices, request: WriteRequest, input: RecordVisitInput): Promise<AtRiskOutcome> {
  return takeStep(services, request, input, async (write, entry) => {
    await insertVisit(write, entry, 'STATION', input);
    if (isDone(input)) await meetRevisits(write, entry.person_id, input.visitedOn);
    return {};
  });
}

/** Day of the last visit that a township has done; null where it has done none. */
async function lastVisit(write: WriteTransaction, entryId: string, township: string): Promise<string | null> {
  const [row] = await write.query<{ last: string | null }>("SELECT max(visited_on)::text AS last FROM guitu.follow_up_visits WHERE entry_id = $1 AND agency_id = $2 AND regime = 'TOWNSHIP' AND result <> 'NOBODY_THERE'", [entryId, township]);
  return row?.last ?? null;
}

/** A township finds that the person wanders again. Its own 24 hours are counted from when it found out, and are kept whether it was in time. */
export function reportWandering(services: LedgerServices, request: WriteRequest, input: ReportWanderingInput): Promise<AtRiskOutcome> {
  return takeStep(services, request, input, async (write, entry, subject) => {
    const discovered = new Date(input.discoveredAt);
    if (discovered > write.at) throw badInput('input.discoveredAt', '发现的时间晚于现在', 'the time of discovery lies in the future');
    await beginDuty(write, 'reportWandering', subject, write.context.viewer.agencyId, discovered);
    await endDuties(write, entry.id, 'DONE', ['reportWandering']);
    await alertCounty(write, subject, (await countyOf(write, entry.division, 'input.id')).id);
    return { set: { next_visit_by: null }, reason: noteOf(input.note) };
  });
}

/** A station asks whether its entrant is in the registry, of whatever place. The home county is alerted at once; the station learns whom to contact and nothing else. */
export function reportEntrant(services: LedgerServices, request: WriteRequest, input: ReportEntrantInput): Promise<EntrantOutcome> {
  return perform(services, request, async (write) => {
    const number = idNumberOf(input.idNumber, 'input.idNumber', services.acceptSynthetic);
    if (!number) throw badInput('input.idNumber', '身份证号不能为空', 'an ID number may not be empty');
    const matches = await write.query<{ entry_id: string; entry_no: string; person_id: string; county: string; was: AtRiskState }>('SELECT * FROM guitu.match_entrant($1, $2, $3)',
      [services.keyRing.keyedHash(ID_NUMBER_HASH, number.number18), write.at, write.context.viewer.user]);
    for (const { was, county, ...found } of matches) if (was !== 'WANDERING') await alertCounty(write, subjectOf({ id: found.entry_id, ...found }), county);
    write.count('numbersAsked', 1);
    write.count('entriesMatched', matches.length);
    return { contacts: [...new Set(matches.map(({ county }) => county))].toSorted() };
  });
}

/** The person is back: the year starts again, and so do both regimes' clocks. */
export function recordReturned(services: LedgerServices, request: WriteRequest, input: RecordReturnedInput): Promise<AtRiskOutcome> {
  return takeStep(services, request, input, async (write, entry, subject) => {
    if (input.returnedOn > dateOf(write.at)) throw badInput('input.returnedOn', '返回日期晚于今天', 'the day of the return lies in the future');
    if (entry.term_from && input.returnedOn < entry.term_from) throw badInput('input.returnedOn', '返回日期早于上一次返乡', 'the day lies before the return before');
    await endDuties(write, entry.id, 'DONE', ['answerWandering']);
    const revisit = await beginRevisit(write, subject, entry.revisit_station, input.returnedOn, await wanderedFrom(write, entry.id, input.returnedOn));
    const roster = entry.township ? await beginRoster(write, subject, entry.township) : await oweRoster(write, subject, write.context.viewer.agencyId);
    return { set: { term_from: input.returnedOn, ...roster, ...revisit }, reason: noteOf(input.note) };
  });
}

/** The day on which the person was found to wander, or the day of its return if that is earlier: no return before it ended that wandering. */
async function wanderedFrom(write: WriteTransaction, entryId: string, returnedOn: string): Promise<string> {
  const [found] = await write.query<{ day: string | null }>("SELECT least(max(at)::date, $2::date)::text AS day FROM guitu.at_risk_transitions WHERE entry_id = $1 AND to_state = 'WANDERING'", [entryId, returnedOn]);
  return found?.day ?? returnedOn;
}

/** It was nobody's wandering: the clock goes on as if nothing had been. */
export function recordFalseAlarm(services: LedgerServices, request: WriteRequest, input: AtRiskStepInput): Promise<AtRiskOutcome> {
  return takeStep(services, request, input, async (write, entry, subject) => {
    await endDuties(write, entry.id, 'DONE', ['answerWandering']);
    const { township, roster_sent_at: rosterSentAt } = entry;
    const set = township && rosterSentAt ? await resumeVisits(write, subject, township, rosterSentAt, await lastVisit(write, entry.id, township)) : await oweRoster(write, subject, write.context.viewer.agencyId);
    return { set, reason: noteOf(input.note) };
  });
}

/** The person has moved: another county's civil affairs is to take the entry over, in whatever province. */
export function transferAtRiskEntry(services: LedgerServices, request: WriteRequest, input: TransferAtRiskEntryInput): Promise<AtRiskOutcome> {
  return takeStep(services, request, input, async (write, entry, subject) => {
    const division = await placeOf(services, write, input.division, 'input.division');
    const county = await countyOf(write, division, 'input.division');
    if (county.id === write.context.viewer.agencyId) throw badInput('input.division', '仍在本县，只须改通报花名册', 'it lies in your own county; send the roster to the other township');
    await endDuties(write, entry.id, 'VOID', ['sendRoster']);
    await voidVisits(write, entry.id);
    await beginDuty(write, 'acceptTransfer', subject, county.id);
    return { set: { transfer_to: division, next_visit_by: null }, reason: noteOf(input.note) };
  });
}

/** The receiving county takes it over. The year goes on; its own township visits from the new roster, which is owed where there is none yet. The station that returned the person is no longer near. */
export function acceptTransfer(services: LedgerServices, request: WriteRequest, input: AcceptTransferInput): Promise<AtRiskOutcome> {
  return takeStep(services, request, input, async (write, entry, subject) => {
    await endDuties(write, entry.id, 'DONE', ['acceptTransfer']);
    await endDuties(write, entry.id, 'VOID', ['answerWandering']);
    if (entry.revisit_station) await voidRevisits(write, entry.person_id, entry.revisit_station);
    return { set: { division: entry.transfer_to, transfer_to: null, revisit_station: null, ...NO_REVISIT, ...(await rosterOf(write, subject, input.township)) }, reason: noteOf(input.note) };
  });
}

/** Ends an entry by decision. */
export function endAtRiskEntry(services: LedgerServices, request: WriteRequest, input: EndAtRiskEntryInput): Promise<AtRiskOutcome> {
  return takeStep(services, request, input, async (write, entry) => {
    const today = dateOf(write.at);
    if (input.reason === 'TERM_ENDED') await refuseEarlyEnd(write, entry);
    if (input.reason === 'MERGED') await refuseMergeIntoNothing(write, entry, input.mergedInto);
    if ((input.reason === 'DIED') !== (input.diedOn != null)) throw badInput('input.diedOn', '死亡日期与结束的理由不符', 'a day of death goes with DIED, and with nothing else');
    if (input.diedOn) await refuseVisitAfter(write, entry.id, input.diedOn);
    await endDuties(write, entry.id, 'VOID');
    if (input.diedOn && entry.revisit_station) await voidRevisits(write, entry.person_id, entry.revisit_station);
    return { set: { ended_on: input.diedOn ?? today, end_reason: input.reason, next_visit_by: null, ...NO_REVISIT }, reason: noteOf(input.note) };
  });
}

/** The term ends after a year at the least, and not while a visit is overdue; nor of somebody who is away. */
async function refuseEarlyEnd(write: WriteTransaction, entry: OpenEntry): Promise<void> {
  if (entry.state !== 'ACTIVE') throw new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.reason' });
  const { dueOn } = await dueOf(write, write.policy, 'visitTerm', startOf(entry.term_from ?? dateOf(write.at)), write.context.viewer.agencyId);
  const today = dateOf(write.at);
  if (today < dueOn) throw badInput('input.reason', `回访期未满：至 ${dueOn}`, `the term lasts until ${dueOn}`);
  if (entry.next_visit_by && entry.next_visit_by < today) throw badInput('input.reason', '有逾期的回访，须先完成', 'a visit is overdue; it comes first');
  if (!entry.township) throw badInput('input.reason', '花名册尚未通报，没有人回访', 'no roster was sent, so nobody visits');
}

async function refuseMergeIntoNothing(write: WriteTransaction, entry: OpenEntry, mergedInto: string | null | undefined): Promise<void> {
  if (mergedInto == null) throw badInput('input.mergedInto', '请写明并入哪一条', 'name the entry that goes on');
  const kept = uuidOf(mergedInto, 'ar', 'input.mergedInto');
  const rows = kept === entry.id ? [] : await write.query("SELECT FROM guitu.at_risk_entries WHERE id = $1 AND state IN ('ACTIVE', 'WANDERING') AND division >= left($2, 6) AND left(division, 6) = left($2, 6)", [kept, entry.division]);
  if (rows.length === 0) throw new Refusal('NOT_FOUND', { field: 'input.mergedInto' });
}

/** A death may be entered late, but nobody was met after it. */
async function refuseVisitAfter(write: WriteTransaction, entryId: string, diedOn: string): Promise<void> {
  if (diedOn > dateOf(write.at)) throw badInput('input.diedOn', '死亡日期晚于今天', 'the day of death lies in the future');
  const met = await write.query("SELECT FROM guitu.follow_up_visits WHERE entry_id = $1 AND visited_on > $2 AND result <> 'NOBODY_THERE' LIMIT 1", [entryId, diedOn]);
  if (met.length > 0) throw badInput('input.diedOn', '此后还有见到本人的回访记录，请核对', 'a visit after that day met the person; please check');
}

/** A new return brings an ended entry back: a new year, a new roster. */
export function reopenAtRiskEntry(services: LedgerServices, request: WriteRequest, input: ReopenAtRiskEntryInput): Promise<AtRiskOutcome> {
  return takeStep(services, request, input, async (write, entry, subject) => {
    const from = await getReturnFor(write, input.caseNo, 'area', 'input.caseNo');
    if (from.personId !== entry.person_id || from.caseId === entry.return_case) throw badInput('input.caseNo', '不是此人新的返乡', 'it is no new return of this person');
    const set = { return_case: from.caseId, revisit_station: from.station, term_from: from.returnedOn, ended_on: null, end_reason: null };
    return { set: { ...set, ...(await rosterOf(write, subject, input.township)), ...(await beginRevisit(write, subject, from.station, from.returnedOn)) }, reason: noteOf(input.note) };
  });
}
