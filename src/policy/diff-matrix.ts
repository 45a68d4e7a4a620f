import { AGENCY_KINDS, LEVELS, PURPOSES, type AgencyKind, type DivisionLevel, type Purpose, type Role } from '../kernel/viewer.js';
import { speaksFor, type DecidingViewer, type Facts } from './decide.js';
import { PLAIN_ROLES, type Policy, type RecordPolicy, type Rung } from './language.js';
import { ADULT, bestOf, neededFor, relationsThatMatter, rolesOf, type Given } from './matrix.js';

/** Whose record it is, as far as the rules of protection and minority tell. */
export type Situation = 'ADULT' | 'MINOR' | 'PROTECTED';

const FACTS: Record<Situation, Facts> = {
  ADULT, MINOR: { attributes: { protected: false, minor: true } }, PROTECTED: { attributes: { protected: true, minor: false } },
};
const SITUATIONS = Object.keys(FACTS) as Situation[];

/** A viewer's relations and roles, and whose record it is. More relations or roles never show less. */
interface Standing { situation: Situation; relations: string[]; roles: Role[] }

/** A cell whose rung changes for a class of agencies in exactly these relations and roles (none: whatever they are). */
export interface MatrixChange extends Standing {
  kind: AgencyKind; level: DivisionLevel; purpose: Purpose;
  record: string; field: string;
  from: Rung; to: Rung;
  /** The rule that now decides; of a cell that is now withheld the one that gave it. */
  rule: string; basis: string;
  /** Instant at which what is gained lapses again; null where it does not. */
  until: string | null;
}

/** As many relations at once are tried: one for the row, one for the cell, one for an exception. */
const RELATIONS_AT_ONCE = 3;
const ROLES_AT_ONCE = 2;

/**
 * What two policies give differently at an instant, read off the rules alone: conditions on the record other than protection and minority are taken at
 * their best, as in `buildMatrix`. A change is told for the fewest relations and roles, and of minors and the protected only where it is not an adult's.
 */
export function diffMatrices(before: Policy, after: Policy, at: Date): MatrixChange[] {
  return [...after.records].flatMap(([record, rules]) => {
    const old = before.records.get(record);
    if (!old) return [];
    const differing = differingCells(old, rules);
    return AGENCY_KINDS.flatMap((kind) => LEVELS.flatMap((level) => PURPOSES.flatMap((purpose) => {
      const viewer: DecidingViewer = { kind, level, roles: PLAIN_ROLES, purpose, at };
      const sides = { was: mayState(before, viewer) ? old : undefined, is: mayState(after, viewer) ? rules : undefined };
      const cells = (sides.was === undefined) === (sides.is === undefined) ? differing : [...rules.cells.keys()];
      return cells.flatMap((field) => cellChanges(sides, viewer, field).map((change) => ({ kind, level, purpose, record, field, ...change })));
    })));
  });
}

const mayState = (policy: Policy, viewer: DecidingViewer): boolean => policy.purposes.get(viewer.purpose ?? 'AUDIT')?.allowed.some((audience) => speaksFor(audience, viewer)) ?? false;

/** Cells about which two policies say different things, their rows and the cells they depend on included. */
function differingCells(old: RecordPolicy, rules: RecordPolicy): string[] {
  const text = (value: unknown): string => JSON.stringify(value, (key, inner: unknown) => (key === 'place' ? undefined : inner)) ?? '';
  const own = new Set([...rules.cells.keys()].filter((cell) => text(old.cells.get(cell)) !== text(rules.cells.get(cell))));
  if (text(old.rows) !== text(rules.rows)) return [...rules.cells.keys()];
  const depends = (cell: string): boolean => own.has(cell) || neededFor(rules, cell).some(depends);
  return [...rules.cells.keys()].filter(depends);
}

type Sides = { was: RecordPolicy | undefined; is: RecordPolicy | undefined };

function cellChanges({ was, is }: Sides, viewer: DecidingViewer, field: string): (Standing & Pick<MatrixChange, 'from' | 'to' | 'rule' | 'basis' | 'until'>)[] {
  const sides = [was, is].filter((rules) => rules !== undefined);
  const roleSets = subsets([...new Set(sides.flatMap(rolesOf))], ROLES_AT_ONCE);
  const found: (Standing & { change: string })[] = [];
  return SITUATIONS.flatMap((situation) => {
    const facts = FACTS[situation];
    const relations = new Set(sides.flatMap((rules) => relationsThatMatter(rules, field, viewer, facts)));
    return subsets([...relations], RELATIONS_AT_ONCE).flatMap((standing) => roleSets.flatMap((roles) => {
      const given = (rules: RecordPolicy | undefined): Given | undefined => rules && bestOf(rules, field, { ...viewer, roles }, standing, facts);
      const [then, now] = [given(was), given(is)];
      const [from, to] = [then?.rung ?? 'WITHHELD', now?.rung ?? 'WITHHELD'];
      const place = { situation, relations: standing, roles, change: `${from} ${to}` };
      const source = to === 'WITHHELD' ? then : now;
      if (from === to || !source || found.some((wider) => follows(place, wider))) return [];
      found.push(place);
      return [{ situation, relations: standing, roles, from, to, rule: source.rule, basis: source.basis, until: to === 'WITHHELD' ? null : source.until }];
    }));
  });
}

/** Whether a change is told by another: the same one, in fewer relations and roles, of an adult's record or of the same. */
function follows(one: Standing & { change: string }, wider: Standing & { change: string }): boolean {
  return one.change === wider.change && (wider.situation === 'ADULT' || wider.situation === one.situation)
    && wider.relations.every((relation) => one.relations.includes(relation)) && wider.roles.every((role) => one.roles.includes(role));
}

/** All subsets of at most so many things, the smaller first. */
function subsets<Thing>(things: readonly Thing[], most: number): Thing[][] {
  const all = things.reduce<Thing[][]>((found, thing) => [...found, ...found.filter(({ length }) => length < most).map((set) => [...set, thing])], [[]]);
  return all.toSorted((one, other) => one.length - other.length);
}
