import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { Desk } from '../workbench.js';
import { readStatistics } from './statistics.reading.js';
import { StatisticsType } from './statistics.type.js';

@Resolver()
export class StatisticsResolver {
  @Query(() => StatisticsType, { description: 'Figures of a division in the asker\'s area, and of those below it, in a month (2026-10), quarter (2026-Q4) or year (2026) that is released. Counts below 5, and what they would follow from, are shown to nobody.' })
  statistics(@Arg('division', () => String) division: string, @Arg('period', () => String) period: string, @Ctx() desk: Desk): Promise<StatisticsType> {
    return readStatistics(desk, division, period);
  }
}
