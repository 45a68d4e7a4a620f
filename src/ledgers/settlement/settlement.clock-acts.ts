import type { ClockAct } from '../../delivery/clock.js';
import { findNearestAgency } from '../agencies/nearest-agency.js';
import { beginSettlement } from './settlement.record.js';

/** The clock, where anything takes a step in its name. */
const CLOCK = { agencyId: null, user: 'clock' };

/**
 * A stay is over three months: where the person is still not identified, settlement is due, and the station owes the application. A person whose settlement is already
 * under way at this station gets no second one.
 */
export const settlementDue: ClockAct = async (clock, duty) => {
  const [stay] = await clock.query<{ station: string; division: string; entered_on: string; person_id: string; identified: boolean; settling: boolean }>(
    `SELECT s.station, s.division, s.entered_on::text AS entered_on, s.person_id, p.identity_state = 'VERIFIED' AS identified,
       EXISTS (SELECT FROM guitu.settlement_cases c WHERE c.person_id = s.person_id AND c.station = s.station AND c.state NOT IN ('IDENTIFIED', 'REVERSED', 'CLOSED')) AS settling
     FROM guitu.stays s JOIN guitu.persons p ON p.id = s.person_id WHERE s.id = $1 AND s.left_on IS NULL`, [duty.recordId]);
  if (!stay || stay.identified || stay.settling) return;
  const civilAffairs = await findNearestAgency(clock, stay.division, 'CIVIL_AFFAIRS');
  if (civilAffairs === undefined) throw new Error(`no civil affairs department above division ${stay.division} is on the hub`);
  const id = await beginSettlement(clock, CLOCK, 'clock', {
    track: 'LONG_STAY', state: 'DUE', personId: stay.person_id, station: stay.station, civilAffairs: civilAffairs.id, police: null, division: stay.division, enteredOn: stay.entered_on,
  });
  await clock.settle('SettlementCase', [id], 'settlement.due');
};
