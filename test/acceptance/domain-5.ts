import type { AgencyKind, Purpose, Role } from '../../src/kernel/viewer.js';
import {
  AGENCIES, authorOf, CASES, casesOf, ENTRIES, getFacts, HOUSEHOLDS, INQUIRIES, INQUIRY_ASKED_FOR, isConfirmed, isMinor, liesIn, MISSING, OFFICE, PERSONS, SETTLEMENTS, STAYS, subjectFacts, TODAY,
  type AgencyFacts, type CaseFacts, type EntryFacts, type HouseholdFacts, type InquiryFacts, type MemberFacts, type RecordName, type SettlementFacts, type StayFacts,
} from './world-facts.js';

/** `domain.md` §5 "Who sees what", transcribed by hand; nothing here is read from `policies/`. */

export type Rung = 'WITHHELD' | 'ENDS' | 'FULL';
export interface Asker { agency: string; roles: readonly Role[]; purpose: Purpose }
/** Undefined: the record is absent. Else the rung of every cell. */
export type Expected = Record<string, Rung> | undefined;

/** "Purposes by kind"; POVERTY_RELIEF of civil affairs at county level only. */
const PURPOSES_OF: Record<AgencyKind, Purpose[]> = {
  RESCUE_STATION: ['RETURN', 'AT_RISK_CARE', 'SETTLEMENT', 'IDENTITY'], CIVIL_AFFAIRS: ['RETURN', 'AT_RISK_CARE', 'SETTLEMENT', 'IDENTITY', 'SUPERVISION', 'COORDINATION'],
  TOWNSHIP: ['AT_RISK_CARE', 'SETTLEMENT', 'RETURN'], PUBLIC_SECURITY: ['IDENTITY', 'SETTLEMENT'], HEALTH: ['MEDICAL_CARE'], POVERTY_RELIEF: ['POVERTY_RELIEF'],
  PARTNER: ['BENEFIT_CHECK', 'RETURN'], DATA_AUTHORITY: ['AUDIT'], AUDIT: ['AUDIT'],
};

export function mayState(agency: string, purpose: Purpose): boolean {
  const { kind, level } = getFacts(AGENCIES, agency);
  return PURPOSES_OF[kind].includes(purpose) || (kind === 'CIVIL_AFFAIRS' && level === 'COUNTY' && purpose === 'POVERTY_RELIEF');
}

/** Which kinds may use an operation for which purposes (`design.md` §4); else `FORBIDDEN`. */
const OPERATIONS: Record<string, Partial<Record<AgencyKind, Purpose[]>>> = {
  returnCases: { RESCUE_STATION: ['RETURN'], CIVIL_AFFAIRS: ['RETURN', 'SUPERVISION', 'COORDINATION'], TOWNSHIP: ['RETURN'], PARTNER: ['RETURN'] },
  atRiskEntries: { RESCUE_STATION: ['AT_RISK_CARE'], CIVIL_AFFAIRS: ['AT_RISK_CARE', 'SUPERVISION'], TOWNSHIP: ['AT_RISK_CARE'], HEALTH: ['MEDICAL_CARE'] },
  stays: { RESCUE_STATION: ['SETTLEMENT'], CIVIL_AFFAIRS: ['SETTLEMENT', 'SUPERVISION'] },
  identityInquiries: { RESCUE_STATION: ['IDENTITY'], CIVIL_AFFAIRS: ['IDENTITY', 'SUPERVISION'], PUBLIC_SECURITY: ['IDENTITY'] },
  missingReports: { PUBLIC_SECURITY: ['IDENTITY'] },
  settlementCases: { RESCUE_STATION: ['SETTLEMENT'], CIVIL_AFFAIRS: ['SETTLEMENT', 'SUPERVISION'], TOWNSHIP: ['SETTLEMENT'], PUBLIC_SECURITY: ['SETTLEMENT'] },
  registeredHouseholds: { POVERTY_RELIEF: ['POVERTY_RELIEF'], CIVIL_AFFAIRS: ['POVERTY_RELIEF'] },
  checkReturnees: { PARTNER: ['BENEFIT_CHECK'] },
};

export function mayUse(agency: string, operation: string, purpose: Purpose): boolean {
  return mayState(agency, purpose) && (OPERATIONS[operation]?.[getFacts(AGENCIES, agency).kind]?.includes(purpose) ?? false);
}

/**
 * Columns of the table, left to right; `own`: the agency itself wrote it. `match`: county civil affairs under POVERTY_RELIEF. `office`: poverty relief. Relations of later ledgers have no column.
 * Then what stands beside it: `coordinator` while it coordinates, `matter`: under the case's number besides; `addressee`: a township of a referral, `partner` of one; `hukou`: the hukou place from NO_HOME on; `escort`: an escort station while its escort is open. Of inquiries, by their number as matter: `seeking` the station,
 * `asked` public security (`answering` while it is waited for, matter or not), `passing` civil affairs of the level, `sought` county civil affairs; without one they stand in `destination`, `police`, `coordinator`, `county`. A row that ends before them gives them nothing.
 */
const COLUMNS = ['destination', 'origin', 'county', 'township', 'police', 'office', 'above', 'own', 'match', 'coordinator', 'matter', 'addressee', 'partner', 'hukou', 'escort', 'seeking', 'asked', 'answering', 'passing', 'sought'] as const;
type Column = (typeof COLUMNS)[number];

/** F full · M masked · - nothing, in the order of `COLUMNS`. */
const TABLE: Record<RecordName, [cells: string, rungs: string][]> = {
  ReturnCase: [
    ['caseNo state', 'F F F - - - F F - F F F - F F'],
    ['sentAt acknowledgeBy acknowledgedAt receiveBy receivedAt deadlinesProvisional', 'F F F - - - F F - F F F - F'],
    ['destinationAgency destinationName originAgency', 'F F F - - - F F - - F F - F F'],
    ['version transitions', 'F F F - - - F F - - F F - F'],
    ['coordinator', 'F F F - - - F F - - F - - F'],
    ['noticeNo noticeDate entryDate helpReason condition custodyPlace hukouPlace hukouAgency outcome transitions.reason transitions.documentNo transitions.documentDate', 'F F F - - - - F - - F - - F'],
    ['leaveDate returnMode escortAgency handlingCodes', 'F F F - - - - F - - F - - F F'],
    // "parties only"; earlier episodes: "else D count"
    ['noticeFileDigest', 'F F - - - - - F - - - - - F'],
    ['earlierReturns', '- F F - - - - - - - - - - F'],
    // "its own": what the agency wrote itself, so by the column of the author
    ['subject', '- F F - - - - F - - F - - F'],
    ['person', 'F F F - - - - - - - F F F F F'],
    ['homeCheck', '- F F - - - - - - - - F - F'],
    // A 二(三)6: the station's own, and the county that supervises it
    ['revisits revisitBy', '- F F - - - - - - - - - - -'],
    ['referrals', '- F F - - - - - - - - F F F'],
  ],
  Person: [
    ['name', 'F F F F - - - - F - F F F F F F F - F F'],
    ['idNumber', 'F F F M - - - - F - F F F F - F F - F F'],
    ['birthDate', 'F F F - - - - - F - F - - F - F F - F F'],
    ['estimatedAge birthYear', 'F F F - - - - - - - F - - F - F F - F F'],
    ['sex ageBand identityState hukouDivision homeDivision', 'F F F F - - - - - - F F - F - F F - F F'],
    ['address', 'F F F F - - - - - - F F F F F F F - - F'],
    ['kinName', 'F F F F - - - - - - F F - F - F F - - F'],
    ['kinPhone', 'F F F F - - - - - - F F - F F F F - - F'],
  ],
  AtRiskEntry: [
    ['entryNo version state termFrom division township', '- F F F - - - F -'],
    ['enrolledOn enrolledBy', '- F F - - - - F -'],
    ['person', '- F F F - - - - -'],
    ['riskClasses', '- F F - - - - F -'],
    ['careCodes needsVisits', '- F F F - - - F -'],
    ['repeatedWandering', '- F F F - - - F -'],
    ['rosterSentAt nextVisitBy rosterVisits', '- F F F - - - - -'],
    ['visits revisitBy transferTo endedOn endReason surveyedIdNumber', '- F F - - - - - -'],
    ['transitions', '- F F - - - - F -'],
    ['diagnosis', '- - - - - - - - -'],
    ['disabilityCardNo', '- F F - - - - - -'],
  ],
  SettlementCase: [
    ['settlementNo state', 'F - F F F - F F -'],
    ['version track', 'F - F - F - F F -'],
    ['station civilAffairs', 'F - F - - - F F -'],
    ['transitions', 'F - F - - - F F -'],
    ['enteredOn appliedOn decidedOn placedOn', 'F - F - - - - F -'],
    ['proofOfSearch plan guardianship transitions.documentNo transitions.documentDate transitions.note', 'F - F - - - - F -'],
    ['settled', 'F F F - - - - F -'],
    ['hukouDivision hukouRegisteredOn', 'F - F - F - - F -'],
    ['institution', 'F - F - - - - F -'],
    ['supportKind', 'F - F F - - - F -'],
    ['person', 'F - F - - - - F -'],
  ],
  // "case number, version, state, both agencies"; "entry and leave date"; what the station wrote of the person
  Stay: [
    ['stayNo version state station', 'F - F - - - F - -'],
    ['enteredOn leftOn leftHow moves tracingPublishedOn tracingUpdatedOn dnaRequestedOn dnaSampledOn', 'F - F - - - - - -'],
    ['dnaSampleNo', 'F - - - - - - - -'],
    ['calledName features', 'F - F - - - - - -'],
  ],
  // Without a matter "number, state and clocks of what is addressed to the asker"; candidates are the station's, which alone confirms
  IdentityInquiry: [
    ['inquiryNo', 'F - F - F - F - - F - - - - - - - - - -'],
    ['state dueBy deadlineProvisional', 'F - F - - - F - - F - - - - - - - F - -'],
    ['version station openedAt', '- - - - - - F - - - - - - - - F F - F F'],
    ['level civilAffairs police transitions', '- - - - - - F - - - - - - - - F - - F F'],
    ['person methods ownComparison calledName features newEvidence', '- - - - - - - - - - - - - - - F F - F F'],
    ['photoDigest dnaSampleNo', '- - - - - - - - - - - - - - - F F - F -'],
    ['answers outcome transitions.reason transitions.documentNo transitions.documentDate', '- - - - - - - - - - - - - - - F - - F F'],
    ['candidates missingCandidates', '- - - - - - - - - - - - - - - F - - - -'],
  ],
  // What public security wrote itself; the rest under the report's number as matter. Nobody else reads it: §5 has no column for it
  MissingReport: [
    ['reportNo state', '- - - - - - - F - - -'],
    ['version reporter reportedAt closedAt note name idNumber sex birthDate estimatedAge homeDivision missingSince lastSeenDivision looks kinName kinRelation kinPhone results', '- - - - - - - - - - F'],
  ],
  RegisteredHousehold: [
    ['householdNo headName division kind members formerMembers history', '- - - - - F - - F'],
    // help goes with the flag
    ['flag help', '- - - - - - - - F'],
  ],
};

/** Cells that tell of the person, to which the rule of minors applies; of `Person` all. */
const PERSON_CELLS: Partial<Record<RecordName, string[]>> = {
  ReturnCase: ['subject', 'helpReason', 'condition', 'custodyPlace', 'earlierReturns', 'handlingCodes', 'homeCheck', 'revisits', 'hukouPlace', 'hukouAgency', 'outcome', 'transitions.reason', 'transitions.documentNo', 'transitions.documentDate'], AtRiskEntry: ['riskClasses', 'careCodes', 'needsVisits', 'repeatedWandering', 'diagnosis', 'disabilityCardNo', 'transitions', 'visits', 'rosterVisits', 'surveyedIdNumber', 'endReason'], Stay: ['calledName', 'features', 'dnaSampleNo'],
  IdentityInquiry: ['ownComparison', 'calledName', 'features', 'newEvidence', 'photoDigest', 'dnaSampleNo', 'answers', 'candidates', 'missingCandidates', 'outcome', 'transitions.reason', 'transitions.documentNo', 'transitions.documentDate'],
  MissingReport: ['results'],
};

/** What an asker sees of a record of the world. */
export function expected(asker: Asker, record: RecordName, name: string): Expected {
  if (!mayState(asker.agency, asker.purpose)) return undefined;
  const who = getFacts(AGENCIES, asker.agency);
  const columns = columnsOf(asker, who, record, name);
  if (columns.size === 0 || isVetoed(asker, who, record, name)) return undefined;
  const cells: Record<string, Rung> = {};
  for (const [names, rungs] of TABLE[record]) {
    const letters = rungs.split(' ').filter((_, index) => columns.has(COLUMNS[index] ?? 'above'));
    for (const cell of names.split(' ')) cells[cell] = isCapped(asker, record, name, cell) ? 'WITHHELD' : letters.includes('F') ? 'FULL' : letters.includes('M') ? 'ENDS' : 'WITHHELD';
  }
  if (record !== 'RegisteredHousehold' && record !== 'Person' && record !== 'Stay' && record !== 'MissingReport' && (!expected(asker, 'Person', personOf(record, name)) || (record === 'ReturnCase' && !isConfirmed(getFacts(CASES, name))))) cells['person'] = 'WITHHELD';
  if (record === 'ReturnCase' && !isConfirmed(getFacts(CASES, name))) cells['earlierReturns'] = 'WITHHELD';
  if (record === 'RegisteredHousehold' && columns.has('office') && isReleased(getFacts(HOUSEHOLDS, name))) Object.assign(cells, { flag: 'FULL', help: 'FULL' });
  return cells;
}

/** To the office: only CONFIRMED, from the release day on. */
const isReleased = ({ flag }: HouseholdFacts): boolean => flag?.state === 'CONFIRMED' && flag.releaseOn !== undefined && flag.releaseOn <= TODAY;

function columnsOf(asker: Asker, who: AgencyFacts, record: RecordName, name: string): Set<Column> {
  switch (record) {
    case 'ReturnCase': return caseColumns(asker, who, getFacts(CASES, name));
    case 'AtRiskEntry': return entryColumns(asker, who, getFacts(ENTRIES, name));
    case 'SettlementCase': return settlementColumns(asker, who, getFacts(SETTLEMENTS, name));
    case 'Stay': return stayColumns(asker, who, getFacts(STAYS, name));
    case 'IdentityInquiry': return inquiryColumns(asker, who, name);
    // No request of the matrix states the number of a report as its matter.
    case 'MissingReport': return columns({ own: asker.purpose === 'IDENTITY' && getFacts(MISSING, name).reporter === asker.agency });
    case 'RegisteredHousehold': return householdColumns(asker, who, getFacts(HOUSEHOLDS, name));
    case 'Person': return personColumns(asker, who, name);
  }
}

const columns = (held: Partial<Record<Column, boolean>>): Set<Column> => new Set(COLUMNS.filter((column) => held[column]));
const isCounty = ({ kind, level }: AgencyFacts): boolean => kind === 'CIVIL_AFFAIRS' && level === 'COUNTY';
const isAbove = ({ kind, level }: AgencyFacts): boolean => kind === 'CIVIL_AFFAIRS' && level !== 'COUNTY';

function caseColumns({ agency, purpose }: Asker, who: AgencyFacts, facts: CaseFacts): Set<Column> {
  // The ledger begins with the notice: a draft is its author's alone.
  if (facts.state === 'DRAFT' && authorOf(facts) !== agency) return columns({});
  const station = facts.destination ? getFacts(AGENCIES, facts.destination) : undefined;
  if (purpose === 'SUPERVISION') return columns({ above: (isAbove(who) && liesIn(facts.originDivision, who)) || (who.kind === 'CIVIL_AFFAIRS' && station?.division === who.division) });
  // No request of the matrix states the number of a case as its matter.
  if (purpose === 'COORDINATION') return columns({ coordinator: facts.state === 'COORDINATING' && facts.coordinatedBy?.at(-1) === agency });
  if (purpose !== 'RETURN') return columns({});
  const referred = ['REFERRED', 'AIDED'].includes(facts.state) && (facts.referrals ?? []).some(({ addressee }) => addressee === agency);
  return columns({
    destination: facts.destination === agency, origin: facts.origin === agency, own: authorOf(facts) === agency, county: isCounty(who) && liesIn(facts.originDivision, who),
    addressee: referred && who.kind === 'TOWNSHIP', partner: referred && who.kind === 'PARTNER', hukou: facts.hukouAgency === agency || facts.hukouCivilAffairs === agency, escort: facts.escortAgency === agency && ['SENT', 'ACKNOWLEDGED', 'NOT_ARRIVED'].includes(facts.state),
  });
}

/** "Involved" of a registry entry: origin of a case of that person, in its own area. */
function entryColumns({ agency, purpose }: Asker, who: AgencyFacts, facts: EntryFacts): Set<Column> {
  const inArea = liesIn(facts.division, who);
  // To civil affairs above the registry is counts only: being in it is a disclosure (精神卫生法 art. 4).
  if (purpose !== 'AT_RISK_CARE') return columns({});
  return columns({ origin: inArea && casesOf(facts.person).some((other) => other.origin === agency && isConfirmed(other)), own: facts.enrolledBy === agency, county: isCounty(who) && inArea, township: facts.township === agency });
}

function settlementColumns({ agency, purpose }: Asker, who: AgencyFacts, facts: SettlementFacts): Set<Column> {
  const inArea = liesIn(facts.division, who);
  if (purpose === 'SUPERVISION') return columns({ above: isAbove(who) && inArea });
  if (purpose !== 'SETTLEMENT') return columns({});
  const origin = casesOf(facts.person).some((other) => other.origin === agency && isConfirmed(other));
  return columns({ destination: facts.station === agency, origin, own: facts.civilAffairs === agency, county: isCounty(who) && inArea, township: who.kind === 'TOWNSHIP' && (inArea || (['REGISTERED', 'PLACED', 'SUPPORTED', 'NOT_ELIGIBLE'].includes(facts.state) && facts.hukouDivision !== undefined && liesIn(facts.hukouDivision, who))), police: facts.police === agency });
}

function stayColumns({ agency, purpose }: Asker, who: AgencyFacts, facts: StayFacts): Set<Column> {
  const inArea = liesIn(getFacts(AGENCIES, facts.station).division, who);
  if (purpose === 'SUPERVISION') return columns({ above: isAbove(who) && inArea });
  return purpose === 'SETTLEMENT' ? columns({ destination: facts.station === agency, county: isCounty(who) && inArea }) : columns({});
}

/** Public security that was asked sees the inquiry until it has ended; civil affairs while it is at its level. */
function inquiryColumns({ agency, purpose }: Asker, who: AgencyFacts, name: string): Set<Column> {
  const facts = getFacts(INQUIRIES, name);
  const inArea = liesIn(getFacts(AGENCIES, facts.station).division, who);
  if (purpose === 'SUPERVISION') return columns({ above: isAbove(who) && inArea });
  if (purpose !== 'IDENTITY') return columns({});
  const [station, police, coordinator, county] = [facts.station === agency, wasAsked(facts, agency), facts.civilAffairs === agency && facts.state !== 'EXHAUSTED', isCounty(who) && inArea];
  const matter = name === INQUIRY_ASKED_FOR;
  return columns({
    destination: station, police, coordinator, county, answering: facts.police === agency && facts.state === 'OPEN',
    seeking: station && matter, asked: police && matter, passing: coordinator && matter, sought: county && matter,
  });
}

const wasAsked = ({ asked, state }: InquiryFacts, agency: string): boolean => !['IDENTIFIED', 'WITHDRAWN'].includes(state) && asked.some(({ police }) => police === agency);

function householdColumns({ agency, purpose }: Asker, who: AgencyFacts, facts: HouseholdFacts): Set<Column> {
  if (purpose !== 'POVERTY_RELIEF') return columns({});
  return columns({ office: agency === OFFICE, match: isCounty(who) && liesIn(facts.division, who) && facts.members.some(mayFlag) });
}

/** "F matched": matched so that a flag may follow, which neither a protected person nor a child alone makes (§2.5); else the household looks as if nothing had matched. */
function mayFlag({ matched, person }: MemberFacts): boolean {
  const facts = matched && person ? getFacts(PERSONS, person) : undefined;
  return facts !== undefined && !facts.protection && !isMinor(facts);
}

/** Each member of a household that the asker sees: whether what the office uploaded is shown, and the person that matched, where the asker may learn it. */
export function expectedMembers({ agency, roles }: Asker, name: string): { uploaded: boolean; matched: string | undefined }[] {
  return getFacts(HOUSEHOLDS, name).members.map((member) => {
    const isOffice = agency === OFFICE;
    const uploaded = isOffice || roles.includes('MINORS_OFFICER') || !isMinor(member.idNumber ? member : getFacts(PERSONS, member.person ?? ''));
    return { uploaded, matched: !isOffice && uploaded && member.matched ? member.person : undefined };
  });
}

/** Whether each former member is shown as the office uploaded it; nobody of them is matched. */
export const expectedFormer = ({ agency, roles }: Asker, name: string): boolean[] => (getFacts(HOUSEHOLDS, name).former ?? []).map((member) => agency === OFFICE || roles.includes('MINORS_OFFICER') || !isMinor(member));

/** A person stands in no relation of its own: it is open through the ledgers that speak of it, and through a case only once that is confirmed. */
function personColumns(asker: Asker, who: AgencyFacts, name: string): Set<Column> {
  const through = [
    ...casesOf(name).filter(isConfirmed).flatMap((facts) => [...caseColumns(asker, who, facts)].filter((column) => column !== 'own')),
    ...Object.values(ENTRIES).filter(({ person }) => person === name).flatMap((facts) => [...entryColumns(asker, who, facts)].filter((column) => column !== 'own')),
    ...Object.values(SETTLEMENTS).filter(({ person }) => person === name).flatMap((facts) => [...settlementColumns(asker, who, facts)].filter((column) => column !== 'township').map((column) => (column === 'own' ? 'county' : column))),
    ...Object.entries(INQUIRIES).filter(([, { person }]) => person === name).flatMap(([inquiry]) => [...inquiryColumns(asker, who, inquiry)].filter((column) => ['seeking', 'asked', 'passing', 'sought'].includes(column))),
    ...Object.values(HOUSEHOLDS).filter(({ members }) => members.some(({ person, matched }) => matched && person === name)).flatMap((facts) => [...householdColumns(asker, who, facts)]),
  ];
  const { protection } = getFacts(PERSONS, name);
  const holds = protection !== undefined && (protection.holdingAgency === asker.agency || (who.kind === 'CIVIL_AFFAIRS' && who.division === getFacts(AGENCIES, protection.holdingAgency).division));
  if (holds && asker.purpose === 'RETURN') through.push('destination');
  return new Set(through.filter((column) => !['above', 'office', 'police', 'coordinator'].includes(column)));
}

const personOf = (record: Exclude<RecordName, 'Person' | 'MissingReport' | 'RegisteredHousehold'>, name: string): string =>
  (record === 'ReturnCase' ? getFacts(CASES, name) : record === 'AtRiskEntry' ? getFacts(ENTRIES, name) : record === 'Stay' ? getFacts(STAYS, name) : record === 'IdentityInquiry' ? getFacts(INQUIRIES, name) : getFacts(SETTLEMENTS, name)).person;

/** A protected person: hidden from everybody except the holding station, its civil affairs and a named unit; a sender keeps its own notice. */
function isVetoed({ agency }: Asker, who: AgencyFacts, record: RecordName, name: string): boolean {
  // A report is its own agency's, as it wrote it.
  if (record === 'RegisteredHousehold' || record === 'MissingReport') return false;
  const { protection } = getFacts(PERSONS, record === 'Person' ? name : personOf(record, name));
  if (!protection) return false;
  const holder = getFacts(AGENCIES, protection.holdingAgency);
  const isTheirs = agency === protection.holdingAgency || agency === protection.namedUnit || (who.kind === 'CIVIL_AFFAIRS' && who.division === holder.division);
  return !isTheirs && !(record === 'ReturnCase' && authorOf(getFacts(CASES, name)) === agency);
}

/** Minors: every person cell needs MINORS_OFFICER, except for what the agency itself wrote or uploaded, and for the holding station. */
function isCapped({ agency, roles, purpose }: Asker, record: RecordName, name: string, cell: string): boolean {
  if (roles.includes('MINORS_OFFICER')) return false;
  if (record === 'Person') return isMinor(getFacts(PERSONS, name)) && !casesOf(name).some((facts) => isConfirmed(facts) && holdsStill(facts, agency)) && !isSeeker(agency, purpose, name);
  if (!PERSON_CELLS[record]?.includes(cell)) return false;
  if (record === 'MissingReport') return isMinor(getFacts(MISSING, name));
  if (record === 'ReturnCase') {
    const facts = getFacts(CASES, name);
    // The outcome is written by whoever closes, either side; reasons by both, and a reason by the other side is not one's own.
    if (['hukouPlace', 'hukouAgency', 'outcome'].includes(cell) && facts.destination === agency) return false;
    return isMinor(subjectFacts(facts)) && !(cell !== 'homeCheck' && holdsStill(facts, agency)) && !(['homeCheck', 'revisits', 'hukouPlace', 'hukouAgency', 'outcome'].includes(cell) ? facts.origin === agency : !cell.startsWith('transitions.') && cell !== 'earlierReturns' && authorOf(facts) === agency);
  }
  if (record === 'IdentityInquiry') {
    const facts = getFacts(INQUIRIES, name);
    if (facts.station === agency || (wasAsked(facts, agency) && !['answers', 'candidates', 'missingCandidates', 'outcome', 'transitions.reason', 'transitions.documentNo', 'transitions.documentDate'].includes(cell))) return false;
  }
  if (record === 'Stay' && getFacts(STAYS, name).station === agency) return false;
  return isMinor(getFacts(PERSONS, personOf(record as 'AtRiskEntry', name))) && !(record === 'AtRiskEntry' && isAuthor(getFacts(ENTRIES, name), cell, agency));
}

/** The destination has the person until the origin side receives it. */
const holdsStill = (facts: CaseFacts, agency: string): boolean => facts.destination === agency && ['DRAFT', 'SENT', 'DISPUTED', 'REFUSED', 'COORDINATING', 'ACKNOWLEDGED', 'NOT_ARRIVED'].includes(facts.state);

/** The station that holds a person it asks about, and public security that it asks. */
function isSeeker(agency: string, purpose: Purpose, person: string): boolean {
  const facts = getFacts(INQUIRIES, INQUIRY_ASKED_FOR);
  return purpose === 'IDENTITY' && facts.person === person && (facts.station === agency || wasAsked(facts, agency));
}

/** Who wrote a cell of an entry: the submitter what it observed, the township its visits; of both regimes' visits together nobody alone. */
function isAuthor(facts: EntryFacts, cell: string, agency: string): boolean {
  if (cell === 'rosterVisits') return facts.township === agency;
  return !['visits', 'surveyedIdNumber', 'endReason'].includes(cell) && facts.enrolledBy === agency;
}

/** Columns in which an agency of a kind can stand at all; county civil affairs in one more. A department above a county receives nobody in this world. */
const STANDINGS: Partial<Record<Purpose, Partial<Record<RecordName, Partial<Record<AgencyKind | 'COUNTY', Column[]>>>>>> = {
  RETURN: {
    ReturnCase: { RESCUE_STATION: ['destination', 'origin', 'own', 'hukou', 'escort'], CIVIL_AFFAIRS: ['origin', 'own', 'hukou'], COUNTY: ['county'], TOWNSHIP: ['addressee'], PARTNER: ['partner'] },
    Person: { RESCUE_STATION: ['destination', 'origin', 'hukou', 'escort'], CIVIL_AFFAIRS: ['origin', 'hukou'], COUNTY: ['county'], TOWNSHIP: ['addressee'], PARTNER: ['partner'] },
  },
  COORDINATION: { ReturnCase: { CIVIL_AFFAIRS: ['coordinator', 'matter'] }, Person: { CIVIL_AFFAIRS: ['matter'] } },
  SUPERVISION: { ReturnCase: { CIVIL_AFFAIRS: ['above'] }, SettlementCase: { CIVIL_AFFAIRS: ['above'] }, Stay: { CIVIL_AFFAIRS: ['above'] }, IdentityInquiry: { CIVIL_AFFAIRS: ['above'] } },
  IDENTITY: {
    IdentityInquiry: { RESCUE_STATION: ['destination', 'seeking'], PUBLIC_SECURITY: ['police', 'asked', 'answering'], CIVIL_AFFAIRS: ['coordinator', 'passing'], COUNTY: ['county', 'sought'] },
    MissingReport: { PUBLIC_SECURITY: ['own', 'matter'] },
    Person: { RESCUE_STATION: ['seeking'], PUBLIC_SECURITY: ['asked'], CIVIL_AFFAIRS: ['passing'], COUNTY: ['sought'] },
  },
  AT_RISK_CARE: { AtRiskEntry: { RESCUE_STATION: ['origin', 'own'], TOWNSHIP: ['township'], COUNTY: ['county', 'own'] }, Person: { RESCUE_STATION: ['origin'], TOWNSHIP: ['township'], COUNTY: ['county'] } },
  SETTLEMENT: {
    SettlementCase: { RESCUE_STATION: ['destination', 'origin'], CIVIL_AFFAIRS: ['own'], PUBLIC_SECURITY: ['police'], TOWNSHIP: ['township'], COUNTY: ['county'] },
    Stay: { RESCUE_STATION: ['destination'], COUNTY: ['county'] },
    Person: { RESCUE_STATION: ['destination'], CIVIL_AFFAIRS: ['county'] },
  },
  POVERTY_RELIEF: { RegisteredHousehold: { POVERTY_RELIEF: ['office'], COUNTY: ['match'] }, Person: { COUNTY: ['match'] } },
};

/** The highest rung of every cell that an agency can hold, on an unprotected adult's record, in whatever relation. */
export function mostOf(agency: string, purpose: Purpose, record: RecordName): Record<string, Rung> {
  const who = getFacts(AGENCIES, agency);
  const standings = STANDINGS[purpose]?.[record] ?? {};
  // A county department supervises its own station's cases, and nothing else.
  const held = [...(standings[who.kind] ?? []), ...(isCounty(who) ? standings.COUNTY ?? [] : [])].filter((column) => column !== 'above' || isAbove(who) || record === 'ReturnCase');
  return Object.fromEntries(TABLE[record].flatMap(([names, rungs]) => names.split(' ').map((cell) => {
    const letters = rungs.split(' ').filter((_, index) => held.includes(COLUMNS[index] ?? 'above'));
    return [cell, letters.includes('F') || (['flag', 'help'].includes(cell) && held.includes('office')) ? 'FULL' : letters.includes('M') ? 'ENDS' : 'WITHHELD'];
  })));
}

/** `checkReturnees`, under BENEFIT_CHECK: the case that makes the answer yes, or undefined. */
export function expectedCheck({ agency, roles }: Asker, idNumber: string): CaseFacts | undefined {
  const who = getFacts(AGENCIES, agency);
  const [name, person] = Object.entries(PERSONS).find(([, facts]) => facts.idNumber === idNumber) ?? [];
  if (!name || !person || person.protection || (isMinor(person) && !roles.includes('MINORS_OFFICER'))) return undefined;
  return casesOf(name).find((facts) => liesIn(facts.originDivision, who) && isConfirmed(facts));
}
