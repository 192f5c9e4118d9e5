import { shownName } from './shownName.ts';

/** What is wrong with a file: where, what was expected, what to do. Nothing is stored after one. */
export class ImportError extends Error {
  override name = 'ImportError';
}

export class EmptyDatasetError extends ImportError {
  override name = 'EmptyDatasetError';
}

const LONGEST_QUOTE = 60;

/** A word of a file in a sentence, which it may not fill. */
export const quoted = (word: string): string =>
  `“${shownName(word.length > LONGEST_QUOTE ? `${word.slice(0, LONGEST_QUOTE)}…` : word)}”`;

const examples = (ids: readonly string[]): string => ids.slice(0, 3).map(quoted).join(', ');

export class NoSharedUserError extends ImportError {
  override name = 'NoSharedUserError';
  constructor(sourceFile: string, sourceUsers: readonly string[], targetFile: string, targetUsers: readonly string[]) {
    super(
      `No user occurs in both domains. ${sourceFile} has users like ${examples(sourceUsers)}; ${targetFile} has users like ${examples(targetUsers)}. ` +
        'Check that the user column is the right one in both files and that ids are written the same way.',
    );
  }
}

export class UnknownItemsError extends ImportError {
  override name = 'UnknownItemsError';
  constructor(sourceFile: string, sourceItems: readonly string[], targetFile: string, targetItems: readonly string[]) {
    super(
      `Every source item of ${targetFile} is unknown: it has items like ${examples(targetItems)}, while ${sourceFile} has items like ${examples(sourceItems)}. ` +
        'Both files must name source items the same way; otherwise nothing that pre-training learns could be used.',
    );
  }
}

/** Rows of a file that cannot be used; they may be skipped once one has seen them. */
export class BadRowsError extends ImportError {
  override name = 'BadRowsError';
  constructor(
    readonly file: string,
    readonly rows: readonly { readonly line: number; readonly what: string }[],
    readonly count: number,
    /** Rows that can be used. */
    readonly good: number,
    /** What rows are counted in: a file of Parquet has no lines. */
    readonly unit: 'line' | 'row' = 'line',
  ) {
    const named = rows.slice(0, 3).map(({ line, what }) => `${unit} ${line} ${what}`);
    const more = count > named.length ? `; and ${count - named.length} more` : '';
    const remedy =
      good > 0
        ? `Skip ${count === 1 ? 'this row' : `these ${count} rows`}, or correct the file.`
        : 'Check the separator and the columns.';
    super(`${file}: ${count === 1 ? 'one row' : `${count} rows`} cannot be used: ${named.join('; ')}${more}. ${remedy}`);
  }
}
