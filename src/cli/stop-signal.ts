import { EventEmitter, once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { EXIT } from './shell.js';

/** Signals that ask a hub to stop. SIGHUP does so where it says that the terminal was closed; else it asks to read the policy at once. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Ctrl-C under `npm start` comes twice, from the terminal and from npm, some milliseconds apart: within this time it is one wish. */
const ONE_WISH_MS = 1_000;

/** How often an orphan looks whether it is one. */
const PARENT_CHECK_MS = 500;

/** The wish to stop. */
export interface StopSignal {
  /** Resolves at the first signal. */
  told: Promise<void>;
  /** From now on the first signal is waited for by somebody; before, it ends the process at once, as nothing is being served. `onReload`: what SIGHUP asks for. */
  beginServing(onReload: () => void): void;
  /** Takes the signals off again. */
  release(): void;
}

/**
 * Listens for signals. With `withParent`, the end of the parent process counts as one: `npm start` hands signals to a shell, and a shell that does not
 * `exec` its last command (dash) dies of them and tells nobody. While stopping, a second one ends the process at once; what runs at exit (the embedded server's fast shutdown) still runs.
 */
export function listenForStop(say: (text: string) => void, { withParent }: { withParent: boolean }): StopSignal {
  let reload: (() => void) | undefined;
  let toldAt: number | undefined;
  const wish = new EventEmitter();
  const told = once(wish, 'told').then(() => undefined);
  const onSignal = (): void => {
    if (!reload) process.exit(EXIT.REFUSED);
    if (toldAt === undefined) {
      toldAt = performance.now();
      wish.emit('told');
    } else if (performance.now() - toldAt > ONE_WISH_MS) {
      say('再次收到停止信号，立即退出 · told again to stop: leaving at once');
      process.exit(EXIT.REFUSED);
    }
  };
  const began = hasTerminal();
  const onHangUp = (): void => {
    if (reload && process.platform !== 'win32' && began === hasTerminal()) reload();
    else onSignal();
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  process.on('SIGHUP', onHangUp);
  const parent = process.ppid;
  const parentCheck = withParent ? setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(parentCheck);
    if (toldAt === undefined) onSignal();
  }, PARENT_CHECK_MS).unref() : undefined;
  return {
    told,
    beginServing: (onReload) => { reload = onReload; },
    release: () => {
      clearInterval(parentCheck);
      for (const signal of STOP_SIGNALS) process.off(signal, onSignal);
      process.off('SIGHUP', onHangUp);
    },
  };
}

/** Whether the process has a terminal: `/dev/tty` opens for it. Once the terminal is closed it does not, and SIGHUP comes of that and of nobody's wish to reload. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
