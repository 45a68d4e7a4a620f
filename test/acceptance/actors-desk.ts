import { randomUUID } from 'node:crypto';
import { tick } from '../../src/delivery/clock.js';
import type { Purpose, Role } from '../../src/kernel/viewer.js';
import { CLOCK_ACTS } from '../../src/ledgers/clock-acts.js';
import { closeStatistics } from '../../src/ledgers/statistics/statistics.closing.js';
import { startHub, type HubAnswer, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';
import { doorsTo, type Hidden } from './actors-doors.js';

export type { Hidden } from './actors-doors.js';

/** Who asks, and under what. */
export interface Asker { agency: string; purpose: Purpose; matter?: string; roles?: readonly Role[]; user?: string }

const TABLES: Readonly<Record<string, string>> = { rc: 'return_cases', ar: 'at_risk_entries', se: 'settlement_cases', st: 'stays', co: 'corrections', iq: 'identity_inquiries', mr: 'missing_reports' };

/** Input types of the operations that do not take the operation's own name. */
const INPUTS: Readonly<Record<string, string>> = {
  draftReturnNotice: 'SendReturnNoticeInput', disputeReturn: 'ReturnReasonInput', refuseReturn: 'ReturnReasonInput', recallReturn: 'ReturnReasonInput', upholdRefusal: 'ReturnReasonInput',
  acknowledgeReturn: 'ReturnStepInput', confirmHome: 'ReturnStepInput', reportRefusalUp: 'ReturnStepInput', passRefusalUp: 'ReturnStepInput', withdrawRefusal: 'ReturnStepInput', acceptForSettlement: 'ReturnStepInput',
  requestCompletion: 'AtRiskReasonInput', recordFalseAlarm: 'AtRiskStepInput', recordRevisit: 'RecordVisitInput', confirmFlag: 'HouseholdFlagInput', clearFlag: 'HouseholdFlagInput',
  returnForCompletion: 'SettlementReasonInput', rejectHukouFiling: 'SettlementReasonInput', passInquiryUp: 'InquiryStepInput', askPublicSecurity: 'InquiryStepInput', exhaustInquiry: 'InquiryStepInput',
};

/** Every agency's seat in one hub, at a clock that the story moves. */
export class ActorsDesk {
  private constructor(readonly hub: TestHub) {}

  static async start(): Promise<ActorsDesk> {
    return new ActorsDesk(await startHub());
  }

  at(instant: string): void {
    Object.assign(this.hub.parts, { now: () => new Date(instant) });
  }

  async tickAt(instant: string): Promise<void> {
    this.at(instant);
    await tick(this.hub.parts.pools.clock, this.hub.parts.policy.policy, CLOCK_ACTS, new Date(instant));
  }

  /** Closes the periods whose release day has come. */
  async closeStatisticsAt(instant: string): Promise<void> {
    this.at(instant);
    await closeStatistics(this.hub.parts.pools.clock, this.hub.parts.policy.policy, new Date(instant));
  }

  /** Bodies of all evidence so far. */
  async evidence(): Promise<string[]> {
    return (await this.#owner<{ body: string }>('SELECT body FROM guitu_evidence.events')).map(({ body }) => body);
  }

  /** One operation, whoever may do it. A record named by `id` is changed at the version that it stands at. */
  async try(operation: string, asker: Asker, input: object, selection: string): Promise<HubAnswer> {
    const type = INPUTS[operation] ?? `${operation.slice(0, 1).toUpperCase()}${operation.slice(1)}Input`;
    return this.hub.ask(asker.agency, { ...asker, key: randomUUID() }, `mutation ($input: ${type}!) { ${operation}(input: $input) { ${selection} } }`, { input: { ...(await this.#version(input)), ...input } });
  }

  /** Does it. @returns the one record of the payload */
  async does<Found = Record<string, unknown>>(operation: string, asker: Asker, input: object, selection: string): Promise<Found> {
    const answer = await this.try(operation, asker, input, selection);
    const payload = answer.data?.[operation] as Record<string, Found> | undefined;
    const found = payload && Object.values(payload)[0];
    if (answer.errors.length > 0 || !found) throw new Error(`${operation} by ${asker.agency}: ${answer.text}`);
    return found;
  }

  /** Code of a refused operation; `done` for one that was not refused. */
  async refusal(operation: string, asker: Asker, input: object): Promise<string> {
    return (await this.try(operation, asker, input, '__typename')).errors[0]?.extensions.code ?? 'done';
  }

  read<Data = Record<string, unknown>>(asker: Asker, query: string, variables?: Readonly<Record<string, unknown>>): Promise<HubAnswer<Data>> {
    return this.hub.ask<Data>(asker.agency, asker, query, variables);
  }

  /** A record by its id; null: absent or hidden. */
  async node<Found = Record<string, unknown>>(asker: Asker, id: string, type: string, fields: string): Promise<Found | null> {
    const { data, text } = await this.read<{ node: Found | null }>(asker, `query ($id: ID!) { node(id: $id) { ... on ${type} { ${fields} } } }`, { id });
    if (!data) throw new Error(text);
    return data.node;
  }

  /** Fields of a record that are withheld from an asker, as the answer says: `Type.field RUNG`. */
  async withheld(asker: Asker, id: string, type: string, fields: string): Promise<string[]> {
    const { extensions } = await this.read(asker, `query ($id: ID!) { node(id: $id) { ... on ${type} { ${fields} } } }`, { id });
    const disclosure = extensions['disclosure'] as { withheld: { type: string; field: string; rung: string }[] } | undefined;
    return (disclosure?.withheld ?? []).map((one) => `${one.type}.${one.field} ${one.rung}`).toSorted();
  }

  /**
   * Knocks at every door behind which something might be told: by id, in lists, by filters, in the inbox, by an explanation, by an operation's refusal.
   * @returns by door: `told` and what, where a text of it stands in body or headers, or the record itself came; else the code of the refusal, or `nothing`
   */
  async knock(asker: Asker, hidden: Hidden): Promise<Map<string, string>> {
    const telling = [...hidden.texts, ...hidden.ids.map((id) => id.slice(3))];
    return new Map(await Promise.all(doorsTo(hidden).map(async ({ name, query, variables, record }): Promise<[string, string]> => {
      const answer = await this.read(asker, query, variables);
      const texts = telling.filter((text) => `${answer.head}\n${answer.text}`.includes(text));
      const shown = record && answer.data !== null && Object.values(answer.data).some((value) => value !== null);
      return [name, texts.length > 0 || shown ? `told ${texts.join(', ')}` : (answer.errors[0]?.extensions.code ?? 'nothing')];
    })));
  }

  /** Doors through which an asker is told of something. */
  async told(asker: Asker, hidden: Hidden): Promise<string[]> {
    return [...(await this.knock(asker, hidden))].flatMap(([door, what]) => (what.startsWith('told') ? [`${door}: ${what}`] : []));
  }

  /** Doors, without what they tell. */
  async doors(asker: Asker, hidden: Hidden): Promise<string[]> {
    return (await this.told(asker, hidden)).map((door) => door.slice(0, door.indexOf(':'))).toSorted();
  }

  /** What the lists of an asker count, and what waits for it: the answers' data, as text. */
  async counts(asker: Asker): Promise<string> {
    const lists = ['returnCases', 'atRiskEntries', 'settlementCases', 'stays', 'people', 'registeredHouseholds', 'identityInquiries', 'missingReports', 'corrections', 'inbox', 'visitsDue', 'coordinations'];
    const counted = await Promise.all(lists.map(async (list) => JSON.stringify((await this.read(asker, `{ ${list} { totalCount } }`)).data)));
    return [...counted, JSON.stringify((await this.read(asker, '{ inboxCounts { step waiting owed raised overdue nextDueAt } }')).data)].join('\n');
  }

  async #version(input: object): Promise<object> {
    const id = 'id' in input && typeof input.id === 'string' ? input.id : '';
    const table = TABLES[id.slice(0, 2)];
    if (!table || 'expectedVersion' in input || 'claim' in input) return {};
    const [row] = await this.#owner<{ version: number }>(`SELECT version FROM guitu.${table} WHERE id = $1`, [id.slice(3)]);
    return { expectedVersion: row?.version };
  }

  #owner<Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return withClient(this.hub.database.admin, async (owner) => (await owner.query<Row>(text, [...values])).rows);
  }
}
