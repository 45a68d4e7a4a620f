/** Where a look-up reads: a pool, or inside a write, so that it sees what the write sees. */
export interface RowSource { query<Row extends Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]> }
