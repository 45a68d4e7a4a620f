import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { AgencyKind, DivisionLevel } from '../../src/kernel/viewer.js';
import { worldId, WORLD_FOLDER } from '../support/world.js';

/** The facts of the small world as its files say them, read without any code of the hub but its ids: so that the table and the hub can be wrong independently. */

export interface AgencyFacts { name: string; kind: AgencyKind; level: DivisionLevel; division: string }
export interface Identity { name?: string; idNumber?: string; sex?: string; birthDate?: string | null; estimatedAge?: number; hukouDivision?: string | null; homeDivision?: string | null; address?: string; kinName?: string; kinPhone?: string }
export interface PersonFacts extends Identity { identityState: string; protection?: { holdingAgency: string; namedUnit?: string } }
export interface DocumentFacts { documentNo?: string; documentDate?: string }
export interface StepFacts extends DocumentFacts { to: string; at: string; by: string; code?: string; text?: string }
export interface CaseFacts {
  state: string; caseNo: string; version: number; person: string; author?: string; destination?: string; destinationName?: string; origin: string; originDivision: string;
  subject: Identity & { features: string }; noticeNo: string; noticeDate: string; entryDate: string; leaveDate: string; returnMode: string; escortAgency?: string; helpReason: string; condition: string;
  homeCheck?: { checkedOn: string; committee: string; difficulties: string[]; text: string }; transitions?: StepFacts[]; importedAt?: string; receivedOn?: string; remark?: string;
  revisits?: { visitedOn: string; manner: string; result: string; note: string }[]; handlingCodes?: string[]; custodyPlace?: string; noticeFileDigest?: string; coordinatedBy?: string[]; hukouPlace?: string; hukouAgency?: string; hukouCivilAffairs?: string; outcome?: string; referrals?: ReferralFacts[];
}
export interface ReferralFacts { referralNo: string; version: number; addressee: string; helpAsked: string[]; details: string; referredAt: string; answeredAt?: string; measures?: string[]; answer?: string }
export interface EntryFacts {
  state: string; entryNo: string; version: number; person: string; division: string; enrolledBy: string; township?: string; riskClasses: string[]; careCodes: string[]; repeatedWandering?: boolean;
  diagnosis?: string; disabilityCardNo?: string; enrolledOn: string; termFrom?: string; rosterSentAt?: string; revisitBy?: string; nextVisitBy?: string;
  visits?: { regime: string; by: string; visitedOn: string; manner: string; result: string; note: string }[];
}
export interface SettlementFacts {
  track: string; state: string; settlementNo: string; version: number; person: string; station: string; civilAffairs: string; police?: string; division: string; enteredOn: string; appliedOn?: string;
  decidedOn?: string; hukouDivision?: string; hukouRegisteredOn?: string; institution?: string; placedOn?: string; supportKind?: string;
  proofOfSearch?: string; plan?: string; guardianship?: string; transitions: (DocumentFacts & { to: string; at: string; by?: string; note?: string })[];
}
export interface StayFacts {
  stayNo: string; version: number; person: string; station: string; calledName?: string; features: string; tracingPublishedOn?: string; tracingUpdatedOn?: string; dnaRequestedOn?: string; dnaSampledOn?: string; dnaSampleNo?: string; leftOn?: string; leftHow?: string; moves: { place: string; since: string }[];
}
export interface InquiryFacts {
  inquiryNo: string; version: number; state: string; level: string; person: string; station: string; civilAffairs: string; police: string; methods: string[]; ownComparison: string; calledName?: string; features: string; photoDigest?: string; dnaSampleNo?: string;
  asked: { level: string; police: string; at: string; answeredAt?: string; result?: string; note?: string }[];
  candidates: (Identity & { candidateNo: string; police: string; method: string; foundAt: string; suppressed?: true; note?: string; firstConfirmedBy?: string; rejectedReason?: string })[];
  transitions: (DocumentFacts & { to: string; level: string; at: string; by: string; reason?: string })[];
}
export interface MissingFacts extends Pick<Identity, 'sex' | 'birthDate' | 'estimatedAge' | 'idNumber' | 'homeDivision' | 'kinName' | 'kinPhone'> {
  reportNo: string; version: number; state: string; reporter: string; person?: string; name: string; missingSince: string; lastSeenDivision?: string; looks: string; kinRelation: string; reportedAt: string; closedAt?: string; note?: string;
  given: { inquiry: string; verdict?: string; firstConfirmedBy?: string; secondConfirmedBy?: string; tell?: boolean; reason?: string; told?: { contact: string; on: string } }[];
}
export interface MemberFacts { name: string; person?: string; idNumber?: string; relation: string; matched?: true }
export interface HouseholdFacts {
  former?: { name: string; idNumber: string; relation: string; since: string; until: string }[]; history?: { since: string; head?: string; division?: string; kind?: string }[]; help?: { measures: string[]; helpedOn: string; text?: string; by: string; at: string }[];
  head: string; division: string; kind: string; members: MemberFacts[]; flag?: { state: string; contactAgency?: string; releaseOn?: string; reason?: string };
}

const file = <Facts>(name: string): Facts => parse(readFileSync(join(WORLD_FOLDER, `${name}.yaml`), 'utf8')) as Facts;

export const AGENCIES = file<Record<string, AgencyFacts>>('agencies');
export const CASES = file<Record<string, CaseFacts>>('cases');
export const ENTRIES = file<Record<string, EntryFacts>>('at-risk');
export const STAYS = file<Record<string, StayFacts>>('stays');
export const INQUIRIES = file<Record<string, InquiryFacts>>('inquiries');
export const MISSING = file<Record<string, MissingFacts>>('missing');
/** The inquiry whose number every request of the matrix states as its matter. */
export const INQUIRY_ASKED_FOR = 'nameless-bridge-inquiry';
export const SETTLEMENTS = file<Record<string, SettlementFacts>>('settlement');
export const HOUSEHOLDS = file<Record<string, HouseholdFacts>>('households');
const people = file<{ persons: Record<string, PersonFacts>; unused: Record<string, Identity> }>('persons');
export const PERSONS = people.persons;
export const UNUSED = people.unused;
/** The office whose households these are. */
export const OFFICE = 'poverty-320281';

const { now } = file<{ now: string }>('world');
/** The world's day, in Asia/Shanghai as it is written. */
export const TODAY = String(now).slice(0, 10);

const DIGITS: Record<DivisionLevel, number> = { MINISTRY: 0, PROVINCE: 2, PREFECTURE: 4, COUNTY: 6, TOWNSHIP: 9 };

/** Whether a division lies in an agency's own; no division of the world is an exception to the digits. */
export function liesIn(division: string, { level, division: own }: AgencyFacts): boolean {
  return division.startsWith(own.slice(0, DIGITS[level]));
}

export function getFacts<Facts>(facts: Record<string, Facts>, name: string): Facts {
  const found = facts[name];
  if (!found) throw new Error(`the world has no ${name}`);
  return found;
}

/** The birth date as far as anything tells it, or null. */
export function bornOn({ birthDate, idNumber, estimatedAge }: Identity): string | null {
  if (birthDate) return birthDate;
  if (idNumber) return `${idNumber.slice(6, 10)}-${idNumber.slice(10, 12)}-${idNumber.slice(12, 14)}`;
  return estimatedAge === undefined ? null : `${Number(TODAY.slice(0, 4)) - estimatedAge}${TODAY.slice(4)}`;
}

/** Under 18, or of unknown age. */
export function isMinor(who: Identity): boolean {
  const born = bornOn(who);
  return born === null || `${Number(born.slice(0, 4)) + 18}${born.slice(4)}` > TODAY;
}

/** What the author wrote: its own words, and the person's where it has none. */
export const subjectFacts = (facts: CaseFacts): CaseFacts['subject'] => ({ ...getFacts(PERSONS, facts.person), ...facts.subject });

export const authorOf = (facts: CaseFacts): string => facts.author ?? facts.destination ?? '';

/** Steps of a case; an imported one has the one that its sheet proves. */
export const stepsOf = ({ transitions, state, importedAt, origin }: CaseFacts): StepFacts[] => transitions ?? [{ to: state, at: importedAt ?? '', by: origin }];

/** The other side has acknowledged what the author sent, and the case is not called into question. */
export function isConfirmed(facts: CaseFacts): boolean {
  const steps = (facts.transitions ?? []).map(({ to }) => to);
  return steps.lastIndexOf('ACKNOWLEDGED') > steps.lastIndexOf('SENT') && !['DISPUTED', 'REFUSED', 'RECALLED', 'COORDINATING'].includes(facts.state);
}

export const casesOf = (person: string): CaseFacts[] => Object.values(CASES).filter((facts) => facts.person === person);

/** Global ids by record type and name. */
export const idOf = {
  ReturnCase: (name: string): string => `rc_${worldId('case', name)}`,
  Person: (name: string): string => `pe_${worldId('person', name)}`,
  AtRiskEntry: (name: string): string => `ar_${worldId('entry', name)}`,
  SettlementCase: (name: string): string => `se_${worldId('settlement', name)}`,
  Stay: (name: string): string => `st_${worldId('stay', name)}`,
  IdentityInquiry: (name: string): string => `iq_${worldId('inquiry', name)}`,
  MissingReport: (name: string): string => `mr_${worldId('missing', name)}`,
  RegisteredHousehold: (name: string): string => `hh_${worldId('household', name)}`,
};
export type RecordName = keyof typeof idOf;
