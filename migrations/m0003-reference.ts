import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { packageRoot } from '../src/kernel/package-root.js';
import { parseTabTable, type TabTable } from '../src/kernel/tab-table.js';

/** Divisions down to townships with what was abolished, and the published working days; extracted once (`test/tools/extract-reference.ts`). */
export class Reference1764000000003 implements MigrationInterface {
  readonly name = 'Reference1764000000003';

  async up(runner: QueryRunner): Promise<void> {
    const divisions = shipped('divisions.tsv').rows.map(({ code, name, level, parent }) => ({ code, name, level, parent: parent || null }));
    for (const level of ['MINISTRY', 'PROVINCE', 'PREFECTURE', 'COUNTY', 'TOWNSHIP']) {
      await runner.query('INSERT INTO guitu.divisions (code, name, level, parent) SELECT code, name, level, parent FROM json_to_recordset($1::json) AS t(code text, name text, level text, parent text)', [JSON.stringify(divisions.filter((division) => division.level === level))]);
    }
    const changes = shipped('division-changes.tsv').rows.toSorted((one, other) => (one['code'] ?? '').length - (other['code'] ?? '').length || (one['level'] === 'PREFECTURE' ? -1 : 1));
    for (const { code, name, level, parent, valid_until: until, successor, note } of changes) {
      await runner.query('INSERT INTO guitu.divisions (code, name, level, parent, valid_until) VALUES ($1, $2, $3, $4, $5)', [code, name, level, parent, until]);
      if (successor) await runner.query('INSERT INTO guitu.division_changes (abolished, successor, took_effect, note) VALUES ($1, $2, $3, $4)', [code, successor, until, note]);
    }
    const calendar = shipped('calendar.tsv');
    await runner.query('INSERT INTO guitu.calendar_days (day, working, name) SELECT day, working, name FROM json_to_recordset($1::json) AS t(day date, working boolean, name text)',
      [JSON.stringify(calendar.rows.map(({ date, working, name }) => ({ day: date, working: working === 't', name })))]);
    await runner.query("INSERT INTO guitu.settings (name, division, value, reason) VALUES ('calendar.knownUntil', '000000', to_jsonb($1::text), $2)", [calendar.notes.get('known_until'), calendar.notes.get('source')]);
  }

  async down(): Promise<void> {
    throw new Error('migrations run forward only');
  }
}

const shipped = (file: string): TabTable => parseTabTable(readFileSync(join(packageRoot(), 'migrations', 'data', file), 'utf8'));
