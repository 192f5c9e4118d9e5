import * as tf from '@tensorflow/tfjs';
import { registerKernels } from '../src/engine/kernels/index.ts';
import { rank } from '../src/engine/kernels/rank/index.ts';
import { methodOf } from '../src/engine/methods/registry.ts';
import { nextItemLoss } from '../src/engine/model/nextItem.ts';
import { Optimiser } from '../src/engine/training/optimiser.ts';
import type { Case } from './cases.ts';

export interface Step {
  /** Of an evaluation: the mean rank. */
  readonly loss: number;
  readonly milliseconds: number;
}

/** Something that does the steps of a case. */
export interface Runner {
  /** One step; resolves when all of its work is done. */
  readonly step: () => Promise<Step>;
  readonly dispose: () => void | Promise<void>;
}

/** The kernels of tfjs as they come, with what wasm lacks; or as fast as they can be made without writing any. */
export type Stock = 'tfjs' | 'tfjs-tuned';

/**
 * The studio's engine on tfjs's current backend: with its own kernels, or with its reference, which is composed of stock
 * operations.
 */
export function engineRunner(implementation: 'studio' | Stock, of: Case): Runner {
  const { task, parameters, isTrained, configuration, context, batch, sampled } = of;
  const method = methodOf(configuration.method);
  chooseKernels(implementation);
  const optimiser = new Optimiser(parameters, isTrained, configuration.fineTuning.learningRate);
  const training = (): tf.Scalar =>
    optimiser.step((current) => {
      if (!task.startsWith('pre-training')) return method.loss(current, batch, context);
      const { items, rows } = batch.sequences;
      return nextItemLoss(current, { items, rows, counted: rows, sampled }, configuration);
    });
  const evaluation = (): tf.Tensor =>
    tf.tidy(() => {
      const { 'target.weight': weight, 'target.bias': bias } = optimiser.parameters;
      const users = method.users(optimiser.parameters, batch, null, context);
      return tf.mean(rank(users, weight, bias, { rows: batch.users, targets: batch.positives, negatives: batch.negatives }).all);
    });
  return {
    step: async () => {
      chooseKernels(implementation);
      const started = performance.now();
      const result = task === 'evaluation' ? evaluation() : training();
      const [loss] = await result.data();
      const milliseconds = performance.now() - started;
      result.dispose();
      return { loss, milliseconds };
    },
    dispose: () => optimiser.dispose(),
  };
}

/** The choice in force, and the backend that it was made for. */
let chosen = '';

function chooseKernels(implementation: 'studio' | Stock): void {
  const backend = tf.getBackend();
  const choice = `${implementation} on ${backend}`;
  if (choice === chosen) return;
  chosen = choice;
  // All anew: the one before may have put a kernel of its own into the reference.
  registerKernels('best');
  if (implementation !== 'studio') registerKernels('reference');
  if (backend === 'webgpu') {
    // Split-K for the kernel gradients; without, 48 workgroups sum 12,800 rows. -1 is what tfjs does by itself.
    tf.env().set('WEBGPU_THRESHOLD_TO_INCREASE_WORKGROUPS_FOR_MATMUL', implementation === 'tfjs-tuned' ? 64 : -1);
  }
  if (backend === 'wasm' && implementation !== 'studio') completeWasm(implementation);
}

/** What tfjs's wasm backend lacks; and, tuned, products in the one form that it hands to XNNPACK. */
function completeWasm(implementation: Stock): void {
  if (tf.getKernel('UnsortedSegmentSum', 'wasm') === undefined) {
    tf.registerKernel({
      kernelName: 'UnsortedSegmentSum',
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs }) => {
        const { x, segmentIds } = inputs as Record<string, tf.Tensor>;
        const rows = Number(attrs?.numSegments);
        const width = x.shape[1] as number;
        const [values, ids] = [x.dataSync(), segmentIds.dataSync()];
        const sums = new Float32Array(rows * width);
        for (let i = 0; i < ids.length; i++) {
          for (let c = 0; c < width; c++) sums[ids[i] * width + c] += values[i * width + c];
        }
        return tf.tensor2d(sums, [rows, width]);
      },
    });
  }
  if (implementation === 'tfjs') return;
  tf.unregisterKernel('Product', 'wasm');
  tf.registerKernel({
    kernelName: 'Product',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() => {
        const [a, b] = [inputs.a, inputs.b] as tf.Tensor2D[];
        return tf.matMul(attrs?.transposeA ? tf.transpose(a) : a, attrs?.transposeB ? tf.transpose(b) : b);
      }),
  });
}
