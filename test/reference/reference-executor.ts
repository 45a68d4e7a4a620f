import { buildSchema, execute, parse, printSchema, type DocumentNode, type ExecutionResult, type GraphQLFieldResolver, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import { dateOf } from '../../src/kernel/dates.js';
import type { RequestContext } from '../../src/kernel/request.js';
import { buildPublishedSchema } from '../../src/ledgers/schema.js';
import type { Policy, Rung } from '../../src/policy/language.js';
import type { RawRow, RawTables } from './raw-tables.js';
import { fullValue, maskedValue, type DirectoryValue, type FullValue, type ObjectValue } from './record-values.js';
import { checkedCell, checkReturnee, isChecked } from './reference-check.js';
import { openPurposes, passGate, ReferenceRefusal } from './reference-gate.js';
import { LIST_ORDERS, pageOf, type ListArguments } from './reference-lists.js';
import { RECORDS, ReferenceRecords, type RecordType, type ReferenceRecord } from './reference-records.js';
import { ReferenceView, type Never } from './asking-view.js';

/**
 * One verdict that an answer rests on: of a cell that was read (`value`), of one whose rung was told (`told`: a line of `disclosure`, `explain`), or of one that
 * was asked for of a record whose row is hidden (`hidden`).
 */
export interface Verdict { record: ReferenceRecord; cell: string; rung: Rung; of: 'value' | 'told' | 'hidden' }

/** What the reference answers: the data with its keys in order, the codes and places of refusals, and every verdict that it took. */
export interface ReferenceAnswer { data: Record<string, unknown> | null; errors: { code: string; path: string }[]; verdicts: Verdict[]; view: ReferenceView }

/** In the place of a disclosure's rule: the rules that the hub may name there, as a JSON list. */
export const RULE_AMONG = 'a rule among ';

/**
 * The reference executor: plain graphql-js over the published schema, with plain resolvers that ask `policy/decide` of every cell of the raw rows. It shares
 * nothing with the planner, the compiled lens or the SQL of the catalogue, is slow, and is what the hub is compared with.
 */
export class ReferenceExecutor {
  readonly #records = new Map<string, ReferenceRecords>();

  constructor(readonly tables: RawTables, readonly policy: Policy, private readonly schema: GraphQLSchema = referenceSchema()) {}

  /** The records on the day of an asking. */
  recordsOn(now: Date): ReferenceRecords {
    const today = dateOf(now);
    const known = this.#records.get(today) ?? new ReferenceRecords(this.tables, today);
    this.#records.set(today, known);
    return known;
  }

  /** The same tables under another policy. */
  under(policy: Policy): ReferenceExecutor {
    const other = new ReferenceExecutor(this.tables, policy, this.schema);
    for (const [today, records] of this.#records) other.#records.set(today, records);
    return other;
  }

  viewOf(context: RequestContext, never: Never = 'by audience'): ReferenceView {
    return new ReferenceView(this.policy, context, this.recordsOn(context.now), never);
  }

  /** Answers a document that fits the schema. */
  ask(context: RequestContext, document: DocumentNode | string, variables: Readonly<Record<string, unknown>> = {}, never: Never = 'by audience'): ReferenceAnswer {
    const asking: Asking = { view: this.viewOf(context, never), verdicts: [] };
    if (context.purpose !== null && !openPurposes(this.policy, asking.view.viewer).includes(context.purpose)) return { ...asking, data: null, errors: [{ code: 'PURPOSE_NOT_ALLOWED', path: '' }] };
    const parsed = typeof document === 'string' ? parse(document) : document;
    const { data = null, errors = [] } = execute({
      schema: this.schema, document: parsed, variableValues: { ...variables }, contextValue: asking, fieldResolver: resolveField,
      typeResolver: (value: { type?: string; entry?: string }) => value.type ?? value.entry ?? '',
    }) as ExecutionResult;
    return { data: data as Record<string, unknown> | null, errors: errors.map((error) => ({ code: codeOf(error.originalError ?? error), path: (error.path ?? []).join('.') })), ...asking };
  }
}

/**
 * The published schema, read back from its text: it carries no resolver of the hub. Of a released answer a policy may withhold even what the shipped one gives
 * to everybody who may ask; the hub then writes null, against the type, and so does the reference.
 */
export const referenceSchema = (): GraphQLSchema => buildSchema(printSchema(buildPublishedSchema()).replace(/type ReturneeCheck \{[^}]*\}/u, (type) => type.replaceAll(/(current: Boolean|idNumber: String)!/gu, '$1')));

interface Asking { view: ReferenceView; verdicts: Verdict[] }

const codeOf = (error: Error): string => (error instanceof ReferenceRefusal ? error.code : error.message);

const resolveField: GraphQLFieldResolver<unknown, Asking> = (source, args, asking, info) => {
  const { fieldName, parentType } = info;
  if (parentType.name === 'Query') {
    passGate(asking.view.policy, asking.view.viewer, fieldName);
    return resolveRoot(args, asking, info);
  }
  if (parentType.name in RECORDS) return fieldName === 'id' ? globalId(source as ReferenceRecord) : fieldName === 'disclosure' ? disclosureOf(source as ReferenceRecord, asking) : cellOf(source as ReferenceRecord, fieldName, asking);
  if (parentType.name === 'Agency' || parentType.name === 'Division') return entryField(source as DirectoryValue, fieldName, asking);
  if (isObjectValue(source)) return objectField(source, fieldName, asking);
  return (source as Record<string, unknown>)[fieldName];
};

const isObjectValue = (source: unknown): source is ObjectValue => typeof source === 'object' && source !== null && 'cellPath' in source;

function globalId({ type, id }: ReferenceRecord): string {
  return `${RECORDS[type].prefix}_${id}`;
}

const LISTS: Record<string, RecordType> = { returnCases: 'ReturnCase', coordinations: 'ReturnCase', atRiskEntries: 'AtRiskEntry', visitsDue: 'AtRiskEntry', settlementCases: 'SettlementCase', stays: 'Stay', identityInquiries: 'IdentityInquiry', missingReports: 'MissingReport', registeredHouseholds: 'RegisteredHousehold', inbox: 'InboxItem', corrections: 'Correction', people: 'Person' };

function resolveRoot(args: Record<string, unknown>, asking: Asking, info: GraphQLResolveInfo): unknown {
  const { view } = asking;
  const list = LISTS[info.fieldName];
  if (list) return connection(view, list, args as ListArguments, LIST_ORDERS[info.fieldName]);
  switch (info.fieldName) {
    case 'node': return nodeOf(String(args['id']), asking, info);
    case 'returnCase': return view.records.all('ReturnCase').find((record) => record.row['case_no'] === args['caseNo'] && view.isVisible(record) && view.holdsInFull(record, ['caseNo'])) ?? null;
    case 'explain': return explanation(String(args['id']), String(args['field']), asking);
    case 'checkReturnees': return (args['idNumbers'] as string[]).map((asked) => checkReturnee(asked, view));
    case 'viewer': return { roles: view.viewer.roles, purposes: openPurposes(view.policy, view.viewer), purpose: view.viewer.purpose, matter: view.viewer.matter, policy: view.policy.hash, agency: { entry: 'Agency', key: view.viewer.agency } };
    default: throw new Error(`the reference does not answer ${info.fieldName}`);
  }
}

function connection(view: ReferenceView, type: RecordType, args: ListArguments, ownOrder?: (typeof LIST_ORDERS)[string]): unknown {
  const page = pageOf(view, type, args, ownOrder);
  const edges = page.records.map(({ record, cursor }) => ({ node: record, cursor }));
  const { totalCount, hasNextPage, hasPreviousPage } = page;
  return { edges, nodes: edges.map(({ node }) => node), totalCount, pageInfo: { hasNextPage, hasPreviousPage, startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null } };
}

/** A directory entry, a record, or the type of a record that there is not; undefined for what is no global id. */
function findByGlobalId(id: string, { view }: Asking): ReferenceRecord | DirectoryValue | RecordType | undefined {
  const [, prefix, uuid = ''] = /^([a-z]{2})_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/u.exec(id) ?? [];
  if (prefix === 'ag') return view.records.row('agencies', 'id', uuid) && { entry: 'Agency', key: uuid };
  const type = (Object.keys(RECORDS) as RecordType[]).find((candidate) => RECORDS[candidate].prefix === prefix);
  return type && (view.records.find(type, uuid) ?? type);
}

/** Absent and hidden are the same; what was asked of a hidden record are verdicts all the same. */
function nodeOf(id: string, asking: Asking, info: GraphQLResolveInfo): unknown {
  const found = findByGlobalId(id, asking);
  if (found === undefined || typeof found === 'string') return null;
  if (!('type' in found) || asking.view.isVisible(found)) return found;
  for (const cell of cellsAskedOf(found.type, info)) asking.verdicts.push({ record: found, cell, rung: 'WITHHELD', of: 'hidden' });
  return null;
}

/** Top-level cells of a record type that the selection of a field names, directives left aside. */
function cellsAskedOf(type: RecordType, { fieldNodes, fragments }: GraphQLResolveInfo): Set<string> {
  const asked = new Set<string>();
  const collect = (selections: NonNullable<(typeof fieldNodes)[number]['selectionSet']>['selections'], on: string): void => {
    for (const selection of selections) {
      if (selection.kind === 'Field' && on === type && !['id', 'disclosure', '__typename'].includes(selection.name.value)) asked.add(selection.name.value);
      if (selection.kind === 'InlineFragment') collect(selection.selectionSet.selections, selection.typeCondition?.name.value ?? on);
      const fragment = selection.kind === 'FragmentSpread' ? fragments[selection.name.value] : undefined;
      if (fragment) collect(fragment.selectionSet.selections, fragment.typeCondition.name.value);
    }
  };
  for (const node of fieldNodes) collect(node.selectionSet?.selections ?? [], 'Node');
  return asked;
}

function explanation(id: string, cell: string, asking: Asking): unknown {
  const { view, verdicts } = asking;
  const found = findByGlobalId(id, asking);
  if (found === undefined || (typeof found === 'object' && 'entry' in found)) return null;
  if (!view.cellsOf(typeof found === 'string' ? found : found.type).includes(cell)) throw new ReferenceRefusal('BAD_USER_INPUT');
  if (typeof found === 'string') return null;
  const visible = view.isVisible(found);
  const rung = visible ? view.rungOf(found, cell) : 'WITHHELD';
  verdicts.push({ record: found, cell, rung, of: visible ? 'told' : 'hidden' });
  return visible ? { rung } : null;
}

function disclosureOf(record: ReferenceRecord, { view, verdicts }: Asking): unknown[] {
  return view.cellsOf(record.type).map((field) => {
    const rung = view.rungOf(record, field);
    verdicts.push({ record, cell: field, rung, of: 'told' });
    return { field, rung, rule: `${RULE_AMONG}${JSON.stringify(view.nameableRules(record, field, rung))}` };
  });
}

/** A cell at the rung that the policy gives, and nothing above it. */
function cellOf(record: ReferenceRecord, cell: string, asking: Asking): unknown {
  const { view, verdicts } = asking;
  if (isChecked(record)) return checkedCell(record, cell, view);
  const rung = view.rungOf(record, cell);
  verdicts.push({ record, cell, rung, of: 'value' });
  if (rung === 'WITHHELD') return null;
  return rung === 'FULL' ? shown(fullValue(record, cell, view.records), view) : maskedValue(record, cell, rung);
}

/** Other records are seen for themselves: one that is hidden is not there. */
function shown(value: FullValue, view: ReferenceView): unknown {
  if (value === null || typeof value !== 'object') return value;
  if ('record' in value) return value.record && view.isVisible(value.record) ? value.record : null;
  if ('records' in value) return value.records.filter((record) => view.isVisible(record));
  return value;
}

/** A field inside an object or a list follows the object, lowered by a verdict of its own where the policy has one. */
function objectField({ of, cellPath, fields }: ObjectValue, field: string, { view, verdicts }: Asking): unknown {
  const cell = `${cellPath}.${field}`;
  if (!view.cellsOf(of.type).includes(cell)) return fields[field] ?? null;
  const { rung } = view.decision(of, cell);
  verdicts.push({ record: of, cell, rung, of: 'value' });
  return rung === 'FULL' ? (fields[field] ?? null) : null;
}

function entryField({ entry, key }: DirectoryValue, field: string, { view }: Asking): unknown {
  const row: RawRow | undefined = entry === 'Agency' ? view.records.row('agencies', 'id', key) : view.records.row('divisions', 'code', key);
  if (!row) throw new Error(`no ${entry} ${key}`);
  if (field === 'id') return `ag_${key}`;
  const value = row[field] ?? null;
  return (field === 'division' || field === 'parent') && typeof value === 'string' ? { entry: 'Division', key: value } : value;
}
