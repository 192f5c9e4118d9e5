import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../configuration/presets.ts';
import { complete, nest } from '../../configuration/schema.ts';
import type { RunRow } from '../../storage/database.ts';
import { separatedOn, suggestionsFor, triedAs, triedWords } from './suggestions.ts';

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

describe('what became of it', () => {
  const run = (id: number, changes: Record<string, unknown>, status = 'finished', collapsed = true, datasetId = 1) =>
    ({
      id,
      datasetId,
      status,
      configuration: complete(PRESETS.quick, nest(changes)),
      result: status === 'finished' ? { policy: { collapsed, distinct: collapsed ? 1 : 2 } } : null,
    }) as RunRow;
  const soft = { method: 'uaf-soft', 'fineTuning.learningRate': 0.003 };
  const slower = { ...soft, 'fineTuning.learningRate': 0.001 };
  const [suggestion] = suggestionsFor(run(1, soft).configuration);

  it('is known by the configuration, on the same dataset', () => {
    expect(triedAs(run(1, soft), suggestion, [run(1, soft), run(2, slower, 'finished', true, 9)])).toBeNull();
    expect(triedAs(run(1, soft), suggestion, [run(2, slower, 'failed'), run(3, { ...slower, seed: 5 })])).toBeNull();
    const again = [run(2, slower, 'finished'), run(3, slower, 'queued')];
    expect(triedAs(run(1, soft), suggestion, again)?.id).toBe(2);
    expect(triedAs(run(1, soft), suggestion, again.slice(1))?.id).toBe(3);
  });

  it('is told in words', () => {
    expect(triedWords(run(7, slower))).toBe('Finished as run 7: still the same for everyone');
    expect(triedWords(run(7, slower, 'finished', false))).toBe('Finished as run 7: 2 policies');
    expect(triedWords(run(7, slower, 'paused'))).toBe('Running as run 7');
  });

  it('finds what works on the same dataset', () => {
    const runs = [run(1, soft), run(2, {}, 'finished', false), run(3, {}, 'finished', false, 9)];
    const coin = run(4, { method: 'uaf-random' }, 'finished', false);
    expect(separatedOn(runs[0], [...runs, coin]).map(({ id }) => id)).toEqual([2]);
  });
});
