import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { PageArgs } from '../connections.js';
import { writeRequest, type Desk } from '../workbench.js';
import { clearFlag, confirmFlag, flagHouseholds, recordHouseholdHelp, registerHouseholds } from './households.commands.js';
import { HOUSEHOLD_RULES } from './households.filters.js';
import {
  FlagHouseholdsInput, FlagHouseholdsPayloadType, HouseholdFlagInput, HouseholdPayloadType, RecordHouseholdHelpInput, RegisteredHouseholdConnection, RegisteredHouseholdFilterInput,
  RegisteredHouseholdType, RegisterHouseholdsInput, RegisterHouseholdsPayloadType,
} from './households.type.js';

@ArgsType()
class HouseholdsArgs extends PageArgs {
  @Field(() => RegisteredHouseholdFilterInput, { nullable: true }) filter?: RegisteredHouseholdFilterInput;
}

@Resolver(() => HouseholdPayloadType)
export class HouseholdsResolver {
  @Query(() => RegisteredHouseholdConnection, { description: 'Registered households: to the office its own, to county civil affairs those that matched.' })
  registeredHouseholds(@Args(() => HouseholdsArgs) args: HouseholdsArgs, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.list('RegisteredHousehold', HOUSEHOLD_RULES, { ...args, filter: args.filter && { ...args.filter } }, info);
  }

  @Mutation(() => RegisterHouseholdsPayloadType, { description: 'Poverty relief: registers or renews households with their members.' })
  async registerHouseholds(@Arg('input', () => RegisterHouseholdsInput) input: RegisterHouseholdsInput, @Ctx() desk: Desk): Promise<RegisterHouseholdsPayloadType> {
    const { registered, updated, refused } = await registerHouseholds(desk.services, writeRequest(desk, 'registerHouseholds', input), input);
    return { registered, updated, refused: refused.map(({ row, field, code, zh, en }) => ({ row, field, code, message: desk.context.language === 'zh' ? zh : en })) };
  }

  @Mutation(() => FlagHouseholdsPayloadType, { description: "Flags these households (all of the office's, if none is named) for matching. Hits become proposals that county civil affairs confirms or clears; the answer does not tell which." })
  flagHouseholds(@Arg('input', () => FlagHouseholdsInput) input: FlagHouseholdsInput, @Ctx() desk: Desk): Promise<FlagHouseholdsPayloadType> {
    return flagHouseholds(desk.services, writeRequest(desk, 'flagHouseholds', input), input);
  }

  @Mutation(() => HouseholdPayloadType, { description: 'County civil affairs: PROPOSED → CONFIRMED.' })
  confirmFlag(@Arg('input', () => HouseholdFlagInput) input: HouseholdFlagInput, @Ctx() desk: Desk): Promise<HouseholdPayloadType> {
    return confirmFlag(desk.services, writeRequest(desk, 'confirmFlag', input), input);
  }

  @Mutation(() => HouseholdPayloadType, { description: 'County civil affairs: PROPOSED → CLEARED.' })
  clearFlag(@Arg('input', () => HouseholdFlagInput) input: HouseholdFlagInput, @Ctx() desk: Desk): Promise<HouseholdPayloadType> {
    return clearFlag(desk.services, writeRequest(desk, 'clearFlag', input), input);
  }

  @Mutation(() => HouseholdPayloadType, { description: 'The office, or county civil affairs: what was done for a household whose flag is CONFIRMED and released. Any other household is refused alike.' })
  recordHouseholdHelp(@Arg('input', () => RecordHouseholdHelpInput) input: RecordHouseholdHelpInput, @Ctx() desk: Desk): Promise<HouseholdPayloadType> {
    return recordHouseholdHelp(desk.services, writeRequest(desk, 'recordHouseholdHelp', input), input);
  }

  @FieldResolver(() => RegisteredHouseholdType, { nullable: true })
  household(@Root() payload: HouseholdPayloadType, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.findById('RegisteredHousehold', payload.householdId, info);
  }
}
