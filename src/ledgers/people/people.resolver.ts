import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { connectionOf, PageArgs } from '../connections.js';
import { writeRequest, type Desk } from '../workbench.js';
import { endProtection, mergePeople, protectPerson, splitPeople } from './people.commands.js';
import { peopleRules } from './people.filters.js';
import { EndProtectionInput, MergePeopleInput, MergePeoplePayloadType, PersonFilterInput, PersonPayloadType, ProtectPersonInput, SplitPeopleInput, SplitPeoplePayloadType } from './people.input.js';
import { PersonType } from './people.type.js';

const PersonConnection = connectionOf('Person', PersonType);

@ArgsType()
class PeopleArgs extends PageArgs {
  @Field(() => PersonFilterInput, { nullable: true }) filter?: PersonFilterInput;
}

@Resolver()
export class PeopleQueries {
  @Query(() => PersonConnection, { description: 'Persons, as far as a ledger opens them to the asker for its purpose.' })
  people(@Args(() => PeopleArgs) args: PeopleArgs, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.list('Person', peopleRules(desk.services), { ...args, filter: args.filter && { ...args.filter } }, info);
  }
}

@Resolver(() => PersonPayloadType)
export class PersonMutations {
  @Mutation(() => PersonPayloadType, { description: 'Protects a person 受保护人员 from now on: only the holding station, its civil affairs and the named unit know of it. Once more changes who holds it.' })
  protectPerson(@Arg('input', () => ProtectPersonInput) input: ProtectPersonInput, @Ctx() desk: Desk): Promise<PersonPayloadType> {
    return protectPerson(desk.services, writeRequest(desk, 'protectPerson', input), input);
  }

  @Mutation(() => PersonPayloadType, { description: 'Ends a protection, by whoever holds the person.' })
  endProtection(@Arg('input', () => EndProtectionInput) input: EndProtectionInput, @Ctx() desk: Desk): Promise<PersonPayloadType> {
    return endProtection(desk.services, writeRequest(desk, 'endProtection', input), input);
  }

  @FieldResolver(() => PersonType, { nullable: true, description: 'The person, read back under the policy of now.' })
  person(@Root() payload: PersonPayloadType, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.findById('Person', payload.personId, info);
  }
}

@Resolver(() => MergePeoplePayloadType)
export class MergeMutations {
  @Mutation(() => MergePeoplePayloadType, { description: 'Two persons who are one: every ledger then speaks of the first, with the stricter protection of both.' })
  mergePeople(@Arg('input', () => MergePeopleInput) input: MergePeopleInput, @Ctx() desk: Desk): Promise<MergePeoplePayloadType> {
    return mergePeople(desk.services, writeRequest(desk, 'mergePeople', input), input);
  }

  @FieldResolver(() => PersonType, { nullable: true, description: 'The person that stays.' })
  person(@Root() payload: MergePeoplePayloadType, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.findById('Person', payload.personId, info);
  }
}

@Resolver(() => SplitPeoplePayloadType)
export class SplitMutations {
  @Mutation(() => SplitPeoplePayloadType, { description: 'Parts two persons that had been merged; each has its own histories as before, and a protection stays with both.' })
  splitPeople(@Arg('input', () => SplitPeopleInput) input: SplitPeopleInput, @Ctx() desk: Desk): Promise<SplitPeoplePayloadType> {
    return splitPeople(desk.services, writeRequest(desk, 'splitPeople', input), input);
  }

  @FieldResolver(() => PersonType, { nullable: true, description: 'The person that had stayed.' })
  person(@Root() payload: SplitPeoplePayloadType, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.findById('Person', payload.personId, info);
  }

  @FieldResolver(() => PersonType, { nullable: true, description: 'The person that had been merged into it.' })
  other(@Root() payload: SplitPeoplePayloadType, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.findById('Person', payload.otherId, info);
  }
}
