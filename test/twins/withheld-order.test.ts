import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startHub, type TestHub } from '../support/hub.js';

let hub: TestHub;
beforeAll(async () => { hub = await startHub(); });
afterAll(() => hub.stop());

describe('what is said to be withheld', () => {
  test('stands in the order of the policy, not in that in which the reads of a request ended', async () => {
    const one = 'one: returnCases { nodes { homeCheck { text } person { name } subject { name } } }';
    const other = 'other: returnCase(caseNo: "GT-F5ZZZ-CEPW8") { noticeNo homeCheck { text } }';
    const withheld = async (query: string): Promise<unknown> => {
      const { extensions } = await hub.ask('civil-320000', { purpose: 'SUPERVISION' }, query);
      return (extensions['disclosure'] as { withheld: { field: string }[] }).withheld.map(({ field }) => field);
    };
    const expected = ['noticeNo', 'subject', 'person', 'homeCheck'];
    expect(await withheld(`{ ${one} ${other} }`)).toEqual(expected);
    expect(await withheld(`{ ${other} ${one} }`)).toEqual(expected);
  });
});
