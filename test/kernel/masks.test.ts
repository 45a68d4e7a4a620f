import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { phoneEnds, surnameOf } from '../../src/kernel/masks.js';

describe('masks', () => {
  test.each([
    ['张三丰', '张**'], ['张三', '张**'], ['张', '张**'], [' 张三 ', '张**'], ['欧阳修', '欧阳**'], ['司马相如', '司马**'], ['諸葛亮', '諸葛**'],
    ['阿卜杜热合曼·买买提', '阿**'], ['𠮷田', '𠮷**'],
  ])('SURNAME of %p is %p', (name, masked) => {
    expect(surnameOf(name)).toBe(masked);
  });

  test('a person whose whole name looks like a compound surname is not shown whole', () => {
    expect(surnameOf('欧阳')).toBe('欧**');
  });

  test('no name, no mask', () => {
    expect(surnameOf('')).toBeNull();
    expect(surnameOf(' \u3000')).toBeNull();
  });

  test('SURNAME does not tell how long the given name is', () => {
    fc.assert(fc.property(fc.constantFrom('张', '王', '欧阳', '司马'), fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('一', '二', '三') }), (surname, given) => {
      expect(surnameOf(surname + given)).toBe(`${surname}**`);
    }));
  });

  test('a phone number shows its last two digits and not its length', () => {
    expect(phoneEnds('13812345678')).toBe('*********78');
    expect(phoneEnds('+86 138-1234-5678')).toBe('*********78');
    expect(phoneEnds('０５１０－８６８６１２３４')).toBe('*********34');
  });

  test('too short a phone number shows nothing; none gives none', () => {
    expect(phoneEnds('110')).toBe('***********');
    expect(phoneEnds('')).toBeNull();
    expect(phoneEnds('无')).toBeNull();
  });
});
