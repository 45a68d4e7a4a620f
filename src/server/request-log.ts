import { pino, type DestinationStream, type Logger } from 'pino';
import type { RequestState } from './request-state.js';

/** The hub's log: one JSON line per event, instants in ISO 8601, no host name. `level` as in `LOG_LEVEL`. */
export function buildLog(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"`, formatters: { level: (label: string) => ({ level: label }) } };
  return pino(options, destination ?? standardOutput());
}

/** Standard output, whose reader may be gone: a pipe that ended (EPIPE), or a terminal that was closed (EIO) and of which the hub must still be able to stop in order. */
function standardOutput(): DestinationStream {
  return pino.destination({ fd: 1, sync: true }).on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

/**
 * The line of one finished request. It says who asked for what kind of thing and how it ended; never a variable, record id, matter, token,
 * user or address, nor any text that a caller chose (网络安全法 logs are kept for months and read by people who may not see records).
 */
export function logRequest(log: Logger, state: RequestState, http: { method: string; route: string; status: number }): void {
  const line = {
    requestId: state.requestId, method: http.method, route: http.route, status: http.status, ms: Math.round((performance.now() - state.startedAtMs) * 10) / 10,
    agency: state.context?.viewer.agencyCode, purpose: state.context?.purpose ?? undefined,
    operation: state.operation?.type, fields: state.operation?.fields, codes: state.codes.length > 0 ? state.codes : undefined,
  };
  if (http.status >= 500 || state.codes.includes('INTERNAL')) log.error(line, 'request');
  else if (http.route === '/graphql') log.info(line, 'request');
  else log.debug(line, 'request');
}

/** The line of a fault of our own, for whoever mends it. */
export function logFault(log: Logger, requestId: string, fault: unknown): void {
  log.error({ requestId, fault: describeFault(fault) }, 'fault');
}

/** What may be logged of an error: names, codes and places in the program. Messages are left out, for drivers and scalars quote values in them. */
function describeFault(fault: unknown): { name: string; code?: string; constraint?: string; table?: string; frames: string[]; cause?: unknown } {
  if (typeof fault !== 'object' || fault === null) return { name: typeof fault, frames: [] };
  const { name, code, constraint, table, stack, cause, originalError } = fault as Record<string, unknown>;
  const inner = originalError ?? cause;
  return {
    name: wordOf(name) ?? 'Error', code: wordOf(code), constraint: wordOf(constraint), table: wordOf(table),
    frames: typeof stack === 'string' ? stack.split('\n').map((line) => line.trim()).filter((line) => /^at .+:\d+:\d+\)?$/.test(line)).slice(0, 8) : [],
    ...(inner === undefined || inner === fault ? {} : { cause: describeFault(inner) }),
  };
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.-]{1,80}$/.test(value) ? value : undefined;
}
