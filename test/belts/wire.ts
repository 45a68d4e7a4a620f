import { connect, createServer, type AddressInfo } from 'node:net';
import type { ConnectionSettings } from '../../src/db/embedded.js';

/** A way to PostgreSQL that writes down every statement passing by, prepared ones by the text they were prepared from. */
export interface Wire { settings: ConnectionSettings; heard: string[]; close(): Promise<void> }

/** Opens a proxy on a free port of the loopback. The startup packet has no type byte, all later messages of the client have one (PostgreSQL, Frontend/Backend Protocol §54.7). */
export async function openWire(target: ConnectionSettings): Promise<Wire> {
  const heard: string[] = [];
  const server = createServer((client) => {
    const database = target.host.startsWith('/') ? connect(`${target.host}/.s.PGSQL.${target.port}`) : connect(target.port, target.host);
    const hear = listener(heard);
    client.on('data', (chunk: Buffer) => {
      hear(chunk);
      database.write(chunk);
    });
    database.pipe(client);
    for (const [one, other] of [[client, database], [database, client]] as const) one.on('close', () => other.destroy()).on('error', () => other.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { settings: { ...target, host: '127.0.0.1', port }, heard, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

const texts = (body: Buffer): string[] => body.toString('utf8').split('\0');

/** Reads one client's stream: `Q` runs a text, `P` names one, `B` binds a name, `E` runs what was bound last. */
function listener(heard: string[]): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  let started = false;
  let bound = '';
  const prepared = new Map<string, string>();
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = started ? 1 : 0;
      if (rest.length < head + 4) return;
      const length = head + rest.readInt32BE(head);
      if (rest.length < length) return;
      const type = started ? String.fromCharCode(rest[0] ?? 0) : '';
      const body = rest.subarray(head + 4, length);
      rest = rest.subarray(length);
      started = true;
      if (type === 'Q') heard.push(texts(body)[0] ?? '');
      if (type === 'P') prepared.set(texts(body)[0] ?? '', texts(body)[1] ?? '');
      if (type === 'B') bound = texts(body)[1] ?? '';
      if (type === 'E') heard.push(prepared.get(bound) ?? '');
    }
  };
}
