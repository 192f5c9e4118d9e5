import type * as tf from '@tensorflow/tfjs';
import type { Configuration } from '../../configuration/schema.ts';
import type { Sequences } from '../model/nextitnet.ts';
import type { ParameterSpecification, Parameters } from '../model/parameters.ts';

/** What a method may know about the run it is part of. */
export interface MethodContext {
  readonly configuration: Configuration;
  readonly sourceItems: number;
  readonly targetItems: number;
  /** How often each target item occurs in the training instances. */
  readonly popularity: Float32Array;
}

/** One fine-tuning batch. Its size is fixed; `instances` rows, from the first, count, and the rest only fill. */
export interface Batch {
  readonly sequences: Sequences;
  readonly positives: Int32Array;
  readonly negatives: Int32Array;
  readonly instances: number;
  /** Uniform numbers in (0, 1) for Gumbel noise, from the run's own stream. */
  readonly noise: (count: number) => Float32Array;
}

/** The decisions of a policy network at evaluation, [B, N] each. */
export interface Policy {
  /** I_l: 1 takes the fine-tuned block, 0 the frozen one; between them for UAF-Soft. */
  readonly gate: tf.Tensor;
  /** The probability of fine-tuning; the same as the gate for UAF-Soft. */
  readonly probability: tf.Tensor;
}

/** How a method fine-tunes. One object a method, in `registry.ts`; nothing else in the studio knows methods one by one. */
export interface Method {
  /** As configuration and reports write it: `uaf-hard`. Its name and words stand in `configuration/methods.ts`. */
  readonly id: string;
  /** What it starts from. `counts` needs no training at all. */
  readonly start: 'pretrained' | 'random' | 'counts';
  readonly parameters: (context: MethodContext) => ParameterSpecification[];
  readonly isTrained: (name: string, context: MethodContext) => boolean;
  /** The user vectors [B, k]; `gate` [B, N] for methods that have a policy, else null. */
  readonly users: (parameters: Parameters, sequences: Sequences, gate: tf.Tensor | null, context: MethodContext) => tf.Tensor;
  /** The loss of a batch, a scalar. */
  readonly loss: (parameters: Parameters, batch: Batch, context: MethodContext) => tf.Tensor;
  /** The gates [B, N] of a training batch; absent for methods without a policy. */
  readonly trainingGate?: (parameters: Parameters, batch: Batch, context: MethodContext) => tf.Tensor;
  /** The decisions at evaluation; absent for methods without a policy. */
  readonly policy?: (parameters: Parameters, sequences: Sequences, context: MethodContext) => Policy;
}
