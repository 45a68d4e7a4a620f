import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readConfig } from '../../src/config.js';
import { perform, type WriteTransaction } from '../../src/disclosure/perform.js';
import { Refusal } from '../../src/kernel/errors.js';
import { newCaseNo, newVersion } from '../../src/ledgers/identifiers.js';
import { assembleHub, type HubParts } from '../../src/server/start-hub.js';
import { askAs } from '../support/asking.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { withClient } from '../support/test-server.js';
import { world, worldId } from '../support/world.js';

/** Whatever a ledger does inside a write, the policy is asked of the record as it was and as it then stands; else nothing is kept. */
let database: TestDatabase;
let parts: HubParts;
beforeAll(async () => {
  database = await createTestDatabase();
  parts = await assembleHub(readConfig({ GUITU_NOW: world.now }), database.keyRing, database.hub);
});
afterAll(async () => {
  await parts.pools.end();
  await database.drop();
});

const [NAME = ''] = Object.entries(world.cases).find(([, { origin, destination, state }]) => origin === 'station-320281' && destination === 'station-120000' && state === 'SENT') ?? [];
const caseId = worldId('case', NAME);

const rowOf = async (): Promise<string> => withClient(database.admin, async (owner) => (await owner.query<{ text: string }>('SELECT c::text AS text FROM guitu.return_cases c WHERE id = $1', [caseId])).rows[0]?.text ?? '');
const countOf = async (): Promise<number> => withClient(database.admin, async (owner) => Number((await owner.query<{ n: string }>('SELECT count(*) AS n FROM guitu.return_cases')).rows[0]?.n));

/** `done`, or the refusal's code and field. */
async function tryWrite(agency: string, operation: string, change: (write: WriteTransaction) => Promise<void>): Promise<[string, string | undefined]> {
  const context = { ...askAs(agency, 'RETURN'), idempotencyKey: randomUUID() };
  try {
    await perform(parts.services, { context, policy: parts.policy.policy, lens: parts.policy.lensFor(context), operation, input: {} } as Parameters<typeof perform>[1], async (write) => {
      await change(write);
      return {};
    });
    return ['done', undefined];
  } catch (error) {
    if (error instanceof Refusal) return [error.code, error.detail.field];
    throw error;
  }
}

const update = (set: string) => async (write: WriteTransaction): Promise<void> => {
  await write.open('ReturnCase', caseId, 'c.id', 'input.id');
  await write.query(`UPDATE guitu.return_cases SET ${set} WHERE id = $1`, [caseId]);
  await write.settle('ReturnCase', [caseId], 'return.tried');
};

describe('a write', () => {
  test('that sets a cell outside its rule is refused by the name of the cell, and nothing of it is kept', async () => {
    const before = await rowOf();
    expect(await tryWrite('station-320281', 'acknowledgeReturn', update("notice_no = '改动'"))).toEqual(['FORBIDDEN', 'noticeNo']);
    expect(await rowOf()).toBe(before);
  });

  test('by whoever stands in no relation of its rule is refused before anything is changed', async () => {
    const before = await rowOf();
    expect((await tryWrite('station-120000', 'acknowledgeReturn', update("state = 'ACKNOWLEDGED'")))[0]).toBe('TRANSITION_NOT_ALLOWED');
    expect(await rowOf()).toBe(before);
  });

  test('that leaves a record in which its writer does not stand as the rule asks is refused', async () => {
    const before = await countOf();
    const asAnother = async (write: WriteTransaction): Promise<void> => {
      const { viewer, now } = write.context;
      const [row] = await write.query<{ id: string }>(
        `INSERT INTO guitu.return_cases (version, case_no, state, person_id, destination_agency, destination_division, origin_agency, origin_division, author_agency, sent_at, provisional, changed_at)
         VALUES ($1, $2, 'SENT', guitu.link_person(NULL, NULL, NULL, NULL), $3, $6, $4, '320281', $4, $5, FALSE, $5) RETURNING id`,
        [newVersion(), newCaseNo(), viewer.agencyId, worldId('agency', 'station-320281'), now, viewer.division]);
      await write.settle('ReturnCase', [row?.id ?? ''], 'return.sent');
    };
    expect((await tryWrite('station-120000', 'sendReturnNotice', asAnother))[0]).toBe('FORBIDDEN');
    expect(await countOf()).toBe(before);
  });

  test('within its rule is done', async () => {
    expect(await tryWrite('station-320281', 'acknowledgeReturn', update(`state = 'ACKNOWLEDGED', version = ${newVersion()}`))).toEqual(['done', undefined]);
    expect(await rowOf()).toContain('ACKNOWLEDGED');
  });
});
