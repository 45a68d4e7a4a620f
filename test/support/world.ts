import { join } from 'node:path';
import { readWorld, type World } from '../../src/cli/world-files.js';
import { packageRoot } from '../../src/kernel/package-root.js';

export { getPerson, subjectOf, worldId, type World, type WorldCase, type WorldPerson, type WorldRecord } from '../../src/cli/world-files.js';

/** Folder of the named small world. */
export const WORLD_FOLDER = join(packageRoot(), 'test', 'world');

const VARIABLE = 'TEST_WORLD';
/** Linux takes no longer variable than 128 KiB. */
const LONGEST_VARIABLE = 120_000;
const known = process.env[VARIABLE];

/** The world as its files say it. Records by name, agencies by code; ids by `worldId('case', 'lin-guilai-from-tianjin')`. */
export const world: World = known === undefined ? readWorld(WORLD_FOLDER) : JSON.parse(known) as World;

/** Lets the processes of a test run have the world as it was read once: reading its files takes each suite 0.3 s. */
export function announceWorld(): void {
  const text = JSON.stringify(world);
  if (Buffer.byteLength(text) < LONGEST_VARIABLE) process.env[VARIABLE] = text;
}

/** The clock of every test. */
export const WORLD_NOW = new Date(world.now);
