import { CONFIG_TABLE, type Config } from '../config.js';
import { alignColumns } from './columns.js';

/** The values in force, by the name of their variable. */
function valuesOf(config: Config): Record<string, string> {
  return {
    PORT: String(config.port), HOST: config.host, DATABASE_URL: config.databaseUrl === undefined ? '' : hidePassword(config.databaseUrl), GUITU_DATA: config.dataDirectory, GUITU_MODE: config.mode,
    GUITU_POLICIES: config.policiesDirectory, GUITU_KEYS: config.keysFile, GUITU_NOW: config.pinnedNow?.toISOString() ?? '', LOG_LEVEL: config.logLevel,
    GUITU_INTROSPECTION: config.introspection ? 'on' : 'off', GUITU_READ_POOL: String(config.readPoolSize), GUITU_WRITE_POOL: String(config.writePoolSize),
    GUITU_EVIDENCE_POOL: String(config.evidencePoolSize), GUITU_MAX_TOKENS: String(config.maxTokens), GUITU_REQUEST_TIMEOUT_MS: String(config.requestTimeoutMs),
  };
}

/** The URL without its password, wherever it stands: before the host, or in the query. By pattern, as URLs of sockets are none to the WHATWG parser. */
export function hidePassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^:@/?#]*):[^/?#]*@/, '$1:***@').replace(/([?&](?:ssl)?password=)[^&#]*/gi, '$1***');
}

/** Every variable with the value in force and what it means; only names and defaults where the environment could not be read. */
export function configTable(config: Config | undefined): string {
  const values = config && valuesOf(config);
  return alignColumns([['变量', values ? '现值' : '默认值', '含义'], ...CONFIG_TABLE.map(({ name, default: fallback, zh, en }) => [name, (values ? values[name] : fallback) || '—', `${zh} · ${en}`])]);
}
