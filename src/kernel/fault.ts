/**
 * What is wrong with a text that somebody gave: a word for programs and a sentence for people. Returned, not thrown: a sheet of a
 * thousand rows collects them; a single request turns one into a refusal with `badInput`. The sentences never repeat the text.
 */
export interface Fault<Word extends string> { fault: Word; zh: string; en: string }

/** Tells a fault from what was parsed. */
export function isFault<Parsed>(value: Parsed): value is Extract<Parsed, Fault<string>> {
  return typeof value === 'object' && value !== null && 'fault' in value;
}
