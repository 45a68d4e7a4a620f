import { Client } from 'pg';
import { clientConfig } from '../../src/db/pools.js';
import { CATALOGUE } from '../policy/shipped-policy.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { readFacts, type RecordFacts } from '../support/facts.js';
import { WORLD_NOW } from '../support/world.js';

/** A stored row as JSON gives it, by column. */
export type RawRow = Readonly<Record<string, unknown>>;
/** Every row of every table that is not public, by table. */
export type RawTables = Readonly<Record<string, readonly RawRow[]>>;

/** The public directory, the calendar and what the migrations note: open to everybody, so never hidden, and not restored. */
const PUBLIC_TABLES = ['divisions', 'division_changes', 'agencies', 'issuers', 'directory_version', 'calendar_days', 'settings', 'migrations', 'record_states'];

/**
 * What the database draws at random is pinned: ids of cases and households come from a sequence, case numbers and versions from the id and the version before.
 * Ids of persons have a sequence of their own, because a hidden person makes the hub draw one less.
 */
const PINNED = `
CREATE SCHEMA twins;
${['return_cases', 'persons', 'registered_households', 'stays', 'identity_inquiries', 'missing_reports', 'duties', 'duty_notices', 'tellings', 'corrections', 'household_help'].map((table) => `CREATE SEQUENCE twins.${table}_ids;
CREATE FUNCTION twins.next_of_${table}() RETURNS uuid LANGUAGE sql SECURITY DEFINER AS $$ SELECT md5('${table}' || nextval('twins.${table}_ids'))::uuid $$;
ALTER TABLE guitu.${table} ALTER COLUMN id SET DEFAULT twins.next_of_${table}();`).join('\n')}
CREATE FUNCTION twins.pin_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.case_no := 'GT-' || upper(substr(md5(NEW.id::text), 1, 5)) || '-' || upper(substr(md5(NEW.id::text), 6, 5));
    NEW.version := hashtext(NEW.id::text) & 2147483647;
  ELSIF NEW.version <> OLD.version THEN
    NEW.version := hashtext(NEW.id::text || OLD.version) & 2147483647;
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION twins.pin_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version <> OLD.version THEN
    NEW.version := hashtext(NEW.id::text || OLD.version) & 2147483647;
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION twins.pin_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.stay_no := 'ST-' || upper(substr(md5(NEW.id::text), 1, 5)) || '-' || upper(substr(md5(NEW.id::text), 6, 5));
  NEW.version := hashtext(NEW.id::text) & 2147483647;
  RETURN NEW;
END $$;
CREATE TRIGGER pin_stay BEFORE INSERT ON guitu.stays FOR EACH ROW WHEN (current_user = 'guitu_writer') EXECUTE FUNCTION twins.pin_stay();
CREATE FUNCTION twins.pin_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.correction_no := 'CO-' || upper(substr(md5(NEW.id::text), 1, 5)) || '-' || upper(substr(md5(NEW.id::text), 6, 5));
  NEW.version := hashtext(NEW.id::text) & 2147483647;
  RETURN NEW;
END $$;
CREATE TRIGGER pin_correction BEFORE INSERT ON guitu.corrections FOR EACH ROW WHEN (current_user = 'guitu_writer') EXECUTE FUNCTION twins.pin_correction();
CREATE TRIGGER pin_version BEFORE UPDATE ON guitu.corrections FOR EACH ROW WHEN (current_user = 'guitu_writer') EXECUTE FUNCTION twins.pin_version();
CREATE TRIGGER pin_version BEFORE UPDATE ON guitu.stays FOR EACH ROW WHEN (current_user = 'guitu_writer') EXECUTE FUNCTION twins.pin_version();
CREATE TRIGGER pin_version BEFORE UPDATE ON guitu.settlement_cases FOR EACH ROW WHEN (current_user = 'guitu_writer') EXECUTE FUNCTION twins.pin_version();
CREATE FUNCTION twins.pin_inquiry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.inquiry_no := 'IQ-' || upper(substr(md5(NEW.id::text), 1, 5)) || '-' || upper(substr(md5(NEW.id::text), 6, 5));
  NEW.version := hashtext(NEW.id::text) & 2147483647;
  RETURN NEW;
END $$;
CREATE FUNCTION twins.pin_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.report_no := 'MR-' || upper(substr(md5(NEW.id::text), 1, 5)) || '-' || upper(substr(md5(NEW.id::text), 6, 5));
  NEW.version := hashtext(NEW.id::text) & 2147483647;
  RETURN NEW;
END $$;
CREATE TRIGGER pin_report BEFORE INSERT ON guitu.missing_reports FOR EACH ROW WHEN (current_user = 'guitu_writer') EXECUTE FUNCTION twins.pin_report();
CREATE TRIGGER pin_version BEFORE UPDATE ON guitu.missing_reports FOR EACH ROW WHEN (current_user = 'guitu_writer') EXECUTE FUNCTION twins.pin_version();
CREATE FUNCTION twins.pin_candidate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  NEW.candidate_no := 'CA-' || upper(substr(md5(NEW.inquiry_id::text || NEW.step), 1, 5)) || '-' || upper(substr(md5(NEW.inquiry_id::text || NEW.step), 6, 5));
  RETURN NEW;
END $$;
CREATE TRIGGER pin_inquiry BEFORE INSERT ON guitu.identity_inquiries FOR EACH ROW WHEN (current_user = 'guitu_writer') EXECUTE FUNCTION twins.pin_inquiry();
CREATE TRIGGER pin_candidate BEFORE INSERT ON guitu.inquiry_candidates FOR EACH ROW WHEN (nullif(current_setting('guitu.agency', true), '') IS NOT NULL) EXECUTE FUNCTION twins.pin_candidate();
CREATE TRIGGER pin_version BEFORE UPDATE ON guitu.identity_inquiries FOR EACH ROW WHEN (nullif(current_setting('guitu.agency', true), '') IS NOT NULL) EXECUTE FUNCTION twins.pin_version();
CREATE TRIGGER pin_case BEFORE INSERT OR UPDATE ON guitu.return_cases FOR EACH ROW WHEN (current_user = 'guitu_writer') EXECUTE FUNCTION twins.pin_case();
GRANT USAGE ON SCHEMA twins TO guitu_writer;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA twins TO guitu_writer;
`;

/** One of the twins: a copy of the named small world that can be changed behind the hub's back, and put back. */
export class TwinDatabase {
  private constructor(readonly database: TestDatabase, private readonly owner: Client, readonly tables: readonly string[]) {}

  /** @param prepare changes the world before it is what `restore` comes back to */
  static async create(prepare: (twin: TwinDatabase) => Promise<void> = async () => undefined): Promise<TwinDatabase> {
    const database = await createTestDatabase();
    const owner = new Client(clientConfig(database.admin));
    await owner.connect();
    const { rows } = await owner.query<{ name: string }>("SELECT relname AS name FROM pg_class WHERE relnamespace = 'guitu'::regnamespace AND relkind = 'r' ORDER BY relname");
    const tables = rows.map(({ name }) => name).filter((name) => !PUBLIC_TABLES.includes(name));
    await owner.query(PINNED);
    const twin = new TwinDatabase(database, owner, tables);
    await prepare(twin);
    await owner.query(tables.map((table) => `CREATE TABLE twins.${table} AS TABLE guitu.${table};`).join('\n'));
    return twin;
  }

  /** Runs statements as the owner, all or none. @returns false where the tables' own constraints refuse them, or nothing was changed */
  async change(statements: readonly { sql: string; values: readonly unknown[] }[]): Promise<boolean> {
    await this.owner.query('BEGIN');
    try {
      let rows = 0;
      for (const { sql, values } of statements) rows += (await this.owner.query(sql, [...values])).rowCount ?? 0;
      await this.owner.query('COMMIT');
      return rows > 0;
    } catch (error) {
      await this.owner.query('ROLLBACK');
      if (error instanceof Error && 'code' in error && String(error.code).startsWith('23')) return false;
      throw error;
    }
  }

  /** Puts every row back as it was, and the sequences; foreign keys are not asked meanwhile. Evidence stays: it is only ever added to, and never read by the API. */
  async restore(): Promise<void> {
    const same = (one: string, other: string): string => `ROW(${one}.*) IS NOT DISTINCT FROM ROW(${other}.*)`;
    await this.owner.query([
      'BEGIN; SET LOCAL session_replication_role = replica;',
      ...this.tables.map((table) => `DELETE FROM guitu.${table} x WHERE NOT EXISTS (SELECT FROM twins.${table} b WHERE ${same('b', 'x')}); INSERT INTO guitu.${table} SELECT b.* FROM twins.${table} b WHERE NOT EXISTS (SELECT FROM guitu.${table} x WHERE ${same('x', 'b')});`),
      ...['return_cases', 'persons', 'registered_households', 'stays', 'identity_inquiries', 'missing_reports', 'duties', 'duty_notices', 'tellings', 'corrections', 'household_help'].map((table) => `SELECT setval('twins.${table}_ids', 1, false);`),
      'COMMIT',
    ].join('\n'));
  }

  /** Takes away dead rows, so that a long run stays as fast as it began. */
  async tidy(): Promise<void> {
    for (const table of this.tables) await this.owner.query(`VACUUM guitu.${table}`);
  }

  /** Runs one question as the owner. */
  async query<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.owner.query<Row>(sql, [...values])).rows;
  }

  /** Every row that is not public, as it now stands. */
  async read(): Promise<RawTables> {
    const { rows } = await this.owner.query<{ tables: RawTables }>(`SELECT json_build_object(${this.tables.map((table) => `'${table}', (SELECT coalesce(json_agg(x), '[]') FROM guitu.${table} x)`).join(', ')}) AS tables`);
    return rows[0]?.tables ?? {};
  }

  facts(): Promise<RecordFacts> {
    return readFacts(this.owner, [...CATALOGUE.records.values()], WORLD_NOW);
  }

  async drop(): Promise<void> {
    await this.owner.end();
    await this.database.drop();
  }
}
