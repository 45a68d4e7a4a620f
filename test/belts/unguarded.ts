import { execute, parse, validate, type DocumentNode } from 'graphql';
import { RecordReader } from '../../src/disclosure/reader.js';
import { Skeleton } from '../../src/disclosure/skeleton.js';
import { DisclosureTally } from '../../src/disclosure/splice.js';
import type { RequestContext } from '../../src/kernel/request.js';
import { DIRECTORY } from '../../src/ledgers/agencies/agencies.reference.js';
import { opaqueTypes } from '../../src/ledgers/schema.js';
import type { Desk } from '../../src/ledgers/workbench.js';
import type { Lens } from '../../src/policy/compile.js';
import { findRefusal } from '../../src/server/format-error.js';
import { stringifyAnswer } from '../../src/server/hub.js';
import type { HubParts } from '../../src/server/start-hub.js';

export interface UnguardedAnswer { data: Record<string, unknown>; codes: string[]; text: string }

/** Runs operations without the second belt: no shield, no gate, no limits. What is left are the lens that is given and row-level security. */
export class Unguarded {
  readonly #skeleton: Skeleton;
  readonly #documents = new Map<string, DocumentNode>();

  constructor(private readonly parts: HubParts, private readonly lensOf: (context: RequestContext) => Lens = (context) => parts.policy.lensFor(context)) {
    this.#skeleton = new Skeleton(parts.schema, opaqueTypes());
  }

  async ask(context: RequestContext, query: string): Promise<UnguardedAnswer> {
    const { schema, services, pools, policy } = this.parts;
    const document = this.#documents.get(query) ?? parse(query);
    if (!this.#documents.has(query)) for (const error of validate(schema, document)) throw error;
    this.#documents.set(query, document);
    const rewritten = this.#skeleton.rewrite(document);
    const reader = new RecordReader(context, this.lensOf(context), { schema, references: DIRECTORY, keyRing: services.keyRing, reader: pools.reader, directory: services.directory, open: (sealed) => services.keyRing.openValue(sealed) }, new DisclosureTally(), (info) => this.#skeleton.selectionOf(rewritten, info));
    const desk: Desk = { context, policy, reader, services };
    const { data, errors = [] } = await execute({ schema: this.#skeleton.schema, document: rewritten, contextValue: desk });
    const text = stringifyAnswer({ data });
    const parsed = JSON.parse(text) as { data: Record<string, unknown> | null };
    return { text, data: parsed.data ?? {}, codes: errors.map((error) => findRefusal(error)?.code ?? error.message) };
  }
}

/** A lens that hides nothing and allows every write: every row and every cell of every record type. What is then missing or refused, another belt has kept. */
export function openLens(lens: Lens): Lens {
  return {
    ...lens,
    records: new Map([...lens.records].map(([name, record]) => [name, {
      ...record, row: 'ALWAYS', writes: new Map([...lens.policy.operations.keys()].map((operation) => [operation, [{ before: 'ALWAYS', after: 'ALWAYS', sets: [...record.cells.keys()] }]])),
      cells: new Map([...record.cells].map(([cell, verdict]) => [cell, { ...verdict, full: 'ALWAYS', atLeast: [{ rung: 'FULL', holds: 'ALWAYS' }] }])),
    }])),
  };
}
