import type { AgencyKind } from '../../src/kernel/viewer.js';
import { world } from '../support/world.js';

/** The agencies of a walk: those of the small world, and a township in the county that has none there. By hand from the digits of the codes; shares nothing with SQL or policy. */

export interface WalkAgency { code: string; kind: AgencyKind; level: string; division: string }

/** Beside the small world: an entry that moves to Shucheng needs a township there. */
export const FURTHER: WalkAgency = { code: 'township-341523102', kind: 'TOWNSHIP', level: 'TOWNSHIP', division: '341523102' };

export const AGENCIES: readonly WalkAgency[] = [...Object.entries(world.agencies).map(([code, { kind, level, division }]) => ({ code, kind, level, division })), FURTHER];

const byCode = new Map(AGENCIES.map((agency) => [agency.code, agency]));

/** @throws Error for a code that no agency of a walk has */
export function agencyOf(code: string): WalkAgency {
  const found = byCode.get(code);
  if (!found) throw new Error(`no agency ${code} walks`);
  return found;
}

const DIGITS: Record<string, number> = { MINISTRY: 0, PROVINCE: 2, PREFECTURE: 4, COUNTY: 6, TOWNSHIP: 9 };

/** Whether a division lies in an agency's own; null lies nowhere. */
export const covers = ({ level, division }: WalkAgency, place: string | null): boolean => place !== null && place.startsWith(division.slice(0, DIGITS[level]));

/** Civil affairs at a division or above it, nearest first; the ministry last. */
export function civilAffairsUpFrom(division: string): string[] {
  return AGENCIES.filter((agency) => agency.kind === 'CIVIL_AFFAIRS' && covers(agency, division)).toSorted((one, other) => (DIGITS[other.level] ?? 0) - (DIGITS[one.level] ?? 0)).map(({ code }) => code);
}

/** Who coordinates above an agency: civil affairs of its own place, or the next level up, never itself nor the one that refused. */
export const superiorOf = (code: string, refusing: string): string | undefined => civilAffairsUpFrom(agencyOf(code).division).find((one) => one !== code && one !== refusing);

/** Where returns of a walk go to, and which agency receives there: the station, or civil affairs where there is none. */
export const RECEIVERS: Readonly<Record<string, string>> = {
  320281100: 'station-320281', 320281104: 'station-320281', 320281: 'station-320281', 341523102: 'civil-341523', 341523: 'civil-341523', 320213: 'station-320200', 341500: 'civil-341500', 120101: 'station-120000',
};
