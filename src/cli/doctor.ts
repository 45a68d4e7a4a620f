import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { loadKeyRing } from '../auth/key-ring-file.js';
import { ConfigError, type Config } from '../config.js';
import { locateBinaries } from '../db/embedded-binaries.js';
import { inspectDatabase, type Finding } from './doctor-database.js';
import { configTable } from './config-table.js';
import { describeFailure } from './failures.js';
import { readPolicy } from './policy.js';
import { EXIT, type ExitCode, type Shell } from './shell.js';

/**
 * Looks at everything that a start needs, and changes nothing: what is not there yet is only said to be made later.
 * @returns REFUSED if the hub would not start
 */
export async function runDoctor(shell: Shell): Promise<ExitCode> {
  const config = readOrExplain(shell);
  shell.print(configTable(config instanceof ConfigError ? undefined : config));
  shell.print('');
  const findings: Finding[] = [nodeVersion(process.versions.node)];
  if (config instanceof ConfigError) findings.push(...config.lines.map((line): Finding => ({ state: '错误', what: `配置 · configuration: ${line}`, remedy: '改正该环境变量 · correct this variable' })));
  else findings.push(...await findAll(config));
  for (const { state, what, remedy } of findings) shell.print(`${state === 'ok' ? ' ok ' : state}  ${what}${remedy ? `\n      → ${remedy}` : ''}`);
  return findings.some(({ state }) => state === '错误') ? EXIT.REFUSED : EXIT.DONE;
}

function readOrExplain(shell: Shell): Config | ConfigError {
  try {
    return shell.config();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

async function findAll(config: Config): Promise<Finding[]> {
  const notices = config.notices.map((notice): Finding => ({ state: '注意', what: `配置 · configuration: ${notice}` }));
  return [...notices, await platformPackage(config), await dataFolder(config), await keyRing(config), await policy(config), ...await inspectDatabase(config)];
}

const LEAST_NODE = [20, 19] as const;

/** What the manifest's `engines` says. */
export function nodeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  const what = `Node.js ${version}`;
  return enough ? { state: 'ok', what } : { state: '错误', what, remedy: `请安装 Node.js ${LEAST_NODE.join('.')} 或更高版本 · install Node.js ${LEAST_NODE.join('.')} or later` };
}

async function platformPackage({ databaseUrl, dataDirectory }: Config): Promise<Finding> {
  if (databaseUrl !== undefined) return { state: 'ok', what: '使用 DATABASE_URL 所指的数据库，不需要内嵌数据库 · DATABASE_URL is used, no embedded database is needed' };
  return tryFinding('内嵌 PostgreSQL 程序 · the embedded PostgreSQL', async () => { locateBinaries(dataDirectory); });
}

async function dataFolder({ dataDirectory }: Config): Promise<Finding> {
  const what = `数据目录 · data folder: ${dataDirectory}`;
  const found = await stat(dataDirectory).catch(() => undefined);
  if (found && !found.isDirectory()) return { state: '错误', what, remedy: '该路径不是目录，请用 GUITU_DATA 指定别处 · it is no folder: choose another GUITU_DATA' };
  const writable = await access(found ? dataDirectory : await nearestFolder(dataDirectory), constants.W_OK | constants.X_OK).then(() => true, () => false);
  if (!writable) return { state: '错误', what, remedy: '没有写入权限：请检查所有者与权限，或用 GUITU_DATA 指定别处 · it may not be written to: check its owner and mode, or choose another GUITU_DATA' };
  return { state: 'ok', what: found ? what : `${what}（首次启动时建立 · made at the first start）` };
}

async function nearestFolder(path: string): Promise<string> {
  const parent = dirname(path);
  return parent === path || await stat(parent).catch(() => undefined) ? parent : nearestFolder(parent);
}

async function keyRing({ keysFile, mode }: Config): Promise<Finding> {
  const what = `密钥文件 · key ring: ${keysFile}`;
  const there = await stat(keysFile).catch(() => undefined);
  if (!there && mode === 'demo') return { state: 'ok', what: `${what}（首次启动时生成 · generated at the first start）` };
  return tryFinding(what, async () => { await loadKeyRing({ file: keysFile, mode }); });
}

async function policy({ policiesDirectory }: Config): Promise<Finding> {
  return tryFinding(`策略 · policy: ${policiesDirectory}`, async () => { await readPolicy(policiesDirectory); });
}

/** `ok` if `look` returns; else an error with the sentence that a start would end with. */
async function tryFinding(what: string, look: () => Promise<void>): Promise<Finding> {
  try {
    await look();
    return { state: 'ok', what };
  } catch (error) {
    return { state: '错误', what, remedy: describeFailure(error).text.replaceAll('\n', '\n        ') };
  }
}
