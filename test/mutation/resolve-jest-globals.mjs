/** A resolution hook: `@jest/globals` is the collector beside this file. */
const COLLECTOR = new URL('jest-globals.mjs', import.meta.url).href;

export const resolve = (specifier, context, next) => (specifier === '@jest/globals' ? { url: COLLECTOR, shortCircuit: true } : next(specifier, context));
