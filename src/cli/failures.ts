import { ConfigError } from '../config.js';
import { Refusal } from '../kernel/errors.js';
import { KeyRingError } from '../kernel/key-ring.js';
import { PolicyRefused } from '../policy/language.js';
import { CommandRefused, EXIT, type ExitCode } from './shell.js';

/** What an operator reads of an error, and the exit code. Never a stack. */
export interface Failure { text: string; exitCode: ExitCode }

/** One clear sentence for everything that can stop a command: Chinese, then English, and how to mend it. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CommandRefused) return { text: error.message, exitCode: error.exitCode };
  return { text: sentence(error), exitCode: EXIT.REFUSED };
}

function sentence(error: unknown): string {
  if (error instanceof Refusal) return `${error.sentence('zh')}\n${error.sentence('en')}`;
  if (error instanceof PolicyRefused) return `${error.message}\n改正后可先运行 guitu policy check · mend it, then try: guitu policy check`;
  if (error instanceof ConfigError) return `配置有误，见 guitu doctor · the configuration is not valid, see guitu doctor:\n${error.lines.map((line) => `  ${line}`).join('\n')}`;
  if (error instanceof KeyRingError) return `密钥文件不能使用 · the key ring cannot be used:\n  ${error.message}`;
  const fault = asFault(error);
  return SENTENCES[fault.code]?.(fault) ?? (fault.severity ? databaseSentence(fault) : systemSentence(fault));
}

interface Fault { code: string; message: string; severity: string; path: string; address: string; port: string; syscall: string }

/** The members of node's and PostgreSQL's errors that are worth telling. Of several attempts to connect (two addresses of one name) the last counts. */
function asFault(error: unknown): Fault {
  const inner: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
  const source = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  const text = (name: string): string => (typeof source[name] === 'string' || typeof source[name] === 'number' ? String(source[name]) : '');
  return { code: text('code'), message: text('message') || String(inner), severity: text('severity'), path: text('path'), address: text('address'), port: text('port'), syscall: text('syscall') };
}

const both = (zh: string, en: string): string => `${zh}\n${en}`;

const unreachable = ({ code, address, port }: Fault): string => {
  const where = [address, port].filter(Boolean).join(':');
  return both(`数据库连接不上（${where || code}）：请检查 DATABASE_URL，以及数据库是否已启动`, `the database cannot be reached (${where || code}): check DATABASE_URL, and whether the database runs`);
};

const notAllowed = (fault: Fault): string =>
  (fault.severity
    ? both(`DATABASE_URL 中的登录角色无权这样做（${fault.message}）：此命令请以数据库所有者的身份运行`, 'the login in DATABASE_URL may not do this: run this command as the owner of the database')
    : systemSentence(fault));

/** By the code of node (errno) or of PostgreSQL (SQLSTATE). */
const SENTENCES: Record<string, ((fault: Fault) => string) | undefined> = {
  EADDRINUSE: ({ port, address }) => both(
    `端口 ${port} 已被占用：请停止占用它的程序，或换一个端口，如 PORT=${Number(port) + 1}`, `port ${port} on ${address} is in use: stop the program that uses it, or choose another, such as PORT=${Number(port) + 1}`),
  EADDRNOTAVAIL: ({ address }) => both(`本机没有地址 ${address}：请检查 HOST`, `this machine has no address ${address}: check HOST`),
  ECONNREFUSED: unreachable, ECONNRESET: unreachable, ETIMEDOUT: unreachable, EHOSTUNREACH: unreachable, ENETUNREACH: unreachable,
  ENOTFOUND: (fault) => (fault.syscall === 'getaddrinfo' ? both('找不到主机：请检查 HOST 与 DATABASE_URL 中的主机名', 'no such host: check the host names in HOST and DATABASE_URL') : unreachable(fault)),
  ENOENT: (fault) => (fault.syscall === 'connect' ? unreachable(fault) : both(`没有这个文件或目录：${fault.path}`, `no such file or folder: ${fault.path}`)),
  EACCES: (fault) => (fault.syscall === 'listen'
    ? both(`不允许监听端口 ${fault.port}：请用 PORT 换一个 1024 以上的端口`, `port ${fault.port} may not be listened on: choose one above 1024 with PORT`)
    : both(`没有权限读写 ${fault.path}：请检查该文件或目录的所有者与权限，或用 GUITU_DATA 指定别的数据目录`, `${fault.path} may not be read or written: check its owner and mode, or choose another GUITU_DATA`)),
  EROFS: ({ path }) => both(`${path} 所在的文件系统是只读的：请用 GUITU_DATA 指定可写的数据目录`, `${path} lies on a read-only file system: choose a GUITU_DATA that can be written to`),
  EISDIR: () => both('所给的是目录，不是文件', 'that is a folder, not a file'),
  ENOSPC: ({ path }) => both(`磁盘已满${path && `（${path}）`}`, `the disk is full${path && ` (${path})`}`),
  '28P01': () => both('数据库不接受 DATABASE_URL 中的用户名或口令', 'the database does not accept the user or password in DATABASE_URL'),
  '28000': () => both('数据库不允许 DATABASE_URL 中的用户从这里登录（见 pg_hba.conf）', 'the database does not let the user in DATABASE_URL log in from here (see pg_hba.conf)'),
  '3D000': () => both('DATABASE_URL 所指的数据库不存在：请先建立它', 'the database in DATABASE_URL does not exist: create it first'),
  '3F000': () => NOT_MIGRATED, '42P01': () => NOT_MIGRATED,
  '42501': notAllowed,
  '53300': () => both('数据库的连接数已满：请稍后再试，或调小 GUITU_READ_POOL、GUITU_WRITE_POOL', 'the database has no connection to spare: try again later, or lower GUITU_READ_POOL and GUITU_WRITE_POOL'),
  '57P03': () => both('数据库正在启动或停止，请稍后再试', 'the database is starting or stopping: try again later'),
};

const NOT_MIGRATED = both('数据库尚未迁移：请以数据库所有者的身份先运行 guitu migrate', 'the database was never migrated: run guitu migrate as its owner first');

const databaseSentence = ({ code, message }: Fault): string => both(`数据库报错（${code}）：${message}`, 'the database refused this');

/** Errors of our own that tell both languages in one message come out as they are. */
const systemSentence = ({ message }: Fault): string => (/\p{Script=Han}/u.test(message) ? message : both(`未能完成：${message}`, 'this could not be done'));
