import { randomUUID } from 'node:crypto';
import type { HubAnswer, TestHub } from './hub.js';
import { SettlementDesk, type Stood } from './settlement-desk.js';

/** An inquiry as the owner of the tables sees it. */
export interface Inquiry extends Record<string, unknown> { id: string; version: number; number: string; state: string; level: string; person: string; civil: string; police: string; due: string | null; outcome: string | null }

/** Input types of the steps that do not take the operation's own name. */
const INPUTS: Record<string, string> = { passInquiryUp: 'InquiryStepInput', askPublicSecurity: 'InquiryStepInput', exhaustInquiry: 'InquiryStepInput' };

export const FOUND = { method: 'FACE', name: '归路明', idNumber: '990123196005060018' };
export const OPENING = { ownComparison: '全国救助信息系统比对人脸，无结果', methods: ['FACE', 'MISSING_BASE'] };

/** Inquiries of one hub, at a clock that the test moves. */
export class InquiryDesk {
  readonly stays: SettlementDesk;

  constructor(readonly hub: TestHub) {
    this.stays = new SettlementDesk(hub);
  }

  owner<Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.stays.owner<Row>(text, values);
  }

  /** Somebody of unknown identity enters a station. */
  enter(station = 'station-320281', more: object = {}): Promise<Stood> {
    return this.stays.stay('openStay', station, { enteredOn: '2026-11-20', sex: 'MALE', estimatedAge: 66, calledName: '老归', features: '左耳有缺口', ...more });
  }

  tryOpen(stay: Stood, station = 'station-320281', more: object = {}): Promise<HubAnswer<{ openInquiry: { inquiry: Record<string, unknown> } | null }>> {
    return this.hub.ask(station, { purpose: 'IDENTITY', key: randomUUID() }, 'mutation ($input: OpenInquiryInput!) { openInquiry(input: $input) { inquiry { id inquiryNo state dueBy version } } }', { input: { stayNo: stay.number, ...OPENING, ...more } });
  }

  async open(stay: Stood, station = 'station-320281', more: object = {}): Promise<Inquiry> {
    const answer = await this.tryOpen(stay, station, more);
    const id = answer.data?.openInquiry?.inquiry['id'];
    if (typeof id !== 'string') throw new Error(`openInquiry: ${answer.text}`);
    return this.see(id);
  }

  /** Somebody enters, and is asked about. */
  async opened(station = 'station-320281', more: object = {}): Promise<Inquiry> {
    return this.open(await this.enter(station, more), station);
  }

  async see(id: string): Promise<Inquiry> {
    const [found] = await this.owner<Inquiry>(
      `SELECT 'iq_' || i.id AS id, i.version, i.inquiry_no AS number, i.state, i.level, i.person_id AS person, c.code AS civil, p.code AS police, i.due_by::text AS due, i.outcome
       FROM guitu.identity_inquiries i JOIN guitu.agencies c ON c.id = i.civil_affairs JOIN guitu.agencies p ON p.id = i.police WHERE i.id = $1`, [id.slice(3)]);
    if (!found) throw new Error('no such inquiry');
    return found;
  }

  /** A step, under the inquiry's own number as matter and with its present version. */
  async attempt(operation: string, agency: string, id: string, more: object = {}, user = 'one'): Promise<HubAnswer<Record<string, { inquiry: Record<string, unknown> | null } | null>>> {
    const { version, number } = await this.see(id);
    const type = INPUTS[operation] ?? `${operation.slice(0, 1).toUpperCase()}${operation.slice(1)}Input`;
    return this.hub.ask(agency, { purpose: 'IDENTITY', matter: number, user, key: randomUUID() },
      `mutation ($input: ${type}!) { ${operation}(input: $input) { inquiry { id version inquiryNo state level dueBy methods calledName station { code } disclosure { field rung } } } }`, { input: { id, expectedVersion: version, ...more } });
  }

  async step(operation: string, agency: string, id: string, more: object = {}, user = 'one'): Promise<Inquiry> {
    const answer = await this.attempt(operation, agency, id, more, user);
    if (answer.errors.length > 0) throw new Error(`${operation}: ${answer.text}`);
    return this.see(id);
  }

  async code(operation: string, agency: string, id: string, more: object = {}, user = 'one'): Promise<string | undefined> {
    return (await this.attempt(operation, agency, id, more, user)).errors[0]?.extensions.code;
  }

  hit(agency: string, id: string, ...candidates: object[]): Promise<Inquiry> {
    return this.step('answerInquiry', agency, id, { answer: 'HIT', candidates: candidates.length > 0 ? candidates : [FOUND] });
  }

  noHit(agency: string, id: string): Promise<Inquiry> {
    return this.step('answerInquiry', agency, id, { answer: 'NO_HIT' });
  }

  /** Up one level: civil affairs passes on, and that of the next level asks its own public security. */
  async up(id: string): Promise<Inquiry> {
    const { civil } = await this.see(id);
    const { civil: next } = await this.step('passInquiryUp', civil, id);
    return this.step('askPublicSecurity', next, id);
  }

  /** What an agency reads of an inquiry, with its number as matter or without one. */
  async read<Row = Record<string, unknown>>(agency: string, inquiry: Inquiry, fields: string, matter: string | null = inquiry.number): Promise<Row | undefined> {
    const answer = await this.hub.ask<{ identityInquiries: { nodes: (Row & { id: string })[] } }>(agency, { purpose: 'IDENTITY', ...(matter && { matter }) }, `{ identityInquiries(first: 100) { nodes { id ${fields} } } }`);
    if (answer.errors.length > 0) throw new Error(answer.text);
    return answer.data?.identityInquiries.nodes.find(({ id }) => id === inquiry.id);
  }

  async candidates(inquiry: Inquiry, station = 'station-320281'): Promise<Record<string, unknown>[]> {
    const row = await this.read<{ candidates: Record<string, unknown>[] }>(station, inquiry, 'candidates { candidateNo name idNumber police { code } firstConfirmedBy secondConfirmedBy rejectedReason }');
    return row?.candidates ?? [];
  }

  /** Two members of staff of the station confirm the only candidate. */
  async identify(inquiry: Inquiry, station = 'station-320281'): Promise<Inquiry> {
    const [candidate] = await this.candidates(inquiry, station);
    await this.step('confirmCandidate', station, inquiry.id, { candidateNo: candidate?.['candidateNo'] }, 'one');
    return this.step('confirmCandidate', station, inquiry.id, { candidateNo: candidate?.['candidateNo'] }, 'two');
  }

  owed(of: { id: string }): Promise<string[]> {
    return this.stays.owed(of as Stood);
  }
}
