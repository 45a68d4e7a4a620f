import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JSONWebKeySet, type JWTPayload, type LocalJWKSet } from 'jose';
import { z } from 'zod';
import { Refusal } from '../kernel/errors.js';
import type { Mode } from '../kernel/mode.js';
import { ROLES, SOLITARY_ROLES, type Role } from '../kernel/viewer.js';
import { AUDIENCE, DEMO_ISSUER, LONGEST_TOKEN_SECONDS, type Issuer } from './tokens.js';

/** Asymmetric only: with HS* a public key could be taken for a secret (RFC 8725 §2.1, §3.1). */
const ALGORITHMS = ['EdDSA', 'ES256', 'ES384', 'RS256', 'PS256'];
const LONGEST_TOKEN_BYTES = 8192;
/** Agencies' clocks differ a little. */
const CLOCK_TOLERANCE_SECONDS = 5;

const headerSchema = z.looseObject({
  alg: z.enum(ALGORITHMS),
  kid: z.string().min(1).max(200),
  typ: z.string().regex(/^(application\/)?(at\+)?jwt$/i).optional(),
  // Keys that a token brings along are never used (RFC 8725 §3.5, CVE-2018-0114); a token that offers one is an attempt.
  jwk: z.never().optional(), jku: z.never().optional(), x5u: z.never().optional(), x5c: z.never().optional(), crit: z.never().optional(), b64: z.never().optional(),
});

const claimsSchema = z.looseObject({
  sub: z.string().min(1).max(200).regex(/^[^\p{Cc}\p{Cf}]+$/u),
  agency: z.string().regex(/^[a-z]+-\d{6}(\d{3})?$/).optional(),
  roles: z.array(z.enum(ROLES)).min(1).max(20).transform((roles) => [...new Set(roles)])
    .refine((roles) => roles.length === 1 || !roles.some((role) => SOLITARY_ROLES.includes(role))),
  iat: z.number().optional(),
  exp: z.number(),
});

/** Who a token says is asking, with the agency pinned to its issuer. */
export interface VerifiedToken { agencyCode: string; roles: readonly Role[]; user: string }

export interface TokenDeps {
  /** The issuer of this name; `agencyCode` null for the demo issuer. Giving the same `jwks` object each time spares importing its keys. */
  findIssuer(iss: string): Promise<Issuer | undefined>;
  now: Date;
  mode: Mode;
}

/**
 * Checks a bearer token (RFC 7519, RFC 8725): signature by a key of its own issuer, named by `kid`; pinned asymmetric algorithms; audience
 * `guitu`; `exp` present, not past and at most 30 days ahead; known roles that one person may hold; agency = the issuer's.
 * @throws Refusal UNAUTHENTICATED for every fault of the token, always in the same words; what `findIssuer` throws passes through
 */
export async function verifyToken(token: string, deps: TokenDeps): Promise<VerifiedToken> {
  const iss = readIssuerName(token);
  const issuer = iss === undefined ? undefined : await deps.findIssuer(iss);
  if (!issuer || issuer.iss !== iss || (issuer.agencyCode === null) !== (iss === DEMO_ISSUER)) throw unauthenticated();
  if (issuer.agencyCode === null && deps.mode === 'production') throw unauthenticated();
  const claims = claimsSchema.safeParse(await verifySignature(token, issuer, deps.now));
  if (!claims.success || claims.data.exp > deps.now.getTime() / 1000 + LONGEST_TOKEN_SECONDS + CLOCK_TOLERANCE_SECONDS) throw unauthenticated();
  const { agency, roles, sub } = claims.data;
  const agencyCode = issuer.agencyCode ?? agency;
  if (agencyCode === undefined || (agency !== undefined && agency !== agencyCode)) throw unauthenticated();
  return { agencyCode, roles, user: sub };
}

/** One refusal for everything, so that the answer does not tell which check failed. */
export function unauthenticated(): Refusal {
  return new Refusal('UNAUTHENTICATED');
}

/** The `iss` of a token whose header is acceptable, before any signature is checked: good for looking up the issuer and nothing else. */
function readIssuerName(token: string): string | undefined {
  // jose's decoder skips white space inside a part; a compact token has none (RFC 7515 §7.1).
  if (token.length > LONGEST_TOKEN_BYTES || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined;
  try {
    const { iss } = decodeJwt(token);
    return headerSchema.safeParse(decodeProtectedHeader(token)).success && typeof iss === 'string' && iss.length <= 500 ? iss : undefined;
  } catch {
    return undefined;
  }
}

async function verifySignature(token: string, issuer: Issuer, now: Date): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keySetOf(issuer.jwks), {
      algorithms: ALGORITHMS, issuer: issuer.iss, audience: AUDIENCE, currentDate: now, clockTolerance: CLOCK_TOLERANCE_SECONDS, requiredClaims: ['exp', 'sub', 'roles'],
    });
    return payload;
  } catch {
    // Nothing here leaves the process: besides jose's own errors, WebCrypto throws TypeError and DOMException for keys that do not fit.
    throw unauthenticated();
  }
}

const keySets = new WeakMap<JSONWebKeySet, LocalJWKSet>();

function keySetOf(jwks: JSONWebKeySet): LocalJWKSet {
  const known = keySets.get(jwks);
  if (known) return known;
  const made = createLocalJWKSet(jwks);
  keySets.set(jwks, made);
  return made;
}
