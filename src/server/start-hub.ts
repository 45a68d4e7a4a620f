import type { Logger } from 'pino';
import { DEMO_ISSUER, getDemoIssuer } from '../auth/tokens.js';
import type { Config } from '../config.js';
import { openPools, type Connection, type Pools } from '../db/pools.js';
import { assertLeastPrivilege } from '../db/roles.js';
import { EvidenceRecorder } from '../evidence/recorder.js';
import type { KeyRing } from '../kernel/key-ring.js';
import { Directory } from '../ledgers/agencies/agencies.directory.js';
import { buildPublishedSchema } from '../ledgers/schema.js';
import type { LedgerServices } from '../ledgers/workbench.js';
import type { PolicyInForce } from '../policy/store.js';
import { admitPolicy } from './admit-policy.js';
import { buildHttp, type HttpServer } from './http.js';
import { Hub, stringifyAnswer } from './hub.js';
import { readPolicyFiles } from './policy-files.js';
import { PolicyStore } from './policy-store.js';
import { buildRequestContext } from './request-context.js';

/** Everything of a hub but its door: what the server and the operator's commands share. */
export interface HubParts {
  pools: Pools; services: LedgerServices; recorder: EvidenceRecorder; schema: ReturnType<typeof buildPublishedSchema>; now: () => Date;
  /** Where another version of the policy is offered. */
  policies: PolicyStore;
  /** The policy in force at this moment. Whoever takes several steps reads it once. */
  readonly policy: PolicyInForce;
  /** As `HttpDeps` has it. */
  newRequestId?: () => string;
  /** As `HttpDeps` has it. */
  answerFloorMs?: { read: number; write: number };
}

/**
 * Reads the policy, opens the pools and checks what the database login may do.
 * @throws PolicyRefused where the policy has a fault; Error where the login may do too much, or the database is not as this version needs it
 */
export async function assembleHub(config: Config, keyRing: KeyRing, connection: Connection, log?: Logger): Promise<HubParts> {
  const schema = buildPublishedSchema();
  const first = admitPolicy(await readPolicyFiles(config.policiesDirectory), schema);
  const pools = openPools(connection, { reader: config.readPoolSize, writer: config.writePoolSize, evidence: config.evidencePoolSize, onError: (role, error) => log?.warn({ role, error: error.name }, 'database connection lost') });
  try {
    await assertLeastPrivilege(pools.reader);
  } catch (error) {
    await pools.end();
    throw error;
  }
  const directory = new Directory(pools.reader);
  await directory.refresh();
  const services: LedgerServices = { writer: pools.writer, keyRing, directory, acceptSynthetic: config.mode === 'demo' };
  const recorder = new EvidenceRecorder(pools.evidence);
  const now = (): Date => config.pinnedNow ?? new Date();
  const policies = new PolicyStore(first, { read: (sources) => admitPolicy(sources, schema), recorder, now, log });
  return { pools, services, recorder, schema, now, policies, get policy() { return policies.current; } };
}

/** A hub with its HTTP door, not yet listening. */
export async function buildHubServer(config: Config, keyRing: KeyRing, parts: HubParts, log: Logger, onStatement?: (text: string) => void): Promise<HttpServer> {
  const { pools, services, recorder, policies, schema, newRequestId, answerFloorMs } = parts;
  const hub = new Hub({ schema, reader: pools.reader, services, recorder, policy: () => parts.policy, ...(onStatement && { onStatement }) });
  const demoIssuer = config.mode === 'demo' ? getDemoIssuer(keyRing) : undefined;
  const issuers = new Map<string, { text: string; jwks: NonNullable<typeof demoIssuer>['jwks'] }>();
  const findIssuer = async (iss: string): Promise<typeof demoIssuer> => {
    if (iss === DEMO_ISSUER) return demoIssuer;
    const found = await services.directory.findIssuer(iss);
    if (!found) return undefined;
    // The same object for the same keys: imported keys are remembered by it.
    const text = JSON.stringify(found.jwks);
    const known = issuers.get(iss);
    const jwks = known?.text === text ? known.jwks : (found.jwks as NonNullable<typeof demoIssuer>['jwks']);
    issuers.set(iss, { text, jwks });
    return { iss, agencyCode: found.agencyCode, jwks };
  };
  return buildHttp({
    config, schema, log, stringify: stringifyAnswer, newRequestId, answerFloorMs,
    execute: (request) => hub.execute(request),
    context: (headers, requestId) => buildRequestContext(headers, requestId, { findIssuer, getViewerAgency: (code) => services.directory.findAgency(code), now: parts.now(), mode: config.mode, policy: parts.policy, recorder }),
    readiness: async () => {
      const checks = { database: await answers(pools, 'reader'), writer: await answers(pools, 'writer'), evidence: await answers(pools, 'evidence') };
      // A version that was refused leaves a good one in force: the hub serves on, and says so.
      return { ok: Object.values(checks).every((check) => check === 'ok'), checks: { ...checks, policy: policies.word } };
    },
  });
}

async function answers(pools: Pools, role: 'reader' | 'writer' | 'evidence'): Promise<string> {
  try {
    await pools[role].query('SELECT 1');
    return 'ok';
  } catch {
    return 'does not answer';
  }
}
