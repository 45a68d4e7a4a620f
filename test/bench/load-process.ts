import autocannon from 'autocannon';

/** One round: closed loop, `clients` connections, for so many seconds. */
export interface LoadOrder { url: string; headers: Record<string, string>; body: string; clients: number; seconds: number; expectBytes: number }
/** `failed` counts answers that were no 200, or not as long as they should be, give or take 2 %. */
export interface LoadReport { perSecond: number; answers: number; failed: number; p50Ms: number; p99Ms: number }

async function run({ url, headers, body, clients, seconds, expectBytes }: LoadOrder): Promise<LoadReport> {
  let failed = 0;
  const began = performance.now();
  const running = autocannon({ url, method: 'POST', headers, body, connections: clients, duration: seconds });
  running.on('response', (_client, statusCode: number, resBytes: number) => {
    if (statusCode !== 200 || Math.abs(resBytes - expectBytes) > expectBytes * 0.02 + 2_000) failed += 1;
  });
  const { requests, latency, errors } = await running;
  return { perSecond: requests.total / ((performance.now() - began) / 1_000), answers: requests.total, failed: failed + errors, p50Ms: latency.p50, p99Ms: latency.p99 };
}

process.on('message', (order: LoadOrder) => {
  run(order).then((report) => process.send?.(report), (error: unknown) => process.send?.({ error: String(error) }));
});
process.once('disconnect', () => process.exit(0));
