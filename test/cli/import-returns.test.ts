import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeReturnSheet } from '../exchange/make-sheet.js';
import { Guitu } from './guitu.js';

let guitu: Guitu;
let sheet: string;

beforeAll(async () => {
  guitu = await Guitu.create();
  sheet = join(guitu.folder, '台账.xlsx');
  await writeFile(sheet, (await makeReturnSheet({ rows: 20, faulty: 2 })).bytes);
});
afterAll(() => guitu.remove());

const importAs = (agency: string, file: string, ...more: string[]): ReturnType<Guitu['run']> => guitu.run(['import', 'returns', file, '--as', agency, ...more]);

test('with --all-or-nothing a faulty row keeps all out: code 1', async () => {
  const { code, stdout } = await importAs('station-320281', sheet, '--all-or-nothing');
  expect(code).toBe(1);
  expect(stdout).toContain('有 2 行不合格，按 --all-or-nothing 全部未导入');
});

test('good rows go in and faulty ones come back in a file that is named: code 3; a second import adds nothing', async () => {
  const first = await importAs('station-320281', sheet);
  expect(first.code).toBe(3);
  // besides the two faulty rows, the sheet has people of another county, who are not this station's
  const [, added, refused] = /^新增 (\d+) 行，此前已有 0 行，退回 (\d+) 行\n.*台账\.errors\.xlsx/.exec(first.stdout) ?? [];
  expect(Number(added) + Number(refused)).toBe(20);
  expect(existsSync(join(guitu.folder, '台账.errors.xlsx'))).toBe(true);
  const second = await importAs('station-320281', sheet);
  expect(second.code).toBe(3);
  expect(second.stdout).toContain(`新增 0 行，此前已有 ${added} 行，退回 ${refused} 行`);
});

test('a sheet without a fault ends with code 0', async () => {
  const clean = join(guitu.folder, '合格.xlsx');
  await writeFile(clean, (await makeReturnSheet({ rows: 1, seed: 2 })).bytes);
  expect(await importAs('station-320281', clean)).toMatchObject({ code: 0, stderr: '' });
});

test('a file that cannot be read, one that is not there, and an unknown agency end with code 1 and a sentence', async () => {
  const text = join(guitu.folder, '文本.xlsx');
  await writeFile(text, '姓名,身份证号\n');
  for (const [agency, file] of [['station-320281', text], ['station-320281', `${text}x`], ['station-999999', sheet]] as const) {
    const { code, stdout, stderr } = await importAs(agency, file);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/\p{Script=Han}/u);
    expect(stderr).not.toMatch(/\n\s+at /);
  }
});
