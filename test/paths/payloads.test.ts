import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { buildPublishedSchema } from '../../src/ledgers/schema.js';
import { restoreTables, saveTables } from '../support/saved-tables.js';
import { tryMutation } from './check-payloads.js';
import { closeHouse, openHouse } from './open-house.js';
import type { House } from './session.js';
import { STEPS } from './steps.js';

/** Every mutation × every cell of what it gives back × every kind of agency: a payload is read like everything else, when a key is used again too. */

let house: House;
beforeAll(async () => {
  house = await openHouse(['payload']);
  await saveTables(house.owner);
});
beforeEach(() => restoreTables(house.owner));
afterAll(() => closeHouse(house));

const tried: string[] = [];

test.each(Object.entries(STEPS))('%s gives back what the reference gives of the record as it then stands, and to nobody else anything', async (name, step) => {
  const { done, problems } = await tryMutation(house, name, step);
  expect(problems).toEqual([]);
  expect(done.size).toBeGreaterThan(0);
  tried.push(name);
});

test('nothing is left out: every payload × cell × kind that the schema and the catalogue have', () => {
  expect(tried.toSorted()).toEqual(Object.keys(buildPublishedSchema().getMutationType()?.getFields() ?? {}).toSorted());
  expect(house.coverage.missing).toEqual([]);
  const { line, total } = house.coverage;
  expect(line).toBe(`${total} of ${total} (path × cell × kind) covered`);
});
