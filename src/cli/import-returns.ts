import { stat } from 'node:fs/promises';
import { loadKeyRing } from '../auth/key-ring-file.js';
import { importReturns, type ImportOptions, type ImportReport } from '../ledgers/returns/returns.import.js';
import { assembleHub } from '../server/start-hub.js';
import { openDatabase } from './database.js';
import { CommandRefused, EXIT, type ExitCode, type Shell } from './shell.js';

/**
 * Imports a spreadsheet of returns and says what became of its rows.
 * @returns DONE if every row is in, new or from before; PARTLY if some came back; REFUSED if, with `allOrNothing`, that kept all out
 * @throws Refusal for a file that cannot be read and an agency that may not import
 */
export async function runImportReturns(shell: Shell, options: ImportOptions): Promise<ExitCode> {
  const config = shell.config();
  // before a database is started for it
  if (!(await stat(options.file)).isFile()) throw new CommandRefused(`${options.file} 不是文件`, `${options.file} is no file`);
  const keyRing = await loadKeyRing({ file: config.keysFile, mode: config.mode });
  const database = await openDatabase(config, keyRing);
  try {
    const parts = await assembleHub(config, keyRing, database.hub);
    try {
      const report = await importReturns(parts, options);
      shell.print(summary(report, options));
      return exitCodeOf(report, options);
    } finally {
      await parts.pools.end();
    }
  } finally {
    await database.stop();
  }
}

function exitCodeOf({ refused }: ImportReport, { allOrNothing }: ImportOptions): ExitCode {
  if (refused === 0) return EXIT.DONE;
  return allOrNothing ? EXIT.REFUSED : EXIT.PARTLY;
}

function summary({ imported, alreadyThere, refused, errorSheet, ignoredHeads }: ImportReport, { send, allOrNothing }: ImportOptions): string {
  const nothing = allOrNothing && refused > 0;
  const [done, made] = send ? ['发出通知', 'sent'] : ['新增', 'new'];
  const zh = nothing ? [`有 ${refused} 行不合格，按 --all-or-nothing 全部未导入`] : [`${done} ${imported} 行，此前已有 ${alreadyThere} 行，退回 ${refused} 行`];
  const en = nothing ? `${refused} rows are faulty; with --all-or-nothing none went in` : `${made} ${imported}, there already ${alreadyThere}, refused ${refused}`;
  if (errorSheet) zh.push(`退回的行及原因见 ${errorSheet}，改好后可直接导入该文件`);
  if (ignoredHeads.length > 0) zh.push(`未读取的列：${ignoredHeads.join('、')}`);
  return `${zh.join('\n')}\n${en}${errorSheet ? ` (see ${errorSheet})` : ''}`;
}
