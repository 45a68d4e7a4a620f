import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AgencyType, DivisionType } from '../agencies/agencies.type.js';
import { connectionOf, FieldDisclosureType, NodeType } from '../connections.js';
import { AidHelpEnum, AidMeasureEnum, CustodyPlaceEnum, DifficultyEnum, HandlingCodeEnum, ReturnModeEnum, ReturnOutcomeEnum, ReturnStateEnum, SexEnum, VisitMannerEnum, VisitResultEnum } from '../enums.js';
import { PersonType } from '../people/people.type.js';
import { DateScalar, DateTimeScalar } from '../scalars.js';

const maybe = { nullable: true };

@ObjectType('ReturnSubject', { description: 'What the sender wrote about the person; belongs to the case, not to the person.' })
export class ReturnSubjectType {
  @Field(() => String, maybe) name?: string;
  @Field(() => String, maybe) idNumber?: string;
  @Field(() => SexEnum, maybe) sex?: string;
  @Field(() => DateScalar, maybe) birthDate?: string;
  @Field(() => Int, maybe) estimatedAge?: number;
  @Field(() => DivisionType, maybe) hukouDivision?: DivisionType;
  @Field(() => DivisionType, maybe) homeDivision?: DivisionType;
  @Field(() => String, maybe) address?: string;
  @Field(() => String, maybe) kinName?: string;
  @Field(() => String, maybe) kinPhone?: string;
  @Field(() => String, maybe) features?: string;
}

@ObjectType('HomeCheck')
export class HomeCheckType {
  @Field(() => DateScalar, maybe) checkedOn?: string;
  @Field(() => String, maybe) entrustedCommittee?: string;
  @Field(() => [DifficultyEnum], maybe) difficulties?: string[];
  @Field(() => String, maybe) text?: string;
}

@ObjectType('AidReferral', { description: 'One referral for aid. An addressee sees its own; the origin side and its county all.' })
export class AidReferralType {
  @Field(() => String, maybe) referralNo?: string;
  @Field(() => Int, { nullable: true, description: 'Random. Send it as `expectedVersion` of the answer.' }) version?: number;
  @Field(() => AgencyType, maybe) addressee?: AgencyType;
  @Field(() => [AidHelpEnum], maybe) helpAsked?: string[];
  @Field(() => String, maybe) details?: string;
  @Field(() => DateTimeScalar, maybe) referredAt?: string;
  @Field(() => DateScalar, maybe) answerBy?: string;
  @Field(() => DateTimeScalar, maybe) answeredAt?: string;
  @Field(() => [AidMeasureEnum], maybe) measures?: string[];
  @Field(() => String, maybe) answer?: string;
}

@ObjectType('ReturneeRevisit', { description: 'A revisit by the station that received the person; in the registry or not.' })
export class ReturneeRevisitType {
  @Field(() => DateScalar, maybe) visitedOn?: string;
  @Field(() => VisitMannerEnum, maybe) manner?: string;
  @Field(() => VisitResultEnum, maybe) result?: string;
  @Field(() => String, maybe) note?: string;
}

@ObjectType('ReturnTransition', { description: 'One step: who took it, when, why, and on which document.' })
export class ReturnTransitionType {
  @Field(() => ReturnStateEnum, maybe) from?: string;
  @Field(() => ReturnStateEnum) to!: string;
  @Field(() => DateTimeScalar) at!: string;
  @Field(() => AgencyType, maybe) agency?: AgencyType;
  @Field(() => String, maybe) reason?: string;
  @Field(() => String, { nullable: true, description: 'Number of the document; of a sending, the notice unless another was named; of a reception, the handover form 接收交接单.' }) documentNo?: string;
  @Field(() => DateScalar, maybe) documentDate?: string;
}

@ObjectType('ReturnCase', { implements: NodeType, description: 'One return, from the notice of the destination station to the home check of the origin side.' })
export class ReturnCaseType extends NodeType {
  @Field(() => ID) override id!: string;
  @Field(() => Int, { nullable: true, description: 'Random; changes with every transition. Send it as `expectedVersion`.' }) version?: number;
  @Field(() => String, maybe) caseNo?: string;
  @Field(() => ReturnStateEnum, maybe) state?: string;
  @Field(() => ReturnSubjectType, maybe) subject?: ReturnSubjectType;
  @Field(() => PersonType, maybe) person?: PersonType;
  @Field(() => AgencyType, maybe) destinationAgency?: AgencyType;
  @Field(() => AgencyType, maybe) originAgency?: AgencyType;
  @Field(() => String, { nullable: true, description: 'A station that is not on the hub, as an imported sheet names it.' }) destinationName?: string;
  @Field(() => String, maybe) noticeNo?: string;
  @Field(() => DateScalar, maybe) noticeDate?: string;
  @Field(() => DateScalar, maybe) entryDate?: string;
  @Field(() => DateScalar, maybe) leaveDate?: string;
  @Field(() => ReturnModeEnum, maybe) returnMode?: string;
  @Field(() => AgencyType, maybe) escortAgency?: AgencyType;
  @Field(() => String, maybe) helpReason?: string;
  @Field(() => String, maybe) condition?: string;
  @Field(() => CustodyPlaceEnum, { nullable: true, description: 'Where the destination side keeps the person until it leaves.' }) custodyPlace?: string;
  @Field(() => String, { nullable: true, description: 'SHA-256 of the written notice, 64 hexadecimal digits; the two parties compare it with the file.' }) noticeFileDigest?: string;
  @Field(() => Int, { nullable: true, description: 'Confirmed returns of this person that had left a station before this one did, anywhere, as they stood when this one was confirmed.' }) earlierReturns?: number;
  @Field(() => DateTimeScalar, maybe) sentAt?: string;
  @Field(() => DateScalar, maybe) acknowledgeBy?: string;
  @Field(() => DateTimeScalar, maybe) acknowledgedAt?: string;
  @Field(() => DateScalar, maybe) receiveBy?: string;
  @Field(() => DateTimeScalar, maybe) receivedAt?: string;
  @Field(() => Boolean, { nullable: true, description: 'A deadline lies beyond the last published year of working days and may still move.' }) deadlinesProvisional?: boolean;
  @Field(() => [HandlingCodeEnum], { nullable: true, description: 'What whoever travels with the person must know.' }) handlingCodes?: string[];
  @Field(() => AgencyType, { nullable: true, description: 'Who coordinates a refusal now.' }) coordinator?: AgencyType;
  @Field(() => DivisionType, { nullable: true, description: 'Of a person without a home: where its hukou is.' }) hukouPlace?: DivisionType;
  @Field(() => AgencyType, { nullable: true, description: 'The station or civil affairs department of the hukou place, which has to receive.' }) hukouAgency?: AgencyType;
  @Field(() => ReturnOutcomeEnum, maybe) outcome?: string;
  @Field(() => HomeCheckType, maybe) homeCheck?: HomeCheckType;
  @Field(() => [AidReferralType], maybe) referrals?: AidReferralType[];
  @Field(() => [ReturneeRevisitType], { nullable: true, description: "The origin station's own, the oldest first; those that it kept in the registry stand there." }) revisits?: ReturneeRevisitType[];
  @Field(() => DateScalar, { nullable: true, description: "Last day of the origin station's revisit that is owed; a revisit kept in the registry meets it as well." }) revisitBy?: string;
  @Field(() => [ReturnTransitionType], maybe) transitions?: ReturnTransitionType[];
  @Field(() => [FieldDisclosureType]) disclosure!: FieldDisclosureType[];
}

export const ReturnCaseConnection = connectionOf('ReturnCase', ReturnCaseType);

@ObjectType('ReturneeCheck', { description: 'An answer about one ID number that the asker already holds, in the order asked.' })
export class ReturneeCheckType {
  @Field() idNumber!: string;
  @Field({ description: "A case of this person whose origin lies in the asker's division was acknowledged, is not disputed, refused, recalled or in coordination, and is open or closed less than 12 months ago. Never true of a protected person, nor of a minor without MINORS_OFFICER." }) current!: boolean;
  @Field(() => DivisionType, { nullable: true, description: 'The county, and the origin side\'s agency to ask. No date, no place the person wandered to.' }) division?: DivisionType;
  @Field(() => AgencyType, maybe) contactAgency?: AgencyType;
}

@ObjectType('ReturnCasePayload')
export class ReturnCasePayloadType {
  /** Internal id; the field itself is read back through the policy. */
  caseId!: string;
}
