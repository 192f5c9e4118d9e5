import { shownText } from '../data/shownName.ts';
import type { Experiment } from '../experiments/experiment.ts';
import type { StudioDatabase } from './database.ts';

/** Fields with names that users, or strangers, wrote, and that stand in sentences. Of a list each element. */
const NAMES = {
  datasets: [['name'], ['origin', 'files'], ['notes']],
  runs: [['datasetName'], ['search'], ['elsewhere', 'experiment'], ['result', 'classes']],
  experiments: [
    ['experiment', 'name'],
    ['experiment', 'variants', 'name'],
  ],
} as const;

/**
 * Rows come out of the database with names that cannot turn the words around them: in one place for all pages and workers, and also
 * for rows that earlier versions stored.
 */
export function showNames(database: StudioDatabase): void {
  for (const table of ['datasets', 'runs', 'experiments'] as const) {
    const show = (row: unknown) => NAMES[table].reduce<unknown>(shownAt, row);
    database.table(table).hook('reading', show);
  }
}

/** An experiment from a file or link as it comes out of the database. */
export const shownExperiment = (experiment: Experiment): Experiment => ({
  ...experiment,
  name: shownText(experiment.name),
  variants: experiment.variants.map((variant) => ({ ...variant, name: shownText(variant.name) })),
});

/** The same value with the names at a place in it as they are shown; itself where they are. What is damaged stays as it is. */
function shownAt(value: unknown, place: readonly string[]): unknown {
  if (Array.isArray(value)) {
    const shown = value.map((each: unknown) => shownAt(each, place));
    return shown.some((each, i) => each !== value[i]) ? shown : value;
  }
  if (place.length === 0) return typeof value === 'string' ? shownText(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const [field, ...rest] = place;
  const before: unknown = Reflect.get(value, field);
  const after = shownAt(before, rest);
  return after === before ? value : { ...value, [field]: after };
}
