import { types, type Client } from 'pg';
import type { KeyRing } from '../../src/kernel/key-ring.js';
import { toldAsNotices } from './told-as-notices.js';

/** A column as it is stored: dates `YYYY-MM-DD`, instants `2026-11-20T01:00:00.000000Z` (microseconds, UTC; texts compare as instants do), sealed columns opened. */
export type RawValue = string | number | boolean | readonly string[] | null;
export type RawRow = Readonly<Record<string, RawValue>>;

/** Tables that a read may touch. */
const TABLES = ['agencies', 'divisions', 'persons', 'protections', 'return_cases', 'return_referrals', 'return_revisits', 'return_transitions', 'at_risk_entries', 'follow_up_visits', 'at_risk_transitions', 'settlement_cases', 'settlement_transitions', 'stays', 'stay_moves', 'identity_inquiries', 'inquiry_answers', 'inquiry_candidates', 'inquiry_transitions', 'missing_reports', 'missing_candidates', 'missing_results', 'registered_households', 'household_members', 'household_matches', 'household_flags', 'household_periods', 'household_help', 'duties', 'duty_notices', 'tellings', 'corrections'] as const;
export type RawTable = (typeof TABLES)[number];

/** Everything that lies in the ledgers, hidden or not. */
export type RawTables = Readonly<Record<RawTable, readonly RawRow[]>>;

/** Tables that change with no operation of the ledgers. */
const DIRECTORY_TABLES: readonly RawTable[] = ['agencies', 'divisions'];

/**
 * Reads every table as the owner, past every belt, as plain rows: `SELECT *` and nothing that the catalogue or the planner would write.
 * @param directory agencies and divisions of an earlier reading, which are then not read again (44,000 divisions take longer than all else)
 */
export async function readRawTables(client: Client, keyRing: KeyRing, directory?: Pick<RawTables, 'agencies' | 'divisions'>): Promise<RawTables> {
  await client.query("SET TIME ZONE 'UTC'");
  const found: Partial<Record<RawTable, RawRow[]>> = {};
  for (const table of TABLES) {
    if (directory && DIRECTORY_TABLES.includes(table)) continue;
    const { rows } = await client.query<Record<string, RawValue>>({ text: `SELECT * FROM guitu.${table}`, types: { getTypeParser: parserOf } });
    found[table] = rows.map((row) => openSealed(row, keyRing));
  }
  return toldAsNotices({ ...directory, ...found } as RawTables);
}

function openSealed(row: Record<string, RawValue>, keyRing: KeyRing): RawRow {
  for (const [column, value] of Object.entries(row)) if (column.endsWith('_sealed') && typeof value === 'string') row[column] = keyRing.openValue(value);
  return row;
}

const { BOOL, INT4, TIMESTAMPTZ } = types.builtins;
const TEXT_ARRAY = 1009;

function parserOf(oid: number): (text: string) => RawValue {
  if (oid === BOOL) return (text) => text === 't';
  if (oid === INT4) return Number;
  if (oid === TIMESTAMPTZ) return microseconds;
  if (oid === TEXT_ARRAY) return types.getTypeParser(oid as Parameters<typeof types.getTypeParser>[0]) as (text: string) => string[];
  return (text) => text;
}

/** `2026-11-20 01:00:00.5+00` → `2026-11-20T01:00:00.500000Z`. */
function microseconds(text: string): string {
  const match = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?\+00$/u.exec(text);
  if (!match) throw new Error(`an instant that the reference cannot read: ${text}`);
  return `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(6, '0')}Z`;
}
