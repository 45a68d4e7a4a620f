import { by, inSource, type Leak } from './leak.js';

const STEPS = (named: string): ReturnType<typeof by> => by('ledgers/returns-steps', named);
const IMPORT = (named: string): ReturnType<typeof by> => by('ledgers/returns-import', named);
const HOUSEHOLDS = (named: string): ReturnType<typeof by> => by('ledgers/households', named);

/** A reader whose lens shows every cell of every row. */
const OPEN_READER = `const open = new Map([...desk.reader.lens.records].map(([name, record]) => [name, { ...record, row: 'ALWAYS', cells: new Map([...record.cells].map(([cell, verdict]) => [cell, { ...verdict, full: 'ALWAYS', atLeast: verdict.atLeast.map((one) => ({ ...one, holds: 'ALWAYS' })) }])) }]));
        const all = new desk.reader.constructor(desk.context, { ...desk.reader.lens, records: open }, desk.reader.services, desk.reader.tally, desk.reader.originalOf);`;

/** Slips in the ledgers: claims that open, steps without their policy, flags as oracles. */
export const LEAKS_OF_LEDGERS: readonly Leak[] = [
  { name: 'a claim opens: a notice is confirmed by its author', edits: [inSource('ledgers/returns/returns.commands', '...(state === \'SENT\' && { sent_at: now }),', '...(state === \'SENT\' && { sent_at: now, confirmed_at: now }),')], caughtBy: [by('ledgers/claims')] },
  { name: 'a case opens the person before it is acknowledged', edits: [inSource('ledgers/returns/returns.shape', '(${t}.confirmed_at IS NOT NULL AND ', '(')], caughtBy: [by('ledgers/claims')] },
  { name: 'a disputed case still opens the person', edits: [inSource('ledgers/returns/returns.shape', ' AND ${t}.state NOT IN (\'DISPUTED\', \'REFUSED\', \'RECALLED\', \'COORDINATING\'))', ')')], caughtBy: [by('acceptance/matrix', 'station-320281 sees for RETURN')] },
  { name: 'an author that acknowledges its own row opens the person', edits: [inSource('ledgers/returns/returns.writing', ' && before.author_agency !== viewer.agencyId;', ';')], caughtBy: [IMPORT('acknowledging one')] },
  { name: 'a rerouted notice stays open to the former origin', edits: [inSource('ledgers/returns/returns.commands', ', acknowledged_at: null, confirmed_at: null }', ' }')], caughtBy: [by('ledgers/claims')] },
  { name: 'a refusal tells a station whether the settlement has placed the person', edits: [inSource('ledgers/returns/returns.commands', "if (input.outcome === 'MERGED')\n", "if (input.outcome === 'PLACED' && !(await isSettled(write, uuidOf(input.id, 'rc', 'input.id'))))\n                    throw badInput('input.outcome', '落户安置尚未完成', 'the settlement has not placed the person yet');\n                if (input.outcome === 'MERGED')\n")], caughtBy: [by('ledgers/returns-edges', 'is not the station.s to say')] },
  { name: 'an imported row counts as confirmed', edits: [inSource('ledgers/returns/returns.import', 'remark: values.remark ?? null, changed_at: now.toISOString(),', 'remark: values.remark ?? null, changed_at: now.toISOString(), confirmed_at: now.toISOString(),')], caughtBy: [IMPORT('an imported row is a claim')] },
  { name: 'an import writes into the ledger of another agency', edits: [inSource('ledgers/returns/returns.import', 'origin_agency: viewer.agencyId, origin_division', 'origin_agency: station?.agencyId ?? viewer.agencyId, origin_division')], caughtBy: [IMPORT('good rows go in|an imported row is a claim')] },
  { name: 'a suspended agency may still import', edits: [inSource('ledgers/returns/returns.import', 'if (!agency || agency.suspended)', 'if (!agency)')], caughtBy: [by('ledgers/suspended', 'an agency')] },
  { name: 'a step is not asked of the policy on the record as it was', edits: [inSource('disclosure/perform', '        if (row.ways.length === 0)\n', '        if (row.ways === undefined)\n'), inSource('disclosure/perform', '(before?.ways.includes(index) ?? true)', 'true')], caughtBy: [STEPS('every step from every state')] },
  { name: 'a step finds records that the asker may not see', edits: [inSource('disclosure/perform', 'AND ${predicateSql(lens.row, \'c\')} ORDER BY', 'ORDER BY')], caughtBy: [by('paths/paths', 'CIVIL_AFFAIRS errors repeat no cell')] },
  { name: 'a write may set any cell', edits: [inSource('disclosure/perform', 'if (!stray.includes(undefined))', 'if (open.length === 0)')], caughtBy: [by('disclosure/perform')] },
  { name: 'a write is not asked of the policy on the record as it then stands', edits: [inSource('disclosure/perform', 'row.ways.includes(index) && ', '')], caughtBy: [by('disclosure/perform')] },
  { name: 'an idempotency key answers another request with the outcome of the first', edits: [inSource('disclosure/perform', ' || row.request_hash !== hash)', ')')], caughtBy: [STEPS('the same key again')] },
  {
    name: 'an idempotency key answers another agency with the outcome of the first',
    edits: [
      inSource('disclosure/perform', '[viewer.agencyId, key, operation, hash, now]);', '[(await client.query(\'SELECT id FROM guitu.agencies ORDER BY id LIMIT 1\')).rows[0].id, key, operation, hash, now]);'),
      inSource('disclosure/perform', 'WHERE agency_id = $1 AND key = $2\', [viewer.agencyId, key]);', 'WHERE $1::uuid IS NOT NULL AND key = $2\', [viewer.agencyId, key]);'),
      { file: 'dist/migrations/m0002-boundaries.js', find: '{ table: \'idempotency_keys\', read: `agency_id = ${AGENCY}`, write: `agency_id = ${AGENCY}` }', replace: '{ table: \'idempotency_keys\', read: \'true\', write: \'true\' }' },
      inSource('disclosure/perform', 'SET outcome = $3 WHERE agency_id = $1 AND key = $2', 'SET outcome = $3 WHERE $1::uuid IS NOT NULL AND key = $2'),
    ],
    caughtBy: [by('ledgers/keys-of-agencies')],
  },
  {
    name: 'a payload is read back without the policy',
    edits: [inSource('ledgers/returns/returns.resolver', '        return desk.reader.findById(\'ReturnCase\', payload.caseId, info);', `        ${OPEN_READER}\n        return all.findById('ReturnCase', payload.caseId, info);`)],
    caughtBy: [by('paths/payloads', 'acknowledgeReturn')],
  },
  { name: 'members are exchanged under a flag that stays', edits: [inSource('ledgers/households/households.commands', 'SELECT guitu.unmatch_households(array_agg(changed.household_id)) FROM (', 'SELECT count(changed.household_id) FROM (')], caughtBy: [HOUSEHOLDS('a confirmed flag is no oracle')] },
  { name: 'a flag is released on the day it is confirmed', edits: [inSource('ledgers/households/households.release', '    if (decided === \'AT_ONCE\')', '    if (decided)')], caughtBy: [HOUSEHOLDS('flags are released on the first')] },
  { name: 'the answer to a request for flags counts the hits', edits: [inSource('ledgers/households/households.commands', 'return { accepted: ids.length };', 'return { accepted: (await write.query(\'SELECT 1 FROM guitu.household_flags WHERE household_id = ANY ($1)\', [ids])).length };')], caughtBy: [by('paths/payloads', 'flagHouseholds')] },
  { name: 'a check of returnees finds cases that may not be told of', edits: [inSource('ledgers/returns/returnee-check', ' AND ${visible} ORDER BY', ' ORDER BY')], caughtBy: [by('acceptance/matrix', 'about every ID number')] },
  { name: 'checks of returnees are not limited', edits: [inSource('ledgers/rate', '    if (!limit)', '    if (limit)')], caughtBy: [by('disclosure/reads', 'checkReturnees answers')] },
  { name: 'anybody may read the matrix of other kinds', edits: [inSource('ledgers/policy.resolver', '    if (!refusal)\n', '    if (refusal !== null)\n')], caughtBy: [by('ledgers/policy-questions', 'station-320281')] },
  { name: 'a suspended agency is remembered as one that may ask', edits: [inSource('ledgers/agencies/agencies.directory', 'suspended_at IS NOT NULL AS suspended,', 'FALSE AS suspended,')], caughtBy: [by('belts/fail-open-traps', 'a suspended agency is out')] },
  { name: 'a suspended issuer still signs', edits: [inSource('ledgers/agencies/agencies.directory', 'WHERE i.iss = $1 AND i.suspended_at IS NULL', 'WHERE i.iss = $1')], caughtBy: [by('ledgers/suspended', 'an issuer')] },
  { name: 'a result stays after the person held is protected', edits: [inSource('ledgers/missing/missing.shape', ' AND NOT ${guarded(inner)} AND NOT ${guarded(outer)}', ' AND NOT ${guarded(outer)}')], caughtBy: [by('ledgers/missing-reports', 'protected after it was told')] },
  { name: 'a result stays after whoever bears the number is protected', edits: [inSource('ledgers/missing/missing.shape', ' AND NOT ${guarded(inner)} AND NOT ${guarded(outer)}', ' AND NOT ${guarded(inner)}')], caughtBy: [by('ledgers/missing-reports', 'protected after it was told')] },
  { name: 'one member of staff tells of a missing person', edits: [inSource('ledgers/inquiries/inquiries.missing', 'if (first === null)', 'if (first === undefined)')], caughtBy: [by('ledgers/missing-reports', 'two different members of staff')] },
  { name: 'the word of one that says not to tell is overruled by the other', edits: [inSource('ledgers/inquiries/inquiries.missing', 'const tell = wantsTold && candidate.tell === true;', 'const tell = wantsTold;')], caughtBy: [by('ledgers/missing-reports', 'one of two members of staff')] },
];
