/** Something that an asker must not be told: its records, and every text by which it would be known. */
export interface Hidden { ids: readonly string[]; texts: readonly string[]; name?: string; idNumber?: string; caseNo?: string }

/** A request by which it might be told. `record`: the record itself must not come either. */
export interface Door { name: string; query: string; variables?: Readonly<Record<string, unknown>>; record?: boolean }

const PERSON = 'id identityState name idNumber sex birthDate estimatedAge birthYear ageBand hukouDivision { code } homeDivision { code } address kinName kinPhone';
const CASE = `id version caseNo state sentAt acknowledgeBy acknowledgedAt receiveBy receivedAt destinationAgency { code } originAgency { code } coordinator { code } escortAgency { code } noticeNo noticeDate entryDate leaveDate returnMode helpReason condition custodyPlace noticeFileDigest earlierReturns handlingCodes outcome
  subject { name idNumber birthDate address kinName kinPhone features } person { ${PERSON} } homeCheck { checkedOn difficulties entrustedCommittee text } referrals { referralNo addressee { code } helpAsked details answerBy measures answer } transitions { at from to reason documentNo agency { code } }`;
const ENTRY = `id version entryNo state division { code } enrolledBy { code } enrolledOn township { code } termFrom rosterSentAt nextVisitBy revisitBy needsVisits careCodes repeatedWandering riskClasses disabilityCardNo diagnosis surveyedIdNumber
  rosterVisits { visitedOn note } visits { visitedOn note } transitions { at to documentNo } person { ${PERSON} }`;
const SETTLEMENT = `id version settlementNo state track station { code } enteredOn appliedOn decidedOn institution placedOn proofOfSearch plan guardianship hukouDivision { code } hukouRegisteredOn supportKind settled transitions { at to documentNo note } person { ${PERSON} }`;
const STAY = 'id version stayNo state station { code } enteredOn leftOn moves { place since } tracingPublishedOn tracingUpdatedOn calledName features';
const HOUSEHOLD = `id householdNo headName division { code } kind flag { state contactAgency { code } } members { name idNumber relation matchedPerson { ${PERSON} } }`;
const CORRECTION = 'id version correctionNo state record number sourceNumber field claim proposed answer askedBy { code } provider { code } askedAt answerBy answeredAt';
const INQUIRY = `id version inquiryNo state level dueBy station { code } civilAffairs { code } police { code } openedAt methods ownComparison calledName features newEvidence photoDigest dnaSampleNo outcome answers { level answer note } candidates { candidateNo name idNumber note } missingCandidates { reportNo name looks reason }
  transitions { at to reason documentNo agency { code } } person { ${PERSON} }`;
const REPORT = 'id version reportNo state reporter { code } reportedAt closedAt note name idNumber sex birthDate estimatedAge missingSince looks kinName kinRelation kinPhone results { contact { code } toldOn }';
const ITEM = 'id kind step record number state owner { code } since dueOn dueAt overdue raisedAt';

/** Of every record that has a door of its own. */
const TYPES: Readonly<Record<string, { type: string; fields: string; explained: string }>> = {
  rc: { type: 'ReturnCase', fields: CASE, explained: 'subject' }, pe: { type: 'Person', fields: PERSON, explained: 'name' }, ar: { type: 'AtRiskEntry', fields: ENTRY, explained: 'riskClasses' }, se: { type: 'SettlementCase', fields: SETTLEMENT, explained: 'plan' },
  st: { type: 'Stay', fields: STAY, explained: 'features' }, hh: { type: 'RegisteredHousehold', fields: HOUSEHOLD, explained: 'flag' }, co: { type: 'Correction', fields: CORRECTION, explained: 'claim' },
  iq: { type: 'IdentityInquiry', fields: INQUIRY, explained: 'features' }, mr: { type: 'MissingReport', fields: REPORT, explained: 'name' },
};

const listOf = (list: string, fields: string): string => `{ ${list}(first: 200) { totalCount nodes { ${fields} } } }`;
const LISTS: readonly Door[] = [
  { name: 'returnCases', query: listOf('returnCases', CASE) }, { name: 'atRiskEntries', query: listOf('atRiskEntries', ENTRY) },
  { name: 'settlementCases', query: listOf('settlementCases', SETTLEMENT) }, { name: 'stays', query: listOf('stays', STAY) }, { name: 'registeredHouseholds', query: listOf('registeredHouseholds', HOUSEHOLD) }, { name: 'people', query: listOf('people', PERSON) },
  { name: 'identityInquiries', query: listOf('identityInquiries', INQUIRY) }, { name: 'missingReports', query: listOf('missingReports', REPORT) }, { name: 'corrections', query: listOf('corrections', CORRECTION) }, { name: 'coordinations', query: listOf('coordinations', CASE) }, { name: 'visitsDue', query: listOf('visitsDue', ENTRY) }, { name: 'inbox', query: listOf('inbox', ITEM) },
  { name: 'inboxCounts', query: '{ inboxCounts { step record waiting owed raised overdue nextDueAt } }' },
];

/** A filter that finds one record: what it finds is counted by `nodes`, so an empty page is nothing told. */
function filters({ name, idNumber, caseNo }: Hidden): Door[] {
  return [
    ...(name ? [
      { name: 'people by name', query: `query ($name: String) { people(filter: { name: $name }) { nodes { id ageBand } } }`, variables: { name } },
      { name: 'returnCases by name', query: 'query ($name: String) { returnCases(filter: { subjectName: $name }) { nodes { id state } } }', variables: { name } },
    ] : []),
    ...(idNumber ? [
      { name: 'people by number', query: 'query ($no: String) { people(filter: { idNumber: $no }) { nodes { id } } }', variables: { no: idNumber } },
      { name: 'returnCases by number', query: 'query ($no: String) { returnCases(filter: { subjectIdNumber: $no }) { nodes { id } } }', variables: { no: idNumber } },
    ] : []),
    ...(caseNo ? [{ name: 'returnCase', query: `query ($no: String!) { returnCase(caseNo: $no) { ${CASE} } }`, variables: { no: caseNo }, record: true }] : []),
  ];
}

/** Every way to ask for it. */
export function doorsTo(hidden: Hidden): Door[] {
  const byId = hidden.ids.flatMap((id): Door[] => {
    const { type, fields, explained } = TYPES[id.slice(0, 2)] ?? { type: 'Node', fields: 'id', explained: 'id' };
    return [
      { name: `node ${type}`, query: `query ($id: ID!) { node(id: $id) { id ... on ${type} { ${fields} } } }`, variables: { id }, record: true },
      { name: `explain ${type}`, query: 'query ($id: ID!, $field: String!) { explain(id: $id, field: $field) { rung because wouldNeed } }', variables: { id, field: explained }, record: true },
    ];
  });
  return [...byId, ...filters(hidden), ...LISTS];
}
