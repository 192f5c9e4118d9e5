import * as tf from '@tensorflow/tfjs';
import { gpuOf } from '../gpu/gpu.ts';
import { heapOf, PASSED } from '../heap.ts';
import { isBackendsOwn, type Operation, run } from '../operation.ts';
import { adamOnGpu, adamReplayOnGpu, adamRowsOnGpu } from './webgpu.ts';

/** Adam's constants as the paper sets them. */
const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/** One step's own bias corrections, with the learning rate. */
interface Step {
  /** learning rate / (1 − β₁ᵗ) */
  readonly rate: number;
  /** 1 / √(1 − β₂ᵗ) */
  readonly correction: number;
}

const stepOf = (learningRate: number, step: number): Step => ({
  rate: learningRate / (1 - BETA_1 ** step),
  correction: 1 / Math.sqrt(1 - BETA_2 ** step),
});

/** Constants in the order in which the kernels take them; in single precision 1 − β would be off by 5e-5. */
const constants = ({ rate, correction }: Step) => [BETA_1, BETA_2, 1 - BETA_1, 1 - BETA_2, EPSILON, rate, correction];

/**
 * One bias-corrected Adam step of one tensor: parameter, first and second moment → the three after it. What is handed in is
 * not to be used any more: it may have been written over.
 */
const adam: Operation<Step> = {
  name: 'AdamStep',
  reference: ({ parameter, gradient, first, second }, { rate, correction }) => {
    const m = tf.add(tf.mul(first, BETA_1), tf.mul(gradient, 1 - BETA_1));
    const v = tf.add(tf.mul(second, BETA_2), tf.mul(tf.square(gradient), 1 - BETA_2));
    const step = tf.div(tf.mul(m, rate), tf.add(tf.mul(tf.sqrt(v), correction), EPSILON));
    return [tf.sub(parameter, step), m, v];
  },
  // In place, in one pass: the tensors handed in come back.
  wasm: ({ parameter, gradient, first, second }, step, backend) => {
    const heap = heapOf(backend);
    const addresses = [parameter, gradient, first, second].map((tensor) => heap.at(tensor));
    const run = (from: number, to: number) => [...addresses.map((address) => address + 4 * from), to - from, ...constants(step)];
    heap.parallel('adam', parameter.size, 2 * PASSED * parameter.size, 0, run);
    return [parameter, first, second];
  },
  webgpu: (inputs, step, backend) => {
    adamOnGpu(gpuOf(backend), inputs, constants(step));
    return [inputs.parameter, inputs.first, inputs.second];
  },
};

function undeferred(): never {
  throw new Error('This backend does not defer the rows of a table.');
}

interface RowStep extends Step {
  /** Different rows; −1 stands for none. */
  readonly ids: Int32Array;
}

/** The same for some rows of a table alone, in place: gradient [ids.length, k]. There is no reference: only some backends defer. */
const adamRows: Operation<RowStep> = {
  name: 'AdamRows',
  reference: undeferred,
  wasm: ({ parameter, gradient, first, second }, { ids, ...step }, backend) => {
    const heap = heapOf(backend);
    const addresses = [parameter, gradient, first, second, tf.tensor1d(ids, 'int32')].map((tensor) => heap.at(tensor));
    heap.kernels.adamRows(...addresses, ids.length, widthOf(parameter), ...constants(step));
    return [];
  },
  webgpu: (inputs, { ids, ...step }, backend) => {
    adamRowsOnGpu(gpuOf(backend), inputs, ids, constants(step));
    return [];
  },
};

interface Replay {
  readonly ids: Int32Array;
  /** How many steps each row has missed, up to and with step number `step`. */
  readonly missed: Int32Array;
  readonly step: number;
  readonly learningRate: number;
}

/** The steps with zero gradients that rows of a table have missed, in place. */
const adamReplay: Operation<Replay> = {
  name: 'AdamReplay',
  reference: undeferred,
  wasm: ({ parameter, first, second }, { ids, missed, step, learningRate }, backend) => {
    const heap = heapOf(backend);
    const { rates, corrections } = historyOf(learningRate, step);
    const rows = [tf.tensor1d(ids, 'int32'), tf.tensor1d(missed, 'int32')];
    const addresses = [parameter, first, second, ...rows].map((tensor) => heap.at(tensor));
    const tables = [rates, corrections, DECAYS].map((table) => heap.constant(table));
    heap.kernels.adamReplay(...addresses, ids.length, widthOf(parameter), step, ...tables, EPSILON);
    return [];
  },
  webgpu: (inputs, { ids, missed, step, learningRate }, backend) => {
    const tables = { ...historyOf(learningRate, step), decays: DECAYS, epsilon: EPSILON };
    adamReplayOnGpu(gpuOf(backend), inputs, ids, missed, step, tables);
    return [];
  },
};

export const operations = [adam];
export const rowOperations = [adamRows];
export const replayOperations = [adamReplay];

const widthOf = (table: tf.Tensor): number => table.size / table.shape[0];

/** Powers of β₁ and of √β₂ up to the number of steps that are replayed one by one (`assembly/adam.ts`). */
const DECAYS = Float32Array.from([BETA_1, Math.sqrt(BETA_2)].flatMap((base) => Array.from({ length: 201 }, (_, i) => base ** i)));

const histories = new Map<number, { readonly rates: Float32Array; readonly corrections: Float32Array }>();

/** `Step` of every step up to one, by its number. Grows by doubling. */
function historyOf(learningRate: number, step: number) {
  const known = histories.get(learningRate);
  if (known !== undefined && known.rates.length > step) return known;
  const length = 2 ** Math.ceil(Math.log2(Math.max(1024, step + 1)));
  const steps = Array.from({ length }, (_, t) => stepOf(learningRate, Math.max(1, t)));
  const history = {
    rates: Float32Array.from(steps, ({ rate }) => rate),
    corrections: Float32Array.from(steps, ({ correction }) => correction),
  };
  histories.set(learningRate, history);
  return history;
}

/** A tensor that is trained, with Adam's moments. Shapes are all the same. */
export interface AdamState {
  readonly parameter: tf.Tensor;
  readonly first: tf.Tensor;
  readonly second: tf.Tensor;
}

/** Step number `step` (from 1) of Adam with bias correction (Kingma and Ba, 2015, Algorithm 1). */
export function adamStep(
  { parameter, first, second }: AdamState,
  gradient: tf.Tensor,
  learningRate: number,
  step: number,
): AdamState {
  const after = run(adam, { parameter, gradient, first, second }, stepOf(learningRate, step));
  return { parameter: after[0], first: after[1], second: after[2] };
}

/** Whether the backend can step rows of a table alone, and make up for the steps they miss. */
export const defersRows = (): boolean => isBackendsOwn(adamRows);

/** `adamStep` for some rows of a table, in place; the others miss it. */
export function adamStepOfRows(
  { parameter, first, second }: AdamState,
  ids: Int32Array,
  gradient: tf.Tensor,
  learningRate: number,
  step: number,
): void {
  run(adamRows, { parameter, gradient, first, second }, { ...stepOf(learningRate, step), ids });
}

/** What `adamStep` with zero gradients does to some rows, for all the steps they have missed up to number `step`; in place. */
export function replayRows(
  { parameter, first, second }: AdamState,
  ids: Int32Array,
  missed: Int32Array,
  learningRate: number,
  step: number,
): void {
  run(adamReplay, { parameter, first, second }, { ids, missed, step, learningRate });
}

/** Adam for tensors that lie in one buffer, as one; in place. */
export const stepsTogether = (): boolean => isBackendsOwn(adam) && tf.getBackend() === 'webgpu';

/**
 * The same on the host, for a backend that does not defer: brings all rows of a table from the last step that each has made (0 for one
 * that never had a gradient) to number `step`, in place. All arrays [rows × width] but `lastStep` [rows].
 */
export function replayOnHost(
  { parameter, first, second }: Readonly<Record<'parameter' | 'first' | 'second', Float32Array>>,
  lastStep: Int32Array,
  learningRate: number,
  step: number,
): void {
  const width = parameter.length / lastStep.length;
  lastStep.forEach((last, row) => {
    if (last === 0) return;
    for (let missed = last + 1; missed <= step; missed++) {
      const { rate, correction } = stepOf(learningRate, missed);
      for (let i = row * width; i < (row + 1) * width; i++) {
        first[i] *= BETA_1;
        second[i] *= BETA_2;
        parameter[i] -= (rate * first[i]) / (correction * Math.sqrt(second[i]) + EPSILON);
      }
    }
  });
}
