import { Args, Ctx, Info, Query, Resolver } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { ListRules } from '../disclosure/filters.js';
import { PageArgs } from './connections.js';
import { SettlementCaseConnection } from './settlement/settlement.type.js';
import type { Desk } from './workbench.js';

const IN_ORDER_OF_ID: ListRules = { filters: {}, orders: {}, defaultOrder: [] };

/** The ledgers that are stored and readable, and not yet written by their own operations. */
@Resolver()
export class OtherLedgersResolver {
  @Query(() => SettlementCaseConnection, { description: 'Settlement cases 落户安置.' })
  settlementCases(@Args(() => PageArgs) args: PageArgs, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.list('SettlementCase', IN_ORDER_OF_ID, args, info);
  }
}
