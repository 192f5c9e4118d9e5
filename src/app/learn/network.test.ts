import { renderToString } from 'katex';
import { describe, expect, it } from 'vitest';
import { parameterCounts } from '../../configuration/parameterCounts.ts';
import { PRESETS } from '../../configuration/presets.ts';
import { type Box, detailsOf, fineTuningLayout, type Layout, pretrainingLayout } from './network.ts';

const ITEMS = { sourceItems: 132, targetItems: 120 };

describe.each([['quick', PRESETS.quick] as const, ['paper', PRESETS.paper] as const])(
  'Fig. 2 with preset %s',
  (_name, configuration) => {
    const layouts = [pretrainingLayout(configuration.dilations), fineTuningLayout(configuration.dilations)];

    it('stands in its grid, no two boxes in one place', () => {
      for (const { boxes, gates, columns, rows } of layouts) {
        const places = boxes.map(({ column, row }: Box) => `${column} ${row}`);
        expect(new Set(places).size).toBe(places.length);
        for (const { column, row } of [...boxes, ...gates]) {
          expect(column).toBeLessThanOrEqual(columns - 1);
          expect(row).toBeLessThanOrEqual(rows - 1);
        }
      }
    });

    it('has a frozen block, a copy and a gate at each level that is drawn', () => {
      const [, fineTuning] = layouts as [Layout, Layout];
      const of = (kind: string) =>
        [...fineTuning.boxes, ...fineTuning.gates].filter((part) => part.kind === kind).map(({ block }) => block);
      expect(of('frozen')).toEqual(configuration.dilations.length === 2 ? [1, 2] : [1, 2, 8]);
      expect(of('tuned')).toEqual(of('frozen'));
      expect(of('gate')).toEqual(of('frozen'));
    });

    it('says what each part is, with the parameters that the configuration gives it', () => {
      const counts = parameterCounts(configuration, ITEMS);
      const setting = { configuration, ...ITEMS };
      for (const part of layouts.flatMap(({ boxes, gates }) => [...boxes, ...gates])) {
        const { title, words, shapes, formula } = detailsOf(part, setting);
        expect(() => renderToString(formula.tex, { throwOnError: true, strict: 'error' })).not.toThrow();
        expect(title).not.toBe('');
        expect(words).toMatch(/[.)]$/);
        expect(shapes.length).toBeGreaterThan(0);
        expect(JSON.stringify(shapes)).not.toMatch(/NaN|undefined/);
      }
      expect(detailsOf({ kind: 'tuned', block: 2 }, setting).parameters).toBe(counts.block);
      expect(detailsOf({ kind: 'target', block: 0 }, setting).parameters).toBe(counts.target);
      expect(detailsOf({ kind: 'gate', block: 1 }, setting).parameters).toBe(0);
    });
  },
);

it('the last block of the paper has dilations 4 and 8', () => {
  const { words, formula } = detailsOf({ kind: 'block', block: 8 }, { configuration: PRESETS.paper, ...ITEMS });
  expect(words).toContain('4 and 8');
  expect(formula.text).toContain('conv8(relu(LN₁(conv4(x))))');
});
