import { describeMethod } from '../../configuration/methods.ts';
import type { Configuration, Value } from '../../configuration/schema.ts';

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
