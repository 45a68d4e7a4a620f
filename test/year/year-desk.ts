import { tick } from '../../src/delivery/clock.js';
import type { Role } from '../../src/kernel/viewer.js';
import { CLOCK_ACTS } from '../../src/ledgers/clock-acts.js';
import { closeStatistics } from '../../src/ledgers/statistics/statistics.closing.js';
import type { Asked, TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';

/** A record as the next step on it needs it. */
export interface Stood { id: string; version: number; state: string; no: string }

const OFFICERS: readonly Role[] = ['CLERK', 'MINORS_OFFICER'];

/** Where each type of record is stored, and by which number it is known. */
const STORED: Record<string, [table: string, number: string]> = {
  rc: ['return_cases', 'case_no'], ar: ['at_risk_entries', 'entry_no'], se: ['settlement_cases', 'settlement_no'], st: ['stays', 'stay_no'],
};

/** What passes on the time and tells the clocks; alone, or with other processes on the same database. */
export interface Passing { /** Moves to an instant; returns when all that was due by then is done. */ to(at: Date): Promise<void>; /** Base address for the next request. */ address(): string | undefined }

/** The agencies of a simulated year, each asking over HTTP at the year's own clock. */
export class YearDesk {
  #keys = 0;
  now: Date;

  constructor(readonly hub: TestHub, readonly passing: Passing, start: Date) {
    this.now = start;
    Object.assign(hub.parts, { now: () => this.now });
  }

  async moveTo(at: Date): Promise<void> {
    this.now = at;
    await this.passing.to(at);
  }

  owner<Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return withClient(this.hub.database.admin, async (client) => (await client.query<Row>(text, [...values])).rows);
  }

  /** One mutation. @throws Error with the refusal: a life is written so that none is refused */
  async mutate(agency: string, purpose: string, operation: string, inputType: string, input: object, select: string, matter?: string): Promise<Record<string, unknown>> {
    const asked: Asked = { purpose, roles: OFFICERS, key: `year-${(this.#keys += 1)}`, ...(matter && { matter }) };
    const answer = await this.hub.ask<Record<string, Record<string, unknown>>>(agency, asked, `mutation ($input: ${inputType}!) { ${operation}(input: $input) { ${select} } }`, { input }, this.passing.address());
    const payload = answer.data?.[operation];
    if (answer.errors.length > 0 || !payload) throw new Error(`${agency} ${operation} ${JSON.stringify(input)} at ${this.now.toISOString()}: ${answer.text.slice(0, 400)}`);
    return payload;
  }

  /** The record as it now stands, read as the owner: the clock may have moved it since. */
  async stands(id: string): Promise<Stood> {
    const [table, number] = STORED[id.slice(0, 2)] ?? ['', ''];
    const [row] = await this.owner<Omit<Stood, 'id'>>(`SELECT version, state, ${number} AS no FROM guitu.${table} WHERE id = $1`, [id.slice(3)]);
    if (!row) throw new Error(`${id} is gone`);
    return { id, ...row };
  }

  /** A step on a record at its present version. */
  async step(agency: string, purpose: string, operation: string, inputType: string, id: string, more: object = {}, matter?: string): Promise<void> {
    const { version } = await this.stands(id);
    await this.mutate(agency, purpose, operation, inputType, { id, expectedVersion: version, ...more }, '__typename', matter);
  }

  /** What a hub does every minute. @throws Error of the first duty that could not be moved on */
  async keepClock(at: Date): Promise<void> {
    const { pools: { clock }, policy: { policy } } = this.hub.parts;
    const { failed: [first] } = await tick(clock, policy, CLOCK_ACTS, at);
    if (first) throw first.error;
    await closeStatistics(clock, policy, at);
  }
}
