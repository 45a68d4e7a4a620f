import { randomUUID } from 'node:crypto';
import { perform, type WriteRequest, type WriteTransaction } from '../../disclosure/perform.js';
import { divisionFinder } from '../../exchange/division-text.js';
import { errorSheetPath, writeErrorSheet } from '../../exchange/error-sheet.js';
import { parseReturnSheet, type ParsedReturnRow, type ParsedReturnSheet } from '../../exchange/return-sheet.js';
import { badInput, Refusal } from '../../kernel/errors.js';
import { dateOf } from '../../kernel/dates.js';
import type { RequestContext } from '../../kernel/request.js';
import { gate } from '../../policy/gate.js';
import type { PolicyInForce } from '../../policy/store.js';
import { newCaseNo, newVersion } from '../identifiers.js';
import type { LedgerServices } from '../workbench.js';
import { insertNotice } from './returns.commands.js';
import { headOfPath, importKeys, noticeOf, provenState, subjectOf } from './returns.sheet.js';
import { subjectColumns } from './returns.subject.js';

export interface ImportOptions {
  /** Path of the .xlsx file. */
  file: string;
  /** Code of the agency whose ledger it is. */
  agency: string;
  /** Whether rows are notices to be sent (destination) instead of the agency's own return ledger (origin). */
  send: boolean;
  /** Whether one faulty row keeps all rows out. */
  allOrNothing: boolean;
  user: string;
  sheetName?: string;
}

export interface ImportReport {
  imported: number;
  alreadyThere: number;
  refused: number;
  /** Where the refused rows went, with reason and column. */
  errorSheet: string | null;
  /** Heads of columns that were not read. */
  ignoredHeads: string[];
}

/** A row that was refused, by what column and why. */
type Reasons = Map<number, { head: string; zh: string }[]>;

/**
 * Imports a 返乡人员信息台账 by one transaction: good rows go in, faulty ones come back in `FILE.errors.xlsx`. A row known already adds nothing.
 * An imported row is a claim: it opens no person, check or flag until the other side's own act confirms it.
 * @throws Refusal BAD_USER_INPUT for a file that cannot be read, FORBIDDEN for an agency that may not import, NOT_FOUND for an unknown one
 */
export async function importReturns(parts: { services: LedgerServices; policy: PolicyInForce; now: () => Date }, options: ImportOptions): Promise<ImportReport> {
  const { services, policy } = parts;
  const context = await importContext(services, options, parts.now());
  const refusal = gate(policy.policy, context, options.send ? 'sendReturnNotice' : 'importReturns');
  if (refusal) throw refusal;
  const findDivision = divisionFinder(await services.directory.listDivisions());
  const sheet = await parseReturnSheet(options.file, { today: dateOf(context.now), findDivision, ...(options.sheetName && { sheetName: options.sheetName }) });
  const reasons: Reasons = new Map();
  for (const { rowNo, head, zh } of sheet.faults) addReason(reasons, rowNo, head, zh);
  const request: WriteRequest = { context, lens: policy.lensFor(context), operation: options.send ? 'sendReturnNotice' : 'importReturns', input: { rows: sheet.rows.length }, kind: 'command' };
  const counts = await runImport(services, request, sheet, options, reasons);
  const errorSheet = reasons.size > 0 ? errorSheetPath(options.file) : null;
  if (errorSheet) await writeErrorSheet(errorSheet, { heads: sheet.heads, rows: refusedRows(sheet, reasons) });
  return { ...counts, refused: reasons.size, errorSheet, ignoredHeads: sheet.ignoredHeads };
}

async function importContext(services: LedgerServices, options: ImportOptions, now: Date): Promise<RequestContext> {
  const agency = await services.directory.findAgency(options.agency);
  if (!agency || agency.suspended) throw new Refusal('NOT_FOUND', { field: '--as', zh: `没有单位 ${options.agency}，或已停用`, en: `no agency ${options.agency}, or it is suspended` });
  const { suspended: _suspended, name: _name, ...known } = agency;
  return { viewer: { ...known, roles: ['CLERK'], user: options.user }, purpose: 'RETURN', matter: null, requestId: randomUUID(), language: 'zh', idempotencyKey: `import-${randomUUID()}`, now };
}

/** Thrown to leave the transaction without a trace when one row keeps all out. */
class NothingImported extends Error {}

async function runImport(services: LedgerServices, request: WriteRequest, sheet: ParsedReturnSheet, options: ImportOptions, reasons: Reasons): Promise<{ imported: number; alreadyThere: number }> {
  const none = { imported: 0, alreadyThere: 0 };
  if (options.allOrNothing && reasons.size > 0) return none;
  try {
    return await perform(services, request, async (write) => {
      const keys = importKeys(sheet.rows, services.keyRing);
      const known = await knownKeys(write, keys);
      const fresh: { row: ParsedReturnRow; key: string }[] = [];
      for (const [index, row] of sheet.rows.entries()) {
        const key = keys[index] ?? '';
        if (!known.has(key)) fresh.push({ row, key });
        known.add(key);
      }
      const ids = options.send ? await sendRows(write, services, fresh, reasons) : await keepRows(write, services, fresh, reasons);
      if (options.allOrNothing && reasons.size > 0) throw new NothingImported();
      if (ids.length > 0) await write.settle('ReturnCase', ids, 'return.imported');
      write.count('imported', ids.length);
      return { imported: ids.length, alreadyThere: sheet.rows.length - fresh.length };
    });
  } catch (error) {
    if (error instanceof NothingImported) return none;
    throw error;
  }
}

async function knownKeys(write: WriteTransaction, keys: readonly string[]): Promise<Set<string>> {
  const rows = await write.query<{ import_key: string }>('SELECT import_key FROM guitu.return_cases WHERE author_agency = $1 AND import_key = ANY ($2)', [write.context.viewer.agencyId, keys]);
  return new Set(rows.map(({ import_key: key }) => key));
}

/** Rows as notices, by the same door as `sendReturnNotice`; everything of a row is checked before the first thing of it is stored. */
async function sendRows(write: WriteTransaction, services: LedgerServices, fresh: readonly { row: ParsedReturnRow; key: string }[], reasons: Reasons): Promise<string[]> {
  const ids: string[] = [];
  for (const { row, key } of fresh) {
    const notice = noticeOf(row.values);
    if ('missing' in notice) {
      for (const { head, zh } of notice.missing) addReason(reasons, row.rowNo, head, zh);
      continue;
    }
    try {
      if (row.values.escortName !== undefined) throw badInput('escortName', '护送单位须在系统中按单位代码填写，请单独发送', 'an escort is named by its code: send this notice by itself');
      ids.push(await insertNotice(write, services, notice.input, 'input', key));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      addReason(reasons, row.rowNo, error.detail.field === 'escortName' ? '护送单位' : headOfPath(error.detail.field), error.sentence('zh'));
    }
  }
  return ids;
}

/** Rows as the origin's own ledger: each a case in the state its columns prove, unconfirmed. */
async function keepRows(write: WriteTransaction, services: LedgerServices, fresh: readonly { row: ParsedReturnRow; key: string }[], reasons: Reasons): Promise<string[]> {
  const today = dateOf(write.context.now);
  const stations = new Map<string, { agencyId: string; division: string } | undefined>();
  const cases: Record<string, unknown>[] = [];
  for (const { row, key } of fresh) {
    const { values } = row;
    try {
      const subject = subjectColumns(subjectOf(values), { hukou: values.hukouDivision?.code ?? null, home: values.homeDivision ?? null }, services.keyRing, today, services.acceptSynthetic);
      const name = values.destinationName ?? '未注明';
      if (!stations.has(name)) stations.set(name, await services.directory.findStationByName(write, name));
      cases.push({ ...caseOf(write, row, key, stations.get(name), name), ...subject.columns, link_ends: subject.idNumberEnds });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      addReason(reasons, row.rowNo, headOfPath(error.detail.field), error.sentence('zh'));
    }
  }
  return storeCases(write, cases);
}

function caseOf(write: WriteTransaction, { values }: ParsedReturnRow, key: string, station: { agencyId: string; division: string } | undefined, destinationName: string): Record<string, unknown> {
  const { viewer, now } = write.context;
  const state = provenState(values);
  const hukou = values.homeDivision ?? values.hukouDivision?.code;
  const own = hukou !== undefined && viewer.areas.some((area) => hukou >= area.from && hukou < area.until);
  const startOf = (date: string | undefined): string | null => (date === undefined ? null : `${date}T00:00:00+08:00`);
  const acknowledged = state === 'SENT' ? null : (startOf(values.noticeDate ?? values.receivedOn ?? values.leaveDate) ?? now.toISOString());
  return {
    id: randomUUID(), version: newVersion(), case_no: newCaseNo(), state, import_key: key,
    destination_agency: station?.agencyId ?? null, destination_division: station?.division ?? null, destination_name: station ? null : destinationName,
    origin_agency: viewer.agencyId, origin_division: own ? hukou : viewer.division, author_agency: viewer.agencyId,
    notice_no: values.noticeNo ?? null, notice_date: values.noticeDate ?? null, entry_date: values.entryDate ?? null, leave_date: values.leaveDate ?? null,
    return_mode: values.returnMode ?? null, escort_name: values.escortName ?? null, help_reason: values.helpReason ?? null, condition: values.condition ?? null,
    sent_at: startOf(values.noticeDate ?? values.leaveDate) ?? now.toISOString(), acknowledged_at: acknowledged, received_at: startOf(values.receivedOn),
    home_text: values.homeText ?? null, home_difficulties: values.difficulties ?? null, remark: values.remark ?? null, changed_at: now.toISOString(),
  };
}

/** Links persons and stores cases with their first transition: three statements, whatever the number of rows. */
async function storeCases(write: WriteTransaction, cases: readonly Record<string, unknown>[]): Promise<string[]> {
  const first = cases[0];
  if (!first) return [];
  const linked = await write.query<{ id: string; person_id: string }>(
    `SELECT t.id, guitu.link_person(t.subject_id_number_hash, t.subject_id_number_sealed, t.link_ends, t.subject_born_on) AS person_id
     FROM json_to_recordset($1::json) AS t(id uuid, subject_id_number_hash text, subject_id_number_sealed text, link_ends text, subject_born_on date)`, [JSON.stringify(cases)]);
  const personOf = new Map(linked.map(({ id, person_id: person }) => [id, person]));
  const rows = cases.map(({ link_ends: _ends, ...columns }) => ({ ...columns, provisional: false, person_id: personOf.get(String(columns['id'])) }));
  const names = Object.keys(rows[0] ?? {}).join(', ');
  await write.query(`INSERT INTO guitu.return_cases (${names}) SELECT ${names} FROM json_populate_recordset(NULL::guitu.return_cases, $1::json)`, [JSON.stringify(rows)]);
  const { viewer, now } = write.context;
  await write.query(
    `INSERT INTO guitu.return_transitions (case_id, step, from_state, to_state, at, agency_id, by_user, reason_text, document_no, document_date)
     SELECT t.id, 1, NULL, t.state, $2, $3, $4, '由台账导入', t.notice_no, t.notice_date FROM json_to_recordset($1::json) AS t(id uuid, state text, notice_no text, notice_date date)`, [JSON.stringify(cases), now, viewer.agencyId, viewer.user]);
  return cases.map(({ id }) => String(id));
}

function addReason(reasons: Reasons, rowNo: number, head: string, zh: string): void {
  const known = reasons.get(rowNo);
  if (known) known.push({ head, zh });
  else reasons.set(rowNo, [{ head, zh }]);
}

function refusedRows(sheet: ParsedReturnSheet, reasons: Reasons): { cells: ParsedReturnRow['cells']; reasons: { head: string; zh: string }[] }[] {
  const cellsOf = new Map([...sheet.faultyCells, ...sheet.rows.map(({ rowNo, cells }) => [rowNo, cells] as const)]);
  return [...reasons].toSorted(([one], [other]) => one - other).map(([rowNo, why]) => ({ cells: cellsOf.get(rowNo) ?? [], reasons: why }));
}
