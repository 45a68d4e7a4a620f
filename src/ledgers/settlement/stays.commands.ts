import { beginDuty, endDuties, type DutySubject } from '../../delivery/duties.js';
import { perform, type WriteRequest, type WriteTransaction } from '../../disclosure/perform.js';
import { addMonths, dateOf, startOf } from '../../kernel/dates.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import { surnameOf } from '../../kernel/masks.js';
import { newCaseNo, newVersion, uuidOf } from '../identifiers.js';
import { findStep } from '../machine.js';
import { requiredText, textOf } from '../input-words.js';
import { withdrawInquiriesOf } from '../links.js';
import type { LedgerServices } from '../workbench.js';
import type { StayState } from './stays.shape.js';
import { STAY_STEPS } from './stays.transitions.js';
import type { EndStayInput, MoveStayInput, OpenStayInput, RecordDnaRequestInput, RecordDnaSampleInput, UpdateTracingInput } from './stays.type.js';

/** The only writer of `stays` and `stay_moves`. A stay lasts, wherever the person is cared for, until it leaves; its clocks run from the day it entered. */

export interface StayOutcome extends Record<string, string> { stayId: string }

interface OpenStay extends Record<string, unknown> { version: number; stay_no: string; state: StayState; person_id: string; station: string; entered_on: string; tracing_published_on: string | null; dna_requested_on: string | null; dna_sampled_on: string | null; last_move: string }

const COLUMNS = `c.version, c.stay_no, c.state, c.person_id, c.station, c.entered_on::text AS entered_on, c.tracing_published_on::text AS tracing_published_on, c.dna_requested_on::text AS dna_requested_on, c.dna_sampled_on::text AS dna_sampled_on,
  (SELECT max(m.since)::text FROM guitu.stay_moves m WHERE m.stay_id = c.id) AS last_move`;

export function openStay(services: LedgerServices, request: WriteRequest, input: OpenStayInput): Promise<StayOutcome> {
  return perform(services, request, async (write) => {
    const { viewer } = write.context;
    const day = notLater(write, input.enteredOn, 'input.enteredOn');
    const [calledName, features] = [textOf(input.calledName, 'input.calledName', 50), textOf(input.features, 'input.features', 500, true)];
    const personId = input.earlierStay === undefined || input.earlierStay === null ? await enterPerson(write, input, calledName) : await personOfEarlier(write, input.earlierStay, day);
    const [stay] = await write.query<{ id: string; number: string }>('INSERT INTO guitu.stays (version, stay_no, state, person_id, station, division, called_name, features, entered_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id, stay_no AS number',
      [newVersion(), newCaseNo('ST'), input.place, personId, viewer.agencyId, viewer.division, calledName, features, day]);
    if (!stay) throw new Error('the stay is gone');
    const stayId = stay.id;
    await insertMove(write, stayId, 1, input.place, day);
    const subject = { record: 'Stay', id: stayId, number: stay.number, personId };
    const from = day === dateOf(write.at) ? write.at : startOf(day);
    for (const step of ['publishTracing', 'requestDna', 'updateTracing', 'settlementDue'] as const) await beginDuty(write, step, subject, viewer.agencyId, from);
    await write.settle('Stay', [stayId], 'stay.opened');
    return { stayId };
  });
}

/** A person of its own: nothing that is claimed here is looked up anywhere. */
async function enterPerson(write: WriteTransaction, input: OpenStayInput, calledName: string | null): Promise<string> {
  const age = input.estimatedAge ?? null;
  if (age !== null && (age < 0 || age > 130)) throw badInput('input.estimatedAge', '年龄应在 0 至 130 之间', 'an age lies between 0 and 130');
  const [row] = await write.query<{ id: string }>('SELECT guitu.enter_person($1, $2, $3, $4, $5) AS id', [calledName, calledName && surnameOf(calledName), input.sex ?? null, age, age === null ? null : addMonths(input.enteredOn, -12 * age)]);
  if (!row) throw new Error('enter_person returned nothing');
  return row.id;
}

async function personOfEarlier(write: WriteTransaction, earlierStay: string, day: string): Promise<string> {
  const field = 'input.earlierStay';
  const earlier = await write.open<{ person_id: string; station: string; left_on: string | null }>('Stay', uuidOf(earlierStay, 'st', field), 'c.person_id, c.station, c.left_on::text AS left_on', field);
  if (earlier.left_on === null) throw new Refusal('CONFLICT', { field, zh: '这个人还没有离站', en: 'that stay has not ended' });
  const again = await write.query('SELECT FROM guitu.stays WHERE person_id = $1 AND station = $2 AND left_on IS NULL', [earlier.person_id, earlier.station]);
  if (again.length > 0) throw new Refusal('CONFLICT', { field, zh: '这个人已重新进站', en: 'the person has entered again already' });
  if (day < earlier.left_on) throw badInput('input.enteredOn', '进站日期早于上次离站日期', 'the person had not left by then');
  return earlier.person_id;
}

/** One step of an open stay. */
function changeStay(services: LedgerServices, request: WriteRequest, input: { id: string; expectedVersion: number }, topic: string, change: (write: WriteTransaction, before: OpenStay, subject: DutySubject) => Promise<Record<string, string>>): Promise<StayOutcome> {
  const stayId = uuidOf(input.id, 'st', 'input.id');
  return perform(services, request, async (write) => {
    const before = await write.open<OpenStay>('Stay', stayId, COLUMNS, 'input.id');
    if (before.version !== input.expectedVersion) throw new Refusal('STALE_VERSION', { field: 'input.expectedVersion' });
    if (!findStep(STAY_STEPS, request.operation, before.state)) throw new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.id' });
    const columns = { ...(await change(write, before, { record: 'Stay', id: stayId, number: before.stay_no, personId: before.person_id })), version: newVersion() };
    await write.query(`UPDATE guitu.stays SET ${Object.keys(columns).map((name, index) => `${name} = $${index + 2}`).join(', ')} WHERE id = $1`, [stayId, ...Object.values(columns)]);
    await write.settle('Stay', [stayId], topic);
    return { stayId };
  });
}

/** The person is cared for elsewhere, and the stay goes on. */
export function moveStay(services: LedgerServices, request: WriteRequest, input: MoveStayInput): Promise<StayOutcome> {
  return changeStay(services, request, input, 'stay.moved', async (write, before, { id }) => {
    if (!findStep(STAY_STEPS, request.operation, before.state, input.place)) throw new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.place' });
    const since = notLater(write, input.since, 'input.since');
    if (since < before.last_move) throw badInput('input.since', '日期早于上一次变动', 'the day lies before the last change');
    const [count] = await write.query<{ moves: number }>('SELECT count(*)::integer AS moves FROM guitu.stay_moves WHERE stay_id = $1', [id]);
    await insertMove(write, id, (count?.moves ?? 0) + 1, input.place, since);
    return { state: input.place };
  });
}

/** The person leaves: whatever the stay still asked for is no longer owed. */
export function endStay(services: LedgerServices, request: WriteRequest, input: EndStayInput): Promise<StayOutcome> {
  return changeStay(services, request, input, 'stay.ended', async (write, before, { id }) => {
    const leftOn = notLater(write, input.leftOn, 'input.leftOn');
    if (leftOn < before.last_move) throw badInput('input.leftOn', '日期早于上一次变动', 'the day lies before the last change');
    await endDuties(write, id, 'VOID');
    await withdrawInquiriesOf(write, id, input.how === 'DIED' ? 'DIED' : 'LEFT');
    return { state: 'LEFT', left_on: leftOn, left_how: input.how };
  });
}

/** Tracing information is published, and from then on published anew: by the end of the first month, then monthly. */
export function updateTracing(services: LedgerServices, request: WriteRequest, input: UpdateTracingInput): Promise<StayOutcome> {
  return changeStay(services, request, input, 'stay.traced', async (write, before, subject): Promise<Record<string, string>> => {
    const day = notLater(write, input.publishedOn, 'input.publishedOn');
    if (day < before.entered_on) throw badInput('input.publishedOn', '日期早于进站日期', 'the day lies before the person entered');
    if (before.tracing_published_on === null) {
      await endDuties(write, subject.id, 'DONE', ['publishTracing']);
      return { tracing_published_on: day };
    }
    if (day < before.tracing_published_on) throw badInput('input.publishedOn', '日期早于首次发布', 'the day lies before the first publication');
    await endDuties(write, subject.id, 'DONE', ['updateTracing', 'updateTracingAgain']);
    await beginDuty(write, 'updateTracingAgain', subject, before.station, startOf(day));
    return { tracing_updated_on: day };
  });
}

/** A comparison by DNA is asked for; from then on the sample is owed. */
export function recordDnaRequest(services: LedgerServices, request: WriteRequest, input: RecordDnaRequestInput): Promise<StayOutcome> {
  return changeStay(services, request, input, 'stay.dnaRequested', async (write, before, subject): Promise<Record<string, string>> => {
    if (before.dna_requested_on !== null) throw new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.id' });
    const day = notLater(write, input.requestedOn, 'input.requestedOn');
    if (day < before.entered_on) throw badInput('input.requestedOn', '日期早于进站日期', 'the day lies before the person entered');
    await endDuties(write, subject.id, 'DONE', ['requestDna']);
    await beginDuty(write, 'sampleDna', subject, before.station, startOf(day));
    return { dna_requested_on: day };
  });
}

/** The sample is taken: its number alone is kept, never a profile. */
export function recordDnaSample(services: LedgerServices, request: WriteRequest, input: RecordDnaSampleInput): Promise<StayOutcome> {
  return changeStay(services, request, input, 'stay.dnaSampled', async (write, before, { id }): Promise<Record<string, string>> => {
    if (before.dna_requested_on === null || before.dna_sampled_on !== null) throw new Refusal('TRANSITION_NOT_ALLOWED', { field: 'input.id' });
    const day = notLater(write, input.sampledOn, 'input.sampledOn');
    if (day < before.dna_requested_on) throw badInput('input.sampledOn', '日期早于申请日期', 'the day lies before it was asked for');
    const sampleNo = requiredText(input.sampleNo, 'input.sampleNo', 64);
    await endDuties(write, id, 'DONE', ['sampleDna']);
    return { dna_sampled_on: day, dna_sample_no: sampleNo };
  });
}

async function insertMove(write: WriteTransaction, stayId: string, step: number, place: string, since: string): Promise<void> {
  await write.query('INSERT INTO guitu.stay_moves (stay_id, step, place, since) VALUES ($1, $2, $3, $4)', [stayId, step, place, since]);
}

function notLater(write: WriteTransaction, day: string, field: string): string {
  if (day > dateOf(write.at)) throw badInput(field, '日期晚于今天', 'the date lies in the future');
  return day;
}
