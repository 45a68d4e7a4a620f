import { isAbsolute, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CONFIG_TABLE, ConfigError, readConfig } from '../src/config.js';

function linesOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

describe('configuration', () => {
  test('nothing set is a demo on loopback with the embedded database', () => {
    const config = readConfig({});
    expect(config).toMatchObject({ port: 4000, host: '127.0.0.1', databaseUrl: undefined, mode: 'demo', logLevel: 'info', introspection: true, pinnedNow: undefined, notices: [] });
    expect(isAbsolute(config.dataDirectory) && config.dataDirectory.endsWith('.guitu')).toBe(true);
    expect(config.keysFile).toBe(join(config.dataDirectory, 'keys.json'));
    expect(isAbsolute(config.policiesDirectory) && config.policiesDirectory.endsWith('policies')).toBe(true);
  });

  test('an empty value counts as none', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ', GUITU_NOW: '' })).toMatchObject({ port: 4000, databaseUrl: undefined, pinnedNow: undefined });
  });

  test('every bad value has one line that names its variable', () => {
    const lines = linesOf({ PORT: '70000', HOST: 'a b', DATABASE_URL: 'mysql://root:geheim@x/y', GUITU_MODE: 'prod', GUITU_NOW: '2026-02-30', LOG_LEVEL: 'loud', GUITU_READ_POOL: '0', GUITU_INTROSPECTION: 'yes' });
    expect(lines.map((line) => line.split(' ')[0]).toSorted()).toEqual(['DATABASE_URL', 'GUITU_INTROSPECTION', 'GUITU_MODE', 'GUITU_NOW', 'GUITU_READ_POOL', 'HOST', 'LOG_LEVEL', 'PORT']);
    expect(lines.join()).not.toContain('geheim');
  });

  test.each(['1e3', '-1', '4000.5', '0x10', '４０００', 'NaN'])('a port is plain digits: %s is refused', (port) => {
    expect(linesOf({ PORT: port })).toHaveLength(1);
  });

  test('a misspelt variable of the hub is refused, so that GUITU_MOD=production opens no demo', () => {
    expect(linesOf({ GUITU_MOD: 'production' })).toEqual([expect.stringContaining('GUITU_MOD is not a variable')]);
  });

  test('a pinned day is its 09:00 in Shanghai; an instant needs its offset', () => {
    expect(readConfig({ GUITU_NOW: '2026-11-02' }).pinnedNow?.toISOString()).toBe('2026-11-02T01:00:00.000Z');
    expect(readConfig({ GUITU_NOW: '2026-11-02T08:30:00+08:00' }).pinnedNow?.toISOString()).toBe('2026-11-02T00:30:00.000Z');
    expect(readConfig({ GUITU_NOW: '2026-11-02T08:30Z' }).pinnedNow?.toISOString()).toBe('2026-11-02T08:30:00.000Z');
    for (const bad of ['2026-11-02T08:30:00', '2026-13-01', '2026-02-30T08:00:00Z', 'now', '1', '2026-11-02T']) expect(linesOf({ GUITU_NOW: bad })).toHaveLength(1);
  });

  test('production has no pinned clock', () => {
    expect(linesOf({ GUITU_MODE: 'production', GUITU_NOW: '2026-11-02', DATABASE_URL: 'postgresql://a@b/c' })).toEqual([expect.stringContaining('GUITU_NOW')]);
  });

  test('production hides the schema unless told otherwise, and says so when it runs on the embedded database', () => {
    expect(readConfig({ GUITU_MODE: 'production' })).toMatchObject({ introspection: false, notices: [expect.stringContaining('embedded')] });
    expect(readConfig({ GUITU_MODE: 'production', GUITU_INTROSPECTION: 'on', DATABASE_URL: 'postgresql://a@b/c' })).toMatchObject({ introspection: true, notices: [] });
  });

  test('the table lists every variable with a meaning in both languages', () => {
    expect(CONFIG_TABLE.map((entry) => entry.name)).toEqual(expect.arrayContaining(['PORT', 'HOST', 'DATABASE_URL', 'GUITU_DATA', 'GUITU_MODE', 'GUITU_POLICIES', 'GUITU_KEYS', 'GUITU_NOW', 'LOG_LEVEL']));
    for (const entry of CONFIG_TABLE) expect(entry.zh.length > 0 && entry.en.length > 0).toBe(true);
  });
});
