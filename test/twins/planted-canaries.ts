import { createHash } from 'node:crypto';
import { idNumberEnds } from '../../src/kernel/masks.js';
import { ID_NUMBER_HASH } from '../../src/ledgers/id-number-hash.js';
import { testKeyRing } from '../support/test-keys.js';
import { Seeded } from './seeded.js';
import { syntheticIdNumber } from './synthetic-id-number.js';
import { readColumns, type Column } from './table-columns.js';
import type { RawRow, TwinDatabase } from './twin-database.js';

/** A text by which one stored value is known wherever it turns up. `stored`: how the view of a viewer holds it; undefined where nobody is ever shown it. */
export interface PlantedCanary { text: string; stored: string | undefined; where: string }

/** What decides who sees what, or in which order; it stays as it was. */
const DECIDING = /^(id|version|born_on|closed_at|confirmed_at|release_on|flag_requested_at|step|position|estimated_age|key|operation|request_hash|next_at|due_at|overdue_at|ended_at|record|amount|raised|unit)$|_hash$/u;
/** Shown in no field of the API: who did what, notes beside the cells, times of bookkeeping. */
const NEVER_SHOWN = /^(by_user|reported_by|closed_by|decided_by|remark|import_key|escort_name|basis|since|reason|changed_at|confirm_by|proposed_at|decided_at|at|guardian_assessed_on|reminded_at)$/u;
const SHOWN_IN: Record<string, readonly string[]> = { at: ['return_transitions', 'settlement_transitions', 'inquiry_transitions', 'duty_notices'], reason: ['duties', 'inquiry_transitions', 'missing_candidates'], since: ['stay_moves', 'household_members', 'household_periods'] };
/** Empty wherever the state of the row says so. */
const EMPTY_BY_STATE = /^(stays\.left_on|corrections\.(answer|matter)|missing_reports\.closed_by|missing_candidates\.first_confirmed_by|(inquiry|missing)_candidates\.second_confirmed_by)$/u;
/** Columns that hold numbers of the record which are unique already. */
const NUMBERS = /^(case_no|entry_no|settlement_no|stay_no|referral_no|correction_no|inquiry_no|candidate_no|report_no)$/u;

/** Gives every stored value that can hold one a text of its own: words, dates, instants, versions, sealed values; ids, numbers and ciphertexts are canaries as they are. */
export async function plantCanaries(twin: TwinDatabase): Promise<PlantedCanary[]> {
  const canaries: PlantedCanary[] = [];
  const random = new Seeded(5);
  const columns = await readColumns(twin);
  const tables = await twin.read();
  let rowsDone = 0;
  for (const [table, rows] of Object.entries(tables)) {
    for (const row of rows) {
      rowsDone += 1;
      const planted = columns.filter((column) => column.table === table).flatMap((column) => plantOne(column, row, rowsDone * MOST_COLUMNS));
      const values: RawRow = { ...Object.fromEntries(planted.map(({ column, value }) => [column, value])), ...numberOf(table, row, random, canaries) };
      canaries.push(...planted.map(({ canary }) => canary));
      if (typeof row['id'] === 'string') canaries.push({ text: row['id'], stored: ['return_transitions', 'settlement_transitions', 'stay_moves', 'household_members', 'household_periods', 'household_help', 'return_referrals', 'return_revisits', 'inquiry_answers', 'inquiry_candidates', 'inquiry_transitions', 'missing_candidates', 'missing_results'].includes(table) ? undefined : row['id'], where: `${table}.id` });
      for (const name of Object.keys(row).filter((column) => NUMBERS.test(column))) canaries.push({ text: String(row[name]), stored: String(row[name]), where: `${table}.${name}` });
      const names = Object.keys(values);
      if (names.length > 0) await twin.query(`UPDATE guitu.${table} x SET (${names.join(', ')}) = (SELECT ${names.map((name) => `y.${name}`).join(', ')} FROM jsonb_populate_record(NULL::guitu.${table}, $1::jsonb) y) WHERE to_jsonb(x) = $2::jsonb`, [JSON.stringify(values), JSON.stringify(row)]);
    }
  }
  return canaries;
}

const MOST_COLUMNS = 64;

/** The canary of one column of one row, numbered from `first` by its place in the row; none where the column can hold none. */
function plantOne({ name, type, words, target, nullable, table }: Column, row: RawRow, first: number): { column: string; value: unknown; canary: PlantedCanary }[] {
  if (words.length > 0 || target || NUMBERS.test(name) || /^(subject_|surveyed_)?id_number/u.test(name) || (DECIDING.test(name) && name !== 'version')) return [];
  if (row[name] === null && (!nullable || EMPTY_BY_STATE.test(`${table}.${name}`) || !/^(text|date)$/u.test(type))) return [];
  const place = first + Object.keys(row).indexOf(name);
  const shown = !NEVER_SHOWN.test(name) || (SHOWN_IN[name]?.includes(table) ?? false);
  const made = (text: string, value: unknown, stored: string): { column: string; value: unknown; canary: PlantedCanary }[] => [{ column: name, value, canary: { text, stored: shown ? stored : undefined, where: `${table}.${name}` } }];
  const word = `鸦${String(place).padStart(5, '0')}`;
  const day = (year: number): string => new Date(Date.UTC(year, 0, 1) + place * 86_400_000).toISOString().slice(0, 10);
  if (name.endsWith('_sealed')) {
    const sealed = testKeyRing.sealValue(`${word}雀`);
    return made(word, sealed, sealed);
  }
  if (name.endsWith('_digest')) {
    const digest = createHash('sha256').update(word).digest('hex');
    return made(digest, digest, digest);
  }
  switch (type) {
    case 'text': return made(word, `${word}雀`, word);
    case 'date': return made(day(2100), day(2100), day(2100));
    case 'timestamp with time zone': return made(day(2500), `${day(2500)}T12:00:00+08:00`, day(2500));
    case 'integer': return name === 'version' ? made(String(1_500_000_000 + place), 1_500_000_000 + place, String(1_500_000_000 + place)) : [];
    default: return [];
  }
}

/** Another ID number with its ciphertext and hash, where there is one: the number may be shown, the other two never are. */
function numberOf(table: string, row: RawRow, random: Seeded, canaries: PlantedCanary[]): RawRow {
  const prefix = { return_cases: 'subject_', at_risk_entries: 'surveyed_' }[table] ?? '';
  if (typeof row[`${prefix}id_number_sealed`] !== 'string') return {};
  const number = syntheticIdNumber(random);
  const sealed = testKeyRing.sealValue(number);
  const hash = testKeyRing.keyedHash(ID_NUMBER_HASH, number);
  canaries.push({ text: number, stored: sealed, where: `${table}.id_number` }, { text: hash, stored: undefined, where: `${table}.id_number_hash` }, { text: sealed.slice(-32), stored: undefined, where: `${table}.id_number_sealed` });
  return { [`${prefix}id_number_sealed`]: sealed, ...(`${prefix}id_number_hash` in row && { [`${prefix}id_number_hash`]: hash }), ...(table === 'persons' && { id_number_ends: idNumberEnds(number) }) };
}

/** Unsalted hash of a text, as hex and as base64 of both alphabets. */
export function hashesOf(text: string): string[] {
  const digest = createHash('sha256').update(text).digest();
  return [digest.toString('hex'), digest.toString('base64').replace(/=+$/u, ''), digest.toString('base64url')];
}
