import { buildCatalogue } from '../../src/ledgers/ledger-catalogue.js';
import { peopleRules } from '../../src/ledgers/people/people.filters.js';
import { VISITS_DUE_RULES } from '../../src/ledgers/at-risk/at-risk.filters.js';
import { CORRECTION_RULES } from '../../src/ledgers/corrections/corrections.filters.js';
import { INBOX_RULES } from '../../src/ledgers/inbox/inbox.filters.js';
import { HOUSEHOLD_RULES } from '../../src/ledgers/households/households.filters.js';
import { ID_NUMBER_HASH } from '../../src/ledgers/id-number-hash.js';
import { idNumberOf } from '../../src/ledgers/input-words.js';
import { returnCaseRules } from '../../src/ledgers/returns/returns.filters.js';
import { operationsOf } from '../../src/ledgers/schema.js';
import type { ListRules } from '../../src/disclosure/filters.js';
import type { Catalogue } from '../../src/policy/catalogue.js';
import { testKeyRing } from '../support/test-keys.js';
import type { GraphQLSchema } from 'graphql';

/** What the walker must be told of a schema, because the schema does not say it. */
export interface KnownPositions {
  catalogue: Catalogue;
  /** By root field: which cells each filter and order reads. */
  lists: Readonly<Record<string, ListRules>>;
  /** Root fields that find one record: the argument, and the cell that it is compared with. */
  singles: Readonly<Record<string, { argument: string; cell: string }>>;
  /** Root fields that give released answers: their argument. */
  answers: Readonly<Record<string, string>>;
  /** Mutations that `steps.ts` carries out. */
  steps: ReadonlySet<string>;
  /** Operations of the policy that are no root field, and why no cell leaves through them. */
  commands: Readonly<Record<string, string>>;
  /** Fields of types that hold no cell, with the names of their arguments; input types among them. */
  plain: Readonly<Record<string, readonly string[]>>;
}

const NO_RULES: ListRules = { filters: {}, orders: {}, defaultOrder: [] };

export const LIST_RULES: Readonly<Record<string, ListRules>> = {
  returnCases: returnCaseRules((text, field) => testKeyRing.keyedHash(ID_NUMBER_HASH, idNumberOf(text, field, true)?.number18 ?? '')),
  registeredHouseholds: HOUSEHOLD_RULES,
  coordinations: NO_RULES,
  atRiskEntries: NO_RULES,
  visitsDue: VISITS_DUE_RULES,
  settlementCases: NO_RULES,
  inbox: INBOX_RULES,
  people: peopleRules({ keyRing: testKeyRing, acceptSynthetic: true }),
  stays: NO_RULES,
  corrections: CORRECTION_RULES,
  identityInquiries: NO_RULES,
  missingReports: NO_RULES,
};

/** Root fields that find one record: the argument, and the cell that it is compared with. */
export const SINGLES: KnownPositions['singles'] = { returnCase: { argument: 'caseNo', cell: 'caseNo' } };

const DOCUMENT = ['documentNo', 'documentDate'];
const STEP = ['id', 'expectedVersion', 'note'];
const DOCUMENTED = [...STEP, ...DOCUMENT];
const IDENTITY = ['name', 'idNumber', 'sex', 'birthDate', 'estimatedAge', 'hukouDivision', 'homeDivision', 'address', 'kinName', 'kinPhone', 'features'];

const PLAIN: KnownPositions['plain'] = {
  // The public directory, the viewer itself, and the policy, which is published.
  Query: ['agencies(codes, within)', 'divisions(codes, within)', 'viewer', 'policyMatrix(kind, purpose)', 'explain(field, id)', 'explainField(field, kind, level, purpose, record)',
    // Figures that suppression lets through, which no cell follows from; and counts of what `inbox` lists, compared with it in their own tests.
    'statistics(division, period)', 'inboxCounts'],
  Statistics: ['period', 'from', 'to', 'closedAt', 'total', 'children'], StatisticPlace: ['division', 'name', 'level', 'own', 'figures'], StatisticFigures: ['measure', 'title', 'step', 'parts', 'rates'],
  StatisticPart: ['part', 'title', 'count'], StatisticRate: ['rate', 'title', 'done', 'of', 'percent', 'atLeast'], InboxCount: ['step', 'title', 'record', 'owed', 'raised', 'waiting', 'overdue', 'told', 'nextDueAt'],
  Agency: ['id', 'code', 'name', 'kind', 'level', 'division', 'phone'], Division: ['code', 'name', 'level', 'parent'],
  Viewer: ['agency', 'roles', 'purposes', 'purpose', 'matter', 'policy'],
  PolicyCell: ['kind', 'level', 'role', 'purpose', 'record', 'field', 'relation', 'rung', 'rule', 'basis', 'until'], Explanation: ['rung', 'because', 'wouldNeed'], FieldExplanation: ['record', 'field', 'wouldNeed'],
  PageInfo: ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'], FieldDisclosure: ['field', 'rung', 'rule'],
  // Payloads that tell how many of the sender's own rows were taken.
  RegisterHouseholdsPayload: ['registered', 'updated', 'refused'], InputRowError: ['row', 'field', 'code', 'message'], FlagHouseholdsPayload: ['accepted'],
  // Whom a station is to contact about its own entrant.
  EntrantPayload: ['contacts'],
  // What a mutation is given is written, or compared with the version of a record that the sender sees.
  SendReturnNoticeInput: [...DOCUMENT, 'subject', 'noticeNo', 'noticeDate', 'entryDate', 'leaveDate', 'returnMode', 'escortAgency', 'helpReason', 'condition', 'guardianAssessedOn', 'fitToTravel', 'originDivision', 'settlementNo', 'handlingCodes', 'custodyPlace', 'noticeFileDigest'],
  SendReturnDraftInput: [...DOCUMENTED, 'guardianAssessedOn', 'fitToTravel'], DirectReturnInput: [...DOCUMENTED, 'receiver', 'receiveBy'], ReportNoHomeInput: [...DOCUMENTED, 'hukouDivision'], CloseReturnInput: [...DOCUMENTED, 'outcome'],
  ReferForAidInput: [...DOCUMENTED, 'referrals'], AidReferralInput: ['addressee', 'helpAsked', 'details'], AnswerReferralInput: [...DOCUMENT, 'id', 'referralNo', 'expectedVersion', 'measures', 'text'],
  ReturnSubjectInput: IDENTITY, ReturnStepInput: DOCUMENTED, ConfirmReturnInput: ['id', 'expectedVersion', 'idNumber', 'name'], ReturnReasonInput: [...DOCUMENT, 'id', 'expectedVersion', 'code', 'text'], RerouteReturnInput: [...DOCUMENTED, 'originDivision'], ReceiveReturneeInput: [...DOCUMENTED, 'receivedOn'],
  RecordReturneeRevisitInput: ['id', 'expectedVersion', 'visitedOn', 'manner', 'result', 'note'],
  RecordHomeCheckInput: [...DOCUMENT, 'id', 'expectedVersion', 'checkedOn', 'entrustedCommittee', 'difficulties', 'text'],
  ApplyForSettlementInput: [...DOCUMENTED, 'proofOfSearch'], SubmitSettlementPlanInput: [...DOCUMENTED, 'plan', 'guardianship'], FileHukouInput: [...DOCUMENTED, 'hukouDivision'], RegisterHukouInput: [...DOCUMENTED, 'registeredOn'],
  PlaceInInstitutionInput: [...DOCUMENTED, 'institution', 'placedOn'], AssessSupportInput: [...DOCUMENTED, 'assessment', 'supportKind'], SettlementDocumentInput: DOCUMENTED,
  SettlementReasonInput: [...DOCUMENT, 'id', 'expectedVersion', 'reason'], RecordGovernmentDecisionInput: [...STEP, 'decision', 'documentNo', 'decidedOn'],
  OpenStayInput: ['enteredOn', 'place', 'earlierStay', 'calledName', 'sex', 'estimatedAge', 'features'], MoveStayInput: ['id', 'expectedVersion', 'place', 'since'], EndStayInput: ['id', 'expectedVersion', 'leftOn', 'how'],
  RequestCorrectionInput: ['id', 'field', 'claim', 'proposed'], AnswerCorrectionInput: ['id', 'expectedVersion', 'outcome', 'answer'], CorrectedSubjectInput: IDENTITY.filter((name) => name !== 'idNumber'),
  CorrectReturnInput: [...DOCUMENT, 'id', 'expectedVersion', 'subject', 'noticeNo', 'noticeDate', 'entryDate', 'leaveDate', 'returnMode', 'guardianAssessedOn', 'fitToTravel', 'helpReason', 'condition', 'custodyPlace', 'noticeFileDigest', 'handlingCodes', 'reason'],
  UpdateTracingInput: ['id', 'expectedVersion', 'publishedOn'], RecordDnaRequestInput: ['id', 'expectedVersion', 'requestedOn'], RecordDnaSampleInput: ['id', 'expectedVersion', 'sampledOn', 'sampleNo'],
  OpenInquiryInput: [...DOCUMENT, 'stayNo', 'ownComparison', 'methods', 'dnaSampleNo', 'photoDigest'], InquiryStepInput: DOCUMENTED, AnswerInquiryInput: [...DOCUMENTED, 'answer', 'candidates'],
  InquiryCandidateInput: ['method', 'name', 'idNumber', 'sex', 'birthDate', 'hukouDivision', 'note'], ConfirmCandidateInput: [...DOCUMENTED, 'candidateNo'], RejectCandidateInput: [...DOCUMENT, 'id', 'expectedVersion', 'candidateNo', 'reason'],
  ReopenInquiryInput: [...DOCUMENT, 'id', 'expectedVersion', 'newEvidence', 'methods', 'dnaSampleNo'], WithdrawInquiryInput: [...DOCUMENTED, 'reason'],
  CompareMissingReportsInput: ['id', 'expectedVersion'], AnswerMissingCandidateInput: ['id', 'expectedVersion', 'reportNo', 'verdict', 'tell', 'reason'], ReportMissingInput: ['details'], AmendMissingReportInput: ['id', 'expectedVersion', 'details'],
  CloseMissingReportInput: [...STEP, 'outcome'], MissingDetailsInput: ['name', 'idNumber', 'sex', 'birthDate', 'estimatedAge', 'homeDivision', 'missingSince', 'lastSeenDivision', 'looks', 'kinName', 'kinRelation', 'kinPhone'],
  RegisterHouseholdsInput: ['households'], HouseholdInput: ['householdNo', 'headName', 'division', 'kind', 'members'], HouseholdMemberInput: ['name', 'idNumber', 'relation'],
  MergePeopleInput: ['id', 'mergedId', 'reason'], SplitPeopleInput: ['id', 'mergeNo', 'reason'], ProtectPersonInput: ['id', 'holdingAgency', 'namedUnit', 'basis'], EndProtectionInput: ['id', 'reason'],
  // A number drawn at random, which names the sender's own act.
  MergePeoplePayload: ['mergeNo'],
  EnrolAtRiskInput: [...DOCUMENT, 'caseNo', 'surveyed', 'division', 'riskClasses', 'careCodes', 'disabilityCardNo'], SurveyedPersonInput: ['name', 'idNumber', 'sex', 'birthDate', 'estimatedAge', 'address', 'kinName', 'kinPhone'],
  AtRiskStepInput: DOCUMENTED, AtRiskReasonInput: [...DOCUMENT, 'id', 'expectedVersion', 'reason'], ResubmitAtRiskEntryInput: [...DOCUMENTED, 'division', 'riskClasses', 'careCodes', 'disabilityCardNo'], ApproveAtRiskEntryInput: [...DOCUMENTED, 'township'],
  SendRosterInput: [...DOCUMENTED, 'township'], RecordVisitInput: [...DOCUMENTED, 'visitedOn', 'manner', 'result'], ReportWanderingInput: [...DOCUMENTED, 'discoveredAt'], ReportEntrantInput: ['idNumber'], RecordReturnedInput: [...DOCUMENTED, 'returnedOn'],
  TransferAtRiskEntryInput: [...DOCUMENTED, 'division'], AcceptTransferInput: [...DOCUMENTED, 'township'], EndAtRiskEntryInput: [...DOCUMENTED, 'reason', 'diedOn', 'mergedInto'], ReopenAtRiskEntryInput: [...DOCUMENTED, 'caseNo', 'township'],
  FlagHouseholdsInput: ['householdNos'], HouseholdFlagInput: ['householdId', 'reason'], RecordHouseholdHelpInput: ['householdId', 'measures', 'helpedOn', 'text'],
};

/** @param steps names of the mutations that can be carried out here */
export function knownPositions(schema: GraphQLSchema, steps: Iterable<string>): KnownPositions {
  return {
    catalogue: buildCatalogue(operationsOf(schema)), lists: LIST_RULES, singles: SINGLES, answers: { checkReturnees: 'idNumbers' }, steps: new Set(steps),
    commands: { importReturns: 'it answers with numbers of rows, and gives faulty rows of the file back', policyMatrixOfOthers: 'it tells of the policy' },
    plain: PLAIN,
  };
}
