import { perform, type WriteRequest, type WriteTransaction } from '../../disclosure/perform.js';
import { endDuties } from '../../delivery/duties.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import { dateOf } from '../../kernel/dates.js';
import { documentOf, pastDay } from '../documents.js';
import { findNearestAgency } from '../agencies/nearest-agency.js';
import { newVersion, uuidOf } from '../identifiers.js';
import { requiredText, textOf } from '../input-words.js';
import type { LedgerServices } from '../workbench.js';
import { moveSettlementClock } from './settlement.clocks.js';
import type { ApplyForSettlementInput, AssessSupportInput, FileHukouInput, PlaceInInstitutionInput, RecordGovernmentDecisionInput, RegisterHukouInput, SettlementDocumentInput, SettlementReasonInput, SubmitSettlementPlanInput } from './settlement.input.js';
import { insertSettlementTransition } from './settlement.record.js';
import type { SettlementState } from './settlement.shape.js';
import { findSettlementStep, type SettlementStep, type SettlementTrack } from './settlement.transitions.js';

/** The only writer of `settlement_cases` and `settlement_transitions`, beside what begins a case: the clock, and a returnee without a home. */

export interface SettlementOutcome extends Record<string, string> { settlementId: string }

interface OpenSettlement extends Record<string, unknown> { version: number; settlement_no: string; state: SettlementState; track: SettlementTrack; person_id: string; station: string; civil_affairs: string; police: string | null; division: string; entered_on: string | null }

const COLUMNS = 'c.version, c.settlement_no, c.state, c.track, c.person_id, c.station, c.civil_affairs, c.police, c.division, c.entered_on::text AS entered_on';

/** `dateField`: the input that the document's date stands in, where it has a name of its own. */
interface StepInput { id: string; expectedVersion: number; documentNo?: string | undefined; documentDate?: string | undefined; dateField?: string; note?: string | undefined }
type Columns = Record<string, string | null>;

/** One step: lock, version, table of transitions, change, transition, clock. `choice` picks the line where an operation has several. */
function takeStep(services: LedgerServices, request: WriteRequest, input: StepInput, change: (write: WriteTransaction, before: OpenSettlement) => Promise<Columns> | Columns, choice?: SettlementStep['choice']): Promise<SettlementOutcome> {
  const settlementId = uuidOf(input.id, 'se', 'input.id');
  return perform(services, request, async (write) => {
    const before = await write.open<OpenSettlement>('SettlementCase', settlementId, COLUMNS, 'input.id');
    if (before.version !== input.expectedVersion) throw new Refusal('STALE_VERSION', { field: 'input.expectedVersion' });
    const step = findSettlementStep(request.operation, before.state, before.track, choice);
    if (!step) throw new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.id' });
    const document = { ...documentOf(input, { today: today(write), enteredOn: before.entered_on, ...(input.dateField && { dateField: input.dateField }) }), note: textOf(input.note, 'input.note', 500, true) };
    const columns = { state: step.to, version: newVersion(), ...(await change(write, before)) };
    const { viewer } = write.context;
    await write.query(`UPDATE guitu.settlement_cases SET ${Object.keys(columns).map((name, index) => `${name} = $${index + 2}`).join(', ')} WHERE id = $1`, [settlementId, ...Object.values(columns)]);
    const [count] = await write.query<{ steps: number }>('SELECT count(*)::integer AS steps FROM guitu.settlement_transitions WHERE settlement_id = $1', [settlementId]);
    await insertSettlementTransition(write, { agencyId: viewer.agencyId, user: viewer.user }, settlementId, (count?.steps ?? 0) + 1, before.state, step.to, document);
    const parties = { station: before.station, civilAffairs: before.civil_affairs, police: 'police' in columns ? String(columns['police']) : before.police };
    await moveSettlementClock(write, { record: 'SettlementCase', id: settlementId, number: before.settlement_no, personId: before.person_id }, parties, before.track, request.operation, step.to);
    await write.settle('SettlementCase', [settlementId], `settlement.${step.to.toLowerCase()}`);
    return { settlementId };
  });
}

const today = (write: WriteTransaction): string => dateOf(write.at);
const withReason = (input: SettlementReasonInput): StepInput => ({ ...input, note: requiredText(input.reason, 'input.reason', 500) });
const withDocument = (input: SettlementDocumentInput): StepInput => ({ ...input, documentNo: requiredText(input.documentNo, 'input.documentNo', 100) });

export function applyForSettlement(services: LedgerServices, request: WriteRequest, input: ApplyForSettlementInput): Promise<SettlementOutcome> {
  return takeStep(services, request, input, (write) => ({ applied_on: today(write), proof_of_search: longText(input.proofOfSearch, 'input.proofOfSearch') }));
}

/** Steps that change the state alone and need a reason: an application or a filing that is incomplete, an obstacle that is gone. */
export function moveSettlementWithReason(services: LedgerServices, request: WriteRequest, input: SettlementReasonInput): Promise<SettlementOutcome> {
  return takeStep(services, request, withReason(input), () => ({}));
}

/** Nobody is settled as a child without a guardian; whoever may be a child counts as one. */
export function submitSettlementPlan(services: LedgerServices, request: WriteRequest, input: SubmitSettlementPlanInput): Promise<SettlementOutcome> {
  return takeStep(services, request, input, async (write) => {
    const guardianship = textOf(input.guardianship, 'input.guardianship', 500, true);
    const [minor] = await write.query<{ minor: boolean }>('SELECT guitu.is_minor_settled($1, $2) AS minor', [uuidOf(input.id, 'se', 'input.id'), today(write)]);
    if (minor?.minor && !guardianship) throw badInput('input.guardianship', '未成年人（年龄不明的按未成年人对待）须写明由谁监护', 'for a child, or somebody of unknown age, say who is guardian');
    return { plan: longText(input.plan, 'input.plan'), guardianship };
  });
}

export function recordGovernmentDecision(services: LedgerServices, request: WriteRequest, input: RecordGovernmentDecisionInput): Promise<SettlementOutcome> {
  const step = { ...input, documentNo: requiredText(input.documentNo, 'input.documentNo', 100), documentDate: input.decidedOn, dateField: 'input.decidedOn' };
  return takeStep(services, request, step, () => ({ decided_on: input.decision === 'SENT_BACK' ? null : input.decidedOn }), input.decision);
}

/** Files with public security of the same level; where that is not on the hub, with the nearest above. */
export function fileHukou(services: LedgerServices, request: WriteRequest, input: FileHukouInput): Promise<SettlementOutcome> {
  return takeStep(services, request, input, async (write, before) => {
    const hukou = await services.directory.getDivision(write, input.hukouDivision, 'input.hukouDivision');
    if (hukou.abolished) throw badInput('input.hukouDivision', '该区划代码已撤销，请填写现行代码', 'the division was abolished; give its successor');
    const police = await findNearestAgency(write, before.division, 'PUBLIC_SECURITY');
    if (!police) throw badInput('input.hukouDivision', '该地尚无接入的公安机关', 'no public security agency of that place is on the hub');
    return { police: police.id, hukou_division: hukou.code };
  });
}

export function registerHukou(services: LedgerServices, request: WriteRequest, input: RegisterHukouInput): Promise<SettlementOutcome> {
  return takeStep(services, request, input, (write, before) => ({ hukou_registered_on: pastDay(input.registeredOn, today(write), before.entered_on, 'input.registeredOn') }));
}

export function placeInInstitution(services: LedgerServices, request: WriteRequest, input: PlaceInInstitutionInput): Promise<SettlementOutcome> {
  return takeStep(services, request, input, (write, before) => ({ institution: requiredText(input.institution, 'input.institution'), placed_on: pastDay(input.placedOn, today(write), before.entered_on, 'input.placedOn') }));
}

export function assessSupport(services: LedgerServices, request: WriteRequest, input: AssessSupportInput): Promise<SettlementOutcome> {
  return takeStep(services, request, input, () => {
    const supportKind = textOf(input.supportKind, 'input.supportKind', 100);
    if (input.assessment === 'SUPPORTED' && !supportKind) throw badInput('input.supportKind', '请写明供养方式', 'say how the person is supported');
    if (input.assessment === 'NOT_ELIGIBLE' && supportKind) throw badInput('input.supportKind', '不符合条件的没有供养方式', 'whoever is not eligible has no kind of support');
    return { support_kind: supportKind };
  }, input.assessment);
}

/** The person is identified after all: it goes home, and the notice of its return is owed from now on. */
export function recordIdentified(services: LedgerServices, request: WriteRequest, input: SettlementDocumentInput): Promise<SettlementOutcome> {
  return takeStep(services, request, withDocument(input), async (write, before) => {
    await write.query('SELECT guitu.identify_settled($1)', [uuidOf(input.id, 'se', 'input.id')]);
    const stays = await write.query<{ id: string }>('SELECT id FROM guitu.stays WHERE person_id = $1 AND station = $2 AND left_on IS NULL', [before.person_id, before.station]);
    for (const { id } of stays) await endDuties(write, id, 'VOID');
    return {};
  });
}

/** Steps that change the state alone and rest on a document: a reversal on civil affairs' notice, a death. */
export function moveSettlementOnDocument(services: LedgerServices, request: WriteRequest, input: SettlementDocumentInput): Promise<SettlementOutcome> {
  return takeStep(services, request, withDocument(input), () => ({}));
}

function longText(value: string, field: string): string {
  const text = textOf(value, field, 2_000, true);
  if (text === null) throw badInput(field, '不能为空', 'may not be empty');
  return text;
}
