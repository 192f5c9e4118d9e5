import { beforeAll, describe, expect, it } from 'vitest';
import { METHOD_DESCRIPTIONS } from '../../configuration/methods.ts';
import { PRESETS } from '../../configuration/presets.ts';
import { type Configuration, complete, flatten, nest, type Value } from '../../configuration/schema.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../../data/simulator.ts';
import { reads } from '../../experiments/unread.ts';
import { openNodeBackend } from '../node.ts';
import { run } from './run.ts';

const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 40 });
const tiny = {
  channels: 4,
  dilations: [1, 1],
  adapterWidth: 2,
  'pretraining.epochs': 1,
  'fineTuning.epochs': 2,
  warmupEpochs: 1,
};
const base = complete(PRESETS.quick, nest(tiny));

const CHOICES: Record<string, Value> = {
  readout: 'mean',
  targetLoss: 'bce',
  evaluationGate: 'sampled',
  gateLogits: 'sigmoid',
  rewardForm: 'released',
  curriculum: 'last-to-first',
  adapterNorms: 'frozen',
  'pretraining.softmax': 'sampled',
  dilations: [1, 2],
  exploration: 0.75,
};

/** Another value than before, possible for the key. */
const another = (key: string, value: Value): Value =>
  CHOICES[key] ?? (typeof value === 'boolean' ? !value : typeof value === 'number' ? value + 1 : value);

/** Everything that a method is said not to read, changed but for one key. */
function changed(method: string, without: string): Configuration {
  const own = complete(base, { method });
  const unread = Object.entries(flatten(own)).filter(([key]) => !reads(own, key));
  const others = unread.filter(([key]) => key !== without);
  return complete(own, nest(Object.fromEntries(others.map(([key, value]) => [key, another(key, value)]))));
}

async function ranks(configuration: Configuration) {
  const store = { get: async () => undefined, put: async () => {} };
  const observer = {
    now: () => performance.now(),
    turn: async () => {},
    progress: () => {},
    pretrainingEpoch: async () => {},
    pretrainingReused: async () => {},
    fineTuningEpoch: async () => {},
  };
  const { fineTuned } = await run(dataset, configuration, store, observer);
  return { outcomes: fineTuned.outcomes, parameters: fineTuned.parameters };
}

beforeAll(() => openNodeBackend('wasm'));

describe('what a method does not read', () => {
  it.each(METHOD_DESCRIPTIONS.map(({ id }) => id))('changes nothing for %s', async (method) => {
    const expected = await ranks(complete(base, { method }));
    // Gates without noise and exploration contradict each other: one of them is changed, then the other.
    for (const without of ['gateLogits', 'exploration']) {
      const configuration = changed(method, without);
      expect(configuration).not.toEqual(complete(base, { method }));
      expect(await ranks(configuration)).toEqual(expected);
    }
  });
});
