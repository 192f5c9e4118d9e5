import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRESETS } from './presets.ts';
import { complete } from './schema.ts';
import { gridSize, parseAxis, trials } from './search.ts';

const base = PRESETS.quick;
const axis = (text: string) => parseAxis(text, base);
/** A small deterministic source of numbers in (0, 1). */
const numbers = (seed: number) => {
  let state = seed;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
};

describe('search', () => {
  it('reads values, lists and ranges', () => {
    expect(axis('channels=8, 16')).toEqual({ key: 'channels', values: [8, 16] });
    expect(axis('dilations=[1,1],[1,4]')).toEqual({
      key: 'dilations',
      values: [
        [1, 1],
        [1, 4],
      ],
    });
    expect(axis('readout=last,mean')).toEqual({ key: 'readout', values: ['last', 'mean'] });
    expect(axis('channels=8,16,8')).toEqual({ key: 'channels', values: [8, 16] });
    expect(axis('temperature=.5..10')).toEqual({ key: 'temperature', from: 0.5, to: 10 });
    expect(axis('fineTuning.learningRate=1e-4..1e-2')).toEqual({ key: 'fineTuning.learningRate', from: 1e-4, to: 1e-2 });
  });

  it('refuses what the configuration would refuse, before anything runs', () => {
    expect(() => axis('chanels=8')).toThrow(/nearest is “channels”/);
    expect(() => axis('channels=8,0')).toThrow(/“channels” is not possible/);
    expect(() => axis('exploration=0.2..1')).toThrow(/“exploration” is not possible/);
    expect(() => axis('temperature=10..1')).toThrow(/from a smaller to a larger/);
    expect(() => axis('temperature')).toThrow(/expected key=value/);
    expect(() => trials([axis('temperature=1..10')], 'grid', 5, numbers(1))).toThrow(/Use a random search/);
  });

  it.each(['method', 'seed', 'dataset.splitSeed', 'evaluation.candidates', 'fineTuning.selectOn'])(
    'does not search %s, by which trials could not be compared',
    (key) => expect(() => axis(`${key}=1,2`)).toThrow(/cannot be searched/),
  );

  it('never decides by the test instances', () => {
    const base = complete(PRESETS.quick, { fineTuning: { selectOn: 'test' } });
    expect(() => parseAxis('channels=8,16', base)).toThrow(/decides by validation/);
  });

  it('a grid goes through all combinations, up to the budget', () => {
    const axes = [axis('channels=8,16'), axis('temperature=1,5,10')];
    expect(gridSize(axes)).toBe(6);
    expect(trials(axes, 'grid', 100, numbers(1))).toHaveLength(6);
    expect(trials(axes, 'grid', 4, numbers(1))).toEqual([
      { channels: 8, temperature: 1 },
      { channels: 8, temperature: 5 },
      { channels: 8, temperature: 10 },
      { channels: 16, temperature: 1 },
    ]);
  });

  it('a grid of more combinations than memory holds is begun all the same', () => {
    const values = Array.from({ length: 1000 }, (_, i) => i + 1).join(',');
    const axes = ['temperature', 'rewardGamma', 'rewardBeta', 'warmupEpochs'].map((key) => axis(`${key}=${values}`));
    expect(trials(axes, 'grid', 2, numbers(1)).map(({ warmupEpochs }) => warmupEpochs)).toEqual([1, 2]);
  });

  it('a random search stays in its ranges, never tries one twice, and is the same again', () => {
    const axes = [axis('channels=4..64'), axis('fineTuning.learningRate=0.0001..0.01'), axis('readout=last,mean')];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const drawn = trials(axes, 'random', 12, numbers(seed));
        expect(drawn).toHaveLength(12);
        expect(new Set(drawn.map((trial) => JSON.stringify(trial))).size).toBe(12);
        expect(trials(axes, 'random', 12, numbers(seed))).toEqual(drawn);
        for (const trial of drawn) {
          expect(Number.isInteger(trial.channels)).toBe(true);
          expect(trial.channels).toBeGreaterThanOrEqual(4);
          expect(trial.channels).toBeLessThanOrEqual(64);
          expect(trial['fineTuning.learningRate']).toBeGreaterThanOrEqual(1e-4);
          expect(trial['fineTuning.learningRate']).toBeLessThanOrEqual(1e-2);
        }
      }),
      { numRuns: 30 },
    );
    expect(trials([axis('readout=last,mean')], 'random', 10, numbers(3))).toHaveLength(2);
  });

  it('draws wide ranges evenly by their logarithm', () => {
    const rates = trials([axis('fineTuning.learningRate=0.0001..0.01')], 'random', 400, numbers(7));
    const below = rates.filter((trial) => Number(trial['fineTuning.learningRate']) < 1e-3).length;
    expect(below / rates.length).toBeGreaterThan(0.4);
    expect(below / rates.length).toBeLessThan(0.6);
  });
});
