import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadReport } from './load-process.js';
import type { ServerOrder } from './server-process.js';

/** A child process that answers each message with one. It ends when this process does, by the closing of the channel. */
interface Child<Order, Report> { ask(order: Order): Promise<Report>; end(): Promise<void> }

function start<Order extends object, Report>(file: string, execArgv: readonly string[] = []): Child<Order, Report> {
  const child: ChildProcess = fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: [...execArgv] });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    ask: (order) => new Promise((resolve, reject) => {
      const early = (): void => reject(new Error(`${file} ended without an answer`));
      child.once('exit', early);
      child.once('message', (report: Report & { error?: string }) => {
        child.off('exit', early);
        if (report.error === undefined) resolve(report);
        else reject(new Error(report.error));
      });
      child.send(order);
    }),
    end: () => {
      if (child.connected) child.disconnect();
      return gone;
    },
  };
}

export const startServer = (execArgv?: readonly string[]): Child<ServerOrder, { url: string }> => start('./server-process.js', execArgv);
export const startLoad = (): Child<LoadOrder, LoadReport> => start('./load-process.js');
