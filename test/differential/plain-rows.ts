import type { Client } from 'pg';
import type { KeyRing } from '../../src/kernel/key-ring.js';
import { idNumberEnds, phoneEnds, surnameOf } from '../../src/kernel/masks.js';
import { ID_NUMBER_HASH } from '../../src/ledgers/id-number-hash.js';
import { ROSTER } from './roster.js';

/** A row as it is written down: sealed columns in the clear, and without the columns that follow from others (masks and keyed hashes). */
export type PlainRow = Record<string, string | number | boolean | null | readonly string[]>;

/** Ledger tables in an order in which they can be filled. */
export const LEDGER_TABLES = ['persons', 'protections', 'return_cases', 'return_referrals', 'return_revisits', 'return_transitions', 'at_risk_entries', 'follow_up_visits', 'at_risk_transitions', 'settlement_cases', 'settlement_transitions', 'stays', 'stay_moves', 'identity_inquiries', 'inquiry_answers', 'inquiry_candidates', 'inquiry_transitions', 'missing_reports', 'missing_candidates', 'missing_results', 'registered_households', 'household_members', 'household_matches', 'household_flags', 'household_periods', 'household_help', 'duties', 'duty_notices', 'tellings', 'corrections'] as const;
export type PlainRows = Record<(typeof LEDGER_TABLES)[number], PlainRow[]>;

export const noRows = (): PlainRows => ({ persons: [], protections: [], return_cases: [], return_referrals: [], return_revisits: [], return_transitions: [], at_risk_entries: [], follow_up_visits: [], at_risk_transitions: [], settlement_cases: [], settlement_transitions: [], stays: [], stay_moves: [], identity_inquiries: [], inquiry_answers: [], inquiry_candidates: [], inquiry_transitions: [], missing_reports: [], missing_candidates: [], missing_results: [], registered_households: [], household_members: [], household_matches: [], household_flags: [], household_periods: [], household_help: [], duties: [], duty_notices: [], tellings: [], corrections: [] });

/** Adds the agencies of the roster that the database lacks. */
export async function loadRoster(client: Client): Promise<void> {
  await client.query('INSERT INTO guitu.agencies (id, code, name, kind, level, division) SELECT id, code, name, kind, level, division FROM jsonb_populate_recordset(NULL::guitu.agencies, $1) ON CONFLICT DO NOTHING', [JSON.stringify(ROSTER)]);
}

/** Empties the ledgers and fills them with these rows, as the owner. */
export async function loadRows(client: Client, keyRing: KeyRing, rows: PlainRows): Promise<void> {
  await client.query('BEGIN');
  await client.query(`TRUNCATE ${LEDGER_TABLES.map((table) => `guitu.${table}`).join(', ')} CASCADE`);
  for (const table of LEDGER_TABLES) {
    if (rows[table].length === 0) continue;
    const stored = rows[table].map((row) => storedRow(row, keyRing));
    // Only columns that are named: the others keep their defaults.
    const columns = [...new Set(stored.flatMap((row) => Object.keys(row)))].join(', ');
    await client.query(`INSERT INTO guitu.${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::guitu.${table}, $1)`, [JSON.stringify(stored)]);
  }
  await client.query('COMMIT');
  await client.query('ANALYZE guitu.persons, guitu.return_cases');
}

function storedRow(row: PlainRow, keyRing: KeyRing): PlainRow {
  const stored: PlainRow = {};
  for (const [column, value] of Object.entries(row)) {
    const stem = column.replace(/_sealed$/u, '');
    stored[column] = column.endsWith('_sealed') && typeof value === 'string' ? keyRing.sealValue(value) : value;
    // The number of a candidate, and of a report, leads to a person; nothing is found by it.
    if (stem.endsWith('id_number') && !('candidate_no' in row || 'report_no' in row)) stored[`${stem}_hash`] = typeof value === 'string' ? keyRing.keyedHash(ID_NUMBER_HASH, value) : null;
    if (column === 'id_number_sealed' && 'identity_state' in row) stored['id_number_ends'] = typeof value === 'string' ? idNumberEnds(value) : null;
    if (stem.endsWith('kin_phone') && !('report_no' in row)) stored[`${stem}_ends`] = typeof value === 'string' ? phoneEnds(value) : null;
    if (column === 'subject_name' || (column === 'name' && 'identity_state' in row)) stored[`${column}_surname`] = typeof value === 'string' ? surnameOf(value) : null;
  }
  return stored;
}
