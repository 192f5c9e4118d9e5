import { drawNegatives } from '../../data/split.ts';

/** The other candidates of an instance in the sampled protocol, by the instance's place in its task. */
export type Negatives = (place: number) => Int32Array;

/** Items that are kept once they are drawn: 16 MB. */
const KEPT = 1 << 22;

/**
 * Candidates that are drawn when they are asked for: 100 for each of half a million test instances would take 200 MB, and they are
 * the same every time. Those of small tasks are kept.
 *
 * @param instances places in the dataset's list, by which they are drawn
 * @param targets the target item of each
 * @param items of the catalogue
 * @param count candidates of an instance, as many as the catalogue allows
 */
export function negativesOf(
  seed: number,
  instances: Int32Array,
  targets: Int32Array,
  items: number,
  count: number,
  most = KEPT,
): Negatives {
  const draw = (place: number) => drawNegatives(seed, instances[place], targets[place], items, count);
  if (instances.length * count > most) return draw;
  const kept: Int32Array[] = [];
  return (place) => {
    kept[place] ??= draw(place);
    return kept[place];
  };
}
