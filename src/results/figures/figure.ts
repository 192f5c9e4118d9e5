/** A figure apart from how it is drawn: numbers and words. Everything that is drawn of it is legible 8 cm wide and without colour. */
export type Figure = LineFigure | ScatterFigure | MatrixFigure | BarFigure | DotFigure | HeatmapFigure;

interface Titled {
  readonly id: string;
  readonly title: string;
  /** N, protocol, spread: below it, a sentence each. */
  readonly notes: readonly string[];
}

/** How something is told apart: a colour, and a dash, marker or pattern as the second cue. */
export interface Look {
  readonly label: string;
  /** Of a print: hexadecimal digits, safe for colour-blind eyes. */
  readonly colour: string;
  /** As in SVG's `stroke-dasharray`. */
  readonly dash: string;
}

export interface LineFigure extends Titled {
  readonly kind: 'lines';
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly (Look & {
    readonly points: readonly { readonly x: number; readonly y: number; readonly low?: number; readonly high?: number }[];
    /** An x that is marked, such as the best epoch. */
    readonly marked?: number;
  })[];
  /** Level lines with a name: MostPop, chance. */
  readonly levels: readonly { readonly label: string; readonly y: number }[];
}

export interface ScatterFigure extends Titled {
  readonly kind: 'scatter';
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly (Look & {
    readonly points: readonly { readonly x: number; readonly y: number; readonly error?: number; readonly label?: string }[];
  })[];
}

/** Shares in cells: Fig. 3. Viridis, 0 to 1. */
export interface MatrixFigure extends Titled {
  readonly kind: 'matrix';
  readonly rows: readonly { readonly label: string; readonly values: readonly number[] }[];
  readonly columns: readonly string[];
  readonly rowTitle: string;
  readonly columnTitle: string;
  /** What 0 and 1 mean. */
  readonly ends: readonly [string, string];
}

export interface BarFigure extends Titled {
  readonly kind: 'bars';
  readonly x: Axis;
  readonly y: Axis;
  readonly groups: readonly string[];
  readonly series: readonly (Look & { readonly values: readonly { readonly y: number; readonly error?: number }[] })[];
}

/** A row for each: its mean and spread along one axis, and what the mean is of. For values that are all far from zero. */
export interface DotFigure extends Titled {
  readonly kind: 'dots';
  readonly x: Axis;
  readonly rows: readonly (Look & { readonly value: number; readonly error?: number; readonly each: readonly number[] })[];
}

/** Shares without figures: lines that each stand for one or some of many rows, such as all users. Viridis, 0 to 1. */
export interface HeatmapFigure extends Titled {
  readonly kind: 'heatmap';
  /** Of each line the value of each column. */
  readonly lines: readonly ArrayLike<number>[];
  /** Neighbouring lines that belong together, from top to bottom. */
  readonly bands: readonly { readonly label: string; readonly lines: number }[];
  readonly columns: readonly string[];
  readonly rowTitle: string;
  readonly columnTitle: string;
  /** What 0 and 1 mean. */
  readonly ends: readonly [string, string];
}

export interface Axis {
  /** With its unit. */
  readonly title: string;
  readonly logarithmic?: boolean;
}
