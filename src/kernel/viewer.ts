import type { DivisionRange } from './divisions.js';

export const AGENCY_KINDS = ['RESCUE_STATION', 'CIVIL_AFFAIRS', 'PUBLIC_SECURITY', 'HEALTH', 'POVERTY_RELIEF', 'TOWNSHIP', 'DATA_AUTHORITY', 'AUDIT', 'PARTNER'] as const;
export type AgencyKind = (typeof AGENCY_KINDS)[number];

export const LEVELS = ['MINISTRY', 'PROVINCE', 'PREFECTURE', 'COUNTY', 'TOWNSHIP'] as const;
export type DivisionLevel = (typeof LEVELS)[number];

export const ROLES = ['CLERK', 'APPROVER', 'SHARING_OFFICER', 'MINORS_OFFICER', 'AUDITOR', 'ADMIN'] as const;
export type Role = (typeof ROLES)[number];
/** GB/T 39477: administrator, auditor and operator are separate persons; whoever holds one of these holds nothing else. */
export const SOLITARY_ROLES: readonly Role[] = ['ADMIN', 'AUDITOR'];

export const PURPOSES = ['RETURN', 'AT_RISK_CARE', 'SETTLEMENT', 'IDENTITY', 'POVERTY_RELIEF', 'MEDICAL_CARE', 'SUPERVISION', 'COORDINATION', 'AUDIT', 'BENEFIT_CHECK'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Who asks: an agency's user or system. Kind, level and division are looked up from the agency, never taken from a token. */
export interface Viewer {
  /** Internal id (UUID) of the agency. */
  agencyId: string;
  /** Public code, such as `station-320281`. */
  agencyCode: string;
  kind: AgencyKind;
  level: DivisionLevel;
  /** Code of the agency's division: 6 digits, or 9 for a township. */
  division: string;
  /** What `within viewer.division` means: the division itself, then divisions it succeeded. Never empty. */
  areas: readonly DivisionRange[];
  roles: readonly Role[];
  /** Subject of the token: who inside the agency. */
  user: string;
}

/** A viewer with what the request says of itself. */
export interface Asking {
  viewer: Viewer;
  /** Null where none was stated (`viewer` and the policy's own queries need none). */
  purpose: Purpose | null;
  /** Case, inquiry or document number the request is made for. */
  matter: string | null;
  /** The instant of the request; pinned by `GUITU_NOW` in a demo. */
  now: Date;
}
