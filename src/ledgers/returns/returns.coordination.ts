import { beginDutyUntil } from '../../delivery/duties.js';
import type { ClockAct } from '../../delivery/clock.js';
import { findSuperior } from '../../delivery/superiors.js';
import type { WriteRequest } from '../../disclosure/perform.js';
import { addMonths, dateOf } from '../../kernel/dates.js';
import { isWithin } from '../../kernel/divisions.js';
import { badInput } from '../../kernel/errors.js';
import { newVersion } from '../identifiers.js';
import type { LedgerServices } from '../workbench.js';
import { noteOf, reasonOf } from './returns.commands.js';
import type { DirectReturnInput, ReturnReasonInput, ReturnStepInput } from './returns.input.js';
import { insertTransition, moveClocks, notAllowed, takeStep, updateCase, type ReturnOutcome } from './returns.writing.js';
import type { ReturnState } from './returns.transitions.js';

/** A person whom the origin side will not receive goes up: 「逐级报上级民政部门协调解决」 (民发〔2020〕14号 二(二)). Nobody coordinates its own refusal. */

/** To the next civil affairs department above the asker: `reportRefusalUp` of the destination side, `passRefusalUp` of a coordinator. */
export function raiseRefusal(services: LedgerServices, request: WriteRequest, input: ReturnStepInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, async (write, before) => {
    const superior = await findSuperior(write, write.context.viewer.agencyId, 0, before.origin_agency);
    if (!superior) throw notAllowed();
    return { set: { coordinator: superior.id, coordinated_by: [...before.coordinated_by, superior.id] }, reason: noteOf(input.note) };
  });
}

/** The origin side takes its refusal back: as if it had acknowledged. */
export function withdrawRefusal(services: LedgerServices, request: WriteRequest, input: ReturnStepInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, (write, before) => ({ set: { coordinator: null, acknowledged_at: before.acknowledged_at ?? write.context.now }, reason: noteOf(input.note) }));
}

/** Whoever stands over both sides says who receives, by when. Another receiver than before has confirmed nothing yet. */
export function directReturn(services: LedgerServices, request: WriteRequest, input: DirectReturnInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, async (write, before) => {
    const today = dateOf(write.context.now);
    if (input.receiveBy < today) throw badInput('input.receiveBy', '接收期限早于今天', 'the day lies in the past');
    if (input.receiveBy > addMonths(today, 3)) throw badInput('input.receiveBy', '接收期限过于遥远', 'the day lies too far in the future');
    const receiver = await services.directory.getAgencyOfKind(write, input.receiver, ['RESCUE_STATION', 'CIVIL_AFFAIRS'], 'input.receiver');
    if (receiver.agencyId === before.destination_agency) throw badInput('input.receiver', '流入地机构不能接收自己送返的人', 'the destination cannot receive whom it sends');
    if (receiver.agencyId !== before.origin_agency && !isWithin(receiver.division, write.context.viewer.areas)) throw badInput('input.receiver', '接收单位不在本辖区内', 'the receiver lies outside your area');
    const same = receiver.agencyId === before.origin_agency;
    return {
      set: {
        coordinator: null, origin_agency: receiver.agencyId, receive_by: input.receiveBy, provisional: false,
        ...(!same && { origin_division: receiver.division, confirmed_at: null, acknowledged_at: null }),
      },
      reason: noteOf(input.note),
      follow: (subject) => beginDutyUntil(write, 'receiveReturnee', subject, receiver.agencyId, input.receiveBy, '上级民政部门协调决定的接收期限'),
    };
  });
}

/** Whoever stands over both sides finds that the person is not theirs: the notice is in dispute, and goes another way. */
export function upholdRefusal(services: LedgerServices, request: WriteRequest, input: ReturnReasonInput): Promise<ReturnOutcome> {
  return takeStep(services, request, input, () => ({ set: { coordinator: null }, reason: reasonOf(input) }));
}

interface Coordinated extends Record<string, unknown> { state: ReturnState; coordinator: string | null; origin_agency: string }

/** What a level has not settled in its time goes to the next. Above the ministry there is nobody: there it stays, overdue. */
export const passOverdueRefusalUp: ClockAct = async (clock, duty) => {
  const [before] = await clock.query<Coordinated>('SELECT state, coordinator, origin_agency FROM guitu.return_cases WHERE id = $1 FOR UPDATE', [duty.recordId]);
  if (before?.state !== 'COORDINATING' || before.coordinator !== duty.owner) return;
  const superior = await findSuperior(clock, duty.owner, 0, before.origin_agency);
  if (!superior) return;
  await clock.query('UPDATE guitu.return_cases SET coordinated_by = coordinated_by || $2::uuid WHERE id = $1', [duty.recordId, superior.id]);
  await updateCase(clock, duty.recordId, { coordinator: superior.id, version: newVersion(), changed_at: clock.at });
  await insertTransition(clock, duty.recordId, { from: 'COORDINATING', to: 'COORDINATING', agencyId: duty.owner, user: 'clock', reason: { code: null, text: '逾期未协调，自动报上一级' } });
  await moveClocks(clock, duty.recordId, 'clock');
  await clock.settle('ReturnCase', [duty.recordId], 'return.coordinating');
};
