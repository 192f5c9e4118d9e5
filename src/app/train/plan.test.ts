import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../configuration/presets.ts';
import { datasetRow } from '../../storage/testing.ts';
import { plan } from './plan.ts';
import { NO_SEARCH } from './SearchFields.tsx';

const dataset = datasetRow();

const wish = (more: Partial<Parameters<typeof plan>[0]>) =>
  plan(
    { preset: PRESETS.quick, changes: {}, methods: ['most-popular', 'uaf-rl'], seeds: [1, 2], search: NO_SEARCH, ...more },
    dataset,
  );

describe('a plan', () => {
  it('goes seed by seed, with the dataset’s own filters', () => {
    const { configurations, trials, problem } = wish({});
    expect([trials, problem]).toEqual([null, null]);
    expect(configurations.map(({ method, seed }) => `${method} ${seed}`)).toEqual([
      'most-popular 1',
      'uaf-rl 1',
      'most-popular 2',
      'uaf-rl 2',
    ]);
    expect(configurations.every((c) => c.dataset.maximumTargetsPerUser === 5)).toBe(true);
  });

  it('of a search tries each trained method with the first seed, and MostPop once', () => {
    const search = { ...NO_SEARCH, axes: 'channels=8,16\n\ndilations=[1,1],[1,4]\n', budget: 3 };
    const { configurations, trials } = wish({ search });
    expect(trials).toBe(3);
    expect(configurations.map(({ method, seed, channels }) => [method, seed, channels])).toEqual([
      ['most-popular', 1, 16],
      ['uaf-rl', 1, 8],
      ['uaf-rl', 1, 8],
      ['uaf-rl', 1, 16],
    ]);
  });

  it.each([
    [{ seeds: null }, /Seeds are whole numbers/],
    [{ methods: [] }, /at least one method/],
    [{ methods: ['finetune-last-3'] }, /the network has only 2/],
    [{ changes: { 'dataset.split': 'latest' } }, /needs interactions with a time/],
    [{ changes: { gateLogits: 'sigmoid', exploration: 0.8 } }, /use one of the two/],
    [{ search: { ...NO_SEARCH, axes: 'chanels=1,2' } }, /nearest is “channels”/],
  ] as const)('says what is wrong with %j', (more, sentence) => {
    const { configurations, problem } = wish(more);
    expect(configurations).toEqual([]);
    expect(problem).toMatch(sentence);
  });

  it('warns of what is possible but not wise', () => {
    const { warnings } = wish({ changes: { 'fineTuning.selectOn': 'test', warmupEpochs: 14 } });
    expect(warnings.join(' ')).toMatch(/too good.*never leaves its warm-up/);
    expect(wish({}).warnings).toEqual([]);
    const long = { ...dataset, figures: { ...dataset.figures, sourceInteractions: 205 } };
    const read = plan({ preset: PRESETS.quick, changes: {}, methods: ['mtl'], seeds: [1], search: NO_SEARCH }, long);
    expect(read.warnings).toEqual([
      'The model sees the newest n = 17 source items of a user; here a user has 20.5 on average. A larger n sees more of them.',
    ]);
    const timed = plan(
      { preset: PRESETS.quick, changes: {}, methods: ['mtl'], seeds: [1], search: NO_SEARCH },
      { ...dataset, timed: true },
    );
    expect(timed.warnings.join(' ')).toMatch(/leaks the future/);
  });
});
