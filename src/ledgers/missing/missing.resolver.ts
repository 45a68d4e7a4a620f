import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { ListRules } from '../../disclosure/filters.js';
import { PageArgs } from '../connections.js';
import { writeRequest, type Desk } from '../workbench.js';
import { amendMissingReport, closeMissingReport, reportMissing, type MissingOutcomeOf } from './missing.commands.js';
import { AmendMissingReportInput, CloseMissingReportInput, ReportMissingInput } from './missing.input.js';
import { MissingReportConnection, MissingReportPayloadType, MissingReportType } from './missing.type.js';

const IN_ORDER_OF_ID: ListRules = { filters: {}, orders: {}, defaultOrder: [] };

@Resolver()
export class MissingQueries {
  @Query(() => MissingReportConnection, { description: 'Missing reports 走失报案 of the asking agency. Without a matter: number and state; the rest of a report under its own number as matter.' })
  missingReports(@Args(() => PageArgs) args: PageArgs, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.list('MissingReport', IN_ORDER_OF_ID, args, info);
  }
}

@Resolver(() => MissingReportPayloadType)
export class MissingMutations {
  @Mutation(() => MissingReportPayloadType, { description: 'Public security: relatives have reported somebody missing. → OPEN. No matter yet: the report gets its number here.' })
  reportMissing(@Arg('input', () => ReportMissingInput) input: ReportMissingInput, @Ctx() desk: Desk): Promise<MissingOutcomeOf> {
    return reportMissing(desk.services, writeRequest(desk, 'reportMissing', input), input);
  }

  @Mutation(() => MissingReportPayloadType, { description: 'Public security that took the report: what relatives say now. OPEN → OPEN.' })
  amendMissingReport(@Arg('input', () => AmendMissingReportInput) input: AmendMissingReportInput, @Ctx() desk: Desk): Promise<MissingOutcomeOf> {
    return amendMissingReport(desk.services, writeRequest(desk, 'amendMissingReport', input), input);
  }

  @Mutation(() => MissingReportPayloadType, { description: 'Public security that took the report: the person is found, or no longer sought. OPEN → FOUND, WITHDRAWN. No station compares it any more.' })
  closeMissingReport(@Arg('input', () => CloseMissingReportInput) input: CloseMissingReportInput, @Ctx() desk: Desk): Promise<MissingOutcomeOf> {
    return closeMissingReport(desk.services, writeRequest(desk, 'closeMissingReport', input), input);
  }

  @FieldResolver(() => MissingReportType, { nullable: true, description: 'The report, read back under the policy of now.' })
  report(@Root() payload: MissingReportPayloadType, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.findById('MissingReport', payload.reportId, info);
  }
}
