import { Field, ID, InputType, ObjectType } from 'type-graphql';

const maybe = { nullable: true };

@InputType('MergePeopleInput')
export class MergePeopleInput {
  @Field(() => ID, { description: 'The person that stays.' }) id!: string;
  @Field(() => ID, { description: 'The person that turned out to be the same; every ledger then speaks of the first.' }) mergedId!: string;
  @Field(() => String) reason!: string;
}

@InputType('SplitPeopleInput')
export class SplitPeopleInput {
  @Field(() => ID, { description: 'The person that stayed.' }) id!: string;
  @Field(() => String, { description: 'The number that the merge was given.' }) mergeNo!: string;
  @Field(() => String) reason!: string;
}

@InputType('ProtectPersonInput')
export class ProtectPersonInput {
  @Field(() => ID) id!: string;
  @Field(() => String, { nullable: true, description: 'Code of the station that holds the person; a station that asks is it itself.' }) holdingAgency?: string;
  @Field(() => String, { nullable: true, description: 'Code of the public security unit that is told.' }) namedUnit?: string;
  @Field(() => String, { description: 'Order or decision that it rests on.' }) basis!: string;
}

@InputType('EndProtectionInput')
export class EndProtectionInput {
  @Field(() => ID) id!: string;
  @Field(() => String) reason!: string;
}

@InputType('PersonFilter')
export class PersonFilterInput {
  @Field(() => String, maybe) name?: string;
  @Field(() => String, maybe) idNumber?: string;
}

@ObjectType('PersonPayload')
export class PersonPayloadType {
  personId!: string;
}

@ObjectType('MergePeoplePayload')
export class MergePeoplePayloadType extends PersonPayloadType {
  @Field(() => String, { description: 'Names this merge, for parting the two again.' }) mergeNo!: string;
}

@ObjectType('SplitPeoplePayload')
export class SplitPeoplePayloadType extends PersonPayloadType {
  otherId!: string;
}
