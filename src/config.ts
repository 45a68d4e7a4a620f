import { join, resolve } from 'node:path';
import { z } from 'zod';
import { isFault } from './kernel/fault.js';
import { parseDate } from './kernel/dates.js';
import { MODES, type Mode } from './kernel/mode.js';
import { packageRoot } from './kernel/package-root.js';

// graphql-js asks of every type whether another copy of itself made it, unless this says otherwise; it is read when the library is loaded, and `main.ts` loads this file first.
process.env['NODE_ENV'] ??= 'production';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** One environment variable: name, default as written there, what it means, and what it must look like (`rule` completes "NAME must be …"). */
interface Variable<Value> { name: string; default: string; zh: string; en: string; rule: string; value: z.ZodType<Value> }

/** Everything the hub takes from its environment. Paths are absolute, times in milliseconds. */
export interface Config {
  port: number;
  host: string;
  /** Undefined: the embedded PostgreSQL in `dataDirectory`. */
  databaseUrl: string | undefined;
  dataDirectory: string;
  mode: Mode;
  policiesDirectory: string;
  keysFile: string;
  /** The pinned clock of a demo. */
  pinnedNow: Date | undefined;
  logLevel: (typeof LOG_LEVELS)[number];
  introspection: boolean;
  readPoolSize: number;
  writePoolSize: number;
  evidencePoolSize: number;
  /** Longest document, in lexical tokens. */
  maxTokens: number;
  requestTimeoutMs: number;
  /** Sentences for the start-up log and `guitu doctor`: allowed, but worth knowing. */
  notices: readonly string[];
}

/** The environment holds values the hub cannot start with; `lines` names each variable once. */
export class ConfigError extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'ConfigError';
  }
}

const VARIABLES = {
  port: variable('PORT', '4000', '监听端口', 'port to listen on; 0 takes a free one', 'a whole number from 0 to 65535', whole(0, 65_535)),
  host: variable('HOST', '127.0.0.1', '监听地址', 'address to listen on', 'a host name or address', z.string().regex(/^[\w.:-]+$/)),
  databaseUrl: variable('DATABASE_URL', '', 'PostgreSQL 连接串；不填则使用内置数据库', 'PostgreSQL to use; none: the embedded one', 'a URL like postgresql://user@host:5432/name', z.string().regex(/^(postgres(ql)?:\/\/\S+)?$/)),
  data: variable('GUITU_DATA', '.guitu', '数据目录', 'data directory', 'a path', path()),
  mode: variable('GUITU_MODE', 'demo', '运行模式：demo 演示，production 正式', 'mode: demo or production', 'demo or production', z.enum(MODES)),
  policies: variable('GUITU_POLICIES', 'policies', '共享规则目录（相对于程序目录）', 'policy directory, relative to the program', 'a path', path()),
  keys: variable('GUITU_KEYS', '', '密钥文件；默认为数据目录下的 keys.json，演示时自动生成', 'key ring; default keys.json in the data directory, generated in a demo', 'a path', z.string()),
  now: variable('GUITU_NOW', '', '固定时钟（仅演示）：日期（当日 9 时）或带时区的时刻', 'pinned clock, demo only: a date (its 09:00) or an instant with offset', 'a date like 2026-11-02 or an instant like 2026-11-02T09:00:00+08:00', instant()),
  logLevel: variable('LOG_LEVEL', 'info', '日志级别', 'log level', `one of ${LOG_LEVELS.join(', ')}`, z.enum(LOG_LEVELS)),
  introspection: variable('GUITU_INTROSPECTION', '', '是否开放模式内省：on 或 off；默认演示开、正式关', 'introspection and exact validation messages: on or off; default on in a demo, off in production', 'on or off', z.enum(['on', 'off', ''])),
  readPool: variable('GUITU_READ_POOL', '10', '只读连接数', 'connections for reading', 'a whole number from 1 to 200', whole(1, 200)),
  writePool: variable('GUITU_WRITE_POOL', '5', '写入连接数', 'connections for writing', 'a whole number from 1 to 200', whole(1, 200)),
  evidencePool: variable('GUITU_EVIDENCE_POOL', '2', '留痕连接数', 'connections for evidence', 'a whole number from 1 to 50', whole(1, 50)),
  maxTokens: variable('GUITU_MAX_TOKENS', '4000', '一份查询的最大词元数', 'longest document, in lexical tokens', 'a whole number from 100 to 100000', whole(100, 100_000)),
  requestTimeout: variable('GUITU_REQUEST_TIMEOUT_MS', '30000', '一次请求的最长时间（毫秒）', 'longest time for one request, milliseconds', 'a whole number from 100 to 600000', whole(100, 600_000)),
};

/** Every variable the hub reads, for `guitu doctor`. */
export const CONFIG_TABLE: readonly { name: string; default: string; zh: string; en: string }[] =
  Object.values(VARIABLES).map(({ name, default: fallback, zh, en }) => ({ name, default: fallback, zh, en }));

/**
 * Reads and checks the environment, normally `process.env`; nothing else in the hub does. An empty value counts as none.
 * A variable `GUITU_…` that does not exist is refused: a misspelt `GUITU_MODE` must not open a demo in place of production.
 * Production without `DATABASE_URL` is allowed with a notice: the embedded server is a full PostgreSQL and a county may well start on
 * one machine, but nothing stands in for that machine, and backups are then the operator's.
 * @throws ConfigError with one line per bad value; no line repeats `DATABASE_URL`, which may hold a password
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const lines = unknownNames(env).map((name) => `${name} is not a variable of the hub (see guitu doctor)`);
  const read = <Value>(entry: Variable<Value>): Value => {
    const parsed = entry.value.safeParse(env[entry.name]?.trim() || entry.default);
    if (parsed.success) return parsed.data;
    lines.push(`${entry.name} must be ${entry.rule}`);
    return entry.value.parse(entry.default);
  };
  const mode = read(VARIABLES.mode);
  const dataDirectory = resolve(read(VARIABLES.data));
  const keys = read(VARIABLES.keys);
  const introspection = read(VARIABLES.introspection);
  const databaseUrl = read(VARIABLES.databaseUrl) || undefined;
  const config: Config = {
    port: read(VARIABLES.port), host: read(VARIABLES.host), databaseUrl, dataDirectory, mode,
    policiesDirectory: resolve(packageRoot(), read(VARIABLES.policies)),
    keysFile: keys ? resolve(keys) : join(dataDirectory, 'keys.json'),
    pinnedNow: read(VARIABLES.now), logLevel: read(VARIABLES.logLevel),
    introspection: introspection ? introspection === 'on' : mode === 'demo',
    readPoolSize: read(VARIABLES.readPool), writePoolSize: read(VARIABLES.writePool), evidencePoolSize: read(VARIABLES.evidencePool),
    maxTokens: read(VARIABLES.maxTokens), requestTimeoutMs: read(VARIABLES.requestTimeout),
    notices: mode === 'production' && !databaseUrl ? ['production on the embedded PostgreSQL: one machine, no replica; back up GUITU_DATA'] : [],
  };
  if (mode === 'production' && config.pinnedNow) lines.push('GUITU_NOW is for demos only; remove it in production');
  if (lines.length > 0) throw new ConfigError(lines);
  return config;
}

function unknownNames(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set(CONFIG_TABLE.map((entry) => entry.name));
  return Object.keys(env).filter((name) => name.startsWith('GUITU_') && !known.has(name)).toSorted();
}

function variable<Value>(name: string, fallback: string, zh: string, en: string, rule: string, value: z.ZodType<Value>): Variable<Value> {
  return { name, default: fallback, zh, en, rule, value };
}

function whole(least: number, most: number): z.ZodType<number> {
  return z.string().regex(/^\d{1,9}$/).transform(Number).pipe(z.number().int().min(least).max(most));
}

function path(): z.ZodType<string> {
  return z.string().min(1).refine((text) => !text.includes('\0'));
}

function instant(): z.ZodType<Date | undefined> {
  return z.string().transform((text, context) => {
    if (text === '') return undefined;
    const [day = '', time] = text.split('T');
    const exact = time === undefined ? `${day}T09:00:00+08:00` : text;
    const moment = new Date(exact);
    if (!isFault(parseDate(day)) && /^\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(time ?? '09:00Z') && !Number.isNaN(moment.getTime())) return moment;
    context.addIssue({ code: 'custom', message: 'no instant' });
    return z.NEVER;
  });
}
