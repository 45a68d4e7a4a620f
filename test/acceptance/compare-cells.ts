import { expected, expectedFormer, expectedMembers, type Asker, type Expected, type Rung } from './domain-5.js';
import { AGENCIES, getFacts, idOf, type RecordName } from './world-facts.js';
import { endsOf, NAMES, valuesOf } from './world-values.js';

/** One place where the API and the table disagree. */
export interface Difference { agency: string; purpose: string; roles: string; record: string; name: string; field: string; path: string; table: string; api: string }

/** A record as the API gave it: cells, `disclosure`, and linked persons as records of their own. */
export type Given = Record<string, unknown> & { id: string; disclosure: { field: string; rung: Rung }[] };

/** Values that the tables compute, by case id and cell. */
export type Computed = ReadonlyMap<string, Record<string, unknown>>;

const INSTANTS = ['rosterSentAt', 'sentAt', 'acknowledgedAt', 'receivedAt', 'openedAt'];

/** Compares what one path gave of a record with the table; undefined or null: it was absent. */
export function compare(asker: Asker, record: RecordName, name: string, given: Given | null | undefined, path: string, computed: Computed): Difference[] {
  const table = expected(asker, record, name);
  const differ = (field: string, should: unknown, is: unknown): Difference => ({ agency: asker.agency, purpose: asker.purpose, roles: asker.roles.join('+'), record, name, field, path, table: String(should), api: String(is) });
  if (!table || !given) return table || given ? [differ('(row)', table ? 'present' : 'absent', given ? 'present' : 'absent')] : [];
  const said = new Map(given.disclosure.map(({ field, rung }) => [field, rung]));
  const values: Record<string, unknown> = { ...valuesOf(record, name), ...(record === 'ReturnCase' && computed.get(name)) };
  return [
    ...[...said.keys()].filter((field) => !(field in table)).map((field) => differ(field, 'not in the table', said.get(field))),
    ...Object.entries(table).flatMap(([field, rung]) => {
      if (said.get(field) !== rung) return [differ(field, rung, said.get(field))];
      const is = JSON.stringify(cellOf(given, field));
      const should = JSON.stringify(valueAt(rung, name, field, values[field], table, asker));
      return is === should ? [] : [differ(field, `${rung} ${should}`, is)];
    }),
  ];
}

/** What a cell shows at a rung. A linked person shows where the asker may see it; that is compared as a record of its own. */
function valueAt(rung: Rung, name: string, field: string, value: unknown, table: NonNullable<Expected>, asker: Asker): unknown {
  if (field === 'members') {
    const shown = expectedMembers(asker, name);
    return (value as object[]).map((member, index) => {
      const person = shown[index]?.matched;
      const matched = person !== undefined && expected(asker, 'Person', person) ? { id: idOf.Person(person) } : null;
      return { ...(shown[index]?.uploaded ? member : NOTHING), matchedPerson: matched };
    });
  }
  if (field === 'formerMembers') return (value as object[]).map((member, index) => ({ ...(expectedFormer(asker, name)[index] ? member : NOTHING), matchedPerson: null }));
  if (field.startsWith('transitions.')) {
    const parent = table[field.split('.')[0] ?? ''];
    if (parent !== 'FULL') return null;
    return (value as unknown[]).map((item) => (rung === 'FULL' && isSeen(asker, item) ? item : null));
  }
  if (rung === 'WITHHELD') return null;
  // An addressee sees its own referral and no other.
  if (field === 'referrals' && ['TOWNSHIP', 'PARTNER'].includes(getFacts(AGENCIES, asker.agency).kind)) return (value as { addressee: { code: string } }[]).filter(({ addressee }) => addressee.code === asker.agency);
  return rung === 'ENDS' ? value && endsOf(String(value)) : value;
}

const NOTHING = { name: null, idNumber: null, relation: null, since: null, until: null };

function isSeen(asker: Asker, item: unknown): boolean {
  const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : undefined;
  const person = NAMES.Person.find((name) => idOf.Person(name) === id);
  return person === undefined || expected(asker, 'Person', person) !== undefined;
}

/** A cell of an answer in the form of `valuesOf`. */
function cellOf(given: Given, field: string): unknown {
  if (field === 'transitions') return (given['transitions'] as { from: unknown; to: unknown; at: string; agency: unknown }[] | null)?.map(({ from, to, at, agency }) => ({ from, to, at: new Date(at).toISOString(), agency })) ?? null;
  if (field.startsWith('transitions.')) return (given['transitions'] as Record<string, unknown>[] | null)?.map((step) => step[field.slice('transitions.'.length)]) ?? null;
  if (field === 'members' || field === 'formerMembers') return (given[field] as (Record<string, unknown> & { matchedPerson: { id: string } | null })[] | null)?.map(({ matchedPerson, ...uploaded }) => ({ ...uploaded, matchedPerson: matchedPerson && { id: matchedPerson.id } })) ?? null;
  const value = given[field] ?? null;
  if (value === null) return null;
  if (field === 'referrals') return (value as Record<string, unknown>[]).map((referral) => Object.fromEntries(Object.entries(referral).map(([name, held]) => [name, typeof held === 'string' && ['referredAt', 'answeredAt'].includes(name) ? new Date(held).toISOString() : held])));
  if (field === 'person') return { id: (value as Given).id };
  if (INSTANTS.includes(field)) return new Date(value as string).toISOString();
  return value;
}

/** Differences that are alike in one line each, most frequent first. */
export function summarise(differences: readonly Difference[]): string[] {
  const groups = new Map<string, Difference[]>();
  for (const difference of differences) {
    const { agency, purpose, roles, record, field, table, api, name } = difference;
    const key = `${agency} ${purpose} [${roles}] ${record} ${name} .${field}: §5 ${shortened(table)}, API ${shortened(api)}`;
    groups.set(key, [...(groups.get(key) ?? []), difference]);
  }
  return [...groups].map(([key, group]) => `${key} (${[...new Set(group.map(({ path }) => path))].join(', ')})`);
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
