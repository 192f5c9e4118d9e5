import * as tf from '@tensorflow/tfjs';
import { type Bound, type Gpu, gpuOf } from './gpu.ts';
import { aligned } from './views.ts';

/** Tensors outside the backend, by name. */
export type Stored = Readonly<Record<string, { readonly shape: number[]; readonly values: Float32Array }>>;

/** Tensors that lie one after the other in one buffer, so that they can be bound, copied and stepped as one. */
export class Packed {
  /** All of them: [floats]. */
  readonly whole: tf.Tensor;
  readonly tensors: Readonly<Record<string, tf.Tensor>>;

  private constructor(
    readonly gpu: Gpu,
    readonly starts: ReadonlyMap<string, number>,
    private readonly shapes: ReadonlyMap<string, number[]>,
    readonly floats: number,
  ) {
    this.whole = tf.keep(gpu.output([floats]));
    this.tensors = Object.fromEntries(
      Array.from(starts, ([name, start]) => [name, tf.keep(gpu.view(this.whole, start, shapes.get(name) as number[]))]),
    );
  }

  /** Takes values up, in their order. */
  static upload(backend: tf.KernelBackend, stored: Stored): Packed {
    const starts = new Map<string, number>();
    let floats = 0;
    for (const [name, { values }] of Object.entries(stored)) {
      starts.set(name, floats);
      floats += aligned(values.length);
    }
    const shapes = new Map(Object.entries(stored).map(([name, { shape }]) => [name, shape]));
    const packed = new Packed(gpuOf(backend), starts, shapes, Math.max(1, floats));
    packed.gpu.clear(packed.whole);
    packed.gpu.submit();
    for (const [name, { values }] of Object.entries(stored)) packed.gpu.write(packed.tensors[name], values);
    return packed;
  }

  /** Where the tensors lie that `isMeant`, neighbours as one. */
  ranges(isMeant: (name: string) => boolean): { from: number; floats: number }[] {
    const ranges: { from: number; floats: number }[] = [];
    for (const [name, from] of this.starts) {
      if (!isMeant(name)) continue;
      const floats = aligned(this.tensors[name].size);
      const last = ranges.at(-1);
      if (last !== undefined && last.from + last.floats === from) last.floats += floats;
      else ranges.push({ from, floats });
    }
    return ranges;
  }

  /** As large, without values. */
  alike(): Packed {
    return new Packed(this.gpu, this.starts, this.shapes, this.floats);
  }

  copy(): Packed {
    const copy = this.alike();
    this.gpu.copy(this.whole, copy.whole);
    return copy;
  }

  dispose(): void {
    tf.dispose([...Object.values(this.tensors), this.whole]);
  }
}

/** Where the gradients of trained tensors go, so that one kernel can step all of them. */
export class GradientSlots {
  private readonly gradients: Packed;
  private readonly claimed = new Set<string>();

  constructor(private readonly parameters: Packed) {
    this.gradients = parameters.alike();
    // What lies between the tensors is stepped, too.
    parameters.gpu.clear(this.gradients.whole);
    for (const [name, tensor] of Object.entries(parameters.tensors)) slots.set(tensor.dataId, { slots: this, name });
  }

  get whole(): tf.Tensor {
    return this.gradients.whole;
  }

  /** The slots of some parameters that lie one after the other; null if one of them was given away in this step already. */
  claim(names: readonly string[]): { whole: Bound; parts: tf.Tensor[] } | null {
    if (names.some((name) => this.claimed.has(name))) return null;
    const parts = names.map((name) => this.gradients.tensors[name]);
    const whole = this.parameters.gpu.neighbours(parts);
    if (whole === null) return null;
    for (const name of names) this.claimed.add(name);
    // Clones: whoever gets them may dispose of them.
    return { whole, parts: parts.map((part) => tf.clone(part)) };
  }

  /** Brings gradients to their slots that are not there yet. */
  collect(gradients: Readonly<Record<string, tf.Tensor>>): void {
    for (const [name, gradient] of Object.entries(gradients)) {
      const slot = this.gradients.tensors[name];
      if (gradient.dataId !== slot.dataId) this.parameters.gpu.copy(gradient, slot);
    }
    this.claimed.clear();
  }

  dispose(): void {
    this.gradients.dispose();
  }
}

const slots = new WeakMap<object, { readonly slots: GradientSlots; readonly name: string }>();

/**
 * Room for the gradients of parameters that one kernel writes: their own slots where they are trained together and lie side by side,
 * or a new buffer laid out in the same way.
 */
export function roomForGradients(gpu: Gpu, parameters: readonly tf.Tensor[]): { whole: Bound; parts: tf.Tensor[] } {
  const found = parameters.map(({ dataId }) => slots.get(dataId));
  const [first] = found;
  if (first !== undefined && found.every((slot) => slot?.slots === first.slots)) {
    const claimed = first.slots.claim(found.flatMap((slot) => (slot === undefined ? [] : [slot.name])));
    if (claimed !== null) return claimed;
  }
  const sizes = parameters.map(({ size }) => aligned(size));
  const whole = gpu.output([sizes.reduce((sum, size) => sum + size, 0)]);
  let at = 0;
  const parts = parameters.map(({ shape }, i) => {
    const part = gpu.view(whole, at, shape);
    at += sizes[i];
    return part;
  });
  return { whole: gpu.bound(whole), parts };
}
