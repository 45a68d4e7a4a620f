import type { RequestContext } from '../kernel/request.js';
import { dateOf } from '../kernel/dates.js';

/** Names of the database roles. None of them owns anything, but `jobs` the queue that wakes the clock. */
export const DATABASE_ROLES = { reader: 'guitu_reader', writer: 'guitu_writer', evidence: 'guitu_evidence', clock: 'guitu_clock', jobs: 'guitu_jobs' } as const;
export type DatabaseRole = keyof typeof DATABASE_ROLES;

/**
 * The transaction-local settings that row-level security reads. They are made from what the hub looked up of the agency,
 * and end with the transaction: a pooled connection carries nothing of one viewer to the next.
 */
export function viewerSettings(context: RequestContext): [string, string][] {
  const { viewer } = context;
  const [first, ...more] = viewer.areas;
  return [
    ['guitu.agency', viewer.agencyId], ['guitu.kind', viewer.kind], ['guitu.division', viewer.division],
    ['guitu.from', first?.from ?? ''], ['guitu.until', first?.until ?? ''],
    ['guitu.more', more.map((area) => `${area.from}-${area.until}`).join(',')],
    ['guitu.purpose', context.purpose ?? ''], ['guitu.today', dateOf(context.now)],
  ];
}

/** One text that begins a transaction and sets the viewer; sent as a simple query, so that it costs one round trip. */
export function beginAs(context: RequestContext, mode: 'READ ONLY' | 'READ WRITE'): string {
  const settings = viewerSettings(context).map(([name, value]) => `set_config('${name}', ${literal(value)}, true)`);
  return `BEGIN ISOLATION LEVEL ${mode === 'READ ONLY' ? 'REPEATABLE READ READ ONLY' : 'READ COMMITTED'}; SELECT ${settings.join(', ')}`;
}

/** A text as an SQL literal that reads the same whatever `standard_conforming_strings` says. */
function literal(text: string): string {
  return `${text.includes('\\') ? ' E' : ''}'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
}
