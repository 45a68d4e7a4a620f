import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AgencyType, DivisionType } from '../agencies/agencies.type.js';
import { connectionOf, FieldDisclosureType, NodeType } from '../connections.js';
import { FlagStateEnum, HouseholdHelpMeasureEnum, HouseholdKindEnum } from '../enums.js';
import { PersonType } from '../people/people.type.js';
import { DateScalar, DateTimeScalar } from '../scalars.js';
import type { HelpMeasure } from './households.shape.js';

const maybe = { nullable: true };

@ObjectType('HouseholdMember')
export class HouseholdMemberType {
  @Field(() => String, maybe) name?: string;
  @Field(() => String, maybe) idNumber?: string;
  @Field(() => String, maybe) relation?: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Belongs to the household since; null: before this was written down.' }) since?: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Left it then; null: belongs to it.' }) until?: string;
  @Field(() => PersonType, { nullable: true, description: 'To county civil affairs only.' }) matchedPerson?: PersonType;
}

@ObjectType('HouseholdFlag', { description: 'To the poverty-relief office: only CONFIRMED, from the release day on; proposed, cleared and never-hit look alike, in disclosure and filters too. Never who, when, where or why.' })
export class HouseholdFlagType {
  @Field(() => FlagStateEnum, maybe) state?: string;
  @Field(() => AgencyType, maybe) contactAgency?: AgencyType;
}

@ObjectType('HouseholdPeriod', { description: 'What a household was, from when until when, as the office registered it. Who belonged to it stands with each member.' })
export class HouseholdPeriodType {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Null: before this was written down.' }) since?: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Null: it still is.' }) until?: string;
  @Field(() => HouseholdKindEnum) kind!: string;
  @Field() headName!: string;
  @Field(() => DivisionType) division!: DivisionType;
  @Field(() => AgencyType) agency!: AgencyType;
}

@ObjectType('HouseholdHelp', { description: 'Help that a flagged household was given, by the office or by county civil affairs.' })
export class HouseholdHelpType {
  @Field(() => [HouseholdHelpMeasureEnum]) measures!: HelpMeasure[];
  @Field(() => DateScalar) helpedOn!: string;
  @Field(() => String, { nullable: true, description: 'Read by the office and by county civil affairs alike.' }) text?: string;
  @Field(() => AgencyType) agency!: AgencyType;
}

@ObjectType('RegisteredHousehold', { implements: NodeType, description: 'A registered poor household 建档立卡户.' })
export class RegisteredHouseholdType extends NodeType {
  @Field(() => ID) override id!: string;
  @Field(() => String, maybe) householdNo?: string;
  @Field(() => String, maybe) headName?: string;
  @Field(() => DivisionType, maybe) division?: DivisionType;
  @Field(() => HouseholdKindEnum, maybe) kind?: string;
  @Field(() => [HouseholdMemberType], maybe) members?: HouseholdMemberType[];
  @Field(() => [HouseholdMemberType], { nullable: true, description: 'Who has left, each spell of its own. Nobody of these is matched.' }) formerMembers?: HouseholdMemberType[];
  @Field(() => [HouseholdPeriodType], { nullable: true, description: 'Kind, head and division over time, oldest first.' }) history?: HouseholdPeriodType[];
  @Field(() => HouseholdFlagType, maybe) flag?: HouseholdFlagType;
  @Field(() => [HouseholdHelpType], { nullable: true, description: 'To the office: as long as it sees the flag.' }) help?: HouseholdHelpType[];
  @Field(() => [FieldDisclosureType]) disclosure!: FieldDisclosureType[];
}

export const RegisteredHouseholdConnection = connectionOf('RegisteredHousehold', RegisteredHouseholdType);

@InputType('RegisteredHouseholdFilter')
export class RegisteredHouseholdFilterInput {
  @Field(() => Boolean, maybe) flagged?: boolean;
  @Field(() => String, maybe) householdNo?: string;
  @Field(() => String, maybe) within?: string;
  @Field(() => DateScalar, { nullable: true, description: 'No help has been recorded for this day or any later one; with `flagged: true`, whom help has not reached since.' }) notHelpedSince?: string;
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

@InputType('RecordHouseholdHelpInput')
export class RecordHouseholdHelpInput {
  @Field(() => ID) householdId!: string;
  @Field(() => [HouseholdHelpMeasureEnum]) measures!: HelpMeasure[];
  @Field(() => DateScalar) helpedOn!: string;
  @Field(() => String, { nullable: true, description: 'What was done. Read by the office and by county civil affairs alike: never who, when, where or why of the wandering.' }) text?: string;
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
