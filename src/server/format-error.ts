import { GraphQLError, type DocumentNode, type GraphQLFormattedError } from 'graphql';
import { ERRORS, Refusal, type ErrorCode, type Language } from '../kernel/errors.js';
import { PROTOCOL_ERRORS, type ProtocolCode } from '../kernel/protocol-errors.js';
import { findLiteralPath, findValidationSentence, findVariableFault } from './graphql-faults.js';

/** What the answer to one request may say beside the error itself. */
export interface Asked {
  language: Language;
  requestId: string;
  /** The parsed document, to name the argument whose literal is at fault. */
  document?: DocumentNode | undefined;
  /** Whether the schema may be learnt from errors. If not, every document that does not fit gets one and the same error (security.md §1). */
  schemaOpen: boolean;
}

/** An error as the caller reads it, with what the server needs to answer: status if there is no data, and the fault to log if it is ours. */
export interface Formatted {
  error: GraphQLFormattedError & { extensions: { code: string; field?: string; requestId: string } };
  status: number;
  retryAfterSeconds: number | undefined;
  /** Present for INTERNAL only; never shown. */
  fault: unknown;
  /** The document or its variables are at fault: 200 under `application/json` (GraphQL over HTTP §6.4.1). */
  ofDocument: boolean;
}

/** How graphql-js 16.15 ends a document with too many tokens (`language/parser`), or with too many fields to compare for merging (`validation/validate`). */
const TOO_COMPLEX_MESSAGE = /^Syntax Error: Document contains more \w+ \d+ tokens\.|^Validation aborted\.$/;

const RETRY_AFTER_SECONDS: Partial<Record<ErrorCode, number>> = { RATE_LIMITED: 60, UNAVAILABLE: 2 };

/**
 * The one place where errors become text for a caller, by white list: a `Refusal` says its sentence, faults of a document or of variables
 * are said in words without values, and everything else is INTERNAL with no text from inside.
 */
export function formatError(error: unknown, asked: Asked): Formatted {
  const refusal = findRefusal(error);
  const variable = error instanceof GraphQLError ? findVariableFault(error) : undefined;
  if (refusal) {
    // A scalar may refuse a value in exact words; only graphql-js knows which variable or literal it was.
    const place = variable?.field ?? (error instanceof GraphQLError ? findLiteralPath(asked.document, error) : undefined);
    const exact = place !== undefined && !refusal.detail.field ? new Refusal(refusal.code, { ...refusal.detail, field: place }) : refusal;
    return { ...ofRefusal(exact, error, asked), ofDocument: place !== undefined };
  }
  if (!(error instanceof GraphQLError)) return internal(error, asked);
  if (variable) return { ...ofRefusal(new Refusal('BAD_USER_INPUT', variable), error, asked), ofDocument: true };
  const code = error.extensions.code;
  if (error.extensions.validationErrorCode === 'MAX_RECURSIVE_SELECTIONS_EXCEEDED' || TOO_COMPLEX_MESSAGE.test(error.message)) {
    return { ...ofRefusal(new Refusal('TOO_COMPLEX'), error, asked), ofDocument: true };
  }
  if (code === 'BAD_REQUEST') return formatHttpFault(400, asked);
  if (code === 'GRAPHQL_VALIDATION_FAILED') return ofValidation(error, asked);
  if (typeof code === 'string' && Object.hasOwn(PROTOCOL_ERRORS, code)) return ofProtocol(code as ProtocolCode, undefined, undefined, error, asked);
  if (error.message.startsWith('Too many errors processing variables')) return { ...ofRefusal(new Refusal('BAD_USER_INPUT'), error, asked), ofDocument: true };
  const argument = /^Argument "([_A-Za-z]\w*)" (?:of (?:required|non-null) type|has invalid value) /.exec(error.message)?.[1];
  if (argument !== undefined && (!error.originalError || error.originalError instanceof GraphQLError)) return ofRefusal(new Refusal('BAD_USER_INPUT', { field: argument }), error, asked);
  return internal(error, asked);
}

/** The errors of one answer. Where the schema is hidden, faults of validation are one error, however many there are. */
export function formatErrors(errors: readonly unknown[], asked: Asked): Formatted[] {
  const formatted = errors.map((error) => formatError(error, asked));
  const closed = asked.schemaOpen ? undefined : formatted.find(({ error }) => error.extensions.code === 'GRAPHQL_VALIDATION_FAILED');
  return closed ? [closed] : formatted;
}

/** A refusal of the HTTP request itself, before there is a document: malformed JSON, a wrong media type, too large a body. */
export function formatHttpFault(status: number, asked: Pick<Asked, 'language' | 'requestId'>): Formatted {
  const sentence = HTTP_FAULTS[status] ?? HTTP_FAULTS[400];
  return { ...ofRefusal(new Refusal(status === 404 ? 'NOT_FOUND' : 'BAD_USER_INPUT', sentence), undefined, { ...asked, schemaOpen: false }), status };
}

const HTTP_FAULTS: Record<number, { zh: string; en: string }> = {
  400: { zh: '请求不是有效的 GraphQL 请求：需要 JSON 对象，其中 query 为文本，variables、extensions 为对象', en: 'this is no GraphQL request: a JSON object with `query` as text, `variables` and `extensions` as objects' },
  404: { zh: '没有这个地址', en: 'no such address' },
  405: { zh: '请使用 POST', en: 'use POST' },
  406: { zh: '只能以 application/graphql-response+json 或 application/json 应答', en: 'the answer is application/graphql-response+json or application/json' },
  408: { zh: '请求未在时限内发送完毕', en: 'the request was not sent in time' },
  413: { zh: '请求体过大', en: 'the body is too large' },
  415: { zh: '请求体须为 application/json（UTF-8）', en: 'the body must be application/json in UTF-8' },
  431: { zh: '请求头过大', en: 'the headers are too large' },
};

/** The refusal behind an error, through the layers that graphql-js, shield and Apollo wrap around it. */
export function findRefusal(error: unknown): Refusal | undefined {
  for (let cause: unknown = error, depth = 0; cause && depth < 8; depth += 1) {
    if (cause instanceof Refusal) return cause;
    cause = cause instanceof GraphQLError ? cause.originalError : undefined;
  }
  return undefined;
}

function ofRefusal(refusal: Refusal, error: unknown, asked: Asked): Formatted {
  const { code, detail } = refusal;
  return {
    error: { message: refusal.sentence(asked.language), ...placeOf(error), extensions: { code, ...(detail.field === undefined ? {} : { field: detail.field }), requestId: asked.requestId } },
    status: ERRORS[code].status, retryAfterSeconds: detail.retryAfterSeconds ?? RETRY_AFTER_SECONDS[code], fault: code === 'INTERNAL' ? error ?? refusal : undefined, ofDocument: false,
  };
}

function ofValidation(error: GraphQLError, asked: Asked): Formatted {
  if (!asked.schemaOpen) return ofProtocol('GRAPHQL_VALIDATION_FAILED', undefined, undefined, undefined, asked);
  const sentence = findValidationSentence(error.message, asked.language);
  return ofProtocol('GRAPHQL_VALIDATION_FAILED', sentence, findLiteralPath(asked.document, error), error, asked);
}

function ofProtocol(code: ProtocolCode, sentence: string | undefined, field: string | undefined, error: unknown, asked: Asked): Formatted {
  const { status, [asked.language]: general } = PROTOCOL_ERRORS[code];
  return {
    error: { message: sentence ? `${general}${asked.language === 'zh' ? '：' : ': '}${sentence}` : general, ...placeOf(error), extensions: { code, ...(field === undefined ? {} : { field }), requestId: asked.requestId } },
    status, retryAfterSeconds: undefined, fault: undefined, ofDocument: true,
  };
}

function internal(error: unknown, asked: Asked): Formatted {
  return { ...ofRefusal(new Refusal('INTERNAL'), error, asked), fault: error };
}

/** Where in the document and in the answer; both are the caller's own words and places, not values. */
function placeOf(error: unknown): Pick<GraphQLFormattedError, 'locations' | 'path'> {
  if (!(error instanceof GraphQLError)) return {};
  return { ...(error.locations && { locations: error.locations }), ...(error.path && { path: error.path }) };
}
