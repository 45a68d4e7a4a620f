import { Field, InputType } from 'type-graphql';
import { DateScalar } from './scalars.js';

const maybe = { nullable: true };

/** What every step may name, beside what it needs; extended by the inputs of the ledgers. */
@InputType()
export abstract class DocumentedInput {
  @Field(() => String, { ...maybe, description: 'Number of the document that the step rests on, at most 100 characters; kept with its transition, where it makes one.' }) documentNo?: string;
  @Field(() => DateScalar, { ...maybe, description: 'Day of that document, not after today.' }) documentDate?: string;
}
