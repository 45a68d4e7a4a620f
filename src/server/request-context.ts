import type { IncomingHttpHeaders } from 'node:http';
import { authenticate, type AuthenticateDeps } from '../auth/authenticate.js';
import { badInput } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request.js';
import { statePurpose } from '../policy/gate.js';
import type { PolicyInForce } from '../policy/store.js';
import { preferredLanguage } from './negotiation.js';

/** Who asks, for what purpose and matter: what every later stage knows of the request. @throws Refusal UNAUTHENTICATED, PURPOSE_NOT_ALLOWED, BAD_USER_INPUT */
export async function buildRequestContext(headers: IncomingHttpHeaders, requestId: string, deps: AuthenticateDeps & { policy: PolicyInForce }): Promise<RequestContext> {
  const viewer = await authenticate(headers, deps);
  return {
    viewer, requestId, now: deps.now,
    purpose: statePurpose(deps.policy.policy, viewer, headerText(headers, 'guitu-purpose')),
    matter: decodeMatter(headerText(headers, 'guitu-matter')),
    language: preferredLanguage(headers['accept-language']),
    idempotencyKey: headerText(headers, 'idempotency-key'),
  };
}

function headerText(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  return text ? text : null;
}

/** A header carries no Chinese, so a matter may come percent-encoded. */
function decodeMatter(matter: string | null): string | null {
  if (matter === null) return null;
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
