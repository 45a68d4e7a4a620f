import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { addMonths, type CalendarDate } from '../kernel/dates.js';
import { isFault } from '../kernel/fault.js';
import { parseIdNumber } from '../kernel/id-number.js';
import { AGENCY_KINDS, LEVELS } from '../kernel/viewer.js';
import { VISIT_MANNERS, VISIT_REGIMES, VISIT_RESULTS } from '../ledgers/at-risk/at-risk.shape.js';
import { HELP_MEASURES } from '../ledgers/households/households.shape.js';
import { AID_MEASURES, HANDLING_CODES, REASON_CODES, RETURN_OUTCOMES, RETURN_STATES } from '../ledgers/returns/returns.transitions.js';
import { CORRECTED_LEDGERS } from '../ledgers/corrections/corrections.shape.js';
import { CORRECTION_STATES } from '../ledgers/corrections/corrections.transitions.js';
import { INQUIRY_ANSWERS, INQUIRY_METHODS, INQUIRY_STATES, MISSING_VERDICTS } from '../ledgers/inquiries/inquiries.transitions.js';
import { MISSING_STATES } from '../ledgers/missing/missing.transitions.js';
import { SETTLEMENT_STATES } from '../ledgers/settlement/settlement.shape.js';
import { SETTLEMENT_TRACKS } from '../ledgers/settlement/settlement.transitions.js';
import { CUSTODY_PLACES, WAYS_OF_LEAVING } from '../ledgers/settlement/stays.shape.js';

/** What the YAML files of a world may say. Strict: a misspelt member is refused, not left out. */

const date = z.iso.date();
const instant = z.iso.datetime({ offset: true });
const text = z.string().min(1);
const division = z.string().regex(/^\d{6}(\d{3})?$/);
const sex = z.enum(['UNKNOWN', 'MALE', 'FEMALE', 'UNSTATED']);
const version = z.number().int().positive();

const agency = z.strictObject({ name: text, kind: z.enum(AGENCY_KINDS), level: z.enum(LEVELS), division, phone: text });

const identity = {
  name: text, idNumber: z.string().length(18), sex, birthDate: date, estimatedAge: z.number().int(), hukouDivision: division, homeDivision: division,
  address: text, kinName: text, kinPhone: text,
};
const person = z.strictObject({
  identityState: z.enum(['UNKNOWN', 'CLAIMED', 'VERIFIED', 'MISTAKEN', 'MERGED']),
  protection: z.strictObject({ holdingAgency: text, namedUnit: text.optional(), since: date, basis: text }).optional(),
  ...z.object(identity).partial().shape,
});
const stories = z.array(text).min(1);
const persons = z.strictObject({
  persons: z.record(text, person),
  unused: z.record(text, z.strictObject({ ...identity, estimatedAge: identity.estimatedAge.optional(), stories })),
  toRegister: z.record(text, z.strictObject({ stories })),
  toGuess: z.record(text, z.strictObject({ stories })),
});

/** The document that a step rests on. */
const document = { documentNo: text.optional(), documentDate: date.optional() };

const returnCase = z.strictObject({
  state: z.enum(RETURN_STATES), caseNo: z.string().regex(/^GT-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/), version, person: text,
  /** Agency code; the destination unless given. An author on the origin side imported its own ledger. */
  author: text.optional(), importKey: text.optional(), importedAt: instant.optional(), receivedOn: date.optional(),
  destination: text.optional(), destinationName: text.optional(), origin: text, originDivision: division,
  /** What the author wrote. Left out: as in the person. `null`: nothing, though the person has it. */
  subject: z.strictObject({ ...z.object(identity).partial().shape, birthDate: date.nullish(), hukouDivision: division.nullish(), homeDivision: division.nullish(), features: text }),
  noticeNo: text, noticeDate: date, entryDate: date, leaveDate: date,
  returnMode: z.enum(['SELF', 'COLLECTED_BY_KIN', 'ESCORTED', 'COLLECTED_BY_ORIGIN']), escortAgency: text.optional(),
  helpReason: text, condition: text, guardianAssessedOn: date.optional(), fitToTravel: z.boolean().optional(), remark: text.optional(),
  homeCheck: z.strictObject({ checkedOn: date, committee: text, difficulties: z.array(z.enum(['PRODUCTION', 'LIVELIHOOD', 'BASIC_MEDICAL_SECURITY'])), text }).optional(),
  handlingCodes: z.array(z.enum(HANDLING_CODES)).default([]), custodyPlace: z.enum(CUSTODY_PLACES).optional(), noticeFileDigest: text.optional(),
  /** Who coordinated, one for each step to COORDINATING. */
  coordinatedBy: z.array(text).default([]),
  hukouPlace: division.optional(), hukouAgency: text.optional(), hukouCivilAffairs: text.optional(), outcome: z.enum(RETURN_OUTCOMES).optional(),
  referrals: z.array(z.strictObject({
    referralNo: text, version, addressee: text, helpAsked: z.array(z.enum(AID_MEASURES)), details: text, referredAt: instant, answeredAt: instant.optional(), measures: z.array(z.enum([...AID_MEASURES, 'NONE'])).optional(), answer: text.optional(),
  })).default([]),
  /** The origin station's own. */
  revisits: z.array(z.strictObject({ visitedOn: date, manner: z.enum(VISIT_MANNERS), result: z.enum(VISIT_RESULTS), note: text })).default([]),
  /** In order; a step into SENT rests on the notice unless it names another document. Empty where the case was imported: then one step is made, at `importedAt`. */
  transitions: z.array(z.strictObject({ to: z.enum(RETURN_STATES), at: instant, by: text, code: z.enum(REASON_CODES).optional(), text: text.optional(), ...document })).default([]),
});

const atRiskEntry = z.strictObject({
  state: text, entryNo: text, version, person: text, division, enrolledBy: text, township: text.optional(), riskClasses: z.array(text).min(1), careCodes: z.array(text),
  repeatedWandering: z.boolean().optional(), diagnosis: text.optional(), disabilityCardNo: z.string().length(20).optional(), enrolledOn: date, termFrom: date.optional(),
  rosterSentAt: instant.optional(), revisitStation: text.optional(), revisitBy: date.optional(), nextVisitBy: date.optional(),
  visits: z.array(z.strictObject({ regime: z.enum(VISIT_REGIMES), by: text, visitedOn: date, manner: z.enum(VISIT_MANNERS), result: z.enum(VISIT_RESULTS), note: text })).default([]),
});

const settlement = z.strictObject({
  track: z.enum(SETTLEMENT_TRACKS), state: z.enum(SETTLEMENT_STATES), settlementNo: text, version, person: text, station: text, civilAffairs: text, police: text.optional(), division,
  enteredOn: date, appliedOn: date.optional(), decidedOn: date.optional(), hukouDivision: division.optional(), hukouRegisteredOn: date.optional(), institution: text.optional(), placedOn: date.optional(), supportKind: text.optional(),
  proofOfSearch: text.optional(), plan: text.optional(), guardianship: text.optional(),
  /** Of a homeless returnee: the case that led here. */
  returnCase: text.optional(),
  /** In order; without `by`, the clock. */
  transitions: z.array(z.strictObject({ to: z.enum(SETTLEMENT_STATES), at: instant, by: text.optional(), ...document, note: text.optional() })).min(1),
});

const stay = z.strictObject({
  stayNo: text, version, person: text, station: text, calledName: text.optional(), features: text, leftOn: date.optional(), leftHow: z.enum(WAYS_OF_LEAVING).optional(),
  tracingPublishedOn: date.optional(), tracingUpdatedOn: date.optional(), dnaRequestedOn: date.optional(), dnaSampledOn: date.optional(), dnaSampleNo: text.optional(), moves: z.array(z.strictObject({ place: z.enum(CUSTODY_PLACES), since: date })).min(1),
});

const inquiryLevel = z.enum(['COUNTY', 'PREFECTURE', 'PROVINCE', 'MINISTRY']);
const inquiry = z.strictObject({
  inquiryNo: text, version, state: z.enum(INQUIRY_STATES), level: inquiryLevel, resumeState: z.enum(INQUIRY_STATES).optional(), person: text, station: text, civilAffairs: text, police: text,
  methods: z.array(z.enum(INQUIRY_METHODS)).min(1), ownComparison: text, calledName: text.optional(), features: text, photoDigest: text.optional(), dnaSampleNo: text.optional(),
  asked: z.array(z.strictObject({ level: inquiryLevel, police: text, at: instant, answeredAt: instant.optional(), result: z.enum(INQUIRY_ANSWERS).optional(), note: text.optional() })).min(1),
  /** `person`: whoever of the world bears the number; `suppressed`: protected when the hit came. */
  candidates: z.array(z.strictObject({
    candidateNo: text, police: text, method: z.enum(INQUIRY_METHODS), foundAt: instant, name: text, person: text.optional(), suppressed: z.literal(true).optional(), idNumber: z.string().length(18).optional(), sex: text.optional(),
    birthDate: date.optional(), hukouDivision: division.optional(), note: text.optional(), firstConfirmedBy: text.optional(), rejectedReason: text.optional(),
  })),
  transitions: z.array(z.strictObject({ to: z.enum(INQUIRY_STATES), level: inquiryLevel, at: instant, by: text, reason: text.optional(), ...document })).min(1),
});

const missingReport = z.strictObject({
  reportNo: text, version, state: z.enum(MISSING_STATES), reporter: text, person: text.optional(), name: text, idNumber: z.string().length(18).optional(), sex: text.optional(), birthDate: date.optional(), estimatedAge: z.number().optional(),
  homeDivision: division.optional(), missingSince: date, lastSeenDivision: division.optional(), looks: text, kinName: text, kinRelation: text, kinPhone: text, reportedAt: instant, closedAt: instant.optional(), note: text.optional(),
  given: z.array(z.strictObject({
    inquiry: text, verdict: z.enum(MISSING_VERDICTS).optional(), firstConfirmedBy: text.optional(), secondConfirmedBy: text.optional(), tell: z.boolean().optional(), reason: text.optional(), told: z.strictObject({ contact: text, on: date }).optional(),
  })),
});

const household = z.strictObject({
  head: text, division, kind: text, flagRequestedAt: instant.optional(),
  /** A member has an ID number of its own, or is a person of the world and has that one's; `matched`: the hub found the person. */
  members: z.array(z.strictObject({ name: text, person: text.optional(), idNumber: z.string().length(18).optional(), relation: text, matched: z.literal(true).optional() })).min(1),
  flag: z.strictObject({ state: z.enum(['PROPOSED', 'CONFIRMED', 'CLEARED']), contactAgency: text.optional(), proposedAt: instant, decidedAt: instant.optional(), reason: text.optional(), releaseOn: date.optional() }).optional(),
  former: z.array(z.strictObject({ name: text, idNumber: z.string().length(18), relation: text, since: instant, until: instant })).default([]),
  /** What the household was, oldest first; what is left out of a period is as it is now. */
  history: z.array(z.strictObject({ since: instant, head: text.optional(), division: division.optional(), kind: text.optional() })).default([]),
  help: z.array(z.strictObject({ measures: z.array(z.enum(HELP_MEASURES)).min(1), helpedOn: date, text: text.optional(), by: text, at: instant })).default([]),
});

const correction = z.strictObject({
  correctionNo: text, version, state: z.enum(CORRECTION_STATES),
  /** The case in which the provider wrote it; `record: Person`: reported of the person, who took it over. */
  case: text, record: z.enum(['ReturnCase', 'Person']), field: text, ledger: z.enum(CORRECTED_LEDGERS), claim: text, proposed: text.optional(), askedBy: text, provider: text, askedAt: instant, answeredAt: instant.optional(), answer: text.optional(),
});

const setting = z.strictObject({ name: text, division, value: z.json(), reason: text });

const worldSchema = z.strictObject({
  now: instant, agencies: z.record(text, agency), ...persons.shape, cases: z.record(text, returnCase), atRisk: z.record(text, atRiskEntry),
  settlement: z.record(text, settlement), stays: z.record(text, stay), inquiries: z.record(text, inquiry), missing: z.record(text, missingReport), households: z.record(text, household), corrections: z.record(text, correction), settings: z.array(setting),
});

/** A small world as its files say it: records by name, agencies by code, households by number. */
export type World = z.output<typeof worldSchema>;
export type WorldPerson = World['persons'][string];
export type WorldCase = World['cases'][string];

/**
 * Reads the world of a folder (`test/world`).
 * @throws Error naming the member that is wrong
 */
export function readWorld(folder: string): World {
  const file = (name: string): unknown => parse(readFileSync(join(folder, `${name}.yaml`), 'utf8'));
  const parsed = worldSchema.safeParse({
    ...z.object({ now: z.unknown() }).parse(file('world')), agencies: file('agencies'), ...z.looseObject({ persons: z.unknown() }).parse(file('persons')),
    cases: file('cases'), atRisk: file('at-risk'), settlement: file('settlement'), stays: file('stays'), inquiries: file('inquiries'), missing: file('missing'), households: file('households'), corrections: file('corrections'), settings: file('settings'),
  });
  if (!parsed.success) throw new Error(`the world in ${folder} is not valid:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

export type WorldRecord = 'agency' | 'person' | 'case' | 'entry' | 'settlement' | 'stay' | 'inquiry' | 'missing' | 'given' | 'household' | 'member' | 'referral' | 'correction';

/** The id (UUID, version 8 of RFC 9562) of a record of the world, the same in every database. A member is named `household/position`. */
export function worldId(record: WorldRecord, name: string): string {
  const hex = createHash('sha256').update(`guitu-world:${record}:${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What the author of a case wrote of its subject: its own words, and the person's where it has none. */
export function subjectOf(world: World, worldCase: WorldCase): WorldCase['subject'] {
  return { ...getPerson(world, worldCase.person), ...worldCase.subject };
}

/** @throws Error if the world has nobody of that name */
export function getPerson(world: World, name: string): WorldPerson {
  const found = world.persons[name];
  if (!found) throw new Error(`the world has no person ${name}`);
  return found;
}

export function agencyId(code: string | undefined): string | undefined {
  return code === undefined ? undefined : worldId('agency', code);
}

/** @throws Error if the world has no case of that name */
export function getCase(world: World, name: string): WorldCase {
  const found = world.cases[name];
  if (!found) throw new Error(`the world has no case ${name}`);
  return found;
}

export function bornOn(who: { birthDate?: string | null | undefined; idNumber?: string | undefined; estimatedAge?: number | undefined }, asOf: CalendarDate): CalendarDate | null {
  if (who.birthDate) return who.birthDate;
  const number = who.idNumber && parseIdNumber(who.idNumber);
  if (number && !isFault(number)) return number.bornOn;
  return who.estimatedAge === undefined ? null : addMonths(asOf, -12 * who.estimatedAge);
}
