import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../src/kernel/package-root.js';
import { parseDeadlines } from '../../src/policy/deadlines.js';
import { YamlFile } from '../../src/policy/yaml-reader.js';

const shipped = readFileSync(join(packageRoot(), 'policies', 'deadlines.yaml'), 'utf8');
const entry = '- { deadline: a, title: 甲, from: 乙, amount: 2, unit: workingDays, class: DESIGN, reason: 丙 }\n';

describe('deadlines', () => {
  test.each([
    ['acknowledgeReturn', 2, 'workingDays', 'DESIGN'], ['receiveReturnee', 5, 'workingDays', 'DESIGN'], ['recordHomeCheck', 10, 'workingDays', 'DESIGN'], ['recordHomeCheckOfMinor', 5, 'workingDays', 'DESIGN'],
    ['confirmHouseholdFlag', 10, 'workingDays', 'DESIGN'], ['releaseHouseholdFlag', 1, 'dayOfMonth', 'DESIGN'], ['recordVisit', 2, 'calendarMonths', 'POLICY'], ['visitTerm', 1, 'calendarYears', 'POLICY'],
  ])('%s is shipped as %d %s, %s', (step, amount, unit, kind) => {
    expect(parseDeadlines(new YamlFile('deadlines.yaml', shipped)).get(step)).toMatchObject({ step, amount, unit, class: kind });
  });

  test.each([
    ['a missing amount', entry.replace('amount: 2, ', ''), /^deadlines\.yaml:1:3: a deadline has no `amount`; add/u],
    ['an amount that is no number', entry.replace('2,', 'two,'), /`amount` is not a positive whole number/u],
    ['nought', entry.replace('2,', '0,'), /`amount` is not a positive whole number/u],
    ['an unknown unit', entry.replace('workingDays', 'workdays'), /unit `workdays` is not known/u],
    ['an unknown class', entry.replace('DESIGN', 'RULE'), /class `RULE` is not known/u],
    ['an unknown key', entry.replace('reason', 'because'), /`because` is not known in a deadline/u],
    ['one that stands twice', entry + entry, /^deadlines\.yaml:2:3: deadline `a` stands twice; keep one/u],
    ['a day that some months lack', entry.replace('2, unit: workingDays', '29, unit: dayOfMonth'), /not every month has a day 29/u],
    ['an empty file', '', /the list of deadlines is empty/u],
    ['a mapping instead of a list', 'a: 1\n', /the list of deadlines is not a list/u],
  ])('%s is refused with its place', (_, text, says) => {
    const file = new YamlFile('deadlines.yaml', text);
    parseDeadlines(file);
    expect(file.faults.map(({ message }) => message)).toContainEqual(expect.stringMatching(says));
  });
});
