import { AGENCY_KINDS, LEVELS, type AgencyKind, type DivisionLevel } from '../../src/kernel/viewer.js';
import { world, worldId } from '../support/world.js';

/** An agency that may ask, and that records may name. */
export interface RosterAgency { id: string; code: string; name: string; kind: AgencyKind; level: DivisionLevel; division: string }

const CODE_WORDS: Record<AgencyKind, string> = {
  RESCUE_STATION: 'station', CIVIL_AFFAIRS: 'civil', PUBLIC_SECURITY: 'police', HEALTH: 'health', POVERTY_RELIEF: 'poverty', TOWNSHIP: 'township', DATA_AUTHORITY: 'data', AUDIT: 'audit', PARTNER: 'insurance',
};
/** One place for each level. 320508 took over three counties, 370100 a whole prefecture, so that `within` means several areas. */
const PLACES: Record<DivisionLevel, readonly string[]> = { MINISTRY: ['000000'], PROVINCE: ['320000'], PREFECTURE: ['370100'], COUNTY: ['320508', '320281'], TOWNSHIP: ['320508017', '320281100'] };

/** Every kind at every level: the agencies of the small world, and those that it lacks. */
export const ROSTER: readonly RosterAgency[] = [
  ...Object.entries(world.agencies).map(([code, { name, kind, level, division }]) => ({ id: worldId('agency', code), code, name, kind, level, division })),
  ...AGENCY_KINDS.flatMap((kind) => LEVELS.flatMap((level) => PLACES[level].map((division) => ({ code: `${CODE_WORDS[kind]}-${division}`, kind, level, division }))))
    .filter(({ code }) => !(code in world.agencies)).map((agency) => ({ ...agency, id: worldId('agency', agency.code), name: `机构 ${agency.code}` })),
];

export function rosterAgency(code: string): RosterAgency {
  const found = ROSTER.find((agency) => agency.code === code);
  if (!found) throw new Error(`no agency ${code} in the roster`);
  return found;
}

/** Divisions that records lie in: inside and beside the areas of the roster, abolished ones and whole provinces among them, and the first code after an area. */
export const ROW_DIVISIONS = [
  '320281', '320281100', '320281104', '320508', '320508017', '320502', '320503', '320200', '320000', '370116', '371202', '371200', '370100', '120000', '341523',
  '320508018', '320282', '320509', '320300', '330000', '370200',
] as const;
