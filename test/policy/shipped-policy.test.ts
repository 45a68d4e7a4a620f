import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../src/kernel/package-root.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { policySchema } from '../../src/policy/policy-schema.js';
import { failureText, runPolicyTests } from '../../src/policy/policy-tests.js';
import { CATALOGUE, SHIPPED_SOURCES, shippedPolicy, withChange } from './shipped-policy.js';

describe('the shipped policy', () => {
  test('bears out the examples beside its rules', () => {
    const { run, failures } = runPolicyTests(shippedPolicy());
    expect(failures.map(failureText)).toEqual([]);
    expect(run).toBeGreaterThan(0);
  });

  test('has examples for every record', () => {
    for (const { record, tests } of shippedPolicy().records.values()) expect([record, tests.length > 0]).toEqual([record, true]);
  });

  test('gives every rule a basis in Chinese', () => {
    for (const { rows, cells, writes } of shippedPolicy().records.values()) {
      for (const { basis } of [...rows.grants, ...rows.vetoes, ...[...cells.values()].flatMap(({ grants, caps }) => [...grants, ...caps]), ...writes]) expect(basis).toMatch(/民发〔20\d\d〕\d+号|江阴2018|保护法|共享条例|精神卫生法|国办发/u);
    }
  });

  test('points editors at its schema, in the first line of every file', () => {
    for (const { text } of SHIPPED_SOURCES) expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../schema/policy.schema.json');
  });

  test('has the committed schema (written anew by `node dist/test/policy/write-policy-schema.js`)', () => {
    expect(JSON.parse(readFileSync(join(packageRoot(), 'schema', 'policy.schema.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(policySchema(CATALOGUE))));
  });
});

describe('examples beside rules', () => {
  test('that a rule no longer bears out are told with their place', () => {
    const { failures } = runPolicyTests(parsePolicy(withChange('return-case.yaml', 'grant: home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [origin]', 'grant: home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [origin, destination]'), CATALOGUE));
    expect(failures.map(failureText)).toContainEqual(expect.stringMatching(/^return-case\.yaml:\d+:\d+: ReturnCase\.homeCheck is FULL, expected WITHHELD$/u));
  });

  test('tell a row that appears', () => {
    const { failures } = runPolicyTests(parsePolicy(withChange('return-case.yaml', 'level: [PREFECTURE, PROVINCE, MINISTRY], as: [above], for: [SUPERVISION]', 'level: [PREFECTURE, PROVINCE, MINISTRY], as: [above], for: [SUPERVISION, RETURN]'), CATALOGUE));
    expect(failures.map(failureText)).toContainEqual(expect.stringMatching(/the row of ReturnCase is VISIBLE, expected HIDDEN$/u));
  });
});
