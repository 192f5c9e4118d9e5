import { describe, expect, it } from 'vitest';
import { PRESET_NAMES, PRESETS, RELEASED_DIFFERENCES } from '../configuration/presets.ts';
import { plannedRuns, readExperiment } from './experiment.ts';
import { experimentOf, TEMPLATES } from './templates.ts';

const templateOf = (id: string) => {
  const template = TEMPLATES.find((candidate) => candidate.id === id);
  if (template === undefined) throw new Error(id);
  return template;
};
const planOf = (id: string, task: 'ranking' | 'profile' = 'ranking') =>
  plannedRuns(experimentOf(templateOf(id), 'quick', task), PRESETS.quick);

describe('templates', () => {
  it('have runs with every preset, and can be written down', () => {
    for (const template of TEMPLATES) {
      for (const preset of PRESET_NAMES) {
        for (const task of template.tasks) {
          const experiment = experimentOf(template, preset, task);
          expect(readExperiment(JSON.parse(JSON.stringify(experiment)))).toEqual(experiment);
          expect(plannedRuns(experiment, PRESETS[preset]).length, `${template.id} ${preset}`).toBeGreaterThan(2);
        }
      }
    }
  });

  it.each([
    ['table-2', 15 * 3],
    ['table-3', 3 * 3],
    ['figure-3', 3 * 3],
    ['table-4', 6 * 3],
    ['table-5', 6 * 3],
    ['figure-4', 5 * 3],
    ['pretraining', 2 * 3],
    ['cold', 5 * 3],
    // Only UAF-RL reads γ and β.
    ['cost', (9 + 2) * 3],
    ['trained', 15],
    ['temperature', 2 * 4 * 3],
  ])('%s is %i runs', (id, runs) => {
    expect(planOf(id)).toHaveLength(runs);
  });

  it('Table 7 is for profiles alone', () => {
    expect(templateOf('table-7').tasks).toEqual(['profile']);
    expect(planOf('table-7', 'profile')).toHaveLength(7 * 3);
  });

  it('each difference of the released code is tried alone and with all others, where a method reads it', () => {
    const runs = planOf('released').filter(({ configuration: { seed } }) => seed === 1);
    const of = (method: string) => runs.filter(({ configuration }) => configuration.method === method);
    // The preset has the code's batch size of pre-training already.
    const differing = RELEASED_DIFFERENCES.length - 1;
    expect(of('uaf-rl')).toHaveLength(1 + differing + 1);
    // Reward and noise of its baseline are UAF-RL's.
    expect(of('uaf-hard')).toHaveLength(1 + differing - 2 + 1);
    const { variants } = experimentOf(templateOf('released'), 'released-code', 'profile');
    expect(variants.at(-1)?.changes).toMatchObject({ readout: 'last', 'fineTuning.epochs': 20 });
    expect(variants.at(-1)?.changes).not.toHaveProperty('targetLoss');
  });

  it('the random policy has its own gates, and others', () => {
    const random = planOf('table-3').filter(({ configuration: { method } }) => method === 'uaf-random');
    expect(random.map(({ configuration: { seed, evaluationSeed } }) => [seed, evaluationSeed])).toEqual([
      [1, 0],
      [1, 1001],
      [2, 0],
      [2, 1001],
      [3, 0],
      [3, 1001],
    ]);
  });
});
