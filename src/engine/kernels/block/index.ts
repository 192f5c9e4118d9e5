import * as tf from '@tensorflow/tfjs';
import { heapOf } from '../heap.ts';
import { differentiable, type Operation, run, type Tensors } from '../operation.ts';
import type { BlockGeometry, Taps } from './geometry.ts';
import { normRelu, normReluGradient } from './norm.ts';
import {
  BRANCH_PARAMETERS,
  branchBackward,
  branchForward,
  convolutionBackward,
  convolutionForward,
  SAVED_PER_BRANCH,
  takePlaces,
} from './reference.ts';
import * as wasm from './wasm.ts';

/** The tensors of one residual branch by the names of `BRANCH_PARAMETERS`. */
export type Branch = Readonly<Record<(typeof BRANCH_PARAMETERS)[number], tf.Tensor>>;
interface Places {
  readonly geometry: BlockGeometry;
}
interface Convolved {
  readonly geometry: Taps;
}

const list = (branch: Branch): tf.Tensor[] => BRANCH_PARAMETERS.map((name) => branch[name]);
const named = (prefix: string, tensors: readonly tf.Tensor[]): Record<string, tf.Tensor> =>
  Object.fromEntries(tensors.map((tensor, i) => [`${prefix}${i}`, tensor]));
const branchOf = (inputs: Tensors, prefix: string): Tensors =>
  Object.fromEntries(BRANCH_PARAMETERS.map((name, i) => [name, inputs[`${prefix}${i}`]]));
const savedOf = (inputs: Tensors, from: number): tf.Tensor[] =>
  Array.from({ length: SAVED_PER_BRANCH }, (_, i) => inputs[`saved${from + i}`]);

const convolution: Operation<Convolved> = {
  name: 'CausalConvolution',
  reference: ({ x, kernel, bias }, { geometry }) => [convolutionForward(x, kernel, bias, geometry)],
  wasm: ({ x, kernel, bias }, { geometry }, backend) => [wasm.convolutionForward(heapOf(backend), x, kernel, bias, geometry)],
};

/** dx, dKernel, dBias. */
const convolutionGradient: Operation<Convolved> = {
  name: 'CausalConvolutionGradient',
  reference: ({ dy, x, kernel }, { geometry }) => {
    const { dx, dKernel, dBias } = convolutionBackward(dy, x, kernel, geometry);
    return [dx, dKernel, dBias];
  },
  wasm: ({ dy, x, kernel }, { geometry }, backend) => {
    const heap = heapOf(backend);
    const filters = kernel.shape[2] as number;
    const dBias = heap.zeros([filters]);
    heap.kernels.addRows(heap.at(dy), heap.at(dBias), dy.size / filters, filters);
    return [
      wasm.convolutionInputGradient(heap, dy, kernel, geometry),
      wasm.convolutionKernelGradient(heap, dy, x, kernel, geometry),
      dBias,
    ];
  },
};

/** y, then what its backward wants back. */
const block: Operation<Places> = {
  name: 'ResidualBlock',
  reference: (inputs, { geometry }) => {
    const { y, saved } = branchForward(inputs.x, branchOf(inputs, 'p'), geometry);
    return [tf.add(takePlaces(inputs.x, geometry.skip), y), ...saved];
  },
  wasm: (inputs, { geometry }, backend) => {
    const heap = heapOf(backend);
    const branch = wasm.branchForward(heap, inputs.x, branchOf(inputs, 'p'), geometry);
    const y = wasm.skipForward(heap, inputs.x, geometry);
    wasm.addWeighted(heap, branch.y, null, y);
    return [y, ...branch.saved];
  },
};

/** Where each place of the input stands in the output, −1 where it does not: the inverse of `skip`. */
function addedAt(skip: Int32Array, inner: number): Int32Array {
  const places = new Int32Array(inner).fill(-1);
  skip.forEach((place, outer) => {
    places[place] = outer;
  });
  return places;
}

/** dx, then the gradients of the parameters. */
const blockGradient: Operation<Places> = {
  name: 'ResidualBlockGradient',
  reference: (inputs, { geometry }) => {
    const { dy, x } = inputs;
    const { dx, dParameters } = branchBackward(dy, x, savedOf(inputs, 0), branchOf(inputs, 'p'), geometry);
    return [tf.add(takePlaces(dy, addedAt(geometry.skip, geometry.first.inner)), dx), ...dParameters];
  },
  wasm: (inputs, { geometry }, backend) => {
    const heap = heapOf(backend);
    const dx = wasm.skipBackward(heap, inputs.dy, geometry);
    const dBranch = heap.output(inputs.dy.shape);
    heap.copy(inputs.dy, dBranch);
    const p = branchOf(inputs, 'p');
    return [dx, ...wasm.branchBackward(heap, dBranch, inputs.x, savedOf(inputs, 0), p, geometry, true, dx)];
  },
};

const perUser = (gate: tf.Tensor): tf.Tensor => tf.reshape(gate, [-1, 1, 1]);

/** Eq. 6: E_l = I F̂(E) + (1 − I) F(E) + E. */
const gatedBlock: Operation<Places> = {
  name: 'GatedResidualBlock',
  reference: (inputs, { geometry }) => {
    const frozen = branchForward(inputs.x, branchOf(inputs, 'f'), geometry);
    const tuned = branchForward(inputs.x, branchOf(inputs, 't'), geometry);
    const chosen = tf.add(frozen.y, tf.mul(perUser(inputs.gate), tf.sub(tuned.y, frozen.y)));
    return [tf.add(takePlaces(inputs.x, geometry.skip), chosen), ...frozen.saved, ...tuned.saved];
  },
  wasm: (inputs, { geometry }, backend) => {
    const heap = heapOf(backend);
    const frozen = wasm.branchForward(heap, inputs.x, branchOf(inputs, 'f'), geometry);
    const tuned = wasm.branchForward(heap, inputs.x, branchOf(inputs, 't'), geometry);
    const y = wasm.skipForward(heap, inputs.x, geometry);
    wasm.addWeighted(heap, frozen.y, wasm.complement(heap, inputs.gate), y);
    wasm.addWeighted(heap, tuned.y, inputs.gate, y);
    return [y, ...frozen.saved, ...tuned.saved];
  },
};

/** The same without a backward to come: where a gate is 0 or 1, only the branch that it chooses has to be computed. */
const gatedBlockAlone: Operation<Places> = {
  name: 'GatedResidualBlockAlone',
  reference: (inputs, attributes) => [gatedBlock.reference(inputs, attributes, tf.backend())[0]],
  wasm: (inputs, { geometry }, backend) => {
    const heap = heapOf(backend);
    const y = wasm.skipForward(heap, inputs.x, geometry);
    for (const [weight, prefix] of [
      [wasm.complement(heap, inputs.gate), 'f'],
      [inputs.gate, 't'],
    ] as const) {
      const users = wasm.usersOf(heap, weight);
      if (users.count === 0) continue;
      const branch = wasm.branchForward(heap, wasm.takeUsers(heap, inputs.x, users), branchOf(inputs, prefix), geometry);
      wasm.giveUsers(heap, branch.y, users, wasm.takeUsers(heap, weight, users), y);
    }
    return [y];
  },
};

/** dx, dGate [B], then the gradients of the fine-tuned branch; the frozen one has none. */
const gatedBlockGradient: Operation<Places> = {
  name: 'GatedResidualBlockGradient',
  reference: (inputs, { geometry }) => {
    const { dy, x, gate } = inputs;
    const savedFrozen = savedOf(inputs, 0);
    const savedTuned = savedOf(inputs, SAVED_PER_BRANCH);
    const dTuned = tf.mul(dy, perUser(gate));
    const frozen = branchBackward(tf.sub(dy, dTuned), x, savedFrozen, branchOf(inputs, 'f'), geometry);
    const tuned = branchBackward(dTuned, x, savedTuned, branchOf(inputs, 't'), geometry);
    const dGate = tf.sum(tf.mul(dy, tf.sub(outputOf(savedTuned), outputOf(savedFrozen))), [1, 2]);
    return [
      tf.addN([takePlaces(dy, addedAt(geometry.skip, geometry.first.inner)), frozen.dx, tuned.dx]),
      dGate,
      ...tuned.dParameters,
    ];
  },
  // A branch that has no part in a user's output has none in the gradient: those users are left out of its backward.
  wasm: (inputs, { geometry }, backend) => {
    const heap = heapOf(backend);
    const { dy, x, gate } = inputs;
    const dx = wasm.skipBackward(heap, dy, geometry);
    const backward = (weight: tf.Tensor, prefix: 'f' | 't', saved: readonly tf.Tensor[]): tf.Tensor[] => {
      const users = wasm.usersOf(heap, weight);
      const taken = [dy, x, ...saved].map((tensor) => wasm.takeUsers(heap, tensor, users));
      const [dOut, own, ...kept] = taken;
      const dBranch = wasm.weighted(heap, dOut, wasm.takeUsers(heap, weight, users));
      const dOwn = heap.zeros(own.shape);
      const p = branchOf(inputs, prefix);
      const gradients = wasm.branchBackward(heap, dBranch, own, kept, p, geometry, prefix === 't', dOwn);
      wasm.giveUsers(heap, dOwn, users, null, dx);
      return gradients;
    };
    const [savedFrozen, savedTuned] = [savedOf(inputs, 0), savedOf(inputs, SAVED_PER_BRANCH)];
    const dGate = heap.output(gate.shape);
    const compared = [dy, outputOf(savedTuned), outputOf(savedFrozen), dGate].map((tensor) => heap.at(tensor));
    heap.kernels.dotDifference(...compared, gate.size, dy.size / gate.size);
    backward(wasm.complement(heap, gate), 'f', savedFrozen);
    return [dx, dGate, ...backward(gate, 't', savedTuned)];
  },
};

/** F(x) among what a branch has saved. */
const outputOf = (saved: readonly tf.Tensor[]): tf.Tensor => saved[3];

export const convolutionOperations = [convolution, convolutionGradient];
export const operations = [block, blockGradient, gatedBlock, gatedBlockAlone, gatedBlockGradient];
export const normOperations = [normRelu, normReluGradient];

/** Causal dilated convolution [B, inner, k] → [B, outer, m]; kernel [taps, k, m], tap 0 the oldest. */
export function causalConvolution(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, geometry: Taps): tf.Tensor {
  return differentiable([x, kernel, bias], () => ({
    value: run(convolution, { x, kernel, bias }, { geometry })[0],
    saved: [x, kernel],
    backward: (dy, [input, k]) => run(convolutionGradient, { dy, x: input, kernel: k }, { geometry }),
  }));
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

/** Places of x [B, inner, k], each at most once → [B, places.length, k]. */
export function choosePlaces(x: tf.Tensor, places: Int32Array): tf.Tensor {
  const inverse = addedAt(places, x.shape[1] as number);
  return differentiable([x], () => ({
    value: takePlaces(x, places),
    saved: [],
    backward: (dy) => [takePlaces(dy, inverse)],
  }));
}

/** One residual block, x + F(x) (Eqs. 1-2): [B, inner, k] → [B, outer, k]. The second convolution's dilation is twice the first's. */
export function residualBlock(x: tf.Tensor, branch: Branch, geometry: BlockGeometry): tf.Tensor {
  const parameters = list(branch);
  return differentiable([x, ...parameters], () => {
    const [value, ...own] = run(block, { x, ...named('p', parameters) }, { geometry });
    return {
      value,
      saved: [x, ...own, ...parameters],
      backward: (dy, [input, ...saved]) =>
        run(
          blockGradient,
          { dy, x: input, ...named('saved', saved.slice(0, own.length)), ...named('p', saved.slice(own.length)) },
          { geometry },
        ),
    };
  });
}

/**
 * One UAF block (Eq. 6): the frozen branch and its fine-tuned copy, chosen per user by `gate` [B].
 * The frozen branch's parameters get no gradient.
 */
export function gatedResidualBlock(
  x: tf.Tensor,
  frozen: Branch,
  tuned: Branch,
  gate: tf.Tensor,
  geometry: BlockGeometry,
): tf.Tensor {
  const f = list(frozen);
  const t = list(tuned);
  const inputs = { x, gate, ...named('f', f), ...named('t', t) };
  if (!tf.engine().isTapeOn()) return run(gatedBlockAlone, inputs, { geometry })[0];
  return differentiable([x, gate, ...t], () => {
    const [value, ...own] = run(gatedBlock, inputs, { geometry });
    return {
      value,
      saved: [x, gate, ...own, ...f, ...t],
      backward: (dy, [input, gates, ...saved]) => {
        const rest = saved.slice(own.length);
        return run(
          gatedBlockGradient,
          {
            ...{ dy, x: input, gate: gates, ...named('saved', saved.slice(0, own.length)) },
            ...named('f', rest.slice(0, f.length)),
            ...named('t', rest.slice(f.length)),
          },
          { geometry },
        );
      },
    };
  });
}
