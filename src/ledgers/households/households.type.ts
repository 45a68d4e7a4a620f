import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AgencyType, DivisionType } from '../agencies/agencies.type.js';
import { connectionOf, FieldDisclosureType, NodeType } from '../connections.js';
import { FlagStateEnum, HouseholdKindEnum } from '../enums.js';
import { PersonType } from '../people/people.type.js';

const maybe = { nullable: true };

@ObjectType('HouseholdMember')
export class HouseholdMemberType {
  @Field(() => String, maybe) name?: string;
  @Field(() => String, maybe) idNumber?: string;
  @Field(() => String, maybe) relation?: string;
  @Field(() => PersonType, { nullable: true, description: 'To county civil affairs only.' }) matchedPerson?: PersonType;
}

@ObjectType('HouseholdFlag', { description: 'To the poverty-relief office: only CONFIRMED, from the release day on; proposed, cleared and never-hit look alike, in disclosure and filters too. Never who, when, where or why.' })
export class HouseholdFlagType {
  @Field(() => FlagStateEnum, maybe) state?: string;
  @Field(() => AgencyType, maybe) contactAgency?: AgencyType;
}

@ObjectType('RegisteredHousehold', { implements: NodeType, description: 'A registered poor household 建档立卡户.' })
export class RegisteredHouseholdType extends NodeType {
  @Field(() => ID) override id!: string;
  @Field(() => String, maybe) householdNo?: string;
  @Field(() => String, maybe) headName?: string;
  @Field(() => DivisionType, maybe) division?: DivisionType;
  @Field(() => HouseholdKindEnum, maybe) kind?: string;
  @Field(() => [HouseholdMemberType], maybe) members?: HouseholdMemberType[];
  @Field(() => HouseholdFlagType, maybe) flag?: HouseholdFlagType;
  @Field(() => [FieldDisclosureType]) disclosure!: FieldDisclosureType[];
}

export const RegisteredHouseholdConnection = connectionOf('RegisteredHousehold', RegisteredHouseholdType);

@InputType('RegisteredHouseholdFilter')
export class RegisteredHouseholdFilterInput {
  @Field(() => Boolean, maybe) flagged?: boolean;
  @Field(() => String, maybe) householdNo?: string;
  @Field(() => String, maybe) within?: string;
}

@InputType('HouseholdMemberInput')
export class HouseholdMemberInput {
  @Field() name!: string;
  @Field() idNumber!: string;
  @Field(() => String, maybe) relation?: string;
}

@InputType('HouseholdInput')
export class HouseholdInput {
  @Field() householdNo!: string;
  @Field() headName!: string;
  @Field() division!: string;
  @Field(() => HouseholdKindEnum) kind!: string;
  @Field(() => [HouseholdMemberInput]) members!: HouseholdMemberInput[];
}

@InputType('RegisterHouseholdsInput')
export class RegisterHouseholdsInput {
  @Field(() => [HouseholdInput], { description: 'At most 1,000 a call.' }) households!: HouseholdInput[];
}

@InputType('FlagHouseholdsInput')
export class FlagHouseholdsInput {
  @Field(() => [String], maybe) householdNos?: string[];
}

@InputType('HouseholdFlagInput')
export class HouseholdFlagInput {
  @Field(() => ID) householdId!: string;
  @Field(() => String, maybe) reason?: string;
}

@ObjectType('InputRowError', { description: 'Why one of the rows sent was not taken; the others were.' })
export class InputRowErrorType {
  @Field(() => Int, { description: 'Position in the list that was sent, from 0.' }) row!: number;
  @Field() field!: string;
  @Field() code!: string;
  @Field() message!: string;
}

@ObjectType('RegisterHouseholdsPayload')
export class RegisterHouseholdsPayloadType {
  @Field(() => Int) registered!: number;
  @Field(() => Int) updated!: number;
  @Field(() => [InputRowErrorType]) refused!: InputRowErrorType[];
}

@ObjectType('FlagHouseholdsPayload')
export class FlagHouseholdsPayloadType {
  @Field(() => Int) accepted!: number;
}

@ObjectType('HouseholdPayload')
export class HouseholdPayloadType {
  /** Internal id; the field itself is read back through the policy. */
  householdId!: string;
}
