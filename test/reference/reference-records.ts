import type { CalendarDate } from '../../src/kernel/dates.js';
import type { Facts } from '../../src/policy/decide.js';
import type { RawRow, RawTable, RawTables } from './raw-tables.js';
import { attributesOf, linksOf } from './record-facts.js';

/** Record types, the table of each, and the prefix of its global id (none: it has no id). */
export const RECORDS = {
  Person: { table: 'persons', prefix: 'pe' },
  ReturnCase: { table: 'return_cases', prefix: 'rc' },
  AidReferral: { table: 'return_referrals', prefix: null },
  ReturneeCheck: { table: 'return_cases', prefix: null },
  AtRiskEntry: { table: 'at_risk_entries', prefix: 'ar' },
  SettlementCase: { table: 'settlement_cases', prefix: 'se' },
  Stay: { table: 'stays', prefix: 'st' },
  IdentityInquiry: { table: 'identity_inquiries', prefix: 'iq' },
  MissingReport: { table: 'missing_reports', prefix: 'mr' },
  RegisteredHousehold: { table: 'registered_households', prefix: 'hh' },
  HouseholdMember: { table: 'household_members', prefix: null },
  InboxItem: { table: 'duty_notices', prefix: 'in' },
  Correction: { table: 'corrections', prefix: 'co' },
} as const satisfies Record<string, { table: RawTable; prefix: string | null }>;
export type RecordType = keyof typeof RECORDS;

/** One record of a type: its row, and what conditions may read of it. */
export interface ReferenceRecord { type: RecordType; id: string; row: RawRow; facts: Facts }

/** Every record that is stored, with its facts on one day. Links lead to the same objects, however they are reached. */
export class ReferenceRecords {
  readonly #records = new Map<string, ReferenceRecord>();
  readonly #groups = new Map<string, ReadonlyMap<string, readonly RawRow[]>>();

  constructor(readonly tables: RawTables, readonly today: CalendarDate) {}

  all(type: RecordType): ReferenceRecord[] {
    return this.tables[RECORDS[type].table].map((row) => this.of(type, row));
  }

  find(type: RecordType, id: string | null): ReferenceRecord | undefined {
    const row = id === null ? undefined : this.rows(RECORDS[type].table, 'id', id)[0];
    return row && this.of(type, row);
  }

  of(type: RecordType, row: RawRow): ReferenceRecord {
    const id = String(row['id']);
    const key = `${type} ${id}`;
    const known = this.#records.get(key);
    if (known) return known;
    const made: ReferenceRecord = { type, id, row, facts: new LazyFacts(type, row, this) };
    this.#records.set(key, made);
    return made;
  }

  /** Rows of a table whose column has a value; none for null. */
  rows(table: RawTable, column: string, value: RawRow[string] | undefined): readonly RawRow[] {
    const key = `${table}.${column}`;
    let groups = this.#groups.get(key);
    if (!groups) this.#groups.set(key, (groups = grouped(this.tables[table], column)));
    return value === null || value === undefined ? [] : (groups.get(String(value)) ?? []);
  }

  /** The same for a column that is a key. */
  row(table: RawTable, column: string, value: RawRow[string] | undefined): RawRow | undefined {
    return this.rows(table, column, value)[0];
  }
}

function grouped(rows: readonly RawRow[], column: string): ReadonlyMap<string, readonly RawRow[]> {
  const groups = new Map<string, RawRow[]>();
  for (const row of rows) {
    const key = String(row[column]);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** Persons lead to cases and cases to persons, so links are followed only when asked for. */
class LazyFacts implements Facts {
  readonly attributes: Facts['attributes'];
  #links: Facts['links'];

  constructor(private readonly type: RecordType, private readonly row: RawRow, private readonly records: ReferenceRecords) {
    this.attributes = attributesOf(type, row, records);
  }

  get links(): Record<string, readonly Facts[]> {
    this.#links ??= Object.fromEntries(Object.entries(linksOf(this.type, this.row, this.records)).map(([name, linked]) => [name, linked.map(({ facts }) => facts)]));
    return this.#links;
  }
}
