import type { Client } from 'pg';
import type { Protection, Row, Sight, WalkMachine } from './walk-machine.js';

/** What the owner of the database reads in one statement: a record with all that belongs to it, and what has happened since. */
export interface Reading {
  sight: Sight | null;
  /** Told in the outbox since the last reading, which takes it away as a courier would. */
  told: readonly { topic: string; record: string; record_id: string }[];
  events: readonly { agency: string; user: string; kind: string; operations: readonly string[]; outcome: readonly string[]; records: Readonly<Record<string, { ids: readonly string[] }>> }[];
  /** States of the flags of all households of the walk. */
  flags: Readonly<Record<string, string>>;
}

interface Read { row: Row | null; state: string | null; transitions: { from_state: string | null; to_state: string }[] | null; parts: Record<string, Row[] | null>; duties: Row[] | null; person: Row | null; protection: Protection | null }

export class Sights {
  #seq = '0';

  private constructor(private readonly client: Client, private readonly codes: ReadonlyMap<string, string>) {}

  /** Everything that happened before is taken as read. */
  static async open(client: Client): Promise<Sights> {
    const agencies = await client.query<{ id: string; code: string }>('SELECT id, code FROM guitu.agencies');
    const sights = new Sights(client, new Map(agencies.rows.map(({ id, code }) => [id, code])));
    await sights.read(null, null, '');
    return sights;
  }

  /** @param id record of the machine; without one only what happened is read */
  async read(machine: WalkMachine | null, id: string | null, today: string): Promise<Reading> {
    const { rows: [found] } = await this.client.query<{ sight: string | null; told: Reading['told'] | null; events: string[] | null; seq: string; flags: Reading['flags'] | null }>({
      // By name, because it is asked after every step, and planning it takes longer than reading.
      name: machine && id ? `sight of ${machine.name}` : 'what happened',
      text: `WITH told AS (DELETE FROM guitu.outbox RETURNING topic, record, record_id), c AS (SELECT (${machine && id ? machine.rowSql : 'SELECT NULL::json WHERE $1::uuid IS NULL'})::json AS r)
       SELECT ${machine && id ? sightSql(machine) : 'NULL'} AS sight, (SELECT json_agg(t ORDER BY t.record, t.topic, t.record_id) FROM told t) AS told,
         (SELECT json_agg(e.body ORDER BY e.seq) FROM guitu_evidence.events e WHERE e.seq > $2) AS events, (SELECT coalesce(max(e.seq), 0)::text FROM guitu_evidence.events e) AS seq,
         (SELECT json_object_agg(f.household_id, f.state) FROM guitu.household_flags f JOIN guitu.registered_households h ON h.id = f.household_id WHERE h.household_no LIKE 'W-%') AS flags`,
      values: [id, this.#seq],
    });
    if (!found) throw new Error('nothing was read');
    this.#seq = found.seq;
    return { sight: id && found.sight ? this.#sightOf(id, found.sight, today) : null, told: found.told ?? [], events: (found.events ?? []).map((body) => JSON.parse(body) as Reading['events'][number]), flags: found.flags ?? {} };
  }

  #sightOf(id: string, whole: string, today: string): Sight | null {
    const { row, state, transitions, parts, duties, protection } = JSON.parse(whole, (_key, value: unknown) => (typeof value === 'string' ? (this.codes.get(value) ?? value) : value)) as Read;
    if (!row || state === null) return null;
    return {
      id, state, row: { ...row, today }, transitions, parts: Object.fromEntries(Object.entries(parts).map(([name, rows]) => [name, rows ?? []])), protection, whole,
      owed: (duties ?? []).filter(({ ended_at: ended }) => ended === null).map(({ step, owner }) => ({ step: String(step), owner: String(owner) })),
    };
  }
}

const sightSql = ({ stateSql, transitions, partsSql }: WalkMachine): string => `json_build_object(
  'row', (SELECT r FROM c), 'state', (${stateSql}), 'transitions', ${transitions ? `(SELECT json_agg(t ORDER BY t.step) FROM ${transitions.table} t WHERE t.${transitions.key} = $1)` : 'NULL'},
  'parts', json_build_object(${Object.entries(partsSql).map(([name, sql]) => `'${name}', (${sql})`).join(', ')}),
  'duties', (SELECT json_agg(d ORDER BY d.id) FROM guitu.duties d WHERE d.record_id = $1),
  'person', (SELECT row_to_json(p) FROM guitu.persons p WHERE p.id = ((SELECT r FROM c) ->> 'person_id')::uuid),
  'protection', (SELECT json_build_object('holder', p.holding_agency, 'holderDivision', p.holding_division, 'unit', p.named_unit) FROM guitu.protections p WHERE p.person_id = ((SELECT r FROM c) ->> 'person_id')::uuid))::text`;
