import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { DivisionLevel } from '../../kernel/viewer.js';
import { DivisionLevelEnum } from '../enums.js';
import { DateScalar, DateTimeScalar } from '../scalars.js';

@ObjectType('StatisticPart', { description: 'One count. `count` is null where it is not shown: it is small (zero included), or a small one would follow from it.' })
export class StatisticPartType {
  @Field(() => String) part!: string;
  @Field(() => String) title!: string;
  @Field(() => Int, { nullable: true }) count!: number | null;
}

@ObjectType('StatisticRate', { description: 'A rate as its exact fraction; shown only where both counts are.' })
export class StatisticRateType {
  @Field(() => String) rate!: string;
  @Field(() => String) title!: string;
  @Field(() => Int, { nullable: true }) done!: number | null;
  @Field(() => Int, { nullable: true }) of!: number | null;
  @Field(() => Float, { nullable: true, description: 'To one place, rounded down: what is not reached is not shown as reached.' }) percent!: number | null;
  @Field(() => Int, { nullable: true, description: 'What the rule asks for, percent; null where it asks for none.' }) atLeast!: number | null;
}

@ObjectType('StatisticFigures', { description: 'What was counted of one measure in one place.' })
export class StatisticFiguresType {
  @Field(() => String, { description: 'As `policies/statistics.yaml` names it.' }) measure!: string;
  @Field(() => String) title!: string;
  @Field(() => String, { nullable: true, description: 'Of the measure DUTIES: the step, as `policies/deadlines.yaml` names it.' }) step!: string | null;
  @Field(() => [StatisticPartType]) parts!: StatisticPartType[];
  @Field(() => [StatisticRateType]) rates!: StatisticRateType[];
}

@ObjectType('StatisticPlace', { description: 'The figures of one place.' })
export class StatisticPlaceType {
  @Field(() => String) division!: string;
  @Field(() => String) name!: string;
  @Field(() => DivisionLevelEnum) level!: DivisionLevel;
  @Field(() => Boolean, { description: 'Only what lies in no division below: 本级.' }) own!: boolean;
  @Field(() => [StatisticFiguresType]) figures!: StatisticFiguresType[];
}

@ObjectType('Statistics', { description: 'Figures of an ended period 统计: counted once, on the release day after it, and the same for everybody ever after.' })
export class StatisticsType {
  @Field(() => String) period!: string;
  @Field(() => DateScalar) from!: string;
  @Field(() => DateScalar, { description: 'Last day of the period.' }) to!: string;
  @Field(() => DateTimeScalar, { description: 'What was entered until then is counted.' }) closedAt!: string;
  @Field(() => StatisticPlaceType) total!: StatisticPlaceType;
  @Field(() => [StatisticPlaceType], { description: 'By division below, down to the county, and what the division counts for itself.' }) children!: StatisticPlaceType[];
}
