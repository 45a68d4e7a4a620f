import type { Policy } from '../../src/policy/language.js';
import type { RequestContext } from '../../src/kernel/request.js';
import { compareAnswers, type Difference, type ServedAnswer } from '../reference/compare-answers.js';
import type { ReferenceAnswer, ReferenceExecutor } from '../reference/reference-executor.js';
import type { DifferentialHub } from './differential-hub.js';
import type { Asked } from './generated-asking.js';
import { countVerdicts, type VerdictMix } from './verdict-mix.js';
import { decidingViewer, type Never } from '../reference/asking-view.js';

/** The first question of a case whose answers differ: both answers, and where. */
export interface Mismatch { asked: Asked; variables: Record<string, unknown>; differences: Difference[]; hub: unknown; reference: unknown }

const PAGES_AT_MOST = 6;

/** Asks the hub and the reference every question under one policy, page by page. @returns the first mismatch, if there is one */
export async function runCase(hub: DifferentialHub, reference: ReferenceExecutor, policy: Policy, questions: readonly Asked[], onAnswer?: (answer: ReferenceAnswer, context: RequestContext) => void): Promise<Mismatch | undefined> {
  hub.setPolicy(policy);
  const executor = reference.under(policy);
  for (const asked of questions) {
    const mismatch = await runQuestion(hub, executor, asked, onAnswer);
    if (mismatch) return mismatch;
  }
  return undefined;
}

async function runQuestion(hub: DifferentialHub, executor: ReferenceExecutor, asked: Asked, onAnswer?: (answer: ReferenceAnswer, context: RequestContext) => void): Promise<Mismatch | undefined> {
  const context = await contextOf(hub, asked);
  let cursors = new Map<string, string>();
  let never: Never = 'by audience';
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_AT_MOST; page += 1) {
    const variables: Record<string, unknown> = { ...asked.variables, ...('cursor' in asked.variables && { cursor }) };
    const served = await hub.ask(asked, variables);
    const ofReference = { ...variables, ...('cursor' in variables && { cursor: cursor === null ? null : (cursors.get(cursor) ?? 'unknown cursor') }) };
    const question = { query: asked.query, variables: ofReference };
    const first = attempt(executor, context, question, served, never, cursors);
    const second = first.differences.length > 0 && never === 'by audience' ? attempt(executor, context, question, served, 'by records', cursors) : undefined;
    const kept: Attempt = second?.differences.length === 0 ? second : first;
    const { answer, differences } = kept;
    ({ never, cursors } = kept);
    if (differences.length > 0) return { asked, variables, differences, hub: { data: served.data, errors: served.errors.map(({ extensions, path }) => ({ code: extensions.code, path: (path ?? []).join('.') })) }, reference: { data: answer.data, errors: answer.errors } };
    onAnswer?.(answer, context);
    cursor = nextCursor(served, asked.walk);
    if (cursor === null) return undefined;
  }
  return undefined;
}

/** One comparison under one of the two readings of `never`; the reading that fits is kept for the pages that follow. */
interface Attempt { never: Never; answer: ReferenceAnswer; differences: Difference[]; cursors: Map<string, string> }

function attempt(executor: ReferenceExecutor, context: RequestContext, { query, variables }: Pick<Asked, 'query' | 'variables'>, served: ServedAnswer, never: Never, known: ReadonlyMap<string, string>): Attempt {
  const answer = executor.ask(context, query, variables, never);
  const cursors = new Map(known);
  return { never, answer, differences: compareAnswers(served, answer, cursors), cursors };
}

function nextCursor({ data }: ServedAnswer, walk: Asked['walk']): string | null {
  const info = (data?.['list'] as { pageInfo?: { hasNextPage?: boolean; hasPreviousPage?: boolean; startCursor?: string | null; endCursor?: string | null } } | null | undefined)?.pageInfo;
  if (!info || walk === null) return null;
  return (walk === 'forward' ? info.hasNextPage && info.endCursor : info.hasPreviousPage && info.startCursor) || null;
}

/** The asking as the hub looks it up: areas follow from the directory of divisions. */
export async function contextOf(hub: DifferentialHub, asked: Asked): Promise<RequestContext> {
  const agency = await hub.parts.services.directory.findAgency(asked.agency);
  if (!agency) throw new Error(`no agency ${asked.agency}`);
  const { agencyId, agencyCode, kind, level, division, areas } = agency;
  return {
    viewer: { agencyId, agencyCode, kind, level, division, areas, roles: asked.roles, user: 'demo' }, purpose: asked.purpose, matter: asked.matter, now: new Date(asked.now),
    requestId: '', language: 'zh', idempotencyKey: null,
  };
}

/** Counts into a mix what a case compares. */
export const countingInto = (mix: VerdictMix, policy: Policy) => (answer: ReferenceAnswer, context: RequestContext): void => countVerdicts(mix, policy, decidingViewer(context), answer);
