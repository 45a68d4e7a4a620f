import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Info, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Arguments } from '../disclosure/statement.js';
import { purposesOf } from '../policy/gate.js';
import type { Purpose, Role } from '../kernel/viewer.js';
import { AgencyType, DivisionType } from './agencies/agencies.type.js';
import { RECORD_OF_PREFIX } from './ledger-catalogue.js';
import { NodeType } from './connections.js';
import { rangeOfCode } from './division-filter.js';
import { PurposeEnum, RoleEnum } from './enums.js';
import { findIdParts } from './identifiers.js';
import type { Desk } from './workbench.js';

@ObjectType('Viewer', { description: 'Who is asking, as the hub has looked it up.' })
export class ViewerType {
  @Field(() => [RoleEnum]) roles!: Role[];
  @Field(() => [PurposeEnum], { description: 'Purposes that the agency may state.' }) purposes!: Purpose[];
  @Field(() => PurposeEnum, { nullable: true }) purpose?: Purpose | null;
  @Field(() => String, { nullable: true }) matter?: string | null;
  @Field(() => String, { description: 'Version of the policy in force: the hash of its files.' }) policy!: string;
}

@ArgsType()
class DirectoryArgs {
  @Field(() => [String], { nullable: true }) codes?: string[];
  @Field(() => String, { nullable: true }) within?: string;
}

@Resolver(() => ViewerType)
export class ViewerResolver {
  @Query(() => ViewerType)
  viewer(@Ctx() { context, policy }: Desk): ViewerType {
    return { roles: [...context.viewer.roles], purposes: purposesOf(policy.policy, context.viewer, context.now), purpose: context.purpose, matter: context.matter, policy: policy.policy.hash };
  }

  @FieldResolver(() => AgencyType)
  agency(@Root() _viewer: ViewerType, @Ctx() { reader, context }: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return reader.findReference('Agency', 'id', context.viewer.agencyId, info);
  }

  @Query(() => NodeType, { nullable: true, description: 'Any record by its global id; null where there is none, or none that the asker may see.' })
  node(@Arg('id', () => ID) id: string, @Ctx() { reader }: Desk, @Info() info: GraphQLResolveInfo): unknown {
    const parts = findIdParts(id);
    if (!parts) return null;
    if (parts.prefix === 'ag') return reader.findReference('Agency', 'id', parts.uuid, info);
    const record = RECORD_OF_PREFIX.get(parts.prefix);
    return record ? reader.findById(record, parts.uuid, info) : null;
  }

  @Query(() => [AgencyType], { description: 'The public directory of agencies, in order of code; at most 200. `within` is a division code.' })
  agencies(@Args(() => DirectoryArgs) { codes, within }: DirectoryArgs, @Ctx() { reader }: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return reader.listReferences('Agency', (t, bind) => directoryCondition(`${t}.code`, `${t}.division`, { codes, within }, bind), info);
  }

  @Query(() => [DivisionType], { description: 'Administrative divisions, in order of code; at most 200. `within` gives what lies in a division, itself included.' })
  divisions(@Args(() => DirectoryArgs) { codes, within }: DirectoryArgs, @Ctx() { reader }: Desk, @Info() info: GraphQLResolveInfo): unknown {
    return reader.listReferences('Division', (t, bind) => directoryCondition(`${t}.code`, `${t}.code`, { codes, within }, bind), info);
  }
}

function directoryCondition(code: string, division: string, { codes, within }: DirectoryArgs, bind: Arguments): string {
  const parts = ['TRUE'];
  if (codes) parts.push(`${code} = ANY (${bind.bindList(codes, 'text')})`);
  if (within) {
    const [from, until] = rangeOfCode(within, 'within');
    parts.push(`${division} >= ${bind.bind(from, 'text')} AND ${division} < ${bind.bind(until, 'text')}`);
  }
  return parts.join(' AND ');
}
