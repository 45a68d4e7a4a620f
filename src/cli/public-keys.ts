import { importJWK } from 'jose';
import { z } from 'zod';
import { CommandRefused } from './shell.js';

/** The members of a public key that are kept; everything else in the file is left out. */
const common = { kid: z.string().min(1).max(200), use: z.literal('sig').optional() };
const base64url = z.string().regex(/^[\w-]+$/);
const keySchema = z.discriminatedUnion('kty', [
  z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url, alg: z.enum(['EdDSA', 'Ed25519']).optional(), ...common }),
  z.object({ kty: z.literal('EC'), crv: z.enum(['P-256', 'P-384']), x: base64url, y: base64url, alg: z.enum(['ES256', 'ES384']).optional(), ...common }),
  // 2048 bits and more (RFC 7518 §3.3): the modulus is 256 bytes, 342 characters
  z.object({ kty: z.literal('RSA'), n: base64url.min(342), e: base64url, alg: z.enum(['RS256', 'PS256']).optional(), ...common }),
]);

export type PublicKey = z.infer<typeof keySchema>;

/** Members that only a secret has: of RSA and of curves, and of a symmetric key (RFC 7518 §6.2.2, §6.3.2, §6.4.1). */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const MOST_KEYS = 20;

/**
 * The public keys of an issuer from the text of a JWKS file (RFC 7517): Ed25519, P-256, P-384 or RSA from 2048 bits, each with an id of its own.
 * @throws CommandRefused saying what is wrong; a file with a private key is refused whole, for it must never leave its agency
 */
export async function parsePublicKeys(text: string): Promise<{ keys: PublicKey[] }> {
  const listed = z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(MOST_KEYS) }).safeParse(parseJson(text));
  if (!listed.success) throw new CommandRefused(`JWKS 文件应为 {"keys": [ … ]}，含 1 至 ${MOST_KEYS} 个公钥`, `a JWKS file is {"keys": [ … ]} with 1 to ${MOST_KEYS} public keys`);
  if (listed.data.keys.some((key) => SECRET_MEMBERS.some((member) => member in key))) {
    throw new CommandRefused('文件里有私钥，未登记。私钥不应离开该单位：请该单位更换密钥，只提供公钥', 'the file holds a private key and was not taken. It should never have left its agency: have the agency make a new one and send the public key only');
  }
  const keys: PublicKey[] = [];
  for (const [index, member] of listed.data.keys.entries()) keys.push(await parseKey(member, index + 1));
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length) throw new CommandRefused('有两个公钥的 kid 相同', 'two keys have the same kid');
  return { keys };
}

async function parseKey(member: Record<string, unknown>, place: number): Promise<PublicKey> {
  const refused = new CommandRefused(
    `第 ${place} 个公钥不能使用：须为 Ed25519、P-256、P-384 或 2048 位以上的 RSA 签名公钥，并带有 kid`, `key ${place} cannot be used: it must be a signing key (Ed25519, P-256, P-384, or RSA from 2048 bits) with a kid`);
  const parsed = keySchema.safeParse(member);
  if (!parsed.success) throw refused;
  const key = parsed.data;
  try {
    await importJWK(key, key.alg ?? ALGORITHM_OF[key.kty === 'RSA' ? 'RSA' : key.crv]);
  } catch {
    throw refused;
  }
  return key;
}

const ALGORITHM_OF = { Ed25519: 'EdDSA', 'P-256': 'ES256', 'P-384': 'ES384', RSA: 'RS256' } as const;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
