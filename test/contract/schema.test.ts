import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, findBreakingChanges } from 'graphql';
import { packageRoot } from '../../src/kernel/package-root.js';
import { buildPublishedSchema } from '../../src/ledgers/schema.js';
import { publishedSdl } from '../tools/print-schema.js';

/** The contract that partners build against: the SDL of the three main jobs. Names and meanings in it are fixed; additions are free. */
const contract = readFileSync(join(packageRoot(), 'test', 'contract', 'contract.graphql'), 'utf8');

describe('the published contract', () => {
  test('every name of the contract is served with its type; only additions differ', () => {
    expect(findBreakingChanges(buildSchema(contract), buildPublishedSchema()).map(({ description }) => description)).toEqual([]);
  });

  test('schema/hub.graphql is what the hub serves (renew: node dist/test/tools/print-schema.js)', () => {
    expect(readFileSync(join(packageRoot(), 'schema', 'hub.graphql'), 'utf8')).toBe(publishedSdl());
  });

  test('on shared records only `id` and `disclosure` are non-null: every other field may be withheld', () => {
    const schema = buildPublishedSchema();
    for (const record of ['Person', 'ReturnCase', 'AtRiskEntry', 'SettlementCase', 'Stay', 'RegisteredHousehold', 'Correction', 'IdentityInquiry', 'MissingReport']) {
      const type = schema.getType(record);
      const fields = type && 'getFields' in type ? Object.values(type.getFields()) : [];
      expect(fields.filter(({ type: fieldType }) => fieldType.toString().endsWith('!')).map(({ name }) => name).toSorted()).toEqual(['disclosure', 'id']);
    }
  });
});
