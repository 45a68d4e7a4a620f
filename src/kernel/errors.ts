/**
 * Every refusal of the hub, in the order in which refusals are checked, with its HTTP status where the whole
 * request is refused, the sentence a person reads (Chinese first), and how to mend it. `schema/errors.md` is printed from this table.
 */
export const ERRORS = {
  UNAUTHENTICATED: { status: 401, zh: '未能确认请求方身份', en: 'the caller could not be identified', mend: 'send `Authorization: Bearer …` with a valid token of your agency\'s issuer' },
  PURPOSE_REQUIRED: { status: 400, zh: '请说明本次请求的用途', en: 'this operation needs a purpose', mend: 'send the header `Guitu-Purpose`' },
  PURPOSE_NOT_ALLOWED: { status: 403, zh: '贵单位不能以此用途提出请求', en: 'your agency may not state this purpose', mend: 'ask `viewer { purposes }` which purposes your agency may state' },
  MATTER_REQUIRED: { status: 400, zh: '此用途须注明所办事项的编号', en: 'this purpose needs a matter', mend: 'send the header `Guitu-Matter` with the case, inquiry or document number' },
  FORBIDDEN: { status: 403, zh: '贵单位在此用途下不能使用该操作', en: 'this operation is not open to your agency for this purpose', mend: 'see `policyMatrix` for what is open to you' },
  RATE_LIMITED: { status: 429, zh: '请求过于频繁，请稍后再试', en: 'too many requests', mend: 'wait for the seconds in `Retry-After`' },
  TOO_COMPLEX: { status: 400, zh: '查询过大或过深', en: 'the query is too large or too deep', mend: 'ask for fewer records, fields or levels: at most 1,000 fields, 14 levels, 20 root fields, inside of each 30 records and 60 in all, brackets nested 100 deep' },
  BAD_USER_INPUT: { status: 400, zh: '输入有误', en: 'the input is not valid', mend: 'correct the input named in `extensions.field`' },
  FIELD_NOT_FILTERABLE: { status: 403, zh: '贵单位不能按此字段筛选或排序', en: 'you may not filter or order by this field', mend: 'filter by a field that you may read in full' },
  NOT_FOUND: { status: 404, zh: '没有这条记录', en: 'no such record', mend: 'check the id or number; a record that you may not see answers in the same way' },
  IDEMPOTENCY_MISMATCH: { status: 409, zh: '同一幂等键已用于另一请求', en: 'this idempotency key was used for another request', mend: 'use a new `Idempotency-Key` for a new request' },
  STALE_VERSION: { status: 409, zh: '记录已有变化，请重新读取后再提交', en: 'the record has changed since you read it', mend: 'read the record again and send its `version`' },
  TRANSITION_NOT_ALLOWED: { status: 409, zh: '当前状态下不能进行该步骤', en: 'this step is not open in the present state, or not to you', mend: 'see the state table of the ledger' },
  CONFLICT: { status: 409, zh: '与已有记录冲突', en: 'this conflicts with what is stored', mend: 'read what is stored and decide anew' },
  UNAVAILABLE: { status: 503, zh: '服务暂时不可用，未返回任何数据', en: 'the service is unavailable for now; no data was served', mend: 'try again after the seconds in `Retry-After`' },
  INTERNAL: { status: 500, zh: '内部错误', en: 'internal error', mend: 'report the request id to the operator' },
} as const satisfies Record<string, ErrorRow>;

interface ErrorRow { status: number; zh: string; en: string; mend: string }

export type ErrorCode = keyof typeof ERRORS;

/** What more may be said beside the code: the input at fault, and a sentence of the place that refused. Never data. */
export interface RefusalDetail {
  /** Path of the input at fault, such as `input.subject.idNumber`, or a header name. */
  field?: string;
  /** A more exact sentence, Chinese. */
  zh?: string;
  /** The same, English. */
  en?: string;
  /** Seconds after which a new try makes sense. */
  retryAfterSeconds?: number;
}

/** A refusal with one code of the table. Thrown anywhere, shown to the caller by `server/format-error` in the caller's language. */
export class Refusal extends Error {
  constructor(readonly code: ErrorCode, readonly detail: RefusalDetail = {}) {
    super(`${code}: ${detail.en ?? ERRORS[code].en}${detail.field ? ` (${detail.field})` : ''}`);
    this.name = 'Refusal';
  }

  /** The sentence for a person, in the language asked for. */
  sentence(language: Language): string {
    const exact = language === 'zh' ? this.detail.zh : this.detail.en;
    return exact ?? ERRORS[this.code][language];
  }
}

export type Language = 'zh' | 'en';

/** Shorthand for the commonest refusal: one input is at fault. */
export function badInput(field: string, zh: string, en: string): Refusal {
  return new Refusal('BAD_USER_INPUT', { field, zh, en });
}
