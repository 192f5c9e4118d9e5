import { describe, expect, it } from 'vitest';
import { distinctFigure, distributionFigure, usersFigure } from './policyFigures.ts';

describe('usersFigure', () => {
  const value = Float64Array.from({ length: 256 }, (_, byte) => byte / 255);

  it('has a line for each user, by band', () => {
    const { lines, bands } = usersFigure({
      title: 't',
      bytes: Uint8Array.of(0, 255, 255, 0, 255, 255),
      blocks: 2,
      order: Int32Array.of(2, 0, 1),
      value,
      bands: [
        { label: 'a', rows: 1 },
        { label: 'b', rows: 2 },
      ],
    });
    expect(lines.map((line) => Array.from(line))).toEqual([
      [1, 1],
      [0, 1],
      [1, 0],
    ]);
    expect(bands).toEqual([
      { label: 'a (1)', lines: 1 },
      { label: 'b (2)', lines: 2 },
    ]);
  });

  it('takes means where there are too many, and never across bands', () => {
    const users = 1000;
    const { lines, bands, notes } = usersFigure({
      title: 't',
      bytes: Uint8Array.from({ length: users }, (_, user) => (user < 300 ? 255 : 0)),
      blocks: 1,
      order: Int32Array.from({ length: users }, (_, user) => user),
      value,
      bands: [
        { label: 'a', rows: 300 },
        { label: 'b', rows: 700 },
      ],
    });
    expect(lines.map((line) => line[0])).toEqual([...Array(51).fill(1), ...Array(119).fill(0)]);
    expect(bands.map(({ lines: own }) => own)).toEqual([51, 119]);
    expect(notes).toEqual(['1,000 users. Each line is the mean of some.']);
  });
});

describe('distributionFigure', () => {
  it('has shares at the middles of the bins', () => {
    const { lines } = distributionFigure('t', Int32Array.of(3, 1, 0, 4), 2);
    expect(lines.map(({ points }) => points)).toEqual([
      [
        { x: 0.25, y: 0.75 },
        { x: 0.75, y: 0.25 },
      ],
      [
        { x: 0.25, y: 0 },
        { x: 0.75, y: 1 },
      ],
    ]);
  });
});

describe('distinctFigure', () => {
  it('counts the others', () => {
    const { rows } = distinctFigure('t', 10, 4, [
      { pattern: '01', users: 5 },
      { pattern: '11', users: 3 },
    ]);
    expect(rows.map(({ label, value }) => [label, value])).toEqual([
      ['01', 5],
      ['11', 3],
      ['2 others', 2],
    ]);
  });
});
