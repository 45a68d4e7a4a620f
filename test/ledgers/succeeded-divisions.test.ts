import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startHub, type TestHub } from '../support/hub.js';
import { withClient } from '../support/test-server.js';

/** 姑苏区 320508 took over 沧浪 320502, 平江 320503 and 金阊 320504 in 2012. */
describe('records of an abolished division', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub();
    await withClient(hub.database.admin, async (client) => {
      await client.query("INSERT INTO guitu.agencies (code, name, kind, level, division) VALUES ('civil-320508', '姑苏区民政和卫生健康局', 'CIVIL_AFFAIRS', 'COUNTY', '320508'), ('civil-320505', '虎丘区民政局', 'CIVIL_AFFAIRS', 'COUNTY', '320505')");
      await client.query("UPDATE guitu.return_cases SET origin_division = '320503' WHERE case_no = 'GT-F5ZZZ-CEPW8'");
    });
  });
  afterAll(() => hub.stop());

  const seen = async (agency: string): Promise<unknown> => (await hub.ask<{ returnCases: { nodes: unknown[] } }>(agency, { purpose: 'RETURN' }, '{ returnCases { nodes { caseNo person { name } } } }')).data?.returnCases.nodes;

  test('belong to the division that took it over, through lens and row-level security alike', async () => {
    expect(await seen('civil-320508')).toEqual([{ caseNo: 'GT-F5ZZZ-CEPW8', person: { name: '林归来' } }]);
  });

  test('and to no neighbour, nor any longer to the county that they named', async () => {
    expect(await seen('civil-320505')).toEqual([]);
    expect(await seen('civil-320281')).not.toContainEqual(expect.objectContaining({ caseNo: 'GT-F5ZZZ-CEPW8' }));
  });

  test('a notice to an abolished code is refused, because nobody is there to answer it', async () => {
    const input = { subject: { name: '旧区划' }, noticeNo: '旧一号', noticeDate: '2026-11-18', entryDate: '2026-11-10', leaveDate: '2026-11-17', returnMode: 'SELF', originDivision: '320503' };
    const { errors } = await hub.ask('station-120000', { purpose: 'RETURN', key: 'abolished' }, 'mutation ($input: SendReturnNoticeInput!) { sendReturnNotice(input: $input) { returnCase { id } } }', { input });
    expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.originDivision' });
  });
});
