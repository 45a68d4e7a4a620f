import { perform, type WriteRequest, type WriteTransaction } from '../../disclosure/perform.js';
import { addMonths, dateOf } from '../../kernel/dates.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import { digestOf, requiredText, textOf } from '../input-words.js';
import { documentOf } from '../documents.js';
import { newVersion, uuidOf } from '../identifiers.js';
import { correctPerson } from '../links.js';
import type { LedgerServices } from '../workbench.js';
import type { CorrectedSubjectInput, CorrectReturnInput } from './returns.input.js';
import { checkReadiness } from './returns.conditions.js';
import { subjectColumns, type SubjectColumns } from './returns.subject.js';
import { CORRECTABLE, type ReturnState } from './returns.transitions.js';
import { insertTransition, notAllowed, updateCase, type ReturnOutcome } from './returns.writing.js';

/** Columns that each part of a subject is kept in. */
const COLUMNS_OF: Record<keyof CorrectedSubjectInput, readonly (keyof SubjectColumns)[]> = {
  name: ['subject_name', 'subject_name_surname'], sex: ['subject_sex'], birthDate: ['subject_birth_date', 'subject_born_on'], estimatedAge: ['subject_estimated_age', 'subject_born_on'],
  hukouDivision: ['subject_hukou_division'], homeDivision: ['subject_home_division'], address: ['subject_address_sealed'], kinName: ['subject_kin_name'],
  kinPhone: ['subject_kin_phone_sealed', 'subject_kin_phone_ends'], features: ['subject_features'],
};
const COLUMNS = ['notice_no', 'notice_date', 'entry_date', 'leave_date', 'return_mode', 'escort_agency', 'guardian_assessed_on', 'fit_to_travel', 'help_reason', 'condition', 'custody_place', 'notice_file_digest', 'handling_codes', ...new Set(Object.values(COLUMNS_OF).flat())];
const DATES = new Set(['notice_date', 'entry_date', 'leave_date', 'guardian_assessed_on', 'subject_birth_date', 'subject_born_on']);

interface Before extends Record<string, unknown> {
  version: number; state: ReturnState; subject_id_number_sealed: string | null; subject_name: string | null; subject_features: string | null; subject_sex: string | null; subject_birth_date: string | null; subject_estimated_age: number | null;
  subject_born_on: string | null; entry_date: string | null; leave_date: string | null; notice_date: string | null; return_mode: string | null; guardian_assessed_on: string | null; fit_to_travel: boolean | null;
  author_agency: string; destination_agency: string | null;
}

/**
 * The author of a notice puts right what it wrote, in any state of a notice that stands: no clock moves and nobody's act is undone. The history keeps what was.
 * @throws Refusal NOT_FOUND, STALE_VERSION, TRANSITION_NOT_ALLOWED, BAD_USER_INPUT where nothing changes or the notice would contradict itself
 */
export function correctReturn(services: LedgerServices, request: WriteRequest, input: CorrectReturnInput): Promise<ReturnOutcome> {
  const caseId = uuidOf(input.id, 'rc', 'input.id');
  const reason = requiredText(input.reason, 'input.reason', 500);
  return perform(services, request, async (write) => {
    const before = await write.open<Before>('ReturnCase', caseId, `c.version, c.state, c.author_agency, c.destination_agency, c.subject_id_number_sealed, ${COLUMNS.map((name) => `c.${name}${DATES.has(name) ? '::text' : ''} AS ${name}`).join(', ')}`, 'input.id');
    if (before.version !== input.expectedVersion) throw new Refusal('STALE_VERSION', { field: 'input.expectedVersion' });
    if (!CORRECTABLE.includes(before.state)) throw notAllowed();
    const wanted: Record<string, unknown> = { ...noticeColumns(input), ...(input.subject && (await correctedSubject(write, services, before, input.subject))) };
    const changed = Object.keys(wanted).filter((name) => JSON.stringify(wanted[name] ?? null) !== JSON.stringify(before[name] ?? null));
    if (changed.length === 0) throw badInput('input', '没有要更正的内容', 'nothing changes');
    const [today, corrected] = [dateOf(write.at), { ...before, ...wanted }];
    checkNotice(corrected, today);
    checkSendable(corrected, today);
    const document = documentOf(input, { today, enteredOn: corrected.entry_date });
    const former = Object.fromEntries(changed.map((name) => [name, before[name] ?? null]));
    await updateCase(write, caseId, { ...Object.fromEntries(changed.map((name) => [name, wanted[name] ?? null])), version: newVersion(), changed_at: write.at });
    const { agencyId, user } = write.context.viewer;
    await insertTransition(write, caseId, { from: before.state, to: before.state, agencyId, user, reason: { code: null, text: `更正：${reason}` }, document, replaced: former });
    await correctPerson(write, caseId, former);
    await write.settle('ReturnCase', [caseId], 'return.corrected');
    return { caseId };
  });
}

/** Columns of the notice that the input names. */
function noticeColumns(input: CorrectReturnInput): Record<string, unknown> {
  const { noticeNo, noticeDate, entryDate, leaveDate, returnMode, guardianAssessedOn, fitToTravel, helpReason, condition, custodyPlace, noticeFileDigest, handlingCodes } = input;
  return {
    ...(noticeNo != null && { notice_no: requiredText(noticeNo, 'input.noticeNo', 100) }), ...(noticeDate && { notice_date: noticeDate }), ...(entryDate && { entry_date: entryDate }), ...(leaveDate && { leave_date: leaveDate }),
    ...(returnMode && { return_mode: returnMode, ...(returnMode !== 'ESCORTED' && { escort_agency: null }) }),
    ...(guardianAssessedOn && { guardian_assessed_on: guardianAssessedOn }), ...(fitToTravel != null && { fit_to_travel: fitToTravel }), ...(helpReason !== undefined && { help_reason: textOf(helpReason, 'input.helpReason', 500, true) }), ...(condition !== undefined && { condition: textOf(condition, 'input.condition', 500, true) }),
    ...(custodyPlace !== undefined && { custody_place: custodyPlace }), ...(noticeFileDigest !== undefined && { notice_file_digest: digestOf(noticeFileDigest, 'input.noticeFileDigest') }), ...(handlingCodes && { handling_codes: [...new Set(handlingCodes)] }),
  };
}

/** Columns of the parts that the input names, checked together with what stays: the ID number, the birth date or age, and the sex must not contradict each other. */
async function correctedSubject(write: WriteTransaction, { directory, keyRing }: LedgerServices, before: Before, given: CorrectedSubjectInput): Promise<Partial<SubjectColumns>> {
  const named = (Object.keys(COLUMNS_OF) as (keyof CorrectedSubjectInput)[]).filter((part) => given[part] !== undefined);
  const place = async (code: string | null | undefined, field: string): Promise<string | null> => (code ? (await directory.getDivision(write, code, `input.subject.${field}`)).code : null);
  const text = (part: 'name' | 'address' | 'kinName' | 'kinPhone' | 'features'): Record<string, string> => (given[part] ? { [part]: given[part] } : {});
  const birthDate = given.birthDate === undefined ? before.subject_birth_date : given.birthDate;
  const age = given.estimatedAge === undefined ? before.subject_estimated_age : given.estimatedAge;
  const sex = given.sex === undefined ? before.subject_sex : given.sex;
  const { columns } = subjectColumns({
    ...text('name'), ...text('address'), ...text('kinName'), ...text('kinPhone'), ...text('features'), ...(birthDate && { birthDate }), ...(age !== null && { estimatedAge: age }), ...(sex && { sex }),
    ...(before.subject_id_number_sealed && { idNumber: keyRing.openValue(before.subject_id_number_sealed) }),
  }, { hukou: await place(given.hukouDivision, 'hukouDivision'), home: await place(given.homeDivision, 'homeDivision') }, keyRing, dateOf(write.at), true);
  return Object.fromEntries(named.flatMap((part) => COLUMNS_OF[part]).map((name) => [name, columns[name]]));
}

/** A corrected notice holds what a notice must. */
function checkNotice(notice: Before, today: string): void {
  const { subject_name: name, subject_id_number_sealed: number, subject_features: features, entry_date: entry, leave_date: leave, notice_date: sent } = notice;
  if (!name && !number && !features) throw badInput('input.subject', '姓名、身份证号、特征至少填写一项', 'give at least a name, an ID number or features');
  if (entry && leave && entry > leave) throw badInput('input.leaveDate', '离站日期早于入站日期', 'the person left before it entered');
  if (leave && leave > addMonths(today, 1)) throw badInput('input.leaveDate', '离站日期过于遥远', 'the leave date lies too far in the future');
  if (entry && entry > today) throw badInput('input.entryDate', '入站日期晚于今天', 'the entry date lies in the future');
  if (sent && entry && sent < entry) throw badInput('input.noticeDate', '反馈日期早于入站日期', 'the notice lies before the entry');
  if (sent && sent > today) throw badInput('input.noticeDate', '反馈日期晚于今天', 'the notice date lies in the future');
}

/** What was asked of the notice when it was sent holds of the corrected one. A row that the origin side imported was sent by nobody on the hub. */
function checkSendable(notice: Before, today: string): void {
  if (notice.author_agency === notice.destination_agency) checkReadiness({ bornOn: notice.subject_born_on, returnMode: notice.return_mode, guardianAssessedOn: notice.guardian_assessed_on, fitToTravel: notice.fit_to_travel }, today, 'input');
}
