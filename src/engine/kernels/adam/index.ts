import * as tf from '@tensorflow/tfjs';
import { heapOf } from '../heap.ts';
import { type Operation, run } from '../operation.ts';

/** Adam's constants, with the step's own bias corrections folded into `rate` and `correction`. */
interface Step {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** learning rate / (1 − β₁ᵗ) */
  readonly rate: number;
  /** 1 / √(1 − β₂ᵗ) */
  readonly correction: number;
}

/**
 * One bias-corrected Adam step of one tensor: parameter, first and second moment → the three after it. What is handed in is
 * not to be used any more: it may have been written over.
 */
const adam: Operation<Step> = {
  name: 'AdamStep',
  reference: ({ parameter, gradient, first, second }, { beta1, beta2, epsilon, rate, correction }) => {
    const m = tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1));
    const v = tf.add(tf.mul(second, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const step = tf.div(tf.mul(m, rate), tf.add(tf.mul(tf.sqrt(v), correction), epsilon));
    return [tf.sub(parameter, step), m, v];
  },
  // In place, in one pass: the tensors handed in come back.
  wasm: ({ parameter, gradient, first, second }, { beta1, beta2, epsilon, rate, correction }, backend) => {
    const heap = heapOf(backend);
    const addresses = [parameter, gradient, first, second].map((tensor) => heap.at(tensor));
    heap.kernels.adam(...addresses, parameter.size, beta1, beta2, 1 - beta1, 1 - beta2, epsilon, rate, correction);
    return [parameter, first, second].map((tensor) => tf.clone(tensor));
  },
};

export const operations = [adam];

/** Adam's constants as the paper sets them. */
const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** A tensor that is trained, with Adam's moments. Shapes are all the same. */
export interface AdamState {
  readonly parameter: tf.Tensor;
  readonly first: tf.Tensor;
  readonly second: tf.Tensor;
}

/** Step number `step` (from 1) of Adam with bias correction (Kingma and Ba, 2015, Algorithm 1). */
export function adamStep(state: AdamState, gradient: tf.Tensor, learningRate: number, step: number): AdamState {
  const [parameter, first, second] = run(
    adam,
    { parameter: state.parameter, gradient, first: state.first, second: state.second },
    {
      beta1: BETA_1,
      beta2: BETA_2,
      epsilon: EPSILON,
      rate: learningRate / (1 - BETA_1 ** step),
      correction: 1 / Math.sqrt(1 - BETA_2 ** step),
    },
  );
  return { parameter, first, second };
}
