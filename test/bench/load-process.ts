import { Agent, request } from 'node:http';

/** One round: closed loop, so many clients with a connection each, for so many seconds. */
export interface LoadOrder { url: string; headers: Record<string, string>; body: string; clients: number; seconds: number; expectBytes: number }
/** `failed` counts answers that were no 200, or not as long as they should be, give or take 2 %. */
export interface LoadReport { perSecond: number; answers: number; failed: number; p50Ms: number; p99Ms: number }

/** Bodies are counted, not kept, so that the client costs little of the machine that it shares with the server. */
async function run({ url, headers, body, clients, seconds, expectBytes }: LoadOrder): Promise<LoadReport> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  let failed = 0;
  const began = performance.now();
  const end = began + seconds * 1_000;
  const ask = (): Promise<boolean> => new Promise((resolve) => {
    const sent = request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => { bytes += chunk.length; }).on('end', () => resolve(response.statusCode === 200 && Math.abs(bytes - expectBytes) <= expectBytes * 0.02));
    });
    sent.on('error', () => resolve(false)).end(body);
  });
  await Promise.all(Array.from({ length: clients }, async () => {
    while (performance.now() < end) {
      const start = performance.now();
      if (!(await ask())) failed += 1;
      times.push(performance.now() - start);
    }
  }));
  agent.destroy();
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { perSecond: times.length / ((performance.now() - began) / 1_000), answers: times.length, failed, p50Ms: at(0.5), p99Ms: at(0.99) };
}

process.on('message', (order: LoadOrder) => {
  run(order).then((report) => process.send?.(report), (error: unknown) => process.send?.({ error: String(error) }));
});
process.once('disconnect', () => process.exit(0));
