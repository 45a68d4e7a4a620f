import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { PURPOSES, type Asking } from '../../src/kernel/viewer.js';
import type { Lens } from '../../src/policy/compile.js';
import { gate, purposesOf } from '../../src/policy/gate.js';
import { PolicyInForce } from '../../src/policy/store.js';
import { findRefusal } from '../../src/server/format-error.js';
import { Hub } from '../../src/server/hub.js';
import { askAs } from '../support/asking.js';
import { startHub, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';
import { world } from '../support/world.js';
import { leastDocuments } from './least-document.js';
import { openLens } from './unguarded.js';

/** The belt of operations alone: the lens hides nothing and allows every write, and row-level security is off. */
class OpenPolicy extends PolicyInForce {
  override lensFor(asking: Asking): Lens {
    return openLens(super.lensFor(asking));
  }
}

const AGENCIES = Object.keys(world.agencies);
let hub: TestHub;
let open: Hub;
beforeAll(async () => {
  hub = await startHub();
  await withClient(hub.database.admin, async (owner) => {
    const { rows } = await owner.query<{ name: string }>("SELECT relname AS name FROM pg_class WHERE relnamespace = 'guitu'::regnamespace AND relrowsecurity");
    for (const { name } of rows) await owner.query(`ALTER TABLE guitu.${name} DISABLE ROW LEVEL SECURITY`);
  });
  const { schema, pools, services, recorder, policy } = hub.parts;
  const shipped = new OpenPolicy(policy.policy, policy.catalogue);
  open = new Hub({ schema, reader: pools.reader, services, recorder, policy: () => shipped });
});
afterAll(() => hub.stop());

describe('with the lens open and row-level security off', () => {
  test.each(AGENCIES)('%s gets nothing, and changes nothing, by an operation that its kind may not carry out', async (agency) => {
    const documents = [...leastDocuments(hub.parts.schema)].map(([name, text]) => ({ name, document: parse(text) }));
    const served: string[] = [];
    let refused = 0;
    for (const purpose of [null, ...purposesOf(hub.parts.policy.policy, askAs(agency, null).viewer, askAs(agency, null).now)]) {
      const context = askAs(agency, purpose);
      for (const { name, document } of documents) {
        const refusal = gate(hub.parts.policy.policy, context, name);
        if (!refusal) continue;
        refused += 1;
        const { data, errors = [] } = await open.execute({ document, operationName: null, variables: {}, context: { ...context, idempotencyKey: `${agency}-${purpose}-${name}` } });
        const shown = Object.values((data ?? {}) as object).filter((value) => value !== null);
        if (shown.length > 0 || errors.some((error) => findRefusal(error)?.code !== refusal.code)) served.push(`${purpose} ${name}`);
      }
    }
    expect(served).toEqual([]);
    expect(refused).toBeGreaterThan(PURPOSES.length);
  });

  test('a station then reads every case of the country by an operation that it may carry out: the other two belts are really off', async () => {
    const { data } = await open.execute({ document: parse('{ returnCases { totalCount } }'), operationName: null, variables: {}, context: askAs('station-320281', 'RETURN') });
    expect(JSON.parse((data as { returnCases: { text: string } }).returnCases.text)).toEqual({ totalCount: Object.keys(world.cases).length });
  });
});
