import type { AgencyKind } from '../kernel/viewer.js';
import type { Catalogue, Join } from './catalogue.js';
import { reaches, type AskingClass } from './asking-classes.js';
import { PolicyFault, RUNGS, type Grant, type Policy, type Rung } from './language.js';

/** Everything that one kind of agency at one level may come to hold, whatever the purpose and role. */
interface Party { kind: AgencyKind; classes: AskingClass[] }

/**
 * Combination: no viewer, and no two that meet over one person, may put together cells that tell a value which neither is given. The ledgers say which
 * cells tell which; conditions on the record are taken at their best, since two agencies may stand in any relation to it.
 */
export function checkJoins(policy: Policy, catalogue: Catalogue, classes: readonly AskingClass[]): PolicyFault[] {
  const parties = partiesOf(classes);
  return [...catalogue.records.values()].flatMap((shape) => shape.joins ?? []).flatMap((join) => {
    const able = parties.map((party) => ({ party, gives: holds(policy, party, join.gives) !== undefined, parts: join.parts.map((part) => holds(policy, party, part)) }));
    const outsiders = able.filter(({ gives }) => !gives);
    const alone = outsiders.map((one) => [one, one] as const);
    const together = outsiders.flatMap((one, index) => outsiders.slice(index + 1).map((other) => [one, other] as const));
    for (const [one, other] of [...alone, ...together]) {
      const grants = join.parts.map((_, part) => one.parts[part] ?? other.parts[part]);
      if (grants.every((grant) => grant !== undefined)) return [joined(join, one === other ? [one.party] : [one.party, other.party], grants)];
    }
    return [];
  });
}

function partiesOf(classes: readonly AskingClass[]): Party[] {
  const parties = new Map<string, Party>();
  for (const one of classes) {
    const key = `${one.kind} ${one.level}`;
    const party = parties.get(key) ?? { kind: one.kind, classes: [] };
    party.classes.push(one);
    parties.set(key, party);
  }
  return [...parties.values()];
}

/** The grant by which a party may hold `Record.cell`, or `Record.cell@RUNG` at that rung or higher. */
function holds(policy: Policy, party: Party, part: string): Grant | undefined {
  const [path, rung = 'FULL'] = part.split('@');
  const dot = path.indexOf('.');
  const rules = policy.records.get(path.slice(0, dot));
  return rules && party.classes.map((one) => reaches(rules, path.slice(dot + 1), one, rung as Rung)).find((grant) => grant !== undefined);
}

function joined(join: Join, parties: readonly Party[], grants: readonly Grant[]): PolicyFault {
  const last = grants.toSorted((one, other) => RUNGS.indexOf(one.rung) - RUNGS.indexOf(other.rung))[0];
  const who = [...new Set(parties.map(({ kind }) => `\`${kind}\``))].join(' and ');
  return new PolicyFault(last.place, `${who} can join ${join.parts.map((part) => `\`${part}\``).join(', ')} to \`${join.gives}\`, which is granted to ${parties.length > 1 ? 'neither' : 'it nowhere'}: ${join.because}`, 'take one of the parts away, or grant the whole');
}
