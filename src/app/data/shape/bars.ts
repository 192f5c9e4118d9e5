/** A bar of a histogram of lengths: from … to, both included. */
export interface LengthBar {
  readonly label: string;
  readonly count: number;
  /** Before the filters. */
  readonly before: number;
}

/** Where bars begin: single lengths first, then ever wider ones, since most are short and some very long. */
const STARTS = [1, 2, 3, 4, 5, 6, 8, 11, 16, 21, 31, 51, 101, 200];

/**
 * Counts by length as bars that are wider to the right.
 *
 * @param counts of a `DatasetShape`, and of the one before the filters
 */
export function lengthBars(counts: Uint32Array, before: Uint32Array): LengthBar[] {
  const sum = (of: Uint32Array, from: number, to: number) => of.subarray(from, to + 1).reduce((all, n) => all + n, 0);
  const bars = STARTS.map((from, i) => {
    const isLast = i === STARTS.length - 1;
    const to = isLast ? counts.length - 1 : STARTS[i + 1] - 1;
    const label = isLast ? `${from}+` : from === to ? String(from) : `${from}–${to}`;
    return { label, count: sum(counts, from, to), before: sum(before, from, to) };
  });
  const isEmpty = ({ count, before: was }: LengthBar) => count === 0 && was === 0;
  // Empty ends are no news.
  const first = bars.findIndex((bar) => !isEmpty(bar));
  return bars.slice(Math.max(0, first), bars.findLastIndex((bar) => !isEmpty(bar)) + 1);
}
