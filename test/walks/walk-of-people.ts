import type { Purpose } from '../../src/kernel/viewer.js';
import type { HubAnswer } from '../support/hub.js';
import type { Seeded } from '../twins/seeded.js';
import { hold } from './walk-checks.js';
import type { Row } from './walk-machine.js';

type LookUp = <Found extends Row>(text: string, values?: readonly unknown[]) => Promise<Found[]>;
type Ask = (agency: string, query: string, input: Row, purpose: Purpose) => Promise<HubAnswer>;

/** Persons who are protected at one time, at most: else a long walk would hide everything. */
const PROTECTED_AT_MOST = 6;

/** Returns `c` of a person whom both sides have confirmed, and whom the origin side may protect. */
export const CONFIRMED = "c.confirmed_at IS NOT NULL AND c.state NOT IN ('DISPUTED', 'REFUSED', 'RECALLED', 'COORDINATING')";

/** What happens to persons while their records go on: protected, no longer, merged and parted. */
export class PeopleActs {
  readonly #merges: { by: string; id: string; mergeNo: string }[] = [];
  #tried = 0;
  #done = 0;

  constructor(private readonly random: Seeded, private readonly lookUp: LookUp, private readonly ask: Ask) {}

  /** @returns what was done, in words */
  async act(): Promise<string> {
    const what = this.random.next();
    if (what < 0.35) return this.#protect();
    if (what < 0.7) return this.#endProtection();
    return what < 0.85 || this.#merges.length === 0 ? this.#merge() : this.#split();
  }

  async #protect(): Promise<string> {
    const held = await this.lookUp('SELECT FROM guitu.protections');
    const found = await this.lookUp<{ person: string; by: string; purpose: Purpose; candidate: boolean }>(
      `SELECT c.person_id::text AS person, a.code AS by, 'RETURN' AS purpose, EXISTS (SELECT FROM guitu.inquiry_candidates x JOIN guitu.identity_inquiries i ON i.id = x.inquiry_id AND i.state = 'CANDIDATE' WHERE x.person_id = c.person_id AND x.rejected_reason IS NULL) AS candidate
       FROM guitu.return_cases c JOIN guitu.agencies a ON a.id = c.origin_agency AND a.kind = 'RESCUE_STATION'
       WHERE ${CONFIRMED} AND c.notice_no LIKE '走%' AND NOT EXISTS (SELECT FROM guitu.protections p WHERE p.person_id = c.person_id) ORDER BY candidate DESC, c.changed_at DESC, c.notice_no LIMIT 30`);
    if (found.length === 0 || held.length >= PROTECTED_AT_MOST) return 'nobody to protect';
    // Whoever is a candidate of an inquiry comes first: the inquiry goes back to where it was.
    const candidates = found.filter(({ candidate }) => candidate);
    const { person, by, purpose } = this.random.pick(candidates.length > 0 ? candidates : found);
    const unit = this.random.chance(0.5) ? { namedUnit: 'police-320200' } : {};
    return this.#note(`protectPerson ${person} by ${by}`, await this.ask(by, 'mutation ($input: ProtectPersonInput!) { protectPerson(input: $input) { person { id } } }', { id: `pe_${person}`, basis: '保护令', ...unit }, purpose));
  }

  async #endProtection(): Promise<string> {
    const found = await this.lookUp<{ person: string; by: string }>("SELECT p.person_id::text AS person, a.code AS by FROM guitu.protections p JOIN guitu.agencies a ON a.id = p.holding_agency WHERE p.basis = '保护令' AND EXISTS (SELECT FROM guitu.return_cases c WHERE c.person_id = p.person_id AND c.confirmed_at IS NOT NULL) ORDER BY p.since, a.code");
    if (found.length === 0) return 'nobody is protected';
    const { person, by } = this.random.pick(found);
    return this.#note(`endProtection ${person} by ${by}`, await this.ask(by, 'mutation ($input: EndProtectionInput!) { endProtection(input: $input) { person { id } } }', { id: `pe_${person}`, reason: '期满' }, 'RETURN'));
  }

  async #merge(): Promise<string> {
    const found = await this.lookUp<{ person: string; by: string }>(
      `SELECT DISTINCT ON (c.person_id) c.person_id::text AS person, a.code AS by FROM guitu.return_cases c JOIN guitu.agencies a ON a.id = c.origin_agency JOIN guitu.persons p ON p.id = c.person_id
       WHERE ${CONFIRMED} AND a.code = 'station-320281' AND c.notice_no LIKE '走%' AND p.merged_into IS NULL AND NOT EXISTS (SELECT FROM guitu.protections x WHERE x.person_id = c.person_id) ORDER BY c.person_id`);
    const [one, other] = this.random.some(found, 2);
    if (!one || !other) return 'nobody to merge';
    const answer = await this.ask(one.by, 'mutation ($input: MergePeopleInput!) { mergePeople(input: $input) { mergeNo person { id } } }', { id: `pe_${one.person}`, mergedId: `pe_${other.person}`, reason: '同一人' }, 'RETURN');
    const mergeNo = (answer.data as { mergePeople: { mergeNo: string } } | null)?.mergePeople.mergeNo;
    if (mergeNo) this.#merges.push({ by: one.by, id: `pe_${one.person}`, mergeNo });
    return this.#note(`mergePeople ${other.person} into ${one.person} by ${one.by}`, answer);
  }

  async #split(): Promise<string> {
    const at = this.random.below(this.#merges.length);
    const [merge] = this.#merges.splice(at, 1);
    if (!merge) return 'nobody to part';
    return this.#note(`splitPeople ${merge.id} by ${merge.by}`, await this.ask(merge.by, 'mutation ($input: SplitPeopleInput!) { splitPeople(input: $input) { person { id } } }', { id: merge.id, mergeNo: merge.mergeNo, reason: '并非一人' }, 'RETURN'));
  }

  /** Refused at times, where a case has closed to the asker since; never out of order. */
  #note(what: string, { errors, text }: HubAnswer): string {
    const code = errors[0]?.extensions.code;
    this.#tried += 1;
    if (!code) this.#done += 1;
    hold('an act on persons is done or refused in order', code === undefined || ['NOT_FOUND', 'TRANSITION_NOT_ALLOWED', 'FORBIDDEN'].includes(code), () => `${what}: ${text}`);
    hold('most acts on persons are done', this.#tried < 20 || this.#done > this.#tried / 2, () => `${this.#done} of ${this.#tried}`);
    return `${what}: ${code ?? 'done'}`;
  }
}
