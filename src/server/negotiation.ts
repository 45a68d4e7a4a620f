import type { Language } from '../kernel/errors.js';

/** Media types of a GraphQL response (GraphQL over HTTP §4.1). */
export const RESPONSE_TYPES = { json: 'application/json; charset=utf-8', graphql: 'application/graphql-response+json; charset=utf-8' } as const;
export type ResponseType = (typeof RESPONSE_TYPES)[keyof typeof RESPONSE_TYPES];

/** English where the caller prefers it to Chinese, else Chinese (RFC 9110 §12.5.4, quality values respected). */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  const ranges = parseRanges(acceptLanguage);
  const quality = (language: Language): number => ranges.find(({ range }) => range.split('-')[0] === language)?.quality ?? ranges.find(({ range }) => range === '*')?.quality ?? 0;
  return quality('en') > quality('zh') ? 'en' : 'zh';
}

/**
 * Which of the two media types answers an `Accept` header: the most preferred, of equals the more exactly named, then the one named first;
 * `application/json` for none or a wildcard. Undefined if neither is acceptable.
 */
export function responseType(accept: string | undefined): ResponseType | undefined {
  if (accept === undefined || accept.trim() === '') return RESPONSE_TYPES.json;
  const ranges = parseRanges(accept);
  const offers = [RESPONSE_TYPES.json, RESPONSE_TYPES.graphql].map((type) => {
    const name = type.split(';')[0] ?? '';
    const levels = [name, 'application/*', '*/*'];
    const match = levels.map((level) => ranges.find(({ range }) => range === level)).find((found) => found !== undefined);
    return { type, quality: match?.quality ?? 0, exactness: levels.length - levels.indexOf(match?.range ?? ''), place: match?.place ?? 0 };
  });
  return offers.filter((offer) => offer.quality > 0).toSorted((one, other) => other.quality - one.quality || other.exactness - one.exactness || one.place - other.place)[0]?.type;
}

/** The items of a header with quality values, the most preferred first, equals as written; an item with a malformed quality is left out. */
function parseRanges(header = ''): { range: string; quality: number; place: number }[] {
  return header.slice(0, 1000).split(',').flatMap((item, place) => {
    const [range = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    const written = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    return range && /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(written) ? [{ range, quality: Number(written), place }] : [];
  }).toSorted((one, other) => other.quality - one.quality || one.place - other.place);
}
