import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../../src/db/embedded.js';
import { migrate } from '../../src/db/migrate.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { withClient } from '../support/test-server.js';
import { dumpTables } from './table-dump.js';

/** Writes `schema/tables.sql` from a database of its own that the migrations have just made. Run by hand after a migration: see `RENEWAL`. */
const folder = mkdtempSync(join(tmpdir(), 'guitu-dump-'));
const server = await startEmbedded({ dataFolder: folder, durable: false });
try {
  await migrate(server.admin);
  writeFileSync(join(packageRoot(), 'schema', 'tables.sql'), await withClient(server.admin, dumpTables));
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
