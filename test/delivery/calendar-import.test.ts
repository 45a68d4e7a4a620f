import { describe, expect, test } from '@jest/globals';
import { parseCalendar } from '../../src/delivery/calendar-import.js';
import { Refusal } from '../../src/kernel/errors.js';

const refused = (text: string): { field: string | undefined; zh: string } => {
  try {
    parseCalendar(text);
  } catch (error) {
    if (error instanceof Refusal) return { field: error.detail.field, zh: error.sentence('zh') };
    throw error;
  }
  throw new Error('it was taken');
};

describe('a calendar file', () => {
  test('is read from tabs or commas, with or without a head line and remarks, in any order', () => {
    const expected = [{ day: '2027-01-01', working: false, name: '元旦' }, { day: '2027-01-02', working: true, name: null }];
    expect(parseCalendar('date,working,name\n2027-01-02,true,\n2027-01-01,false,元旦\n')).toEqual(expected);
    expect(parseCalendar('# 国办发明电\n2027-01-01\tf\t元旦\r\n2027-01-02\tt\t\r\n')).toEqual(expected);
    expect(parseCalendar('\uFEFF日期,上班,名称\n2027-01-01,休,元旦\n2027-01-02,班,')).toEqual(expected);
  });

  test('is read from the JSON that chinese-days publishes', () => {
    expect(parseCalendar('{"holidays":{"2027-01-01":"New Year\'s Day,元旦,1"},"workdays":{"2027-02-20":"Spring Festival,春节,4"},"inLieuDays":{}}'))
      .toEqual([{ day: '2027-01-01', working: false, name: '元旦' }, { day: '2027-02-20', working: true, name: '春节' }]);
  });

  test('is refused with the line at fault', () => {
    expect(refused('2027-01-01,false\n2027-02-30,false\n').field).toBe('file:2');
    expect(refused('2027-01-01,maybe\n')).toMatchObject({ field: 'file:1' });
    expect(refused('2027-01-01,false\n2027-01-01,true\n').zh).toContain('2027-01-01');
    expect(refused('').zh).toContain('没有一天');
    expect(refused('{"holidays": 3}').field).toBe('file.holidays');
    expect(refused('{"holidays"').field).toBe('file');
  });
});
