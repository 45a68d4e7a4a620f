import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { ListRules } from '../../disclosure/filters.js';
import { PageArgs } from '../connections.js';
import { writeRequest, type Desk } from '../workbench.js';
import { answerInquiry, confirmCandidate, rejectCandidate } from './inquiries.candidates.js';
import { askPublicSecurity, exhaustInquiry, openInquiry, passInquiryUp, reopenInquiry, withdrawInquiry, type InquiryOutcome } from './inquiries.commands.js';
import { AnswerInquiryInput, AnswerMissingCandidateInput, CompareMissingReportsInput, ConfirmCandidateInput, InquiryStepInput, OpenInquiryInput, RejectCandidateInput, ReopenInquiryInput, WithdrawInquiryInput } from './inquiries.input.js';
import { answerMissingCandidate, compareMissingReports } from './inquiries.missing.js';
import { IdentityInquiryConnection, IdentityInquiryPayloadType, IdentityInquiryType } from './inquiries.type.js';

const IN_ORDER_OF_ID: ListRules = { filters: {}, orders: {}, defaultOrder: [] };

@Resolver()
export class InquiryQueries {
  @Query(() => IdentityInquiryConnection, { description: 'Identity inquiries 身份查询. Without a matter: number, state and clock of what is addressed to the asker; the rest of an inquiry under its own number as matter.' })
  identityInquiries(@Args(() => PageArgs) args: PageArgs, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.list('IdentityInquiry', IN_ORDER_OF_ID, args, info);
  }
}

@Resolver(() => IdentityInquiryPayloadType)
export class InquiryMutations {
  @Mutation(() => IdentityInquiryPayloadType, { description: 'Station: has compared by itself without a result, and asks public security of its own level. → OPEN. No matter yet: the inquiry gets its number here.' })
  openInquiry(@Arg('input', () => OpenInquiryInput) input: OpenInquiryInput, @Ctx() desk: Desk): Promise<InquiryOutcome> {
    return openInquiry(desk.services, writeRequest(desk, 'openInquiry', input), input);
  }

  @Mutation(() => IdentityInquiryPayloadType, { description: 'Public security that was asked: OPEN → CANDIDATE, or UNRESOLVED. A hit may come later as well, from any level that was asked.' })
  answerInquiry(@Arg('input', () => AnswerInquiryInput) input: AnswerInquiryInput, @Ctx() desk: Desk): Promise<InquiryOutcome> {
    return answerInquiry(desk.services, writeRequest(desk, 'answerInquiry', input), input);
  }

  @Mutation(() => IdentityInquiryPayloadType, { description: 'Civil affairs: passes on to the next level what its own could not verify. UNRESOLVED → AT_CIVIL.' })
  passInquiryUp(@Arg('input', () => InquiryStepInput) input: InquiryStepInput, @Ctx() desk: Desk): Promise<InquiryOutcome> {
    return passInquiryUp(desk.services, writeRequest(desk, 'passInquiryUp', input), input);
  }

  @Mutation(() => IdentityInquiryPayloadType, { description: 'Civil affairs of the higher level: asks public security of its own. AT_CIVIL → OPEN.' })
  askPublicSecurity(@Arg('input', () => InquiryStepInput) input: InquiryStepInput, @Ctx() desk: Desk): Promise<InquiryOutcome> {
    return askPublicSecurity(desk.services, writeRequest(desk, 'askPublicSecurity', input), input);
  }

  @Mutation(() => IdentityInquiryPayloadType, { description: 'Station: two different members of staff. The first is kept; with the second, CANDIDATE → IDENTIFIED.' })
  confirmCandidate(@Arg('input', () => ConfirmCandidateInput) input: ConfirmCandidateInput, @Ctx() desk: Desk): Promise<InquiryOutcome> {
    return confirmCandidate(desk.services, writeRequest(desk, 'confirmCandidate', input), input);
  }

  @Mutation(() => IdentityInquiryPayloadType, { description: 'Station: it is not this one. With the last candidate the inquiry goes on where the hit found it.' })
  rejectCandidate(@Arg('input', () => RejectCandidateInput) input: RejectCandidateInput, @Ctx() desk: Desk): Promise<InquiryOutcome> {
    return rejectCandidate(desk.services, writeRequest(desk, 'rejectCandidate', input), input);
  }

  @Mutation(() => IdentityInquiryPayloadType, { description: "Station: compares relatives' missing reports with the person. Open ones of like sex and age, missing by the day the person entered, become `missingCandidates`, ten unanswered at a time." })
  compareMissingReports(@Arg('input', () => CompareMissingReportsInput) input: CompareMissingReportsInput, @Ctx() desk: Desk): Promise<InquiryOutcome> {
    return compareMissingReports(desk.services, writeRequest(desk, 'compareMissingReports', input), input);
  }

  @Mutation(() => IdentityInquiryPayloadType, { description: 'Station: whether a missing report is about the person. SAME_PERSON takes two different members of staff, and is told to public security that took the report only where both say so.' })
  answerMissingCandidate(@Arg('input', () => AnswerMissingCandidateInput) input: AnswerMissingCandidateInput, @Ctx() desk: Desk): Promise<InquiryOutcome> {
    return answerMissingCandidate(desk.services, writeRequest(desk, 'answerMissingCandidate', input), input);
  }

  @Mutation(() => IdentityInquiryPayloadType, { description: 'Civil affairs of the last level: there is nobody left to ask. UNRESOLVED → EXHAUSTED.' })
  exhaustInquiry(@Arg('input', () => InquiryStepInput) input: InquiryStepInput, @Ctx() desk: Desk): Promise<InquiryOutcome> {
    return exhaustInquiry(desk.services, writeRequest(desk, 'exhaustInquiry', input), input);
  }

  @Mutation(() => IdentityInquiryPayloadType, { description: 'Station: new evidence, asked about from its own level on. EXHAUSTED → OPEN.' })
  reopenInquiry(@Arg('input', () => ReopenInquiryInput) input: ReopenInquiryInput, @Ctx() desk: Desk): Promise<InquiryOutcome> {
    return reopenInquiry(desk.services, writeRequest(desk, 'reopenInquiry', input), input);
  }

  @Mutation(() => IdentityInquiryPayloadType, { description: 'Station: the person left or died, or told who it is. Any state that has not ended → WITHDRAWN; the end of a stay withdraws as well.' })
  withdrawInquiry(@Arg('input', () => WithdrawInquiryInput) input: WithdrawInquiryInput, @Ctx() desk: Desk): Promise<InquiryOutcome> {
    return withdrawInquiry(desk.services, writeRequest(desk, 'withdrawInquiry', input), input);
  }

  @FieldResolver(() => IdentityInquiryType, { nullable: true, description: 'The inquiry, read back under the policy of now.' })
  inquiry(@Root() payload: IdentityInquiryPayloadType, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.findById('IdentityInquiry', payload.inquiryId, info);
  }
}
