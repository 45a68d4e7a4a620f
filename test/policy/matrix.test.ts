import { describe, expect, test } from '@jest/globals';
import { cellsOf } from '../../src/policy/catalogue.js';
import { buildMatrix, type MatrixCell } from '../../src/policy/matrix.js';
import { matrixCsv, matrixMarkdown } from '../../src/policy/matrix-print.js';
import { WORLD_NOW } from '../support/world.js';
import { CATALOGUE, shippedPolicy } from './shipped-policy.js';

const policy = shippedPolicy();
const matrix = buildMatrix(policy, WORLD_NOW);
const lines = (part: Partial<MatrixCell>): MatrixCell[] => matrix.filter((cell) => Object.entries(part).every(([key, value]) => cell[key as keyof MatrixCell] === value));

describe('the policy as a table', () => {
  test('names a relation, a rung, the rule and its basis', () => {
    expect(lines({ kind: 'RESCUE_STATION', level: 'COUNTY', purpose: 'RETURN', record: 'ReturnCase', field: 'homeCheck' })).toEqual([
      expect.objectContaining({ relation: 'origin', role: null, rung: 'FULL', rule: 'home-check-origin', basis: expect.stringContaining('民发〔2020〕14号 二(五)') }),
      expect.objectContaining({ relation: 'hukouPlace', rung: 'FULL', rule: 'home-check-hukou' }),
    ]);
  });

  test('has one line with rule `default` for a cell that nothing grants', () => {
    expect(lines({ kind: 'PUBLIC_SECURITY', level: 'COUNTY', purpose: 'SETTLEMENT', record: 'Person', field: 'name' })).toEqual([
      expect.objectContaining({ relation: null, rung: 'WITHHELD', rule: 'default' }),
    ]);
  });

  test('leaves no cell out for any class and purpose', () => {
    const cells = [...CATALOGUE.records.values()].flatMap((shape) => cellsOf(shape).map((cell) => `${shape.record}.${cell}`));
    for (const purpose of ['RETURN', 'SUPERVISION'] as const) {
      const found = new Set(lines({ kind: 'CIVIL_AFFAIRS', level: 'PROVINCE', purpose }).map(({ record, field }) => `${record}.${field}`));
      expect([...found].toSorted()).toEqual(cells.toSorted());
    }
  });

  test('has no line for a purpose that the kind may not state', () => {
    expect(lines({ kind: 'HEALTH', purpose: 'RETURN' })).toEqual([]);
    expect(lines({ kind: 'CIVIL_AFFAIRS', level: 'PROVINCE', purpose: 'POVERTY_RELIEF' })).toEqual([]);
  });

  test('under supervision shows nothing of a person', () => {
    expect(lines({ purpose: 'SUPERVISION', record: 'Person' }).filter(({ rung }) => rung !== 'WITHHELD')).toEqual([]);
    expect(lines({ purpose: 'SUPERVISION', record: 'ReturnCase', level: 'PROVINCE', relation: 'above' }).map(({ field }) => field).toSorted()).toEqual([
      'acknowledgeBy', 'acknowledgedAt', 'caseNo', 'coordinator', 'deadlinesProvisional', 'destinationAgency', 'destinationName', 'originAgency', 'receiveBy', 'receivedAt', 'sentAt', 'state', 'transitions', 'version',
    ]);
  });

  test('shows a masked rung as such', () => {
    expect(lines({ kind: 'TOWNSHIP', level: 'TOWNSHIP', record: 'Person', field: 'idNumber', purpose: 'AT_RISK_CARE' })).toEqual([expect.objectContaining({ rung: 'ENDS', relation: 'registryTownship' })]);
  });

  test('data authorities and auditors see no cell at all', () => {
    for (const kind of ['DATA_AUTHORITY', 'AUDIT'] as const) expect(lines({ kind }).every(({ rung }) => rung === 'WITHHELD')).toBe(true);
  });

  test('can be asked of some classes only', () => {
    expect(new Set(buildMatrix(policy, WORLD_NOW, [{ kind: 'PARTNER', level: 'COUNTY' }]).map(({ kind, level }) => `${kind} ${level}`))).toEqual(new Set(['PARTNER COUNTY']));
  });
});

describe('the printed table', () => {
  test('as CSV has a line a cell and quotes what must be quoted', () => {
    const csv = matrixCsv(matrix);
    expect(csv.split('\r\n')).toHaveLength(matrix.length + 2);
    expect(csv.startsWith('kind,level,role,purpose,record,field,relation,rung,rule,basis,until\r\n')).toBe(true);
    expect(matrixCsv([{ ...(matrix[0] as MatrixCell), basis: 'a "b", c' }])).toContain('"a ""b"", c"');
  });

  test('as Markdown speaks Chinese and joins what is the same', () => {
    const text = matrixMarkdown(policy, matrix);
    expect(text).toContain('## 返乡人员信息台账（ReturnCase）');
    expect(text).toContain('| 救助管理机构 | 各级 | 返乡接送与信息对接 | 流出地机构（接收的一方） | — | 家庭走访与困难（homeCheck） | 全文 | home-check-origin |');
    expect(text).toContain('| 部级、省级、市级 | 民政部门督查 |');
  });

  test('says so where a record shows nothing to those asked about', () => {
    expect(matrixMarkdown(policy, buildMatrix(policy, WORLD_NOW, [{ kind: 'AUDIT', level: 'PROVINCE' }]))).toContain('没有任何栏目');
  });
});
