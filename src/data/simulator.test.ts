import { describe, expect, it } from 'vitest';
import { rowOf } from './dataset.ts';
import { SIMULATOR_DEFAULTS, simulate } from './simulator.ts';

const genreOf = (name: string) => name.split('-')[1];

describe('simulator', () => {
  const hidden = simulate(SIMULATOR_DEFAULTS);

  it('has the sizes of the specification', () => {
    expect(hidden.figures).toMatchObject({
      sourceUsers: 2000,
      sourceItems: 132,
      sourceInteractions: 34_000,
      targetItems: 120,
      instances: 8000,
    });
  });

  it('hidden: four markers of the user’s kind first, then one genre, then another', () => {
    const markersOf = [new Set<string>(), new Set<string>()];
    for (let u = 0; u < 200; u++) {
      const names = Array.from(rowOf(hidden.source, u), (item) => hidden.sourceItems[item]);
      expect(names.slice(0, 4).every((name) => name.startsWith('marker-'))).toBe(true);
      for (const name of names.slice(0, 4)) markersOf[hidden.attributes[0].codes[u]].add(name);
      const genres = names.slice(4).map(genreOf);
      const turn = genres.findIndex((genre) => genre !== genres[0]);
      expect(turn).toBeGreaterThanOrEqual(4);
      expect(turn).toBeLessThanOrEqual(9);
      expect(new Set(genres.slice(turn)).size).toBe(1);
    }
    expect(markersOf.map(({ size }) => size)).toEqual([6, 6]);
    expect(Array.from(markersOf[0]).filter((name) => markersOf[1].has(name))).toEqual([]);
  });

  it('steady users want the recent genre, nostalgic ones the older, but for the noise', () => {
    let wanted = 0;
    for (let u = 0; u < 2000; u++) {
      const names = Array.from(rowOf(hidden.source, u), (item) => hidden.sourceItems[item]);
      const genre = genreOf(hidden.attributes[0].codes[u] === 1 ? names[4] : names[16]);
      wanted += Array.from(rowOf(hidden.targets, u)).filter((item) => genreOf(hidden.targetItems[item]) === genre).length;
    }
    // 97 % by design and a sixth of the noise: 0.975; four standard errors.
    expect(wanted / 8000).toBeGreaterThan(0.975 - 4 * Math.sqrt((0.975 * 0.025) / 8000));
    expect(wanted / 8000).toBeLessThan(0.975 + 4 * Math.sqrt((0.975 * 0.025) / 8000));
  });

  it('open: markers anywhere, lengths from 12 to 16', () => {
    const open = simulate({ ...SIMULATOR_DEFAULTS, scenario: 'open' });
    const lengths = Array.from({ length: 2000 }, (_, u) => rowOf(open.source, u).length);
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([12, 16]);
    const markers = Array.from(open.source.values.subarray(0, open.source.values.length)).filter((item) =>
      open.sourceItems[item].startsWith('marker'),
    ).length;
    expect(markers / open.source.values.length).toBeCloseTo(0.25, 1);
  });

  it('names items by genre and rank; neither id nor name of a marker says which kind it is of', () => {
    const { sourceItems, sourceNames, targetItems, targetNames } = hidden;
    expect(sourceNames?.[sourceItems.indexOf('source-g3-7')]).toBe('genre 3, item 7');
    expect(targetNames?.[targetItems.indexOf('target-g6-20')]).toBe('genre 6, item 20');
    expect([sourceNames?.[0], sourceNames?.length, targetNames?.length]).toEqual(['', 133, 120]);
    const markers = (sourceNames ?? []).filter((name) => name.startsWith('marker'));
    expect(markers).toEqual(Array.from({ length: 12 }, (_, i) => `marker ${i + 1}`));
    expect(sourceItems.filter((id) => id.startsWith('marker'))).toEqual(markers.map((name) => name.replace(' ', '-')));
  });

  it('is the same every time for the same seed', () => {
    expect(simulate(SIMULATOR_DEFAULTS).source).toEqual(hidden.source);
    expect(simulate({ ...SIMULATOR_DEFAULTS, seed: 2 }).source).not.toEqual(hidden.source);
  });
});
