import { readConfig } from '../../src/config.js';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled, ApolloServerPluginSchemaReportingDisabled, ApolloServerPluginUsageReportingDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { fastify } from 'fastify';
import { Pool, types } from 'pg';
import type { ConnectionSettings } from '../../src/db/embedded.js';
import { clientConfig } from '../../src/db/pools.js';
import { parseKeyRing } from '../../src/kernel/key-ring.js';
import { buildPublishedSchema } from '../../src/ledgers/schema.js';
import { buildLog } from '../../src/server/request-log.js';
import { assembleHub, buildHubServer } from '../../src/server/start-hub.js';
import { TEST_KEYS } from '../support/test-keys.js';
import { WORLD_NOW, worldId } from '../support/world.js';
import { buildPeerSchema, grantedFields, peerContext, type PeerContext } from './peer-schema.js';
import { ASKER } from './question.js';

/** What a server process is told to be. `owner` and `hub` are two logins on one database; `policies` is for `hub`, and without it the shipped folder; `bareStatement` and its values are for `bare`. */
export interface ServerOrder { kind: 'hub' | 'peer' | 'bare'; owner: ConnectionSettings; hub: ConnectionSettings; policies?: string; bareStatement?: { text: string; values: (string | null)[] } }

const POOL_SIZE = 10;
const keyRing = parseKeyRing(JSON.stringify(TEST_KEYS));

/** The hub as `npm start` makes it, policy, row-level security and evidence included. */
async function serveHub({ hub, policies }: ServerOrder): Promise<string> {
  const config = readConfig({ PORT: '0', GUITU_NOW: WORLD_NOW.toISOString(), GUITU_READ_POOL: String(POOL_SIZE), GUITU_POLICIES: policies });
  const parts = await assembleHub(config, keyRing, hub);
  return (await buildHubServer(config, keyRing, parts, buildLog('silent'))).listen();
}

/** Connections of the tables' owner, whom row-level security does not bind. Dates and instants stay text, which spares parsing and printing them. */
function openOwnerPool(owner: ConnectionSettings, settings: Record<string, string> = {}): Pool {
  const asText = [types.builtins.DATE, types.builtins.TIMESTAMPTZ];
  const getTypeParser = (oid: number, format?: 'text' | 'binary'): ((text: string) => unknown) => (asText.includes(oid) ? String : types.getTypeParser(oid, format as 'text'));
  return new Pool({ ...clientConfig(owner, { search_path: 'guitu', timezone: 'Asia/Shanghai', ...settings }), max: POOL_SIZE, types: { getTypeParser } });
}

/** The peer on the same Apollo, fastify and pg, as the owner of the tables, so that row-level security costs it nothing. */
async function servePeer({ owner }: ServerOrder): Promise<string> {
  const pool = openOwnerPool(owner);
  const schema = buildPeerSchema(buildPublishedSchema());
  const granted = grantedFields(schema);
  const agencyId = worldId('agency', ASKER.agency);
  const apollo = new ApolloServer<PeerContext>({
    schema, nodeEnv: 'production', introspection: false, csrfPrevention: true, persistedQueries: false, includeStacktraceInErrorResponses: false,
    plugins: [ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled(), ApolloServerPluginUsageReportingDisabled(), ApolloServerPluginSchemaReportingDisabled()],
  });
  await apollo.start();
  const server = fastify({ logger: false });
  server.post('/graphql', fastifyApolloHandler(apollo, { context: async () => peerContext(pool, keyRing, agencyId, granted) }));
  return server.listen({ port: 0, host: '127.0.0.1' });
}

/** `pg` and `node:http` with the hub's own statement and nothing around it: what no hub on this machine can pass. */
async function serveBare({ owner, bareStatement }: ServerOrder): Promise<string> {
  const pool = openOwnerPool(owner, { plan_cache_mode: 'force_generic_plan' });
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      void pool.query<{ json: string }>({ name: 'bare', text: bareStatement?.text ?? '', values: bareStatement?.values ?? [] }).then(({ rows }) => response.setHeader('content-type', 'application/json').end(`{"data":{"returnCases":${rows[0]?.json ?? 'null'}}}`), (error: unknown) => response.writeHead(500).end(String(error)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

process.once('message', (order: ServerOrder) => {
  const serve = { hub: serveHub, peer: servePeer, bare: serveBare }[order.kind];
  serve(order).then((url) => process.send?.({ url }), (error: unknown) => process.send?.({ error: String(error instanceof Error ? error.stack : error) }));
});
process.once('disconnect', () => process.exit(0));
