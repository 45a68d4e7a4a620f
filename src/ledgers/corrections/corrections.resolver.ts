import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { PageArgs } from '../connections.js';
import { writeRequest, type Desk } from '../workbench.js';
import { answerCorrection, requestCorrection, type CorrectionOutcome } from './corrections.commands.js';
import { CORRECTION_RULES } from './corrections.filters.js';
import { AnswerCorrectionInput, CorrectionConnection, CorrectionFilterInput, CorrectionPayloadType, CorrectionType, RequestCorrectionInput } from './corrections.type.js';

@ArgsType()
class CorrectionArgs extends PageArgs {
  @Field(() => CorrectionFilterInput, { nullable: true }) filter?: CorrectionFilterInput;
}

@Resolver()
export class CorrectionQueries {
  @Query(() => CorrectionConnection, { description: 'Corrections that the asking agency has asked for, and those that it has to answer; the next to be answered first.' })
  corrections(@Args(() => CorrectionArgs) args: CorrectionArgs, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.list('Correction', CORRECTION_RULES, { ...args, filter: args.filter && { ...args.filter } }, info);
  }
}

@Resolver(() => CorrectionPayloadType)
export class CorrectionMutations {
  @Mutation(() => CorrectionPayloadType, { description: 'Whoever holds a field in full: reports it wrong. Its provider owes an answer within 10 working days (政务数据共享条例 art. 26).' })
  requestCorrection(@Arg('input', () => RequestCorrectionInput) input: RequestCorrectionInput, @Ctx() desk: Desk): Promise<CorrectionOutcome> {
    return requestCorrection(desk.services, writeRequest(desk, 'requestCorrection', input), input);
  }

  @Mutation(() => CorrectionPayloadType, { description: 'Provider: it has been put right, and all who were given it are told; or it stands, with the reason.' })
  answerCorrection(@Arg('input', () => AnswerCorrectionInput) input: AnswerCorrectionInput, @Ctx() desk: Desk): Promise<CorrectionOutcome> {
    return answerCorrection(desk.services, writeRequest(desk, 'answerCorrection', input), input);
  }

  @FieldResolver(() => CorrectionType, { nullable: true, description: 'The correction, read back under the policy of now.' })
  correction(@Root() payload: CorrectionPayloadType, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.findById('Correction', payload.correctionId, info);
  }
}
