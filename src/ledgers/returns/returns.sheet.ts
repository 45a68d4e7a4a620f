import type { ParsedReturnRow } from '../../exchange/return-sheet.js';
import type { ReturnRowValues } from '../../exchange/return-row.js';
import { canonicalJson } from '../../evidence/events.js';
import type { KeyRing } from '../../kernel/key-ring.js';
import type { ReturnSubjectInput, SendReturnNoticeInput } from './returns.input.js';
import type { ReturnState } from './returns.transitions.js';

/** What a row of the 返乡人员信息台账 means to the ledger. Pure. */

/**
 * The state that the filled columns prove: 家庭情况 or 困难类型 → HOME_CHECKED · 接收日期 → RECEIVED, or AT_HOME for a person who went home alone or with kin ·
 * 反馈函号 or 反馈日期 (the origin holds the letter) → ACKNOWLEDGED · nothing of these → SENT.
 */
export function provenState(values: ReturnRowValues): ReturnState {
  if (values.homeText !== undefined || values.difficulties !== undefined) return 'HOME_CHECKED';
  if (values.receivedOn !== undefined) return values.returnMode === 'SELF' || values.returnMode === 'COLLECTED_BY_KIN' ? 'AT_HOME' : 'RECEIVED';
  return values.noticeNo !== undefined || values.noticeDate !== undefined ? 'ACKNOWLEDGED' : 'SENT';
}

/**
 * By what a row is known again: the ID number with the stay and the station that assisted, so that a phone number mended later makes no second case.
 * Without an ID number the whole row counts, and equal rows count as often as they stand: two unknown persons may be written alike.
 */
export function importKeys(rows: readonly ParsedReturnRow[], keyRing: KeyRing): string[] {
  const seen = new Map<string, number>();
  return rows.map(({ values }) => {
    const { idNumber } = values;
    if (idNumber) return keyRing.keyedHash('return-import', canonicalJson([idNumber.number18, values.entryDate ?? null, values.leaveDate ?? null, values.destinationName ?? null]));
    const whole = canonicalJson(values);
    const nth = (seen.get(whole) ?? 0) + 1;
    seen.set(whole, nth);
    return keyRing.keyedHash('return-import', canonicalJson([whole, nth]));
  });
}

export function subjectOf(values: ReturnRowValues): ReturnSubjectInput {
  return {
    ...(values.name !== undefined && { name: values.name }), ...(values.idNumber && { idNumber: values.idNumber.number18 }), ...(values.sex && { sex: values.sex }),
    ...(values.birthDate && { birthDate: values.birthDate }), ...(values.estimatedAge !== undefined && { estimatedAge: values.estimatedAge }),
    ...(values.hukouDivision && { hukouDivision: values.hukouDivision.code }), ...(values.homeDivision && { homeDivision: values.homeDivision }),
    ...(values.address !== undefined && { address: values.address }), ...(values.kinName !== undefined && { kinName: values.kinName }),
    ...(values.kinPhone !== undefined && { kinPhone: values.kinPhone }), ...(values.features !== undefined && { features: values.features }),
  };
}

/** Heads that a notice cannot do without, in the order of the sheet. */
const NOTICE_HEADS: readonly [keyof ReturnRowValues, string][] = [['entryDate', '入站日期'], ['leaveDate', '离站日期'], ['returnMode', '返乡方式'], ['noticeNo', '反馈函号'], ['noticeDate', '反馈日期']];

/** A notice made of a row, or what the row lacks for one. */
export function noticeOf(values: ReturnRowValues): { input: SendReturnNoticeInput } | { missing: { head: string; zh: string }[] } {
  const missing = NOTICE_HEADS.filter(([key]) => values[key] === undefined).map(([, head]) => ({ head, zh: '发函须填写此项' }));
  const originDivision = values.homeDivision ?? values.hukouDivision?.code;
  if (!originDivision) missing.push({ head: '户籍地', zh: '发函须填写户籍地或能识别的家庭住址，以确定流出地' });
  if (missing.length > 0) return { missing };
  const fit = values.returnMode === 'ESCORTED' && FIT.test(values.condition ?? '') && !UNFIT.test(values.condition ?? '');
  const input: SendReturnNoticeInput = {
    subject: subjectOf(values), noticeNo: values.noticeNo ?? '', noticeDate: values.noticeDate ?? '', entryDate: values.entryDate ?? '', leaveDate: values.leaveDate ?? '',
    returnMode: values.returnMode ?? '', originDivision: originDivision ?? '',
    ...(values.helpReason !== undefined && { helpReason: values.helpReason }), ...(values.condition !== undefined && { condition: values.condition }), ...(fit && { fitToTravel: true }),
  };
  return { input };
}

/** A sheet has no column for 身体条件允许; 身体状况 proves it where it says so and nothing against it. */
const FIT = /良好|健康|正常|平稳|稳定|适合/u;
const UNFIT = /不|欠|未|差|重病/u;

/** Which head of the sheet an input path of `sendReturnNotice` stands for. */
export function headOfPath(path: string | undefined): string {
  const last = path?.split('.').at(-1) ?? '';
  return HEAD_OF_FIELD[last] ?? '备注';
}

const HEAD_OF_FIELD: Readonly<Record<string, string>> = {
  name: '姓名', sex: '性别', idNumber: '身份证号', birthDate: '出生日期', estimatedAge: '出生日期', hukouDivision: '户籍地', homeDivision: '家庭住址', originDivision: '户籍地', address: '家庭住址',
  kinName: '亲属姓名', kinPhone: '亲属电话', entryDate: '入站日期', leaveDate: '离站日期', returnMode: '返乡方式', fitToTravel: '身体状况', helpReason: '求助原因', condition: '身体状况',
  noticeNo: '反馈函号', noticeDate: '反馈日期', guardianAssessedOn: '出生日期', features: '备注', subject: '姓名', destinationName: '救助机构',
};
