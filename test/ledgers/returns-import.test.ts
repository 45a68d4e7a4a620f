import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import ExcelJS from 'exceljs';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importReturns, type ImportOptions, type ImportReport } from '../../src/ledgers/returns/returns.import.js';
import { syntheticId } from '../exchange/make-sheet.js';
import { startHub, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';

const HEADS = ['序号', '姓名', '性别', '身份证号', '户籍地', '家庭住址', '亲属姓名', '亲属电话', '救助机构', '入站日期', '离站日期', '返乡方式', '求助原因', '身体状况', '反馈函号', '反馈日期', '接收日期', '家庭情况', '困难类型', '备注'];
type Row = Record<string, string | undefined>;

describe('importing a 返乡人员信息台账', () => {
  let hub: TestHub;
  let folder: string;
  beforeAll(async () => {
    hub = await startHub();
    folder = mkdtempSync(join(tmpdir(), 'guitu-import-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await hub.stop();
  });

  const fileOf = async (rows: Row[]): Promise<string> => {
    const book = new ExcelJS.Workbook();
    const sheet = book.addWorksheet('台账');
    sheet.addRow(HEADS);
    for (const [index, row] of rows.entries()) sheet.addRow(HEADS.map((head) => (head === '序号' ? index + 1 : row[head] ?? null)));
    const file = join(folder, `${randomUUID()}.xlsx`);
    await book.xlsx.writeFile(file);
    return file;
  };
  const run = (file: string, more: Partial<ImportOptions> = {}): Promise<ImportReport> => importReturns(hub.parts, { file, agency: 'station-320281', send: false, allOrNothing: false, user: '测试', ...more });
  let persons = 0;
  const person = (more: Row = {}): Row => {
    persons += 1;
    return { 姓名: `导入者${persons}`, 身份证号: syntheticId(7_000 + persons, '1970-01-02'), 户籍地: '江苏省江阴市璜土镇', 救助机构: '天津市救助管理站', 入站日期: '2026-10-01', 离站日期: '2026-10-05', 返乡方式: '自行返乡', ...more };
  };
  interface Seen { id: string; version: number; state: string; subject: { name: string } | null; person: { id: string } | null; destinationAgency: { code: string } | null; destinationName: string | null; homeCheck: { text: string } | null }
  const find = async (name: string, agency = 'station-320281'): Promise<Seen[]> => (await hub.ask<{ returnCases: { nodes: Seen[] } }>(agency, { purpose: 'RETURN' },
    'query ($name: String) { returnCases(filter: { subjectName: $name }) { nodes { id version state subject { name idNumber } person { id name } destinationAgency { code } destinationName homeCheck { text difficulties } } } }', { name })).data?.returnCases.nodes ?? [];

  test.each<[string, Row]>([
    ['SENT', {}],
    ['ACKNOWLEDGED', { 反馈函号: '津救A1', 反馈日期: '2026-10-06' }],
    ['RECEIVED', { 接收日期: '2026-10-07', 返乡方式: '护送返乡' }],
    ['AT_HOME', { 接收日期: '2026-10-07', 返乡方式: '亲属接回' }],
    ['HOME_CHECKED', { 接收日期: '2026-10-07', 家庭情况: '独居，有田二亩', 困难类型: '生活、基本医疗' }],
  ])('a row becomes a case in the state that its filled columns prove: %s', async (state, more) => {
    const row = person(more);
    expect(await run(await fileOf([row]))).toMatchObject({ imported: 1, refused: 0, errorSheet: null });
    expect(await find(row['姓名'] ?? '')).toMatchObject([{ state, subject: { name: row['姓名'] }, destinationAgency: { code: 'station-120000' } }]);
  });

  test('every transition keeps which document: a row that is imported rests on the notice that it names', async () => {
    const [named, unnamed] = [person({ 反馈函号: '津救返字〔2026〕A77号', 反馈日期: '2026-10-06' }), person()];
    await run(await fileOf([named, unnamed]));
    const documents = async (row: Row): Promise<unknown> => (await hub.ask<{ returnCases: { nodes: { transitions: unknown }[] } }>('station-320281', { purpose: 'RETURN' },
      'query ($name: String) { returnCases(filter: { subjectName: $name }) { nodes { transitions { to agency { code } documentNo documentDate } } } }', { name: row['姓名'] })).data?.returnCases.nodes;
    const by = { agency: { code: 'station-320281' } };
    expect([await documents(named), await documents(unnamed)]).toEqual([
      [{ transitions: [{ to: 'ACKNOWLEDGED', ...by, documentNo: '津救返字〔2026〕A77号', documentDate: '2026-10-06' }] }], [{ transitions: [{ to: 'SENT', ...by, documentNo: null, documentDate: null }] }],
    ]);
  });

  test('a second import of the same rows adds nothing, a mended phone number makes no second case, and a file may repeat a row', async () => {
    const rows = [person(), person(), person()];
    expect(await run(await fileOf([...rows, rows[0] ?? {}]))).toMatchObject({ imported: 3, alreadyThere: 1 });
    expect(await run(await fileOf(rows.toReversed()))).toMatchObject({ imported: 0, alreadyThere: 3 });
    expect(await run(await fileOf([{ ...rows[0], 亲属电话: '0000-1234567' }]))).toMatchObject({ imported: 0, alreadyThere: 1 });
  });

  test('rows without an ID number are known by all they say, and equal ones count as often as they stand', async () => {
    const unknown = person({ 姓名: '无名氏甲', 身份证号: undefined });
    expect(await run(await fileOf([unknown, unknown]))).toMatchObject({ imported: 2, alreadyThere: 0 });
    expect(await run(await fileOf([unknown, unknown]))).toMatchObject({ imported: 0, alreadyThere: 2 });
  });

  test('good rows go in; faulty ones come back with reason and column, and the mended error sheet adds just those', async () => {
    const [good, faulty] = [person(), person({ 身份证号: '990101197103080034' })];
    const first = await run(await fileOf([good, faulty]));
    expect(first).toMatchObject({ imported: 1, refused: 1, errorSheet: expect.stringMatching(/\.errors\.xlsx$/u) });
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(first.errorSheet ?? '');
    const [sheet] = book.worksheets;
    const heads = [...((sheet?.getRow(1).values ?? []) as string[])].map(String);
    expect(sheet?.getRow(2).getCell(heads.indexOf('错误列')).text).toContain('身份证号');
    const cell = sheet?.getRow(2).getCell(heads.indexOf('身份证号'));
    expect(cell?.value).toBe('990101197103080034');
    if (cell) cell.value = syntheticId(8_500, '1970-01-02');
    const mended = join(folder, 'mended.xlsx');
    await book.xlsx.writeFile(mended);
    expect(await run(mended)).toMatchObject({ imported: 1, refused: 0 });
    expect(await run(mended)).toMatchObject({ imported: 0, alreadyThere: 1 });
  });

  test('--all-or-nothing keeps every row out if one is faulty', async () => {
    const good = person();
    expect(await run(await fileOf([good, person({ 离站日期: '2026-09-01' })]), { allOrNothing: true })).toMatchObject({ imported: 0, refused: 1 });
    expect(await find(good['姓名'] ?? '')).toEqual([]);
  });

  test('a 救助机构 that is not on the hub is kept by name', async () => {
    const row = person({ 救助机构: '某某市救助管理站' });
    await run(await fileOf([row]));
    expect(await find(row['姓名'] ?? '')).toMatchObject([{ destinationAgency: null, destinationName: '某某市救助管理站' }]);
  });

  test('an imported row is a claim: it opens no person, check or flag until the destination confirms it', async () => {
    const known = '990201199204180283';
    const row = person({ 姓名: '猜中之人', 身份证号: known, 反馈函号: '津救猜1' });
    await run(await fileOf([row]));
    const check = async (): Promise<unknown> => (await hub.ask<{ checkReturnees: { current: boolean }[] }>('insurance-320281', { purpose: 'BENEFIT_CHECK', matter: 'M' }, `{ checkReturnees(idNumbers: ["${known}"]) { current } }`)).data?.checkReturnees[0]?.current;
    const [claim] = await find('猜中之人');
    expect([claim?.state, claim?.person, await check()]).toEqual(['ACKNOWLEDGED', null, false]);
    const confirm = (agency: string, said: object) => hub.ask(agency, { purpose: 'RETURN', key: randomUUID() }, 'mutation ($i: ConfirmReturnInput!) { confirmReturn(input: $i) { returnCase { id } } }', { i: { id: claim?.id, expectedVersion: claim?.version, ...said } });
    expect((await confirm('station-320281', { idNumber: known })).errors[0]?.extensions.code).toBe('TRANSITION_NOT_ALLOWED');
    // Whoever confirms knows whom it sent; a number that was only guessed is nobody's that it sent, and is not told.
    const refusals = await Promise.all([{}, { name: '猜中之人' }, { idNumber: '990104199406120047' }].map(async (said) => (await confirm('station-120000', said)).errors.map(({ message, extensions: { code, field } }) => ({ message, code, field }))));
    expect(refusals).toEqual(Array.from({ length: 3 }, () => [expect.objectContaining({ code: 'BAD_USER_INPUT', field: 'input.idNumber', message: expect.not.stringContaining(known) })]));
    expect([(await find('猜中之人'))[0]?.person, await check()]).toEqual([null, false]);
    expect((await confirm('station-120000', { idNumber: known })).errors).toEqual([]);
    expect([(await find('猜中之人'))[0]?.person === null, await check()]).toEqual([false, true]);
  });

  test('acknowledging one\'s own imported row opens nothing', async () => {
    const row = person({ 姓名: '自己确认', 身份证号: '993401198011090301' });
    await run(await fileOf([row]));
    const [claim] = await find('自己确认');
    const answer = await hub.ask<{ acknowledgeReturn: { returnCase: { state: string; person: unknown } } }>('station-320281', { purpose: 'RETURN', key: randomUUID() }, 'mutation ($i: ReturnStepInput!) { acknowledgeReturn(input: $i) { returnCase { state person { name } } } }', { i: { id: claim?.id, expectedVersion: claim?.version } });
    expect(answer.data?.acknowledgeReturn.returnCase).toEqual({ state: 'ACKNOWLEDGED', person: null });
  });

  test('--send turns rows into notices that the origin finds, and says what a row lacks for one', async () => {
    const full = { 反馈函号: '津救送1', 反馈日期: '2026-10-06', 救助机构: '天津市救助管理站' };
    const rows = [person(full), person({ ...full, 反馈函号: undefined }), person({ ...full, 身份证号: syntheticId(8_600, '2015-03-04'), 姓名: '送返儿童' }), person({ ...full, 返乡方式: '护送返乡' }), person({ ...full, 返乡方式: '护送返乡', 身体状况: '良好' }), person({ ...full, 户籍地: '安徽省舒城县' })];
    const report = await run(await fileOf(rows), { agency: 'station-120000', send: true });
    expect(report).toMatchObject({ imported: 3, refused: 3 });
    expect(await find(rows[0]?.['姓名'] ?? '')).toMatchObject([{ state: 'SENT', destinationAgency: { code: 'station-120000' } }]);
    expect(await find(rows[5]?.['姓名'] ?? '', 'civil-341523')).toMatchObject([{ state: 'SENT' }]);
    expect(await run(await fileOf(rows), { agency: 'station-120000', send: true })).toMatchObject({ imported: 0, alreadyThere: 3, refused: 3 });
  });

  test('an agency whose kind keeps no such ledger, or that is unknown, may not import', async () => {
    const file = await fileOf([person()]);
    await expect(run(file, { agency: 'poverty-320281' })).rejects.toMatchObject({ code: expect.stringMatching(/^(FORBIDDEN|PURPOSE_NOT_ALLOWED)$/u) });
    await expect(run(file, { agency: 'station-999999' })).rejects.toMatchObject({ code: 'NOT_FOUND', detail: { field: '--as' } });
    await expect(run(file, { agency: 'civil-320281', send: true })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('each import is one event of evidence, in the transaction of its rows', async () => {
    const row = person();
    await run(await fileOf([row]));
    const [last] = await withClient(hub.database.admin, async (client) => (await client.query<{ body: string }>('SELECT body FROM guitu_evidence.events ORDER BY seq DESC LIMIT 1')).rows);
    expect(JSON.parse(last?.body ?? '{}')).toMatchObject({ agency: 'station-320281', kind: 'command', operations: ['importReturns'], counts: { imported: 1 }, records: { ReturnCase: { ids: [expect.any(String)] } } });
    expect(last?.body).not.toContain(row['身份证号']);
  });
});
