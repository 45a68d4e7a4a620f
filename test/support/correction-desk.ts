import { randomUUID } from 'node:crypto';
import type { Purpose, Role } from '../../src/kernel/viewer.js';
import type { HubAnswer, TestHub } from './hub.js';

export interface Asking { purpose: Purpose; matter?: string; roles?: Role[] }
export interface Correction extends Record<string, unknown> { id: string; version: number; correctionNo: string; state: string }

const SHOWN = 'id version correctionNo state record number sourceNumber field claim proposed askedBy { code } provider { code } askedAt answerBy answeredAt answer';

/** Corrections of one hub, each under the purpose and matter that it is asked or answered under. */
export class CorrectionDesk {
  constructor(private readonly hub: TestHub) {}

  request(agency: string, asking: Asking, id: string, field: string, more: object = {}): Promise<HubAnswer<{ requestCorrection: { correction: Correction | null } }>> {
    return this.hub.ask(agency, { key: randomUUID(), ...asking }, `mutation ($input: RequestCorrectionInput!) { requestCorrection(input: $input) { correction { ${SHOWN} } } }`, { input: { id, field, claim: '写错了', ...more } });
  }

  async asked(agency: string, asking: Asking, id: string, field: string, more: object = {}): Promise<Correction> {
    const answer = await this.request(agency, asking, id, field, more);
    const made = answer.data?.requestCorrection.correction;
    if (!made) throw new Error(`requestCorrection of ${field} by ${agency}: ${answer.text}`);
    return made;
  }

  async refused(agency: string, asking: Asking, id: string, field: string): Promise<string[]> {
    const { errors } = await this.request(agency, asking, id, field);
    return errors.map(({ extensions: { code, field: of } }) => [code, of].filter(Boolean).join(' '));
  }

  async answer(agency: string, asking: Asking, { id, version }: Correction, outcome = 'CORRECTED'): Promise<string[]> {
    const { errors } = await this.hub.ask(agency, { key: randomUUID(), ...asking }, `mutation ($input: AnswerCorrectionInput!) { answerCorrection(input: $input) { correction { ${SHOWN} } } }`, { input: { id, expectedVersion: version, outcome, answer: '已核' } });
    return errors.map(({ extensions: { code } }) => code);
  }

  async seen(agency: string, asking: Asking, { id }: { id: string }): Promise<Correction | undefined> {
    const answer = await this.hub.ask<{ corrections: { nodes: Correction[] } }>(agency, asking, `{ corrections(first: 200) { nodes { ${SHOWN} } } }`);
    if (answer.errors.length > 0) throw new Error(answer.text);
    return answer.data?.corrections.nodes.find((one) => one.id === id);
  }

  async owed(agency: string, purpose: Purpose): Promise<[number: string, dueOn: string][]> {
    const { data } = await this.hub.ask<{ inbox: { nodes: { number: string; dueOn: string }[] } }>(agency, { purpose }, '{ inbox(filter: { step: ["answerCorrection"] }, first: 100) { nodes { number dueOn } } }');
    return (data?.inbox.nodes ?? []).map(({ number, dueOn }) => [number, dueOn]);
  }
}
