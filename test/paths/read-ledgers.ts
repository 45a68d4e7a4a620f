import type { Client } from 'pg';
import type { Catalogue } from '../../src/policy/catalogue.js';
import type { Policy } from '../../src/policy/language.js';
import { readFacts } from '../support/facts.js';
import { testKeyRing } from '../support/test-keys.js';
import { WORLD_NOW } from '../support/world.js';
import { asking } from './askers.js';
import { readRaw, requireMasks } from './raw-values.js';
import type { Ledgers } from './decided-view.js';

/** Record types that exist only as released answers. */
const ANSWERS = ['ReturneeCheck'];

/** The raw tables as they stand now, as the reference and the comparisons take them. */
export async function readLedgers(owner: Client, policy: Policy, catalogue: Catalogue): Promise<Ledgers> {
  const shapes = [...catalogue.records.values()];
  requireMasks(shapes);
  return { policy, catalogue, facts: await readFacts(owner, shapes, WORLD_NOW), raw: await readRaw(owner, catalogue, testKeyRing, asking('civil-000000', null), ANSWERS) };
}
