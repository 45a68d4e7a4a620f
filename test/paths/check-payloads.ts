import { AGENCY_KINDS } from '../../src/kernel/viewer.js';
import { getNamedType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { purposesOf } from '../../src/policy/gate.js';
import type { HubAnswer } from '../support/hub.js';
import { agenciesOf, asking } from './askers.js';
import { compareRecord, type GivenRecord } from './compare-record.js';
import { readLedgers } from './read-ledgers.js';
import { selectionOf } from './selection.js';
import { Session, Trace, type House } from './session.js';
import type { Attempt, Step } from './steps.js';
import { TellingTexts } from './telling-texts.js';
import { LONGEST_WAY } from './walk-schema.js';

/** What trying a mutation came to: how often it was carried out, by kind of agency, and what was wrong. */
export interface Tried { done: Map<string, number>; problems: string[] }

/** What a mutation may answer besides doing it. */
const REFUSALS = ['FORBIDDEN', 'NOT_FOUND', 'TRANSITION_NOT_ALLOWED', 'BAD_USER_INPUT', 'CONFLICT', 'STALE_VERSION'];

/** Carries a mutation out in every way that `steps.ts` knows, twice under one key; each time its payload is what the reference gives of the records as they then stand. */
export async function tryMutation(house: House, name: string, step: Step): Promise<Tried> {
  await house.owner.query(step.ready);
  const { policy, catalogue } = house.ledgers;
  const begin = await readLedgers(house.owner, policy, catalogue);
  const tried: Tried = { done: new Map(), problems: [] };
  const attempts = step.attempts(begin);
  for (const [index, attempt] of attempts.entries()) await carryOut({ ...house, ledgers: begin }, name, step, attempt, `${name}-${index}`, tried);
  await refuseOthers({ ...house, ledgers: begin }, name, step, attempts[0], tried);
  return tried;
}

async function carryOut(house: House, name: string, step: Step, attempt: Attempt, key: string, tried: Tried): Promise<void> {
  const purpose = attempt.purpose ?? step.purpose;
  const asked = asking(attempt.agency, purpose);
  const context = attempt.matter === undefined ? asked : { ...asked, matter: attempt.matter };
  const query = documentOf(house, name, step);
  const send = (): Promise<Sent> => house.hub.ask(attempt.agency, { purpose, matter: context.matter ?? '', key, roles: context.viewer.roles }, query, { input: attempt.input });
  const first = await send();
  const ledgers = first.data ? await readLedgers(house.owner, house.ledgers.policy, house.ledgers.catalogue) : house.ledgers;
  const session = new Session({ ...house, ledgers, texts: new TellingTexts(ledgers.catalogue, ledgers.raw) }, context);
  compareAnswer(session, name, step, attempt, first);
  if (first.data) {
    compareAnswer(session, name, step, attempt, await send());
    tried.done.set(context.viewer.kind, (tried.done.get(context.viewer.kind) ?? 0) + 1);
  }
  tried.problems.push(...session.problems);
}

type Sent = HubAnswer<Record<string, Record<string, unknown> | null>>;

function compareAnswer(session: Session, name: string, step: Step, attempt: Attempt, answer: Sent): void {
  session.complain(session.house.texts.findIn(answer.text, session.allowed, wordsIn(attempt.input)).map((leak) => `the answer to ${name} tells ${leak}`));
  const payload = answer.data?.[name];
  if (!payload) {
    if (!REFUSALS.includes(answer.errors[0]?.extensions.code ?? '')) session.complain([`${name} is ${answer.text.slice(0, 300)}`]);
    return;
  }
  const trace = new Trace();
  session.complain(comparePayload(session, name, payload, step, attempt, trace));
  session.leave(answer, trace, name);
  session.showWays(name);
}

/** Records by the reference, everything else by what the step says. */
function comparePayload(session: Session, name: string, payload: Record<string, unknown>, step: Step, attempt: Attempt, trace: Trace): string[] {
  const { catalogue } = session.house.ledgers;
  const plain = step.plain?.(attempt) ?? {};
  return payloadFields(session.house.schema, name).flatMap(([field, type]) => {
    const wanted = plain[field];
    if (!catalogue.records.has(type)) return (wanted instanceof RegExp ? wanted.test(String(payload[field])) : JSON.stringify(payload[field]) === JSON.stringify(wanted)) ? [] : [`${name}.${field} should be ${JSON.stringify(plain[field])}, is ${JSON.stringify(payload[field])}`];
    const given = payload[field] as GivenRecord | null;
    // A second record of a payload is none that the input names, and neither is one that is made about the record that it names.
    const input = String(attempt.input['id'] ?? attempt.input['householdId'] ?? '');
    const named = field !== 'other' && input.startsWith(`${catalogue.records.get(type)?.prefix ?? ''}_`) ? input : undefined;
    const id = String(named ?? given?.['id']).slice(3);
    return compareRecord(catalogue, `${name}.${field}`, given, session.view.show(type, id), session.comparing(trace));
  });
}

/** Kinds that may not carry it out at all get its refusal and nothing else. */
async function refuseOthers(house: House, name: string, step: Step, attempt: Attempt | undefined, tried: Tried): Promise<void> {
  for (const kind of AGENCY_KINDS) {
    if (tried.done.has(kind)) continue;
    const agency = agenciesOf(kind)[0] ?? '';
    const { viewer, now } = asking(agency, null);
    const open = purposesOf(house.ledgers.policy, viewer, now);
    for (const purpose of open) {
      const session = new Session(house, asking(agency, purpose));
      const answer = await session.ask(documentOf(house, name, step), { input: attempt?.input ?? {} }, wordsIn(attempt?.input), `${name}-${agency}-${purpose}`);
      const refused = session.refusalOf(name);
      if (refused === undefined) session.complain([`nobody of kind ${kind} carried ${name} out for ${purpose}, and it is open to them: ${answer.text.slice(0, 200)}`]);
      else session.expectRefused(name, refused, answer);
      session.showWays(name);
      tried.problems.push(...session.problems);
    }
  }
}

const payloadFields = (schema: GraphQLSchema, name: string): [field: string, type: string][] => {
  const payload = getNamedType(schema.getMutationType()?.getFields()[name]?.type) as GraphQLObjectType;
  return Object.values(payload.getFields()).map((field) => [field.name, getNamedType(field.type).name]);
};

function documentOf({ schema, ledgers }: House, name: string, step: Step): string {
  const fields = payloadFields(schema, name).map(([field, type]) => {
    if (ledgers.catalogue.records.has(type)) return `${field} { ${selectionOf(schema, ledgers.catalogue, type, LONGEST_WAY - 1)} }`;
    return 'getFields' in (schema.getType(type) ?? {}) ? `${field} { __typename }` : field;
  });
  return `mutation ($input: ${step.inputType}!) { ${name}(input: $input) { ${fields.join(' ')} } }`;
}

function wordsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value, value.slice(3)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(wordsIn) : [];
}
