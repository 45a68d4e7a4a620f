import type { DutyKeeper } from '../../delivery/duties.js';
import { NO_DOCUMENT, type StepDocument } from '../documents.js';
import { newCaseNo, newVersion } from '../identifiers.js';
import { moveSettlementClock, type SettlementParties } from './settlement.clocks.js';
import type { SettlementState } from './settlement.shape.js';
import type { SettlementTrack } from './settlement.transitions.js';

/** The rows of a settlement, written alike by its commands, by the tie to returns and by the clock. */

export interface SettlementDocument extends StepDocument { note: string | null }

/** Who took a step; the clock has no agency. */
export interface Taker { agencyId: string | null; user: string }

/** A settlement that begins, with its first transition and the clock of its first state. @returns its id */
export async function beginSettlement(keeper: DutyKeeper, taker: Taker, operation: string, begun: SettlementParties & { track: SettlementTrack; state: SettlementState; personId: string; division: string; enteredOn: string | null; hukouDivision?: string | null; returnCase?: string }): Promise<string> {
  const [settlement] = await keeper.query<{ id: string; number: string }>(
    `INSERT INTO guitu.settlement_cases (version, settlement_no, track, state, person_id, station, civil_affairs, police, division, entered_on, hukou_division, return_case) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     RETURNING id, settlement_no AS number`,
    [newVersion(), newCaseNo('SE'), begun.track, begun.state, begun.personId, begun.station, begun.civilAffairs, begun.police, begun.division, begun.enteredOn, begun.hukouDivision ?? null, begun.returnCase ?? null]);
  if (!settlement) throw new Error('the settlement is gone');
  const { id, number } = settlement;
  await insertSettlementTransition(keeper, taker, id, 1, null, begun.state, { ...NO_DOCUMENT, note: null });
  await moveSettlementClock(keeper, { record: 'SettlementCase', id, number, personId: begun.personId }, begun, begun.track, operation, begun.state);
  return id;
}

export async function insertSettlementTransition(keeper: DutyKeeper, taker: Taker, id: string, step: number, from: SettlementState | null, to: SettlementState, document: SettlementDocument): Promise<void> {
  await keeper.query('INSERT INTO guitu.settlement_transitions (settlement_id, step, from_state, to_state, at, agency_id, by_user, document_no, document_date, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
    [id, step, from, to, keeper.at, taker.agencyId, taker.user, document.no, document.date, document.note]);
}
