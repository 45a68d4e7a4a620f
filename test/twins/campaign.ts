import { PURPOSES, type Purpose, type Role } from '../../src/kernel/viewer.js';
import type { RequestContext } from '../../src/kernel/request.js';
import { gate, purposesOf } from '../../src/policy/gate.js';
import type { Policy } from '../../src/policy/language.js';
import { askAs } from '../support/asking.js';
import { world } from '../support/world.js';
import { firstDifference } from './first-difference.js';
import { makeChange, stockNear, type Change, type Stock } from './hidden-changes.js';
import { Seeded } from './seeded.js';
import { readColumns } from './table-columns.js';
import { aimedAttack, broadAttack, makeAttack, readLore, type Lore, type TwinAttack } from './twin-attacks.js';
import { TwinHub, type Leak } from './twin-hub.js';
import { viewOf, type Seen } from './view.js';

/** Two answers that should have been one: who asked what, what was hidden, and where the answers part. */
export interface Differing { viewer: string; attack: TwinAttack; changes: readonly Change[]; difference: { one: string; other: string } }

/** What a campaign counted. A pair is one attack by one viewer on both twins, which differ in what the reference hides from that viewer. */
export interface Report {
  pairs: number;
  /** Pairs whose first answer held data, and no error. */
  answered: number;
  /** Pairs whose hidden change lies in a row that the viewer sees in part. */
  inSight: number;
  /** Pairs whose attack was a write that took effect on both. */
  effective: number;
  /** Viewers whose reference answer the change altered, so that no pair was made. */
  refused: number;
  changes: number;
  differing: Differing[];
}

export interface CampaignOptions {
  pairs: number;
  seed: number;
  /** Viewers are drawn from so many; default: all there are. */
  askers?: number;
  /** Agencies whose users ask, and for what; default: all of either, and for no purpose too. */
  agencies?: readonly string[];
  purposes?: readonly Purpose[];
  /** Answers of the unchanged twin are kept, and each viewer's attacks are drawn from so many. Default 25. */
  attacksPerAsker?: number;
  /** Tables, or columns as `table.column`, that are changed; default: every one. Whole rows come and go everywhere. */
  changing?: readonly string[];
  leak?: Leak;
  /** The run ends after so many differing pairs. Default 5. */
  mostDiffering?: number;
  onProgress?: (report: Report) => void;
}

const ROLES_ASKED: readonly (readonly Role[])[] = [['CLERK'], ['CLERK', 'MINORS_OFFICER']];
/** Changes that are tried near one viewer before it is asked; those that it may notice are taken back. */
const CHANGES_TRIED = 6;
const ROUNDS_OF_AIM = 3;
/** Others who are asked besides: of those who see something of a record that was changed, and of all. */
const VIEWERS_NEAR = 3;
const VIEWERS_ANYWHERE = 3;
const ROUNDS_PER_TIDYING = 150;

interface Known { answer: string; effective: boolean; viewAfter: string | undefined }
/** `stock`: rows near what the viewer sees; absent where it sees nothing. */
interface Asker { context: RequestContext; view: string; name: string; may: (operation: string) => boolean; stock: Stock | undefined; attacks: TwinAttack[]; known: Map<TwinAttack, Known> }

/** One run: the hubs, what is known of the unchanged twin, and the count. */
export class Campaign {
  readonly report: Report = { pairs: 0, answered: 0, inSight: 0, effective: 0, refused: 0, changes: 0, differing: [] };
  readonly #random: Seeded;

  private constructor(private readonly options: CampaignOptions, private readonly one: TwinHub, private readonly other: TwinHub, private readonly policy: Policy, private readonly stock: Stock, private readonly lore: Lore, private readonly askers: Asker[]) {
    this.#random = new Seeded(options.seed);
  }

  static async prepare(options: CampaignOptions): Promise<Campaign> {
    const one = await TwinHub.start({ leak: options.leak });
    const other = await TwinHub.start({ leak: options.leak });
    const { policy } = one.parts.policy;
    const seen: Seen = { policy, facts: await one.twin.facts(), tables: await one.twin.read() };
    const lore = readLore(one.parts.schema, seen.tables);
    const all = contexts(policy, lore, options.agencies ?? Object.keys(world.agencies)).filter(({ purpose }) => !options.purposes || (purpose !== null && options.purposes.includes(purpose)));
    const chosen = options.askers === undefined ? all : new Seeded(options.seed).some(all, options.askers);
    const stock: Stock = { columns: (await readColumns(one.twin)).filter(({ table, name }) => options.changing?.some((what) => what === table || what === `${table}.${name}`) ?? true), tables: seen.tables, near: seen.tables };
    const askers = chosen.map((context): Asker => {
      const view = viewOf(seen, context);
      return { context, view, name: nameOf(context), may: (operation) => gate(policy, context, operation) === undefined, stock: view === '' ? undefined : stockNear(stock, view), attacks: [], known: new Map() };
    });
    return new Campaign(options, one, other, policy, stock, lore, askers);
  }

  async stop(): Promise<void> {
    await this.one.stop();
    await this.other.stop();
  }

  async run(): Promise<Report> {
    const { pairs, mostDiffering = 5, onProgress } = this.options;
    for (let round = 1; this.report.pairs < pairs && this.report.differing.length < mostDiffering; round += 1) {
      await this.#round();
      onProgress?.(this.report);
      if (round % ROUNDS_PER_TIDYING === 0) for (const hub of [this.one, this.other]) await hub.twin.tidy();
    }
    return this.report;
  }

  /** Hidden changes of the other twin, and a few attacks of viewers who may not notice them. */
  async #round(): Promise<void> {
    const random = this.#random;
    const aim = random.chance(0.8) ? random.pick(this.askers.filter(({ stock }) => stock)) : undefined;
    const changes = aim ? await this.#changesHiddenFrom(aim) : await this.#anyChange();
    if (changes.length > 0) {
      this.report.changes += changes.length;
      const seen = await this.#look();
      const near = this.askers.filter(({ view }) => isInSight(changes, view));
      for (const asker of new Set([...(aim ? [aim] : []), ...random.some(near, VIEWERS_NEAR), ...random.some(this.askers, VIEWERS_ANYWHERE)])) {
        if (viewOf(seen, asker.context) !== asker.view) this.report.refused += 1;
        else for (let count = asker === aim ? ROUNDS_OF_AIM : 1; count > 0; count -= 1) for (const attack of this.#attacksOf(asker, changes)) await this.#pair(asker, attack, changes);
      }
    }
    await this.other.twin.restore();
  }

  /** Changes near what one viewer sees, each of which leaves its reference answer as it was. */
  async #changesHiddenFrom({ context, stock, view }: Asker): Promise<Change[]> {
    const kept: Change[] = [];
    for (let tries = 0; tries < CHANGES_TRIED; tries += 1) {
      const change = makeChange(this.#random, stock ?? this.stock);
      if (!change || !(await this.#apply([change]))) continue;
      if (viewOf(await this.#look(), context) === view) kept.push(change);
      else await this.#backAgain(kept);
    }
    return kept;
  }

  async #anyChange(): Promise<Change[]> {
    const change = makeChange(this.#random, this.stock);
    return change && (await this.#apply([change])) ? [change] : [];
  }

  async #apply(changes: readonly Change[]): Promise<boolean> {
    return changes.length === 0 || this.other.twin.change(changes.flatMap(({ statements }) => statements));
  }

  async #look(hub: TwinHub = this.other): Promise<Seen> {
    return { policy: this.policy, facts: await hub.twin.facts(), tables: await hub.twin.read() };
  }

  /** What is asked after a change: everything at once, everything of the changed record, and something at random. */
  #attacksOf(asker: Asker, changes: readonly Change[]): TwinAttack[] {
    const attacks = [broadAttack(this.#random, asker.may), aimedAttack(this.#random, this.lore, changes.flatMap(({ about }) => about)), this.#attackOf(asker)];
    return attacks.filter((attack) => attack !== undefined);
  }

  #attackOf(asker: Asker): TwinAttack {
    if (asker.attacks.length >= (this.options.attacksPerAsker ?? 25)) return this.#random.pick(asker.attacks);
    const attack = makeAttack(this.#random, this.lore, asker.may, asker.view);
    asker.attacks.push(attack);
    return attack;
  }

  async #pair(asker: Asker, attack: TwinAttack, changes: readonly Change[]): Promise<void> {
    const [known, { answer, effective, viewAfter }] = await Promise.all([asker.known.get(attack) ?? this.#firstAnswer(asker, attack), this.#answerOf(this.other, asker, attack)]);
    // What an own act opens may rightly differ: then the views after it do.
    if (effective && known.effective && viewAfter !== known.viewAfter) {
      await this.#backAgain(changes);
      return;
    }
    if (effective) await this.#backAgain(changes);
    const { report } = this;
    report.pairs += 1;
    if (hasData(known.answer)) report.answered += 1;
    if (isInSight(changes, asker.view)) report.inSight += 1;
    if (effective && known.effective) report.effective += 1;
    const difference = firstDifference(known.answer, answer);
    if (difference) report.differing.push(await this.#shrunk(asker, attack, changes, difference));
  }

  /** The answer of the unchanged twin, which stays unchanged. */
  async #firstAnswer(asker: Asker, attack: TwinAttack): Promise<Known> {
    const known = await this.#answerOf(this.one, asker, attack);
    if (known.effective) await this.one.twin.restore();
    asker.known.set(attack, known);
    return known;
  }

  async #answerOf(hub: TwinHub, { context }: Asker, attack: TwinAttack): Promise<Known> {
    const answer = await hub.ask(context, attack);
    if (answer.includes('checkReturnees')) await hub.twin.query('DELETE FROM guitu.rate_windows');
    const effective = attack.writes && !answer.includes('"errors"');
    return { answer, effective, viewAfter: effective ? viewOf(await this.#look(hub), context) : undefined };
  }

  /** Takes back what an attack did, and keeps the hidden change. */
  async #backAgain(changes: readonly Change[]): Promise<void> {
    await this.other.twin.restore();
    await this.#apply(changes);
  }

  /** The first of the changes that makes the difference by itself. */
  async #shrunk(asker: Asker, attack: TwinAttack, changes: readonly Change[], difference: { one: string; other: string }): Promise<Differing> {
    const found = { viewer: asker.name, attack, changes, difference };
    if (changes.length === 1) return found;
    try {
      for (const change of changes) {
        await this.other.twin.restore();
        if (!(await this.#apply([change])) || viewOf(await this.#look(), asker.context) !== asker.view) continue;
        const alone = firstDifference(asker.known.get(attack)?.answer ?? '', await this.other.ask(asker.context, attack));
        if (alone) return { ...found, changes: [change], difference: alone };
      }
      return found;
    } finally {
      await this.#backAgain(changes);
    }
  }
}

const isInSight = (changes: readonly Change[], view: string): boolean => changes.some(({ about }) => about.some((id) => view.includes(id)));
const hasData = (answer: string): boolean => !answer.includes('"errors"') && answer.startsWith('HTTP/1.1 200');
const nameOf = ({ viewer, purpose, matter }: RequestContext): string => [viewer.agencyCode, viewer.roles.join('+'), purpose ?? 'no purpose', matter].filter((part) => part !== null).join(' ');

/** Every agency, purpose that it may state, and role, with a matter or without. */
function contexts(policy: Policy, { caseNumbers, tables }: Lore, agencies: readonly string[]): RequestContext[] {
  const inquiries = [...(tables['identity_inquiries'] ?? []).map((row) => String(row['inquiry_no'])), ...(tables['missing_reports'] ?? []).map((row) => String(row['report_no']))];
  return agencies.flatMap((code, index) => {
    const purposes = purposesOf(policy, askAs(code, null).viewer, askAs(code, null).now);
    return [...PURPOSES.filter((purpose) => purposes.includes(purpose)), null].flatMap((purpose) => ROLES_ASKED.flatMap((roles) => {
      const context = askAs(code, purpose, roles);
      const numbers = purpose === 'IDENTITY' ? inquiries : caseNumbers;
      return [{ ...context, matter: 'YB-2026-0031' }, { ...context, matter: numbers[index % numbers.length] ?? null }];
    }));
  });
}
