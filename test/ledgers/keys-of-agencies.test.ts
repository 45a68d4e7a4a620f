import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startHub, type HubAnswer, type TestHub } from '../support/hub.js';

let hub: TestHub;
beforeAll(async () => { hub = await startHub(); });
afterAll(() => hub.stop());

interface Sent { sendReturnNotice: { returnCase: { id: string; caseNo: string; destinationAgency: { code: string } } | null } }

test('two agencies that use the same key for the same words each get their own case: a key is an agency\'s', async () => {
  const send = (agency: string): Promise<HubAnswer<Sent>> => hub.ask<Sent>(agency, { purpose: 'RETURN', key: 'the-same-key' },
    `mutation { sendReturnNotice(input: { subject: { name: "同一个人" }, noticeNo: "一号", noticeDate: "2026-11-19", entryDate: "2026-11-18", leaveDate: "2026-11-19", returnMode: SELF, originDivision: "341523" }) {
      returnCase { id caseNo destinationAgency { code } } } }`);
  const agencies = ['station-120000', 'station-320281'];
  const answers = [await send('station-120000'), await send('station-320281'), await send('station-120000')];
  const [first, second, again] = answers.map(({ data }) => data?.sendReturnNotice.returnCase);
  expect([first?.destinationAgency.code, second?.destinationAgency.code]).toEqual(agencies);
  expect(second?.id).not.toBe(first?.id);
  expect(again).toEqual(first);
});
