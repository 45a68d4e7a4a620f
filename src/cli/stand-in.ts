import { Client } from 'pg';
import type { EmbeddedServer } from '../db/embedded.js';

/**
 * Keeps an adopted embedded server up: when the process that started it ends, and the server with it, this process starts it again on the same
 * address and owns it from then on. Requests in between answer UNAVAILABLE. Notices the end by a connection of its own, kept open for nothing else.
 */
export function standIn(adopted: EmbeddedServer, start: () => Promise<EmbeddedServer>, log: (line: string) => void): EmbeddedServer {
  let server = adopted;
  let stopping = false;
  let work: Promise<void> = Promise.resolve();
  let sentinel: Client | undefined;

  const watch = async (): Promise<void> => {
    const client = new Client({ ...server.admin, ssl: false, application_name: 'guitu stand-in', keepAlive: true });
    client.on('error', () => undefined);
    client.once('end', () => {
      if (!stopping) work = takeOver();
    });
    await client.connect();
    sentinel = client;
  };
  const takeOver = async (): Promise<void> => {
    log('内嵌数据库由另一个进程启动，现已随该进程停止；本进程接手重新启动 · the embedded database, which another process had started, has ended; this process starts it again');
    try {
      const { host, port } = server.admin;
      server = await start();
      if (server.admin.host !== host || server.admin.port !== port) log('内嵌数据库换了地址，请重新启动本进程 · the embedded database has another address now: start this process again');
      else log('内嵌数据库已恢复 · the embedded database is back');
      if (server.adopted && !stopping) await watch();
    } catch (error) {
      log(`${error instanceof Error ? error.message : String(error)}\n请重新启动本进程 · start this process again`);
    }
  };
  const stop = async (): Promise<void> => {
    stopping = true;
    await work;
    await sentinel?.end().catch(() => undefined);
    await server.stop();
  };

  work = watch().catch(() => takeOver());
  return { admin: adopted.admin, adopted: true, startedInMs: adopted.startedInMs, stop };
}
