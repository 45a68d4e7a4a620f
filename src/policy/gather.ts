/** Some things that belong together; never none. */
export type Group<Thing> = readonly [Thing, ...Thing[]];

/** Things of the same key together, in the order of the first of each. */
export function gather<Thing>(things: readonly Thing[], keyOf: (thing: Thing) => unknown): Group<Thing>[] {
  const groups = new Map<string, [Thing, ...Thing[]]>();
  for (const thing of things) {
    const key = JSON.stringify(keyOf(thing));
    const group = groups.get(key);
    if (group) group.push(thing);
    else groups.set(key, [thing]);
  }
  return [...groups.values()];
}

/** What a word is of each thing of a group, each once. */
export const eachOnce = <Thing, Word>(group: readonly Thing[], wordOf: (thing: Thing) => Word): Word[] => [...new Set(group.map(wordOf))];
