import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AgencyType, DivisionType } from '../agencies/agencies.type.js';
import { connectionOf, FieldDisclosureType, NodeType } from '../connections.js';
import { SettlementStateEnum, SettlementTrackEnum } from '../enums.js';
import { PersonType } from '../people/people.type.js';
import { DateScalar, DateTimeScalar } from '../scalars.js';

const maybe = { nullable: true };

@ObjectType('SettlementTransition', { description: 'One step: who took it, when, and on which document.' })
export class SettlementTransitionType {
  @Field(() => SettlementStateEnum, maybe) from?: string;
  @Field(() => SettlementStateEnum) to!: string;
  @Field(() => DateTimeScalar) at!: string;
  @Field(() => AgencyType, { nullable: true, description: 'Null: the clock.' }) agency?: AgencyType;
  @Field(() => String, maybe) documentNo?: string;
  @Field(() => DateScalar, maybe) documentDate?: string;
  @Field(() => String, maybe) note?: string;
}

@ObjectType('SettlementCase', { implements: NodeType, description: 'Settlement 落户安置 of a person whose identity stays unknown, or who has no home to return to.' })
export class SettlementCaseType extends NodeType {
  @Field(() => ID) override id!: string;
  @Field(() => Int, { nullable: true, description: 'Random; changes with every transition. Send it as `expectedVersion`.' }) version?: number;
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
  @Field(() => DateScalar, maybe) placedOn?: string;
  @Field(() => String, maybe) supportKind?: string;
  @Field(() => String, { nullable: true, description: 'What the station did to find out who the person is.' }) proofOfSearch?: string;
  @Field(() => String, maybe) plan?: string;
  @Field(() => String, { nullable: true, description: 'Who is guardian of a child until its family is found.' }) guardianship?: string;
  @Field(() => [SettlementTransitionType], maybe) transitions?: SettlementTransitionType[];
  @Field(() => Boolean, { nullable: true, description: 'Whether settlement has been reached; all that the origin station learns.' }) settled?: boolean;
  @Field(() => [FieldDisclosureType]) disclosure!: FieldDisclosureType[];
}

export const SettlementCaseConnection = connectionOf('SettlementCase', SettlementCaseType);

@ObjectType('SettlementCasePayload')
export class SettlementCasePayloadType {
  /** Internal id; the field itself is read back through the policy. */
  settlementId!: string;
}
