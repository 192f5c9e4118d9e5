import { randomStream } from '../../data/random.ts';

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** What became of many draws of one gate. */
export interface GateDraws {
  /** The relaxed gate of each draw, σ((difference + noise) / τ), 0 to 1. */
  readonly relaxed: Float64Array;
  /** The share of draws whose hard gate is 1: fine-tuned. */
  readonly fineTuned: number;
  /** The straight-through gradient of a draw, s (1 − s) / τ with s the relaxed gate; the mean over the draws. */
  readonly gradient: number;
}

/**
 * Draws one gate many times, as UAF-Hard does in training (Eqs. 9-10). The noise depends on the seed alone, so that moving
 * `difference` or `temperature` moves the same draws.
 *
 * @param difference log π(fine-tune) − log π(freeze)
 * @param temperature τ, above 0
 */
export function drawGates(difference: number, temperature: number, draws: number, seed: number): GateDraws {
  const { uniform } = randomStream(seed, 'learn/gumbel');
  const gumbel = () => -Math.log(-Math.log(uniform()));
  const relaxed = new Float64Array(draws);
  let ones = 0;
  let gradient = 0;
  for (let i = 0; i < draws; i++) {
    const freeze = gumbel();
    const noisy = difference + gumbel() - freeze;
    const soft = sigmoid(noisy / temperature);
    relaxed[i] = soft;
    gradient += (soft * (1 - soft)) / temperature;
    if (noisy > 0) ones++;
  }
  return { relaxed, fineTuned: ones / draws, gradient: gradient / draws };
}

/** How many values lie in each of `bins` equal parts of 0 to 1. */
export function histogram(values: Float64Array, bins: number): number[] {
  const counts = Array<number>(bins).fill(0);
  for (const value of values) counts[Math.min(bins - 1, Math.floor(value * bins))]++;
  return counts;
}
