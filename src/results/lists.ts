/** Things by a key, in the order in which they come. */
export function groupedBy<T>(things: Iterable<T>, keyOf: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thing]);
    else group.push(thing);
  }
  return groups;
}

/** Each once, in the order in which they come. */
export const distinct = <T>(values: Iterable<T>): T[] => Array.from(new Set(values));
