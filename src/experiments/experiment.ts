import * as z from 'zod/mini';
import { issueWords } from '../configuration/issue.ts';
import { isMethod } from '../configuration/methods.ts';
import { PRESET_NAMES, type PresetName } from '../configuration/presets.ts';
import { type Configuration, ConfigurationError, complete, flatten, nest, type Value } from '../configuration/schema.ts';
import { withoutUnread } from './unread.ts';

export const EXPERIMENT_VERSION = 1;

/** Beyond so many runs something was mistyped. */
const MOST_RUNS = 10_000;

const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.number())]);

/** As configurations have them: with a point at most. */
const key = z.string().check(z.regex(/^[a-zA-Z]+(\.[a-zA-Z]+)?$/));
const changes = z.record(key, value);

const experimentSchema = z.strictObject({
  version: z.literal(EXPERIMENT_VERSION),
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  /** The template that it was begun with; null for one of its own. */
  question: z.nullable(z.string()),
  preset: z.enum(PRESET_NAMES as [PresetName, ...PresetName[]]),
  /** What differs from the preset in all runs, by flat keys. */
  changes,
  methods: z.array(z.string()).check(z.minLength(1)),
  seeds: z.array(z.int().check(z.gte(0), z.lte(0xffffffff))).check(z.minLength(1)),
  /** Keys with all the values they take: every combination is run. */
  grid: z.array(z.strictObject({ key, values: z.array(value).check(z.minLength(1)) })),
  /** Sets of changes, one after the other; an empty list is one set without changes. `methods`: of these alone. */
  variants: z.array(z.strictObject({ name: z.string(), changes, methods: z.nullable(z.array(z.string())) })),
});

/**
 * What is to be run, apart from the data: methods × seeds × combinations of the grid × variants. A file of it is what
 * `npm run experiment -- --experiment` reads, and what a share link carries.
 */
export type Experiment = z.infer<typeof experimentSchema>;

/** One run of an experiment. */
export interface PlannedRun {
  /** Different for each run, the same whenever and wherever it is planned: names files. */
  readonly id: string;
  readonly configuration: Configuration;
}

/** A file or link that is no experiment. */
export class ExperimentError extends Error {
  override name = 'ExperimentError';
}

/** An experiment from outside, checked. @throws ExperimentError naming the field and what was expected */
export function readExperiment(written: unknown): Experiment {
  const parsed = experimentSchema.safeParse(written);
  if (parsed.success) return parsed.data;
  throw new ExperimentError(`This is no experiment: ${issueWords(parsed.error.issues[0])}.`);
}

/** Whether it is complete, so that `readExperiment` would take it: one that is being planned may lack a name or methods. */
export const isExperiment = (experiment: Experiment): boolean => experimentSchema.safeParse(experiment).success;

/** Methods × seeds × combinations of the grid × variants, before those that come to the same are left out. */
export const combinationsOf = ({ methods, seeds, grid, variants }: Omit<Experiment, 'name'>): number =>
  grid.reduce((count, { values }) => count * values.length, methods.length * seeds.length * Math.max(1, variants.length));

/**
 * The runs of an experiment on one dataset, seed by seed, so that what shares a pre-trained model follows each other. Settings that
 * a method does not read stay as they are in the preset, and runs that would be the same are there once.
 *
 * @param preset as it applies to the dataset, with the dataset's own filters
 * @throws ConfigurationError for an unknown key, method or value, settings that contradict each other, or no run at all
 */
export const plannedRuns = (experiment: Omit<Experiment, 'name'>, preset: Configuration): PlannedRun[] =>
  Array.from(planningRuns(experiment, preset));

/** `plannedRuns` one by one, for a page that has something else to do in between. */
export function* planningRuns(experiment: Omit<Experiment, 'name'>, preset: Configuration): Generator<PlannedRun, void> {
  const { changes, methods, seeds, grid, variants } = experiment;
  // A link may ask for more than could ever be listed.
  if (combinationsOf(experiment) > MOST_RUNS)
    throw new ConfigurationError(`These are more than ${MOST_RUNS.toLocaleString('en')} runs.`);
  const strange = methods.find((id) => !isMethod(id));
  if (strange !== undefined) throw new ConfigurationError(`There is no method “${strange}”.`);
  const keys = [changes, ...variants.map((variant) => variant.changes)].flatMap(Object.keys);
  const listed = [...keys, ...grid.map(({ key }) => key)].find((name) => name === 'method' || name === 'seed');
  if (listed !== undefined) throw new ConfigurationError(`“${listed}” has a list of its own: “${listed}s”.`);
  const base = complete(preset, nest(changes));
  const cells = combinations(grid);
  const planned = new Set<string>();
  for (const seed of seeds) {
    for (const variant of variants.length === 0 ? [{ changes: {}, methods: null }] : variants) {
      for (const cell of cells) {
        for (const method of methods) {
          if (variant.methods !== null && !variant.methods.includes(method)) continue;
          const own = { ...variant.changes, ...cell };
          const configuration = withoutUnread(complete(base, nest({ ...own, method, seed })), base);
          const id = idOf(method, seed, own, base, configuration);
          if (planned.has(id)) continue;
          planned.add(id);
          yield { id, configuration };
        }
      }
    }
  }
  if (planned.size === 0) throw new ConfigurationError('There is nothing to run: no variant is of one of the methods.');
}

/** `uaf-rl-1`, and where the run differs from the others also in what: `uaf-rl-1-rewardGamma=0.5`. */
function idOf(method: string, seed: number, own: Record<string, Value>, base: Configuration, run: Configuration): string {
  const [before, now] = [flatten(base), flatten(run)];
  const keys = Object.keys(own).filter((key) => JSON.stringify(now[key]) !== JSON.stringify(before[key]));
  const words = keys.sort().map((key) => `${key}=${[now[key]].flat().join('_')}`);
  return [method, seed, ...words].join('-');
}

function combinations(grid: Experiment['grid']): Record<string, Value>[] {
  return grid.reduce<Record<string, Value>[]>(
    (cells, { key, values }) => cells.flatMap((cell) => values.map((value) => ({ ...cell, [key]: value }))),
    [{}],
  );
}
