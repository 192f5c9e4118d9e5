import type { Dataset, UserAttribute } from '../data/dataset.ts';
import { rowLength } from '../data/dataset.ts';
import { shownName } from '../data/shownName.ts';

/** Users put into groups by something known about them. */
export interface Grouping {
  /** `length`, `targets`, or `own` and the name of a column. */
  readonly key: string;
  readonly label: string;
  /** What the simulator planted: shown only to those who ask for it. */
  readonly planted: boolean;
  readonly groups: readonly string[];
  /** For each user an index into `groups`. */
  readonly codes: Uint8Array;
}

const QUANTILES = 4;
/** What stands for a value that nobody gave. */
const NOT_GIVEN = 'not given';

/** All that the users of a dataset can be grouped by. @param users indices into its users, in the order of the policies */
export function groupingsOf(dataset: Dataset, users: Int32Array): Grouping[] {
  const lengths = Int32Array.from(users, (user) => rowLength(dataset.source, user));
  const targets = Int32Array.from(users, (user) => rowLength(dataset.targets, user));
  return [
    { key: 'length', label: 'sequence length', planted: false, ...quantiles(lengths, 'item') },
    { key: 'targets', label: 'number of targets', planted: false, ...quantiles(targets, 'target') },
    ...dataset.attributes.map((attribute) => ownColumn(attribute, users, dataset.origin.kind === 'simulated')),
  ];
}

function ownColumn({ name, values, codes }: UserAttribute, users: Int32Array, planted: boolean): Grouping {
  const groups = values.map((value) => (value === '' ? NOT_GIVEN : shownName(value)));
  return { key: `own ${name}`, label: shownName(name), planted, groups, codes: Uint8Array.from(users, (user) => codes[user]) };
}

/** Up to four groups of about the same size, by whole numbers; equal numbers are never torn apart. @param unit in the singular */
export function quantiles(values: Int32Array, unit: string): Pick<Grouping, 'groups' | 'codes'> {
  const sorted = values.toSorted();
  const cuts = Array.from({ length: QUANTILES - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / QUANTILES)]);
  // A group begins at each cut; a cut at the smallest value would leave the first group empty.
  const starts = [sorted[0], ...Array.from(new Set(cuts)).filter((cut) => cut > sorted[0])];
  const codes = Uint8Array.from(values, (value) => starts.findLastIndex((start) => start <= value));
  const groups = starts.map((start, i) => {
    const own = sorted.filter((value) => value >= start && (i + 1 === starts.length || value < starts[i + 1]));
    const last = own[own.length - 1];
    return `${start === last ? start : `${start}–${last}`} ${unit}${last === 1 ? '' : 's'}`;
  });
  return { groups, codes };
}
