/** What an agency was told, as notices of duties that nobody owes and that have no state: an inbox shows both alike. */
export function toldAsNotices<Tables extends Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>>(tables: Tables): Tables {
  const told = tables['tellings'] ?? [];
  const duties = told.map(({ id, step, title, record, record_id, record_no, person_id, at, field }) => ({
    id: `telling ${String(id)}`, step, title, record, record_id, told: true, record_no, person_id, owner: null, started_at: at, due_on: null, due_at: null, provisional: false, overdue_at: null, ended_at: null, class: null, reason: field,
  }));
  const notices = told.map(({ id, agency_id, at }) => ({ id, agency_id, kind: 'TOLD', at, duty_id: `telling ${String(id)}` }));
  return { ...tables, duties: [...(tables['duties'] ?? []), ...duties], duty_notices: [...(tables['duty_notices'] ?? []), ...notices] };
}
