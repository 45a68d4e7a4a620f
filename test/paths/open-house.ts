import { Client } from 'pg';
import { clientConfig } from '../../src/db/pools.js';
import { buildPublishedSchema } from '../../src/ledgers/schema.js';
import { startHub } from '../support/hub.js';
import { Coverage } from './coverage.js';
import { knownPositions } from './known-positions.js';
import type { PathKind } from './path-kinds.js';
import { readLedgers } from './read-ledgers.js';
import type { House } from './session.js';
import { STEPS } from './steps.js';
import { TellingTexts } from './telling-texts.js';
import { walkSchema } from './walk-schema.js';

/** A hub of its own, with everything that is needed to check paths on it. @param offer puts another policy in force first */
export async function openHouse(kinds: readonly PathKind[], offer?: (hub: House['hub']) => Promise<void>): Promise<House> {
  const hub = await startHub();
  await offer?.(hub);
  const owner = new Client(clientConfig(hub.database.admin));
  await owner.connect();
  const schema = buildPublishedSchema();
  const known = knownPositions(schema, Object.keys(STEPS));
  const { policy } = hub.parts.policy;
  const walk = walkSchema(schema, known, policy.operations.keys());
  const ledgers = await readLedgers(owner, policy, known.catalogue);
  return { hub, owner, schema, walk, ledgers, texts: new TellingTexts(known.catalogue, ledgers.raw), coverage: new Coverage(walk, known.catalogue, kinds) };
}

export async function closeHouse({ hub, owner }: House): Promise<void> {
  await owner.end();
  await hub.stop();
}
