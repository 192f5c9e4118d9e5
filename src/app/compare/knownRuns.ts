import { describeMethod } from '../../configuration/methods.ts';
import { writeValue } from '../../configuration/parameters.ts';
import { PRESET_NAMES, presetFor } from '../../configuration/presets.ts';
import { type Configuration, complete, type Value } from '../../configuration/schema.ts';
import type { RunRow, StudioDatabase } from '../../storage/database.ts';
import { differingAmong, flatOf } from '../shared/differing.ts';

/** A run with what the table wants to know of it again and again. */
export interface KnownRun {
  readonly run: RunRow;
  readonly flat: Readonly<Record<string, Value>>;
  /** What it differs from its preset in. */
  readonly changes: string;
  /** Of the experiment that it is a run of. */
  readonly experiment: string | null;
  /** All that a search may find it by, in small letters. */
  readonly words: string;
}

/** Runs that are read at a time: what is read of one portion takes the main thread some milliseconds. */
const PORTION = 100;

/**
 * All runs, read in portions, so that the page answers between them. A run of which nothing changed that the page shows is the same
 * as before, and so are all if none did: a run that is pre-trained is written at each epoch, and nothing has to be drawn for that.
 *
 * @param before what was known when they were read last
 */
export async function knownRuns(database: StudioDatabase, before: readonly KnownRun[]): Promise<readonly KnownRun[]> {
  const earlier = new Map(before.map((one) => [one.run.id, one]));
  const experiments = new Map((await database.experiments.toArray()).map(({ id, experiment }) => [id, experiment.name]));
  const bases = new Map<string, Configuration>();
  const known: KnownRun[] = [];
  for (;;) {
    const after = known.at(-1)?.run.id ?? 0;
    const rows = await database.runs.where('id').above(after).limit(PORTION).toArray();
    for (const run of rows) {
      const experiment =
        run.experimentId === null ? null : (experiments.get(run.experimentId) ?? `experiment ${run.experimentId}`);
      const same = earlier.get(run.id);
      known.push(same !== undefined && isSame(same, run, experiment) ? same : knownRun(run, experiment, bases));
    }
    if (rows.length < PORTION) {
      const isAsBefore = known.length === before.length && known.every((one, i) => one === before[i]);
      return isAsBefore ? before : known;
    }
  }
}

/** Whether nothing changed that the page shows: all but the course of its pre-training, and its place in the queue. */
const isSame = ({ run, experiment }: KnownRun, now: RunRow, experimentNow: string | null): boolean =>
  experiment === experimentNow && shownOf(run) === shownOf(now);

const shownOf = ({ pretraining: _pretraining, position: _position, ...shown }: RunRow): string => JSON.stringify(shown);

/** @param bases the presets that were looked up already: completing one takes longer than all else */
export function knownRun(run: RunRow, experiment: string | null, bases: Map<string, Configuration>): KnownRun {
  const { configuration, datasetName, preset, status, backend, search, error } = run;
  const flat = flatOf(configuration);
  const base = baseOf(run, bases);
  const changes = differingAmong([configuration, base])
    .filter((key) => key !== 'method' && key !== 'seed')
    .map((key) => `${key} ${writeValue(flat[key])}`)
    .join(', ');
  const { label } = describeMethod(configuration.method);
  const ids = `#${run.id} seed ${configuration.seed}`;
  const words = [
    ids,
    label,
    configuration.method,
    datasetName,
    preset,
    status,
    backend?.name,
    search,
    experiment,
    error?.message,
    changes,
  ];
  return { run, flat, changes, experiment, words: words.filter(Boolean).join(' ').toLowerCase() };
}

/** The preset of a run as it applies to its dataset, whose own filters are no choice of the run. */
function baseOf({ preset, scenario, sourceItems, configuration }: RunRow, bases: Map<string, Configuration>): Configuration {
  const { minimumTargetItemCount, maximumTargetsPerUser } = configuration.dataset;
  const key = JSON.stringify([preset, scenario, sourceItems, minimumTargetItemCount, maximumTargetsPerUser]);
  const found = bases.get(key);
  if (found !== undefined) return found;
  const name = PRESET_NAMES.find((known) => known === preset) ?? 'paper';
  const base = complete(presetFor(name, { scenario, sourceItems }), {
    dataset: { minimumTargetItemCount, maximumTargetsPerUser },
  });
  bases.set(key, base);
  return base;
}
