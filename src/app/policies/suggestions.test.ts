import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../configuration/presets.ts';
import { complete, nest } from '../../configuration/schema.ts';
import { suggestionsFor } from './suggestions.ts';

const keysFor = (changes: Record<string, unknown>) =>
  suggestionsFor(complete(PRESETS.quick, nest(changes))).flatMap((one) => Object.keys(one.changes));

describe('what to try against a collapse', () => {
  it('is a run that is possible', () => {
    for (const changes of [{}, { method: 'uaf-rl', temperature: 1 }, { gateLogits: 'sigmoid' }, { method: 'uaf-soft' }]) {
      const configuration = complete(PRESETS.quick, nest(changes));
      for (const suggestion of suggestionsFor(configuration))
        expect(complete(configuration, nest(suggestion.changes))).not.toEqual(configuration);
    }
  });

  it('depends on the method', () => {
    expect(keysFor({ 'fineTuning.trainingFraction': 0.1 })).toEqual([
      'temperature',
      'exploration',
      'fineTuning.learningRate',
      'fineTuning.trainingFraction',
    ]);
    expect(keysFor({ method: 'uaf-soft' })).toEqual(['fineTuning.learningRate']);
    expect(keysFor({ gateLogits: 'sigmoid' })).not.toContain('exploration');
    expect(keysFor({ method: 'uaf-random' })).toEqual([]);
  });
});
