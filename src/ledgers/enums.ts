import { registerEnumType } from 'type-graphql';
import { AGENCY_KINDS, LEVELS, PURPOSES, ROLES } from '../kernel/viewer.js';
import { AGE_BANDS } from '../kernel/dates.js';
import { DEADLINE_CLASSES } from '../policy/deadlines.js';
import { RUNGS } from '../policy/language.js';
import { CARE_CODES, RISK_CLASSES, VISIT_MANNERS, VISIT_REGIMES, VISIT_RESULTS } from './at-risk/at-risk.shape.js';
import { AT_RISK_STATES, END_REASONS } from './at-risk/at-risk.transitions.js';
import { INBOX_KINDS } from './inbox/inbox.shape.js';
import { FLAG_STATES } from './households/households.transitions.js';
import { AID_MEASURES, HANDLING_CODES, REASON_CODES, RETURN_OUTCOMES, RETURN_STATES } from './returns/returns.transitions.js';
import { SETTLEMENT_STATES } from './settlement/settlement.shape.js';
import { GOVERNMENT_DECISIONS, SETTLEMENT_TRACKS, SUPPORT_ASSESSMENTS } from './settlement/settlement.transitions.js';
import { CUSTODY_PLACES, STAY_STATES, WAYS_OF_LEAVING } from './settlement/stays.shape.js';

/** The published enums. Each is an object of its own words, so that GraphQL's value and ours are the same text. */
function published<Word extends string>(name: string, words: readonly Word[], description?: string): { [W in Word]: W } {
  const object = Object.fromEntries(words.map((word) => [word, word])) as { [W in Word]: W };
  registerEnumType(object, { name, ...(description && { description }) });
  return object;
}

export const AgencyKindEnum = published('AgencyKind', AGENCY_KINDS);
export const DivisionLevelEnum = published('DivisionLevel', LEVELS);
export const RoleEnum = published('Role', ROLES);
export const PurposeEnum = published('Purpose', PURPOSES, 'Why a request is made, from a closed list with a legal basis (政务数据共享条例 art. 20).');
export const SexEnum = published('Sex', ['UNKNOWN', 'MALE', 'FEMALE', 'UNSTATED'], 'GB/T 2261.1.');
export const AgeBandEnum = published('AgeBand', AGE_BANDS);
export const IdentityStateEnum = published('IdentityState', ['UNKNOWN', 'CLAIMED', 'VERIFIED', 'MISTAKEN', 'MERGED']);
export const ReturnStateEnum = published('ReturnState', RETURN_STATES);
export const ReturnModeEnum = published('ReturnMode', ['SELF', 'COLLECTED_BY_KIN', 'ESCORTED', 'COLLECTED_BY_ORIGIN']);
export const DifficultyEnum = published('Difficulty', ['PRODUCTION', 'LIVELIHOOD', 'BASIC_MEDICAL_SECURITY'], '生产、生活及基本医疗保障方面的困难 (民发〔2020〕14号 二(五)).');
export const HouseholdKindEnum = published('HouseholdKind', ['REGISTERED', 'OUT_OF_POVERTY', 'UNSTABLE', 'MARGINAL', 'SUDDEN_HARDSHIP']);
export const FlagStateEnum = published('FlagState', FLAG_STATES);
export const RungEnum = published('Rung', RUNGS, 'A step on a mask ladder. name: SURNAME 张**; idNumber: ENDS 3****************X; phone: ENDS *********78.');
export const AwaitingEnum = published('Awaiting', ['ME', 'OTHERS'], 'Whose act a case waits for.');
export const DirectionEnum = published('Direction', ['ASC', 'DESC']);
export const ReturnCaseOrderFieldEnum = published('ReturnCaseOrderField', ['SENT_AT', 'ACKNOWLEDGE_BY', 'ENTRY_DATE']);
export const ReturnReasonCodeEnum = published('ReturnReasonCode', REASON_CODES);
export const ReturnOutcomeEnum = published('ReturnOutcome', RETURN_OUTCOMES, 'How a return ended. NOT_FOUND: both sides have ended the trace of a person who did not arrive.');
export const HandlingCodeEnum = published('HandlingCode', HANDLING_CODES, 'What whoever travels with the person must know; no diagnosis.');
export const AidHelpEnum = published('AidHelp', AID_MEASURES, '特困人员供养、低保、临时救助、医保、社保、残疾人补贴、未成年人保护。');
export const AidMeasureEnum = published('AidMeasure', [...AID_MEASURES, 'NONE'], 'What an addressee does; NONE if nothing.');
export const AtRiskStateEnum = published('AtRiskState', AT_RISK_STATES);
export const RiskClassEnum = published('RiskClass', RISK_CLASSES);
export const CareCodeEnum = published('CareCode', CARE_CODES, 'What a visiting township needs to do, instead of why.');
export const VisitRegimeEnum = published('VisitRegime', VISIT_REGIMES, "Two regimes, never one counter: the township's visits of its roster, and the station's revisits of whom it returned.");
export const VisitMannerEnum = published('VisitManner', VISIT_MANNERS);
export const VisitResultEnum = published('VisitResult', VISIT_RESULTS, 'NOBODY_THERE is kept and is no visit done.');
export const VisitDueEnum = published('VisitDue', ['OVERDUE', 'TODAY', 'COMING']);
export const AtRiskEndReasonEnum = published('AtRiskEndReason', END_REASONS);
export const SettlementTrackEnum = published('SettlementTrack', SETTLEMENT_TRACKS);
export const SettlementStateEnum = published('SettlementState', SETTLEMENT_STATES);
export const GovernmentDecisionEnum = published('GovernmentDecision', GOVERNMENT_DECISIONS, 'What the government of the same level decided on a settlement plan (民发〔2020〕14号 二(四)).');
export const SupportAssessmentEnum = published('SupportAssessment', SUPPORT_ASSESSMENTS);
export const CustodyPlaceEnum = published('CustodyPlace', CUSTODY_PLACES, 'Where a person is cared for while it stays; days in each count.');
export const StayStateEnum = published('StayState', STAY_STATES);
export const WayOfLeavingEnum = published('WayOfLeaving', WAYS_OF_LEAVING);
export const InboxKindEnum = published('InboxKind', INBOX_KINDS, 'OWED: the agency owes the step itself. RAISED: an agency below it owes the step and is late.');
export const DeadlineClassEnum = published('DeadlineClass', DEADLINE_CLASSES, 'LAW: may be shortened only. POLICY: a division may set its own with a recorded reason. DESIGN: free.');
