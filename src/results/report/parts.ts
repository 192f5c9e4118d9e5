import { describeMethod } from '../../configuration/methods.ts';
import { parameterWords, writeValue } from '../../configuration/parameters.ts';
import { PRESETS, type PresetName } from '../../configuration/presets.ts';
import { differences, flatten, type Value } from '../../configuration/schema.ts';
import { filterWords } from '../../data/filterWords.ts';
import type { DatasetReport } from '../../engine/training/report.ts';
import { seedsWarning } from '../claims/seedsWarning.ts';
import type { Verdict } from '../claims.ts';
import { counted, difference, thousands } from '../digits.ts';
import { distinct, groupedBy } from '../lists.ts';
import { element, type Markup } from '../markup.ts';
import { byDataset, isFinished, type ResultRun } from '../run.ts';
import { tableMarkup } from '../tables/html.ts';
import { pCell, text, whole } from '../tables/measured.ts';
import { withoutOnlyDataset } from '../tables/onlyDataset.ts';
import type { TableModel } from '../tables/table.ts';

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
      `${counted(runs.length, 'run')}, ${thousands(finished)} finished: ${counted(methods.length, 'method')} (${methods.join(', ')}) on ${counted(byDataset(runs).size, 'dataset')}, with ${counted(seeds.length, 'seed')} (${seeds.join(', ')}).`,
    ),
    experiments.length > 0 &&
      element('p', {}, `Of ${experiments.length === 1 ? 'the experiment' : 'the experiments'} “${experiments.join('”, “')}”.`),
    element('p', { class: 'dim' }, `Made ${date.toISOString().slice(0, 16).replace('T', ' ')} UTC by UAF Studio.`),
  );
}

/** Where the data are from; how large they are is in Table 1. */
export function datasetPart(runs: readonly ResultRun[]): Markup {
  const datasets = Array.from(byDataset(runs).values(), ([{ dataset }]) => dataset);
  return section(
    'Data',
    element(
      'ul',
      {},
      datasets.map((dataset) =>
        element(
          'li',
          {},
          `${originWords(dataset)} Hash of its contents: `,
          element('code', { title: dataset.hash }, short(dataset.hash)),
          '.',
        ),
      ),
    ),
    element('p', {}, 'Sizes are in Table 1, above. Equal data have equal hashes.'),
  );
}

function originWords({ name, origin, filters }: DatasetReport): string {
  if (origin.kind === 'simulated') return `${name}: simulated, scenario “${origin.scenario}”, seed ${origin.seed}.`;
  return [`${name}: from ${origin.files.join(', ')}.`, ...filterWords(filters)].join(' ');
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
  const tests = verdicts.flatMap(({ tests: own }, place) => own.map((test) => ({ claim: place + 1, ...test })));
  const warning = seedsWarning(verdicts);
  return section(
    'The paper’s claims',
    warning === null ? null : element('p', {}, warning),
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
      : folded({
          id: 'claims',
          title: 'The tests behind the claims',
          columns: [
            { title: 'claim', align: 'left' },
            { title: 'dataset', align: 'left' },
            { title: 'first', align: 'left' },
            { title: 'second', align: 'left' },
            { title: 'metric', align: 'left' },
            { title: 'first − second', align: 'right' },
            { title: 'p', align: 'right' },
            { title: 'p of the answer, corrected', align: 'right' },
            { title: 'N', align: 'right' },
            { title: 'seeds', align: 'right' },
          ],
          rows: tests.map(({ claim, dataset, first, second, metric, seeds, test, corrected }) => ({
            cells: [
              whole(claim),
              text(dataset),
              text(first),
              text(second),
              text(metric),
              { text: difference(test.effect, test.standardError), value: test.effect },
              pCell(test.p),
              pCell(corrected),
              whole(test.n),
              whole(seeds),
            ],
          })),
          notes: [
            'The difference ± its standard error, over test instances and seeds as far as the words above do not say otherwise. p is two-sided, of no difference, and not corrected.',
            'Corrected is what the answer is by: p for what the claim asks, or against it, whichever is smaller, after Holm’s correction over the claim’s tests on all datasets. For a claim of “within ±.01” it is of lying within, or beyond.',
          ],
        }),
  );
}

const folded = (table: TableModel): Markup =>
  element('details', {}, element('summary', {}, table.title), tableMarkup(withoutOnlyDataset(table)));

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

/** What differs from the presets: first in all runs, then in those of the same settings but for method and seed. */
export function configurationPart(runs: readonly ResultRun[]): Markup | null {
  if (runs.length === 0) return null;
  const groups = Array.from(
    groupedBy(runs, ({ preset, report: { configuration } }) => {
      const { method: _method, seed: _seed, ...rest } = configuration;
      return JSON.stringify([preset, rest]);
    }).values(),
    (own) => ({ own, preset: own[0].preset, changed: changesOf(own[0]) }),
  );
  const presets = distinct(groups.map(({ preset }) => preset));
  const [{ changed: first }] = groups;
  const isCommon = ([key, value]: readonly [string, Value]) =>
    groups.every(({ changed }) => JSON.stringify(changed[key]) === JSON.stringify(value));
  const common = Object.entries(first).filter(isCommon);
  const wordsOf = (entries: readonly (readonly [string, Value])[]) =>
    entries.map(([key, value]) => parameterWords(key, value)).join(', ');
  const isOne = groups.length === 1;
  return section(
    'Settings',
    element(
      'p',
      {},
      presets.map(presetWords).join(' '),
      common.length > 0 ? ` All runs differ from ${presets.length === 1 ? 'it' : 'these'} in: ${wordsOf(common)}.` : '',
      isOne && common.length === 0 && presets[0] in PRESETS ? ' Nothing is changed.' : '',
    ),
    isOne
      ? null
      : element(
          'ul',
          {},
          groups.map(({ own, preset, changed }) => {
            const rest = Object.entries(changed).filter((entry) => !isCommon(entry));
            const said = [...(presets.length > 1 ? [`preset ${preset}`] : []), ...(rest.length > 0 ? [wordsOf(rest)] : [])];
            return element(
              'li',
              {},
              `${said.length === 0 ? 'nothing else' : said.join(', ')}: ${counted(own.length, 'run')} (${methodsOf(own)})`,
            );
          }),
        ),
    element(
      'details',
      {},
      element('summary', {}, isOne ? 'The whole configuration' : 'The whole configurations'),
      groups.map(({ own }, i) => [
        isOne ? null : element('h3', {}, `${i + 1} of ${groups.length}: ${counted(own.length, 'run')} (${methodsOf(own)})`),
        element(
          'pre',
          {},
          Object.entries(flatten(own[0].report.configuration))
            .filter(([key]) => key !== 'method' && key !== 'seed')
            .map(([key, value]) => `${key} = ${writeValue(value)}`)
            .join('\n'),
        ),
      ]),
    ),
  );
}

const methodsOf = (runs: readonly ResultRun[]): string =>
  distinct(runs.map(({ report }) => describeMethod(report.method).label)).join(', ');

const presetWords = (preset: string): string =>
  preset in PRESETS ? `Preset ${preset}.` : `Preset ${preset}, which this version does not know.`;

/** Of a preset that is not known nothing. */
function changesOf({ preset, report: { configuration } }: ResultRun): Record<string, Value> {
  if (!(preset in PRESETS)) return {};
  const { method: _method, seed: _seed, ...changed } = differences(configuration, PRESETS[preset as PresetName]);
  return changed;
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
        element('li', {}, `${word} (${counted(words.filter((other) => other === word).length, 'run')}).`),
      ),
    ),
  );
}
