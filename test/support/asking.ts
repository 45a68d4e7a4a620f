import { rangeOf } from '../../src/kernel/divisions.js';
import type { RequestContext } from '../../src/kernel/request.js';
import type { Purpose, Role } from '../../src/kernel/viewer.js';
import { WORLD_NOW, world, worldId } from './world.js';

/** A request of an agency of the world, as the server would make it. Its area is its division alone: no division of the world has taken over another's records. */
export function askAs(agencyCode: string, purpose: Purpose | null, roles: readonly Role[] = ['CLERK']): RequestContext {
  const agency = world.agencies[agencyCode];
  if (!agency) throw new Error(`the world has no agency ${agencyCode}`);
  const { kind, level, division } = agency;
  return {
    viewer: { agencyId: worldId('agency', agencyCode), agencyCode, kind, level, division, areas: [rangeOf(division, level)], roles, user: `clerk of ${agencyCode}` },
    purpose, matter: null, requestId: '00000000-0000-4000-8000-000000000000', language: 'zh', idempotencyKey: null, now: WORLD_NOW,
  };
}
