import { randomUUID } from 'node:crypto';
import { tick, type TickReport } from '../../src/delivery/clock.js';
import { CLOCK_ACTS } from '../../src/ledgers/clock-acts.js';
import type { Role } from '../../src/kernel/viewer.js';
import type { HubAnswer, TestHub } from './hub.js';
import { withClient } from './test-server.js';

/** A record that a step was taken on, as its payload gives it back. */
export interface Stood { id: string; version: number; state: string; number: string }

/** Input types of the steps that do not take the operation's own name. */
const INPUTS: Record<string, string> = {
  returnForCompletion: 'SettlementReasonInput', rejectHukouFiling: 'SettlementReasonInput', resumeSettlementPlan: 'SettlementReasonInput',
  recordIdentified: 'SettlementDocumentInput', reverseHukou: 'SettlementDocumentInput', closeSettlement: 'SettlementDocumentInput',
};

/** What every step is tried with, beside the case and its version. */
export const STEP_INPUT: Record<string, object> = {
  applyForSettlement: { proofOfSearch: '2026-06-23 发布寻亲公告；2026-07-01 人脸比对无结果' }, returnForCompletion: { reason: '缺采血比对结果' }, submitSettlementPlan: { plan: '在社会福利中心落户', guardianship: '江阴市民政局' },
  recordGovernmentDecision: { decision: 'HUKOU', documentNo: '澄政复〔2026〕1号', decidedOn: '2026-11-20' }, fileHukou: { hukouDivision: '320281104' }, rejectHukouFiling: { reason: '缺安置机构集体户证明' }, registerHukou: { registeredOn: '2026-11-20' },
  placeInInstitution: { institution: '江阴市社会福利中心', placedOn: '2026-11-20' }, resumeSettlementPlan: { reason: '精神病院已可设集体户' }, assessSupport: { assessment: 'SUPPORTED', supportKind: '特困人员集中供养' },
  recordIdentified: { documentNo: '澄公鉴〔2026〕7号', documentDate: '2026-11-20' }, reverseHukou: { documentNo: '澄民函〔2026〕9号', documentDate: '2026-11-20' }, closeSettlement: { documentNo: '死亡证明 31号', documentDate: '2026-11-20' },
};

/** Stays and settlements of one hub, at a clock that the test moves. */
export class SettlementDesk {
  constructor(readonly hub: TestHub) {}

  at(instant: string): void {
    Object.assign(this.hub.parts, { now: () => new Date(instant) });
  }

  tickAt(instant: string): Promise<TickReport> {
    return tick(this.hub.parts.pools.clock, this.hub.parts.policy.policy, CLOCK_ACTS, new Date(instant));
  }

  owner<Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return withClient(this.hub.database.admin, async (client) => (await client.query<Row>(text, [...values])).rows);
  }

  ask<Data>(agency: string, query: string, input?: object, roles: Role[] = ['CLERK', 'MINORS_OFFICER']): Promise<HubAnswer<Data>> {
    return this.hub.ask<Data>(agency, { purpose: 'SETTLEMENT', roles, ...(input && { key: randomUUID() }) }, query, input && { input });
  }

  trySettlement(operation: string, agency: string, of: { id: string; version: number }, more: object = STEP_INPUT[operation] ?? {}): Promise<HubAnswer<Record<string, { settlementCase: Stood | null } | null>>> {
    const type = INPUTS[operation] ?? `${operation.slice(0, 1).toUpperCase()}${operation.slice(1)}Input`;
    return this.ask(agency, `mutation ($input: ${type}!) { ${operation}(input: $input) { settlementCase { id version state number: settlementNo } } }`, { id: of.id, expectedVersion: of.version, ...more });
  }

  async settlement(operation: string, agency: string, of: { id: string; version: number }, more?: object): Promise<Stood> {
    return given(operation, 'settlementCase', await this.trySettlement(operation, agency, of, more && { ...STEP_INPUT[operation], ...more }));
  }

  tryStay(operation: string, agency: string, input: object): Promise<HubAnswer<Record<string, { stay: Stood | null } | null>>> {
    return this.ask(agency, `mutation ($input: ${operation.slice(0, 1).toUpperCase()}${operation.slice(1)}Input!) { ${operation}(input: $input) { stay { id version state number: stayNo } } }`, input);
  }

  async stay(operation: string, agency: string, input: object): Promise<Stood> {
    return given(operation, 'stay', await this.tryStay(operation, agency, input));
  }

  /** Settlements of the person of a stay, oldest first, as they are stored. */
  settlementsOf(stay: Stood): Promise<(Stood & Record<string, string>)[]> {
    return this.owner("SELECT 'se_' || c.id AS id, c.version, c.state, c.settlement_no AS number, c.entered_on::text AS entered FROM guitu.settlement_cases c JOIN guitu.stays s ON s.person_id = c.person_id WHERE s.id = $1 ORDER BY c.entered_on", [stay.id.slice(3)]);
  }

  /** A settlement of nobody known, put into a state on a track by the owner. */
  async put(state: string, track = 'LONG_STAY', born: string | null = '1970-01-01'): Promise<Stood> {
    const [found] = await this.owner<Stood & Record<string, unknown>>(
      `WITH who AS (INSERT INTO guitu.persons (identity_state, born_on) VALUES ('UNKNOWN', $3) RETURNING id), agency AS (SELECT code, id FROM guitu.agencies)
       INSERT INTO guitu.settlement_cases (version, settlement_no, track, state, person_id, station, civil_affairs, police, division, entered_on)
       SELECT 1, 'SE-' || gen_random_uuid(), $2, $1, who.id, s.id, c.id, p.id, '320281', '2026-06-22' FROM who, agency s, agency c, agency p WHERE s.code = 'station-320281' AND c.code = 'civil-320281' AND p.code = 'police-320281'
       RETURNING 'se_' || id AS id, version, state, settlement_no AS number`, [state, track, born]);
    if (!found) throw new Error('nothing was put');
    return found;
  }

  /** Duties of a record that are open: step, who owes it, last day in time. */
  async owed(of: Stood): Promise<string[]> {
    const rows = await this.owner<{ owed: string }>("SELECT concat_ws(' ', d.step, a.code, d.due_on) AS owed FROM guitu.duties d JOIN guitu.agencies a ON a.id = d.owner WHERE d.record_id = $1 AND d.ended_at IS NULL ORDER BY 1", [of.id.slice(3)]);
    return rows.map(({ owed }) => owed);
  }
}

function given(operation: string, field: 'stay' | 'settlementCase', answer: HubAnswer<Record<string, Partial<Record<typeof field, Stood | null>> | null>>): Stood {
  const found = answer.data?.[operation]?.[field];
  if (!found || answer.errors.length > 0) throw new Error(`${operation}: ${answer.text}`);
  return found;
}
