import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../configuration/presets.ts';
import { emptyExperiment } from '../../experiments/templates.ts';
import type { RunResultRow } from '../../storage/database.ts';
import { foresee, foreseenWords } from './foreseen.ts';
import { type Planned, planning, withName } from './planned.ts';
import { DATASET, runRow } from './testing.ts';

const experiment = { ...emptyExperiment('quick'), methods: ['most-popular', 'finetune-all', 'uaf-hard'], seeds: [1, 2] };
const other = { ...DATASET, id: 2, name: 'labels', task: 'profile' as const };

/** All at once. */
function planExperiment(...asked: Parameters<typeof planning>): Planned {
  const steps = planning(...asked);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

describe('the plan of an experiment', () => {
  it('goes dataset by dataset, with the filters of each', () => {
    const { parts, problem } = planExperiment(experiment, [DATASET, other]);
    expect(problem).toBeNull();
    expect(parts.map(({ dataset, configurations }) => [dataset.id, configurations.length])).toEqual([
      [1, 6],
      [2, 6],
    ]);
    expect(parts[0].configurations[0].dataset.maximumTargetsPerUser).toBe(5);
  });

  it.each([
    [{ methods: [] }, /at least one method/],
    [{ methods: ['uaf-hart'] }, /no method/],
    [{ seeds: Array.from({ length: 300 }, (_, i) => i) }, /more than 600 combinations/],
    [{ changes: { 'dataset.split': 'latest' } }, /“d” has none/],
    [{ changes: { 'dataset.minimumTargetItemCount': 1 } }, /decided when files are imported: on “d” it is 3/],
  ])('says what is wrong with %j', (changes, words) => {
    expect(planExperiment({ ...experiment, ...changes }, [DATASET])).toMatchObject({
      parts: [],
      problem: expect.stringMatching(words),
    });
  });

  it('needs a name', () => {
    const planned = planExperiment(experiment, [DATASET]);
    expect(withName(planned, 'Table 2')).toBe(planned);
    expect(withName(planned, ' ')).toMatchObject({ parts: [], problem: expect.stringMatching(/needs a name/) });
  });

  it('warns where a template is on data of another kind', () => {
    const { warnings } = planExperiment({ ...experiment, question: 'table-7' }, [DATASET, other]);
    expect(warnings).toEqual(['“Table 7: user profiles” is meant for labels of users; “d” has items to be ranked.']);
  });
});

describe('what an experiment takes', () => {
  const { parts } = planExperiment(experiment, [DATASET]);
  const wasm = { name: 'wasm' as const, variant: 'relaxed' };
  const fineTuningSteps = 14 * 10;
  const pretrainingSteps = 15 * 10;

  it('counts a pre-trained model once, and none that is kept', () => {
    const fresh = foresee(parts, { earlier: [], kept: [], backend: wasm });
    expect(fresh).toMatchObject({ runs: 6, pretrainings: 2, sharing: 4, seconds: 0 });
    expect(fresh.steps).toBe(4 * fineTuningSteps + 2 * pretrainingSteps);
    expect(fresh.unmeasured).toEqual(['Finetune-All', 'pre-training', 'UAF-Hard']);
    const { channels, dilations, kernelSize, sequenceLength, pretraining } = PRESETS.quick;
    const key = JSON.stringify({ seed: 1, channels, dilations, kernelSize, sequenceLength, pretraining });
    const kept = foresee(parts, { earlier: [], kept: [[1, `wasm relaxed ${key}`]], backend: wasm });
    expect(kept.pretrainings).toBe(1);
  });

  it('takes as long as earlier runs of the same sizes did, also with other epochs', () => {
    const seconds = { pretraining: 30, fineTuning: 13, evaluation: 1, recommendation: null };
    const backend = { ...wasm, adapter: '', software: false, reason: '', largestTable: null };
    const earlier = runRow(1, { method: 'uaf-hard' }, { status: 'finished', backend, result: { seconds } as RunResultRow });
    const longer = planExperiment({ ...experiment, methods: ['uaf-hard'], changes: { 'fineTuning.epochs': 28 } }, [DATASET]);
    const foreseen = foresee(longer.parts, { earlier: [earlier], kept: [], backend: wasm });
    expect(foreseen.seconds).toBeCloseTo(2 * 28 + 2 * 30);
    expect(foreseenWords(foreseen, null).join(' ')).toMatch(
      /^2 runs, 860 steps at most\. 2 models are pre-trained, for 2 runs that start from them\..* About 1 min 56 s/,
    );
    // Steps of UAF-Hard and of pre-training are measured, those of another method are not: two others make too many of them.
    const told = (...methods: string[]) => {
      const { parts: more } = planExperiment({ ...experiment, methods, changes: { 'fineTuning.epochs': 28 } }, [DATASET]);
      return foreseenWords(foresee(more, { earlier: [earlier], kept: [], backend: wasm }), null).join(' ');
    };
    expect(told('uaf-hard', 'mtl')).toMatch(/About 1 min 56 s .* on top: MTL/);
    expect(told('uaf-hard', 'mtl', 'finetune-all')).toMatch(/not known yet/);
    expect(foresee(longer.parts, { earlier: [earlier], kept: [], backend: { ...wasm, name: 'webgpu' } }).seconds).toBe(0);
    const environment = { studio: '', backend: 'wasm', adapter: '', softwareAdapter: false, variant: '', platform: '' };
    const foreign = { ...earlier, elsewhere: { environment, experiment: null } };
    expect(foresee(longer.parts, { earlier: [foreign], kept: [], backend: wasm }).seconds).toBe(0);
  });
});
