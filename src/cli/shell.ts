import type { Config } from '../config.js';

/** What a command has of the world around it. */
export interface Shell {
  /** The configuration in force, read when first asked for: help and usage need none. @throws ConfigError */
  config(): Config;
  /** Writes lines to standard output: what was asked for. */
  print(text: string): void;
  /** Writes lines to standard error: what is said beside it. */
  say(text: string): void;
}

/** How a command ended. */
export const EXIT = { DONE: 0, REFUSED: 1, USAGE: 2, PARTLY: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Runs what a command does, and keeps how it ended. A command that returns nothing is done. */
export type Act = (work: () => Promise<ExitCode | void>) => Promise<void>;

/** Something an operator can mend, said in one sentence: Chinese, then English. */
export class CommandRefused extends Error {
  override readonly name: string = 'CommandRefused';

  constructor(readonly zh: string, readonly en: string, readonly exitCode: ExitCode = EXIT.REFUSED) {
    super(`${zh}\n${en}`);
  }
}

/** A command that was typed wrongly: exit code 2. */
export function usage(zh: string, en: string): CommandRefused {
  return new CommandRefused(zh, en, EXIT.USAGE);
}
