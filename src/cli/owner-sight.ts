import type { ClientBase } from 'pg';

/** Whether a login reads every record: it may select from all tables of the hub, and row-level security does not bind it. A hub's own login does not. */
export async function readsEveryRecord(client: ClientBase): Promise<boolean> {
  const { rows: [schema] } = await client.query<{ open: boolean }>("SELECT has_schema_privilege('guitu', 'USAGE') AS open");
  if (!schema?.open) return false;
  const { rows: [tables] } = await client.query<{ open: boolean }>("SELECT bool_and(has_table_privilege(oid, 'SELECT') AND NOT row_security_active(oid)) AS open FROM pg_class WHERE relnamespace = 'guitu'::regnamespace AND relkind = 'r'");
  return tables?.open ?? false;
}
