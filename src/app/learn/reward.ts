import type { Configuration } from '../../configuration/schema.ts';

/**
 * The reward of UAF-RL for a policy that fine-tunes `tuned` of `blocks` blocks. `paper` (Eq. 13): 1 − (share fine-tuned)²
 * where the recommendation is right, else −γ. `released`: 1 − γ (share frozen)² where it is right, else −γ.
 */
export function rewardOf(
  tuned: number,
  blocks: number,
  right: boolean,
  gamma: number,
  form: Configuration['rewardForm'],
): number {
  if (!right) return -gamma;
  const share = tuned / blocks;
  return form === 'paper' ? 1 - share ** 2 : 1 - gamma * (1 - share) ** 2;
}
