import { describe, expect, it } from 'vitest';
import { downsample, heights, labelLines, levels, merge, niceDomain, placeLabels, type Series } from './lines.ts';

const series = (key: string, ys: number[]): Series => ({
  key,
  label: key,
  colour: '#000',
  dash: '',
  points: ys.map((y, i) => ({ x: i + 1, y })),
});

describe('lines', () => {
  it('keeps at most some hundred points, and the last one', () => {
    const points = Array.from({ length: 5000 }, (_, x) => ({ x, y: x }));
    const kept = downsample(points);
    expect(kept.length).toBeLessThanOrEqual(301);
    expect(kept.at(-1)).toEqual({ x: 4999, y: 4999 });
  });

  it('keeps the point that is marked', () => {
    const points = Array.from({ length: 5000 }, (_, x) => ({ x, y: x }));
    expect(downsample(points, 1234)).toContainEqual({ x: 1234, y: 1234 });
  });

  it('holds bands, in a column of their own', () => {
    const band = { ...series('a', []), points: [{ x: 1, y: 2, low: 1, high: 4 }] };
    expect(merge([band])).toEqual([{ x: 1, a: 2, 'a band': [1, 4] }]);
    expect(niceDomain(heights([band]))[1]).toBeGreaterThanOrEqual(4);
  });

  it('puts series of different lengths into one table', () => {
    expect(merge([series('a', [1, 2]), series('b', [5])])).toEqual([
      { x: 1, a: 1, b: 5 },
      { x: 2, a: 2 },
    ]);
  });

  it('starts at zero only where zero is near', () => {
    expect(niceDomain([0.1, 0.5])[0]).toBe(0);
    expect(niceDomain([2.6, 2.9])[0]).toBeGreaterThan(2);
    expect(niceDomain([])).toEqual([0, 1]);
    expect(niceDomain([0.2, 1])).toEqual([0, 1]);
  });

  it('draws reference values over the range of the lines, and nothing without lines', () => {
    expect(levels([{ label: 'chance', y: 0.05 }], [series('a', [1, 2, 3])])[0].points).toEqual([
      { x: 1, y: 0.05 },
      { x: 3, y: 0.05 },
    ]);
    expect(levels([{ label: 'chance', y: 0.05 }], [])).toEqual([]);
  });

  it('breaks long names between words, and gives them the room', () => {
    expect(labelLines('UAF-Soft')).toEqual(['UAF-Soft']);
    expect(labelLines('MostPop (test)')).toEqual(['MostPop (test)']);
    expect(labelLines('UAF-Soft, learning rate 0.001')).toEqual(['UAF-Soft,', 'learning rate 0.001']);
    const long = { ...series('a', [0.5]), label: 'UAF-Soft, learning rate 0.001' };
    const labels = placeLabels([long, series('b', [0.499])], 0, 1, 240);
    expect((labels.get('b')?.y ?? 0) - (labels.get('a')?.y ?? 0)).toBeGreaterThanOrEqual(28);
  });

  it('pushes names apart', () => {
    const labels = placeLabels([series('a', [0.5]), series('b', [0.501])], 0, 1, 240);
    const [a, b] = [labels.get('a'), labels.get('b')];
    expect(Math.abs((a?.y ?? 0) - (b?.y ?? 0))).toBeGreaterThanOrEqual(14);
  });
});
