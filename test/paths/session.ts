import type { Client } from 'pg';
import type { GraphQLSchema } from 'graphql';
import type { RequestContext } from '../../src/kernel/request.js';
import { gate } from '../../src/policy/gate.js';
import type { Rung } from '../../src/policy/language.js';
import type { HubAnswer, TestHub } from '../support/hub.js';
import type { Coverage } from './coverage.js';
import type { PathKind } from './path-kinds.js';
import { DecidedView, type Ledgers, type ShownRecord } from './decided-view.js';
import type { TellingTexts } from './telling-texts.js';
import type { Walk, Way } from './walk-schema.js';

/** What every asker's session works on. */
export interface House { hub: TestHub; owner: Client; schema: GraphQLSchema; walk: Walk; ledgers: Ledgers; texts: TellingTexts; coverage: Coverage }

const NOTHING: ReadonlySet<string> = new Set();

/** What a request should have left behind: cells by record type and the rungs at which they were shown. */
export class Trace {
  readonly cells = new Map<string, Map<string, Set<Rung>>>();
  readonly ids = new Map<string, Set<string>>();

  note(record: string, id: string, cell: string, rung: Rung): void {
    const ids = this.ids.get(record) ?? new Set();
    if (id !== '') ids.add(id);
    this.ids.set(record, ids);
    const cells = this.cells.get(record) ?? new Map<string, Set<Rung>>();
    this.cells.set(record, cells.set(cell, (cells.get(cell) ?? new Set()).add(rung)));
  }
}

/** One agency asking for one purpose: every answer is searched for what it may not read, and what differs from the reference is kept. */
export class Session {
  readonly problems: string[] = [];
  readonly view: DecidedView;
  readonly allowed: ReadonlySet<string>;
  readonly traces: { requestId: string; trace: Trace; query: string }[] = [];
  /** Ways on which a record was really shown. */
  readonly taken = new Set<string>();

  constructor(readonly house: House, readonly context: RequestContext) {
    this.view = new DecidedView(house.ledgers, context);
    this.allowed = house.texts.allowedTo(this.view);
  }

  get name(): string {
    const { viewer, purpose } = this.context;
    return `${viewer.agencyCode} ${purpose ?? '-'} ${viewer.roles.join('+')}`;
  }

  /** @param asked words of the request that an honest answer may repeat */
  async ask<Data = Record<string, unknown>>(query: string, variables?: Readonly<Record<string, unknown>>, asked: readonly string[] = [], key?: string): Promise<HubAnswer<Data>> {
    const { viewer, purpose, matter } = this.context;
    const answer = await this.house.hub.ask<Data>(viewer.agencyCode, { ...(purpose && { purpose }), ...(matter && { matter }), roles: viewer.roles, ...(key && { key }) }, query, variables);
    this.complain(this.house.texts.findIn(answer.text, this.allowed, asked).map((leak) => `the body of ${query.slice(0, 60)}… tells ${leak}`));
    this.complain(this.house.texts.findIn(answer.head, NOTHING).map((leak) => `a header tells ${leak}`));
    return answer;
  }

  complain(problems: readonly string[]): void {
    this.problems.push(...problems.map((problem) => `${this.name}: ${problem}`));
  }

  show(kind: PathKind, path: string, cell: string): void {
    this.house.coverage.show(kind, path, cell, this.context.viewer.kind);
  }

  /** Every cell on every way from a root was compared, shown or not. */
  showWays(root: string, record?: string): void {
    for (const way of this.waysFrom(root)) {
      if (record !== undefined && !way.path.startsWith(`${root}(${record})`)) continue;
      for (const cell of this.house.ledgers.policy.records.get(way.record)?.cells.keys() ?? []) this.show(way.kind, way.path, `${way.record}.${cell}`);
    }
  }

  waysFrom(root: string): Way[] {
    return this.house.walk.ways.filter((way) => way.root === root);
  }

  /** The code with which an operation is refused to this asker; undefined where it is open. */
  refusalOf(operation: string): string | undefined {
    return gate(this.house.ledgers.policy, this.context, operation)?.code;
  }

  /** A refused operation gives its code and no data at all. */
  expectRefused(operation: string, code: string, answer: HubAnswer): void {
    const shown = Object.values(answer.data ?? {}).filter((value) => value !== null);
    if (shown.length > 0 || answer.errors.length === 0 || answer.errors.some(({ extensions }) => extensions.code !== code)) this.complain([`${operation} should be ${code}, is ${answer.text.slice(0, 200)}`]);
  }

  /** Keeps what a request should have left in `withheld` and in the evidence; the first is compared at once. */
  leave(answer: HubAnswer, trace: Trace, query: string): void {
    this.traces.push({ requestId: /x-request-id: (\S+)/u.exec(answer.head)?.[1] ?? '', trace, query });
    const { withheld = [] } = (answer.extensions['disclosure'] ?? {}) as { withheld?: { type: string; field: string; rung: string }[] };
    // A line says type, field, rung and rule, and nothing by which one record could be told from another.
    if (withheld.some((line) => Object.keys(line).toSorted().join() !== 'field,rule,rung,type')) this.complain([`withheld of ${query.slice(0, 60)}… says more than it should: ${JSON.stringify(withheld[0])}`]);
    const behind = new Set(cellsBehindParents(trace));
    const said = withheld.map(({ type, field, rung }) => `${type}.${field} ${rung}`).filter((line) => !behind.has(line)).toSorted();
    const should = [...cellsBelow(trace)].toSorted();
    if (said.join() !== should.join()) this.complain([`withheld of ${query.slice(0, 60)}…: should be ${should.filter((one) => !said.includes(one)).join()} and not ${said.filter((one) => !should.includes(one)).join()}`]);
  }

  /** Notes what was compared, for `leave`. */
  comparing(trace: Trace): (path: string, shown: ShownRecord, cell: string, rung: Rung) => void {
    return (path, shown, cell, rung) => {
      this.taken.add(path);
      trace.note(shown.record, shown.id, cell, rung);
    };
  }
}

/** Nested cells whose parent is withheld from every record: whether they are said to be withheld as well makes no difference. */
function* cellsBehindParents(trace: Trace): Iterable<string> {
  for (const [record, cells] of trace.cells) for (const [cell, rungs] of cells) if (isBehindParent(cells, cell)) for (const rung of rungs) yield `${record}.${cell} ${rung}`;
}

/** What was asked for and not shown in full. A nested cell is not asked for where its parent is withheld from every record. */
export function* cellsBelow(trace: Trace): Iterable<string> {
  for (const [record, cells] of trace.cells) {
    for (const [cell, rungs] of cells) if (!isBehindParent(cells, cell)) for (const rung of rungs) if (rung !== 'FULL') yield `${record}.${cell} ${rung}`;
  }
}

export function isBehindParent(cells: ReadonlyMap<string, ReadonlySet<Rung>>, cell: string): boolean {
  const parent = cell.includes('.') ? cells.get(cell.slice(0, cell.lastIndexOf('.'))) : undefined;
  return parent !== undefined && parent.size === 1 && parent.has('WITHHELD');
}
