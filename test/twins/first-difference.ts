const AROUND = 90;

/** Where two texts part, with a little of what stands around it; undefined where they are equal. */
export function firstDifference(one: string, other: string): { at: number; one: string; other: string } | undefined {
  if (one === other) return undefined;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const around = (text: string): string => text.slice(Math.max(0, at - AROUND), at + AROUND).replaceAll(/\s+/gu, ' ');
  return { at, one: around(one), other: around(other) };
}
