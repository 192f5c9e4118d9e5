import { BadRowsError } from '../errors.ts';

/** What becomes of bad rows. */
export interface BadRowsOptions {
  /** Leave out bad rows rather than refuse the file. */
  readonly skipBadRows: boolean;
  /** Told, in a sentence, what of a file was left out so. */
  readonly onSkipped?: (sentence: string) => void;
}

/** A row that cannot be used: where it is, and what is wrong with it. */
interface BadRow {
  readonly line: number;
  readonly what: string;
}

/** Bad rows named in an error; the others are only counted. */
const NAMED_BAD_ROWS = 20;

/** Gathers what is wrong with a file, to tell it all at once. */
export class BadRows {
  private readonly named: BadRow[] = [];
  private count = 0;

  /** @param unit what rows are counted in: lines of text, or rows where there are none */
  constructor(private readonly unit: 'line' | 'row' = 'line') {}

  add(line: number, what: string): void {
    this.count++;
    if (this.named.length < NAMED_BAD_ROWS) this.named.push({ line, what });
  }
  /** @throws BadRowsError unless there is none, or they may be skipped and something is left */
  settle(file: string, good: number, { skipBadRows, onSkipped }: BadRowsOptions): void {
    const { named, count, unit } = this;
    if (count === 0) return;
    if (!skipBadRows || good === 0) throw new BadRowsError(file, named, count, good, unit);
    const [first] = named;
    const what = `${unit} ${first.line} ${first.what}.`;
    onSkipped?.(
      count === 1
        ? `One row of ${file} could not be used and was left out: ${what}`
        : `${count.toLocaleString('en')} rows of ${file} could not be used and were left out. The first: ${what}`,
    );
  }
}

/** What is wrong with the number of a row's fields; null if nothing is. */
export function wrongWidth(fields: readonly string[], width: number): string | null {
  if (fields.length < width) return `has ${fields.length} of ${width} fields: one is missing`;
  if (fields.length > width)
    return `has ${fields.length} fields instead of ${width}: one is too many; quote fields that hold the separator`;
  return null;
}
