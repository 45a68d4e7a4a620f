import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AgencyType } from '../agencies/agencies.type.js';
import { connectionOf, FieldDisclosureType, NodeType } from '../connections.js';
import { CorrectionStateEnum } from '../enums.js';
import { DateScalar, DateTimeScalar } from '../scalars.js';
import type { CorrectionState } from './corrections.transitions.js';

const maybe = { nullable: true };

@ObjectType('Correction', { implements: NodeType, description: 'A field reported wrong, and what its provider answers (政务数据共享条例 art. 26). The asking agency and the provider see it, and nobody else.' })
export class CorrectionType extends NodeType {
  @Field(() => ID) override id!: string;
  @Field(() => Int, { nullable: true, description: 'Random; changes with the answer. Send it as `expectedVersion`.' }) version?: number;
  @Field(() => String, maybe) correctionNo?: string;
  @Field(() => CorrectionStateEnum, maybe) state?: string;
  @Field(() => String, { nullable: true, description: 'Type of the record.' }) record?: string;
  @Field(() => String, { nullable: true, description: 'Number of the record, as the asking agency holds it.' }) number?: string;
  @Field(() => String, { nullable: true, description: 'Number of the record in which the provider wrote it.' }) sourceNumber?: string;
  @Field(() => String, { nullable: true, description: 'The field, dotted: `subject.kinPhone`, `transitions.2.reason`.' }) field?: string;
  @Field(() => String, { nullable: true, description: 'What is said to be wrong.' }) claim?: string;
  @Field(() => String, { nullable: true, description: 'What is said to be right.' }) proposed?: string;
  @Field(() => AgencyType, maybe) askedBy?: AgencyType;
  @Field(() => AgencyType, { nullable: true, description: 'Who wrote the field, and answers.' }) provider?: AgencyType;
  @Field(() => DateTimeScalar, maybe) askedAt?: string;
  @Field(() => DateScalar, { nullable: true, description: 'Within 10 working days.' }) answerBy?: string;
  @Field(() => DateTimeScalar, maybe) answeredAt?: string;
  @Field(() => String, maybe) answer?: string;
  @Field(() => [FieldDisclosureType]) disclosure!: FieldDisclosureType[];
}

export const CorrectionConnection = connectionOf('Correction', CorrectionType);

@ObjectType('CorrectionPayload')
export class CorrectionPayloadType {
  /** Internal id; the field itself is read back through the policy. */
  correctionId!: string;
}

@InputType('CorrectionFilter')
export class CorrectionFilterInput {
  @Field(() => [CorrectionStateEnum], maybe) state?: CorrectionState[];
  @Field(() => String, maybe) record?: string;
}

@InputType('RequestCorrectionInput')
export class RequestCorrectionInput {
  @Field(() => ID, { description: 'Of the record that holds the field.' }) id!: string;
  @Field({ description: 'The field, dotted: `homeCheck`, `subject.kinPhone`; of a line that one agency among several wrote, with its place in the list as it is shown, counted from 1: `transitions.2.reason`, `help.1`. The asker must hold it in full.' }) field!: string;
  @Field({ description: 'What is wrong, and how it is known.' }) claim!: string;
  @Field(() => String, { nullable: true, description: 'What is right, where it is known.' }) proposed?: string;
}

@InputType('AnswerCorrectionInput')
export class AnswerCorrectionInput {
  @Field(() => ID) id!: string;
  @Field(() => Int) expectedVersion!: number;
  @Field(() => CorrectionStateEnum, { description: 'CORRECTED: it has been put right, and all who were given it are told. REFUSED: it stands, for the reason that the answer gives.' }) outcome!: CorrectionState;
  @Field({ description: 'What was put right, or why not.' }) answer!: string;
}
