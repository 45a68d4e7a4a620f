import { EventEmitter, once } from 'node:events';
import { EXIT } from './shell.js';

/** Signals that ask a hub to stop. A closed terminal (SIGHUP) counts as one. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C under `npm start` comes twice, from the terminal and from npm, some milliseconds apart: within this time it is one wish. */
const ONE_WISH_MS = 1_000;

/** How often an orphan looks whether it is one. */
const PARENT_CHECK_MS = 500;

/** The wish to stop. */
export interface StopSignal {
  /** Resolves at the first signal. */
  told: Promise<void>;
  /** From now on the first signal is waited for by somebody; before, it ends the process at once, as nothing is being served. */
  beginServing(): void;
  /** Takes the signals off again. */
  release(): void;
}

/**
 * Listens for signals. With `withParent`, the end of the parent process counts as one: `npm start` hands signals to a shell, and a shell that does not
 * `exec` its last command (dash) dies of them and tells nobody. While stopping, a second one ends the process at once; what runs at exit (the embedded server's fast shutdown) still runs.
 */
export function listenForStop(say: (text: string) => void, { withParent }: { withParent: boolean }): StopSignal {
  let serving = false;
  let toldAt: number | undefined;
  const wish = new EventEmitter();
  const told = once(wish, 'told').then(() => undefined);
  const onSignal = (): void => {
    if (!serving) process.exit(EXIT.REFUSED);
    if (toldAt === undefined) {
      toldAt = performance.now();
      wish.emit('told');
    } else if (performance.now() - toldAt > ONE_WISH_MS) {
      say('再次收到停止信号，立即退出 · told again to stop: leaving at once');
      process.exit(EXIT.REFUSED);
    }
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  const parent = process.ppid;
  const parentCheck = withParent ? setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(parentCheck);
    if (toldAt === undefined) onSignal();
  }, PARENT_CHECK_MS).unref() : undefined;
  return {
    told,
    beginServing: () => { serving = true; },
    release: () => {
      clearInterval(parentCheck);
      for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
    },
  };
}
