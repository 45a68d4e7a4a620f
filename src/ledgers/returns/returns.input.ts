import { Field, ID, InputType, Int } from 'type-graphql';
import { AidHelpEnum, AidMeasureEnum, AwaitingEnum, CustodyPlaceEnum, DifficultyEnum, DirectionEnum, HandlingCodeEnum, ReturnCaseOrderFieldEnum, ReturnModeEnum, ReturnOutcomeEnum, ReturnReasonCodeEnum, ReturnStateEnum, SexEnum, VisitMannerEnum, VisitResultEnum } from '../enums.js';
import { DocumentedInput } from '../documented.input.js';
import { DateScalar, DateTimeScalar } from '../scalars.js';
import type { AidMeasure, ReasonCode, ReturnOutcomeCode, ReturnState } from './returns.transitions.js';

const maybe = { nullable: true };

@InputType('ReturnCaseFilter')
export class ReturnCaseFilterInput {
  @Field(() => [ReturnStateEnum], maybe) state?: ReturnState[];
  @Field(() => String, maybe) caseNo?: string;
  @Field(() => AwaitingEnum, maybe) awaiting?: 'ME' | 'OTHERS';
  @Field(() => Boolean, maybe) overdue?: boolean;
  @Field(() => String, maybe) destinationAgency?: string;
  @Field(() => String, maybe) originAgency?: string;
  @Field(() => String, maybe) originWithin?: string;
  @Field(() => DateTimeScalar, maybe) sentFrom?: string;
  @Field(() => DateTimeScalar, maybe) sentBefore?: string;
  @Field(() => DateTimeScalar, maybe) changedSince?: string;
  @Field(() => String, maybe) subjectIdNumber?: string;
  @Field(() => String, maybe) subjectName?: string;
}

@InputType('ReturnCaseOrder')
export class ReturnCaseOrderInput {
  @Field(() => ReturnCaseOrderFieldEnum) field!: 'SENT_AT' | 'ACKNOWLEDGE_BY' | 'ENTRY_DATE';
  @Field(() => DirectionEnum, { defaultValue: 'DESC' }) direction!: 'ASC' | 'DESC';
}

@InputType('ReturnSubjectInput')
export class ReturnSubjectInput {
  @Field(() => String, maybe) name?: string;
  @Field(() => String, maybe) idNumber?: string;
  @Field(() => SexEnum, maybe) sex?: string;
  @Field(() => DateScalar, maybe) birthDate?: string;
  @Field(() => Int, maybe) estimatedAge?: number;
  @Field(() => String, maybe) hukouDivision?: string;
  @Field(() => String, maybe) homeDivision?: string;
  @Field(() => String, maybe) address?: string;
  @Field(() => String, maybe) kinName?: string;
  @Field(() => String, maybe) kinPhone?: string;
  @Field(() => String, maybe) features?: string;
}

@InputType('SendReturnNoticeInput')
export class SendReturnNoticeInput extends DocumentedInput {
  @Field(() => ReturnSubjectInput) subject!: ReturnSubjectInput;
  @Field() noticeNo!: string;
  @Field(() => DateScalar) noticeDate!: string;
  @Field(() => DateScalar) entryDate!: string;
  @Field(() => DateScalar) leaveDate!: string;
  @Field(() => ReturnModeEnum) returnMode!: string;
  @Field(() => String, { nullable: true, description: 'Code of the rescue station that escorts; only when ESCORTED.' }) escortAgency?: string;
  @Field(() => String, maybe) helpReason?: string;
  @Field(() => String, maybe) condition?: string;
  @Field(() => CustodyPlaceEnum, { nullable: true, description: 'Where the person is kept until it leaves.' }) custodyPlace?: string;
  @Field(() => String, { nullable: true, description: 'SHA-256 of the written notice: 64 hexadecimal digits.' }) noticeFileDigest?: string;
  @Field(() => DateScalar, { nullable: true, description: 'Required for a minor (未成年人保护法 92–94).' }) guardianAssessedOn?: string;
  @Field(() => Boolean, { nullable: true, description: 'Required, and true, when ESCORTED (民发〔2020〕14号 二(二)).' }) fitToTravel?: boolean;
  @Field(() => [HandlingCodeEnum], { nullable: true, description: 'What whoever travels with the person must know; no diagnosis.' }) handlingCodes?: string[];
  @Field({ description: "Division code of where the person is going; the family's actual place, or else the hukou place. The hub picks its station, or its civil affairs department where there is none." }) originDivision!: string;
  @Field(() => String, { nullable: true, description: "The sender's settlement that ended because the person was identified, where the return follows from one." }) settlementNo?: string;
}

@InputType('CorrectedSubjectInput', { description: 'What of the person is put right; what is left out stays, null takes away. The ID number says who the case is about and is not among it: a notice about the wrong person is recalled, or the persons are merged or parted.' })
export class CorrectedSubjectInput {
  @Field(() => String, maybe) name?: string | null;
  @Field(() => SexEnum, maybe) sex?: string | null;
  @Field(() => DateScalar, maybe) birthDate?: string | null;
  @Field(() => Int, maybe) estimatedAge?: number | null;
  @Field(() => String, maybe) hukouDivision?: string | null;
  @Field(() => String, maybe) homeDivision?: string | null;
  @Field(() => String, maybe) address?: string | null;
  @Field(() => String, maybe) kinName?: string | null;
  @Field(() => String, maybe) kinPhone?: string | null;
  @Field(() => String, maybe) features?: string | null;
}

@InputType('CorrectReturnInput', { description: 'What is left out stays.' })
export class CorrectReturnInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => CorrectedSubjectInput, maybe) subject?: CorrectedSubjectInput;
  @Field(() => String, maybe) noticeNo?: string;
  @Field(() => DateScalar, maybe) noticeDate?: string;
  @Field(() => DateScalar, maybe) entryDate?: string;
  @Field(() => DateScalar, maybe) leaveDate?: string;
  @Field(() => ReturnModeEnum, { nullable: true, description: 'Any but ESCORTED takes the escort off.' }) returnMode?: string;
  @Field(() => DateScalar, { nullable: true, description: 'Required where the corrected notice is of a minor and had none.' }) guardianAssessedOn?: string;
  @Field(() => Boolean, { nullable: true, description: 'Required, and true, where the corrected notice is ESCORTED and had it not.' }) fitToTravel?: boolean;
  @Field(() => String, maybe) helpReason?: string;
  @Field(() => String, maybe) condition?: string;
  @Field(() => CustodyPlaceEnum, maybe) custodyPlace?: string;
  @Field(() => String, maybe) noticeFileDigest?: string;
  @Field(() => [HandlingCodeEnum], maybe) handlingCodes?: string[];
  @Field({ description: 'Why; it stays in the history of the case.' }) reason!: string;
}

@InputType('ReturnStepInput')
export class ReturnStepInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => String, maybe) note?: string;
}

@InputType('ConfirmReturnInput')
export class ConfirmReturnInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => String, { nullable: true, description: 'Of the person, by the own records of whoever confirms. Required where the imported row has one.' }) idNumber?: string;
  @Field(() => String, { nullable: true, description: 'The same. Required where the imported row has no ID number.' }) name?: string;
}

@InputType('ReturnReasonInput')
export class ReturnReasonInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => ReturnReasonCodeEnum) code!: ReasonCode;
  @Field(() => String, maybe) text?: string;
}

@InputType('RerouteReturnInput')
export class RerouteReturnInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field() originDivision!: string;
  @Field(() => String, maybe) note?: string;
}

@InputType('ReceiveReturneeInput')
export class ReceiveReturneeInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => DateScalar) receivedOn!: string;
  @Field(() => String, maybe) note?: string;
  @Field(() => String, { nullable: true, description: 'Number of the handover form 接收交接单, at most 100 characters; kept with the transition.' }) override documentNo?: string;
  @Field(() => DateScalar, { nullable: true, description: 'Day of the handover form, not after today.' }) override documentDate?: string;
}

@InputType('RecordHomeCheckInput')
export class RecordHomeCheckInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => DateScalar) checkedOn!: string;
  @Field(() => String, maybe) entrustedCommittee?: string;
  @Field(() => [DifficultyEnum]) difficulties!: string[];
  @Field(() => String, maybe) text?: string;
}

@InputType('RecordReturneeRevisitInput')
export class RecordReturneeRevisitInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => DateScalar) visitedOn!: string;
  @Field(() => VisitMannerEnum) manner!: string;
  @Field(() => VisitResultEnum) result!: string;
  @Field(() => String, maybe) note?: string;
}

@InputType('SendReturnDraftInput', { description: 'What a draft may still lack.' })
export class SendReturnDraftInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => DateScalar, { nullable: true, description: 'Required for a minor, here or in the draft.' }) guardianAssessedOn?: string;
  @Field(() => Boolean, { nullable: true, description: 'Required, and true, when ESCORTED, here or in the draft.' }) fitToTravel?: boolean;
  @Field(() => String, maybe) note?: string;
}

@InputType('DirectReturnInput')
export class DirectReturnInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field({ description: 'Code of the station or civil affairs department that has to receive.' }) receiver!: string;
  @Field(() => DateScalar) receiveBy!: string;
  @Field(() => String, maybe) note?: string;
}

@InputType('ReportNoHomeInput')
export class ReportNoHomeInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field({ description: 'Division code of the hukou place, which may differ from the origin.' }) hukouDivision!: string;
  @Field(() => String, maybe) note?: string;
}

@InputType('AidReferralInput')
export class AidReferralInput {
  @Field({ description: 'Code of a township or partner department.' }) addressee!: string;
  @Field(() => [AidHelpEnum]) helpAsked!: AidMeasure[];
  @Field(() => String, { nullable: true, description: 'What this addressee needs to know to help, and no more.' }) details?: string;
}

@InputType('ReferForAidInput')
export class ReferForAidInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => [AidReferralInput]) referrals!: AidReferralInput[];
  @Field(() => String, maybe) note?: string;
}

@InputType('AnswerReferralInput')
export class AnswerReferralInput extends DocumentedInput {
  @Field(() => ID, { description: 'Of the case.' }) id!: string;
  @Field() referralNo!: string;
  @Field(() => Int, { description: 'Of the referral: other addressees answer beside this one.' }) expectedVersion!: number;
  @Field(() => [AidMeasureEnum]) measures!: (AidMeasure | 'NONE')[];
  @Field(() => String, maybe) text?: string;
}

@InputType('CloseReturnInput')
export class CloseReturnInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => ReturnOutcomeEnum, { description: 'NO_DIFFICULTY after a home check that found none, AIDED after all answers, PLACED after the settlement; DIED, DECLINED (the person declines or leaves, 381号 art. 11), MERGED at any time. NOT_FOUND only comes of ending a trace.' }) outcome!: ReturnOutcomeCode;
  @Field(() => String, maybe) note?: string;
}
