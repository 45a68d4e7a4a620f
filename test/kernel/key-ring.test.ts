import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { generateKeyRing, KeyRing, KeyRingError, parseKeyRing, withNewSealingKey } from '../../src/kernel/key-ring.js';

const json = generateKeyRing({ demoIssuer: true });
const ring = new KeyRing(json);

/** The text with one base64url character at `at` replaced by another. */
function withChange(text: string, at: number): string {
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
}

describe('sealed values', () => {
  test('any text opens to itself and never seals to the same text twice', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const sealed = ring.sealValue(text);
      expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\.[A-Za-z0-9_-]+$/);
      expect(ring.openValue(sealed)).toBe(text);
      expect(ring.sealValue(text)).not.toBe(sealed);
    }));
  });

  test('a change of any character is found, and the error holds neither value nor seal', () => {
    const sealed = ring.sealValue('99010119500101001X');
    // The last character may carry bits that base64 ignores.
    for (let at = 0; at < sealed.length - 1; at += 1) {
      if (sealed[at] === '.') continue;
      let message = '';
      try {
        ring.openValue(withChange(sealed, at));
      } catch (error) {
        message = error instanceof KeyRingError ? error.message : '';
      }
      expect(message).toMatch(/^a stored value was/);
    }
  });

  test.each(['', 'v1.', 'v1..', 'v2.x.y', 'v1.00000000.AAAA', `v1.${json.sealing[0]?.kid}.`, `v1.${json.sealing[0]?.kid}.AAAA`, 'constructor'])('what was never sealed does not open: %j', (text) => {
    expect(() => ring.openValue(text)).toThrow(KeyRingError);
  });

  test('the newest key seals and every key of the ring opens, wherever it stands', () => {
    const old = { ...json, sealing: json.sealing.map((key) => ({ ...key, createdAt: '2020-01-01T00:00:00.000Z' })) };
    const grown = withNewSealingKey(old);
    const rotated = new KeyRing({ ...grown, sealing: grown.sealing.toReversed() });
    const newKid = grown.sealing[1]?.kid;
    expect(rotated.openValue(new KeyRing(old).sealValue('旧'))).toBe('旧');
    expect(rotated.sealValue('新').split('.')[1]).toBe(newKid);
    expect(() => new KeyRing(old).openValue(rotated.sealValue('新'))).toThrow(KeyRingError);
  });
});

describe('keyed hashes', () => {
  test('the same text has one hash per domain and key', () => {
    const other = new KeyRing(generateKeyRing({ demoIssuer: false }));
    expect(ring.keyedHash('id-number', 'x')).toMatch(/^[0-9a-f]{64}$/);
    expect(ring.keyedHash('id-number', 'x')).toBe(parseKeyRing(JSON.stringify(json)).keyedHash('id-number', 'x'));
    expect(new Set([ring.keyedHash('id-number', 'x'), ring.keyedHash('phone', 'x'), ring.keyedHash('id-numberx', ''), ring.keyedHash('id-number', ''), other.keyedHash('id-number', 'x')]).size).toBe(5);
  });

  test('a domain cannot run into its text', () => {
    expect(() => ring.keyedHash('', 'x')).toThrow(KeyRingError);
    expect(() => ring.keyedHash('a\0b', 'x')).toThrow(KeyRingError);
  });

  test('a new sealing key changes no hash', () => {
    expect(new KeyRing(withNewSealingKey(json)).keyedHash('id-number', 'x')).toBe(ring.keyedHash('id-number', 'x'));
  });
});

describe('sealed tokens', () => {
  test('a token opens with what it was bound to and with nothing else', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), (plain, bound, other) => {
      const text = Buffer.from(plain, 'utf8').toString('utf8');
      const token = ring.sealToken(text, bound);
      expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(ring.openToken(token, bound)).toBe(text);
      if (other !== bound) expect(ring.openToken(token, other)).toBeUndefined();
    }));
  });

  test('a forged, changed, foreign or oversized token opens to nothing', () => {
    const token = ring.sealToken('2026-01-01|7', 'viewer');
    for (let at = 0; at < token.length - 1; at += 1) expect(ring.openToken(withChange(token, at), 'viewer')).toBeUndefined();
    const foreign = new KeyRing(generateKeyRing({ demoIssuer: false })).sealToken('x', 'viewer');
    for (const text of ['', 'AQ', 'AQg', 'abc', `${token}=`, ` ${token}`, foreign, 'A'.repeat(9000)]) expect(ring.openToken(text, 'viewer')).toBeUndefined();
  });

  test('a token tells the length of its text only to 32 bytes', () => {
    expect(ring.sealToken('', 'v')).toHaveLength(ring.sealToken('a'.repeat(31), 'v').length);
    expect(ring.openToken(ring.sealToken('a'.repeat(32), 'v'), 'v')).toBe('a'.repeat(32));
  });

  test('a value is no token and a token is no value', () => {
    const body = ring.sealValue('x').split('.')[2] ?? '';
    expect(ring.openToken(body, `v1.${json.sealing[0]?.kid}.`)).toBeUndefined();
  });
});

describe('the key ring itself', () => {
  test.each(['', '[]', '{}', '{"version":2}', JSON.stringify({ ...json, sealing: [] }), JSON.stringify({ ...json, extra: 1 })])('what is no key ring is refused: %#', (text) => {
    expect(() => parseKeyRing(text)).toThrow(KeyRingError);
  });

  test('a short key, an unknown algorithm and a kid used twice are refused without showing a key', () => {
    const [key] = json.sealing;
    const bad = [{ ...key, key: 'AAAA' }, { ...key, alg: 'SM4-GCM' }, { ...key, key: `${key?.key}!` }].map((one) => ({ ...json, sealing: [one] }));
    for (const one of [...bad, { ...json, sealing: [key, key] }]) {
      let message = '';
      try {
        parseKeyRing(JSON.stringify(one));
      } catch (error) {
        message = error instanceof KeyRingError ? error.message : '';
      }
      expect(message).not.toBe('');
      expect(message).not.toContain(key?.key.slice(0, 12));
    }
  });

  test('only a demo ring signs tokens', () => {
    expect(ring.demoSigningKey?.publicJwk).not.toHaveProperty('d');
    expect(new KeyRing(generateKeyRing({ demoIssuer: false })).demoSigningKey).toBeUndefined();
  });
});
