import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addDays, addMonths, startOf } from '../../../src/kernel/dates.js';
import { closeStatistics } from '../../../src/ledgers/statistics/statistics.closing.js';
import { FAMILIES } from '../../../src/ledgers/measures.js';
import { startHub, type TestHub } from '../../support/hub.js';
import { withClient } from '../../support/test-server.js';
import { Seeded } from '../../twins/seeded.js';
import { readRaw, recount, type RawLedgers } from './recount.js';
import { fillYear, LedgerRows } from './statistics-rows.js';

const ASK = `query ($division: String!, $period: String!) { statistics(division: $division, period: $period) { period from to closedAt total { ...P } children { ...P } } }
  fragment P on StatisticPlace { division name level own figures { measure title step parts { part title count } rates { rate done of percent atLeast } } }`;
interface Place { division: string; name: string; own: boolean; figures: { measure: string; step: string | null; parts: { part: string; count: number | null }[]; rates: { rate: string; done: number | null; of: number | null; percent: number | null; atLeast: number | null }[] }[] }
interface Statistics { period: string; from: string; to: string; closedAt: string; total: Place; children: Place[] }

const MONTHS = Array.from({ length: 12 }, (_, index) => `2026-${String(index + 1).padStart(2, '0')}`);
const close = (at: string): Promise<string[]> => closeStatistics(hub.parts.pools.clock, hub.parts.policy.policy, new Date(at));

let hub: TestHub;
let raw: RawLedgers;
let closed: string[];

beforeAll(async () => {
  hub = await startHub();
  await withClient(hub.database.admin, async (owner) => {
    await owner.query("UPDATE guitu.duties SET started_at = '2026-11-18T00:00:00+08:00' WHERE started_at < '2026-01-01'");
    await fillYear(owner, new Seeded(11));
    // The rows say how far each duty rose; no clock is to move them, and closing waits for none.
    await owner.query('UPDATE guitu.duties SET next_at = NULL');
    raw = await readRaw(owner);
  });
  closed = await close('2027-01-10T00:00:00+08:00');
  Object.assign(hub.parts, { now: () => new Date('2027-01-20T09:00:00+08:00') });
}, 120_000);
afterAll(() => hub.stop());

const owner = <Row extends Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> => withClient(hub.database.admin, async (client) => (await client.query<Row>(text, [...values])).rows);

async function ask(agency: string, division: string, period: string, purpose = 'SUPERVISION'): Promise<Statistics> {
  const answer = await hub.ask<{ statistics: Statistics }>(agency, { purpose }, ASK, { division, period });
  expect(answer.errors).toEqual([]);
  if (!answer.data) throw new Error('no data');
  return answer.data.statistics;
}

async function refusal(agency: string, division: string, period: string, purpose = 'SUPERVISION'): Promise<unknown> {
  const answer = await hub.ask(agency, { purpose }, ASK, { division, period });
  expect(answer.data).toBeNull();
  return [answer.errors[0]?.extensions.code, answer.errors[0]?.extensions.field];
}

/** What the raw rows give for every place and period, sums between parts included; stocks as at the end. */
function expected(): Map<string, number> {
  const all = new Map<string, number>();
  const periodsOf = (month: string): string[] => [month, `2026-Q${Math.ceil(Number(month.slice(5)) / 3)}`, '2026'];
  const above = (place: string): string[] => [...new Set([place, ...(place.endsWith('*') ? [place.slice(0, 6)] : []), `${place.slice(0, 4)}00`, `${place.slice(0, 2)}0000`, '000000'])];
  for (const month of MONTHS) for (const [key, amount] of recount(raw, month)) {
    const [measure = '', place = ''] = key.split('|');
    const dot = measure.lastIndexOf('.');
    const [name, part] = [measure.slice(0, dot), measure.slice(dot + 1)];
    const family = FAMILIES.find(({ measure: one, byStep }) => (byStep ? name.startsWith('DUTY.') : one === name));
    const totals: Record<string, string[]> = { OPEN_0: ['OPEN', 'X'], OPEN_1: ['OPEN', 'X'], OPEN_2: ['OPEN', 'X'], OPEN_3: ['OPEN', 'X'], OPEN_4: ['OPEN', 'X'], IN_TIME: name === 'TOWNSHIP_VISITS' ? ['DONE', 'X'] : ['X'], LATE: name === 'TOWNSHIP_VISITS' ? ['DONE', 'X'] : ['X'], LAPSED: ['X'], MINORS_DONE: ['MINORS', 'DONE', 'X'], MINORS_NOT_DONE: ['MINORS', 'NOT_DONE', 'X'], ADULTS_DONE: ['ADULTS', 'DONE', 'X'], ADULTS_NOT_DONE: ['ADULTS', 'NOT_DONE', 'X'], UP_TO_3_MONTHS: ['X'], OVER_3_MONTHS: ['X'], CONFIRMED: [] };
    const top = { NOTICES: 'SENT', STAYS: 'OVER_1_MONTH', SETTLEMENTS: 'ALL', INQUIRIES: 'UNDER_WAY' }[name] ?? 'DUE';
    const parts = [part, ...(totals[part] ?? ['X']).map((one) => (one === 'X' ? top : one))];
    for (const where of above(place)) for (const period of family?.flow ? periodsOf(month) : [month]) for (const one of parts) {
      const cell = `${name}.${one}|${where}|${period}`;
      all.set(cell, (all.get(cell) ?? 0) + amount);
    }
  }
  return all;
}

describe('the figures', () => {
  test('of every month, quarter and the year are closed on the tenth of the month after, each once', async () => {
    expect(closed).toEqual([...MONTHS.slice(0, 3), '2026-Q1', ...MONTHS.slice(3, 6), '2026-Q2', ...MONTHS.slice(6, 9), '2026-Q3', ...MONTHS.slice(9), '2026-Q4', '2026']);
    expect(await close('2027-02-09T23:59:59+08:00')).toEqual([]);
  });

  test('as counted in the database equal a recount of the raw rows, by county and month', async () => {
    const rows = await owner<{ key: string; count: number }>("SELECT measure || '|' || place || '|' || period AS key, count FROM guitu.statistics_counts");
    const counted = new Map(rows.map(({ key, count }) => [key, count]));
    const again = new Map(MONTHS.flatMap((month) => [...recount(raw, month)].map(([key, count]) => [`${key}|${month}`, count] as const)));
    expect([...counted].toSorted()).toEqual([...again].toSorted());
    const families = new Set([...again.keys()].map((key) => key.split(/[.|]/u).slice(0, 2).join('.')));
    for (const part of ['NOTICES.OPEN_2', 'TOWNSHIP_VISITS.LATE', 'REVISITS.MINORS_DONE', 'STAYS.OVER_3_MONTHS', 'SETTLEMENTS.HUKOU_APPROVED', 'FLAGGED_HOUSEHOLDS.CONFIRMED', 'DUTY.recordHomeCheck']) expect(families).toContain(part);
  });

  test('that are shown equal that recount added up, over divisions, parts and periods; those hidden are small, or guard a small one', async () => {
    const truth = expected();
    const rows = await owner<{ key: string; figure: number }>("SELECT measure || '|' || division || '|' || period AS key, figure FROM guitu.statistics_figures");
    expect(rows.filter(({ key, figure }) => truth.get(key) !== figure)).toEqual([]);
    expect(rows.filter(({ figure }) => figure < 5)).toEqual([]);
    expect(rows.length).toBeGreaterThan(500);
  });

  test('are answered as they are shown, rates as exact fractions of two shown counts', async () => {
    const truth = expected();
    let figures = 0;
    let rates = 0;
    for (const period of ['2026-06', '2026-Q3', '2026']) {
      const answer = await ask('civil-320000', '320000', period);
      for (const place of [answer.total, ...answer.children]) for (const { measure, step, parts, rates: ratios } of place.figures) {
        const stock = FAMILIES.find((family) => family.measure === measure)?.flow === false;
        const of = (part: string): number | undefined => truth.get(`${step ? `DUTY.${step}` : measure}.${part}|${place.division}${place.own ? '*' : ''}|${stock ? { '2026-06': '2026-06', '2026-Q3': '2026-09', 2026: '2026-12' }[period] : period}`);
        const shown = parts.filter(({ count }) => count !== null);
        figures += shown.length;
        expect(shown.map(({ part, count }) => [part, count])).toEqual(shown.map(({ part }) => [part, of(part)]));
        const counts = new Map(parts.map(({ part, count }) => [part, count]));
        for (const { rate, done, of: whole, percent } of ratios) {
          rates += done === null ? 0 : 1;
          const names: Record<string, [string, string]> = { ACKNOWLEDGED_IN_TIME: ['IN_TIME', 'SENT'], IN_TIME: ['IN_TIME', 'DUE'], VISITED: ['DONE', 'DUE'], VISITED_IN_TIME: ['IN_TIME', 'DUE'], REVISITED: ['DONE', 'DUE'], MINORS_REVISITED: ['MINORS_DONE', 'MINORS'] };
          const [numerator, denominator] = (names[rate] ?? ['', '']).map((part) => counts.get(part) ?? null);
          expect([done, whole, percent]).toEqual(numerator == null || denominator == null ? [null, null, null] : [numerator, denominator, Math.floor((1_000 * numerator) / denominator) / 10]);
        }
      }
    }
    expect([figures > 100, rates > 10]).toEqual([true, true]);
  });

  test('are the same for whoever may ask, county, prefecture, province and ministry', async () => {
    const [county, prefecture] = [await ask('civil-320281', '320281', '2026-Q2'), await ask('civil-320200', '320200', '2026-Q2')];
    const [province, ministry] = [await ask('civil-320000', '320200', '2026-Q2'), await ask('civil-000000', '320000', '2026-Q2')];
    const steps = ({ figures }: Place): unknown => figures.filter(({ step }) => step === null);
    expect(steps(prefecture.children.find(({ division }) => division === '320281') ?? county.total)).toEqual(steps(county.total));
    expect(province).toEqual(prefecture);
    expect(ministry.children.find(({ division }) => division === '320200')?.figures).toEqual(expect.arrayContaining(prefecture.total.figures));
  });

  test('of a closed period are moved by nothing that happens later: no visit, no protection, no merge, no clock', async () => {
    const before = await ask('civil-320200', '320200', '2026');
    await owner('UPDATE guitu.stays SET left_on = entered_on, state = $1, left_how = $2', ['LEFT', 'LEFT']);
    await owner('INSERT INTO guitu.protections (person_id, holding_agency, holding_division, since, basis) SELECT p.id, a.id, a.division, current_date, $1 FROM guitu.persons p, guitu.agencies a WHERE a.code = $2 ON CONFLICT DO NOTHING', ['测试', 'station-120000']);
    expect(await close('2027-01-25T00:00:00+08:00')).toEqual([]);
    expect(await ask('civil-320200', '320200', '2026')).toEqual(before);
  });

  test('leave evidence of who read how many of which division and period', async () => {
    await ask('civil-320200', '320281', '2026-05');
    const [event] = await owner<{ body: string }>("SELECT body FROM guitu_evidence.events WHERE body LIKE '%statistics 320281 2026-05%' ORDER BY seq DESC LIMIT 1");
    expect(JSON.parse(event?.body ?? '{}')).toMatchObject({ agency: 'civil-320200', purpose: 'SUPERVISION', operations: ['statistics'], outcome: ['served'] });
    const [closing] = await owner<{ body: string }>("SELECT body FROM guitu_evidence.events WHERE body LIKE '%statistics.closed 2026-05%'");
    expect(JSON.parse(closing?.body ?? '{}')).toMatchObject({ user: 'clock', kind: 'clock' });
  });
});

describe('a request for statistics is refused with one code and field', () => {
  test.each([
    ['for a division outside the asker\'s area', 'civil-320281', '320200', '2026', ['FORBIDDEN', 'division']],
    ['for a neighbour', 'civil-340000', '320281', '2026', ['FORBIDDEN', 'division']],
    ['below the county', 'civil-320281', '320281104', '2026', ['BAD_USER_INPUT', 'division']],
    ['for a code that is none', 'civil-320000', '329999', '2026', ['BAD_USER_INPUT', 'division']],
    ['for a month not yet released', 'civil-320000', '320000', '2027-01', ['BAD_USER_INPUT', 'period']],
    ['for a year that lasts', 'civil-320000', '320000', '2027', ['BAD_USER_INPUT', 'period']],
    ['for a month before anything was counted', 'civil-320000', '320000', '2025-12', ['BAD_USER_INPUT', 'period']],
    ['for a week', 'civil-320000', '320000', '2026-W03', ['BAD_USER_INPUT', 'period']],
    ['for a thirteenth month', 'civil-320000', '320000', '2026-13', ['BAD_USER_INPUT', 'period']],
  ] as const)('%s', async (_, agency, division, period, said) => {
    expect(await refusal(agency, division, period)).toEqual(said);
  });

  test('to whoever is no civil affairs department, or asks for another purpose', async () => {
    expect(await refusal('civil-320000', '320000', '2026', 'RETURN')).toEqual(['FORBIDDEN', 'statistics']);
    expect(await refusal('station-320281', '320281', '2026', 'RETURN')).toEqual(['FORBIDDEN', 'statistics']);
    expect(await refusal('station-320281', '320281', '2026')).toEqual(['PURPOSE_NOT_ALLOWED', 'Guitu-Purpose']);
    expect(await refusal('audit-320000', '320000', '2026', 'AUDIT')).toEqual(['FORBIDDEN', 'statistics']);
  });
});

describe('the roles of requests', () => {
  test.each(['reader', 'writer', 'evidence'] as const)('%s can neither count nor read what was counted', async (role) => {
    const pool = hub.parts.pools[role];
    await expect(pool.query("SELECT * FROM guitu.count_stays('2026-01-01', '2026-02-01', now())")).rejects.toMatchObject({ code: '42501' });
    await expect(pool.query('SELECT FROM guitu.statistics_counts')).rejects.toMatchObject({ code: '42501' });
  });

  test('a reader without a viewer sees no figure, and civil affairs of a county only its own', async () => {
    const client = await hub.parts.pools.reader.connect();
    try {
      expect((await client.query('SELECT FROM guitu.statistics_figures')).rowCount).toBe(0);
      await client.query("BEGIN; SELECT set_config('guitu.kind', 'CIVIL_AFFAIRS', true), set_config('guitu.from', '320281', true), set_config('guitu.until', '320282', true)");
      expect((await client.query<{ division: string }>('SELECT DISTINCT division FROM guitu.statistics_figures')).rows).toEqual([{ division: '320281' }]);
      await client.query("SELECT set_config('guitu.kind', 'RESCUE_STATION', true)");
      expect((await client.query('SELECT FROM guitu.statistics_figures')).rowCount).toBe(0);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});

/** What a month gives for rows that are put in for the moment and taken back. */
async function countOf(counting: string, month: string, put: (rows: LedgerRows) => Promise<void>): Promise<Record<string, number>> {
  return withClient(hub.database.admin, async (client) => {
    await client.query('BEGIN');
    await client.query('TRUNCATE guitu.duties, guitu.return_cases, guitu.at_risk_entries, guitu.stays, guitu.settlement_cases, guitu.registered_households CASCADE');
    await put(new LedgerRows(client));
    const { rows } = await client.query<{ measure: string; division: string; amount: string }>(`SELECT measure, division, amount FROM guitu.${counting}($1, $2, $3)`, [`${month}-01`, addMonths(`${month}-01`, 1), startOf(addDays(addMonths(`${month}-01`, 1), 9))]);
    await client.query('ROLLBACK');
    return Object.fromEntries(rows.map(({ measure, division, amount }) => [`${measure} ${division}`, Number(amount)]));
  });
}

describe('what counts', () => {
  test('a person returned by two stations counts once for each, and the revisit of one is none of the other', async () => {
    expect(await countOf('count_revisits', '2026-05', async (rows) => {
      const [jiangyin, yixing, person] = [await rows.agency('station', '320281'), await rows.agency('station', '320282'), await rows.person()];
      await rows.returned(jiangyin, '320281', person, '2025-05-10');
      await rows.returned(yixing, '320282', person, '2025-05-20');
      await rows.visit(await rows.entry(yixing, '320282', person), 'STATION', yixing, '2025-09-01');
    })).toEqual({ 'REVISITS.ADULTS_NOT_DONE 320281': 1, 'REVISITS.ADULTS_DONE 320282': 1 });
  });

  test('a returnee whom civil affairs received, where there is no station, is in no station\'s rate', async () => {
    expect(await countOf('count_revisits', '2026-05', async (rows) => {
      await rows.returned(await rows.agency('civil', '341523'), '341523', await rows.person(), '2025-05-10');
    })).toEqual({});
  });

  test('a revisit with nobody there, one by the township, one before the return and one after the year are not done', async () => {
    expect(await countOf('count_revisits', '2026-05', async (rows) => {
      const [station, township] = [await rows.agency('station', '320281'), await rows.agency('township', '320281104')];
      for (const [regime, on, result] of [['STATION', '2025-08-01', 'NOBODY_THERE'], ['TOWNSHIP', '2025-08-01', 'STABLE'], ['STATION', '2025-05-09', 'STABLE'], ['STATION', '2026-05-11', 'STABLE']] as const) {
        const person = await rows.person();
        await rows.returned(station, '320281', person, '2025-05-10');
        await rows.visit(await rows.entry(station, '320281', person), regime, regime === 'STATION' ? station : township, on, { result });
      }
    })).toEqual({ 'REVISITS.ADULTS_NOT_DONE 320281': 4 });
  });

  test('a station revisits every returnee it received, in the registry or not: the child that is in none is met, and all of a hundred per cent can be', async () => {
    expect(await countOf('count_revisits', '2026-05', async (rows) => {
      const station = await rows.agency('station', '320281');
      for (const [result, on, enteredOn] of [['STABLE', '2026-05-10', '2026-06-09'], ['STABLE', '2026-05-10', '2026-06-10'], ['NOBODY_THERE', '2025-08-01', '2025-08-01'], ['STABLE', '2025-05-09', '2025-05-10'], ['STABLE', '2026-05-11', '2026-05-11']] as const) {
        await rows.revisit(await rows.returned(station, '320281', await rows.person('2015-03-04'), '2025-05-10'), station, on, { enteredOn, result });
      }
    })).toEqual({ 'REVISITS.MINORS_DONE 320281': 1, 'REVISITS.MINORS_NOT_DONE 320281': 4 });
  });

  test('a revisit counts once, whichever ledger holds it, and for each return of the person by this station whose year it lies in; that of another station for none', async () => {
    expect(await countOf('count_revisits', '2026-05', async (rows) => {
      const [jiangyin, yixing, person] = [await rows.agency('station', '320281'), await rows.agency('station', '320282'), await rows.person()];
      const [first, second, elsewhere] = [await rows.returned(jiangyin, '320281', person, '2025-05-10'), await rows.returned(jiangyin, '320281', person, '2025-05-28'), await rows.returned(yixing, '320282', person, '2025-05-20')];
      await rows.visit(await rows.entry(jiangyin, '320281', person), 'STATION', jiangyin, '2025-05-12');
      await rows.revisit(first, jiangyin, '2025-05-12');
      await rows.revisit(second, jiangyin, '2025-06-01');
      await rows.revisit(elsewhere, yixing, '2025-06-01', { result: 'NOBODY_THERE' });
    })).toEqual({ 'REVISITS.ADULTS_DONE 320281': 2, 'REVISITS.ADULTS_NOT_DONE 320282': 1 });
  });

  test('a revisit on the last day of the year is done; of one back on 29 February that is 28 February', async () => {
    const lastDay = (on: string) => async (rows: LedgerRows): Promise<void> => {
      const [station, person] = [await rows.agency('station', '320281'), await rows.person()];
      await rows.returned(station, '320281', person, '2024-02-29');
      await rows.visit(await rows.entry(station, '320281', person), 'STATION', station, on);
    };
    expect(await countOf('count_revisits', '2025-02', lastDay('2025-02-28'))).toEqual({ 'REVISITS.ADULTS_DONE 320281': 1 });
    expect(await countOf('count_revisits', '2025-02', lastDay('2025-03-01'))).toEqual({ 'REVISITS.ADULTS_NOT_DONE 320281': 1 });
  });

  test('whoever was a child when it came home counts as one, and so does a person of unknown age', async () => {
    expect(await countOf('count_revisits', '2026-05', async (rows) => {
      const station = await rows.agency('station', '320281');
      for (const born of ['2007-05-11', '2007-05-10', null]) await rows.returned(station, '320281', await rows.person(born), '2025-05-10');
    })).toEqual({ 'REVISITS.MINORS_NOT_DONE 320281': 2, 'REVISITS.ADULTS_NOT_DONE 320281': 1 });
  });

  test('a visit entered late is in time by its own day, if it is entered before the release', async () => {
    const entered = (enteredOn: string) => async (rows: LedgerRows): Promise<void> => {
      const [station, township, person] = [await rows.agency('station', '320281'), await rows.agency('township', '320281104'), await rows.person()];
      const entry = await rows.entry(station, '320281', person, township);
      await rows.duty('recordVisit', township, person, { from: '2026-03-31', due: '2026-05-31', record: 'AtRiskEntry', recordId: entry });
      await rows.visit(entry, 'TOWNSHIP', township, '2026-05-31', { enteredOn });
    };
    expect(await countOf('count_duties', '2026-05', entered('2026-06-09'))).toEqual({ 'TOWNSHIP_VISITS.IN_TIME 320281104': 1 });
    expect(await countOf('count_duties', '2026-05', entered('2026-06-10'))).toEqual({ 'TOWNSHIP_VISITS.OPEN_0 320281104': 1 });
  });

  test('the visit from which the next is counted is not the next one', async () => {
    expect(await countOf('count_duties', '2026-02', async (rows) => {
      const [station, township, person] = [await rows.agency('station', '320281'), await rows.agency('township', '320281104'), await rows.person()];
      const entry = await rows.entry(station, '320281', person, township);
      await rows.visit(entry, 'TOWNSHIP', township, '2025-12-31');
      await rows.duty('recordVisit', township, person, { from: '2025-12-31', due: '2026-02-28', record: 'AtRiskEntry', recordId: entry });
    })).toEqual({ 'TOWNSHIP_VISITS.OPEN_0 320281104': 1 });
  });

  test('a duty that was void before its last day ended was not owed; one that became void when it was late was', async () => {
    expect(await countOf('count_duties', '2026-05', async (rows) => {
      const station = await rows.agency('station', '320281');
      for (const endedAt of ['2026-05-31T23:59:59+08:00', '2026-06-01T00:00:00+08:00']) await rows.duty('recordHomeCheck', station, await rows.person(), { from: '2026-05-20', due: '2026-05-31', ended: 'VOID', endedAt: new Date(endedAt) });
    })).toEqual({ 'DUTY.recordHomeCheck.LAPSED 320281': 1 });
  });

  test('overdue counts by the levels to which it was raised before the release', async () => {
    expect(await countOf('count_duties', '2026-05', async (rows) => {
      await rows.duty('recordHomeCheck', await rows.agency('station', '320281'), await rows.person(), { from: '2026-05-20', due: '2026-05-25', raised: ['2026-05-26', '2026-05-29', '2026-06-10'] });
    })).toEqual({ 'DUTY.recordHomeCheck.OPEN_2 320281': 1 });
  });

  test('a stay counts through hospital and care; who left and entered again begins anew; month ends are month ends', async () => {
    expect(await countOf('count_stays', '2026-02', async (rows) => {
      const [station, person] = [await rows.agency('station', '320281'), await rows.person()];
      await rows.stay(station, '320281', person, '2025-10-01', '2026-01-20');
      await rows.stay(station, '320281', person, '2026-02-01');
      await rows.stay(station, '320281', await rows.person(), '2025-11-30');
      await rows.stay(station, '320281', await rows.person(), '2025-12-01', '2026-03-01', 'ENTRUSTED');
      await rows.stay(station, '320281', await rows.person(), '2026-01-28');
      await rows.stay(station, '320281', await rows.person(), '2025-10-01', '2026-02-28');
    })).toEqual({ 'STAYS.OVER_3_MONTHS 320281': 1, 'STAYS.UP_TO_3_MONTHS 320281': 2 });
  });

  test('a protected person is in no count', async () => {
    const put = async (rows: LedgerRows): Promise<void> => {
      const [station, person] = [await rows.agency('station', '320281'), await rows.person()];
      await rows.protect(person);
      await rows.returned(station, '320281', person, '2025-05-10');
      await rows.stay(station, '320281', person, '2025-05-10');
      await rows.settlement(station, '320281', person, [['DUE', '2026-01-01']]);
      await rows.duty('acknowledgeReturn', station, person, { from: '2026-05-10', due: '2026-05-12' });
      await rows.protect(await rows.flagged('320281', '2026-05-01'));
    };
    for (const counting of ['count_revisits', 'count_stays', 'count_settlements', 'count_duties', 'count_households']) expect(await countOf(counting, '2026-05', put)).toEqual({});
  });

  test('a settlement stands where it stood at the end of the month', async () => {
    expect(await countOf('count_settlements', '2026-05', async (rows) => {
      await rows.settlement(await rows.agency('station', '320281'), '320281', await rows.person(), [['DUE', '2026-04-01'], ['APPLIED', '2026-05-31'], ['PLAN_SUBMITTED', '2026-06-01']]);
    })).toEqual({ 'SETTLEMENTS.APPLIED 320281': 1 });
  });
});

describe('the closing of a month', () => {
  const periods = async (): Promise<string[]> => (await owner<{ period: string }>("SELECT period FROM guitu.statistics_periods WHERE period LIKE '2027%' ORDER BY period")).map(({ period }) => period);

  test('that is ended in the middle stores nothing, and is done by the next', async () => {
    const stopping = new AbortController();
    const closing = closeStatistics(hub.parts.pools.clock, hub.parts.policy.policy, new Date('2027-02-10T00:00:00+08:00'), [], stopping.signal);
    stopping.abort(new Error('ended'));
    await expect(closing).rejects.toThrow('ended');
    expect(await periods()).toEqual([]);
    expect(await close('2027-02-10T00:00:00+08:00')).toEqual(['2027-01']);
  });

  test('by three hubs at once is done once', async () => {
    const names = await Promise.all([1, 2, 3].map(() => close('2027-03-10T00:00:00+08:00')));
    expect(names.flat()).toEqual(['2027-02']);
    expect(await periods()).toEqual(['2027-01', '2027-02']);
  });
});
