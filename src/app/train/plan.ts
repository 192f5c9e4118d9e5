import { type Configuration, complete, nest, type Value } from '../../configuration/schema.ts';
import { type Axis, parseAxis, trials } from '../../configuration/search.ts';
import { configuredSettings } from '../../data/dataset.ts';
import { randomStream } from '../../data/random.ts';
import type { DatasetRow } from '../../storage/database.ts';
import { asError } from '../shared/asError.ts';
import type { SearchDraft } from './SearchFields.tsx';

/** What is asked for on the Train page. */
interface Wish {
  readonly preset: Configuration;
  readonly changes: Readonly<Record<string, Value>>;
  readonly methods: readonly string[];
  readonly seeds: readonly number[] | null;
  readonly search: SearchDraft;
}

/** The runs that come of it, or what is wrong with it. */
export interface Plan {
  readonly configurations: readonly Configuration[];
  /** Trials of each method that is trained; null without a search. */
  readonly trials: number | null;
  readonly problem: string | null;
  /** What one should know, though it is possible. */
  readonly warnings: readonly string[];
}

/** Seed by seed, so that the methods that share a pre-trained model follow each other; a search takes the first seed alone. */
export function plan({ preset, changes, methods, seeds, search }: Wish, dataset: DatasetRow): Plan {
  const failed = (problem: string): Plan => ({ configurations: [], trials: null, problem, warnings: [] });
  if (seeds === null) return failed('Seeds are whole numbers with commas between them.');
  if (methods.length === 0) return failed('Choose at least one method.');
  try {
    const base = complete(complete(preset, nest(changes)), { dataset: configuredSettings(dataset.settings) });
    if (base.dataset.split === 'latest' && !dataset.timed)
      return failed('The split “latest” needs interactions with a time; this dataset has none.');
    const axes = axesOf(search, base);
    if (axes.length === 0) {
      const configurations = seeds.flatMap((seed) => methods.map((method) => complete(base, { method, seed })));
      return { configurations, trials: null, problem: null, warnings: warningsFor(base, dataset, methods) };
    }
    const searches = methods.map((method) => {
      const start = complete(base, { method, seed: seeds[0] });
      return trialsOf(axes, search, start).map((trial) => complete(start, nest(trial)));
    });
    return {
      configurations: searches.flat(),
      trials: Math.max(...searches.map((own) => own.length)),
      problem: null,
      warnings: warningsFor(base, dataset, methods),
    };
  } catch (error) {
    return failed(asError(error).message);
  }
}

function axesOf({ axes }: SearchDraft, base: Configuration): Axis[] {
  const lines = axes.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => parseAxis(line, base));
}

const trialsOf = (axes: readonly Axis[], { mode, budget }: SearchDraft, { method, seed }: Configuration) =>
  method === 'most-popular' ? [{}] : trials(axes, mode, budget, randomStream(seed, 'search', method).uniform);

/** What one should know of runs with this configuration, whatever their method is, on a dataset. */
export function warningsFor(
  { fineTuning, dataset: { split }, warmupEpochs, sequenceLength }: Configuration,
  dataset: DatasetRow,
  methods: readonly string[],
) {
  const warnings: string[] = [];
  if (fineTuning.selectOn === 'test')
    warnings.push('The best epoch is chosen on the test instances, as in the released code: the results are too good.');
  if (split === 'random' && dataset.timed && dataset.task === 'ranking')
    warnings.push(
      'The random split is the paper’s, but it leaks the future: a user’s later interactions train while earlier ones test. “latest” does not.',
    );
  if (methods.some((id) => id.startsWith('uaf-rl')) && warmupEpochs >= fineTuning.epochs)
    warnings.push('UAF-RL never leaves its warm-up: it has as many warm-up epochs as epochs, and trains as UAF-Hard does.');
  const { sourceInteractions, sourceUsers } = dataset.figures;
  const mean = sourceInteractions / sourceUsers;
  if (mean > sequenceLength && methods.some((id) => id !== 'most-popular'))
    warnings.push(
      `The model sees the newest n = ${sequenceLength} source items of a user; here a user has ${mean.toFixed(1).replace('.0', '')} on average. A larger n sees more of them.`,
    );
  return warnings;
}
