import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isFault } from '../../src/kernel/fault.js';
import { cleanText, codeText, halfWidth, type TextLimits } from '../../src/kernel/text.js';

const faultOf = (text: string, limits: TextLimits = { maxChars: 10 }): string | undefined => {
  const cleaned = cleanText(text, limits);
  return isFault(cleaned) ? cleaned.fault : undefined;
};

describe('texts from people', () => {
  test('full-width letters, digits and punctuation become half width; other characters stay', () => {
    expect(halfWidth('ＡＢｃ０１９（）－：　张。')).toBe('ABc019()-: 张。');
  });

  test('a code loses blanks and invisible characters wherever they are', () => {
    expect(codeText('\uFEFF ３２ 02\u200B81\u00A0\n')).toBe('320281');
  });

  test('blanks around a text go, blanks inside stay', () => {
    expect(cleanText('\u3000 张 三\t\n', { maxChars: 10 })).toBe('张 三');
    expect(cleanText(' \u3000 ', { maxChars: 10 })).toBe('');
  });

  test('two spellings of one character become one', () => {
    expect(cleanText('e\u0301', { maxChars: 1 })).toBe('é');
  });

  test('control characters, NUL among them, and overrides of the writing direction are refused', () => {
    for (const bad of ['张\u0000三', '张\u0007三', '张\u007F三', '张\u0085三', '张\n三', '张\u2028三', '张\u202E三', '张\u2066三']) expect(faultOf(bad)).toBe('CONTROL_CHARACTER');
  });

  test('where several lines are allowed, every line end becomes a line feed, and NUL is still refused', () => {
    expect(cleanText('一\r\n二\r三\u2028四\t五', { maxChars: 20, lines: true })).toBe('一\n二\n三\n四\t五');
    expect(faultOf('一\n\u0000', { maxChars: 20, lines: true })).toBe('CONTROL_CHARACTER');
  });

  test('half a surrogate pair is refused, a whole one counts as one character', () => {
    expect(faultOf('张\uD842')).toBe('LONE_SURROGATE');
    expect(faultOf('\uDFB7三')).toBe('LONE_SURROGATE');
    expect(cleanText('𠮷𠮷', { maxChars: 2 })).toBe('𠮷𠮷');
  });

  test('a text of the limit is taken, one character more is refused', () => {
    expect(faultOf('一'.repeat(10))).toBeUndefined();
    expect(faultOf('一'.repeat(11))).toBe('TOO_LONG');
  });

  test('what came out clean comes out the same when cleaned again', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 30 }), fc.boolean(), (text, lines) => {
      const once = cleanText(text, { maxChars: 100, lines });
      if (!isFault(once)) expect(cleanText(once, { maxChars: 100, lines })).toBe(once);
    }));
  });
});
