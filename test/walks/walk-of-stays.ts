import { addDays } from '../../src/kernel/dates.js';
import { STAY_STEPS } from '../../src/ledgers/settlement/stays.transitions.js';
import { covers, type WalkAgency } from './walk-agencies.js';
import { hiddenFrom, refused, text, type Attempt, type Door, type Moment, type Outcome, type Row, type Sight, type WalkMachine } from './walk-machine.js';

/** Stays: the station that has the person, from entering to leaving. */

const door = (input: string): Door => ({ purpose: 'SETTLEMENT', kinds: ['RESCUE_STATION'], input, payload: 'stay { id }' });
const DOORS: Record<string, Door> = { openStay: door('OpenStayInput'), moveStay: door('MoveStayInput'), endStay: door('EndStayInput'), updateTracing: door('UpdateTracingInput'), recordDnaRequest: door('RecordDnaRequestInput'), recordDnaSample: door('RecordDnaSampleInput') };
const PLACES = ['IN_STATION', 'ENTRUSTED', 'HOSPITAL'];

function sees(sight: Sight, actor: WalkAgency, purpose: string): boolean {
  if (hiddenFrom(sight, actor)) return false;
  const county = actor.level === 'COUNTY';
  const area = actor.kind === 'CIVIL_AFFAIRS' && covers(actor, text(sight.row['division'])) && purpose === (county ? 'SETTLEMENT' : 'SUPERVISION');
  return area || (purpose === 'SETTLEMENT' && actor.kind === 'RESCUE_STATION' && sight.row['station'] === actor.code);
}

async function leads(sight: Sight | null, { operation, input }: Attempt): Promise<Outcome> {
  const place = String(input['place']);
  if (operation === 'openStay') return { to: place };
  if (!sight || sight.state === 'LEFT' || (operation === 'moveStay' && place === sight.state)) return refused('TRANSITION_NOT_ALLOWED');
  const [asked, taken] = [sight.row['dna_requested_on'] !== null, sight.row['dna_sampled_on'] !== null];
  if ((operation === 'recordDnaRequest' && asked) || (operation === 'recordDnaSample' && (!asked || taken))) return refused('TRANSITION_NOT_ALLOWED');
  return { to: operation === 'moveStay' ? place : operation === 'endStay' ? 'LEFT' : sight.state };
}

async function input(operation: string, _sight: Sight | null, _actor: WalkAgency, { random, today }: Moment, to?: string): Promise<Row> {
  const place = to && PLACES.includes(to) ? to : random.pick(PLACES);
  switch (operation) {
    case 'openStay': return { enteredOn: addDays(today, -random.below(60) - 60), place, estimatedAge: 30 + random.below(40), features: `行者${random.below(1e6)}` };
    case 'moveStay': return { place, since: today };
    case 'endStay': return { leftOn: today, how: random.pick(['LEFT', 'TRANSFERRED']) };
    case 'recordDnaRequest': return { requestedOn: today };
    case 'recordDnaSample': return { sampledOn: today, sampleNo: `样${random.below(1e6)}` };
    default: return { publishedOn: today };
  }
}

/** Whoever is identified in the meantime is no longer traced; and when three months are over, the clock has done its part. */
function owes({ state, row, parts }: Sight): { must: readonly string[]; may: readonly string[] } {
  if (state === 'LEFT') return { must: [], may: [] };
  const of = (step: string): string => `${step} ${String(row['station'])}`;
  const tracing = [...(row['tracing_published_on'] === null ? [of('publishTracing')] : []), of(row['tracing_updated_on'] === null ? 'updateTracing' : 'updateTracingAgain')];
  const dna = row['dna_requested_on'] === null ? [of('requestDna')] : row['dna_sampled_on'] === null ? [of('sampleDna')] : [];
  const identified = parts['persons']?.[0]?.['identity_state'] === 'VERIFIED';
  return identified ? { must: [], may: [...tracing, ...dna, of('settlementDue')] } : { must: [...tracing, ...dna], may: [of('settlementDue')] };
}

export const staysMachine: WalkMachine = {
  name: 'stays', record: 'Stay', prefix: 'st', steps: STAY_STEPS, doors: DOORS, begins: ['openStay'], versioned: true, finished: ['LEFT'],
  stateSql: 'SELECT state FROM guitu.stays WHERE id = $1', rowSql: 'SELECT row_to_json(c) FROM guitu.stays c WHERE c.id = $1', transitions: null,
  partsSql: {
    moves: 'SELECT json_agg(m ORDER BY m.step) FROM guitu.stay_moves m WHERE m.stay_id = $1',
    persons: 'SELECT json_agg(p) FROM guitu.persons p JOIN guitu.stays s ON s.person_id = p.id WHERE s.id = $1',
  },
  input, sees, may: ({ row }, _operation, { code }) => row['station'] === code, leads, owes,
};
