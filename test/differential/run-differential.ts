import fc from 'fast-check';
import { cellsOf } from '../../src/policy/catalogue.js';
import type { RecordType } from '../reference/reference-records.js';
import { readRawTables, type RawTables } from '../reference/raw-tables.js';
import { ReferenceExecutor, referenceSchema } from '../reference/reference-executor.js';
import { withClient } from '../support/test-server.js';
import { keepCase } from './corpus.js';
import { cutPolicy, cutRows } from './cut-case.js';
import { cutQuestion } from './cut-question.js';
import type { DifferentialHub } from './differential-hub.js';
import { takePolicy, type DraftPolicy, type TakenPolicy } from './draft-policy.js';
import { askingArbitrary, type Asked } from './generated-asking.js';
import { policyArbitrary } from './generated-policy.js';
import { rowsArbitrary } from './generated-rows.js';
import { loadRows, type PlainRows } from './plain-rows.js';
import { countingInto, runCase, type Mismatch } from './run-case.js';
import { decidingViewer } from '../reference/asking-view.js';
import { emptyMix, suppositionsAgree, type VerdictMix } from './verdict-mix.js';

/** A run: so many cell verdicts and policies at least, all of it following from the seed. */
export interface DifferentialPlan { seed: number; cells: number; policies: number; tell?: (line: string) => void }

/** What a run compared and found; `kept` are the files of its mismatches. */
export interface DifferentialResult { mix: VerdictMix; policies: number; checked: number; requests: number; disclosures: number; denials: number; others: number; kept: string[] }

/** Policies a set of rows: rows cost more to load than a policy to exchange. */
const POLICIES_A_WORLD = 25;
/** One policy in so many passes the checks of an author's slips too, which take ten times as long as reading it. */
const CHECKED_ONE_IN = 20;
const SHRINK_MS = 25_000;
/** After so many mismatches a run has said enough. */
const MISMATCHES_AT_MOST = 3;

/** Generates worlds, policies and questions until the plan is met, compares every answer, and keeps what differs in the corpus, cut down to what it takes. */
export async function runDifferential(hub: DifferentialHub, plan: DifferentialPlan): Promise<DifferentialResult> {
  const result: DifferentialResult = { mix: emptyMix(), policies: 0, checked: 0, requests: 0, disclosures: 0, denials: 0, others: 0, kept: [] };
  for (let world = 0; (result.mix.cells < plan.cells || result.policies < plan.policies) && result.kept.length < MISMATCHES_AT_MOST; world += 1) {
    await new WorldRun(hub, plan.seed + world, result).run(Math.min(POLICIES_A_WORLD, Math.max(1, plan.policies)));
    plan.tell?.(`world ${world + 1}: ${result.mix.cells} cells, ${result.policies} policies, ${result.requests} requests, ${result.kept.length} mismatches`);
  }
  return result;
}

const schema = referenceSchema();
/** 44,000 divisions are read once a process; nothing here changes them. */
let directory: Pick<RawTables, 'agencies' | 'divisions'> | undefined;

/** Loads rows into the hub's database and reads them back for the reference. */
export async function referenceOver(hub: DifferentialHub, rows: PlainRows): Promise<ReferenceExecutor> {
  return withClient(hub.database.admin, async (owner) => {
    await loadRows(owner, hub.database.keyRing, rows);
    const tables = await readRawTables(owner, hub.database.keyRing, directory);
    directory = { agencies: tables.agencies, divisions: tables.divisions };
    return new ReferenceExecutor(tables, hub.parts.policy.policy, schema);
  });
}

/** One set of rows, and policies and questions about it. */
class WorldRun {
  readonly #rows: PlainRows;
  readonly #favourites: string[];
  #found: { mismatch: Mismatch; draft: DraftPolicy; taken: TakenPolicy } | undefined;
  #shrinkUntil = 0;

  constructor(private readonly hub: DifferentialHub, private readonly seed: number, private readonly result: DifferentialResult) {
    const [drawn] = fc.sample(rowsArbitrary, { seed, numRuns: 1 });
    if (!drawn) throw new Error('no rows were drawn');
    this.#rows = drawn.rows;
    this.#favourites = drawn.favourites;
  }

  async run(policies: number): Promise<void> {
    const { catalogue } = this.hub.parts.policy;
    const reference = await referenceOver(this.hub, this.#rows);
    const cells = new Map([...catalogue.records].map(([type, shape]) => [type as RecordType, cellsOf(shape)]));
    const questions = askingArbitrary(schema, this.#rows, this.#favourites, cells);
    // Without bias: the generator would otherwise draw small numbers more often, and with them the exceptions.
    let broken: unknown;
    const property = fc.asyncProperty(fc.noBias(policyArbitrary(catalogue)), fc.noBias(questions), async (draft, asked) => {
      if (broken !== undefined) return;
      const differs = await this.#differs(reference, draft, asked).catch((error: unknown) => {
        broken = error;
      });
      // What broke the run itself is no case to be shrunk.
      if (differs || broken !== undefined) throw new Error('the answers differ');
    });
    await fc.check(property, { seed: this.seed, numRuns: policies });
    if (broken !== undefined) throw broken;
    if (this.#found) await this.#keep();
  }

  /** Runs one case. Once a mismatch is found the generator shrinks it, for so long; its tries are not counted. */
  async #differs(reference: ReferenceExecutor, draft: DraftPolicy, asked: readonly Asked[]): Promise<boolean> {
    if (this.#found && Date.now() > this.#shrinkUntil) return false;
    const { result } = this;
    const counting = this.#found === undefined;
    const taken = takePolicy(draft, this.hub.parts.policy.catalogue, counting && result.policies % CHECKED_ONE_IN === 0);
    if (counting) {
      result.policies += 1;
      if (taken.checked) result.checked += 1;
    }
    const count = countingInto(result.mix, taken.policy);
    const mismatch = await runCase(this.hub, reference, taken.policy, asked, counting ? (answer, context) => {
      result.requests += 1;
      count(answer, context);
      if (result.requests % 100 === 1 && !suppositionsAgree(taken.policy, decidingViewer(context), answer)) throw new Error('the suppositions of the mix are not what decide says');
    } : undefined);
    if (!mismatch) return false;
    if (counting) this.#shrinkUntil = Date.now() + SHRINK_MS;
    this.#found = { mismatch, draft, taken };
    return true;
  }

  /** Cuts policy and rows of the mismatch further, classifies it and writes it down. */
  async #keep(): Promise<void> {
    const found = this.#found;
    if (!found) return;
    const { hub, result } = this;
    const { catalogue } = hub.parts.policy;
    let { asked } = found.mismatch;
    let last = found.mismatch;
    const fails = async (reference: ReferenceExecutor, taken: TakenPolicy, question = asked): Promise<boolean> => {
      const mismatch = await runCase(hub, reference, taken.policy, [question]);
      if (mismatch) last = mismatch;
      return mismatch !== undefined;
    };
    // A question asked again may differ only because of what was asked before it; then the questions stay as they were found.
    const reference = await referenceOver(hub, this.#rows);
    const alone = await fails(reference, found.taken);
    const draft = alone ? await cutPolicy(found.draft, async (left) => fails(reference, takePolicy(left, catalogue, false)), Date.now() + SHRINK_MS) : found.draft;
    const taken = alone ? takePolicy(draft, catalogue, false) : found.taken;
    if (alone) asked = await cutQuestion(schema, asked, (left) => fails(reference, taken, left), Date.now() + SHRINK_MS);
    const rows = alone ? await cutRows(this.#rows, async (left) => fails(await referenceOver(hub, left), taken), Date.now() + SHRINK_MS) : this.#rows;
    const kinds = last.differences.map(({ kind }) => kind);
    const kind = kinds.includes('disclosure') ? 'disclosure' : kinds.includes('denial') ? 'wrongful denial' : 'other difference';
    if (kind === 'disclosure') result.disclosures += 1;
    else if (kind === 'wrongful denial') result.denials += 1;
    else result.others += 1;
    result.kept.push(keepCase({
      what: `${kind}: ${JSON.stringify(last.differences[0])} (found with seed ${this.seed})`, policy: taken.sources, rows, questions: [asked], hub: last.hub, reference: last.reference,
    }));
  }
}

