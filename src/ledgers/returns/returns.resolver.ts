import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { ListRules } from '../../disclosure/filters.js';
import { badInput } from '../../kernel/errors.js';
import { PageArgs } from '../connections.js';
import { ID_NUMBER_HASH } from '../id-number-hash.js';
import { idNumberOf } from '../input-words.js';
import { spendRate } from '../rate.js';
import { writeRequest, type Desk } from '../workbench.js';
import { acceptForSettlement, answerReferral, referForAid, reportNoHome } from './returns.aid.js';
import { acknowledgeReturn, closeReturn, confirmReturn, declineReturn, draftReturnNotice, endTrace, noteStep, recallReturn, receiveReturnee, recordHomeCheck, reportFound, rerouteReturn, sendReturnDraft, sendReturnNotice } from './returns.commands.js';
import { correctReturn } from './returns.correction.js';
import { directReturn, raiseRefusal, upholdRefusal, withdrawRefusal } from './returns.coordination.js';
import { recordReturneeRevisit } from './returns.revisits.js';
import type { ReturnOutcome } from './returns.writing.js';
import { returnCaseRules } from './returns.filters.js';
import { checkReturnees, NUMBERS_PER_CALL } from './returnee-check.js';
import { AnswerReferralInput, CloseReturnInput, ConfirmReturnInput, CorrectReturnInput, DirectReturnInput, ReceiveReturneeInput, RecordHomeCheckInput, RecordReturneeRevisitInput, ReferForAidInput, ReportNoHomeInput, RerouteReturnInput, ReturnCaseFilterInput, ReturnCaseOrderInput, ReturnReasonInput, ReturnStepInput, SendReturnDraftInput, SendReturnNoticeInput } from './returns.input.js';
import { ReturnCaseConnection, ReturnCasePayloadType, ReturnCaseType, ReturneeCheckType } from './returns.type.js';

@ArgsType()
class ReturnCasesArgs extends PageArgs {
  @Field(() => ReturnCaseFilterInput, { nullable: true }) filter?: ReturnCaseFilterInput;
  @Field(() => [ReturnCaseOrderInput], { nullable: true }) orderBy?: ReturnCaseOrderInput[];
}

/** Filters of the ledger, with ID numbers hashed by this hub's key. */
const rulesAt = ({ services }: Desk): ListRules => returnCaseRules((text, field) => {
  const number = idNumberOf(text, field, services.acceptSynthetic);
  if (!number) throw badInput(field, '身份证号不能为空', 'an ID number may not be empty');
  return services.keyRing.keyedHash(ID_NUMBER_HASH, number.number18);
});

@Resolver(() => ReturnCaseType)
export class ReturnsQueries {
  @Query(() => ReturnCaseConnection, { description: 'The return ledger as the asker sees it.' })
  returnCases(@Args(() => ReturnCasesArgs) args: ReturnCasesArgs, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.list('ReturnCase', rulesAt(desk), { ...args, filter: args.filter && { ...args.filter } }, info);
  }

  @Query(() => ReturnCaseConnection, { description: 'Refusals that the asking civil affairs department coordinates now, under COORDINATION. Without a matter: number, state and clocks; the case and its person under its own number as matter.' })
  coordinations(@Args(() => PageArgs) args: PageArgs, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.list('ReturnCase', rulesAt(desk), { ...args }, info);
  }

  @Query(() => ReturnCaseType, { nullable: true })
  returnCase(@Arg('caseNo', () => String) caseNo: string, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.find('ReturnCase', (t, bind) => `${t}.case_no = ${bind.bind(caseNo, 'text')}`, ['caseNo'], info);
  }

  @Query(() => [ReturneeCheckType], { description: 'BENEFIT_CHECK with a matter; at most 200 numbers a call, rate-limited, each recorded.' })
  async checkReturnees(@Arg('idNumbers', () => [String]) idNumbers: string[], @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    if (idNumbers.length === 0 || idNumbers.length > NUMBERS_PER_CALL) throw badInput('idNumbers', `每次 1 至 ${NUMBERS_PER_CALL} 个身份证号`, `1 to ${NUMBERS_PER_CALL} ID numbers a call`);
    await spendRate(desk, 'checkReturnees', idNumbers.length);
    desk.reader.tally.count('numbersAsked', idNumbers.length);
    return checkReturnees(desk.reader, desk.services, idNumbers, info);
  }
}

@Resolver(() => ReturnCasePayloadType)
export class ReturnsMutations {
  @Mutation(() => ReturnCasePayloadType, { description: 'Destination station: sends the written notice of a returnee (民发〔2020〕14号 二(五)).' })
  sendReturnNotice(@Arg('input', () => SendReturnNoticeInput) input: SendReturnNoticeInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return sendReturnNotice(desk.services, writeRequest(desk, 'sendReturnNotice', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Origin side: SENT → ACKNOWLEDGED.' })
  acknowledgeReturn(@Arg('input', () => ReturnStepInput) input: ReturnStepInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return acknowledgeReturn(desk.services, writeRequest(desk, 'acknowledgeReturn', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Origin side: the notice is wrong → DISPUTED.' })
  disputeReturn(@Arg('input', () => ReturnReasonInput) input: ReturnReasonInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return declineReturn(desk.services, writeRequest(desk, 'disputeReturn', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Origin side: will not receive the person → REFUSED.' })
  refuseReturn(@Arg('input', () => ReturnReasonInput) input: ReturnReasonInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return declineReturn(desk.services, writeRequest(desk, 'refuseReturn', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Destination station: DISPUTED → SENT, to another origin.' })
  rerouteReturn(@Arg('input', () => RerouteReturnInput) input: RerouteReturnInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return rerouteReturn(desk.services, writeRequest(desk, 'rerouteReturn', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Destination station: takes the notice back → RECALLED. Whoever had it on the table is told.' })
  recallReturn(@Arg('input', () => ReturnReasonInput) input: ReturnReasonInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return recallReturn(desk.services, writeRequest(desk, 'recallReturn', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Origin side: ACKNOWLEDGED → RECEIVED, on the handover form 接收交接单, whose number and day are `documentNo` and `documentDate`.' })
  receiveReturnee(@Arg('input', () => ReceiveReturneeInput) input: ReceiveReturneeInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return receiveReturnee(desk.services, writeRequest(desk, 'receiveReturnee', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Origin side: ACKNOWLEDGED, RECEIVED or KIN_REFUSED → AT_HOME.' })
  confirmHome(@Arg('input', () => ReturnStepInput) input: ReturnStepInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return noteStep(desk.services, writeRequest(desk, 'confirmHome', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Origin side: AT_HOME → HOME_CHECKED, by own staff or an entrusted committee.' })
  recordHomeCheck(@Arg('input', () => RecordHomeCheckInput) input: RecordHomeCheckInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return recordHomeCheck(desk.services, writeRequest(desk, 'recordHomeCheck', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Origin station: its own revisit of a returnee whom it received, in the registry or not; the state stays. One with nobody there is kept and not done.' })
  recordReturneeRevisit(@Arg('input', () => RecordReturneeRevisitInput) input: RecordReturneeRevisitInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return recordReturneeRevisit(desk.services, writeRequest(desk, 'recordReturneeRevisit', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Destination: confirms a row that the origin imported from its own ledger, saying by its own records who it was; only then does the row open the person.' })
  confirmReturn(@Arg('input', () => ConfirmReturnInput) input: ConfirmReturnInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return confirmReturn(desk.services, writeRequest(desk, 'confirmReturn', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Destination station: keeps a notice that is not sent yet → DRAFT. Only its author sees it.' })
  draftReturnNotice(@Arg('input', () => SendReturnNoticeInput) input: SendReturnNoticeInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return draftReturnNotice(desk.services, writeRequest(desk, 'draftReturnNotice', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Destination station: DRAFT → SENT, with what the draft still lacked.' })
  sendReturnDraft(@Arg('input', () => SendReturnDraftInput) input: SendReturnDraftInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return sendReturnDraft(desk.services, writeRequest(desk, 'sendReturnDraft', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Destination station: REFUSED or DISPUTED → COORDINATING at its civil affairs department (民发〔2020〕14号 二(二)).' })
  reportRefusalUp(@Arg('input', () => ReturnStepInput) input: ReturnStepInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return raiseRefusal(desk.services, writeRequest(desk, 'reportRefusalUp', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Coordinating civil affairs, with the case number as matter: to the next level up that is on the hub. The clock does it for whoever is late.' })
  passRefusalUp(@Arg('input', () => ReturnStepInput) input: ReturnStepInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return raiseRefusal(desk.services, writeRequest(desk, 'passRefusalUp', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Origin side: takes its refusal back, COORDINATING → ACKNOWLEDGED.' })
  withdrawRefusal(@Arg('input', () => ReturnStepInput) input: ReturnStepInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return withdrawRefusal(desk.services, writeRequest(desk, 'withdrawRefusal', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Coordinating civil affairs over both sides: says who receives by when, COORDINATING → ACKNOWLEDGED.' })
  directReturn(@Arg('input', () => DirectReturnInput) input: DirectReturnInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return directReturn(desk.services, writeRequest(desk, 'directReturn', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Coordinating civil affairs over both sides: the person is not theirs, COORDINATING → DISPUTED.' })
  upholdRefusal(@Arg('input', () => ReturnReasonInput) input: ReturnReasonInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return upholdRefusal(desk.services, writeRequest(desk, 'upholdRefusal', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Either side: the person has not arrived, ACKNOWLEDGED → NOT_ARRIVED.' })
  reportNotArrived(@Arg('input', () => ReturnStepInput) input: ReturnStepInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return noteStep(desk.services, writeRequest(desk, 'reportNotArrived', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Either side: the person was found, NOT_ARRIVED → ACKNOWLEDGED.' })
  reportFound(@Arg('input', () => ReturnStepInput) input: ReturnStepInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return reportFound(desk.services, writeRequest(desk, 'reportFound', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Both sides, one after the other: the trace may end. The first keeps the state, the second closes.' })
  endTrace(@Arg('input', () => ReturnStepInput) input: ReturnStepInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return endTrace(desk.services, writeRequest(desk, 'endTrace', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Origin side: the family refuses, RECEIVED or AT_HOME → KIN_REFUSED.' })
  reportKinRefused(@Arg('input', () => ReturnStepInput) input: ReturnStepInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return noteStep(desk.services, writeRequest(desk, 'reportKinRefused', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Origin side: there is no home → NO_HOME; the hukou place is called upon.' })
  reportNoHome(@Arg('input', () => ReportNoHomeInput) input: ReportNoHomeInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return reportNoHome(desk.services, writeRequest(desk, 'reportNoHome', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Station or civil affairs of the hukou place: NO_HOME → SETTLING, and the settlement of a homeless returnee begins.' })
  acceptForSettlement(@Arg('input', () => ReturnStepInput) input: ReturnStepInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return acceptForSettlement(desk.services, writeRequest(desk, 'acceptForSettlement', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Origin side: HOME_CHECKED → REFERRED, one referral for each addressee with what it needs to know.' })
  referForAid(@Arg('input', () => ReferForAidInput) input: ReferForAidInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return referForAid(desk.services, writeRequest(desk, 'referForAid', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Addressee of a referral: what it does. The last answer makes the case AIDED.' })
  answerReferral(@Arg('input', () => AnswerReferralInput) input: AnswerReferralInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return answerReferral(desk.services, writeRequest(desk, 'answerReferral', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Whoever holds the person then: any open state → CLOSED, with an outcome.' })
  closeReturn(@Arg('input', () => CloseReturnInput) input: CloseReturnInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return closeReturn(desk.services, writeRequest(desk, 'closeReturn', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Author of a notice: puts right what it wrote. The history keeps what was; a person that had taken it over follows.' })
  correctReturn(@Arg('input', () => CorrectReturnInput) input: CorrectReturnInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return correctReturn(desk.services, writeRequest(desk, 'correctReturn', input), input);
  }

  @FieldResolver(() => ReturnCaseType, { nullable: true, description: 'The case, read back under the policy of now.' })
  returnCase(@Root() payload: ReturnCasePayloadType, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.findById('ReturnCase', payload.caseId, info);
  }
}
