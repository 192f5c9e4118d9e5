import { type Configuration, flatten, type Value } from '../../configuration/schema.ts';

const kept = new WeakMap<Configuration, Readonly<Record<string, Value>>>();

/** `flatten`, once for each configuration: tables of thousands of runs ask for it at every change. */
export function flatOf(configuration: Configuration): Readonly<Record<string, Value>> {
  const known = kept.get(configuration);
  if (known !== undefined) return known;
  const flat = flatten(configuration);
  kept.set(configuration, flat);
  return flat;
}

/** Lists are the same if their members are. */
const isSame = (a: Value, b: Value): boolean => a === b || (Array.isArray(a) && Array.isArray(b) && a.join() === b.join());

/** The keys that are not the same in all of some configurations, flat, in the order of a configuration. */
export function differingAmong(configurations: readonly Configuration[]): string[] {
  const [first, ...others] = configurations.map(flatOf);
  if (first === undefined) return [];
  return Object.keys(first).filter((key) => others.some((other) => !isSame(other[key], first[key])));
}
