import { by, inMigration, inSource, type Leak } from './leak.js';

const ROWS = by('db/row-boundary');
const HOUSEHOLDS = (named: string): ReturnType<typeof by> => by('ledgers/households', named);
const inBoundaries = (find: string, replace: string): ReturnType<typeof inMigration> => inMigration('m0002-boundaries', find, replace);
/** Functions are edited where they were last replaced. */
const inPeople = (find: string, replace: string): ReturnType<typeof inMigration> => inMigration('m0008-people', find, replace);
const inHouseholds = (find: string, replace: string): ReturnType<typeof inMigration> => inMigration('m0013-households', find, replace);
const inHelp = (find: string, replace: string): ReturnType<typeof inMigration> => inMigration('m0016-household-help', find, replace);

const inMissing = (find: string, replace: string): ReturnType<typeof inMigration> => inMigration('m0017-missing-reports', find, replace);
const inRevisits = (find: string, replace: string): ReturnType<typeof inMigration> => inMigration('m0027-returnee-revisits', find, replace);
const inNamesakes = (find: string, replace: string): ReturnType<typeof inMigration> => inMigration('m0024-namesakes', find, replace);
const MISSING = by('ledgers/missing-reports');

/** Slips at the third belt, and in the functions that cross it. */
export const LEAKS_OF_DATABASE: readonly Leak[] = [
  { name: 'row-level security is off for one table', edits: [inBoundaries('ALTER TABLE guitu.${table} ENABLE ROW LEVEL SECURITY;', '${table === \'persons\' ? \'\' : `ALTER TABLE guitu.${table} ENABLE ROW LEVEL SECURITY;`}')], caughtBy: [ROWS] },
  { name: 'row-level security shows every person', edits: [inHouseholds('ALTER POLICY persons_read ON guitu.persons USING (', 'ALTER POLICY persons_read ON guitu.persons USING (TRUE OR ')], caughtBy: [ROWS] },
  { name: 'the settings of a viewer outlive its transaction', edits: [inSource('db/session', '${literal(value)}, true)`', '${literal(value)}, false)`')], caughtBy: [ROWS] },
  { name: 'the writer may insert rows of others', edits: [inBoundaries('FOR INSERT TO guitu_writer WITH CHECK (${write});', 'FOR INSERT TO guitu_writer WITH CHECK (true);')], caughtBy: [ROWS] },
  { name: 'the writer may hand rows to others', edits: [inMigration('m0028-of-the-place', 'WITH CHECK (destination_agency = ${AGENCY} OR origin_agency', 'WITH CHECK (TRUE OR destination_agency = ${AGENCY} OR origin_agency')], caughtBy: [by('db/handed-rows')] },
  { name: 'the writer may change rows of others', edits: [inBoundaries('FOR UPDATE TO guitu_writer USING (${write}) WITH CHECK (${write});', 'FOR UPDATE TO guitu_writer USING (true) WITH CHECK (true);')], caughtBy: [ROWS] },
  { name: 'linking a claim to a person tells whether the person was known', edits: [inPeople('  IF linked IS NULL THEN\n    SELECT coalesce(merged_into, id) INTO linked', '  IF linked IS NULL THEN\n    UPDATE persons SET identity_state = \'VERIFIED\' WHERE id_number_hash = hash;\n    SELECT coalesce(merged_into, id) INTO linked')], caughtBy: [by('db/crossings')] },
  { name: 'a person takes over what an unconfirmed case says', edits: [inBoundaries('WHERE c.id = confirmed_case AND c.confirmed_at IS NOT NULL AND p.id', 'WHERE c.id = confirmed_case AND p.id')], caughtBy: [by('db/crossings')] },
  { name: 'what a case says replaces what the person holds', edits: [inBoundaries('name = coalesce(p.name, c.subject_name),', 'name = coalesce(c.subject_name, p.name),')], caughtBy: [by('db/crossings')] },
  { name: 'a child merged into an adult is an adult', edits: [inMigration('m0020-younger-of-two', ' AND kept.born_on < merged.born_on AND', ' AND FALSE AND')], caughtBy: [by('ledgers/people', 'a child merged')] },
  { name: 'a candidate protected after the hit stays one', edits: [inSource('ledgers/people/people.commands', 'await hideHits(write, personId);', '')], caughtBy: [by('ledgers/inquiries-protected')] },
  { name: 'an imported row is confirmed unseen', edits: [inSource('ledgers/returns/returns.commands', 'if (!same)', 'if (false)')], caughtBy: [by('ledgers/returns-import', 'an imported row is a claim')] },
  { name: 'households are matched beyond the county', edits: [inHouseholds(' AND left(c.origin_division, 6) = left(county, 6))', ')')], caughtBy: [HOUSEHOLDS('only a return to the household')] },
  { name: 'households are matched with protected persons', edits: [inHelp('      AND NOT EXISTS (SELECT FROM protections x WHERE x.person_id IN (p.id, numbered.id))\n', '')], caughtBy: [by('db/crossings')] },
  { name: 'a child alone makes a flag', edits: [inHelp('WHERE m.household_id = ANY (hit) AND p.born_on <= today - interval \'18 years\'', 'WHERE m.household_id = ANY (hit)')], caughtBy: [by('db/crossings')] },
  { name: 'a flag stands though its person is now protected', edits: [inBoundaries(' AND p.born_on <= today - interval \'18 years\' AND NOT EXISTS (SELECT FROM protections x WHERE x.person_id = p.id)\n', ' AND p.born_on <= today - interval \'18 years\'\n')], caughtBy: [by('db/crossings')] },
  { name: 'households are matched with cases that nobody confirmed', edits: [inHouseholds('c.person_id = who AND c.confirmed_at IS NOT NULL AND c.state', 'c.person_id = who AND c.state')], caughtBy: [by('db/crossings')] },
  { name: 'row-level security shows missing reports to everybody', edits: [inMissing('FOR SELECT TO guitu_reader, guitu_writer USING (reporter = ${AGENCY});', 'FOR SELECT TO guitu_reader, guitu_writer USING (TRUE);')], caughtBy: [ROWS] },
  { name: 'a station is given reports for a protected person', edits: [inNamesakes('IF entered IS NULL OR EXISTS (SELECT FROM protections p WHERE p.person_id = sought.person_id) THEN', 'IF entered IS NULL THEN')], caughtBy: [by('db/crossings', 'comparing')] },
  { name: 'a station is given a report of a protected person', edits: [inNamesakes('      AND NOT EXISTS (SELECT FROM protections p WHERE p.person_id = r.person_id)\n', '')], caughtBy: [by('db/crossings', 'comparing')] },
  { name: 'a report of a protected person is given out under the bare name', edits: [inNamesakes("      AND NOT (coalesce(r.name = ANY (hidden), FALSE) AND may_be_protected(r.name, r.sex, r.born_on, r.person_id IS NOT NULL))\n", '')], caughtBy: [by('ledgers/missing-reports', 'bare name')] },
  { name: 'a protected person is a candidate under the bare name', edits: [inNamesakes(' OR may_be_protected(found.name, found.sex, found.birth_date, hash IS NOT NULL)', '')], caughtBy: [by('ledgers/inquiries', 'without the number')] },
  { name: 'what others were told stands in every inbox', edits: [inMigration('m0023-told', "FOR SELECT TO guitu_reader, guitu_writer USING (agency_id = (SELECT nullif(current_setting('guitu.agency', true), '')::uuid))", 'FOR SELECT TO guitu_reader, guitu_writer USING (TRUE)')], caughtBy: [ROWS] },
  { name: 'a report that is closed is still compared', edits: [inNamesakes("WHERE r.state = 'OPEN' AND r.missing_since", 'WHERE r.missing_since')], caughtBy: [MISSING] },
  { name: 'a report is told of by one who says not to tell', edits: [inMissing(" AND c.verdict = 'SAME_PERSON' AND c.tell AND NOT c.ended;", " AND c.verdict = 'SAME_PERSON' AND NOT c.ended;")], caughtBy: [by('db/crossings', 'telling')] },
  { name: 'whoever names a candidate tells of it', edits: [inMissing("WHERE c.id = of_candidate AND i.station = nullif(current_setting('guitu.agency', true), '')::uuid AND", 'WHERE c.id = of_candidate AND')], caughtBy: [by('db/crossings', 'telling')] },
  { name: 'row-level security shows revisits to every side of a return', edits: [inRevisits("FOR SELECT TO guitu_reader, guitu_writer USING (\n  agency_id = ${AGENCY} OR", "FOR SELECT TO guitu_reader, guitu_writer USING (\n  TRUE OR agency_id = ${AGENCY} OR")], caughtBy: [ROWS] },
  { name: 'the revisit of one station ends the duty of another, which learns of it', edits: [inRevisits("WHERE d.person_id = of_person AND d.owner = ${AGENCY} AND d.step", 'WHERE d.person_id = of_person AND d.step')], caughtBy: [by('ledgers/returnee-revisits', 'the revisit of one station')] },
];
