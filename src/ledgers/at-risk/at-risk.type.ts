import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AgencyType, DivisionType } from '../agencies/agencies.type.js';
import { connectionOf, FieldDisclosureType, NodeType } from '../connections.js';
import { AtRiskStateEnum, CareCodeEnum, RiskClassEnum } from '../enums.js';
import { PersonType } from '../people/people.type.js';
import { DateScalar } from '../scalars.js';

const maybe = { nullable: true };

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
  @Field(() => [FieldDisclosureType]) disclosure!: FieldDisclosureType[];
}

export const AtRiskEntryConnection = connectionOf('AtRiskEntry', AtRiskEntryType);
