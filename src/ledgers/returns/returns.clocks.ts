import type { DutyStep } from '../../delivery/counted-deadlines.js';
import { beginDuty, beginDutyUntil, endDuties, type DutyKeeper, type DutySubject } from '../../delivery/duties.js';
import { addDays, dateOf, startOf, type CalendarDate } from '../../kernel/dates.js';
import type { ReturnState } from './returns.transitions.js';

/** What of a case decides who owes which step. */
export interface ReturnParties {
  originAgency: string;
  destinationAgency: string | null;
  coordinator: string | null;
  coordinatedAtMinistry: boolean;
  hukouAgency: string | null;
  leaveDate: string | null;
  escorted: boolean;
  /** Under 18, or of unknown age. */
  minor: boolean;
  difficulties: readonly string[];
  handlingCodes: readonly string[];
  /** The person had come before this step, received or at home. */
  hadCome: boolean;
  /** The return is confirmed, and its origin side is a station. */
  stationReceives: boolean;
  /** Day on which the person came: received, or at home without that; null where it has not. */
  cameOn: CalendarDate | null;
  outcome: string | null;
}

/** `before`: a day before which the step is owed, instead of the term. */
interface Begin { step: DutyStep; owner: string | null; from?: Date; before?: { day: CalendarDate; reason: string } }
type Begins = (parties: ReturnParties) => readonly Begin[];

/** What a state begins. Referrals begin their own, one for each addressee. */
const BEGINS: Partial<Record<ReturnState, Begins>> = {
  DRAFT: ({ destinationAgency, leaveDate, escorted }) => [{ step: 'sendReturnNotice', owner: destinationAgency, ...(leaveDate && (escorted ? { before: { day: leaveDate, reason: '护送返乡的须在出发前送出' } } : { from: startOf(leaveDate) })) }],
  SENT: ({ originAgency }) => [{ step: 'acknowledgeReturn', owner: originAgency }, { step: 'receiveReturnee', owner: originAgency }],
  DISPUTED: ({ destinationAgency }) => [{ step: 'rerouteReturn', owner: destinationAgency }],
  REFUSED: ({ destinationAgency }) => [{ step: 'reportRefusalUp', owner: destinationAgency }],
  COORDINATING: ({ coordinator, coordinatedAtMinistry }) => [{ step: coordinatedAtMinistry ? 'coordinateReturnAtMinistry' : 'coordinateReturn', owner: coordinator }],
  AT_HOME: ({ originAgency, minor }) => [{ step: minor ? 'recordHomeCheckOfMinor' : 'recordHomeCheck', owner: originAgency }],
  HOME_CHECKED: ({ originAgency, difficulties }) => (difficulties.length > 0 ? [{ step: 'referForAid', owner: originAgency }] : []),
  NO_HOME: ({ hukouAgency }) => [{ step: 'acceptForSettlement', owner: hukouAgency }],
};

/** The clock of a reception that was called into question or interrupted runs anew; where a superior directs, until the day that it sets. */
const RECEIVE_ANEW: readonly string[] = ['withdrawRefusal', 'reportFound'];
const ENDS_ALL: readonly string[] = [...RECEIVE_ANEW, 'directReturn'];

/** Who needs watching needs registering as at risk, by whoever receives the person (民发〔2020〕14号 二(五)): owed once, from the day the person is there, and beyond the end of the case. */
const AT_RISK_CODES: readonly string[] = ['LOSES_WAY', 'CONSTANT_WATCH'];
const ENDS_REGISTERING: readonly string[] = ['DIED', 'MERGED'];

/** Which clocks that were running go on in a state; every other ends. */
const KEEPS: Partial<Record<ReturnState, readonly DutyStep[]>> = { ACKNOWLEDGED: ['receiveReturnee'], REFERRED: ['answerReferral'] };

/** Steps whose duty they fulfil: a person who is at home need not be received. */
const FULFILS: Partial<Record<string, readonly DutyStep[]>> = {
  sendReturnDraft: ['sendReturnNotice'], acknowledgeReturn: ['acknowledgeReturn'], receiveReturnee: ['receiveReturnee'], confirmHome: ['receiveReturnee'],
  rerouteReturn: ['rerouteReturn'], reportRefusalUp: ['rerouteReturn', 'reportRefusalUp'], passRefusalUp: ['coordinateReturn'], directReturn: ['coordinateReturn', 'coordinateReturnAtMinistry'],
  upholdRefusal: ['coordinateReturn', 'coordinateReturnAtMinistry'], recordHomeCheck: ['recordHomeCheck', 'recordHomeCheckOfMinor'], referForAid: ['referForAid'], acceptForSettlement: ['acceptForSettlement'],
};

const OF_RETURNS: readonly DutyStep[] = [
  'sendReturnNotice', 'acknowledgeReturn', 'receiveReturnee', 'rerouteReturn', 'reportRefusalUp', 'coordinateReturn', 'coordinateReturnAtMinistry', 'recordHomeCheck', 'recordHomeCheckOfMinor', 'referForAid', 'answerReferral', 'acceptForSettlement',
];

/** The eve of a day; today where that has passed. */
function lastDayBefore(day: CalendarDate, { at }: DutyKeeper): CalendarDate {
  const [eve, today] = [addDays(day, -1), dateOf(at)];
  return eve < today ? today : eve;
}

/** Moves a case's clocks with its state: ends what the step fulfilled, voids what is no longer owed, begins what now is. @returns the days of those that began, by step */
export async function moveReturnClocks(keeper: DutyKeeper, subject: DutySubject, parties: ReturnParties, operation: string, to: ReturnState): Promise<Partial<Record<DutyStep, { dueOn: string; provisional: boolean }>>> {
  const keeps = ENDS_ALL.includes(operation) ? [] : (KEEPS[to] ?? []);
  const fulfilled = FULFILS[operation];
  if (fulfilled) await endDuties(keeper, subject.id, 'DONE', fulfilled);
  await endDuties(keeper, subject.id, 'VOID', OF_RETURNS.filter((step) => !keeps.includes(step)));
  if (parties.outcome !== null && ENDS_REGISTERING.includes(parties.outcome)) await endDuties(keeper, subject.id, 'VOID', ['enrolAtRisk']);
  const arrives = operation === 'receiveReturnee' || (operation === 'confirmHome' && !parties.hadCome);
  const begins = [
    ...(BEGINS[to]?.(parties) ?? []), ...(RECEIVE_ANEW.includes(operation) ? [{ step: 'receiveReturnee' as const, owner: parties.originAgency }] : []),
    ...(arrives && parties.handlingCodes.some((code) => AT_RISK_CODES.includes(code)) ? [{ step: 'enrolAtRisk' as const, owner: parties.originAgency }] : []),
    // Every returnee is revisited by the station that received it (江阴2018 二(三)6): owed once, and beyond the end of the case.
    ...(arrives && parties.stationReceives && parties.cameOn !== null ? [{ step: 'stationRevisit' as const, owner: parties.originAgency, from: startOf(parties.cameOn) }] : []),
  ];
  const begun: Partial<Record<DutyStep, { dueOn: string; provisional: boolean }>> = {};
  for (const { step, owner, from, before } of begins as readonly Begin[]) {
    if (!owner) continue;
    if (before) await beginDutyUntil(keeper, step, subject, owner, lastDayBefore(before.day, keeper), before.reason);
    else begun[step] = await beginDuty(keeper, step, subject, owner, from);
  }
  if (begun.stationRevisit) await keeper.query('SELECT guitu.begin_return_revisit($1, $2)', [subject.id, keeper.at]);
  return begun;
}
