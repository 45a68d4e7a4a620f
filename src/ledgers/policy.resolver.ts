import { Arg, Ctx, Field, ID, ObjectType, Query, Resolver } from 'type-graphql';
import type { AgencyKind, DivisionLevel, Purpose, Role } from '../kernel/viewer.js';
import type { Rung } from '../policy/language.js';
import { AgencyKindEnum, DivisionLevelEnum, PurposeEnum, RoleEnum, RungEnum } from './enums.js';
import type { Desk } from './workbench.js';

@ObjectType('PolicyCell', { description: 'What the policy in force gives to a kind of agency, for a purpose, in a field of a record.' })
export class PolicyCellType {
  @Field(() => AgencyKindEnum) kind!: AgencyKind;
  @Field(() => DivisionLevelEnum, { nullable: true }) level?: DivisionLevel | null;
  @Field(() => RoleEnum, { nullable: true }) role?: Role | null;
  @Field(() => PurposeEnum) purpose!: Purpose;
  @Field() record!: string;
  @Field() field!: string;
  @Field(() => String, { nullable: true }) relation?: string | null;
  @Field(() => RungEnum) rung!: Rung;
  @Field() rule!: string;
  @Field(() => String, { nullable: true }) basis?: string | null;
}

@ObjectType('Explanation', { description: 'Why the asker sees, or does not see, a field of a record, and what would be needed. It tells no hidden condition.' })
export class ExplanationType {
  @Field(() => RungEnum) rung!: Rung;
  @Field(() => [String]) because!: string[];
  @Field(() => [String]) wouldNeed!: string[];
}

@Resolver()
export class PolicyResolver {
  @Query(() => [PolicyCellType])
  policyMatrix(@Arg('kind', () => AgencyKindEnum, { nullable: true }) _kind: AgencyKind | undefined, @Arg('purpose', () => PurposeEnum, { nullable: true }) _purpose: Purpose | undefined, @Ctx() _desk: Desk): PolicyCellType[] {
    return [];
  }

  @Query(() => ExplanationType, { nullable: true })
  explain(@Arg('id', () => ID) _id: string, @Arg('field', () => String) _field: string, @Ctx() _desk: Desk): ExplanationType | null {
    return null;
  }
}
