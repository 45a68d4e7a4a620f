import type { ClientBase, Pool } from 'pg';
import { listPendingMigrations } from './migrate.js';
import { DATABASE_ROLES } from './session.js';

/** Any number will do, as long as all hubs take the same. */
const LOCK = 1_764_000_001;

const HUB_ROLES = Object.values(DATABASE_ROLES);

/** Tables that hold no shared record: the public directory, calendars and settings, internal ids of protections, where states stand, and the outbox, which can only be added to. */
const OPEN_TABLES = ['divisions', 'division_changes', 'directory_version', 'agencies', 'issuers', 'calendar_days', 'settings', 'protections', 'outbox', 'record_states'];

/**
 * Makes a role the hub's login: LOGIN NOINHERIT, nothing of its own, and member of the reader's, the writer's and the evidence role.
 * Called by the owner, after `migrate`. Attributes that already hold are not touched, since before PostgreSQL 16 only a superuser may even repeat NOSUPERUSER.
 * @param owner a client outside a transaction
 * @param password set if given; without one a role that is missing is not made
 * @throws Error where the role is missing and no password is given, or the owner may not change it
 */
export async function grantHubLogin(owner: ClientBase, login: string, password?: string): Promise<void> {
  await owner.query('BEGIN');
  try {
    // two hubs that start at once would both make the role, or change it under each other
    await owner.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await changeHubLogin(owner, login, password);
    await owner.query('COMMIT');
  } catch (error) {
    await owner.query('ROLLBACK');
    throw error;
  }
}

async function changeHubLogin(owner: ClientBase, login: string, password: string | undefined): Promise<void> {
  const name = owner.escapeIdentifier(login);
  const { rows: [role] } = await owner.query<RoleAttributes>('SELECT rolcanlogin, rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = $1', [login]);
  if (!role && password === undefined) throw new Error(`数据库角色 ${login} 不存在，请给出口令以便创建。 the database role ${login} does not exist: give a password to have it made`);
  const wanted = role ? Object.entries(HUB_LOGIN).flatMap(([attribute, [value, word]]) => (role[attribute as keyof RoleAttributes] === value ? [] : [word])) : Object.values(HUB_LOGIN).map(([, word]) => word);
  const changes = [...wanted, ...(password === undefined ? [] : [`PASSWORD ${owner.escapeLiteral(password)}`])];
  if (changes.length > 0) await owner.query(`${role ? 'ALTER' : 'CREATE'} ROLE ${name} ${changes.join(' ')}`);
  await owner.query(`GRANT ${HUB_ROLES.join(', ')} TO ${name}`);
}

interface RoleAttributes { rolcanlogin: boolean; rolsuper: boolean; rolbypassrls: boolean; rolinherit: boolean; rolcreaterole: boolean; rolcreatedb: boolean; rolreplication: boolean }

const HUB_LOGIN: Record<keyof RoleAttributes, [boolean, string]> = {
  rolcanlogin: [true, 'LOGIN'], rolsuper: [false, 'NOSUPERUSER'], rolbypassrls: [false, 'NOBYPASSRLS'], rolinherit: [false, 'NOINHERIT'],
  rolcreaterole: [false, 'NOCREATEROLE'], rolcreatedb: [false, 'NOCREATEDB'], rolreplication: [false, 'NOREPLICATION'],
};

/**
 * The hub's own check before it serves: that its database login can never step past row-level security, and that the boundary is in place.
 * What counts is every role that the login is, or could `SET ROLE` to.
 * @throws Error that names what is wrong and how to mend it, Chinese, then English
 */
export async function assertLeastPrivilege(reader: Pool): Promise<void> {
  const pending = await listPendingMigrations(reader).catch((error: unknown) => {
    if (isUnknownRole(error)) throw refusal(`数据库尚未迁移，或登录角色未被授予 ${HUB_ROLES.join('、')}。${MEND.zh}`, `the database was never migrated, or its login was not granted ${HUB_ROLES.join(', ')}. ${MEND.en}`);
    throw error;
  });
  if (pending.length > 0) throw refusal(`数据库尚有 ${pending.length} 个迁移未执行，请以数据库所有者身份先行迁移`, `the database lacks ${pending.length} migrations (${pending.join(', ')}): run them as its owner`);
  const { rows: powers } = await reader.query<{ login: string; power: keyof typeof POWERS; what: string }>(POWERS_SQL, [[...DANGEROUS_ROLES]]);
  const [power] = powers;
  if (power) throw refusal(`数据库登录角色 ${power.login} 权限过大（${POWERS[power.power].zh}：${power.what}）。${MEND.zh}`, `the database login ${power.login} may do too much: it ${POWERS[power.power].en} (${power.what}). ${MEND.en}`);
  const { rows: [missing] } = await reader.query<{ login: string; names: string }>(
    "SELECT session_user::text AS login, string_agg(r.rolname, ', ') AS names FROM pg_roles r WHERE r.rolname = ANY ($1) AND NOT pg_has_role(session_user, r.oid, 'MEMBER') HAVING count(*) > 0", [HUB_ROLES]);
  if (missing) throw refusal(`数据库登录角色 ${missing.login} 未被授予 ${missing.names}。${MEND.zh}`, `the database login ${missing.login} was not granted ${missing.names}. ${MEND.en}`);
  const { rows: bare } = await reader.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'guitu'::regnamespace AND relkind IN ('r', 'p') AND NOT relrowsecurity AND relname <> ALL ($1) ORDER BY 1", [OPEN_TABLES]);
  if (bare.length > 0) {
    const names = bare.map((table) => table.name).join(', ');
    throw refusal(`下列表未启用行级安全：${names}。请以数据库所有者执行 ALTER TABLE guitu.… ENABLE ROW LEVEL SECURITY`, `row-level security is off on ${names}: as the owner, ALTER TABLE guitu.… ENABLE ROW LEVEL SECURITY`);
  }
}

/** Roles of PostgreSQL itself that reach past what is granted on tables. */
const DANGEROUS_ROLES = ['pg_read_all_data', 'pg_write_all_data', 'pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files'];

const POWERS = {
  SUPERUSER: { zh: '超级用户', en: 'is or may become a superuser' },
  BYPASSRLS: { zh: '可绕过行级安全', en: 'may bypass row-level security' },
  CREATEROLE: { zh: '可创建角色', en: 'may create roles' },
  REPLICATION: { zh: '可复制整个数据库', en: 'may replicate the whole server' },
  PREDEFINED: { zh: '属于系统预设的特权角色', en: 'belongs to a privileged role of PostgreSQL' },
  DATABASE: { zh: '是数据库所有者，或可成为其所有者', en: 'owns the database, or may become its owner' },
  SCHEMA: { zh: '拥有模式', en: 'owns a schema, or may become its owner' },
  TABLE: { zh: '拥有表', en: 'owns a table, or may become its owner' },
  FUNCTION: { zh: '拥有函数', en: 'owns a function, or may become its owner' },
};

/** First the widest power: whoever is a superuser is a member of everything. */
const POWERS_SQL = `
WITH mine AS (SELECT r.* FROM pg_roles r WHERE pg_has_role(session_user, r.oid, 'MEMBER') OR r.rolname = current_user),
schemas AS (SELECT * FROM pg_namespace WHERE nspname IN ('guitu', 'guitu_evidence', 'guitu_meta'))
SELECT session_user::text AS login, power, what FROM (
  SELECT 1, 'SUPERUSER', rolname::text FROM mine WHERE rolsuper
  UNION ALL SELECT 2, 'BYPASSRLS', rolname FROM mine WHERE rolbypassrls
  UNION ALL SELECT 3, 'CREATEROLE', rolname FROM mine WHERE rolcreaterole
  UNION ALL SELECT 4, 'REPLICATION', rolname FROM mine WHERE rolreplication
  UNION ALL SELECT 5, 'PREDEFINED', rolname FROM mine WHERE rolname = ANY ($1)
  UNION ALL SELECT 6, 'DATABASE', d.datname FROM pg_database d JOIN mine ON mine.oid = d.datdba WHERE d.datname = current_database()
  UNION ALL SELECT 7, 'SCHEMA', s.nspname FROM schemas s JOIN mine ON mine.oid = s.nspowner
  UNION ALL SELECT 8, 'TABLE', c.oid::regclass::text FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace JOIN mine ON mine.oid = c.relowner
  UNION ALL SELECT 9, 'FUNCTION', p.oid::regprocedure::text FROM pg_proc p JOIN schemas s ON s.oid = p.pronamespace JOIN mine ON mine.oid = p.proowner
) AS found (width, power, what) ORDER BY width, what LIMIT 1`;

const MEND = {
  zh: `请以数据库所有者执行 guitu migrate 和 guitu grant 登录角色（即 GRANT ${HUB_ROLES.join(', ')}），并在 DATABASE_URL 中使用该登录角色，而不是所有者。`,
  en: `As the owner of the database run guitu migrate and guitu grant LOGIN (that is, GRANT ${HUB_ROLES.join(', ')}), and name that login in DATABASE_URL, not the owner.`,
};

/** Connections start in a role: where it is not there (22023), or not theirs (42501), nothing can be asked at all. */
function isUnknownRole(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '22023' || error.code === '42501');
}

function refusal(zh: string, en: string): Error {
  return new Error(`${zh.replace(/。$/u, '')}。 ${en}`);
}
