import { mkdirSync, realpathSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { locateBinaries } from './embedded-binaries.js';
import { ensureCluster } from './embedded-cluster.js';
import { chooseFooting } from './embedded-footing.js';
import { readPostmaster } from './embedded-postmaster.js';
import { bringUp, settingsOf, takeDown, type ConnectionSettings, type Installation, type Running } from './embedded-server.js';

export type { ConnectionSettings } from './embedded-server.js';

/** A PostgreSQL server on this machine that belongs to one data folder. */
export interface EmbeddedServer {
  /** The superuser, for migrations and for setting up roles; never for serving requests. */
  admin: ConnectionSettings;
  /** True if another process started the server and this one only found it. */
  adopted: boolean;
  /** How long it took until the server answered, in milliseconds. */
  startedInMs: number;
  /** Stops the server and waits until it is gone. An adopted one is left to its owner, unless the owner is dead. May be called again. */
  stop(): Promise<void>;
}

/** Options of `startEmbedded`. */
export interface EmbeddedOptions {
  /** Absolute; made if missing. Holds `postgres/` (the cluster), `postgres.password`, `postgres.log`. */
  dataFolder: string;
  /** Takes one line at a time. Default: nobody listens. */
  log?: (line: string) => void;
  /** Default true. False (fsync off) survives killed processes and not a power failure: for tests. */
  durable?: boolean;
}

/**
 * Starts the embedded PostgreSQL 18 on a data folder, or adopts the one that already runs there. First start about 1.5 s, later ones about 0.2 s.
 *
 * - Only this user, the server's user and root can reach it: a Unix socket in a folder of mode 0700, and a random password.
 * - Any number of processes may start it at once; one does, the others adopt. It lives as long as the one that started it.
 * - If node is killed, the server shuts down by itself where `setpriv` knows `--pdeathsig` (Linux with util-linux). Elsewhere, after a SIGKILL of node,
 *   it goes on until the next start, which adopts it and stops it in its own end. The signal is tied to the thread that starts the server: call this from the main thread.
 * - If the server is killed, its owner brings it up again at the same address; connections are lost, committed data is not.
 * - As root it runs as another user: see `chooseFooting`. On Windows it listens on 127.0.0.1; a console with administrator's rights is refused by PostgreSQL.
 *
 * Throws an Error (Chinese, then English) that names the remedy, most often `DATABASE_URL`.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const began = performance.now();
  const installation = await install(options);
  const { log, password } = installation;
  let running = await bringUp(installation);
  const adopted = running.child === undefined;
  let stopped: Promise<void> | undefined;
  let revival: Promise<void> = Promise.resolve();

  const atExit = (): void => { running.child?.kill('SIGINT'); };
  const revive = async (): Promise<void> => {
    log('embedded PostgreSQL: the server has ended unexpectedly and is started again');
    running = await bringUp(installation);
    watch();
  };
  const watch = (): void => {
    running.child?.once('exit', () => {
      if (stopped === undefined) revival = revive().catch((error: unknown) => log(String(error)));
    });
  };
  const stop = async (): Promise<void> => {
    await revival;
    process.off('exit', atExit);
    if (running.child !== undefined || isOrphaned(running, installation)) {
      await takeDown(running, installation);
      removeSocketFolder(running);
    }
  };

  watch();
  process.on('exit', atExit);
  const startedInMs = Math.round(performance.now() - began);
  log(`embedded PostgreSQL: ${adopted ? 'adopted' : 'started'} in ${startedInMs} ms, process ${running.postmaster.pid}, ${installation.footing.name}`);
  return { admin: settingsOf(running.postmaster, password), adopted, startedInMs, stop: () => (stopped ??= stop()) };
}

async function install({ dataFolder: wanted, log = () => undefined, durable = true }: EmbeddedOptions): Promise<Installation> {
  mkdirSync(wanted, { recursive: true, mode: 0o700 });
  const dataFolder = realpathSync(wanted);
  const cluster = join(dataFolder, 'postgres');
  const binaries = locateBinaries(dataFolder);
  const footing = chooseFooting(binaries, cluster);
  const password = await ensureCluster(cluster, binaries, footing, durable);
  return { dataFolder, cluster, binaries, footing, password, durable, log };
}

function isOrphaned({ postmaster: { pid } }: Running, { cluster }: Installation): boolean {
  const { alive } = readPostmaster(cluster);
  return alive?.pid === pid && alive.orphaned;
}

/** It is empty now, unless another process is starting on it already: then that one keeps it. */
function removeSocketFolder({ postmaster: { host } }: Running): void {
  try {
    if (process.platform !== 'win32') rmdirSync(host);
  } catch {
    return;
  }
}
