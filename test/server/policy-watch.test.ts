import { rename } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config.js';
import { policyVersion, type PolicySource } from '../../src/policy/parse-policy.js';
import { PolicyWatch } from '../../src/server/watch-policy.js';
import { admitPolicy } from '../../src/server/admit-policy.js';
import { assembleHub } from '../../src/server/start-hub.js';
import { SHIPPED_SOURCES, sourceText, withChange } from '../policy/shipped-policy.js';
import { startHub, type TestHub } from '../support/hub.js';
import { createPolicyFolder, type PolicyFolder } from '../support/policy-folder.js';
import { withClient } from '../support/test-server.js';

/** A folder of policies that is changed under a running hub: what is sound takes over, what is not changes nothing and is told. */
let folder: PolicyFolder;
let hub: TestHub;
let watch: PolicyWatch;
beforeAll(async () => {
  folder = await createPolicyFolder(SHIPPED_SOURCES);
  hub = await startHub({ GUITU_POLICIES: folder.path });
});
afterAll(async () => {
  await hub.stop();
  await folder.remove();
});
/** It looks when the test says so. */
beforeEach(() => { watch = new PolicyWatch(folder.path, hub.parts.policies, 2_000_000); });
afterEach(async () => {
  await folder.write(SHIPPED_SOURCES);
  await watch.lookTwice();
  await watch.stop();
  expect(inForce()).toBe(SHIPPED);
});

const SHIPPED = policyVersion(SHIPPED_SOURCES);
/** Sound, and unlike the shipped one in a title. */
const SOUND = withChange('return-case.yaml', 'title: 流出地机构', 'title: 流出地的机构');
const inForce = (): string => hub.parts.policy.policy.hash;
const served = async (): Promise<unknown> => (await hub.ask('station-320281', { purpose: 'RETURN' }, '{ viewer { policy } }')).data;
const readiness = async (): Promise<unknown> => {
  const response = await fetch(`${hub.url}/readyz`);
  return [response.status, await response.json()];
};
const ready = (policy: string): unknown => [200, { ok: true, checks: { database: 'ok', writer: 'ok', evidence: 'ok', policy } }];
const REFUSED = 'a newer version was refused, the old one stays in force';
const UNREADABLE = 'the policy files cannot be read, the old version stays in force';

interface Line { level: string; msg: string; refused?: string; policy?: string; former?: string; faults?: string[]; code?: string }
const linesAbout = (msg: RegExp): Line[] => hub.logged().split('\n').filter(Boolean).map((line) => JSON.parse(line) as Line).filter((line) => msg.test(line.msg));
const refusalOf = (sources: readonly PolicySource[]): Line[] => linesAbout(/is refused/u).filter(({ refused }) => refused === policyVersion(sources));

describe('a version that is not sound', () => {
  test.each<[string, readonly PolicySource[], RegExp[]]>([
    ['faults in two files, each with its place', withChange('person.yaml', 'rung: FULL', 'rung: FUL').map((source) => (source.name === 'purposes.yaml' ? { ...source, text: source.text.replace('RETURN', 'RETRUN') } : source)), [/^person\.yaml:\d+:\d+: .*`FUL`/u, /^purposes\.yaml:\d+:\d+: .*`RETRUN`/u]],
    ['a rule that can never hold', withChange('return-case.yaml', 'kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [author], for: [RETURN]', 'kind: [HEALTH], as: [author], for: [RETURN]'), [/^return-case\.yaml:\d+:\d+: .*can never hold/u]],
    ['an example that the rules no longer bear out', withChange('return-case.yaml', 'grant: home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [origin]', 'grant: home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [origin, destination]'), [/^return-case\.yaml:\d+:\d+: the example is not borne out: ReturnCase\.homeCheck is FULL, expected WITHHELD; correct/u]],
    ['a deadline without an amount', withChange('deadlines.yaml', 'amount: 2, unit: workingDays, class: DESIGN, reason: 受助', 'unit: workingDays, class: DESIGN, reason: 受助'), [/^deadlines\.yaml:\d+:\d+: a deadline has no `amount`/u]],
    ['a deadline that the ledgers count and that is gone', withChange('deadlines.yaml', /^- \{ deadline: receiveReturnee,.*\n/mu, ''), [/^deadlines\.yaml:1:1: there is no deadline `receiveReturnee` in `workingDays`; add/u]],
    ['a file that is missing', SHIPPED_SOURCES.filter(({ name }) => name !== 'operations.yaml'), [/^policies:1:1: operations\.yaml is missing/u]],
    ['no file at all', [], [/purposes\.yaml is missing/u]],
    ['what no reader gets through', SHIPPED_SOURCES.map((source) => (source.name === 'person.yaml' ? { ...source, text: `a: ${'['.repeat(200_000)}` } : source)), [/./u]],
  ])('%s: is refused loudly and once, and the old one is served', async (_, sources, faults) => {
    await folder.write(sources);
    await watch.lookTwice();
    await watch.look();
    const told = refusalOf(sources);
    expect(told).toEqual([expect.objectContaining({ level: 'error', policy: SHIPPED })]);
    for (const fault of faults) expect(told[0]?.faults).toContainEqual(expect.stringMatching(fault));
    expect([await served(), await readiness()]).toEqual([{ viewer: { policy: SHIPPED } }, ready(REFUSED)]);
  });

  test('is forgotten once the files are mended, or those in force again', async () => {
    await folder.write(withChange('person.yaml', 'rung: FULL', 'rung: FUL'));
    await watch.lookTwice();
    expect(await readiness()).toEqual(ready(REFUSED));
    await folder.write(SHIPPED_SOURCES);
    await watch.lookTwice();
    expect(await readiness()).toEqual(ready('ok'));
    await folder.write(withChange('person.yaml', 'rung: FULL', 'rung: FUL'));
    await watch.lookTwice();
    await folder.write(SOUND);
    await watch.lookTwice();
    expect([await served(), await readiness()]).toEqual([{ viewer: { policy: policyVersion(SOUND) } }, ready('ok')]);
  });

  test('keeps a hub from starting, which says the example or fault at once', async () => {
    await folder.write(withChange('return-case.yaml', 'given: { confirmed: true }, sees: { person: FULL, homeCheck: WITHHELD }', 'given: { confirmed: true }, sees: { person: FULL, homeCheck: FULL }'));
    const start = assembleHub(readConfig({ GUITU_POLICIES: folder.path }), hub.database.keyRing, hub.database.hub);
    await expect(start).rejects.toThrow(/return-case\.yaml:\d+:\d+: the example is not borne out: ReturnCase\.homeCheck is WITHHELD, expected FULL/u);
  });
});

describe('the folder', () => {
  test('is looked at by itself', async () => {
    const quick = new PolicyWatch(folder.path, hub.parts.policies, 5);
    await folder.write(SOUND);
    while (inForce() === SHIPPED) await setTimeout(5);
    await quick.stop();
    expect(await served()).toEqual({ viewer: { policy: policyVersion(SOUND) } });
  });

  test('gives a version only once it has stayed the same for two looks: half a file may parse, and lack its caps', async () => {
    const whole = sourceText('household-member.yaml');
    const half = whole.slice(0, whole.indexOf('\ncaps:\n'));
    const without = SHIPPED_SOURCES.map((source) => (source.name === 'household-member.yaml' ? { ...source, text: half } : source));
    expect(() => admitPolicy(without)).not.toThrow();
    await watch.lookTwice();
    await folder.write(without);
    await watch.look();
    expect(inForce()).toBe(SHIPPED);
    await folder.write(SOUND);
    await watch.look();
    expect(inForce()).toBe(SHIPPED);
    await watch.look();
    expect(inForce()).toBe(policyVersion(SOUND));
    expect(hub.logged()).not.toContain(policyVersion(without));
  });

  test('that is gone leaves the version in force, and is told once; back again, it gives the next', async () => {
    const before = linesAbout(/cannot be read/u).length;
    await rename(folder.path, `${folder.path}-away`);
    await watch.look();
    expect(linesAbout(/cannot be read/u)).toHaveLength(before);
    await watch.lookTwice();
    expect(linesAbout(/cannot be read/u).slice(before)).toEqual([expect.objectContaining({ level: 'error', code: 'ENOENT', policy: SHIPPED })]);
    expect([await served(), await readiness()]).toEqual([{ viewer: { policy: SHIPPED } }, ready(UNREADABLE)]);
    await rename(`${folder.path}-away`, folder.path);
    await folder.write(SOUND);
    await watch.lookTwice();
    expect([await served(), await readiness()]).toEqual([{ viewer: { policy: policyVersion(SOUND) } }, ready('ok')]);
  });
});

describe('a take-over', () => {
  const events = (): Promise<{ kind: string; policy: string; replaces?: string }[]> => withClient(hub.database.admin, async (owner) =>
    (await owner.query<{ body: string }>('SELECT body FROM guitu_evidence.events ORDER BY seq')).rows.map(({ body }) => JSON.parse(body) as { kind: string; policy: string; replaces?: string }));

  test('is on record before the first request under it, with the version that it ended', async () => {
    const before = (await events()).length;
    await folder.write(SOUND);
    await watch.lookTwice();
    await served();
    expect((await events()).slice(before).map(({ kind, policy, replaces }) => ({ kind, policy, replaces }))).toEqual([
      { kind: 'policy', policy: policyVersion(SOUND), replaces: SHIPPED }, { kind: 'query', policy: policyVersion(SOUND), replaces: undefined },
    ]);
  });

  test('that cannot be put on record does not happen, until it can', async () => {
    await withClient(hub.database.admin, async (owner) => {
      await owner.query('REVOKE INSERT ON guitu_evidence.events FROM guitu_evidence');
      await folder.write(SOUND);
      await watch.lookTwice();
      expect([inForce(), linesAbout(/cannot be put on record/u).at(-1)]).toEqual([SHIPPED, expect.objectContaining({ level: 'error', refused: policyVersion(SOUND) })]);
      await owner.query('GRANT INSERT ON guitu_evidence.events TO guitu_evidence');
    });
    await watch.look();
    expect(await served()).toEqual({ viewer: { policy: policyVersion(SOUND) } });
  });
});
