import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOLDEN_FOLDER, printedTexts } from './small-golden.js';

/** Writes anew what `printed-texts.test.ts` compares; read the difference before it is committed. */
mkdirSync(GOLDEN_FOLDER, { recursive: true });
for (const [name, print] of Object.entries(printedTexts())) writeFileSync(join(GOLDEN_FOLDER, name), print());
