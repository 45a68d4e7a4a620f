import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AgencyType, DivisionType } from '../agencies/agencies.type.js';
import { connectionOf, FieldDisclosureType, NodeType } from '../connections.js';
import { SettlementStateEnum, SettlementTrackEnum } from '../enums.js';
import { PersonType } from '../people/people.type.js';
import { DateScalar } from '../scalars.js';

const maybe = { nullable: true };

@ObjectType('SettlementCase', { implements: NodeType, description: 'Settlement 落户安置 of a person whose identity stays unknown, or who has no home to return to.' })
export class SettlementCaseType extends NodeType {
  @Field(() => ID) override id!: string;
  @Field(() => Int, maybe) version?: number;
  @Field(() => String, maybe) settlementNo?: string;
  @Field(() => SettlementTrackEnum, maybe) track?: string;
  @Field(() => SettlementStateEnum, maybe) state?: string;
  @Field(() => PersonType, maybe) person?: PersonType;
  @Field(() => AgencyType, maybe) station?: AgencyType;
  @Field(() => AgencyType, maybe) civilAffairs?: AgencyType;
  @Field(() => DateScalar, maybe) enteredOn?: string;
  @Field(() => DateScalar, maybe) appliedOn?: string;
  @Field(() => DateScalar, maybe) decidedOn?: string;
  @Field(() => DivisionType, maybe) hukouDivision?: DivisionType;
  @Field(() => DateScalar, maybe) hukouRegisteredOn?: string;
  @Field(() => String, maybe) institution?: string;
  @Field(() => String, maybe) supportKind?: string;
  @Field(() => Boolean, { nullable: true, description: 'Whether settlement has been reached; all that the origin station learns.' }) settled?: boolean;
  @Field(() => [FieldDisclosureType]) disclosure!: FieldDisclosureType[];
}

export const SettlementCaseConnection = connectionOf('SettlementCase', SettlementCaseType);
