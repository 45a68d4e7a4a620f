import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AgencyType, DivisionType } from '../agencies/agencies.type.js';
import { connectionOf, FieldDisclosureType, NodeType } from '../connections.js';
import { AtRiskEndReasonEnum, AtRiskStateEnum, CareCodeEnum, RiskClassEnum, VisitMannerEnum, VisitRegimeEnum, VisitResultEnum } from '../enums.js';
import { PersonType } from '../people/people.type.js';
import { DateScalar, DateTimeScalar } from '../scalars.js';

const maybe = { nullable: true };

@ObjectType('FollowUpVisit', { description: 'A visit of a township to somebody on its roster, or a revisit by the station that returned the person.' })
export class FollowUpVisitType {
  @Field(() => VisitRegimeEnum, maybe) regime?: string;
  @Field(() => DateScalar, maybe) visitedOn?: string;
  @Field(() => VisitMannerEnum, maybe) manner?: string;
  @Field(() => VisitResultEnum, maybe) result?: string;
  @Field(() => String, maybe) note?: string;
  @Field(() => AgencyType, maybe) agency?: AgencyType;
}

@ObjectType('AtRiskTransition', { description: 'One step: who took it, when, why, and on which document.' })
export class AtRiskTransitionType {
  @Field(() => AtRiskStateEnum, maybe) from?: string;
  @Field(() => AtRiskStateEnum) to!: string;
  @Field(() => DateTimeScalar) at!: string;
  @Field(() => AgencyType, maybe) agency?: AgencyType;
  @Field(() => String, maybe) reason?: string;
  @Field(() => String, maybe) documentNo?: string;
  @Field(() => DateScalar, maybe) documentDate?: string;
}

@ObjectType('AtRiskEntry', { implements: NodeType, description: 'A line of the at-risk-of-wandering registry 易流浪走失人员信息库.' })
export class AtRiskEntryType extends NodeType {
  @Field(() => ID) override id!: string;
  @Field(() => Int, maybe) version?: number;
  @Field(() => String, maybe) entryNo?: string;
  @Field(() => AtRiskStateEnum, maybe) state?: string;
  @Field(() => PersonType, maybe) person?: PersonType;
  @Field(() => DivisionType, maybe) division?: DivisionType;
  @Field(() => AgencyType, maybe) enrolledBy?: AgencyType;
  @Field(() => AgencyType, maybe) township?: AgencyType;
  @Field(() => DateScalar, maybe) enrolledOn?: string;
  @Field(() => DateScalar, { nullable: true, description: 'First day of the year of visits.' }) termFrom?: string;
  @Field(() => [RiskClassEnum], maybe) riskClasses?: string[];
  @Field(() => [CareCodeEnum], maybe) careCodes?: string[];
  @Field(() => Boolean, maybe) needsVisits?: boolean;
  @Field(() => Boolean, maybe) repeatedWandering?: boolean;
  @Field(() => String, maybe) diagnosis?: string;
  @Field(() => String, maybe) disabilityCardNo?: string;
  @Field(() => String, { nullable: true, description: 'As a survey wrote it; it opens no shared person.' }) surveyedIdNumber?: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When the roster went to the township that visits now.' }) rosterSentAt?: string;
  @Field(() => DateScalar, { nullable: true, description: 'Last day of the township visit that is owed.' }) nextVisitBy?: string;
  @Field(() => DateScalar, { nullable: true, description: "Last day of the returning station's own revisit that is owed." }) revisitBy?: string;
  @Field(() => DivisionType, { nullable: true, description: 'County that it is being handed to.' }) transferTo?: DivisionType;
  @Field(() => DateScalar, maybe) endedOn?: string;
  @Field(() => AtRiskEndReasonEnum, maybe) endReason?: string;
  @Field(() => [FollowUpVisitType], { nullable: true, description: 'Of both regimes, the oldest first.' }) visits?: FollowUpVisitType[];
  @Field(() => [FollowUpVisitType], { nullable: true, description: 'Those of the township whose roster it is on.' }) rosterVisits?: FollowUpVisitType[];
  @Field(() => [AtRiskTransitionType], maybe) transitions?: AtRiskTransitionType[];
  @Field(() => [FieldDisclosureType]) disclosure!: FieldDisclosureType[];
}

export const AtRiskEntryConnection = connectionOf('AtRiskEntry', AtRiskEntryType);

@ObjectType('AtRiskEntryPayload')
export class AtRiskEntryPayloadType {
  /** Internal id; the field itself is read back through the policy. */
  entryId!: string;
}

@ObjectType('EntrantPayload')
export class EntrantPayloadType {
  /** Internal ids of the agencies to contact. */
  contacts!: readonly string[];
}
