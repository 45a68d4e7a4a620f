import type { IncomingHttpHeaders } from 'node:http';
import type { Viewer } from '../kernel/viewer.js';
import { unauthenticated, verifyToken, type TokenDeps } from './verify-token.js';

/** What the hub itself knows of an agency that asks; nothing of it is ever taken from a token. */
export type ViewerAgency = Omit<Viewer, 'roles' | 'user'> & { suspended: boolean };

export interface AuthenticateDeps extends TokenDeps {
  getViewerAgency(code: string): Promise<ViewerAgency | undefined>;
}

/**
 * The viewer of a request, from `Authorization: Bearer …` (RFC 6750 §2.1).
 * @throws Refusal UNAUTHENTICATED, in the same words for a missing, malformed or refused token and for an agency that is unknown or suspended
 */
export async function authenticate(headers: IncomingHttpHeaders, deps: AuthenticateDeps): Promise<Viewer> {
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) throw unauthenticated();
  const { agencyCode, roles, user } = await verifyToken(token, deps);
  const agency = await deps.getViewerAgency(agencyCode);
  if (!agency || agency.suspended || agency.agencyCode !== agencyCode || agency.areas.length === 0) throw unauthenticated();
  const { suspended: _, ...known } = agency;
  return { ...known, roles, user };
}
