import { describeMethod } from '../../configuration/methods.ts';
import { type Configuration, differences, type Value } from '../../configuration/schema.ts';
import type { RunRow } from '../../storage/database.ts';
import { count } from '../format.ts';
import { changed } from '../train/asked.ts';

/** Something to try where everybody is treated alike. */
export interface Suggestion {
  readonly words: string;
  /** Why it may help. */
  readonly why: string;
  readonly changes: Readonly<Record<string, Value>>;
}

/** The paper's temperature: with 1 the gates are sure of themselves at once, and learn nothing more. */
const PAPER_TEMPERATURE = 10;
const EXPLORATION = 0.8;

/** What may keep the policy of such a run from collapsing. A soft gate knows neither temperature nor exploration. */
export function suggestionsFor({ method, temperature, exploration, gateLogits, fineTuning }: Configuration): Suggestion[] {
  // A coin decides: there is nothing to be learned.
  if (method === 'uaf-random') return [];
  const suggestions: Suggestion[] = [];
  if (describeMethod(method).policy === 'hard') {
    const next = temperature < PAPER_TEMPERATURE ? PAPER_TEMPERATURE : 2 * temperature;
    suggestions.push({
      words: `temperature τ ${next} in place of ${temperature}`,
      why: 'the gates stay unsure for longer, so that a gradient is left to learn from.',
      changes: { temperature: next },
    });
    // Probabilities are mixed, which these logits do not have.
    if (exploration === 1 && gateLogits === 'log-softmax') {
      suggestions.push({
        words: `exploration α ${EXPLORATION} in place of 1`,
        why: 'the block that is not preferred is taken now and then, so that both stay trained.',
        changes: { exploration: EXPLORATION },
      });
    }
  }
  const rate = Number((fineTuning.learningRate / 3).toPrecision(2));
  suggestions.push({
    words: `learning rate ${rate} in place of ${fineTuning.learningRate}`,
    why: 'the policy network is not pushed to one side in the first steps.',
    changes: { 'fineTuning.learningRate': rate },
  });
  if (fineTuning.trainingFraction < 1) {
    suggestions.push({
      words: `all training data in place of ${(100 * fineTuning.trainingFraction).toFixed(0)} %`,
      why: 'with few instances a difference between users cannot be told from chance.',
      changes: { 'fineTuning.trainingFraction': 1 },
    });
  }
  return suggestions;
}

/**
 * The run that tried a suggestion: on the same dataset, with the same configuration. A finished one before one that goes on.
 * Null where there is none, or none that came or will come to its end.
 *
 * @param runs all; of the finished ones only those that may be looked at
 */
export function triedAs(run: RunRow, { changes }: Suggestion, runs: readonly RunRow[]): RunRow | null {
  const wanted = changed(run, changes);
  const same = runs.filter(
    ({ datasetId, configuration }) => datasetId === run.datasetId && Object.keys(differences(configuration, wanted)).length === 0,
  );
  return (
    same.findLast(({ status }) => status === 'finished') ??
    same.findLast(({ status }) => ['running', 'paused', 'queued'].includes(status)) ??
    null
  );
}

/** What became of a run that was tried. */
export function triedWords({ id, status, result }: RunRow): string {
  if (status === 'queued') return `Queued as run ${id}`;
  if (status !== 'finished') return `Running as run ${id}`;
  if (!result?.policy) return `Finished as run ${id}`;
  return `Finished as run ${id}: ${result.policy.collapsed ? 'still the same for everyone' : policiesWords(result.policy.distinct)}`;
}

export const policiesWords = (distinct: number): string => `${count(distinct)} ${distinct === 1 ? 'policy' : 'policies'}`;

/** Other runs on the same dataset whose policies differ between users, newest first. A coin tells nobody apart. */
export const separatedOn = (run: RunRow, runs: readonly RunRow[]): RunRow[] =>
  runs
    .filter(
      ({ id, datasetId, configuration, result }) =>
        id !== run.id &&
        datasetId === run.datasetId &&
        configuration.method !== 'uaf-random' &&
        result?.policy?.collapsed === false,
    )
    .toReversed();
