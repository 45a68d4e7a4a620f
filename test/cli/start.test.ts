import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, Guitu, type RunningHub } from './guitu.js';

let guitu: Guitu;
let hub: RunningHub;

beforeAll(async () => {
  guitu = await Guitu.create();
  hub = await guitu.start();
});

afterAll(async () => {
  hub.child.kill('SIGKILL');
  await hub.end;
  await guitu.remove();
});

const portOf = ({ address }: RunningHub): string => new URL(address).port;
const query = '{ returnCases(first: 1) { totalCount } }';

describe('a hub that runs', () => {
  test('is asked with a token that the command prints alone', async () => {
    const { code, stdout, stderr } = await guitu.run(['token', 'station-320281']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect((await ask(hub.address, stdout.trim(), query)).errors).toBeUndefined();
  });

  test('keeps its port: a second one there ends with one sentence and code 1', async () => {
    const { code, stderr } = await guitu.run(['start'], { PORT: portOf(hub) });
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^端口 ${portOf(hub)} 已被占用.*\nport ${portOf(hub)} on 127\\.0\\.0\\.1 is in use: .*\n$`));
  });

  test('refuses an agency from the request after it was suspended, and answers it again once resumed', async () => {
    const token = (await guitu.run(['token', 'civil-341523'])).stdout.trim();
    expect((await guitu.run(['agency', 'suspend', 'civil-341523'])).code).toBe(0);
    expect((await ask(hub.address, token, query)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect((await guitu.run(['agency', 'resume', 'civil-341523'])).code).toBe(0);
    expect((await ask(hub.address, token, query)).errors).toBeUndefined();
  });

  test('takes the tokens of an agency and an issuer that were added while it runs', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwks = join(guitu.folder, 'public.json');
    await writeFile(jwks, JSON.stringify({ keys: [{ ...await exportJWK(publicKey), kid: 'k1' }] }));
    expect(await guitu.run(['agency', 'add', 'station-320282', '--name', '宜兴市救助管理站', '--kind', 'RESCUE_STATION', '--division', '320282'])).toMatchObject({ code: 0, stderr: '' });
    expect(await guitu.run(['issuer', 'add', 'station-320282', '--iss', 'https://sso.example', '--jwks', jwks])).toMatchObject({ code: 0, stderr: '' });
    const token = await new SignJWT({ roles: ['CLERK'] }).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).setIssuer('https://sso.example').setAudience('guitu').setSubject('u1')
      .setIssuedAt().setExpirationTime('1h').sign(privateKey);
    expect(await ask(hub.address, token, '{ viewer { agency { code } } }')).toMatchObject({ data: { viewer: { agency: { code: 'station-320282' } } } });
    expect((await guitu.run(['issuer', 'suspend', 'https://sso.example'])).code).toBe(0);
    expect((await ask(hub.address, token, '{ viewer { agency { code } } }')).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  test('takes the embedded database over when the one that started it stops, and leaves nothing running when told to stop itself', async () => {
    const second = await guitu.start();
    const token = (await guitu.run(['token', 'station-320281'])).stdout.trim();
    hub.child.kill('SIGTERM');
    expect((await hub.end).code).toBe(0);
    const back = async (): Promise<boolean> => (await fetch(`${second.address}/readyz`)).ok && second.child.exitCode === null;
    for (let tries = 0; tries < 100 && !await back(); tries++) await new Promise((resolve) => { setTimeout(resolve, 50); });
    expect((await ask(second.address, token, query)).errors).toBeUndefined();
    second.child.kill('SIGTERM');
    const { code, stdout } = await second.end;
    expect(code).toBe(0);
    expect(stdout).toContain('this process starts it again');
    expect(existsSync(join(guitu.folder, 'postgres', 'postmaster.pid'))).toBe(false);
  });
});
