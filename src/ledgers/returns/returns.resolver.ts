import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { badInput } from '../../kernel/errors.js';
import { PageArgs } from '../connections.js';
import { ID_NUMBER_HASH } from '../id-number-hash.js';
import { idNumberOf } from '../input-words.js';
import { spendRate } from '../rate.js';
import { writeRequest, type Desk } from '../workbench.js';
import { acknowledgeReturn, confirmHome, confirmReturn, declineReturn, recallReturn, receiveReturnee, recordHomeCheck, rerouteReturn, sendReturnNotice, type ReturnOutcome } from './returns.commands.js';
import { returnCaseRules } from './returns.filters.js';
import { checkReturnees, NUMBERS_PER_CALL } from './returnee-check.js';
import { ReceiveReturneeInput, RecordHomeCheckInput, RerouteReturnInput, ReturnCaseFilterInput, ReturnCaseOrderInput, ReturnReasonInput, ReturnStepInput, SendReturnNoticeInput } from './returns.input.js';
import { ReturnCaseConnection, ReturnCasePayloadType, ReturnCaseType, ReturneeCheckType } from './returns.type.js';

@ArgsType()
class ReturnCasesArgs extends PageArgs {
  @Field(() => ReturnCaseFilterInput, { nullable: true }) filter?: ReturnCaseFilterInput;
  @Field(() => [ReturnCaseOrderInput], { nullable: true }) orderBy?: ReturnCaseOrderInput[];
}

@Resolver(() => ReturnCaseType)
export class ReturnsQueries {
  @Query(() => ReturnCaseConnection, { description: 'The return ledger as the asker sees it.' })
  returnCases(@Args(() => ReturnCasesArgs) args: ReturnCasesArgs, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    const { services } = desk;
    const rules = returnCaseRules((text, field) => {
      const number = idNumberOf(text, field, services.acceptSynthetic);
      if (!number) throw badInput(field, '身份证号不能为空', 'an ID number may not be empty');
      return services.keyRing.keyedHash(ID_NUMBER_HASH, number.number18);
    });
    return desk.reader.list('ReturnCase', rules, { ...args, filter: args.filter && { ...args.filter } }, info);
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

  @Mutation(() => ReturnCasePayloadType, { description: 'Destination station: takes the notice back → RECALLED.' })
  recallReturn(@Arg('input', () => ReturnReasonInput) input: ReturnReasonInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return recallReturn(desk.services, writeRequest(desk, 'recallReturn', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Origin side: ACKNOWLEDGED → RECEIVED.' })
  receiveReturnee(@Arg('input', () => ReceiveReturneeInput) input: ReceiveReturneeInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return receiveReturnee(desk.services, writeRequest(desk, 'receiveReturnee', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Origin side: ACKNOWLEDGED, RECEIVED or KIN_REFUSED → AT_HOME.' })
  confirmHome(@Arg('input', () => ReturnStepInput) input: ReturnStepInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return confirmHome(desk.services, writeRequest(desk, 'confirmHome', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Origin side: AT_HOME → HOME_CHECKED, by own staff or an entrusted committee.' })
  recordHomeCheck(@Arg('input', () => RecordHomeCheckInput) input: RecordHomeCheckInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return recordHomeCheck(desk.services, writeRequest(desk, 'recordHomeCheck', input), input);
  }

  @Mutation(() => ReturnCasePayloadType, { description: 'Destination: confirms a row that the origin imported from its own ledger; only then does the row open the person.' })
  confirmReturn(@Arg('input', () => ReturnStepInput) input: ReturnStepInput, @Ctx() desk: Desk): Promise<ReturnOutcome> {
    return confirmReturn(desk.services, writeRequest(desk, 'confirmReturn', input), input);
  }

  @FieldResolver(() => ReturnCaseType, { nullable: true, description: 'The case, read back under the policy of now.' })
  returnCase(@Root() payload: ReturnCasePayloadType, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.findById('ReturnCase', payload.caseId, info);
  }
}
