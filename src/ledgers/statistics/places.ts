import type { RowSource } from '../../db/row-source.js';
import type { CalendarDate } from '../../kernel/dates.js';
import { isGroupingName } from '../../kernel/divisions.js';

interface Row extends Record<string, unknown> { code: string; name: string; level: string; parent: string | null }

/** What a division of more than one county counts for itself: `320200*`, the cases that lie in no county of it. */
export const ownOf = (code: string): string => `${code}*`;

/** Divisions as they stood at the end of a period: one abolished by then counts for the one that took all of it over; one that was split, for itself. Plain data. */
export interface PlaceRows { divisions: readonly Row[]; successors: readonly { abolished: string; successor: string }[] }

export async function readPlaces(db: RowSource, end: CalendarDate): Promise<PlaceRows> {
  const divisions = await db.query<Row>('SELECT code, name, level, parent FROM guitu.divisions');
  const successors = await db.query<{ abolished: string; successor: string }>(
    'SELECT abolished, min(successor) AS successor FROM guitu.division_changes WHERE took_effect <= $1::date GROUP BY abolished HAVING count(*) = 1', [end]);
  return { divisions, successors };
}

/** The tree of places that figures are added up over: counties, and what prefecture, province and country count for themselves. Townships count for their county. */
export class Places {
  readonly #rows: ReadonlyMap<string, Row>;
  readonly #successors: ReadonlyMap<string, string>;

  constructor({ divisions, successors }: PlaceRows) {
    this.#rows = new Map(divisions.map((row) => [row.code, row]));
    this.#successors = new Map(successors.map(({ abolished, successor }) => [abolished, successor]));
  }

  /** The county, or the own part of a larger division, that a record of a division counts for. */
  countFor(place: string): string {
    if (place.endsWith('*')) return place;
    let row = this.#rows.get(this.#current(place));
    while (row?.level === 'TOWNSHIP' && row.parent !== null) row = this.#rows.get(this.#current(row.parent));
    if (!row) throw new Error(`no division ${place}`);
    return row.level === 'COUNTY' ? row.code : ownOf(row.code);
  }

  /** A place and all that it lies in, up to the country. */
  pathOf(place: string): string[] {
    const path = [place];
    for (let code: string | null = place.endsWith('*') ? place.slice(0, -1) : this.#above(place); code !== null; code = this.#above(code)) path.push(code);
    return path;
  }

  #above(code: string): string | null {
    let parent = this.#rows.get(code)?.parent ?? null;
    while (parent !== null && isGroupingName(this.#rows.get(parent)?.name ?? '')) parent = this.#rows.get(parent)?.parent ?? null;
    return parent;
  }

  #current(code: string): string {
    let current = code;
    for (let next = this.#successors.get(current); next !== undefined; next = this.#successors.get(current)) current = next;
    return current;
  }
}
