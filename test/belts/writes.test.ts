import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import type { Purpose } from '../../src/kernel/viewer.js';
import { assembleHub, type HubParts } from '../../src/server/start-hub.js';
import { syntheticId } from '../exchange/make-sheet.js';
import { askAs } from '../support/asking.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { withClient } from '../support/test-server.js';
import { world, worldId } from '../support/world.js';
import { openLens, Unguarded } from './unguarded.js';

/** Writes with the shield off: what the policy of the records (`writes`) and row-level security refuse by themselves. */
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

const TABLES = ['return_cases', 'return_transitions', 'registered_households', 'household_members', 'household_matches', 'household_flags', 'persons', 'idempotency_keys', 'outbox'];

/** A digest of everything that an operation could have changed, evidence included. */
const digest = (): Promise<string> => withClient(database.admin, async (owner) => {
  const parts: string[] = [];
  for (const table of [...TABLES.map((name) => `guitu.${name}`), 'guitu_evidence.events']) parts.push(String((await owner.query(`SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS digest FROM ${table} t`)).rows[0]?.digest));
  return parts.join(' ');
});

const NOTICE = `input: { subject: { name: "越权", idNumber: "${syntheticId(4321, '1970-01-01')}" }, noticeNo: "N-1", noticeDate: "2026-11-19", entryDate: "2026-11-18", leaveDate: "2026-11-19", returnMode: SELF, originDivision: "341523" }`;
const stepsOf = (name: string, version: number): string[] => {
  const at = `id: "rc_${worldId('case', name)}", expectedVersion: ${version}`;
  const answer = '{ returnCase { id } }';
  return [
    ...['acknowledgeReturn', 'confirmHome', 'confirmReturn'].map((operation) => `mutation { ${operation}(input: { ${at} }) ${answer} }`),
    ...['disputeReturn', 'refuseReturn', 'recallReturn'].map((operation) => `mutation { ${operation}(input: { ${at}, code: OTHER, text: "x" }) ${answer} }`),
    `mutation { rerouteReturn(input: { ${at}, originDivision: "341523" }) ${answer} }`, `mutation { receiveReturnee(input: { ${at}, receivedOn: "2026-11-19" }) ${answer} }`,
    `mutation { recordHomeCheck(input: { ${at}, checkedOn: "2026-11-19", difficulties: [] }) ${answer} }`,
  ];
};
const FLAGS = Object.keys(world.households).flatMap((no) => ['confirmFlag', 'clearFlag'].map((operation) => `mutation { ${operation}(input: { householdId: "hh_${worldId('household', no)}"${operation === 'clearFlag' ? ', reason: "x"' : ''} }) { __typename } }`));
const REGISTER = `mutation { registerHouseholds(input: { households: [{ householdNo: "JY-9002", headName: "越权", division: "320281100", kind: REGISTERED, members: [{ name: "越权", idNumber: "${syntheticId(4322, '1970-01-01')}" }] }] }) { registered } }`;
const STEPS = Object.entries(world.cases).flatMap(([name, { version }]) => stepsOf(name, version));
const HOUSEHOLDS = [...FLAGS, REGISTER, 'mutation { flagHouseholds(input: {}) { __typename } }'];
const SEND = `mutation { sendReturnNotice(${NOTICE}) { returnCase { id } } }`;

function getEntry<Entry>(entry: Entry | undefined): Entry {
  if (entry === undefined) throw new Error('the world has no such record');
  return entry;
}

let keys = 0;
async function tryAll(unguarded: Unguarded, agency: string, purpose: Purpose, documents: readonly string[]): Promise<Map<string, number>> {
  const codes = new Map<string, number>();
  for (const document of documents) {
    const { codes: [code = 'DONE'] } = await unguarded.ask({ ...askAs(agency, purpose), idempotencyKey: `try-${keys++}` }, document);
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  return codes;
}

const REFUSED = ['FORBIDDEN', 'NOT_FOUND', 'TRANSITION_NOT_ALLOWED', 'STALE_VERSION', 'BAD_USER_INPUT'];
const OUTSIDERS = Object.entries(world.agencies).filter(([, { kind }]) => !['RESCUE_STATION', 'CIVIL_AFFAIRS'].includes(kind)).map(([code]) => code);

describe('the lens, shield off', () => {
  test.each(OUTSIDERS)('%s can take no step of any case and send no notice, and leaves no trace', async (agency) => {
    const before = await digest();
    const codes = await tryAll(new Unguarded(parts), agency, 'RETURN', [...STEPS, SEND]);
    expect([...codes.keys()].filter((code) => !REFUSED.includes(code))).toEqual([]);
    expect(await digest()).toBe(before);
  });

  test.each(Object.keys(world.agencies).filter((code) => code !== 'poverty-320281' && code !== 'civil-320281'))('%s can register, flag, confirm and clear no household', async (agency) => {
    const before = await digest();
    const codes = await tryAll(new Unguarded(parts), agency, 'POVERTY_RELIEF', HOUSEHOLDS);
    expect([agency, [...codes.keys()].filter((code) => !REFUSED.includes(code))]).toEqual([agency, []]);
    expect(await digest()).toBe(before);
  });

  test('an agency under a purpose that does not write can write nothing either', async () => {
    const before = await digest();
    for (const [agency, purpose] of [['station-320281', 'AT_RISK_CARE'], ['civil-320281', 'SUPERVISION'], ['station-120000', 'SETTLEMENT']] as const) {
      const codes = await tryAll(new Unguarded(parts), agency, purpose, [...STEPS, SEND, ...HOUSEHOLDS]);
      expect([agency, [...codes.keys()].filter((code) => !REFUSED.includes(code))]).toEqual([agency, []]);
    }
    expect(await digest()).toBe(before);
  });
});

describe('the cells that an operation may set', () => {
  /** The policy, with one cell taken out of what the operation may set. */
  const without = (operation: string, cell: string): Unguarded => new Unguarded(parts, (context) => {
    const lens = parts.policy.lensFor(context);
    return { ...lens, records: new Map([...lens.records].map(([name, record]) => [name, {
      ...record, writes: new Map([...record.writes].map(([key, ways]) => [key, key === operation ? ways.map((way) => ({ ...way, sets: way.sets.filter((set) => set !== cell) })) : ways])),
    }])) };
  });
  const sent = getEntry(Object.entries(world.cases).find(([, one]) => one.state === 'SENT' && one.origin === 'station-320281'));
  const [acknowledge = ''] = stepsOf(sent[0], sent[1].version);

  test.each([['acknowledgeReturn', 'state'], ['acknowledgeReturn', 'version'], ['acknowledgeReturn', 'acknowledgedAt'], ['acknowledgeReturn', 'transitions']])('%s sets nothing of the case where the policy leaves out %s', async (operation, cell) => {
    const before = await digest();
    expect([...(await tryAll(without(operation, cell), 'station-320281', 'RETURN', [acknowledge])).keys()]).toEqual(['FORBIDDEN']);
    expect(await digest()).toBe(before);
  });

  test('a notice is not sent where the policy leaves out one of its cells, and is sent where what is left out stays empty', async () => {
    const before = await digest();
    for (const cell of ['caseNo', 'subject', 'leaveDate', 'originAgency', 'person', 'deadlinesProvisional']) expect([cell, ...(await tryAll(without('sendReturnNotice', cell), 'station-120000', 'RETURN', [SEND])).keys()]).toEqual([cell, 'FORBIDDEN']);
    expect(await digest()).toBe(before);
    expect([...(await tryAll(without('sendReturnNotice', 'escortAgency'), 'station-120000', 'RETURN', [SEND.replace('N-1', 'N-2')])).keys()]).toEqual(['DONE']);
  });

  test('a county confirms no flag, and an office registers no household, where the policy leaves out what that changes', async () => {
    const before = await digest();
    for (const [operation, cell, agency, documents] of [['confirmFlag', 'flag', 'civil-320281', FLAGS.filter((one) => one.includes('confirmFlag'))], ['registerHouseholds', 'members', 'poverty-320281', [REGISTER]]] as const) {
      const codes = [...(await tryAll(without(operation, cell), agency, 'POVERTY_RELIEF', documents)).keys()];
      expect([operation, codes.includes('FORBIDDEN'), codes.includes('DONE')]).toEqual([operation, true, false]);
    }
    expect(await digest()).toBe(before);
  });
});

describe('row-level security, shield off and a lens that allows every write', () => {
  test.each(['township-320281100', 'police-120000', 'civil-340000', 'audit-320000', 'station-320200'])('%s changes no case to which it is no party', async (agency) => {
    const everything = new Unguarded(parts, (context) => openLens(parts.policy.lensFor(context)));
    const foreign = Object.entries(world.cases).filter(([, { destination, origin, author }]) => ![destination, origin, author].includes(agency)).flatMap(([name, { version }]) => stepsOf(name, version));
    const before = await digest();
    const codes = await tryAll(everything, agency, 'RETURN', foreign);
    expect(codes.get('DONE')).toBeUndefined();
    expect(await digest()).toBe(before);
  });
});

test('the same documents do write for those who may, so that the refusals above were about who asks', async () => {
  const unguarded = new Unguarded(parts);
  const done = [
    await tryAll(unguarded, 'station-120000', 'RETURN', [SEND]), await tryAll(unguarded, 'station-320281', 'RETURN', STEPS),
    await tryAll(unguarded, 'poverty-320281', 'POVERTY_RELIEF', HOUSEHOLDS), await tryAll(unguarded, 'civil-320281', 'POVERTY_RELIEF', HOUSEHOLDS),
  ].map((codes) => (codes.get('DONE') ?? 0) > 0);
  expect(done).toEqual([true, true, true, true]);
});
