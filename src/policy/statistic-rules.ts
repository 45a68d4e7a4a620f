import { cellsOf, type Catalogue } from './catalogue.js';
import type { Audience, Place } from './language.js';
import type { YamlFile } from './yaml-reader.js';

/**
 * The release of counts of one kind: from which cells they are counted, which nobody sees by it; the smallest count that is shown; to whom, under which law. A release speaks of whole
 * divisions and ended periods; complements of what is not shown are hidden by the same rule for everybody (`disclosure/suppress`).
 */
export interface StatisticRule {
  measure: string;
  title: string;
  /** `Record.cell`. */
  counts: string[];
  smallest: number;
  allowed: Audience[];
  basis: string;
  place: Place;
}

export type StatisticRules = ReadonlyMap<string, StatisticRule>;

const KEYS = ['measure', 'title', 'counts', 'smallest', 'allow', 'basis'] as const;

/** Domain §5: counts below 5 are suppressed. A policy may ask for more, never for less. */
export const SMALLEST_COUNT = 5;

/** Reads `statistics.yaml`: by measure. Pure; faults are left in the file. */
export function parseStatistics(file: YamlFile, catalogue: Catalogue, parseAllowed: (node: ReturnType<YamlFile['items']>[number] | undefined) => Audience[]): Map<string, StatisticRule> {
  const rules = new Map<string, StatisticRule>();
  const cells = [...catalogue.records.values()].flatMap((shape) => cellsOf(shape).map((cell) => `${shape.record}.${cell}`));
  for (const item of file.items(file.root, 'the list of statistics')) {
    const entry = file.entries(item, 'a statistic', KEYS, KEYS);
    const measure = file.word(entry.get('measure'), 'measure', catalogue.measures ?? []);
    if (measure === undefined) continue;
    if (rules.has(measure)) file.fault(item, `measure \`${measure}\` stands twice`, 'keep one of the two');
    const smallest = file.number(entry.get('smallest'), '`smallest`');
    if (smallest < SMALLEST_COUNT) file.fault(entry.get('smallest'), `a count of ${smallest} would be shown`, `write ${SMALLEST_COUNT} or more`);
    const allowed = parseAllowed(entry.get('allow'));
    if (allowed.some((audience) => !audience.purposes)) file.fault(item, 'an entry of `allow` names no purpose', 'add `for: [ … ]`');
    rules.set(measure, { measure, title: file.text(entry.get('title'), 'the title'), counts: file.words(entry.get('counts'), 'cell', cells), smallest, allowed, basis: file.text(entry.get('basis'), 'the basis'), place: file.placeOf(item) });
  }
  for (const measure of catalogue.measures ?? []) if (!rules.has(measure)) file.fault(file.root, `measure \`${measure}\` has no rule`, 'add it');
  return rules;
}
