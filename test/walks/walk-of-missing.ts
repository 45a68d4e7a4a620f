import { addDays } from '../../src/kernel/dates.js';
import { MISSING_STEPS } from '../../src/ledgers/missing/missing.transitions.js';
import type { WalkAgency } from './walk-agencies.js';
import { refused, type Attempt, type Door, type Moment, type Outcome, type Row, type Sight, type WalkMachine } from './walk-machine.js';

/** Missing reports: public security that took one is alone with it (domain.md §2.4). */

const door = (input: string): Door => ({ purpose: 'IDENTITY', kinds: ['PUBLIC_SECURITY'], input, payload: 'report { id }' });
const DOORS: Record<string, Door> = { reportMissing: { ...door('ReportMissingInput'), givesMatter: true }, amendMissingReport: door('AmendMissingReportInput'), closeMissingReport: door('CloseMissingReportInput') };

async function leads(sight: Sight | null, { operation, input }: Attempt): Promise<Outcome> {
  if (operation === 'reportMissing') return { to: 'OPEN' };
  if (sight?.state !== 'OPEN') return refused('TRANSITION_NOT_ALLOWED');
  return { to: operation === 'amendMissingReport' ? 'OPEN' : String(input['outcome']) };
}

async function input(operation: string, _sight: Sight | null, _actor: WalkAgency, { random, today, freshIdNumber }: Moment, to?: string): Promise<Row> {
  if (operation === 'closeMissingReport') return { outcome: to === 'FOUND' || to === 'WITHDRAWN' ? to : random.pick(['FOUND', 'WITHDRAWN']), note: '行' };
  return { details: { name: `走失${random.below(1e6)}`, missingSince: addDays(today, -random.below(90)), kinPhone: '0000-1234567', ...(random.chance(0.5) && { idNumber: freshIdNumber() }) } };
}

const isOwn = ({ row }: Sight, { code }: WalkAgency): boolean => row['reporter'] === code;

export const missingMachine: WalkMachine = {
  name: 'missing', record: 'MissingReport', prefix: 'mr', steps: MISSING_STEPS, doors: DOORS, begins: ['reportMissing'], versioned: true, finished: ['FOUND', 'WITHDRAWN'],
  stateSql: 'SELECT state FROM guitu.missing_reports WHERE id = $1', rowSql: 'SELECT row_to_json(c) FROM guitu.missing_reports c WHERE c.id = $1', transitions: null, partsSql: {},
  matter: ({ row }) => String(row['report_no']), input, sees: (sight, actor, purpose) => purpose === 'IDENTITY' && isOwn(sight, actor),
  may: (sight, _operation, actor, matter) => isOwn(sight, actor) && matter === sight.row['report_no'] && sight.state === 'OPEN', leads, owes: () => ({ must: [], may: [] }),
};
