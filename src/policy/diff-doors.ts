import { AGENCY_KINDS, LEVELS, PURPOSES, ROLES, type AgencyKind, type DivisionLevel, type Purpose, type Role } from '../kernel/viewer.js';
import { speaksFor, type DecidingViewer } from './decide.js';
import { PLAIN_ROLES, type Audience, type Condition, type OperationRule, type Policy, type RecordPolicy, type WriteRule } from './language.js';

/** A class of agencies that gains or loses something; no role is named where it is so whatever the role. */
export interface DoorChange { gained: boolean; kind: AgencyKind; level: DivisionLevel; roles: Role[] }

/** A purpose that may now be stated, or no longer. */
export interface PurposeChange extends DoorChange { purpose: Purpose }
/** An operation that may now be carried out for a purpose (null: it needs none), or no longer. */
export interface OperationChange extends DoorChange { operation: string; purpose: Purpose | null }
/** A way of changing a record that now stands open, or no longer: the relation and condition asked of the record before, the relation asked of it as it then stands, the cells set. */
export interface WriteChange extends DoorChange, Way { record: string; purpose: Purpose }
interface Way { operation: string; as: string | null; when: Condition | null; after: string | null; sets: string[] }
/** A plain value that differs: of a purpose whether a matter is required, of an operation its limit, of a record its sharing class or provider. */
export interface TermChange { subject: string; term: 'matter' | 'limit' | 'sharing' | 'provider'; from: string; to: string }

/** What differs at the doors of two policies: purposes, operations, writes, and the terms on which they are open. */
export interface DoorChanges { purposes: PurposeChange[]; operations: OperationChange[]; writes: WriteChange[]; terms: TermChange[] }

/** Compares everything but the cells, at an instant. Pure. */
export function diffDoors(before: Policy, after: Policy, at: Date): DoorChanges {
  const pair: Pair = { before, after, at };
  const stated = (purpose: Purpose | null): Audience[] => (purpose === null ? [] : [before, after].flatMap((policy) => policy.purposes.get(purpose)?.allowed ?? []));
  return {
    purposes: PURPOSES.flatMap((purpose) => changesOf(pair, stated(purpose), purpose, mayState).map((change) => ({ ...change, purpose }))),
    operations: [...new Set([...before.operations.keys(), ...after.operations.keys()])].flatMap((operation) => [null, ...PURPOSES].flatMap((purpose) => {
      const allowed = [before, after].flatMap((policy) => policy.operations.get(operation)?.allowed ?? []);
      return changesOf(pair, [...allowed, ...stated(purpose)], purpose, (policy, asker) => mayAsk(policy, policy.operations.get(operation), asker)).map((change) => ({ ...change, operation, purpose }));
    })),
    writes: [...after.records].flatMap(([record, rules]) => {
      const both = [...before.records.get(record)?.writes ?? [], ...rules.writes];
      return distinctWays(both).flatMap((way) => PURPOSES.flatMap((purpose) => changesOf(pair, both, purpose, (policy, asker) => isOpen(policy.records.get(record), way, asker)).map((change) => ({ ...change, record, purpose, ...way }))));
    }),
    terms: diffTerms(before, after),
  };
}

interface Pair { before: Policy; after: Policy; at: Date }

/** For which classes an answer differs; a role is named where it makes the difference. */
function changesOf({ before, after, at }: Pair, audiences: readonly Audience[], purpose: Purpose | null, is: (policy: Policy, asker: DecidingViewer) => boolean): DoorChange[] {
  const roles = audiences.some((audience) => audience.roles) ? ROLES : [];
  return AGENCY_KINDS.flatMap((kind) => LEVELS.flatMap((level) => {
    const compare = (held: Role[]): DoorChange[] => {
      const asker: DecidingViewer = { kind, level, roles: held.length > 0 ? held : PLAIN_ROLES, purpose, at };
      const gained = is(after, asker);
      return gained === is(before, asker) ? [] : [{ gained, kind, level, roles: held }];
    };
    const plain = compare([]);
    return [...plain, ...roles.flatMap((role) => compare([role])).filter(({ gained }) => gained !== plain[0]?.gained)];
  }));
}

const mayState = (policy: Policy, asker: DecidingViewer): boolean => asker.purpose !== null && (policy.purposes.get(asker.purpose)?.allowed.some((audience) => speaksFor(audience, asker)) ?? false);

/** An operation that needs no purpose is asked without one. */
function mayAsk(policy: Policy, rule: OperationRule | undefined, asker: DecidingViewer): boolean {
  if (!rule || rule.purposeFree !== (asker.purpose === null)) return false;
  return rule.allowed.some((audience) => speaksFor(audience, asker)) && (rule.purposeFree || mayState(policy, asker));
}

const relationsOrNull = (names: readonly string[]): (string | null)[] => (names.length > 0 ? [...names] : [null]);

/** Each pair of relations that a write rule lets through. */
const waysOf = ({ operation, as, after, when, sets }: WriteRule): Way[] =>
  relationsOrNull(as).flatMap((one) => relationsOrNull(after).map((other) => ({ operation, as: one, when: when ?? null, after: other, sets: sets.toSorted() })));

const distinctWays = (rules: readonly WriteRule[]): Way[] => [...new Map(rules.flatMap(waysOf).map((way) => [JSON.stringify(way), way])).values()];

const isOpen = (rules: RecordPolicy | undefined, way: Way, asker: DecidingViewer): boolean =>
  rules?.writes.some((rule) => speaksFor(rule, asker) && waysOf(rule).some((one) => JSON.stringify(one) === JSON.stringify(way))) ?? false;

function diffTerms(before: Policy, after: Policy): TermChange[] {
  const term = (subject: string, name: TermChange['term'], valueIn: (policy: Policy) => string): TermChange => ({ subject, term: name, from: valueIn(before), to: valueIn(after) });
  return [
    ...PURPOSES.map((purpose) => term(purpose, 'matter', ({ purposes }) => {
      const rule = purposes.get(purpose);
      return rule?.matterRequired ? ['required', ...rule.matterExcept.toSorted()].join(' ') : 'optional';
    })),
    ...[...after.operations.keys()].map((operation) => term(operation, 'limit', ({ operations }) => {
      const limit = operations.get(operation)?.limit;
      return limit ? `${limit.items}/${limit.perMinutes}` : 'none';
    })),
    ...[...after.records.keys()].flatMap((record) => [
      term(record, 'sharing', ({ records }) => records.get(record)?.sharing ?? ''), term(record, 'provider', ({ records }) => records.get(record)?.provider ?? ''),
    ]),
  ].filter(({ from, to }) => from !== to);
}
