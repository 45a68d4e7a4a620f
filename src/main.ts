#!/usr/bin/env node
import { ConfigError, readConfig } from './config.js';
import { runStart } from './cli/start.js';
import { PolicyRefused } from './policy/language.js';

/** The composition root: reads the environment once, and runs the command that is asked for. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  await runStart(config);
}

main().catch((error: unknown) => {
  const text = error instanceof ConfigError ? error.lines.join('\n') : error instanceof PolicyRefused ? error.message : error instanceof Error ? error.stack ?? error.message : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
});
