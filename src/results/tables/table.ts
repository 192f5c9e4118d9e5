/** A table apart from how it is written: page, CSV, Markdown, LaTeX and HTML say the same. */
export interface TableModel {
  readonly id: string;
  /** What it shows, in a sentence. */
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** N, protocol, spread, and whatever else has to be known to read it: below the table, a sentence each. */
  readonly notes: readonly string[];
}

export interface Column {
  readonly title: string;
  /** A heading over several neighbouring columns, such as the dataset; equal ones are joined. */
  readonly group?: string;
  readonly align: 'left' | 'right';
  /** What a file of values calls it, where that is not its title: a key of the configuration. */
  readonly key?: string;
}

export interface Row {
  readonly cells: readonly Cell[];
  /** A rule above it, as between groups of methods. */
  readonly ruleAbove?: boolean;
}

export interface Cell {
  readonly text: string;
  /** What a spreadsheet gets: the number with all its digits; left out for text. */
  readonly value?: number;
  /** Of a mean over seeds: a file of values has these in columns of their own. */
  readonly over?: {
    /** Standard deviation over the seeds; null of a single one. */
    readonly deviation: number | null;
    readonly seeds: number;
    /** Test instances. */
    readonly n: number;
  };
  /** The best of its column: bold. */
  readonly best?: boolean;
  /** Why it is empty, or what it is of. */
  readonly title?: string;
}
