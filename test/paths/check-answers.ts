import { Trace, type Session } from './session.js';

interface Check { idNumber: string | null; current: boolean | null; division: { code: string } | null; contactAgency: { code: string } | null }

/**
 * The answers released from the return ledger: about every ID number of the world, hidden persons' too. An answer stands for the newest case that the
 * reference lets through, and looks the same where there is none and where there is none to be seen.
 */
export async function checkAnswers(session: Session): Promise<void> {
  const { ledgers } = session.house;
  const numbers = [...(ledgers.raw.get('Person') ?? [])].flatMap(([id, person]) => (person['idNumber'] === null ? [] : [{ person: id, idNumber: String(person['idNumber']) }]));
  const query = 'query ($numbers: [String!]!) { checkReturnees(idNumbers: $numbers) { idNumber current division { code } contactAgency { code } } }';
  const answer = await session.ask<{ checkReturnees: Check[] }>(query, { numbers: numbers.map(({ idNumber }) => idNumber) }, numbers.map(({ idNumber }) => idNumber));
  const refused = session.refusalOf('checkReturnees');
  if (refused !== undefined) session.expectRefused('checkReturnees', refused, answer);
  else {
    const trace = new Trace();
    const cells = [...(ledgers.policy.records.get('ReturneeCheck')?.cells.keys() ?? [])];
    for (const [index, { person, idNumber }] of numbers.entries()) {
      const found = newestCase(session, person);
      const given = answer.data?.checkReturnees[index];
      const raw = found === undefined ? undefined : ledgers.raw.get('ReturnCase')?.get(found);
      const should = { idNumber, current: raw !== undefined, division: raw ? given?.division ?? {} : null, contactAgency: raw?.['originAgency'] ?? null };
      if (JSON.stringify(given) !== JSON.stringify(should)) session.complain([`checkReturnees of ${person}: should be ${JSON.stringify(should)}, is ${JSON.stringify(given)}`]);
      if (raw && !String(ledgers.facts.get('ReturneeCheck')?.get(found ?? '')?.attributes['originDivision']).startsWith(given?.division?.code ?? '?')) session.complain([`checkReturnees of ${person}: division ${given?.division?.code}`]);
      for (const cell of cells) trace.note('ReturneeCheck', found ?? '', cell, 'FULL');
    }
    if (numbers.some(({ person }) => newestCase(session, person) !== undefined)) session.taken.add('checkReturnees');
    session.leave(answer, trace, query);
  }
  session.showWays('checkReturnees');
}

/** The newest case of a person that the policy lets through to the check. */
function newestCase(session: Session, person: string): string | undefined {
  const { raw } = session.house.ledgers;
  const cases = [...(raw.get('ReturnCase') ?? [])].filter(([id, fields]) => fields['person'] === person && session.view.isVisible('ReturneeCheck', id));
  const sentAt = ([, fields]: (typeof cases)[number]): string => String(fields['sentAt'] ?? '');
  return cases.toSorted((one, other) => (sentAt(one) === sentAt(other) ? (one[0] < other[0] ? -1 : 1) : sentAt(one) < sentAt(other) ? 1 : -1))[0]?.[0];
}
