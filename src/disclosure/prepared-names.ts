import type { Pool, PoolClient } from 'pg';

/** A statement is prepared by name from its third use on, whichever documents it was asked by: clients write values, and aliases, into their documents. */
const PREPARE_FROM_USE = 3;
/** Statements whose uses are counted at one time. */
const COUNTED_AT_MOST = 10_000;
/** Statements that may have a name at one time; each is held by every connection of the pool, and its text by `pg`. */
const NAMES_AT_MOST = 500;
/** Once there are so many, they are kept this long at least: more statements in daily use than that must not close connections all day. */
const KEPT_AT_LEAST_MS = 3_600_000;

/**
 * Which statements are prepared by name on the connections of one pool. A name lives as long as its connection, and the statements of a policy that is no longer
 * in force, or of documents that nobody asks any more, would fill memory and the room for names for ever: so names come in generations, and a connection of an
 * earlier generation is closed when it is given back. (`DEALLOCATE` would do on the server, but `pg` keeps its own list and would run a name that is gone.)
 */
export class PreparedNames {
  readonly #names = new Set<string>();
  readonly #uses = new Map<string, number>();
  readonly #connections = new WeakMap<PoolClient, number>();
  #generation = 0;
  #began = performance.now();

  /** Counts a use of a statement. @returns whether it is prepared under its name: it is used often, and is among the names or there was room for it */
  use(name: string): boolean {
    if (this.#names.has(name)) return true;
    const uses = (this.#uses.get(name) ?? 0) + 1;
    if (this.#uses.size >= COUNTED_AT_MOST) this.#uses.clear();
    this.#uses.set(name, uses);
    if (uses < PREPARE_FROM_USE) return false;
    if (this.#names.size >= NAMES_AT_MOST && performance.now() - this.#began > KEPT_AT_LEAST_MS) this.renew();
    if (this.#names.size >= NAMES_AT_MOST) return false;
    this.#names.add(name);
    return true;
  }

  /** Begins a new generation: all names are free again, and connections that may hold old ones are closed after their next use. */
  renew(): void {
    this.#names.clear();
    this.#uses.clear();
    this.#generation += 1;
    this.#began = performance.now();
  }

  /** Whether a connection was first used in an earlier generation. To be asked at each use. */
  isOfBefore(client: PoolClient): boolean {
    const generation = this.#connections.get(client) ?? this.#generation;
    this.#connections.set(client, generation);
    return generation !== this.#generation;
  }
}

const namesByPool = new WeakMap<Pool, PreparedNames>();

/** The names of a pool's connections. */
export function preparedNamesOf(pool: Pool): PreparedNames {
  let names = namesByPool.get(pool);
  if (!names) namesByPool.set(pool, (names = new PreparedNames()));
  return names;
}
