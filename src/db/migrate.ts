import { Client, type ClientBase, type Pool } from 'pg';
import { House1764000000001 } from '../../migrations/m0001-house.js';
import { Boundaries1764000000002 } from '../../migrations/m0002-boundaries.js';
import { Reference1764000000003 } from '../../migrations/m0003-reference.js';
import { Clocks1764000000004 } from '../../migrations/m0004-clocks.js';
import { Returns1764000000005 } from '../../migrations/m0005-returns.js';
import { Registry1764000000006 } from '../../migrations/m0006-registry.js';
import { Settlement1764000000007 } from '../../migrations/m0007-settlement.js';
import { People1764000000008 } from '../../migrations/m0008-people.js';
import { FlagDuties1764000000009 } from '../../migrations/m0009-flag-duties.js';
import { Inquiries1764000000010 } from '../../migrations/m0010-inquiries.js';
import { Statistics1764000000011 } from '../../migrations/m0011-statistics.js';
import { Corrections1764000000012 } from '../../migrations/m0012-corrections.js';
import { Households1764000000013 } from '../../migrations/m0013-households.js';
import { CountInquiries1764000000014 } from '../../migrations/m0014-count-inquiries.js';
import { HouseholdHelp1764000000016 } from '../../migrations/m0016-household-help.js';
import { MissingReports1764000000017 } from '../../migrations/m0017-missing-reports.js';
import { LookUps1764000000018 } from '../../migrations/m0018-look-ups.js';
import { HiddenHits1764000000019 } from '../../migrations/m0019-hidden-hits.js';
import { YoungerOfTwo1764000000020 } from '../../migrations/m0020-younger-of-two.js';
import { FoundWhileMoving1764000000021 } from '../../migrations/m0021-found-while-moving.js';
import { WithItsRecord1764000000022 } from '../../migrations/m0022-with-its-record.js';
import { Told1764000000023 } from '../../migrations/m0023-told.js';
import { Namesakes1764000000024 } from '../../migrations/m0024-namesakes.js';
import { Documents1764000000025 } from '../../migrations/m0025-documents.js';
import { IdentityCorrections1764000000026 } from '../../migrations/m0026-identity-corrections.js';
import { ReturneeRevisits1764000000027 } from '../../migrations/m0027-returnee-revisits.js';
import { OfThePlace1764000000028 } from '../../migrations/m0028-of-the-place.js';
import { ToldByTopic1764000000029 } from '../../migrations/m0029-told-by-topic.js';
import { OfTheNotice1764000000030 } from '../../migrations/m0030-of-the-notice.js';
import { AskersAreTold1764000000031 } from '../../migrations/m0031-askers-are-told.js';
import { migrateJobs } from './job-schema.js';
import { clientConfig, type Connection } from './pools.js';
import { DATABASE_ROLES } from './session.js';

/** Every migration, in order. Listed, not globbed: what runs against a ledger is what was reviewed. */
const MIGRATIONS = [House1764000000001, Boundaries1764000000002, Reference1764000000003, Clocks1764000000004, Returns1764000000005, Registry1764000000006, Settlement1764000000007, People1764000000008, FlagDuties1764000000009, Inquiries1764000000010, Statistics1764000000011, Corrections1764000000012, Households1764000000013, CountInquiries1764000000014, HouseholdHelp1764000000016, MissingReports1764000000017, LookUps1764000000018, HiddenHits1764000000019, YoungerOfTwo1764000000020, FoundWhileMoving1764000000021, WithItsRecord1764000000022, Told1764000000023, Namesakes1764000000024, Documents1764000000025, IdentityCorrections1764000000026, ReturneeRevisits1764000000027, OfThePlace1764000000028, ToldByTopic1764000000029, OfTheNotice1764000000030, AskersAreTold1764000000031];
const MIGRATION_NAMES: readonly string[] = MIGRATIONS.map((Migration) => new Migration().name);

const META_SCHEMA = 'guitu_meta';

/** Any number will do, as long as all hubs take the same. */
const LOCK = 1_764_000_000;

/**
 * Brings the database to the newest migration, each in a transaction of its own; a second run changes nothing. An advisory lock makes hubs that
 * start at once wait for one another. Connects as the owner of the database: a superuser, or its owner with CREATEROLE.
 * @returns the names of the migrations that this run applied
 */
export async function migrate(connection: Connection): Promise<{ applied: string[] }> {
  const guard = new Client({ ...clientConfig(connection, { statement_timeout: 0, lock_timeout: 0 }), application_name: 'guitu migrate' });
  await guard.connect();
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const pending = (await listPendingMigrations(guard)).length > 0;
    if (pending) await guard.query(`CREATE SCHEMA IF NOT EXISTS ${META_SCHEMA}`);
    const applied = pending ? await runPending(connection) : [];
    await letReaderAsk(guard);
    await migrateJobs(guard, connection);
    return { applied };
  } finally {
    await guard.end();
  }
}

/** Names of the migrations that the database still lacks; all of them where it was never migrated. */
export async function listPendingMigrations(database: ClientBase | Pool): Promise<string[]> {
  const found = await database.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [`${META_SCHEMA}.migrations`]);
  if (!found.rows[0]?.there) return [...MIGRATION_NAMES];
  const { rows } = await database.query<{ name: string }>(`SELECT name FROM ${META_SCHEMA}.migrations`);
  const applied = new Set(rows.map((row) => row.name));
  return MIGRATION_NAMES.filter((name) => !applied.has(name));
}

/** The hub asks at its start what is pending. Looked at in every run: one that was killed here is made good by the next. */
async function letReaderAsk(owner: Client): Promise<void> {
  const { rows: [row] } = await owner.query<{ may: boolean }>('SELECT has_table_privilege($1, $2, $3) AS may', [DATABASE_ROLES.reader, `${META_SCHEMA}.migrations`, 'SELECT']);
  if (row?.may) return;
  await owner.query(`GRANT USAGE ON SCHEMA ${META_SCHEMA} TO ${DATABASE_ROLES.reader}; GRANT SELECT ON ${META_SCHEMA}.migrations TO ${DATABASE_ROLES.reader}`);
}

async function runPending(connection: Connection): Promise<string[]> {
  // Most starts and commands find nothing to do, and loading it takes a quarter of a second.
  const { DataSource } = await import('typeorm');
  const source = new DataSource({
    type: 'postgres', schema: META_SCHEMA, migrations: MIGRATIONS, migrationsTableName: 'migrations', migrationsTransactionMode: 'each',
    logging: false, installExtensions: false,
    // whole, past TypeORM's own reading of URLs, which knows no sockets
    extra: { ...clientConfig(connection, { statement_timeout: 0, timezone: 'Asia/Shanghai' }), application_name: 'guitu migrate', max: 1 },
  });
  await source.initialize();
  try {
    return (await source.runMigrations()).map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}
