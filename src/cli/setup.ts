import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { createKeyRingFile, loadKeyRing } from '../auth/key-ring-file.js';
import { migrate } from '../db/migrate.js';
import { grantHubLogin } from '../db/roles.js';
import { openDatabase, withOwner } from './database.js';
import { CommandRefused, usage, type Shell } from './shell.js';

/** Brings the database to this version's tables, as its owner. The embedded database needs no asking: opening it is enough. */
export async function runMigrate(shell: Shell): Promise<void> {
  const config = shell.config();
  if (config.databaseUrl === undefined) {
    const database = await openDatabase(config, await loadKeyRing({ file: config.keysFile, mode: config.mode }));
    await database.stop();
    return shell.print('内嵌数据库已是最新（每次启动时自动迁移）\nthe embedded database is at the newest version; it is migrated at every start');
  }
  const { applied } = await migrate(config.databaseUrl);
  if (applied.length === 0) return shell.print('数据库已是最新，没有需要执行的迁移\nthe database is at the newest version');
  return shell.print(`已执行 ${applied.length} 个迁移：\n${applied.map((name) => `  ${name}`).join('\n')}\n下一步 · next:  guitu grant 登录角色 --password-file 文件`);
}

/**
 * Makes a login of the database the hub's: nothing of its own, and member of the reader's, the writer's and the evidence role.
 * @param passwordFile first line is the password, `-` for standard input; without one the login must exist
 */
export async function runGrant(shell: Shell, login: string, passwordFile: string | undefined): Promise<void> {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(login) || login.startsWith('pg_')) throw usage('登录角色名由小写字母、数字与下划线组成，至多 63 个字符', 'a login is lower-case letters, digits and underscores, 63 at most');
  const config = shell.config();
  if (config.databaseUrl === undefined) throw new CommandRefused('内嵌数据库的登录角色由程序自行建立，无须授权；此命令用于 DATABASE_URL 所指的数据库', 'the embedded database makes its own login; this command is for the database in DATABASE_URL');
  const password = passwordFile === undefined ? undefined : await readPassword(passwordFile);
  await withOwner(config, async (owner) => {
    const { rows: [self] } = await owner.query<{ same: boolean }>('SELECT session_user::text = $1 AS same', [login]);
    if (self?.same) throw new CommandRefused(`${login} 是您现在使用的所有者角色，不能同时作为平台的登录角色`, `${login} is the owner that you act as, and cannot be the hub's login too`);
    await grantHubLogin(owner, login, password);
  });
  shell.print(`登录角色 ${login} 可供平台使用：启动时在 DATABASE_URL 中填写它\n${login} may be used by the hub: name it in DATABASE_URL`);
}

async function readPassword(file: string): Promise<string> {
  const text = file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8');
  const [password = ''] = text.split(/\r?\n/);
  if (password.length < 12) throw new CommandRefused('口令至少 12 个字符，写在文件的第一行', 'a password has at least 12 characters, on the first line of the file');
  return password;
}

/** Makes a key ring where there is none. In a demo with a key for demo tokens, in production without. */
export async function runKeysGenerate(shell: Shell): Promise<void> {
  const { keysFile, mode } = shell.config();
  const made = await createKeyRingFile(keysFile, { demoIssuer: mode === 'demo' });
  if (!made) throw new CommandRefused(`密钥文件 ${keysFile} 已存在，不会被覆盖：没有它，已加密的数据无法读取`, `${keysFile} exists and is never overwritten: what was sealed with it could not be read without it`);
  shell.print(`已生成密钥文件 ${keysFile}（${mode === 'demo' ? '演示用，含演示令牌的签名密钥' : '正式用'}）\n请另存一份并妥善保管：丢失后，已加密的数据无法恢复\nkeep a copy in a safe place: without it sealed values are lost`);
}
