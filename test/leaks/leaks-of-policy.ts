import { by, inPolicy, inSource, type Leak } from './leak.js';

const COMPILE = by('policy/compile');
const REFERENCE = by('policy/reference', 'give every asker');
const GATE = by('policy/gate');
const inCompile = (find: string, replace: string): ReturnType<typeof inSource> => inSource('policy/compile', find, replace);

const inPredicate = (find: string, replace: string): ReturnType<typeof inSource> => inSource('policy/predicate', find, replace);

/** Slips in the compiler of the policy, in what is kept of its work, and in the rules themselves. */
export const LEAKS_OF_POLICY: readonly Leak[] = [
  { name: 'a cap is dropped', edits: [inCompile('not(anyOf(capped.filter((rule) => heightOf(rule.rung) < heightOf(rung)).map((rule) => rule.holds))),', '')], caughtBy: [REFERENCE] },
  { name: 'a veto asks IS TRUE instead of IS NOT FALSE', edits: [inCompile('[rule.when ? isNotFalse(rule.when, context)', '[rule.when ? isTrue(rule.when, context)')], caughtBy: [REFERENCE] },
  { name: 'a grant whose condition is unknown opens', edits: [inCompile('grant.when ? isTrue(grant.when, context)', 'grant.when ? isNotFalse(grant.when, context)')], caughtBy: [by('paths/varied-policy', 'station-320281')] },
  { name: 'a relation that is unknown holds', edits: [inCompile('[name, isTrue(condition, context)]', '[name, isNotFalse(condition, context)]')], caughtBy: [REFERENCE] },
  { name: 'a minor of unknown age is treated as an adult', edits: [inCompile('return comparison(condition, context, \'IS NOT FALSE\');', 'return comparison(condition, context, \'IS TRUE\');')], caughtBy: [REFERENCE] },
  { name: '`none` asks the wrong way round of the unknown', edits: [inCompile('return not(anyOf(condition.none.map((part) => isNotFalse(part, context))));', 'return not(anyOf(condition.none.map((part) => isTrue(part, context))));')], caughtBy: [COMPILE] },
  { name: 'inside `some` the unknown no longer holds for a veto', edits: [inCompile('return someOf(condition.some, context, isNotFalse);', 'return someOf(condition.some, context, isTrue);')], caughtBy: [COMPILE] },
  { name: 'a matter that is not stated opens a veto', edits: [inCompile('attribute.nullable || comparesMatter(condition)', 'attribute.nullable')], caughtBy: [by('policy/unknown-matter')] },
  { name: 'any of nothing always holds', edits: [inPredicate('[\'NEVER\', \'ALWAYS\'] : [\'ALWAYS\', \'NEVER\'];', '[\'NEVER\', \'ALWAYS\'] : [\'ALWAYS\', \'ALWAYS\'];')], caughtBy: [COMPILE] },
  { name: 'a negation does not turn `and` into `or`', edits: [inPredicate('combine(other(formula.op), formula.parts.map(negate))', 'combine(formula.op, formula.parts.map(negate))')], caughtBy: [REFERENCE] },
  {
    name: 'the row predicate is added only if a grant speaks for the viewer',
    edits: [inCompile('const row = allOf([anyOf(rules.rows.grants.map(grantHolds)),', 'const spoken = rules.rows.grants.filter((grant) => addresses(grant, viewer));\n    const row = allOf([spoken.length > 0 ? anyOf(spoken.map(grantHolds)) : \'ALWAYS\',')],
    caughtBy: [COMPILE],
  },
  { name: 'rungs are compared the wrong way', edits: [inCompile('heightOf(rule.rung) >= heightOf(rung)', 'heightOf(rule.rung) <= heightOf(rung)')], caughtBy: [COMPILE] },
  { name: 'a nested cell is shown above the one it stands in', edits: [inCompile('[...(cells.has(parent) ? [parent] : []), ...(rules', '[...(rules')], caughtBy: [by('paths/varied-policy', 'station-320281')] },
  { name: 'a derived cell is shown where its sources are not', edits: [inCompile('...(rules.cells.get(cell)?.sources ?? [])', '')], caughtBy: [by('paths/varied-policy', 'station-320281')] },
  { name: 'an exception of a veto holds for everybody', edits: [inCompile('not(relations(rule.exceptAs))', 'not(rule.exceptAs.length > 0 ? \'ALWAYS\' : \'NEVER\')')], caughtBy: [REFERENCE] },
  { name: 'a cap that excepts a role binds nobody', edits: [inCompile('!rule.exceptRoles.some((role) => viewer.roles.includes(role))', 'rule.exceptRoles.length === 0')], caughtBy: [COMPILE] },
  { name: 'the level of an audience is ignored', edits: [inCompile('(!audience.level || audience.level.includes(viewer.level))', 'true')], caughtBy: [GATE] },
  { name: 'the roles of an audience are ignored', edits: [inCompile('(!audience.roles || audience.roles.some((role) => viewer.roles.includes(role)))', 'true')], caughtBy: [by('policy/audiences')] },
  { name: 'the purposes of an audience are ignored', edits: [inCompile('(!audience.purposes || (viewer.purpose !== null && audience.purposes.includes(viewer.purpose)))', 'true')], caughtBy: [COMPILE] },
  { name: 'the kind of an audience is ignored', edits: [inCompile('(!audience.kind || audience.kind.includes(viewer.kind))', 'true')], caughtBy: [COMPILE] },
  { name: 'a grant that has lapsed still holds', edits: [inCompile('viewer.at.getTime() < audience.until', 'viewer.at.getTime() <= audience.until + 86_400_000')], caughtBy: [by('policy/audiences')] },
  { name: 'within no area is everywhere', edits: [inCompile('.join(\' OR \') || \'FALSE\'', '.join(\' OR \') || \'TRUE\'')], caughtBy: [COMPILE] },
  { name: '`within` compares the beginning and not the end', edits: [inCompile(' AND ${column} < «until${index}»', '')], caughtBy: [REFERENCE, by('ledgers/succeeded-divisions')] },
  { name: 'every rule may be named as a reason', edits: [inCompile('rule.nameable = read.every((attribute) => attribute !== undefined && alwaysHeld(attribute));', 'rule.nameable = true;')], caughtBy: [COMPILE] },
  { name: 'a lens is kept without the purpose', edits: [inSource('policy/store', 'JSON.stringify([viewerClass, purpose, this.#spanOf(now)])', 'JSON.stringify([viewerClass, this.#spanOf(now)])')], caughtBy: [by('policy/kept-lenses')] },
  { name: 'a lens is kept without the roles', edits: [inSource('policy/store', 'JSON.stringify([viewerClass, purpose,', 'JSON.stringify([{ ...viewerClass, roles: [] }, purpose,')], caughtBy: [by('policy/kept-lenses')] },
  { name: 'a lens is kept without the level', edits: [inSource('policy/store', 'JSON.stringify([viewerClass, purpose,', 'JSON.stringify([{ ...viewerClass, level: null }, purpose,')], caughtBy: [by('policy/kept-lenses')] },
  { name: 'a lens is kept beyond the end of a grant', edits: [inSource('policy/store', 'JSON.stringify([viewerClass, purpose, this.#spanOf(now)])', 'JSON.stringify([viewerClass, purpose])')], caughtBy: [by('policy/kept-lenses')] },
  { name: 'lenses are kept for all versions of the policy together', edits: [inSource('policy/store', '    #lenses = new Map();', '    #lenses = (PolicyInForce.lenses ??= new Map());')], caughtBy: [by('policy/kept-lenses')] },
  { name: 'a purpose is not checked against the kind of agency', edits: [inSource('policy/gate', 'policy.purposes.get(purpose)?.allowed.some((audience) => addresses(audience, { ...viewer, purpose, at })) ?? false', 'policy.purposes.has(purpose)')], caughtBy: [GATE] },
  { name: 'no matter is required', edits: [inSource('policy/gate', 'if (stated.matterRequired && !matter && !stated.matterExcept.includes(operation))', 'if (stated.matterRequired && matter === \'\')')], caughtBy: [GATE] },
  { name: 'an operation without a rule is open', edits: [inSource('policy/gate', '    if (!rule)\n        return new Refusal(\'FORBIDDEN\', { field: operation });', '    if (!rule)\n        return undefined;')], caughtBy: [GATE] },
  { name: 'an operation is open to every kind that may state its purpose', edits: [inSource('policy/gate', '    if (!rule.allowed.some((audience) => addresses(audience, asker)))\n        return new Refusal(\'FORBIDDEN\', { field: operation });', '')], caughtBy: [GATE] },
  { name: 'a rule of minors excepts the origin as well', edits: [inPolicy('return-case', 'except: [author, caringDestination, holdingStation, holdingCivilAffairs]', 'except: [author, caringDestination, origin, holdingStation, holdingCivilAffairs]')], caughtBy: [by('policy/shipped-policy')] },
  { name: 'the veto of protected persons also excepts the receiving side', edits: [inPolicy('person', 'except: [holdingStation, holdingCivilAffairs, namedUnit], basis', 'except: [returnOrigin, holdingStation, holdingCivilAffairs, namedUnit], basis')], caughtBy: [by('acceptance/matrix', 'station-320281 sees for RETURN')] },
  { name: 'a superior is told which household waits', edits: [inPolicy('inbox-item', 'when: { kind: { is: RAISED }, ownersOnly: { is: true } }', 'when: { kind: { is: OWED }, ownersOnly: { is: true } }')], caughtBy: [by('ledgers/inbox-numbers')] },
  { name: 'a station above the origin merges people', edits: [inPolicy('person', 'write: mergePeople, kind: [RESCUE_STATION, CIVIL_AFFAIRS], for: [RETURN], as: [returnOrigin],', 'write: mergePeople, kind: [RESCUE_STATION, CIVIL_AFFAIRS], for: [RETURN], as: [returnOrigin, returnCounty],')], caughtBy: [by('ledgers/people', 'whoever lies above')] },
  { name: 'a destination protects whom it sent home', edits: [inPolicy('person', 'as: [caringDestination, returnOrigin,', 'as: [returnDestination, returnOrigin,')], caughtBy: [by('ledgers/people', 'still cares for')] },
  { name: 'a destination reads on of a child that it handed over', edits: [inPolicy('person', 'except: [caringDestination, caringStation, inquiryPolice,', 'except: [returnDestination, caringStation, inquiryPolice,')], caughtBy: [by('ledgers/returns-edges', 'handed over')] },
  { name: 'a station protects whom it has handed over', edits: [inPolicy('person', "      stays: { some: { station: { is: viewer.agency }, state: { in: [IN_STATION, ENTRUSTED, HOSPITAL] } } }\n", '')], caughtBy: [by('ledgers/inquiries-protected', 'handed somebody over')] },
  { name: 'an auditor does the business', edits: [inPolicy('purposes', '- { kind: [RESCUE_STATION, CIVIL_AFFAIRS], roles: [CLERK, APPROVER, SHARING_OFFICER, MINORS_OFFICER] }', '- { kind: [RESCUE_STATION, CIVIL_AFFAIRS] }')], caughtBy: [by('belts/operations', 'its administrator and its auditor')] },
  { name: 'whoever registered a person follows it to another province', edits: [inPolicy('at-risk-entry', 'kind: [RESCUE_STATION], as: [submitter, receivedHere], for', 'kind: [RESCUE_STATION], as: [enrolledBy, receivedHere], for')], caughtBy: [by('ledgers/at-risk-steps', 'move across provinces')] },
  { name: 'a household flag is shown before its release day', edits: [inPolicy('registered-household', 'grant: flag-office, rung: FULL, kind: [POVERTY_RELIEF], as: [office], for: [POVERTY_RELIEF], when: { flagState: { is: CONFIRMED }, flagReleaseOn: { before: today + 1 days }, ', 'grant: flag-office, rung: FULL, kind: [POVERTY_RELIEF], as: [office], for: [POVERTY_RELIEF], when: { flagState: { is: CONFIRMED }, ')], caughtBy: [by('policy/shipped-policy')] },
];

