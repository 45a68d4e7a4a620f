import { perform, type WriteRequest, type WriteTransaction } from '../../disclosure/perform.js';
import { dateOf } from '../../kernel/dates.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import type { IdNumber } from '../../kernel/id-number.js';
import { idNumberEnds } from '../../kernel/masks.js';
import { ID_NUMBER_HASH } from '../id-number-hash.js';
import { newCaseNo, newVersion, uuidOf } from '../identifiers.js';
import { birthOf, idNumberOf, phoneOf, requiredText, textOf } from '../input-words.js';
import { linkPerson, renewMissingCandidates } from '../links.js';
import { findStep } from '../machine.js';
import type { LedgerServices } from '../workbench.js';
import type { AmendMissingReportInput, CloseMissingReportInput, MissingDetailsInput, ReportMissingInput } from './missing.input.js';
import { MISSING_STEPS, type MissingState } from './missing.transitions.js';

/** The only writer of `missing_reports`: public security that took the report. */

export interface MissingOutcomeOf extends Record<string, string> { reportId: string }

export function reportMissing(services: LedgerServices, request: WriteRequest, input: ReportMissingInput): Promise<MissingOutcomeOf> {
  return perform(services, request, async (write) => {
    const { agencyId, user } = write.context.viewer;
    const columns = { version: newVersion(), report_no: newCaseNo('MR'), state: 'OPEN', reporter: agencyId, reported_at: write.at, reported_by: user, ...(await detailsOf(write, services, input.details)) };
    const names = Object.keys(columns);
    const [report] = await write.query<{ id: string }>(`INSERT INTO guitu.missing_reports (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')}) RETURNING id`, Object.values(columns));
    if (!report) throw new Error('the report is gone');
    await write.settle('MissingReport', [report.id], 'missing.reported');
    return { reportId: report.id };
  });
}

/** What relatives say now. Stations that were given the report and have not decided see what it says now. */
export function amendMissingReport(services: LedgerServices, request: WriteRequest, input: AmendMissingReportInput): Promise<MissingOutcomeOf> {
  return changeReport(services, request, input, 'OPEN', (write) => detailsOf(write, services, input.details));
}

/** The person was found by other ways, or the relatives no longer seek: nobody is a candidate of the report any more. What was told stays told. */
export function closeMissingReport(services: LedgerServices, request: WriteRequest, input: CloseMissingReportInput): Promise<MissingOutcomeOf> {
  return changeReport(services, request, input, input.outcome, ({ at, context }) => Promise.resolve({ closed_at: at, closed_by: context.viewer.user, note: textOf(input.note, 'input.note', 500, true) }));
}

function changeReport(services: LedgerServices, request: WriteRequest, input: { id: string; expectedVersion: number }, to: MissingState, change: (write: WriteTransaction) => Promise<object>): Promise<MissingOutcomeOf> {
  const reportId = uuidOf(input.id, 'mr', 'input.id');
  return perform(services, request, async (write) => {
    // Locked by a statement of its own: a result that a station is just telling is read once it has been told.
    await write.query('SELECT FROM guitu.missing_reports WHERE id = $1 FOR UPDATE', [reportId]);
    const before = await write.open<{ version: number; state: MissingState }>('MissingReport', reportId, 'c.version, c.state', 'input.id');
    if (before.version !== input.expectedVersion) throw new Refusal('STALE_VERSION', { field: 'input.expectedVersion' });
    if (!findStep(MISSING_STEPS, request.operation, before.state, to)) throw new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.id' });
    const columns = { ...(await change(write)), state: to, version: newVersion() };
    await write.query(`UPDATE guitu.missing_reports SET ${Object.keys(columns).map((name, index) => `${name} = $${index + 2}`).join(', ')} WHERE id = $1`, [reportId, ...Object.values(columns)]);
    await renewMissingCandidates(write, reportId);
    await write.settle('MissingReport', [reportId], `missing.${to.toLowerCase()}`);
    return { reportId };
  });
}

/** What relatives say, checked and sealed. @throws Refusal BAD_USER_INPUT with the field */
async function detailsOf(write: WriteTransaction, services: LedgerServices, input: MissingDetailsInput): Promise<Record<string, unknown>> {
  const at = 'input.details';
  const today = dateOf(write.at);
  const number = idNumberOf(input.idNumber, `${at}.idNumber`, services.acceptSynthetic);
  const { birthDate, sex, estimatedAge, bornOn } = birthOf(input, number, at, today);
  if (input.missingSince > today) throw badInput(`${at}.missingSince`, '日期晚于今天', 'the date lies in the future');
  const place = async (code: string | undefined, field: string): Promise<string | null> => (code ? (await services.directory.getDivision(write, code, `${at}.${field}`)).code : null);
  const seal = (text: string | null): string | null => (text === null ? null : services.keyRing.sealValue(text));
  return {
    name: requiredText(input.name, `${at}.name`, 100), id_number_sealed: seal(number?.number18 ?? null), person_id: number && (await bearerOf(write, services, number)), sex: sex ?? number?.sex ?? null,
    birth_date: birthDate ?? number?.bornOn ?? null, estimated_age: estimatedAge, born_on: bornOn, home_division: await place(input.homeDivision, 'homeDivision'), missing_since: input.missingSince, last_seen_division: await place(input.lastSeenDivision, 'lastSeenDivision'),
    looks: textOf(input.looks, `${at}.looks`, 2_000, true), kin_name: textOf(input.kinName, `${at}.kinName`, 100), kin_relation: textOf(input.kinRelation, `${at}.kinRelation`, 50), kin_phone_sealed: seal(phoneOf(input.kinPhone, `${at}.kinPhone`)),
  };
}

/** Whoever bears the number; opens nothing. */
function bearerOf(write: WriteTransaction, { keyRing }: LedgerServices, { number18, bornOn }: IdNumber): Promise<string> {
  return linkPerson(write, { hash: keyRing.keyedHash(ID_NUMBER_HASH, number18), sealed: keyRing.sealValue(number18), ends: idNumberEnds(number18) }, bornOn);
}
