import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { policyVersion } from '../../src/policy/parse-policy.js';
import { SHIPPED_SOURCES, withChange } from '../policy/shipped-policy.js';
import { createPolicyFolder, type PolicyFolder } from '../support/policy-folder.js';
import { ask, Guitu, type RunningHub } from './guitu.js';

let guitu: Guitu;
let folder: PolicyFolder;
let hub: RunningHub;
let token: string;
beforeAll(async () => {
  guitu = await Guitu.create();
  folder = await createPolicyFolder(SHIPPED_SOURCES);
  hub = await guitu.start({ GUITU_POLICIES: folder.path });
  token = (await guitu.run(['token', 'station-320281'])).stdout.trim();
});
afterAll(async () => {
  hub.child.kill('SIGTERM');
  await hub.end;
  await folder.remove();
  await guitu.remove();
});

const versionServed = async (): Promise<string> => ((await ask(hub.address, token, '{ viewer { policy } }')).data as { viewer: { policy: string } }).viewer.policy;

test('a hub that runs takes a new version without a restart, by itself and told by SIGHUP, and refuses a faulty one in its log', async () => {
  const [one, other] = ['甲', '乙'].map((word) => withChange('return-case.yaml', 'title: 流出地机构', `title: 流出地机构${word}`));
  expect(await versionServed()).toBe(policyVersion(SHIPPED_SOURCES));
  await folder.write(one ?? []);
  while (await versionServed() === policyVersion(SHIPPED_SOURCES)) await setTimeout(50);
  expect(await versionServed()).toBe(policyVersion(one ?? []));

  await folder.write(withChange('person.yaml', 'rung: FULL', 'rung: FUL'));
  hub.child.kill('SIGHUP');
  const policyCheck = async (): Promise<unknown> => ((await (await fetch(`${hub.address}/readyz`)).json()) as { checks: { policy: string } }).checks.policy;
  while (await policyCheck() === 'ok') await setTimeout(50);
  expect([await policyCheck(), await versionServed()]).toEqual(['a newer version was refused, the old one stays in force', policyVersion(one ?? [])]);

  await folder.write(other ?? []);
  hub.child.kill('SIGHUP');
  while (await policyCheck() !== 'ok') await setTimeout(50);
  expect([await versionServed(), hub.child.exitCode]).toEqual([policyVersion(other ?? []), null]);

  hub.child.kill('SIGTERM');
  const { code, stdout } = await hub.end;
  const lines = stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as { level: string; msg: string; faults?: string[] });
  expect(code).toBe(0);
  expect(lines.filter(({ msg }) => /is refused/u.test(msg))).toEqual([expect.objectContaining({ level: 'error', faults: expect.arrayContaining([expect.stringMatching(/^person\.yaml:\d+:\d+: /u)]) })]);
});
