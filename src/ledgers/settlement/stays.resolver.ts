import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { ListRules } from '../../disclosure/filters.js';
import { PageArgs } from '../connections.js';
import { writeRequest, type Desk } from '../workbench.js';
import { endStay, moveStay, openStay, recordDnaRequest, recordDnaSample, updateTracing, type StayOutcome } from './stays.commands.js';
import { EndStayInput, MoveStayInput, OpenStayInput, RecordDnaRequestInput, RecordDnaSampleInput, StayConnection, StayPayloadType, StayType, UpdateTracingInput } from './stays.type.js';

const IN_ORDER_OF_ID: ListRules = { filters: {}, orders: {}, defaultOrder: [] };

@Resolver()
export class StayQueries {
  @Query(() => StayConnection, { description: 'Stays of persons of unknown identity 滞留.' })
  stays(@Args(() => PageArgs) args: PageArgs, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.list('Stay', IN_ORDER_OF_ID, args, info);
  }
}

@Resolver(() => StayPayloadType)
export class StayMutations {
  @Mutation(() => StayPayloadType, { description: 'Station: a person of unknown identity has entered. Over one month, tracing information is due to be updated; over three months, settlement is due.' })
  openStay(@Arg('input', () => OpenStayInput) input: OpenStayInput, @Ctx() desk: Desk): Promise<StayOutcome> {
    return openStay(desk.services, writeRequest(desk, 'openStay', input), input);
  }

  @Mutation(() => StayPayloadType, { description: 'Station: the person is cared for elsewhere; the stay goes on, and its days count.' })
  moveStay(@Arg('input', () => MoveStayInput) input: MoveStayInput, @Ctx() desk: Desk): Promise<StayOutcome> {
    return moveStay(desk.services, writeRequest(desk, 'moveStay', input), input);
  }

  @Mutation(() => StayPayloadType, { description: 'Station: the person has left; whoever comes back begins another stay.' })
  endStay(@Arg('input', () => EndStayInput) input: EndStayInput, @Ctx() desk: Desk): Promise<StayOutcome> {
    return endStay(desk.services, writeRequest(desk, 'endStay', input), input);
  }

  @Mutation(() => StayPayloadType, { description: 'Station: tracing information was published, or published anew (民发〔2015〕158号; 民发〔2020〕14号 二(二)).' })
  updateTracing(@Arg('input', () => UpdateTracingInput) input: UpdateTracingInput, @Ctx() desk: Desk): Promise<StayOutcome> {
    return updateTracing(desk.services, writeRequest(desk, 'updateTracing', input), input);
  }

  @Mutation(() => StayPayloadType, { description: 'Station: a comparison by DNA has been asked for, within seven working days of entering (民发〔2015〕158号).' })
  recordDnaRequest(@Arg('input', () => RecordDnaRequestInput) input: RecordDnaRequestInput, @Ctx() desk: Desk): Promise<StayOutcome> {
    return recordDnaRequest(desk.services, writeRequest(desk, 'recordDnaRequest', input), input);
  }

  @Mutation(() => StayPayloadType, { description: 'Station: the sample has been taken, within a month; its number alone is kept (民发〔2015〕158号).' })
  recordDnaSample(@Arg('input', () => RecordDnaSampleInput) input: RecordDnaSampleInput, @Ctx() desk: Desk): Promise<StayOutcome> {
    return recordDnaSample(desk.services, writeRequest(desk, 'recordDnaSample', input), input);
  }

  @FieldResolver(() => StayType, { nullable: true, description: 'The stay, read back under the policy of now.' })
  stay(@Root() payload: StayPayloadType, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.findById('Stay', payload.stayId, info);
  }
}
