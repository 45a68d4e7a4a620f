import { ApolloServer, type ApolloServerPlugin, type BaseContext } from '@apollo/server';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginInlineTraceDisabled, ApolloServerPluginLandingPageDisabled, ApolloServerPluginSchemaReportingDisabled, ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { GraphQLError, Kind, type DocumentNode, type GraphQLFormattedError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { Logger } from 'pino';
import { badInput, Refusal } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request.js';
import { formatErrors } from './format-error.js';
import { RESPONSE_TYPES } from './negotiation.js';
import { logFault } from './request-log.js';
import type { RequestState } from './request-state.js';

/** What one operation answers, before it is written as text. `data` may be anything that `stringify` can write. */
export interface Execution { data?: unknown; errors?: readonly GraphQLError[]; extensions?: Record<string, unknown> }

/** An answer as it goes out: the execution with its errors written for the caller. */
export type Answer = Omit<Execution, 'errors'> & { errors?: readonly GraphQLFormattedError[] };

export interface GraphqlDeps {
  schema: GraphQLSchema;
  /**
   * Runs an operation of a document that fits the schema. The same document text gives the same `document` object while Apollo remembers it.
   * What it throws, and what it puts into `errors`, is written by `format-error`; a whole refusal is thrown, or given without `data`.
   */
  execute(args: { document: DocumentNode; operationName: string | null; variables: Record<string, unknown>; context: RequestContext }): Promise<Execution>;
  /** Writes every answer, refusals included. The members stand as given here: errors, data, extensions; absent ones are undefined. */
  stringify(result: Answer): string;
  log: Logger;
}

export interface GraphqlSettings { introspection: boolean; maxTokens: number; requestTimeoutMs: number }

/** What Apollo carries for a request; it copies the outer object, so the inner ones keep their identity. */
export interface Carried extends BaseContext { state: RequestState; context: RequestContext }

/** Queries are short; only a mutation of a thousand households needs the whole body limit. */
const LONGEST_QUERY_BYTES = 1_048_576;
/** Fields asked for after fragments are spread: more than any screen or exchange needs, less than what hurts. */
const MOST_SELECTIONS = 20_000;
const MOST_LOGGED_FIELDS = 20;

/** Apollo Server for our execution: it parses, validates and remembers documents; `execute` does the rest. To be started by the caller. */
export function buildApollo(deps: GraphqlDeps, settings: GraphqlSettings): ApolloServer<Carried> {
  return new ApolloServer<Carried>({
    gateway: asGateway(deps, settings),
    stringifyResult: (result) => deps.stringify(result),
    plugins: [
      answering(deps, settings),
      // Cache hints take half the time of a large list; reporting would send queries to Apollo if its environment variables were set.
      ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled(), ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(), ApolloServerPluginInlineTraceDisabled(),
    ],
    // Errors are written by the plugin, which knows the request; whatever would slip past it says nothing.
    formatError: () => ({ message: 'INTERNAL', extensions: { code: 'INTERNAL' } }),
    introspection: settings.introspection,
    hideSchemaDetailsFromClientErrors: !settings.introspection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    maxRecursiveSelections: MOST_SELECTIONS,
    parseOptions: { maxTokens: settings.maxTokens },
    nodeEnv: 'production',
    stopOnTerminationSignals: false,
    logger: mutedLogger(deps.log),
  });
}

/** Apollo's extension point for another executor (`@apollo/server-gateway-interface`): schema in, one function to run operations. */
function asGateway(deps: GraphqlDeps, settings: GraphqlSettings): GatewayInterface {
  let tell: Parameters<GatewayInterface['onSchemaLoadOrUpdate']>[0] | undefined;
  return {
    onSchemaLoadOrUpdate(callback) {
      tell = callback;
      return () => undefined;
    },
    async load() {
      tell?.({ apiSchema: deps.schema, coreSupergraphSdl: '' });
      return {
        executor: async ({ document, operation, operationName, request, context }) => {
          // In spite of its type it is undefined when the document does not settle which operation is meant; Apollo then wants an error.
          if (!operation) return { errors: [new GraphQLError('no such operation')] };
          const { state, context: asked } = context as Carried;
          if (operation.operation === 'subscription') throw badInput('query', '订阅不能通过此地址使用', 'subscriptions are not served here');
          if (operation.operation === 'query' && state.bodyBytes > LONGEST_QUERY_BYTES) throw new Refusal('TOO_COMPLEX');
          const execution = await inTime(deps.execute({ document, operationName, variables: request.variables ?? {}, context: asked }), settings.requestTimeoutMs);
          return execution as Awaited<ReturnType<Awaited<ReturnType<GatewayInterface['load']>>['executor'] & object>>;
        },
      };
    },
    async stop() {},
  };
}

/** Writes the errors of an answer, chooses media type and status, and notes for the log what was asked. */
function answering({ log }: GraphqlDeps, settings: GraphqlSettings): ApolloServerPlugin<Carried> {
  return {
    async requestDidStart({ contextValue: { state } }) {
      return {
        async didResolveOperation({ operation, document }) {
          if (operation) state.operation = { type: operation.operation, fields: rootFieldsOf(operation, document) };
        },
        async willSendResponse({ document, errors = [], response }) {
          state.answered = true;
          const { http, body } = response;
          http.headers.set('content-type', state.responseType ?? RESPONSE_TYPES.json);
          if (body.kind !== 'single' || errors.length === 0) return;
          const formatted = formatErrors(errors, { language: state.language, requestId: state.requestId, document, schemaOpen: settings.introspection });
          for (const { fault } of formatted) if (fault !== undefined) logFault(log, state.requestId, fault);
          body.singleResult.errors = formatted.map(({ error }) => error);
          state.codes = [...new Set(formatted.map(({ error }) => error.extensions.code))];
          const [first] = formatted;
          if (!first || body.singleResult.data !== undefined) return;
          http.status = first.ofDocument && state.responseType === RESPONSE_TYPES.json ? 200 : first.status;
          if (first.retryAfterSeconds !== undefined) http.headers.set('retry-after', String(first.retryAfterSeconds));
        },
      };
    },
  };
}

/** Root fields of a document that fits the schema, so that each is a name of ours; the caller's aliases and fragment names are not looked at. */
function rootFieldsOf(operation: OperationDefinitionNode, document: DocumentNode): string[] {
  const names = new Set<string>();
  const seen = new Set<string>();
  const collect = ({ selections }: OperationDefinitionNode['selectionSet']): void => {
    for (const selection of selections) {
      if (names.size >= MOST_LOGGED_FIELDS) return;
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = document.definitions.find((definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value);
        if (fragment && 'selectionSet' in fragment && fragment.selectionSet) collect(fragment.selectionSet);
      }
    }
  };
  collect(operation.selectionSet);
  return [...names];
}

/** The result, or UNAVAILABLE after so long; what still runs then is left to end by itself, and its result goes nowhere. */
async function inTime<Result>(running: Promise<Result>, milliseconds: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Refusal('UNAVAILABLE')), milliseconds);
  });
  try {
    return await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Apollo logs error texts, which may quote values; only the fact is kept. */
function mutedLogger(log: Logger): { debug(): void; info(): void; warn(): void; error(): void } {
  const note = (level: 'debug' | 'warn' | 'error') => () => log[level]('apollo');
  return { debug: () => undefined, info: () => undefined, warn: note('warn'), error: note('error') };
}
