import * as tf from '@tensorflow/tfjs';
import { gpuOf } from '../gpu/gpu.ts';
import { heapOf } from '../heap.ts';
import { differentiable, type Operation, run, type Tensors } from '../operation.ts';
import { type BlockGeometry, inverseOf, type Taps } from './geometry.ts';
import { normRelu, normReluGradient } from './norm.ts';
import {
  BRANCH_PARAMETERS,
  branchBackward,
  branchForward,
  convolutionBackward,
  convolutionForward,
  convolutionInputBackward,
  SAVED_PER_BRANCH,
  takePlaces,
} from './reference.ts';
import * as wasm from './wasm.ts';
import * as webgpu from './webgpu.ts';

/** The tensors of one residual branch by the names of `BRANCH_PARAMETERS`. */
export type Branch = Readonly<Record<(typeof BRANCH_PARAMETERS)[number], tf.Tensor>>;
interface Places {
  readonly geometry: BlockGeometry;
}
/** Which block it is: the column of its gates. */
interface GatedPlaces extends Places {
  readonly block: number;
}
interface Convolved {
  readonly geometry: Taps;
}

const list = (branch: Branch): tf.Tensor[] => BRANCH_PARAMETERS.map((name) => branch[name]);
const named = (prefix: string, tensors: readonly tf.Tensor[]): Record<string, tf.Tensor> =>
  Object.fromEntries(tensors.map((tensor, i) => [`${prefix}${i}`, tensor]));
const branchOf = (inputs: Tensors, prefix: string): Tensors =>
  Object.fromEntries(BRANCH_PARAMETERS.map((name, i) => [name, inputs[`${prefix}${i}`]]));
const savedOf = (inputs: Tensors, from: number, count = SAVED_PER_BRANCH): tf.Tensor[] =>
  Array.from({ length: count }, (_, i) => inputs[`saved${from + i}`]);

const convolution: Operation<Convolved> = {
  name: 'CausalConvolution',
  reference: ({ x, kernel, bias }, { geometry }) => [convolutionForward(x, kernel, bias, geometry)],
  wasm: ({ x, kernel, bias }, { geometry }, backend) => [wasm.convolutionForward(heapOf(backend), x, kernel, bias, geometry)],
  webgpu: ({ x, kernel, bias }, { geometry }, backend) => [webgpu.convolve(gpuOf(backend), 'forward', x, kernel, bias, geometry)],
};

/** dx alone. */
const convolutionInputGradient: Operation<Convolved> = {
  name: 'CausalConvolutionInputGradient',
  reference: ({ dy, kernel }, { geometry }) => [convolutionInputBackward(dy, kernel, geometry)],
  wasm: ({ dy, kernel }, { geometry }, backend) => [wasm.convolutionInputGradient(heapOf(backend), dy, kernel, geometry)],
  webgpu: ({ dy, kernel, bias }, { geometry }, backend) => [
    webgpu.convolve(gpuOf(backend), 'backward', dy, kernel, bias, geometry),
  ],
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
  webgpu: (inputs, { geometry }, backend) => webgpu.blockForward(gpuOf(backend), inputs.x, branchOf(inputs, 'p'), geometry),
};

/** dx, then the gradients of the parameters. */
const blockGradient: Operation<Places> = {
  name: 'ResidualBlockGradient',
  reference: (inputs, { geometry }) => {
    const { dy, x } = inputs;
    const { dx, dParameters } = branchBackward(dy, x, savedOf(inputs, 0), branchOf(inputs, 'p'), geometry);
    return [tf.add(takePlaces(dy, geometry.added), dx), ...dParameters];
  },
  wasm: (inputs, { geometry }, backend) => {
    const heap = heapOf(backend);
    const dx = wasm.skipBackward(heap, inputs.dy, geometry);
    const dBranch = heap.output(inputs.dy.shape);
    heap.copy(inputs.dy, dBranch);
    const p = branchOf(inputs, 'p');
    return [dx, ...wasm.branchBackward(heap, dBranch, inputs.x, savedOf(inputs, 0), p, geometry, true, dx)];
  },
  webgpu: (inputs, { geometry }, backend) => {
    const saved = savedOf(inputs, 0, webgpu.SAVED_ON_GPU);
    return webgpu.blockBackward(gpuOf(backend), inputs.dy, inputs.x, saved, branchOf(inputs, 'p'), geometry);
  },
};

/** The users whom either branch of each block serves: for backends that look them up. [] for the others. */
const usersByGate: Operation<object> = {
  name: 'UsersByGate',
  reference: () => [],
  webgpu: ({ gate }, _attributes, backend) => [webgpu.usersByGate(gpuOf(backend), gate)],
};

/** The gates of one block, [B], from those of all, [B, N]. */
function gatesOf({ gate }: Tensors, block: number): tf.Tensor {
  const batch = gate.shape[0];
  return tf.reshape(tf.slice(gate, [0, block], [batch, 1]), [batch]);
}

/** What the kernels of a GPU take for one block. */
const gatedBlockOf = (inputs: Tensors, { geometry, block }: GatedPlaces): webgpu.GatedBlock => {
  const { x, gate, lists } = inputs;
  return { x, frozen: branchOf(inputs, 'f'), tuned: branchOf(inputs, 't'), gate, lists, block, geometry };
};

const perUser = (gate: tf.Tensor): tf.Tensor => tf.reshape(gate, [-1, 1, 1]);

/** Eq. 6: E_l = I F̂(E) + (1 − I) F(E) + E. */
const gatedBlock: Operation<GatedPlaces> = {
  name: 'GatedResidualBlock',
  reference: (inputs, { geometry, block }) => {
    const frozen = branchForward(inputs.x, branchOf(inputs, 'f'), geometry);
    const tuned = branchForward(inputs.x, branchOf(inputs, 't'), geometry);
    const chosen = tf.add(frozen.y, tf.mul(perUser(gatesOf(inputs, block)), tf.sub(tuned.y, frozen.y)));
    return [tf.add(takePlaces(inputs.x, geometry.skip), chosen), ...frozen.saved, ...tuned.saved];
  },
  wasm: (inputs, { geometry, block }, backend) => {
    const heap = heapOf(backend);
    const gate = gatesOf(inputs, block);
    const frozen = wasm.branchForward(heap, inputs.x, branchOf(inputs, 'f'), geometry);
    const tuned = wasm.branchForward(heap, inputs.x, branchOf(inputs, 't'), geometry);
    const y = wasm.skipForward(heap, inputs.x, geometry);
    wasm.addWeighted(heap, frozen.y, wasm.complement(heap, gate), y);
    wasm.addWeighted(heap, tuned.y, gate, y);
    return [y, ...frozen.saved, ...tuned.saved];
  },
  webgpu: (inputs, places, backend) => webgpu.gatedForward(gpuOf(backend), { ...gatedBlockOf(inputs, places), lists: null }),
};

/** The same without a backward to come: where a gate is 0 or 1, only the branch that it chooses has to be computed. */
const gatedBlockAlone: Operation<GatedPlaces> = {
  name: 'GatedResidualBlockAlone',
  reference: (inputs, attributes) => [gatedBlock.reference(inputs, attributes, tf.backend())[0]],
  wasm: (inputs, { geometry, block }, backend) => {
    const heap = heapOf(backend);
    const gate = gatesOf(inputs, block);
    const y = wasm.skipForward(heap, inputs.x, geometry);
    for (const [weight, prefix] of [
      [wasm.complement(heap, gate), 'f'],
      [gate, 't'],
    ] as const) {
      const users = wasm.usersOf(heap, weight);
      if (users.count === 0) continue;
      const branch = wasm.branchForward(heap, wasm.takeUsers(heap, inputs.x, users), branchOf(inputs, prefix), geometry);
      wasm.giveUsers(heap, branch.y, users, wasm.takeUsers(heap, weight, users), y);
    }
    return [y];
  },
  webgpu: (inputs, places, backend) => [webgpu.gatedForward(gpuOf(backend), gatedBlockOf(inputs, places))[0]],
};

/** dx, dGate [B], then the gradients of the fine-tuned branch; the frozen one has none. */
const gatedBlockGradient: Operation<GatedPlaces> = {
  name: 'GatedResidualBlockGradient',
  reference: (inputs, { geometry, block }) => {
    const { dy, x } = inputs;
    const gate = gatesOf(inputs, block);
    const savedFrozen = savedOf(inputs, 0);
    const savedTuned = savedOf(inputs, SAVED_PER_BRANCH);
    const dTuned = tf.mul(dy, perUser(gate));
    const frozen = branchBackward(tf.sub(dy, dTuned), x, savedFrozen, branchOf(inputs, 'f'), geometry);
    const tuned = branchBackward(dTuned, x, savedTuned, branchOf(inputs, 't'), geometry);
    const dGate = tf.sum(tf.mul(dy, tf.sub(outputOf(savedTuned), outputOf(savedFrozen))), [1, 2]);
    return [tf.addN([takePlaces(dy, geometry.added), frozen.dx, tuned.dx]), dGate, ...tuned.dParameters];
  },
  // A branch that has no part in a user's output has none in the gradient: those users are left out of its backward.
  wasm: (inputs, { geometry, block }, backend) => {
    const heap = heapOf(backend);
    const { dy, x } = inputs;
    const gate = gatesOf(inputs, block);
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
  webgpu: (inputs, places, backend) => {
    const saved = savedOf(inputs, 0, 2 * webgpu.SAVED_ON_GPU);
    return webgpu.gatedBackward(gpuOf(backend), gatedBlockOf(inputs, places), inputs.dy, saved);
  },
};

/** F(x) among what a branch has saved. */
const outputOf = (saved: readonly tf.Tensor[]): tf.Tensor => saved[3];

export const convolutionOperations = [convolution, convolutionInputGradient, convolutionGradient];
export const operations = [block, blockGradient];
export const gateOperations = [usersByGate];
export const gatedOperations = [gatedBlock, gatedBlockAlone, gatedBlockGradient];
export const normOperations = [normRelu, normReluGradient];

/** Causal dilated convolution [B, inner, k] → [B, outer, m]; kernel [taps, k, m], tap 0 the oldest. */
export function causalConvolution(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, geometry: Taps): tf.Tensor {
  return differentiable([x, kernel, bias], () => ({
    value: run(convolution, { x, kernel, bias }, { geometry })[0],
    saved: [x, kernel],
    backward: (dy, [input, k]) => run(convolutionGradient, { dy, x: input, kernel: k }, { geometry }),
  }));
}

/** The same for a kernel and a bias that are not trained: only x gets a gradient. */
export function frozenConvolution(x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, geometry: Taps): tf.Tensor {
  return differentiable([x], () => ({
    value: run(convolution, { x, kernel, bias }, { geometry })[0],
    saved: [],
    backward: (dy) => run(convolutionInputGradient, { dy, kernel, bias }, { geometry }),
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
  const inverse = inverseOf(places, x.shape[1] as number);
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
 * A stack of UAF blocks (Eq. 6): of each the frozen branch and its fine-tuned copy, chosen per user by a column of `gate` [B, N].
 * [B, inner of the first, k] → [B, outer of the last, k]. The frozen branches' parameters get no gradient.
 */
export function gatedResidualBlocks(
  x: tf.Tensor,
  frozen: readonly Branch[],
  tuned: readonly Branch[],
  gate: tf.Tensor,
  geometries: readonly BlockGeometry[],
): tf.Tensor {
  const f = frozen.map(list);
  const t = tuned.map(list);
  const chosen = (gates: tf.Tensor, lists: readonly tf.Tensor[]) => ({
    gate: gates,
    ...(lists.length > 0 ? { lists: lists[0] } : {}),
  });
  const parametersOf = (l: number) => ({ ...named('f', f[l]), ...named('t', t[l]) });
  if (!tf.engine().isTapeOn()) {
    return tf.tidy(() => {
      const choice = chosen(gate, run(usersByGate, { gate }, {}));
      return geometries.reduce(
        (input, geometry, l) => run(gatedBlockAlone, { x: input, ...choice, ...parametersOf(l) }, { geometry, block: l })[0],
        x,
      );
    });
  }
  return differentiable([x, gate, ...t.flat()], () => {
    const lists = run(usersByGate, { gate }, {});
    const inputs: tf.Tensor[] = [];
    const own: tf.Tensor[][] = [];
    const value = geometries.reduce((input, geometry, l) => {
      const [y, ...saved] = run(gatedBlock, { x: input, ...chosen(gate, lists), ...parametersOf(l) }, { geometry, block: l });
      inputs.push(input);
      own.push(saved);
      return y;
    }, x);
    const saved = [gate, ...lists, ...inputs, ...own.flat(), ...f.flat(), ...t.flat()];
    return {
      value,
      saved,
      backward: (dy, kept) => {
        // What was kept comes back in the order of `saved`.
        let at = 0;
        const next = (count: number): tf.Tensor[] => {
          at += count;
          return kept.slice(at - count, at);
        };
        const [keptGate] = next(1);
        const keptLists = next(lists.length);
        const xs = next(inputs.length);
        const owns = own.map((tensors) => next(tensors.length));
        const [fs, ts] = [f.map((tensors) => next(tensors.length)), t.map((tensors) => next(tensors.length))];
        const dGates: tf.Tensor[] = [];
        const dParameters: tf.Tensor[][] = [];
        let d = dy;
        for (let l = geometries.length - 1; l >= 0; l--) {
          const [dx, dGate, ...dTuned] = run(
            gatedBlockGradient,
            {
              ...{ dy: d, x: xs[l], ...chosen(keptGate, keptLists) },
              ...{ ...named('saved', owns[l]), ...named('f', fs[l]), ...named('t', ts[l]) },
            },
            { geometry: geometries[l], block: l },
          );
          if (d !== dy) d.dispose();
          d = dx;
          dGates.unshift(dGate);
          dParameters.unshift(dTuned);
        }
        return [d, tf.stack(dGates, 1), ...dParameters.flat()];
      },
    };
  });
}
