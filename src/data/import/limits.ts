import { ImportError } from '../errors.ts';

/** Longest line, in characters or in bytes: a sequence of a hundred thousand items is far from it. */
export const LONGEST_LINE = 1 << 22;
/** Most columns of a table. */
const MOST_COLUMNS = 1000;

/** What compressed data may unpack to before its size is held against what it came from. */
const SMALL = 1 << 25;
/** Tables of ids shrink to a third or a tenth, seldom to a thirtieth. */
const MOST_UNPACKED = 100;

/** @throws ImportError where compressed data unpacks to far more than any table of interactions does */
export function checkUnpacked(name: string, packed: number, unpacked: number): void {
  if (unpacked <= SMALL || unpacked <= MOST_UNPACKED * packed) return;
  throw new ImportError(
    `${name} unpacks to more than ${MOST_UNPACKED} times its size, which no table of interactions does. If it is one, unpack it yourself and drop the file.`,
  );
}

/** @throws ImportError */
export function checkLine(name: string, line: number, length: number): void {
  if (length <= LONGEST_LINE) return;
  throw new ImportError(
    `${name}: line ${line} is longer than ${LONGEST_LINE >> 20} MB. Check that the file has line breaks, and that no quote is left open.`,
  );
}

/** @throws ImportError */
export function checkWidth(name: string, columns: number): void {
  if (columns <= MOST_COLUMNS) return;
  throw new ImportError(
    `${name} has ${columns} columns; at most ${MOST_COLUMNS} can be read. Keep the columns of user, item and time.`,
  );
}
