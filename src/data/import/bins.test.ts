import { describe, expect, it } from 'vitest';
import { quantileBins } from './bins.ts';

const range = (count: number, value: (i: number) => number) => Array.from({ length: count }, (_, i) => value(i));
const sizes = ({ labels, codes }: { labels: readonly string[]; codes: readonly number[] }) =>
  labels.map((_, b) => codes.filter((code) => code === b).length);

describe('quantile bins', () => {
  it('cuts whole numbers into groups of one size, with labels that say exactly what is in them', () => {
    const bins = quantileBins(
      range(800, (i) => 18 + (i % 80)),
      8,
    );
    expect(bins.labels).toEqual(['18 – 27', '28 – 37', '38 – 47', '48 – 57', '58 – 67', '68 – 77', '78 – 87', '88 – 97']);
    expect(sizes(bins)).toEqual(new Array(8).fill(100));
    expect(bins.codes[9]).toBe(0);
    expect(bins.codes[10]).toBe(1);
  });

  it('shows as many decimals as keep the groups apart', () => {
    expect(
      quantileBins(
        range(100, (i) => i / 100 + 0.0004),
        4,
      ).labels,
    ).toEqual(['0.00 – 0.24', '0.25 – 0.49', '0.50 – 0.74', '0.75 – 0.99']);
    expect(
      quantileBins(
        range(100, (i) => 20_000 + 1000.123 * i),
        2,
      ).labels,
    ).toEqual(['20,000 – 70,005', '70,006 – 119,012']);
    expect(
      quantileBins(
        range(64, (i) => 1e-7 * i),
        2,
      ).labels,
    ).toEqual(['0.0000000 – 0.0000031', '0.0000032 – 0.0000063']);
  });

  it('gives a frequent number a group of its own, and shares the others out', () => {
    const bins = quantileBins([...range(900, () => 0), ...range(100, (i) => 1 + i)], 5);
    expect(bins.labels).toEqual(['0', '1 – 25', '26 – 50', '51 – 75', '76 – 100']);
    expect(sizes(bins)).toEqual([900, 25, 25, 25, 25]);
  });

  it('makes fewer groups of fewer numbers', () => {
    expect(quantileBins([-1, -1, 5], 8).labels).toEqual(['-1 – 4', '5']);
  });
});
