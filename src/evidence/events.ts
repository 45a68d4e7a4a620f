import { createHash, randomUUID } from 'node:crypto';
import type { RequestContext } from '../kernel/request.js';

/** What one request did, for the record. Ids and rungs only: no value of a person, no text of the request. */
export interface EvidenceEvent {
  id: string;
  at: string;
  request: string;
  agency: string;
  user: string;
  roles: readonly string[];
  purpose: string | null;
  matter: string | null;
  /** `query`, `mutation` or `command` with the root operations in order; `policy` where a version of the policy took over; `clock` where a deadline ended. */
  kind: string;
  operations: readonly string[];
  /** SHA-256 of the operation's text without its literals. */
  document: string | null;
  policy: string;
  /** The version that ended when this one took over. */
  replaces?: string;
  /** Per record type: internal ids, and the rungs at which each cell was shown. */
  records: Record<string, { ids: string[]; cells: Record<string, string[]> }>;
  /** `served`, `done`, or the codes of the refusals. */
  outcome: readonly string[];
  /** Counts that matter beside the records, such as how many numbers were asked about. */
  counts?: Record<string, number>;
}

export function newEvent(context: RequestContext, rest: Omit<EvidenceEvent, 'id' | 'at' | 'request' | 'agency' | 'user' | 'roles' | 'purpose' | 'matter'>): EvidenceEvent {
  const { viewer } = context;
  return { id: randomUUID(), at: context.now.toISOString(), request: context.requestId, agency: viewer.agencyCode, user: viewer.user, roles: viewer.roles, purpose: context.purpose, matter: context.matter, ...rest };
}

/** That a version of the policy took over in a hub that runs. It is no agency's doing, so the hub stands in the agency's place. */
export function policyEvent(at: Date, policy: string, replaces: string): EvidenceEvent {
  return { id: randomUUID(), at: at.toISOString(), request: randomUUID(), agency: 'hub', user: 'hub', roles: [], purpose: null, matter: null, kind: 'policy', operations: [], document: null, policy, replaces, records: {}, outcome: ['done'] };
}

/** What the clock set going in a ledger. Time passed; it is no agency's doing. */
export function clockEvent(at: Date, policy: string, operation: string, record: string, ids: readonly string[]): EvidenceEvent {
  return { id: randomUUID(), at: at.toISOString(), request: randomUUID(), agency: 'hub', user: 'clock', roles: [], purpose: null, matter: null, kind: 'clock', operations: [operation], document: null, policy, records: { [record]: { ids: [...ids].toSorted(), cells: {} } }, outcome: ['done'] };
}

/** Canonical JSON (RFC 8785) of what events hold: texts, whole numbers, lists and objects with sorted keys. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined).toSorted(([one], [other]) => (one < other ? -1 : 1));
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Leaf of the evidence tree: SHA-256 over 0x00 and the bytes (RFC 6962 §2.1). */
export const leafOf = (body: string): Buffer => createHash('sha256').update(Buffer.of(0)).update(body).digest();

/** The columns of one event, as the table takes them. */
export function eventRow(event: EvidenceEvent): { event_id: string; at: string; body: string; leaf: string } {
  const body = canonicalJson(event);
  return { event_id: event.id, at: event.at, body, leaf: `\\x${leafOf(body).toString('hex')}` };
}

/** Appends events; parameter 1 is a JSON list of `eventRow`s. Serves the evidence role and, inside a business transaction, the writer. */
export const INSERT_EVENTS = 'INSERT INTO guitu_evidence.events (event_id, at, body, leaf) SELECT event_id, at, body, leaf::bytea FROM json_to_recordset($1::json) AS t(event_id uuid, at timestamptz, body text, leaf text)';
