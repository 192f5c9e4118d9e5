import { gumbelDifference } from '../src/engine/model/policy.ts';
import { type Case, noiseStream } from './cases.ts';
import type { Runner } from './engine.ts';

/** What is used of an array of jax-js. Every use takes a reference, `ref` makes one more. */
interface JaxArray {
  readonly ref: JaxArray;
  readonly shape: readonly number[];
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray | number): JaxArray;
  greater(other: JaxArray | number): JaxArray;
  astype(type: string): JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  transpose(): JaxArray;
  slice(...places: (number | [] | [number, number])[]): JaxArray;
  sum(axis?: number): JaxArray;
  mean(axis?: number, options?: { readonly keepdims: boolean }): JaxArray;
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}

type Named = Record<string, JaxArray>;

/** What is used of @jax-js/jax: the package is not among the project's own, so that its types are not there. */
export interface Jax {
  init(device: 'wasm' | 'webgpu'): Promise<string[]>;
  defaultDevice(device: 'wasm' | 'webgpu'): void;
  jit<Parameters extends readonly unknown[], Result>(
    of: (...parameters: Parameters) => Result,
  ): ((...parameters: Parameters) => Result) & { dispose(): void };
  valueAndGrad(of: (trained: Named) => JaxArray): (trained: Named) => [JaxArray, Named];
  blockUntilReady(arrays: unknown): Promise<unknown>;
  readonly lax: { stopGradient(x: JaxArray): JaxArray };
  readonly nn: Record<'relu' | 'sigmoid' | 'softplus', (x: JaxArray) => JaxArray>;
  readonly numpy: {
    array(values: Float32Array | Int32Array, options: { readonly shape: readonly number[] }): JaxArray;
    zeros(shape: readonly number[]): JaxArray;
    dot(a: JaxArray, b: JaxArray): JaxArray;
    pad(x: JaxArray, widths: readonly [number, number][]): JaxArray;
    sqrt(x: JaxArray): JaxArray;
    square(x: JaxArray): JaxArray;
    take(x: JaxArray, indices: JaxArray, axis: number): JaxArray;
  };
}

/**
 * Opens jax-js on a device, from wherever its module comes.
 *
 * @throws Error if the module or the device is not there
 */
export async function openJax(load: () => Promise<unknown>, device: 'wasm' | 'webgpu'): Promise<Jax> {
  const jax = (await load()) as Jax;
  const found = await jax.init(device);
  if (!found.includes(device)) throw new Error(`it finds no ${device}.`);
  jax.defaultDevice(device);
  return jax;
}

const TASKS = ['finetune-all', 'uaf-soft', 'uaf-hard'];
const [BETA_1, BETA_2, EPSILON] = [0.9, 0.999, 1e-8];

/**
 * The same steps in jax-js: gradient and Adam in one compiled function. It computes all positions, as PyTorch does. null for what is
 * not written in it.
 */
export function jaxRunner(jax: Jax, of: Case): Runner | null {
  if (!TASKS.includes(of.task)) return null;
  const { numpy: np, nn, lax } = jax;
  const { configuration, batch, parameters, isTrained } = of;
  const { rows, length } = batch.sequences;
  const shape: [number, number] = [rows, configuration.dilations.length];

  /** A causal convolution as a product for each tap (jax-js's own convolution takes thirty times as long on WASM); then the norm. */
  const half = (x: JaxArray, dilation: number, p: (name: string) => JaxArray, i: 1 | 2): JaxArray => {
    const [, , channels] = x.shape;
    const kernel = p(`conv${i}.kernel`);
    const taps = kernel.shape[0];
    let sum: JaxArray | null = null;
    for (let tap = 0; tap < taps; tap++) {
      const shift = (taps - 1 - tap) * dilation * i;
      const shifted =
        shift === 0
          ? x.ref
          : np
              .pad(x.ref, [
                [0, 0],
                [shift, 0],
                [0, 0],
              ])
              .slice([], [0, length], []);
      const product = np.dot(shifted.reshape([rows * length, channels]), kernel.ref.slice(tap));
      sum = sum === null ? product : sum.add(product);
    }
    x.dispose();
    kernel.dispose();
    const y = (sum as JaxArray).add(p(`conv${i}.bias`));
    const centred = y.ref.sub(y.mean(1, { keepdims: true }));
    const variance = np.square(centred.ref).mean(1, { keepdims: true });
    const normed = centred.div(np.sqrt(variance.add(EPSILON)));
    return nn.relu(normed.mul(p(`norm${i}.gamma`)).add(p(`norm${i}.beta`))).reshape([rows, length, channels]);
  };

  const branch = (x: JaxArray, all: Named, prefix: string, dilation: number): JaxArray => {
    const p = (name: string) => all[`${prefix}.${name}`].ref;
    return half(half(x, dilation, p, 1), dilation, p, 2);
  };

  /** The state at the last position. */
  const trunk = (all: Named, table: string, prefix: string, dilations: readonly number[], gates: JaxArray | null): JaxArray => {
    let x = np.take(all[table].ref, all.items.ref, 0);
    dilations.forEach((dilation, l) => {
      let y = branch(x.ref, all, `${prefix}.${l}`, dilation);
      if (gates !== null) {
        const gate = gates.ref.slice([], l).reshape([rows, 1, 1]);
        const tuned = branch(x.ref, all, `tuned_${prefix}.${l}`, dilation);
        y = y.ref.add(gate.mul(tuned.sub(y)));
      }
      x = x.add(y);
    });
    gates?.dispose();
    return x.slice([], length - 1, []);
  };

  const gatesOf = (all: Named): JaxArray => {
    const state = trunk(all, 'policy.item_embedding', 'policy.blocks', [1, 4], null);
    const logits = np.dot(state, all['policy.output.weight'].ref.transpose()).add(all['policy.output.bias'].ref);
    if (of.task === 'uaf-soft') return nn.sigmoid(logits);
    const pairs = logits.reshape([...shape, 2]);
    const noisy = pairs.ref
      .slice([], [], 1)
      .sub(pairs.slice([], [], 0))
      .add(all.noise.ref);
    const soft = nn.sigmoid(noisy.ref.div(configuration.temperature));
    return noisy.greater(0).astype('float32').add(soft.ref).sub(lax.stopGradient(soft));
  };

  const lossOf = (all: Named): JaxArray => {
    const gates = of.task === 'finetune-all' ? null : gatesOf(all);
    const users = trunk(all, 'item_embedding', 'blocks', configuration.dilations, gates);
    const score = (items: JaxArray) =>
      users.ref
        .mul(np.take(all['target.weight'].ref, items.ref, 0))
        .sum(1)
        .add(np.take(all['target.bias'].ref, items, 0));
    const loss = nn.softplus(score(all.negatives.ref).sub(score(all.positives.ref))).mean();
    users.dispose();
    return loss;
  };

  /** One step of everything; `corrections` are Adam's 1 − βᵗ. */
  const step = jax.jit((trained: Named, first: Named, second: Named, fixed: Named, corrections: JaxArray) => {
    const [loss, gradients] = jax.valueAndGrad((own) => lossOf({ ...own, ...fixed }))(trained);
    const [one, two] = [0, 1].map((i) => corrections.ref.slice(i));
    const after: [Named, Named, Named] = [{}, {}, {}];
    for (const [name, gradient] of Object.entries(gradients)) {
      const m = first[name].mul(BETA_1).add(gradient.ref.mul(1 - BETA_1));
      const v = second[name].mul(BETA_2).add(np.square(gradient).mul(1 - BETA_2));
      const root = np.sqrt(v.ref.div(two.ref)).add(EPSILON);
      const change = m.ref.div(one.ref).div(root).mul(configuration.fineTuning.learningRate);
      after[0][name] = trained[name].sub(change);
      after[1][name] = m;
      after[2][name] = v;
    }
    return [loss, ...after] as const;
  });

  const noise = gumbelDifference(shape, noiseStream().uniform);
  const fixed: Named = {
    items: np.array(batch.sequences.items, { shape: [rows, length] }),
    positives: np.array(batch.positives, { shape: [rows] }),
    negatives: np.array(batch.negatives, { shape: [rows] }),
    noise: np.array(noise.dataSync() as Float32Array, { shape }),
  };
  noise.dispose();
  let [trained, first, second]: [Named, Named, Named] = [{}, {}, {}];
  for (const [name, tensor] of Object.entries(parameters)) {
    const array = np.array(tensor.values, { shape: tensor.shape });
    if (!isTrained(name)) fixed[name] = array;
    else {
      trained[name] = array;
      first[name] = np.zeros(tensor.shape);
      second[name] = np.zeros(tensor.shape);
    }
  }
  const refs = (arrays: Named): Named => Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.ref]));
  let steps = 0;
  return {
    step: async () => {
      steps++;
      const started = performance.now();
      const corrections = np.array(Float32Array.of(1 - BETA_1 ** steps, 1 - BETA_2 ** steps), { shape: [2] });
      const [loss, ...after] = step(trained, first, second, refs(fixed), corrections);
      [trained, first, second] = after;
      const [value] = Array.from(await loss.data());
      await jax.blockUntilReady(after);
      return { loss: value, milliseconds: performance.now() - started };
    },
    dispose: () => {
      for (const arrays of [trained, first, second, fixed]) for (const array of Object.values(arrays)) array.dispose();
      step.dispose();
    },
  };
}
