import { describe, expect, test } from '@jest/globals';
import { checkPolicy } from '../../src/policy/check.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { CATALOGUE, SHIPPED_SOURCES, withChange } from './shipped-policy.js';

const faultsIn = (sources: Parameters<typeof parsePolicy>[0]): string[] => checkPolicy(parsePolicy(sources, CATALOGUE), CATALOGUE).map(({ message }) => message);

describe('an answer that is given where there is no record too', () => {
  const answer = 'grant: answer, rung: FULL, kind: [PARTNER],';

  test.each([
    ['a relation', 'as: [inArea],'], ['a condition', 'when: { state: { is: RECEIVED } },'],
  ])('has no field that hangs on %s of the record', (_, asked) => {
    expect(faultsIn(withChange('returnee-check.yaml', answer, `${answer} ${asked}`))).toEqual([expect.stringMatching(/^returnee-check\.yaml:\d+:\d+: rule `answer` asks something of the record, but ReturneeCheck is answered where there is none too; put the condition or relation on a row/u)]);
  });

  test('may hang its rows on the record, as the shipped policy does', () => {
    expect(faultsIn(SHIPPED_SOURCES)).toEqual([]);
  });
});
