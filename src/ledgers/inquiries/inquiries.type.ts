import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AgencyType, DivisionType } from '../agencies/agencies.type.js';
import { connectionOf, FieldDisclosureType, NodeType } from '../connections.js';
import { DivisionLevelEnum, InquiryAnswerEnum, InquiryMethodEnum, InquiryStateEnum, MissingVerdictEnum, SexEnum, WithdrawalReasonEnum } from '../enums.js';
import { PersonType } from '../people/people.type.js';
import { DateScalar, DateTimeScalar } from '../scalars.js';

const maybe = { nullable: true };

@ObjectType('InquiryAnswerGiven', { description: 'What public security of one level was asked, and answered.' })
export class InquiryAnswerType {
  @Field(() => DivisionLevelEnum) level!: string;
  @Field(() => AgencyType) police!: AgencyType;
  @Field(() => DateTimeScalar) askedAt!: string;
  @Field(() => DateTimeScalar, maybe) answeredAt?: string;
  @Field(() => InquiryAnswerEnum, maybe) answer?: string;
  @Field(() => String, maybe) note?: string;
}

@ObjectType('InquiryCandidate', { description: 'Somebody whom public security takes the person to be. It is the person once two members of staff of the station have confirmed it.' })
export class InquiryCandidateType {
  @Field(() => String) candidateNo!: string;
  @Field(() => AgencyType) police!: AgencyType;
  @Field(() => InquiryMethodEnum) method!: string;
  @Field(() => DateTimeScalar) foundAt!: string;
  @Field(() => String) name!: string;
  @Field(() => String, maybe) idNumber?: string;
  @Field(() => SexEnum, maybe) sex?: string;
  @Field(() => DateScalar, maybe) birthDate?: string;
  @Field(() => DivisionType, maybe) hukouDivision?: DivisionType;
  @Field(() => String, maybe) note?: string;
  @Field(() => String, { nullable: true, description: 'User of the station who confirmed first.' }) firstConfirmedBy?: string;
  @Field(() => String, maybe) secondConfirmedBy?: string;
  @Field(() => String, { nullable: true, description: 'Null: not rejected.' }) rejectedReason?: string;
}

@ObjectType('MissingCandidate', { description: 'A missing report that may be about the person; of the relative who made it, nothing.' })
export class MissingCandidateType {
  @Field(() => String) reportNo!: string;
  @Field(() => AgencyType, { description: 'Public security that took the report.' }) reporter!: AgencyType;
  @Field(() => String) name!: string;
  @Field(() => SexEnum, maybe) sex?: string;
  @Field(() => Int, maybe) birthYear?: number;
  @Field(() => DivisionType, maybe) homeDivision?: DivisionType;
  @Field(() => DateScalar) missingSince!: string;
  @Field(() => String, maybe) looks?: string;
  @Field(() => MissingVerdictEnum, { nullable: true, description: 'Null: not decided.' }) verdict?: string;
  @Field(() => String, { nullable: true, description: 'User of the station who said first that it is the same person.' }) firstConfirmedBy?: string;
  @Field(() => String, maybe) secondConfirmedBy?: string;
  @Field(() => Boolean, { nullable: true, description: 'With SAME_PERSON decided: whether public security that took the report was told.' }) tell?: boolean;
  @Field(() => String, maybe) reason?: string;
}

@ObjectType('InquiryTransition', { description: 'One step: who took it, when, why, and on which document.' })
export class InquiryTransitionType {
  @Field(() => InquiryStateEnum, maybe) from?: string;
  @Field(() => InquiryStateEnum) to!: string;
  @Field(() => DivisionLevelEnum) level!: string;
  @Field(() => DateTimeScalar) at!: string;
  @Field(() => AgencyType) agency!: AgencyType;
  @Field(() => String, maybe) reason?: string;
  @Field(() => String, maybe) documentNo?: string;
  @Field(() => DateScalar, maybe) documentDate?: string;
}

@ObjectType('IdentityInquiry', { implements: NodeType, description: 'Who a person at a station is 身份查询: asked of public security level by level, each by civil affairs of its own level.' })
export class IdentityInquiryType extends NodeType {
  @Field(() => ID) override id!: string;
  @Field(() => Int, { nullable: true, description: 'Random; changes with every act. Send it as `expectedVersion`.' }) version?: number;
  @Field(() => String, { nullable: true, description: 'Send it as `Guitu-Matter`: without it there are number, state and clock alone.' }) inquiryNo?: string;
  @Field(() => InquiryStateEnum, maybe) state?: string;
  @Field(() => DivisionLevelEnum, { nullable: true, description: 'Where the inquiry has come to.' }) level?: string;
  @Field(() => DateScalar, { nullable: true, description: 'Last day in time of what is owed now.' }) dueBy?: string;
  @Field(() => Boolean, { nullable: true, description: 'Whether `dueBy` lies beyond the last published calendar.' }) deadlineProvisional?: boolean;
  @Field(() => AgencyType, maybe) station?: AgencyType;
  @Field(() => AgencyType, { nullable: true, description: 'Civil affairs of the present level.' }) civilAffairs?: AgencyType;
  @Field(() => AgencyType, { nullable: true, description: 'Public security that was asked last.' }) police?: AgencyType;
  @Field(() => DateTimeScalar, maybe) openedAt?: string;
  @Field(() => [InquiryMethodEnum], maybe) methods?: string[];
  @Field(() => PersonType, maybe) person?: PersonType;
  @Field(() => String, { nullable: true, description: "The station's own comparison with what the national data holds." }) ownComparison?: string;
  @Field(() => String, { nullable: true, description: 'As the person calls itself, or is called; proves nothing.' }) calledName?: string;
  @Field(() => String, maybe) features?: string;
  @Field(() => String, { nullable: true, description: 'SHA-256 of a photo that is sent otherwise.' }) photoDigest?: string;
  @Field(() => String, { nullable: true, description: 'Number of the sample; a profile is never held here.' }) dnaSampleNo?: string;
  @Field(() => String, { nullable: true, description: 'What the inquiry was last reopened on.' }) newEvidence?: string;
  @Field(() => [InquiryAnswerType], maybe) answers?: InquiryAnswerType[];
  @Field(() => [InquiryCandidateType], maybe) candidates?: InquiryCandidateType[];
  @Field(() => [MissingCandidateType], { nullable: true, description: 'Relatives\' missing reports that the station has compared and that are still open; staff judge them, nothing follows by itself.' }) missingCandidates?: MissingCandidateType[];
  @Field(() => WithdrawalReasonEnum, { nullable: true, description: 'Why it was withdrawn.' }) outcome?: string;
  @Field(() => [InquiryTransitionType], maybe) transitions?: InquiryTransitionType[];
  @Field(() => [FieldDisclosureType]) disclosure!: FieldDisclosureType[];
}

export const IdentityInquiryConnection = connectionOf('IdentityInquiry', IdentityInquiryType);

@ObjectType('IdentityInquiryPayload')
export class IdentityInquiryPayloadType {
  /** Internal id; the field itself is read back through the policy. */
  inquiryId!: string;
}
