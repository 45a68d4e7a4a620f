import type { Client } from 'pg';
import type { EvidenceEvent } from '../../src/evidence/events.js';
import { isBehindParent, type House, type Session, type Trace } from './session.js';

/** What sessions leave behind: the evidence tells ids and rungs as the reference does and holds no value, and the log holds neither. */
export async function checkTraces(house: House, sessions: readonly Session[]): Promise<string[]> {
  const events = await readEvents(house.owner);
  const problems = sessions.flatMap((session) => session.traces.flatMap(({ requestId, trace, query }) => {
    const event = events.get(requestId);
    if (!event) return [`${session.name}: no evidence of ${query.slice(0, 60)}`];
    const differences = compare(event, trace);
    return differences.map((difference) => `${session.name}: evidence of ${query.slice(0, 60)}…: ${difference}`);
  }));
  const ids = new Set([...events.values()].flatMap(({ records }) => Object.values(records).flatMap((record) => record.ids)));
  // The matter is what the asker stated, not what it was shown.
  const bodies = [...events.values()].map(({ matter: _stated, ...event }) => JSON.stringify(event)).join('\n');
  return [
    ...problems,
    ...house.texts.findIn(bodies, ids).map((leak) => `the evidence holds ${leak}`),
    ...house.texts.findIn(house.hub.logged(), new Set()).map((leak) => `the log holds ${leak}`),
  ];
}

/** By request id. */
async function readEvents(owner: Client): Promise<Map<string, EvidenceEvent>> {
  const { rows } = await owner.query<{ body: string }>('SELECT body FROM guitu_evidence.events');
  return new Map(rows.map(({ body }) => {
    const event = JSON.parse(body) as EvidenceEvent;
    return [event.request, event];
  }));
}

function compare({ records }: EvidenceEvent, trace: Trace): string[] {
  return [...new Set([...Object.keys(records), ...trace.cells.keys()])].flatMap((record) => {
    const cells = trace.cells.get(record) ?? new Map();
    const should = Object.fromEntries([...cells].filter(([cell]) => !isBehindParent(cells, cell)).map(([cell, rungs]) => [cell, [...rungs].toSorted().join()]));
    const is = Object.fromEntries(Object.entries(records[record]?.cells ?? {}).filter(([cell]) => !isBehindParent(cells, cell)).map(([cell, rungs]) => [cell, rungs.join()]));
    const wrong = [...new Set([...Object.keys(should), ...Object.keys(is)])].filter((cell) => should[cell] !== is[cell]);
    const ids = [...(trace.ids.get(record) ?? [])].toSorted().join();
    return [
      ...wrong.map((cell) => `${record}.${cell} should be ${should[cell]}, is ${is[cell]}`),
      ...(ids === (records[record]?.ids ?? []).join() ? [] : [`ids of ${record} should be ${ids}, are ${records[record]?.ids.join()}`]),
    ];
  });
}
