import { Args, Ctx, Info, Query, Resolver } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { ListRules } from '../disclosure/filters.js';
import { AtRiskEntryConnection } from './at-risk/at-risk.type.js';
import { PageArgs } from './connections.js';
import type { Desk } from './workbench.js';

const IN_ORDER_OF_ID: ListRules = { filters: {}, orders: {}, defaultOrder: [] };

/** The ledgers that are stored and readable, and not yet written by their own operations. */
@Resolver()
export class OtherLedgersResolver {
  @Query(() => AtRiskEntryConnection, { description: 'The at-risk-of-wandering registry 易流浪走失人员信息库.' })
  atRiskEntries(@Args(() => PageArgs) args: PageArgs, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.list('AtRiskEntry', IN_ORDER_OF_ID, args, info);
  }
}
