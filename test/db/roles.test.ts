import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from 'pg';
import { openPools, type Connection, type Pools } from '../../src/db/pools.js';
import { assertLeastPrivilege, grantHubLogin } from '../../src/db/roles.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.js';
import { withClient } from '../support/test-server.js';

let database: TestDatabase;
beforeAll(async () => { database = await createTestDatabase(); });
afterAll(() => database.drop());

const asOwner = <Result>(run: (owner: Client) => Promise<Result>): Promise<Result> => withClient(database.admin, run);

async function withPools<Result>(connection: Connection, run: (pools: Pools) => Promise<Result>): Promise<Result> {
  const pools = openPools(connection, { reader: 1, writer: 1, evidence: 1 });
  try {
    return await run(pools);
  } finally {
    await pools.end();
  }
}

const check = (connection: Connection = database.hub): Promise<void> => withPools(connection, ({ reader }) => assertLeastPrivilege(reader));

/** Everything that the roles may do, by table. What is not here they may not. */
const DIRECTORY = ['agencies', 'calendar_days', 'directory_version', 'division_changes', 'divisions', 'issuers', 'settings'];
const LEDGERS = ['at_risk_entries', 'at_risk_transitions', 'corrections', 'follow_up_visits', 'duties', 'duty_notices', 'household_flags', 'household_help', 'household_matches', 'household_members', 'household_periods', 'identity_inquiries', 'inquiry_answers', 'inquiry_candidates', 'inquiry_transitions', 'inbox_items', 'missing_candidates', 'missing_reports', 'missing_results', 'persons', 'protections', 'registered_households', 'return_cases', 'return_referrals', 'return_revisits', 'return_transitions', 'settlement_cases', 'settlement_transitions', 'stay_moves', 'stays', 'tellings'];
const WRITER_ALSO: Record<string, string[]> = {
  at_risk_entries: ['INSERT', 'UPDATE'], at_risk_transitions: ['INSERT'], follow_up_visits: ['INSERT'], return_cases: ['INSERT', 'UPDATE'], return_transitions: ['INSERT'], return_referrals: ['INSERT', 'UPDATE'], return_revisits: ['INSERT'], registered_households: ['INSERT', 'UPDATE'], household_members: ['INSERT', 'UPDATE'], household_periods: ['INSERT', 'UPDATE'], household_help: ['INSERT'], household_flags: ['UPDATE'],
  settlement_cases: ['INSERT', 'UPDATE'], settlement_transitions: ['INSERT'], stays: ['INSERT', 'UPDATE'], stay_moves: ['INSERT'], corrections: ['INSERT', 'UPDATE'],
  identity_inquiries: ['INSERT', 'UPDATE'], inquiry_answers: ['INSERT', 'UPDATE'], inquiry_candidates: ['UPDATE'], inquiry_transitions: ['INSERT'], missing_reports: ['INSERT', 'UPDATE'], missing_candidates: ['UPDATE'],
  idempotency_keys: ['INSERT', 'SELECT', 'UPDATE'], rate_windows: ['INSERT', 'SELECT', 'UPDATE'], outbox: ['INSERT'],
};
/** The clock's own, beside the outbox and the evidence that everybody may add to. */
const CLOCK: Record<string, string[]> = {
  agencies: ['SELECT'], calendar_days: ['SELECT'], division_changes: ['SELECT'], divisions: ['SELECT'], protections: ['SELECT'], settings: ['SELECT'],
  duties: ['INSERT', 'SELECT', 'UPDATE'], duty_notices: ['INSERT', 'SELECT'], outbox: ['INSERT'], settlement_cases: ['INSERT', 'SELECT'], settlement_transitions: ['INSERT'], return_cases: ['SELECT', 'UPDATE'], return_transitions: ['INSERT', 'SELECT'], stays: ['SELECT'],
  statistics_periods: ['INSERT', 'SELECT'], statistics_counts: ['INSERT', 'SELECT'], statistics_figures: ['INSERT', 'SELECT'],
};

describe('the roles', () => {
  test('have exactly the rights on tables that are listed here', async () => {
    const expected = [
      ...[...DIRECTORY, ...LEDGERS].flatMap((table) => [`guitu_reader SELECT guitu.${table}`, `guitu_writer SELECT guitu.${table}`]),
      ...Object.entries(WRITER_ALSO).flatMap(([table, rights]) => rights.map((right) => `guitu_writer ${right} guitu.${table}`)),
      ...Object.entries(CLOCK).flatMap(([table, rights]) => rights.map((right) => `guitu_clock ${right} guitu.${table}`)), 'guitu_clock INSERT guitu_evidence.events', 'column persons id', 'column persons identity_state',
      'guitu_writer INSERT guitu_evidence.events', 'guitu_evidence INSERT guitu_evidence.events', 'guitu_reader SELECT guitu_meta.migrations', 'guitu_reader SELECT guitu.statistics_periods', 'guitu_reader SELECT guitu.statistics_figures',
    ];
    const { rows } = await asOwner((owner) => owner.query<{ line: string }>(`
      SELECT concat_ws(' ', coalesce(r.rolname, 'PUBLIC'), a.privilege_type, n.nspname || '.' || c.relname) AS line
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE n.nspname LIKE 'guitu%' AND a.grantee <> c.relowner
      UNION ALL SELECT concat_ws(' ', 'column', c.relname, t.attname) FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname LIKE 'guitu%' AND t.attacl IS NOT NULL`));
    expect(rows.map((row) => row.line).toSorted()).toEqual(expected.toSorted());
  });

  test('run no function but those made for them', async () => {
    const { rows } = await asOwner((owner) => owner.query<{ line: string }>(`
      SELECT concat_ws(' ', coalesce(r.rolname, 'PUBLIC'), p.proname) AS line FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      CROSS JOIN aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a LEFT JOIN pg_roles r ON r.oid = a.grantee WHERE n.nspname LIKE 'guitu%' AND a.grantee <> p.proowner`));
    expect(rows.map((row) => row.line).toSorted()).toEqual([
      'guitu_clock begin_duty', 'guitu_clock count_duties', 'guitu_clock count_households', 'guitu_clock count_inquiries', 'guitu_clock count_revisits', 'guitu_clock count_settlements', 'guitu_clock count_stays', 'guitu_clock end_duties', 'guitu_reader correction_stands', 'guitu_reader household_flag_stands', 'guitu_reader in_succeeded_area', 'guitu_reader state_of', 'guitu_writer begin_duty', 'guitu_writer begin_return_revisit', 'guitu_writer compare_missing_reports', 'guitu_writer correction_stands', 'guitu_writer count_earlier_returns', 'guitu_writer end_duties', 'guitu_writer end_duty_of', 'guitu_writer end_protection', 'guitu_writer enter_person', 'guitu_writer has_open_referral', 'guitu_writer hide_hits', 'guitu_writer hold_hits', 'guitu_writer hold_missing_candidate', 'guitu_writer hold_revisits', 'guitu_writer household_flag_stands',
      'guitu_writer identify_by_candidate', 'guitu_writer identify_settled', 'guitu_writer in_succeeded_area', 'guitu_writer is_identified', 'guitu_writer is_minor_settled', 'guitu_writer is_settled', 'guitu_writer leave_revisit', 'guitu_writer link_person', 'guitu_writer make_surveyed_person', 'guitu_writer match_entrant', 'guitu_writer match_households', 'guitu_writer meet_revisits', 'guitu_writer merge_people', 'guitu_writer protect_person', 'guitu_writer record_hit', 'guitu_writer renew_flag_duties', 'guitu_writer renew_missing_candidates', 'guitu_writer source_of_person', 'guitu_writer split_people', 'guitu_writer standing_revisit', 'guitu_writer state_of', 'guitu_writer take_over_correction', 'guitu_writer take_over_subject', 'guitu_writer tell_missing_result', 'guitu_writer tell_of_correction', 'guitu_writer tell_of_recall', 'guitu_writer unmatch_households', 'guitu_writer void_revisits', 'guitu_writer withdraw_inquiries',
    ]);
  });

  test('cannot read or change what was recorded as evidence', async () => {
    await withPools(database.hub, async ({ reader, writer, evidence }) => {
      for (const pool of [reader, writer, evidence]) {
        for (const sql of ['SELECT FROM guitu_evidence.events', "UPDATE guitu_evidence.events SET body = ''", 'DELETE FROM guitu_evidence.events', 'TRUNCATE guitu_evidence.events']) {
          await expect(pool.query(sql)).rejects.toMatchObject({ code: '42501' });
        }
      }
    });
  });

  test('nor can the owner change evidence by mistake', async () => {
    await asOwner(async (owner) => {
      await owner.query("INSERT INTO guitu_evidence.events (event_id, at, body, leaf) VALUES (gen_random_uuid(), now(), '{}', '')");
      await expect(owner.query('DELETE FROM guitu_evidence.events')).rejects.toThrow('evidence is only ever added to');
      await expect(owner.query('TRUNCATE guitu_evidence.events')).rejects.toThrow('evidence is only ever added to');
    });
  });
});

test('every table has row-level security, save those that hold no shared record', async () => {
  const { rows } = await asOwner((owner) => owner.query<{ name: string }>("SELECT relname AS name FROM pg_class WHERE relnamespace = 'guitu'::regnamespace AND relkind IN ('r', 'p') AND NOT relrowsecurity"));
  expect(rows.map((row) => row.name).toSorted()).toEqual([...DIRECTORY, 'outbox', 'protections', 'record_states'].toSorted());
});

describe('the hub\'s login', () => {
  test('owns nothing', async () => {
    const { rows } = await asOwner((owner) => owner.query("SELECT * FROM pg_shdepend WHERE deptype = 'o' AND refobjid = (SELECT oid FROM pg_roles WHERE rolname = $1)", [database.hub.user]));
    expect(rows).toEqual([]);
  });

  test('starts each connection in the role of its pool, and a reset leads back to that role', async () => {
    await withPools(database.hub, async (pools) => {
      for (const [name, role] of [['reader', 'guitu_reader'], ['writer', 'guitu_writer'], ['evidence', 'guitu_evidence']] as const) {
        await pools[name].query('RESET ROLE');
        const { rows } = await pools[name].query("SELECT current_user::text AS role, session_user::text AS login, current_setting('search_path') AS path, current_setting('timezone') AS zone, date '2026-11-20' AS day, 5::bigint AS five");
        expect(rows).toEqual([{ role, login: database.hub.user, path: 'guitu', zone: 'Asia/Shanghai', day: '2026-11-20', five: 5 }]);
      }
    });
  });

  test('keeps its roles where a URL brings options of its own', async () => {
    const { host, port, user, password } = database.hub;
    const url = `postgresql://${user}:${password}@/${database.hub.database}?host=${encodeURIComponent(host)}&port=${port}&options=-c%20role%3Dguitu_writer%20-c%20jit%3Doff`;
    await withPools(url, async ({ reader }) => {
      expect((await reader.query("SELECT current_user::text AS role, current_setting('jit') AS jit")).rows).toEqual([{ role: 'guitu_reader', jit: 'off' }]);
    });
  });

  test('a pool outlives connections that the server ends, at rest and in use', async () => {
    await withPools(database.hub, async ({ reader }) => {
      const client = await reader.connect();
      const { rows: [row] } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await asOwner((owner) => owner.query('SELECT pg_terminate_backend($1, 5000)', [row?.pid]));
      await expect(client.query('SELECT 1')).rejects.toThrow();
      client.release(true);
      expect((await reader.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    });
  });
});

describe('the hub does not start', () => {
  test('unless everything is as it should be', async () => {
    await expect(check()).resolves.toBeUndefined();
  });

  test('as the superuser', async () => {
    await expect(check(database.admin)).rejects.toThrow(/超级用户.*superuser/su);
  });

  test.each([
    ['that may bypass row-level security', 'BYPASSRLS', '', 'bypass row-level security'],
    ['that may create roles', 'CREATEROLE', '', 'create roles'],
    ['that belongs to a role which reads everything', '', 'pg_read_all_data', 'pg_read_all_data'],
  ])('with a login %s', async (_, attribute, membership, said) => {
    const careless = `careless_${database.hub.database}`;
    await asOwner(async (owner) => {
      await grantHubLogin(owner, careless, 'careless');
      if (attribute) await owner.query(`ALTER ROLE ${careless} ${attribute}`);
      if (membership) await owner.query(`GRANT ${membership} TO ${careless}`);
    });
    try {
      await expect(check({ ...database.hub, user: careless, password: 'careless' })).rejects.toThrow(said);
    } finally {
      await asOwner((owner) => owner.query(`DROP ROLE ${careless}`));
    }
  });

  test.each([['the database', 'ALTER DATABASE «database» OWNER TO', 'owns the database'], ['a table', 'ALTER TABLE guitu.persons OWNER TO', 'owns a table'], ['a schema', 'ALTER SCHEMA guitu OWNER TO', 'owns a schema']])(
    'with a login that could become the owner of %s', async (_, change, said) => {
      const group = `group_${database.hub.database}`;
      const alter = (to: string): string => `${change.replace('«database»', database.hub.database)} ${to}`;
      await asOwner(async (owner) => {
        await owner.query(`CREATE ROLE ${group} NOLOGIN`);
        await owner.query(`GRANT ${group} TO ${database.hub.user}`);
        await owner.query(alter(group));
      });
      try {
        await expect(check()).rejects.toThrow(said);
      } finally {
        await asOwner((owner) => owner.query(`${alter('CURRENT_USER')}; DROP ROLE ${group}`));
      }
    });

  test('where row-level security is off on a ledger', async () => {
    await asOwner((owner) => owner.query('ALTER TABLE guitu.return_cases DISABLE ROW LEVEL SECURITY'));
    await expect(check()).rejects.toThrow(/未启用行级安全：return_cases.*row-level security is off on return_cases/su);
    await asOwner((owner) => owner.query('ALTER TABLE guitu.return_cases ENABLE ROW LEVEL SECURITY'));
  });

  test('where a migration is pending', async () => {
    await asOwner((owner) => owner.query("DELETE FROM guitu_meta.migrations WHERE name = 'Reference1764000000003'"));
    await expect(check()).rejects.toThrow('lacks 1 migrations (Reference1764000000003)');
    await asOwner((owner) => owner.query("INSERT INTO guitu_meta.migrations (timestamp, name) VALUES (1764000000003, 'Reference1764000000003')"));
  });

  test('on a database that was never migrated', async () => {
    const empty = await createEmptyDatabase();
    await expect(check({ ...database.hub, database: empty.admin.database })).rejects.toThrow(/lacks \d+ migrations/u);
    await empty.drop();
  });

  test('with a login that was granted nothing', async () => {
    const stranger = `stranger_${database.hub.database}`;
    await asOwner((owner) => owner.query(`CREATE ROLE ${stranger} LOGIN PASSWORD 'stranger'`));
    await expect(check({ ...database.hub, user: stranger, password: 'stranger' })).rejects.toThrow('GRANT guitu_reader, guitu_writer, guitu_evidence');
    await asOwner((owner) => owner.query(`DROP ROLE ${stranger}`));
  });
});

const login = (): string => `odd "name" ${database.hub.database}`;

describe('granting the hub\'s login', () => {
  test('refuses to make one without a password', async () => {
    await expect(asOwner((owner) => grantHubLogin(owner, login()))).rejects.toThrow('give a password');
  });

  test('makes it once, of two hubs that start together', async () => {
    await expect(Promise.all([1, 2, 3].map(() => asOwner((owner) => grantHubLogin(owner, login(), 'same'))))).resolves.toHaveLength(3);
  });

  test('changes it, and takes back what a careless hand gave it', async () => {
    await asOwner(async (owner) => {
      await grantHubLogin(owner, login(), 'a\'b"c');
      await owner.query(`ALTER ROLE ${owner.escapeIdentifier(login())} SUPERUSER INHERIT CREATEDB`);
      await grantHubLogin(owner, login());
    });
    await expect(check({ ...database.hub, user: login(), password: 'a\'b"c' })).resolves.toBeUndefined();
    await asOwner((owner) => owner.query(`DROP ROLE ${owner.escapeIdentifier(login())}`));
  });
});
