import fc from 'fast-check';
import { addDays } from '../../src/kernel/dates.js';
import type { Attribute, Catalogue, RecordShape } from '../../src/policy/catalogue.js';
import type { Draft } from './draft-policy.js';
import { TODAY } from './generated-rows.js';
import { ROW_DIVISIONS } from './roster.js';

const one = <Value>(values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values);

/** Days to compare with, relative and absolute; absolute ones only of dates. */
const relativeDay = fc.oneof(fc.constant('today'), fc.tuple(one(['+', '-']), one(['1 days', '3 days', '12 months', '1 months', '18 years', '2 years'])).map(([sign, amount]) => `today ${sign} ${amount}`));
const absoluteDay = fc.integer({ min: -4, max: 4 }).map((days) => addDays(TODAY, days));

const several = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown[]> => fc.uniqueArray(value, { minLength: 1, maxLength: 3, selector: (item) => JSON.stringify(item) });

function comparisonOf(name: string, { type, words }: Attribute): fc.Arbitrary<Draft> {
  const values = {
    agency: fc.constant<unknown>('viewer.agency'), division: fc.oneof(fc.constant<unknown>('viewer.division'), one(ROW_DIVISIONS)), boolean: fc.boolean(), number: fc.nat({ max: 9 }),
    text: words ? fc.oneof({ weight: 9, arbitrary: one<unknown>(words) }, { weight: 1, arbitrary: fc.constant('viewer.kind') }) : fc.oneof({ weight: 4, arbitrary: fc.constant('viewer.matter') }, { weight: 1, arbitrary: one(['GT-00003-AAAAA', "O'Brien", 'viewer.kind']) }),
    date: fc.oneof(relativeDay, absoluteDay), instant: relativeDay,
  }[type] as fc.Arbitrary<unknown>;
  const is = values.map((value): Draft => ({ [name]: { is: value } }));
  const within = fc.constant<Draft>({ [name]: { within: 'viewer.division' } });
  const among = several(values).map((list): Draft => ({ [name]: { in: list } }));
  const before = fc.tuple(one(['before', 'after']), values).map(([key, value]): Draft => ({ [name]: { [key]: value } }));
  if (type === 'division') return fc.oneof({ weight: 4, arbitrary: within }, { weight: 1, arbitrary: is }, { weight: 1, arbitrary: among });
  if (type === 'date' || type === 'instant' || type === 'number') return fc.oneof({ weight: 4, arbitrary: before }, { weight: 1, arbitrary: is }, { weight: 1, arbitrary: among });
  return type === 'text' && words ? fc.oneof({ weight: 1, arbitrary: is }, { weight: 3, arbitrary: among }) : fc.oneof({ weight: 5, arbitrary: is }, { weight: 1, arbitrary: among });
}

/** Conditions over a record: comparisons of its attributes, ways through its links, and both nested in `all`, `any`, `none` and in one mapping. */
export function conditionArbitrary(shape: RecordShape, catalogue: Catalogue, depth = 2): fc.Arbitrary<Draft> {
  const attributes = Object.entries(shape.attributes);
  // What may be unknown decides the hardest cases, so it is read more often: an attribute without a value, and a number that is compared with a matter which was not stated.
  const unknowable = attributes.filter(([, { nullable, type, words }]) => nullable || (type === 'text' && !words));
  const leaf = fc.oneof(
    { weight: 3, arbitrary: one(attributes).chain(([name, attribute]) => comparisonOf(name, attribute)) },
    { weight: 3, arbitrary: one(unknowable.length > 0 ? unknowable : attributes).chain(([name, attribute]) => comparisonOf(name, attribute)) },
  );
  if (depth === 0) return leaf;
  const inner = (): fc.Arbitrary<Draft> => conditionArbitrary(shape, catalogue, depth - 1);
  const group = fc.tuple(one(['all', 'any', 'none']), fc.array(inner(), { minLength: 1, maxLength: 3 })).map(([key, parts]): Draft => ({ [key]: parts }));
  const together = fc.tuple(leaf, leaf).map(([first, second]): Draft => ({ ...first, ...second }));
  const links = Object.entries(shape.links);
  const through = links.length > 0 ? [{
    weight: 4,
    arbitrary: one(links).chain(([name, { record }]) => {
      const target = catalogue.records.get(record);
      return target ? conditionArbitrary(target, catalogue, depth - 1).map((that): Draft => ({ [name]: { some: that } })) : leaf;
    }),
  }] : [];
  return fc.oneof({ weight: 5, arbitrary: leaf }, { weight: 3, arbitrary: group }, { weight: 2, arbitrary: together }, ...through);
}
