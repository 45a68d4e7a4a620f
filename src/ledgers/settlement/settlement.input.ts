import { Field, ID, InputType, Int } from 'type-graphql';
import { GovernmentDecisionEnum, SupportAssessmentEnum } from '../enums.js';
import { DateScalar } from '../scalars.js';
import type { GovernmentDecision, SupportAssessment } from './settlement.transitions.js';

const maybe = { nullable: true };

/** What every step names: the case, its version, and the document that the step rests on. */
@InputType('SettlementStepInput')
export class SettlementStepInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => String, maybe) documentNo?: string;
  @Field(() => DateScalar, maybe) documentDate?: string;
  @Field(() => String, maybe) note?: string;
}

@InputType('ApplyForSettlementInput')
export class ApplyForSettlementInput extends SettlementStepInput {
  @Field({ description: 'What was done to find out who the person is: announcements, comparisons, inquiries, with their dates (江阴2018 二(三)4).' }) proofOfSearch!: string;
}

@InputType('SettlementReasonInput', { description: 'A step that needs a reason in words.' })
export class SettlementReasonInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field() reason!: string;
  @Field(() => String, maybe) documentNo?: string;
  @Field(() => DateScalar, maybe) documentDate?: string;
}

@InputType('SubmitSettlementPlanInput')
export class SubmitSettlementPlanInput extends SettlementStepInput {
  @Field() plan!: string;
  @Field(() => String, { nullable: true, description: 'Required for a child, and for whoever may be one: who is guardian (民法典 32).' }) guardianship?: string;
}

@InputType('RecordGovernmentDecisionInput')
export class RecordGovernmentDecisionInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => GovernmentDecisionEnum) decision!: GovernmentDecision;
  @Field() documentNo!: string;
  @Field(() => DateScalar) decidedOn!: string;
  @Field(() => String, maybe) note?: string;
}

@InputType('FileHukouInput')
export class FileHukouInput extends SettlementStepInput {
  @Field({ description: 'Division code of where the hukou is to be registered: that of the settling institution.' }) hukouDivision!: string;
}

@InputType('RegisterHukouInput')
export class RegisterHukouInput extends SettlementStepInput {
  @Field(() => DateScalar) registeredOn!: string;
}

@InputType('PlaceInInstitutionInput')
export class PlaceInInstitutionInput extends SettlementStepInput {
  @Field({ description: 'A public institution (民发〔2020〕14号 二(四)).' }) institution!: string;
  @Field(() => DateScalar) placedOn!: string;
}

@InputType('AssessSupportInput')
export class AssessSupportInput extends SettlementStepInput {
  @Field(() => SupportAssessmentEnum) assessment!: SupportAssessment;
  @Field(() => String, { nullable: true, description: 'Required when SUPPORTED: how, as 特困人员集中供养.' }) supportKind?: string;
}

@InputType('SettlementDocumentInput', { description: 'A step that rests on a document.' })
export class SettlementDocumentInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field() documentNo!: string;
  @Field(() => DateScalar) documentDate!: string;
  @Field(() => String, maybe) note?: string;
}
