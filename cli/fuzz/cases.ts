import fc from 'fast-check';
import type { FuzzFile } from './files.ts';
import { FORMATS, type FuzzFormat, validFiles } from './formats.ts';
import { type Mutation, mutate, mutations, share } from './mutations.ts';

/** One set of files: a format, a seed for what is valid, and what is done to one of them. */
export interface FuzzCase {
  readonly format: FuzzFormat;
  readonly seed: number;
  /** Which of the files is changed: 0 to 1. */
  readonly which: number;
  readonly changes: readonly Mutation[];
}

export const fuzzCases = (formats: readonly FuzzFormat[] = FORMATS): fc.Arbitrary<FuzzCase> =>
  fc
    .constantFrom(...formats)
    .chain((format) =>
      fc.record({ format: fc.constant(format), seed: fc.nat(1000), which: share, changes: mutations(isContained(format)) }),
    );

const isContained = ({ name, reader }: FuzzFormat): boolean => reader === 'workspace' || /zip|Parquet/.test(name);

/** The files of a case. Of results only the first one is changed: the others are there for it. */
export async function filesOf({ format, seed, which, changes }: FuzzCase): Promise<readonly FuzzFile[]> {
  const valid = await validFiles(format, seed);
  const changed =
    format.reader === 'import' || format.reader === 'mapping' ? Math.min(valid.length - 1, Math.floor(which * valid.length)) : 0;
  return valid.map((file, i) => (i === changed ? { ...file, bytes: changes.reduce(mutate, file.bytes) } : file));
}

/** A case in words that say how to make it again. */
export const wordsOf = ({ format, seed, which, changes }: FuzzCase): string =>
  `${format.name}, ${JSON.stringify({ seed, which, changes }, (_, value) => written(value))}`;

/** What JSON does not have, and what would fill pages. */
const written = (value: unknown): unknown =>
  typeof value === 'bigint' ? `${value}n` : Array.isArray(value) && value.length > 100 ? `${value.length} of ${value[0]}` : value;
