import { Args, ArgsType, Ctx, Field, Info, Query, Resolver } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { ListRules } from '../../disclosure/filters.js';
import { PageArgs } from '../connections.js';
import type { Desk } from '../workbench.js';
import { InboxItemConnection, InboxItemFilterInput } from './inbox.type.js';

/** The next to end comes first. */
const INBOX_RULES: ListRules = {
  filters: {
    kind: { cells: ['kind'], sql: (value, t, bind) => `${t}.kind = ${bind.bind(String(value), 'text')}` },
    step: { cells: ['step'], sql: (value, t, bind) => `${t}.step = ANY (${bind.bindList(value as string[], 'text')})` },
    record: { cells: ['record'], sql: (value, t, bind) => `${t}.record = ${bind.bind(String(value), 'text')}` },
    overdue: { cells: ['overdue'], sql: (value, t) => (value === true ? `${t}.overdue` : `NOT ${t}.overdue`) },
    dueBy: { cells: ['dueOn'], sql: (value, t, bind) => `${t}.due_on <= ${bind.bind(String(value), 'date')}` },
  },
  orders: { DUE_AT: { cell: 'dueAt', sql: (t) => `${t}.due_at`, type: 'timestamptz' } },
  defaultOrder: [{ field: 'DUE_AT', direction: 'ASC' }],
};

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
}
