import { idNumberEnds } from '../../src/kernel/masks.js';
import { ID_NUMBER_HASH } from '../../src/ledgers/id-number-hash.js';
import { testKeyRing } from '../support/test-keys.js';
import { world, worldId } from '../support/world.js';
import { syntheticIdNumber } from './synthetic-id-number.js';
import type { Seeded } from './seeded.js';
import type { Column } from './table-columns.js';
import type { RawRow, RawTables } from './twin-database.js';

/** One change behind the hub's back: statements of the owner, what it does in words, and the ids of the rows that it speaks of. */
export interface Change { words: string; about: readonly string[]; statements: { sql: string; values: readonly unknown[] }[] }

/** What changes are made of: the rows as they were, all of them or those near a viewer, and every column that can be changed. */
export interface Stock { columns: readonly Column[]; tables: RawTables; near: RawTables }

/** The same, with a preference for rows of records that a view speaks of: its own, their persons', their steps, their households' members. */
export const stockNear = ({ columns, tables }: Stock, view: string): Stock => ({ columns, tables, near: Object.fromEntries(Object.entries(tables).map(([table, rows]) => [table, rows.filter((row) => idsIn(row).some((id) => view.includes(id)))])) });

/** Keys that the attacks use: another agency may have used the same. */
export const ATTACK_KEYS = ['twin-key-1', 'twin-key-2', 'twin-key-3'];

const AGENCY_IDS = Object.keys(world.agencies).map((code) => worldId('agency', code));
const DIVISIONS = ['120101003', '320281', '320281100', '320281104', '341523102', '320213022', '110101001', '341500'];
const BOOKKEEPING = ['idempotency_keys', 'rate_windows', 'outbox'];
/** The row boundary's copies of what other rows say, and no act writes one without the other: changed alone, a row would vanish for a reader whom those rows still name. */
const COPIES = ['return_cases.referred_to', 'return_revisits.agency_id'];

/** Makes one change at random; undefined where this one cannot be made of these rows. */
export function makeChange(random: Seeded, stock: Stock): Change | undefined {
  const roll = random.next();
  if (roll < 0.55) return changeCell(random, stock);
  if (roll < 0.65) return changeIdNumber(random, stock);
  if (roll < 0.78) return copyRow(random, stock);
  if (roll < 0.87) return deleteRow(random, stock);
  if (roll < 0.94) return changeProtection(random, stock);
  return changeBookkeeping(random);
}

/** One column of one row to another value, or to NULL and back. */
function changeCell(random: Seeded, { columns, tables, near }: Stock): Change | undefined {
  const column = random.pick(columns.filter(({ table, name }) => !BOOKKEEPING.includes(table) && !COPIES.includes(`${table}.${name}`) && name !== 'id' && name !== 'one'));
  const rows = near[column.table] ?? [];
  if (rows.length === 0) return undefined;
  const row = random.pick(rows);
  const value = otherValue(random, column, row[column.name], tables[column.table] ?? []);
  if (value === undefined) return undefined;
  return { words: `${column.table}.${column.name}: ${JSON.stringify(row[column.name])} → ${JSON.stringify(value)} (${keyWords(row)})`, about: idsIn(row), statements: [{ sql: `UPDATE guitu.${column.table} x SET ${column.name} = $1::${column.type} WHERE to_jsonb(x) @> $2::jsonb`, values: [value, JSON.stringify(identityOf(row))] }] };
}

/** A value of the column's kind that the row does not have; undefined where there is none. */
function otherValue(random: Seeded, { name, type, nullable, words, target }: Column, now: unknown, rows: readonly RawRow[]): unknown {
  if (nullable && now !== null && random.chance(0.2)) return null;
  const known = [...new Set(rows.map((row) => JSON.stringify(row[name] ?? null)))].filter((text) => text !== 'null' && text !== JSON.stringify(now)).map((text) => JSON.parse(text) as unknown);
  if (type.endsWith('[]')) return known.length > 0 ? random.pick(known) : undefined;
  if (words.length > 0) return random.pick(words.filter((word) => word !== now));
  if (target?.startsWith('agencies')) return random.pick(AGENCY_IDS.filter((id) => id !== now));
  if (target?.startsWith('divisions')) return random.pick(DIVISIONS.filter((code) => code !== now));
  if (known.length > 0 && random.chance(0.3)) return random.pick(known);
  if (name.endsWith('_sealed')) return testKeyRing.sealValue(`密${random.below(1e6)}`);
  switch (type) {
    case 'boolean': return !now;
    case 'date': return shiftDate(random, now);
    case 'timestamp with time zone': return new Date((now === null ? Date.parse(world.now) : Date.parse(String(now))) + (random.below(120) - 60) * 86_400_000 + 1_000).toISOString();
    case 'integer': return random.below(2_000_000_000);
    case 'text': return target || name.endsWith('_hash') ? undefined : `暗${random.below(1e6)}`;
    default: return undefined;
  }
}

/** Days that turn a grown-up into a child and back are among them. */
function shiftDate(random: Seeded, now: unknown): string {
  const from = now === null ? Date.parse(world.now) : Date.parse(String(now));
  return new Date(from + random.pick([-20 * 365, -365, -30, -1, 1, 30, 365, 20 * 365]) * 86_400_000).toISOString().slice(0, 10);
}

/** A person, a case's subject or a member gets another ID number, with its hash and its masks. */
function changeIdNumber(random: Seeded, { near }: Stock): Change | undefined {
  const [table, prefix] = random.pick([['persons', ''], ['return_cases', 'subject_'], ['household_members', '']] as const);
  const rows = near[table] ?? [];
  if (rows.length === 0) return undefined;
  const row = random.pick(rows);
  const number = syntheticIdNumber(random);
  const masks = table === 'persons' ? ', id_number_ends = $4' : '';
  return {
    words: `${table}: another ID number (${keyWords(row)})`, about: idsIn(row),
    statements: [{ sql: `UPDATE guitu.${table} SET ${prefix}id_number_sealed = $2, ${prefix}id_number_hash = $3${masks} WHERE id = $1`, values: [row['id'], testKeyRing.sealValue(number), testKeyRing.keyedHash(ID_NUMBER_HASH, number), ...(masks ? [idNumberEnds(number)] : [])] }],
  };
}

const UNIQUE: Record<string, (random: Seeded) => RawRow> = {
  persons: () => ({ id_number_hash: null, id_number_sealed: null, id_number_ends: null }),
  return_cases: (random) => ({ case_no: `GT-TW${random.below(900) + 100}-TWINS`, import_key: null }),
  return_referrals: (random) => ({ referral_no: `RF-TW${random.below(900) + 100}-TWINS` }),
  at_risk_entries: (random) => ({ entry_no: `AR-TW${random.below(900) + 100}-TWINS` }),
  settlement_cases: (random) => ({ settlement_no: `SE-TW${random.below(900) + 100}-TWINS` }),
  corrections: (random) => ({ correction_no: `CO-TW${random.below(900) + 100}-TWINS` }),
  stays: (random) => ({ stay_no: `ST-TW${random.below(900) + 100}-TWINS` }),
  identity_inquiries: (random) => ({ inquiry_no: `IQ-TW${random.below(900) + 100}-TWINS` }),
  missing_reports: (random) => ({ report_no: `MR-TW${random.below(900) + 100}-TWINS` }),
  registered_households: (random) => ({ household_no: `TW-${random.below(1e6)}` }),
  household_matches: () => ({}),
  household_help: () => ({}),
  return_revisits: () => ({}),
};

/** A row more: a copy of another with its own identity and, mostly, other parties, person and place. */
function copyRow(random: Seeded, { columns, tables, near }: Stock): Change | undefined {
  const table = random.pick(Object.keys(UNIQUE));
  const rows = near[table] ?? [];
  if (rows.length === 0) return undefined;
  const row = random.pick(rows);
  const id = uuidOf(random);
  const links = columns.filter((column) => column.table === table && column.target && row[column.name] !== null && random.chance(0.6));
  const others = Object.fromEntries(links.flatMap((column) => {
    const value = column.target === 'agencies.id' ? random.pick(AGENCY_IDS) : column.target === 'divisions.code' ? random.pick(DIVISIONS) : random.pick((tables[column.target?.split('.')[0] ?? ''] ?? []).map((other) => other['id']));
    return value === undefined ? [] : [[column.name, value]];
  }));
  const made = { ...row, ...('id' in row && { id }), ...others, ...UNIQUE[table]?.(random) };
  return { words: `${table}: one more (${keyWords(made)})`, about: idsIn(made), statements: [{ sql: `INSERT INTO guitu.${table} SELECT (jsonb_populate_record(NULL::guitu.${table}, $1::jsonb)).*`, values: [JSON.stringify(made)] }] };
}

/** Rows that hang on another by a foreign key go with it. */
const DEPENDENT: Record<string, [table: string, column: string][]> = {
  return_cases: [['return_referrals', 'case_id'], ['return_revisits', 'case_id'], ['return_transitions', 'case_id']], return_transitions: [], return_referrals: [], return_revisits: [], at_risk_entries: [['follow_up_visits', 'entry_id'], ['at_risk_transitions', 'entry_id']], follow_up_visits: [], at_risk_transitions: [], settlement_cases: [['settlement_transitions', 'settlement_id']], stays: [['stay_moves', 'stay_id']], corrections: [], identity_inquiries: [['inquiry_answers', 'inquiry_id'], ['inquiry_candidates', 'inquiry_id'], ['inquiry_transitions', 'inquiry_id'], ['missing_candidates', 'inquiry_id']], inquiry_candidates: [], missing_reports: [['missing_results', 'report_id'], ['missing_candidates', 'report_id']], missing_candidates: [['missing_results', 'candidate_id']], missing_results: [], protections: [], household_matches: [], household_flags: [], household_periods: [], household_help: [],
  registered_households: [['household_matches', 'household_id'], ['household_flags', 'household_id'], ['household_periods', 'household_id'], ['household_help', 'household_id'], ['household_members', 'household_id']], household_members: [['household_matches', 'member_id']],
};

function deleteRow(random: Seeded, { near }: Stock): Change | undefined {
  const table = random.pick(Object.keys(DEPENDENT));
  const rows = near[table] ?? [];
  if (rows.length === 0) return undefined;
  const row = random.pick(rows);
  return {
    words: `${table}: one less (${keyWords(row)})`, about: idsIn(row),
    statements: [...(DEPENDENT[table] ?? []).map(([dependent, column]) => ({ sql: `DELETE FROM guitu.${dependent} WHERE ${column} = $1`, values: [row['id']] })), { sql: `DELETE FROM guitu.${table} x WHERE to_jsonb(x) @> $1::jsonb`, values: [JSON.stringify(identityOf(row))] }],
  };
}

function changeProtection(random: Seeded, { tables, near }: Stock): Change {
  const person = random.pick([...(near['persons'] ?? []), ...(tables['persons'] ?? []).slice(0, 3)])['id'];
  const values = [person, random.pick(AGENCY_IDS), random.pick(DIVISIONS), random.chance(0.5) ? random.pick(AGENCY_IDS) : null];
  return {
    words: `protections: ${String(person)} held by ${String(values[1])} at ${String(values[2])}`, about: [String(person)],
    statements: [{ sql: "INSERT INTO guitu.protections (person_id, holding_agency, holding_division, named_unit, since, basis) VALUES ($1, $2, $3, $4, '2026-10-01', '暗') ON CONFLICT (person_id) DO UPDATE SET holding_agency = excluded.holding_agency, holding_division = excluded.holding_division, named_unit = excluded.named_unit", values }],
  };
}

/** Keys, allowances, events and evidence of others. */
function changeBookkeeping(random: Seeded): Change {
  const agency = random.pick(AGENCY_IDS);
  const statement = random.pick([
    { sql: "INSERT INTO guitu.idempotency_keys (agency_id, key, operation, request_hash, outcome, at) VALUES ($1, $2, 'sendReturnNotice', 'x', '{}', now())", values: [agency, random.pick(ATTACK_KEYS)] },
    { sql: "INSERT INTO guitu.rate_windows (agency_id, operation, window_start, items) SELECT $1, 'checkReturnees', date_trunc('hour', now()), 2000", values: [agency] },
    { sql: "INSERT INTO guitu.outbox (at, topic, record, record_id) VALUES (now(), 'return.sent', 'ReturnCase', gen_random_uuid())", values: [] },
    { sql: "INSERT INTO guitu_evidence.events (event_id, at, body, leaf) VALUES (gen_random_uuid(), now(), '{}', '\\x00')", values: [] },
  ]);
  return { words: `${/guitu\w*\.\w+/u.exec(statement.sql)?.[0] ?? ''} of another (${agency})`, about: [], statements: [statement] };
}

/** Members by which a row is known again. */
const identityOf = (row: RawRow): RawRow => Object.fromEntries(Object.entries(row).filter(([name]) => name === 'id' || (!('id' in row) && /_id$|^key$/u.test(name))));
/** Ids of records by which a viewer may see a row: its own, its person's, its case's, its household's. */
const idsIn = (row: RawRow): string[] => ['id', 'person_id', 'case_id', 'household_id'].flatMap((name) => (typeof row[name] === 'string' ? [row[name]] : []));
const keyWords = (row: RawRow): string => Object.values(identityOf(row)).join(' ');

function uuidOf(random: Seeded): string {
  const hex = Array.from({ length: 32 }, () => random.below(16).toString(16)).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
