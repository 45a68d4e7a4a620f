import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { realpathSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../src/kernel/package-root.js';
import { world, worldId, type WorldCase } from '../support/world.js';
import { Guitu } from './guitu.js';

const shipped = realpathSync(join(packageRoot(), 'policies'));
let guitu: Guitu;
let made = 0;

beforeAll(async () => { guitu = await Guitu.create(); });
afterAll(() => guitu.remove());

/** A copy of the shipped policy with one text replaced. */
async function candidate(file: string, from: string, to: string): Promise<string> {
  const folder = join(guitu.folder, `candidate-${(made += 1)}`);
  await cp(shipped, folder, { recursive: true });
  const text = await readFile(join(folder, file), 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  await writeFile(join(folder, file), text.replace(from, to));
  return folder;
}

function getCase(name: string): WorldCase {
  const found = world.cases[name];
  if (!found) throw new Error(`the world has no case ${name}`);
  return found;
}

const widened = (): Promise<string> => candidate('return-case.yaml', 'home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [origin]', 'home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [origin, destination]');
const NO_DATABASE = { GUITU_DATA: '/nonexistent/guitu' };

describe('policy diff', () => {
  test('names the kind of agency that gains, the field, and a record of the database that shows it', async () => {
    const { code, stdout, stderr } = await guitu.run(['policy', 'diff', shipped, await widened()]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/救助管理机构、民政部门（各级），用途「返乡接送与信息对接」，关系为「流入地机构（救助并送返的一方）」：\n *《返乡人员信息台账》的家庭走访与困难（homeCheck），由「不给看」变为「全文」/u);
    const cases = Object.entries(world.cases).filter(([, { destination }]) => destination === 'station-120000').map(([name]) => `rc_${worldId('case', name)}`);
    const [, witness] = /station-120000 看 (rc_[0-9a-f-]{36})/u.exec(stdout) ?? [];
    expect(cases).toContain(witness);
    for (const { name, idNumber } of Object.values(world.persons)) for (const value of [name, idNumber]) if (value) expect(stdout).not.toContain(value);
  });

  test('needs no database where it is told so, and says what it then did not see', async () => {
    const { code, stdout } = await guitu.run(['policy', 'diff', '--no-database', shipped, await candidate('return-case.yaml', 'for: [RETURN], when: { confirmed: { is: true } }', 'for: [RETURN]')], NO_DATABASE);
    expect(code).toBe(0);
    expect(stdout).toContain('规则改动 1 处，但按规则，谁能看到什么、办理什么都没有变化。没有查看数据库，条件放宽或收紧对记录的影响不在其中。');
    expect(stdout).toMatch(/confirmed-person，改动：条件由「对方已经确认、此后没有异议」改为「无」/u);
  });

  test('ends with code 1 where rules differ and that is asked for; else with 0; NEW is by default the folder in force', async () => {
    const folder = await widened();
    const run = async (...words: string[]): Promise<number | null> => (await guitu.run(['policy', 'diff', '--no-database', ...words], { ...NO_DATABASE, GUITU_POLICIES: folder })).code;
    expect([await run(shipped), await run('--exit-code', shipped), await run('--exit-code', folder)]).toEqual([0, 1, 0]);
  });

  test('as JSON holds the versions, the cells and the witnesses', async () => {
    const { stdout } = await guitu.run(['policy', 'diff', '--json', '--agency', 'station-320281', shipped, await widened()]);
    const { before, after, effect, cells, database } = JSON.parse(stdout) as { before: string; after: string; effect: boolean; cells: { field: string }[]; database: { agencies: number; witnesses: { agency: string; ids: string[] }[] } };
    expect([before.length, after.length, effect, database.agencies]).toEqual([64, 64, true, 1]);
    expect(new Set(cells.map(({ field }) => field))).toEqual(new Set(['homeCheck']));
    expect(new Set(database.witnesses.map(({ agency }) => agency))).toEqual(new Set(['station-320281']));
  });

  test('says which folder holds the policy that cannot be compared', async () => {
    const broken = await candidate('person.yaml', 'record: Person', 'record: Persn');
    const { code, stderr } = await guitu.run(['policy', 'diff', '--no-database', shipped, broken], NO_DATABASE);
    expect(code).toBe(1);
    expect(stderr).toContain(broken);
    expect(stderr).toMatch(/person\.yaml:\d+:\d+: .*Persn/u);
  });
});

describe('policy explain', () => {
  const name = 'lin-guilai-from-tianjin';
  const { caseNo } = getCase(name);

  test('prints what the agency itself would be told, by id or by number', async () => {
    const words = (record: string): string[] => ['policy', 'explain', '--as', 'station-120000', '--purpose', 'RETURN', record, 'homeCheck'];
    const byId = await guitu.run(words(`rc_${worldId('case', name)}`));
    expect(byId.stdout).toMatch(/^【该单位得到的答复】\nstation-120000 以 RETURN 为用途看家庭走访与困难（homeCheck）：不给看（WITHHELD）\n {2}因为 /u);
    expect(byId.stdout).not.toContain('策略作者');
    expect((await guitu.run(words(caseNo))).stdout).toBe(byId.stdout);
  });

  test('for the author adds every rule as it stands on the record, marked as not for the agency', async () => {
    const { code, stdout } = await guitu.run(['policy', 'explain', '--for-author', '--as', 'station-120000', '--purpose', 'RETURN', caseNo, 'homeCheck']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/【只供策略作者：[^】]*不得转告】\n看得到这条记录；家庭走访与困难（homeCheck）：不给看（WITHHELD）/u);
    expect(stdout).toMatch(/✓ 给出记录 party 成立 {2}return-case\.yaml:\d+:\d+\n *关系「流入地机构（救助并送返的一方）」（流入地机构是本单位）：是\n *关系「流出地机构（接收的一方）」（流出地机构是本单位）：否/u);
    expect(stdout).toMatch(/✗ 给出栏目 home-check-origin（全文） 不成立/u);
    expect(stdout).toMatch(/与这一请求无关的规则：[^]*给出栏目 home-check-county：不是这类单位/u);
  });

  test('of a hidden record tells the author why, and the agency nothing', async () => {
    const [name] = Object.entries(world.cases).find(([, { person, origin }]) => world.persons[person]?.protection && origin === 'station-320281') ?? ['none'];
    const words = ['policy', 'explain', '--as', 'station-320281', '--purpose', 'RETURN', `rc_${worldId('case', name)}`, 'state'];
    const { code, stdout, stderr } = await guitu.run(words);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/没有这条记录，或该单位在此用途下看不到它/u);
    const author = await guitu.run([...words, '--for-author']);
    expect(author.stdout).toMatch(/station-320281 以 RETURN 为用途：没有这条记录\n\n【只供策略作者/u);
    expect(author.stdout).toMatch(/看不到这条记录；状态（state）：不给看（WITHHELD）[^]*✓ 否决记录 protected 成立[^]*条件：「受保护」：是/u);
  });

  test('takes several roles; refuses a purpose that the agency may not state as the hub would', async () => {
    const [name] = Object.entries(world.cases).find(([, { subject, person, origin }]) => origin === 'station-320281' && (subject?.birthDate ?? world.persons[person]?.birthDate ?? '') > '2012') ?? ['none'];
    const words = (...roles: string[]): string[] => ['policy', 'explain', '--as', 'station-320281', '--purpose', 'RETURN', ...roles, `rc_${worldId('case', name)}`, 'subject'];
    expect((await guitu.run(words())).stdout).toContain('WITHHELD');
    expect((await guitu.run(words('--role', 'CLERK', '--role', 'minors_officer'))).stdout).toContain('看反馈方所写的个人情况（subject）：全文');
    expect(await guitu.run(['policy', 'explain', '--as', 'health-320281', '--purpose', 'RETURN', `rc_${worldId('case', name)}`, 'subject'])).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('policy check, test and matrix', () => {
  test('check lists what it checked, in Chinese', async () => {
    const { stdout } = await guitu.run(['policy', 'check'], NO_DATABASE);
    for (const what of ['穷尽', '不矛盾', '不可拼合', '用途与依据', '共享属性', '样例']) expect(stdout).toContain(`  ${what}：`);
  });

  test('check gives editors each fault as JSON: file, line, column, problem, mend', async () => {
    const { code, stdout, stderr } = await guitu.run(['policy', 'check', '--json', await candidate('person.yaml', 'record: Person', 'record: Persn')], NO_DATABASE);
    const { sound, faults } = JSON.parse(stdout) as { sound: boolean; faults: object[] };
    expect([code, stderr, sound]).toEqual([1, '', false]);
    expect(faults).toContainEqual({ file: 'person.yaml', line: 3, column: expect.any(Number), problem: expect.stringContaining('Persn'), mend: expect.any(String) });
    expect(JSON.parse((await guitu.run(['policy', 'check', '--json'], NO_DATABASE)).stdout)).toMatchObject({ sound: true, faults: [] });
  });

  test('test prints each example that is not borne out, viewer → what it sees, and ends with code 1', async () => {
    const { code, stdout, stderr } = await guitu.run(['policy', 'test', await widened()], NO_DATABASE);
    expect(code).toBe(1);
    expect(stdout).toContain('不符 2 个');
    expect(stderr).toMatch(/^return-case\.yaml:\d+:\d+: 省级救助管理机构，用途「返乡接送与信息对接」，角色经办人，关系为「流入地机构（救助并送返的一方）」.* → 家庭走访与困难（homeCheck）应为不给看（WITHHELD），实为全文（FULL）$/mu);
  });

  test('matrix can be had for one record, and with a mark for spreadsheets', async () => {
    const { stdout } = await guitu.run(['policy', 'matrix', '--record', 'Person', '--csv', '--bom'], NO_DATABASE);
    expect(stdout.startsWith('\uFEFFkind,level,')).toBe(true);
    expect(new Set(stdout.trimEnd().split('\r\n').slice(1).map((line) => line.split(',')[4]))).toEqual(new Set(['Person']));
    const markdown = (await guitu.run(['policy', 'matrix', '--record', 'Person'], NO_DATABASE)).stdout;
    expect(markdown.match(/^## .*$/gmu)).toEqual(['## 人员（Person）']);
    expect(await guitu.run(['policy', 'matrix', '--record', 'Persn'], NO_DATABASE)).toMatchObject({ code: 2, stdout: '' });
    expect(await guitu.run(['policy', 'matrix', '--bom'], NO_DATABASE)).toMatchObject({ code: 2, stdout: '' });
  });
});
