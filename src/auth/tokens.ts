import { importJWK, SignJWT, type JSONWebKeySet } from 'jose';
import { KeyRingError, type KeyRing } from '../kernel/key-ring.js';
import type { Role } from '../kernel/viewer.js';

/** Issuer of demo tokens; no agency may register under this name, and production refuses it. */
export const DEMO_ISSUER = 'guitu-demo';
/** What every token must name as its audience (RFC 7519 §4.1.3). */
export const AUDIENCE = 'guitu';
/** No token lives longer: an agency's clerk who leaves must not keep a way in. */
export const LONGEST_TOKEN_SECONDS = 30 * 86_400;

/** An issuer of tokens. `agencyCode` null is the demo issuer, which speaks for every agency. */
export interface Issuer { iss: string; agencyCode: string | null; jwks: JSONWebKeySet }

/**
 * A token of the demo issuer, signed with Ed25519. `ttlSeconds` is cut to 30 days; `user` defaults to `demo`.
 * @throws KeyRingError if the ring has no demo signing key, as in production
 */
export async function issueDemoToken(keyRing: KeyRing, claims: { agency: string; roles: readonly Role[]; user?: string; ttlSeconds?: number; now?: Date }): Promise<string> {
  const { kid, privateJwk } = getDemoKey(keyRing);
  const issuedAt = Math.floor((claims.now ?? new Date()).getTime() / 1000);
  return new SignJWT({ agency: claims.agency, roles: [...claims.roles] })
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'JWT' })
    .setIssuer(DEMO_ISSUER).setAudience(AUDIENCE).setSubject(claims.user ?? 'demo')
    .setIssuedAt(issuedAt).setExpirationTime(issuedAt + Math.min(claims.ttlSeconds ?? LONGEST_TOKEN_SECONDS, LONGEST_TOKEN_SECONDS))
    .sign(await importJWK(privateJwk, 'EdDSA'));
}

/** The demo issuer as `findIssuer` should give it for `guitu-demo` in a demo. @throws KeyRingError as above */
export function getDemoIssuer(keyRing: KeyRing): Issuer {
  return { iss: DEMO_ISSUER, agencyCode: null, jwks: { keys: [getDemoKey(keyRing).publicJwk] } };
}

function getDemoKey(keyRing: KeyRing): NonNullable<KeyRing['demoSigningKey']> {
  if (!keyRing.demoSigningKey) throw new KeyRingError('this key ring has no demo signing key; demo tokens need a key ring made in demo mode');
  return keyRing.demoSigningKey;
}
