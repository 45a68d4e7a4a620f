import type { IncomingHttpHeaders } from 'node:http';
import { authenticate, type AuthenticateDeps } from '../auth/authenticate.js';
import { newEvent } from '../evidence/events.js';
import type { EvidenceRecorder } from '../evidence/recorder.js';
import { badInput, Refusal } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request.js';
import { statePurpose } from '../policy/gate.js';
import type { PolicyInForce } from '../policy/store.js';
import { preferredLanguage } from './negotiation.js';

export interface ContextDeps extends AuthenticateDeps { policy: PolicyInForce; recorder: EvidenceRecorder }

/** A request with the policy under which it began: it ends under the same one, whatever takes over meanwhile. */
export interface BegunRequest extends RequestContext { readonly policy: PolicyInForce }

/**
 * Who asks, for what purpose and matter: what every later stage knows of the request. What a known agency is refused here is recorded like everything else.
 * @throws Refusal UNAUTHENTICATED, PURPOSE_NOT_ALLOWED, BAD_USER_INPUT
 */
export async function buildRequestContext(headers: IncomingHttpHeaders, requestId: string, deps: ContextDeps): Promise<BegunRequest> {
  const viewer = await authenticate(headers, deps);
  const context: BegunRequest = {
    policy: deps.policy, viewer, requestId, now: deps.now, purpose: null, matter: null, language: preferredLanguage(headers['accept-language']), idempotencyKey: headerText(headers, 'idempotency-key'),
  };
  try {
    return { ...context, purpose: statePurpose(deps.policy.policy, viewer, headerText(headers, 'guitu-purpose'), deps.now), matter: decodeMatter(headerText(headers, 'guitu-matter')) };
  } catch (error) {
    const outcome = error instanceof Refusal ? error.code : 'INTERNAL';
    await deps.recorder.record(newEvent(context, { kind: 'request', operations: [], document: null, policy: deps.policy.policy.hash, records: {}, outcome: [outcome] }));
    throw error;
  }
}

function headerText(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  return text ? text : null;
}

/** A header carries no Chinese, so a matter may come percent-encoded. */
function decodeMatter(matter: string | null): string | null {
  if (matter === null) return null;
  if (/[^\u0020-\u007e]/u.test(matter)) throw badInput('Guitu-Matter', '事项编号含中文时请用百分号编码', 'percent-encode a matter that is not plain ASCII');
  let text: string;
  try {
    text = decodeURIComponent(matter);
  } catch {
    throw badInput('Guitu-Matter', '事项编号的百分号编码有误', 'the matter is not valid percent-encoding');
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (text.length > 200 || /[\u0000-\u001f\u007f]/u.test(text)) throw badInput('Guitu-Matter', '事项编号至多 200 字，不能含控制字符', 'a matter has at most 200 characters and no control characters');
  return text;
}
