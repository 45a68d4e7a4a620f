import { CommanderError } from 'commander';
import { describeFailure } from './failures.js';
import { buildProgram } from './program.js';
import { EXIT, type ExitCode, type Shell } from './shell.js';

/**
 * Runs the command that was typed; without one, `start`. Never throws: what goes wrong is said on standard error, in one sentence and without a stack.
 * @param words the words behind `guitu`
 * @returns 0 done · 1 refused or found wrong · 2 usage · 3 partly done
 */
export async function runCommandLine(words: readonly string[], shell: Shell): Promise<ExitCode> {
  let code: ExitCode = EXIT.DONE;
  try {
    await buildProgram(shell, (ended) => { code = ended; }).parseAsync(words.length > 0 ? words : ['start'], { from: 'user' });
    return code;
  } catch (error) {
    // help and version that were asked for end with 0; commander's own refusals have been said already
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.DONE : EXIT.USAGE;
    const failure = describeFailure(error);
    shell.say(failure.text);
    return failure.exitCode;
  }
}
