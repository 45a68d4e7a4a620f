import { beginAs } from '../db/session.js';
import { refuseLost } from '../disclosure/run.js';
import { Refusal } from '../kernel/errors.js';
import type { Desk } from './workbench.js';

/**
 * Spends `items` of an agency's allowance for an operation, in windows that begin at fixed instants; counted in the database, so for all hub processes together.
 * @throws Refusal RATE_LIMITED with the seconds until the next window
 */
export async function spendRate(desk: Desk, operation: string, items: number): Promise<void> {
  const limit = desk.policy.policy.operations.get(operation)?.limit;
  if (!limit) return;
  const { context, services } = desk;
  const windowMs = limit.perMinutes * 60_000;
  const start = Math.floor(Date.now() / windowMs) * windowMs;
  const client = await services.writer.connect().catch(refuseLost);
  let broken: Error | undefined;
  try {
    await client.query(beginAs(context, 'READ WRITE'));
    const spent = await client.query<{ items: number }>(
      `INSERT INTO guitu.rate_windows AS w (agency_id, operation, window_start, items) VALUES ($1, $2, $3, $4)
       ON CONFLICT (agency_id, operation, window_start) DO UPDATE SET items = w.items + excluded.items WHERE w.items + excluded.items <= $5 RETURNING items`,
      [context.viewer.agencyId, operation, new Date(start), items, limit.items]);
    await client.query('COMMIT');
    if (!spent.rows[0] || spent.rows[0].items > limit.items) throw new Refusal('RATE_LIMITED', { field: operation, retryAfterSeconds: Math.max(1, Math.ceil((start + windowMs - Date.now()) / 1_000)) });
  } catch (error) {
    // A connection that was left inside a transaction is of no use to the next request.
    if (!(error instanceof Refusal)) broken = error instanceof Error ? error : new Error(String(error));
    return refuseLost(error);
  } finally {
    client.release(broken);
  }
}
