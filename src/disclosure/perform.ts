import type { Pool, PoolClient } from 'pg';
import { beginAs } from '../db/session.js';
import { eventRow, INSERT_EVENTS, canonicalJson, newEvent } from '../evidence/events.js';
import { badInput, Refusal } from '../kernel/errors.js';
import type { KeyRing } from '../kernel/key-ring.js';
import type { RequestContext } from '../kernel/request.js';
import { predicateSql, type Lens, type RecordLens, type WriteLens } from '../policy/compile.js';
import type { Policy } from '../policy/language.js';
import { cellStates } from './cell-states.js';
import { isLostConnection } from './run.js';
import { prepareStatement, viewerValues } from './statement.js';

/** What a write is made with. */
export interface WriteServices { writer: Pool; keyRing: KeyRing }

/** One write as asked for. `input` is what the idempotency key stands for. */
export interface WriteRequest { context: RequestContext; lens: Lens; operation: string; input: unknown; kind?: 'mutation' | 'command' }

/** The JSON that a write leaves behind its idempotency key: ids and counts, never a personal value. */
export type Outcome = Record<string, string | number | boolean | null | readonly unknown[]>;

/**
 * The one way to change a ledger: transaction → idempotency → lock and policy on the record as it was → the ledger's change →
 * policy on the record as it is → outbox → evidence → commit. A key that was used before answers with the outcome of then.
 * @throws Refusal BAD_USER_INPUT without a key, IDEMPOTENCY_MISMATCH for another request's key, and whatever `change` throws; then nothing is kept
 */
export async function perform<Done extends Outcome>(services: WriteServices, request: WriteRequest, change: (write: WriteTransaction) => Promise<Done>): Promise<Done> {
  const { context, operation } = request;
  const key = context.idempotencyKey;
  if (!key || key.length > 200) throw badInput('Idempotency-Key', '请在请求头 Idempotency-Key 中给出本次操作的唯一编号（至多 200 字）', 'send a unique key of at most 200 characters in the header Idempotency-Key');
  const client = await services.writer.connect().catch(() => {
    throw new Refusal('UNAVAILABLE', { retryAfterSeconds: 2 });
  });
  let broken: Error | undefined;
  try {
    await client.query(beginAs(context, 'READ WRITE'));
    const hash = services.keyRing.keyedHash('idempotency', canonicalJson([operation, request.input ?? null]));
    const before = await claimKey(client, context, key, operation, hash);
    if (before) {
      await client.query('ROLLBACK');
      return before as Done;
    }
    const write = new WriteTransaction(client, request);
    const done = await change(write);
    await client.query('UPDATE guitu.idempotency_keys SET outcome = $3 WHERE agency_id = $1 AND key = $2', [context.viewer.agencyId, key, JSON.stringify(done)]);
    await client.query(INSERT_EVENTS, [JSON.stringify([eventRow(write.evidence())])]);
    await client.query('COMMIT');
    return done;
  } catch (error) {
    broken = await rollBack(client);
    if (isLostConnection(error)) throw new Refusal('UNAVAILABLE', { retryAfterSeconds: 2 });
    throw error;
  } finally {
    client.release(broken);
  }
}

async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Takes the key, waiting for a request under way with the same one; returns the outcome if it was taken before. */
async function claimKey(client: PoolClient, { viewer, now }: RequestContext, key: string, operation: string, hash: string): Promise<Outcome | undefined> {
  const taken = await client.query('INSERT INTO guitu.idempotency_keys (agency_id, key, operation, request_hash, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING', [viewer.agencyId, key, operation, hash, now]);
  if (taken.rowCount === 1) return undefined;
  const found = await client.query<{ operation: string; request_hash: string; outcome: Outcome }>('SELECT operation, request_hash, outcome FROM guitu.idempotency_keys WHERE agency_id = $1 AND key = $2', [viewer.agencyId, key]);
  const row = found.rows[0];
  if (!row || row.operation !== operation || row.request_hash !== hash) throw new Refusal('IDEMPOTENCY_MISMATCH', { field: 'Idempotency-Key' });
  return row.outcome;
}

/** A record before the change: indexes of the ways of writing that it is open to, and a digest of what each stored cell holds. */
interface Before { ways: number[]; cells: Record<string, string | null> }

/** The inside of one write: the ledger's commands use it to lock, to change and to announce. */
export class WriteTransaction {
  readonly context: RequestContext;
  readonly #touched = new Map<string, Set<string>>();
  readonly #counts: Record<string, number> = {};
  readonly #before = new Map<string, Before>();

  constructor(private readonly client: PoolClient, private readonly request: WriteRequest) {
    this.context = request.context;
  }

  /** The policy under which the request began. */
  get policy(): Policy {
    return this.request.lens.policy;
  }

  /** The instant of the write. */
  get at(): Date {
    return this.context.now;
  }

  async query<Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const result = await this.client.query(text, [...values]);
    return (Array.isArray(result) ? [] : result.rows) as Row[];
  }

  /**
   * Reads a record for change. Its row must be visible, or it looks absent; the viewer must stand in a relation that may carry out the operation.
   * @param field path of the input that names the record, for refusals
   * @param lock whether the row is locked here (false where the ledger locks a row of its own)
   * @throws Refusal NOT_FOUND, TRANSITION_NOT_ALLOWED
   */
  async open<Row extends Record<string, unknown>>(record: string, id: string, columns: string, field: string, lock = true): Promise<Row> {
    const rows = await this.#openRows<Row>(record, [id], columns, lock);
    const row = rows[0];
    if (!row) throw new Refusal('NOT_FOUND', { field });
    if (row.ways.length === 0) throw new Refusal('TRANSITION_NOT_ALLOWED', { field });
    return row;
  }

  /**
   * Opens records for change that the ledger has found by a key of the viewer's own. Each must be visible and open to the operation.
   * @throws Refusal NOT_FOUND, TRANSITION_NOT_ALLOWED
   */
  async openAll(record: string, ids: readonly string[], field: string): Promise<void> {
    const rows = await this.#openRows(record, ids, 'c.id', true);
    if (rows.length < ids.length) throw new Refusal('NOT_FOUND', { field });
    if (rows.some((row) => row.ways.length === 0)) throw new Refusal('TRANSITION_NOT_ALLOWED', { field });
  }

  /**
   * Reads columns of a record of which the viewer holds a cell in full. A record that it may not see, and one of which it holds less, are not there.
   * @param columns SQL over the alias `c`; it may hold what `holds` gives
   */
  async findHeld<Row>(record: string, id: string, cell: string, columns: string): Promise<Row | undefined> {
    const { shape, row } = this.#lens(record);
    const rows = await this.#select<Row>(`SELECT ${columns} FROM ${shape.table} c WHERE c.id = «id»::uuid AND ${predicateSql(row, 'c')} AND ${this.holds(record, cell, 'c')}`, id);
    return rows[0];
  }

  /** SQL of whether the viewer holds a cell of a record in full. */
  holds(record: string, cell: string, alias: string): string {
    return predicateSql(this.#lens(record).cells.get(cell)?.full ?? 'NEVER', alias);
  }

  /** Visible rows as they stand before the change, kept for `settle`: the ways of writing that each is open to, and what each cell holds. */
  async #openRows<Row extends Record<string, unknown>>(record: string, ids: readonly string[], columns: string, lock: boolean): Promise<(Row & Before)[]> {
    const lens = this.#lens(record);
    if (lens.row === 'NEVER') return [];
    const ways = this.#ways(lens).map(({ before }, index) => `CASE WHEN ${predicateSql(before, 'c')} THEN ${index} END`);
    const rows = await this.#select<Row & Before & { id: string }>(
      `SELECT ${columns}, c.id, array_remove(ARRAY[${ways.join(', ')}]::integer[], NULL) AS ways, ${cellStates(lens.shape, 'c')} AS cells
       FROM ${lens.shape.table} c WHERE c.id = ANY (string_to_array(«id», ',')::uuid[]) AND ${predicateSql(lens.row, 'c')} ORDER BY c.id${lock ? ' FOR UPDATE OF c' : ''}`, ids.join(','));
    for (const { id, ways: open, cells } of rows) this.#before.set(id, { ways: open, cells });
    return rows;
  }

  /** Ways of carrying out this operation that speak for the viewer. */
  #ways(lens: RecordLens): readonly WriteLens[] {
    return lens.writes.get(this.request.operation) ?? [];
  }

  /**
   * The policy on the record as it now stands; also notes it for the evidence and the outbox.
   * @param otherwise refuses a record that stands as no way of writing leaves it
   * @throws Refusal FORBIDDEN where a cell changed that the operation may not set, and `otherwise`
   */
  async settle(record: string, ids: readonly string[], topic: string, otherwise = new Refusal('FORBIDDEN')): Promise<void> {
    const lens = this.#lens(record);
    await this.#checkAfter(lens, ids, otherwise);
    await this.query('INSERT INTO guitu.outbox (at, topic, record, record_id) SELECT $1, $2, $3, unnest($4::uuid[])', [this.context.now, topic, record, ids]);
    const touched = this.#touched.get(record) ?? new Set<string>();
    for (const id of ids) touched.add(id);
    this.#touched.set(record, touched);
  }

  /** Each record must be as one way of writing leaves it: opened by it, standing as it says, and no cell changed that it may not set. */
  async #checkAfter(lens: RecordLens, ids: readonly string[], otherwise: Refusal): Promise<void> {
    const ways = this.#ways(lens);
    if (ways.every(({ after }) => after === 'NEVER')) throw new Refusal('FORBIDDEN');
    const after = ways.map((way, index) => `CASE WHEN ${predicateSql(way.after, 'c')} THEN ${index} END`);
    const rows = await this.#select<Before & { id: string }>(
      `SELECT c.id, array_remove(ARRAY[${after.join(', ')}]::integer[], NULL) AS ways, ${cellStates(lens.shape, 'c')} AS cells FROM ${lens.shape.table} c WHERE c.id = ANY (string_to_array(«id», ',')::uuid[])`, ids.join(','));
    if (rows.length < ids.length) throw new Refusal('FORBIDDEN');
    for (const row of rows) {
      const before = this.#before.get(row.id);
      const open = ways.filter((_, index) => row.ways.includes(index) && (before?.ways.includes(index) ?? true));
      const changed = Object.keys(row.cells).filter((cell) => row.cells[cell] !== (before?.cells[cell] ?? null));
      const stray = open.map(({ sets }) => changed.find((cell) => !sets.includes(cell)));
      if (stray.length === 0) throw otherwise;
      if (!stray.includes(undefined)) throw new Refusal('FORBIDDEN', { field: String(stray[0]) });
    }
  }

  /** A count for the evidence. */
  count(name: string, amount: number): void {
    this.#counts[name] = amount;
  }

  evidence(): ReturnType<typeof newEvent> {
    return newEvent(this.context, {
      kind: this.request.kind ?? 'mutation', operations: [this.request.operation], document: null, policy: this.request.lens.policy.hash,
      records: Object.fromEntries([...this.#touched].map(([record, ids]) => [record, { ids: [...ids].toSorted(), cells: {} }])),
      outcome: ['done'], ...(Object.keys(this.#counts).length > 0 && { counts: this.#counts }),
    });
  }

  #lens(record: string): RecordLens {
    const lens = this.request.lens.records.get(record);
    if (!lens) throw new Refusal('FORBIDDEN');
    return lens;
  }

  async #select<Row>(text: string, id: string): Promise<Row[]> {
    const statement = prepareStatement(text);
    const values = viewerValues(this.context).set('id', id);
    const result = await this.client.query(statement.text, statement.values.map((name) => values.get(name) ?? null));
    return result.rows as Row[];
  }
}
