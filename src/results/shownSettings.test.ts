import { expect, it } from 'vitest';
import { conditionsOf, variantOf } from './conditions.ts';
import { settingsNotes, shownSettings } from './shownSettings.ts';
import { resultRun } from './testing.ts';

const run = (method: string, changes: Record<string, unknown> = {}) => resultRun(method, 1, [1, 9], { changes });
const shown = (runs: Parameters<typeof conditionsOf>[0], methods: readonly string[]) => {
  const conditions = conditionsOf(runs);
  const variants = methods.flatMap((method) => variantOf(conditions[0], method) ?? []);
  return [{ name: 'd', condition: conditions[0], variants }, conditions] as const;
};

it('says nothing where there is one setting only', () => {
  const [part, conditions] = shown([run('uaf-hard'), run('finetune-all')], ['uaf-hard', 'finetune-all']);
  expect(settingsNotes([part], conditions)).toEqual([]);
});

it('says what is shown of several settings, wherever else they are', () => {
  const runs = [run('uaf-hard'), run('uaf-hard', { temperature: 1 }), run('uaf-hard', { 'fineTuning.batchSize': 8 })];
  const [part, conditions] = shown(runs, ['uaf-hard']);
  expect(shownSettings([part], conditions)).toEqual([
    'There are runs with several settings; shown here: temperature τ 10, batch size B 64.',
  ]);
  expect(settingsNotes([part], conditions)[1]).toContain('nearest to the preset');
  const all = { ...part, variants: part.condition.variants };
  expect(shownSettings([all], conditions)[0]).toMatch(/shown here: batch size B 64\.$/);
});

it('names methods where they differ, and keeps a tenth of the data apart', () => {
  const runs = [
    run('uaf-hard'),
    run('uaf-hard', { temperature: 1 }),
    run('uaf-hard', { 'fineTuning.trainingFraction': 0.1 }),
    run('uaf-rl', { temperature: 5 }),
    run('uaf-rl', { temperature: 5, rewardGamma: 0.5 }),
  ];
  const [part, conditions] = shown(runs, ['uaf-hard', 'uaf-rl']);
  expect(shownSettings([part], conditions)).toEqual([
    'There are runs with several settings; shown here: temperature τ 10, penalty γ 1.',
  ]);
});
