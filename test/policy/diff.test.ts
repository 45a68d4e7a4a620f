import { describe, expect, test } from '@jest/globals';
import { diffPolicies, type PolicyDiff } from '../../src/policy/diff.js';
import { diffText, hasEffect } from '../../src/policy/diff-print.js';
import { diffRules } from '../../src/policy/diff-rules.js';
import { heightOf, PolicyRefused, type Policy } from '../../src/policy/language.js';
import { parsePolicy, type PolicySource } from '../../src/policy/parse-policy.js';
import { CATALOGUE, SHIPPED_SOURCES, shippedPolicy, withChange } from './shipped-policy.js';

const NOW = new Date('2026-03-02T09:00:00+08:00');
const shipped = shippedPolicy();
const changed = (name: string, from: string | RegExp, to: string): Policy => parsePolicy(withChange(name, from, to), CATALOGUE);
const diffTo = (name: string, from: string | RegExp, to: string): PolicyDiff => diffPolicies(shipped, changed(name, from, to), CATALOGUE, NOW);
/** `KIND LEVEL PURPOSE Record.field relation role situation: FROM > TO`, levels folded. */
const told = ({ cells }: PolicyDiff): string[] => [...new Set(cells.map((cell) => `${cell.kind} ${cell.purpose} ${cell.record}.${cell.field} ${cell.relations.join('+') || '-'} ${cell.roles.join('+') || '-'} ${cell.situation}: ${cell.from} > ${cell.to}`))].toSorted();
const rulesOf = ({ rules }: PolicyDiff): string[] => rules.map(({ section, name, change, parts }) => `${section} ${name} ${change}: ${parts.map(({ part }) => part).join(' ')}`);

describe('a policy and another', () => {
  test('that is the same differ in nothing', () => {
    const diff = diffPolicies(shipped, shippedPolicy(), CATALOGUE, NOW);
    expect(diff).toEqual({ before: shipped.hash, after: shipped.hash, cells: [], purposes: [], operations: [], writes: [], terms: [], rules: [] });
    expect(diffText([shipped, shipped], CATALOGUE, diff, null)).toMatch(/完全相同/u);
  });

  test('with a rule widened to another relation: the kinds of that relation gain the field, nobody loses', () => {
    const diff = diffTo('return-case.yaml', 'grant: home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [origin]', 'grant: home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [origin, destination]');
    expect(told(diff)).toEqual(['CIVIL_AFFAIRS RETURN ReturnCase.homeCheck destination - ADULT: WITHHELD > FULL', 'RESCUE_STATION RETURN ReturnCase.homeCheck destination - ADULT: WITHHELD > FULL']);
    expect(diff.cells.every(({ rule }) => rule === 'home-check-origin')).toBe(true);
    expect(rulesOf(diff)).toEqual(['field home-check-origin changed: 关系']);
  });

  test('with a rule narrowed to a mask: those it speaks for lose the full value, and keep the mask', () => {
    const diff = diffTo('person.yaml', 'grant: matched-id-number, rung: FULL', 'grant: matched-id-number, rung: ENDS');
    expect(told(diff)).toEqual(['CIVIL_AFFAIRS POVERTY_RELIEF Person.idNumber matchedHousehold - ADULT: FULL > ENDS']);
    expect(new Set(diff.cells.map(({ level }) => level))).toEqual(new Set(['COUNTY']));
  });

  test('with a new exception to a veto: only records of the protected open', () => {
    const diff = diffTo('person.yaml', 'except: [holdingStation, holdingCivilAffairs, namedUnit], basis: 个人信息保护法 第二十八条、第三十四条：受保护人员保密', 'except: [holdingStation, holdingCivilAffairs, namedUnit, returnOrigin], basis: 个人信息保护法 第二十八条、第三十四条：受保护人员保密');
    expect(new Set(diff.cells.map(({ situation, relations, from }) => `${situation} ${relations.join('+')} ${from}`))).toEqual(new Set(['returnOrigin', 'returnCoordinator+returnOrigin', 'returnReferred+returnOrigin', ...['registryStation', 'registryCounty', 'registryReceiving', 'registryTownship', 'settlementStation', 'settlementCivilAffairs', 'settlementCounty', 'inquiryStation', 'inquiryPolice', 'inquiryCivilAffairs', 'inquiryCounty', 'matchedHousehold'].map((relation) => `${relation}+returnOrigin`)].map((relations) => `PROTECTED ${relations} WITHHELD`)));
    expect(new Set(diff.cells.map(({ field }) => field)).size).toBe(13);
  });

  test('with one exception less to a cap of minors: only records of minors close, to that relation', () => {
    const diff = diffTo('return-case.yaml', 'except: [author, caringDestination, holdingStation, holdingCivilAffairs]', 'except: [author, holdingStation, holdingCivilAffairs]');
    expect(new Set(diff.cells.map(({ situation, relations, from, to }) => `${situation} ${relations.join('+')} ${from} ${to}`))).toEqual(new Set(['destination', 'origin', 'ownCounty', 'hukouPlace', 'escort', 'coordinatorOfMatter'].map((other) => `MINOR ${other}+caringDestination FULL WITHHELD`)));
    expect(new Set(diff.cells.map(({ field }) => field))).toEqual(new Set(['helpReason', 'condition', 'custodyPlace', 'handlingCodes', 'subject']));
  });

  test('with an operation opened to another kind: it gains the operation for that purpose', () => {
    const diff = diffTo('operations.yaml', '{ kind: [PARTNER], for: [BENEFIT_CHECK] }', '{ kind: [PARTNER], for: [BENEFIT_CHECK, RETURN] }');
    expect(new Set(diff.operations.map(({ gained, kind, operation, purpose }) => `${gained} ${kind} ${operation} ${purpose}`))).toEqual(new Set(['true PARTNER checkReturnees RETURN']));
    expect([diff.cells, diff.purposes, diff.writes]).toEqual([[], [], []]);
  });

  test('with a purpose closed to a kind: it loses the purpose, its operations, and every cell that it had for it', () => {
    const diff = diffTo('purposes.yaml', '- { kind: [DATA_AUTHORITY, AUDIT] }', '- { kind: [AUDIT] }');
    expect(new Set(diff.purposes.map(({ gained, kind, purpose }) => `${gained} ${kind} ${purpose}`))).toEqual(new Set(['false DATA_AUTHORITY AUDIT']));
    const relief = diffTo('purposes.yaml', '- { kind: [POVERTY_RELIEF], roles', '- { kind: [POVERTY_RELIEF], level: [COUNTY], roles');
    expect(relief.cells.filter(({ record, level, to }) => record === 'RegisteredHousehold' && level === 'PROVINCE' && to === 'WITHHELD').map(({ field }) => field).toSorted()).toEqual(['division', 'flag', 'formerMembers', 'headName', 'help', 'history', 'householdNo', 'kind', 'members']);
    expect(relief.operations.filter(({ level, gained }) => level === 'PROVINCE' && !gained).map(({ operation }) => operation)).toContain('flagHouseholds');
  });

  test('with a purpose that no longer names roles: the administrator and the auditor gain it, whom no rule names', () => {
    const diff = diffTo('purposes.yaml', '- { kind: [RESCUE_STATION, CIVIL_AFFAIRS], roles: [CLERK, APPROVER, SHARING_OFFICER, MINORS_OFFICER] }', '- { kind: [RESCUE_STATION, CIVIL_AFFAIRS] }');
    expect(new Set(diff.purposes.map(({ gained, kind, purpose, roles }) => `${gained} ${kind} ${purpose} ${roles.join()}`))).toEqual(new Set(['RESCUE_STATION', 'CIVIL_AFFAIRS'].flatMap((kind) => ['ADMIN', 'AUDITOR'].map((role) => `true ${kind} RETURN ${role}`))));
    expect(new Set(diff.operations.map(({ gained, purpose, roles }) => `${gained} ${purpose} ${roles.join()}`))).toEqual(new Set(['true RETURN ADMIN', 'true RETURN AUDITOR']));
    expect(diff.cells).toEqual([]);
  });

  test('with a write rule for another relation, or other fields: the way that opened and the one that closed', () => {
    const wider = diffTo('return-case.yaml', '{ write: recallReturn, kind: [RESCUE_STATION], for: [RETURN], as: [destination], after: [destination]', '{ write: recallReturn, kind: [RESCUE_STATION], for: [RETURN], as: [destination, origin], after: [destination]');
    expect(new Set(wider.writes.map(({ gained, kind, operation, as, after }) => `${gained} ${kind} ${operation} ${as} ${after}`))).toEqual(new Set(['true RESCUE_STATION recallReturn origin destination']));
    const conditioned = diffTo('return-case.yaml', '{ write: recallReturn, kind: [RESCUE_STATION], for: [RETURN], as: [destination]', '{ write: recallReturn, kind: [RESCUE_STATION], for: [RETURN], as: [destination], when: { confirmed: { is: false } }');
    expect(new Set(conditioned.writes.map(({ gained, when }) => `${gained} ${JSON.stringify(when)}`))).toEqual(new Set(['false null', 'true {"is":{"attribute":"confirmed","value":{"literal":false}}}']));
  });

  test('with another sharing class, limit or need of a matter: each term, before and after', () => {
    expect(diffTo('person.yaml', 'sharing: conditional', 'sharing: unconditional').terms).toEqual([{ subject: 'Person', term: 'sharing', from: 'conditional', to: 'unconditional' }]);
    expect(diffTo('operations.yaml', 'items: 2000', 'items: 4000').terms).toEqual([{ subject: 'checkReturnees', term: 'limit', from: '2000/60', to: '4000/60' }]);
    expect(diffTo('purposes.yaml', /(purpose: BENEFIT_CHECK[^]*?)matter: required/u, '$1matter: optional').terms).toEqual([{ subject: 'BENEFIT_CHECK', term: 'matter', from: 'required inbox inboxCounts', to: 'optional' }]);
  });

  test('with a grant for a span of time: what is gained says when it begins and when it lapses', () => {
    const grant = 'grant: home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [origin], for: [RETURN] }';
    const diff = diffTo('return-case.yaml', grant, `${grant}\n      - { grant: trial, rung: FULL, kind: [RESCUE_STATION], as: [destination], for: [RETURN], from: 2026-07-01, until: 2026-12-31 }`);
    const gained = diff.cells.filter(({ situation }) => situation === 'ADULT');
    expect(new Set(gained.map(({ kind, field, since, until }) => `${kind} ${field} ${since} ${until}`))).toEqual(new Set(['RESCUE_STATION homeCheck 2026-07-01T00:00:00.000+08:00 2027-01-01T00:00:00.000+08:00']));
    expect(diffPolicies(shipped, changed('return-case.yaml', grant, `${grant}\n      - { grant: trial, rung: FULL, kind: [RESCUE_STATION], as: [destination], for: [RETURN], until: 2026-01-31 }`), CATALOGUE, NOW).cells).toEqual([]);
  });

  test('read the other way round, gains are losses', () => {
    const other = changed('return-case.yaml', 'home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [origin]', 'home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [destination]');
    const swap = ({ from, to, kind, level, roles, purpose, record, relations, situation, field }: PolicyDiff['cells'][number]): string => JSON.stringify([kind, level, roles, purpose, record, relations.toSorted(), situation, field, from, to]);
    const forth = diffPolicies(shipped, other, CATALOGUE, NOW).cells;
    const back = diffPolicies(other, shipped, CATALOGUE, NOW).cells;
    expect(forth.map(swap).toSorted()).toEqual(back.map(({ from, to, ...cell }) => swap({ ...cell, from: to, to: from })).toSorted());
    expect(forth.filter(({ from, to }) => heightOf(to) < heightOf(from)).length).toBeGreaterThan(0);
    expect(forth.filter(({ from, to }) => heightOf(to) > heightOf(from)).length).toBeGreaterThan(0);
  });

  test.each([
    ['a condition taken away', 'return-case.yaml', 'for: [RETURN], when: { confirmed: { is: true } }', 'for: [RETURN]', 'field confirmed-person changed: 条件'],
    ['the condition of a relation', 'return-case.yaml', 'origin: { title: 流出地机构（接收的一方）, when: { originAgency', 'origin: { title: 流出地机构（接收的一方）, when: { destinationAgency', 'relation origin changed: 条件'],
    ['the condition of a cap', 'return-case.yaml', 'when: { protected: { is: true }, confirmed: { is: true } }\n    except: [ledgerKeeper', 'when: { protected: { is: true }, none: [{ state: { is: SENT } }] }\n    except: [ledgerKeeper', 'cap protected-arrival changed: 条件'],
  ])('that differ in %s alone: the matrix shows nothing, the rule is named', (_, name, from, to, rule) => {
    const diff = diffTo(name, from, to);
    expect(rulesOf(diff)).toEqual([rule]);
    expect(hasEffect(diff, null)).toBe(false);
    expect(diffText([shipped, changed(name, from, to)], CATALOGUE, diff, null)).toMatch(/规则改动 1 处，但按规则，谁能看到什么、办理什么都没有变化。没有查看数据库/u);
    expect(diffText([shipped, changed(name, from, to)], CATALOGUE, diff, { agencies: 23, records: 82, witnesses: [] })).toMatch(/在本库的82 条记录上，23 个单位看到的也都没有变化/u);
  });

  test('that differ in comments and examples: the rules are the same', () => {
    const other = changed('person.yaml', '# 返乡：对方确认之后（confirmed）才打开', '# 返乡');
    const diff = diffPolicies(shipped, other, CATALOGUE, NOW);
    expect([diff.rules, hasEffect(diff, null)]).toEqual([[], false]);
    expect(diffText([shipped, other], CATALOGUE, diff, null)).toMatch(/规则相同/u);
  });

  test('that differ in a line of any file (each sixth is tried): if a rule says something else, it is told', () => {
    const silent: string[] = [];
    let compared = 0;
    for (const { name, text } of SHIPPED_SOURCES) {
      const lines = text.split('\n');
      for (const [index, line] of lines.entries()) {
        if (index % 6 !== 0 || line.trim() === '' || line.trim().startsWith('#')) continue;
        const other = findPolicy(SHIPPED_SOURCES.map((source) => (source.name === name ? { name, text: lines.toSpliced(index, 1).join('\n') } : source)));
        if (!other) continue;
        compared += 1;
        if ((meaningOf(other) !== meaningOf(shipped)) !== (diffRules(shipped, other, CATALOGUE).length > 0)) silent.push(`${name}:${index + 1}`);
      }
    }
    expect(silent).toEqual([]);
    expect(compared).toBeGreaterThan(40);
  });
});

describe('the report', () => {
  test('is Chinese to be read aloud: agencies, purpose, relation, record, field, rungs, rule and basis in one sentence', () => {
    const other = changed('return-case.yaml', 'grant: home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [origin]', 'grant: home-check-origin, rung: FULL, kind: [RESCUE_STATION, CIVIL_AFFAIRS], as: [origin, destination]');
    const text = diffText([shipped, other], CATALOGUE, diffPolicies(shipped, other, CATALOGUE, NOW), null);
    expect(text.replaceAll(/\s+/gu, '')).toContain('1.救助管理机构、民政部门（各级），用途「返乡接送与信息对接」，关系为「流入地机构（救助并送返的一方）」：《返乡人员信息台账》的家庭走访与困难（homeCheck），由「不给看」变为「全文」规则home-check-origin，依据：民发〔2020〕14号');
    expect(text).toMatch(/return-case\.yaml:\d+:\d+ 栏目规则 ReturnCase\.home-check-origin，改动：关系由「流出地机构（接收的一方）」改为「流入地机构（救助并送返的一方）」或「流出地机构（接收的一方）」/u);
  });

  test('names agencies and ids of the witnesses, at most three, and no value', () => {
    const witness = (agency: string, ids: string[]) => ({ agency, kind: 'RESCUE_STATION' as const, level: 'COUNTY' as const, roles: [], purpose: 'RETURN' as const, record: 'ReturnCase', from: 'WITHHELD' as const, to: 'FULL' as const, whole: true, fields: ['caseNo', 'state'], records: ids.length, ids, since: null });
    const text = diffText([shipped, shipped], CATALOGUE, { ...diffPolicies(shipped, shipped, CATALOGUE, NOW), after: 'other' }, { agencies: 2, records: null, witnesses: [witness('station-320281', ['rc_1', 'rc_2']), witness('station-120000', ['rc_3', 'rc_4'])] });
    expect(text).toContain('《返乡人员信息台账》整条记录，连同案号（caseNo）、状态（state），由「不给看」变为「全文」');
    expect(text).toContain('station-320281 2 条、station-120000 2 条；例：station-320281 看 rc_1，station-120000 看 rc_3，station-320281 看 rc_2');
  });
});

/** A policy that is read, though it need not be sound. */
function findPolicy(sources: readonly PolicySource[]): Policy | undefined {
  try {
    return parsePolicy(sources, CATALOGUE);
  } catch (error) {
    if (error instanceof PolicyRefused) return undefined;
    throw error;
  }
}

/** What a policy says, its examples and places apart. */
function meaningOf({ records, purposes, operations, ladders, deadlines, glossary }: Policy): string {
  return JSON.stringify([records, purposes, operations, ladders, deadlines, glossary], (key, value: unknown) => (key === 'place' || key === 'tests' ? undefined : value instanceof Map ? [...value] : value));
}
