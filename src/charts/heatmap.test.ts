import { describe, expect, it } from 'vitest';
import { arrange, fitLines, paint, visibleLines } from './heatmap.ts';

describe('lines of a heat map', () => {
  it('cover all rows once, whatever the height', () => {
    for (const [rows, pixels] of [
      [7, 3],
      [3, 7],
      [50_000, 360],
    ]) {
      const lines = fitLines(rows, pixels);
      expect(lines).toHaveLength(Math.min(rows, pixels));
      expect(lines[0].first).toBe(0);
      expect(lines.at(-1)?.end).toBe(rows);
      for (let i = 1; i < lines.length; i++) expect(lines[i].first).toBe(lines[i - 1].end);
    }
  });

  it('are the rows in sight where one scrolls', () => {
    const lines = visibleLines(100, 12, 30, 24);
    expect([lines[0].first, lines.at(-1)?.end]).toEqual([2, 5]);
    expect(visibleLines(3, 12, 0, 400)).toHaveLength(3);
    expect(visibleLines(3, 12, 400, 100)).toEqual([]);
  });
});

describe('pixels of a heat map', () => {
  // Three colours: 0, ½ and 1.
  const palette = Uint8Array.of(0, 0, 0, 100, 100, 100, 200, 200, 200);
  const value = Float64Array.from({ length: 256 }, (_, byte) => (byte > 0 ? 1 : 0));
  const cells = { bytes: Uint8Array.of(0, 1, 1, 1), blocks: 2, order: Int32Array.of(1, 0), value, chosen: null };

  it('show the mean of the users that a line stands for', () => {
    expect(Array.from(paint([{ first: 0, end: 2 }], cells, palette).pixels)).toEqual([100, 100, 100, 255, 200, 200, 200, 255]);
  });

  it('follow the order of the rows', () => {
    const { pixels } = paint(fitLines(2, 2), cells, palette);
    expect([pixels[0], pixels[8]]).toEqual([200, 0]);
  });

  it('are faint where nobody is chosen, and grey where there is nothing yet', () => {
    const chosen = Uint8Array.of(1, 0);
    const painted = paint(fitLines(2, 2), { ...cells, bytes: null, chosen }, palette);
    const { pixels } = painted;
    expect(Array.from(painted.chosen)).toEqual([0, 1]);
    expect(Array.from(pixels.subarray(0, 3))).toEqual([173, 181, 189]);
    expect(pixels[3]).toBeLessThan(100);
    expect(pixels[11]).toBe(255);
  });

  it('are arranged in rectangles with gaps, and a mark beside chosen users', () => {
    const painted = paint(fitLines(2, 2), { ...cells, chosen: Uint8Array.of(0, 1) }, palette);
    const layout = { width: 8, height: 5, top: -1, pace: 3, strip: 4, gaps: { blocks: 1, lines: 1 } };
    const red = Array.from(arrange(painted, 2, layout, [7, 8, 9])).filter((_, i) => i % 4 === 0);
    const rows = Array.from({ length: 5 }, (_, y) => red.slice(8 * y, 8 * y + 8));
    expect(rows[0]).toEqual([7, 7, 7, 0, 200, 0, 200, 200]);
    // The second pixel ends the first line: its gap.
    expect(rows[1]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(rows[2].slice(4)).toEqual([0, 0, 200, 200]);
  });
});
