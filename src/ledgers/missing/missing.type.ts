import { Field, ID, Int, ObjectType } from 'type-graphql';
import { AgencyType, DivisionType } from '../agencies/agencies.type.js';
import { connectionOf, FieldDisclosureType, NodeType } from '../connections.js';
import { MissingStateEnum, SexEnum } from '../enums.js';
import { DateScalar, DateTimeScalar } from '../scalars.js';

const maybe = { nullable: true };

@ObjectType('MissingResult', { description: 'A station holds the person, says two of its staff. Neither where nor under which number: whom to speak to.' })
export class MissingResultType {
  @Field(() => AgencyType, { description: 'Civil affairs over the station.' }) contact!: AgencyType;
  @Field(() => DateScalar) toldOn!: string;
}

@ObjectType('MissingReport', { implements: NodeType, description: 'Somebody whom relatives have reported missing 走失报案. Stations compare it with whom they hold; what that shows comes back as `results`.' })
export class MissingReportType extends NodeType {
  @Field(() => ID) override id!: string;
  @Field(() => Int, { nullable: true, description: 'Random; changes with every act of the reporting agency. Send it as `expectedVersion`.' }) version?: number;
  @Field(() => String, { nullable: true, description: 'Send it as `Guitu-Matter`: without it there are number and state alone.' }) reportNo?: string;
  @Field(() => MissingStateEnum, maybe) state?: string;
  @Field(() => AgencyType, maybe) reporter?: AgencyType;
  @Field(() => DateTimeScalar, maybe) reportedAt?: string;
  @Field(() => DateTimeScalar, maybe) closedAt?: string;
  @Field(() => String, { nullable: true, description: 'Why it was closed.' }) note?: string;
  @Field(() => String, maybe) name?: string;
  @Field(() => String, maybe) idNumber?: string;
  @Field(() => SexEnum, maybe) sex?: string;
  @Field(() => DateScalar, maybe) birthDate?: string;
  @Field(() => Int, { nullable: true, description: 'When the report was made or amended.' }) estimatedAge?: number;
  @Field(() => DivisionType, maybe) homeDivision?: DivisionType;
  @Field(() => DateScalar, maybe) missingSince?: string;
  @Field(() => DivisionType, maybe) lastSeenDivision?: DivisionType;
  @Field(() => String, maybe) looks?: string;
  @Field(() => String, maybe) kinName?: string;
  @Field(() => String, maybe) kinRelation?: string;
  @Field(() => String, maybe) kinPhone?: string;
  @Field(() => [MissingResultType], maybe) results?: MissingResultType[];
  @Field(() => [FieldDisclosureType]) disclosure!: FieldDisclosureType[];
}

export const MissingReportConnection = connectionOf('MissingReport', MissingReportType);

@ObjectType('MissingReportPayload')
export class MissingReportPayloadType {
  /** Internal id; the field itself is read back through the policy. */
  reportId!: string;
}
