import { randomUUID } from 'node:crypto';
import { viewerValues, prepareStatement } from '../disclosure/statement.js';
import { readAs } from '../disclosure/run.js';
import type { Pools } from '../db/pools.js';
import { formatInstant } from '../kernel/dates.js';
import type { RequestContext } from '../kernel/request.js';
import { PURPOSES, ROLES, SOLITARY_ROLES, type Purpose, type Role } from '../kernel/viewer.js';
import { listAgencies } from '../ledgers/agencies/agencies.commands.js';
import { Directory, type AgencyRow } from '../ledgers/agencies/agencies.directory.js';
import type { Catalogue } from '../policy/catalogue.js';
import { compileLens, type Lens } from '../policy/compile.js';
import { instantsFrom } from '../policy/diff.js';
import { gather } from '../policy/gather.js';
import { purposesOf } from '../policy/gate.js';
import { PLAIN_ROLES, type Policy, type Rung } from '../policy/language.js';
import { roleListsOf } from '../policy/matrix.js';
import { planWitnesses, WHOLE_RECORD, type Witness } from '../policy/witness.js';

/** What the search covered. */
export interface WitnessSearch { agencies: number; witnesses: Witness[] }

/**
 * Looks through a database for records that two policies show differently: as each agency that is not suspended, for each purpose that it may state, with no
 * special role and with each set of roles that the rules tell apart. It reads as the agency would, behind row-level security: what that keeps back is no gain.
 * @param only codes of the agencies to ask for; absent: all
 */
export async function findWitnesses(pools: Pools, [before, after]: readonly [Policy, Policy], catalogue: Catalogue, at: Date, only?: readonly string[]): Promise<WitnessSearch> {
  const directory = new Directory(pools.reader);
  const finder = new WitnessFinder(pools, before, after, catalogue);
  const codes = (await listCodes(pools)).filter((code) => !only || only.includes(code));
  const witnesses: Witness[] = [];
  for (const code of codes) {
    const agency = await directory.findAgency(code);
    if (agency) witnesses.push(...(await finder.ofAgency(agency, at)));
  }
  return { agencies: codes.length, witnesses: withoutRepeats(witnesses) };
}

class WitnessFinder {
  readonly #lensOf: (policy: Policy, context: RequestContext) => Lens;
  readonly #roleSets: Role[][];

  constructor(private readonly pools: Pools, private readonly before: Policy, private readonly after: Policy, private readonly catalogue: Catalogue) {
    this.#lensOf = rememberedLenses(catalogue);
    this.#roleSets = roleSets(before, after);
  }

  /** From an instant on; what is so in one span of time is not said again of the next. */
  async ofAgency(agency: AgencyRow, at: Date): Promise<Witness[]> {
    const witnesses: Witness[] = [];
    let known = new Set<string>();
    for (const [index, instant] of instantsFrom(this.before, this.after, at).entries()) {
      const now = new Date(instant);
      const found = (await Promise.all(this.#roleSets.map((roles) => this.#withRoles(agency, roles, now)))).flat();
      witnesses.push(...found.filter((witness) => !known.has(JSON.stringify(witness))).map((witness) => ({ ...witness, since: index === 0 ? null : formatInstant(now) })));
      known = new Set(found.map((witness) => JSON.stringify(witness)));
    }
    return witnesses;
  }

  async #withRoles(row: AgencyRow, roles: Role[], now: Date): Promise<Witness[]> {
    const { suspended: _, name: __, ...agency } = row;
    const viewer = { ...agency, roles: roles.length > 0 ? roles : PLAIN_ROLES, user: 'guitu policy diff' };
    const [then, next] = [purposesOf(this.before, viewer, now), purposesOf(this.after, viewer, now)];
    const found: Witness[] = [];
    for (const purpose of PURPOSES.filter((one) => then.includes(one) || next.includes(one))) {
      const context = { viewer, purpose, matter: null, requestId: randomUUID(), language: 'zh' as const, idempotencyKey: null, now };
      const [was, is] = [then.includes(purpose) ? this.#lensOf(this.before, context) : null, next.includes(purpose) ? this.#lensOf(this.after, context) : null];
      const required = [this.before, this.after].every((policy) => policy.purposes.get(purpose)?.matterRequired);
      for (const record of this.catalogue.records.keys()) {
        const sql = planWitnesses(record, was, is, this.catalogue, required);
        if (sql !== undefined) found.push(...(await this.#ask(sql, context, record, roles)));
      }
    }
    return found;
  }

  async #ask(sql: string, context: RequestContext & { purpose: Purpose }, record: string, roles: Role[]): Promise<Witness[]> {
    const statement = prepareStatement(sql);
    const values = viewerValues(context);
    const rows = await readAs(this.pools.reader, context, { text: statement.text, values: statement.values.map((name) => values.get(name) ?? null) }) as unknown as FoundRow[];
    const { viewer: { agencyCode: agency, kind, level }, purpose } = context;
    return gather(rows, ({ was, is, same }) => [was, is, same]).map((group) => {
      const [{ was, is, records, ids }] = group;
      const cells = group.map(({ cell }) => cell);
      return {
        agency, kind, level, roles: [...roles], purpose, record, from: was, to: is, whole: cells.includes(WHOLE_RECORD), fields: cells.filter((cell) => cell !== WHOLE_RECORD),
        records, ids: ids.map((id) => globalId(this.catalogue, record, id)), since: null,
      };
    });
  }
}

interface FoundRow { cell: string; was: Rung; is: Rung; records: number; same: string; ids: string[] }

async function listCodes(pools: Pools): Promise<string[]> {
  const client = await pools.reader.connect();
  try {
    return (await listAgencies(client)).filter(({ suspendedAt }) => suspendedAt === null).map(({ code }) => code);
  } finally {
    client.release();
  }
}

/**
 * No special role, then each set of those that one person may hold and on which a rule of either policy depends, the smaller first. Of roles that the rules
 * name side by side everywhere, or nowhere, one stands for all; what goes with the plain role is no special one.
 */
function roleSets(...policies: readonly Policy[]): Role[][] {
  const lists = policies.flatMap(({ records, purposes }) => [...[...records.values()].flatMap(roleListsOf), ...[...purposes.values()].flatMap(({ allowed }) => allowed.flatMap(({ roles }) => (roles ? [roles] : [])))]);
  const namedIn = (role: Role): string => lists.flatMap((list, index) => (list.includes(role) ? [index] : [])).join(' ');
  const special = new Map(ROLES.toReversed().map((role) => [namedIn(role), role]));
  for (const role of PLAIN_ROLES) special.delete(namedIn(role));
  const [alone, joined] = [true, false].map((solitary) => [...special.values()].filter((role) => SOLITARY_ROLES.includes(role) === solitary));
  const sets = (joined ?? []).reduce<Role[][]>((found, role) => [...found, ...found.map((set) => [...set, role])], [[]]);
  return [...sets, ...(alone ?? []).map((role) => [role])].toSorted((one, other) => one.length - other.length);
}

/** What is so of a field without a role is not said again for those who have one. */
function withoutRepeats(witnesses: readonly Witness[]): Witness[] {
  const records = (one: Witness): string => JSON.stringify({ ...one, roles: [], fields: [], whole: false });
  return witnesses.flatMap((one) => {
    const told = witnesses.filter((other) => other.roles.length < one.roles.length && other.roles.every((role) => one.roles.includes(role)) && records(other) === records(one));
    const [fields, whole] = [one.fields.filter((field) => !told.some((other) => other.fields.includes(field))), one.whole && !told.some((other) => other.whole)];
    return fields.length > 0 || whole ? [{ ...one, fields, whole }] : [];
  });
}

/** Agencies of one class share a lens. */
function rememberedLenses(catalogue: Catalogue): (policy: Policy, context: RequestContext) => Lens {
  const lenses = new Map<string, Lens>();
  return (policy, { viewer, purpose, now }) => {
    const viewerClass = { kind: viewer.kind, level: viewer.level, roles: viewer.roles, purpose, areaCount: viewer.areas.length, at: now };
    const key = JSON.stringify([policy.hash, viewerClass]);
    let lens = lenses.get(key);
    if (!lens) lenses.set(key, (lens = compileLens(policy, catalogue, viewerClass)));
    return lens;
  };
}

/** The id by which the API gives the record, or the one that lies under it; a type without ids of its own has only its row's. */
function globalId(catalogue: Catalogue, record: string, id: string): string {
  const shape = catalogue.records.get(record);
  const prefix = shape?.prefix ?? [...catalogue.records.values()].find(({ table, prefix: own }) => table === shape?.table && own)?.prefix;
  return prefix ? `${prefix}_${id}` : id;
}
