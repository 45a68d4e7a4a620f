import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startHub, type HubAnswer, type TestHub } from '../support/hub.js';
import { world, worldId } from '../support/world.js';

/** A claim opens nothing: a case opens the person of whom it speaks only while the other side's own acknowledgement of it stands. */
let hub: TestHub;
beforeAll(async () => { hub = await startHub(); });
afterAll(() => hub.stop());

const SENDER = 'station-320200';
const ORIGIN = 'station-320281';
const OTHER_ORIGIN = 'civil-341523';
const KNOWN = 'lin-guilai';
const { idNumber = '', name = '' } = world.persons[KNOWN] ?? {};

interface Seen { id: string; version: number; state: string; person: { name: string } | null; disclosure: { field: string; rung: string }[] }
const CASE = 'returnCase { id version state person { name } disclosure { field rung } }';
const step = (agency: string, operation: string, type: string, input: Record<string, unknown>): Promise<HubAnswer<Record<string, { returnCase: Seen | null }>>> =>
  hub.ask(agency, { purpose: 'RETURN', key: randomUUID() }, `mutation ($input: ${type}!) { ${operation}(input: $input) { ${CASE} } }`, { input });

async function send(): Promise<Seen> {
  const answer = await step(SENDER, 'sendReturnNotice', 'SendReturnNoticeInput', { subject: { idNumber }, noticeNo: randomUUID(), noticeDate: '2026-11-19', entryDate: '2026-11-18', leaveDate: '2026-11-19', returnMode: 'SELF', originDivision: '320281' });
  const sent = answer.data?.['sendReturnNotice']?.returnCase;
  if (!sent) throw new Error(answer.text);
  return sent;
}

/** What an agency sees of the person through the case, in the case's disclosure, and by the person's own id. */
async function opens(agency: string, id: string): Promise<unknown> {
  const { data } = await hub.ask<{ case: Seen | null; person: { name: string } | null }>(agency, { purpose: 'RETURN' }, `{ case: node(id: "${id}") { ... on ReturnCase { person { name } disclosure { field rung } } } person: node(id: "pe_${worldId('person', KNOWN)}") { ... on Person { name } } }`);
  return [data?.case?.person?.name ?? null, data?.case?.disclosure.find(({ field }) => field === 'person')?.rung ?? null, data?.person?.name ?? null];
}
const CLOSED = [null, 'WITHHELD', null];
const OPEN = [name, 'FULL', name];
const taken = async (agency: string, operation: string, type: string, of: Seen, more: object = {}): Promise<Seen> => {
  const answer = await step(agency, operation, type, { id: of.id, expectedVersion: of.version, ...more });
  const after = answer.data?.[operation]?.returnCase;
  if (!after) throw new Error(answer.text);
  return after;
};

describe('a notice about a guessed ID number', () => {
  test('opens no person to its sender, in its payload neither, before the origin side acknowledges; then it does', async () => {
    const sent = await send();
    expect([sent.person, sent.disclosure.find(({ field }) => field === 'person')?.rung]).toEqual([null, 'WITHHELD']);
    expect(await opens(SENDER, sent.id)).toEqual(CLOSED);
    await taken(ORIGIN, 'acknowledgeReturn', 'ReturnStepInput', sent);
    expect(await opens(SENDER, sent.id)).toEqual(OPEN);
    // The sender keeps only what it may: withdrawn, the case no longer opens anything.
    const acknowledged = await hub.ask<{ node: Seen }>(SENDER, { purpose: 'RETURN' }, `{ node(id: "${sent.id}") { ... on ReturnCase { id version } } }`);
    await taken(SENDER, 'recallReturn', 'ReturnReasonInput', acknowledged.data?.node ?? sent, { code: 'OTHER' });
    expect(await opens(SENDER, sent.id)).toEqual(CLOSED);
  });

  test('that is rerouted after it was acknowledged opens the person to nobody, until the new origin acknowledges', async () => {
    const acknowledged = await taken(ORIGIN, 'acknowledgeReturn', 'ReturnStepInput', await send());
    const disputed = await taken(ORIGIN, 'disputeReturn', 'ReturnReasonInput', acknowledged, { code: 'OTHER' });
    expect(await opens(SENDER, disputed.id)).toEqual(CLOSED);
    const rerouted = await taken(SENDER, 'rerouteReturn', 'RerouteReturnInput', disputed, { originDivision: '341523' });
    expect([await opens(SENDER, rerouted.id), await opens(OTHER_ORIGIN, rerouted.id)]).toEqual([CLOSED, CLOSED]);
    await taken(OTHER_ORIGIN, 'acknowledgeReturn', 'ReturnStepInput', rerouted);
    expect([await opens(SENDER, rerouted.id), await opens(OTHER_ORIGIN, rerouted.id)]).toEqual([OPEN, OPEN]);
  });
});
