import type { DutyStep } from '../../delivery/counted-deadlines.js';
import { beginDuty, endDuties, type DutyKeeper, type DutySubject } from '../../delivery/duties.js';
import type { ReturnState } from './returns.transitions.js';

/** Who may owe a step on a case. */
export interface ReturnParties { originAgency: string; destinationAgency: string | null }

/** What a state begins, and which clocks that were running go on in it; every other ends. */
interface StateClocks { begins: readonly { step: DutyStep; owner: (parties: ReturnParties) => string | null }[]; keeps: readonly DutyStep[] }

const origin = ({ originAgency }: ReturnParties): string => originAgency;
const destination = ({ destinationAgency }: ReturnParties): string | null => destinationAgency;

const CLOCKS: Partial<Record<ReturnState, StateClocks>> = {
  SENT: { begins: [{ step: 'acknowledgeReturn', owner: origin }, { step: 'receiveReturnee', owner: origin }], keeps: [] },
  ACKNOWLEDGED: { begins: [], keeps: ['receiveReturnee'] },
  DISPUTED: { begins: [{ step: 'rerouteReturn', owner: destination }], keeps: [] },
  AT_HOME: { begins: [{ step: 'recordHomeCheck', owner: origin }], keeps: [] },
};

/** Steps whose duty they fulfil though it has another name: a person who is at home need not be received. */
const FULFILS: Partial<Record<string, readonly DutyStep[]>> = { confirmHome: ['receiveReturnee'], acknowledgeReturn: ['acknowledgeReturn'], receiveReturnee: ['receiveReturnee'], rerouteReturn: ['rerouteReturn'], recordHomeCheck: ['recordHomeCheck'] };

const OF_RETURNS: readonly DutyStep[] = ['acknowledgeReturn', 'receiveReturnee', 'rerouteReturn', 'recordHomeCheck'];

/** Moves a case's clocks with its state: ends what the step fulfilled, voids what is no longer owed, begins what now is. @returns the days of those that began, by step */
export async function moveReturnClocks(keeper: DutyKeeper, subject: DutySubject, parties: ReturnParties, operation: string, to: ReturnState): Promise<Partial<Record<DutyStep, { dueOn: string; provisional: boolean }>>> {
  const { begins, keeps } = CLOCKS[to] ?? { begins: [], keeps: [] };
  const fulfilled = FULFILS[operation];
  if (fulfilled) await endDuties(keeper, subject.id, 'DONE', fulfilled);
  await endDuties(keeper, subject.id, 'VOID', OF_RETURNS.filter((step) => !keeps.includes(step)));
  const begun: Partial<Record<DutyStep, { dueOn: string; provisional: boolean }>> = {};
  for (const { step, owner } of begins) {
    const who = owner(parties);
    if (who) begun[step] = await beginDuty(keeper, step, subject, who);
  }
  return begun;
}
