import type { Pool } from 'pg';
import type { RowSource } from '../../db/row-source.js';
import type { DirectoryEntry, HeldDirectory } from '../../disclosure/reference.js';
import { refuseLost } from '../../disclosure/run.js';
import { badInput } from '../../kernel/errors.js';
import { isFault } from '../../kernel/fault.js';
import { areasOf, parseDivisionCode, type DivisionRange, type Succession } from '../../kernel/divisions.js';
import type { AgencyKind, DivisionLevel } from '../../kernel/viewer.js';

/** An agency as the hub knows it; kind, level and division are never taken from a token. */
export interface AgencyRow { agencyId: string; agencyCode: string; name: string; kind: AgencyKind; level: DivisionLevel; division: string; suspended: boolean; areas: DivisionRange[] }
export interface DivisionRow extends Record<string, unknown> { code: string; name: string; level: DivisionLevel; parent: string | null; abolished: boolean }

/**
 * The public directory. Whether an agency may ask is always looked up in the database: a suspended one is out at its next request. Names and places are held
 * by the process, and read anew when the directory's version, which comes with that look-up, has changed.
 */
export class Directory implements HeldDirectory {
  version = '';
  #entries: ReadonlyMap<string, ReadonlyMap<string, DirectoryEntry>> = new Map();
  #refreshing: Promise<void> | undefined;
  #successions: Promise<Succession[]> | undefined;

  constructor(private readonly pool: Pool) {}

  async findAgency(code: string): Promise<AgencyRow | undefined> {
    const found = await this.pool.query<Omit<AgencyRow, 'areas'> & { directoryVersion: string }>({ name: 'agency-by-code', text: `${AGENCY} WHERE code = $1`, values: [code] }).catch(refuseLost);
    if (!found.rows[0]) return undefined;
    const { directoryVersion, ...row } = found.rows[0];
    if (directoryVersion !== this.version) await this.refresh();
    return { ...row, areas: areasOf({ code: row.division, level: row.level }, await this.#successionsInForce()) };
  }

  find(reference: string, key: string): DirectoryEntry | undefined {
    return this.#entries.get(reference)?.get(key);
  }

  /** Reads the whole directory; several who ask at once share one reading. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#read().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #read(): Promise<void> {
    // The version first: what changes after it is read again by whoever sees the newer one.
    const version = await this.pool.query<{ version: string }>('SELECT version::text AS version FROM guitu.directory_version').catch(refuseLost);
    const agencies = await this.pool.query<Record<string, string | null>>('SELECT id, code, name, kind, level, division, phone FROM guitu.agencies').catch(refuseLost);
    const divisions = await this.pool.query<Record<string, string | null>>('SELECT code, name, level, parent FROM guitu.divisions').catch(refuseLost);
    this.#entries = new Map([
      ['Agency', new Map(agencies.rows.map((row) => [row['id'] ?? '', row]))],
      ['Division', new Map(divisions.rows.map((row) => [row['code'] ?? '', row]))],
    ]);
    this.version = version.rows[0]?.version ?? '';
  }

  async findIssuer(iss: string): Promise<{ iss: string; agencyCode: string; jwks: { keys: Record<string, unknown>[] } } | undefined> {
    const found = await this.pool.query<{ iss: string; agencyCode: string; jwks: { keys: Record<string, unknown>[] } }>({
      name: 'issuer', values: [iss],
      text: 'SELECT i.iss, a.code AS "agencyCode", i.jwks FROM guitu.issuers i JOIN guitu.agencies a ON a.id = i.agency_id WHERE i.iss = $1 AND i.suspended_at IS NULL',
    }).catch(refuseLost);
    return found.rows[0];
  }

  /**
   * The division of a code that is in force today.
   * @throws Refusal BAD_USER_INPUT
   */
  async getDivision(db: RowSource, text: string, field: string): Promise<DivisionRow> {
    const code = parseDivisionCode(text);
    if (isFault(code)) throw badInput(field, code.zh, code.en);
    const rows = await db.query<DivisionRow>('SELECT code, name, level, parent, valid_until IS NOT NULL AS abolished FROM guitu.divisions WHERE code = $1', [code]);
    const row = rows[0];
    if (!row) throw badInput(field, '没有这个行政区划代码', 'no such division code');
    return row;
  }

  /** The agency of a code, if it is of one of these kinds and takes part. @throws Refusal BAD_USER_INPUT */
  async getAgencyOfKind(db: RowSource, code: string, kinds: readonly AgencyKind[], field: string): Promise<{ agencyId: string; division: string }> {
    const rows = await db.query<{ agencyId: string; division: string }>('SELECT id AS "agencyId", division FROM guitu.agencies WHERE code = $1 AND kind = ANY ($2) AND suspended_at IS NULL', [code, kinds]);
    const row = rows[0];
    if (!row) throw badInput(field, `没有这个单位，或类别不符（应为 ${kinds.join('、')}）`, `no such agency, or not of kind ${kinds.join(', ')}`);
    return row;
  }

  /** An agency on the hub by the name that a spreadsheet gives it. */
  async findStationByName(db: RowSource, name: string): Promise<{ agencyId: string; division: string } | undefined> {
    const rows = await db.query<{ agencyId: string; division: string }>("SELECT id AS \"agencyId\", division FROM guitu.agencies WHERE (name = $1 OR code = $1) AND kind IN ('RESCUE_STATION', 'CIVIL_AFFAIRS') AND suspended_at IS NULL", [name]);
    return rows.length === 1 ? rows[0] : undefined;
  }

  /**
   * Who receives a returnee of a division: its rescue station, or its civil affairs department where there is none (民发〔2020〕14号 二(五));
   * where it has neither on the hub, the same one level up, never the ministry.
   * @throws Refusal BAD_USER_INPUT where nobody is found
   */
  async getReceiver(db: RowSource, division: DivisionRow, field: string): Promise<{ agencyId: string; agencyCode: string }> {
    if (division.abolished) throw badInput(field, '该区划代码已撤销，请填写现行代码', 'the division was abolished; give its successor');
    const rows = await db.query<{ agencyId: string; agencyCode: string }>(RECEIVER, [division.code]);
    const row = rows[0];
    if (!row) throw badInput(field, '该地尚无接入的救助管理机构或民政部门', 'no rescue station or civil affairs department of that place is on the hub');
    return row;
  }

  /** All divisions, for reading addresses in spreadsheets. */
  async listDivisions(): Promise<DivisionRow[]> {
    const found = await this.pool.query<DivisionRow>('SELECT code, name, level, parent, valid_until IS NOT NULL AS abolished FROM guitu.divisions ORDER BY code').catch(refuseLost);
    return found.rows;
  }

  /** Successions change with a migration only, so one reading lasts a process. */
  #successionsInForce(): Promise<Succession[]> {
    this.#successions ??= this.pool
      .query<Succession>('SELECT c.abolished, d.level, c.successor, c.took_effect AS "on" FROM guitu.division_changes c JOIN guitu.divisions d ON d.code = c.abolished WHERE c.took_effect <= current_date')
      .then((found) => found.rows)
      .catch((error: unknown) => {
        this.#successions = undefined;
        return refuseLost(error);
      });
    return this.#successions;
  }
}

const AGENCY = 'SELECT id AS "agencyId", code AS "agencyCode", name, kind, level, division, suspended_at IS NOT NULL AS suspended, (SELECT version::text FROM guitu.directory_version) AS "directoryVersion" FROM guitu.agencies';

const RECEIVER = `
WITH RECURSIVE up AS (
  SELECT code, parent, level, 0 AS steps FROM guitu.divisions WHERE code = $1
  UNION ALL SELECT d.code, d.parent, d.level, up.steps + 1 FROM guitu.divisions d JOIN up ON d.code = up.parent
)
SELECT a.id AS "agencyId", a.code AS "agencyCode" FROM up JOIN guitu.agencies a ON a.division = up.code
WHERE a.kind IN ('RESCUE_STATION', 'CIVIL_AFFAIRS') AND a.suspended_at IS NULL AND up.level <> 'MINISTRY'
ORDER BY up.steps, a.kind = 'RESCUE_STATION' DESC, a.code LIMIT 1`;
