import { perform, type WriteRequest, type WriteTransaction } from '../../disclosure/perform.js';
import { dateOf } from '../../kernel/dates.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import { newCaseNo, uuidOf } from '../identifiers.js';
import { requiredText, textOf } from '../input-words.js';
import { hideHits, holdHits } from '../links.js';
import type { LedgerServices } from '../workbench.js';
import type { EndProtectionInput, MergePeopleInput, ProtectPersonInput, SplitPeopleInput } from './people.input.js';

/** What the ledgers' persons are: merged, parted and protected. Each act is one function in the database, which reaches rows of agencies that the caller never sees. */

const REASON_CHARS = 500;

/** Two persons who are one. What the ledgers said of either they then say of the one that stays, whose protection is the stricter of both. */
export function mergePeople(services: LedgerServices, request: WriteRequest, input: MergePeopleInput): Promise<{ personId: string; mergeNo: string }> {
  const kept = uuidOf(input.id, 'pe', 'input.id');
  const merged = uuidOf(input.mergedId, 'pe', 'input.mergedId');
  const reason = requiredText(input.reason, 'input.reason', REASON_CHARS);
  if (kept === merged) throw badInput('input.mergedId', '这是同一个人', 'these are the same person already');
  return perform(services, request, async (write) => {
    await openPerson(write, kept, 'input.id');
    await openPerson(write, merged, 'input.mergedId');
    await holdHits(write, [kept, merged]);
    const mergeNo = newCaseNo('PM');
    const { viewer } = write.context;
    const [row] = await write.query<{ done: boolean }>('SELECT guitu.merge_people($1, $2, $3, $4, $5, $6, $7) AS done', [kept, merged, mergeNo, viewer.agencyId, viewer.user, reason, write.at]);
    // Another merge came first: one of the two is gone, as if it had not been found.
    if (!row?.done) throw new Refusal('NOT_FOUND', { field: 'input.mergedId' });
    await hideHits(write, kept);
    await write.settle('Person', [kept], 'person.merged');
    return { personId: kept, mergeNo };
  });
}

/** Parts two persons that had been merged: each has its own histories as before; a protection stays with both. */
export function splitPeople(services: LedgerServices, request: WriteRequest, input: SplitPeopleInput): Promise<{ personId: string; otherId: string }> {
  const kept = uuidOf(input.id, 'pe', 'input.id');
  const reason = requiredText(input.reason, 'input.reason', REASON_CHARS);
  return perform(services, request, async (write) => {
    await openPerson(write, kept, 'input.id');
    const [row] = await write.query<{ other: string | null }>('SELECT guitu.split_people($1, $2, $3, $4) AS other', [kept, input.mergeNo, reason, write.at]);
    if (!row?.other) throw new Refusal('NOT_FOUND', { field: 'input.mergeNo' });
    await write.settle('Person', [kept], 'person.split');
    return { personId: kept, otherId: row.other };
  });
}

/** Protects a person: from now on only the holding station, its civil affairs and the named unit know of it. Once more changes who holds it. */
export function protectPerson(services: LedgerServices, request: WriteRequest, input: ProtectPersonInput): Promise<{ personId: string }> {
  const personId = uuidOf(input.id, 'pe', 'input.id');
  const basis = requiredText(input.basis, 'input.basis', REASON_CHARS);
  return perform(services, request, async (write) => {
    const { viewer } = write.context;
    const holder = textOf(input.holdingAgency, 'input.holdingAgency') ?? viewer.agencyCode;
    const holding = await services.directory.getAgencyOfKind(write, holder, ['RESCUE_STATION'], 'input.holdingAgency');
    const unit = input.namedUnit ? await services.directory.getAgencyOfKind(write, input.namedUnit, ['PUBLIC_SECURITY'], 'input.namedUnit') : null;
    await openPerson(write, personId, 'input.id');
    await holdHits(write, [personId]);
    await write.query('SELECT guitu.protect_person($1, $2, $3, $4, $5)', [personId, holding.agencyId, unit?.agencyId ?? null, dateOf(write.at), basis]);
    await hideHits(write, personId);
    await write.settle('Person', [personId], 'person.protected');
    return { personId };
  });
}

/** Ends a protection, by whoever holds the person. */
export function endProtection(services: LedgerServices, request: WriteRequest, input: EndProtectionInput): Promise<{ personId: string }> {
  const personId = uuidOf(input.id, 'pe', 'input.id');
  const reason = requiredText(input.reason, 'input.reason', REASON_CHARS);
  return perform(services, request, async (write) => {
    const { viewer } = write.context;
    await openPerson(write, personId, 'input.id');
    // Settled before: the record of the person stays as it is, and who only held the person sees it no more once the protection has ended.
    await write.settle('Person', [personId], 'person.protectionEnded');
    await write.query('SELECT guitu.end_protection($1, $2, $3, $4, $5)', [personId, viewer.agencyId, viewer.user, reason, write.at]);
    return { personId };
  });
}

const openPerson = (write: WriteTransaction, id: string, field: string): Promise<Record<string, unknown>> => write.open('Person', id, 'c.id', field, false);
