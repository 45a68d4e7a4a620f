import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Client } from 'pg';
import { syntheticId } from '../exchange/make-sheet.js';
import { startHub, type HubAnswer, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';
import { world } from '../support/world.js';
import { leastDocuments } from './least-document.js';

/** No evidence, no data: the answer waits for its event, and without one nothing is served. */
let hub: TestHub;
beforeAll(async () => { hub = await startHub(); });
afterAll(() => hub.stop());

const asOwner = <Result>(use: (owner: Client) => Promise<Result>): Promise<Result> => withClient(hub.database.admin, use);
const READS: [string, string, string | undefined, string][] = [
  ['station-320281', 'RETURN', undefined, '{ returnCases(first: 200) { totalCount nodes { id caseNo subject { name } person { name } } } }'],
  ['station-320281', 'RETURN', undefined, `{ returnCase(caseNo: "${Object.values(world.cases)[0]?.caseNo ?? ''}") { id } }`],
  ['station-320281', 'AT_RISK_CARE', undefined, '{ atRiskEntries { nodes { id person { name } } } }'],
  ['police-320281', 'SETTLEMENT', undefined, '{ settlementCases { nodes { id } } }'],
  ['poverty-320281', 'POVERTY_RELIEF', undefined, '{ registeredHouseholds { nodes { id headName members { name } } } }'],
  ['insurance-320281', 'BENEFIT_CHECK', '医保函〔2026〕1号', `{ checkReturnees(idNumbers: ["${Object.values(world.persons).find(({ idNumber }) => idNumber)?.idNumber ?? ''}"]) { idNumber current } }`],
  ['civil-000000', 'SUPERVISION', undefined, '{ a: returnCases { nodes { id } } b: returnCases { nodes { id } } agencies { code name } }'],
  ['audit-320000', 'AUDIT', undefined, '{ viewer { policy agency { name } } }'],
];
const ask = ([agency, purpose, matter, query]: (typeof READS)[number]): Promise<HubAnswer> => hub.ask(agency, { purpose, ...(matter && { matter }) }, query);

interface Recorded { request: string; kind: string; agency: string; outcome: string[] }
const events = (): Promise<Recorded[]> => asOwner(async (owner) => (await owner.query<{ body: string }>('SELECT body FROM guitu_evidence.events ORDER BY seq')).rows.map(({ body }) => JSON.parse(body) as Recorded));

describe('one event per request', () => {
  let count = 0;
  beforeEach(async () => { count = (await events()).length; });

  test.each(READS)('%s under %s (%s): %s', async (...read) => {
    const { status, head } = await ask(read);
    const added = (await events()).slice(count);
    expect([status, added.map(({ request, kind, agency, outcome }) => ({ request, kind, agency, outcome }))]).toEqual([200, [{ request: /x-request-id: (\S+)/u.exec(head)?.[1], kind: 'query', agency: read[0], outcome: ['served'] }]]);
  });

  test('is durable before the first byte of the answer: while the event waits, so does the answer', async () => {
    await asOwner(async (owner) => {
      await owner.query('BEGIN');
      await owner.query('LOCK TABLE guitu_evidence.events IN EXCLUSIVE MODE');
      const progress = { answered: false };
      const reply = ask(READS[0] as (typeof READS)[number]).then((answer) => {
        progress.answered = true;
        return answer;
      });
      let waiting = 0;
      while (waiting === 0 && !progress.answered) waiting = Number((await owner.query("SELECT count(*) AS n FROM pg_locks WHERE NOT granted AND relation = 'guitu_evidence.events'::regclass")).rows[0]?.n);
      expect([waiting, progress.answered]).toEqual([1, false]);
      await owner.query('COMMIT');
      expect((await reply).status).toBe(200);
    });
    expect((await events()).length).toBe(count + 1);
  });

  test('a refused operation is recorded as refused', async () => {
    const { errors } = await hub.ask('poverty-320281', { purpose: 'POVERTY_RELIEF' }, '{ returnCases { nodes { id } } }');
    expect([errors[0]?.extensions.code, (await events()).slice(count).map(({ outcome }) => outcome)]).toEqual(['FORBIDDEN', [['FORBIDDEN']]]);
  });
});

describe('where evidence cannot be made', () => {
  beforeAll(() => asOwner((owner) => owner.query('REVOKE INSERT ON guitu_evidence.events FROM guitu_evidence')).then(() => undefined));
  afterAll(() => asOwner((owner) => owner.query('GRANT INSERT ON guitu_evidence.events TO guitu_evidence')).then(() => undefined));

  const NAMES = [...Object.values(world.cases).flatMap(({ caseNo, subject }) => [caseNo, subject.name]), ...Object.values(world.persons).flatMap(({ name, idNumber }) => [name, idNumber]), ...Object.values(world.households).map(({ head }) => head), ...Object.values(world.agencies).map(({ name }) => name)].filter((text) => text !== undefined);

  test.each(READS)('%s under %s (%s) is UNAVAILABLE, without a byte of data: %s', async (...read) => {
    const { status, head, text, data, errors } = await ask(read);
    expect([status, data, errors.map(({ extensions }) => extensions.code), /retry-after: \d/u.test(head)]).toEqual([503, null, ['UNAVAILABLE'], true]);
    const asked = read[3];
    expect(NAMES.filter((name) => !asked.includes(name) && text.includes(name))).toEqual([]);
    expect(text).not.toContain('disclosure');
  });

  test('every operation that there is, by every agency, is UNAVAILABLE or refused before it was run', async () => {
    for (const [operation, query] of leastDocuments(hub.parts.schema)) {
      for (const [agency, purpose] of [['station-320281', 'RETURN'], ['civil-320281', 'POVERTY_RELIEF'], ['poverty-320281', 'POVERTY_RELIEF']] as const) {
        const { data, errors } = await hub.ask(agency, { purpose, key: `${operation}-${agency}` }, query);
        expect([operation, agency, data, errors.map(({ extensions }) => extensions.code)]).toEqual([operation, agency, null, ['UNAVAILABLE']]);
      }
    }
  });
});

test('a write without its event is no write: nothing of it is kept, not even its idempotency key', async () => {
  await asOwner(async (owner) => {
    const digest = async (): Promise<unknown> => (await owner.query("SELECT (SELECT count(*) FROM guitu.registered_households) AS households, (SELECT count(*) FROM guitu.household_members) AS members, (SELECT count(*) FROM guitu.idempotency_keys) AS keys, (SELECT count(*) FROM guitu.outbox) AS outbox")).rows;
    const before = await digest();
    const register = `mutation { registerHouseholds(input: { households: [{ householdNo: "JY-9001", headName: "试登记", division: "320281100", kind: REGISTERED, members: [{ name: "试登记", idNumber: "${syntheticId(77, '1970-01-01')}", relation: "户主" }] }] }) { registered } }`;
    await owner.query('REVOKE INSERT ON guitu_evidence.events FROM guitu_writer');
    const send = (): Promise<HubAnswer> => hub.ask('poverty-320281', { purpose: 'POVERTY_RELIEF', key: 'no-evidence' }, register);
    const { data } = await send();
    await owner.query('GRANT INSERT ON guitu_evidence.events TO guitu_writer');
    expect([data, await digest()]).toEqual([null, before]);
    expect((await send()).data).toEqual({ registerHouseholds: { registered: 1 } });
    expect(await digest()).not.toEqual(before);
  });
});
