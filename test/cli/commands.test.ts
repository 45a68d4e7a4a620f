import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.js';
import { Guitu } from './guitu.js';

let guitu: Guitu;

beforeAll(async () => { guitu = await Guitu.create(); });
afterAll(() => guitu.remove());

describe('usage', () => {
  test.each([
    ['an unknown command', ['tokne']], ['an agency code that is none', ['token', '江阴站']], ['an unknown role', ['token', 'civil-320281', '--role', 'BOSS']],
    ['roles that no one person may hold', ['token', 'civil-320281', '--role', 'ADMIN', '--role', 'CLERK']], ['31 days', ['token', 'civil-320281', '--days', '31']],
    ['a group without a command', ['policy']], ['a missing option', ['import', 'returns', 'x.xlsx']], ['an unknown option', ['start', '--fast']],
    ['a kind that contradicts the code', ['agency', 'add', 'station-320282', '--name', '站', '--kind', 'civil']],
    ['a division that contradicts the code', ['agency', 'add', 'station-320282', '--name', '站', '--division', '320281']],
    ['an issuer that is no URL', ['issuer', 'add', 'station-320282', '--iss', 'guitu-demo', '--jwks', 'x.json']],
  ])('%s ends with code 2 and says so on standard error alone', async (_, words) => {
    const { code, stdout, stderr } = await guitu.run(words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/\p{Script=Han}/u);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('a demo ticks ten years ahead at most, before anything is opened', async () => {
    const { code, stdout, stderr } = await guitu.run(['tick', '--at', '9999-01-01T00:00:00+08:00']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('--at lies at most ten years ahead');
  });

  test('help is Chinese first, has examples, and needs no valid environment', async () => {
    const { code, stdout } = await guitu.run(['agency', 'add', '--help'], { PORT: 'none' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^用法 Usage: guitu agency add[^]*示例 Examples:/);
  });
});

describe('token', () => {
  test('holds the agency, the roles, the user and the days asked for', async () => {
    const { stdout } = await guitu.run(['token', 'civil-320281', '--role', 'clerk', '--role', 'MINORS_OFFICER', '--user', '王某', '--days', '1']);
    const { agency, roles, sub, iat = 0, exp = 0 } = decodeJwt(stdout.trim());
    expect({ agency, roles, sub, seconds: exp - iat }).toEqual({ agency: 'civil-320281', roles: ['CLERK', 'MINORS_OFFICER'], sub: '王某', seconds: 86_400 });
  });

  test('is valid on the day of a pinned clock', async () => {
    const { stdout } = await guitu.run(['token', 'civil-320281'], { GUITU_NOW: '2026-03-02' });
    expect(decodeJwt(stdout.trim()).iat).toBe(Date.parse('2026-03-02T09:00:00+08:00') / 1000);
  });

  test('is not made in production', async () => {
    expect(await guitu.run(['token', 'civil-320281'], { GUITU_MODE: 'production' })).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('what keeps a hub from starting is one sentence and code 1, without a stack', () => {
  test.each([
    ['a variable that does not exist', { GUITU_MOED: 'production' }, /GUITU_MOED is not a variable/],
    ['a port that is none', { PORT: '70000' }, /PORT must be/],
    ['production without a key ring', { GUITU_MODE: 'production', GUITU_KEYS: '/nonexistent/keys.json' }, /guitu keys generate/],
    ['a database that does not answer', { DATABASE_URL: 'postgresql://hub:secret-word@127.0.0.1:1/guitu' }, /数据库连接不上（127\.0\.0\.1:1）/],
    ['a data folder that is a file', { GUITU_DATA: '/dev/null', GUITU_KEYS: '' }, /\/dev\/null/],
  ])('%s', async (_, env: Record<string, string>, said) => {
    const { code, stderr } = await guitu.run(['start'], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(said);
    expect(stderr).toMatch(/\p{Script=Han}/u);
    expect(stderr).not.toMatch(/\n\s+at |secret-word/);
  });
});

describe('keys generate', () => {
  test('makes a ring that only its owner reads, without a key for demo tokens in production, and never over another', async () => {
    const env = { GUITU_MODE: 'production', GUITU_KEYS: join(guitu.folder, 'production.json') };
    expect((await guitu.run(['keys', 'generate'], env)).code).toBe(0);
    const made = await readFile(env.GUITU_KEYS, 'utf8');
    expect((await stat(env.GUITU_KEYS)).mode & 0o777).toBe(0o600);
    expect(Object.keys(JSON.parse(made) as object)).not.toContain('demoSigning');
    expect((await guitu.run(['keys', 'generate'], env)).code).toBe(1);
    expect(await readFile(env.GUITU_KEYS, 'utf8')).toBe(made);
  });
});

describe('policy', () => {
  test('check, test and matrix of the shipped policy end with code 0 and start no database', async () => {
    const folder = { GUITU_DATA: join(guitu.folder, 'unused') };
    expect(await guitu.run(['policy', 'check'], folder)).toMatchObject({ code: 0, stderr: '' });
    expect(await guitu.run(['policy', 'test'], folder)).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await guitu.run(['policy', 'matrix', '--csv', '--kind', 'station', '--purpose', 'RETURN'], folder);
    const [head, ...lines] = stdout.trimEnd().split('\r\n');
    expect(head).toMatch(/^kind,level,role,purpose,record,field/);
    expect(new Set(lines.map((line) => line.split(',').filter((_, column) => column === 0 || column === 3).join()))).toEqual(new Set(['RESCUE_STATION,RETURN']));
    expect(existsSync(folder.GUITU_DATA)).toBe(false);
  });

  test('check names file, line and column of a fault, and ends with code 1', async () => {
    const folder = join(guitu.folder, 'policies');
    await mkdir(folder);
    await cp(join(packageRoot(), 'policies'), folder, { recursive: true });
    const file = join(folder, 'person.yaml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('record: Person', 'record: Persn'));
    const { code, stderr } = await guitu.run(['policy', 'check', folder]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/person\.yaml:\d+:\d+: .*Persn/);
  });
});

describe('doctor', () => {
  test('of a sound demo is well, shows every variable, and makes nothing', async () => {
    const folder = join(guitu.folder, 'none-yet');
    const { code, stdout } = await guitu.run(['doctor'], { GUITU_DATA: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(/GUITU_REQUEST_TIMEOUT_MS +30000/);
    expect(stdout).not.toContain('错误');
    expect(existsSync(folder)).toBe(false);
  });

  test('finds a database that does not answer, and shows no password', async () => {
    const { code, stdout } = await guitu.run(['doctor'], { DATABASE_URL: 'postgresql://hub:secret-word@127.0.0.1:1/guitu?sslpassword=another-secret' });
    expect(code).toBe(1);
    expect(stdout).toContain('postgresql://hub:***@127.0.0.1:1/guitu?sslpassword=***');
    expect(stdout).toMatch(/错误 {2}数据库/);
    expect(stdout).not.toMatch(/secret/);
  });

  test('tells of a bad variable, and of everything else that can be told without it', async () => {
    const { code, stdout } = await guitu.run(['doctor'], { PORT: 'none' });
    expect(code).toBe(1);
    expect(stdout).toMatch(/PORT must be[^]*/);
  });
});
