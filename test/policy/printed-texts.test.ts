import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { GOLDEN_FOLDER, printedTexts } from './small-golden.js';

test.each(Object.keys(printedTexts()))('what is printed of the small policy is the committed text: %s (written anew by `node dist/test/policy/write-small-golden.js`)', (name) => {
  expect(printedTexts()[name]?.()).toBe(readFileSync(join(GOLDEN_FOLDER, name), 'utf8'));
});
