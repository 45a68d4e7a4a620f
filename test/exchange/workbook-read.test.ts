import { describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellText } from '../../src/exchange/sheet-cell.js';
import { SHEET_LIMITS } from '../../src/exchange/sheet-refusals.js';
import { openWorkbook } from '../../src/exchange/workbook-read.js';
import { buildZip } from '../../src/exchange/zip-write.js';
import { rawWorkbook, refusalOf, textBook, type RawOptions } from './raw-workbook.js';

async function texts(options: RawOptions): Promise<string[][]> {
  const { sheets: [sheet] } = await openWorkbook(rawWorkbook(options));
  return [...(sheet?.rows() ?? [])].map(({ cells }) => Array.from(cells, cellText));
}

async function cells(xml: string, more: Partial<RawOptions> = {}) {
  const { sheets: [sheet] } = await openWorkbook(rawWorkbook({ rows: `<row r="1">${xml}</row>`, ...more }));
  return [...(sheet?.rows() ?? [])].flatMap((row) => [...row.cells]);
}

describe('what a workbook may hold', () => {
  test('rich text is joined, in shared and in inline strings, and phonetic guides are left out', async () => {
    const strings = '<si><r><t>张</t></r><r><rPr/><t xml:space="preserve">三 </t></r></si><si><t>李四</t><rPh sb="0" eb="1"><t>lisi</t></rPh></si>';
    expect(await texts({ strings, rows: '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><r><t>王</t></r><r><t>五</t></r></is></c></row>' })).toEqual([['张三 ', '李四', '王五']]);
  });
  test('a formula stands for its stored result, and without one, or with an error, for an error', async () => {
    expect(await cells('<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>A1</f><v>江阴</v></c><c r="C1" t="str"><f>A1</f><v></v></c><c r="D1" t="e"><f>Z1</f><v>#N/A</v></c><c r="E1"><f>NOW()</f></c>')).toEqual([
      { kind: 'number', number: 2, text: '2' }, { kind: 'text', text: '江阴' }, undefined, { kind: 'error', text: '#N/A' }, { kind: 'error', text: '#公式未计算' },
    ]);
  });
  test('a hyperlink is read as its text', async () => {
    expect(await texts({ rows: '<row r="1"><c r="A1" t="inlineStr"><is><t>见附件</t></is></c></row>', tail: '<hyperlinks><hyperlink ref="A1" r:id="rId9"/></hyperlinks>' })).toEqual([['见附件']]);
  });
  test('entities, CDATA, comments, escapes and a prefix are understood', async () => {
    expect(await texts({ rows: '<x:row r="1"><!-- <c> --><x:c r="A1" t="inlineStr"><x:is><x:t>a&lt;&#x5f20;&amp;amp;<![CDATA[<b>]]>_x000D_</x:t></x:is></x:c></x:row>' })).toEqual([['a<张&amp;<b>\r']]);
  });
  test('rows and cells without references follow each other, and gaps stay gaps', async () => {
    const { sheets: [sheet] } = await openWorkbook(rawWorkbook({ rows: '<row><c><v>1</v></c><c><v>2</v></c></row><row r="5"><c r="C5"><v>3</v></c><c><v>4</v></c></row><row/><row><c><v>5</v></c></row>' }));
    expect([...(sheet?.rows() ?? [])].map(({ rowNo, cells }) => [rowNo, ...Array.from(cells, cellText)])).toEqual([[1, '1', '2'], [5, '', '', '3', '4'], [7, '5']]);
  });
  test('parts are found through relationships, absolute ones and other names included', async () => {
    expect(await texts({ sheetTarget: '/xl/worksheets/Data.xml', rows: '<row r="1"><c r="A1"><v>7</v></c></row>' })).toEqual([['7']]);
  });
  test('a numeric cell with a date format is a day in either date system, whatever the time zone', async () => {
    const styles = '<numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/><numFmt numFmtId="171" formatCode="0.00_);[Red]\\(0.00\\)"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="31"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs>';
    const row = [0, 1, 2, 3, 4].map((s) => `<c s="${s}"><v>45296.99</v></c>`).join('');
    const day = { kind: 'date', date: '2024-01-05', serial: 45296.99 };
    const number = { kind: 'number', number: 45296.99, text: '45296.99' };
    expect(await cells(row, { styles })).toEqual([number, day, day, day, number]);
    expect(await cells('<c s="1"><v>43834</v></c>', { styles, date1904: true })).toEqual([{ kind: 'date', date: '2024-01-05', serial: 43834 }]);
  });
  test('drop-down lists over whole columns and merges over the whole sheet cost nothing', async () => {
    expect(await texts({ rows: '<row r="1"><c r="A1"><v>7</v></c></row>', merges: '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', tail: '<dataValidations><dataValidation sqref="A1:Z1048576"/></dataValidations>' })).toEqual([['7']]);
  });
});

const main = (target: string) => ({ path: '_rels/.rels', text: `<Relationships><Relationship Type="http://x/officeDocument" Target="${target}"/></Relationships>` });

describe('what is refused', () => {
  test('an old .xls or a file with a password, by its first bytes', async () => {
    expect(await refusalOf(openWorkbook(Buffer.from('d0cf11e0a1b11ae10000', 'hex')))).toMatch(/旧版 \.xls.*密码/);
  });
  test('something that is no zip, an empty file, a cut one, a missing one', async () => {
    expect(await refusalOf(openWorkbook(Buffer.from('姓名,身份证号\n')))).toMatch(/不是 \.xlsx/);
    expect(await refusalOf(openWorkbook(Buffer.alloc(0)))).toMatch(/空的/);
    const whole = textBook([['姓名']]);
    expect(await refusalOf(openWorkbook(whole.subarray(0, whole.length - 40)))).toMatch(/没有传完/);
    expect(await refusalOf(openWorkbook('/no/such/file.xlsx'))).toMatch(/没有这个文件/);
  });
  test('.xlsb, .ods and other zips, each by name where it is known', async () => {
    expect(await refusalOf(openWorkbook(buildZip([main('xl/workbook.bin')])))).toMatch(/\.xlsb/);
    expect(await refusalOf(openWorkbook(buildZip([{ path: 'content.xml', text: '<a/>' }])))).toMatch(/\.ods/);
    expect(await refusalOf(openWorkbook(buildZip([main('word/document.xml')])))).toMatch(/不是电子表格/);
  });
  test('a file beyond the size limit, before it is read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'guitu-sheet-'));
    try {
      await writeFile(join(folder, 'big.xlsx'), Buffer.alloc(SHEET_LIMITS.fileBytes + 1));
      expect(await refusalOf(openWorkbook(join(folder, 'big.xlsx')))).toMatch(/超过 50 MB/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
  test('a zip bomb: stated sizes are added up unopened, and a part that lies about its size is stopped there', async () => {
    const bomb = textBook([['姓名']]);
    const entry = bomb.lastIndexOf(Buffer.from('xl/worksheets/sheet1.xml')) - 46;
    const stated = Buffer.from(bomb);
    stated.writeUInt32LE(0xf0000000, entry + 24);
    expect(await refusalOf(openWorkbook(stated))).toMatch(/解压后过大/);
    const lying = Buffer.from(bomb);
    lying.writeUInt32LE(5, entry + 24);
    const { sheets: [sheet] } = await openWorkbook(lying);
    expect(await refusalOf((async () => [...(sheet?.rows() ?? [])])())).toMatch(/已损坏/);
  });
  test('a part whose checksum differs', async () => {
    const bytes = textBook([['姓名']]);
    const damaged = Buffer.from(bytes);
    damaged.writeUInt32LE(1, bytes.lastIndexOf(Buffer.from('xl/workbook.xml')) - 46 + 16);
    expect(await refusalOf(openWorkbook(damaged))).toMatch(/已损坏/);
  });
  test('a document type, which is how entities explode', async () => {
    const { sheets: [sheet] } = await openWorkbook(rawWorkbook({ rows: '<!DOCTYPE x [<!ENTITY a "b">]>' }));
    expect(await refusalOf((async () => [...(sheet?.rows() ?? [])])())).toMatch(/不允许/);
  });
  test('more than 100,000 rows with content; styled empty rows do not count', async () => {
    const many = Array.from({ length: SHEET_LIMITS.rows + 1 }, () => '<row><c><v>1</v></c></row>').join('');
    const { sheets: [sheet] } = await openWorkbook(rawWorkbook({ rows: many }));
    expect(await refusalOf((async () => [...(sheet?.rows() ?? [])])())).toMatch(/100000 行/);
    expect(await texts({ rows: '<row s="1"><c s="1"/></row>'.repeat(SHEET_LIMITS.rows + 1) })).toEqual([]);
  });
});
