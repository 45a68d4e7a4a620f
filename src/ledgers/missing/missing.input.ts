import { Field, ID, InputType, Int } from 'type-graphql';
import { MissingOutcomeEnum, SexEnum } from '../enums.js';
import { DateScalar } from '../scalars.js';
import type { MissingOutcome } from './missing.transitions.js';

const maybe = { nullable: true };

@InputType('MissingDetailsInput')
export class MissingDetailsInput {
  @Field() name!: string;
  @Field(() => String, maybe) idNumber?: string;
  @Field(() => SexEnum, maybe) sex?: string;
  @Field(() => DateScalar, maybe) birthDate?: string;
  @Field(() => Int, { nullable: true, description: 'Today, where no birth date is known.' }) estimatedAge?: number;
  @Field(() => String, maybe) homeDivision?: string;
  @Field(() => DateScalar) missingSince!: string;
  @Field(() => String, maybe) lastSeenDivision?: string;
  @Field(() => String, maybe) looks?: string;
  @Field(() => String, { nullable: true, description: 'Who reported; like relation and telephone, never given to a station.' }) kinName?: string;
  @Field(() => String, { nullable: true, description: 'What the relative is to the missing person.' }) kinRelation?: string;
  @Field(() => String, maybe) kinPhone?: string;
}

@InputType('ReportMissingInput')
export class ReportMissingInput {
  @Field(() => MissingDetailsInput) details!: MissingDetailsInput;
}

@InputType('AmendMissingReportInput')
export class AmendMissingReportInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => MissingDetailsInput, { description: 'All of them: they take the place of what was reported before.' }) details!: MissingDetailsInput;
}

@InputType('CloseMissingReportInput')
export class CloseMissingReportInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => MissingOutcomeEnum) outcome!: MissingOutcome;
  @Field(() => String, maybe) note?: string;
}
