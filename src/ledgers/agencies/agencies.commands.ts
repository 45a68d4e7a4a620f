import type { ClientBase } from 'pg';
import { isGroupingName, parseDivisionCode, rangeOf } from '../../kernel/divisions.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import { isFault } from '../../kernel/fault.js';
import { cleanText } from '../../kernel/text.js';
import type { AgencyKind, DivisionLevel } from '../../kernel/viewer.js';

/** First word of an agency's code by kind; a partner takes any other lower-case word. */
export const CODE_WORDS: Readonly<Record<string, AgencyKind>> = {
  station: 'RESCUE_STATION', civil: 'CIVIL_AFFAIRS', police: 'PUBLIC_SECURITY', health: 'HEALTH', poverty: 'POVERTY_RELIEF', township: 'TOWNSHIP',
  data: 'DATA_AUTHORITY', audit: 'AUDIT', insurance: 'PARTNER',
};

/** An agency as its operator names it. `kind` and `division` follow from the code, the level from the division, where they are not given. */
export interface AgencyInput { code: string; name: string; kind?: AgencyKind; division?: string; level?: DivisionLevel; phone?: string }

/** An agency with everything but the level settled. */
export interface AgencyDraft { code: string; name: string; kind: AgencyKind; division: string; level?: DivisionLevel; phone: string | null }

/** A line of the directory, as operators see it. `suspendedAt` in ISO 8601. */
export interface ListedAgency { code: string; name: string; kind: AgencyKind; level: DivisionLevel; division: string; divisionName: string; phone: string | null; suspendedAt: string | null }

/** A line of the issuers. */
export interface ListedIssuer { iss: string; agency: string; keys: string[]; suspendedAt: string | null }

const LONGEST_NAME_CHARS = 100;
const LONGEST_PHONE_CHARS = 40;

/**
 * Checks what can be checked without the database. The code is `kind-division`, and says nothing that its kind and division do not.
 * @throws Refusal BAD_USER_INPUT naming the input
 */
export function planAgency(input: AgencyInput): AgencyDraft {
  const [, word, digits] = /^([a-z]+)-(\d{6}(?:\d{3})?)$/.exec(input.code) ?? [];
  if (!word || !digits) throw badInput('code', '单位代码应为“类别-区划代码”，如 station-320281', 'an agency code is kind-division, such as station-320281');
  const kind = CODE_WORDS[word] ?? 'PARTNER';
  if (input.kind && input.kind !== kind) throw badInput('kind', `以“${word}-”开头的代码属于 ${kind}，与所填类别 ${input.kind} 不符`, `a code that starts with ${word}- is of kind ${kind}, not ${input.kind}`);
  const division = parseDivisionCode(input.division ?? digits);
  if (isFault(division)) throw badInput('division', division.zh, division.en);
  if (division !== digits) throw badInput('division', `单位代码中的区划 ${digits} 与所填区划 ${division} 不符`, `the code names division ${digits}, not ${division}`);
  const name = clean('name', input.name, LONGEST_NAME_CHARS);
  if (!name) throw badInput('name', '请填写单位名称', 'the agency needs a name');
  return { code: input.code, name, kind, division, ...(input.level && { level: input.level }), phone: clean('phone', input.phone ?? '', LONGEST_PHONE_CHARS) || null };
}

function clean(field: string, text: string, maxChars: number): string {
  const cleaned = cleanText(text, { maxChars });
  if (typeof cleaned !== 'string') throw badInput(field, cleaned.zh, cleaned.en);
  return cleaned;
}

/**
 * Adds an agency to the directory. It is known from its next request on.
 * @param owner a client of the tables' owner
 * @throws Refusal BAD_USER_INPUT for a division that is unknown, abolished or no place, or that cannot have this level; CONFLICT for a code that is taken
 */
export async function addAgency(owner: ClientBase, draft: AgencyDraft): Promise<{ level: DivisionLevel; divisionName: string }> {
  const found = await owner.query<{ name: string; level: DivisionLevel; abolished: boolean; successors: string }>(
    `SELECT d.name, d.level, d.valid_until IS NOT NULL AS abolished, coalesce((SELECT string_agg(c.successor, '、' ORDER BY c.successor) FROM guitu.division_changes c WHERE c.abolished = d.code), '') AS successors
     FROM guitu.divisions d WHERE d.code = $1`, [draft.division]);
  const division = found.rows[0];
  if (!division) throw badInput('division', `没有区划代码 ${draft.division}`, `there is no division ${draft.division}`);
  if (division.abolished) throw badInput('division', `区划 ${draft.division} 已撤销${division.successors && `，由 ${division.successors} 承接`}`, `division ${draft.division} was abolished${division.successors && `; see ${division.successors}`}`);
  if (isGroupingName(division.name)) throw badInput('division', `${draft.division}（${division.name}）只用于编码，不是一级行政区划`, `${draft.division} only groups codes and is no place`);
  const level = draft.level ?? division.level;
  if (!mayHaveLevel(draft.division, level)) throw badInput('level', `区划 ${draft.division} 不可能是 ${level} 一级（该区划为 ${division.level}）`, `division ${draft.division} cannot be of level ${level}; it is ${division.level}`);
  if ((draft.kind === 'TOWNSHIP') !== (level === 'TOWNSHIP')) throw badInput('division', '乡镇（街道）单位的区划应为 9 位代码，其他单位为 6 位', 'a township has a division of 9 digits, every other agency one of 6');
  const added = await owner.query('INSERT INTO guitu.agencies (code, name, kind, level, division, phone) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (code) DO NOTHING',
    [draft.code, draft.name, draft.kind, level, draft.division, draft.phone]);
  if (added.rowCount === 0) throw new Refusal('CONFLICT', { field: 'code', zh: `单位 ${draft.code} 已在目录中`, en: `agency ${draft.code} is in the directory already` });
  return { level, divisionName: division.name };
}

/** `rangeOf` throws where a code cannot be of a level; such an agency could never be answered. */
function mayHaveLevel(division: string, level: DivisionLevel): boolean {
  try {
    rangeOf(division, level);
    return true;
  } catch {
    return false;
  }
}

/** Every agency, by code. */
export async function listAgencies(owner: ClientBase): Promise<ListedAgency[]> {
  const found = await owner.query<Omit<ListedAgency, 'suspendedAt'> & { suspendedAt: Date | null }>(
    'SELECT a.code, a.name, a.kind, a.level, a.division, d.name AS "divisionName", a.phone, a.suspended_at AS "suspendedAt" FROM guitu.agencies a JOIN guitu.divisions d ON d.code = a.division ORDER BY a.code');
  return found.rows.map((row) => ({ ...row, suspendedAt: row.suspendedAt?.toISOString() ?? null }));
}

/**
 * Suspends an agency, or lets it in again: its next request is refused, or answered. Its tokens stay what they are.
 * @returns whether anything changed
 * @throws Refusal NOT_FOUND for an unknown code
 */
export async function setAgencySuspended(owner: ClientBase, code: string, suspended: boolean): Promise<{ name: string; changed: boolean }> {
  const { rows: [agency] } = await owner.query<{ name: string }>('SELECT name FROM guitu.agencies WHERE code = $1', [code]);
  if (!agency) throw unknownAgency(code);
  const { rowCount } = await owner.query('UPDATE guitu.agencies SET suspended_at = CASE WHEN $2 THEN now() END WHERE code = $1 AND (suspended_at IS NOT NULL) <> $2::boolean', [code, suspended]);
  return { name: agency.name, changed: rowCount === 1 };
}

/**
 * Lets an agency sign its tokens itself: whoever holds one of these keys speaks for this agency and for no other. Given again, an issuer's keys are
 * replaced, and it counts again if it was suspended.
 * @param jwks public keys, as `parsePublicKeys` gives them
 * @throws Refusal NOT_FOUND for an unknown agency, CONFLICT for an issuer of another one
 */
export async function addIssuer(owner: ClientBase, issuer: { agency: string; iss: string; jwks: { keys: readonly object[] } }): Promise<'added' | 'replaced'> {
  const { rows: [agency] } = await owner.query<{ id: string }>('SELECT id FROM guitu.agencies WHERE code = $1', [issuer.agency]);
  if (!agency) throw unknownAgency(issuer.agency);
  const put = await owner.query<{ added: boolean }>(
    `INSERT INTO guitu.issuers AS known (iss, agency_id, jwks) VALUES ($1, $2, $3)
     ON CONFLICT (iss) DO UPDATE SET jwks = excluded.jwks, suspended_at = NULL WHERE known.agency_id = excluded.agency_id RETURNING xmax = 0 AS added`, [issuer.iss, agency.id, JSON.stringify(issuer.jwks)]);
  const [row] = put.rows;
  if (!row) throw new Refusal('CONFLICT', { field: 'iss', zh: `签发方 ${issuer.iss} 已登记在另一单位名下`, en: `issuer ${issuer.iss} belongs to another agency` });
  return row.added ? 'added' : 'replaced';
}

/** Every issuer with the ids of its keys, by agency. */
export async function listIssuers(owner: ClientBase): Promise<ListedIssuer[]> {
  const found = await owner.query<{ iss: string; agency: string; jwks: { keys: { kid?: string }[] }; suspendedAt: Date | null }>(
    'SELECT i.iss, a.code AS agency, i.jwks, i.suspended_at AS "suspendedAt" FROM guitu.issuers i JOIN guitu.agencies a ON a.id = i.agency_id ORDER BY a.code, i.iss');
  return found.rows.map(({ iss, agency, jwks, suspendedAt }) => ({ iss, agency, keys: jwks.keys.map(({ kid }) => kid ?? ''), suspendedAt: suspendedAt?.toISOString() ?? null }));
}

/**
 * Suspends an issuer: no token of it counts from the next request on.
 * @returns the agency, and whether anything changed
 * @throws Refusal NOT_FOUND
 */
export async function suspendIssuer(owner: ClientBase, iss: string): Promise<{ agency: string; changed: boolean }> {
  const { rows: [issuer] } = await owner.query<{ agency: string }>('SELECT a.code AS agency FROM guitu.issuers i JOIN guitu.agencies a ON a.id = i.agency_id WHERE i.iss = $1', [iss]);
  if (!issuer) throw new Refusal('NOT_FOUND', { field: 'iss', zh: `没有签发方 ${iss}`, en: `there is no issuer ${iss}` });
  const { rowCount } = await owner.query('UPDATE guitu.issuers SET suspended_at = now() WHERE iss = $1 AND suspended_at IS NULL', [iss]);
  return { ...issuer, changed: rowCount === 1 };
}

function unknownAgency(code: string): Refusal {
  return new Refusal('NOT_FOUND', { field: 'code', zh: `目录中没有单位 ${code}`, en: `there is no agency ${code} in the directory` });
}
