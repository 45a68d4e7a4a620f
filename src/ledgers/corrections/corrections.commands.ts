import { dueOf } from '../../delivery/due.js';
import { beginDuty, endDuties } from '../../delivery/duties.js';
import { perform, type WriteRequest, type WriteTransaction } from '../../disclosure/perform.js';
import { dateOf } from '../../kernel/dates.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import type { Purpose } from '../../kernel/viewer.js';
import type { Provided, RecordShape } from '../../policy/catalogue.js';
import { newCaseNo, newVersion, uuidOf } from '../identifiers.js';
import { requiredText, textOf } from '../input-words.js';
import { findPersonSource, otherPlaces, type ShownPlace, type WrittenIn } from '../links.js';
import { findStep } from '../machine.js';
import type { LedgerServices } from '../workbench.js';
import { reportedOf, type Reported } from './corrections.fields.js';
import type { CorrectedLedger } from './corrections.shape.js';
import { CORRECTION_STEPS, type CorrectionState } from './corrections.transitions.js';
import type { AnswerCorrectionInput, RequestCorrectionInput } from './corrections.type.js';

// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- an interface has no index signature, which an outcome needs
export type CorrectionOutcome = { correctionId: string };

/**
 * Reports a field wrong. The asker must hold it in full, on this record, under the purpose it states: a record that it may not see, and a field of which it holds less, are not there.
 * @throws Refusal NOT_FOUND, BAD_USER_INPUT for a field that nobody provides, CONFLICT where the asker has already asked, and where asking would tell the office of a match
 */
export function requestCorrection(services: LedgerServices, request: WriteRequest, input: RequestCorrectionInput): Promise<CorrectionOutcome> {
  const reported = reportedOf(request, input);
  const claim = requiredText(input.claim, 'input.claim', 1_000);
  const proposed = textOf(input.proposed, 'input.proposed', 1_000);
  return perform(services, request, async (write) => {
    const { shape, provided, id, field, cell } = reported;
    const { viewer, now } = write.context;
    const held = await holdOf(write, reported);
    const source = await sourceOf(write, reported, held);
    if (source.provider === viewer.agencyId) throw ownField();
    const correctionNo = newCaseNo('CO');
    const answer = await dueOf(write, write.policy, 'answerCorrection', now, source.provider);
    const places: ShownPlace[] = [{ record: shape.record, id, cell, field, number: held.number, numberCell: provided.number }, ...otherPlaces(shape.record, field, held.personId, source)];
    const ledger = askedIn(shape, provided, write.context.purpose);
    const [made] = await write.query<{ id: string }>(
      `INSERT INTO guitu.corrections (version, correction_no, state, record, record_id, record_no, field, person_id, born_on, ledger, matter, asked_by, by_user, asked_at, claim, proposed_sealed, provider, provider_ledger, source_no, shown_as, answer_by)
       VALUES ($1, $2, 'OPEN', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) ON CONFLICT (record_id, field, asked_by) WHERE state = 'OPEN' DO NOTHING RETURNING id`,
      [newVersion(), correctionNo, shape.record, id, held.numberHeld ? held.number : null, field, held.personId, held.bornOn, ledger, ledger === 'IDENTITY' ? write.context.matter : null, viewer.agencyId, viewer.user, now,
        claim, proposed && services.keyRing.sealValue(proposed), source.provider, source.ledger, source.number, JSON.stringify(places), answer.dueOn]);
    if (!made) throw new Refusal('CONFLICT', { field: 'input.field', zh: '贵单位已就这一栏目提出更正，尚待答复', en: 'your agency has already reported this field and waits for the answer' });
    const [told] = await write.query<{ stands: boolean }>('SELECT guitu.correction_stands($1, $2) AS stands', [made.id, dateOf(now)]);
    if (!told?.stands) throw new Refusal('CONFLICT', { field: 'input.id', zh: '标记向扶贫办公布之前，不能就这一户提出更正：那会说出比对的结果', en: 'before the flag is shown to the office, a request would tell it of the match' });
    await beginDuty(write, 'answerCorrection', { record: 'Correction', id: made.id, number: correctionNo, personId: held.personId }, source.provider);
    await write.settle('Correction', [made.id], 'correction.asked');
    return { correctionId: made.id };
  });
}

interface Held extends Record<string, unknown> { provider: string | null; number: string | null; numberHeld: boolean; personId: string | null; bornOn: string | null }

/** What the asker's own sight of the record gives; nothing unless it holds the cell in full. */
async function holdOf(write: WriteTransaction, { shape, provided, id, cell, provider }: Reported): Promise<Held> {
  const numberCell = provided.number === null ? undefined : shape.fields[provided.number];
  const columns = [
    `${provider ?? 'NULL'}::uuid AS provider`, `${numberCell?.field === 'value' ? numberCell.sql('c') : 'NULL'}::text AS number`,
    `${provided.number === null ? 'FALSE' : write.holds(shape.record, provided.number, 'c')} AS "numberHeld"`,
    `${provided.person?.('c') ?? 'NULL'}::uuid AS "personId"`, `${provided.bornOn('c')}::text AS "bornOn"`,
  ];
  const held = await write.findHeld<Held>(shape.record, id, cell, columns.join(', '));
  if (!held) throw new Refusal('NOT_FOUND', { field: 'input.id' });
  return held;
}

const ownField = (): Refusal => badInput('input.field', '这一栏目是贵单位自己写的，请直接更正', 'your own agency wrote this field; correct it yourself');

/** The record in which the value was written, and by whom. */
async function sourceOf(write: WriteTransaction, { shape, provided, id, cell, provider: known }: Reported, { provider, number }: Held): Promise<WrittenIn> {
  const source = known === null ? await findPersonSource(write, id, cell, ownField) : provider !== null && number !== null ? { record: shape.record, id, number, provider, ledger: provided.purpose } : undefined;
  if (!source) throw new Refusal('CONFLICT', { field: 'input.field', zh: '平台上没有提供这一栏目的机构', en: 'no agency on the hub provides this field' });
  return source;
}

const LEDGER_OF: Partial<Record<Purpose, CorrectedLedger>> = { AT_RISK_CARE: 'AT_RISK_CARE', SETTLEMENT: 'SETTLEMENT', IDENTITY: 'IDENTITY', POVERTY_RELIEF: 'POVERTY_RELIEF' };

/** A person belongs to no ledger of its own: what is written of it is read as what led the asker to it. */
const askedIn = (shape: RecordShape, provided: Provided, purpose: Purpose | null): CorrectedLedger => (shape.record === 'Person' ? ((purpose && LEDGER_OF[purpose]) ?? 'RETURN') : (provided.purpose as CorrectedLedger));

interface Open extends Record<string, unknown> { version: number; state: CorrectionState }

/** The provider's answer. What was put right is told to every agency that was given it, whether or not it may still see the record. */
export function answerCorrection(services: LedgerServices, request: WriteRequest, input: AnswerCorrectionInput): Promise<CorrectionOutcome> {
  const correctionId = uuidOf(input.id, 'co', 'input.id');
  const answer = requiredText(input.answer, 'input.answer', 1_000);
  if (input.outcome === 'OPEN') throw badInput('input.outcome', '答复应为已更正或不予更正', 'an answer is CORRECTED or REFUSED');
  return perform(services, request, async (write) => {
    const before = await write.open<Open>('Correction', correctionId, 'c.version, c.state', 'input.id');
    if (before.version !== input.expectedVersion) throw new Refusal('STALE_VERSION', { field: 'input.expectedVersion' });
    if (!findStep(CORRECTION_STEPS, request.operation, before.state, input.outcome)) throw new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.id' });
    await write.query('UPDATE guitu.corrections SET state = $2, version = $3, answer = $4, answered_at = $5 WHERE id = $1', [correctionId, input.outcome, newVersion(), answer, write.at]);
    await endDuties(write, correctionId, 'DONE', ['answerCorrection']);
    if (input.outcome === 'CORRECTED') await write.query('SELECT guitu.tell_of_correction($1, $2)', [correctionId, write.at]);
    await write.settle('Correction', [correctionId], `correction.${input.outcome.toLowerCase()}`);
    return { correctionId };
  });
}
