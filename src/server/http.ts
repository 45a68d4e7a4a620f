import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import helmet from '@fastify/helmet';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Refusal } from '../kernel/errors.js';
import type { Mode } from '../kernel/mode.js';
import type { RequestContext } from '../kernel/request.js';
import { ANSWER_FLOOR_MS, holdUntil } from './answer-floor.js';
import { buildApollo, type Carried, type GraphqlDeps, type GraphqlSettings } from './apollo.js';
import { addExplorer } from './explorer.js';
import { findRefusal, formatError, formatHttpFault, type Formatted } from './format-error.js';
import { refuseTooNested } from './limits.js';
import { RESPONSE_TYPES } from './negotiation.js';
import { logFault, logRequest } from './request-log.js';
import { startRequest, type RequestState } from './request-state.js';

/** What the server takes from the configuration. */
export interface HttpSettings extends GraphqlSettings { host: string; port: number; mode: Mode }

export interface HttpDeps extends GraphqlDeps {
  config: HttpSettings;
  /** Who asks, and for what; called before a byte of the body is read. Throws a Refusal. */
  context(headers: IncomingHttpHeaders, requestId: string): Promise<RequestContext>;
  /** `ok` for each check that passes, else a word saying what is wrong; the words are public, so nothing of the inside. */
  readiness(): Promise<{ ok: boolean; checks: Record<string, string> }>;
  /** Default: random UUIDs. Another source only where answers are compared byte for byte. */
  newRequestId?: (() => string) | undefined;
  /** Default: `ANSWER_FLOOR_MS`. Tests that ask thousands of times and do not measure take 0. */
  answerFloorMs?: { read: number; write: number } | undefined;
}

export interface HttpServer {
  /** Starts to listen. @returns the address, `http://127.0.0.1:4000`, with the real port where 0 was asked for */
  listen(): Promise<string>;
  /** Takes no more connections, lets running requests end for up to 10 s, then closes. May be called more than once. */
  stop(): Promise<void>;
}

declare module 'fastify' {
  interface FastifyRequest { state: RequestState }
}

/** 1,000 households with their members take well under 2 MB of JSON. */
const LONGEST_BODY_BYTES = 2 * 1_048_576;
const STOP_WITHIN_MS = 10_000;

/**
 * The HTTP face of the hub: `POST /graphql` (GraphQL over HTTP), `/healthz`, `/readyz`, and in a demo the explorer at `/`.
 * Order of one request: id and language → caller → body → Apollo (parse, validate) → `execute` → errors written → one line in the log.
 */
export async function buildHttp(deps: HttpDeps): Promise<HttpServer> {
  const apollo = buildApollo(deps, deps.config);
  await apollo.start();
  const server = buildFastify();
  const silent = trackSilentSockets(server);
  let stopping: Promise<void> | undefined;
  await addEveryRequest(server, deps, () => stopping !== undefined);
  addJsonBody(server);
  addGraphql(server, deps, fastifyApolloHandler<Carried>(apollo, { context: async ({ state }) => ({ state, context: getContext(state) }) }));
  addHealth(server, deps, () => stopping !== undefined);
  if (deps.config.mode === 'demo') addExplorer(server);
  return {
    async listen() {
      const { host, port } = deps.config;
      await server.listen({ host, port });
      const { port: realPort } = server.server.address() as AddressInfo;
      return `http://${host.includes(':') ? `[${host}]` : host}:${realPort}`;
    },
    stop() {
      stopping ??= stopWithin(server, silent, STOP_WITHIN_MS).then(() => apollo.stop());
      return stopping;
    },
  };
}

function buildFastify(): FastifyInstance {
  return fastify({
    logger: false,
    bodyLimit: LONGEST_BODY_BYTES,
    // A client that sends or reads too slowly holds a socket, not a worker; these bound how long.
    requestTimeout: 30_000, connectionTimeout: 75_000, keepAliveTimeout: 65_000,
    http: { maxHeaderSize: 16_384, headersTimeout: 15_000 },
    forceCloseConnections: 'idle', return503OnClosing: false, exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 100 },
    // An address that cannot be decoded would be answered by the router itself, past our hooks and with the address in the answer.
    rewriteUrl: ({ url = '/' }) => (canDecode(url) ? url : '/undecodable'),
    clientErrorHandler(error, socket) {
      if (!socket.writable || error.code === 'ECONNRESET') return socket.destroy();
      const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
      const { requestId, language } = startRequest({});
      const body = JSON.stringify({ errors: [formatHttpFault(status, { language, requestId }).error] });
      socket.end(`HTTP/1.1 ${status} Refused\r\nX-Request-Id: ${requestId}\r\nContent-Type: ${RESPONSE_TYPES.json}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
      return undefined;
    },
  });
}

/** What holds for every path: id, security headers, one line in the log, and refusals in the one form. */
async function addEveryRequest(server: FastifyInstance, deps: HttpDeps, isStopping: () => boolean): Promise<void> {
  server.decorateRequest('state');
  server.addHook('onRequest', async (request, reply) => {
    request.state = startRequest(request.headers, deps.newRequestId?.());
    reply.header('x-request-id', request.state.requestId).header('cache-control', 'no-store');
  });
  server.addHook('onSend', async (_, reply) => {
    if (isStopping()) reply.header('connection', 'close');
  });
  await server.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    strictTransportSecurity: deps.config.mode === 'production',
    xFrameOptions: { action: 'deny' },
  });
  server.addHook('onResponse', async (request, reply) => {
    logRequest(deps.log, request.state, { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode });
  });
  server.setNotFoundHandler((request, reply) => refuse(deps, request, reply, formatHttpFault(404, request.state)));
  server.setErrorHandler((error: unknown, request, reply) => {
    const status = typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
    const ours = findRefusal(error) !== undefined || status < 400 || status >= 500;
    return refuse(deps, request, reply, ours ? formatError(error, { ...request.state, schemaOpen: false }) : formatHttpFault(status, request.state));
  });
}

/** JSON in UTF-8 and nothing else, so that no form or plain text of another site reaches us (security.md A18); `__proto__` is refused (A28). */
function addJsonBody(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
    if (!/^utf-?8$/i.test(charset)) return done(Object.assign(new Error('charset'), { statusCode: 415 }));
    request.state.bodyBytes = Buffer.byteLength(body);
    return parseJson(request, body, done);
  });
}

function addGraphql(server: FastifyInstance, deps: HttpDeps, handle: (request: FastifyRequest, reply: FastifyReply) => unknown): void {
  server.route({
    method: 'POST', url: '/graphql',
    onRequest: async (request, reply) => {
      // @as-integrations/fastify builds a URL from the Host header and would make a fault of ours out of a malformed one.
      if (!URL.canParse(`http://${request.hostname}/`)) return refuse(deps, request, reply, formatHttpFault(400, request.state));
      request.state.context = await deps.context(request.headers, request.state.requestId);
      return undefined;
    },
    preValidation: async ({ state }) => {
      state.askedAtMs = performance.now();
    },
    onSend: async ({ state }, _, payload) => {
      const { read, write } = deps.answerFloorMs ?? ANSWER_FLOOR_MS;
      await holdUntil(state.askedAtMs + (state.operation?.type === 'mutation' ? write : read));
      // A string is measured for the header and encoded for the socket: 1.2 ms for an answer of 200 KiB, instead of 0.8.
      return typeof payload === 'string' ? Buffer.from(payload) : payload;
    },
    preHandler: async (request, reply) => {
      // Before execution: a mutation must not take effect and then find that nobody accepts its answer.
      if (request.state.responseType === undefined) return refuse(deps, request, reply, formatHttpFault(406, request.state));
      refuseTooNested(request.body);
      return undefined;
    },
    handler: async (request, reply) => {
      const text: unknown = await handle.call(server, request, reply);
      if (request.state.answered) return text;
      const { statusCode } = reply;
      if (statusCode >= 500) return refuse(deps, request, reply, formatError(new Error('apollo'), { ...request.state, schemaOpen: false }));
      return refuse(deps, request, reply, formatHttpFault(statusCode, request.state));
    },
  });
  server.route({ method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], url: '/graphql', handler: (request, reply) => refuse(deps, request, reply.header('allow', 'POST'), formatHttpFault(405, request.state)) });
}

function addHealth(server: FastifyInstance, deps: HttpDeps, isStopping: () => boolean): void {
  server.get('/healthz', () => ({ ok: true }));
  server.get('/readyz', async (_, reply) => {
    const { ok, checks } = isStopping() ? { ok: false, checks: { server: 'stopping' } } : await deps.readiness();
    return reply.code(ok ? 200 : 503).send({ ok, checks });
  });
}

/** Answers with one refusal in the form every GraphQL error has. */
function refuse(deps: HttpDeps, { state }: FastifyRequest, reply: FastifyReply, { error, status, retryAfterSeconds, fault }: Formatted): FastifyReply {
  if (fault !== undefined) logFault(deps.log, state.requestId, fault);
  state.codes = [error.extensions.code];
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  return reply.code(status).header('content-type', state.responseType ?? RESPONSE_TYPES.json).send(deps.stringify({ errors: [error] }));
}

function getContext({ context }: RequestState): RequestContext {
  if (!context) throw new Refusal('UNAUTHENTICATED');
  return context;
}

function canDecode(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** Sockets on which nothing was asked yet. Node counts them as busy when it closes idle ones, so one browser's spare socket would hold up a stop. */
function trackSilentSockets(server: FastifyInstance): ReadonlySet<Socket> {
  const silent = new Set<Socket>();
  server.server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.server.on('request', ({ socket }) => silent.delete(socket));
  return silent;
}

async function stopWithin(server: FastifyInstance, silent: ReadonlySet<Socket>, milliseconds: number): Promise<void> {
  const timer = setTimeout(() => server.server.closeAllConnections(), milliseconds);
  for (const socket of silent) socket.destroy();
  try {
    await server.close();
  } finally {
    clearTimeout(timer);
  }
}
