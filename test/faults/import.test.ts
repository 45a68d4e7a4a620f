import { afterAll, beforeAll, expect, test } from '@jest/globals';
import ExcelJS from 'exceljs';
import { fork } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import type { ImportReport } from '../../src/ledgers/returns/returns.import.js';
import { makeReturnSheet, type MadeSheet } from '../exchange/make-sheet.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { withClient } from '../support/test-server.js';
import { worldId } from '../support/world.js';

/** A sheet of 5,000 rows, 200 of them faulty, imported by a process that is killed on the way (issue: all or nothing). */
const ROWS = 5_000;
const FAULTY = 200;
const AGENCY = 'station-320281';
let database: TestDatabase;
let folder: string;
let made: MadeSheet;
let file: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'guitu-import-'));
  made = await makeReturnSheet({ rows: ROWS, faulty: FAULTY });
  file = join(folder, '台账.xlsx');
  await writeFile(file, made.bytes);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await database.drop();
});

const asOwner = <Result>(use: (owner: Client) => Promise<Result>): Promise<Result> => withClient(database.admin, use);

interface Stored { cases: number; steps: number; persons: number; outbox: number; keys: number; events: number }
const stored = (): Promise<Stored> => asOwner(async (owner) => {
  const { rows } = await owner.query<Record<keyof Stored, string>>(`SELECT
    (SELECT count(*) FROM guitu.return_cases WHERE author_agency = $1 AND import_key IS NOT NULL AND id NOT IN (SELECT case_id FROM guitu.return_transitions WHERE by_user <> 'faults')) AS cases, (SELECT count(*) FROM guitu.return_transitions WHERE by_user = 'faults') AS steps,
    (SELECT count(*) FROM guitu.persons) AS persons, (SELECT count(*) FROM guitu.outbox) AS outbox, (SELECT count(*) FROM guitu.idempotency_keys) AS keys, (SELECT count(*) FROM guitu_evidence.events) AS events`, [worldId('agency', AGENCY)]);
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, count]) => [name, Number(count)])) as unknown as Stored;
});

/** Runs an import; `killWhen` is asked again and again, and once it holds the process is killed. @returns the report, or undefined of a killed one */
async function runImport(path: string, killWhen?: (owner: Client) => Promise<boolean>): Promise<ImportReport | undefined> {
  const child = fork(fileURLToPath(new URL('./import-process.js', import.meta.url)));
  let report: ImportReport | undefined;
  child.once('message', (message) => { report = message as ImportReport; });
  const end = new Promise<number | null>((resolve) => { child.once('exit', resolve); });
  child.send({ hub: database.hub, file: path, agency: AGENCY });
  if (killWhen) {
    await asOwner(async (owner) => {
      while (child.exitCode === null && !(await killWhen(owner))) await pause(2);
    });
    child.kill('SIGKILL');
  }
  expect(await end).toBe(killWhen ? null : 0);
  // The server notices a dead client when it next writes to it; until then its transaction still runs.
  await asOwner(async (owner) => {
    while (Number((await owner.query("SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'guitu %'")).rows[0]?.n) > 0) await pause(10);
  });
  return report;
}

/** Whether the import's transaction is under way and its present statement is like this. */
const running = (pattern: string) => async (owner: Client): Promise<boolean> =>
  (await owner.query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'guitu writer' AND xact_start IS NOT NULL AND query LIKE $1", [pattern])).rowCount === 1;

test.each([['its transaction has begun', '%'], ['persons are being linked', '%link_person%'], ['cases are being stored', 'INSERT INTO guitu.return_cases%']])('killed while %s, an import leaves nothing, or, if its commit was through, everything', async (_, pattern) => {
  const before = await stored();
  await runImport(file, running(pattern));
  const after = await stored();
  if (after.cases === before.cases) expect(after).toEqual(before);
  else expect(after).toMatchObject({ cases: ROWS - FAULTY, steps: ROWS - FAULTY, outbox: before.outbox + ROWS - FAULTY, keys: before.keys + 1, events: before.events + 1 });
});

test('then 4,800 rows go in and 200 come back, in the error sheet', async () => {
  const before = await stored();
  const report = await runImport(file);
  expect(report).toMatchObject({ imported: ROWS - FAULTY - before.cases, alreadyThere: before.cases, refused: FAULTY, errorSheet: join(folder, '台账.errors.xlsx') });
  expect(await stored()).toMatchObject({ cases: ROWS - FAULTY, steps: ROWS - FAULTY });
  expect((await readdir(folder)).toSorted()).toEqual(['台账.errors.xlsx', '台账.xlsx']);
});

test('a third time nothing is added', async () => {
  const before = await stored();
  expect(await runImport(file)).toMatchObject({ imported: 0, alreadyThere: ROWS - FAULTY, refused: FAULTY });
  expect(await stored()).toEqual({ ...before, keys: before.keys + 1, events: before.events + 1 });
});

test('the error sheet, mended, brings the other 200 in, once', async () => {
  const errors = join(folder, '台账.errors.xlsx');
  const mended = join(folder, '补录.xlsx');
  await mend(errors, mended);
  expect(await runImport(mended)).toMatchObject({ imported: FAULTY, alreadyThere: 0, refused: 0, errorSheet: null });
  expect(await runImport(mended)).toMatchObject({ imported: 0, alreadyThere: FAULTY, refused: 0 });
  expect(await stored()).toMatchObject({ cases: ROWS, steps: ROWS });
});

/** Puts the right cells of the same sheet without faults in place of the wrong ones, with another program, as a clerk would. */
async function mend(from: string, to: string): Promise<void> {
  const [wrong, right] = [new ExcelJS.Workbook(), new ExcelJS.Workbook()];
  await wrong.xlsx.readFile(from);
  await right.xlsx.load((await makeReturnSheet({ rows: ROWS })).bytes as unknown as ArrayBuffer);
  const [errorSheet, goodSheet] = [wrong.worksheets[0], right.worksheets[0]];
  if (!errorSheet || !goodSheet) throw new Error('a workbook without a sheet');
  const headRow = 3;
  const heads = goodSheet.getRow(headRow).values as (string | undefined)[];
  const columnOf = new Map([...heads.entries()].map(([column, head]) => [head?.replace(/\s/gu, ''), column]));
  for (const [index, rowNo] of made.faultyRowNos.entries()) {
    const row = errorSheet.getRow(index + 2);
    errorSheet.getRow(1).eachCell((cell, column) => {
      const source = columnOf.get(String(cell.value).replace(/\s/gu, ''));
      if (source !== undefined) row.getCell(column).value = goodSheet.getRow(rowNo).getCell(source).value;
    });
  }
  await wrong.xlsx.writeFile(to);
}
