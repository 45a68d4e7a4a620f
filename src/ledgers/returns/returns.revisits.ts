import { perform, type WriteRequest } from '../../disclosure/perform.js';
import { Refusal } from '../../kernel/errors.js';
import { textOf } from '../input-words.js';
import { uuidOf } from '../identifiers.js';
import { CAME_ON, checkVisitedOn, holdRevisits, isDone, meetRevisits } from '../revisits.js';
import type { LedgerServices } from '../workbench.js';
import type { RecordReturneeRevisitInput } from './returns.input.js';
import { REVISITABLE, type ReturnOutcomeCode, type ReturnState } from './returns.transitions.js';
import { notAllowed, type ReturnOutcome } from './returns.writing.js';

interface Before extends Record<string, unknown> { version: number; state: ReturnState; person_id: string; outcome: ReturnOutcomeCode | null; came_on: string | null }

/**
 * The origin station's own revisit of a returnee whom it received, in the registry or not. It leaves state, version and history as they are: those are shown to sides that are not shown a revisit.
 * @throws Refusal NOT_FOUND, STALE_VERSION, TRANSITION_NOT_ALLOWED where the person has not come or has died, or the return was another's; BAD_USER_INPUT
 */
export function recordReturneeRevisit(services: LedgerServices, request: WriteRequest, input: RecordReturneeRevisitInput): Promise<ReturnOutcome> {
  const caseId = uuidOf(input.id, 'rc', 'input.id');
  return perform(services, request, async (write) => {
    await holdRevisits(write, caseId);
    const before = await write.open<Before>('ReturnCase', caseId, `c.version, c.state, c.person_id, c.outcome, ${CAME_ON} AS came_on`, 'input.id');
    if (before.version !== input.expectedVersion) throw new Refusal('STALE_VERSION', { field: 'input.expectedVersion' });
    if (!REVISITABLE.includes(before.state) || before.came_on === null || before.outcome === 'DIED' || before.outcome === 'MERGED') throw notAllowed();
    checkVisitedOn(write, input.visitedOn, before.came_on);
    const { agencyId, user } = write.context.viewer;
    await write.query('INSERT INTO guitu.return_revisits (case_id, agency_id, by_user, visited_on, manner, result, note, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
      [caseId, agencyId, user, input.visitedOn, input.manner, input.result, textOf(input.note, 'input.note', 500, true), write.at]);
    if (isDone(input)) await meetRevisits(write, before.person_id, input.visitedOn);
    await write.settle('ReturnCase', [caseId], 'return.revisited');
    return { caseId };
  });
}
