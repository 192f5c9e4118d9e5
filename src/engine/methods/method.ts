import type * as tf from '@tensorflow/tfjs';
import type { Configuration } from '../../configuration/schema.ts';
import type { TargetTask } from '../../data/dataset.ts';
import type { RandomStream } from '../../data/random.ts';
import type { SourceBatch } from '../model/nextItem.ts';
import type { Sequences } from '../model/nextitnet.ts';
import type { ParameterSpecification, Parameters } from '../model/parameters.ts';

/** What a method may know about the run it is part of. */
export interface MethodContext {
  readonly configuration: Configuration;
  readonly task: TargetTask;
  readonly sourceItems: number;
  /** Target items; of a profile task, its classes. */
  readonly targetItems: number;
  /** How often each target item occurs in the training instances. */
  readonly popularity: Float32Array;
}

/** Some users, and their source sequences in the same order. A batch's size is fixed: rows beyond its users only fill. */
export interface UserBatch {
  readonly sequences: Sequences;
  readonly users: Int32Array;
  /** What `Method.frozen` gives for the rows, one after the other, where the run has kept it. */
  readonly frozen?: Float32Array;
}

/** One fine-tuning batch. The first `instances` rows count, the rest only fill. */
export interface Batch extends UserBatch {
  /** Target items; of a profile task, classes. */
  readonly positives: Int32Array;
  /** One a row; all 0 in a profile task, which needs none. */
  readonly negatives: Int32Array;
  readonly instances: number;
  /** From 1. */
  readonly epoch: number;
  /** The run's own stream for a purpose in this epoch; asked for again, it goes on where it was. */
  readonly random: (purpose: string) => RandomStream;
  /** The next random batch of source sequences, for methods that go on learning the source domain. */
  readonly source: () => SourceBatch;
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
  readonly users: (parameters: Parameters, batch: UserBatch, gate: tf.Tensor | null, context: MethodContext) => tf.Tensor;
  /**
   * What `users` begins with and no step changes, such as the states that frozen blocks leave: [B, …], each row of its user
   * alone. Where a method says so, a run computes it once a user and hands it back in `UserBatch.frozen`. Null where that
   * would save next to nothing.
   */
  readonly frozen?: (context: MethodContext) => ((parameters: Parameters, batch: UserBatch) => tf.Tensor) | null;
  /** The loss of a batch, a scalar. */
  readonly loss: (parameters: Parameters, batch: Batch, context: MethodContext) => tf.Tensor;
  /**
   * The decisions at evaluation; absent for methods without a policy. They depend on each user alone, not on the batch.
   *
   * @param epoch that the parameters are of
   */
  readonly policy?: (parameters: Parameters, batch: UserBatch, context: MethodContext, epoch: number) => Policy;
  /** How many positions of a sequence, from the last, the policy depends on: none where gates are drawn. */
  readonly policySees?: (configuration: Configuration) => number;
}
