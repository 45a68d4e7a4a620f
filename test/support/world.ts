import { join } from 'node:path';
import { readWorld, type World } from '../../src/cli/world-files.js';
import { packageRoot } from '../../src/kernel/package-root.js';

export { getPerson, subjectOf, worldId, type World, type WorldCase, type WorldPerson, type WorldRecord } from '../../src/cli/world-files.js';

/** Folder of the named small world. */
export const WORLD_FOLDER = join(packageRoot(), 'test', 'world');

/** The world as its files say it. Records by name, agencies by code; ids by `worldId('case', 'lin-guilai-from-tianjin')`. */
export const world: World = readWorld(WORLD_FOLDER);

/** The clock of every test. */
export const WORLD_NOW = new Date(world.now);
