import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { beginAs } from '../db/session.js';
import { Refusal } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request.js';
import type { ScopePlan } from './plan-record.js';
import { preparedNamesOf } from './prepared-names.js';
import { UnknownEntry, type HeldDirectory, type ReferenceRenderer } from './reference.js';
import { spliceJson, type DisclosureTally } from './splice.js';
import { viewerValues, type Arguments, type Statement } from './statement.js';

/** A planned read: its statement and the meaning of its marks. */
export interface Plan { statement: Statement; scopes: readonly ScopePlan[]; renderers: readonly ReferenceRenderer[]; prepared: boolean }

/** JSON text for the response, to be put in as it is. `text` is null where there is no such record, or none that may be seen. */
export class SplicedJson {
  constructor(readonly text: string) {}
}

export interface ReadServices {
  reader: Pool;
  directory: HeldDirectory;
  open: (sealed: string) => string;
  /** Told of every data statement that is run: tests count and compare them. */
  onStatement?: (text: string) => void;
}

/**
 * Runs a plan as the viewer: one transaction with its settings, one statement, whose single `json` column is spliced.
 * @returns the JSON, or undefined where the statement yields no row
 * @throws Refusal UNAVAILABLE where the database does not answer
 */
export async function runPlan(services: ReadServices, context: RequestContext, plan: Plan, bind: Arguments, extra: { size?: number }, tally: DisclosureTally, cursor: (position: string) => string): Promise<SplicedJson | undefined> {
  const nonce = `~${randomBytes(9).toString('base64url')}~`;
  const values = viewerValues(context).set('nonce', nonce);
  if (extra.size !== undefined) values.set('size', String(extra.size));
  for (const [index, value] of bind.values.entries()) values.set(`a${index}`, value);
  const parameters = plan.statement.values.map((name) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`statement asks for «${name}», which nobody binds`);
    return value;
  });
  services.onStatement?.(plan.statement.text);
  const rows = await readAs(services.reader, context, { text: plan.statement.text, values: parameters, ...(plan.prepared && { name: plan.statement.name }) });
  const text = rows[0]?.['json'];
  if (typeof text !== 'string') return undefined;
  const reference = (mark: string): string => {
    const colon = mark.indexOf(':');
    return plan.renderers[Number(mark.slice(0, colon))]?.render(services.directory, mark.slice(colon + 1)) ?? 'null';
  };
  const splice = (): SplicedJson => new SplicedJson(spliceJson(text, { nonce, scopes: plan.scopes, tally, open: services.open, cursor, reference }));
  try {
    return splice();
  } catch (error) {
    if (!(error instanceof UnknownEntry)) throw error;
    await services.directory.refresh();
    return splice();
  }
}

/**
 * A prepared statement keeps its plan. Left to itself PostgreSQL plans such a statement anew each time, because it reckons planning at next to nothing:
 * 6 of 17 ms for a page of 100 cases with person and agencies.
 */
const KEEP_PLAN = '; SET LOCAL plan_cache_mode = force_generic_plan';

/** One read-only transaction under the viewer's settings. */
export async function readAs(reader: Pool, context: RequestContext, query: { text: string; values: readonly (string | null)[]; name?: string }): Promise<Record<string, unknown>[]> {
  const client = await reader.connect().catch((error: unknown) => {
    throw new Refusal('UNAVAILABLE', { retryAfterSeconds: 2, en: `no database connection: ${error instanceof Error ? error.name : 'unknown'}` });
  });
  const outdated = preparedNamesOf(reader).isOfBefore(client);
  let broken: Error | undefined;
  try {
    await client.query(`${beginAs(context, 'READ ONLY')}${query.name === undefined ? '' : KEEP_PLAN}`);
    const result = await client.query({ ...query, values: [...query.values] });
    await client.query('COMMIT');
    return result.rows as Record<string, unknown>[];
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    if (isLostConnection(error)) throw new Refusal('UNAVAILABLE', { retryAfterSeconds: 2 });
    throw error;
  } finally {
    client.release(broken ?? outdated);
  }
}

/** Whether an error means that the database went away, and not that a statement was wrong: SQLSTATE classes 08, 53, 57P, a statement that took too long (57014), or a socket error. */
export function isLostConnection(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(08|53|57P|57014)/u.test(code) || /^E[A-Z]+$/u.test(code) || (error instanceof Error && /Connection terminated|timeout exceeded|not queryable/u.test(error.message));
}

/** For what is asked outside a read or a write. @throws Refusal UNAVAILABLE where the database went away, else the error itself */
export function refuseLost(error: unknown): never {
  throw isLostConnection(error) ? new Refusal('UNAVAILABLE', { retryAfterSeconds: 2 }) : error;
}
