import { isScalar, type Node } from 'yaml';
import { AGENCY_KINDS, LEVELS, PURPOSES, ROLES } from '../kernel/viewer.js';
import { cellsOf, findAttribute, findField, rungsOf, type Catalogue, type RecordShape } from './catalogue.js';
import { PolicyFault, RUNGS, type Audience, type Grant, type PolicyTest, type RecordPolicy, type Restraint, type Rung, type WriteRule } from './language.js';
import { parseCondition } from './parse-condition.js';
import { nearest, type YamlFile } from './yaml-reader.js';

const AUDIENCE_KEYS = ['kind', 'level', 'roles', 'for'] as const;
const LIMIT_KEYS = ['from', 'until'] as const;
/** 政务数据共享条例 art. 14. */
const SHARING_CLASSES = ['unconditional', 'conditional', 'not-shared'] as const;
type Ladders = ReadonlyMap<string, Rung[]>;

/** Everything needed while one record's file is read. */
interface Reading { file: YamlFile; shape: RecordShape; catalogue: Catalogue; relations: RecordPolicy['relations']; titles: RecordPolicy['relationTitles']; basis: string }

/** Reads one record file. Faults are collected in the file; what is returned may only be used when there are none. */
export function parseRecord(file: YamlFile, catalogue: Catalogue, ladders: Ladders): RecordPolicy | undefined {
  const top = file.entries(file.root, 'a record file', ['record', 'title', 'provider', 'sharing', 'sharingBasis', 'basis', 'relations', 'rows', 'fields', 'caps', 'writes', 'tests'], ['record', 'title', 'provider', 'sharing', 'basis', 'rows', 'fields']);
  const shape = catalogue.records.get(file.word(top.get('record'), 'the record', [...catalogue.records.keys()]) ?? '');
  if (!shape) return undefined;
  const reading: Reading = { file, shape, catalogue, relations: new Map(), titles: new Map(), basis: file.text(top.get('basis'), 'the basis') };
  for (const { key, value } of file.pairs(top.get('relations'), 'relations')) {
    const relation = file.entries(value, `relation \`${key}\``, ['title', 'when'], ['title', 'when']);
    reading.titles.set(key, file.text(relation.get('title'), 'the title'));
    reading.relations.set(key, relation.has('when') ? parseCondition(file, relation.get('when'), shape, catalogue) : { any: [] });
  }
  const rows = parseRows(reading, top.get('rows'));
  const cells = parseCells(reading, top.get('fields'), ladders);
  parseCaps(reading, top.get('caps'), cells, ladders);
  coverCells(reading, top.get('fields'), cells);
  const fallback = 'CIVIL_AFFAIRS';
  return {
    record: shape.record, title: file.text(top.get('title'), 'the title'), provider: file.word(top.get('provider'), 'the provider', AGENCY_KINDS) ?? fallback,
    sharing: file.word(top.get('sharing'), 'the sharing class', SHARING_CLASSES) ?? 'not-shared',
    ...(top.has('sharingBasis') && { sharingBasis: file.text(top.get('sharingBasis'), 'the legal basis of not sharing') }),
    basis: reading.basis, relations: reading.relations, relationTitles: reading.titles, rows, cells,
    writes: top.has('writes') ? file.items(top.get('writes'), 'writes').map((item) => parseWrite(reading, item)) : [],
    tests: top.has('tests') ? file.items(top.get('tests'), 'tests').map((item) => parseTest(reading, item, cells)) : [],
    place: file.placeOf(file.root),
  };
}

function parseRows(reading: Reading, node: Node | undefined): RecordPolicy['rows'] {
  const { file } = reading;
  const rows: RecordPolicy['rows'] = { grants: [], vetoes: [] };
  const names = new Set<string>();
  for (const item of file.items(node, 'rows')) {
    const veto = file.pairs(item, 'a row rule').some((pair) => pair.key === 'veto');
    const rule = veto ? parseRestraint(reading, item, 'veto', 'WITHHELD') : parseGrant(reading, item, 'FULL');
    if ('exceptAs' in rule) rows.vetoes.push(rule);
    else rows.grants.push(rule);
    unique(reading, item, names, rule.name);
  }
  refuseTwins(reading, rows.grants);
  if (node && rows.grants.length === 0) file.fault(node, 'no row is granted to anybody', 'add at least one `grant`');
  return rows;
}

function parseCells(reading: Reading, node: Node | undefined, ladders: Ladders): RecordPolicy['cells'] {
  const { file, shape } = reading;
  const cells: RecordPolicy['cells'] = new Map();
  for (const item of file.items(node, 'fields')) {
    const entry = file.entries(item, 'a block of fields', ['fields', 'releases', 'basis', 'grants', 'nobody'], ['fields']);
    const within: Reading = { ...reading, basis: entry.has('basis') ? file.text(entry.get('basis'), 'the basis') : reading.basis };
    if (entry.has('grants') === entry.has('nobody')) file.fault(item, 'a block of fields has exactly one of `grants` and `nobody`', 'add `grants: [ … ]`, or `nobody: reason`');
    file.text(entry.get('nobody'), 'the reason why nobody sees these fields');
    const names = new Set<string>();
    const grants = file.items(entry.get('grants'), 'grants').map((node) => {
      const grant = parseGrant(within, node);
      unique(reading, node, names, grant.name);
      return grant;
    });
    refuseTwins(reading, grants);
    for (const cellNode of file.items(entry.get('fields'), 'fields')) {
      const cell = file.word(cellNode, `field of ${shape.record}`, cellsOf(shape));
      if (!cell) continue;
      if (cells.has(cell)) file.fault(cellNode, `field \`${cell}\` stands in two blocks`, 'keep it in one of the two');
      for (const grant of grants) checkRung(reading, cellNode, cell, grant.rung, ladders);
      cells.set(cell, { grants, caps: [], sources: unreleased(reading, cellNode, cell, entry.get('releases')) });
    }
  }
  return cells;
}

/** Sources of a derived cell that the block does not release it from. */
function unreleased({ file, shape }: Reading, cellNode: Node, cell: string, node: Node | undefined): string[] {
  const sources = findField(shape, cell)?.derivedFrom ?? [];
  const released = file.words(node, `field of ${shape.record}`, cellsOf(shape));
  const stray = released.find((name) => !sources.includes(name));
  if (stray !== undefined) file.fault(cellNode, `\`${cell}\` is not derived from \`${stray}\``, sources.length > 0 ? `release it from ${sources.map((name) => `\`${name}\``).join(', ')}, or put it into a block of its own` : 'put it into a block without `releases`');
  return sources.filter((name) => !released.includes(name));
}

function parseCaps(reading: Reading, node: Node | undefined, cells: RecordPolicy['cells'], ladders: Ladders): void {
  const { file, shape } = reading;
  const names = new Set<string>();
  for (const item of file.items(node, 'caps')) {
    const rungNode = file.pairs(item, 'a cap').find((pair) => pair.key === 'rung')?.value;
    const cap = parseRestraint(reading, item, 'cap', file.word(rungNode, 'rung', RUNGS) ?? 'WITHHELD');
    unique(reading, item, names, cap.name);
    const fields = file.pairs(item, 'a cap').find((pair) => pair.key === 'fields')?.value;
    for (const cell of file.words(fields, `field of ${shape.record}`, cellsOf(shape))) {
      if (cap.rung !== 'WITHHELD') checkRung(reading, item, cell, cap.rung, ladders);
      cells.get(cell)?.caps.push(cap);
    }
  }
}

function coverCells(reading: Reading, node: Node | undefined, cells: RecordPolicy['cells']): void {
  for (const cell of cellsOf(reading.shape)) {
    if (!cells.has(cell)) reading.file.fault(node, `field \`${cell}\` of ${reading.shape.record} has no verdict`, 'add it to a block of `fields`, or to one with `nobody: reason`');
  }
}

function checkRung(reading: Reading, node: Node, cell: string, rung: Rung, ladders: Ladders): void {
  const field = findField(reading.shape, cell);
  const ladder = ladders.get(`${reading.shape.record}.${cell}`) ?? ['FULL'];
  if (!ladder.includes(rung) || !field || !rungsOf(field).includes(rung)) {
    reading.file.fault(node, `\`${cell}\` has no rung \`${rung}\``, `use ${ladder.map((step) => `\`${step}\``).join(' or ')}, or add a ladder`);
  }
}

/** `from` and `until` of a rule that gives; an empty span would never hold. */
export function parseLimits(file: YamlFile, node: Node, entry: Map<string, Node>): Pick<Audience, 'from' | 'until'> {
  const from = entry.has('from') ? file.instant(entry.get('from'), 'the beginning', false) : undefined;
  const until = entry.has('until') ? file.instant(entry.get('until'), 'the end', true) : undefined;
  if ((from ?? -Infinity) >= (until ?? Infinity)) file.fault(node, 'the rule lapses before it begins', 'correct `from` or `until`');
  return { ...(from !== undefined && { from }), ...(until !== undefined && { until }) };
}

export function parseAudience(file: YamlFile, entry: Map<string, Node>): Audience {
  return {
    ...(entry.has('kind') && { kind: file.words(entry.get('kind'), 'kind', AGENCY_KINDS) }),
    ...(entry.has('level') && { level: file.words(entry.get('level'), 'level', LEVELS) }),
    ...(entry.has('roles') && { roles: file.words(entry.get('roles'), 'role', ROLES) }),
    ...(entry.has('for') && { purposes: file.words(entry.get('for'), 'purpose', PURPOSES) }),
  };
}

/** A row grant has no `rung` (it is given); a field grant must have one. */
function parseGrant(reading: Reading, node: Node, given?: Rung): Grant {
  const { file } = reading;
  const keys = ['grant', ...AUDIENCE_KEYS, ...LIMIT_KEYS, 'as', 'when', 'basis'];
  const entry = file.entries(node, 'a grant', given ? keys : [...keys, 'rung'], given ? ['grant', 'for'] : ['grant', 'rung', 'for']);
  return {
    name: file.text(entry.get('grant'), 'the name of the grant'),
    rung: given ?? file.word(entry.get('rung'), 'rung', RUNGS) ?? 'WITHHELD',
    ...parseAudience(file, entry), ...parseLimits(file, node, entry),
    ...(entry.has('as') && { as: relationNames(reading, entry.get('as')) }),
    ...(entry.has('when') && { when: parseCondition(file, entry.get('when'), reading.shape, reading.catalogue) }),
    basis: entry.has('basis') ? file.text(entry.get('basis'), 'the basis') : reading.basis,
    place: file.placeOf(node),
  };
}

function parseRestraint(reading: Reading, node: Node, key: 'veto' | 'cap', rung: Rung): Restraint {
  const { file } = reading;
  const entry = file.entries(node, `a ${key}`, [key, ...AUDIENCE_KEYS, 'when', 'except', 'exceptRoles', 'basis', ...(key === 'cap' ? ['fields', 'rung'] : [])], key === 'cap' ? [key, 'fields', 'rung'] : [key, 'when']);
  return {
    name: file.text(entry.get(key), `the name of the ${key}`), rung,
    ...parseAudience(file, entry),
    ...(entry.has('when') && { when: parseCondition(file, entry.get('when'), reading.shape, reading.catalogue) }),
    exceptAs: entry.has('except') ? relationNames(reading, entry.get('except')) : [],
    exceptRoles: entry.has('exceptRoles') ? file.words(entry.get('exceptRoles'), 'role', ROLES) : [],
    basis: entry.has('basis') ? file.text(entry.get('basis'), 'the basis') : reading.basis,
    place: file.placeOf(node),
  };
}

function parseWrite(reading: Reading, node: Node): WriteRule {
  const { file, catalogue } = reading;
  const entry = file.entries(node, 'a write rule', ['write', ...AUDIENCE_KEYS, ...LIMIT_KEYS, 'as', 'when', 'after', 'sets', 'basis'], ['write', 'for', 'sets']);
  if (!entry.has('as') && !entry.has('after')) file.fault(node, 'a write rule names no relation', 'add `as: [ … ]` for a record that exists, `after: [ … ]` for one that is made');
  return {
    operation: file.word(entry.get('write'), 'operation', catalogue.operations) ?? '',
    ...parseAudience(file, entry), ...parseLimits(file, node, entry),
    as: entry.has('as') ? relationNames(reading, entry.get('as')) : [],
    ...(entry.has('when') && { when: parseCondition(file, entry.get('when'), reading.shape, catalogue) }),
    after: entry.has('after') ? relationNames(reading, entry.get('after')) : [],
    sets: settableCells(reading, entry.get('sets')),
    basis: entry.has('basis') ? file.text(entry.get('basis'), 'the basis') : reading.basis,
    place: file.placeOf(node),
  };
}

/** Cells that a write may set: those that are stored, for a derived one follows its sources. */
function settableCells({ file, shape }: Reading, node: Node | undefined): string[] {
  const cells = cellsOf(shape).filter((cell) => findField(shape, cell)?.derivedFrom === undefined);
  return file.words(node, `stored field of ${shape.record}`, cells);
}

function parseTest(reading: Reading, node: Node, cells: RecordPolicy['cells']): PolicyTest {
  const { file } = reading;
  const entry = file.entries(node, 'a test', ['viewer', 'given', 'row', 'sees'], ['viewer']);
  const viewer = file.entries(entry.get('viewer'), 'the viewer of a test', ['kind', 'level', 'roles', 'for', 'as', 'at'], ['kind', 'level', 'for']);
  const at = viewer.has('at') ? file.instant(viewer.get('at'), 'the time of a test', false) : undefined;
  const row = file.word(entry.get('row'), 'row', ['VISIBLE', 'HIDDEN']);
  const sees: PolicyTest['sees'] = new Map();
  for (const { key, keyNode, value } of file.pairs(entry.get('sees'), '`sees`')) {
    if (!cells.has(key)) file.fault(keyNode, `\`${key}\` is no field of ${reading.shape.record}`, `use ${nearest(key, [...cells.keys()])}`);
    sees.set(key, file.word(value, 'rung', RUNGS) ?? 'WITHHELD');
  }
  if (!row && sees.size === 0) file.fault(node, 'the test expects nothing', 'add `row: VISIBLE`, `row: HIDDEN` or `sees: { field: RUNG }`');
  return {
    viewer: {
      kind: file.word(viewer.get('kind'), 'kind', AGENCY_KINDS) ?? 'PARTNER', level: file.word(viewer.get('level'), 'level', LEVELS) ?? 'COUNTY',
      roles: viewer.has('roles') ? file.words(viewer.get('roles'), 'role', ROLES) : ['CLERK'], purpose: file.word(viewer.get('for'), 'purpose', PURPOSES) ?? 'AUDIT',
      as: viewer.has('as') ? relationNames(reading, viewer.get('as')) : [], ...(at !== undefined && { at }),
    },
    given: parseGiven(reading, entry.get('given')), ...(row && { row: row === 'VISIBLE' }), sees, place: file.placeOf(node),
  };
}

/** Attributes of a test's record: literals of the attribute's own type, or null for one that is unknown. */
function parseGiven({ file, shape }: Reading, node: Node | undefined): PolicyTest['given'] {
  const given: PolicyTest['given'] = {};
  for (const { key, keyNode, value } of file.pairs(node, '`given`')) {
    const attribute = findAttribute(shape, key);
    const raw = isScalar(value) ? value.value : undefined;
    const fits = attribute?.type === 'boolean' ? typeof raw === 'boolean' : attribute?.type === 'number' ? typeof raw === 'number' : typeof raw === 'string';
    if (!attribute) file.fault(keyNode, `\`${key}\` is no attribute of ${shape.record}`, `use ${nearest(key, Object.keys(shape.attributes))}`);
    else if (raw === null) given[key] = null;
    else if (!fits || (attribute.words && !attribute.words.includes(String(raw)))) file.fault(keyNode, `\`${String(raw)}\` does not fit \`${key}\`, which is of type ${attribute.type}`, attribute.words ? `use ${nearest(String(raw), attribute.words)}` : 'write a value of that type, or `null`');
    else given[key] = raw as string | number | boolean;
  }
  return given;
}

function relationNames(reading: Reading, node: Node | undefined): string[] {
  const { file, relations } = reading;
  const found: string[] = [];
  for (const item of file.items(node, 'the list of relations')) {
    const name = file.text(item, 'relation');
    if (!relations.has(name)) file.fault(item, `relation \`${name}\` is not named in \`relations\``, relations.size ? `use ${nearest(name, [...relations.keys()])}` : 'add it to `relations`');
    else if (found.includes(name)) file.fault(item, `relation \`${name}\` stands twice`, 'keep one of the two');
    else found.push(name);
  }
  return found;
}

function unique(reading: Reading, node: Node | undefined, names: Set<string>, name: string): void {
  if (names.has(name)) reading.file.fault(node, `rule \`${name}\` stands twice`, 'rename or remove one of the two');
  names.add(name);
}

/** Two grants that say the same under two names are one too many: an author who narrows one would believe the matter settled. */
function refuseTwins(reading: Reading, grants: readonly Grant[]): void {
  const seen = new Map<string, Grant>();
  for (const grant of grants) {
    const said = JSON.stringify(grant, (key, value: unknown) => (['name', 'basis', 'place'].includes(key) ? undefined : value));
    const twin = seen.get(said);
    if (twin) reading.file.faults.push(new PolicyFault(grant.place, `rule \`${grant.name}\` says the same as \`${twin.name}\` in line ${twin.place.line}`, 'remove one of the two'));
    seen.set(said, grant);
  }
}
