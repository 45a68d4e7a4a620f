import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { ListRules } from '../../disclosure/filters.js';
import { PageArgs } from '../connections.js';
import { writeRequest, type Desk } from '../workbench.js';
import { applyForSettlement, assessSupport, fileHukou, moveSettlementOnDocument, moveSettlementWithReason, placeInInstitution, recordGovernmentDecision, recordIdentified, registerHukou, submitSettlementPlan, type SettlementOutcome } from './settlement.commands.js';
import { ApplyForSettlementInput, AssessSupportInput, FileHukouInput, PlaceInInstitutionInput, RecordGovernmentDecisionInput, RegisterHukouInput, SettlementDocumentInput, SettlementReasonInput, SubmitSettlementPlanInput } from './settlement.input.js';
import { SettlementCaseConnection, SettlementCasePayloadType, SettlementCaseType } from './settlement.type.js';

const IN_ORDER_OF_ID: ListRules = { filters: {}, orders: {}, defaultOrder: [] };

@Resolver()
export class SettlementQueries {
  @Query(() => SettlementCaseConnection, { description: 'Settlement cases 落户安置.' })
  settlementCases(@Args(() => PageArgs) args: PageArgs, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.list('SettlementCase', IN_ORDER_OF_ID, args, info);
  }
}

@Resolver(() => SettlementCasePayloadType)
export class SettlementMutations {
  @Mutation(() => SettlementCasePayloadType, { description: 'Station: applies for a person whose identity stays unknown over three months, with proof of search. DUE → APPLIED.' })
  applyForSettlement(@Arg('input', () => ApplyForSettlementInput) input: ApplyForSettlementInput, @Ctx() desk: Desk): Promise<SettlementOutcome> {
    return applyForSettlement(desk.services, writeRequest(desk, 'applyForSettlement', input), input);
  }

  @Mutation(() => SettlementCasePayloadType, { description: 'Civil affairs: the application is incomplete. APPLIED → DUE.' })
  returnForCompletion(@Arg('input', () => SettlementReasonInput) input: SettlementReasonInput, @Ctx() desk: Desk): Promise<SettlementOutcome> {
    return moveSettlementWithReason(desk.services, writeRequest(desk, 'returnForCompletion', input), input);
  }

  @Mutation(() => SettlementCasePayloadType, { description: 'Civil affairs: submits its plan to the government of the same level. APPLIED or ACCEPTED → PLAN_SUBMITTED.' })
  submitSettlementPlan(@Arg('input', () => SubmitSettlementPlanInput) input: SubmitSettlementPlanInput, @Ctx() desk: Desk): Promise<SettlementOutcome> {
    return submitSettlementPlan(desk.services, writeRequest(desk, 'submitSettlementPlan', input), input);
  }

  @Mutation(() => SettlementCasePayloadType, { description: 'Civil affairs: records what the government of the same level decided. PLAN_SUBMITTED → HUKOU_APPROVED, PLACEMENT_APPROVED, or back to APPLIED.' })
  recordGovernmentDecision(@Arg('input', () => RecordGovernmentDecisionInput) input: RecordGovernmentDecisionInput, @Ctx() desk: Desk): Promise<SettlementOutcome> {
    return recordGovernmentDecision(desk.services, writeRequest(desk, 'recordGovernmentDecision', input), input);
  }

  @Mutation(() => SettlementCasePayloadType, { description: 'Civil affairs: files for registration with public security (国办发〔2015〕96号). HUKOU_APPROVED → HUKOU_FILED.' })
  fileHukou(@Arg('input', () => FileHukouInput) input: FileHukouInput, @Ctx() desk: Desk): Promise<SettlementOutcome> {
    return fileHukou(desk.services, writeRequest(desk, 'fileHukou', input), input);
  }

  @Mutation(() => SettlementCasePayloadType, { description: 'Public security: the filing is incomplete. HUKOU_FILED → HUKOU_APPROVED.' })
  rejectHukouFiling(@Arg('input', () => SettlementReasonInput) input: SettlementReasonInput, @Ctx() desk: Desk): Promise<SettlementOutcome> {
    return moveSettlementWithReason(desk.services, writeRequest(desk, 'rejectHukouFiling', input), input);
  }

  @Mutation(() => SettlementCasePayloadType, { description: 'Public security: HUKOU_FILED → REGISTERED.' })
  registerHukou(@Arg('input', () => RegisterHukouInput) input: RegisterHukouInput, @Ctx() desk: Desk): Promise<SettlementOutcome> {
    return registerHukou(desk.services, writeRequest(desk, 'registerHukou', input), input);
  }

  @Mutation(() => SettlementCasePayloadType, { description: 'Civil affairs: moves the person to a public institution. PLACEMENT_APPROVED → PLACED.' })
  placeInInstitution(@Arg('input', () => PlaceInInstitutionInput) input: PlaceInInstitutionInput, @Ctx() desk: Desk): Promise<SettlementOutcome> {
    return placeInInstitution(desk.services, writeRequest(desk, 'placeInInstitution', input), input);
  }

  @Mutation(() => SettlementCasePayloadType, { description: 'Civil affairs: what stood against registration is gone; the plan is taken up again. PLACED → PLAN_SUBMITTED.' })
  resumeSettlementPlan(@Arg('input', () => SettlementReasonInput) input: SettlementReasonInput, @Ctx() desk: Desk): Promise<SettlementOutcome> {
    return moveSettlementWithReason(desk.services, writeRequest(desk, 'resumeSettlementPlan', input), input);
  }

  @Mutation(() => SettlementCasePayloadType, { description: 'Civil affairs: whether the person qualifies for 特困人员供养. REGISTERED, or PLACED of a homeless returnee → SUPPORTED or NOT_ELIGIBLE.' })
  assessSupport(@Arg('input', () => AssessSupportInput) input: AssessSupportInput, @Ctx() desk: Desk): Promise<SettlementOutcome> {
    return assessSupport(desk.services, writeRequest(desk, 'assessSupport', input), input);
  }

  @Mutation(() => SettlementCasePayloadType, { description: 'Station: the person is identified after all, and returns home. Any state before registration → IDENTIFIED.' })
  recordIdentified(@Arg('input', () => SettlementDocumentInput) input: SettlementDocumentInput, @Ctx() desk: Desk): Promise<SettlementOutcome> {
    return recordIdentified(desk.services, writeRequest(desk, 'recordIdentified', input), input);
  }

  @Mutation(() => SettlementCasePayloadType, { description: 'Public security, on the notice of civil affairs: the registration rests on a mistaken identity. REGISTERED, SUPPORTED or NOT_ELIGIBLE → REVERSED.' })
  reverseHukou(@Arg('input', () => SettlementDocumentInput) input: SettlementDocumentInput, @Ctx() desk: Desk): Promise<SettlementOutcome> {
    return moveSettlementOnDocument(desk.services, writeRequest(desk, 'reverseHukou', input), input);
  }

  @Mutation(() => SettlementCasePayloadType, { description: 'Civil affairs: the person died. Any open state → CLOSED.' })
  closeSettlement(@Arg('input', () => SettlementDocumentInput) input: SettlementDocumentInput, @Ctx() desk: Desk): Promise<SettlementOutcome> {
    return moveSettlementOnDocument(desk.services, writeRequest(desk, 'closeSettlement', input), input);
  }

  @FieldResolver(() => SettlementCaseType, { nullable: true, description: 'The case, read back under the policy of now.' })
  settlementCase(@Root() payload: SettlementCasePayloadType, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.findById('SettlementCase', payload.settlementId, info);
  }
}
