import { describeMethod } from '../../configuration/methods.ts';
import { statusWord } from '../shared/statusWord.ts';
import type { KnownRun } from './knownRuns.ts';

/** What the table is narrowed to; null shows all. */
export interface RunFilter {
  readonly method: string | null;
  readonly dataset: number | null;
  readonly status: string | null;
  readonly experiment: number | null;
  /** Words, all of which have to occur somewhere in what is known of a run. */
  readonly text: string;
}

/** The runs that fit a filter, in their order. */
export function filtered(runs: readonly KnownRun[], { method, dataset, status, experiment, text }: RunFilter): KnownRun[] {
  const wanted = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return runs.filter(
    ({ run, words }) =>
      (method === null || run.configuration.method === method) &&
      (dataset === null || run.datasetId === dataset) &&
      (status === null || run.status === status) &&
      (experiment === null || run.experimentId === experiment) &&
      wanted.every((word) => words.includes(word)),
  );
}

/** A choice of a filter: its value as it stands in the address, and its words. */
interface FilterChoice {
  readonly value: string;
  readonly label: string;
}

/** What can be chosen, with what a link asks for and no run has: else it could not be seen, and not be taken back. */
export const withAsked = (choices: readonly FilterChoice[], asked: string | null): readonly FilterChoice[] =>
  asked === null || choices.some(({ value }) => value === asked)
    ? choices
    : [...choices, { value: asked, label: `${asked} (no runs)` }];

/** What occurs among some runs, to be filtered by. */
export function filterChoices(
  runs: readonly KnownRun[],
): Readonly<Record<'method' | 'dataset' | 'status' | 'experiment', FilterChoice[]>> {
  const collect = (of: (known: KnownRun) => FilterChoice | null) => {
    const choices = new Map<string, FilterChoice>();
    for (const known of runs) {
      const choice = of(known);
      if (choice !== null) choices.set(choice.value, choice);
    }
    return Array.from(choices.values()).sort((a, b) => a.label.localeCompare(b.label));
  };
  return {
    method: collect(({ run: { configuration } }) => ({
      value: configuration.method,
      label: describeMethod(configuration.method).label,
    })),
    dataset: collect(({ run }) => ({ value: String(run.datasetId), label: run.datasetName })),
    status: collect(({ run: { status } }) => ({ value: status, label: statusWord(status) })),
    experiment: collect(({ run: { experimentId }, experiment }) =>
      experimentId === null ? null : { value: String(experimentId), label: experiment ?? '' },
    ),
  };
}
