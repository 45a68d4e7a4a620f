import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { CompactSign, SignJWT, UnsecuredJWT, type JWK, type JWTHeaderParameters } from 'jose';
import { getDemoIssuer, issueDemoToken, type Issuer } from '../../src/auth/tokens.js';
import { verifyToken, type TokenDeps } from '../../src/auth/verify-token.js';
import { ERRORS } from '../../src/kernel/errors.js';
import { generateKeyRing, KeyRing } from '../../src/kernel/key-ring.js';

const now = new Date('2026-11-02T01:00:00Z');
const seconds = now.getTime() / 1000;
const pairs = {
  EdDSA: generateKeyPairSync('ed25519'),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};
type Alg = keyof typeof pairs;
const jwks = { keys: (Object.keys(pairs) as Alg[]).map((alg): JWK => ({ ...pairs[alg].publicKey.export({ format: 'jwk' }), kid: alg })) };
const issuer: Issuer = { iss: 'https://id.jiangyin.example', agencyCode: 'station-320281', jwks };
const ring = new KeyRing(generateKeyRing({ demoIssuer: true }));
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const others: Issuer[] = [
  getDemoIssuer(ring),
  { iss: 'https://other.example', agencyCode: 'civil-320281', jwks: { keys: [{ ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid: 'EdDSA' }] } },
  { iss: 'https://weak.example', agencyCode: 'civil-320000', jwks: { keys: [{ ...weak.publicKey.export({ format: 'jwk' }), kid: 'weak' }] } },
];
const deps: TokenDeps = { findIssuer: async (iss) => [issuer, ...others].find((one) => one.iss === iss), now, mode: 'demo' };
const good = { iss: issuer.iss, aud: 'guitu', sub: 'li', roles: ['CLERK'], iat: seconds, exp: seconds + 3600 };

function sign(claims: Record<string, unknown>, header: Partial<JWTHeaderParameters> = {}, key: KeyObject = pairs.EdDSA.privateKey): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid: 'EdDSA', ...header }).sign(key);
}

/** A token with header and payload as given and an HMAC made with `secret`: what key confusion needs and jose would not sign. */
function forgeHmac(header: object, secret: string | Buffer): string {
  const head = [header, good].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}

async function expectRefused(token: string, changed: Partial<TokenDeps> = {}): Promise<void> {
  const refusal = await verifyToken(token, { ...deps, ...changed }).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'UNAUTHENTICATED', detail: {}, message: `UNAUTHENTICATED: ${ERRORS.UNAUTHENTICATED.en}` });
}

describe('a good token', () => {
  test.each(Object.keys(pairs) as Alg[])('signed with %s by its issuer says who asks', async (alg) => {
    expect(await verifyToken(await sign(good, { alg, kid: alg }, pairs[alg].privateKey), deps)).toEqual({ agencyCode: 'station-320281', roles: ['CLERK'], user: 'li' });
  });

  test('may name its own agency, several audiences, several working roles', async () => {
    const token = await sign({ ...good, agency: 'station-320281', aud: ['x', 'guitu'], roles: ['CLERK', 'MINORS_OFFICER', 'CLERK'] }, { typ: 'at+jwt' });
    expect((await verifyToken(token, deps)).roles).toEqual(['CLERK', 'MINORS_OFFICER']);
  });

  test('of the demo issuer speaks for the agency it names, for 30 days at most', async () => {
    const token = await issueDemoToken(ring, { agency: 'civil-320281', roles: ['APPROVER'], user: 'wang', ttlSeconds: 1e9, now });
    expect(await verifyToken(token, deps)).toEqual({ agencyCode: 'civil-320281', roles: ['APPROVER'], user: 'wang' });
    await expectRefused(token, { now: new Date(now.getTime() + 30 * 86_400_000 + 6000) });
  });
});

describe('refused, always in the same words:', () => {
  const claims: [string, Record<string, unknown>][] = [
    ['expired', { exp: seconds - 10 }],
    ['without expiry', { exp: undefined }],
    ['with an expiry that is text', { exp: String(seconds + 60) }],
    ['without end (more than 30 days)', { exp: seconds + 31 * 86_400 }],
    ['not yet valid', { nbf: seconds + 60 }],
    ['for another audience', { aud: 'other' }],
    ['without audience', { aud: undefined }],
    ['of an unknown issuer', { iss: 'https://nobody.example' }],
    ['without issuer', { iss: undefined }],
    ['with an issuer that is a list', { iss: [issuer.iss] }],
    ['in another issuer\'s name', { iss: 'https://other.example' }],
    ['in the demo issuer\'s name', { iss: 'guitu-demo', agency: 'civil-320281' }],
    ['for an agency other than the issuer\'s', { agency: 'civil-320000' }],
    ['with an agency that is a list', { agency: ['station-320281'] }],
    ['without subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['with a line break in the subject', { sub: 'li\nwang' }],
    ['without roles', { roles: undefined }],
    ['with no role', { roles: [] }],
    ['with roles as text', { roles: 'CLERK' }],
    ['with an unknown role', { roles: ['CLERK', 'ROOT'] }],
    ['with a role in lower case', { roles: ['clerk'] }],
    ['with a role of the prototype', { roles: ['constructor'] }],
  ];
  test.each(claims)('a token %s', async (_, change) => {
    await expectRefused(await sign({ ...good, ...change }));
  });

  const joined = ['ADMIN', 'AUDITOR'].flatMap((one) => ['CLERK', 'APPROVER', 'SHARING_OFFICER', 'MINORS_OFFICER', 'ADMIN', 'AUDITOR'].filter((other) => other !== one).map((other) => [one, other]));
  test.each(joined)('one person as %s and %s', async (one, other) => {
    await expectRefused(await sign({ ...good, roles: [one, other] }));
    await expectRefused(await issueDemoToken(ring, { agency: 'civil-320281', roles: [other, one] as never, now }));
    expect((await verifyToken(await sign({ ...good, roles: [one] }), deps)).roles).toEqual([one]);
  });

  test('the demo issuer in production', async () => {
    await expectRefused(await issueDemoToken(ring, { agency: 'civil-320281', roles: ['CLERK'], now }), { mode: 'production' });
  });

  test('a demo token that names no agency', async () => {
    const { kid = '', privateJwk } = ring.demoSigningKey ?? {};
    await expectRefused(await new SignJWT({ ...good, iss: 'guitu-demo' }).setProtectedHeader({ alg: 'EdDSA', kid }).sign(privateJwk as JWK));
  });

  test('the demo issuer\'s name registered for an agency, or another name registered as demo issuer', async () => {
    const token = await issueDemoToken(ring, { agency: 'station-320281', roles: ['CLERK'], now });
    await expectRefused(token, { findIssuer: async () => ({ ...getDemoIssuer(ring), agencyCode: 'station-320281' }) });
    await expectRefused(await sign({ ...good, agency: 'station-320281' }), { findIssuer: async () => ({ ...issuer, agencyCode: null }) });
  });

  test('alg none, in any spelling', async () => {
    await expectRefused(new UnsecuredJWT(good).encode());
    const body = Buffer.from(JSON.stringify(good)).toString('base64url');
    for (const alg of ['none', 'None', 'NONE', '']) await expectRefused(`${Buffer.from(JSON.stringify({ alg, kid: 'EdDSA' })).toString('base64url')}.${body}.`);
  });

  test('a public key used as an HMAC secret, in any of its written forms', async () => {
    for (const alg of ['RS256', 'ES256', 'EdDSA'] as const) {
      const { publicKey } = pairs[alg];
      for (const secret of [publicKey.export({ type: 'spki', format: 'pem' }), publicKey.export({ type: 'spki', format: 'der' }), JSON.stringify(publicKey.export({ format: 'jwk' }))]) {
        for (const claimed of ['HS256', alg]) await expectRefused(forgeHmac({ alg: claimed, kid: alg }, secret));
      }
    }
    await expectRefused(forgeHmac({ alg: 'HS256', kid: 'EdDSA' }, ''));
  });

  test('a symmetric key that got into a key set', async () => {
    const secret = Buffer.alloc(32, 7);
    await expectRefused(forgeHmac({ alg: 'HS256', kid: 'oct' }, secret), { findIssuer: async () => ({ ...issuer, jwks: { keys: [{ kty: 'oct', k: secret.toString('base64url'), kid: 'oct' }] } }) });
  });

  test('a key of one kind under an algorithm of another', async () => {
    await expectRefused(await sign(good, { kid: 'ES256' }));
    await expectRefused(await sign(good, { alg: 'ES256', kid: 'ES384' }, pairs.ES256.privateKey));
    await expectRefused(await sign(good, { alg: 'PS256', kid: 'RS256' }, pairs.PS256.privateKey));
  });

  test('an algorithm outside the list, though the key fits', async () => {
    await expectRefused(await sign(good, { alg: 'RS512', kid: 'RS256' }, pairs.RS256.privateKey));
    await expectRefused(await sign(good, { alg: 'PS384', kid: 'PS256' }, pairs.PS256.privateKey));
  });

  test('an RSA key that is too short', async () => {
    const head = [{ alg: 'RS256', kid: 'weak' }, { ...good, iss: 'https://weak.example' }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    const { sign: rawSign } = await import('node:crypto');
    await expectRefused(`${head}.${rawSign('sha256', Buffer.from(head), weak.privateKey).toString('base64url')}`);
  });

  test('no kid, an unknown kid, a kid that is no text', async () => {
    await expectRefused(await sign(good, { kid: undefined }));
    await expectRefused(await sign(good, { kid: '../../dev/null' }));
    await expectRefused(await sign(good, { kid: 'constructor' }));
  });

  test('a kid that two keys carry', async () => {
    const twin = { ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid: 'EdDSA' };
    await expectRefused(await sign(good), { findIssuer: async () => ({ ...issuer, jwks: { keys: [...jwks.keys, twin] } }) });
  });

  test('a key that the token brings along', async () => {
    const own = generateKeyPairSync('ed25519');
    const jwk = own.publicKey.export({ format: 'jwk' });
    await expectRefused(await sign(good, { jwk, kid: 'own' }, own.privateKey));
    await expectRefused(await sign(good, { jwk }));
    await expectRefused(await sign(good, { jku: 'http://127.0.0.1/keys' }));
    await expectRefused(await sign(good, { x5u: 'http://127.0.0.1/cert' }));
  });

  test('critical extensions and unencoded payloads', async () => {
    const token = await new CompactSign(Buffer.from(JSON.stringify(good))).setProtectedHeader({ alg: 'EdDSA', kid: 'EdDSA', b64: true, crit: ['b64'] }).sign(pairs.EdDSA.privateKey);
    await expectRefused(token);
  });

  test('any change of the signed text or the signature', async () => {
    const token = await sign(good);
    for (let at = 0; at < token.length - 1; at += 7) {
      if (token[at] !== '.') await expectRefused(token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1));
    }
    await expectRefused(token.slice(0, token.lastIndexOf('.') + 1));
    await expectRefused(`${token}.${token}`);
    await expectRefused(`${token} `);
  });

  test.each(['', '.', '..', 'a.b.c', 'null', '{}', 'e30.e30.e30'])('what is no token: %j', async (text) => {
    await expectRefused(text);
  });

  test('a token over 8 kB, before anything is looked up', async () => {
    let lookedUp = false;
    await expectRefused(await sign({ ...good, more: 'x'.repeat(9000) }), { findIssuer: async () => {
      lookedUp = true;
      return issuer;
    } });
    expect(lookedUp).toBe(false);
  });

  test('an encrypted token', async () => {
    await expectRefused('eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA');
  });
});

test('what the look-up of issuers throws is not taken for a bad token', async () => {
  const token = await sign(good);
  await expect(verifyToken(token, { ...deps, findIssuer: async () => { throw new Error('database away'); } })).rejects.toThrow('database away');
});
