/** A change of one compiled file, or of a policy file: `find` occurs in it exactly once. */
export interface Edit { file: string; find: string; replace: string }

/** Tests that must fail: a compiled test file, and a pattern of test names where a few of the file are enough. */
export interface Catcher { file: string; named?: string }

/** A small, realistic slip by which something would leave the hub that its policy does not give, in plain words, and who must notice. */
export interface Leak { name: string; edits: readonly Edit[]; caughtBy: readonly Catcher[] }

/** In compiled code below `src`. */
export const inSource = (file: string, find: string, replace: string): Edit => ({ file: `dist/src/${file}.js`, find, replace });
export const inMigration = (file: string, find: string, replace: string): Edit => ({ file: `dist/migrations/${file}.js`, find, replace });
export const inPolicy = (file: string, find: string, replace: string): Edit => ({ file: `policies/${file}.yaml`, find, replace });

/** A test file below `test`, without its ending. */
export const by = (file: string, named?: string): Catcher => ({ file: `test/${file}.test`, ...(named !== undefined && { named }) });
