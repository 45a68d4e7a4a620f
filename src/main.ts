#!/usr/bin/env node
import { readConfig } from './config.js';
import { runCommandLine } from './cli/command-line.js';

/** The composition root: the one place that hands the environment, the words typed and the standard streams to the house. */

/** A terminal that was closed under the hub: what it would have shown is lost, and the hub still stops in order. */
const TERMINAL_CLOSED = 'EIO';

// `guitu policy matrix | head`: a reader that has seen enough is no fault
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  if (error.code !== TERMINAL_CLOSED) throw error;
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== TERMINAL_CLOSED) throw error;
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  config: () => readConfig(process.env),
  print: (text) => { process.stdout.write(`${text}\n`); },
  say: (text) => { process.stderr.write(`${text}\n`); },
});
