import { POLICY_DILATIONS } from './receptiveField.ts';
import type { Configuration } from './schema.ts';

/** How many values each part of the model has; of a block, one of them. */
export interface ParameterCounts {
  readonly itemEmbedding: number;
  readonly block: number;
  /** The softmax over the next item, which pre-training alone has. */
  readonly output: number;
  readonly target: number;
  readonly policyEmbedding: number;
  /** Both blocks of the policy network. */
  readonly policyBlocks: number;
  readonly policyOutput: number;
}

/**
 * Counted from the configuration alone, without making a tensor.
 *
 * @param logitsPerBlock of the policy network: a pair (freeze, fine-tune) for Hard and RL, one for Soft
 */
export function parameterCounts(
  { channels, kernelSize, dilations, targetBias }: Pick<Configuration, 'channels' | 'kernelSize' | 'dilations' | 'targetBias'>,
  { sourceItems, targetItems }: { readonly sourceItems: number; readonly targetItems: number },
  logitsPerBlock: 1 | 2 = 2,
): ParameterCounts {
  // Twice: kernel and bias of a convolution, gain and bias of a norm.
  const block = 2 * (kernelSize * channels * channels + 3 * channels);
  const linear = (outputs: number, bias = true) => outputs * channels + (bias ? outputs : 0);
  // Item 0 is padding, which has a row in the tables and a class in the softmax.
  const itemEmbedding = (sourceItems + 1) * channels;
  return {
    itemEmbedding,
    block,
    output: linear(sourceItems + 1),
    target: linear(targetItems, targetBias),
    policyEmbedding: itemEmbedding,
    policyBlocks: POLICY_DILATIONS.length * block,
    policyOutput: linear(logitsPerBlock * dilations.length),
  };
}
