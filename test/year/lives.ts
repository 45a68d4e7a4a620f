import { addDays, addMonths, dateOf, startOf } from '../../src/kernel/dates.js';
import type { Seeded } from '../twins/seeded.js';
import { syntheticIdNumber } from '../twins/synthetic-id-number.js';
import type { YearDesk } from './year-desk.js';

/** One person's year: it does what somebody does at an instant, and yields the next instant at which somebody does something. */
export type Life = AsyncGenerator<Date, void, void>;

export interface LifeOptions { desk: YearDesk; random: Seeded; serial: number; from: Date; until: Date }

const HOUR = 3_600_000;

/** Where people wander, and who receives them. */
const ROUTES = [
  { destination: 'station-120000', origin: 'station-320281', division: '320281104', county: 'civil-320281', township: 'township-320281104' },
  { destination: 'station-320200', origin: 'station-320281', division: '320281100', county: 'civil-320281', township: 'township-320281100' },
  { destination: 'station-120000', origin: 'civil-341523', division: '341523102', county: 'civil-341523', township: undefined },
  { destination: 'station-320281', origin: 'station-120000', division: '120101003', county: 'civil-120000', township: undefined },
] as const;
type Route = (typeof ROUTES)[number];

/** The life of one generated person; which it is hangs on the seed alone. */
export function lifeOf(options: LifeOptions): Life {
  return options.random.chance(0.12) ? unidentified(options) : returned(options);
}

/** An instant some hours on, never before the present. */
const after = (now: Date, hours: number): Date => new Date(now.getTime() + Math.max(0, hours) * HOUR);
/** Mostly soon; sometimes long after every term. */
const pace = (random: Seeded, usual: number): number => (random.chance(0.15) ? usual * (6 + 10 * random.next()) : usual * (0.2 + random.next()));

async function* returned(options: LifeOptions): Life {
  const { desk, random, from, until } = options;
  yield new Date(from.getTime() + random.next() * (until.getTime() - from.getTime()) * 0.85);
  const route = random.pick(ROUTES);
  const today = dateOf(desk.now);
  const id = await send(options, route, today);
  const course = random.below(100);
  if (course < 8) return;
  yield after(desk.now, pace(random, 30));
  if (course < 14) return desk.step(route.destination, 'RETURN', 'recallReturn', 'ReturnReasonInput', id, { code: 'OTHER' });
  if (course < 22) return yield* disputed(options, route, id);
  if (course < 34) return yield* refused(options, route, id);
  await desk.step(route.origin, 'RETURN', 'acknowledgeReturn', 'ReturnStepInput', id);
  yield after(desk.now, pace(random, 60));
  if (course < 40) return yield* lost(options, route, id);
  // Nobody arrives before the day of leaving.
  if (dateOf(desk.now) < leavingOn(today)) yield startOf(leavingOn(today));
  await desk.step(route.origin, 'RETURN', 'receiveReturnee', 'ReceiveReturneeInput', id, { receivedOn: dateOf(desk.now) });
  yield after(desk.now, pace(random, 24));
  if (course < 46) return yield* homeless(options, route, id);
  await desk.step(route.origin, 'RETURN', 'confirmHome', 'ReturnStepInput', id);
  if (route.township && random.chance(0.35)) yield* visited(options, route, route.township, id);
  else yield* checked(options, route, id);
  if (route.origin.startsWith('station-')) yield* revisited(options, route.origin, id);
}

/** The station sees to whom it received, in the registry or not; at times nobody is there. */
async function* revisited({ desk, random, until }: LifeOptions, station: string, id: string): Life {
  for (let times = random.below(3); times > 0; times -= 1) {
    yield after(desk.now, 24 * (5 + random.below(150)));
    if (desk.now >= until) return;
    await desk.step(station, 'RETURN', 'recordReturneeRevisit', 'RecordReturneeRevisitInput', id, { visitedOn: dateOf(desk.now), manner: 'PHONE', result: random.chance(0.7) ? 'STABLE' : 'NOBODY_THERE' });
  }
}

/** A notice goes out on the day before. */
const leavingOn = (noticeDate: string): string => addDays(noticeDate, 1);

async function send({ desk, random, serial }: LifeOptions, route: Route, today: string): Promise<string> {
  const birthYear = random.chance(0.15) ? 2010 + random.below(8) : 1940 + random.below(60);
  const payload = await desk.mutate(route.destination, 'RETURN', 'sendReturnNotice', 'SendReturnNoticeInput', {
    subject: { name: `年${serial}`, birthDate: `${birthYear}-06-15`, ...(birthYear < 2000 && random.chance(0.6) && { birthDate: undefined, idNumber: syntheticIdNumber(random) }) },
    noticeNo: `年${serial}`, noticeDate: today, entryDate: addDays(today, -6), leaveDate: leavingOn(today), returnMode: 'SELF', originDivision: route.division, guardianAssessedOn: today,
  }, 'returnCase { id }');
  return (payload['returnCase'] as { id: string }).id;
}

/** Disputed, and addressed to Shucheng or to Jiangyin instead; who has it then may be slow. */
async function* disputed({ desk, random }: LifeOptions, route: Route, id: string): Life {
  await desk.step(route.origin, 'RETURN', 'disputeReturn', 'ReturnReasonInput', id, { code: 'WRONG_DIVISION' });
  yield after(desk.now, pace(random, 24));
  const [other, division] = route.origin === 'civil-341523' ? ['station-320281', '320281'] : ['civil-341523', '341523'];
  if (other === route.destination) return desk.step(route.destination, 'RETURN', 'recallReturn', 'ReturnReasonInput', id, { code: 'WRONG_DIVISION' });
  await desk.step(route.destination, 'RETURN', 'rerouteReturn', 'RerouteReturnInput', id, { originDivision: division });
  yield after(desk.now, pace(random, 40));
  await desk.step(other ?? '', 'RETURN', 'acknowledgeReturn', 'ReturnStepInput', id);
}

const LEVELS_UP = ['civil-320281', 'civil-320200', 'civil-320000', 'civil-120000', 'civil-341523', 'civil-341500', 'civil-340000', 'civil-000000'];

/** Refused, and reported up: somebody withdraws, or each level in turn is silent until the clock passes it up, or passes it up itself, to whoever stands over both. */
async function* refused({ desk, random }: LifeOptions, route: Route, id: string): Life {
  await desk.step(route.origin, 'RETURN', 'refuseReturn', 'ReturnReasonInput', id, { code: 'NO_CAPACITY' });
  yield after(desk.now, pace(random, 24));
  await desk.step(route.destination, 'RETURN', 'reportRefusalUp', 'ReturnStepInput', id);
  const withdraws = random.chance(0.25);
  yield after(desk.now, pace(random, 40));
  if (withdraws) return desk.step(route.origin, 'RETURN', 'withdrawRefusal', 'ReturnStepInput', id);
  for (;;) {
    const { no } = await desk.stands(id);
    const [row] = await desk.owner<{ code: string; level: string }>('SELECT a.code, a.level FROM guitu.return_cases c JOIN guitu.agencies a ON a.id = c.coordinator WHERE c.id = $1', [id.slice(3)]);
    if (!row || !LEVELS_UP.includes(row.code)) throw new Error(`nobody coordinates ${id}`);
    const overBoth = row.level === 'MINISTRY' || (row.code === 'civil-320000' || row.code === 'civil-320200') && route.destination.startsWith('station-320') && route.origin === 'station-320281';
    if (overBoth && random.chance(0.85)) {
      if (random.chance(0.2)) return desk.step(row.code, 'COORDINATION', 'upholdRefusal', 'ReturnReasonInput', id, { code: 'NOT_RESIDENT' }, no);
      await desk.step(row.code, 'COORDINATION', 'directReturn', 'DirectReturnInput', id, { receiver: route.origin, receiveBy: addDays(dateOf(desk.now), 7) }, no);
      yield after(desk.now, pace(random, 60));
      return desk.step(route.origin, 'RETURN', 'receiveReturnee', 'ReceiveReturneeInput', id, { receivedOn: dateOf(desk.now) });
    }
    if (row.level !== 'MINISTRY' && random.chance(0.4)) await desk.step(row.code, 'COORDINATION', 'passRefusalUp', 'ReturnStepInput', id, {}, no);
    if (row.level === 'MINISTRY' && random.chance(0.5)) return;
    yield after(desk.now, 40 + random.below(60));
  }
}

async function* lost({ desk, random }: LifeOptions, route: Route, id: string): Life {
  await desk.step(random.chance(0.5) ? route.origin : route.destination, 'RETURN', 'reportNotArrived', 'ReturnStepInput', id);
  yield after(desk.now, pace(random, 100));
  if (random.chance(0.5)) return desk.step(route.destination, 'RETURN', 'reportFound', 'ReturnStepInput', id);
  await desk.step(route.origin, 'RETURN', 'endTrace', 'ReturnStepInput', id);
  yield after(desk.now, pace(random, 200));
  await desk.step(route.destination, 'RETURN', 'endTrace', 'ReturnStepInput', id);
}

/** No home: the hukou place accepts, plans, places, and the return closes. */
async function* homeless({ desk, random }: LifeOptions, route: Route, id: string): Life {
  const [hukou, agency, civil] = route.origin === 'civil-341523' ? ['320281104', 'station-320281', 'civil-320281'] : ['341523102', 'civil-341523', 'civil-341523'];
  await desk.step(route.origin, 'RETURN', 'reportNoHome', 'ReportNoHomeInput', id, { hukouDivision: hukou });
  yield after(desk.now, pace(random, 60));
  await desk.step(agency ?? '', 'RETURN', 'acceptForSettlement', 'ReturnStepInput', id);
  const [opened] = await desk.owner<{ id: string }>('SELECT id FROM guitu.settlement_cases WHERE return_case = $1', [id.slice(3)]);
  const settlement = `se_${opened?.id ?? ''}`;
  yield after(desk.now, pace(random, 800));
  await desk.step(civil ?? '', 'SETTLEMENT', 'submitSettlementPlan', 'SubmitSettlementPlanInput', settlement, { plan: '福利机构照料', guardianship: '民政部门' });
  yield after(desk.now, pace(random, 500));
  await desk.step(civil ?? '', 'SETTLEMENT', 'recordGovernmentDecision', 'RecordGovernmentDecisionInput', settlement, { decision: 'PLACEMENT', documentNo: `年复${id.slice(3, 8)}`, decidedOn: dateOf(desk.now) });
  yield after(desk.now, pace(random, 120));
  await desk.step(civil ?? '', 'SETTLEMENT', 'placeInInstitution', 'PlaceInInstitutionInput', settlement, { institution: '社会福利中心', placedOn: dateOf(desk.now) });
  yield after(desk.now, pace(random, 120));
  await desk.step(civil ?? '', 'SETTLEMENT', 'assessSupport', 'AssessSupportInput', settlement, { assessment: 'SUPPORTED', supportKind: '特困人员集中供养' });
  await desk.step(civil ?? '', 'RETURN', 'closeReturn', 'CloseReturnInput', id, { outcome: 'PLACED' });
}

/** Home check; where there is difficulty, aid by whoever it is referred to. */
async function* checked({ desk, random }: LifeOptions, route: Route, id: string): Life {
  yield after(desk.now, pace(random, 160));
  const difficult = route.township !== undefined && random.chance(0.5);
  await desk.step(route.origin, 'RETURN', 'recordHomeCheck', 'RecordHomeCheckInput', id, { checkedOn: dateOf(desk.now), difficulties: difficult ? ['LIVELIHOOD'] : [] });
  yield after(desk.now, pace(random, 40));
  if (!difficult) return desk.step(route.origin, 'RETURN', 'closeReturn', 'CloseReturnInput', id, { outcome: 'NO_DIFFICULTY' });
  const addressees = [route.township, ...(random.chance(0.4) ? ['insurance-320281'] : [])];
  await desk.step(route.origin, 'RETURN', 'referForAid', 'ReferForAidInput', id, { referrals: addressees.map((addressee) => ({ addressee, helpAsked: ['TEMPORARY_ASSISTANCE'] })) });
  for (const addressee of addressees) {
    yield after(desk.now, pace(random, 150));
    const [referral] = await desk.owner<{ no: string; version: number }>('SELECT r.referral_no AS no, r.version FROM guitu.return_referrals r JOIN guitu.agencies a ON a.id = r.addressee WHERE r.case_id = $1 AND a.code = $2', [id.slice(3), addressee]);
    await desk.mutate(addressee ?? '', 'RETURN', 'answerReferral', 'AnswerReferralInput', { id, referralNo: referral?.no, expectedVersion: referral?.version, measures: ['TEMPORARY_ASSISTANCE'] }, '__typename');
  }
  yield after(desk.now, pace(random, 60));
  await desk.step(route.origin, 'RETURN', 'closeReturn', 'CloseReturnInput', id, { outcome: 'AIDED' });
}

/** Enrolled in the registry, and visited by its township in the first place; some wander again. */
async function* visited({ desk, random, until }: LifeOptions, route: Route, township: string, caseId: string): Life {
  yield after(desk.now, pace(random, 50));
  const { no } = await desk.stands(caseId);
  const payload = await desk.mutate(route.origin, 'AT_RISK_CARE', 'enrolAtRisk', 'EnrolAtRiskInput', { caseNo: no, division: route.division, riskClasses: ['REPEATED_VAGRANCY'], careCodes: ['PHONE_CALL'] }, 'atRiskEntry { id }');
  const entry = (payload['atRiskEntry'] as { id: string }).id;
  yield after(desk.now, pace(random, 60));
  await desk.step(route.county, 'AT_RISK_CARE', 'approveAtRiskEntry', 'ApproveAtRiskEntryInput', entry);
  yield after(desk.now, pace(random, 20));
  await desk.step(route.county, 'AT_RISK_CARE', 'sendRoster', 'SendRosterInput', entry, { township });
  const revisitAfter = random.below(4);
  for (let visit = 0; desk.now < until; visit += 1) {
    yield after(desk.now, visit === 0 ? pace(random, 150) : 24 * (25 + random.below(50)));
    if (visit === revisitAfter && random.chance(0.3)) await desk.step(route.origin, 'RETURN', 'recordReturneeRevisit', 'RecordReturneeRevisitInput', caseId, { visitedOn: dateOf(desk.now), manner: 'PHONE', result: 'STABLE' });
    else if (visit === revisitAfter) await desk.step(route.origin, 'AT_RISK_CARE', 'recordRevisit', 'RecordVisitInput', entry, { visitedOn: dateOf(desk.now), manner: 'PHONE', result: random.chance(0.8) ? 'STABLE' : 'NOBODY_THERE' });
    if (random.chance(0.06)) {
      await desk.step(township, 'AT_RISK_CARE', 'reportWandering', 'ReportWanderingInput', entry, { discoveredAt: desk.now.toISOString() });
      yield after(desk.now, pace(random, 15));
      const home = random.chance(0.5);
      await desk.step(route.county, 'AT_RISK_CARE', home ? 'recordReturned' : 'recordFalseAlarm', home ? 'RecordReturnedInput' : 'AtRiskStepInput', entry, home ? { returnedOn: dateOf(desk.now) } : {});
      continue;
    }
    await desk.step(township, 'AT_RISK_CARE', 'recordVisit', 'RecordVisitInput', entry, { visitedOn: dateOf(desk.now), manner: random.pick(['IN_PERSON', 'PHONE']), result: random.chance(0.85) ? 'STABLE' : 'NOBODY_THERE' });
  }
}

/** Somebody whom nobody can name stays at a station; some leave, some are identified, some stay long enough to be settled. */
async function* unidentified({ desk, random, serial, from, until }: LifeOptions): Life {
  yield new Date(from.getTime() + random.next() * (until.getTime() - from.getTime()) * 0.7);
  const [station, civil, police, hukou] = random.chance(0.7) ? ['station-320281', 'civil-320281', 'police-320281', '320281104'] : ['station-120000', 'civil-120000', 'police-120000', '120101003'];
  const entered = dateOf(desk.now);
  const payload = await desk.mutate(station ?? '', 'SETTLEMENT', 'openStay', 'OpenStayInput', { enteredOn: entered, calledName: `年${serial}`, estimatedAge: 30 + random.below(50) }, 'stay { id }');
  const stay = (payload['stay'] as { id: string }).id;
  const leavesAfter = random.chance(0.5) ? 5 + random.below(70) : Infinity;
  let place = 'IN_STATION';
  for (let month = 1; month <= 4; month += 1) {
    // In office hours, never on the stroke of a term.
    yield after(startOf(addMonths(entered, month)), Math.max(9, -24 * 3 + pace(random, 60)));
    if (desk.now >= startOf(addDays(entered, Math.min(leavesAfter, 10_000)))) return desk.step(station ?? '', 'SETTLEMENT', 'endStay', 'EndStayInput', stay, { leftOn: dateOf(desk.now), how: 'LEFT' });
    if (random.chance(0.3)) await desk.step(station ?? '', 'SETTLEMENT', 'moveStay', 'MoveStayInput', stay, { place: (place = place === 'HOSPITAL' ? 'ENTRUSTED' : 'HOSPITAL'), since: dateOf(desk.now) });
    if (random.chance(0.7)) await desk.step(station ?? '', 'SETTLEMENT', 'updateTracing', 'UpdateTracingInput', stay, { publishedOn: dateOf(desk.now) });
  }
  const [due] = await desk.owner<{ id: string }>('SELECT c.id FROM guitu.settlement_cases c JOIN guitu.stays s ON s.person_id = c.person_id WHERE s.id = $1', [stay.slice(3)]);
  if (!due) return;
  const settlement = `se_${due.id}`;
  const steps: [agency: string | undefined, operation: string, input: string, more: () => object, usual: number][] = [
    [station, 'applyForSettlement', 'ApplyForSettlementInput', () => ({ proofOfSearch: '公告、比对均无结果' }), 100],
    [civil, 'submitSettlementPlan', 'SubmitSettlementPlanInput', () => ({ plan: '在福利机构落户', guardianship: '民政部门' }), 700],
    [civil, 'recordGovernmentDecision', 'RecordGovernmentDecisionInput', () => ({ decision: 'HUKOU', documentNo: `年复${serial}`, decidedOn: dateOf(desk.now) }), 500],
    [civil, 'fileHukou', 'FileHukouInput', () => ({ hukouDivision: hukou }), 80],
    [police, 'registerHukou', 'RegisterHukouInput', () => ({ registeredOn: dateOf(desk.now) }), 300],
    [civil, 'assessSupport', 'AssessSupportInput', () => (random.chance(0.8) ? { assessment: 'SUPPORTED', supportKind: '特困人员集中供养' } : { assessment: 'NOT_ELIGIBLE' }), 120],
  ];
  const identifiedBefore = random.chance(0.2) ? random.below(4) : Infinity;
  for (const [index, [agency, operation, input, more, usual]] of steps.entries()) {
    yield after(desk.now, pace(random, usual));
    if (index === identifiedBefore) return desk.step(station ?? '', 'SETTLEMENT', 'recordIdentified', 'SettlementDocumentInput', settlement, { documentNo: `年鉴${serial}`, documentDate: dateOf(desk.now) });
    await desk.step(agency ?? '', 'SETTLEMENT', operation, input, settlement, more());
  }
}
