import * as tf from '@tensorflow/tfjs';
import { differentiable, type Operation, run, type Tensors } from '../operation.ts';
import { normRelu, normReluGradient } from './norm.ts';
import { BRANCH_PARAMETERS, branchBackward, branchForward, convolutionBackward, convolutionForward } from './reference.ts';
import { foldTaps, unrollTaps } from './taps.ts';

/** The tensors of one residual branch by the names of `BRANCH_PARAMETERS`. */
export type Branch = Readonly<Record<(typeof BRANCH_PARAMETERS)[number], tf.Tensor>>;
interface Dilated {
  readonly dilation: number;
}

const SAVED_PER_BRANCH = 8;
const list = (branch: Branch): tf.Tensor[] => BRANCH_PARAMETERS.map((name) => branch[name]);
const named = (prefix: string, tensors: readonly tf.Tensor[]): Record<string, tf.Tensor> =>
  Object.fromEntries(tensors.map((tensor, i) => [`${prefix}${i}`, tensor]));
const branchOf = (inputs: Tensors, prefix: string): Tensors =>
  Object.fromEntries(BRANCH_PARAMETERS.map((name, i) => [name, inputs[`${prefix}${i}`]]));
const savedOf = (inputs: Tensors, from: number): tf.Tensor[] =>
  Array.from({ length: SAVED_PER_BRANCH }, (_, i) => inputs[`saved${from + i}`]);

const convolution: Operation<Dilated> = {
  name: 'CausalConvolution',
  reference: ({ x, kernel, bias }, { dilation }) => {
    const { y, columns } = convolutionForward(x, kernel, bias, dilation);
    return [y, columns];
  },
};

const convolutionGradient: Operation<Dilated> = {
  name: 'CausalConvolutionGradient',
  reference: ({ dy, columns, kernel }, { dilation }) => {
    const { dx, dKernel, dBias } = convolutionBackward(dy, columns, kernel, dilation);
    return [dx, dKernel, dBias];
  },
};

/** Forward: y, then whatever this implementation wants back in its own backward. */
const block: Operation<Dilated> = {
  name: 'ResidualBlock',
  reference: (inputs, { dilation }) => {
    const branch = branchForward(inputs.x, branchOf(inputs, 'p'), dilation);
    return [tf.add(inputs.x, branch.y), ...branch.saved];
  },
};

/** dx, then the gradients of the parameters. */
const blockGradient: Operation<Dilated> = {
  name: 'ResidualBlockGradient',
  reference: (inputs, { dilation }) => {
    const { dx, dParameters } = branchBackward(inputs.dy, savedOf(inputs, 0), branchOf(inputs, 'p'), dilation);
    return [tf.add(inputs.dy, dx), ...dParameters];
  },
};

const perUser = (gate: tf.Tensor): tf.Tensor => tf.reshape(gate, [-1, 1, 1]);

/** Eq. 6: E_l = I F̂(E) + (1 − I) F(E) + E. */
const gatedBlock: Operation<Dilated> = {
  name: 'GatedResidualBlock',
  reference: (inputs, { dilation }) => {
    const frozen = branchForward(inputs.x, branchOf(inputs, 'f'), dilation);
    const tuned = branchForward(inputs.x, branchOf(inputs, 't'), dilation);
    const chosen = tf.add(frozen.y, tf.mul(perUser(inputs.gate), tf.sub(tuned.y, frozen.y)));
    return [tf.add(inputs.x, chosen), ...frozen.saved, ...tuned.saved];
  },
};

/** dx, dGate [B], then the gradients of the fine-tuned branch; the frozen one has none. */
const gatedBlockGradient: Operation<Dilated> = {
  name: 'GatedResidualBlockGradient',
  reference: (inputs, { dilation }) => {
    const { dy, gate } = inputs;
    const savedFrozen = savedOf(inputs, 0);
    const savedTuned = savedOf(inputs, SAVED_PER_BRANCH);
    const yOf = (saved: readonly tf.Tensor[]) => saved[5];
    const dTuned = tf.mul(dy, perUser(gate));
    const frozen = branchBackward(tf.sub(dy, dTuned), savedFrozen, branchOf(inputs, 'f'), dilation);
    const tuned = branchBackward(dTuned, savedTuned, branchOf(inputs, 't'), dilation);
    const dGate = tf.sum(tf.mul(dy, tf.sub(yOf(savedTuned), yOf(savedFrozen))), [1, 2]);
    return [tf.addN([dy, frozen.dx, tuned.dx]), dGate, ...tuned.dParameters];
  },
};

/** Steps of the reference that have an implementation of their own on wasm. */
export const stepOperations = [unrollTaps, foldTaps];
export const normOperations = [normRelu, normReluGradient];
export const operations = [convolution, convolutionGradient, block, blockGradient, gatedBlock, gatedBlockGradient];

/** Causal dilated convolution [B, n, k] → [B, n, m]; kernel [taps, k, m], tap 0 the oldest. */
export function causalConvolution(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, dilation: number): tf.Tensor {
  return differentiable([x, kernel, bias], () => {
    const [value, columns] = run(convolution, { x, kernel, bias }, { dilation });
    return {
      value,
      saved: [columns, kernel],
      backward: (dy, [c, k]) => run(convolutionGradient, { dy, columns: c, kernel: k }, { dilation }),
    };
  });
}

/** relu(LN(x)) over channels: [B, n, k] → [B, n, k]. */
export function layerNormRelu(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor {
  return differentiable([x, gamma, beta], () => {
    const [y, normalised, scale] = run(normRelu, { x, gamma, beta }, {});
    return {
      value: y,
      saved: [y, normalised, scale, gamma],
      backward: (dy, [kept, z, root, gain]) =>
        run(normReluGradient, { dy, y: kept, normalised: z, scale: root, gamma: gain }, {}),
    };
  });
}

/** One residual block, x + F(x) (Eqs. 1-2): [B, n, k] → [B, n, k]. The second convolution's dilation is twice the first's. */
export function residualBlock(x: tf.Tensor, branch: Branch, dilation: number): tf.Tensor {
  const parameters = list(branch);
  return differentiable([x, ...parameters], () => {
    const [value, ...own] = run(block, { x, ...named('p', parameters) }, { dilation });
    return {
      value,
      saved: [...own, ...parameters],
      backward: (dy, saved) =>
        run(
          blockGradient,
          { dy, ...named('saved', saved.slice(0, own.length)), ...named('p', saved.slice(own.length)) },
          { dilation },
        ),
    };
  });
}

/**
 * One UAF block (Eq. 6): the frozen branch and its fine-tuned copy, chosen per user by `gate` [B].
 * The frozen branch's parameters get no gradient.
 */
export function gatedResidualBlock(x: tf.Tensor, frozen: Branch, tuned: Branch, gate: tf.Tensor, dilation: number): tf.Tensor {
  const f = list(frozen);
  const t = list(tuned);
  return differentiable([x, gate, ...t], () => {
    const [value, ...own] = run(gatedBlock, { x, gate, ...named('f', f), ...named('t', t) }, { dilation });
    return {
      value,
      saved: [...own, gate, ...f, ...t],
      backward: (dy, saved) => {
        const rest = saved.slice(own.length + 1);
        const inputs = { dy, gate: saved[own.length], ...named('saved', saved.slice(0, own.length)) };
        return run(
          gatedBlockGradient,
          { ...inputs, ...named('f', rest.slice(0, f.length)), ...named('t', rest.slice(f.length)) },
          { dilation },
        );
      },
    };
  });
}
