import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { addDays, addMonths, startOf } from '../../../src/kernel/dates.js';
import type { Seeded } from '../../twins/seeded.js';

type Row = Record<string, unknown>;

/** Puts rows into the ledgers as their owner, as the steps of a county would have left them. */
export class LedgerRows {
  readonly #agencies = new Map<string, { id: string; division: string }>();

  constructor(private readonly owner: Client) {}

  async insert(table: string, row: Row): Promise<string> {
    const full = { ...(table === 'household_flags' || table === 'household_matches' || table === 'protections' ? {} : { id: randomUUID() }), ...row };
    const columns = Object.keys(full);
    await this.owner.query(`INSERT INTO guitu.${table} (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})`, Object.values(full));
    return String((full as Row)['id'] ?? '');
  }

  /** An agency by its code, made if the world has none of it. */
  async agency(kind: 'station' | 'civil' | 'township' | 'poverty', division: string): Promise<string> {
    const code = `${kind}-${division}`;
    const known = this.#agencies.get(code);
    if (known) return known.id;
    const { rows: [found] } = await this.owner.query<{ id: string }>('SELECT id FROM guitu.agencies WHERE code = $1', [code]);
    const level = division.length === 9 ? 'TOWNSHIP' : division.endsWith('0000') ? 'PROVINCE' : division.endsWith('00') ? 'PREFECTURE' : 'COUNTY';
    const id = found?.id ?? (await this.insert('agencies', { code, name: code, kind: { station: 'RESCUE_STATION', civil: 'CIVIL_AFFAIRS', township: 'TOWNSHIP', poverty: 'POVERTY_RELIEF' }[kind], level, division }));
    this.#agencies.set(code, { id, division });
    return id;
  }

  person(bornOn: string | null = '1970-01-01'): Promise<string> {
    return this.insert('persons', { born_on: bornOn });
  }

  async protect(person: string): Promise<void> {
    await this.insert('protections', { person_id: person, holding_agency: await this.agency('station', '120000'), holding_division: '120000', since: '2026-01-01', basis: '测试' });
  }

  /** A duty that was owed from a day to a day. `raised`: days on which it was raised. */
  async duty(step: string, owner: string, person: string | null, { from, due, ended, endedAt, record = 'ReturnCase', recordId = randomUUID(), raised = [] }: { from: string; due: string; ended?: 'DONE' | 'VOID'; endedAt?: Date; record?: string; recordId?: string; raised?: readonly string[] }): Promise<string> {
    const id = await this.insert('duties', {
      step, title: step, record, record_id: recordId, record_no: randomUUID(), person_id: person, owner, started_at: startOf(from), due_on: due, due_at: startOf(addDays(due, 1)), provisional: false, amount: 1, unit: 'workingDays', class: 'DESIGN', reason: '测试',
      ended: ended ?? null, ended_at: endedAt ?? null,
    });
    for (const day of raised) await this.insert('duty_notices', { duty_id: id, agency_id: await this.agency('civil', ['320281', '320200', '320000', '000000'][raised.indexOf(day)] ?? '000000'), kind: 'RAISED', at: startOf(day) });
    return id;
  }

  /** A return that ended at home with a station. */
  async returned(station: string, division: string, person: string, homeOn: string, more: Row = {}): Promise<string> {
    return this.insert('return_cases', {
      version: 1, case_no: randomUUID(), state: 'HOME_CHECKED', person_id: person, destination_name: '某站', origin_agency: station, origin_division: division, author_agency: station, confirmed_at: startOf(homeOn), received_at: startOf(homeOn), changed_at: startOf(homeOn), ...more,
    });
  }

  entry(station: string, division: string, person: string, township: string | null = null): Promise<string> {
    return this.insert('at_risk_entries', { version: 1, entry_no: randomUUID(), state: 'ACTIVE', person_id: person, division, enrolled_by: station, revisit_station: station, township, risk_classes: ['REPEATED_VAGRANCY'], enrolled_on: '2025-01-01' });
  }

  visit(entry: string, regime: 'TOWNSHIP' | 'STATION', agency: string, on: string, { enteredOn = on, result = 'STABLE' }: { enteredOn?: string; result?: string } = {}): Promise<string> {
    return this.insert('follow_up_visits', { entry_id: entry, regime, agency_id: agency, by_user: 'u', visited_on: on, manner: 'PHONE', result, at: startOf(enteredOn) });
  }

  /** A revisit that is kept with a return. */
  revisit(returned: string, agency: string, on: string, { enteredOn = on, result = 'STABLE' }: { enteredOn?: string; result?: string } = {}): Promise<string> {
    return this.insert('return_revisits', { case_id: returned, agency_id: agency, by_user: 'u', visited_on: on, manner: 'PHONE', result, at: startOf(enteredOn) });
  }

  stay(station: string, division: string, person: string, enteredOn: string, leftOn: string | null = null, state = 'HOSPITAL'): Promise<string> {
    return this.insert('stays', { version: 1, stay_no: randomUUID(), state: leftOn ? 'LEFT' : state, person_id: person, station, division, entered_on: enteredOn, left_on: leftOn, left_how: leftOn ? 'RETURNED' : null });
  }

  async settlement(station: string, division: string, person: string, steps: readonly (readonly [state: string, on: string])[]): Promise<string> {
    const id = await this.insert('settlement_cases', { version: 1, settlement_no: randomUUID(), track: 'LONG_STAY', state: steps.at(-1)?.[0], person_id: person, station, civil_affairs: await this.agency('civil', division), division });
    for (const [index, [state, on]] of steps.entries()) await this.insert('settlement_transitions', { settlement_id: id, step: index + 1, from_state: steps[index - 1]?.[0] ?? null, to_state: state, at: startOf(on), by_user: 'u' });
    return id;
  }

  async flagged(division: string, releaseOn: string, bornOn = '1960-01-01'): Promise<string> {
    const household = await this.insert('registered_households', { office: await this.agency('poverty', division), household_no: randomUUID(), head_name: '户主', division, kind: 'REGISTERED', flag_requested_at: startOf('2026-01-01') });
    const person = await this.person(bornOn);
    const member = await this.insert('household_members', { household_id: household, position: 1, name: '成员', id_number_sealed: 'x', id_number_hash: randomUUID(), born_on: bornOn });
    await this.insert('household_matches', { household_id: household, member_id: member, person_id: person });
    await this.insert('household_flags', { household_id: household, state: 'CONFIRMED', proposed_at: startOf('2026-01-05'), release_on: releaseOn });
    return person;
  }
}

const COUNTIES = ['320281', '320282', '320205', '320206', '320582', '320583'];

/** A year of six counties in two prefectures, and of the station of one prefecture itself: every kind of row in every state that counts. */
export async function fillYear(owner: Client, random: Seeded): Promise<void> {
  const rows = new LedgerRows(owner);
  const day = (from: string, span: number): string => addDays(from, random.below(span));
  for (const [index, county] of [...COUNTIES, '320200'].entries()) {
    const station = await rows.agency('station', county);
    const many = [60, 25, 12, 6, 70, 3, 9][index] ?? 5;
    const townshipCode = await townshipOf(owner, county);
    const township = townshipCode === undefined ? null : await rows.agency('township', townshipCode);
    for (let number = 0; number < many * 3; number += 1) {
      const person = await rows.person(random.pick([null, '1970-01-01', '1985-06-30', '2012-03-04', '1950-02-28']));
      if (random.chance(0.05)) await rows.protect(person);
      const sent = day('2026-01-01', 364);
      const due = addDays(sent, 2);
      const outcome = random.below(6);
      const endedAt = new Date(startOf(outcome === 1 ? addDays(due, 1 + random.below(30)) : outcome === 2 ? addDays(due, 40) : sent).getTime() + 3_600_000);
      const raised = outcome === 0 || outcome === 3 ? [] : [3, 8, 20, 60].slice(0, random.below(5)).map((days) => addDays(due, days));
      const step = random.pick(['acknowledgeReturn', 'acknowledgeReturn', 'receiveReturnee', 'recordHomeCheck']);
      await rows.duty(step, station, person, { from: sent, due, raised, ...(outcome < 3 ? { ended: 'DONE', endedAt } : outcome === 3 ? { ended: 'VOID', endedAt } : {}) });
      const home = day('2025-01-01', 364);
      if (random.chance(0.6)) {
        const returned = await rows.returned(station, county, person, home);
        if (random.chance(0.3)) {
          const revisited = addDays(home, random.pick([-1, 30, 365, 366]));
          await rows.revisit(returned, station, revisited, { enteredOn: addDays(revisited, random.pick([0, 3, 25])), result: random.pick(['STABLE', 'CARE_LAPSED', 'NOBODY_THERE']) });
        }
        if (random.chance(0.6)) {
          const entry = await rows.entry(station, county, person, township);
          const visited = addDays(home, random.pick([10, 200, 365, 366, 390]));
          if (random.chance(0.7)) await rows.visit(entry, 'STATION', station, visited, { enteredOn: addDays(visited, random.pick([0, 3, 25])), result: random.pick(['STABLE', 'NEEDS_AID', 'NOBODY_THERE']) });
          if (township) {
            const from = day('2026-01-01', 300);
            const last = addMonths(from, 2);
            await rows.duty('recordVisit', township, person, { from, due: last, record: 'AtRiskEntry', recordId: entry, ...(random.chance(0.1) && { ended: 'VOID', endedAt: startOf(addDays(last, random.pick([-5, 5]))) }) });
            const visitedOn = addDays(last, random.pick([-30, 0, 1, 12]));
            if (random.chance(0.8)) await rows.visit(entry, 'TOWNSHIP', township, visitedOn, { enteredOn: addDays(visitedOn, random.pick([0, 4, 30])), result: random.pick(['STABLE', 'STABLE', 'CARE_LAPSED', 'NOBODY_THERE']) });
          }
        }
      }
      if (random.chance(0.5)) {
        const entered = day('2025-10-01', 400);
        await rows.stay(station, county, person, entered, random.chance(0.4) ? addDays(entered, random.pick([20, 31, 92, 150])) : null);
      }
      if (random.chance(0.3)) await rows.settlement(station, county, person, ['DUE', 'APPLIED', 'PLAN_SUBMITTED', 'HUKOU_APPROVED'].slice(0, 1 + random.below(4)).map((state, at) => [state, addDays(sent, 20 * at)] as const));
      if (random.chance(0.15) && county !== '320200') await rows.flagged(county, addMonths('2026-01-01', random.below(12)), random.pick(['1960-01-01', '1960-01-01', '2015-01-01']));
    }
  }
}

async function townshipOf(owner: Client, county: string): Promise<string | undefined> {
  const { rows: [row] } = await owner.query<{ code: string }>("SELECT code FROM guitu.divisions WHERE parent = $1 AND level = 'TOWNSHIP' ORDER BY code LIMIT 1", [county]);
  return row?.code;
}
