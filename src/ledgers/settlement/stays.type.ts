import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AgencyType } from '../agencies/agencies.type.js';
import { connectionOf, FieldDisclosureType, NodeType } from '../connections.js';
import { CustodyPlaceEnum, SexEnum, StayStateEnum, WayOfLeavingEnum } from '../enums.js';
import { DateScalar } from '../scalars.js';
import type { CUSTODY_PLACES, WAYS_OF_LEAVING } from './stays.shape.js';

const maybe = { nullable: true };
const SAMPLE_NO = 'Number of the sample; a profile is never held here.';
const IDENTITY_UNKNOWN = 'As the person calls itself, or is called.';

@ObjectType('StayMove')
export class StayMoveType {
  @Field(() => CustodyPlaceEnum) place!: string;
  @Field(() => DateScalar) since!: string;
}

@ObjectType('Stay', { implements: NodeType, description: 'A person of unknown identity at a station, from entering to leaving; days in hospital or entrusted care count.' })
export class StayType extends NodeType {
  @Field(() => ID) override id!: string;
  @Field(() => Int, { nullable: true, description: 'Random; changes with every step. Send it as `expectedVersion`.' }) version?: number;
  @Field(() => String, maybe) stayNo?: string;
  @Field(() => StayStateEnum, { nullable: true, description: 'Where the person is cared for, or LEFT.' }) state?: string;
  @Field(() => AgencyType, maybe) station?: AgencyType;
  @Field(() => DateScalar, maybe) enteredOn?: string;
  @Field(() => DateScalar, maybe) leftOn?: string;
  @Field(() => WayOfLeavingEnum, maybe) leftHow?: string;
  @Field(() => [StayMoveType], maybe) moves?: StayMoveType[];
  @Field(() => DateScalar, maybe) tracingPublishedOn?: string;
  @Field(() => DateScalar, maybe) tracingUpdatedOn?: string;
  @Field(() => DateScalar, maybe) dnaRequestedOn?: string;
  @Field(() => DateScalar, maybe) dnaSampledOn?: string;
  @Field(() => String, { nullable: true, description: SAMPLE_NO }) dnaSampleNo?: string;
  @Field(() => String, { nullable: true, description: IDENTITY_UNKNOWN }) calledName?: string;
  @Field(() => String, maybe) features?: string;
  @Field(() => [FieldDisclosureType]) disclosure!: FieldDisclosureType[];
}

export const StayConnection = connectionOf('Stay', StayType);

@ObjectType('StayPayload')
export class StayPayloadType {
  /** Internal id; the field itself is read back through the policy. */
  stayId!: string;
}

@InputType('OpenStayInput')
export class OpenStayInput {
  @Field(() => DateScalar) enteredOn!: string;
  @Field(() => CustodyPlaceEnum, { defaultValue: 'IN_STATION' }) place!: (typeof CUSTODY_PLACES)[number];
  @Field(() => ID, { nullable: true, description: 'A stay of the same person at this station that has ended: whoever comes back is the same person, and its clocks start anew.' }) earlierStay?: string;
  @Field(() => String, { nullable: true, description: IDENTITY_UNKNOWN }) calledName?: string;
  @Field(() => SexEnum, maybe) sex?: string;
  @Field(() => Int, { nullable: true, description: 'Without an age the person counts as a child.' }) estimatedAge?: number;
  @Field(() => String, maybe) features?: string;
}

@InputType('MoveStayInput')
export class MoveStayInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => CustodyPlaceEnum) place!: (typeof CUSTODY_PLACES)[number];
  @Field(() => DateScalar) since!: string;
}

@InputType('EndStayInput')
export class EndStayInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => DateScalar) leftOn!: string;
  @Field(() => WayOfLeavingEnum) how!: (typeof WAYS_OF_LEAVING)[number];
}

@InputType('UpdateTracingInput')
export class UpdateTracingInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => DateScalar, { description: 'When the tracing information was published, or published anew.' }) publishedOn!: string;
}

@InputType('RecordDnaRequestInput')
export class RecordDnaRequestInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => DateScalar) requestedOn!: string;
}

@InputType('RecordDnaSampleInput')
export class RecordDnaSampleInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => DateScalar) sampledOn!: string;
  @Field({ description: SAMPLE_NO }) sampleNo!: string;
}
