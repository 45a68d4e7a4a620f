import type { Language } from './errors.js';
import type { Asking } from './viewer.js';

/** What every stage of one request knows of it. Made by the server, or by a command of the operator; never changed afterwards. */
export interface RequestContext extends Asking {
  /** Random id of the request: in the log, the evidence and `X-Request-Id`. */
  requestId: string;
  language: Language;
  /** Header `Idempotency-Key`; required on mutations. */
  idempotencyKey: string | null;
}
