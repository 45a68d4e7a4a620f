import { askingClasses, reaches, speaksForClass, type AskingClass } from './asking-classes.js';
import type { Catalogue } from './catalogue.js';
import { checkJoins } from './check-joins.js';
import { PolicyFault, type Audience, type Condition, type Grant, type Place, type Policy, type RecordPolicy, type Restraint } from './language.js';

/**
 * What reading alone does not show: rules that can never hold, never matter, or take everything away. Each is a slip of the author, since a rule
 * that does nothing reads like one that does.
 * @returns the faults with place and mend; none for a sound policy
 */
export function checkPolicy(policy: Policy, catalogue: Catalogue): PolicyFault[] {
  const classes = askingClasses(policy);
  const faults: PolicyFault[] = [];
  for (const rules of policy.records.values()) {
    const report = (place: Place, problem: string, mend: string): void => {
      faults.push(new PolicyFault(place, problem, mend));
    };
    checkAudiences(rules, classes, report);
    checkReach(rules, classes, report);
    checkCaps(rules, classes, report);
    checkWrites(policy, rules, classes, report);
    checkConditions(rules, report);
    checkRelations(rules, report);
    checkNames(rules, report);
    checkSources(rules, classes, report);
    checkSharing(rules, report);
    if (catalogue.records.get(rules.record)?.releasedAnswer) checkAnswer(rules, report);
  }
  faults.push(...checkJoins(policy, catalogue, classes));
  for (const rule of policy.operations.values()) {
    const idle = rule.purposeFree ? undefined : rule.allowed.find((audience) => !classes.some((one) => speaksForClass(audience, one)));
    if (idle) faults.push(new PolicyFault(rule.place, `operation \`${rule.operation}\` is allowed to ${describe(idle)}, which may state none of these purposes`, 'correct the kind or the purpose, here or in purposes.yaml'));
  }
  return faults;
}

type Report = (place: Place, problem: string, mend: string) => void;

const describe = ({ kind, level, purposes }: Audience): string => [kind, level, purposes].filter((list) => list !== undefined).map((list) => `\`${list.join(', ')}\``).join(' ');

/** The grants of the cells, each once although a block gives them to several cells. */
const fieldGrants = (rules: RecordPolicy): Grant[] => [...new Set([...rules.cells.values()].flatMap(({ grants }) => grants))];
const capsOf = (rules: RecordPolicy): Restraint[] => [...new Set([...rules.cells.values()].flatMap(({ caps }) => caps))];

/** A rule must speak for somebody who may state its purpose, each of its kinds included. */
function checkAudiences(rules: RecordPolicy, classes: readonly AskingClass[], report: Report): void {
  for (const grant of [...rules.rows.grants, ...fieldGrants(rules)]) {
    if (!classes.some((one) => speaksForClass(grant, one))) {
      report(grant.place, `rule \`${grant.name}\` can never hold: nobody among ${describe(grant)} may state these purposes`, 'correct `kind`, `level` or `for`, or open the purpose in purposes.yaml');
      continue;
    }
    const idle = grant.kind?.find((kind) => !classes.some((one) => one.kind === kind && speaksForClass(grant, one)));
    if (idle) report(grant.place, `rule \`${grant.name}\` names \`${idle}\`, which may state none of its purposes`, `take \`${idle}\` out, or open the purpose in purposes.yaml`);
  }
}

/** A field grant needs a row grant that speaks for the same asking. */
function checkReach(rules: RecordPolicy, classes: readonly AskingClass[], report: Report): void {
  for (const grant of fieldGrants(rules)) {
    const spoken = classes.filter((one) => speaksForClass(grant, one));
    if (spoken.length > 0 && !spoken.some((one) => rules.rows.grants.some((row) => speaksForClass(row, one)))) {
      report(grant.place, `rule \`${grant.name}\` never matters: no row of ${rules.record} is granted to those it speaks for`, 'grant them rows, or take the rule out');
    }
  }
}

/** A cap must bear on somebody, and must leave something to somebody. */
function checkCaps(rules: RecordPolicy, classes: readonly AskingClass[], report: Report): void {
  const granted = (cell: { grants: Grant[] }, one: AskingClass): boolean => cell.grants.some((grant) => speaksForClass(grant, one)) && rules.rows.grants.some((row) => speaksForClass(row, one));
  for (const cap of capsOf(rules)) {
    const cells = [...rules.cells].filter(([, { caps }]) => caps.includes(cap));
    if (!cells.some(([, cell]) => classes.some((one) => speaksForClass(cap, one) && granted(cell, one)))) {
      report(cap.place, `cap \`${cap.name}\` never matters: nothing is granted to those it speaks for`, 'correct its audience or fields, or take it out');
    }
    if (cap.when || cap.exceptAs.length > 0 || cap.rung !== 'WITHHELD') continue;
    const erased = cells.find(([, cell]) => cell.grants.length > 0 && classes.every((one) => !granted(cell, one) || (speaksForClass(cap, one) && !cap.exceptRoles.includes(one.role))));
    if (erased) report(cap.place, `cap \`${cap.name}\` has no condition and takes \`${erased[0]}\` from everybody`, 'add `when` or `except`, or write `nobody: reason` for the field');
  }
}

/** A write rule needs an operation rule that lets one of its askings through, and a row to write on. */
function checkWrites(policy: Policy, rules: RecordPolicy, classes: readonly AskingClass[], report: Report): void {
  for (const rule of rules.writes) {
    const allowed = policy.operations.get(rule.operation)?.allowed ?? [];
    if (!classes.some((one) => speaksForClass(rule, one) && allowed.some((audience) => speaksForClass(audience, one)))) {
      report(rule.place, `the write rule of \`${rule.operation}\` can never hold: operations.yaml lets nobody that it speaks for carry it out`, 'correct `kind`, `level` or `for`, here or in operations.yaml');
    }
  }
}

/** An attribute cannot have two values at once. */
function checkConditions(rules: RecordPolicy, report: Report): void {
  const places = new Map<Condition, { place: Place; name: string }>();
  for (const [name, condition] of rules.relations) places.set(condition, { place: rules.place, name });
  for (const rule of [...rules.rows.grants, ...rules.rows.vetoes, ...fieldGrants(rules), ...capsOf(rules)]) if (rule.when) places.set(rule.when, rule);
  for (const rule of rules.writes) if (rule.when) places.set(rule.when, { place: rule.place, name: rule.operation });
  for (const [condition, { place, name }] of places) {
    const attribute = contradiction(condition);
    if (attribute) report(place, `the condition of \`${name}\` contradicts itself: \`${attribute}\` cannot have these values at once`, 'write `any: [ … ]`, or keep one of the comparisons');
  }
}

/** The attribute on which a condition contradicts itself, looking at literals only. */
function contradiction(condition: Condition): string | undefined {
  if ('some' in condition) return contradiction(condition.some.that);
  const inner = 'all' in condition ? condition.all : 'any' in condition ? condition.any : 'none' in condition ? condition.none : [];
  const deeper = inner.map(contradiction).find((found) => found !== undefined);
  if (deeper !== undefined || !('all' in condition)) return deeper;
  const possible = new Map<string, string[]>();
  for (const part of condition.all) {
    const said = 'is' in part ? { attribute: part.is.attribute, values: [part.is.value] } : 'in' in part ? part.in : undefined;
    if (!said || !said.values.every((value) => 'literal' in value)) continue;
    const values = said.values.map((value) => JSON.stringify(value));
    const left = possible.get(said.attribute)?.filter((value) => values.includes(value)) ?? values;
    if (left.length === 0) return said.attribute;
    possible.set(said.attribute, left);
  }
  return undefined;
}

/** A relation that no rule names is a slip: a rule was meant to name it. */
function checkRelations(rules: RecordPolicy, report: Report): void {
  const restraints = [...rules.rows.vetoes, ...capsOf(rules)];
  const named = new Set([
    ...[...rules.rows.grants, ...fieldGrants(rules)].flatMap((grant) => grant.as ?? []),
    ...restraints.flatMap(({ exceptAs }) => exceptAs), ...rules.writes.flatMap((rule) => [...rule.as, ...rule.after]),
  ]);
  for (const name of rules.relations.keys()) if (!named.has(name)) report(rules.place, `relation \`${name}\` of ${rules.record} is named by no rule`, 'name it in a rule, or take it out');
}

/** An answer is given where there is no record too, so nothing of its cells can hang on one. */
function checkAnswer(rules: RecordPolicy, report: Report): void {
  for (const rule of [...fieldGrants(rules), ...capsOf(rules)]) {
    const reads = rule.when ?? ('exceptAs' in rule ? rule.exceptAs[0] : rule.as?.[0]);
    if (reads !== undefined) report(rule.place, `rule \`${rule.name}\` asks something of the record, but ${rules.record} is answered where there is none too`, 'put the condition or relation on a row grant or veto');
  }
}

/** A disclosure names a rule by its name alone, so a name stands for one rule of the record's fields. */
function checkNames(rules: RecordPolicy, report: Report): void {
  const seen = new Map<string, Grant | Restraint>();
  for (const rule of [...fieldGrants(rules), ...capsOf(rules)]) {
    const twin = seen.get(rule.name);
    if (twin) report(rule.place, `rule \`${rule.name}\` has the name of the one in line ${twin.place.line}`, 'rename one of the two');
    seen.set(rule.name, rule);
  }
}

/** A derived cell is shown only with its sources, unless it is released from them: a grant to somebody who never holds them does nothing. */
function checkSources(rules: RecordPolicy, classes: readonly AskingClass[], report: Report): void {
  for (const [cell, { grants, sources }] of rules.cells) {
    for (const grant of grants) {
      const spoken = classes.filter((one) => speaksForClass(grant, one));
      const lacking = sources.find((source) => spoken.every((one) => reaches(rules, source, one, 'FULL') === undefined));
      if (lacking !== undefined) report(grant.place, `rule \`${grant.name}\` never shows \`${cell}\`, which is derived from \`${lacking}\`: nobody it speaks for holds that`, `write \`releases: [${lacking}]\` over the block, or take the rule out`);
    }
  }
}

/** A record that is not shared names the law that exempts it (政务数据共享条例 art. 14), and is granted to nobody but its provider. */
function checkSharing(rules: RecordPolicy, report: Report): void {
  const exempt = rules.sharing === 'not-shared';
  if (exempt && rules.sharingBasis === undefined) report(rules.place, `${rules.record} is not shared, and names no law for it`, 'add `sharingBasis: …`, the law, regulation or decision of the State Council');
  if (!exempt && rules.sharingBasis !== undefined) report(rules.place, `${rules.record} is shared, and names a law against it`, 'take `sharingBasis` out, or write `sharing: not-shared`');
  const foreign = exempt ? rules.rows.grants.find(({ kind }) => !kind || kind.some((one) => one !== rules.provider)) : undefined;
  if (foreign) report(foreign.place, `rule \`${foreign.name}\` grants rows of ${rules.record}, which is not shared, to others than its provider`, `take the rule out, or name \`kind: [${rules.provider}]\` alone`);
}
