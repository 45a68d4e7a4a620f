import { Logger, run, type Runner } from 'graphile-worker';
import type { Pool } from 'pg';

/** Every minute, once for all hubs on a database; a minute that nobody was there for is not made up, since each run does all that is due. */
const EVERY_MINUTE = '* * * * * tick ?max=3';

/** Words of the worker that an operator needs. */
export interface WorkerLog { warn(message: string): void; error(message: string): void }

/**
 * Runs `tick` every minute by graphile-worker, and once at the start, for what fell due while no hub ran. Several hub processes share the queue: whoever is free takes the minute.
 * @param jobs a pool of the role that owns the queue
 * @param tick does what is due now; what it throws is logged, and done again a minute later
 */
export async function startClockWorker(jobs: Pool, tick: () => Promise<unknown>, log: WorkerLog): Promise<{ stop(): Promise<void> }> {
  const runner: Runner = await run({
    pgPool: jobs, concurrency: 1, noHandleSignals: true, pollInterval: 30_000, crontab: EVERY_MINUTE,
    logger: new Logger(() => (level, message) => {
      if (level === 'error') log.error(message);
      else if (level === 'warning') log.warn(message);
    }),
    taskList: { tick: async () => void (await tick()) },
  });
  // The runner's own promise rejects where the database is gone for good; it then says so itself.
  runner.promise.catch((error: unknown) => log.error(error instanceof Error ? error.message : String(error)));
  await runner.addJob('tick', {}, { jobKey: 'tick-at-start', maxAttempts: 3 });
  let stopped: Promise<void> | undefined;
  return { stop: () => (stopped ??= runner.stop().catch(() => undefined)) };
}
