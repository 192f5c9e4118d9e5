import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { describeMethod } from '../src/configuration/methods.ts';
import { presetFor } from '../src/configuration/presets.ts';
import { complete } from '../src/configuration/schema.ts';
import type { Dataset, Scenario } from '../src/data/dataset.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../src/data/simulator.ts';
import { recoveredKinds } from '../src/engine/evaluation/policies.ts';
import { type PolicyEffects, policyEffects, type Resemblance, resemblance } from '../src/engine/inspection/effects.ts';
import { openModel } from '../src/engine/inspection/inspect.ts';
import { openNodeBackend } from '../src/engine/node.ts';
import type { Pretrained } from '../src/engine/training/pretraining.ts';
import { run } from '../src/engine/training/run.ts';
import { progressOf } from './progress.ts';

/** Whether per-user policies matter on the simulator: writes `docs/policies.md` (`npm run check:policies`). */
const PAGE = 'docs/policies.md';
const METHODS = ['uaf-hard', 'uaf-soft', 'uaf-rl'] as const;
const SCENARIOS: readonly Scenario[] = ['hidden', 'open'];

interface Measured {
  readonly scenario: Scenario;
  readonly method: string;
  readonly seed: number;
  readonly effects: PolicyEffects;
  readonly resemblance: Resemblance;
  readonly auc: number;
  readonly distinct: number;
  readonly collapsed: boolean;
}

async function measure(dataset: Dataset, scenario: Scenario, seed: number): Promise<Measured[]> {
  const models = new Map<string, Pretrained>();
  const store = {
    get: async (key: string) => models.get(key),
    put: async (key: string, pretrained: Pretrained) => {
      models.set(key, pretrained);
    },
  };
  const preset = presetFor('quick', { scenario, sourceItems: dataset.figures.sourceItems });
  const train = (method: string) => {
    const configuration = complete(preset, { method, seed });
    return run(dataset, configuration, store, progressOf(`${scenario} / ${method} / ${seed}`));
  };
  const cls = await train('finetune-cls');
  const ranks = 'predicted' in cls.fineTuned.outcomes ? new Int32Array() : cls.fineTuned.outcomes.sampled;
  const measured: Measured[] = [];
  for (const method of METHODS) {
    const { fineTuned } = await train(method);
    const { policies, policy, parameters, bestEpoch } = fineTuned;
    if (policies === null || policy === null) throw new Error(`${method} has a policy`);
    const finished = openModel(dataset, complete(preset, { method, seed }), parameters, bestEpoch);
    const effects = await policyEffects(finished, Number.POSITIVE_INFINITY, { turn: async () => {}, share: () => {} });
    tf.dispose(finished.model.parameters);
    const placeOf = new Map(Array.from(policies.users, (user, place) => [user, place]));
    const { codes } = dataset.attributes[0];
    const { auc } = recoveredKinds(
      policies.users.length,
      policies.blocks,
      (place, block) => policies.gate[place * policies.blocks + block],
      (place) => codes[policies.users[place]],
    );
    measured.push({
      scenario,
      method,
      seed,
      effects,
      resemblance: resemblance(policies, (user) => placeOf.get(user), cls.task.test.user, ranks),
      auc,
      distinct: policy.distinct,
      collapsed: policy.collapsed,
    });
  }
  return measured;
}

const digits = (x: number, places = 3) =>
  x
    .toFixed(places)
    .replace(/^(-?)0\./, '$1.')
    .replace('-', '−');
const chance = (p: number | null) => (p === null ? '–' : p < 0.001 ? '< .001' : digits(p));

function lineOf({ scenario, method, seed, effects, resemblance: { correlation }, auc, distinct, collapsed }: Measured): string {
  const cells = effects.rows.map(({ gates, metrics: [{ measured, test }] }) =>
    gates === 'own'
      ? `${digits(measured.value)} ± ${digits(measured.error)}`
      : `${digits(measured.value)} (${test !== null && test.effect > 0 ? '+' : ''}${digits(test?.effect ?? 0)}${gates === 'hindsight' ? '' : `, ${chance(test?.p ?? null)}`})`,
  );
  const rho = correlation.rho === null ? '–' : `${digits(correlation.rho, 2)} (${chance(correlation.p)})`;
  const words = collapsed ? 'the same for everyone' : `${distinct} policies`;
  return `| ${scenario} | ${describeMethod(method).label} | ${seed} | ${words}, AUC ${digits(auc, 2)} | ${Math.round(100 * effects.changedByShuffling)} % | ${cells.join(' | ')} | ${rho} |`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1,2,3' } } });
  const seeds = values.seeds.split(',').map(Number);
  const backend = await openNodeBackend('wasm', availableParallelism() > 1 ? 2 : 1);
  const measured: Measured[] = [];
  for (const scenario of SCENARIOS) {
    for (const seed of seeds)
      measured.push(...(await measure(simulate({ ...SIMULATOR_DEFAULTS, scenario, seed }), scenario, seed)));
  }
  const [first] = measured;
  const page = [
    '# Does the policy matter?',
    '',
    `Written by \`npm run check:policies\`: both scenarios of the simulator, preset \`quick\`, seeds ${seeds.join(', ')} (each its own draw of the dataset), backend ${backend.name} (${backend.adapter}), at the best epoch.`,
    '',
    `HR@5 of the test instances (N = ${first.effects.rows[0].n.toLocaleString('en')}, of ${first.effects.users.toLocaleString('en')} users; ${first.effects.candidates} candidates) under each user’s own policy, and under other gates; in brackets the difference to the own policy and its p, paired over instances, those of one user counted as a group; a dash where not one instance differs. *AUC*: of the number of fine-tuned blocks, or of the best single block, against the planted kind. *changed*: users to whom shuffling gives other gates than their own (Soft rounded at ½). *in hindsight*: the best hard policy, or the own one, chosen for each user by their test targets: an upper bound that looks at the answers, so that its p would say nothing. ρ: Spearman’s correlation, over users, between blocks that stay frozen and how well Finetune-CLS ranks the user’s targets (mean reciprocal rank).`,
    '',
    '| scenario | method | seed | policies | changed | own | opposite | shuffled | all frozen | all fine-tuned | in hindsight | ρ (p) |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...measured.map(lineOf),
    '',
  ];
  await writeFile(PAGE, page.join('\n'));
  console.log(page.join('\n'));
}

await main();
