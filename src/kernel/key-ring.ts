import { createCipheriv, createDecipheriv, createHmac, createSecretKey, generateKeyPairSync, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/** An algorithm that seals with associated data. SM4-GCM (GB/T 32907) would be a second row here and a second `alg` in the ring. */
interface SealingSuite {
  keyBytes: number;
  seal(key: KeyObject, nonce: Buffer, bound: Buffer, plain: Buffer): Buffer;
  /** Throws if anything was changed. */
  open(key: KeyObject, nonce: Buffer, bound: Buffer, sealed: Buffer): Buffer;
}

/** 96 random bits: NIST SP 800-38D §8.2.2 allows 2^32 seals per key; values and tokens use keys of their own, and a ring takes new ones. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const TOKEN_BLOCK_BYTES = 32;

const SUITES = {
  'AES-256-GCM': {
    keyBytes: 32,
    seal(key, nonce, bound, plain) {
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(bound);
      return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(key, nonce, bound, sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(bound);
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
      const plain = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
      decipher.final();
      return plain;
    },
  },
} as const satisfies Record<string, SealingSuite>;

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/);
const kid = z.string().regex(/^[a-z0-9-]{1,32}$/);
const ringSchema = z.strictObject({
  version: z.literal(1),
  sealing: z.array(z.strictObject({ kid, alg: z.enum(Object.keys(SUITES) as (keyof typeof SUITES)[]), createdAt: z.iso.datetime(), key: base64url })).min(1),
  hashing: z.strictObject({ alg: z.literal('HMAC-SHA-256'), key: base64url.length(43) }),
  demoSigning: z.strictObject({ kid, alg: z.literal('EdDSA'), x: base64url.length(43), d: base64url.length(43) }).optional(),
});

/** The file `keys.json`: sealing keys (the newest seals, all open), the hashing key, and in a demo the key of the demo issuer. Keys are base64url. */
export type KeyRingJson = z.infer<typeof ringSchema>;

/** An Ed25519 pair of the demo issuer, as JSON Web Keys (RFC 8037). */
export interface DemoSigningKey {
  kid: string;
  publicJwk: { kty: 'OKP'; crv: 'Ed25519'; x: string; kid: string; alg: 'EdDSA'; use: 'sig' };
  privateJwk: { kty: 'OKP'; crv: 'Ed25519'; x: string; d: string; kid: string; alg: 'EdDSA' };
}

/** A key ring that is no key ring, or a value that one of its keys did not seal. Its message never holds a key or a value. */
export class KeyRingError extends Error {
  override readonly name = 'KeyRingError';
}

interface SealingKey { kid: string; suite: SealingSuite; valueKey: KeyObject; tokenKey: KeyObject; header: Buffer }

/**
 * The hub's secrets: seals stored values, hashes identifiers for look-up, seals cursors. Made by `parseKeyRing`.
 * Opening a value takes about 4 µs (AES-256-GCM, 18 bytes), hashing about 3 µs, on one core.
 */
export class KeyRing {
  /** Present in a demo only. */
  readonly demoSigningKey: DemoSigningKey | undefined;
  private readonly byKid: ReadonlyMap<string, SealingKey>;
  private readonly newest: SealingKey;
  private readonly hashKey: KeyObject;

  /** @param random bytes for nonces; another source only where answers are compared byte for byte */
  constructor(json: KeyRingJson, private readonly random: (size: number) => Buffer = (size) => randomBytes(size)) {
    const keys = json.sealing.toSorted((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt)).map(sealingKey);
    this.byKid = new Map(keys.map((key) => [key.kid, key]));
    const newest = keys.at(-1);
    if (!newest || this.byKid.size !== keys.length) throw new KeyRingError('the key ring has no sealing key, or one kid twice');
    this.newest = newest;
    this.hashKey = createSecretKey(Buffer.from(json.hashing.key, 'base64url'));
    this.demoSigningKey = json.demoSigning && signingKey(json.demoSigning);
  }

  /** Seals a value for storage: `v1.<kid>.<base64url of nonce, ciphertext, tag>`. The same value never seals to the same text. */
  sealValue(plain: string): string {
    const { kid, suite, valueKey, header } = this.newest;
    const nonce = this.random(NONCE_BYTES);
    return `v1.${kid}.${Buffer.concat([nonce, suite.seal(valueKey, nonce, header, Buffer.from(plain, 'utf8'))]).toString('base64url')}`;
  }

  /** @throws KeyRingError if no key of the ring sealed it, or it was changed */
  openValue(sealed: string): string {
    const end = sealed.indexOf('.', 3);
    const key = sealed.startsWith('v1.') ? this.byKid.get(sealed.slice(3, end)) : undefined;
    if (!key) throw new KeyRingError('a stored value was sealed with a key that is not in the ring');
    const body = Buffer.from(sealed.slice(end + 1), 'base64url');
    const plain = body.length < NONCE_BYTES + TAG_BYTES ? undefined : tryOpen(key.suite, key.valueKey, key.header, body);
    if (!plain) throw new KeyRingError('a stored value was changed after it was sealed');
    return plain.toString('utf8');
  }

  /** HMAC-SHA-256 in hex. The same text under two domains has unrelated hashes; a domain is a short name such as `person.id-number`. */
  keyedHash(domain: string, text: string): string {
    if (domain === '' || domain.includes('\0')) throw new KeyRingError('a hash needs a domain without NUL');
    return createHmac('sha256', this.hashKey).update(`${domain}\0${text}`, 'utf8').digest('hex');
  }

  /** Seals a short text that travels through a client, such as a cursor, so that it opens only together with `bound` (viewer, policy version). Its length tells the plain length to 32 bytes only. */
  sealToken(plain: string, bound: string): string {
    const { kid, suite, tokenKey } = this.newest;
    const nonce = this.random(NONCE_BYTES);
    const name = Buffer.from(kid, 'latin1');
    return Buffer.concat([Buffer.of(1, name.length), name, nonce, suite.seal(tokenKey, nonce, Buffer.from(bound, 'utf8'), pad(plain))]).toString('base64url');
  }

  /** The text of a token; undefined if it was forged, changed, sealed for something else, or with a key that is gone. */
  openToken(token: string, bound: string): string | undefined {
    if (token.length > 8192 || !/^[A-Za-z0-9_-]+$/.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    const bodyStart = 2 + (bytes[1] ?? 0);
    const key = bytes[0] === 1 ? this.byKid.get(bytes.toString('latin1', 2, bodyStart)) : undefined;
    if (!key || bytes.length < bodyStart + NONCE_BYTES + TAG_BYTES) return undefined;
    const padded = tryOpen(key.suite, key.tokenKey, Buffer.from(bound, 'utf8'), bytes.subarray(bodyStart));
    return padded?.toString('utf8', 0, padded.lastIndexOf(0x80));
  }
}

/** A key ring from the text of its file, `random` as in the class. @throws KeyRingError saying which member is wrong, never its value */
export function parseKeyRing(text: string, random?: (size: number) => Buffer): KeyRing {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new KeyRingError('the key ring is not JSON');
  }
  const parsed = ringSchema.safeParse(json);
  if (!parsed.success) throw new KeyRingError(`the key ring is not valid at ${parsed.error.issues.map((issue) => issue.path.join('.') || 'its top').join(', ')}`);
  return new KeyRing(parsed.data, random);
}

/** New random keys. With `demoIssuer`, also a key that signs demo tokens: leave it out in production, where the demo issuer is refused. */
export function generateKeyRing(options: { demoIssuer: boolean }): KeyRingJson {
  const ring: KeyRingJson = { version: 1, sealing: [newSealingKey()], hashing: { alg: 'HMAC-SHA-256', key: randomBytes(32).toString('base64url') } };
  if (!options.demoIssuer) return ring;
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  if (!x || !d) throw new KeyRingError('no Ed25519 key could be made');
  return { ...ring, demoSigning: { kid: newKid(), alg: 'EdDSA', x, d } };
}

/** The ring with one more sealing key, which seals from now on; what the others sealed still opens. */
export function withNewSealingKey(ring: KeyRingJson): KeyRingJson {
  return { ...ring, sealing: [...ring.sealing, newSealingKey()] };
}

function newSealingKey(): KeyRingJson['sealing'][number] {
  return { kid: newKid(), alg: 'AES-256-GCM', createdAt: new Date().toISOString(), key: randomBytes(SUITES['AES-256-GCM'].keyBytes).toString('base64url') };
}

function newKid(): string {
  return randomBytes(4).toString('hex');
}

function sealingKey({ kid, alg, key }: KeyRingJson['sealing'][number]): SealingKey {
  const suite = SUITES[alg];
  const secret = Buffer.from(key, 'base64url');
  if (secret.length !== suite.keyBytes) throw new KeyRingError(`sealing key ${kid} has the wrong length`);
  const derive = (use: string): KeyObject => createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', `guitu/${alg}/${use}`, suite.keyBytes)));
  return { kid, suite, valueKey: derive('value'), tokenKey: derive('token'), header: Buffer.from(`v1.${kid}.`, 'latin1') };
}

function signingKey({ kid, x, d }: NonNullable<KeyRingJson['demoSigning']>): DemoSigningKey {
  const pair = { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA' } as const;
  return { kid, publicJwk: { ...pair, use: 'sig' }, privateJwk: { ...pair, d } };
}

function tryOpen(suite: SealingSuite, key: KeyObject, bound: Buffer, body: Buffer): Buffer | undefined {
  try {
    return suite.open(key, body.subarray(0, NONCE_BYTES), bound, body.subarray(NONCE_BYTES));
  } catch {
    return undefined;
  }
}

/** ISO/IEC 7816-4 padding: 0x80, then zeros to a whole block. */
function pad(plain: string): Buffer {
  const text = Buffer.from(plain, 'utf8');
  const padded = Buffer.alloc((Math.floor(text.length / TOKEN_BLOCK_BYTES) + 1) * TOKEN_BLOCK_BYTES);
  text.copy(padded);
  padded[text.length] = 0x80;
  return padded;
}
