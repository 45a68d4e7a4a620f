import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { AgencyType } from '../agencies/agencies.type.js';
import { PageArgs } from '../connections.js';
import { spendRate } from '../rate.js';
import { writeRequest, type Desk } from '../workbench.js';
import {
  acceptTransfer, approveAtRiskEntry, endAtRiskEntry, enrolAtRisk, recordFalseAlarm, recordReturned, recordRevisit, recordVisit, reopenAtRiskEntry, reportEntrant, reportWandering, resubmitAtRiskEntry, sendBack, sendRoster, transferAtRiskEntry, type AtRiskOutcome, type EntrantOutcome,
} from './at-risk.commands.js';
import { AT_RISK_RULES, VISITS_DUE_RULES } from './at-risk.filters.js';
import {
  AcceptTransferInput, ApproveAtRiskEntryInput, AtRiskReasonInput, AtRiskStepInput, EndAtRiskEntryInput, EnrolAtRiskInput, RecordReturnedInput, RecordVisitInput, ReopenAtRiskEntryInput, ReportEntrantInput, ReportWanderingInput, ResubmitAtRiskEntryInput, SendRosterInput, TransferAtRiskEntryInput, VisitsDueFilterInput,
} from './at-risk.input.js';
import { AtRiskEntryConnection, AtRiskEntryPayloadType, AtRiskEntryType, EntrantPayloadType } from './at-risk.type.js';

@ArgsType()
class VisitsDueArgs extends PageArgs {
  @Field(() => VisitsDueFilterInput, { nullable: true }) filter?: VisitsDueFilterInput;
}

@Resolver()
export class AtRiskQueries {
  @Query(() => AtRiskEntryConnection, { description: 'The at-risk-of-wandering registry 易流浪走失人员信息库.' })
  atRiskEntries(@Args(() => PageArgs) args: PageArgs, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.list('AtRiskEntry', AT_RISK_RULES, args, info);
  }

  @Query(() => AtRiskEntryConnection, { description: 'Township: its roster by the day of the next visit; overdue, today, coming. With care codes in place of diagnosis and risk class.' })
  visitsDue(@Args(() => VisitsDueArgs) args: VisitsDueArgs, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.list('AtRiskEntry', VISITS_DUE_RULES, { ...args, filter: args.filter && { ...args.filter } }, info);
  }
}

@Resolver(() => AtRiskEntryPayloadType)
export class AtRiskMutations {
  @Mutation(() => AtRiskEntryPayloadType, { description: 'Origin station, from a return that it received; county civil affairs, also by survey → SUBMITTED.' })
  enrolAtRisk(@Arg('input', () => EnrolAtRiskInput) input: EnrolAtRiskInput, @Ctx() desk: Desk): Promise<AtRiskOutcome> {
    return enrolAtRisk(desk.services, writeRequest(desk, 'enrolAtRisk', input), input);
  }

  @Mutation(() => AtRiskEntryPayloadType, { description: 'County civil affairs: SUBMITTED → INCOMPLETE.' })
  requestCompletion(@Arg('input', () => AtRiskReasonInput) input: AtRiskReasonInput, @Ctx() desk: Desk): Promise<AtRiskOutcome> {
    return sendBack(desk.services, writeRequest(desk, 'requestCompletion', input), input);
  }

  @Mutation(() => AtRiskEntryPayloadType, { description: 'Submitter: INCOMPLETE → SUBMITTED.' })
  resubmitAtRiskEntry(@Arg('input', () => ResubmitAtRiskEntryInput) input: ResubmitAtRiskEntryInput, @Ctx() desk: Desk): Promise<AtRiskOutcome> {
    return resubmitAtRiskEntry(desk.services, writeRequest(desk, 'resubmitAtRiskEntry', input), input);
  }

  @Mutation(() => AtRiskEntryPayloadType, { description: 'County civil affairs: SUBMITTED → REJECTED.' })
  rejectAtRiskEntry(@Arg('input', () => AtRiskReasonInput) input: AtRiskReasonInput, @Ctx() desk: Desk): Promise<AtRiskOutcome> {
    return sendBack(desk.services, writeRequest(desk, 'rejectAtRiskEntry', input), input);
  }

  @Mutation(() => AtRiskEntryPayloadType, { description: 'County civil affairs: SUBMITTED → ACTIVE; assigns the township and sends it the roster.' })
  approveAtRiskEntry(@Arg('input', () => ApproveAtRiskEntryInput) input: ApproveAtRiskEntryInput, @Ctx() desk: Desk): Promise<AtRiskOutcome> {
    return approveAtRiskEntry(desk.services, writeRequest(desk, 'approveAtRiskEntry', input), input);
  }

  @Mutation(() => AtRiskEntryPayloadType, { description: 'County civil affairs: sends the roster that is owed, or to the township that takes over.' })
  sendRoster(@Arg('input', () => SendRosterInput) input: SendRosterInput, @Ctx() desk: Desk): Promise<AtRiskOutcome> {
    return sendRoster(desk.services, writeRequest(desk, 'sendRoster', input), input);
  }

  @Mutation(() => AtRiskEntryPayloadType, { description: 'Township: a visit in person, by phone or otherwise. One with nobody there is kept and not done.' })
  recordVisit(@Arg('input', () => RecordVisitInput) input: RecordVisitInput, @Ctx() desk: Desk): Promise<AtRiskOutcome> {
    return recordVisit(desk.services, writeRequest(desk, 'recordVisit', input), input);
  }

  @Mutation(() => AtRiskEntryPayloadType, { description: 'Station: its own revisit of a person whom it returned; fulfils no visit of the township.' })
  recordRevisit(@Arg('input', () => RecordVisitInput) input: RecordVisitInput, @Ctx() desk: Desk): Promise<AtRiskOutcome> {
    return recordRevisit(desk.services, writeRequest(desk, 'recordRevisit', input), input);
  }

  @Mutation(() => AtRiskEntryPayloadType, { description: 'Township: the person wanders again → WANDERING; the county is alerted.' })
  reportWandering(@Arg('input', () => ReportWanderingInput) input: ReportWanderingInput, @Ctx() desk: Desk): Promise<AtRiskOutcome> {
    return reportWandering(desk.services, writeRequest(desk, 'reportWandering', input), input);
  }

  @Mutation(() => AtRiskEntryPayloadType, { description: 'County civil affairs: WANDERING → ACTIVE; the year starts again.' })
  recordReturned(@Arg('input', () => RecordReturnedInput) input: RecordReturnedInput, @Ctx() desk: Desk): Promise<AtRiskOutcome> {
    return recordReturned(desk.services, writeRequest(desk, 'recordReturned', input), input);
  }

  @Mutation(() => AtRiskEntryPayloadType, { description: 'County civil affairs: WANDERING → ACTIVE; the clock goes on.' })
  recordFalseAlarm(@Arg('input', () => AtRiskStepInput) input: AtRiskStepInput, @Ctx() desk: Desk): Promise<AtRiskOutcome> {
    return recordFalseAlarm(desk.services, writeRequest(desk, 'recordFalseAlarm', input), input);
  }

  @Mutation(() => AtRiskEntryPayloadType, { description: 'County civil affairs: the person has moved to another county → TRANSFERRING.' })
  transferAtRiskEntry(@Arg('input', () => TransferAtRiskEntryInput) input: TransferAtRiskEntryInput, @Ctx() desk: Desk): Promise<AtRiskOutcome> {
    return transferAtRiskEntry(desk.services, writeRequest(desk, 'transferAtRiskEntry', input), input);
  }

  @Mutation(() => AtRiskEntryPayloadType, { description: 'Receiving county civil affairs: TRANSFERRING → ACTIVE; the year goes on.' })
  acceptTransfer(@Arg('input', () => AcceptTransferInput) input: AcceptTransferInput, @Ctx() desk: Desk): Promise<AtRiskOutcome> {
    return acceptTransfer(desk.services, writeRequest(desk, 'acceptTransfer', input), input);
  }

  @Mutation(() => AtRiskEntryPayloadType, { description: 'County civil affairs: → ENDED. TERM_ENDED needs a year at least and no visit overdue.' })
  endAtRiskEntry(@Arg('input', () => EndAtRiskEntryInput) input: EndAtRiskEntryInput, @Ctx() desk: Desk): Promise<AtRiskOutcome> {
    return endAtRiskEntry(desk.services, writeRequest(desk, 'endAtRiskEntry', input), input);
  }

  @Mutation(() => AtRiskEntryPayloadType, { description: 'County civil affairs: ENDED → ACTIVE, upon a new return.' })
  reopenAtRiskEntry(@Arg('input', () => ReopenAtRiskEntryInput) input: ReopenAtRiskEntryInput, @Ctx() desk: Desk): Promise<AtRiskOutcome> {
    return reopenAtRiskEntry(desk.services, writeRequest(desk, 'reopenAtRiskEntry', input), input);
  }

  @FieldResolver(() => AtRiskEntryType, { nullable: true, description: 'The entry, read back under the policy of now.' })
  atRiskEntry(@Root() payload: AtRiskEntryPayloadType, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.findById('AtRiskEntry', payload.entryId, info);
  }
}

@Resolver(() => EntrantPayloadType)
export class EntrantMutations {
  @Mutation(() => EntrantPayloadType, { description: 'Station: whether its entrant stands in the registry of whatever place. The home county is alerted at once; the station learns whom to contact, and nothing else. Rate-limited, each recorded.' })
  async reportEntrant(@Arg('input', () => ReportEntrantInput) input: ReportEntrantInput, @Ctx() desk: Desk): Promise<EntrantOutcome> {
    await spendRate(desk, 'reportEntrant', 1);
    return reportEntrant(desk.services, writeRequest(desk, 'reportEntrant', input), input);
  }

  @FieldResolver(() => [AgencyType], { description: 'Civil affairs departments to contact; none where nobody matches.' })
  contacts(@Root() payload: EntrantPayloadType, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.listReferences('Agency', (t, bind) => `${t}.id = ANY (${bind.bindList(payload.contacts, 'uuid')})`, info);
  }
}
