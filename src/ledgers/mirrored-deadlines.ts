import type { RowSource } from '../db/row-source.js';

/** Days of duties that a ledger keeps with its record as well, because it is filtered and sorted by them. */
const MIRRORS = [
  `UPDATE guitu.return_cases c SET acknowledge_by = d.due_on FROM guitu.duties d WHERE d.record_id = c.id AND d.ended_at IS NULL AND d.step = 'acknowledgeReturn' AND c.acknowledge_by IS DISTINCT FROM d.due_on`,
  `UPDATE guitu.return_cases c SET receive_by = d.due_on FROM guitu.duties d WHERE d.record_id = c.id AND d.ended_at IS NULL AND d.step = 'receiveReturnee' AND c.receive_by IS DISTINCT FROM d.due_on`,
  `UPDATE guitu.return_cases c SET provisional = s.provisional FROM (SELECT record_id, bool_or(provisional) AS provisional FROM guitu.duties WHERE ended_at IS NULL AND record = 'ReturnCase' GROUP BY record_id) s
   WHERE s.record_id = c.id AND c.provisional <> s.provisional`,
  `UPDATE guitu.household_flags f SET confirm_by = d.due_on FROM guitu.duties d WHERE d.record_id = f.household_id AND d.ended_at IS NULL AND d.step = 'confirmHouseholdFlag' AND f.confirm_by IS DISTINCT FROM d.due_on`,
  `UPDATE guitu.at_risk_entries e SET next_visit_by = d.due_on FROM guitu.duties d WHERE d.record_id = e.id AND d.ended_at IS NULL AND d.step IN ('recordFirstVisit', 'recordVisit') AND e.next_visit_by IS DISTINCT FROM d.due_on`,
  `UPDATE guitu.corrections x SET answer_by = d.due_on FROM guitu.duties d WHERE d.record_id = x.id AND d.ended_at IS NULL AND d.step = 'answerCorrection' AND x.answer_by IS DISTINCT FROM d.due_on`,
  `UPDATE guitu.identity_inquiries i SET due_by = d.due_on, provisional = d.provisional FROM guitu.duties d WHERE d.record_id = i.id AND d.ended_at IS NULL AND (i.due_by, i.provisional) IS DISTINCT FROM (d.due_on, d.provisional)`,
];

/** Brings them up to date after duties were counted again. @param owner the tables' owner, inside the same transaction */
export async function renewMirroredDeadlines(owner: RowSource): Promise<void> {
  for (const statement of MIRRORS) await owner.query(statement);
}
