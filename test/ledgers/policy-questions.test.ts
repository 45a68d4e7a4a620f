import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AGENCY_KINDS } from '../../src/kernel/viewer.js';
import { startHub, type TestHub } from '../support/hub.js';
import { world } from '../support/world.js';

/** Who may ask what the policy gives to others: data authorities and sharing officers; everybody else about itself. */
let hub: TestHub;
beforeAll(async () => { hub = await startHub(); });
afterAll(() => hub.stop());

describe.each(Object.keys(world.agencies))('%s', (agency) => {
  const own = world.agencies[agency]?.kind;
  const mayAsk = own === 'DATA_AUTHORITY';

  test.each(AGENCY_KINDS)('asks for the matrix of a %s', async (kind) => {
    const { data, errors } = await hub.ask<{ policyMatrix: { kind: string }[] }>(agency, {}, `{ policyMatrix(kind: ${kind}) { kind } }`);
    // A kind that sees nothing has no line of its own.
    const code = errors[0]?.extensions.code ?? [...new Set(data?.policyMatrix.map((cell) => cell.kind))].join();
    expect([agency, kind, code]).toEqual([agency, kind, kind === own || mayAsk ? kind : 'FORBIDDEN']);
  });

  test('asks what a field would need of others', async () => {
    const kind = AGENCY_KINDS.find((other) => other !== own);
    const { errors } = await hub.ask(agency, {}, `{ explainField(record: "Person", field: "name", kind: ${kind}) { wouldNeed } }`);
    expect([agency, errors[0]?.extensions.code ?? 'open']).toEqual([agency, mayAsk ? 'open' : 'FORBIDDEN']);
  });
});

test('a sharing officer asks for any kind', async () => {
  const { errors } = await hub.ask('station-320281', { roles: ['SHARING_OFFICER'] }, '{ policyMatrix(kind: HEALTH) { kind } explainField(record: "Person", field: "name", kind: HEALTH) { wouldNeed } }');
  expect(errors).toEqual([]);
});
