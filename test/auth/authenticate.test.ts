import { describe, expect, test } from '@jest/globals';
import { authenticate, type AuthenticateDeps, type ViewerAgency } from '../../src/auth/authenticate.js';
import { DEMO_ISSUER, getDemoIssuer, issueDemoToken } from '../../src/auth/tokens.js';
import { generateKeyRing, KeyRing } from '../../src/kernel/key-ring.js';

const ring = new KeyRing(generateKeyRing({ demoIssuer: true }));
const now = new Date('2026-11-02T01:00:00Z');
const station: ViewerAgency = {
  agencyId: '0b6a0a2e-0000-4000-8000-000000000001', agencyCode: 'station-320281', kind: 'RESCUE_STATION', level: 'COUNTY', division: '320281',
  areas: [{ from: '320281', until: '320282' }], suspended: false,
};
const deps: AuthenticateDeps = {
  findIssuer: async (iss) => (iss === DEMO_ISSUER ? getDemoIssuer(ring) : undefined), now, mode: 'demo',
  getViewerAgency: async (code) => (code === station.agencyCode ? station : undefined),
};
const tokenOf = (agency: string): Promise<string> => issueDemoToken(ring, { agency, roles: ['CLERK'], user: 'li', now });

describe('who is asking', () => {
  test('kind, level and division come from the agency, roles and user from the token', async () => {
    const { suspended: _, ...known } = station;
    const token = await tokenOf('station-320281');
    expect(await authenticate({ authorization: `Bearer ${token}` }, deps)).toEqual({ ...known, roles: ['CLERK'], user: 'li' });
    expect(await authenticate({ authorization: `bearer  ${token}` }, deps)).toMatchObject({ agencyCode: 'station-320281' });
  });

  test('no token, a bad token, an unknown and a suspended agency get the very same answer', async () => {
    const token = await tokenOf('station-320281');
    const answers = await Promise.all([
      authenticate({}, deps),
      authenticate({ authorization: '' }, deps),
      authenticate({ authorization: token }, deps),
      authenticate({ authorization: `Basic ${token}` }, deps),
      authenticate({ authorization: `Bearer ${token} ${token}` }, deps),
      authenticate({ authorization: `Bearer ${token}, Bearer ${token}` }, deps),
      authenticate({ authorization: `Bearer ${token.slice(0, -4)}AAAA` }, deps),
      authenticate({ authorization: `Bearer ${await tokenOf('station-999999')}` }, deps),
      authenticate({ authorization: `Bearer ${token}` }, { ...deps, getViewerAgency: async () => ({ ...station, suspended: true }) }),
      authenticate({ authorization: `Bearer ${token}` }, { ...deps, getViewerAgency: async () => ({ ...station, agencyCode: 'civil-320281' }) }),
      authenticate({ authorization: `Bearer ${token}` }, { ...deps, getViewerAgency: async () => ({ ...station, areas: [] }) }),
    ].map((asked) => asked.then(() => 'let in', (error: unknown) => JSON.stringify([String(error), error]))));
    expect(answers[0]).toContain('UNAUTHENTICATED');
    expect(new Set(answers).size).toBe(1);
  });
});
