import type { Logger } from 'pino';
import { issueDemoToken } from '../../src/auth/tokens.js';
import { readConfig } from '../../src/config.js';
import { parseKeyRing } from '../../src/kernel/key-ring.js';
import type { RequestContext } from '../../src/kernel/request.js';
import { buildLog } from '../../src/server/request-log.js';
import { assembleHub, buildHubServer, type HubParts } from '../../src/server/start-hub.js';
import { TEST_KEYS } from '../support/test-keys.js';
import { WORLD_NOW, world } from '../support/world.js';
import { PinnedRandom } from './pinned-random.js';
import { RawConnection } from './raw-connection.js';
import type { TwinAttack, TwinRequest } from './twin-attacks.js';
import { TwinDatabase } from './twin-database.js';

/** A leak that a test puts into a hub: parts of it, replaced. */
export type Leak = (parts: HubParts) => HubParts;

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
/** The one thing of an answer that node writes from the real clock. */
const DATE_LINE = /^date: .*$/imu;
const PLACEHOLDER = /^«(\w+)»$/u;

/** A hub as `npm start` makes it, on a twin of its own, with clock, request ids and nonces pinned. */
export class TwinHub {
  readonly #tokens = new Map<string, string>();

  private constructor(readonly twin: TwinDatabase, readonly parts: HubParts, private readonly random: PinnedRandom, private readonly connection: RawConnection, private readonly end: () => Promise<void>) {}

  static async start({ leak = (parts) => parts, prepare, log = buildLog('silent') }: { leak?: Leak | undefined; prepare?: (twin: TwinDatabase) => Promise<void>; log?: Logger } = {}): Promise<TwinHub> {
    const twin = await TwinDatabase.create(prepare);
    const random = new PinnedRandom();
    const keyRing = parseKeyRing(JSON.stringify(TEST_KEYS), random.bytes);
    // One reading connection: reads of one request then end in the order in which they began, and draw nonces in it.
    const config = readConfig({ PORT: '0', GUITU_NOW: world.now, GUITU_READ_POOL: '1' });
    const parts = leak({ ...(await assembleHub(config, keyRing, twin.database.hub, log)), newRequestId: random.uuid, answerFloorMs: { read: 0, write: 0 } });
    const server = await buildHubServer(config, keyRing, parts, log);
    const connection = new RawConnection(await server.listen());
    return new TwinHub(twin, parts, random, connection, async () => {
      connection.close();
      await server.stop();
      await parts.pools.end();
      await twin.drop();
    });
  }

  /** Every answer to an attack's requests, byte for byte but for the value of `date`. */
  async ask(context: RequestContext, attack: TwinAttack): Promise<string> {
    const answers: string[] = [];
    this.random.restart(attack.name);
    for (const request of attack.requests) answers.push(await this.#send(context, request, answers.at(-1) ?? ''));
    return answers.join('\n');
  }

  async #send(context: RequestContext, request: TwinRequest, before: string): Promise<string> {
    const { path = '/graphql', query, variables, key, headers, body } = request;
    const filled = variables && Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, fillIn(value, before)]));
    const { purpose, matter } = context;
    const head = {
      authorization: `Bearer ${await this.#tokenOf(context)}`, ...(purpose && { 'guitu-purpose': purpose }), ...(matter && { 'guitu-matter': encodeURIComponent(matter) }),
      ...(key && { 'idempotency-key': key }), ...JSON_HEADERS, ...headers,
    };
    const text = path === '/graphql' ? (body ?? JSON.stringify({ query, ...(filled && { variables: filled }) })) : null;
    return (await this.connection.ask(path, head, text)).replace(DATE_LINE, 'date: pinned');
  }

  async #tokenOf({ viewer }: RequestContext): Promise<string> {
    const name = `${viewer.agencyCode} ${viewer.roles.join(' ')}`;
    const token = this.#tokens.get(name) ?? (await issueDemoToken(this.parts.services.keyRing, { agency: viewer.agencyCode, roles: viewer.roles, now: WORLD_NOW }));
    this.#tokens.set(name, token);
    return token;
  }

  async stop(): Promise<void> {
    await this.end();
  }
}

/** A cursor of the answer before, or what stands there. */
function fillIn(value: unknown, before: string): unknown {
  const name = typeof value === 'string' ? PLACEHOLDER.exec(value)?.[1] : undefined;
  return name === undefined ? value : (new RegExp(`"${name}":"([^"]*)"`, 'u').exec(before)?.[1] ?? 'none');
}
