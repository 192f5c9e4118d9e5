import { describeMethod } from '../../configuration/methods.ts';
import { PRESETS, type PresetName } from '../../configuration/presets.ts';
import { differences, flatten, type Value } from '../../configuration/schema.ts';
import type { DatasetReport } from '../../engine/training/report.ts';
import type { Verdict } from '../claims.ts';
import { element, type Markup } from '../markup.ts';
import { byDataset, isFinished, type ResultRun } from '../run.ts';
import { tableMarkup } from '../tables/html.ts';
import type { Cell } from '../tables/table.ts';

const count = (value: number): string => value.toLocaleString('en');
const plural = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
const distinct = <T>(values: readonly T[]): T[] => Array.from(new Set(values));
const number = (value: number): Cell => ({ text: count(value), value });
const writeValue = (value: Value): string => (Array.isArray(value) ? `[${value.join(', ')}]` : String(value));
/** Enough of a hash to tell data apart. */
const short = (hash: string): string => hash.slice(0, 12);

const section = (title: string, ...content: readonly (Markup | null | readonly Markup[])[]): Markup =>
  element('section', {}, element('h2', {}, title), content);

export function summaryPart(runs: readonly ResultRun[], date: Date): Markup {
  const finished = runs.filter(isFinished).length;
  const methods = distinct(runs.map(({ report }) => describeMethod(report.method).label));
  const seeds = distinct(runs.map(({ report }) => report.seed)).sort((a, b) => a - b);
  const experiments = distinct(runs.flatMap(({ experiment }) => experiment ?? []));
  return element(
    'div',
    {},
    element(
      'p',
      {},
      'Cross-domain recommendation with user-specific adaptive fine-tuning: a network is pre-trained on what users did in a source domain, and fine-tuned for the target domain in several ways.',
    ),
    element(
      'p',
      {},
      `${plural(runs.length, 'run')}, ${count(finished)} finished: ${plural(methods.length, 'method')} (${methods.join(', ')}) on ${plural(byDataset(runs).size, 'dataset')}, with ${plural(seeds.length, 'seed')} (${seeds.join(', ')}).`,
    ),
    experiments.length > 0 &&
      element('p', {}, `Of ${experiments.length === 1 ? 'the experiment' : 'the experiments'} “${experiments.join('”, “')}”.`),
    element('p', { class: 'dim' }, `Made ${date.toISOString().slice(0, 16).replace('T', ' ')} UTC by UAF Studio.`),
  );
}

/** Table 1's figures. */
export function datasetPart(runs: readonly ResultRun[]): Markup {
  const datasets = Array.from(byDataset(runs).values(), ([{ dataset }]) => dataset);
  const column = (group: string, title: string) => ({ group, title, align: 'right' as const });
  return section(
    'Data',
    tableMarkup({
      id: 'datasets',
      title: 'Datasets',
      columns: [
        { title: 'dataset', align: 'left' },
        column('source', 'users'),
        column('source', 'items'),
        column('source', 'interactions'),
        column('target', 'users'),
        column('target', datasets.every(({ task }) => task === 'profile') ? 'classes' : 'items'),
        column('target', 'instances'),
        column('instances for', 'training'),
        column('instances for', 'validation'),
        column('instances for', 'test'),
        { title: 'hash', align: 'left' },
      ],
      rows: datasets.map((dataset) => ({
        cells: [
          { text: dataset.name },
          number(dataset.sourceUsers),
          number(dataset.sourceItems),
          number(dataset.sourceInteractions),
          number(dataset.targetUsers),
          number(dataset.targetItems),
          number(dataset.instances),
          number(dataset.train),
          number(dataset.validation),
          number(dataset.test),
          { text: short(dataset.hash), title: dataset.hash },
        ],
      })),
      notes: ['The hash is of a dataset’s contents: equal data have equal ones.', ...datasets.map(originWords)],
    }),
  );
}

function originWords({ name, origin }: DatasetReport): string {
  if (origin.kind === 'simulated') return `${name}: simulated, scenario “${origin.scenario}”, seed ${origin.seed}.`;
  return `${name}: from ${origin.files.join(', ')}.`;
}

/** How it was split, trained and measured, in words; null without runs. */
export function protocolPart(runs: readonly ResultRun[]): Markup | null {
  if (runs.length === 0) return null;
  const configurations = runs.map(({ report }) => report.configuration);
  const all = <T>(of: (configuration: (typeof configurations)[number]) => T): T[] => distinct(configurations.map(of));
  const candidates = distinct(runs.filter(({ dataset }) => dataset.task === 'ranking').map(({ dataset }) => dataset.candidates));
  const fractions = all(({ fineTuning }) => fineTuning.trainingFraction).filter((fraction) => fraction < 1);
  const seeds = all(({ seed }) => seed).sort((a, b) => a - b);
  const sentences = [
    `Split: ${all(({ dataset }) => dataset.split).join(' or ')}, from seed ${all(({ dataset }) => dataset.splitSeed).join(' or ')}; all methods and seeds share it.`,
    ...(candidates.length === 0
      ? []
      : [
          `A target is ranked among ${candidates.join(' or ')} candidates (itself and others drawn once, the same for all runs), and among all items; tables say which. Equal scores count against the target.`,
        ]),
    ...(runs.some(({ dataset }) => dataset.task === 'profile')
      ? ['Of profiles the class is predicted: accuracy, and F1 as the mean over the classes.']
      : []),
    `The best epoch is chosen on ${all(({ fineTuning }) => fineTuning.selectOn).join(' or ')}; the test instances are read at that epoch.`,
    ...(fractions.length === 0
      ? []
      : [`Some runs train on a part of the training instances: ${fractions.map((f) => `${100 * f} %`).join(', ')}.`]),
    `Seeds of training: ${seeds.join(', ')}.`,
  ];
  return section(
    'Protocol',
    sentences.map((sentence) => element('p', {}, sentence)),
  );
}

export function claimsPart(verdicts: readonly Verdict[]): Markup | null {
  if (verdicts.length === 0) return null;
  const tests = verdicts.flatMap(({ claim, tests: own }) => own.map((test) => ({ claim, ...test })));
  return section(
    'The paper’s claims',
    element(
      'ol',
      {},
      verdicts.map(({ claim, answer, words }) =>
        element(
          'li',
          {},
          claim.statement,
          element('span', { class: 'dim' }, ` (${claim.source}) `),
          element('span', { class: 'answer' }, `${answer[0].toUpperCase()}${answer.slice(1)}.`),
          ' ',
          words,
        ),
      ),
    ),
    tests.length === 0
      ? null
      : tableMarkup({
          id: 'claims',
          title: 'The tests behind them',
          columns: [
            { title: 'dataset', align: 'left' },
            { title: 'first', align: 'left' },
            { title: 'second', align: 'left' },
            { title: 'metric', align: 'left' },
            { title: 'first − second', align: 'right' },
            { title: 'standard error', align: 'right' },
            { title: 'p', align: 'right' },
            { title: 'N', align: 'right' },
            { title: 'seeds', align: 'right' },
          ],
          rows: tests.map(({ dataset, first, second, metric, seeds, test }) => ({
            cells: [
              { text: dataset },
              { text: describeMethod(first).label },
              { text: describeMethod(second).label },
              { text: metric },
              { text: withSign(test.effect), value: test.effect },
              { text: test.standardError.toFixed(4), value: test.standardError },
              test.p === null ? { text: 'not defined' } : { text: test.p < 0.001 ? '< .001' : test.p.toFixed(3), value: test.p },
              number(test.n),
              number(seeds),
            ],
          })),
          notes: [],
        }),
  );
}

const withSign = (effect: number): string => `${effect < 0 ? '−' : '+'}${Math.abs(effect).toFixed(4)}`;

export function failuresPart(runs: readonly ResultRun[]): Markup | null {
  const failed = runs.filter((run) => !isFinished(run));
  if (failed.length === 0) return null;
  return section(
    'Runs that failed',
    element(
      'ul',
      {},
      failed.map(({ dataset, report }) =>
        element(
          'li',
          {},
          `${describeMethod(report.method).label}, seed ${report.seed}, on ${dataset.name}: ${report.error ?? 'no reason known'}`,
        ),
      ),
    ),
  );
}

/** Runs of the same settings but for method and seed, told by what differs from their preset. */
export function configurationPart(runs: readonly ResultRun[]): Markup {
  const groups = new Map<string, ResultRun[]>();
  for (const run of runs) {
    const { method: _method, seed: _seed, ...rest } = run.report.configuration;
    const key = JSON.stringify([run.preset, rest]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return section(
    'Configuration',
    Array.from(groups.values(), (own, i) =>
      settingsOf(own, groups.size === 1 ? 'All runs' : `Settings ${i + 1} of ${groups.size}`),
    ),
  );
}

function settingsOf(runs: readonly ResultRun[], title: string): Markup {
  const [{ preset, report }] = runs;
  const base = preset in PRESETS ? PRESETS[preset as PresetName] : null;
  const { method: _method, seed: _seed, ...changed } = base === null ? {} : differences(report.configuration, base);
  const words = Object.entries(changed).map(([key, value]) => `${key} = ${writeValue(value)}`);
  const methods = distinct(runs.map((run) => describeMethod(run.report.method).label));
  return element(
    'div',
    {},
    element('h3', {}, `${title}: ${plural(runs.length, 'run')} (${methods.join(', ')})`),
    element(
      'p',
      {},
      base === null
        ? `Preset ${preset}, which this version does not know.`
        : `Preset ${preset}${words.length === 0 ? ', unchanged.' : ', with '}`,
      words.length > 0 && element('code', {}, words.join(', ')),
    ),
    element(
      'details',
      {},
      element('summary', {}, 'The whole configuration'),
      element(
        'pre',
        {},
        Object.entries(flatten(report.configuration))
          .filter(([key]) => key !== 'method' && key !== 'seed')
          .map(([key, value]) => `${key} = ${writeValue(value)}`)
          .join('\n'),
      ),
    ),
  );
}

export function environmentPart(runs: readonly ResultRun[]): Markup {
  const words = runs.map(
    ({ environment: { backend, adapter, softwareAdapter, variant, studio, platform } }) =>
      `Backend ${backend}${adapter === '' ? '' : ` on ${adapter}`}${softwareAdapter ? ' (a software adapter)' : ''}, kernels ${variant || 'not known'}; UAF Studio ${studio}; ${platform}`,
  );
  return section(
    'Environment',
    element(
      'ul',
      {},
      distinct(words).map((word) =>
        element('li', {}, `${word} (${plural(words.filter((other) => other === word).length, 'run')}).`),
      ),
    ),
  );
}
