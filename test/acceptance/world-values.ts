import { bornOn, CASES, ENTRIES, getFacts, HOUSEHOLDS, idOf, MISSING, OFFICE, INQUIRIES, PERSONS, SETTLEMENTS, STAYS, stepsOf, subjectFacts, TODAY, type CaseFacts, type DocumentFacts, type EntryFacts, type Identity, type RecordName } from './world-facts.js';

/** What each cell of the world holds at FULL, in the form in which `SELECTIONS` ask for it. Divisions and agencies are asked for by code. */

const coded = (code: string | null | undefined): { code: string } | null => (code ? { code } : null);
const instant = (text: string | undefined): string | null => (text ? new Date(text).toISOString() : null);

/** By hand: ten working days from 13 November to answer, three from 18 November to decide on a candidate. */
const DUE_BY: Record<string, string> = { 'nameless-bridge-inquiry': '2026-11-27', 'shi-aning-inquiry': '2026-11-23' };

export function valuesOf(record: RecordName, name: string): Record<string, unknown> {
  switch (record) {
    case 'ReturnCase': return caseValues(name);
    case 'Person': return personValues(name);
    case 'AtRiskEntry': {
      const { entryNo, version, state, person, division, enrolledBy, township, enrolledOn, termFrom, riskClasses, careCodes, repeatedWandering, diagnosis, disabilityCardNo, rosterSentAt, revisitBy, nextVisitBy, visits = [] } = getFacts(ENTRIES, name);
      return {
        entryNo, version, state, person: { id: idOf.Person(person) }, division: coded(division), enrolledBy: coded(enrolledBy), township: coded(township), enrolledOn, termFrom: termFrom ?? null, riskClasses, careCodes,
        needsVisits: ['ACTIVE', 'WANDERING', 'TRANSFERRING'].includes(state), repeatedWandering: repeatedWandering ?? null, diagnosis: diagnosis ?? null, disabilityCardNo: disabilityCardNo ?? null,
        surveyedIdNumber: null, rosterSentAt: instant(rosterSentAt), nextVisitBy: nextVisitBy ?? null, revisitBy: revisitBy ?? null, transferTo: null, endedOn: null, endReason: null, transitions: [],
        visits: visits.map(visitValues), rosterVisits: visits.filter(({ regime, by }) => regime === 'TOWNSHIP' && by === township).map(visitValues),
      };
    }
    case 'SettlementCase': {
      const { settlementNo, version, track, state, person, station, civilAffairs, enteredOn, appliedOn, decidedOn, hukouDivision, hukouRegisteredOn, institution, placedOn, supportKind, proofOfSearch, plan, guardianship, transitions } = getFacts(SETTLEMENTS, name);
      return {
        settlementNo, version, track, state, person: { id: idOf.Person(person) }, station: coded(station), civilAffairs: coded(civilAffairs), enteredOn, appliedOn: appliedOn ?? null, decidedOn: decidedOn ?? null,
        hukouDivision: coded(hukouDivision), hukouRegisteredOn: hukouRegisteredOn ?? null, institution: institution ?? null, supportKind: supportKind ?? null,
        placedOn: placedOn ?? null, proofOfSearch: proofOfSearch ?? null, plan: plan ?? null, guardianship: guardianship ?? null,
        transitions: transitions.map(({ to, at, by }, index) => ({ from: transitions[index - 1]?.to ?? null, to, at: instant(at), agency: coded(by) })),
        ...documents(transitions), 'transitions.note': transitions.map(({ note }) => note ?? null),
        settled: ['REGISTERED', 'PLACED', 'SUPPORTED', 'NOT_ELIGIBLE'].includes(state),
      };
    }
    case 'Stay': {
      const { stayNo, version, station, calledName, features, tracingPublishedOn, tracingUpdatedOn, dnaRequestedOn, dnaSampledOn, dnaSampleNo, leftOn, leftHow, moves } = getFacts(STAYS, name);
      return {
        stayNo, version, station: coded(station), state: leftOn ? 'LEFT' : moves.at(-1)?.place, enteredOn: moves[0]?.since, leftOn: leftOn ?? null, leftHow: leftHow ?? null, moves,
        tracingPublishedOn: tracingPublishedOn ?? null, tracingUpdatedOn: tracingUpdatedOn ?? null, dnaRequestedOn: dnaRequestedOn ?? null, dnaSampledOn: dnaSampledOn ?? null, dnaSampleNo: dnaSampleNo ?? null, calledName: calledName ?? null, features,
      };
    }
    case 'IdentityInquiry': {
      const { inquiryNo, version, state, level, person, station, civilAffairs, police, methods, ownComparison, calledName, features, photoDigest, dnaSampleNo, asked, candidates, transitions } = getFacts(INQUIRIES, name);
      return {
        inquiryNo, version, state, level, person: { id: idOf.Person(person) }, station: coded(station), civilAffairs: coded(civilAffairs), police: coded(police), openedAt: instant(transitions[0]?.at), methods, ownComparison,
        calledName: calledName ?? null, features, photoDigest: photoDigest ?? null, dnaSampleNo: dnaSampleNo ?? null, newEvidence: null, outcome: null, dueBy: DUE_BY[name] ?? null, deadlineProvisional: false,
        answers: asked.map(({ level: at, police: by, at: askedAt, answeredAt, result, note }) => ({ level: at, police: coded(by), askedAt, answeredAt: answeredAt ?? null, answer: result ?? null, note: note ?? null })),
        candidates: candidates.filter(({ suppressed }) => !suppressed).map((one) => ({
          candidateNo: one.candidateNo, police: coded(one.police), method: one.method, foundAt: one.foundAt, name: one.name, idNumber: one.idNumber ?? null, sex: one.sex ?? null, birthDate: one.birthDate ?? null, hukouDivision: coded(one.hukouDivision),
          note: one.note ?? null, firstConfirmedBy: one.firstConfirmedBy ?? null, secondConfirmedBy: null, rejectedReason: one.rejectedReason ?? null,
        })),
        missingCandidates: protectedPerson(person) ? [] : Object.values(MISSING).filter((report) => report.state === 'OPEN' && !protectedPerson(report.person)).flatMap((report) => report.given.filter(({ inquiry }) => inquiry === name).map((given) => ({
          reportNo: report.reportNo, reporter: coded(report.reporter), name: report.name, sex: report.sex ?? null, birthYear: bornInYear(report), homeDivision: coded(report.homeDivision), missingSince: report.missingSince, looks: report.looks,
          verdict: given.verdict ?? null, firstConfirmedBy: given.firstConfirmedBy ?? null, secondConfirmedBy: given.secondConfirmedBy ?? null, tell: given.tell ?? null, reason: given.reason ?? null,
        }))),
        transitions: transitions.map(({ to, at, by }, index) => ({ from: transitions[index - 1]?.to ?? null, to, at: instant(at), agency: coded(by) })), 'transitions.reason': transitions.map(({ reason }) => reason ?? null), ...documents(transitions),
      };
    }
    case 'MissingReport': {
      const { reportNo, version, state, reporter, person, name: missing, sex, birthDate, estimatedAge, idNumber, homeDivision, missingSince, lastSeenDivision, looks, kinName, kinRelation, kinPhone, reportedAt, closedAt, note, given } = getFacts(MISSING, name);
      return {
        reportNo, version, state, reporter: coded(reporter), name: missing, sex: sex ?? null, birthDate: birthDate ?? null, estimatedAge: estimatedAge ?? null, idNumber: idNumber ?? null, homeDivision: coded(homeDivision), missingSince, lastSeenDivision: coded(lastSeenDivision),
        looks, kinName, kinRelation, kinPhone, reportedAt: instant(reportedAt), closedAt: instant(closedAt), note: note ?? null,
        results: given.flatMap(({ inquiry, told }) => (told && !protectedPerson(person) && !protectedPerson(getFacts(INQUIRIES, inquiry).person) ? [{ contact: coded(told.contact), toldOn: told.on }] : [])),
      };
    }
    case 'RegisteredHousehold': {
      const { head, division, kind, members, flag, former = [], history = [], help = [] } = getFacts(HOUSEHOLDS, name);
      const periods: Partial<(typeof history)[number]>[] = history.length > 0 ? history : [{}];
      return {
        householdNo: name, headName: head, division: coded(division), kind, flag: flag ? { state: flag.state, contactAgency: coded(flag.contactAgency) } : null,
        members: members.map((member) => ({ name: member.name, idNumber: member.idNumber ?? getFacts(PERSONS, member.person ?? '').idNumber, relation: member.relation, since: null, until: null })),
        formerMembers: former.map((member) => ({ name: member.name, idNumber: member.idNumber, relation: member.relation, since: member.since, until: member.until })),
        history: periods.map((period, index) => ({
          since: period.since ?? null, until: periods[index + 1]?.since ?? null, kind: period.kind ?? kind, headName: period.head ?? head, division: coded(period.division ?? division), agency: coded(OFFICE),
        })),
        help: help.map(({ measures, helpedOn, text, by }) => ({ measures, helpedOn, text: text ?? null, agency: coded(by) })),
      };
    }
  }
}

const visitValues = ({ by, ...visit }: NonNullable<EntryFacts['visits']>[number]): Record<string, unknown> => ({ regime: visit.regime, visitedOn: visit.visitedOn, manner: visit.manner, result: visit.result, note: visit.note, agency: coded(by) });

function caseValues(name: string): Record<string, unknown> {
  const facts = getFacts(CASES, name);
  const subject = subjectFacts(facts);
  const steps = stepsOf(facts);
  const last = (state: string): string | null => instant(facts.transitions?.findLast(({ to }) => to === state)?.at);
  return {
    version: facts.version, caseNo: facts.caseNo, state: facts.state,
    subject: { ...identityValues(subject), birthDate: subject.birthDate ?? null, features: subject.features },
    person: { id: idOf.Person(facts.person) },
    destinationAgency: coded(facts.destination), originAgency: coded(facts.origin), destinationName: facts.destinationName ?? null,
    noticeNo: facts.noticeNo, noticeDate: facts.noticeDate, entryDate: facts.entryDate, leaveDate: facts.leaveDate, returnMode: facts.returnMode, escortAgency: coded(facts.escortAgency),
    helpReason: facts.helpReason, condition: facts.condition, custodyPlace: facts.custodyPlace ?? null, noticeFileDigest: facts.noticeFileDigest ?? null, earlierReturns: earlierReturns(facts), handlingCodes: facts.handlingCodes ?? [], coordinator: facts.state === 'COORDINATING' ? coded(facts.coordinatedBy?.at(-1)) : null, hukouPlace: coded(facts.hukouPlace), hukouAgency: coded(facts.hukouAgency), outcome: facts.outcome ?? null,
    referrals: (facts.referrals ?? []).map(({ referralNo, version, addressee, helpAsked, details, referredAt, answeredAt, measures, answer }) => ({
      referralNo, version, addressee: coded(addressee), helpAsked, details, referredAt: instant(referredAt), answeredAt: instant(answeredAt), measures: measures ?? null, answer: answer ?? null,
    })),
    // a sheet proves by its date of notice that the notice was sent and taken
    sentAt: last('SENT') ?? (facts.transitions ? null : instant(`${facts.noticeDate}T00:00:00+08:00`)), acknowledgedAt: last('ACKNOWLEDGED') ?? (facts.transitions ? null : instant(`${facts.noticeDate}T00:00:00+08:00`)), receivedAt: last('RECEIVED') ?? instant(facts.receivedOn && `${facts.receivedOn}T00:00:00+08:00`),
    homeCheck: facts.homeCheck ? { checkedOn: facts.homeCheck.checkedOn, entrustedCommittee: facts.homeCheck.committee, difficulties: facts.homeCheck.difficulties, text: facts.homeCheck.text } : null,
    revisits: (facts.revisits ?? []).map(({ visitedOn, manner, result, note }) => ({ visitedOn, manner, result, note })), revisitBy: revisitBy(facts),
    transitions: steps.map(({ to, at, by }, index) => ({ from: steps[index - 1]?.to ?? null, to, at: instant(at), agency: coded(by) })),
    'transitions.reason': steps.map(({ code, text }) => [code, text].filter(Boolean).join(': ') || null),
    // a notice is sent on the notice, and a sheet is imported on it
    ...documents(steps.map((step) => ({ ...((step.to === 'SENT' || !facts.transitions) && { documentNo: facts.noticeNo, documentDate: facts.noticeDate }), ...step }))),
  };
}

const confirmedAt = ({ transitions }: CaseFacts): number => Date.parse(transitions?.find(({ to }) => to === 'ACKNOWLEDGED')?.at ?? '');
const wasConfirmed = (facts: CaseFacts): boolean => !Number.isNaN(confirmedAt(facts));

/** Returns of the same person that stand confirmed and left earlier. */
function earlierReturns(facts: CaseFacts): number | null {
  if (!wasConfirmed(facts)) return null;
  return Object.values(CASES).filter((other) => other.person === facts.person && wasConfirmed(other) && !['DISPUTED', 'REFUSED', 'RECALLED', 'COORDINATING'].includes(other.state) && other.outcome !== 'MERGED' && other.leaveDate < facts.leaveDate && confirmedAt(other) <= confirmedAt(facts)).length;
}

/** A year from the day on which a station received the person, unless it has met the person since, in either ledger. */
function revisitBy({ origin, person, author, transitions }: CaseFacts): string | null {
  const came = transitions?.find(({ to }) => to === 'RECEIVED' || to === 'AT_HOME')?.at.slice(0, 10);
  if (!came || author || !origin.startsWith('station-')) return null;
  const registered = Object.values(ENTRIES).filter((entry) => entry.person === person).flatMap(({ visits = [] }) => visits.filter(({ regime, by }) => regime === 'STATION' && by === origin));
  const visits = [...registered, ...Object.values(CASES).filter((one) => one.person === person && one.origin === origin).flatMap(({ revisits = [] }) => revisits)];
  return visits.some(({ visitedOn, result }) => visitedOn >= came && result !== 'NOBODY_THERE') ? null : `${Number(came.slice(0, 4)) + 1}${came.slice(4)}`;
}

const documents = (steps: readonly DocumentFacts[]): Record<string, unknown> => ({ 'transitions.documentNo': steps.map(({ documentNo }) => documentNo ?? null), 'transitions.documentDate': steps.map(({ documentDate }) => documentDate ?? null) });

const protectedPerson = (name: string | undefined): boolean => name !== undefined && getFacts(PERSONS, name).protection !== undefined;
/** By the day of the report, where only an age was given. */
const bornInYear = ({ birthDate, estimatedAge, reportedAt }: { birthDate?: string | null; estimatedAge?: number; reportedAt: string }): number => (birthDate ? Number(birthDate.slice(0, 4)) : Number(String(reportedAt).slice(0, 4)) - (estimatedAge ?? 0));

function identityValues(who: Identity): Record<string, unknown> {
  return {
    name: who.name ?? null, idNumber: who.idNumber ?? null, sex: who.sex ?? null, birthDate: who.birthDate ?? null, estimatedAge: who.estimatedAge ?? null,
    hukouDivision: coded(who.hukouDivision), homeDivision: coded(who.homeDivision), address: who.address ?? null, kinName: who.kinName ?? null, kinPhone: who.kinPhone ?? null,
  };
}

function personValues(name: string): Record<string, unknown> {
  const facts = getFacts(PERSONS, name);
  const born = bornOn(facts);
  const age = born === null ? null : Number(TODAY.slice(0, 4)) - Number(born.slice(0, 4)) - (TODAY.slice(5) < born.slice(5) ? 1 : 0);
  return {
    ...identityValues(facts), identityState: facts.identityState, birthYear: born ? Number(born.slice(0, 4)) : null,
    ageBand: age === null ? null : age < 14 ? 'UNDER_14' : age < 18 ? 'FROM_14_TO_17' : age < 60 ? 'FROM_18_TO_59' : 'FROM_60',
  };
}

/** The rung ENDS of an ID number. */
export const endsOf = (idNumber: string): string => `${idNumber.slice(0, 1)}${'*'.repeat(16)}${idNumber.slice(17)}`;

const PERSON = 'id __typename name idNumber sex birthDate estimatedAge birthYear ageBand identityState hukouDivision { code } homeDivision { code } address kinName kinPhone disclosure { field rung }';

/** Every field of every record, as a fragment; linked persons with every field of theirs. */
export const SELECTIONS: Record<RecordName, string> = {
  Person: PERSON,
  ReturnCase: `id __typename version caseNo state
    subject { name idNumber sex birthDate estimatedAge hukouDivision { code } homeDivision { code } address kinName kinPhone features }
    person { ${PERSON} } destinationAgency { code } originAgency { code } destinationName noticeNo noticeDate entryDate leaveDate returnMode escortAgency { code } helpReason condition custodyPlace noticeFileDigest earlierReturns
    sentAt acknowledgeBy acknowledgedAt receiveBy receivedAt deadlinesProvisional homeCheck { checkedOn entrustedCommittee difficulties text }
    handlingCodes coordinator { code } hukouPlace { code } hukouAgency { code } outcome revisits { visitedOn manner result note } revisitBy referrals { referralNo version addressee { code } helpAsked details referredAt answeredAt measures answer }
    transitions { from to at agency { code } reason documentNo documentDate } disclosure { field rung }`,
  AtRiskEntry: `id __typename version entryNo state person { ${PERSON} } division { code } enrolledBy { code } township { code } enrolledOn termFrom riskClasses careCodes needsVisits repeatedWandering
    diagnosis disabilityCardNo surveyedIdNumber rosterSentAt nextVisitBy revisitBy transferTo { code } endedOn endReason visits { regime visitedOn manner result note agency { code } } rosterVisits { regime visitedOn manner result note agency { code } }
    transitions { from to at agency { code } reason documentNo documentDate } disclosure { field rung }`,
  SettlementCase: `id __typename version settlementNo track state person { ${PERSON} } station { code } civilAffairs { code } enteredOn appliedOn decidedOn hukouDivision { code } hukouRegisteredOn
    institution placedOn supportKind proofOfSearch plan guardianship transitions { from to at agency { code } documentNo documentDate note } settled disclosure { field rung }`,
  Stay: 'id __typename version stayNo state station { code } enteredOn leftOn leftHow moves { place since } tracingPublishedOn tracingUpdatedOn dnaRequestedOn dnaSampledOn dnaSampleNo calledName features disclosure { field rung }',
  IdentityInquiry: `id __typename version inquiryNo state level dueBy deadlineProvisional station { code } civilAffairs { code } police { code } openedAt methods person { ${PERSON} } ownComparison calledName features photoDigest dnaSampleNo newEvidence
    answers { level police { code } askedAt answeredAt answer note }
    candidates { candidateNo police { code } method foundAt name idNumber sex birthDate hukouDivision { code } note firstConfirmedBy secondConfirmedBy rejectedReason }
    missingCandidates { reportNo reporter { code } name sex birthYear homeDivision { code } missingSince looks verdict firstConfirmedBy secondConfirmedBy tell reason }
    outcome transitions { from to level at agency { code } reason documentNo documentDate } disclosure { field rung }`,
  MissingReport: 'id __typename version reportNo state reporter { code } reportedAt closedAt note name idNumber sex birthDate estimatedAge homeDivision { code } missingSince lastSeenDivision { code } looks kinName kinRelation kinPhone results { contact { code } toldOn } disclosure { field rung }',
  RegisteredHousehold: `id __typename householdNo headName division { code } kind members { name idNumber relation since until matchedPerson { ${PERSON} } } formerMembers { name idNumber relation since until matchedPerson { ${PERSON} } }
    history { since until kind headName division { code } agency { code } } flag { state contactAgency { code } } help { measures helpedOn text agency { code } } disclosure { field rung }`,
};

/** Names of the world's records of a type. */
export const NAMES: Record<RecordName, string[]> = {
  ReturnCase: Object.keys(CASES), Person: Object.keys(PERSONS), AtRiskEntry: Object.keys(ENTRIES), SettlementCase: Object.keys(SETTLEMENTS), Stay: Object.keys(STAYS), IdentityInquiry: Object.keys(INQUIRIES), MissingReport: Object.keys(MISSING), RegisteredHousehold: Object.keys(HOUSEHOLDS),
};
export const RECORDS = Object.keys(NAMES) as RecordName[];
export const LISTS: Partial<Record<RecordName, string>> = { ReturnCase: 'returnCases', AtRiskEntry: 'atRiskEntries', SettlementCase: 'settlementCases', Stay: 'stays', IdentityInquiry: 'identityInquiries', MissingReport: 'missingReports', RegisteredHousehold: 'registeredHouseholds' };
