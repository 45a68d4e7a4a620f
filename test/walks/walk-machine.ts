import type { Purpose } from '../../src/kernel/viewer.js';
import type { Step } from '../../src/ledgers/machine.js';
import type { Seeded } from '../twins/seeded.js';
import type { WalkAgency } from './walk-agencies.js';

/** What a walk needs to know of one state machine: who may take which line, written by hand from the tables of the ledgers, and never asked of the policy. A new machine is one such file. */

export type Row = Readonly<Record<string, unknown>>;

/** Who holds a protected person. */
export interface Protection { holder: string; holderDivision: string; unit: string | null }

/** A record as the owner of the database reads it, with agencies by their codes. */
export interface Sight {
  id: string;
  state: string;
  /** The row, agencies in it named by code. */
  row: Row;
  /** Its transitions, oldest first; null where a machine keeps none. */
  transitions: readonly { from_state: string | null; to_state: string }[] | null;
  /** Rows that belong to it, by name of `MachineTables.parts`. */
  parts: Readonly<Record<string, readonly Row[]>>;
  /** Open duties: step and owner. */
  owed: readonly { step: string; owner: string }[];
  protection: Protection | null;
  /** Everything above and the person as one text, to see that nothing changed. */
  whole: string;
}

/** The instant of a step and its calendar day, and the choices of the walk. */
export interface Moment { random: Seeded; now: Date; today: string; lookUp<Found extends Row>(text: string, values?: readonly unknown[]): Promise<Found[]>; idNumberOf(hash: string): string | undefined; freshIdNumber(): string }

/** Something that an agency tries. */
export interface Attempt { machine: WalkMachine; operation: string; actor: WalkAgency; purpose: Purpose; matter?: string; user?: string; input: Row; wrongVersion?: boolean }

/** `to`: the step is taken; `stays`: without a transition; `unversioned`: and without a new version, for sides that see the version are not shown what was done. `absent`: done, and nothing was there to change. `done`: it changes what its ripples show. Else the code of the refusal. */
export interface Taken { to: string; stays?: boolean; unversioned?: boolean }
export type Outcome = Taken | { refused: string; or?: string } | { absent: true } | { done: true };

/** Who may use an operation at all, and for which purpose. `givesMatter`: the record gets the number here that is its matter from then on. */
export interface Door { purpose: Purpose; kinds: readonly string[]; county?: true; givesMatter?: true; input: string; payload: string }

/** A record of another ledger, or none yet, and the operations by one of which it comes nearer; `input`: what one that begins a record must say beside. */
export interface Towards { machine: WalkMachine; id: string | null; operations: readonly string[]; input?: Row }

export interface WalkMachine {
  name: string;
  /** Record type, prefix of its global ids, and type of its `node`. */
  record: string;
  prefix: string;
  /** One row of SQL for the record `$1`: its state, its row, and its parts, each as JSON. */
  stateSql: string;
  rowSql: string;
  partsSql: Readonly<Record<string, string>>;
  /** Table and key of its transitions. */
  transitions: { table: string; key: string } | null;
  /** The shipped table, against which what was taken is counted. */
  steps: readonly Step<string>[];
  doors: Readonly<Record<string, Door>>;
  /** Operations that begin a record, whatever record they are tried on. */
  begins: readonly string[];
  /** Operations that are no line of the table, and are done in many states. */
  aside?: readonly string[];
  /** Whether steps carry the version of the record. */
  versioned: boolean;
  /** Input of an operation beside id and version, such as somebody well-meaning would send; null where there is nothing to send it about. */
  input(operation: string, sight: Sight | null, actor: WalkAgency, moment: Moment, to?: string): Promise<Row | null>;
  /** Agencies that have most to begin with. */
  likely?: Readonly<Record<string, readonly string[]>>;
  /** For a line that another ledger's step takes: a record of that ledger, and the step that takes the line or leads towards it. */
  by?(operation: string, from: string | null, moment: Moment): Promise<Towards | undefined>;
  /** Members of staff by whom its steps are taken, where it matters who. */
  users?: readonly string[];
  /** Matter that the operation needs, where it needs one. */
  matter?(sight: Sight): string;
  /** Whether an agency sees the record for a purpose. */
  sees(sight: Sight, actor: WalkAgency, purpose: Purpose, matter: string | undefined): boolean;
  /** Whether it stands in the relation that the operation asks for. */
  may(sight: Sight, operation: string, actor: WalkAgency, matter: string | undefined): boolean;
  /** Where the operation leads from here, once seen, entitled, and with the right version. */
  leads(sight: Sight | null, attempt: Attempt, moment: Moment): Promise<Outcome>;
  /** Duties that must be open now, and those that may be. A step with `|` is one of several. */
  owes(sight: Sight): { must: readonly string[]; may: readonly string[] };
  /** Steps that are owed beyond the end of a record. */
  outlasting?: readonly string[];
  /** States in which nobody owes anything any more. */
  finished: readonly string[];
}

/** Purposes that each kind may state (domain.md §5). */
const PURPOSES: Record<string, readonly string[]> = {
  RESCUE_STATION: ['RETURN', 'AT_RISK_CARE', 'SETTLEMENT', 'IDENTITY'], CIVIL_AFFAIRS: ['RETURN', 'AT_RISK_CARE', 'SETTLEMENT', 'IDENTITY', 'SUPERVISION', 'COORDINATION'], TOWNSHIP: ['AT_RISK_CARE', 'SETTLEMENT', 'RETURN'],
  PUBLIC_SECURITY: ['IDENTITY', 'SETTLEMENT'], HEALTH: ['MEDICAL_CARE'], POVERTY_RELIEF: ['POVERTY_RELIEF'], PARTNER: ['BENEFIT_CHECK', 'RETURN'], DATA_AUTHORITY: ['AUDIT'], AUDIT: ['AUDIT'],
};
export const NEEDS_MATTER: readonly string[] = ['IDENTITY', 'MEDICAL_CARE', 'COORDINATION', 'BENEFIT_CHECK'];

/** What the gate says before any record is looked at; undefined: it opens. */
export function gateOf({ kind, level }: WalkAgency, purpose: string, matter: string | undefined, door: Door | null): string | undefined {
  const stated = PURPOSES[kind]?.includes(purpose) || (kind === 'CIVIL_AFFAIRS' && level === 'COUNTY' && purpose === 'POVERTY_RELIEF');
  if (!stated) return 'PURPOSE_NOT_ALLOWED';
  if (NEEDS_MATTER.includes(purpose) && !matter && !(door?.givesMatter && door.purpose === purpose)) return 'MATTER_REQUIRED';
  if (door && (door.purpose !== purpose || !door.kinds.includes(kind) || (door.county && kind === 'CIVIL_AFFAIRS' && level !== 'COUNTY'))) return 'FORBIDDEN';
  return undefined;
}

/** What is expected of an attempt on a record, in the order in which refusals are checked (design.md §4). */
export async function expectedOf(attempt: Attempt, sight: Sight | null, moment: Moment): Promise<Outcome> {
  const { machine, operation, actor, purpose, matter } = attempt;
  const gate = gateOf(actor, purpose, matter, machine.doors[operation] ?? null);
  if (gate) return { refused: gate };
  if (machine.begins.includes(operation)) return machine.leads(sight, attempt, moment);
  if (!sight || !machine.sees(sight, actor, purpose, matter)) return { refused: 'NOT_FOUND' };
  // Whoever only reads the record is refused by the boundary of rows already, as if it were not there.
  if (!machine.may(sight, operation, actor, matter)) return { refused: 'TRANSITION_NOT_ALLOWED', or: 'NOT_FOUND' };
  if (attempt.wrongVersion) return { refused: 'STALE_VERSION' };
  return machine.leads(sight, attempt, moment);
}

/** Whether a protected record is kept from an agency: all but the holder, its civil affairs and the named unit; and whoever else is said to be no stranger. */
export function hiddenFrom({ protection }: Sight, { code, kind, division }: WalkAgency, author: string | null = null): boolean {
  if (!protection || code === author) return false;
  return protection.holder !== code && protection.unit !== code && !(kind === 'CIVIL_AFFAIRS' && division === protection.holderDivision);
}

export const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
export const refused = (code: string): Outcome => ({ refused: code });

/** One of those ID numbers that the walk itself made; undefined where it made none of them. */
export function oneNumber(found: readonly { hash: string }[], { random, idNumberOf }: Moment): string | undefined {
  const numbers = found.map(({ hash }) => idNumberOf(hash)).filter((number) => number !== undefined);
  return numbers.length > 0 ? random.pick(numbers) : undefined;
}
