import type { Rung } from '../../src/policy/language.js';
import type { Session } from './session.js';

const ROOTS_AT_MOST = 20;

interface Told { rung: Rung; because: string[]; wouldNeed: string[] }

/** What is explained of a cell is its rung, on one record for each rung at which it is shown; of a hidden record, nothing. */
export async function checkExplanations(session: Session): Promise<void> {
  const questions: { record: string; id: string; cell: string; rung: Rung | null }[] = [];
  for (const { record, prefix } of session.house.ledgers.catalogue.records.values()) {
    if (prefix === undefined) continue;
    const hidden = session.view.idsOf(record).find((id) => session.view.show(record, id) === null);
    for (const cell of session.house.ledgers.policy.records.get(record)?.cells.keys() ?? []) {
      const seen = new Map(session.view.visible(record).map(({ id, rungs }) => [rungs.get(cell) ?? 'WITHHELD', id] as const));
      for (const [rung, id] of seen) questions.push({ record, id: `${prefix}_${id}`, cell, rung });
      if (hidden !== undefined) questions.push({ record, id: `${prefix}_${hidden}`, cell, rung: null });
      session.show('explain', 'explain', `${record}.${cell}`);
    }
  }
  for (let start = 0; start < questions.length; start += ROOTS_AT_MOST) {
    const batch = questions.slice(start, start + ROOTS_AT_MOST);
    const { data, text } = await session.ask<Record<string, Told | null>>(`{ ${batch.map(({ id, cell }, index) => `e${index}: explain(id: "${id}", field: "${cell}") { rung because wouldNeed }`).join(' ')} }`, undefined, batch.map(({ id }) => id.slice(3)));
    if (!data) session.complain([`explain is ${text.slice(0, 200)}`]);
    for (const [index, { record, id, cell, rung }] of batch.entries()) {
      const told = data?.[`e${index}`] ?? null;
      if ((told?.rung ?? null) !== rung) session.complain([`explain of ${record}.${cell} of ${id}: should be ${rung}, is ${told?.rung}`]);
    }
  }
}
