import { Field, ID, InputType, Int } from 'type-graphql';
import { InquiryAnswerEnum, InquiryMethodEnum, MissingVerdictEnum, SexEnum, WithdrawalReasonEnum } from '../enums.js';
import { DocumentedInput } from '../documented.input.js';
import { DateScalar } from '../scalars.js';
import type { INQUIRY_METHODS, InquiryAnswer, MissingVerdict, WithdrawalReason } from './inquiries.transitions.js';

const maybe = { nullable: true };

@InputType('OpenInquiryInput')
export class OpenInquiryInput extends DocumentedInput {
  @Field({ description: 'Number of the stay, at this station, of the person who is to be identified.' }) stayNo!: string;
  @Field({ description: 'With what the station itself compared, and what came of it (民发〔2020〕14号 二(二)): asked for before anybody else is.' }) ownComparison!: string;
  @Field(() => [InquiryMethodEnum]) methods!: (typeof INQUIRY_METHODS)[number][];
  @Field(() => String, { nullable: true, description: 'Required for the method DNA: number of the sample. A profile is never taken.' }) dnaSampleNo?: string;
  @Field(() => String, { nullable: true, description: 'SHA-256, in hexadecimal, of a photo that is sent otherwise.' }) photoDigest?: string;
}

@InputType('InquiryStepInput')
export class InquiryStepInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => String, maybe) note?: string;
}

@InputType('InquiryCandidateInput')
export class InquiryCandidateInput {
  @Field(() => InquiryMethodEnum) method!: (typeof INQUIRY_METHODS)[number];
  @Field() name!: string;
  @Field(() => String, maybe) idNumber?: string;
  @Field(() => SexEnum, maybe) sex?: string;
  @Field(() => DateScalar, maybe) birthDate?: string;
  @Field(() => String, maybe) hukouDivision?: string;
  @Field(() => String, maybe) note?: string;
}

@InputType('AnswerInquiryInput')
export class AnswerInquiryInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => InquiryAnswerEnum) answer!: InquiryAnswer;
  @Field(() => [InquiryCandidateInput], { nullable: true, description: 'For a HIT: whom was found; twins, or two who look alike, are two candidates.' }) candidates?: InquiryCandidateInput[];
  @Field(() => String, maybe) note?: string;
}

@InputType('ConfirmCandidateInput')
export class ConfirmCandidateInput extends InquiryStepInput {
  @Field() candidateNo!: string;
}

@InputType('RejectCandidateInput')
export class RejectCandidateInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field() candidateNo!: string;
  @Field() reason!: string;
}

@InputType('ReopenInquiryInput')
export class ReopenInquiryInput extends DocumentedInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field({ description: 'What has come up since.' }) newEvidence!: string;
  @Field(() => [InquiryMethodEnum], maybe) methods?: (typeof INQUIRY_METHODS)[number][];
  @Field(() => String, maybe) dnaSampleNo?: string;
}

@InputType('CompareMissingReportsInput')
export class CompareMissingReportsInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
}

@InputType('AnswerMissingCandidateInput')
export class AnswerMissingCandidateInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field() reportNo!: string;
  @Field(() => MissingVerdictEnum) verdict!: MissingVerdict;
  @Field(() => Boolean, { nullable: true, description: 'For SAME_PERSON: whether public security that took the report is to learn of it. Only where both members of staff say so is it told.' }) tell?: boolean;
  @Field(() => String, { nullable: true, description: 'Required where it is not to be told.' }) reason?: string;
}

@InputType('WithdrawInquiryInput')
export class WithdrawInquiryInput extends InquiryStepInput {
  @Field(() => WithdrawalReasonEnum) reason!: WithdrawalReason;
}
