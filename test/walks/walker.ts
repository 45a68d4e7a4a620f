import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { clientConfig } from '../../src/db/pools.js';
import { tick } from '../../src/delivery/clock.js';
import { prepareStatement } from '../../src/disclosure/statement.js';
import { dateOf } from '../../src/kernel/dates.js';
import type { Purpose } from '../../src/kernel/viewer.js';
import { CLOCK_ACTS } from '../../src/ledgers/clock-acts.js';
import { ID_NUMBER_HASH } from '../../src/ledgers/id-number-hash.js';
import type { HubAnswer, TestHub } from '../support/hub.js';
import { WORLD_NOW } from '../support/world.js';
import { Seeded } from '../twins/seeded.js';
import { syntheticIdNumber } from '../twins/synthetic-id-number.js';
import { AGENCIES, FURTHER, type WalkAgency } from './walk-agencies.js';
import { checkRecord, checkRefused, checkTaken, hold, WalkFault } from './walk-checks.js';
import { expectedOf, gateOf, NEEDS_MATTER, type Attempt, type Moment, type Outcome, type Row, type Sight, type Taken, type WalkMachine } from './walk-machine.js';
import { importOne } from './walk-import.js';
import { knownNumber } from './walk-of-returns.js';
import { PeopleActs } from './walk-of-people.js';
import { WalkPool } from './walk-pool.js';
import { Sights, type Reading } from './walk-sight.js';

/** Steps that were not well meant: wrong agency, wrong state, wrong purpose, wrong version, odd input. */
const HOSTILE = 0.4;
/** Roles of every asker: that a step needs a role is no matter of the machines. */
const ROLES = ['CLERK', 'MINORS_OFFICER'] as const;
const PURPOSES: readonly Purpose[] = ['RETURN', 'AT_RISK_CARE', 'SETTLEMENT', 'IDENTITY', 'SUPERVISION', 'COORDINATION', 'POVERTY_RELIEF', 'AUDIT', 'BENEFIT_CHECK', 'MEDICAL_CARE'];
/** Operations of the other ledgers by which a household's flag may be proposed. */
const PROPOSING: readonly string[] = ['flagHouseholds', 'registerHouseholds', 'acknowledgeReturn', 'confirmReturn', 'withdrawRefusal', 'receiveReturnee', 'confirmHome'];

export interface WalkOptions { seed: number; machines: readonly WalkMachine[]; tell?: (line: string) => void }
export interface WalkReport { steps: number; taken: number; codes: Record<string, number>; looks: number; ticks: number; lines: { line: string; taken: number }[] }

interface Tried { attempt: Attempt; before: Sight | null }

/** One walk over the machines of a hub, over HTTP. It throws a `WalkFault` at the first step after which something does not hold, with what led there. */
export class Walk {
  readonly pool: WalkPool;
  readonly #random: Seeded;
  readonly #numbers = new Map<string, string>();
  readonly #history: { step: number; id: string | null; text: string; stored?: string }[] = [];
  readonly #codes: Record<string, number> = {};
  readonly #people: PeopleActs;
  #now = WORLD_NOW;
  #flags: Reading['flags'] = {};
  #step = 0;
  #taken = 0;
  #looks = 0;
  #ticks = 0;

  private constructor(readonly hub: TestHub, private readonly client: Client, private readonly sights: Sights, private readonly foreign: ReadonlySet<string>, private readonly options: WalkOptions) {
    this.pool = new WalkPool(options.machines);
    this.#random = new Seeded(options.seed);
    this.#people = new PeopleActs(this.#random, (text, values) => this.#lookUp(text, values), (agency, query, input, purpose) => this.#ask(agency, query, input, purpose));
  }

  static async begin(hub: TestHub, options: WalkOptions): Promise<Walk> {
    const client = new Client(clientConfig(hub.database.admin, { plan_cache_mode: 'force_generic_plan' }));
    await client.connect();
    await client.query("INSERT INTO guitu.agencies (code, name, kind, level, division) VALUES ($1, '舒城县晓天镇人民政府', $2, $3, $4)", [FURTHER.code, FURTHER.kind, FURTHER.level, FURTHER.division]);
    // What the small world brought along keeps its own books.
    const { rows } = await client.query<{ id: string }>('SELECT id FROM guitu.return_cases UNION ALL SELECT id FROM guitu.at_risk_entries UNION ALL SELECT id FROM guitu.settlement_cases UNION ALL SELECT id FROM guitu.stays UNION ALL SELECT id FROM guitu.identity_inquiries UNION ALL SELECT id FROM guitu.missing_reports');
    return new Walk(hub, client, await Sights.open(client), new Set(rows.map(({ id }) => id)), options);
  }

  /** Ends the walk's own connection to the database. */
  end(): Promise<void> {
    return this.client.end();
  }

  /** @param hostile share of steps that are not well meant */
  async run(steps: number, hostile = HOSTILE): Promise<WalkReport> {
    try {
      for (let step = 0; step < steps; step++) {
        this.#step += 1;
        await this.#takeStep(hostile);
        // Ledgers grow from nothing to thousands within minutes, sooner than the server notes it by itself.
        if (this.#step % 500 === 0) await this.client.query('ANALYZE guitu.outbox, guitu.duties, guitu.duty_notices, guitu_evidence.events, guitu.return_cases, guitu.persons, guitu.stays, guitu.identity_inquiries, guitu.settlement_cases, guitu.at_risk_entries, guitu.follow_up_visits');
        if (this.#step % 1_000 === 0) {
          await this.#checkAll();
          this.options.tell?.(`${this.#step} steps, ${this.#taken} taken, ${this.options.machines.map((machine) => `${machine.name} ${this.pool.of(machine).length}`).join(', ')}, at ${this.#now.toISOString()}`);
        }
      }
      await this.#checkAll();
    } catch (error) {
      if (error instanceof WalkFault) throw new WalkFault(error.check, `${error.message.slice(error.check.length + 2)}\n${this.#prefix()}`);
      throw error;
    }
    return { steps: this.#step, taken: this.#taken, codes: this.#codes, looks: this.#looks, ticks: this.#ticks, lines: this.pool.lines().map(({ line }) => ({ line, taken: this.pool.taken(line) })) };
  }

  async #takeStep(hostile: number): Promise<void> {
    const random = this.#random;
    this.#moveOn(60_000 * (1 + random.below(15)));
    const what = random.next();
    if (what < 0.03) return this.#letTimePass();
    if (what < 0.055) return this.#actOnPeople();
    let tried = random.chance(hostile) ? await this.#hostile() : await this.#wellMeant();
    for (let more = 0; !tried && more < 6; more++) tried = await this.#wellMeant();
    if (!tried) return;
    if ('import' in tried) return this.#import(tried.import);
    const { id } = await this.#try(tried.attempt, tried.before);
    if (id && random.chance(0.3)) await this.#look(tried.attempt.machine, id);
  }

  /** A line that is open, taken by somebody who may. */
  async #wellMeant(): Promise<Tried | { import: string } | undefined> {
    const random = this.#random;
    if (this.#step % 25 === 0 && this.options.machines.some(({ aside }) => aside)) return this.#aside();
    const { machine, operation, from, to } = this.pool.chooseLine(random);
    if (operation === 'importReturns') return { import: to };
    const towards = operation in machine.doors ? undefined : await machine.by?.(operation, from, this.#moment());
    if (towards) {
      const sight = towards.id !== null && this.pool.knows(towards.id) ? await this.#see(towards.machine, towards.id) : null;
      for (const way of sight || towards.id === null ? towards.operations : []) {
        const meant = await this.#meant(towards.machine, way, sight);
        if (meant) return { ...meant, attempt: { ...meant.attempt, input: { ...meant.attempt.input, ...towards.input } } };
      }
      return undefined;
    }
    const ids = operation === 'registerHouseholds' ? this.pool.of(machine) : from !== null || machine.name === 'flags' ? this.pool.in(machine, from ?? 'none') : [];
    const fresh = machine.begins.includes(operation) && (ids.length === 0 || (operation === 'registerHouseholds' && random.chance(0.4)));
    return ids.length > 0 || fresh ? this.#meant(machine, operation, fresh ? null : await this.#see(machine, random.pick(ids)), to) : undefined;
  }

  /** An operation that is no line of a table, on a record where it leads somewhere. */
  async #aside(): Promise<Tried | undefined> {
    const random = this.#random;
    const known = this.options.machines.flatMap((machine) => (machine.aside ?? []).flatMap((operation) => this.pool.of(machine).map((id) => ({ machine, operation, id }))));
    for (let tries = 0; known.length > 0 && tries < 6; tries += 1) {
      const { machine, operation, id } = random.pick(known);
      const meant = await this.#meant(machine, operation, await this.#see(machine, id));
      if (meant && 'to' in await expectedOf(meant.attempt, meant.before, this.#moment())) return meant;
    }
    return undefined;
  }

  /** An operation on a record by somebody who may; undefined where nobody may. */
  async #meant(machine: WalkMachine, operation: string, before: Sight | null, to?: string): Promise<Tried | undefined> {
    const random = this.#random;
    const door = machine.doors[operation];
    if (!door) return undefined;
    const matter = NEEDS_MATTER.includes(door.purpose) && before && machine.matter ? machine.matter(before) : undefined;
    const able = AGENCIES.filter((actor) => !gateOf(actor, door.purpose, matter, door) && (machine.begins.includes(operation) || (before && machine.sees(before, actor, door.purpose, matter) && machine.may(before, operation, actor, matter))));
    const likely = able.filter(({ code }) => machine.likely?.[operation]?.includes(code));
    if (able.length === 0) return undefined;
    const actor = random.pick(likely.length > 0 && random.chance(0.9) ? likely : able);
    const input = await machine.input(operation, before, actor, this.#moment(), to);
    return input ? { attempt: { machine, operation, actor, purpose: door.purpose, ...(matter && { matter }), ...this.#userOf(machine), input }, before } : undefined;
  }

  async #hostile(): Promise<Tried | undefined> {
    const random = this.#random;
    const machine = random.pick(this.options.machines);
    const ids = this.pool.of(machine);
    if (ids.length === 0) return undefined;
    // The later ones lead more of a life.
    const before = await this.#see(machine, ids[ids.length - 1 - Math.floor(ids.length * random.next() ** 2)] ?? '');
    const operation = random.pick(Object.keys(machine.doors).filter((one) => !machine.begins.includes(one)));
    const door = machine.doors[operation];
    if (!door || !before) return undefined;
    const ownMatter = machine.matter?.(before);
    const matter = random.chance(0.75) ? (NEEDS_MATTER.includes(door.purpose) ? ownMatter : undefined) : random.pick([ownMatter ?? '', 'GT-NONE0-00000', '']);
    const purpose = random.chance(0.8) ? door.purpose : random.pick(PURPOSES);
    const near = AGENCIES.filter((actor) => machine.sees(before, actor, door.purpose, ownMatter));
    const actor = random.pick(near.length > 0 && random.chance(0.6) ? near : AGENCIES);
    const input = await machine.input(operation, before, actor, this.#moment());
    return input ? { attempt: { machine, operation, actor, purpose, ...(matter && { matter }), ...this.#userOf(machine), input, wrongVersion: machine.versioned && random.chance(0.15) }, before } : undefined;
  }

  #userOf({ users }: WalkMachine): { user?: string } {
    return users ? { user: this.#random.pick(users) } : {};
  }

  /** Sends an attempt, compares what came of it with what had to, and checks what must hold. @returns the record that it was about */
  async #try(attempt: Attempt, before: Sight | null): Promise<{ id: string | null }> {
    const { machine, operation, actor, purpose } = attempt;
    const expected = await expectedOf(attempt, before, this.#moment());
    const odd = this.#random.chance(0.04) ? this.#oddInput() : undefined;
    const key = randomUUID();
    const send = (): Promise<HubAnswer> => this.#send(attempt, before, odd, key);
    const answer = await send();
    const code = answer.errors[0]?.extensions.code;
    const begins = before === null || (machine.begins.includes(operation) && operation !== 'reportEntrant');
    this.#history.push({ step: this.#step, id: before?.id ?? null, ...(before && { stored: before.whole }), text: `${operation} by ${actor.code} for ${purpose} from ${before?.state ?? 'nothing'}: ${code ?? 'done'}${attempt.wrongVersion ? ' (wrong version)' : ''}${odd ? ' (odd input)' : ''} ${JSON.stringify(attempt.input)}` });
    this.#codes[code ?? 'done'] = (this.#codes[code ?? 'done'] ?? 0) + 1;
    const reading = await this.#read(machine, begins ? null : before.id);
    this.#checkCode(expected, code, odd !== undefined, answer);
    if (code !== undefined) {
      checkRefused(begins ? null : before, reading);
      await this.#checkRipples(operation, reading, []);
      return { id: before?.id ?? null };
    }
    this.#taken += 1;
    const id = 'to' in expected && begins ? await this.#begun(attempt, expected, reading) : (before?.id ?? null);
    if ('to' in expected && !begins) this.#checkStep(attempt, expected, before, reading);
    if ('absent' in expected) hold('whoever is not there to be changed is not changed', before?.whole === reading.sight?.whole, () => operation);
    await this.#checkRipples(operation, reading, id ? [id] : []);
    if (this.#random.chance(0.03)) await this.#again(attempt, id, await send(), answer);
    return { id };
  }

  #checkCode(expected: Outcome, code: string | undefined, odd: boolean, answer: HubAnswer): void {
    const wanted: (string | undefined)[] = 'refused' in expected ? [expected.refused, ...(expected.or ? [expected.or] : [])] : [undefined];
    if (odd) wanted.push('BAD_USER_INPUT', 'NOT_FOUND');
    hold('a refusal carries the code that is due, and what is due is done', wanted.includes(code), () => `${code ?? 'done'} instead of ${wanted.map((one) => one ?? 'done').join(' or ')}: ${JSON.stringify(expected)} ${answer.text.slice(0, 400)}`);
    hold('an odd input loses nothing', !odd || code !== undefined, () => 'it was taken');
  }

  #checkStep(attempt: Attempt, expected: Taken, before: Sight, reading: Reading): void {
    if (!reading.sight) throw new WalkFault('a step leads where the ledgers say', 'the record is gone');
    checkTaken(attempt, expected, before, reading, reading.sight);
    this.#meet(attempt.machine, reading.sight, expected.stays ? null : attempt.operation, before.state);
    if (expected.stays) this.pool.take(attempt.machine, attempt.operation, before.state, reading.sight.state);
  }

  /** The record that an operation has begun: the one of its type that was told of. */
  async #begun(attempt: Attempt, expected: Taken, reading: Reading): Promise<string> {
    const { machine, operation } = attempt;
    const id = reading.told.find(({ record, record_id: found }) => record === machine.record && !this.pool.knows(found))?.record_id;
    if (!id) throw new WalkFault('a step is told in the outbox', `${operation} began nothing`);
    const { sight } = await this.#read(machine, id);
    if (!sight) throw new WalkFault('a step leads where the ledgers say', 'the record is gone');
    checkTaken(attempt, expected, null, reading, sight);
    this.#meet(machine, sight, operation, null);
    return id;
  }

  #meet(machine: WalkMachine, sight: Sight, operation: string | null, from: string | null): void {
    checkRecord(machine, sight);
    this.pool.see(machine, sight.id, sight.state);
    if (operation !== null) hold('what is taken is a line of the table', this.pool.take(machine, operation, from, sight.state), () => `${operation} ${from ?? '[*]'} → ${sight.state}`);
  }

  /** What a step set going in other records: settlements that begin, entries that are found to wander, flags that are proposed. */
  async #checkRipples(operation: string, { told, flags }: Reading, known: readonly string[]): Promise<void> {
    for (const machine of this.options.machines.filter(({ name }) => name !== 'flags')) {
      const own = told.filter(({ record, topic, record_id: id }) => record === machine.record && !topic.startsWith('duty.') && !known.includes(id) && !this.foreign.has(id)).map(({ record_id: id }) => id);
      for (const id of new Set(own)) {
        const fresh = !this.pool.knows(id);
        const sight = await this.#see(machine, id);
        if (sight) this.#meet(machine, sight, operation === 'clock' && !fresh ? null : operation, sight.transitions?.at(-1)?.from_state ?? null);
      }
    }
    const machine = this.options.machines.find(({ name }) => name === 'flags');
    if (!machine) return;
    for (const id of new Set([...Object.keys(flags), ...Object.keys(this.#flags), ...told.filter(({ record }) => record === 'RegisteredHousehold').map(({ record_id: found }) => found)])) {
      const [from, to] = [this.#flags[id], flags[id]];
      if (from === to && this.pool.knows(id)) continue;
      const decided = to === 'CONFIRMED' || to === 'CLEARED';
      const sight = await this.#see(machine, id);
      if (!sight || !String(sight.row['household_no']).startsWith('W-')) continue;
      hold('a flag moves by its own lines only', from === to || (decided ? known.includes(id) : to === 'PROPOSED' ? PROPOSING.includes(operation) && (from !== 'CONFIRMED' || operation === 'registerHouseholds') : operation === 'registerHouseholds' || (operation === 'protectPerson' && (sight.parts['matches'] ?? []).length === 0)), () => `${operation}: ${from} → ${to}`);
      this.#meet(machine, sight, to === 'PROPOSED' && from !== to ? operation : null, operation === 'registerHouseholds' ? null : (from ?? null));
    }
    this.#flags = flags;
  }

  /** The same key again is the same answer, and no second effect. */
  async #again({ machine, operation }: Attempt, id: string | null, answer: HubAnswer, first: HubAnswer): Promise<void> {
    hold('the same key again is the same answer', JSON.stringify([answer.data, answer.errors.length]) === JSON.stringify([first.data, first.errors.length]), () => `${operation}: ${answer.text}`);
    const reading = await this.#read(id ? machine : null, id);
    hold('the same key again has no second effect', reading.told.length === 0, () => JSON.stringify(reading.told));
  }

  /** A record looks the same to everybody through its own door: there, or absent. */
  async #look(machine: WalkMachine, id: string): Promise<void> {
    const random = this.#random;
    const sight = await this.#see(machine, id);
    if (!sight) return;
    const base = Object.values(machine.doors)[0]?.purpose ?? 'RETURN';
    const near = AGENCIES.filter((one) => machine.sees(sight, one, base, undefined));
    const actor: WalkAgency = near.length > 0 && random.chance(0.4) ? random.pick(near) : random.pick(AGENCIES.filter(({ kind }) => ['RESCUE_STATION', 'CIVIL_AFFAIRS', 'TOWNSHIP', 'POVERTY_RELIEF', 'PUBLIC_SECURITY'].includes(kind)));
    const purpose = random.pick<Purpose>([base, base, ...(actor.kind === 'CIVIL_AFFAIRS' ? ['SUPERVISION' as const] : [])]);
    const matter = NEEDS_MATTER.includes(purpose) ? machine.matter?.(sight) : undefined;
    if (gateOf(actor, purpose, matter, null)) return;
    const answer = await this.hub.ask<{ node: { id: string } | null }>(actor.code, { purpose, roles: ROLES, ...(matter && { matter }) }, `{ node(id: "${machine.prefix}_${id}") { id } }`);
    if (answer.errors[0]?.extensions.code === 'FORBIDDEN') return;
    this.#looks += 1;
    const seen = machine.sees(sight, actor, purpose, matter);
    this.#history.push({ step: this.#step, id, stored: sight.whole, text: `${actor.code} looks for ${purpose}: ${answer.data?.node ? 'there' : 'absent'}` });
    hold(sight.protection ? 'a protected person is absent to all but those who hold it' : 'a record is there for those who take part, and absent to all others', (answer.data?.node !== null) === seen, () => `${machine.name} ${id} in ${sight.state} to ${actor.code}: ${answer.text}`);
  }

  async #letTimePass(): Promise<void> {
    this.#ticks += 1;
    this.#moveOn(3_600_000 * (1 + this.#random.below(96)));
    this.#history.push({ step: this.#step, id: null, text: `time passes until ${this.#now.toISOString()}` });
    const { failed } = await tick(this.hub.parts.pools.clock, this.hub.parts.policy.policy, CLOCK_ACTS, this.#now);
    hold('the clock does what is due', failed.length === 0, () => String(failed[0]?.error));
    await this.#checkRipples('clock', await this.#read(null, null), []);
  }

  async #actOnPeople(): Promise<void> {
    const done = await this.#people.act();
    this.#history.push({ step: this.#step, id: null, text: done });
    await this.#checkRipples('protectPerson', await this.#read(null, null), []);
  }

  async #import(to: string): Promise<void> {
    const moment = this.#moment();
    await importOne(this.hub.parts, to, this.#random, moment.today, (await knownNumber(moment)) ?? moment.freshIdNumber());
    this.#history.push({ step: this.#step, id: null, text: `importReturns by station-320281 to ${to}` });
    this.#taken += 1;
    await this.#checkRipples('importReturns', await this.#read(null, null), []);
  }

  async #checkAll(): Promise<void> {
    for (const machine of this.options.machines) {
      for (const id of this.pool.of(machine)) {
        const sight = await this.#see(machine, id);
        if (sight) checkRecord(machine, sight);
        hold('a record moves by its own steps only', sight !== null && this.pool.in(machine, sight.state).includes(id), () => `${machine.name} ${id} is in ${sight?.state}`);
      }
    }
  }

  #send({ machine, operation, actor, purpose, matter, user, input, wrongVersion }: Attempt, before: Sight | null, odd: Row | undefined, key: string): Promise<HubAnswer> {
    const door = machine.doors[operation];
    const named = before && machine.versioned && !machine.begins.includes(operation) ? { id: `${machine.prefix}_${before.id}`, expectedVersion: before.row['version'] } : {};
    const whole: Row = { ...named, ...input, ...odd };
    const sent = wrongVersion ? { ...whole, expectedVersion: Number(whole['expectedVersion']) === 1 ? 2 : Number(whole['expectedVersion']) - 1 } : whole;
    return this.hub.ask(actor.code, { purpose, roles: ROLES, key, ...(matter && { matter }), ...(user && { user }) }, `mutation ($input: ${door?.input ?? ''}!) { ${operation}(input: $input) { ${door?.payload ?? ''} } }`, { input: sent });
  }

  /** Ids and versions that no record has, and fields that no input has. */
  #oddInput(): Row {
    return this.#random.pick<Row>([{ id: 'rc_no-such-id', householdId: 'hh_', nothing: 1 }, { unknown: '\u0000' }, { expectedVersion: '一' }]);
  }

  #ask(agency: string, query: string, input: Row, purpose: Purpose): Promise<HubAnswer> {
    return this.hub.ask(agency, { purpose, roles: ROLES, key: randomUUID() }, query, { input });
  }

  #read(machine: WalkMachine | null, id: string | null): Promise<Reading> {
    return this.sights.read(machine, id, dateOf(this.#now));
  }

  async #see(machine: WalkMachine, id: string): Promise<Sight | null> {
    return (await this.#read(machine, id)).sight;
  }

  #moment(): Moment {
    return {
      random: this.#random, now: this.#now, today: dateOf(this.#now), lookUp: (text, values) => this.#lookUp(text, values), idNumberOf: (hash) => this.#numbers.get(hash),
      freshIdNumber: () => {
        const number = syntheticIdNumber(this.#random);
        this.#numbers.set(this.hub.database.keyRing.keyedHash(ID_NUMBER_HASH, number), number);
        return number;
      },
    };
  }

  async #lookUp<Found extends Row>(text: string, values: readonly unknown[] = []): Promise<Found[]> {
    return (await this.client.query<Found & Record<string, unknown>>({ ...prepareStatement(text), values: [...values] })).rows;
  }

  #moveOn(ms: number): void {
    this.#now = new Date(this.#now.getTime() + ms);
    Object.assign(this.hub.parts, { now: () => this.#now });
  }

  /** The least that led to a fault: what was tried on the record of the last step, how it was stored then, and what was done to persons and time meanwhile. */
  #prefix(): string {
    const last = this.#history.at(-1);
    const own = this.#history.filter(({ id, step }) => (last?.id ? id === last.id : false) || step === last?.step || (id === null && step > this.#step - 10));
    return [`at step ${this.#step} of seed ${this.options.seed}; what led there, of that record and around it:`, ...own.map(({ step, text }) => `  ${step}. ${text}`), `as it was stored: ${last?.stored ?? 'no record'}`, `replay: npm run walks -- --steps ${this.#step} --seed ${this.options.seed}`].join('\n');
  }
}
