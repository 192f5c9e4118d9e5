import * as tf from '@tensorflow/tfjs';
import type { Configuration } from '../../configuration/schema.ts';
import type { TargetTask } from '../../data/dataset.ts';
import { permutation, type RandomStream, randomStream } from '../../data/random.ts';
import { startGpu } from '../kernels/gpu/gpu.ts';
import { VARIANTS } from '../kernels/gpu/variants.ts';
import { registerKernels } from '../kernels/index.ts';
import { rank } from '../kernels/rank/index.ts';
import type { Batch, MethodContext } from '../methods/method.ts';
import { methodOf } from '../methods/registry.ts';
import { nextItemLoss, type SourceBatch } from '../model/nextItem.ts';
import type { ParameterSpecification, Parameters, StoredParameters } from '../model/parameters.ts';
import { drawLogUniform } from '../training/logUniform.ts';
import { MeanLoss, Optimiser } from '../training/optimiser.ts';
import { pretrainingParameters } from '../training/pretraining.ts';
import { CountingDevice } from './countingDevice.ts';

/** What a step is planned for. */
export interface Sizes {
  readonly configuration: Configuration;
  readonly stage: 'pretraining' | 'fine-tuning';
  readonly task: TargetTask;
  /** Without padding. */
  readonly sourceItems: number;
  readonly targetItems: number;
  /** The least of these and of the batch size are in a batch. */
  readonly sourceUsers: number;
  readonly instances: number;
}

/** What one training step asks of a GPU, and the most memory that the stage needs: of fine-tuning with its evaluation. */
export interface Plan {
  readonly dispatches: number;
  readonly bytesTouched: number;
  readonly peakBytes: number;
  /** The most that is bound at one place. */
  readonly largestBinding: number;
}

/** A step finds its buffers in the pool from the second or third one on. Even: two batches take turns. */
const STEPS_BEFORE = 4;

/**
 * Runs the real step code on a device that only counts. It takes over tfjs's WebGPU backend: call it where nothing is trained, in a
 * worker or a process of its own.
 */
export async function plan(sizes: Sizes): Promise<Plan> {
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  registerKernels();
  const device = new CountingDevice();
  const backend = new WebGPUBackend(device.asDevice());
  const gpu = startGpu(backend, VARIANTS[0]);
  gpu.onUntouched = (bytes) => device.leaveOut(bytes);
  if (tf.findBackendFactory('webgpu') !== null) tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => backend);
  await tf.setBackend('webgpu');
  // Rows that a batch reads were last stepped two steps before, and have one to make up for, as in training.
  const batches = [1, 2].map((seed) =>
    sizes.stage === 'pretraining' ? pretrainingStep(sizes, seed) : fineTuningStep(sizes, seed),
  );
  const [{ parameters, isTrained, evaluate }] = batches;
  const optimiser = new Optimiser(zerosFor(parameters), isTrained, 1e-3);
  const mean = new MeanLoss();
  const run = (i: number) => {
    mean.add(optimiser.step(batches[i % 2].loss), 1);
    gpu.submit();
  };
  for (let i = 0; i < STEPS_BEFORE; i++) run(i);
  const before = device.counts();
  run(STEPS_BEFORE);
  const after = device.counts();
  if (evaluate !== null) {
    const snapshot = optimiser.snapshot();
    evaluate(snapshot.parameters);
    snapshot.dispose();
  }
  const { peakBytes, largestBinding } = device.counts();
  mean.dispose();
  optimiser.dispose();
  return {
    dispatches: after.dispatches - before.dispatches,
    bytesTouched: after.bytesTouched - before.bytesTouched,
    peakBytes,
    largestBinding,
  };
}

interface Step {
  readonly parameters: readonly ParameterSpecification[];
  readonly isTrained: (name: string) => boolean;
  readonly loss: (parameters: Parameters) => tf.Tensor;
  /** A pass of evaluation, where the stage has one. */
  readonly evaluate: ((parameters: Parameters) => void) | null;
}

/** Values are not looked at: all tensors share the same zeros. */
function zerosFor(specifications: readonly ParameterSpecification[]): StoredParameters {
  const sizeOf = ({ shape }: ParameterSpecification) => shape.reduce((size, side) => size * side, 1);
  const zeros = new Float32Array(Math.max(...specifications.map(sizeOf)));
  return Object.fromEntries(
    specifications.map((specification) => {
      const { name, shape } = specification;
      return [name, { shape, values: zeros.subarray(0, sizeOf(specification)) }];
    }),
  );
}

function sourceBatch({ configuration, sourceItems, sourceUsers }: Sizes, random: RandomStream): SourceBatch {
  const { pretraining, sequenceLength } = configuration;
  const rows = Math.min(pretraining.batchSize, sourceUsers);
  const sampled = pretraining.softmax === 'full' ? null : drawLogUniform(random, 1, sourceItems, pretraining.sampledItems);
  return { items: draw(random, rows * sequenceLength, 1, sourceItems + 1), rows, counted: rows, sampled };
}

const draw = (random: RandomStream, count: number, from: number, to: number): Int32Array =>
  Int32Array.from({ length: count }, () => from + random.integer(to - from));

function pretrainingStep(sizes: Sizes, seed: number): Step {
  const batch = sourceBatch(sizes, randomStream(seed, 'plan'));
  return {
    parameters: pretrainingParameters(sizes.configuration, sizes.sourceItems),
    isTrained: () => true,
    loss: (parameters) => nextItemLoss(parameters, batch, sizes.configuration),
    evaluate: null,
  };
}

function fineTuningStep(sizes: Sizes, seed: number): Step {
  const { configuration, sourceItems, targetItems, task, instances } = sizes;
  const { sequenceLength: length, fineTuning, warmupEpochs } = configuration;
  const random = randomStream(seed, 'plan');
  const rows = Math.min(fineTuning.batchSize, instances);
  const method = methodOf(configuration.method);
  const context: MethodContext = { configuration, task, sourceItems, targetItems, popularity: new Float32Array(targetItems) };
  const batch: Batch = {
    sequences: { items: draw(random, rows * length, 1, sourceItems + 1), rows, length },
    users: permutation(random, rows),
    positives: draw(random, rows, 0, targetItems),
    negatives: draw(random, rows, 0, targetItems),
    instances: rows,
    // What UAF-RL does after its warm-up is more than what it does before.
    epoch: warmupEpochs + 1,
    random: () => random,
    source: () => sourceBatch(sizes, random),
  };
  return {
    parameters: method.parameters(context),
    isTrained: (name) => method.isTrained(name, context),
    loss: (parameters) => method.loss(parameters, batch, context),
    evaluate: (parameters) => {
      const { 'target.weight': weight, 'target.bias': bias } = parameters;
      const ranked = { rows: batch.users, targets: batch.positives, negatives: draw(random, 99 * rows, 0, targetItems) };
      tf.tidy(() => {
        const gate = method.policy?.(parameters, batch, context, batch.epoch).gate ?? null;
        const { all, sampled } = rank(method.users(parameters, batch, gate, context), weight, bias, ranked);
        tf.dispose([all, sampled]);
      });
    },
  };
}
