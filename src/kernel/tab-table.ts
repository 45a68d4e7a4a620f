/** A table in the tab-separated form of `migrations/data`. */
export interface TabTable {
  /** What the lines `# key<TAB>value` say, such as `source` or `known_until`. */
  notes: ReadonlyMap<string, string>;
  /** One entry a line, by the names of the line `# columns<TAB>…`. An empty cell is an empty text. */
  rows: Record<string, string>[];
}

/** Reads such a table. @throws RangeError with the line number, if a line has more or fewer cells than there are columns */
export function parseTabTable(text: string): TabTable {
  const notes = new Map<string, string>();
  const rows: Record<string, string>[] = [];
  let columns: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const cells = line.split('\t');
    if (cells[0] === '# columns') columns = cells.slice(1);
    else if (cells[0].startsWith('# ')) notes.set(cells[0].slice(2), cells.slice(1).join(' '));
    else if (cells.length !== columns.length) throw new RangeError(`line ${index + 1}: ${cells.length} cells, ${columns.length} columns`);
    else rows.push(Object.fromEntries(columns.map((column, place) => [column, cells[place]])));
  }
  return { notes, rows };
}
