import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AgencyType } from '../agencies/agencies.type.js';
import { connectionOf, FieldDisclosureType, NodeType } from '../connections.js';
import { DeadlineClassEnum, InboxKindEnum } from '../enums.js';
import { DateScalar, DateTimeScalar } from '../scalars.js';

const maybe = { nullable: true };

@ObjectType('InboxItem', { implements: NodeType, description: 'What waits for the asking agency 待办: which step, of which record, until when, and why so long; and what it was told in the last 30 days: a notice recalled, a value put right, a result on a missing report.' })
export class InboxItemType extends NodeType {
  @Field(() => ID) override id!: string;
  @Field(() => InboxKindEnum, maybe) kind?: string;
  @Field(() => String, { nullable: true, description: 'The step owed, as `policies/deadlines.yaml` names it: mostly the operation that fulfils it. Of what is told: the operation that told it.' }) step?: string;
  @Field(() => String, { nullable: true, description: 'The step in words.' }) title?: string;
  @Field(() => String, { nullable: true, description: 'Type of the record it is about.' }) record?: string;
  @Field(() => String, { nullable: true, description: 'Case, entry, inquiry, settlement, household or report number; state it as the matter to open the record. Null where the agency was told of a record whose number it was never given.' }) number?: string;
  @Field(() => String, { nullable: true, description: 'State of the record now; null of what is told.' }) state?: string;
  @Field(() => AgencyType, { nullable: true, description: 'Who owes the step; null of what is told.' }) owner?: AgencyType;
  @Field(() => DateTimeScalar, maybe) since?: string;
  @Field(() => DateScalar, { nullable: true, description: 'Last day on which the step is in time.' }) dueOn?: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant at which it is late.' }) dueAt?: string;
  @Field(() => Boolean, maybe) overdue?: boolean;
  @Field(() => Boolean, { nullable: true, description: 'Counted beyond the last published calendar of working days; counted again when the next one is in.' }) provisional?: boolean;
  @Field(() => DeadlineClassEnum, maybe) deadlineClass?: string;
  @Field(() => String, { nullable: true, description: 'Why the term is as long as it is: the shipped reason, or the recorded one of the division that set its own. Of a value that was put right: its field.' }) reason?: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When it came to this inbox.' }) raisedAt?: string;
  @Field(() => [FieldDisclosureType]) disclosure!: FieldDisclosureType[];
}

export const InboxItemConnection = connectionOf('InboxItem', InboxItemType);

@ObjectType('InboxCount', { description: 'How many items of one step wait for the asking agency.' })
export class InboxCountType {
  @Field(() => String, { description: 'As in `InboxItem`.' }) step!: string;
  @Field(() => String) title!: string;
  @Field(() => String, { description: 'Type of the records.' }) record!: string;
  @Field(() => Int, { description: 'Owed by the agency itself.' }) owed!: number;
  @Field(() => Int, { description: 'Owed by another that is late, and raised to the agency.' }) raised!: number;
  @Field(() => Int, { description: 'All that wait: owed and raised.' }) waiting!: number;
  @Field(() => Int, { description: 'Those of them that are late.' }) overdue!: number;
  @Field(() => Int, { description: 'Told to the agency in the last 30 days; nothing is owed.' }) told!: number;
  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant at which the next one is late; null where all are.' }) nextDueAt!: string | null;
}

@InputType('InboxItemFilter')
export class InboxItemFilterInput {
  @Field(() => InboxKindEnum, maybe) kind?: string;
  @Field(() => [String], maybe) step?: string[];
  @Field(() => String, maybe) record?: string;
  @Field(() => Boolean, maybe) overdue?: boolean;
  @Field(() => DateScalar, { nullable: true, description: 'Due on this day or before.' }) dueBy?: string;
}
