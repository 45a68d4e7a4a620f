import type { EmbeddedServer } from '../../src/db/embedded.js';

/** The embedded server of this test run, from set-up to tear-down: both run in jest's own process, each as a module graph that jest may load anew. */
interface RunningServer { server: EmbeddedServer; folder: string }

const KEY = Symbol.for('guitu.tests.running-server');
const keeper = globalThis as { [KEY]?: RunningServer };

export function keepRunning(running: RunningServer): void {
  keeper[KEY] = running;
}

/** Undefined where the server was not ours. */
export function findRunning(): RunningServer | undefined {
  return keeper[KEY];
}
