import { Logger, runMigrations } from 'graphile-worker';
import { Pool, type Client } from 'pg';
import { clientConfig, type Connection } from './pools.js';
import { DATABASE_ROLES } from './session.js';

/**
 * Brings graphile-worker's own schema to the version of the package. Its tables belong to a role of their own, which owns nothing else: the worker must own them to pass their
 * row-level security, and the hub's login is a member of that role and of no owner of a ledger.
 * @param owner the database's owner, who holds the migration lock
 */
export async function migrateJobs(owner: Client, connection: Connection): Promise<void> {
  const role = DATABASE_ROLES.jobs;
  const { rows: [found] } = await owner.query<{ database: string; made: boolean; schema: boolean }>("SELECT current_database() AS database, EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS made, to_regnamespace('graphile_worker') IS NOT NULL AS schema", [role]);
  if (!found?.made) await owner.query(`CREATE ROLE ${role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE`);
  const database = owner.escapeIdentifier(found?.database ?? '');
  if (!found?.schema) await owner.query(`GRANT ${role} TO CURRENT_USER; CREATE SCHEMA graphile_worker AUTHORIZATION ${role}`);
  await owner.query(`GRANT CREATE ON DATABASE ${database} TO ${role}`);
  const pool = new Pool({ ...clientConfig(connection, { role, statement_timeout: 0 }), application_name: 'guitu migrate', max: 2 });
  // What breaks here is told by the query that it breaks.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await runMigrations({ pgPool: pool, logger: new Logger(() => () => undefined) });
  } finally {
    await pool.end();
    await owner.query(`REVOKE CREATE ON DATABASE ${database} FROM ${role}`);
  }
}
