import { Field, ID, ObjectType } from 'type-graphql';
import type { AgencyKind, DivisionLevel } from '../../kernel/viewer.js';
import { NodeType } from '../connections.js';
import { AgencyKindEnum, DivisionLevelEnum } from '../enums.js';

@ObjectType('Division', { description: 'An administrative division, GB/T 2260 (6 digits) or statistical township code (9).' })
export class DivisionType {
  @Field() code!: string;
  @Field() name!: string;
  @Field(() => DivisionLevelEnum) level!: DivisionLevel;
  @Field(() => DivisionType, { nullable: true }) parent?: DivisionType;
}

@ObjectType('Agency', { implements: NodeType, description: 'A body that takes part in the hub.' })
export class AgencyType extends NodeType {
  @Field(() => ID) override id!: string;
  @Field() code!: string;
  @Field() name!: string;
  @Field(() => AgencyKindEnum) kind!: AgencyKind;
  @Field(() => DivisionLevelEnum) level!: DivisionLevel;
  @Field(() => DivisionType) division!: DivisionType;
  @Field(() => String, { nullable: true }) phone?: string;
}
