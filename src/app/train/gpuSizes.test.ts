import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../configuration/presets.ts';
import { complete, nest } from '../../configuration/schema.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../../data/simulator.ts';
import { extent, keyOf, stagesOf } from './gpuSizes.ts';

const dataset = simulate({ ...SIMULATOR_DEFAULTS, users: 30 });
const stages = (changes: Record<string, unknown>) => stagesOf(complete(PRESETS.quick, nest(changes)), dataset);
const keys = (changes: Record<string, unknown>) => stages(changes).map(keyOf);

describe('what is planned of a run', () => {
  it('pre-training where the method starts from it, then fine-tuning; nothing of what is only counted', () => {
    expect(stages({ method: 'uaf-hard' }).map(({ stage }) => stage)).toEqual(['pretraining', 'fine-tuning']);
    expect(stages({ method: 'finetune-zero' }).map(({ stage }) => stage)).toEqual(['fine-tuning']);
    expect(stages({ method: 'most-popular' })).toEqual([]);
  });

  it('once for runs whose steps are alike', () => {
    const [pretraining, fineTuning] = keys({ method: 'uaf-hard' });
    expect(keys({ method: 'uaf-hard', seed: 7, temperature: 3, 'fineTuning.learningRate': 0.1 })).toEqual([
      pretraining,
      fineTuning,
    ]);
    expect(keys({ method: 'uaf-soft' })[0]).toBe(pretraining);
    expect(keys({ method: 'uaf-soft' })[1]).not.toBe(fineTuning);
    for (const changes of [{ channels: 32 }, { sequenceLength: 5 }, { dilations: [1] }]) {
      const changed = keys({ method: 'uaf-hard', ...changes });
      expect(changed[0]).not.toBe(pretraining);
      expect(changed[1]).not.toBe(fineTuning);
    }
    expect(keys({ method: 'uaf-hard', 'fineTuning.batchSize': 8 })[1]).not.toBe(fineTuning);
    expect(keys({ method: 'uaf-hard', 'pretraining.softmax': 'sampled', 'pretraining.sampledItems': 5 })[0]).not.toBe(
      pretraining,
    );
  });

  it('the larger first', () => {
    const [small, large] = [16, 64].map((channels) => stages({ method: 'finetune-all', channels })[1]);
    expect(extent(large)).toBeGreaterThan(extent(small));
  });
});
