import fc from 'fast-check';
import { AGENCY_KINDS, LEVELS, PURPOSES, ROLES } from '../../src/kernel/viewer.js';
import { cellsOf, findField, rungsOf, type Catalogue, type RecordShape } from '../../src/policy/catalogue.js';
import type { Draft, DraftPolicy, DraftRecord } from './draft-policy.js';
import { conditionArbitrary } from './generated-condition.js';

const one = <Value>(values: readonly Value[]): fc.Arbitrary<Value> => fc.constantFrom(...values);
const most = <Value>(values: readonly Value[], minLength: number): fc.Arbitrary<Value[]> => fc.subarray([...values], { minLength });
const sometimes = (chance: number): fc.Arbitrary<boolean> => fc.integer({ min: 0, max: 99 }).map((drawn) => drawn < chance);

/** The parts of a draft that are there; absent ones are left out, as an author would. */
const draftOf = (parts: Record<string, unknown>): Draft => Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
const optional = <Value>(chance: number, value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => sometimes(chance).chain((there) => (there ? value : fc.constant(undefined)));

/** Instants and days by which a rule begins or lapses: to the second around the clocks of the askings, and the days beside. */
const LIMITS = ['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-20T08:59:59+08:00', '2026-11-20T09:00:00+08:00', '2026-11-20T09:00:01+08:00', '2026-11-20T00:00:00+08:00', '2026-11-19T16:00:00Z', '2000-01-01', '2099-12-31'];
const limits = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Draft>({}) }, { weight: 1, arbitrary: one(LIMITS).map((from): Draft => ({ from })) }, { weight: 1, arbitrary: one(LIMITS).map((until): Draft => ({ until })) },
  { weight: 1, arbitrary: fc.constant<Draft>({ from: '2026-11-20T00:00:00+08:00', until: '2026-11-20T09:00:00+08:00' }) },
);

const audience = fc.record({ kind: optional(20, most(AGENCY_KINDS, 5)), level: optional(15, most(LEVELS, 3)), roles: optional(12, most(ROLES, 3)) }).map(draftOf);
const purposes = most(PURPOSES, 8);

interface Naming { shape: RecordShape; catalogue: Catalogue; relations: readonly string[] }

const standing = (relations: readonly string[], chance: number): fc.Arbitrary<string[] | undefined> => (relations.length > 0 ? optional(chance, most(relations, 1)) : fc.constant(undefined));

/** Of a ladder's rungs the lower ones are given twice as often: the highest of several grants would else nearly always be FULL. */
const grantArbitrary = ({ shape, catalogue, relations }: Naming, rungs: readonly string[] | undefined): fc.Arbitrary<Draft> => fc.tuple(
  audience, purposes, limits, standing(relations, 25), optional(28, conditionArbitrary(shape, catalogue)), rungs ? one([...rungs.slice(0, -1), ...rungs]) : fc.constant(undefined),
).map(([who, forPurposes, span, as, when, rung]) => draftOf({ rung, ...who, for: forPurposes, ...span, as, when }));

/** A veto must have a condition, and hides whole records: one that asks two things leaves more of them to be compared. */
const restraintArbitrary = ({ shape, catalogue, relations }: Naming, veto: boolean): fc.Arbitrary<Draft> => fc.record({
  kind: optional(20, most(AGENCY_KINDS, 5)), level: optional(15, most(LEVELS, 3)), for: optional(20, most(PURPOSES, 6)),
  when: veto ? fc.oneof({ weight: 1, arbitrary: conditionArbitrary(shape, catalogue) }, { weight: 2, arbitrary: fc.tuple(conditionArbitrary(shape, catalogue, 1), conditionArbitrary(shape, catalogue, 1)).map((both): Draft => ({ all: both })) }) : optional(92, conditionArbitrary(shape, catalogue)),
  except: standing(relations, 40), exceptRoles: optional(30, most(ROLES, 1)),
}).map(draftOf);

/** Names are numbered over the whole record, since a name stands for one rule. */
const named = (key: string, rules: readonly Draft[], from: number): Draft[] => rules.map((rule, index) => ({ [key]: `${key}-${from + index}`, ...rule }));

function recordArbitrary(shape: RecordShape, catalogue: Catalogue): fc.Arbitrary<DraftRecord> {
  const released = shape.record === 'ReturneeCheck';
  return fc.array(conditionArbitrary(shape, catalogue), { minLength: 0, maxLength: 4 }).chain((conditions) => {
    const relations = Object.fromEntries(conditions.map((when, index) => [`relation${index}`, when]));
    const naming: Naming = { shape, catalogue, relations: Object.keys(relations) };
    // Cells of a released answer are decided for an audience: there is no record that a condition could read.
    const bare = released ? { ...naming, relations: [] } : naming;
    return fc.record({
      grants: fc.array(grantArbitrary(naming, undefined), { minLength: 2, maxLength: 5, size: 'max' }), vetoes: fc.array(restraintArbitrary(naming, true), { maxLength: 2 }),
      blocks: blocksArbitrary(bare, released), caps: released ? fc.constant([]) : capsArbitrary(naming),
    }).map(({ grants, vetoes, blocks, caps }) => ({ record: shape.record, relations, rows: [...named('grant', grants, 0), ...named('veto', vetoes, 0)], blocks: numbered(blocks), caps: named('cap', caps, 0) }));
  });
}

type Block = DraftRecord['blocks'][number];

function numbered(blocks: readonly Block[]): Block[] {
  let next = 100;
  return blocks.map((block) => {
    const grants = named('grant', block.grants, next);
    next += grants.length;
    return { ...block, grants };
  });
}

/** Every cell in one block; masked and derived cells each in a block of their own, because rungs and releases belong to them alone. */
function blocksArbitrary(naming: Naming, released: boolean): fc.Arbitrary<Block[]> {
  const { shape } = naming;
  const cells = cellsOf(shape);
  const apart = cells.filter((cell) => findField(shape, cell)?.derivedFrom || rungsOfCell(shape, cell).length > 1);
  const common = cells.filter((cell) => !apart.includes(cell));
  const grants = (rungs: readonly string[]): fc.Arbitrary<Draft[]> => (released
    ? fc.array(fc.tuple(audience, purposes).map(([who, forPurposes]): Draft => ({ rung: 'FULL', ...who, for: forPurposes })), { minLength: 1, maxLength: 2 })
    : fc.oneof({ weight: 9, arbitrary: fc.array(grantArbitrary(naming, rungs), { minLength: 1, maxLength: 3, size: 'max' }) }, { weight: 1, arbitrary: fc.constant<Draft[]>([]) }));
  const blockOf = (fields: string[], releases: fc.Arbitrary<string[]>, rungs: readonly string[]): fc.Arbitrary<Block> => fc.tuple(releases, grants(rungs)).map(([freed, rules]) => ({ fields, releases: freed, grants: rules }));
  const none = fc.constant<string[]>([]);
  return fc.shuffledSubarray(common, { minLength: common.length }).chain((order) => fc.integer({ min: 1, max: 5 }).chain((parts) => {
    const shares = Array.from({ length: parts }, (_, part) => order.filter((_cell, index) => index % parts === part)).filter((share) => share.length > 0);
    return fc.tuple(
      ...shares.map((share) => blockOf(share, none, ['FULL'])),
      ...apart.map((cell) => blockOf([cell], fc.subarray([...(findField(shape, cell)?.derivedFrom ?? [])]), rungsOfCell(shape, cell))),
    );
  })).chain((blocks) => fc.shuffledSubarray(blocks, { minLength: blocks.length }));
}

const rungsOfCell = (shape: RecordShape, cell: string): string[] => {
  const field = findField(shape, cell);
  return field ? rungsOf(field) : ['FULL'];
};

function capsArbitrary(naming: Naming): fc.Arbitrary<Draft[]> {
  const { shape } = naming;
  const cells = cellsOf(shape);
  const masked = cells.filter((cell) => rungsOfCell(shape, cell).length > 1);
  const withholding = fc.tuple(restraintArbitrary(naming, false), fc.subarray(cells, { minLength: Math.ceil(cells.length / 3) })).map(([rule, fields]): Draft => ({ fields, rung: 'WITHHELD', ...rule }));
  const lowering = masked.length > 0 ? [{ weight: 1, arbitrary: fc.tuple(restraintArbitrary(naming, false), one(masked)).chain(([rule, cell]) => one(rungsOfCell(shape, cell).slice(0, -1)).map((rung): Draft => ({ fields: [cell], rung, ...rule }))) }] : [];
  return fc.array(fc.oneof({ weight: 2, arbitrary: withholding }, ...lowering), { minLength: 1, maxLength: 4, size: 'max' });
}

/** Queries that the reference answers are mostly open; what else the schema has needs a rule too. */
const PURPOSE_FREE = ['viewer', 'explain', 'policyMatrix', 'agencies', 'divisions'];

const operationArbitrary = (operation: string): fc.Arbitrary<Draft> => fc.tuple(
  sometimes(10), fc.array(fc.tuple(audience, purposes, limits).map(([who, forPurposes, span]): Draft => ({ ...who, for: forPurposes, ...span })), { minLength: 1, maxLength: 2 }),
).map(([narrow, allow]): Draft => {
  const purposeFree = PURPOSE_FREE.includes(operation);
  return { operations: [operation], title: '操作', basis: '依据', purposeFree, allow: narrow ? allow : [{ kind: [...AGENCY_KINDS], ...(!purposeFree && { for: [...PURPOSES] }) }] };
});

const purposeArbitrary = (purpose: string): fc.Arbitrary<Draft> => fc.tuple(sometimes(8), most(AGENCY_KINDS, 5), sometimes(15), limits).map(([narrow, kind, matter, span]): Draft => ({
  purpose, title: '用途', basis: '依据', matter: matter ? 'required' : 'optional', ...(matter && { matterExcept: ['returnCases'] }), allow: [narrow ? { kind, ...span } : { kind: [...AGENCY_KINDS] }],
}));

/** Ladders only where a field has a mask; without one the field has two rungs, withheld and full. A rung that stands on no ladder is struck from the rules. */
const ladderArbitrary = (catalogue: Catalogue): fc.Arbitrary<Draft[]> => fc.constant([...catalogue.records.values()].flatMap((shape) => cellsOf(shape).filter((cell) => rungsOfCell(shape, cell).length > 1)
  .map((cell): Draft => ({ cells: [`${shape.record}.${cell}`], rungs: rungsOfCell(shape, cell), basis: '个人信息保护法 第三十四条' }))));

/** Policies of the whole language, over everything that the catalogue offers. */
export const policyArbitrary = (catalogue: Catalogue): fc.Arbitrary<DraftPolicy> => fc.record({
  ladders: ladderArbitrary(catalogue), purposes: fc.tuple(...PURPOSES.map(purposeArbitrary)), operations: fc.tuple(...catalogue.operations.map(operationArbitrary)),
  records: fc.tuple(...[...catalogue.records.values()].map((shape) => recordArbitrary(shape, catalogue))),
});
