const MOST_DECIMALS = 12;

/** A column of numbers in groups. */
export interface Bins {
  readonly labels: readonly string[];
  /** For each value the place of its label. */
  readonly codes: readonly number[];
}

/**
 * Cuts numbers into at most `most` groups of about the same size, called by what they hold: “18 – 24”. Numbers are
 * rounded to as few decimals as keep the groups apart, so that a label says exactly which numbers are in its group.
 */
export function quantileBins(values: readonly number[], most: number): Bins {
  const exact = startsOf(values, most);
  const different = new Set(values).size;
  let decimals = 0;
  let rounded = values;
  let starts = exact;
  for (; ; decimals++) {
    rounded = values.map((value) => Number(value.toFixed(decimals)));
    starts = startsOf(rounded, most);
    // Few different values left would make groups of unequal size.
    const isFine = new Set(rounded).size >= Math.min(different, 4 * most);
    if ((isFine && starts.length === exact.length) || decimals === MOST_DECIMALS) break;
  }
  const step = 10 ** -decimals;
  const highest = rounded.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const isLarge = Math.max(highest, -starts[0]) >= 10_000;
  const labels = starts.map((start, b) => {
    const end = b + 1 < starts.length ? starts[b + 1] - step : highest;
    const [from, to] = [start, end].map((value) => numberLabel(value, decimals, isLarge));
    return from === to ? from : `${from} – ${to}`;
  });
  return { labels, codes: rounded.map((value) => starts.findLastIndex((start) => value >= start)) };
}

/**
 * The smallest number of each group. Equal numbers stay together, and a group that is large for that leaves less to share
 * among the others.
 */
function startsOf(values: readonly number[], most: number): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const different = [...counts.keys()].sort((a, b) => a - b);
  const starts: number[] = [];
  let left = values.length;
  let size = 0;
  let wanted = 0;
  for (const value of different) {
    const more = counts.get(value) ?? 0;
    const isFull = size >= wanted || size + more - wanted > wanted - size;
    if (starts.length === 0 || (isFull && starts.length < most)) {
      left -= size;
      wanted = left / (most - starts.length);
      starts.push(value);
      size = 0;
    }
    size += more;
  }
  return starts;
}

/** Years stay as they are; larger numbers, and those that stand beside them, get commas. */
export const numberLabel = (value: number, decimals: number, isLarge: boolean): string =>
  value.toLocaleString('en', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    useGrouping: isLarge,
  });
