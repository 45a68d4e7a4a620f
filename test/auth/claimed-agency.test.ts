import { expect, test } from '@jest/globals';
import { importJWK, SignJWT } from 'jose';
import { authenticate, type ViewerAgency } from '../../src/auth/authenticate.js';
import { AUDIENCE, DEMO_ISSUER, getDemoIssuer } from '../../src/auth/tokens.js';
import { generateKeyRing, KeyRing } from '../../src/kernel/key-ring.js';

const ring = new KeyRing(generateKeyRing({ demoIssuer: true }));
const now = new Date('2026-11-02T01:00:00Z');
const station: ViewerAgency = {
  agencyId: '0b6a0a2e-0000-4000-8000-000000000001', agencyCode: 'station-320281', kind: 'RESCUE_STATION', level: 'COUNTY', division: '320281', areas: [{ from: '320281', until: '320282' }], suspended: false,
};

test('what a token says of its agency besides the code is not believed: kind, level, division, areas and id are looked up', async () => {
  const key = ring.demoSigningKey;
  if (!key) throw new Error('a ring without a demo key');
  const claims = { agency: 'station-320281', roles: ['CLERK'], kind: 'CIVIL_AFFAIRS', level: 'MINISTRY', division: '000000', areas: [{ from: '0', until: ':' }], agencyId: '0b6a0a2e-0000-4000-8000-000000000009', suspended: false };
  const token = await new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'JWT' }).setIssuer(DEMO_ISSUER).setAudience(AUDIENCE).setSubject('li')
    .setIssuedAt(now.getTime() / 1000).setExpirationTime(now.getTime() / 1000 + 600).sign(await importJWK(key.privateJwk, 'EdDSA'));
  const { suspended: _, ...known } = station;
  const viewer = await authenticate({ authorization: `Bearer ${token}` }, { findIssuer: async () => getDemoIssuer(ring), now, mode: 'demo', getViewerAgency: async () => station });
  expect(viewer).toEqual({ ...known, roles: ['CLERK'], user: 'li' });
});
