import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { Config } from '../config.js';
import { startEmbedded } from '../db/embedded.js';
import { listPendingMigrations } from '../db/migrate.js';
import { openPools, type Connection } from '../db/pools.js';
import { assertLeastPrivilege } from '../db/roles.js';
import { DATABASE_ROLES } from '../db/session.js';
import { DATABASE, withClient } from './database.js';
import { describeFailure } from './failures.js';

/** One line of the doctor's. `remedy` where something is to be done. */
export interface Finding { state: 'ok' | '注意' | '错误'; what: string; remedy?: string }

/** What can be found out about the database without changing it. An embedded one that exists is started for the look, or the running one is asked. */
export async function inspectDatabase(config: Config): Promise<Finding[]> {
  return config.databaseUrl === undefined ? embeddedFindings(config) : urlFindings(config.databaseUrl);
}

async function embeddedFindings({ dataDirectory }: Config): Promise<Finding[]> {
  const what = '内嵌数据库 · embedded database';
  if (!existsSync(join(dataDirectory, 'postgres'))) return [{ state: 'ok', what: `${what}（首次启动时建立 · made at the first start）` }];
  try {
    const server = await startEmbedded({ dataFolder: dataDirectory });
    try {
      return await withClient({ ...server.admin, database: DATABASE }, async (client) => {
        const pending = await listPendingMigrations(client);
        const migrations: Finding[] = pending.length === 0 ? [] : [{ state: '注意', what: `尚有 ${pending.length} 个迁移 · ${pending.length} migrations pending`, remedy: '下次启动时自动执行 · applied at the next start' }];
        return [{ state: 'ok', what: `${what}: PostgreSQL ${await versionOf(client)}${server.adopted ? '（运行中 · running）' : ''}` }, ...migrations, ...await textFindings(client)];
      });
    } finally {
      await server.stop();
    }
  } catch (error) {
    return [{ state: '错误', what, remedy: describeFailure(error).text }];
  }
}

const LEAST_POSTGRES = 15;

async function urlFindings(url: string): Promise<Finding[]> {
  const what = '数据库 · database (DATABASE_URL)';
  try {
    return await withClient(url, async (client) => {
      const version = await versionOf(client);
      const first: Finding = Number.parseInt(version, 10) >= LEAST_POSTGRES ? { state: 'ok', what: `${what}: PostgreSQL ${version}` } : { state: '错误', what: `${what}: PostgreSQL ${version}`, remedy: `需要 PostgreSQL ${LEAST_POSTGRES} 或更高版本 · PostgreSQL ${LEAST_POSTGRES} or later is needed` };
      return [first, ...await textFindings(client), ...await loginFindings(url, client)];
    });
  } catch (error) {
    return [{ state: '错误', what, remedy: describeFailure(error).text }];
  }
}

async function versionOf(client: Client): Promise<string> {
  const { rows: [row] } = await client.query<{ version: string }>("SELECT split_part(current_setting('server_version'), ' ', 1) AS version");
  return row?.version ?? '0';
}

/** Under a ctype that knows no Chinese letters, trigrams of a Chinese name are empty and every search by name reads the whole table. Asked of PostgreSQL itself. */
async function textFindings(client: Client): Promise<Finding[]> {
  const { rows: [row] } = await client.query<{ encoding: string; ctype: string; knows: boolean }>(
    "SELECT current_setting('server_encoding') AS encoding, datctype AS ctype, '江' ~ '^[[:alpha:]]$' AS knows FROM pg_database WHERE datname = current_database()");
  const what = `字符集 ${row?.encoding}，lc_ctype ${row?.ctype} · encoding and lc_ctype`;
  if (row?.encoding !== 'UTF8') return [{ state: '错误', what, remedy: '数据库须为 UTF8 编码：重新建立数据库时写 ENCODING \'UTF8\' · the database must be made with ENCODING \'UTF8\'' }];
  if (row.knows) return [{ state: 'ok', what }];
  return [{ state: '注意', what, remedy: '中文姓名检索用不上三元组索引：建库时写 LC_CTYPE \'C.UTF-8\' TEMPLATE template0 · searches by Chinese names will find no trigram index: make the database with LC_CTYPE \'C.UTF-8\' TEMPLATE template0' }];
}

/** Whether the hub would start with this login; what it is good for, if not. */
async function loginFindings(url: Connection, client: Client): Promise<Finding[]> {
  const pools = openPools(url, { reader: 1, writer: 1, evidence: 1 });
  try {
    await assertLeastPrivilege(pools.reader);
    return [{ state: 'ok', what: '迁移齐全，登录角色权限恰当 · migrated, and the login has no more than it needs' }];
  } catch (error) {
    const finding: Finding = { state: '错误', what: '平台不能以此登录角色启动 · the hub does not start with this login', remedy: describeFailure(error).text.replaceAll('\n', '\n        ') };
    return [finding, ...await ownerHint(client)];
  } finally {
    await pools.end();
  }
}

async function ownerHint(client: Client): Promise<Finding[]> {
  const { rows: [row] } = await client.query<{ owner: boolean; roles: boolean }>(
    `SELECT pg_has_role(session_user, datdba, 'MEMBER') AS owner, EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS roles FROM pg_database WHERE datname = current_database()`, [DATABASE_ROLES.reader]);
  if (!row?.owner) return [];
  return [{ state: '注意', what: '此登录角色是数据库所有者，可用于 guitu migrate、grant、agency、issuer · this login owns the database: good for guitu migrate, grant, agency and issuer', remedy: row.roles ? 'guitu grant 登录角色 --password-file 文件' : 'guitu migrate' }];
}
