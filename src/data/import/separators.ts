/** What stands between the fields of a row: one to three characters; a space is any number of spaces. */
export type Separator = string;

/** Those that are tried first, in order. */
export const SEPARATORS = [',', '\t', ';', ' ', '|', '::'] as const;

/** Tried only where none of the usual ones cuts every row alike. */
export const RARE_SEPARATORS = [':', '^', '~', '#', '\u0001'] as const;

const LONGEST_SEPARATOR = 3;

/** Why a separator that was written by hand cannot be one; null if it can. */
export function separatorProblem(text: string): string | null {
  if (text === '') return 'A separator is at least one character.';
  if (text.length > LONGEST_SEPARATOR) return `A separator is at most ${LONGEST_SEPARATOR} characters.`;
  if (['"', '\r', '\n', '\uFEFF', '\0'].some((mark) => text.includes(mark)))
    return 'Quotes and line breaks cannot be separators.';
  return /[\p{L}\p{N}]/u.test(text) ? 'Letters and digits occur in ids: they cannot be separators.' : null;
}
