import DataLoader from 'dataloader';
import { buildSchema, isObjectType, printSchema, type GraphQLSchema } from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import { rule, shield } from 'graphql-shield';
import type { Pool } from 'pg';
import type { KeyRing } from '../../src/kernel/key-ring.js';

/**
 * The peer: the same answer as such hubs are usually written by hand. The published types with plain resolvers, DataLoader for whatever a row points to,
 * and an asynchronous graphql-shield rule on every field of every type. It is given every advantage: no token, no purpose, no row-level security,
 * no evidence, no transaction; its row filter is the one condition that applies to its one asker, and its rules look into a set made beforehand.
 */
type Row = Record<string, unknown>;
interface Loaders { persons: DataLoader<string, Row | null>; agencies: DataLoader<string, Row | null>; divisions: DataLoader<string, Row | null>; transitions: DataLoader<string, Row[]> }

export interface PeerContext { pool: Pool; keyRing: KeyRing; agencyId: string; granted: ReadonlySet<string>; loaders: Loaders }

/** New loaders for one request, as DataLoader's own manual asks. */
export function peerContext(pool: Pool, keyRing: KeyRing, agencyId: string, granted: ReadonlySet<string>): PeerContext {
  const one = (table: string, key: string): DataLoader<string, Row | null> => new DataLoader(async (keys) => {
    const { rows } = await pool.query<Row>({ name: `peer-${table}`, text: `SELECT * FROM guitu.${table} WHERE ${key} = ANY ($1)`, values: [keys] });
    const found = new Map(rows.map((row) => [row[key], row]));
    return keys.map((wanted) => found.get(wanted) ?? null);
  });
  const transitions = new DataLoader<string, Row[]>(async (keys) => {
    const { rows } = await pool.query<Row>({ name: 'peer-transitions', text: 'SELECT * FROM guitu.return_transitions WHERE case_id = ANY ($1) ORDER BY step', values: [keys] });
    const found = new Map<unknown, Row[]>(keys.map((wanted) => [wanted, []]));
    for (const row of rows) found.get(row['case_id'])?.push(row);
    return keys.map((wanted) => found.get(wanted) ?? []);
  });
  return { pool, keyRing, agencyId, granted, loaders: { persons: one('persons', 'id'), agencies: one('agencies', 'id'), divisions: one('divisions', 'code'), transitions } };
}

/** What the one asker may read: every field of these types. Rules ask it per field. */
export function grantedFields(schema: GraphQLSchema): Set<string> {
  return new Set(Object.values(schema.getTypeMap()).filter(isObjectType).flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)));
}

type Resolve = (row: Row, args: Row, context: PeerContext) => unknown;

const column = (name: string): Resolve => (row) => row[name];
const id = (prefix: string): Resolve => (row) => `${prefix}_${String(row['id'])}`;
const opened = (name: string): Resolve => (row, _, { keyRing }) => (row[name] === null ? null : keyRing.openValue(String(row[name])));
const load = (loader: 'persons' | 'agencies' | 'divisions', name: string): Resolve => (row, _, { loaders }) => (row[name] === null ? null : loaders[loader].load(String(row[name])));

const identity = (prefix: string): Record<string, Resolve> => ({
  name: column(`${prefix}name`), idNumber: opened(`${prefix}id_number_sealed`), sex: column(`${prefix}sex`), birthDate: column(`${prefix}birth_date`), estimatedAge: column(`${prefix}estimated_age`),
  hukouDivision: load('divisions', `${prefix}hukou_division`), homeDivision: load('divisions', `${prefix}home_division`), address: opened(`${prefix}address_sealed`),
  kinName: column(`${prefix}kin_name`), kinPhone: opened(`${prefix}kin_phone_sealed`),
});

const PAGE = 'SELECT * FROM guitu.return_cases WHERE destination_agency = $1 OR origin_agency = $1 ORDER BY sent_at DESC NULLS LAST, id DESC LIMIT $2';

const RESOLVERS: Record<string, Record<string, Resolve>> = {
  Query: {
    returnCases: async (_, { first }, { pool, agencyId }) => {
      const { rows } = await pool.query<Row>({ name: 'peer-page', text: PAGE, values: [agencyId, Number(first) + 1] });
      return { nodes: rows.slice(0, Number(first)), pageInfo: { hasNextPage: rows.length > Number(first), hasPreviousPage: false } };
    },
  },
  ReturnCase: {
    id: id('rc'), caseNo: column('case_no'), noticeNo: column('notice_no'), noticeDate: column('notice_date'), entryDate: column('entry_date'), leaveDate: column('leave_date'),
    returnMode: column('return_mode'), helpReason: column('help_reason'), sentAt: column('sent_at'), acknowledgeBy: column('acknowledge_by'), acknowledgedAt: column('acknowledged_at'),
    receiveBy: column('receive_by'), receivedAt: column('received_at'), deadlinesProvisional: column('provisional'),
    destinationAgency: load('agencies', 'destination_agency'), originAgency: load('agencies', 'origin_agency'), person: load('persons', 'person_id'),
    subject: (row) => row, transitions: (row, _, { loaders }) => loaders.transitions.load(String(row['id'])),
  },
  ReturnSubject: { ...identity('subject_'), features: column('subject_features') },
  Person: { ...identity(''), id: id('pe'), identityState: column('identity_state'), birthYear: (row) => Number(String(row['born_on']).slice(0, 4)), ageBand: (row) => ageBandOf(String(row['born_on'])) },
  Agency: { id: id('ag'), division: load('divisions', 'division') },
  Division: { parent: load('divisions', 'parent') },
  ReturnTransition: { from: column('from_state'), to: column('to_state'), agency: load('agencies', 'agency_id'), reason: (row) => row['reason_code'] ?? row['reason_text'] },
};

const TODAY = '2026-11-20';

function ageBandOf(bornOn: string): string {
  const age = Number(TODAY.slice(0, 4)) - Number(bornOn.slice(0, 4)) - (TODAY.slice(5) < bornOn.slice(5) ? 1 : 0);
  return age < 14 ? 'UNDER_14' : age < 18 ? 'FROM_14_TO_17' : age < 60 ? 'FROM_18_TO_59' : 'FROM_60';
}

/** The published types with these resolvers, every field behind a rule of its own. */
export function buildPeerSchema(published: GraphQLSchema): GraphQLSchema {
  const schema = buildSchema(printSchema(published));
  const rules: Record<string, Record<string, ReturnType<ReturnType<typeof rule>>>> = {};
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    rules[type.name] = {};
    for (const field of Object.values(type.getFields())) {
      const resolve = RESOLVERS[type.name]?.[field.name];
      if (resolve) field.resolve = (row: Row, args: Row, context: PeerContext) => resolve(row, args, context);
      const name = `${type.name}.${field.name}`;
      (rules[type.name] as Record<string, unknown>)[field.name] = rule(name, { cache: 'no_cache' })(async (_row: unknown, _args: unknown, context: PeerContext) => context.granted.has(name));
    }
  }
  return applyMiddleware(schema, shield(rules, { allowExternalErrors: true }));
}
