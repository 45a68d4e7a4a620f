import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Language } from '../kernel/errors.js';
import type { RequestContext } from '../kernel/request.js';
import { preferredLanguage, responseType, type ResponseType } from './negotiation.js';

/** What the server notes of one HTTP request while it runs, for the answer and for its line in the log. Nothing in it is data of a record. */
export interface RequestState {
  readonly requestId: string;
  readonly language: Language;
  /** Undefined: the caller accepts none of the media types. */
  readonly responseType: ResponseType | undefined;
  readonly startedAtMs: number;
  /** When the whole request had come in; until then, when it began to. */
  askedAtMs: number;
  /** Size of the body, once read. */
  bodyBytes: number;
  /** Once the caller is known. */
  context: RequestContext | undefined;
  /** Once the document is known to fit the schema: its kind and the root fields it asks for, none of which is the caller's own word. */
  operation: { type: string; fields: readonly string[] } | undefined;
  /** Codes of the errors in the answer. */
  codes: readonly string[];
  /** Whether Apollo's pipeline wrote the answer with our errors; otherwise it stopped before and knew neither language nor request. */
  answered: boolean;
}

/** The state of a request that has just come in. Its id is made here and never taken from the caller: evidence is found by it. */
export function startRequest(headers: IncomingHttpHeaders, requestId: string = randomUUID()): RequestState {
  return {
    requestId, language: preferredLanguage(headers['accept-language']), responseType: responseType(headers.accept), startedAtMs: performance.now(), askedAtMs: performance.now(),
    bodyBytes: 0, context: undefined, operation: undefined, codes: [], answered: false,
  };
}
