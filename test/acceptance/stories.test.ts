import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../src/kernel/package-root.js';
import { startHub, type TestHub } from '../support/hub.js';
import { blankVarying, fillIn, keptBy, printStories, told } from './run-stories.js';
import { STORIES } from './stories.js';

let hub: TestHub;
beforeAll(async () => { hub = await startHub(); });
afterAll(() => hub.stop());

describe('the three jobs, end to end over HTTP, word for word as README has them', () => {
  const kept = new Map<string, string>();
  for (const { title, steps } of STORIES) {
    for (const [index, step] of steps.entries()) {
      test(`${title} ${index + 1}: ${step.title}`, async () => {
        const { data, text } = await hub.ask(step.agency, { headers: lowerCased(step.headers) }, fillIn(step.document, kept));
        expect(blankVarying(told(text), step.answer)).toEqual(step.answer);
        for (const [name, value] of keptBy(step, data)) kept.set(name, value);
      });
    }
  }

  test('a step sent twice under the same key takes effect once', async () => {
    const step = STORIES.flatMap(({ steps }) => steps).find(({ document }) => document.includes('sendReturnNotice'));
    if (!step) throw new Error('no story sends a notice');
    const before = await countCases();
    const { data } = await hub.ask(step.agency, { headers: lowerCased(step.headers) }, step.document);
    expect(keptBy(step, data).map(([, value]) => value)).toEqual([kept.get('CASE_NO')]);
    expect(await countCases()).toBe(before);
  });
});

describe('README', () => {
  test('holds the stories between its markers exactly as they are printed', () => {
    const readme = join(packageRoot(), 'README.md');
    expect(existsSync(readme)).toBe(true);
    const section = /<!-- stories -->\n([\s\S]*?)<!-- \/stories -->/u.exec(readFileSync(readme, 'utf8'))?.[1];
    expect(section?.trim()).toBe(printStories(STORIES).trim());
  });
});

async function countCases(): Promise<number> {
  const { data } = await hub.ask<{ returnCases: { totalCount: number } }>('station-120000', { purpose: 'RETURN' }, '{ returnCases { totalCount } }');
  return data?.returnCases.totalCount ?? -1;
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
