import type { Client } from 'pg';

/**
 * Copies every table of the ledgers, so that many trials begin from the same rows without a database of their own each; `restoreTables` puts back what has changed since. Neither triggers
 * nor foreign keys have a say in that, so the order of tables has none. Evidence is not among them: it only grows. A table in
 * which no row is younger than its copy, and none is missing, is left alone.
 */
export async function saveTables(owner: Client): Promise<void> {
  const found = await owner.query<{ name: string }>("SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'guitu'");
  const tables = found.rows.map(({ name }) => name);
  const savedAt = (await owner.query<{ at: string }>('SELECT pg_current_xact_id()::text AS at')).rows[0]?.at;
  await owner.query(`CREATE SCHEMA saved; ${tables.map((table) => `CREATE TABLE saved.${table} AS TABLE guitu.${table};`).join(' ')}
    CREATE FUNCTION saved.restore() RETURNS void LANGUAGE plpgsql SET session_replication_role = replica AS $$ BEGIN ${tables.map((table) => `
      IF EXISTS (SELECT FROM guitu.${table} WHERE xmin::text::bigint >= ${savedAt}) OR (SELECT count(*) FROM guitu.${table}) <> (SELECT count(*) FROM saved.${table}) THEN
        DELETE FROM guitu.${table} now WHERE now::text NOT IN (SELECT was::text FROM saved.${table} was);
        INSERT INTO guitu.${table} SELECT * FROM saved.${table} was WHERE was::text NOT IN (SELECT now::text FROM guitu.${table} now);
      END IF;`).join('')}
    END $$`);
}

export async function restoreTables(owner: Client): Promise<void> {
  await owner.query('SELECT saved.restore()');
}
