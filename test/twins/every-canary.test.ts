import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RequestContext } from '../../src/kernel/request.js';
import { PURPOSES, type Role } from '../../src/kernel/viewer.js';
import { importReturns } from '../../src/ledgers/returns/returns.import.js';
import { gate, purposesOf } from '../../src/policy/gate.js';
import { buildLog } from '../../src/server/request-log.js';
import { reads } from '../acceptance/attacks.js';
import { askAs } from '../support/asking.js';
import { world } from '../support/world.js';
import { CanarySearch } from './canary-search.js';
import { explainedByCommand } from './explained-by-command.js';
import { faultySheet, sheetText } from './faulty-sheet.js';
import { ODDITIES } from './oddities.js';
import { plantCanaries, type PlantedCanary } from './planted-canaries.js';
import { Seeded } from './seeded.js';
import { broadAttacks, makeAttack, readLore, type Lore, type TwinAttack } from './twin-attacks.js';
import { TwinHub } from './twin-hub.js';
import { viewOf, type Seen } from './view.js';

/** Every stored value is a canary; what a viewer may read is what the reference gives over the raw tables; every byte that leaves the process is searched (security.md §2). */

const ROLES_ASKED: readonly (readonly Role[])[] = [['CLERK'], ['CLERK', 'MINORS_OFFICER']];
const NOTHING: ReadonlySet<PlantedCanary> = new Set();
const READS = reads().map(({ name, query }): TwinAttack => ({ name, requests: [{ query }], writes: false }));

const lines: string[] = [];
let hub: TwinHub;
let search: CanarySearch;
let seen: Seen;
let lore: Lore;
beforeAll(async () => {
  let planted: PlantedCanary[] = [];
  hub = await TwinHub.start({ log: buildLog('trace', { write: (line: string) => void lines.push(line) }), prepare: async (twin) => { planted = await plantCanaries(twin); } });
  search = new CanarySearch(planted);
  seen = await look();
  lore = readLore(hub.parts.schema, seen.tables);
});
afterAll(() => hub.stop());

const look = async (): Promise<Seen> => ({ policy: hub.parts.policy.policy, facts: await hub.twin.facts(), tables: await hub.twin.read() });

/** Beside what its view holds: what the asker itself sent; and a step that took effect opens what its view then holds. */
async function allowedFor(context: RequestContext, attack: TwinAttack, answer: string, own: ReadonlySet<PlantedCanary>): Promise<Set<PlantedCanary>> {
  const effective = attack.writes && !answer.includes('"errors"');
  const opened = effective ? search.allowedBy(viewOf(await look(), context)) : NOTHING;
  const echo = attack.writes || attack.requests.some(({ query }) => query.includes('checkReturnees')) ? search.find(JSON.stringify(attack.requests)) : NOTHING;
  if (effective) await hub.twin.restore();
  return new Set([...own, ...opened, ...echo]);
}

describe('the canaries', () => {
  test('are many, in every table that holds records, and each is found in every form in which it could hide', () => {
    const [word = ''] = [...search.find(JSON.stringify(seen.tables))].map(({ text }) => text).filter((text) => text.startsWith('鸦'));
    const places = new Set([...search.find(JSON.stringify(seen.tables))].map(({ where }) => where));
    expect(places.size).toBeGreaterThan(70);
    for (const where of ['return_transitions.reason_text', 'return_cases.home_text', 'household_members.name', 'protections.basis', 'at_risk_entries.diagnosis', 'settlement_cases.institution', 'household_flags.reason']) expect(places).toContain(where);
    const bytes = Buffer.from(`a${word}b`);
    const forms = [word, `x"${word}`, encodeURIComponent(word), bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex'), Buffer.from(`ab${word}`).toString('base64'), Buffer.from(`abc${word}d`).toString('base64'), JSON.stringify(word).replaceAll(/[^\u0020-\u007e]/gu, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`)];
    for (const form of forms) expect([form, search.forbiddenIn(`…${form}…`, NOTHING)]).toEqual([form, [expect.stringContaining(word)]]);
  });
});

describe.each(Object.keys(world.agencies))('%s', (agency) => {
  test('reads, with and without the officer\'s role, no canary but its own: in answers, headers, cursors, errors and the log', async () => {
    const random = new Seeded(agency.length);
    const leaks: string[] = [];
    const { viewer, now } = askAs(agency, null);
    const told = lines.length;
    for (const purpose of PURPOSES.filter((one) => purposesOf(seen.policy, viewer, now).includes(one))) {
      for (const roles of ROLES_ASKED) {
        const context = { ...askAs(agency, purpose, roles), matter: purpose === 'IDENTITY' ? String(seen.tables['identity_inquiries']?.[0]?.['inquiry_no']) : 'YB-2026-0031' };
        const view = viewOf(seen, context);
        const own = search.allowedBy(view);
        const may = (operation: string): boolean => gate(seen.policy, context, operation) === undefined;
        const attacks = [...broadAttacks(may), ...random.some(READS, 6), ...random.some(ODDITIES, 2), ...Array.from({ length: 4 }, () => makeAttack(random, lore, may, view))];
        for (const attack of attacks) {
          const answer = await hub.ask(context, attack);
          leaks.push(...search.forbiddenIn(answer, await allowedFor(context, attack, answer, own)).map((leak) => `${purpose} ${roles.join('+')} ${attack.name}: ${leak}`));
        }
      }
    }
    expect(lines.length).toBeGreaterThan(told);
    expect([...leaks, ...search.forbiddenIn(lines.slice(told).join(''), NOTHING)]).toEqual([]);
  });
});

describe('an error sheet of the import', () => {
  test('holds what its own agency wrote, and nothing that the hub knows of the persons in it', async () => {
    const sheet = await faultySheet(lore.idNumbers);
    try {
      const report = await importReturns(hub.parts, { file: sheet.file, agency: 'station-320281', send: false, allOrNothing: false, user: '测试' });
      expect(report).toMatchObject({ refused: lore.idNumbers.length, imported: 0 });
      const text = await sheetText(report.errorSheet ?? '');
      expect(text).toContain(lore.idNumbers[0]);
      const own = search.find(lore.idNumbers.join(' '));
      expect([...search.forbiddenIn(text, own), ...search.forbiddenIn(JSON.stringify(report), NOTHING)]).toEqual([]);
    } finally {
      await sheet.remove();
    }
  });
});

describe('`guitu policy explain`', () => {
  test('writes no canary, of whichever record and for whichever agency', async () => {
    const asked = [['station-320281', 'RETURN'], ['civil-320281', 'AT_RISK_CARE'], ['civil-000000', 'SUPERVISION']] as const;
    const wishes = asked.flatMap(([agency, purpose]) => new Seeded(3).some(lore.ids, 5).map((record) => ({ agency, purpose, roles: ['CLERK'] as const, matter: undefined, record, field: record.startsWith('hh_') ? 'flag' : record.startsWith('pe_') ? 'name' : record.startsWith('in_') ? 'number' : 'person', forAuthor: false })));
    const written = await explainedByCommand(hub.twin.database.hub, wishes.map((wish) => ({ ...wish, roles: [...wish.roles] })));
    expect(written.join('\n')).toContain('该单位得到的答复');
    expect(written.flatMap((text) => search.forbiddenIn(text, NOTHING))).toEqual([]);
  });
});
