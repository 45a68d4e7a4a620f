import { Field, ID, InputType, Int } from 'type-graphql';
import { AtRiskEndReasonEnum, CareCodeEnum, RiskClassEnum, SexEnum, VisitDueEnum, VisitMannerEnum, VisitResultEnum } from '../enums.js';
import { DocumentedInput } from '../documented.input.js';
import { DateScalar, DateTimeScalar } from '../scalars.js';
import type { EndReason } from './at-risk.transitions.js';

const maybe = { nullable: true };

@InputType('VisitsDueFilter')
export class VisitsDueFilterInput {
  @Field(() => [VisitDueEnum], maybe) when?: string[];
  @Field(() => DateScalar, { nullable: true, description: 'Due on this day or after.' }) from?: string;
  @Field(() => DateScalar, { nullable: true, description: 'Due on this day or before.' }) until?: string;
}

@InputType('SurveyedPersonInput', { description: 'Whom a survey found. It opens no shared person: whoever the hub knows by this number stays closed.' })
export class SurveyedPersonInput {
  @Field() name!: string;
  @Field(() => String, maybe) idNumber?: string;
  @Field(() => SexEnum, maybe) sex?: string;
  @Field(() => DateScalar, maybe) birthDate?: string;
  @Field(() => Int, maybe) estimatedAge?: number;
  @Field(() => String, maybe) address?: string;
  @Field(() => String, maybe) kinName?: string;
  @Field(() => String, maybe) kinPhone?: string;
}

@InputType('EnrolAtRiskInput')
export class EnrolAtRiskInput extends DocumentedInput {
  @Field(() => String, { nullable: true, description: 'Of a return that the agency received; this, or `surveyed`.' }) caseNo?: string;
  @Field(() => SurveyedPersonInput, { nullable: true, description: 'County civil affairs: whom its survey found.' }) surveyed?: SurveyedPersonInput;
  @Field({ description: 'Division in which the person lives: a township, or the county where that is not known.' }) division!: string;
  @Field(() => [RiskClassEnum]) riskClasses!: string[];
  @Field(() => [CareCodeEnum]) careCodes!: string[];
  @Field(() => String, maybe) disabilityCardNo?: string;
}

@InputType('AtRiskStepInput')
export class AtRiskStepInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => String, maybe) note?: string;
}

@InputType('AtRiskReasonInput')
export class AtRiskReasonInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field({ description: 'What is missing, or why it is not registered.' }) reason!: string;
}

@InputType('ResubmitAtRiskEntryInput')
export class ResubmitAtRiskEntryInput extends AtRiskStepInput {
  @Field(() => String, maybe) division?: string;
  @Field(() => [RiskClassEnum], maybe) riskClasses?: string[];
  @Field(() => [CareCodeEnum], maybe) careCodes?: string[];
  @Field(() => String, maybe) disabilityCardNo?: string;
}

@InputType('ApproveAtRiskEntryInput')
export class ApproveAtRiskEntryInput extends AtRiskStepInput {
  @Field(() => String, { nullable: true, description: 'Code of the township that the roster goes to; without one, it is owed within the term for sending rosters.' }) township?: string;
}

@InputType('SendRosterInput')
export class SendRosterInput extends AtRiskStepInput {
  @Field({ description: 'Code of the township.' }) township!: string;
}

@InputType('RecordVisitInput')
export class RecordVisitInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => DateScalar) visitedOn!: string;
  @Field(() => VisitMannerEnum) manner!: string;
  @Field(() => VisitResultEnum) result!: string;
  @Field(() => String, maybe) note?: string;
}

@InputType('ReportWanderingInput')
export class ReportWanderingInput extends AtRiskStepInput {
  @Field(() => DateTimeScalar, { description: 'When the township found it out; the report is owed within 24 hours.' }) discoveredAt!: string;
}

@InputType('ReportEntrantInput')
export class ReportEntrantInput {
  @Field() idNumber!: string;
}

@InputType('RecordReturnedInput')
export class RecordReturnedInput extends AtRiskStepInput {
  @Field(() => DateScalar) returnedOn!: string;
}

@InputType('TransferAtRiskEntryInput')
export class TransferAtRiskEntryInput extends AtRiskStepInput {
  @Field({ description: 'Division that the person has moved to, in another county.' }) division!: string;
}

@InputType('AcceptTransferInput')
export class AcceptTransferInput extends AtRiskStepInput {
  @Field(() => String, { nullable: true, description: 'Code of the township that the roster goes to; without one, it is owed within the term for sending rosters.' }) township?: string;
}

@InputType('EndAtRiskEntryInput')
export class EndAtRiskEntryInput extends AtRiskStepInput {
  @Field(() => AtRiskEndReasonEnum) reason!: EndReason;
  @Field(() => DateScalar, { nullable: true, description: 'Day of the death, which may lie back.' }) diedOn?: string;
  @Field(() => ID, { nullable: true, description: 'With MERGED: the entry of the same person that goes on.' }) mergedInto?: string;
}

@InputType('ReopenAtRiskEntryInput')
export class ReopenAtRiskEntryInput extends AtRiskStepInput {
  @Field({ description: 'Number of the new return.' }) caseNo!: string;
  @Field(() => String, { nullable: true, description: 'Code of the township that the roster goes to; without one, it is owed.' }) township?: string;
}
