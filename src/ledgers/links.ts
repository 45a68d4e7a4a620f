import { dueOf } from '../delivery/due.js';
import { dutyColumns } from '../delivery/duties.js';
import type { WriteTransaction } from '../disclosure/perform.js';
import { dateOf } from '../kernel/dates.js';

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

/** Matches registered households that were flagged, by keyed hash; hits become proposals, on each of which county civil affairs owes a decision. */
export async function matchHouseholds(write: WriteTransaction, which: { households?: readonly string[]; persons?: readonly string[] }): Promise<void> {
  const due = await dueOf(write, write.policy, 'confirmHouseholdFlag', write.at, write.context.viewer.agencyId);
  await write.query('SELECT guitu.match_households($1::uuid[], $2::uuid[], $3, $4, $5)', [which.households ?? [], which.persons ?? [], write.at, dateOf(write.at), due.dueOn]);
  await write.query('SELECT guitu.renew_flag_duties($1::uuid[], $2::uuid[], $3, $4)', [which.households ?? [], which.persons ?? [], JSON.stringify(dutyColumns(write, 'confirmHouseholdFlag', due)), write.at]);
}
