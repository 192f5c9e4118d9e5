import { describe, expect, it } from 'vitest';
import { presetFor } from '../../configuration/presets.ts';
import { complete, nest } from '../../configuration/schema.ts';
import type { RunRow } from '../../storage/database.ts';
import { askedRun, linkToRun } from './asked.ts';

const traits = { scenario: 'hidden', sourceItems: 132 };
const preset = presetFor('quick', traits);
const configuration = complete(preset, nest({ method: 'uaf-rl', seed: 7, channels: 8, dilations: [1, 2] }));
const run = { datasetId: 3, preset: 'quick', ...traits, configuration } as RunRow;

describe('a link to a run with a change', () => {
  it('carries the dataset, the preset and what differs from it, and is read again', () => {
    const link = linkToRun(run, { exploration: 0.8, 'fineTuning.learningRate': 0.001 });
    const asked = askedRun(new URLSearchParams(link.split('?')[1]));
    expect(asked).toMatchObject({ datasetId: 3, preset: 'quick', method: 'uaf-rl', seed: 7 });
    expect(asked?.changes).toMatchObject({
      channels: 8,
      dilations: [1, 2],
      exploration: 0.8,
      'fineTuning.learningRate': 0.001,
    });
    const again = complete(preset, nest({ ...asked?.changes, method: asked?.method, seed: asked?.seed }));
    expect(again).toEqual(complete(configuration, nest({ exploration: 0.8, 'fineTuning.learningRate': 0.001 })));
  });

  it('asks for nothing where there is nothing in it', () => {
    expect(askedRun(new URLSearchParams(''))).toBeNull();
  });

  it('cannot ask for what contradicts itself', () => {
    expect(() => linkToRun(run, { exploration: 0.2 })).toThrow('exploration');
  });
});
