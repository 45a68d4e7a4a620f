import type { ConnectionSettings } from '../../src/db/embedded.js';
import { withClient } from '../support/test-server.js';

/** Everything that the notices of a test have left behind, by the key or the case they belong to. */
export interface LedgerState {
  /** Case id by idempotency key. */
  outcomes: Map<string, string | null>;
  cases: string[];
  firstSteps: string[];
  announced: string[];
  /** Cases named by events of done mutations, with how often. */
  evidenced: string[];
}

/** Reads it as the owner. Only what `noticeNo LIKE` the prefix, or a key with it, counts. */
export function readLedger(owner: ConnectionSettings, prefix: string): Promise<LedgerState> {
  return withClient(owner, async (client) => {
    const list = async (sql: string): Promise<string[]> => (await client.query<{ v: string }>(sql, [`${prefix}%`])).rows.map(({ v }) => v).toSorted();
    const { rows } = await client.query<{ key: string; id: string | null }>("SELECT key, outcome ->> 'caseId' AS id FROM guitu.idempotency_keys WHERE key LIKE $1", [`${prefix}%`]);
    const own = 'SELECT id FROM guitu.return_cases WHERE notice_no LIKE $1';
    return {
      outcomes: new Map(rows.map(({ key, id }) => [key, id])),
      cases: await list(`SELECT id::text AS v FROM (${own}) c`),
      firstSteps: await list(`SELECT case_id::text AS v FROM guitu.return_transitions WHERE case_id IN (${own}) OR NOT EXISTS (SELECT FROM guitu.return_cases c WHERE c.id = case_id)`),
      announced: await list(`SELECT record_id::text AS v FROM guitu.outbox WHERE topic = 'return.sent' AND (record_id IN (${own}) OR NOT EXISTS (SELECT FROM guitu.return_cases c WHERE c.id = record_id))`),
      evidenced: await list(`SELECT id AS v FROM guitu_evidence.events, json_array_elements_text(body::json -> 'records' -> 'ReturnCase' -> 'ids') AS id
        WHERE body::json -> 'outcome' ->> 0 = 'done' AND (id::uuid IN (${own}) OR NOT EXISTS (SELECT FROM guitu.return_cases c WHERE c.id = id::uuid))`),
    };
  });
}
