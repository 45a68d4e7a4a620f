import type { Purpose } from '../../src/kernel/viewer.js';
import { getPerson, world, worldId, type WorldRecord } from './world.js';

/** The record types of the API that hold rows, as the boundary of rows speaks of them. */
export type RowRecord = 'ReturnCase' | 'AtRiskEntry' | 'SettlementCase' | 'Stay' | 'IdentityInquiry' | 'MissingReport' | 'RegisteredHousehold' | 'Person';

const DIGITS = { MINISTRY: 0, PROVINCE: 2, PREFECTURE: 4, COUNTY: 6, TOWNSHIP: 9 };
const PREFIXES: Record<RowRecord, [string, WorldRecord]> = { ReturnCase: ['rc', 'case'], AtRiskEntry: ['ar', 'entry'], SettlementCase: ['se', 'settlement'], Stay: ['st', 'stay'], IdentityInquiry: ['iq', 'inquiry'], MissingReport: ['mr', 'missing'], RegisteredHousehold: ['hh', 'household'], Person: ['pe', 'person'] };

const protectionOf = (person: string): { holdingAgency: string; namedUnit?: string | undefined } | undefined => getPerson(world, person).protection;
const names = <Value>(records: Record<string, Value>, belongs: (record: Value, name: string) => boolean): string[] => Object.entries(records).filter(([name, record]) => belongs(record, name)).map(([name]) => name);

/**
 * Names of the world's records that lie inside the outermost boundary of rows for an agency: party to the record, or the record's area in its own
 * (`security.md`, third belt). Worked out from the files of the world by the digits of the codes; shares nothing with SQL or policy.
 */
export function boundaryOf(code: string, purpose: Purpose | null): Record<RowRecord, string[]> {
  const agency = world.agencies[code];
  if (!agency) throw new Error(`the world has no agency ${code}`);
  const is = (...kinds: string[]): boolean => kinds.includes(agency.kind);
  const area = (division: string): boolean => division.startsWith(agency.division.slice(0, DIGITS[agency.level]));
  const party = (...codes: (string | undefined)[]): boolean => codes.includes(code);

  // A draft is not sent: it is its author's alone.
  const cases = names(world.cases, (one) => (one.state === 'DRAFT' ? party(one.destination) : party(one.destination, one.origin, one.escortAgency, one.hukouAgency, one.hukouCivilAffairs, ...one.coordinatedBy, ...one.referrals.map(({ addressee }) => addressee), protectionOf(one.person)?.namedUnit)
    || (is('CIVIL_AFFAIRS') && (area(one.originDivision) || world.agencies[one.destination ?? '']?.division === agency.division))
    || (is('PARTNER') && purpose === 'BENEFIT_CHECK' && area(one.originDivision))));
  const entries = names(world.atRisk, (one) => party(one.enrolledBy, one.township) || (is('CIVIL_AFFAIRS', 'RESCUE_STATION') && area(one.division)));
  const settlements = names(world.settlement, (one) => party(one.station, one.civilAffairs, one.police) || (is('CIVIL_AFFAIRS', 'TOWNSHIP') && area(one.division)) || (is('TOWNSHIP') && one.hukouDivision !== undefined && area(one.hukouDivision))
    || (is('RESCUE_STATION') && Object.values(world.cases).some(({ person, origin }) => person === one.person && origin === code)));
  const stays = names(world.stays, (one) => party(one.station) || (is('CIVIL_AFFAIRS') && area(world.agencies[one.station]?.division ?? '')));
  const inquiries = names(world.inquiries, (one) => party(one.station, one.civilAffairs, ...one.asked.map(({ police }) => police)) || (is('CIVIL_AFFAIRS') && area(world.agencies[one.station]?.division ?? '')));
  const reports = names(world.missing, (one) => party(one.reporter));
  const households = names(world.households, (one) => code === 'poverty-320281' || (is('CIVIL_AFFAIRS') && area(one.division)));
  const spokenOf = new Set([
    ...cases.map((name) => world.cases[name]?.person), ...entries.map((name) => world.atRisk[name]?.person), ...settlements.map((name) => world.settlement[name]?.person), ...inquiries.map((name) => world.inquiries[name]?.person),
    ...(is('CIVIL_AFFAIRS') ? households.flatMap((no) => world.households[no]?.members.flatMap((member) => (member.matched ? [member.person] : [])) ?? []) : []),
  ]);
  const persons = names(world.persons, ({ protection }, name) => spokenOf.has(name)
    || (protection !== undefined && (party(protection.holdingAgency, protection.namedUnit) || (is('CIVIL_AFFAIRS') && world.agencies[protection.holdingAgency]?.division === agency.division))));
  return { ReturnCase: cases, AtRiskEntry: entries, SettlementCase: settlements, Stay: stays, IdentityInquiry: inquiries, MissingReport: reports, RegisteredHousehold: households, Person: persons };
}

/** The global id that the API gives a record of the world. */
export function globalId(record: RowRecord, name: string): string {
  const [prefix, kind] = PREFIXES[record];
  return `${prefix}_${worldId(kind, name)}`;
}
