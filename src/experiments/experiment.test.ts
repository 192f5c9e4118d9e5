import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRESETS } from '../configuration/presets.ts';
import { flatten } from '../configuration/schema.ts';
import { type Experiment, ExperimentError, plannedRuns, readExperiment } from './experiment.ts';

const plain: Experiment = {
  version: 1,
  name: 'e',
  question: null,
  preset: 'quick',
  changes: {},
  methods: ['finetune-all', 'uaf-rl'],
  seeds: [1, 2],
  grid: [],
  variants: [],
};
const idsOf = (changes: Partial<Experiment>) => plannedRuns({ ...plain, ...changes }, PRESETS.quick).map(({ id }) => id);

describe('plannedRuns', () => {
  it('goes seed by seed', () => {
    expect(idsOf({})).toEqual(['finetune-all-1', 'uaf-rl-1', 'finetune-all-2', 'uaf-rl-2']);
  });

  it('runs once what a method does not read', () => {
    expect(idsOf({ seeds: [1], grid: [{ key: 'rewardGamma', values: [1, 0.5] }] })).toEqual([
      'finetune-all-1',
      'uaf-rl-1',
      'uaf-rl-1-rewardGamma=0.5',
    ]);
  });

  it('crosses grid and variants, and keeps variants to their methods', () => {
    const variants: Experiment['variants'] = [
      { name: 'as it is', changes: {}, methods: null },
      { name: 'short', changes: { 'fineTuning.epochs': 3 }, methods: ['finetune-all'] },
    ];
    const runs = plannedRuns({ ...plain, seeds: [1], grid: [{ key: 'channels', values: [8, 4] }], variants }, PRESETS.quick);
    expect(runs.map(({ id }) => id)).toEqual([
      'finetune-all-1-channels=8',
      'uaf-rl-1-channels=8',
      'finetune-all-1-channels=4',
      'uaf-rl-1-channels=4',
      'finetune-all-1-channels=8-fineTuning.epochs=3',
      'finetune-all-1-channels=4-fineTuning.epochs=3',
    ]);
    expect(flatten(runs[4].configuration)).toMatchObject({ channels: 8, 'fineTuning.epochs': 3, adapterWidth: 4 });
  });

  it('has an id for each configuration, and one configuration for each id', () => {
    const value = fc.constantFrom(1, 2, 3);
    fc.assert(
      fc.property(fc.uniqueArray(value, { minLength: 1 }), fc.uniqueArray(value, { minLength: 1 }), (gammas, epochs) => {
        const grid = [
          { key: 'rewardGamma', values: gammas },
          { key: 'fineTuning.epochs', values: epochs },
        ];
        const runs = plannedRuns({ ...plain, grid }, PRESETS.quick);
        expect(new Set(runs.map(({ configuration }) => JSON.stringify(configuration))).size).toBe(runs.length);
        expect(runs).toHaveLength(2 * (epochs.length + epochs.length * gammas.length));
      }),
    );
  });

  it('names what is not there', () => {
    expect(() => idsOf({ methods: ['uaf-hart'] })).toThrow('There is no method “uaf-hart”.');
    expect(() => idsOf({ grid: [{ key: 'chanels', values: [1] }] })).toThrow('The nearest is “channels”.');
    expect(() => idsOf({ grid: [{ key: 'seed', values: [1, 2] }] })).toThrow('“seed” has a list of its own: “seeds”.');
    const variants = [{ name: 'v', changes: {}, methods: ['mtl'] }];
    expect(() => idsOf({ variants })).toThrow('There is nothing to run: no variant is of one of the methods.');
    const values = Array.from({ length: 200 }, (_, i) => i + 1);
    const grid = ['channels', 'sequenceLength'].map((key) => ({ key, values }));
    expect(() => idsOf({ grid })).toThrow('more than 10,000 runs');
  });
});

describe('readExperiment', () => {
  it('gives back what was written', () => {
    expect(readExperiment(JSON.parse(JSON.stringify(plain)))).toEqual(plain);
  });

  it('names the field that is wrong', () => {
    expect(() => readExperiment({ ...plain, seeds: [-1] })).toThrow(ExperimentError);
    expect(() => readExperiment({ ...plain, seeds: [-1] })).toThrow('“seeds.0”');
    expect(() => readExperiment({ ...plain, prset: 'quick' })).toThrow('prset');
    expect(() => readExperiment({ ...plain, changes: { 'constructor.prototype.x': 1 } })).toThrow(
      '“changes.constructor.prototype.x”',
    );
    expect(() => readExperiment([])).toThrow('This is no experiment');
  });
});
