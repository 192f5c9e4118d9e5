import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { presetFor } from '../src/configuration/presets.ts';
import { complete } from '../src/configuration/schema.ts';
import { type Dataset, rowOf, type Scenario } from '../src/data/dataset.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../src/data/simulator.ts';
import { instanceValues, meanOf, metricOf } from '../src/engine/evaluation/metrics.ts';
import { recoveredKinds, type UserPolicies } from '../src/engine/evaluation/policies.ts';
import { openNodeBackend } from '../src/engine/node.ts';
import { taskOf } from '../src/engine/training/fineTuning.ts';
import type { Pretrained } from '../src/engine/training/pretraining.ts';
import { run } from '../src/engine/training/run.ts';
import { progressOf } from './progress.ts';
import { REFERENCE, REFERENCE_N, type ReferenceRow } from './scienceTable.ts';

/** What a ranker reaches that knows all the simulator knows: who wants which genre, and how popular each item is in it. */
function oracle(dataset: Dataset, scenario: Scenario): { hr: number; mrr: number } {
  const { test } = taskOf(dataset, presetFor('quick', { scenario, sourceItems: dataset.figures.sourceItems }));
  const part = (name: string) => name.split('-g')[1].split('-').map(Number) as [genre: number, rank: number];
  const targets = dataset.targetItems.map(part);
  const { noise, genres } = SIMULATOR_DEFAULTS;
  const ranks = Int32Array.from(test.user, (user, i) => {
    const items = Array.from(rowOf(dataset.source, user), (item) => dataset.sourceItems[item]);
    const genreItems = items.filter((name) => !name.startsWith('marker')).map(part);
    const [wanted] = dataset.attributes[0].codes[user] === 1 ? genreItems[0] : genreItems[genreItems.length - 1];
    const scores = Float32Array.from(
      targets,
      ([genre, rank]) => ((genre === wanted ? 1 - noise : 0) + noise / genres) / rank ** 1.1,
    );
    // The target stands last: equal scores count against it.
    return 1 + (test.negatives?.(i) ?? []).filter((item) => !(scores[item] < scores[test.item[i]])).length;
  });
  const value = (name: string) => meanOf(instanceValues({ sampled: ranks, all: ranks }, test.item, name, 'sampled') ?? []).value;
  return { hr: value('HR@5'), mrr: value('MRR@5') };
}

/** What was measured for one row of the table with one seed. */
interface Measurement {
  readonly hr: number;
  readonly hrError: number;
  readonly mrr: number;
  readonly mrrError: number;
  readonly steady: number;
  readonly nostalgic: number;
  readonly n: number;
  /** Mean I_l by kind, over all users, at the last epoch. */
  readonly policy: { readonly steady: readonly number[]; readonly nostalgic: readonly number[]; readonly auc: number } | null;
}

const RESULTS = 'docs/science.json';
const PAGE = 'docs/science.md';
const keyOf = (scenario: Scenario, { label }: ReferenceRow, seed: number) => `${scenario} / ${label} / ${seed}`;

/** Trains one row with one seed. The policy that is compared is the one of the last epoch, as in the table. */
async function measure(dataset: Dataset, scenario: Scenario, row: ReferenceRow, seed: number, models: Map<string, Pretrained>) {
  const preset = presetFor('quick', { scenario, sourceItems: dataset.figures.sourceItems });
  const configuration = complete(preset, { ...row.changes, method: row.method, seed });
  const store = {
    get: async (key: string) => models.get(`${scenario} ${seed} ${key}`),
    put: async (key: string, pretrained: Pretrained) => {
      models.set(`${scenario} ${seed} ${key}`, pretrained);
    },
  };
  let last: UserPolicies | null = null;
  const observer = progressOf(keyOf(scenario, row, seed));
  const { fineTuned, task } = await run(dataset, configuration, store, {
    ...observer,
    fineTuningEpoch: async (epoch, policies) => {
      last = policies;
      await observer.fineTuningEpoch(epoch, policies);
    },
  });
  const { test } = task;
  const { codes } = dataset.attributes[0];
  const hits = instanceValues(fineTuned.outcomes, test.item, 'HR@5', 'sampled') ?? new Float64Array();
  const ofKind = (kind: number) => meanOf(hits.filter((_, i) => codes[test.user[i]] === kind)).value;
  const value = (name: string) => metricOf(fineTuned.test, name, 'sampled') ?? { value: Number.NaN, error: Number.NaN };
  const measurement: Measurement = {
    hr: value('HR@5').value,
    hrError: value('HR@5').error,
    mrr: value('MRR@5').value,
    mrrError: value('MRR@5').error,
    steady: ofKind(0),
    nostalgic: ofKind(1),
    n: fineTuned.test.n,
    policy: last && policyByKind(last, codes),
  };
  return measurement;
}

function policyByKind(policies: UserPolicies, codes: Uint8Array): Measurement['policy'] {
  const { users, blocks, gate } = policies;
  const ofKind = (kind: number) =>
    Array.from(
      { length: blocks },
      (_, l) =>
        meanOf(
          Array.from(users, (_user, i) => i)
            .filter((i) => codes[users[i]] === kind)
            .map((i) => gate[i * blocks + l]),
        ).value,
    );
  const { auc } = recoveredKinds(
    users.length,
    blocks,
    (user, l) => gate[user * blocks + l],
    (user) => codes[users[user]],
  );
  return { steady: ofKind(0), nostalgic: ofKind(1), auc };
}

const mean = (values: readonly number[]) => meanOf(values).value;
const digits = (x: number) => x.toFixed(3).replace(/^0/, '');

/** Beyond so many standard errors of the difference a value is marked, and beyond this difference an AUC. */
const MARKED = 3;
const MARKED_AUC = 0.2;

/** Why a marked difference is there, by row; a marked one without words here is said to be unexplained. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  'hidden, UAF-RL, exploration .8':
    'the policy is the table’s ([0, 0] and [0, 1], AUC 1.00, in each seed). Nostalgic users do a little worse with it, and in MRR@5 the note above comes on top. The cause of the former was not found.',
  'hidden, UAF-Random':
    'HR@5 agrees within two standard errors, MRR@5 does not, by more than the note above. Gates drawn anew each epoch instead of once for each user are further away (.457 / .283, two seeds). Not explained.',
  'open, UAF-RL, exploration .8':
    'the policy ends with the second block fine-tuned for everybody (AUC .50), where the table’s tells the kinds apart; in which seeds it does so changes with the rounding of the engine. Why it collapses was not found.',
  'open, Finetune-Zero': 'HR@5 agrees within two standard errors; in MRR@5 the note above.',
};

function tableOf(scenario: Scenario, results: Readonly<Record<string, Measurement>>, seeds: readonly number[]): string[] {
  const lines = REFERENCE[scenario].flatMap((row) => {
    const measured = seeds.flatMap((seed) => results[keyOf(scenario, row, seed)] ?? []);
    if (measured.length === 0) return [];
    const of = (name: 'hr' | 'mrr' | 'steady' | 'nostalgic') => mean(measured.map((m) => m[name]));
    // Of the table: binomial for HR; for MRR the same share of the deviation as here.
    const error = (ours: number, reference: number) => Math.hypot(ours / Math.sqrt(measured.length), reference);
    const hrError = error(mean(measured.map((m) => m.hrError)), Math.sqrt((row.hr * (1 - row.hr)) / REFERENCE_N));
    const mrrError = error(mean(measured.map((m) => m.mrrError)), mean(measured.map((m) => m.mrrError)));
    const z = [(of('hr') - row.hr) / hrError, (of('mrr') - row.mrr) / mrrError];
    const policy = measured.flatMap((m) => m.policy ?? []);
    const isOtherPolicy = row.auc !== null && Math.abs(mean(policy.map((p) => p.auc)) - row.auc) > MARKED_AUC;
    const marked = isOtherPolicy || z.some((value) => Math.abs(value) > MARKED);
    const gates = (kind: 'steady' | 'nostalgic') =>
      `[${policy[0][kind].map((_, l) => mean(policy.map((p) => p[kind][l])).toFixed(2)).join(', ')}]`;
    const policies = policy.length === 0 ? '' : `${gates('steady')}, ${gates('nostalgic')}`;
    const auc = policy.length === 0 ? '' : policy.map((p) => p.auc.toFixed(2)).join(' / ');
    const reference = row.auc === null ? (row.method === 'uaf-random' ? 'chance' : '') : row.auc.toFixed(2);
    return [
      `| ${row.label} | ${measured.length} | ${digits(of('hr'))} / ${digits(of('mrr'))} | ${digits(row.hr)} / ${digits(row.mrr)} | ${z.map((value) => `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(1)}`).join(' / ')}${marked ? ' **!**' : ''} | ${digits(of('steady'))} / ${digits(of('nostalgic'))} | ${digits(row.steady)} / ${digits(row.nostalgic)} | ${policies} | ${auc} | ${reference} |`,
      ...(marked ? [{ explain: `${scenario}, ${row.label}` }] : []),
    ];
  });
  const best = seeds.map((seed) => oracle(simulate({ ...SIMULATOR_DEFAULTS, scenario, seed }), scenario));
  const known = `| *knows kinds, genres and weights* | ${seeds.length} | ${digits(mean(best.map(({ hr }) => hr)))} / ${digits(mean(best.map(({ mrr }) => mrr)))} |  |  |  |  |  |  |  |`;
  const rows = lines.filter((line): line is string => typeof line === 'string');
  const notes = lines.flatMap((line) => (typeof line === 'string' ? [] : [line.explain]));
  return [
    `## \`${scenario}\``,
    '',
    '| method | seeds | HR@5 / MRR@5 | table | difference, in standard errors | steady / nostalgic HR@5 | table | gates: steady, nostalgic | AUC, by seed | table |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    known,
    '',
    ...notes.map((name) => `- ${name}: ${EXPLANATIONS[name] ?? 'not explained yet.'}`),
    ...(notes.length === 0 ? ['No difference is beyond three standard errors.'] : []),
    '',
  ];
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1,2,3' }, fresh: { type: 'boolean' } } });
  const seeds = values.seeds.split(',').map(Number);
  const backend = await openNodeBackend('wasm', availableParallelism() > 1 ? 2 : 1);
  const results: Record<string, Measurement> =
    existsSync(RESULTS) && !values.fresh ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {};
  const models = new Map<string, Pretrained>();
  for (const seed of seeds) {
    for (const scenario of ['hidden', 'open'] as const) {
      // Another seed is another draw of users, too: the table has its own.
      const dataset = simulate({ ...SIMULATOR_DEFAULTS, scenario, seed });
      for (const row of REFERENCE[scenario]) {
        const key = keyOf(scenario, row, seed);
        if (results[key] !== undefined) continue;
        results[key] = await measure(dataset, scenario, row, seed, models);
        await writeFile(RESULTS, `${JSON.stringify(results, null, 1)}\n`);
      }
    }
  }
  const measured = Object.values(results);
  const page = [
    '# Beside the independent implementation',
    '',
    `Written by \`npm run check:science\`: both scenarios of the simulator, preset \`quick\`, seeds ${seeds.join(', ')}, backend ${backend.name} (${backend.adapter}), N = ${measured[0].n.toLocaleString('en')} test instances, 100 candidates. “table”: the independent implementation, one seed, N = 1,200.`,
    '',
    `Each seed has its own draw of the dataset. Standard errors are over test instances, of the difference of two independent samples; all rows of the table share one draw, so that what is peculiar to it shows in all of them alike. **!** marks differences beyond ${MARKED}, and policies whose mean AUC is more than ${MARKED_AUC} from the table’s. Gates: mean I of each block, over all users of a kind, at the last epoch. AUC: of the number of fine-tuned blocks, or of the best single block, against the kind.`,
    '',
    'Where nothing is marked HR@5 agrees with the table, while MRR@5 is a little below it in nearly every row, in both scenarios. The last row of each table says how far one can get: a ranker that knows all the simulator knows. On `hidden` the table’s UAF-Hard has a higher MRR@5 (.496, standard error .012) than this one, at a lower HR@5: rather a matter of the table’s own draw of the data than of training. The golden case `ranking` and MRR@5 on real data ([measured.md](measured.md)) agree. What differs was not found.',
    '',
    ...tableOf('hidden', results, seeds),
    ...tableOf('open', results, seeds),
  ];
  await writeFile(PAGE, `${page.join('\n').trimEnd()}\n`);
  console.log(page.join('\n'));
}

await main();
