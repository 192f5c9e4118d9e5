import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { describeMethod } from '../src/configuration/methods.ts';
import { type DatasetTraits, presetFor } from '../src/configuration/presets.ts';
import { type Configuration, complete, nest } from '../src/configuration/schema.ts';
import type { Dataset, Scenario } from '../src/data/dataset.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../src/data/simulator.ts';
import { recoveredKinds, type UserPolicies } from '../src/engine/evaluation/policies.ts';
import { type PolicyEffects, policyEffects, type Resemblance, resemblance } from '../src/engine/inspection/effects.ts';
import { openModel } from '../src/engine/inspection/inspect.ts';
import { openNodeBackend } from '../src/engine/node.ts';
import { run } from '../src/engine/training/run.ts';
import { UsageError } from './errors.ts';
import { openDataset } from './files.ts';
import { modelStore } from './models.ts';
import { parseOptions } from './options.ts';
import { progressOf } from './progress.ts';

/**
 * Whether per-user policies matter (`npm run check:policies`): on both scenarios of the simulator, written to `docs/policies.md`; or, with the
 * data and run options of `npm run experiment`, on any data, as a table on the terminal.
 */
const PAGE = 'docs/policies.md';
const METHODS = ['uaf-hard', 'uaf-soft', 'uaf-rl'] as const;
const SCENARIOS: readonly Scenario[] = ['hidden', 'open'];
const SEEDS = [1, 2, 3];

interface Measured {
  readonly data: string;
  readonly method: string;
  readonly seed: number;
  readonly effects: PolicyEffects;
  readonly resemblance: Resemblance;
  /** Of the planted kind; null where none is planted. */
  readonly auc: number | null;
  readonly distinct: number;
  readonly collapsed: boolean;
}

/** All methods with a policy, and Finetune-CLS beside them, with one seed. */
async function measure(
  data: string,
  dataset: Dataset,
  seed: number,
  configurationOf: (method: string) => Configuration,
): Promise<Measured[]> {
  const store = modelStore();
  const train = (method: string) => run(dataset, configurationOf(method), store, progressOf(`${data} / ${method} / ${seed}`));
  const cls = await train('finetune-cls');
  if ('predicted' in cls.fineTuned.outcomes) throw new UsageError('A profile task has no ranks to measure resemblance by.');
  const ranks = cls.fineTuned.outcomes.sampled;
  const measured: Measured[] = [];
  for (const method of METHODS) {
    const { fineTuned } = await train(method);
    const { policies, policy, parameters, bestEpoch } = fineTuned;
    if (policies === null || policy === null) throw new Error(`${method} has a policy`);
    const finished = openModel(dataset, configurationOf(method), parameters, bestEpoch);
    const effects = await policyEffects(finished, Number.POSITIVE_INFINITY, { turn: async () => {}, share: () => {} });
    tf.dispose(finished.model.parameters);
    const placeOf = new Map(Array.from(policies.users, (user, place) => [user, place]));
    measured.push({
      data,
      method,
      seed,
      effects,
      resemblance: resemblance(policies, (user) => placeOf.get(user), cls.task.test.user, ranks),
      auc: dataset.origin.kind === 'simulated' ? plantedAuc(policies, dataset.attributes[0].codes) : null,
      distinct: policy.distinct,
      collapsed: policy.collapsed,
    });
  }
  return measured;
}

const plantedAuc = ({ users, blocks, gate }: UserPolicies, codes: Uint8Array): number =>
  recoveredKinds(
    users.length,
    blocks,
    (place, block) => gate[place * blocks + block],
    (place) => codes[users[place]],
  ).auc;

const digits = (x: number, places = 3) =>
  x
    .toFixed(places)
    .replace(/^(-?)0\./, '$1.')
    .replace('-', '−');
const chance = (p: number | null) => (p === null ? '–' : p < 0.001 ? '< .001' : digits(p));

function lineOf({ data, method, seed, effects, resemblance: { correlation }, auc, distinct, collapsed }: Measured): string {
  const cells = effects.rows.map(({ gates, metrics: [{ measured, test }] }) =>
    gates === 'own'
      ? `${digits(measured.value)} ± ${digits(measured.error)}`
      : `${digits(measured.value)} (${test !== null && test.effect > 0 ? '+' : ''}${digits(test?.effect ?? 0)}${gates === 'hindsight' ? '' : `, ${chance(test?.p ?? null)}`})`,
  );
  const rho = correlation.rho === null ? '–' : `${digits(correlation.rho, 2)} (${chance(correlation.p)})`;
  const words = collapsed ? 'the same for everyone' : `${distinct} policies`;
  return `| ${data} | ${describeMethod(method).label} | ${seed} | ${words}${auc === null ? '' : `, AUC ${digits(auc, 2)}`} | ${Math.round(100 * effects.changedByShuffling)} % | ${cells.join(' | ')} | ${rho} |`;
}

const tableOf = (measured: readonly Measured[]): string[] => {
  const [{ effects }] = measured;
  return [
    `HR@5 of the test instances (N = ${effects.rows[0].n.toLocaleString('en')}, of ${effects.users.toLocaleString('en')} users; ${effects.candidates} candidates) under each user’s own policy, and under other gates; in brackets the difference to the own policy and its p, paired over instances, those of one user counted as a group; a dash where not one instance differs. *changed*: users to whom shuffling gives other gates than their own (Soft rounded at ½). *in hindsight*: the best hard policy, or the own one, chosen for each user by their test targets: an upper bound that looks at the answers, so that its p would say nothing. ρ: Spearman’s correlation, over users, between blocks that stay frozen and how well Finetune-CLS ranks the user’s targets (mean reciprocal rank). *AUC*: of the number of fine-tuned blocks, or of the best single block, against the planted kind.`,
    '',
    '| data | method | seed | policies | changed | own | opposite | shuffled | all frozen | all fine-tuned | in hindsight | ρ (p) |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...measured.map(lineOf),
  ];
};

/** On the data that the options name. */
async function onData(words: readonly string[]): Promise<void> {
  const options = parseOptions(words);
  if (options === 'help' || options.kind === 'merge' || options.data.length > 1)
    throw new UsageError('The options are those of npm run experiment, on one dataset.');
  const { preset, changes, seeds } = options.experiment;
  const configurationOf = (traits: DatasetTraits, method: string, seed: number) =>
    complete(presetFor(preset, traits), nest({ ...changes, method, seed }));
  const unknown = { scenario: null, sourceItems: 0 };
  const { dataset } = await openDataset(options.data[0], configurationOf(unknown, METHODS[0], seeds[0]).dataset);
  const traits = { scenario: null, sourceItems: dataset.figures.sourceItems };
  await openNodeBackend(options.backend, options.threads);
  const measured: Measured[] = [];
  for (const seed of seeds) {
    measured.push(...(await measure(dataset.name, dataset, seed, (method) => configurationOf(traits, method, seed))));
  }
  console.log(tableOf(measured).join('\n'));
}

/** On the simulator: the page. */
async function onSimulator(): Promise<void> {
  const backend = await openNodeBackend('wasm', availableParallelism() > 1 ? 2 : 1);
  const measured: Measured[] = [];
  for (const scenario of SCENARIOS) {
    for (const seed of SEEDS) {
      const dataset = simulate({ ...SIMULATOR_DEFAULTS, scenario, seed });
      const preset = presetFor('quick', { scenario, sourceItems: dataset.figures.sourceItems });
      measured.push(...(await measure(scenario, dataset, seed, (method) => complete(preset, { method, seed }))));
    }
  }
  const page = [
    '# Does the policy matter?',
    '',
    `Written by \`npm run check:policies\`: both scenarios of the simulator, preset \`quick\`, seeds ${SEEDS.join(', ')} (each its own draw of the dataset), backend ${backend.name} (${backend.adapter}), at the best epoch. With \`-- --source FILE --target FILE\` and the other options of \`npm run experiment\` it does the same on any data.`,
    '',
    ...tableOf(measured),
    '',
  ];
  await writeFile(PAGE, page.join('\n'));
  console.log(page.join('\n'));
}

const words = process.argv.slice(2);
await (words.length > 0 ? onData(words) : onSimulator());
