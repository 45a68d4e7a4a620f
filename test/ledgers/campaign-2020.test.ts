import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startHub, type TestHub } from '../support/hub.js';
import { SettlementDesk, type Stood } from '../support/settlement-desk.js';

/**
 * The calendar of 民发〔2020〕14号 二(四): persons who entered before March 2020 (3月前) and stay unidentified, applications before June (6月前), plans to the government before August (8月前).
 * Read to the end of the month before, as the same document says 月底前 where it means the month itself: entered by 29 February, applied by 31 May, planned by 31 July. The shipped
 * periods (three months, two months) reproduce these days.
 */
const STATION = 'station-320281';

let hub: TestHub;
let desk: SettlementDesk;
beforeAll(async () => {
  hub = await startHub();
  desk = new SettlementDesk(hub);
});
afterAll(() => hub.stop());

describe('the campaign of 2020', () => {
  const entered = async (enteredOn: string): Promise<Stood> => {
    desk.at(`${enteredOn}T10:00:00+08:00`);
    return desk.stay('openStay', STATION, { enteredOn, estimatedAge: 50 });
  };

  test('whoever entered before March is due before June, whoever entered in March is not; an application of the last day of May is planned by the last day of July', async () => {
    const [november, leapDay, march] = [await entered('2019-11-30'), await entered('2020-02-29'), await entered('2020-03-01')];
    await desk.tickAt('2020-05-31T23:59:59+08:00');
    const begun = await desk.owner<{ entered: string; due: string }>(
      "SELECT c.entered_on::text AS entered, to_char(t.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS due FROM guitu.settlement_cases c JOIN guitu.settlement_transitions t ON t.settlement_id = c.id WHERE t.by_user = 'clock' AND t.at < '2021-01-01' ORDER BY 1");
    expect(begun).toEqual([{ entered: '2019-11-30', due: '2020-03-01' }, { entered: '2020-02-29', due: '2020-05-30' }]);
    expect(await desk.settlementsOf(march)).toEqual([]);
    desk.at('2020-05-31T17:00:00+08:00');
    for (const stay of [november, leapDay]) {
      const [due] = await desk.settlementsOf(stay);
      expect(await desk.owed(await desk.settlement('applyForSettlement', STATION, due ?? stay))).toEqual(['submitSettlementPlan civil-320281 2020-07-31']);
    }
  });
});
