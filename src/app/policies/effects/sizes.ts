import { count } from '../../format.ts';

/** How many users can be measured, at random or all. */
interface Size {
  readonly value: string;
  readonly label: string;
  readonly most: number;
}

const SIZES = [1000, 5000];

/**
 * The choices that differ: sizes below the number of users with a test target, and all of them.
 *
 * @param tested null where that number is not known: then all choices
 */
export const sizesFor = (tested: number | null): readonly Size[] => [
  ...SIZES.filter((size) => tested === null || size < tested).map((size) => ({
    value: String(size),
    label: `${count(size)} users`,
    most: size,
  })),
  { value: 'all', label: tested === null ? 'all users' : `all ${count(tested)} users`, most: Number.POSITIVE_INFINITY },
];
