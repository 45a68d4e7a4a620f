import { readAs } from '../../disclosure/run.js';
import { addDays, formatInstant } from '../../kernel/dates.js';
import { isWithin } from '../../kernel/divisions.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import type { DivisionLevel } from '../../kernel/viewer.js';
import { allows } from '../../policy/gate.js';
import { FAMILIES, PART_TITLES, partsOf, type Family, type Rate } from '../measures.js';
import type { Desk } from '../workbench.js';
import { lastMonthOf, parsePeriod, type Period } from './periods.js';
import { ownOf } from './places.js';
import { STEP_PREFIX } from './statistics.closing.js';
import type { StatisticFiguresType, StatisticPlaceType, StatisticRateType, StatisticsType } from './statistics.type.js';

interface Place extends Record<string, unknown> { code: string; name: string; level: DivisionLevel }
type Figures = ReadonlyMap<string, number>;

/**
 * What is shown of a division and those below it in a closed period. Nothing is counted here, and the request's roles can read nothing but figures that are shown.
 * @throws Refusal BAD_USER_INPUT `period` where it is none or not released, `division` where there is none or it lies below the county; FORBIDDEN `division` outside the asker's area
 */
export async function readStatistics({ context, policy, reader, services }: Desk, divisionText: string, periodText: string): Promise<StatisticsType> {
  const period = parsePeriod(periodText);
  const ask = <Row extends Record<string, unknown>>(text: string, values: readonly (string | null)[]): Promise<Row[]> => readAs(reader.services.reader, context, { text, values }) as Promise<Row[]>;
  const division = await services.directory.getDivision({ query: (text, values = []) => ask(text, values.map(String)) }, divisionText, 'division');
  if (!isWithin(division.code, context.viewer.areas)) throw new Refusal('FORBIDDEN', { field: 'division', zh: '不在本单位的辖区内', en: 'it does not lie in your area' });
  if (division.level === 'TOWNSHIP') throw badInput('division', '统计到县一级为止', 'figures go down to the county');
  const [closed] = await ask<{ at: Date }>('SELECT closed_at AS at FROM guitu.statistics_periods WHERE period = $1', [period.name]);
  if (!closed) throw badInput('period', '这一期还没有结束，或尚未公布', 'the period has not ended, or is not released');
  const below = division.level === 'COUNTY' ? [] : await ask<Place>(BELOW, [division.code, period.first]);
  const places: (Place & { own: boolean })[] = [{ ...division, own: false }, ...below.map((place) => ({ ...place, own: false })), ...(division.level === 'COUNTY' ? [] : [{ ...division, name: `${division.name}本级`, own: true }])];
  const rows = await ask<{ period: string; measure: string; division: string; figure: number }>(
    'SELECT period, measure, division, figure FROM guitu.statistics_figures WHERE period = ANY (string_to_array($1, \',\')) AND division = ANY (string_to_array($2, \',\'))', [[period.name, lastMonthOf(period).name].join(','), places.map(keyOf).join(',')]);
  const figures = new Map(rows.map((row) => [`${row.measure}|${row.division}|${row.period}`, row.figure]));
  const families = FAMILIES.filter(({ measure }) => allows(policy.policy.statistics.get(measure)?.allowed ?? [], context));
  const [total, ...children] = places.map((place) => placeOf(place, families, period, figures, (measure) => policy.policy.statistics.get(measure)?.title ?? measure, stepsIn(rows), (step) => policy.policy.deadlines.get(step)?.title ?? step));
  if (!total) throw new Error('a division is its own total');
  reader.tally.count(`statistics ${division.code} ${period.name}`, rows.length);
  return { period: period.name, from: period.first, to: addDays(period.end, -1), closedAt: formatInstant(closed.at), total, children };
}

const keyOf = ({ code, own }: Place & { own: boolean }): string => (own ? ownOf(code) : code);

/** Divisions one level down that were in force in the period, over rows that only group codes. */
const BELOW = `
WITH RECURSIVE down AS (
  SELECT code, name, level, valid_until FROM guitu.divisions WHERE parent = $1
  UNION ALL SELECT d.code, d.name, d.level, d.valid_until FROM guitu.divisions d JOIN down ON d.parent = down.code AND down.name IN ('市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划')
) SELECT code, name, level FROM down WHERE level <> 'TOWNSHIP' AND name NOT IN ('市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划') AND (valid_until IS NULL OR valid_until > $2::date) ORDER BY code`;

const stepsIn = (rows: readonly { measure: string }[]): string[] => [...new Set(rows.filter(({ measure }) => measure.startsWith(STEP_PREFIX)).map(({ measure }) => measure.split('.')[1] ?? ''))].toSorted();

function placeOf(place: Place & { own: boolean }, families: readonly Family[], period: Period, figures: Figures, titleOf: (measure: string) => string, steps: readonly string[], stepTitle: (step: string) => string): StatisticPlaceType {
  const figuresOf = (family: Family, name: string, title: string, step: string | null): StatisticFiguresType => {
    const countOf = (part: string): number | null => figures.get(`${name}.${part}|${keyOf(place)}|${(family.flow ? period : lastMonthOf(period)).name}`) ?? null;
    return { measure: family.measure, title, step, parts: partsOf(family).map((part) => ({ part, title: PART_TITLES[part] ?? part, count: countOf(part) })), rates: family.rates.map((rate) => rateOf(rate, countOf)) };
  };
  return {
    division: place.code, name: place.name, level: place.level, own: place.own,
    figures: families.flatMap((family) => (family.byStep ? steps.map((step) => figuresOf(family, `${STEP_PREFIX}${step}`, stepTitle(step), step)) : [figuresOf(family, family.measure, titleOf(family.measure), null)])),
  };
}

function rateOf({ rate, title, done, of, atLeast }: Rate, countOf: (part: string) => number | null): StatisticRateType {
  const [numerator, denominator] = [countOf(done), countOf(of)];
  const both = numerator !== null && denominator !== null;
  return { rate, title, done: both ? numerator : null, of: both ? denominator : null, percent: both ? Math.floor((1_000 * numerator) / denominator) / 10 : null, atLeast: atLeast ?? null };
}
