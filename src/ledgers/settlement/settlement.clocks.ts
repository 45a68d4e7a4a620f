import type { DutyStep } from '../../delivery/counted-deadlines.js';
import { beginDuty, endDuties, type DutyKeeper, type DutySubject } from '../../delivery/duties.js';
import type { SettlementState } from './settlement.shape.js';
import type { SettlementTrack } from './settlement.transitions.js';

/** Who may owe a step of a settlement. */
export interface SettlementParties { station: string; civilAffairs: string; police: string | null }

interface Owed { step: DutyStep; owner: keyof SettlementParties; track?: SettlementTrack }

/** What each state asks for, and of whom. */
const OWED: Partial<Record<SettlementState, Owed>> = {
  DUE: { step: 'applyForSettlement', owner: 'station' },
  APPLIED: { step: 'submitSettlementPlan', owner: 'civilAffairs' },
  ACCEPTED: { step: 'submitSettlementPlan', owner: 'civilAffairs' },
  PLAN_SUBMITTED: { step: 'recordGovernmentDecision', owner: 'civilAffairs' },
  HUKOU_APPROVED: { step: 'fileHukou', owner: 'civilAffairs' },
  HUKOU_FILED: { step: 'registerHukou', owner: 'police' },
  REGISTERED: { step: 'assessSupport', owner: 'civilAffairs' },
  PLACEMENT_APPROVED: { step: 'placeInInstitution', owner: 'civilAffairs' },
  PLACED: { step: 'assessSupport', owner: 'civilAffairs', track: 'HOMELESS_RETURNEE' },
  // Whoever is identified goes home, with the written notice that every returnee has.
  IDENTIFIED: { step: 'sendReturnNotice', owner: 'station' },
};

const DONE_BY: Partial<Record<string, DutyStep>> = Object.fromEntries(Object.values(OWED).map(({ step }) => [step, step]));

/** Moves the clock of a settlement with its state: each state owes one step or none. */
export async function moveSettlementClock(keeper: DutyKeeper, subject: DutySubject, parties: SettlementParties, track: SettlementTrack, operation: string, to: SettlementState): Promise<void> {
  const done = DONE_BY[operation];
  if (done) await endDuties(keeper, subject.id, 'DONE', [done]);
  await endDuties(keeper, subject.id, 'VOID');
  const owed = OWED[to];
  const owner = owed && parties[owed.owner];
  if (owed && owner && (owed.track ?? track) === track) await beginDuty(keeper, owed.step, subject, owner);
}
