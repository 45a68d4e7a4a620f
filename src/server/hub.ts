import { createHash, randomBytes } from 'node:crypto';
import { execute, Kind, print, visit, type DocumentNode, type ExecutionResult, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { collectFields } from 'graphql/execution/collectFields.js';
import { getVariableValues } from 'graphql/execution/values.js';
import type { Pool } from 'pg';
import { preparedNamesOf } from '../disclosure/prepared-names.js';
import { RecordReader, type ReaderServices } from '../disclosure/reader.js';
import { SplicedJson } from '../disclosure/run.js';
import { Skeleton } from '../disclosure/skeleton.js';
import { DisclosureTally, type Withheld } from '../disclosure/splice.js';
import { newEvent } from '../evidence/events.js';
import type { EvidenceRecorder } from '../evidence/recorder.js';
import { Refusal } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request.js';
import { DIRECTORY } from '../ledgers/agencies/agencies.reference.js';
import { RECORD_OF_PREFIX } from '../ledgers/ledger-catalogue.js';
import { opaqueTypes, operationsOf } from '../ledgers/schema.js';
import type { Desk, LedgerServices } from '../ledgers/workbench.js';
import { gate } from '../policy/gate.js';
import { heightOf, type Policy } from '../policy/language.js';
import type { PolicyInForce } from '../policy/store.js';
import type { Answer, Execution } from './apollo.js';
import { findRefusal } from './format-error.js';
import { getOperation, refuseTooComplex, refuseTooManyRoots, refuseUnstorableText } from './limits.js';
import type { BegunRequest } from './request-context.js';
import { shieldOperations } from './shield.js';

export interface HubDeps {
  schema: GraphQLSchema;
  reader: Pool;
  services: LedgerServices;
  recorder: EvidenceRecorder;
  /** The policy now in force. A request is run under the one that it brings along from its beginning, and under this one only if it brings none. */
  policy: () => PolicyInForce;
  onStatement?: (text: string) => void;
}

export interface ExecutionRequest { document: DocumentNode; operationName: string | null; variables: Record<string, unknown>; context: RequestContext & Partial<BegunRequest> }

/** Refusals of the moment: they refuse the whole request, with their HTTP status and `Retry-After`. */
const WHOLE_REQUEST: readonly string[] = ['RATE_LIMITED', 'UNAVAILABLE'];

/** The life of one request behind authentication: gate → limits → skeleton with planned reads → evidence → answer. */
export class Hub {
  readonly #skeleton: Skeleton;
  readonly #guarded: GraphQLSchema;
  readonly #records = new Set(RECORD_OF_PREFIX.values());
  readonly #readerServices: ReaderServices;
  #inForce: PolicyInForce | undefined;

  constructor(private readonly deps: HubDeps) {
    this.#skeleton = new Skeleton(deps.schema, opaqueTypes());
    const { keyRing } = deps.services;
    this.#readerServices = { schema: deps.schema, references: DIRECTORY, keyRing, reader: deps.reader, directory: deps.services.directory, open: (sealed) => keyRing.openValue(sealed), ...(deps.onStatement && { onStatement: deps.onStatement }) };
    this.#guarded = shieldOperations(this.#skeleton.schema, operationsOf(deps.schema));
  }

  /** Plans and lenses of the former version go with it; the names under which its statements were prepared would stay. */
  #takeOver(inForce: PolicyInForce): void {
    if (this.#inForce) preparedNamesOf(this.deps.reader).renew();
    this.#inForce = inForce;
  }

  /** Runs one request. Whatever comes of it, refusals included, is recorded before this resolves or throws. */
  async execute(request: ExecutionRequest): Promise<Execution> {
    const inForce = this.deps.policy();
    if (inForce !== this.#inForce) this.#takeOver(inForce);
    const policy = request.context.policy ?? inForce;
    const roots = this.#rootFields(request);
    const about = { kind: getOperation(request.document, request.operationName).operation, operations: roots, document: documentHash(request.document), policy: policy.policy.hash };
    const tally = new DisclosureTally();
    let result: ExecutionResult;
    try {
      result = await this.#run(request, policy, roots, tally);
    } catch (error) {
      await this.deps.recorder.record(newEvent(request.context, { ...about, records: {}, outcome: [findRefusal(error)?.code ?? 'INTERNAL'] }));
      throw error;
    }
    const codes = (result.errors ?? []).map((error) => findRefusal(error)?.code ?? (error.extensions['code'] as string | undefined) ?? 'INTERNAL');
    await this.deps.recorder.record(newEvent(request.context, {
      ...about, records: tally.evidence(), outcome: codes.length > 0 ? [...new Set(codes)].toSorted() : ['served'],
      ...(Object.keys(tally.counts).length > 0 && { counts: tally.counts }),
    }));
    return { ...result, extensions: { disclosure: { policy: policy.policy.hash, purpose: request.context.purpose, withheld: inPolicyOrder(policy.policy, tally.withheld) } } };
  }

  async #run({ document, operationName, variables, context }: ExecutionRequest, policy: PolicyInForce, roots: readonly string[], tally: DisclosureTally): Promise<ExecutionResult> {
    const operation = getOperation(document, operationName);
    // Whoever may do nothing of it learns that first: what is forbidden is not also measured.
    const refusals = roots.map((root) => gate(policy.policy, context, root));
    if (roots.length === 0 || refusals.includes(undefined)) {
      refuseTooManyRoots(operation, roots);
      refuseTooComplex(this.deps.schema, this.#records, document, operation, roots.length === 0);
      refuseUnstorableText(document, variables);
    } else if (getVariableValues(this.deps.schema, operation.variableDefinitions ?? [], variables).errors) {
      throw refusals[0];
    }
    // Introspection tells of the published schema, never of the skeleton.
    if (asksForSchema(document)) {
      if (roots.length > 0) throw new Refusal('BAD_USER_INPUT', { field: '__schema', zh: '结构查询请单独发送', en: 'send introspection by itself' });
      return execute({ schema: this.deps.schema, document, variableValues: variables, operationName });
    }
    const rewritten = this.#skeleton.rewrite(document);
    const reader = new RecordReader(context, policy.lensFor(context), this.#readerServices, tally, (info) => this.#skeleton.selectionOf(rewritten, info));
    const desk: Desk = { context, policy, reader, services: this.deps.services };
    const result = await execute({ schema: this.#guarded, document: rewritten, contextValue: desk, variableValues: variables, operationName });
    const whole = result.errors?.map(findRefusal).find((refusal) => refusal !== undefined && WHOLE_REQUEST.includes(refusal.code));
    if (whole) throw whole;
    return result;
  }

  /** Root fields that the operation really selects, directives applied. */
  #rootFields({ document, operationName, variables }: ExecutionRequest): string[] {
    const operation = getOperation(document, operationName);
    const type = operation.operation === 'mutation' ? this.deps.schema.getMutationType() : this.deps.schema.getQueryType();
    const fragments = Object.fromEntries(document.definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [])));
    const { coerced } = getVariableValues(this.deps.schema, operation.variableDefinitions ?? [], variables);
    if (!type) return [];
    // Variables that fit no type are refused by graphql-js later; what they were meant for is asked first, as if every directive let its field through.
    return [...collectFields(this.deps.schema, fragments, coerced ?? letThrough(operation), type, operation.selectionSet).values()].map((nodes) => nodes[0]?.name.value ?? '').filter((name) => !name.startsWith('__'));
  }
}

/** In the order of the policy: that of the reads would tell which of them ended first. */
function inPolicyOrder(policy: Policy, withheld: readonly Withheld[]): readonly Withheld[] {
  if (withheld.length < 2) return withheld;
  let places = cellPlaces.get(policy);
  if (!places) cellPlaces.set(policy, (places = new Map([...policy.records.values()].flatMap(({ record, cells }) => [...cells.keys()].map((cell) => `${record}.${cell}`)).map((cell, place) => [cell, place]))));
  const placeOf = ({ type, field }: Withheld): number => places.get(`${type}.${field}`) ?? 0;
  return withheld.toSorted((one, other) => placeOf(one) - placeOf(other) || heightOf(one.rung) - heightOf(other.rung));
}

const cellPlaces = new WeakMap<Policy, ReadonlyMap<string, number>>();

const schemaQuestions = new WeakMap<DocumentNode, boolean>();

/** Whether a document names `__schema` or `__type`, in whatever operation or fragment. */
function asksForSchema(document: DocumentNode): boolean {
  let asks = schemaQuestions.get(document);
  if (asks !== undefined) return asks;
  asks = false;
  visit(document, { Field: ({ name }) => {
    asks ||= name.value === '__schema' || name.value === '__type';
  } });
  schemaQuestions.set(document, asks);
  return asks;
}

/** Values for the variables of directives under which `@include` and `@skip` keep a field. */
const letThrough = (operation: OperationDefinitionNode): Record<string, boolean> => {
  const values: Record<string, boolean> = {};
  visit(operation, { Directive: ({ name, arguments: args }) => void args?.forEach(({ value }) => value.kind === Kind.VARIABLE && (values[value.name.value] = name.value === 'include')) });
  return values;
};

const hashes = new WeakMap<DocumentNode, string>();

/** SHA-256 of the document without its literals: the same question about two persons has the same hash, and the hash tells neither. */
function documentHash(document: DocumentNode): string {
  const known = hashes.get(document);
  if (known) return known;
  const blank = { leave: (node: object) => ({ ...node, value: '', block: false }) };
  const bare = visit(document, { [Kind.STRING]: blank, [Kind.INT]: { leave: (node: object) => ({ ...node, value: '0' }) }, [Kind.FLOAT]: { leave: (node: object) => ({ ...node, value: '0' }) } } as Parameters<typeof visit>[1]) as DocumentNode;
  const hash = createHash('sha256').update(print(bare)).digest('hex');
  hashes.set(document, hash);
  return hash;
}

/** Writes an answer: JSON from PostgreSQL goes in as it is, neither parsed nor walked. */
export function stringifyAnswer(answer: Answer): string {
  const nonce = `~${randomBytes(9).toString('base64url')}~`;
  const spliced: string[] = [];
  const text = JSON.stringify(answer, (_, value: unknown) => (value instanceof SplicedJson ? `${nonce}${spliced.push(value.text) - 1}` : value));
  if (spliced.length === 0) return text;
  const [first = '', ...rest] = text.split(`"${nonce}`);
  return first + rest.map((part) => {
    const quote = part.indexOf('"');
    return `${spliced[Number(part.slice(0, quote))]}${part.slice(quote + 1)}`;
  }).join('');
}
