import { Args, ArgsType, Ctx, Field, Info, Query, Resolver } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { PageArgs } from '../connections.js';
import type { Desk } from '../workbench.js';
import { INBOX_RULES } from './inbox.filters.js';
import { countInbox } from './inbox.counts.js';
import { InboxCountType, InboxItemConnection, InboxItemFilterInput } from './inbox.type.js';

@ArgsType()
class InboxArgs extends PageArgs {
  @Field(() => InboxItemFilterInput, { nullable: true }) filter?: InboxItemFilterInput;
}

@Resolver()
export class InboxResolver {
  @Query(() => InboxItemConnection, { description: 'What waits for the asking agency, the next to end first; `totalCount` with a filter counts it. Needs a purpose that the agency may state, and no matter.' })
  inbox(@Args(() => InboxArgs) args: InboxArgs, @Ctx() desk: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return desk.reader.list('InboxItem', INBOX_RULES, { ...args, filter: args.filter && { ...args.filter } }, info);
  }

  @Query(() => [InboxCountType], { description: 'What waits for the asking agency, counted by step; it counts what `inbox` lists, the step that ends next first. Needs a purpose that the agency may state, and no matter.' })
  inboxCounts(@Ctx() { reader }: Desk): Promise<InboxCountType[]> {
    return countInbox(reader);
  }
}
