import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SETTLEMENT_STATES } from '../../src/ledgers/settlement/settlement.shape.js';
import { SETTLEMENT_STEPS, SETTLEMENT_TRACKS } from '../../src/ledgers/settlement/settlement.transitions.js';
import { startHub, type TestHub } from '../support/hub.js';
import { SettlementDesk, STEP_INPUT } from '../support/settlement-desk.js';

const AGENCY = { station: 'station-320281', civilAffairs: 'civil-320281', police: 'police-320281' } as const;

/** The table of ledgers.md by hand: operation and choice, who takes it, states before and after by track. */
const LONG_STAY = ['LONG_STAY'];
const HOMELESS = ['HOMELESS_RETURNEE'];
const TABLE: [operation: string, choice: object | null, by: keyof typeof AGENCY, tracks: string[], from: string, to: string][] = [
  ['applyForSettlement', null, 'station', LONG_STAY, 'DUE', 'APPLIED'],
  ['returnForCompletion', null, 'civilAffairs', LONG_STAY, 'APPLIED', 'DUE'],
  ['submitSettlementPlan', null, 'civilAffairs', LONG_STAY, 'APPLIED', 'PLAN_SUBMITTED'],
  ['submitSettlementPlan', null, 'civilAffairs', HOMELESS, 'ACCEPTED', 'PLAN_SUBMITTED'],
  ['recordGovernmentDecision', { decision: 'HUKOU' }, 'civilAffairs', LONG_STAY, 'PLAN_SUBMITTED', 'HUKOU_APPROVED'],
  ['recordGovernmentDecision', { decision: 'PLACEMENT' }, 'civilAffairs', [...LONG_STAY, ...HOMELESS], 'PLAN_SUBMITTED', 'PLACEMENT_APPROVED'],
  ['recordGovernmentDecision', { decision: 'SENT_BACK' }, 'civilAffairs', LONG_STAY, 'PLAN_SUBMITTED', 'APPLIED'],
  ['fileHukou', null, 'civilAffairs', LONG_STAY, 'HUKOU_APPROVED', 'HUKOU_FILED'],
  ['rejectHukouFiling', null, 'police', LONG_STAY, 'HUKOU_FILED', 'HUKOU_APPROVED'],
  ['registerHukou', null, 'police', LONG_STAY, 'HUKOU_FILED', 'REGISTERED'],
  ['placeInInstitution', null, 'civilAffairs', [...LONG_STAY, ...HOMELESS], 'PLACEMENT_APPROVED', 'PLACED'],
  ['resumeSettlementPlan', null, 'civilAffairs', LONG_STAY, 'PLACED', 'PLAN_SUBMITTED'],
  ...(['SUPPORTED', 'NOT_ELIGIBLE'] as const).flatMap((assessment): typeof TABLE => {
    const choice = assessment === 'SUPPORTED' ? { assessment } : { assessment, supportKind: null };
    return [['assessSupport', choice, 'civilAffairs', LONG_STAY, 'REGISTERED', assessment], ['assessSupport', choice, 'civilAffairs', HOMELESS, 'PLACED', assessment]];
  }),
  ...['DUE', 'APPLIED', 'PLAN_SUBMITTED', 'HUKOU_APPROVED', 'HUKOU_FILED', 'PLACEMENT_APPROVED', 'PLACED'].map((from): (typeof TABLE)[number] => ['recordIdentified', null, 'station', LONG_STAY, from, 'IDENTIFIED']),
  ...['REGISTERED', 'SUPPORTED', 'NOT_ELIGIBLE'].map((from): (typeof TABLE)[number] => ['reverseHukou', null, 'police', LONG_STAY, from, 'REVERSED']),
  ...['DUE', 'APPLIED', 'PLAN_SUBMITTED', 'HUKOU_APPROVED', 'HUKOU_FILED', 'REGISTERED', 'PLACEMENT_APPROVED', 'PLACED'].map((from): (typeof TABLE)[number] => ['closeSettlement', null, 'civilAffairs', LONG_STAY, from, 'CLOSED']),
  ...['ACCEPTED', 'PLAN_SUBMITTED', 'PLACEMENT_APPROVED', 'PLACED'].map((from): (typeof TABLE)[number] => ['closeSettlement', null, 'civilAffairs', HOMELESS, from, 'CLOSED']),
];

/** Every operation with each of its choices. */
const TRIED = [...new Map(TABLE.map(([operation, choice]) => [JSON.stringify([operation, choice]), { operation, choice }])).values()];

let hub: TestHub;
let desk: SettlementDesk;
beforeAll(async () => {
  hub = await startHub();
  desk = new SettlementDesk(hub);
});
afterAll(() => hub.stop());

describe('the steps of a settlement', () => {
  test.each(SETTLEMENT_TRACKS)('on the track %s every step from every state by every party does what the table says, and nothing else changes anything', async (track) => {
    const wrong: string[] = [];
    for (const state of SETTLEMENT_STATES.filter((one) => track === 'LONG_STAY' || !one.startsWith('HUKOU'))) {
      const put = await desk.put(state, track);
      for (const { operation, choice } of TRIED) {
        for (const actor of ['station', 'civilAffairs', 'police'] as const) {
          const kindMay = TABLE.some(([name, , by]) => name === operation && by === actor);
          if (!kindMay && state !== 'DUE' && state !== 'ACCEPTED') continue;
          const [before] = await desk.owner<{ version: number; all: string }>('UPDATE guitu.settlement_cases c SET state = $2 WHERE id = $1 RETURNING version, c::text AS all', [put.id.slice(3), state]);
          const answer = await desk.trySettlement(operation, AGENCY[actor], { id: put.id, version: before?.version ?? 0 }, { ...STEP_INPUT[operation], ...choice });
          const [after] = await desk.owner<{ state: string; all: string }>('SELECT state, c::text AS all FROM guitu.settlement_cases c WHERE id = $1', [put.id.slice(3)]);
          const line = TABLE.find(([name, ofInput, by, tracks, from]) => name === operation && ofInput === choice && by === actor && tracks.includes(track) && from === state);
          const expected = line?.[5] ?? (kindMay ? 'TRANSITION_NOT_ALLOWED' : 'FORBIDDEN');
          const done = answer.errors.length === 0 ? after?.state : answer.errors[0]?.extensions.code;
          if (done !== expected || (!line && before?.all !== after?.all)) wrong.push(`${track} ${state} ${operation} ${JSON.stringify(choice)} by ${actor}: ${done}, expected ${expected}${line || before?.all === after?.all ? '' : ', and the case changed'}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  test('a homeless returnee never has a state of a new hukou: no line leads there, and the table of the database refuses the row', async () => {
    expect(SETTLEMENT_STEPS.filter(({ tracks, to }) => to.startsWith('HUKOU') && tracks?.join() !== 'LONG_STAY')).toEqual([]);
    await expect(desk.put('HUKOU_APPROVED', 'HOMELESS_RETURNEE')).rejects.toThrow(/check/u);
  });

  test('an agency that is no party finds nothing to act on, whatever the step', async () => {
    const put = await desk.put('APPLIED');
    for (const { operation } of TRIED) {
      for (const agency of ['station-320200', 'civil-120000', 'police-120000', 'township-320281104']) {
        const { errors } = await desk.trySettlement(operation, agency, put);
        expect({ operation, agency, code: errors[0]?.extensions.code }).toEqual({ operation, agency, code: expect.stringMatching(/^(NOT_FOUND|FORBIDDEN)$/u) });
      }
    }
  });

  test('a step with a version that is no longer current is STALE_VERSION, and is not taken', async () => {
    const put = await desk.put('DUE');
    const { errors } = await desk.trySettlement('applyForSettlement', AGENCY.station, { id: put.id, version: 2 });
    expect(errors[0]?.extensions).toMatchObject({ code: 'STALE_VERSION', field: 'input.expectedVersion' });
  });

  test.each([
    ['an application without proof of search', 'applyForSettlement', 'station', 'DUE', { proofOfSearch: ' ' }, 'input.proofOfSearch'],
    ['a decision of tomorrow', 'recordGovernmentDecision', 'civilAffairs', 'PLAN_SUBMITTED', { decidedOn: '2026-11-21' }, 'input.decidedOn'],
    ['a decision without its number', 'recordGovernmentDecision', 'civilAffairs', 'PLAN_SUBMITTED', { documentNo: '' }, 'input.documentNo'],
    ['a hukou in no division', 'fileHukou', 'civilAffairs', 'HUKOU_APPROVED', { hukouDivision: '999999' }, 'input.hukouDivision'],
    ['a registration before the person entered', 'registerHukou', 'police', 'HUKOU_FILED', { registeredOn: '2026-06-21' }, 'input.registeredOn'],
    ['a placement in no institution', 'placeInInstitution', 'civilAffairs', 'PLACEMENT_APPROVED', { institution: '' }, 'input.institution'],
    ['support without its kind', 'assessSupport', 'civilAffairs', 'REGISTERED', { supportKind: null }, 'input.supportKind'],
    ['a reversal without the notice of civil affairs', 'reverseHukou', 'police', 'REGISTERED', { documentNo: ' ' }, 'input.documentNo'],
  ] as const)('%s is refused, naming the input, and loses nothing', async (_, operation, actor, state, more, field) => {
    const put = await desk.put(state);
    const { errors } = await desk.trySettlement(operation, AGENCY[actor], put, { ...STEP_INPUT[operation], ...more });
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field });
    expect(await desk.owner('SELECT state, version FROM guitu.settlement_cases WHERE id = $1', [put.id.slice(3)])).toEqual([{ state, version: 1 }]);
  });

  test('every transition keeps who, when and which document; whoever supervises sees the steps and not the documents', async () => {
    desk.at('2026-11-20T10:00:00+08:00');
    const put = await desk.put('PLAN_SUBMITTED');
    await desk.settlement('recordGovernmentDecision', AGENCY.civilAffairs, put, { decision: 'PLACEMENT', note: '常务会议' });
    const steps = `{ node(id: "${put.id}") { ... on SettlementCase { state transitions { from to at agency { code } documentNo documentDate note } } } }`;
    const step = { from: 'PLAN_SUBMITTED', to: 'PLACEMENT_APPROVED', at: '2026-11-20T10:00:00+08:00', agency: { code: 'civil-320281' } };
    expect((await desk.ask(AGENCY.station, steps)).data).toEqual({ node: { state: 'PLACEMENT_APPROVED', transitions: [{ ...step, documentNo: '澄政复〔2026〕1号', documentDate: '2026-11-20', note: '常务会议' }] } });
    const above = await hub.ask('civil-320200', { purpose: 'SUPERVISION' }, steps);
    expect(above.data).toEqual({ node: { state: 'PLACEMENT_APPROVED', transitions: [{ ...step, documentNo: null, documentDate: null, note: null }] } });
  });
});

describe('the clocks of a settlement', () => {
  test('each state owes the step that leads on, from whom the table says, and ends what was owed before', async () => {
    desk.at('2026-11-20T10:00:00+08:00');
    let settlement = await desk.put('DUE');
    const then = async (operation: string, agency: string, more?: object): Promise<string[]> => {
      settlement = await desk.settlement(operation, agency, settlement, more);
      return desk.owed(settlement);
    };
    expect(await then('applyForSettlement', AGENCY.station)).toEqual(['submitSettlementPlan civil-320281 2027-01-20']);
    expect(await then('returnForCompletion', AGENCY.civilAffairs)).toEqual(['applyForSettlement station-320281 2026-12-04']);
    expect(await then('applyForSettlement', AGENCY.station)).toEqual(['submitSettlementPlan civil-320281 2027-01-20']);
    expect(await then('submitSettlementPlan', AGENCY.civilAffairs)).toEqual(['recordGovernmentDecision civil-320281 2026-12-20']);
    expect(await then('recordGovernmentDecision', AGENCY.civilAffairs)).toEqual(['fileHukou civil-320281 2026-11-27']);
    expect(await then('fileHukou', AGENCY.civilAffairs)).toEqual(['registerHukou police-320281 2026-12-18']);
    expect(await then('registerHukou', AGENCY.police)).toEqual(['assessSupport civil-320281 2026-12-04']);
    expect(await then('assessSupport', AGENCY.civilAffairs)).toEqual([]);
    const placed = await desk.settlement('recordGovernmentDecision', AGENCY.civilAffairs, await desk.put('PLAN_SUBMITTED'), { decision: 'PLACEMENT' });
    expect(await desk.owed(placed)).toEqual(['placeInInstitution civil-320281 2026-12-04']);
    expect(await desk.owed(await desk.settlement('placeInInstitution', AGENCY.civilAffairs, placed))).toEqual([]);
    const homeless = await desk.settlement('placeInInstitution', AGENCY.civilAffairs, await desk.put('PLACEMENT_APPROVED', 'HOMELESS_RETURNEE'));
    expect(await desk.owed(homeless)).toEqual(['assessSupport civil-320281 2026-12-04']);
    expect(await desk.owed(await desk.settlement('recordIdentified', AGENCY.station, await desk.put('PLACED')))).toEqual(['sendReturnNotice station-320281 2026-11-25']);
  });

  test('plan and government decision are reminded and called overdue, and nobody above is told', async () => {
    desk.at('2026-11-20T10:00:00+08:00');
    const settlement = await desk.settlement('applyForSettlement', AGENCY.station, await desk.put('DUE'));
    await desk.tickAt('2027-03-01T00:00:00+08:00');
    expect(await desk.owner("SELECT d.step, d.reminded_at IS NOT NULL AS reminded, d.overdue_at IS NOT NULL AS overdue, d.raised, n.kind FROM guitu.duties d JOIN guitu.duty_notices n ON n.duty_id = d.id WHERE d.record_id = $1", [settlement.id.slice(3)]))
      .toEqual([{ step: 'submitSettlementPlan', reminded: true, overdue: true, raised: 0, kind: 'OWED' }]);
  });
});
