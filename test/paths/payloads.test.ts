import { expect, test } from '@jest/globals';
import { buildPublishedSchema } from '../../src/ledgers/schema.js';
import { tryMutation } from './check-payloads.js';
import type { Coverage } from './coverage.js';
import { closeHouse, openHouse } from './open-house.js';
import { STEPS } from './steps.js';

/** Every mutation × every cell of what it gives back × every kind of agency: a payload is read like everything else, when a key is used again too. */

const tried: string[] = [];
let coverage: Coverage | undefined;

test.each(Object.entries(STEPS))('%s gives back what the reference gives of the record as it then stands, and to nobody else anything', async (name, step) => {
  const house = await openHouse(['payload']);
  try {
    coverage ??= house.coverage;
    const { done, problems } = await tryMutation({ ...house, coverage }, name, step);
    expect(problems).toEqual([]);
    expect(done.size).toBeGreaterThan(0);
    tried.push(name);
  } finally {
    await closeHouse(house);
  }
});

test('nothing is left out: every payload × cell × kind that the schema and the catalogue have', () => {
  expect(tried.toSorted()).toEqual(Object.keys(buildPublishedSchema().getMutationType()?.getFields() ?? {}).toSorted());
  expect(coverage?.missing).toEqual([]);
  expect(coverage?.line).toBe(`${coverage?.total} of ${coverage?.total} (path × cell × kind) covered`);
});
