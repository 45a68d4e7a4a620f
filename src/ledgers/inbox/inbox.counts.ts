import type { RecordReader } from '../../disclosure/reader.js';
import type { InboxCountType } from './inbox.type.js';

/** Cells that a count tells of. */
const READS = ['kind', 'step', 'title', 'record', 'dueAt', 'overdue'];

/** What `inbox` lists, counted by step: through the same lens, so that no count tells of an item that is not listed. */
export async function countInbox(reader: RecordReader): Promise<InboxCountType[]> {
  const groups = await reader.group<InboxCountType>('InboxItem', READS, (t) => `${t}.step, ${t}.title, ${t}.record, count(*) FILTER (WHERE ${t}.kind = 'OWED') AS owed, count(*) FILTER (WHERE ${t}.kind = 'RAISED') AS raised, count(*) FILTER (WHERE ${t}.kind <> 'TOLD') AS waiting, count(*) FILTER (WHERE ${t}.kind = 'TOLD') AS told,
    count(*) FILTER (WHERE ${t}.overdue) AS overdue, min(${t}.due_at) FILTER (WHERE NOT ${t}.overdue) AS "nextDueAt"`, (t) => `${t}.step, ${t}.title, ${t}.record`);
  reader.tally.count('inboxItemsCounted', groups.reduce((sum, { waiting, told }) => sum + waiting + told, 0));
  return groups.toSorted((one, other) => compareText(one.nextDueAt ?? '', other.nextDueAt ?? '') || compareText(one.step, other.step) || compareText(one.record, other.record) || compareText(one.title, other.title));
}

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
