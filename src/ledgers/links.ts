import { dueOf } from '../delivery/due.js';
import { beginDuty } from '../delivery/duties.js';
import type { WriteTransaction } from '../disclosure/perform.js';
import { dateOf } from '../kernel/dates.js';
import { newCaseNo, newVersion } from './identifiers.js';

/** What ties the ledgers together. Each tie is one function in the database that crosses the boundary of rows and tells its caller nothing. */

/** The person a claim is about: found by keyed hash, or made. Opens nothing: the person stays closed until the other side confirms. */
export async function linkPerson(write: WriteTransaction, idNumber: { hash: string; sealed: string; ends: string } | null, bornOn: string | null): Promise<string> {
  const rows = await write.query<{ id: string }>('SELECT guitu.link_person($1, $2, $3, $4) AS id', [idNumber?.hash ?? null, idNumber?.sealed ?? null, idNumber?.ends ?? null, bornOn]);
  const row = rows[0];
  if (!row) throw new Error('link_person returned nothing');
  return row.id;
}

/** What follows when the other side has confirmed a case: the person takes over what it lacks, and registered households may be proposed for a flag. */
export async function openConfirmedPerson(write: WriteTransaction, caseId: string, personId: string): Promise<void> {
  await write.query('SELECT guitu.take_over_subject($1)', [caseId]);
  await matchHouseholds(write, { persons: [personId] });
}

/** Matches registered households that were flagged, by keyed hash; hits become proposals for county civil affairs. */
export async function matchHouseholds(write: WriteTransaction, which: { households?: readonly string[]; persons?: readonly string[] }): Promise<void> {
  const due = await dueOf(write, write.policy, 'confirmHouseholdFlag', write.at, write.context.viewer.agencyId);
  await write.query('SELECT guitu.match_households($1::uuid[], $2::uuid[], $3, $4, $5)', [which.households ?? [], which.persons ?? [], write.context.now, dateOf(write.context.now), due.dueOn]);
}

/** A person without a home was accepted at the hukou place: opens the settlement of a homeless returnee, and the duty of its civil affairs department to plan it. */
export async function openHomelessSettlement(write: WriteTransaction, returnCase: { id: string; personId: string }, station: string, civilAffairs: string): Promise<void> {
  const number = newCaseNo('SE');
  const [opened] = await write.query<{ id: string }>('SELECT guitu.open_settlement($1, $2, $3, $4, $5) AS id', [returnCase.id, number, newVersion(), station, civilAffairs]);
  if (!opened) throw new Error('open_settlement returned nothing');
  await beginDuty(write, 'submitSettlementPlan', { record: 'SettlementCase', id: opened.id, number, personId: returnCase.personId }, civilAffairs);
}

/** Whether the settlement that a return led to has placed the person. */
export async function isSettled(write: WriteTransaction, caseId: string): Promise<boolean> {
  const [found] = await write.query<{ settled: boolean }>('SELECT guitu.is_settled($1) AS settled', [caseId]);
  return found?.settled === true;
}
