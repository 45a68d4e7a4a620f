import { randomUUID } from 'node:crypto';
import type { Purpose, Role } from '../../src/kernel/viewer.js';
import { startHub, type HubAnswer, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';

/** A return as the tests hold it. */
export interface Held { id: string; version: number; caseNo: string }

const INPUTS: Record<string, string> = {
  sendReturnNotice: 'SendReturnNoticeInput', draftReturnNotice: 'SendReturnNoticeInput', sendReturnDraft: 'SendReturnDraftInput', disputeReturn: 'ReturnReasonInput', refuseReturn: 'ReturnReasonInput', recallReturn: 'ReturnReasonInput',
  upholdRefusal: 'ReturnReasonInput', rerouteReturn: 'RerouteReturnInput', receiveReturnee: 'ReceiveReturneeInput', recordHomeCheck: 'RecordHomeCheckInput', directReturn: 'DirectReturnInput', reportNoHome: 'ReportNoHomeInput',
  recordReturneeRevisit: 'RecordReturneeRevisitInput', referForAid: 'ReferForAidInput', answerReferral: 'AnswerReferralInput', closeReturn: 'CloseReturnInput',
};
const AT_MATTER: readonly string[] = ['passRefusalUp', 'directReturn', 'upholdRefusal'];

type Stepped = HubAnswer<Record<string, { returnCase: { state: string } | null }>>;

/** One return after another, by the doors of the API; versions are read as the owner, who sees them all. */
export class ReturnStory {
  private constructor(readonly hub: TestHub) {}

  static async start(): Promise<ReturnStory> {
    return new ReturnStory(await startHub());
  }

  at(instant: string): void {
    Object.assign(this.hub.parts, { now: () => new Date(instant) });
  }

  owner<Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return withClient(this.hub.database.admin, async (client) => (await client.query<Row>(text, [...values])).rows);
  }

  /** A notice from 天津 to 江阴 of an adult, unless said otherwise. */
  async send(subject: object = {}, more: object = {}, agency = 'station-120000', operation = 'sendReturnNotice'): Promise<Held> {
    const input = {
      subject: { name: '某甲', birthDate: '1970-01-01', ...subject }, noticeNo: `津救返字〔2026〕${randomUUID().slice(0, 8)}号`, noticeDate: '2026-11-18', entryDate: '2026-11-10', leaveDate: '2026-11-17', returnMode: 'SELF', originDivision: '320281', ...more,
    };
    const { data, errors } = await this.hub.ask<Record<string, { returnCase: Held }>>(agency, { purpose: 'RETURN', key: randomUUID() }, `mutation ($input: SendReturnNoticeInput!) { ${operation}(input: $input) { returnCase { id version caseNo } } }`, { input });
    const sent = data?.[operation]?.returnCase;
    if (!sent) throw new Error(JSON.stringify(errors));
    return sent;
  }

  /** Tries a step, whoever may take it. */
  async try(operation: string, agency: string, held: Held, more: object = {}, roles: Role[] = ['CLERK']): Promise<Stepped> {
    const [row] = await this.owner<{ version: number }>('SELECT version FROM guitu.return_cases WHERE id = $1', [held.id.slice(3)]);
    const coordinating = AT_MATTER.includes(operation);
    return this.hub.ask(agency, { purpose: coordinating ? 'COORDINATION' : 'RETURN', ...(coordinating && { matter: held.caseNo }), key: randomUUID(), roles },
      `mutation ($input: ${INPUTS[operation] ?? 'ReturnStepInput'}!) { ${operation}(input: $input) { returnCase { id state } } }`, { input: { id: held.id, expectedVersion: row?.version, ...more } });
  }

  /** Takes a step. @returns the state that it led to */
  async take(operation: string, agency: string, held: Held, more: object = {}, roles: Role[] = ['CLERK']): Promise<string> {
    const { errors } = await this.try(operation, agency, held, more, roles);
    if (errors.length > 0) throw new Error(`${operation} by ${agency}: ${JSON.stringify(errors)}`);
    return this.stateOf(held);
  }

  /** Why a step is refused. */
  async refusal(operation: string, agency: string, held: Held, more: object = {}): Promise<string | undefined> {
    const { errors } = await this.try(operation, agency, held, more);
    return errors[0]?.extensions.code;
  }

  async stateOf({ id }: Held): Promise<string> {
    const [row] = await this.owner<{ state: string }>('SELECT state FROM guitu.return_cases WHERE id = $1', [id.slice(3)]);
    return row?.state ?? '';
  }

  /** What an agency sees of a case; null: absent or hidden. */
  async see(agency: string, held: Held, fields: string, asking: { purpose?: Purpose; matter?: string; roles?: Role[] } = {}): Promise<Record<string, unknown> | null> {
    const { data, errors } = await this.hub.ask<{ node: Record<string, unknown> | null }>(agency, { purpose: 'RETURN', ...asking }, `{ node(id: "${held.id}") { ... on ReturnCase { ${fields} } } }`);
    if (!data) throw new Error(JSON.stringify(errors));
    return data.node;
  }

  /** Steps that an agency owes on a case, with their last days; beside the revisit that every return which a station received begins. */
  async owed(held: Held): Promise<[step: string, agency: string, dueOn: string][]> {
    const rows = await this.owner<{ step: string; code: string; due: string }>('SELECT d.step, a.code, d.due_on::text AS due FROM guitu.duties d JOIN guitu.agencies a ON a.id = d.owner WHERE d.record_id = $1 AND d.ended_at IS NULL AND d.step <> $2 ORDER BY d.step, a.code', [held.id.slice(3), 'stationRevisit']);
    return rows.map(({ step, code, due }) => [step, code, due]);
  }

  /** A case that the origin side has refused. */
  async refused(subject: object = {}, more: object = {}, origin = 'station-320281'): Promise<Held> {
    const held = await this.send(subject, more);
    await this.take('refuseReturn', origin, held, { code: 'NOT_RESIDENT' });
    return held;
  }
}
