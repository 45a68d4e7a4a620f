import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PURPOSES } from '../../src/kernel/viewer.js';
import { purposesOf } from '../../src/policy/gate.js';
import { buildCatalogue } from '../../src/ledgers/ledger-catalogue.js';
import { CATALOGUE } from '../policy/shipped-policy.js';
import { askAs } from '../support/asking.js';
import { startHub, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';
import { world, WORLD_NOW } from '../support/world.js';
import { globalId } from '../support/world-boundary.js';
import { compareAnswers, type Difference } from './compare-answers.js';
import { readRawTables } from './raw-tables.js';
import { fieldsOf } from './record-values.js';
import { ReferenceExecutor } from './reference-executor.js';
import { RECORDS, type RecordType } from './reference-records.js';

const DISCLOSURE = 'disclosure { field rung rule }';
const PERSON = `person { id name idNumber sex birthDate estimatedAge birthYear ageBand identityState hukouDivision { code name } homeDivision { parent { level } } address kinName kinPhone ${DISCLOSURE} }`;
const CASE = `id __typename version caseNo state subject { name idNumber sex birthDate estimatedAge hukouDivision { code } homeDivision { name } address kinName kinPhone features } ${PERSON}
  destinationAgency { id code name kind level division { code } phone } originAgency { code } destinationName noticeNo noticeDate entryDate leaveDate returnMode escortAgency { code } helpReason condition
  sentAt acknowledgeBy acknowledgedAt receiveBy receivedAt deadlinesProvisional homeCheck { checkedOn entrustedCommittee difficulties text } transitions { from to at agency { code } reason documentNo documentDate } ${DISCLOSURE}`;
const QUESTIONS = [
  `{ returnCases(first: 200) { totalCount edges { cursor node { ${CASE} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
  `{ returnCases(last: 3, orderBy: [{ field: ENTRY_DATE, direction: ASC }, { field: SENT_AT, direction: DESC }]) { nodes { id entryDate } pageInfo { hasNextPage hasPreviousPage } } }`,
  '{ returnCases(filter: { overdue: true, state: [SENT, ACKNOWLEDGED] }) { totalCount nodes { caseNo } } }',
  '{ returnCases(filter: { subjectName: "林归来" }) { totalCount nodes { id } } }',
  `{ atRiskEntries { totalCount nodes { id version entryNo state ${PERSON} division { code } enrolledBy { code } township { code } enrolledOn termFrom riskClasses careCodes needsVisits repeatedWandering diagnosis disabilityCardNo transitions { from to reason documentNo documentDate } ${DISCLOSURE} } } }`,
  `{ settlementCases { totalCount nodes { id version settlementNo track state ${PERSON} station { code } civilAffairs { code } enteredOn appliedOn decidedOn hukouDivision { code } hukouRegisteredOn institution placedOn supportKind proofOfSearch plan guardianship transitions { from to at agency { code } documentNo documentDate note } settled ${DISCLOSURE} } } }`,
  `{ corrections { totalCount nodes { id version correctionNo state record number sourceNumber field claim proposed askedBy { code } provider { code } askedAt answerBy answeredAt answer ${DISCLOSURE} } } }`,
  `{ stays { totalCount nodes { id version stayNo state station { code } enteredOn leftOn leftHow moves { place since } tracingPublishedOn tracingUpdatedOn dnaRequestedOn dnaSampledOn dnaSampleNo calledName features ${DISCLOSURE} } } }`,
  `{ identityInquiries { totalCount nodes { id version inquiryNo state level dueBy deadlineProvisional station { code } civilAffairs { code } police { code } openedAt methods ownComparison calledName features photoDigest dnaSampleNo newEvidence outcome
    answers { level police { code } askedAt answeredAt answer note } candidates { candidateNo police { code } method foundAt name idNumber sex birthDate hukouDivision { code } note firstConfirmedBy secondConfirmedBy rejectedReason }
    missingCandidates { reportNo reporter { code } name sex birthYear homeDivision { code } missingSince looks verdict firstConfirmedBy secondConfirmedBy tell reason }
    transitions { from to level at agency { code } reason documentNo documentDate } ${DISCLOSURE} } } }`,
  `{ missingReports { totalCount nodes { id version reportNo state reporter { code } reportedAt closedAt note name idNumber sex birthDate estimatedAge homeDivision { code } missingSince lastSeenDivision { code } looks kinName kinRelation kinPhone results { contact { code } toldOn } ${DISCLOSURE} } } }`,
  `{ registeredHouseholds(first: 100) { totalCount nodes { id householdNo headName division { code } kind flag { state contactAgency { code } } members { name idNumber relation since until matchedPerson { id name ageBand } } formerMembers { name since until matchedPerson { id } } history { since until kind headName division { code } agency { code } } help { measures helpedOn text agency { code } } ${DISCLOSURE} } } }`,
  '{ registeredHouseholds(filter: { flagged: true }) { nodes { householdNo } } }',
  '{ registeredHouseholds(filter: { notHelpedSince: "2026-11-05" }) { nodes { householdNo } } }',
  '{ registeredHouseholds(filter: { flagged: true, notHelpedSince: "2026-11-06" }) { nodes { householdNo } } }',
  `{ ${Object.keys(world.persons).map((name, index) => `p${index}: node(id: "${globalId('Person', name)}") { __typename id ... on Person { name idNumber kinPhone ${DISCLOSURE} } }`).slice(0, 20).join(' ')} }`,
  `{ ${Object.values(world.cases).map(({ caseNo }, index) => `c${index}: returnCase(caseNo: "${caseNo}") { id state transitions { reason documentNo } }`).slice(0, 20).join(' ')} }`,
  `{ ${Object.keys(world.cases).map((name, index) => `e${index}: explain(id: "${globalId('ReturnCase', name)}", field: "${['subject', 'person', 'transitions.reason', 'state', 'transitions.documentNo'][index % 5]}") { rung }`).slice(0, 20).join(' ')} }`,
  `{ checkReturnees(idNumbers: ${JSON.stringify(Object.values(world.persons).flatMap(({ idNumber }) => idNumber ?? []))}) { idNumber current division { code name } contactAgency { code } } }`,
  '{ viewer { roles purposes purpose matter policy agency { code division { name } } } }',
];

describe('the reference', () => {
  test('knows every attribute, link and field of the catalogue, and no other', () => {
    const catalogue = buildCatalogue([]);
    expect(Object.keys(RECORDS).toSorted()).toEqual([...catalogue.records.keys()].toSorted());
    for (const [type, shape] of catalogue.records) expect([type, fieldsOf(type as RecordType).toSorted()]).toEqual([type, Object.keys(shape.fields).toSorted()]);
  });
});

describe('over the small world, the hub answers what the reference answers', () => {
  let hub: TestHub;
  let reference: ReferenceExecutor;
  beforeAll(async () => {
    hub = await startHub();
    reference = new ReferenceExecutor(await withClient(hub.database.admin, (client) => readRawTables(client, hub.database.keyRing)), hub.parts.policy.policy);
  });
  afterAll(() => hub.stop());

  test('and knows the same attributes and links of every record', () => {
    const records = reference.recordsOn(WORLD_NOW);
    for (const [type, shape] of CATALOGUE.records) {
      const [record] = records.all(type as RecordType);
      expect([type, Object.keys(record?.facts.attributes ?? {}).toSorted()]).toEqual([type, Object.keys(shape.attributes).toSorted()]);
      expect([type, Object.keys(record?.facts.links ?? {}).toSorted()]).toEqual([type, Object.keys(shape.links).toSorted()]);
    }
  });

  test.each(Object.keys(world.agencies))('to %s, for every purpose that is open to it and some that are not, with and without the officer for minors', async (agency) => {
    const differences: (Difference & { purpose: string | null; query: string })[] = [];
    let shown = 0;
    const open = purposesOf(hub.parts.policy.policy, askAs(agency, null).viewer, WORLD_NOW);
    const closed = PURPOSES.find((purpose) => !open.includes(purpose)) ?? null;
    for (const purpose of [null, closed, ...open]) {
      for (const roles of [['CLERK'], ['CLERK', 'MINORS_OFFICER']] as const) {
        const context = { ...askAs(agency, purpose, roles), matter: 'GT-1' };
        // What is refused as a whole is refused alike whatever is asked.
        for (const query of open.some((one) => one === purpose) ? QUESTIONS : QUESTIONS.slice(-3)) {
          const served = await hub.ask(agency, { ...(purpose && { purpose }), matter: 'GT-1', roles }, query);
          const answer = reference.ask(context, query);
          shown += answer.verdicts.filter(({ rung }) => rung !== 'WITHHELD').length;
          differences.push(...compareAnswers(served, answer).map((difference) => ({ ...difference, purpose, query: query.slice(0, 60) })));
        }
      }
    }
    expect(differences.slice(0, 5)).toEqual([]);
    if (agency.startsWith('civil-')) expect(shown).toBeGreaterThan(0);
  });
});
