import { parseKeyRing, type KeyRing, type KeyRingJson } from '../../src/kernel/key-ring.js';

/** The key ring of every test database: fixed, so that hashes are the same in all of them. It guards nobody. */
export const TEST_KEYS: KeyRingJson = {
  version: 1,
  sealing: [{ kid: 'tests', alg: 'AES-256-GCM', createdAt: '2026-01-01T00:00:00Z', key: '7kHPEHiVD09lj-mji2UbxB-xfb2M1UIaBy9QtoSh5NM' }],
  hashing: { alg: 'HMAC-SHA-256', key: '9iRDywlrYkMQah0Oo0HfxggdeggEexiM4eBLhjDWiDk' },
  demoSigning: { kid: 'tests-demo', alg: 'EdDSA', x: 'n4gBhJPw_H97Jjj_qDMPQfrNgDMuEO7fwpPJiEkpNvo', d: 'kn2z7SnIHf-qanwoGVEPmMcq3cMyjndBpbqeRVCii38' },
};

export const testKeyRing: KeyRing = parseKeyRing(JSON.stringify(TEST_KEYS));
