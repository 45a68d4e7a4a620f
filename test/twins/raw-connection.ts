import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An HTTP/1.1 connection of our own that is kept alive: what it gives is what stood on the wire, byte for byte. */
export class RawConnection {
  #socket: Socket | undefined;
  #rest = Buffer.alloc(0);
  #heard: ((fault?: Error) => void) | undefined;

  /** @param url `http://127.0.0.1:…` */
  constructor(private readonly url: string) {}

  /** Sends one request and gives status line, headers and body. One at a time. @throws Error where the connection ends before the answer does */
  async ask(path: string, headers: Readonly<Record<string, string>>, body: string | null): Promise<string> {
    const { host, hostname, port } = new URL(this.url);
    const socket = this.#socket ?? (await this.#open(hostname, Number(port)));
    const lines = Object.entries({ host, ...headers, ...(body !== null && { 'content-length': String(Buffer.byteLength(body)) }) }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`${body === null ? 'GET' : 'POST'} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body ?? ''}`);
    for (;;) {
      const answer = this.#take();
      if (answer !== undefined) {
        if (/^connection: close\r$/imu.test(answer)) this.close();
        return answer;
      }
      await new Promise<void>((resolve, reject) => {
        this.#heard = (fault) => (fault ? reject(fault) : resolve());
      });
    }
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #open(host: string, port: number): Promise<Socket> {
    const socket = connect({ host, port, noDelay: true });
    await once(socket, 'connect');
    this.#rest = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      this.#rest = Buffer.concat([this.#rest, chunk]);
      this.#heard?.();
    });
    const end = (fault?: Error): void => {
      if (this.#socket === socket) this.#socket = undefined;
      if (this.#socket === undefined) this.#heard?.(fault ?? new Error('the connection ended before the answer did'));
    };
    socket.on('close', () => end()).on('error', end);
    this.#socket = socket;
    return socket;
  }

  /** The answer, once all of it is there. */
  #take(): string | undefined {
    const head = this.#rest.indexOf('\r\n\r\n');
    if (head < 0) return undefined;
    const length = /\r\ncontent-length: (\d+)/iu.exec(this.#rest.toString('latin1', 0, head))?.[1];
    if (length === undefined) throw new Error('an answer without content-length');
    const end = head + 4 + Number(length);
    if (this.#rest.length < end) return undefined;
    const answer = this.#rest.toString('utf8', 0, end);
    this.#rest = this.#rest.subarray(end);
    this.#heard = undefined;
    return answer;
  }
}
