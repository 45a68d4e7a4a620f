import { rm } from 'node:fs/promises';
import { findRunning } from './running-server.js';

/** Stops the server of `global-setup` and removes its folder. */
export default async function tearDown(): Promise<void> {
  const running = findRunning();
  if (!running) return;
  await running.server.stop();
  await rm(running.folder, { recursive: true, force: true });
}
