import type { ShareRow } from '../../charts/BlockShares.tsx';
import { fitLines } from '../../charts/heatmap.ts';
import type { DotFigure, HeatmapFigure, LineFigure, MatrixFigure } from '../../results/figures/figure.ts';
import { plainLook } from '../../results/figures/look.ts';
import { count } from '../format.ts';

const ENDS = ['frozen', 'fine-tuned'] as const;
const blockNames = (blocks: number): string[] => Array.from({ length: blocks }, (_, block) => String(block + 1));

/** Shares of users on each fine-tuned block, to be printed. */
export const sharesFigure = (title: string, rows: readonly ShareRow[]): MatrixFigure => ({
  kind: 'matrix',
  id: title,
  title,
  rows: rows.map(({ label, shares }) => ({ label, values: shares.map(({ mean }) => mean) })),
  columns: blockNames(Math.max(0, ...rows.map(({ shares }) => shares.length))),
  rowTitle: '',
  columnTitle: 'block',
  ends: ENDS,
  notes: rows.map(({ label, note }) => `${label}: ${note}.`),
});

/** How the users' probabilities of fine-tuning are spread, a line for each block. @param histogram [blocks × bins] */
export function distributionFigure(title: string, histogram: Int32Array, blocks: number): LineFigure {
  const bins = histogram.length / blocks;
  const users = histogram.subarray(0, bins).reduce((sum, n) => sum + n, 0);
  return {
    kind: 'lines',
    id: title,
    title,
    x: { title: 'probability of fine-tuning' },
    y: { title: `share of the users in each of ${bins} parts` },
    lines: blockNames(blocks).map((name, block) => ({
      ...plainLook(block, `block ${name}`),
      points: Array.from({ length: bins }, (_, bin) => ({
        x: (bin + 0.5) / bins,
        y: histogram[block * bins + bin] / Math.max(1, users),
      })),
    })),
    levels: [],
    notes: [`${count(users)} users.`],
  };
}

/** How many users share each of the largest policies, and all others. */
export function distinctFigure(
  title: string,
  users: number,
  distinct: number,
  largest: readonly { readonly pattern: string; readonly users: number }[],
): DotFigure {
  const listed = largest.reduce((sum, policy) => sum + policy.users, 0);
  const others = distinct - largest.length;
  const rows = largest.map(({ pattern, users: value }) => ({ ...plainLook(0, pattern), value, each: [] }));
  return {
    kind: 'dots',
    id: title,
    title,
    x: { title: 'users' },
    rows: others > 0 ? [...rows, { ...plainLook(1, `${count(others)} others`), value: users - listed, each: [] }] : rows,
    notes: [`${count(users)} users, ${count(distinct)} distinct policies. 1 fine-tuned, 0 frozen, block 1 first.`],
  };
}

/** A print cannot show more lines. */
const MOST_LINES = 170;

interface Pictured {
  readonly title: string;
  /** Packed gates, [users × blocks]. */
  readonly bytes: Uint8Array;
  readonly blocks: number;
  /** Users from top to bottom. */
  readonly order: Int32Array;
  /** What a byte is worth. */
  readonly value: Float64Array;
  readonly bands: readonly { readonly label: string; readonly rows: number }[];
}

/** All users × blocks: where there are more users than lines, each line is the mean of some of one band. */
export function usersFigure({ title, bytes, blocks, order, value, bands }: Pictured): HeatmapFigure {
  const parts = bands.length === 0 ? [{ label: '', rows: order.length }] : bands;
  const starts = parts.map((_, i) => parts.slice(0, i).reduce((sum, band) => sum + band.rows, 0));
  const drawn = parts.map(({ rows }, i) =>
    fitLines(rows, Math.max(1, Math.round((MOST_LINES * rows) / order.length))).map(({ first, end }) =>
      meanOf(order.subarray(starts[i] + first, starts[i] + end), bytes, blocks, value),
    ),
  );
  return {
    kind: 'heatmap',
    id: title,
    title,
    lines: drawn.flat(),
    bands: parts.map(({ label, rows }, i) => ({ label: label && `${label} (${count(rows)})`, lines: drawn[i].length })),
    columns: blockNames(blocks),
    rowTitle: 'users',
    columnTitle: 'block',
    ends: ENDS,
    notes: [`${count(order.length)} users.${order.length > drawn.flat().length ? ' Each line is the mean of some.' : ''}`],
  };
}

function meanOf(users: Int32Array, bytes: Uint8Array, blocks: number, value: Float64Array): Float64Array {
  const sums = new Float64Array(blocks);
  for (const user of users) for (let block = 0; block < blocks; block++) sums[block] += value[bytes[user * blocks + block]];
  return sums.map((sum) => sum / users.length);
}
