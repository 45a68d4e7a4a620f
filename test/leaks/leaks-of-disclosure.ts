import { by, inSource, type Leak } from './leak.js';

const VARIED = by('paths/varied-policy', 'station-320281');
const VARIED_OFFICE = by('paths/varied-policy', 'poverty-320281');
const READS = (named: string): ReturnType<typeof by> => by('disclosure/reads', named);
const inPlan = (find: string, replace: string): ReturnType<typeof inSource> => inSource('disclosure/plan-record', find, replace);
const inReader = (find: string, replace: string): ReturnType<typeof inSource> => inSource('disclosure/reader', find, replace);
const TABLE = (named: string): ReturnType<typeof by> => by('acceptance/matrix', named);

/** Slips in planning, running, splicing and recording a read. */
export const LEAKS_OF_DISCLOSURE: readonly Leak[] = [
  { name: 'a linked person is not asked for its own row: it inherits the relation of the case', edits: [inPlan(' WHERE ${scope.alias}r.id = ${key} AND ${inner.where}`', ' WHERE ${scope.alias}r.id = ${key}`')], caughtBy: [VARIED] },
  { name: 'members of a household are not asked for their own rows', edits: [inPlan(' FROM ${plan.from} WHERE ${on} AND ${plan.where})`', ' FROM ${plan.from} WHERE ${on})`')], caughtBy: [VARIED_OFFICE] },
  { name: 'a link to a hidden record is said to be shown', edits: [inPlan('test: `(${scope.flag(verdict.full)} AND ${visible})`', 'test: scope.flag(verdict.full)')], caughtBy: [VARIED] },
  { name: 'a masked rung gives the full value', edits: [inPlan('    if (rung !== \'FULL\') {', '    if (rung === \'WITHHELD\') {')], caughtBy: [TABLE('township-320281104 sees for AT_RISK_CARE')] },
  { name: 'a nested cell takes the verdict of its parent', edits: [inPlan('return verdict ? rungCase(scope, verdict, at) : at(\'FULL\');', 'return at(\'FULL\');')], caughtBy: [TABLE('civil-320281 sees for RETURN')] },
  { name: 'a cell that is never granted is read in full', edits: [inPlan('    return \'NULL::text\';', '    return context.lens.shape.fields[cell]?.field === \'value\' ? context.lens.shape.fields[cell].sql(context.scope.alias) : \'NULL::text\';')], caughtBy: [TABLE('civil-320000 sees for SUPERVISION')] },
  {
    name: 'a disclosure names the cap that hides the cell',
    edits: [inPlan('return choose((rung) => (rung === \'WITHHELD\' ? ruleOfWithheld(verdict) : ruleOfRung(verdict, rung)));', 'return `CASE ${verdict.caps.map((cap) => `WHEN ${scope.flag(cap.holds)} THEN \'${cap.name}\'`).join(\' \')} WHEN TRUE THEN \'policy\' END`;')],
    caughtBy: [READS('a reason never tells')],
  },
  { name: 'what is withheld is named by the cap that hides it', edits: [inPlan('? \'default\' : \'policy\');', '? \'default\' : (verdict.caps[0]?.name ?? \'policy\'));')], caughtBy: [READS('a reason never tells|what was hidden is said')] },
  { name: 'a record is found by its id whoever asks', edits: [inReader('WHERE ${where} AND ${row} LIMIT 1', 'WHERE ${where} LIMIT 1')], caughtBy: [TABLE('civil-320281 sees for SUPERVISION')] },
  { name: 'a record is found by a number that the asker does not hold', edits: [inReader('[...held.map((full) => predicateSql(full, alias)), condition(alias, bind)]', '[condition(alias, bind)]')], caughtBy: [by('paths/single-keys')] },
  { name: 'a list gives rows whoever asks', edits: [inSource('disclosure/plan-list', '`${rowSql} AND ${page.filter}${position}`', '`${page.filter}${position}`')], caughtBy: [TABLE('civil-320281 sees for SUPERVISION')] },
  { name: 'the total counts hidden rows', edits: [inSource('disclosure/plan-list', '${alias} WHERE ${rowSql} AND ${page.filter})`;', '${alias} WHERE ${page.filter})`;')], caughtBy: [TABLE('civil-320281 sees for SUPERVISION')] },
  { name: 'the total counts records on which the filtered cell is not held', edits: [inSource('disclosure/plan-list', '${alias} WHERE ${rowSql} AND ${page.filter})`;', '${alias} WHERE ${rowSql})`;')], caughtBy: [VARIED] },
  { name: 'whether there is a next page is asked of unfiltered rows', edits: [inSource('disclosure/plan-list', '((SELECT count(*) FROM page) > «size»)', '((SELECT count(*) FROM guitu.return_cases) > «size»)')], caughtBy: [READS('pages by SENT_AT')] },
  { name: 'a filter compares the raw column', edits: [inSource('disclosure/filters', 'parts.push(...heldSql(lens, rule.cells, alias, `filter.${name}`), ', 'parts.push(')], caughtBy: [READS('a filter or order on a field')] },
  { name: 'a filter matches where the cell is withheld in some records', edits: [inSource('disclosure/filters', 'return full === \'ALWAYS\' ? [] : [full(alias)];', 'return [];')], caughtBy: [READS('a filter on a cell that is withheld')] },
  { name: 'a filter asks for the first of its cells only', edits: [inSource('disclosure/filters', 'heldSql(lens, rule.cells, alias,', 'heldSql(lens, rule.cells.slice(0, 1), alias,')], caughtBy: [VARIED] },
  { name: 'a filter that may not be used is dropped in silence', edits: [inSource('disclosure/filters', 'throw new Refusal(\'FIELD_NOT_FILTERABLE\', { field });', 'return [];')], caughtBy: [by('belts/fail-open-traps', 'L2')] },
  { name: 'a list is sorted by the raw column', edits: [inSource('disclosure/filters', 'full === \'ALWAYS\' ? null : { where: full(alias), sql: rule.sql(alias) };', 'null;')], caughtBy: [VARIED] },
  { name: 'records on which the key of the order is withheld stand among those that show it', edits: [inSource('disclosure/plan-list', 'SELECT c.*, NULL AS k0 FROM', 'SELECT c.*, ${sql} AS k0 FROM')], caughtBy: [VARIED] },
  { name: 'an order takes records first whether or not they show its key', edits: [inSource('disclosure/plan-list', ' AND (${holds}) ORDER BY', ' ORDER BY')], caughtBy: [VARIED] },
  { name: 'a filter of cases by name reads a cell that it does not say', edits: [inSource('ledgers/returns/returns.filters', 'subjectName: { cells: [\'subject\']', 'subjectName: { cells: [\'caseNo\']')], caughtBy: [by('paths/filter-columns')] },
  { name: 'a filter of households by flag reads a cell that it does not say', edits: [inSource('ledgers/households/households.filters', 'cells: [\'flag\']', 'cells: [\'householdNo\']')], caughtBy: [by('paths/filter-columns')] },
  { name: 'a cursor is not bound to the agency', edits: [inReader('[this.context.viewer.agencyId, this.context.purpose ?? \'\',', '[this.context.purpose ?? \'\',')], caughtBy: [READS('a cursor serves its agency')] },
  { name: 'a cursor is not bound to the purpose', edits: [inReader('[this.context.viewer.agencyId, this.context.purpose ?? \'\',', '[this.context.viewer.agencyId,')], caughtBy: [by('paths/paths', 'CIVIL_AFFAIRS orders')] },
  { name: 'a cursor outlives its policy', edits: [inReader('this.lens.policy.hash, bound].join', 'bound].join')], caughtBy: [by('server/policy-takeover', 'cursor')] },
  {
    name: 'a cursor is not encrypted',
    edits: [
      inReader('return this.services.keyRing.sealToken(text, this.#cursorBinding(bound));', 'return Buffer.from(text).toString(\'base64url\');'),
      inReader('this.services.keyRing.openToken(cursor, this.#cursorBinding(bound))', 'Buffer.from(cursor, \'base64url\').toString(\'utf8\')'),
    ],
    caughtBy: [READS('a cursor serves its agency')],
  },
  { name: 'a plan is kept without the lens', edits: [inReader('    let ofLens = caches.get(lens);', '    let ofLens = caches.get(caches);'), inReader('caches.set(lens, (ofLens = new WeakMap()));', 'caches.set(caches, (ofLens = new WeakMap()));')], caughtBy: [by('belts/fail-open-traps', 'two askers')] },
  { name: 'the marks of the splice can be guessed', edits: [inSource('disclosure/run', '`~${randomBytes(9).toString(\'base64url\')}~`', '\'~mark~\'')], caughtBy: [by('disclosure/marks')] },
  { name: 'the evidence counts what was shown and forgets which records', edits: [inSource('disclosure/splice', '            disclosed.ids.add(id);', '            this.count(\'records\', 1);')], caughtBy: [by('disclosure/splice')] },
  { name: 'the evidence forgets at which rung a cell was shown', edits: [inSource('disclosure/splice', 'RUNGS[Number(digits[index])] ?? \'WITHHELD\'', '\'FULL\'')], caughtBy: [by('disclosure/splice')] },
  { name: 'what is withheld names the hidden record', edits: [inSource('disclosure/splice', 'this.#withheld.set(`${scope.record}.${cell}.${rung}`, { type: scope.record,', 'this.#withheld.set(`${scope.record}.${cell}.${rung}`, { id: [...disclosed.ids].at(-1), type: scope.record,')], caughtBy: [VARIED_OFFICE] },
];
